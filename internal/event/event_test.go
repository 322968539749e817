package event_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/event"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

const (
	partner  = id.Tenant("0b5e2f6e-0001-7000-8000-000000000001")
	customer = id.Tenant("0b5e2f6e-0001-7000-8000-000000000009")
)

// A desk is an installation in which the test emits events, and what its reactor
// wrote about them.
type desk struct {
	*op.Kernel
	*job.Workers
	t *testing.T
}

func open(t *testing.T, d *db.DB) *desk {
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Sandbox = clock.Fixed(start), clock.Fixed(start), true
	return &desk{k, job.NewWorkers(k, 2), t}
}

var (
	keepNote  = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`)
	readNotes = db.Scan(`SELECT value FROM settings WHERE name LIKE 'noted:%' ORDER BY name`, "test")

	// trouble is what the reactor of the test meets.
	trouble func(events []event.Event) error
	_       = event.React(func(ctx context.Context, u *op.Unit, events []event.Event) error {
		for _, e := range events {
			var said struct{ Word string }
			if err := e.Read(&said); err != nil {
				return err
			}
			line := fmt.Sprintf("%s %s about %s by %s", e.Name, said.Word, e.CustomerName, e.UserName)
			if _, err := u.Exec(ctx, keepNote, "noted:"+e.ID, line, 0); err != nil {
				return err // handled before
			}
		}
		if trouble != nil {
			return trouble(events)
		}
		return nil
	})

	emit = op.Define(op.Spec{Name: "test.emit", Action: "job.view", Write: true},
		func(ctx context.Context, u *op.Unit, words []string) (struct{}, error) {
			for _, word := range words {
				err := u.Record(ctx, op.Record{Operation: "test", Resource: "customer", Customer: customer, CustomerName: "Östra Bageriet AB"})
				if err != nil {
					return struct{}{}, err
				}
				err = u.Emit(ctx, op.Event{Name: "test-happened", Customer: customer, Payload: map[string]string{"Word": word}})
				if err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		})
)

func (d *desk) emit(words ...string) {
	d.t.Helper()
	d.Clock.Advance(time.Millisecond) // ids of one millisecond are in no order
	agent := op.Actor{Kind: policy.Partner, Tenant: partner, Org: policy.DirectBill, User: "u", UserName: "ada@nord.example"}
	if _, err := emit.Do(d.t.Context(), d.Kernel, agent, words); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) runDue() {
	d.t.Helper()
	if _, err := d.RunDue(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) later(by time.Duration) {
	d.Clock.Advance(by)
	d.Wall.Advance(by)
}

func (d *desk) noted() (lines []string) {
	d.t.Helper()
	err := d.DB.Read(d.t.Context(), func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, readNotes)
		if err != nil {
			return err
		}
		defer rows.Close()
		lines = nil
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			lines = append(lines, line)
		}
		return rows.Err()
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return lines
}

func (d *desk) wantNoted(words ...string) {
	d.t.Helper()
	want := make([]string, 0, len(words))
	for _, word := range words {
		want = append(want, "test-happened "+word+" about Östra Bageriet AB by ada@nord.example")
	}
	if got := d.noted(); !slices.Equal(got, want) {
		d.t.Errorf("noted %q, want %q", got, want)
	}
}

func TestAnEventIsHandledOnceWithWhatTheLogKnowsAboutIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := open(t, d)
		desk.emit("first", "second")
		desk.runDue()
		desk.wantNoted("first", "second")
		desk.emit("third") // the same minute: its commit pulls the job
		desk.runDue()
		desk.runDue()
		desk.wantNoted("first", "second", "third")
	})
}

func TestManyEventsAreHandledInTheirOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := open(t, d)
		var words []string
		for i := range 450 {
			words = append(words, fmt.Sprint("w", i))
		}
		var sizes []int
		trouble = func(events []event.Event) error {
			sizes = append(sizes, len(events))
			return nil
		}
		defer func() { trouble = nil }()
		desk.emit(words...)
		desk.runDue()
		desk.wantNoted(words...)
		if !slices.Equal(sizes, []int{200, 200, 50}) {
			t.Errorf("handled in transactions of %v", sizes)
		}
	})
}

func TestWhatAnotherProcessLeftIsHandledWithinAMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server, console := open(t, d), open(t, d)
		server.runDue()
		console.emit("typed") // a command: it has no workers, and nobody hears of it
		server.later(time.Minute)
		server.runDue()
		server.wantNoted("typed")
	})
}

// Writers and a worker that runs all the time: no commit slips through between
// the last look and the end of the job.
func TestNoEventIsLostWhileWorkersRun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := open(t, d)
		ended := make(chan struct{}, 1000)
		desk.Observe(func(o op.Observation) {
			if o.Action == "job:event.dispatch" {
				ended <- struct{}{}
			}
		})
		ctx, stop := context.WithCancel(t.Context())
		var working, writing sync.WaitGroup
		working.Go(func() {
			if err := desk.Run(ctx); err != nil {
				t.Error(err)
			}
		})
		const writers, each = 4, 25
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					desk.emit(fmt.Sprint("w", w, ".", i))
				}
			})
		}
		writing.Wait()
		for len(desk.noted()) < writers*each && !t.Failed() {
			select {
			case <-ended:
			case <-time.After(20 * time.Second):
				t.Error("some events are handled by nobody")
			}
		}
		stop()
		working.Wait()
		if got := len(desk.noted()); got != writers*each {
			t.Errorf("%d of %d events were handled", got, writers*each)
		}
	})
}

var errCrash = errors.New("the program ends here")

func TestACrashInTheMiddleUndoesAndRepeatsTheWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := open(t, d)
		crashes := 2
		trouble = func([]event.Event) error {
			if crashes--; crashes >= 0 {
				panic(errCrash)
			}
			return nil
		}
		defer func() { trouble = nil }()
		desk.emit("one", "two")
		desk.runDue()
		desk.wantNoted()
		desk.later(time.Second)
		desk.runDue()
		desk.wantNoted()
		desk.later(4 * time.Second)
		desk.runDue()
		desk.wantNoted("one", "two")
	})
}

func TestAnEventThatCannotBeHandledIsSetAsideAndTakenUpAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		desk := open(t, d)
		trouble = func(events []event.Event) error {
			for _, e := range events {
				var said struct{ Word string }
				if err := e.Read(&said); err != nil || said.Word == "bad" {
					return errors.Join(err, errCrash)
				}
			}
			return nil
		}
		defer func() { trouble = nil }()
		desk.emit("good", "bad", "better")
		for range 30 {
			desk.runDue()
			desk.later(time.Minute)
		}
		desk.wantNoted("good", "better")
		support := op.Actor{Kind: policy.Operator, Tenant: "op", User: "o", Roles: policy.OperatorSupport}
		if n, err := event.Aside.Do(t.Context(), desk.Kernel, support, struct{}{}); n != 1 || err != nil {
			t.Errorf("set aside: %d, %v", n, err)
		}
		trouble = nil
		if n, err := event.Retry.Do(t.Context(), desk.Kernel, support, struct{}{}); n != 1 || err != nil {
			t.Errorf("taken up: %d, %v", n, err)
		}
		desk.runDue()
		desk.wantNoted("good", "bad", "better")
	})
}
