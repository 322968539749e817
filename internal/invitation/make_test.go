package invitation_test

import (
	"context"
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// draft is a message that is done but for what a test changes.
func (w *world) draft(a op.Actor, ask invitation.Asking) invitation.New {
	w.t.Helper()
	o := must(w.t, invitation.Begin, w.k, a, ask)
	_, text := o.Words("en", "", o.Link.URL(base))
	return invitation.New{Asking: ask, Token: o.Link.Token, Base: base, Language: "en", Message: text}
}

// An invitation carries the admin roles that it asks for, and the groups that get
// them when the customer accepts (rules E5, E17, F7, F13).
func TestAnInvitationAsksForAdminRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		admin := agent(w.direct)
		o := must(t, invitation.Begin, w.k, admin, invitation.Asking{})
		if len(o.Terms.Roles) != 11 || o.Terms.Days() != 730 || !o.Terms.Permanent() || len(o.Terms.Groups) != 1 || !o.Chooses || len(o.Groups) != 3 {
			t.Fatalf("E5, F13: the form begins with %+v", o)
		}
		in := w.draft(admin, invitation.Asking{})
		in.Delegated = true
		for _, c := range []struct {
			what, code string
			terms      gdap.Terms
		}{
			{"RF-29: Global Administrator for ever", "refusal.rf29", gdap.Terms{Roles: gdap.Set{gdap.GlobalAdministrator}, Duration: "P30D", AutoExtend: gdap.Extension}},
			{"F1: no role", "gdap.no_roles", gdap.Terms{Duration: "P30D"}},
			{"F1: too long", "gdap.duration", gdap.Terms{Roles: gdap.Set{gdap.GlobalReader}, Duration: "P731D"}},
			{"F8: no group of theirs", "gdap.no_container", gdap.Terms{Roles: gdap.Set{gdap.GlobalReader}, Duration: "P30D", Groups: []id.Group{"stranger"}}},
		} {
			in.Terms = c.terms
			if _, err := invitation.Make.Do(t.Context(), w.k, admin, in); code(err) != c.code {
				t.Errorf("%s: %v", c.what, err)
			}
		}
		in.Terms = gdap.Terms{Roles: gdap.Set{gdap.GlobalReader, gdap.UserAdministrator}, Duration: "P30D", Groups: o.Terms.Groups}
		sales := admin
		sales.Roles = policy.SalesAgent
		if _, err := invitation.Make.Do(t.Context(), w.k, sales, in); code(err) != "refusal.rf10" {
			t.Errorf("RF-10, F1: a Sales agent chooses roles: %v", err)
		}
		made := must(t, invitation.Make, w.k, admin, in)
		link := must(t, invitation.Show, w.k, admin, made.ID).Link.URL(base)
		if offer := must(t, invitation.Look, w.k, w.bakery, link); !offer.Terms.Roles.Same(in.Terms.Roles) || offer.Terms.Days() != 30 || offer.Terms.Permanent() {
			t.Errorf("E15: the customer is offered %+v", offer.Terms)
		}
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		w.within(func(ctx context.Context, u *op.Unit) error {
			all, err := gdap.Of(ctx, u.Tx, w.direct.Tenant, w.bakery.Tenant)
			if len(all) != 1 || all[0].Status != gdap.Active || all[0].Days() != 30 || all[0].Permanent() || len(all[0].Roles) != 2 {
				t.Fatalf("E17: %+v", all)
			}
			given, err2 := gdap.ListAssignments.Do(ctx, w.k, admin, all[0].ID)
			if len(given) != 1 || given[0].Group != o.Terms.Groups[0] || !given[0].Roles.Same(all[0].Roles) {
				t.Errorf("E17: the groups have %+v: %v", given, err2)
			}
			return err
		})
	})
}

// Who may invite but not choose roles asks for the usual ones.
func TestASalesAgentAsksForTheUsualRoles(t *testing.T) { // E5, b12
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		sales := agent(w.reseller)
		sales.Roles = policy.SalesAgent
		if o := must(t, invitation.Begin, w.k, sales, invitation.Asking{}); o.Chooses || len(o.Terms.Roles) != 9 {
			t.Errorf("a Sales agent of a reseller begins with %+v", o)
		}
		in := w.draft(sales, invitation.Asking{})
		in.Delegated = true
		if made := must(t, invitation.Make, w.k, sales, in); len(made.Terms.Roles) != 9 || len(made.Terms.Groups) != 1 || made.Terms.Days() != 730 {
			t.Errorf("asked for %+v", made.Terms)
		}
	})
}

// A customer of the list that nobody sells to is addressed by its contact (E1).
func TestTheContactOfAChosenCustomerIsKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, link := w.invite(w.reseller, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, link))
		if _, err := invitation.Begin.Do(t.Context(), w.k, agent(w.reseller), invitation.Asking{Customer: w.bakery.Tenant}); code(err) != "invitation.connected" {
			t.Errorf("E1: a customer of theirs: %v", err)
		}
		o := must(t, invitation.BeginJoint, w.k, agent(w.reseller), invitation.Asking{Provider: w.provider.Tenant, Customer: w.bakery.Tenant})
		if o.Customer != "Fjällbageriet i Lund AB" || o.Recipient.Name == "" || !strings.HasSuffix(o.Recipient.Email, ".example") {
			t.Errorf("E1: %q, %+v", o.Customer, o.Recipient)
		}
		w.administers(w.direct, w.smithy)
		o = must(t, invitation.Begin, w.k, agent(w.direct), invitation.Asking{Customer: w.smithy.Tenant})
		if o.Customer != "Smedjan i Höör AB" || o.Recipient.Name != o.Customer {
			t.Errorf("A6: %q, %+v", o.Customer, o.Recipient)
		}
	})
}

// The text of an open invitation can be changed; its link cannot (RF-22).
func TestAnOpenInvitationIsRewritten(t *testing.T) { // E2, E12
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made, link := w.invite(w.direct, invitation.Asking{}, false)
		rewrite := func(text string) error {
			_, err := invitation.Rewrite.Do(t.Context(), w.k, agent(w.direct), invitation.Rewriting{ID: made.ID, Base: base, Message: text})
			return err
		}
		if err := rewrite("Hej! " + strings.TrimSuffix(link, "n")); code(err) != "refusal.rf22" {
			t.Errorf("RF-22: %v", err)
		}
		if err := rewrite("Hej!\r\n" + link); err != nil {
			t.Error(err)
		}
		if got := must(t, invitation.Show, w.k, agent(w.direct), made.ID); got.Message != "Hej!\n"+link {
			t.Errorf("kept %q", got.Message)
		}
		must(t, invitation.Withdraw, w.k, agent(w.direct), made.ID)
		if err := rewrite("Hej hej! " + link); code(err) != "invitation.ended" {
			t.Errorf("E12: %v", err)
		}
	})
}

// administers has p administer a customer that it does not sell to (rule A6).
func (w *world) administers(p identity.Partner, c op.Actor) {
	w.t.Helper()
	asked := must(w.t, gdap.Create, w.k, agent(p), gdap.New{Name: "Vaktmästeriet", Duration: "P30D", Roles: gdap.Set{gdap.GlobalReader}, Customer: c.Tenant})
	must(w.t, gdap.LockForApproval, w.k, agent(p), gdap.Ref{Relationship: asked.ID})
	must(w.t, gdap.OwnApprove, w.k, c, gdap.Decision{Relationship: asked.ID})
}
