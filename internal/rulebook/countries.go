package rulebook

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/op"
	"comptoir/internal/place"
)

// countryEntries is the prefix under which countries are written down: "country:FR".
const countryEntries = "country:"

// CountryRules is what the operator decides about a country (V-8). Patterns are
// regular expressions of RE2.
type CountryRules struct {
	Code string
	// Off countries are offered to nobody.
	Off    bool
	Market string // "" belongs to none: nothing is sold there

	RegistrationIDRequired, PhoneRequired                  bool
	StateRequired, CityRequired, PostalCodeRequired        bool
	RegistrationIDPattern, PostalCodePattern, PhonePattern string
}

// rulesOf returns the rules of a country as it is.
func rulesOf(c *place.Country) CountryRules {
	return CountryRules{
		Code: c.Code, Market: c.Market, RegistrationIDRequired: c.RegistrationIDRequired, PhoneRequired: c.PhoneRequired,
		StateRequired: c.StateRequired, CityRequired: c.CityRequired, PostalCodeRequired: c.PostalCodeRequired,
		RegistrationIDPattern: c.RegistrationID.String(), PostalCodePattern: c.PostalCode.String(), PhonePattern: c.Phone.String(),
	}
}

// apply returns c with the rules of r, or a fault for a pattern that is none.
func (r CountryRules) apply(c *place.Country) (*place.Country, error) {
	changed := *c
	changed.Market, changed.RegistrationIDRequired, changed.PhoneRequired = r.Market, r.RegistrationIDRequired, r.PhoneRequired
	changed.StateRequired, changed.CityRequired, changed.PostalCodeRequired = r.StateRequired, r.CityRequired, r.PostalCodeRequired
	changed.RegistrationIDSupported = c.RegistrationIDSupported || r.RegistrationIDRequired
	var l fault.List
	set := func(to **place.Pattern, source, field string) {
		if source == (*to).String() {
			return
		}
		p, err := place.NewPattern(source)
		if err != nil || source == "" || len(source) > patternMax {
			l.Add(ErrPattern.On(field))
			return
		}
		*to = p
	}
	set(&changed.RegistrationID, r.RegistrationIDPattern, "registrationIdPattern")
	set(&changed.PostalCode, r.PostalCodePattern, "postalCodePattern")
	set(&changed.Phone, r.PhonePattern, "phonePattern")
	changed.PostalCodePublished = c.PostalCodePublished || changed.PostalCode != c.PostalCode
	return &changed, l.Err()
}

// Try returns what the check of a registration id would say under r, before r is
// decided. It fails with ErrCountry or ErrPattern.
func (r CountryRules) Try(b op.Book, registration string) (place.Registration, error) {
	c, known := Known(b, r.Code)
	if !known {
		return place.Registration{}, ErrCountry.On("code")
	}
	tried, err := r.apply(c)
	if err != nil {
		return place.Registration{}, err
	}
	return tried.CheckRegistration("registration", registration, place.RegistrationOptions{}), nil
}

// patternMax is the longest pattern, in bytes.
const patternMax = 500

// Refusals about countries.
var (
	ErrCountry = fault.New(fault.NotFound, "2000", "rulebook.country")
	ErrPattern = fault.New(fault.Invalid, "2000", "rulebook.pattern")
	// ErrSeed refuses to waive what binds in the 24 countries of rule C16.
	ErrSeed = fault.New(fault.Invalid, "2000", "rulebook.seed")
	// ErrMarket refuses a market that there is not.
	ErrMarket = fault.New(fault.Invalid, "2000", "rulebook.market")
)

// atlases are the countries with what the operator decided: all, and those that he
// did not switch off.
type atlases struct{ all, offered *place.Atlas }

func atlasesOf(entries map[string]string) atlases {
	world, types := place.World(), decidedTypes(entries)
	changed := make(map[string]*place.Country)
	var off []string
	for code, text := range entries {
		var r CountryRules
		c, known := world.Country(code)
		if !known || json.Unmarshal([]byte(text), &r) != nil {
			continue // a type, or of another version of the program
		}
		if r.Off {
			off = append(off, c.Code)
		}
		if applied, err := r.apply(c); err == nil {
			changed[c.Code] = applied
		}
	}
	for code, of := range types {
		c, known := changed[code]
		if !known {
			c, known = world.Country(code)
		}
		if known {
			changed[code] = withTypes(c, of)
		}
	}
	a := atlases{all: world}
	if len(changed) > 0 {
		a.all = world.With(slices.Collect(maps.Values(changed))...)
	}
	a.offered = a.all
	if len(off) > 0 {
		a.offered = a.all.Without(off...)
	}
	return a
}

// Atlas returns the countries in force: the published ones with what the operator
// decided, without those that he switched off (V-8).
func Atlas(b op.Book) *place.Atlas { return op.Derived(b, countryEntries, atlasesOf).offered }

// All returns the countries of Atlas and those that the operator switched off, for
// lists of what is there already.
func All(b op.Book) *place.Atlas { return op.Derived(b, countryEntries, atlasesOf).all }

// Known returns the country of somebody who is there already, also where the
// operator switched it off since.
func Known(b op.Book, code string) (*place.Country, bool) { return All(b).Country(code) }

// AtlasFor is Atlas for the addresses of somebody who is there already: with his
// own country, where the operator switched it off since.
func AtlasFor(b op.Book, code string) *place.Atlas {
	atlas := Atlas(b)
	if _, offered := atlas.Country(code); offered {
		return atlas
	}
	if c, known := Known(b, code); known {
		return atlas.With(c)
	}
	return atlas
}

// Markets returns the published markets, sorted.
func Markets() []string {
	var all []string
	for _, c := range place.World().Countries("en") {
		if c.Market != "" && !slices.Contains(all, c.Market) {
			all = append(all, c.Market)
		}
	}
	slices.Sort(all)
	return all
}

// Country is a country with its rules in force and as published.
type Country struct {
	Rules, Published CountryRules
	// Types are its kinds of registration id, in their order; also those that the
	// operator switched off.
	Types []IDType
}

// Changed reports whether the operator decided otherwise.
func (c Country) Changed() bool {
	return c.Rules != c.Published || slices.ContainsFunc(c.Types, IDType.Changed)
}

// ListCountries returns all countries, also those that are switched off, by code
// (V-8).
var ListCountries = op.Define(op.Spec{Name: "setting.countries", Action: "setting.view"},
	func(_ context.Context, u *op.Unit, _ struct{}) ([]Country, error) {
		return op.Derived(u.Book(), countryEntries, listed).all, nil
	})

// list holds all countries; it is a type of its own beside the atlas that is made
// of the same entries.
type list struct{ all []Country }

func listed(entries map[string]string) list {
	var l list
	types := decidedTypes(entries)
	for _, c := range place.World().Countries("en") {
		one := Country{Rules: rulesOf(c), Published: rulesOf(c), Types: typesOf(c, types[c.Code])}
		var r CountryRules
		if json.Unmarshal([]byte(entries[c.Code]), &r) == nil {
			one.Rules = r
		}
		l.all = append(l.all, one)
	}
	slices.SortFunc(l.all, func(a, b Country) int { return strings.Compare(a.Rules.Code, b.Rules.Code) })
	return l
}

// UpdateCountry decides about a country. In the 24 countries of rule C16 a
// registration id and a phone number stay required. Rules that are the published
// ones strike out what was decided before.
var UpdateCountry = op.Define(op.Spec{Name: "setting.country.update", Action: "setting.update", Write: true},
	func(ctx context.Context, u *op.Unit, in CountryRules) (struct{}, error) {
		c, known := place.World().Country(in.Code)
		if !known {
			return struct{}{}, ErrCountry.On("code")
		}
		in.Code = c.Code
		if err := in.check(c); err != nil {
			return struct{}{}, err
		}
		old := rulesOf(c)
		for _, one := range listed(op.Derived(u.Book(), countryEntries, func(e map[string]string) map[string]string { return e })).all {
			if one.Rules.Code == c.Code {
				old = one.Rules
			}
		}
		if old == in {
			return struct{}{}, nil
		}
		entry := ""
		if in != rulesOf(c) {
			b, err := json.Marshal(in)
			if err != nil {
				return struct{}{}, err
			}
			entry = string(b)
		}
		if err := u.Enter(ctx, countryEntries+c.Code, entry); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "update_country_rule", Resource: "country_rule", Old: old, New: in, Data: map[string]string{"name": c.Code},
		})
	})

func (r CountryRules) check(c *place.Country) error {
	var l fault.List
	if c.RegistrationIDRequired && !r.RegistrationIDRequired {
		l.Add(ErrSeed.On("registrationIdRequired"))
	}
	if c.PhoneRequired && !r.PhoneRequired {
		l.Add(ErrSeed.On("phoneRequired"))
	}
	if r.Market != "" && !slices.Contains(Markets(), r.Market) {
		l.Add(ErrMarket.On("market"))
	}
	_, err := r.apply(c)
	for _, e := range fault.All(err) {
		l.Add(e)
	}
	return l.Err()
}
