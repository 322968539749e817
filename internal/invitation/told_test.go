package invitation_test

import (
	"slices"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/invitation"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// c3, c5: a billing admin who may accept invitations gives nobody admin roles; RF-25
// names the administrators who may.
func TestOnlyWhoGivesAdminRolesAcceptsThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.k.UpdateSetting(t.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: "customer.invite.minRole", Value: "billingAdmin"}); err != nil {
			t.Fatal(err)
		}
		billing := w.bakery
		billing.Roles = policy.CustomerBillingAdmin
		_, plain := w.invite(w.provider, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, billing, w.acceptance(billing, plain))

		_, link := w.invite(w.direct, invitation.Asking{}, true)
		o := must(t, invitation.Look, w.k, billing, link)
		if code(o.Obstacle) != "refusal.rf25" {
			t.Fatalf("RF-25: what hinders is %v", o.Obstacle)
		}
		answerers := must(t, invitation.Answerers, w.k, billing, link)
		if names := fault.All(o.Obstacle)[0].Args["Admins"].([]string); len(answerers) != 1 || !slices.Equal(names, []string{answerers[0].DisplayName}) {
			t.Errorf("RF-25 names %v, and the page %+v", names, answerers)
		}
		in := w.acceptance(w.bakery, link)
		if _, err := invitation.Accept.Do(t.Context(), w.k, billing, in); code(err) != "refusal.rf25" {
			t.Errorf("c5: a billing admin gives admin roles: %v", err)
		}
		if _, err := invitation.Check.Do(t.Context(), w.k, billing, in); code(err) != "refusal.rf25" {
			t.Errorf("c5: a billing admin prepares that: %v", err)
		}
		must(t, invitation.Accept, w.k, w.bakery, in)
		if o := must(t, invitation.Look, w.k, billing, link); !o.Connected || o.Obstacle != nil {
			t.Errorf("E16: afterwards he sees %+v", o)
		}
	})
}

// E7, E17, N2: both partners of a joint invitation hear of the acceptance, whichever
// relation was there before.
func TestBothPartnersHearOfAnAcceptance(t *testing.T) {
	for name, before := range map[string]func(w *world) string{
		"the provider sells already":    func(w *world) string { _, link := w.invite(w.provider, invitation.Asking{}, false); return link },
		"the reseller is there already": func(w *world) string { _, link := w.invite(w.reseller, invitation.Asking{}, false); return link },
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			w := newWorld(t, d)
			must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, before(w)))
			told := map[id.Tenant]int{}
			for tenant, event := range map[id.Tenant]string{w.provider.Tenant: invitation.EventAccepted, w.reseller.Tenant: invitation.EventIndirectAccepted} {
				told[tenant] = times(w.lines(eventsOf, tenant), event)
			}
			_, link := w.invite(w.reseller, invitation.Asking{Provider: w.provider.Tenant}, false)
			must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
			for tenant, event := range map[id.Tenant]string{w.provider.Tenant: invitation.EventAccepted, w.reseller.Tenant: invitation.EventIndirectAccepted} {
				if n := times(w.lines(eventsOf, tenant), event); n != told[tenant]+1 {
					t.Errorf("%s: %s is told %d times more", name, tenant, n-told[tenant])
				}
				if n := times(w.lines(logOf, tenant), "accept_relationship_request"); n != told[tenant]+1 {
					t.Errorf("%s: the log of %s has %d entries", name, tenant, n)
				}
			}
		})
	}
}

// N2: both partners of a joint invitation hear that it was declined.
func TestBothPartnersHearOfADecline(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, link := w.invite(w.reseller, invitation.Asking{Provider: w.provider.Tenant}, false)
		must(t, invitation.Decline, w.k, w.bakery, invitation.Declining{Link: link})
		for _, tenant := range []id.Tenant{w.provider.Tenant, w.reseller.Tenant} {
			if times(w.lines(eventsOf, tenant), invitation.EventDeclined) != 1 || times(w.lines(logOf, tenant), "decline_relationship_request") != 1 {
				t.Errorf("%s hears %v and reads %v", tenant, w.lines(eventsOf, tenant), w.lines(logOf, tenant))
			}
		}
	})
}

// E9, E16: a link that is good for everybody is declined in the customer's own log
// alone, and nothing is declined that cannot be accepted.
func TestDecliningWritesToNobodyThatDidNotAsk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		generic := must(t, invitation.GenericLink, w.k, agent(w.direct), invitation.Generic{}).URL(base)
		for range 3 {
			must(t, invitation.Decline, w.k, w.bakery, invitation.Declining{Link: generic, Reason: "No"})
		}
		if n := times(w.lines(logOf, w.bakery.Tenant), "decline_relationship_request"); n != 3 {
			t.Errorf("the customer's log has %d entries", n)
		}
		if times(w.lines(eventsOf, w.direct.Tenant), invitation.EventDeclined)+times(w.lines(logOf, w.direct.Tenant), "decline_relationship_request") != 0 {
			t.Errorf("the partner hears %v", w.lines(eventsOf, w.direct.Tenant))
		}
		far := w.enrol("Tokyo Cloud KK", policy.DirectBill, "JP")
		_, abroad := w.invite(far, invitation.Asking{}, false)
		_, again := w.invite(w.direct, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, generic))
		for want, link := range map[string]string{"refusal.rf08": abroad, "invitation.connected": again} {
			if _, err := invitation.Decline.Do(t.Context(), w.k, w.bakery, invitation.Declining{Link: link}); code(err) != want {
				t.Errorf("%s is declined: %v", want, err)
			}
		}
	})
}

// times counts how often name stands in all.
func times(all []string, name string) (n int) {
	for _, s := range all {
		if s == name {
			n++
		}
	}
	return n
}
