package customer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/agreement"
	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// listed returns the first words of the names of a whole list, read two at a time,
// and holds every item to its state and every page to the number of all.
func (w *world) listed(a op.Actor, q customer.Query) string {
	w.t.Helper()
	var names []string
	q.Size, q.Exact = 2, true
	for {
		page, err := customer.List.Do(w.t.Context(), w.k, a, q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, item := range page.Items {
			names = append(names, strings.Fields(item.Name)[0])
			if want := q.Filter.Agreement; want != nil && item.Agreement != *want {
				w.t.Errorf("%s stands at %v in the list of %v", item.Name, item.Agreement, *want)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			if page.Total != int64(len(names)) || page.AtLeast {
				w.t.Errorf("%d of %d are listed (at least: %v)", len(names), page.Total, page.AtLeast)
			}
			return strings.Join(names, " ")
		}
	}
}

// accepts has the first person of a customer accept the agreement (rule AG5).
func (w *world) accepts(c customer.Added) {
	w.t.Helper()
	person := op.Actor{Kind: policy.Customer, Tenant: c.Customer.ID, Roles: policy.CustomerAdmin, UserName: c.AdminUserName, Channel: op.ViaPortal, MFA: true}
	w.within(func(ctx context.Context, u *op.Unit) error {
		n, err := identity.UserByName(ctx, u.Tx, c.AdminUserName)
		person.User = n.ID
		return err
	})
	if _, err := agreement.Accept.Do(w.t.Context(), w.k, person, agreement.Acceptance{Rank: 1, Agreed: true}); err != nil {
		w.t.Fatal(err)
	}
}

// P-2, AG2, AG8: lists tell where customers stand with the agreement and filter by
// it, in every order and with every other filter; a newer version that becomes
// mandatory in one country moves the customers there alone.
func TestListsByTheAgreement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a := w.supplier()
		person := agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@fjallbageriet.example"}
		attest := func(c customer.Added) {
			t.Helper()
			in := agreement.Confirmation{Customer: c.Customer.ID, Attestation: agreement.Attestation{Person: person, AgreedAt: w.k.Clock.Now()}}
			if _, err := agreement.Attest.Do(t.Context(), w.k, a, in); err != nil {
				t.Fatal(err)
			}
		}
		var all []customer.Added
		for i, name := range []string{"Alfa bageri AB", "Beta bageri AB", "Gamma bageri AB", "Delta bageri AB", "Epsilon bageri AB"} {
			in := called(name)
			in.Tags = []string{fmt.Sprintf("t%d", i%2)}
			if i == 0 {
				in.Attestation = &agreement.Attestation{Person: person, AgreedAt: opening} // AG4
			}
			if i == 3 {
				in.Reseller = string(w.reseller.Tenant)
			}
			all = append(all, w.add(a, in))
		}
		attest(all[3])
		wants := func(when string, a op.Actor, state agreement.State, want string) {
			t.Helper()
			for order, name := range map[customer.Sort]string{customer.ByName: "by name", customer.ByCreated: "by time", customer.ByStatus: "by status", customer.ByCountry: "by country"} {
				for _, down := range []bool{false, true} {
					got := strings.Fields(w.listed(a, customer.Query{Filter: customer.Filter{Agreement: &state}, Sort: order, Descending: down}))
					expected := strings.Fields(want)
					slices.Sort(got)
					slices.Sort(expected)
					if !slices.Equal(got, expected) {
						t.Errorf("%s, %v %s (down %v): %v, want %v", when, state, name, down, got, expected)
					}
				}
			}
		}
		open := func(when string, f customer.Filter, want string) {
			t.Helper()
			f.Open = true
			got, expected := strings.Fields(w.listed(a, customer.Query{Filter: f})), strings.Fields(want)
			slices.Sort(got)
			slices.Sort(expected)
			if !slices.Equal(got, expected) {
				t.Errorf("%s, to be collected: %v, want %v", when, got, expected)
			}
		}
		open("first", customer.Filter{}, "Beta Gamma Epsilon")
		wants("first", a, agreement.Confirmed, "Alfa Delta")
		wants("first", a, agreement.Missing, "Beta Gamma Epsilon")
		wants("first", a, agreement.Outdated, "")
		wants("the reseller sees its provider's word", w.through(), agreement.Confirmed, "Delta")

		// The customer itself accepts: it counts for all who sell to it.
		w.accepts(all[1])
		wants("accepted directly", a, agreement.Confirmed, "Alfa Beta Delta")

		publish := func(label, country string) {
			t.Helper()
			operator := op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: policy.OperatorAdmin, User: "o", UserName: "o@op.example", Channel: op.ViaPortal}
			if _, err := agreement.Publish.Do(t.Context(), w.k, operator, agreement.NewVersion{
				Label: label, Country: country, Mandatory: true, EnforcedAt: w.k.Clock.Now(), Texts: map[string][]byte{"en": []byte("<p>The terms.</p>")},
			}); err != nil {
				t.Fatal(err)
			}
		}
		w.k.Clock = clock.Fixed(opening.AddDate(0, 1, 0))
		publish("FR-2", "FR")
		wants("a French version", a, agreement.Confirmed, "Alfa Beta Delta")
		wants("a French version", a, agreement.Outdated, "")
		publish("3", "")
		wants("a version for all", a, agreement.Outdated, "Alfa Beta Delta")
		wants("a version for all", a, agreement.Confirmed, "")
		attest(all[0])
		wants("renewed", a, agreement.Confirmed, "Alfa")
		open("renewed", customer.Filter{}, "Beta Delta Gamma Epsilon")
		stands := agreement.Outdated
		open("renewed", customer.Filter{Agreement: &stands}, "Beta Delta")
		stands = agreement.Confirmed
		open("renewed", customer.Filter{Agreement: &stands}, "")
		wants("renewed", a, agreement.Outdated, "Beta Delta")
		wants("renewed", a, agreement.Missing, "Gamma Epsilon")

		outdated := agreement.Outdated
		for want, f := range map[string]customer.Filter{
			"Beta Delta": {Agreement: &outdated, Tag: "t1"},
			"Beta":       {Agreement: &outdated, Search: "beta"},
			"":           {Agreement: &outdated, NamePrefix: "alfa"},
		} {
			if got := w.listed(a, customer.Query{Filter: f}); got != want {
				t.Errorf("%+v: %q", f, got)
			}
		}
		for _, c := range all {
			if _, err := customer.Remove.Do(t.Context(), w.k, a, removal(c.Customer)); err != nil {
				t.Fatal(err)
			}
		}
		wants("all have gone", a, agreement.Missing, "")
		wants("all have gone", a, agreement.Outdated, "")
		wants("the reseller keeps its own", w.through(), agreement.Outdated, "Delta")
	})
}
