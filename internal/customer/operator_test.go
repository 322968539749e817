package customer_test

import (
	"errors"
	"slices"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

func chief() op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "0b5e2f6e-0001-7000-8000-000000000009", Roles: policy.OperatorAdmin, User: "o", UserName: "chef@drift.example", Channel: op.ViaPortal}
}

// The operator finds customers of all partners, and sees how each partner knows
// them (V-5).
func TestTheOperatorFindsCustomersOfAllPartners(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first := w.add(w.seller(), called("Boulangerie Lefèvre SARL")).Customer
		through := called("Lefèvre Textile SA")
		through.Reseller = w.reseller.PartnerID
		w.add(w.supplier(), through)
		find := func(typed string) []customer.Customer {
			t.Helper()
			found, err := customer.Across.Do(t.Context(), w.k, chief(), typed)
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		for typed, want := range map[string]int{
			"lefevre": 3, "boulangerie lef": 1, "Textile lefèvre": 2, string(first.ID): 1, first.Domain[:5]: 1, first.Domain: 1, "": 0, "nobody": 0,
		} {
			if got := find(typed); len(got) != want {
				t.Errorf("%q finds %d relations, want %d", typed, len(got), want)
			}
		}
		file, err := customer.InspectFile.Do(t.Context(), w.k, chief(), find("textile")[0].ID)
		if err != nil || len(file.Relations) != 2 || file.Tenant.Name != "Lefèvre Textile SA" {
			t.Errorf("the file is %+v, %v", file, err)
		}
		if _, err := customer.InspectFile.Do(t.Context(), w.k, chief(), w.direct.Tenant); !errors.Is(err, refusal.NotFound) {
			t.Errorf("the file of a partner: %v", err)
		}
		if _, err := customer.Across.Do(t.Context(), w.k, w.seller(), "lefevre"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a partner searches everywhere: %v", err)
		}
	})
}

// What was recorded of a customer when the relation was made is put right with a
// reason that the partner reads; nothing else changes (rule C33, V-5).
func TestASnapshotIsCorrectedWithAReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), called("Boulangeri Lefèvre SARL")).Customer
		in := customer.Correction{
			Partner: c.Partner, Customer: c.ID, Kind: relationship.Reseller, OriginalName: "Boulangerie Lefèvre SARL", Domain: c.Domain, Reason: "Mistyped at the import.",
		}
		correct := func(a op.Actor, in customer.Correction) error {
			_, err := customer.CorrectSnapshot.Do(t.Context(), w.k, a, in)
			return err
		}
		if err := correct(chief(), in); err != nil {
			t.Fatal(err)
		}
		found, err := customer.Across.Do(t.Context(), w.k, chief(), "boulangerie")
		if err != nil || len(found) != 1 || found[0].OriginalName != "Boulangerie Lefèvre SARL" {
			t.Fatalf("found %v, %v", found, err)
		}
		if got := found[0]; got.Billing.CompanyName != "Boulangeri Lefèvre SARL" || got.Status != c.Status || got.Version != c.Version {
			t.Errorf("more than the snapshot changed: %+v", got)
		}
		if !slices.Contains(w.lines(logOf, c.Partner), "correct_customer_snapshot") {
			t.Error("the correction does not stand in the partner's log")
		}
		wrong := in
		wrong.OriginalName, wrong.Domain, wrong.Reason = " ", "atelier-nuage.example", ""
		err = correct(chief(), wrong)
		for _, want := range []error{customer.ErrSnapshotName, customer.ErrSnapshotDomain, customer.ErrSnapshotReason} {
			if !errors.Is(err, want) {
				t.Errorf("%v is missing in %v", want, err)
			}
		}
		if err := correct(w.seller(), in); !errors.Is(err, refusal.RF10) {
			t.Errorf("RF-10: a partner corrects: %v", err)
		}
		in.Kind = relationship.Advisor
		if err := correct(chief(), in); !errors.Is(err, refusal.NotFound) {
			t.Errorf("a relation that there is not: %v", err)
		}
	})
}
