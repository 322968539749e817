package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// serve lets workers run in the background until the returned function is called.
func (o *office) serve(w *job.Workers) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := w.Run(ctx); err != nil {
			o.t.Error(err)
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

func TestWorkersAreWokenByTheCommitThatLeftAJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		reached := make(chan string, 100)
		atStep = func(_ context.Context, l *job.Long, done int) error {
			reached <- l.ID
			return nil
		}
		defer func() { atStep = nil }()
		stop := o.serve(o.Workers)
		defer stop()
		ids := make(map[string]bool)
		for range 25 {
			ids[enqueue(o, walk, "1", job.Order{})] = true
		}
		for len(ids) > 0 {
			id := <-reached
			if !ids[id] {
				t.Fatalf("job %s ran twice", id)
			}
			delete(ids, id)
		}
	})
}

func TestALongJobIsPutBackWhenTheProgramEndsAndGoesOnInTheNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		second := make(chan struct{})
		atStep = func(ctx context.Context, _ *job.Long, done int) error {
			if done == 2 {
				close(second)
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}
		defer func() { atStep = nil }()
		stop := o.serve(o.Workers)
		id := enqueue(o, walk, "3", job.Order{})
		<-second
		stop()
		if j := o.show(id); j.State != job.Queued || j.Tries != 0 || j.Error != "" {
			t.Fatalf("put back as %+v", j)
		}
		o.runDue()
		o.wantDiary("20 09:00 for 20 09:00 step 1", "20 09:00 for 20 09:00 step 2", "20 09:00 for 20 09:00 step 3")
	})
}

func TestACancelledJobStops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		cancel := func(id string) {
			if _, err := job.Cancel.Do(t.Context(), o.Kernel, agent(), id); err != nil {
				t.Fatal(err)
			}
		}
		waiting := enqueue(o, write, "never", job.Order{At: start.Add(time.Hour), Dedup: "x"})
		cancel(waiting)
		if j := o.show(waiting); j.State != job.Cancelled || j.Finished.IsZero() {
			t.Errorf("while it waited: %+v", j)
		}

		held := enqueue(o, write, "never either", job.Order{})
		late, err := o.Abandon(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cancel(held)
		late()
		if j := o.show(held); j.State != job.Cancelled {
			t.Errorf("before its work: %+v", j)
		}

		// Its own process is told at once, another node hears with the next step.
		for _, w := range []*job.Workers{o.Workers, job.NewWorkers(open(t, d).Kernel, 1)} {
			atStep = func(ctx context.Context, l *job.Long, done int) error {
				if done == 2 {
					cancel(l.ID)
				}
				if w == o.Workers && done == 2 {
					<-ctx.Done()
				}
				return nil
			}
			id := enqueue(o, walk, "5", job.Order{})
			if _, err := w.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			if j := o.show(id); j.State != job.Cancelled || j.Done != 2 || !j.Cancelled {
				t.Errorf("while it ran: %+v", j)
			}
		}
		atStep = nil
		if n := len(o.diary()); n != 4 {
			t.Errorf("%d lines were written", n)
		}
		o.later(2 * time.Hour)
		o.runDue()
		if n := len(o.diary()); n != 4 {
			t.Error("a cancelled job ran")
		}
	})
}

func TestEverybodySeesTheOwnJobsAndTheOperatorAll(t *testing.T) { // portal P-23, V-14
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		var ids []string
		for i := range 5 {
			ids = append(ids, enqueue(o, write, strconv.Itoa(i), job.Order{}))
			o.later(time.Second)
		}
		bob := agent()
		bob.User = "bob"
		page := func(a op.Actor, p job.Page) []string {
			jobs, err := job.List.Do(t.Context(), o.Kernel, a, p)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, j := range jobs {
				got = append(got, j.ID)
			}
			return got
		}
		if got := page(agent(), job.Page{Limit: 3}); len(got) != 3 || got[0] != ids[4] || got[2] != ids[2] {
			t.Errorf("first page %v of %v", got, ids)
		}
		if got := page(agent(), job.Page{Before: ids[2]}); len(got) != 2 || got[0] != ids[1] {
			t.Errorf("second page %v of %v", got, ids)
		}
		if got := page(bob, job.Page{}); len(got) != 0 {
			t.Errorf("somebody else sees %v", got)
		}
		for name, err := range map[string]error{
			"show":   second(job.Show.Do(t.Context(), o.Kernel, bob, ids[0])),
			"cancel": second(job.Cancel.Do(t.Context(), o.Kernel, bob, ids[0])),
			"none":   second(job.Show.Do(t.Context(), o.Kernel, agent(), "none")),
		} {
			if !errors.Is(err, refusal.NotFound) {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
		if _, err := job.Stop.Do(t.Context(), o.Kernel, operator(), ids[4]); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Abandon(t.Context()); err != nil {
			t.Fatal(err)
		}
		for state, want := range map[job.State]int{job.Queued: 3, job.Running: 1, job.Cancelled: 1, job.Failed: 0} {
			jobs, err := job.Inspect.Do(t.Context(), o.Kernel, operator(), job.Inspection{State: state})
			if err != nil || len(jobs) != want {
				t.Errorf("%d jobs are %s, want %d: %v", len(jobs), state, want, err)
			}
		}
		if err := second(job.Inspect.Do(t.Context(), o.Kernel, agent(), job.Inspection{})); !errors.Is(err, refusal.RF10) {
			t.Errorf("a partner's agent inspects: %v", err)
		}
		app := op.Actor{Kind: policy.Partner, Tenant: partner, Org: policy.DirectBill, App: "a"}
		if err := second(job.List.Do(t.Context(), o.Kernel, app, job.Page{})); !errors.Is(err, refusal.AppOnly) {
			t.Errorf("an application without a person lists: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

var (
	addReplay    = db.SQL(`INSERT INTO replays (key, result, at) VALUES ($1, $2, $3)`)
	addUnknown   = db.SQL(`UPDATE jobs SET kind = 'from.tomorrow' WHERE id = $1`)
	countReplays = db.Scan(`SELECT count(*) FROM replays`, "test")
	countJobs    = db.Scan(`SELECT count(*) FROM jobs WHERE kind = 'test.write'`, "test")
)

func TestHousekeepingDeletesWhatNobodyAsksForAnyMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.runDue()
		addReplays := func(n int, age time.Duration) {
			err := o.DB.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				for i := range n {
					key := []byte(fmt.Sprint(age, i))
					if _, err := tx.Exec(ctx, addReplay, key, []byte("x"), db.Micros(o.Clock.Now().Add(-age))); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		left := func() (replays, jobs int) {
			err := o.DB.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return errors.Join(tx.QueryRow(ctx, countReplays, nil, &replays), tx.QueryRow(ctx, countJobs, nil, &jobs))
			})
			if err != nil {
				t.Fatal(err)
			}
			return replays, jobs
		}
		addReplays(1200, 24*time.Hour)
		addReplays(2, 22*time.Hour)
		enqueue(o, write, "ends now", job.Order{})
		enqueue(o, write, "ends tomorrow", job.Order{At: start.AddDate(0, 0, 1)})
		enqueue(o, write, "waits", job.Order{At: start.AddDate(1, 0, 0)})

		o.later(time.Hour)
		o.runDue()
		if replays, jobs := left(); replays != 2 || jobs != 3 {
			t.Errorf("%d first results and %d jobs are left, want 2 and 3", replays, jobs)
		}
		o.later(24 * time.Hour)
		o.runDue()
		o.later(29*24*time.Hour + time.Hour)
		o.runDue()
		if replays, jobs := left(); replays != 0 || jobs != 2 {
			t.Errorf("after a month %d first results and %d jobs are left, want 0 and 2", replays, jobs)
		}
	})
}

func TestAJobOfANewerProgramWaitsForIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id := enqueue(o, write, "", job.Order{})
		err := o.DB.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, addUnknown, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			o.runDue()
			o.later(time.Minute)
		}
		if j := o.show(id); j.State != job.Queued || j.Tries != 0 {
			t.Errorf("got %+v", j)
		}
	})
}

// Jobs that are left behind one by one and run by as many workers as a server has.
func BenchmarkJob(b *testing.B) {
	d, err := db.Open(b.Context(), b.TempDir()+"/bench.db", db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	k := op.New(d, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(b.Context())
	var done sync.WaitGroup
	ran = func() { done.Done() }
	defer func() { ran = nil }()
	done.Add(b.N)
	var running sync.WaitGroup
	running.Go(func() {
		if err := job.NewWorkers(k, 4).Run(ctx); err != nil {
			b.Error(err)
		}
	})
	b.SetParallelism(10)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			_, err := place.Do(b.Context(), k, agent(), order{do: func(ctx context.Context, u *op.Unit) (string, error) {
				return nothing.Enqueue(ctx, u, note{}, job.Order{})
			}})
			if err != nil {
				b.Error(err)
			}
		}
	})
	done.Wait()
	cancel()
	running.Wait()
}

var (
	nothing = job.DefineLong("test.nothing", job.Options{}, func(context.Context, *job.Long, note) error {
		if ran != nil {
			ran()
		}
		return nil
	})
	ran func()
)
