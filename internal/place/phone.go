package place

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"comptoir/internal/finding"
)

// FindingPhone is the code of the finding about a phone number that has the
// form of one but cannot be dialled in its country.
const FindingPhone = "phone.impossible"

// fitsPhone reports whether a phone number matches the pattern of c. The number
// is kept as typed: a leading plus sign and the calling code may be there or
// not, whatever the pattern says about them.
func (c *Country) fitsPhone(typed string) bool {
	typed = plainSpaces(typed)
	if c.Phone.Matches(typed) {
		return true
	}
	international, found := strings.CutPrefix(typed, "+")
	if !found {
		return false
	}
	if c.Phone.Matches(international) {
		return true
	}
	for _, code := range c.CallingCodes {
		if national, found := strings.CutPrefix(international, code); found && c.Phone.Matches(strings.TrimLeft(national, " -./")) {
			return true
		}
	}
	return false
}

// plainSpaces returns s with every kind of space written as " ".
func plainSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, s)
}

// Dial returns a phone number in c in the form in which it can be dialled from
// anywhere and compared with others, "+4646123456" (E.164). It returns "" for
// numbers that are too short or too long for their country, and where the
// numbering plan of c is not known and the number has no calling code.
func (c *Country) Dial(typed string) string {
	number, err := phonenumbers.Parse(plainSpaces(typed), c.numberingPlan())
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return ""
	}
	return phonenumbers.Format(number, phonenumbers.E164)
}

// numberingPlan returns the region as the phone library calls it, "ZZ" where it
// knows none.
func (c *Country) numberingPlan() string {
	if phonenumbers.GetCountryCodeForRegion(c.Code) == 0 {
		return "ZZ"
	}
	return c.Code
}

// PhoneFindings tells a reviewer when a phone number cannot be dialled in c. The
// number has passed Address.Check; field is the input member.
func (c *Country) PhoneFindings(field, typed string) []finding.Finding {
	if typed == "" || c.numberingPlan() == "ZZ" || c.Dial(typed) != "" {
		return nil
	}
	return []finding.Finding{{Code: FindingPhone, Key: "place.phone.impossible", Field: field}}
}
