package partnerprofile_test

import (
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

var (
	chief   = op.Actor{Kind: policy.Operator, Tenant: "0b5e2f6e-0001-7000-8000-000000000009", Roles: policy.OperatorAdmin, User: "o"}
	address = place.Address{Country: "SE", City: "Malmö", AddressLine1: "Hamngatan 12", PostalCode: "211 22"}
	ida     = partnerprofile.Contact{FirstName: "Ida", LastName: "Berg", Email: "ida@nordmolnet.example", Phone: "0401234567"}
)

// opened enrols a partner in Sweden and returns its administrator.
func opened(t *testing.T, d *db.DB) (*op.Kernel, op.Actor) {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	out, err := identity.EnrolPartner.Do(t.Context(), k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: "Nordmolnet AB", Types: policy.DirectBill, Country: "SE", Market: "europe", Language: "sv", Domain: "nordmolnet.example",
		Active: true, SignedMPA: true, Admin: &identity.NewUser{Name: "ida@nordmolnet.example", FirstName: "Ida", LastName: "Berg"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return k, op.Actor{Kind: policy.Partner, Tenant: out.Partner.Tenant, Org: policy.DirectBill, Roles: policy.GlobalAdmin, User: out.Admin.User.ID, MFA: true}
}

func fields(err error) (all []string) {
	for _, e := range fault.All(err) {
		all = append(all, e.Field)
	}
	slices.Sort(all)
	return all
}

// Profiles follow from the enrolment until they are written, are kept as a whole,
// and refuse a stale version (17.3, 17.5; RF-18).
func TestProfilesAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, a := opened(t, d)
		first, err := partnerprofile.GetBilling.Do(t.Context(), k, a, struct{}{})
		if err != nil || first.CompanyName != "Nordmolnet AB" || first.Currency != "SEK" || first.Contact.FirstName != "Ida" {
			t.Errorf("from the enrolment: %+v: %v", first, err)
		}
		in := first
		in.Address, in.Contact, in.TaxID = address, ida, "SE556016068001"
		kept, err := partnerprofile.UpdateBilling.Do(t.Context(), k, a, in)
		if err != nil || kept.Version == first.Version {
			t.Fatalf("kept %+v: %v", kept, err)
		}
		if again, err := partnerprofile.GetBilling.Do(t.Context(), k, a, struct{}{}); err != nil || again != kept {
			t.Errorf("read %+v: %v", again, err)
		}
		in.TaxID = "SE1"
		if _, err := partnerprofile.UpdateBilling.Do(t.Context(), k, a, in); !errors.Is(err, refusal.RF18) {
			t.Errorf("a stale version: %v", err)
		}
		helper := a
		helper.Roles = policy.HelpdeskAgent
		if _, err := partnerprofile.UpdateBilling.Do(t.Context(), k, helper, kept); !errors.Is(err, refusal.RF10) {
			t.Errorf("RF-10: %v", err)
		}
		if _, err := partnerprofile.FindNumber.Do(t.Context(), k, a, "999"); !errors.Is(err, partnerprofile.ErrNumberUnknown) {
			t.Errorf("a PartnerID of nobody: %v", err)
		}
	})
}

// All that is wrong is said at once, each at its member (17.1, 17.4; rule A8).
func TestProfilesThatAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, a := opened(t, d)
		abroad := address
		abroad.Country, abroad.PostalCode = "NO", "0150"
		_, err := partnerprofile.UpdateLegal.Do(t.Context(), k, a, partnerprofile.Legal{Address: abroad, ApproverEmail: "nobody"})
		if !errors.Is(err, partnerprofile.ErrCountry) || !errors.Is(err, partnerprofile.ErrEmail) || !slices.Contains(fields(err), "companyName") {
			t.Errorf("legal: %v in %v", err, fields(err))
		}
		for _, website := range []string{"ftp://nordmolnet.example", "https://", "https://a b.example", "javascript:alert(1)"} {
			_, err := partnerprofile.UpdateSupport.Do(t.Context(), k, a, partnerprofile.Support{Email: "stod@nordmolnet.example", Website: website})
			if !errors.Is(err, partnerprofile.ErrWebsite) {
				t.Errorf("%s: %v", website, err)
			}
		}
		// What the operator decided about the country counts (V-8).
		all, err := rulebook.ListCountries.Do(t.Context(), k, chief, struct{}{})
		if err != nil {
			t.Fatal(err)
		}
		sweden := all[slices.IndexFunc(all, func(c rulebook.Country) bool { return c.Rules.Code == "SE" })].Rules
		sweden.StateRequired = true
		if _, err := rulebook.UpdateCountry.Do(t.Context(), k, chief, sweden); err != nil {
			t.Fatal(err)
		}
		billing := partnerprofile.Billing{CompanyName: "Nordmolnet AB", Address: address, Contact: ida}
		if _, err := partnerprofile.UpdateBilling.Do(t.Context(), k, a, billing); !slices.Contains(fields(err), "address.state") {
			t.Errorf("without a state: %v", err)
		}
	})
}
