package place

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
)

// maxRegistrationID bounds the IDs that are only warned about. Everything that
// is published is shorter.
const maxRegistrationID = 50

// Registration is a registration ID that was checked.
type Registration struct {
	// Type is the code of the type it is, "" where none is published or fits.
	Type string
	// Value is the normalised ID, which is stored and compared. Typed is the ID
	// grouped as it was entered, which is shown.
	Value, Typed string
	// Fault refuses the ID, nil when it may be used.
	Fault *fault.Error
	// Findings are what a reviewer should look at. A refused ID has none.
	Findings []finding.Finding
}

// RegistrationOptions are the settings that the check depends on.
type RegistrationOptions struct {
	// Type is the code of the type that the submitter chose, "" over REST, where
	// none is sent: then any type that is not personal may fit.
	Type string
	// RejectWhenUnsupported is the setting
	// customers.registrationId.rejectWhenUnsupported: an ID for a country that
	// does not require one is refused (600002), as the service used to.
	RejectWhenUnsupported bool
}

var (
	// Unsupported refuses a registration ID where none is wanted (600002).
	Unsupported = fault.New(fault.Invalid, "600002", "place.registration.unsupported")
	// PersonalID refuses the number of a person for an organisation (600050).
	PersonalID = fault.New(fault.Invalid, "600050", "place.registration.personal")
)

// Codes of the findings about registration IDs.
const (
	FindingIDForm       = "registration.form"
	FindingIDCheckDigit = "registration.checksum"
)

// CheckRegistration checks the registration ID of an organisation in c (C16 to
// C19). A missing one is RF-12, one of another form RF-13 with the arguments
// Pattern and Example. Wrong check digits, and forms that are not certain, are
// findings. field is the input member, as a path in wire names.
func (c *Country) CheckRegistration(field, typed string, o RegistrationOptions) Registration {
	typed = naming.Trim(typed)
	r := Registration{Typed: typed}
	switch {
	case typed == "" && c.RegistrationIDRequired:
		r.Fault = refusal.RF12.On(field)
	case typed == "":
	case o.RejectWhenUnsupported && !c.RegistrationIDRequired:
		r.Fault = Unsupported.On(field)
	case utf8.RuneCountInString(typed) > maxRegistrationID || !naming.Printable(typed):
		r.Fault = c.malformed(c.acceptable(o.Type)).On(field)
	case c.RegistrationIDRequired && len(c.RegistrationTypes) > 0:
		c.checkByType(&r, field, o.Type)
	default:
		c.checkGenerally(&r, field, o.Type)
	}
	return r
}

// acceptable returns the types an organisation may use: all that are not
// personal, or the chosen one of them; where all are personal, all of them.
func (c *Country) acceptable(chosen string) []*RegistrationType {
	var all, types []*RegistrationType
	for i := range c.RegistrationTypes {
		t := &c.RegistrationTypes[i]
		if chosen != "" && t.Code != chosen {
			continue
		}
		all = append(all, t)
		if !t.Personal {
			types = append(types, t)
		}
	}
	if c.onlyPersonal() {
		return all
	}
	return types
}

// onlyPersonal reports whether no type of c is one of organisations.
func (c *Country) onlyPersonal() bool {
	for i := range c.RegistrationTypes {
		if !c.RegistrationTypes[i].Personal {
			return false
		}
	}
	return true
}

// Greyed reports whether the form shows t of c as not available, because it is
// personal and another type is not.
func (c *Country) Greyed(t *RegistrationType) bool { return t.Personal && !c.onlyPersonal() }

// checkByType checks an ID of one of the countries that require one.
func (c *Country) checkByType(r *Registration, field, chosen string) {
	types := c.acceptable(chosen)
	if len(types) == 0 { // a type that the country does not have, or a personal one
		r.Fault = PersonalID.On(field)
		if !c.hasType(chosen) {
			r.Fault = c.malformed(c.acceptable("")).On(field)
		}
		return
	}
	uncertain := false
	written := normaliseID(r.Typed, true)
	for _, t := range types {
		if value, ok := c.match(t, r.Typed); ok {
			if r.accept(t, value) {
				return
			}
			continue
		}
		uncertain = uncertain || t.LowConfidence
	}
	switch {
	case r.Type != "": // fits a type, but not its check digits
		r.note(FindingIDCheckDigit, "place.registration.checksum", field, nil)
	case uncertain && written != "":
		r.Value = written
		r.note(FindingIDForm, "place.registration.form", field, map[string]any{"Example": types[0].Example})
	case c.isPersonal(r.Typed):
		r.Fault = PersonalID.On(field)
	default:
		r.Fault = c.malformed(types).On(field)
	}
}

// accept takes value as an ID of type t and reports whether its check digits
// are right. The first type that fits stays unless a later one fits better.
func (r *Registration) accept(t *RegistrationType, value string) bool {
	right := t.CheckDigitsRight(value)
	if r.Type == "" || right {
		r.Type, r.Value = t.Code, value
	}
	return right
}

// CheckDigitsRight reports whether the check digits of the normalised ID are
// right, or whether the type has none that are published.
func (t *RegistrationType) CheckDigitsRight(id string) bool {
	check := CheckDigits[t.CheckDigit]
	return check == nil || check(id)
}

// checkGenerally checks an ID where none is required: only its general form
// counts. One that was said to be of a type and does not look like it is noted.
func (c *Country) checkGenerally(r *Registration, field, chosen string) {
	r.Value = normaliseID(r.Typed, true)
	if !c.RegistrationID.Matches(r.Value) {
		r.Value = ""
		r.Fault = c.malformed(nil).On(field)
		return
	}
	for _, t := range c.acceptable(chosen) {
		if value, ok := c.match(t, r.Typed); ok {
			r.Type, r.Value = t.Code, value
			if !t.CheckDigitsRight(value) {
				r.note(FindingIDCheckDigit, "place.registration.checksum", field, nil)
			}
			return
		} else if chosen != "" {
			r.note(FindingIDForm, "place.registration.form", field, map[string]any{"Example": t.Example})
		}
	}
}

func (r *Registration) note(code, key, field string, args map[string]any) {
	r.Findings = append(r.Findings, finding.Finding{Code: code, Key: key, Field: field, Args: args})
}

func (c *Country) hasType(code string) bool {
	for i := range c.RegistrationTypes {
		if c.RegistrationTypes[i].Code == code {
			return true
		}
	}
	return false
}

// isPersonal reports whether typed has the form of a personal ID of c.
func (c *Country) isPersonal(typed string) bool {
	for i := range c.RegistrationTypes {
		t := &c.RegistrationTypes[i]
		if _, fits := c.match(t, typed); t.Personal && fits {
			return true
		}
	}
	return false
}

// malformed returns RF-13 with the form that an ID should have had: as a pattern
// for the wire, in words for people.
func (c *Country) malformed(types []*RegistrationType) *fault.Error {
	if len(types) == 0 {
		refused := refusal.RF13.With("Pattern", c.RegistrationID.String())
		if form := formOf(c.RegistrationID); form != "" {
			refused = refused.With("Forms", fault.Keys{form})
		}
		return refused
	}
	refused := refusal.RF13.With("Pattern", patterns(types)).With("Example", types[0].Example)
	if forms := formsOf(types); len(forms) > 0 {
		refused = refused.With("Forms", forms)
	}
	return refused
}

// RegistrationPattern returns the regular expression that IDs of organisations
// in c match in normalised form, for the wire, and an example, "" for none.
func (c *Country) RegistrationPattern() (pattern, example string) {
	types := c.acceptable("")
	if !c.RegistrationIDRequired || len(types) == 0 {
		return c.RegistrationID.String(), ""
	}
	return patterns(types), types[0].Example
}

// patterns joins the patterns of types to one regular expression.
func patterns(types []*RegistrationType) string {
	var b strings.Builder
	seen := make(map[string]bool, len(types))
	for _, t := range types {
		if seen[t.Pattern.String()] {
			continue
		}
		seen[t.Pattern.String()] = true
		if b.Len() > 0 {
			b.WriteByte('|')
		}
		b.WriteString(t.Pattern.String())
	}
	return b.String()
}

// normalise returns typed in the form that the pattern of t is made for.
func (t *RegistrationType) normalise(typed string) string {
	return normaliseID(typed, strings.ContainsRune(t.Pattern.String(), '/'))
}

// normaliseID returns an ID in upper case without spaces, dots and hyphens, and
// without slashes unless they are kept.
func normaliseID(typed string, keepSlash bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '.', r == '/' && !keepSlash, unicode.IsSpace(r), unicode.Is(unicode.Pd, r):
			return -1
		}
		return unicode.ToUpper(r)
	}, typed)
}
