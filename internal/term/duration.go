// Package term knows the calendar of subscriptions: how long terms and charge
// cycles last and where they begin and end, when something can be taken back,
// and what follows the end of a term (spec: api-commerce.md §17 and §18.1).
//
// A day is a time.Time at midnight UTC. Ends are inclusive: a term that ends on
// 30 June covers that day and is renewed on 1 July.
package term

import (
	"strconv"
	"strings"
	"time"
)

// Day returns the day, in UTC, on which t lies.
func Day(t time.Time) time.Time {
	year, month, day := t.UTC().Date()
	return date(year, month, day)
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Days returns how many days there are from first to last, both counted.
func Days(first, last time.Time) int {
	return int(last.Sub(first)/(24*time.Hour)) + 1
}

// Duration is how long a full term lasts, in months.
type Duration int

// The durations that licences are sold for.
const (
	Month      Duration = 1
	Year       Duration = 12
	ThreeYears Duration = 36
)

// longest is the longest term that is read: ten years.
const longest Duration = 120

// String returns d as catalogues and the wire write it: "P1M", "P1Y", "P3Y".
func (d Duration) String() string {
	if d%Year == 0 {
		return "P" + strconv.Itoa(int(d/Year)) + "Y"
	}
	return "P" + strconv.Itoa(int(d)) + "M"
}

// ParseDuration reads a number of months or years in ISO 8601 ("P1M", "P3Y";
// "P12M" is a year), from one month to ten years, and reports whether s is one.
func ParseDuration(s string) (Duration, bool) {
	digits, isPeriod := strings.CutPrefix(s, "P")
	unit := Month
	digits, isMonths := strings.CutSuffix(digits, "M")
	if !isMonths {
		unit = Year
		var isYears bool
		if digits, isYears = strings.CutSuffix(digits, "Y"); !isYears {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(digits, 10, 8)
	d := Duration(n) * unit
	if !isPeriod || err != nil || d < Month || d > longest {
		return 0, false
	}
	return d, true
}

// Billing says how often a term is charged for. It is the billingCycle of the
// wire (§0.2); usage, which is charged for as it comes, has none here.
type Billing uint8

// The ways of billing.
const (
	Monthly Billing = iota + 1
	Annual
	Triennial
	OneTime // once, for the whole term
)

var billings = map[Billing]string{Monthly: "monthly", Annual: "annual", Triennial: "triennial", OneTime: "one_time"}

// String returns b as the wire writes it: "monthly", "one_time".
func (b Billing) String() string { return billings[b] }

// ParseBilling returns the billing that the wire calls s, and whether there is one.
func ParseBilling(s string) (Billing, bool) {
	for b, name := range billings {
		if name == s {
			return b, true
		}
	}
	return 0, false
}

// Fits reports whether a term of d can be billed so: its length is a whole
// number of charge cycles.
func (b Billing) Fits(d Duration) bool {
	months := b.months(d)
	return d >= Month && months > 0 && int(d)%months == 0
}

// months returns how long a charge cycle lasts in a term of d, 0 for no billing.
func (b Billing) months(d Duration) int {
	switch b {
	case Monthly:
		return int(Month)
	case Annual:
		return int(Year)
	case Triennial:
		return int(ThreeYears)
	case OneTime:
		return int(d)
	}
	return 0
}
