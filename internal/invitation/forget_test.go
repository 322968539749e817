package invitation_test

import (
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/relationship"
)

// C40: a customer that is deleted leaves the invitations, and nobody accepts in its
// place what was asked of it.
func TestADeletedCustomerLeavesTheInvitations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.k.Sandbox = true
		customer.OnDelete(invitation.Forget)
		defer customer.OnDelete()
		answered, link := w.invite(w.direct, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		if i := must(t, invitation.Show, w.k, agent(w.direct), answered.ID); !i.Related {
			t.Errorf("before: %+v", i)
		}
		_, theirs := w.invite(w.reseller, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, theirs))
		bound, link := w.invite(w.reseller, invitation.Asking{Customer: w.bakery.Tenant, Provider: w.provider.Tenant}, false)

		must(t, customer.Delete, w.k, agent(w.direct), customer.Ref{ID: w.bakery.Tenant})

		if i := must(t, invitation.Show, w.k, agent(w.direct), answered.ID); i.State != invitation.Accepted || i.Customer != "" || i.Related || i.Name == "" {
			t.Errorf("what it answered: %+v", i)
		}
		if i := must(t, invitation.Show, w.k, agent(w.reseller), bound.ID); i.State != invitation.Withdrawn || i.Customer != "" || !i.EndedAt.Equal(opening) {
			t.Errorf("what waited for it: %+v", i)
		}
		if _, err := invitation.Accept.Do(t.Context(), w.k, w.smithy, w.acceptance(w.smithy, link)); code(err) != "invitation.ended" {
			t.Errorf("another customer accepts it: %v", err)
		}
	})
}

// E26, P-4b: when the relation has ended, the list leads to the customer no more.
func TestAnAcceptedInvitationOutlivesTheRelation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, link := w.invite(w.direct, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		w.removes(w.direct)
		all := must(t, invitation.List, w.k, agent(w.direct), invitation.Query{Size: 9}).Invitations
		if len(all) != 1 || all[0].State != invitation.Accepted || all[0].Customer != w.bakery.Tenant || all[0].Related {
			t.Errorf("listed: %+v", all)
		}
	})
}

// C8, E26: a reseller sees the status of the account of its provider, no status when
// that account ends, and the new one when the provider comes back, however it does.
func TestAResellerFollowsTheAccountOfItsProvider(t *testing.T) {
	for name, again := range map[string]func(w *world) string{
		"together": func(w *world) string {
			_, link := w.invite(w.reseller, invitation.Asking{Provider: w.provider.Tenant}, false)
			return link
		},
		"alone": func(w *world) string { _, link := w.invite(w.provider, invitation.Asking{}, false); return link },
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			w := newWorld(t, d)
			second := w.another("Blekinge Data AB")
			for _, p := range []identity.Partner{w.reseller, second} {
				_, link := w.invite(p, invitation.Asking{Provider: w.provider.Tenant}, false)
				must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
			}
			w.sees("UnderReview", w.reseller, second)
			w.removes(w.provider)
			w.sees("", w.reseller, second)
			must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, again(w)))
			w.sees("UnderReview", w.reseller, second)
			if r := w.relations(w.bakery)[w.reseller.Tenant]; r.Kind != relationship.IndirectReseller || r.Provider != w.provider.Tenant {
				t.Errorf("%s: %+v", name, r)
			}
		})
	}
}
