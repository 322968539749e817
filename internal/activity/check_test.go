package activity_test

import (
	"errors"
	"testing"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// The operator has the chain verified by a job and sees when that was and what it
// found (V-13, rule K2).
func TestTheChainIsVerifiedByAJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		olivia := operator()
		olivia.UserName = "olivia@drift.example"
		chain := func() activity.Chain {
			t.Helper()
			c, err := activity.GetChain.Do(t.Context(), k, olivia, struct{}{})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		order := func(a op.Actor) error {
			_, err := activity.OrderCheck.Do(t.Context(), k, a, struct{}{})
			return err
		}
		work := func() {
			t.Helper()
			if _, err := job.NewWorkers(k, 1).RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if c := chain(); c.Last != nil || c.Running() {
			t.Errorf("before anything was verified: %+v", c)
		}
		write(t, k, agent(nord), many(20)...)
		for range 2 { // a second order is the same one
			if err := order(olivia); err != nil {
				t.Fatal(err)
			}
		}
		if c := chain(); !c.Running() || c.Last != nil {
			t.Errorf("while it is ordered: %+v", c)
		}
		k.Clock.Advance(time.Hour)
		work()
		whole := chain()
		if whole.Running() || whole.Under != job.Succeeded || whole.Last == nil || whole.Last.Broken != nil || whole.Last.Records != 22 ||
			whole.Last.By != "olivia@drift.example" || !whole.Last.At.Equal(start.Add(time.Hour)) {
			t.Fatalf("%+v, %+v", whole, whole.Last)
		}

		tamper(t, d, changeRecord, "customer7")
		if err := order(olivia); err != nil {
			t.Fatal(err)
		}
		work()
		if c := chain(); c.Last.Broken == nil || c.Last.Broken.Fault != activity.RecordChanged {
			t.Errorf("after a record was changed: %+v", c.Last)
		}

		reviewer := operator()
		reviewer.Roles = policy.OperatorReviewer
		for _, a := range []op.Actor{reviewer, agent(nord)} {
			if err := order(a); !errors.Is(err, refusal.RF10) {
				t.Errorf("ordered by %+v: %v", a, err)
			}
			if _, err := activity.GetChain.Do(t.Context(), k, a, struct{}{}); !errors.Is(err, refusal.RF10) {
				t.Errorf("seen by %+v: %v", a, err)
			}
		}
	})
}

// Who makes the whole chain anew is found out by the head that the last check saw.
func TestAChainMadeAnewIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		write(t, k, agent(nord), many(20)...)
		if r := verify(t, k); r.Broken != nil {
			t.Fatalf("%+v", r)
		}
		tamper(t, d, changeRecord, "customer7")
		tamper(t, d, removeSeal, 1)
		tamper(t, d, db.Scan(`DELETE FROM settings WHERE name = 'activity.head'`, "test"))
		if _, err := activity.OrderCheck.Do(t.Context(), k, operator(), struct{}{}); err != nil {
			t.Fatal(err)
		}
		k.Clock.Advance(time.Hour)
		if _, err := job.NewWorkers(k, 1).RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		c, err := activity.GetChain.Do(t.Context(), k, operator(), struct{}{})
		if err != nil || c.Last.Broken == nil || c.Last.Broken.Fault != activity.SealChanged || c.Last.Broken.Seal != 1 {
			t.Errorf("%+v, %v", c.Last, err)
		}
	})
}
