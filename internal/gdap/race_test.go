package gdap_test

import (
	"sync"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// atOnce runs all at the same time and returns their errors. Whoever comes too late
// is refused: another error fails the test.
func (w *world) atOnce(all ...func() error) []error {
	w.t.Helper()
	errs := make([]error, len(all))
	var ready, done sync.WaitGroup
	ready.Add(len(all))
	for i, f := range all {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			errs[i] = f()
		})
	}
	done.Wait()
	for _, err := range errs {
		if err != nil && fault.KindOf(err) == fault.Internal {
			w.t.Fatalf("not refused, but failed: %v", err)
		}
	}
	return errs
}

// doing is an operation for atOnce.
func doing[I, O any](w *world, o *op.Operation[I, O], a op.Actor, in I) func() error {
	return func() error {
		_, err := o.Do(w.t.Context(), w.k, a, in)
		return err
	}
}

// rivals is how often each of these stories is told; who wins is left to chance.
const rivals = 8

// A customer approves while the partner withdraws: whoever was first, access has ended
// afterwards, and the log tells of an approval exactly when there was one (F3, F10).
func TestAnApprovalMeetsAWithdrawal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		approvals := 0
		for range rivals {
			r := w.asked(w.wish())
			errs := w.atOnce(
				doing(w, gdap.OwnApprove, admin(w.bakery), gdap.Decision{Relationship: r.ID}),
				doing(w, gdap.End, agent(w.direct), gdap.Ref{Relationship: r.ID}),
			)
			if errs[0] == nil {
				approvals++
			}
			now := do(w, gdap.Get, agent(w.direct), r.ID)
			switch {
			case errs[1] == nil && now.Status != gdap.Terminated, errs[1] != nil && now.Status != gdap.Active:
				t.Errorf("approved: %v, withdrawn: %v, and it is %s", errs[0], errs[1], now.Status)
			case (errs[0] == nil) == now.ActivatedAt.IsZero():
				t.Errorf("approved: %v, active since %v", errs[0], now.ActivatedAt)
			}
		}
		told := 0
		for _, line := range w.lines(logOf, w.direct.Tenant) {
			if line == "granular_admin_relationship_approved" {
				told++
			}
		}
		if told != approvals {
			t.Errorf("%d approvals, and the log tells of %d", approvals, told)
		}
	})
}

// A draft is sent for approval while it is deleted: it is one or the other (F3).
func TestADraftIsSentAndDeletedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range rivals {
			r := do(w, gdap.Create, agent(w.direct), w.wish())
			errs := w.atOnce(
				doing(w, gdap.LockForApproval, agent(w.direct), gdap.Ref{Relationship: r.ID}),
				doing(w, gdap.Delete, agent(w.direct), gdap.Ref{Relationship: r.ID}),
			)
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Errorf("sent: %v, deleted: %v", errs[0], errs[1])
			}
			if left := len(w.lines(leftOf, r.ID)); errs[1] == nil && left != 0 || errs[0] == nil && left != 2 {
				t.Errorf("sent: %v, deleted: %v, and %d rows are left", errs[0], errs[1], left)
			}
		}
	})
}

// Two customers approve what is bound to nobody, or one does twice: one approval
// counts, and the relationship binds who gave it (F2, F6, RF-23).
func TestTwoApprovalsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		cafe := w.add("Café Ett AB", "cafeett")
		for range rivals {
			open := w.wish()
			open.Customer, open.CustomerName = "", ""
			for _, tt := range []struct {
				in     gdap.New
				second id.Tenant
			}{{open, cafe}, {w.wish(), w.bakery}} {
				r := w.asked(tt.in)
				errs := w.atOnce(
					doing(w, gdap.OwnApprove, admin(w.bakery), gdap.Decision{Relationship: r.ID}),
					doing(w, gdap.OwnApprove, admin(tt.second), gdap.Decision{Relationship: r.ID}),
				)
				if (errs[0] == nil) == (errs[1] == nil) {
					t.Fatalf("%v and %v", errs[0], errs[1])
				}
				bound := w.bakery
				if errs[0] != nil {
					bound = tt.second
				}
				if now := do(w, gdap.Get, agent(w.direct), r.ID); now.Customer != bound || now.Status != gdap.Active {
					t.Errorf("it binds %s and is %s", now.Customer, now.Status)
				}
			}
		}
	})
}

// A partner extends at the moment of the end: either it goes on for 180 days, or it has
// ended and the partner is told that it is too late (F7).
func TestAnExtensionMeetsTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range rivals / 2 {
			r := w.approved(w.wish())
			w.travel(r.EndsAt.Add(-time.Minute))
			w.k.Clock.Set(r.EndsAt)
			errs := w.atOnce(
				doing(w, gdap.SetAutoExtend, agent(w.direct), gdap.Switch{Ref: gdap.Ref{Relationship: r.ID}, AutoExtend: gdap.Extension}),
				func() error { _, err := w.workers.RunDue(t.Context()); return err },
			)
			w.runDue()
			now := do(w, gdap.Get, agent(w.direct), r.ID)
			switch {
			case errs[0] == nil && (now.Status != gdap.Active || !now.EndsAt.Equal(r.EndsAt.AddDate(0, 0, 180))):
				t.Errorf("extended, and it is %s until %v", now.Status, now.EndsAt)
			case errs[0] != nil && now.Status != gdap.Expired:
				t.Errorf("%v, and it is %s", errs[0], now.Status)
			}
		}
	})
}

// A group gets other roles, or none, while the job that makes its assignment active, or
// changes it, is at work: what was accepted last is what holds (F8).
func TestAnAssignmentIsChangedWhileItsJobRuns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		g := do(w, identity.AddGroup, boss(w.direct), identity.NewGroup{Name: "Tekniker"})
		work := func() error { _, err := w.workers.RunDue(t.Context()); return err }
		for n := range rivals {
			r := w.approved(w.wish())
			a := do(w, gdap.Assign, agent(w.direct), gdap.Assignment{Relationship: r.ID, Group: g.ID, Roles: gdap.Set{gdap.GlobalReader}})
			ref := gdap.AssignmentRef{Relationship: r.ID, Assignment: a.ID}
			errs := w.atOnce(work, doing(w, gdap.Reassign, agent(w.direct), gdap.Reassignment{AssignmentRef: ref, Roles: r.Roles}))
			w.runDue()
			want := 1
			if errs[1] == nil {
				want = 2
			}
			all := do(w, gdap.ListAssignments, agent(w.direct), r.ID)
			if len(all) != 1 || all[0].Status != gdap.AssignmentActive || len(all[0].Roles) != want {
				t.Fatalf("round %d: accepted %v, and it is %+v", n, errs[1], all)
			}
			do(w, gdap.Reassign, agent(w.direct), gdap.Reassignment{AssignmentRef: ref, Roles: gdap.Set{gdap.UserAdministrator}})
			errs = w.atOnce(work, doing(w, gdap.Unassign, agent(w.direct), ref))
			w.runDue()
			if left := do(w, gdap.ListAssignments, agent(w.direct), r.ID); (errs[1] == nil) != (len(left) == 0) {
				t.Errorf("taken away: %v, and there is %+v", errs[1], left)
			}
		}
	})
}
