package identity_test

import (
	"errors"
	"testing"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
)

// The operator decides how far a partner may owe; the partner reads it in its log
// (portal V-4).
func TestTheOperatorLimitsTheCreditOfAPartner(t *testing.T) {
	each(t, func(w *world) {
		p := must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{
			Name: "Bretagne Cloud SARL", Types: policy.DirectBill, Country: "FR", Market: "europe", Domain: "bretagne-cloud.example", Active: true,
		}))(w).Partner
		limit := func(number string) (identity.Credit, error) {
			return identity.LimitCredit.Do(w.Context(), w.k, cli(), identity.CreditChange{Tenant: p.Tenant, Limit: number})
		}
		file := func() identity.Credit {
			return must(identity.InspectPartner.Do(w.Context(), w.k, cli(), p.Tenant))(w).Credit
		}
		if got := file(); got.Limited {
			w.Errorf("enrolled with a limit of %s", got)
		}
		for number, want := range map[string]string{"25000.50": "25000.50 USD", "0": "0 USD", "1000000000": "1000000000 USD", "": ""} {
			if _, err := limit(number); err != nil {
				w.Errorf("%q: %v", number, err)
			}
			if got := file(); got.String() != want || got.Limited != (number != "") {
				w.Errorf("%q is kept as %q", number, got)
			}
		}
		for _, number := range []string{"-1", "1000000000.01", "12.345", "25,000", "much", "1e6", " 5"} {
			if _, err := limit(number); !errors.Is(err, identity.ErrCredit) {
				w.Errorf("%q: %v", number, err)
			}
		}
		if _, err := identity.LimitCredit.Do(w.Context(), w.k, cli(), identity.CreditChange{Tenant: "nobody"}); !errors.Is(err, identity.ErrTenantUnknown) {
			w.Errorf("nobody: %v", err)
		}
		closed := identity.PartnerClosed
		must(identity.UpdatePartner.Do(w.Context(), w.k, cli(), identity.PartnerChange{Tenant: p.Tenant, Status: &closed, Cause: "On request"}))(w)
		if _, err := limit("5"); !errors.Is(err, identity.ErrPartnerClosed) {
			w.Errorf("a closed partner: %v", err)
		}
	})
}
