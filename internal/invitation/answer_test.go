package invitation_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"comptoir/internal/agreement"
	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

func TestACustomerAcceptsAnInvitation(t *testing.T) { // E4, E13 to E17, C20, C33, AG5
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made, link := w.invite(w.direct, invitation.Asking{}, true)
		in := w.acceptance(w.bakery, link)
		if _, err := invitation.Accept.Do(t.Context(), w.k, w.bakery, invitation.Acceptance{Link: link, Company: in.Company, Relation: true}); code(err) != "invitation.ticks" {
			t.Errorf("E15: without the ticks: %v", err)
		}
		must(t, invitation.Accept, w.k, w.bakery, in)

		c := must(t, customer.Get, w.k, agent(w.direct), customer.Ref{ID: w.bakery.Tenant}).Customer
		if c.Kind != relationship.Reseller || c.OriginalName != "Fjällbageriet i Lund AB" || c.Domain != "fjallbageriet.onmicrosoft.com" || c.Status != verification.UnderReview {
			t.Errorf("E17: %+v", c)
		}
		if b := c.Billing; b.CompanyName != c.OriginalName || b.Address.AddressLine1 != "Bredgatan 4" || b.Culture != "sv-SE" || b.FirstName == "" {
			t.Errorf("E17: the billing profile %+v", b)
		}
		w.within(func(ctx context.Context, u *op.Unit) error {
			all, err := agreement.Of(ctx, u.Tx, w.direct.Tenant, w.bakery.Tenant)
			if len(all) != 1 || all[0].Method != agreement.Direct {
				t.Errorf("E17: agreements %+v", all)
			}
			return err
		})
		shown := must(t, invitation.Show, w.k, agent(w.direct), made.ID)
		if shown.State != invitation.Accepted || shown.Customer != w.bakery.Tenant || shown.Link.URL(base) != link {
			t.Errorf("E12: %+v", shown)
		}
		if got := w.lines(eventsOf, w.direct.Tenant); !slices.Contains(got, invitation.EventAccepted) {
			t.Errorf("E17: events %v", got)
		}
		for _, tenant := range []id.Tenant{w.direct.Tenant, w.bakery.Tenant} {
			if got := w.lines(logOf, tenant); !slices.Contains(got, "extend_relationship") {
				t.Errorf("E17: log %v", got)
			}
		}
		if o := must(t, invitation.Look, w.k, w.bakery, link); !o.Connected {
			t.Error("E16: it can be accepted twice")
		}
		_, err := invitation.Accept.Do(t.Context(), w.k, w.bakery, in)
		if code(err) != "invitation.connected" {
			t.Errorf("E16: again: %v", err)
		}
		if _, err := invitation.Look.Do(t.Context(), w.k, w.smithy, link); code(err) != "refusal.rf23" {
			t.Errorf("RF-23: another customer: %v", err)
		}
	})
}

func TestAJointInvitationConnectsBoth(t *testing.T) { // E6, E7, E8
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, link := w.invite(w.reseller, invitation.Asking{Provider: w.provider.Tenant}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		all := w.relations(w.bakery)
		sold, through := all[w.provider.Tenant], all[w.reseller.Tenant]
		if sold.Kind != relationship.Reseller || sold.Reseller != w.reseller.Tenant || through.Kind != relationship.IndirectReseller || through.Provider != w.provider.Tenant {
			t.Errorf("%+v and %+v", sold, through)
		}
		if sold.Status != "UnderReview" || through.Status != sold.Status || sold.Agreed == 0 && through.Agreed != sold.Agreed {
			t.Errorf("E17: statuses %s %s, agreed %d %d", sold.Status, through.Status, sold.Agreed, through.Agreed)
		}
		if got := w.lines(eventsOf, w.reseller.Tenant); !slices.Contains(got, invitation.EventIndirectAccepted) {
			t.Errorf("E7: the reseller hears %v", got)
		}
		if got := w.lines(eventsOf, w.provider.Tenant); !slices.Contains(got, invitation.EventAccepted) {
			t.Errorf("E7: the provider hears %v", got)
		}
		for _, p := range []identity.Partner{w.provider, w.reseller} {
			n := must(t, customer.Count, w.k, agent(p), struct{}{})
			if n.All != 1 {
				t.Errorf("%s counts %+v", p.Name, n)
			}
		}
	})
}

func TestAResellerInvitesAloneAndLaterWithItsProvider(t *testing.T) { // E6, A3
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, link := w.invite(w.reseller, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		if r := w.relations(w.bakery)[w.reseller.Tenant]; r.Kind != relationship.IndirectReseller || r.Provider != "" {
			t.Errorf("alone: %+v", r)
		}
		_, link = w.invite(w.reseller, invitation.Asking{Provider: w.provider.Tenant}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		all := w.relations(w.bakery)
		if r := all[w.reseller.Tenant]; r.Provider != w.provider.Tenant || r.Status != "UnderReview" || all[w.provider.Tenant].Reseller != w.reseller.Tenant {
			t.Errorf("with the provider: %+v", all)
		}
		n := must(t, customer.Count, w.k, agent(w.reseller), struct{}{})
		if n.All != 1 || n.By[relationship.ByProvider][string(w.provider.Tenant)] != 1 || n.By[relationship.ByStatus]["UnderReview"] != 1 {
			t.Errorf("counts %+v", n)
		}
	})
}

func TestInvitationsThatCannotBeAccepted(t *testing.T) { // E16, A7: RF-08, RF-09, RF-23, RF-24, RF-25
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		far := w.enrol("Tokyo Cloud KK", policy.DirectBill, "JP")
		generic := func(p identity.Partner) string {
			return must(t, invitation.GenericLink, w.k, agent(p), invitation.Generic{}).URL(base)
		}
		_, own := w.invite(w.direct, invitation.Asking{}, false)
		asPartner := agent(w.provider)
		asPartner.Kind, asPartner.Roles = policy.Customer, policy.CustomerAdmin
		stranger := w.bakery
		stranger.Roles = policy.CustomerUser
		for name, tt := range map[string]struct {
			actor op.Actor
			link  string
			want  string
		}{
			"RF-08 another market":        {w.bakery, generic(far), "refusal.rf08"},
			"RF-09 a partner's tenant":    {asPartner, generic(w.direct), "refusal.rf09"},
			"RF-09 its own tenant":        {asPartner, generic(w.provider), "refusal.rf09"},
			"RF-24 no link":               {w.bakery, "https://comptoir.example/", "refusal.rf24"},
			"RF-24 another PartnerID":     {w.bakery, strings.Replace(generic(w.reseller), "msppId=", "msppId=9", 1), "refusal.rf24"},
			"RF-24 a token of another":    {w.bakery, strings.Replace(own, string(w.direct.Tenant), string(w.provider.Tenant), 1), "refusal.rf24"},
			"RF-24 no partners":           {w.bakery, invitation.Link{Partner: w.direct.Tenant, Provider: w.provider.Tenant}.URL(base), "refusal.rf24"},
			"RF-25 a user without rights": {stranger, own, "refusal.rf25"},
		} {
			_, err := invitation.Accept.Do(t.Context(), w.k, tt.actor, invitation.Acceptance{Link: tt.link, Relation: true, Agreed: true})
			if code(err) != tt.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		restricted := identity.PartnerRestricted
		must(t, identity.UpdatePartner, w.k, op.System("", 0, op.ViaCLI), identity.PartnerChange{Tenant: w.direct.Tenant, Status: &restricted, Cause: "x"})
		if o := must(t, invitation.Look, w.k, w.bakery, own); code(o.Obstacle) != "invitation.partner_stopped" {
			t.Errorf("A7: a restricted partner: %v", o.Obstacle)
		}
		if _, err := invitation.Begin.Do(t.Context(), w.k, agent(w.direct), invitation.Asking{}); code(err) != "refusal.rf43" {
			t.Errorf("RF-43: %v", err)
		}
	})
}

func TestCompanyInformationMustBeComplete(t *testing.T) { // E14
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, link := w.invite(w.direct, invitation.Asking{}, false)
		in := w.acceptance(w.bakery, link)
		in.Company.Address.City, in.Company.Email = "", ""
		_, err := invitation.Accept.Do(t.Context(), w.k, w.bakery, in)
		if err == nil || !strings.Contains(err.Error(), "city") {
			t.Errorf("without a city: %v", err)
		}
		if o := must(t, invitation.Look, w.k, w.bakery, link); o.State != invitation.Open || o.Connected {
			t.Errorf("it is %s, connected %v", o.State, o.Connected)
		}
	})
}

func TestInvitationsEnd(t *testing.T) { // E10, E12, b14, K-4
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		declined, link := w.invite(w.direct, invitation.Asking{}, false)
		must(t, invitation.Decline, w.k, w.bakery, invitation.Declining{Link: link, Reason: "We have a partner."})
		if i := must(t, invitation.Show, w.k, agent(w.direct), declined.ID); i.State != invitation.Declined || i.Reason != "We have a partner." || i.Name != "Fjällbageriet i Lund AB" {
			t.Errorf("declined: %+v", i)
		}
		if got := w.lines(eventsOf, w.direct.Tenant); !slices.Contains(got, invitation.EventDeclined) {
			t.Errorf("N2: events %v", got)
		}
		withdrawn, link := w.invite(w.direct, invitation.Asking{}, false)
		if _, err := invitation.Withdraw.Do(t.Context(), w.k, agent(w.provider), withdrawn.ID); code(err) != "refusal.not_found" {
			t.Errorf("another partner withdraws it: %v", err)
		}
		must(t, invitation.Withdraw, w.k, agent(w.direct), withdrawn.ID)
		if _, err := invitation.Accept.Do(t.Context(), w.k, w.bakery, w.acceptance(w.bakery, link)); code(err) != "invitation.ended" {
			t.Errorf("E12: a withdrawn one is accepted: %v", err)
		}
		_, link = w.invite(w.direct, invitation.Asking{}, false)
		w.k.Clock = clock.Fixed(opening.Add(invitation.Lifetime))
		if o := must(t, invitation.Look, w.k, w.bakery, link); o.State != invitation.Expired {
			t.Errorf("E10: after 90 days it is %s", o.State)
		}
		if _, err := invitation.Accept.Do(t.Context(), w.k, w.bakery, w.acceptance(w.bakery, link)); code(err) != "invitation.ended" {
			t.Errorf("E12: an expired one is accepted: %v", err)
		}
	})
}

func TestAMessageKeepsItsLink(t *testing.T) { // E2, RF-22
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := must(t, invitation.Begin, w.k, agent(w.direct), invitation.Asking{})
		for _, text := range []string{"", "Hello", o.Link.URL("https://elsewhere.example"), o.Link.URL(base) + "x"} {
			in := invitation.New{Token: o.Link.Token, Base: base, Language: "en", Message: text}
			if _, err := invitation.Make.Do(t.Context(), w.k, agent(w.direct), in); code(err) != "refusal.rf22" {
				t.Errorf("%q: %v", text, err)
			}
		}
		if all := must(t, invitation.List, w.k, agent(w.direct), invitation.Query{Size: 9}); len(all.Invitations) != 0 {
			t.Errorf("kept: %+v", all)
		}
	})
}

func TestOneOfTwoWins(t *testing.T) { // E10, E12: one acceptance for a bound link; withdrawn or accepted, never both
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, link := w.invite(w.direct, invitation.Asking{}, false)
		first, second := w.acceptance(w.bakery, link), w.acceptance(w.smithy, link)
		accept := func(a op.Actor, in invitation.Acceptance) func() error {
			return func() error { _, err := invitation.Accept.Do(context.Background(), w.k, a, in); return err }
		}
		if won := race(accept(w.bakery, first), accept(w.smithy, second)); won != 1 {
			t.Errorf("two customers: %d have accepted", won)
		}
		made, link := w.invite(w.provider, invitation.Asking{}, false)
		in := w.acceptance(w.bakery, link)
		won := race(accept(w.bakery, in), func() error {
			_, err := invitation.Withdraw.Do(context.Background(), w.k, agent(w.provider), made.ID)
			return err
		})
		_, related := w.relations(w.bakery)[w.provider.Tenant]
		i := must(t, invitation.Show, w.k, agent(w.provider), made.ID)
		if won != 1 || related != (i.State == invitation.Accepted) {
			t.Errorf("%d have won, it is %s, related %v", won, i.State, related)
		}
	})
}

// race runs both at once and returns how many succeeded.
func race(all ...func() error) int {
	var wait sync.WaitGroup
	won := make(chan bool, len(all))
	for _, f := range all {
		wait.Go(func() { won <- f() == nil })
	}
	wait.Wait()
	close(won)
	n := 0
	for ok := range won {
		if ok {
			n++
		}
	}
	return n
}

func TestAnInvitationFollowsACustomerThatIsMerged(t *testing.T) { // V-5
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made, link := w.invite(w.direct, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		w.within(func(ctx context.Context, u *op.Unit) error {
			return invitation.Move(ctx, u, w.bakery.Tenant, w.smithy.Tenant, nil)
		})
		if got := must(t, invitation.Show, w.k, agent(w.direct), made.ID); got.Customer != w.smithy.Tenant {
			t.Errorf("the invitation was answered by %s", got.Customer)
		}
	})
}

// E5, E17, F6, F13: admin roles that come with an invitation are approved by whoever
// accepts it, are told of, and are those that the partner may hold.
func TestAdminRolesComeWithAnInvitation(t *testing.T) {
	for _, tt := range []struct {
		what     string
		partner  func(w *world) identity.Partner
		provider func(w *world) id.Tenant
		roles    int
	}{
		{"a direct partner", func(w *world) identity.Partner { return w.direct }, func(*world) id.Tenant { return "" }, 11},
		{"a reseller alone", func(w *world) identity.Partner { return w.reseller }, func(*world) id.Tenant { return "" }, 9},
		{"a reseller with its provider", func(w *world) identity.Partner { return w.reseller }, func(w *world) id.Tenant { return w.provider.Tenant }, 9},
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			w := newWorld(t, d)
			p := tt.partner(w)
			_, link := w.invite(p, invitation.Asking{Provider: tt.provider(w)}, true)
			must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
			w.within(func(ctx context.Context, u *op.Unit) error {
				all, err := gdap.Of(ctx, u.Tx, p.Tenant, w.bakery.Tenant)
				if err != nil || len(all) != 1 {
					t.Fatalf("%s: %+v, %v", tt.what, all, err)
				}
				if r := all[0]; r.Status != gdap.Active || r.Source != gdap.Invitation || r.ApprovedBy != w.bakery.UserName || len(r.Roles) != tt.roles || r.Provider != tt.provider(w) {
					t.Errorf("%s: %+v", tt.what, r)
				}
				return nil
			})
			if got := w.lines(eventsOf, p.Tenant); !slices.Contains(got, "granular-admin-relationship-approved") {
				t.Errorf("%s: events %v", tt.what, got)
			}
		})
	}
}
