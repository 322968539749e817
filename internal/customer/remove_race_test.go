package customer_test

import (
	"errors"
	"sync"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// While somebody removes a customer, others tag it, edit it and remove it too: it goes
// once, what comes later finds it gone, and nothing of it is left (E26).
func TestARemovalMeetsOtherWrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, name := range []string{"Boulangerie Aubry", "Brasserie Caron", "Librairie Dumas", "Papeterie Faure"} {
			added := w.add(w.seller(), called(name)).Customer
			edited := added.Billing
			edited.Address.City = "Dijon"
			writes := []func() error{
				func() error { return remove(w, w.seller(), added) },
				func() error { return remove(w, w.seller(), added) },
				func() error {
					_, err := customer.SetTags.Do(t.Context(), w.k, w.seller(), customer.Tagging{ID: added.ID, Tags: []string{"VIP"}})
					return err
				},
				func() error {
					_, err := customer.UpdateBilling.Do(t.Context(), w.k, w.seller(), customer.BillingChange{ID: added.ID, Version: added.Version, Billing: edited})
					return err
				},
				func() error {
					_, err := customer.EndDelegation.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: added.ID})
					return err
				},
			}
			done := make([]error, len(writes))
			var all sync.WaitGroup
			for i, write := range writes {
				all.Go(func() { done[i] = write() })
			}
			all.Wait()
			if (done[0] == nil) == (done[1] == nil) {
				t.Fatalf("it is removed by both or by nobody: %v, %v", done[0], done[1])
			}
			for i, err := range done {
				if err != nil && !errors.Is(err, refusal.NotFound) && !errors.Is(err, refusal.RF28) {
					t.Errorf("write %d: %v (%v)", i, err, fault.All(err))
				}
			}
			if n := w.lines(relicts, w.direct.Tenant); n[0] != "0" {
				t.Fatalf("%s rows are left", n[0])
			}
			for _, r := range w.delegated(w.direct, added) {
				if r.Status != gdap.Terminated {
					t.Errorf("%s is %s", r.Name, r.Status)
				}
			}
		}
	})
}

// Who leaves a group has none of its roles at the next request, whatever session is
// open (F8).
func TestWhoLeavesAGroupLosesItsRolesAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		admin, user := w.person(w.direct, "ada", policy.GlobalAdmin|policy.AdminAgent), w.person(w.direct, "bruno", policy.AdminAgent)
		group, err := identity.AddGroup.Do(t.Context(), w.k, admin, identity.NewGroup{Name: "Readers"})
		if err != nil {
			t.Fatal(err)
		}
		member := identity.Membership{Group: group.ID, User: user.User}
		if _, err := identity.AddMember.Do(t.Context(), w.k, admin, member); err != nil {
			t.Fatal(err)
		}
		in := gdap.Assignment{Relationship: w.delegated(w.direct, added)[0].ID, Group: group.ID, Roles: []gdap.RoleID{gdap.GlobalReader}}
		if _, err := gdap.Assign.Do(t.Context(), w.k, user, in); err != nil {
			t.Fatal(err)
		}
		if _, err := job.NewWorkers(w.k, 1).RunDue(t.Context()); err != nil { // assignments become active
			t.Fatal(err)
		}
		full := func() bool {
			c, err := customer.GetCompany.Do(t.Context(), w.k, user, customer.Ref{ID: added.ID})
			if err != nil {
				t.Fatal(err)
			}
			return c.Full
		}
		if !full() {
			t.Fatal("a member of the group does not see the company")
		}
		if _, err := identity.RemoveMember.Do(t.Context(), w.k, admin, member); err != nil {
			t.Fatal(err)
		}
		if full() {
			t.Error("who has left the group still sees the company")
		}
	})
}
