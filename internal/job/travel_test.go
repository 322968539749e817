package job_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Two periodic kinds that every test of the package has: a bell tolls each noon,
// a broom sweeps each minute and always fails.
var (
	tolled, swept []string

	_ = job.Define("test.bell", job.Options{Next: job.Daily(12, 0), CatchUp: true},
		func(_ context.Context, u *op.Unit, r *job.Run, _ struct{}) error {
			tolled = append(tolled, u.Now.Format("02 15:04")+" for "+r.Due.Format("02 15:04"))
			return nil
		})
	_ = job.Define("test.broom", job.Options{Next: job.Every(time.Minute), Tries: 1},
		func(_ context.Context, u *op.Unit, _ *job.Run, _ struct{}) error {
			swept = append(swept, u.Now.Format("02 15:04"))
			return errFlaky
		})
)

func periodic(t *testing.T, d *db.DB) *office {
	o := open(t, d)
	o.runDue()
	tolled, swept = nil, nil
	return o
}

func TestDueTimes(t *testing.T) {
	for name, tt := range map[string]struct {
		next func(time.Time) time.Time
		want string
	}{
		"each minute":              {job.Every(time.Minute), "2026-11-20 09:01"},
		"each hour":                {job.Every(time.Hour), "2026-11-20 10:00"},
		"later today":              {job.Daily(23, 30), "2026-11-20 23:30"},
		"today at this very time":  {job.Daily(9, 0), "2026-11-21 09:00"},
		"earlier today":            {job.Daily(3, 0), "2026-11-21 03:00"},
		"later in the month":       {job.Monthly(28, 0, 0), "2026-11-28 00:00"},
		"next month":               {job.Monthly(1, 6, 15), "2026-12-01 06:15"},
		"month and year of others": {func(t time.Time) time.Time { return job.Monthly(1, 0, 0)(t.AddDate(0, 1, 0)) }, "2027-01-01 00:00"},
	} {
		if got := tt.next(start).Format("2006-01-02 15:04"); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestEachDueTimeThatCountsIsRunAfterAStandstill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := periodic(t, d)
		o.later(51 * time.Hour)
		o.runDue()
		if got, want := strings.Join(tolled, ", "), "22 12:00 for 20 12:00, 22 12:00 for 21 12:00, 22 12:00 for 22 12:00"; got != want {
			t.Errorf("the bell tolled %s, want %s", got, want)
		}
		if got, want := strings.Join(swept, ", "), "22 12:00"; got != want {
			t.Errorf("swept %s, want %s", got, want)
		}
		o.later(time.Minute)
		o.runDue() // the broom goes on although it failed
		if got, want := strings.Join(swept, ", "), "22 12:00, 22 12:01"; got != want {
			t.Errorf("swept %s, want %s", got, want)
		}
	})
}

func TestATravellingClockStopsWhereverSomethingIsDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := periodic(t, d)
		enqueue(o, write, "deadline", job.Order{At: start.Add(26 * time.Hour)})
		enqueue(o, write, "reminder", job.Order{At: start.Add(5 * time.Hour)})
		enqueue(o, write, "next year", job.Order{At: start.AddDate(1, 0, 0)})
		flaky := enqueue(o, fail, "2", job.Order{At: start.Add(time.Hour)})
		if _, err := o.Travel(t.Context(), operator(), start.Add(48*time.Hour)); err != nil {
			t.Fatal(err)
		}
		o.wantDiary("20 10:00 for 20 10:00 never kept", "20 14:00 for 20 14:00 reminder", "21 11:00 for 21 11:00 deadline")
		if j := o.show(flaky); !j.Finished.Equal(start.Add(time.Hour + 50*time.Second)) {
			t.Errorf("the retries did not happen at their time: %+v", j)
		}
		if got, want := strings.Join(tolled, ", "), "20 12:00 for 20 12:00, 21 12:00 for 21 12:00"; got != want {
			t.Errorf("the bell tolled %s, want %s", got, want)
		}
		if n := len(swept); n < 1 || n > 10 {
			t.Errorf("swept %d times: a journey need not stop for that", n)
		}
		if got := o.Clock.Now(); !got.Equal(start.Add(48 * time.Hour)) {
			t.Errorf("arrived at %v", got)
		}
		other := open(t, d) // another node follows
		if err := other.Start(t.Context()); err != nil || !other.Clock.Now().Equal(o.Clock.Now()) {
			t.Errorf("another node has %v, %v", other.Clock.Now(), err)
		}
	})
}

func TestAJourneyWaitsForWorkThatIsUnderWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := periodic(t, d)
		enqueue(o, write, "slow", job.Order{})
		enqueue(o, write, "later", job.Order{At: start.Add(time.Hour)})
		late, err := o.Abandon(t.Context()) // somebody else runs it
		if err != nil {
			t.Fatal(err)
		}
		arrived := make(chan error)
		go func() {
			_, err := o.Travel(t.Context(), operator(), start.Add(2*time.Hour))
			arrived <- err
		}()
		late()
		if err := <-arrived; err != nil {
			t.Fatal(err)
		}
		o.wantDiary("20 09:00 for 20 09:00 slow", "20 10:00 for 20 10:00 later")
	})
}

func TestWhoMayTravelAndWhereTo(t *testing.T) {
	o := periodic(t, dbtest.SQLite(t))
	if _, err := o.Travel(t.Context(), operator(), start.Add(-time.Second)); !errors.Is(err, op.ErrClockBackwards) {
		t.Errorf("into the past: %v", err)
	}
	if _, err := o.Travel(t.Context(), agent(), start.Add(time.Hour)); !errors.Is(err, refusal.RF10) {
		t.Errorf("somebody without the role: %v", err)
	}
	o.Sandbox = false
	if _, err := o.Travel(t.Context(), operator(), start.Add(time.Hour)); !errors.Is(err, refusal.SandboxOnly) {
		t.Errorf("outside a sandbox: %v", err)
	}
	if got := o.Clock.Now(); !got.Equal(start) {
		t.Errorf("the clock moved to %v", got)
	}
}
