package rulebook

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/place"
)

// TypeRules is what the operator decides about one kind of registration id of a
// country (V-8, rule C17).
type TypeRules struct {
	Country, Code string // "PL", "TIN"
	// Off types are not asked for and not accepted.
	Off bool
	// Pattern is the form of the id without spaces, dots and hyphens, a regular
	// expression of RE2; Example is an id that fits.
	Pattern, Example string
	// Strict refuses an id of another form (RF-13). Otherwise it is accepted and
	// noted for the reviewer.
	Strict bool
	// CheckDigits has the published check digits calculated, where there are any.
	CheckDigits bool
}

// IDType is one kind of registration id with its rules in force and as published.
type IDType struct {
	Rules, Published TypeRules
	Type             place.RegistrationType // as published
	// Personal types number people; no organisation may use them.
	Personal bool
}

// Changed reports whether the operator decided otherwise.
func (t IDType) Changed() bool { return t.Rules != t.Published }

// Refusals about kinds of registration ids.
var (
	// ErrExample refuses an example that is none: empty or too long.
	ErrExample = fault.New(fault.Invalid, "2000", "rulebook.type.example")
	// ErrNoMatch refuses a pattern that its example does not match; argument Example.
	ErrNoMatch = fault.New(fault.Invalid, "2000", "rulebook.type.no_match")
	// ErrLoose refuses a pattern that matches within longer texts.
	ErrLoose = fault.New(fault.Invalid, "2000", "rulebook.type.loose")
)

// exampleMax is the longest example, in characters.
const exampleMax = 50

// publishedType returns the rules of a kind of registration id as it is.
func publishedType(c *place.Country, t *place.RegistrationType) TypeRules {
	return TypeRules{
		Country: c.Code, Code: t.Code, Pattern: t.Pattern.String(), Example: t.Example, Strict: !t.LowConfidence, CheckDigits: t.CheckDigit != "",
	}
}

// apply returns t with the rules of r. The faults are those of the members "pattern"
// and "example".
func (r TypeRules) apply(c *place.Country, t place.RegistrationType) (place.RegistrationType, error) {
	var l fault.List
	if r.Example == "" || len([]rune(r.Example)) > exampleMax || !naming.Printable(r.Example) {
		l.Add(ErrExample.On("example"))
	}
	pattern, err := place.NewPattern(r.Pattern)
	if err != nil || r.Pattern == "" || len(r.Pattern) > patternMax {
		l.Add(ErrPattern.On("pattern"))
		return t, l.Err()
	}
	changed := t.With(pattern, r.Example)
	changed.LowConfidence = !r.Strict
	if !r.CheckDigits {
		changed.CheckDigit = ""
	}
	switch {
	case len(l) > 0:
	case !c.Fits(&changed, r.Example):
		l.Add(ErrNoMatch.On("pattern").With("Example", r.Example))
	case c.Fits(&changed, "~"+r.Example) || c.Fits(&changed, r.Example+"~"):
		l.Add(ErrLoose.On("pattern"))
	}
	return changed, l.Err()
}

// Try returns what the check of a registration id of the type would say under r,
// before r is decided. It fails with the faults of UpdateType.
func (r TypeRules) Try(b op.Book, registration string) (place.Registration, error) {
	c, t, err := findType(b, r.Country, r.Code)
	if err != nil {
		return place.Registration{}, err
	}
	applied, err := r.apply(c, t)
	if err != nil {
		return place.Registration{}, err
	}
	tried := *c
	tried.RegistrationIDRequired, tried.RegistrationTypes = true, []place.RegistrationType{applied}
	return tried.CheckRegistration("registration", registration, place.RegistrationOptions{Type: r.Code}), nil
}

// findType returns a country and one of its published types.
func findType(b op.Book, country, code string) (*place.Country, place.RegistrationType, error) {
	c, known := Known(b, country)
	if !known {
		return nil, place.RegistrationType{}, ErrCountry.On("code")
	}
	asPublished, _ := place.World().Country(country)
	for _, t := range asPublished.RegistrationTypes {
		if t.Code == code {
			return c, t, nil
		}
	}
	return nil, place.RegistrationType{}, ErrCountry.On("code")
}

// decidedTypes returns what the operator decided about types, by country and code.
// They are written down behind their country: "country:PL/TIN".
func decidedTypes(entries map[string]string) map[string]map[string]TypeRules {
	decided := make(map[string]map[string]TypeRules)
	for name, text := range entries {
		country, code, isType := strings.Cut(name, "/")
		var r TypeRules
		if !isType || json.Unmarshal([]byte(text), &r) != nil {
			continue
		}
		if decided[country] == nil {
			decided[country] = make(map[string]TypeRules)
		}
		decided[country][code] = r
	}
	return decided
}

// withTypes returns c with what was decided about its types. Where those of
// organisations are all switched off, none is left: ids of people, which c does not
// accept, do not become acceptable for it.
func withTypes(c *place.Country, decided map[string]TypeRules) *place.Country {
	changed := *c
	changed.RegistrationTypes = nil
	for _, t := range c.RegistrationTypes {
		r, known := decided[t.Code]
		if known && r.Off {
			continue
		}
		if known {
			if applied, err := r.apply(c, t); err == nil {
				t = applied
			}
		}
		changed.RegistrationTypes = append(changed.RegistrationTypes, t)
	}
	if !slices.ContainsFunc(changed.RegistrationTypes, func(t place.RegistrationType) bool { return !c.Greyed(&t) }) {
		changed.RegistrationTypes = nil
	}
	return &changed
}

// typesOf returns the types of a published country with what was decided.
func typesOf(c *place.Country, decided map[string]TypeRules) []IDType {
	all := make([]IDType, len(c.RegistrationTypes))
	for i := range c.RegistrationTypes {
		t := &c.RegistrationTypes[i]
		all[i] = IDType{Rules: publishedType(c, t), Published: publishedType(c, t), Type: *t, Personal: c.Greyed(t)}
		if r, known := decided[t.Code]; known {
			all[i].Rules = r
		}
	}
	return all
}

// UpdateType decides about a kind of registration id. A pattern that is none, that
// its example does not match, or that matches within longer texts is refused. Rules
// that are the published ones strike out what was decided before.
var UpdateType = op.Define(op.Spec{Name: "setting.country.type.update", Action: "setting.update", Write: true},
	func(ctx context.Context, u *op.Unit, in TypeRules) (struct{}, error) {
		c, t, err := findType(u.Book(), in.Country, in.Code)
		if err != nil {
			return struct{}{}, err
		}
		in.Country, in.Example = c.Code, naming.Trim(in.Example)
		in.CheckDigits = in.CheckDigits && t.CheckDigit != ""
		if _, err := in.apply(c, t); err != nil {
			return struct{}{}, err
		}
		published := publishedType(c, &t)
		old := published
		entries := op.Derived(u.Book(), countryEntries, func(e map[string]string) map[string]string { return e })
		if r, decided := decidedTypes(entries)[c.Code][t.Code]; decided {
			old = r
		}
		if old == in {
			return struct{}{}, nil
		}
		entry := ""
		if in != published {
			b, err := json.Marshal(in)
			if err != nil {
				return struct{}{}, err
			}
			entry = string(b)
		}
		if err := u.Enter(ctx, countryEntries+c.Code+"/"+t.Code, entry); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "update_country_rule", Resource: "country_rule", Old: old, New: in, Data: map[string]string{"name": c.Code, "type": t.Code},
		})
	})
