package customer_test

import (
	"slices"
	"testing"

	"comptoir/internal/qualification"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// relicts counts what a partner keeps about its customers; the arguments are the partner.
var relicts = db.Scan(`SELECT CAST((SELECT COUNT(*) FROM customers WHERE partner_id = $1) + (SELECT COUNT(*) FROM customer_terms WHERE partner_id = $1)
	+ (SELECT COUNT(*) FROM customer_tags WHERE partner_id = $1) + (SELECT COUNT(*) FROM verification_cases WHERE partner_id = $1)
	+ (SELECT COUNT(*) FROM customer_qualifications WHERE partner_id = $1) + (SELECT COUNT(*) FROM gdap_assignments WHERE partner_id = $1)
	+ (SELECT COUNT(*) FROM counters WHERE owner = $1 AND name LIKE 'customers.%' AND name <> 'customers.number' AND value <> 0) AS TEXT)`, "test")

func remove(w *world, a op.Actor, c customer.Customer) error {
	_, err := customer.Remove.Do(w.t.Context(), w.k, a, removal(c))
	return err
}

// removal ends the relation with c with all that has to be stated.
func removal(c customer.Customer) customer.Removal {
	return customer.Removal{
		ID: c.ID, Typed: c.OriginalName, Statement: &relationship.Statement{Version: relationship.StatementVersion, Language: "sv", Made: true},
	}
}

func TestAPartnerEndsItsRelationWithACustomer(t *testing.T) { // E22 to E27, C40
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Tags = []string{"a", "b"}
		in.Qualification = &qualification.Request{Qualification: qualification.StateOwnedEntity}
		added := w.add(w.seller(), in).Customer
		stays := w.add(w.supplier(), called("Lunds Glas AB")).Customer
		if err := remove(w, w.supplier(), added); codes(err)[0] != "1000 refusal.not_found" && codes(err)[0] != "20002 refusal.rf28" {
			t.Errorf("RF-28: another partner ends it: %v", err)
		}
		if err := remove(w, agent(w.direct, policy.SalesAgent), added); codes(err)[0] != "900150 refusal.rf10" {
			t.Errorf("b15, RF-10: a sales agent ends it: %v", err)
		}
		if err := remove(w, w.seller(), added); err != nil {
			t.Fatal(err)
		}
		if _, err := customer.Get.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: added.ID}); err == nil {
			t.Error("E26: it is still found")
		}
		page, err := customer.List.Do(t.Context(), w.k, w.seller(), customer.Query{Size: 9, Exact: true})
		if err != nil || len(page.Items) != 0 || page.Total != 0 {
			t.Errorf("E26: the list has %d of %d: %v", len(page.Items), page.Total, err)
		}
		for _, r := range w.delegated(w.direct, added) {
			if r.Status != gdap.Terminated {
				t.Errorf("E26: %s is %s", r.Name, r.Status)
			}
		}
		if n := w.lines(relicts, w.direct.Tenant); n[0] != "0" {
			t.Errorf("%s rows are left", n[0])
		}
		if log := w.lines(logOf, w.direct.Tenant); !slices.Contains(log, "remove_partner_customer_relationship") {
			t.Errorf("log %v", log)
		}
		if _, err := customer.Get.Do(t.Context(), w.k, w.supplier(), customer.Ref{ID: stays.ID}); err != nil {
			t.Errorf("the customer of another partner: %v", err)
		}
		if err := remove(w, w.seller(), added); err == nil {
			t.Error("it ends twice")
		}
	})
}

func TestProviderAndResellerLeaveOneByOne(t *testing.T) { // E26, A3
	for name, tt := range map[string]struct {
		first, second func(w *world) op.Actor
	}{
		"the reseller first": {(*world).through, (*world).supplier},
		"the provider first": {(*world).supplier, (*world).through},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w, in := newWorld(t, d), bakery()
				in.Reseller = string(w.reseller.Tenant)
				added := w.add(w.supplier(), in).Customer
				if err := remove(w, tt.first(w), added); err != nil {
					t.Fatal(err)
				}
				left, err := customer.Get.Do(t.Context(), w.k, tt.second(w), customer.Ref{ID: added.ID})
				if err != nil || left.Customer.Reseller != added.Reseller && left.Customer.Provider != w.provider.Tenant {
					t.Errorf("the other one has %+v: %v", left.Customer, err)
				}
				if err := remove(w, tt.second(w), added); err != nil {
					t.Errorf("then the other: %v", err)
				}
				for _, p := range []string{string(w.provider.Tenant), string(w.reseller.Tenant)} {
					if n := w.lines(relicts, p); n[0] != "0" {
						t.Errorf("%s rows are left", n[0])
					}
				}
			})
		})
	}
}

func TestDelegatedAdministrationEndsWithoutTheRelation(t *testing.T) { // F10, F12
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		for range 2 { // once more changes nothing
			if _, err := customer.EndDelegation.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: added.ID}); err != nil {
				t.Fatal(err)
			}
		}
		left, err := customer.Get.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: added.ID})
		if err != nil || left.Delegated {
			t.Errorf("delegated %v: %v", left.Delegated, err)
		}
		ended := 0
		for _, line := range w.lines(logOf, w.direct.Tenant) {
			if line == "dap_admin_relationship_terminated" {
				ended++
			}
		}
		if ended != 1 {
			t.Errorf("the log says it %d times", ended)
		}
		if _, err := customer.EndDelegation.Do(t.Context(), w.k, agent(w.direct, policy.GlobalAdmin), customer.Ref{ID: added.ID}); codes(err)[0] != "900150 refusal.rf10" {
			t.Errorf("b35: by a Global admin: %v", err)
		}
	})
}
