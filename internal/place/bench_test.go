package place_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"comptoir/internal/place"
)

func BenchmarkAddressCheck(b *testing.B) {
	for story, a := range map[string]place.Address{"Lund": lund(), "Redmond": redmond()} {
		b.Run(story, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a.Check(place.World(), "billingProfile.defaultAddress", place.Need{Billing: true})
			}
		})
	}
}

func BenchmarkAddressValidate(b *testing.B) {
	a := lund()
	b.ReportAllocs()
	for b.Loop() {
		a.Validate(place.World())
	}
}

func BenchmarkRegistrationID(b *testing.B) {
	for code, id := range map[string]string{"BR": "46.426.796/0001-40", "RU": "5001007329", "SE": "556233-7880"} {
		c := country(b, code)
		b.Run(code, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.CheckRegistration("companyProfile.organizationRegistrationNumber", id, place.RegistrationOptions{})
			}
		})
	}
}

func BenchmarkDial(b *testing.B) {
	c := country(b, "SE")
	b.ReportAllocs()
	for b.Loop() {
		c.Dial("046-12 34 56")
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("SE", "", "Lund", "222 21", "Bredgatan 4", "046-12 34 56", "a@b.se")
	f.Add("US", "WA", "Redmond, WA 98052", "", "1 Main St", "(425) 555-0100", "")
	f.Add("LU", "", "L-1470 Luxembourg", "L-1470", "", "+352 1", "x")
	f.Add("us", "US-WA", "\x00", "2110", "\xff", "\u202e", "@")
	f.Fuzz(func(t *testing.T, code, state, city, postal, line, phone, email string) {
		w := place.World()
		a := place.Address{Country: code, State: state, Region: state, City: city, PostalCode: postal, AddressLine1: line, AddressLine2: line, PhoneNumber: phone, EmailAddress: email}
		n := a.Normalised(w)
		if again := n.Normalised(w); again != n {
			t.Errorf("%+v is normalised again to %+v", n, again)
		}
		faults := a.Check(w, "", place.Need{Billing: true})
		if again := n.Check(w, "", place.Need{Billing: true}); len(again) != len(faults) {
			t.Errorf("normalised, the faults are %v, not %v", again, faults)
		}
		if len(faults) == 2 { // no first and last name
			for _, member := range []string{n.Country, n.State, n.City, n.PostalCode, n.AddressLine1, n.PhoneNumber, n.EmailAddress} {
				if !utf8.ValidString(member) || strings.ContainsAny(member, "\x00\r\n") {
					t.Errorf("%q passes", member)
				}
			}
		}
		v := a.Validate(w)
		for _, s := range v.Suggestions {
			if got := s.Validate(w); got.Status != place.Verified {
				t.Errorf("the suggestion %+v is %s: %v", s, got.Status, got.Invalid)
			}
		}
		if c, ok := w.Country(code); ok {
			c.PhoneFindings("f", phone)
		}
	})
}

func FuzzRegistrationID(f *testing.F) {
	for _, code := range seeds {
		f.Add(code, "5001007329", "", false)
	}
	f.Add("BR", "12.ABC.345/01DE-35", "CNPJ", true)
	f.Add("SE", "\xff\x00", "x", true)
	f.Fuzz(func(t *testing.T, code, typed, kind string, strict bool) {
		c, ok := place.World().Country(code)
		if !ok {
			return
		}
		o := place.RegistrationOptions{Type: kind, RejectWhenUnsupported: strict}
		r := c.CheckRegistration("f", typed, o)
		if r.Fault != nil {
			if r.Value != "" || r.Findings != nil {
				t.Errorf("%s %q is refused and kept as %q", code, typed, r.Value)
			}
			return
		}
		if !utf8.ValidString(r.Value) || len([]rune(r.Value)) > 50 || (r.Value == "") != (r.Typed == "") {
			t.Errorf("%s %q is kept as %q", code, typed, r.Value)
		}
		if again := c.CheckRegistration("f", r.Value, o); again.Value != r.Value || again.Fault != nil {
			t.Errorf("%s %q is kept as %q, and then as %q: %v", code, typed, r.Value, again.Value, again.Fault)
		}
		for name, check := range place.CheckDigits {
			if check(typed) && len(typed) < 9 {
				t.Errorf("%s passes %q", name, typed)
			}
		}
	})
}
