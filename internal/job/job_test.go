package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

const (
	partner = id.Tenant("0b5e2f6e-0001-7000-8000-000000000001")
	ada     = id.User("0b5e2f6e-0002-7000-8000-000000000002")
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// An office has a kernel whose clocks stand until the test moves them, and a
// diary in which the handlers of the test write what they did, and when.
type office struct {
	*op.Kernel
	*job.Workers
	t *testing.T
}

func open(t *testing.T, d *db.DB) *office {
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Sandbox = clock.Fixed(start), clock.Fixed(start), true
	return &office{k, job.NewWorkers(k, 4), t}
}

// later moves both clocks.
func (o *office) later(d time.Duration) {
	o.Clock.Advance(d)
	o.Wall.Advance(d)
}

func (o *office) runDue() int {
	o.t.Helper()
	n, err := o.RunDue(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// order is what a test asks for in one unit of work.
type order struct {
	do  func(ctx context.Context, u *op.Unit) (string, error)
	err error
}

var place = op.Define(op.Spec{Name: "test.place", Action: "job.view", Write: true},
	func(ctx context.Context, u *op.Unit, in order) (string, error) {
		job, err := in.do(ctx, u)
		if err != nil {
			return "", err
		}
		return job, in.err
	})

func agent() op.Actor {
	return op.Actor{Kind: policy.Partner, Tenant: partner, Org: policy.DirectBill, User: ada, UserName: "ada@nord.example"}
}

func operator() op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "op", User: "o", Roles: policy.OperatorAdmin}
}

// note is the input of the kinds below.
type note struct{ Text string }

func enqueue(o *office, k *job.Kind[note], text string, how job.Order) string {
	o.t.Helper()
	job, err := place.Do(o.t.Context(), o.Kernel, agent(), order{do: func(ctx context.Context, u *op.Unit) (string, error) {
		return k.Enqueue(ctx, u, note{text}, how)
	}})
	if err != nil {
		o.t.Fatal(err)
	}
	return job
}

var (
	errFlaky = errors.New("the other side does not answer")

	insertLine = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`)
	readLines  = db.Scan(`SELECT name, value FROM settings`, "test")

	// write notes its text in the diary.
	write = job.Define("test.write", job.Options{}, func(ctx context.Context, u *op.Unit, r *job.Run, in note) error {
		return enter(ctx, u, r, in.Text)
	})
	// fail fails as often as its text says, then notes.
	fail = job.Define("test.fail", job.Options{Tries: 4}, func(ctx context.Context, u *op.Unit, r *job.Run, in note) error {
		if err := enter(ctx, u, r, "never kept"); err != nil {
			return err
		}
		switch in.Text {
		case "refused":
			return refusal.RF10
		case "panic":
			panic("boom")
		}
		if n, _ := strconv.Atoi(in.Text); r.Try <= n {
			return errFlaky
		}
		return nil
	})
	// walk writes a line in each of as many steps as its text says.
	walk = job.DefineLong("test.walk", job.Options{}, func(ctx context.Context, l *job.Long, in note) error {
		var done int
		if _, err := l.Resume(&done); err != nil {
			return err
		}
		n, _ := strconv.Atoi(in.Text)
		l.Total = int64(n)
		for ; done < n; l.Result = "walked" {
			done++
			l.Done = int64(done)
			err := l.Step(ctx, done, func(ctx context.Context, u *op.Unit) error {
				return enter(ctx, u, l.Run, "step "+strconv.Itoa(done))
			})
			if err != nil {
				return err
			}
			if atStep != nil {
				if err := atStep(ctx, l, done); err != nil {
					return err
				}
			}
		}
		return nil
	})
	// atStep is called after each step of walk.
	atStep func(ctx context.Context, l *job.Long, done int) error
)

// enter writes a line into the diary: when it was written, for when, and what.
func enter(ctx context.Context, u *op.Unit, r *job.Run, text string) error {
	if err := u.Count(ctx, "diary", "lines", 1); err != nil {
		return err
	}
	n, err := u.Counted(ctx, "diary", "lines")
	if err != nil {
		return err
	}
	line := u.Now.Format("02 15:04") + " for " + r.Due.Format("02 15:04") + " " + text
	_, err = u.Exec(ctx, insertLine, fmt.Sprintf("diary:%09d", n), line, db.Micros(u.Now))
	return err
}

func (o *office) diary() []string {
	o.t.Helper()
	byName := make(map[string]string)
	var names []string
	err := o.DB.Read(o.t.Context(), func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, readLines)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, line string
			if err := rows.Scan(&name, &line); err != nil {
				return err
			}
			if strings.HasPrefix(name, "diary:") {
				byName[name] = line
				names = append(names, name)
			}
		}
		return rows.Err()
	})
	if err != nil {
		o.t.Fatal(err)
	}
	slices.Sort(names)
	lines := make([]string, len(names))
	for i, n := range names {
		lines[i] = byName[n]
	}
	return lines
}

func (o *office) wantDiary(want ...string) {
	o.t.Helper()
	if got := o.diary(); !slices.Equal(got, want) {
		o.t.Errorf("diary\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func (o *office) show(id string) job.Job {
	o.t.Helper()
	j, err := job.Show.Do(o.t.Context(), o.Kernel, agent(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return j
}

func TestAJobExistsExactlyWhenItsUnitWasCommitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		_, err := place.Do(t.Context(), o.Kernel, agent(), order{err: errFlaky, do: func(ctx context.Context, u *op.Unit) (string, error) {
			return write.Enqueue(ctx, u, note{"of a failed unit"}, job.Order{})
		}})
		if !errors.Is(err, errFlaky) {
			t.Fatal(err)
		}
		id := enqueue(o, write, "hello", job.Order{})
		if n := o.runDue(); n != 1 {
			t.Errorf("%d jobs ran", n)
		}
		o.wantDiary("20 09:00 for 20 09:00 hello")
		if j := o.show(id); j.State != job.Succeeded || j.Tenant != partner || j.User != ada || !j.Finished.Equal(start) || j.Tries != 1 {
			t.Errorf("the job shows %+v", j)
		}
	})
}

func TestANamedJobIsAddedOnceUntilItHasEnded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		first := enqueue(o, write, "a", job.Order{Dedup: "name"})
		if again := enqueue(o, write, "b", job.Order{Dedup: "name"}); again != first {
			t.Errorf("a second job %s was added", again)
		}
		if other := enqueue(o, fail, "0", job.Order{Dedup: "name"}); other == first {
			t.Error("another kind shares the name")
		}
		o.runDue()
		if after := enqueue(o, write, "c", job.Order{Dedup: "name"}); after == first {
			t.Error("the name was not free after the job had ended")
		}
		o.runDue()
		if got := o.diary(); len(got) != 3 {
			t.Errorf("diary %q", got)
		}
	})
}

func TestJobsRunInTheOrderOfTheirTimeAndNotBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for _, hours := range []int{3, 1, 2, 30} {
			enqueue(o, write, "", job.Order{At: start.Add(time.Duration(hours) * time.Hour)})
		}
		if n := o.runDue(); n != 0 {
			t.Errorf("%d jobs ran before their time", n)
		}
		o.later(3 * time.Hour)
		o.runDue()
		o.wantDiary("20 12:00 for 20 10:00 ", "20 12:00 for 20 11:00 ", "20 12:00 for 20 12:00 ")
	})
}

func TestAKilledWorkersJobIsDoneOnceByAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		enqueue(o, write, "once", job.Order{})
		late, err := o.Abandon(t.Context())
		if err != nil || late == nil {
			t.Fatal("nothing was taken", err)
		}
		if n := o.runDue(); n != 0 {
			t.Error("a job that is held was taken")
		}
		o.later(job.LeaseTime)
		o.runDue()
		late() // the dead one was only slow
		o.wantDiary("20 09:01 for 20 09:00 once")
	})
}

func TestASlowWorkerCannotEndWhatAnotherOneHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id := enqueue(o, walk, "3", job.Order{})
		first, err := o.Abandon(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o.later(job.LeaseTime)
		second, err := o.Abandon(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		first()
		if j := o.show(id); j.State != job.Running || len(o.diary()) != 0 {
			t.Errorf("the slow worker did something: %+v, %q", j, o.diary())
		}
		second()
		if j := o.show(id); j.State != job.Succeeded || j.Result != "walked" || j.Done != 3 || j.Total != 3 || len(o.diary()) != 3 {
			t.Errorf("the holder did not: %+v, %q", j, o.diary())
		}
	})
}

func TestALongJobResumesWhereItsLastStepEnded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		crash := true
		atStep = func(ctx context.Context, l *job.Long, done int) error {
			if done == 2 && crash {
				crash = false
				panic("killed")
			}
			return nil
		}
		defer func() { atStep = nil }()
		id := enqueue(o, walk, "4", job.Order{})
		o.runDue()
		if j := o.show(id); j.State != job.Queued || j.Done != 2 || !strings.Contains(j.Error, "killed") {
			t.Errorf("after the crash %+v", j)
		}
		o.later(10 * time.Second)
		o.runDue()
		o.wantDiary("20 09:00 for 20 09:00 step 1", "20 09:00 for 20 09:00 step 2",
			"20 09:00 for 20 09:00 step 3", "20 09:00 for 20 09:00 step 4")
	})
}

func TestAFailedTryIsRepeatedWithGrowingDelay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id := enqueue(o, fail, "2", job.Order{})
		o.runDue()
		if j := o.show(id); j.State != job.Queued || !j.Next.Equal(start.Add(10*time.Second)) || j.Error != errFlaky.Error() {
			t.Fatalf("after the first try %+v", j)
		}
		o.later(10 * time.Second)
		o.runDue()
		if j := o.show(id); !j.Next.Equal(start.Add(50*time.Second)) || !j.Due.Equal(start) {
			t.Fatalf("after the second try %+v", j)
		}
		o.later(40 * time.Second)
		o.runDue()
		if j := o.show(id); j.State != job.Succeeded || j.Tries != 3 || j.Error != "" {
			t.Fatalf("after the third try %+v", j)
		}
		o.wantDiary("20 09:00 for 20 09:00 never kept") // only the try that succeeded left anything
	})
}

func TestAJobFailsWhenItsTriesAreUsedUpOrNothingWillChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		flaky, refused, panics := enqueue(o, fail, "9", job.Order{}), enqueue(o, fail, "refused", job.Order{}), enqueue(o, fail, "panic", job.Order{})
		for range 10 {
			o.runDue()
			o.later(time.Hour)
		}
		for name, want := range map[string]int{flaky: 4, refused: 1, panics: 4} {
			if j := o.show(name); j.State != job.Failed || j.Tries != want || j.Error == "" {
				t.Errorf("want failed after %d tries, got %+v", want, j)
			}
		}
		if _, err := job.Retry.Do(t.Context(), o.Kernel, operator(), flaky); err != nil {
			t.Fatal(err)
		}
		if j := o.show(flaky); j.State != job.Queued || j.Tries != 0 {
			t.Errorf("retried by the operator: %+v", j)
		}
	})
}

func TestAJobThatKillsItsWorkersIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		id := enqueue(o, fail, "0", job.Order{})
		for range 4 {
			if late, err := o.Abandon(t.Context()); late == nil {
				t.Fatal("not taken", err)
			}
			o.later(job.LeaseTime)
		}
		o.runDue()
		if j := o.show(id); j.State != job.Failed || !strings.Contains(j.Error, "4 times") {
			t.Errorf("got %+v", j)
		}
	})
}

func TestManyWorkersShareTheWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		const jobs = 60
		for i := range jobs {
			enqueue(o, write, strconv.Itoa(i), job.Order{})
		}
		var nodes sync.WaitGroup
		for range 3 {
			nodes.Go(func() {
				if _, err := job.NewWorkers(o.Kernel, 1).RunDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		lines := o.diary()
		slices.Sort(lines)
		if n := len(slices.Compact(lines)); n != jobs || len(lines) != jobs {
			t.Errorf("%d lines, %d different, for %d jobs", len(lines), n, jobs)
		}
	})
}
