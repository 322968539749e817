package wire

import (
	"reflect"
	"strings"
	"time"
)

// Time is an instant as the contract writes it: UTC with "Z", at most seven
// fractional digits without trailing zeros. The zero Time is "not set"; tag
// members with omitzero.
type Time struct{ time.Time }

// MarshalJSON writes t, for example "2026-03-04T05:06:07.0589308Z".
func (t Time) MarshalJSON() ([]byte, error) {
	return t.UTC().AppendFormat(nil, `"2006-01-02T15:04:05.9999999Z"`), nil
}

// UnmarshalJSON reads every form that ParseTime knows, and null.
func (t *Time) UnmarshalJSON(b []byte) error {
	s, ok := scalar(b)
	if !ok {
		return mismatch(b, reflect.TypeFor[time.Time]())
	}
	if s == "" {
		return nil
	}
	if t.Time, ok = ParseTime(s); !ok {
		return mismatch(b, reflect.TypeFor[time.Time]())
	}
	return nil
}

// layouts are the forms in which clients send instants; without a zone they
// mean UTC. Fractional digits may follow the seconds of each.
var layouts = []string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05",
	"2006-01-02T15:04",
	"2006-01-02",
	"1/2/2006 3:04:05 PM",
	"1/2/2006 15:04:05",
	"1/2/2006",
}

// ParseTime reads an instant in any form of section 4.4: ISO 8601 with or
// without zone and fraction, a date alone, and the two forms of .NET's invariant
// culture. The first instant of year 1 means "not set" and gives the zero time.
func ParseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	// ISO forms with a blank: between date and time, or where the query held the
	// "+" of a zone without encoding it.
	if len(s) > 10 && s[4] == '-' && strings.Contains(s, " ") {
		s = s[:10] + "T" + strings.Replace(s[11:], " ", "+", 1)
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() <= 1 {
				return time.Time{}, true
			}
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
