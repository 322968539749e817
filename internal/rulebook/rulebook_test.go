package rulebook_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

func kernel(d *db.DB) *op.Kernel {
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	return k
}

var chief = op.Actor{Kind: policy.Operator, Tenant: "0b5e2f6e-0001-7000-8000-000000000009", Roles: policy.OperatorAdmin, User: "o"}

// The operator decides what breaking a name rule does, within what the
// documentation leaves open; other kernels on the database follow (V-9).
func TestNameRulesAreDecidedWithinTheirBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		set := func(rule naming.Rule, s naming.Severity) error {
			_, err := rulebook.UpdateName.Do(t.Context(), k, chief, rulebook.NameChange{ID: rule.String(), Severity: s})
			return err
		}
		acronym := func(k *op.Kernel) naming.Verdict {
			return rulebook.Names(k.Book(), k.Sandbox).CheckCompanyName("name", "ABC")
		}
		if v := acronym(k); v.Fault != nil || len(v.Findings) == 0 {
			t.Fatalf("CN09 by default: %+v", v)
		}
		if err := set(naming.CN09, naming.Error); err != nil {
			t.Fatal(err)
		}
		if v := acronym(k); v.Fault == nil {
			t.Error("CN09 made an error does not refuse")
		}
		other := kernel(d)
		if err := other.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := acronym(other); v.Fault == nil {
			t.Error("another node does not follow")
		}
		if err := set(naming.CN09, naming.Off); err != nil {
			t.Fatal(err)
		}
		if v := acronym(k); v.Fault != nil || len(v.Findings) != 0 {
			t.Errorf("CN09 switched off: %+v", v)
		}
		// CN02 is an error of the documentation: relaxed in a sandbox only.
		if err := set(naming.CN02, naming.Warning); !errors.Is(err, naming.Bound) {
			t.Errorf("CN02 relaxed: %v", err)
		}
		k = kernel(d)
		k.Sandbox = true
		if err := set(naming.CN02, naming.Warning); err != nil {
			t.Errorf("CN02 relaxed in a sandbox: %v", err)
		}
		if _, err := rulebook.UpdateName.Do(t.Context(), k, chief, rulebook.NameChange{ID: "CN99"}); !errors.Is(err, rulebook.ErrNameRule) {
			t.Errorf("an unknown rule: %v", err)
		}
		support := chief
		support.Roles = policy.OperatorSupport
		if _, err := rulebook.UpdateName.Do(t.Context(), k, support, rulebook.NameChange{ID: "CN09", Severity: naming.Error}); !errors.Is(err, refusal.RF10) {
			t.Errorf("RF-10: support decides: %v", err)
		}
	})
}

// The operator decides what a country asks for, its market, its patterns, and
// whether it is offered at all (V-8); what binds in the 24 countries stays (C16).
func TestCountriesAreDecidedWithinTheirBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		rules := func(code string) rulebook.CountryRules {
			t.Helper()
			all, err := rulebook.ListCountries.Do(t.Context(), k, chief, struct{}{})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range all {
				if c.Rules.Code == code {
					return c.Rules
				}
			}
			t.Fatalf("%s is not listed", code)
			return rulebook.CountryRules{}
		}
		set := func(r rulebook.CountryRules) error {
			_, err := rulebook.UpdateCountry.Do(t.Context(), k, chief, r)
			return err
		}
		published := rules("FR")
		france := published
		france.PhoneRequired, france.PostalCodePattern, france.Market = true, `^\d{4}$`, rules("US").Market
		if err := set(france); err != nil {
			t.Fatal(err)
		}
		c, _ := rulebook.Atlas(k.Book()).Country("FR")
		if !c.PhoneRequired || c.PostalCode.Matches("69003") || !c.PostalCode.Matches("6900") || c.Market != france.Market {
			t.Errorf("in force: %+v", c)
		}
		france.Off = true
		if err := set(france); err != nil {
			t.Fatal(err)
		}
		if _, offered := rulebook.Atlas(k.Book()).Country("FR"); offered {
			t.Error("a country that is switched off is offered")
		}
		if _, known := rulebook.Known(k.Book(), "FR"); !known {
			t.Error("who is there already has no country any more")
		}
		if err := set(published); err != nil {
			t.Fatal(err)
		}
		if c, _ := rulebook.Atlas(k.Book()).Country("FR"); c == nil || c.PhoneRequired {
			t.Error("what was decided is not taken back")
		}

		poland := rules("PL")
		poland.RegistrationIDRequired, poland.PhoneRequired, poland.Market, poland.PhonePattern = false, false, "MOON", "("
		err := set(poland)
		for _, want := range []error{rulebook.ErrSeed, rulebook.ErrMarket, rulebook.ErrPattern} {
			if !errors.Is(err, want) {
				t.Errorf("%v is missing in %v", want, err)
			}
		}
		if err := set(rulebook.CountryRules{Code: "ZZ"}); !errors.Is(err, rulebook.ErrCountry) {
			t.Errorf("no country: %v", err)
		}
	})
}
