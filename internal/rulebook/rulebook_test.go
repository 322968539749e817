package rulebook_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/place"
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

// The operator edits the word lists that name rules refer to: what an error of the
// documentation rests on is only added to (V-9; CN10, CT03, EM02).
func TestWordListsAreEditedWithinTheirBounds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		list := func(k *op.Kernel, of naming.List) rulebook.WordList {
			t.Helper()
			all, err := rulebook.ListWords.Do(t.Context(), k, chief, struct{}{})
			if err != nil {
				t.Fatal(err)
			}
			return all[of]
		}
		set := func(k *op.Kernel, of naming.List, entries ...string) error {
			_, err := rulebook.UpdateWords.Do(t.Context(), k, chief, rulebook.WordsChange{List: of.String(), Entries: entries})
			return err
		}
		findings := func(name string) int {
			return len(rulebook.Names(k.Book(), k.Sandbox).CheckCompanyName("name", name).Findings)
		}
		if findings("Prueba Nuage SAS") != 0 || findings("Test Nuage SAS") == 0 {
			t.Fatal("the published test words are not in force (CN10)")
		}
		if err := set(k, naming.TestWords, " Prueba ", "", "PRUEBA", "dummy"); err != nil {
			t.Fatal(err)
		}
		if findings("Prueba Nuage SAS") == 0 || findings("Test Nuage SAS") != 0 || findings("Dummy Nuage SAS") == 0 {
			t.Error("the edited test words are not in force")
		}
		words := list(k, naming.TestWords)
		if words.Bound || len(words.Entries) != 2 || len(words.Change.Added) != 1 || words.Change.Added[0] != "Prueba" || len(words.Change.Removed) == 0 {
			t.Errorf("the list reads %+v", words)
		}
		other := kernel(d)
		if err := other.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := list(other, naming.TestWords); len(got.Entries) != 2 {
			t.Errorf("another node has %v", got.Entries)
		}
		if _, err := rulebook.UpdateWords.Do(t.Context(), k, chief, rulebook.WordsChange{List: "test-words", Published: true}); err != nil {
			t.Fatal(err)
		}
		if findings("Prueba Nuage SAS") != 0 || findings("Test Nuage SAS") == 0 || !list(k, naming.TestWords).Change.IsZero() {
			t.Error("the list is not as published again")
		}

		for _, bound := range []naming.List{naming.SpecialCharacters, naming.RestrictedAbbreviations, naming.PlaceholderNames, naming.ReservedDomains, naming.FreeMailDomains} {
			l := list(k, bound)
			if !l.Bound {
				t.Errorf("%s is free", bound)
			}
			if err := set(k, bound, l.Entries[1:]...); len(l.Entries) > 1 && !errors.Is(err, naming.ErrBoundWord) {
				t.Errorf("%s without %q: %v", bound, l.Entries[0], err)
			}
		}
		reserved := list(k, naming.ReservedDomains).Entries
		if err := set(k, naming.ReservedDomains, append(reserved, "comptoir.example")...); err != nil {
			t.Fatal(err)
		}
		if v := rulebook.Names(k.Book(), false).CheckEmail("email", "a@mail.comptoir.example", naming.EmailContext{}); v.Fault == nil {
			t.Error("EM02: an added reserved domain is accepted")
		}
		if got := list(k, naming.ReservedDomains).Entries; len(got) != len(reserved)+1 {
			t.Errorf("reserved are %v", got)
		}

		sandbox := kernel(d)
		sandbox.Sandbox = true
		if err := set(sandbox, naming.PlaceholderNames, "nobody"); err != nil {
			t.Errorf("a list relaxed in a sandbox: %v", err)
		}
		if err := set(sandbox, naming.ReservedDomains, "comptoir.example"); !errors.Is(err, naming.ErrBoundWord) {
			t.Errorf("reserved domains stay in a sandbox too: %v", err)
		}
		for of, entry := range map[naming.List]string{
			naming.SpecialCharacters: "##", naming.TopLevelDomains: "com", naming.FreeMailDomains: "mail", naming.TestWords: "two words", naming.PlaceholderNames: "a\x00b",
		} {
			if err := set(k, of, append(list(k, of).Entries, entry)...); !errors.Is(err, naming.ErrWord) {
				t.Errorf("%s with %q: %v", of, entry, err)
			}
		}
		if err := set(k, naming.TestWords, " ", ""); !errors.Is(err, naming.ErrWords) {
			t.Errorf("an empty list: %v", err)
		}
		if _, err := rulebook.UpdateWords.Do(t.Context(), k, chief, rulebook.WordsChange{List: "colours"}); !errors.Is(err, rulebook.ErrWordList) {
			t.Errorf("no list: %v", err)
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

// The operator decides about each kind of registration id: its form, its example,
// whether it is accepted and how strictly it is checked (V-8; C17, RF-13).
func TestTypesOfRegistrationIDsAreDecided(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		tin := func(k *op.Kernel) rulebook.IDType {
			t.Helper()
			all, err := rulebook.ListCountries.Do(t.Context(), k, chief, struct{}{})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range all {
				if c.Rules.Code == "PL" && c.Types[0].Rules.Code == "TIN" {
					return c.Types[0]
				}
			}
			t.Fatal("the Polish TIN is not listed")
			return rulebook.IDType{}
		}
		set := func(r rulebook.TypeRules) error {
			_, err := rulebook.UpdateType.Do(t.Context(), k, chief, r)
			return err
		}
		check := func(k *op.Kernel, id string) place.Registration {
			c, _ := rulebook.Atlas(k.Book()).Country("PL")
			return c.CheckRegistration("id", id, place.RegistrationOptions{})
		}
		published := tin(k)
		if published.Changed() || published.Rules.Pattern != `^\d{10}$` {
			t.Fatalf("published %+v", published)
		}
		r := published.Rules
		r.Pattern, r.Example, r.CheckDigits = `^PL-?\d{12}$`, "PL123456789012", false
		if said, err := r.Try(k.Book(), "pl 123456789012"); err != nil || said.Fault != nil {
			t.Errorf("tried: %+v, %v", said, err)
		}
		if check(k, "PL123456789012").Fault == nil {
			t.Error("what was tried holds already")
		}
		if err := set(r); err != nil {
			t.Fatal(err)
		}
		other := kernel(d)
		if err := other.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, k := range map[string]*op.Kernel{"here": k, "another node": other} {
			if got := check(k, "PL123456789012"); got.Fault != nil || len(got.Findings) != 0 || got.Type != "TIN" {
				t.Errorf("%s, the new form: %+v", name, got)
			}
			got := check(k, "5260250274")
			if !errors.Is(got.Fault, refusal.RF13) || got.Fault.Args["Example"] != "PL123456789012" {
				t.Errorf("RF-13: %s, the old form: %+v", name, got.Fault)
			}
			if one := tin(k); !one.Changed() || one.Published != published.Rules || one.Rules != r {
				t.Errorf("%s: listed %+v", name, one)
			}
		}
		r.Strict = false
		if err := set(r); err != nil {
			t.Fatal(err)
		}
		if got := check(k, "5260250274"); got.Fault != nil || len(got.Findings) != 1 {
			t.Errorf("another form is noted alone: %+v", got)
		}
		r.Off = true
		if err := set(r); err != nil {
			t.Fatal(err)
		}
		// The ids of people do not become those of companies: every id is accepted.
		if c, _ := rulebook.Atlas(k.Book()).Country("PL"); len(c.RegistrationTypes) != 0 {
			t.Errorf("switched off, %+v are left", c.RegistrationTypes)
		}
		if got := check(k, "0000123456"); got.Fault != nil || got.Type != "" {
			t.Errorf("without types, an id is checked as %+v", got)
		}
		if got := check(k, "44051401359"); got.Type == "PESEL" {
			t.Errorf("the id of a person is one of a company: %+v", got)
		}
		poland := rulebook.CountryRules{}
		all, _ := rulebook.ListCountries.Do(t.Context(), k, chief, struct{}{})
		for _, c := range all {
			if c.Rules.Code == "PL" {
				poland = c.Rules
			}
		}
		poland.StateRequired = !poland.StateRequired
		if _, err := rulebook.UpdateCountry.Do(t.Context(), k, chief, poland); err != nil {
			t.Fatal(err)
		}
		if c, _ := rulebook.Atlas(k.Book()).Country("PL"); len(c.RegistrationTypes) != 0 || c.StateRequired != poland.StateRequired {
			t.Errorf("rules of the country and of its type do not hold together: %+v", c)
		}
		if err := set(published.Rules); err != nil {
			t.Fatal(err)
		}
		if got := check(k, "5260250274"); got.Fault != nil || tin(k).Changed() {
			t.Errorf("back to what is published: %+v", got)
		}

		for name, change := range map[string]struct {
			change func(*rulebook.TypeRules)
			want   error
			field  string
		}{
			"no expression":       {func(r *rulebook.TypeRules) { r.Pattern = "(" }, rulebook.ErrPattern, "pattern"},
			"nothing":             {func(r *rulebook.TypeRules) { r.Pattern = "" }, rulebook.ErrPattern, "pattern"},
			"too long":            {func(r *rulebook.TypeRules) { r.Pattern = "^" + strings.Repeat("a", 500) + "$" }, rulebook.ErrPattern, "pattern"},
			"too many repeats":    {func(r *rulebook.TypeRules) { r.Pattern = `^((\d{1000}){1000})$` }, rulebook.ErrPattern, "pattern"},
			"not the example":     {func(r *rulebook.TypeRules) { r.Pattern = `^\d{9}$` }, rulebook.ErrNoMatch, "pattern"},
			"within longer texts": {func(r *rulebook.TypeRules) { r.Pattern = `\d{10}` }, rulebook.ErrLoose, "pattern"},
			"before other text":   {func(r *rulebook.TypeRules) { r.Pattern = `^\d{10}` }, rulebook.ErrLoose, "pattern"},
			"behind other text":   {func(r *rulebook.TypeRules) { r.Pattern = `\d{10}$` }, rulebook.ErrLoose, "pattern"},
			"no example":          {func(r *rulebook.TypeRules) { r.Example = " " }, rulebook.ErrExample, "example"},
			"no type":             {func(r *rulebook.TypeRules) { r.Code = "XYZ" }, rulebook.ErrCountry, "code"},
			"no country":          {func(r *rulebook.TypeRules) { r.Country = "ZZ" }, rulebook.ErrCountry, "code"},
		} {
			r := published.Rules
			change.change(&r)
			err := set(r)
			if faults := fault.All(err); !errors.Is(err, change.want) || faults[0].Field != change.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		support := chief
		support.Roles = policy.OperatorSupport
		if _, err := rulebook.UpdateType.Do(t.Context(), k, support, r); !errors.Is(err, refusal.RF10) {
			t.Errorf("RF-10: support decides: %v", err)
		}
	})
}

// Every published type stands up to what is asked of the operator's own.
func TestPublishedTypesAreAccepted(t *testing.T) {
	k := kernel(dbtest.SQLite(t))
	all, err := rulebook.ListCountries.Do(t.Context(), k, chief, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		for _, one := range c.Types {
			if _, err := one.Published.Try(k.Book(), one.Published.Example); err != nil {
				t.Errorf("%s %s: %v", c.Rules.Code, one.Rules.Code, err)
			}
		}
	}
}
