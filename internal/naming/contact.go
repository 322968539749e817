package naming

import (
	"unicode"
	"unicode/utf8"
)

// Part says which part of a person's name a text is.
type Part uint8

// The parts. The middle name may be empty or a single letter.
const (
	FirstName Part = iota
	MiddleName
	LastName
)

// Channel says how a name came in: the portal allows shorter names (CT04).
type Channel uint8

// The channels. Everything that is no form of the portal counts as REST.
const (
	Portal Channel = iota
	REST
)

// CheckContactName applies the rules CT01 to CT05 to one part of a person's
// name. field is the input member, as a path in wire names.
func (r Rules) CheckContactName(field string, part Part, channel Channel, name string) Verdict {
	v := Verdict{Value: Trim(name)}
	name = v.Value
	if name == "" && part == MiddleName {
		return v
	}
	length := utf8.RuneCountInString(name)
	limit := r.limits.contactName
	if channel == REST {
		limit = r.limits.contactNameREST
	}
	r.judge(&v, field, CT01, CT05, func(rule Rule) bool {
		switch rule {
		case CT01:
			return length == 0
		case CT02:
			return length == 1 && part != MiddleName && !chinese(name)
		case CT03:
			return r.lists[PlaceholderNames].matches(name)
		case CT04:
			return length > limit
		case CT05:
			return length > 0 && !hasLetter(name)
		}
		return false
	})
	switch {
	case v.Fault != nil && v.Fault.Key == CT04.Key() && channel == REST:
		v.Fault = tooLongOverREST.On(field)
	case v.Fault == nil && !Printable(name):
		v.Fault, v.Findings = UnprintableName.On(field), nil
	}
	return v
}

func chinese(name string) bool {
	for _, r := range name {
		if !unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return true
}

func hasLetter(name string) bool {
	for _, r := range name {
		if unicode.IsLetter(r) {
			return true
		}
	}
	return false
}
