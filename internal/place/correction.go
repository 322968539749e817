package place

import (
	"strings"
	"unicode"
)

// correct returns a, normalised but for the case of the postal code, with the usual slips of people and
// spreadsheets put right as far as they are recognised.
func (c *Country) correct(a Address) Address {
	for _, slip := range []func(*Country, *Address){
		lineMovedUp, stateInRegion, stateWithCountry, stateBehindCity, cityAndCodeSwapped, codeBesideCity, codeOfAnotherForm,
	} {
		slip(c, &a)
	}
	return a
}

// lineMovedUp fills an empty first line from the second.
func lineMovedUp(_ *Country, a *Address) {
	if a.AddressLine1 == "" {
		a.AddressLine1, a.AddressLine2, a.AddressLine3 = a.AddressLine2, a.AddressLine3, ""
	}
}

// stateInRegion moves a listed state from the region to its place. In the
// United States nothing may stay in the region.
func stateInRegion(c *Country, a *Address) {
	if a.Region == "" || len(c.States) == 0 {
		return
	}
	region := c.withoutCode(strings.ToUpper(a.Region))
	switch {
	case !c.hasState(region):
		return
	case a.State == "":
		a.State = region
	case c.withoutCode(a.State) != region:
		return
	}
	a.Region = ""
}

// stateWithCountry takes the country off a state in ISO 3166-2 form: "US-WA".
func stateWithCountry(c *Country, a *Address) {
	if len(c.States) > 0 {
		a.State = c.withoutCode(a.State)
	}
}

// withoutCode returns s without the code of c and a hyphen in front.
func (c *Country) withoutCode(s string) string { return strings.TrimPrefix(s, c.Code+"-") }

// stateBehindCity splits "Redmond, WA" and "Redmond WA 98052".
func stateBehindCity(c *Country, a *Address) {
	if a.State != "" || len(c.States) == 0 {
		return
	}
	codeBehindCity(c, a)
	city, state, found := cutLastWord(a.City)
	state = strings.ToUpper(state)
	if found && c.hasState(state) {
		a.City, a.State = strings.TrimRight(city, " ,"), state
	}
}

// cityAndCodeSwapped swaps a city and a postal code that stand in each other's place.
func cityAndCodeSwapped(c *Country, a *Address) {
	code := strings.ToUpper(a.City)
	if hasLetter(a.PostalCode) && !c.hasPostalCode(strings.ToUpper(a.PostalCode)) && c.hasPostalCode(code) {
		a.City, a.PostalCode = a.PostalCode, code
	}
}

// codeBesideCity splits "222 21 Lund" and "Lund 222 21".
func codeBesideCity(c *Country, a *Address) {
	if a.PostalCode != "" {
		return
	}
	for i := range len(a.City) {
		if a.City[i] != ' ' || !hasLetter(a.City[i:]) {
			continue
		}
		if code := strings.ToUpper(strings.TrimRight(a.City[:i], ",")); c.hasPostalCode(code) {
			a.PostalCode, a.City = code, strings.TrimSpace(a.City[i:])
			return
		}
	}
	codeBehindCity(c, a)
}

// codeBehindCity moves the postal code from behind the city to its place.
func codeBehindCity(c *Country, a *Address) {
	if a.PostalCode != "" {
		return
	}
	for i := range len(a.City) {
		if a.City[i] != ' ' {
			continue
		}
		if code := strings.ToUpper(a.City[i+1:]); c.hasPostalCode(code) && strings.ContainsAny(code, "0123456789") {
			a.PostalCode, a.City = code, strings.TrimRight(a.City[:i], " ,")
			return
		}
	}
}

// hasPostalCode reports whether code is one that only c's own pattern allows:
// the general pattern allows nearly every word.
func (c *Country) hasPostalCode(code string) bool {
	return c.PostalCodePublished && c.PostalCode.Matches(code)
}

// codeOfAnotherForm rewrites a postal code with the country in front ("L-1470",
// "SE-111 22"), with separators of another kind, or without the leading zero
// that a spreadsheet took.
func codeOfAnotherForm(c *Country, a *Address) {
	a.PostalCode = strings.ToUpper(a.PostalCode)
	if a.PostalCode == "" || c.PostalCode.Matches(a.PostalCode) {
		return
	}
	bare := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == '.' {
			return -1
		}
		return r
	}, a.PostalCode)
	for _, code := range []string{
		bare, strings.TrimPrefix(bare, c.Code), strings.TrimLeftFunc(bare, unicode.IsLetter), "0" + bare,
	} {
		if c.hasPostalCode(code) {
			a.PostalCode = code
			return
		}
		if spaced := c.spaced(code); spaced != code {
			a.PostalCode = spaced
			return
		}
	}
}

// spaced returns a postal code with the space or hyphen that its country writes
// and does not insist on: "11122" is "111 22" in Sweden, "00065" is "00-065" in
// Poland. It returns code as it is when there is no one place for it.
func (c *Country) spaced(code string) string {
	if !c.PostalCodePublished {
		return code
	}
	found := ""
	for _, separator := range []string{" ", "-"} {
		if !strings.Contains(c.PostalCode.String(), separator) || strings.Contains(code, separator) {
			continue
		}
		for i := 1; i < len(code); i++ {
			if spaced := code[:i] + separator + code[i:]; c.PostalCode.Matches(spaced) {
				if found != "" {
					return code
				}
				found = spaced
			}
		}
	}
	if found == "" {
		return code
	}
	return found
}

func cutLastWord(s string) (rest, word string, found bool) {
	i := strings.LastIndexAny(s, " ,")
	if i < 1 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
