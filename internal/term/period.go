package term

import "time"

// Period is the time that an invoice is for, from Start to End, both included.
type Period struct{ Start, End time.Time }

// BillingMonth returns the billing period of a charge event on day: its
// calendar month (§18.1).
func BillingMonth(day time.Time) Period {
	year, month, _ := Day(day).Date()
	return Period{Start: date(year, month, 1), End: date(year, month, monthLength(year, month))}
}

// Invoiced returns the first and the last day on which the invoice of the
// billing month p is made: the 6th and the 8th of the next one (§18.1).
func (p Period) Invoiced() (first, last time.Time) {
	return p.End.AddDate(0, 0, 6), p.End.AddDate(0, 0, 8)
}

// Due returns when an invoice of that date is to be paid: 60 days after (§18.1).
func Due(invoiced time.Time) time.Time { return Day(invoiced).AddDate(0, 0, 60) }

// AnniversaryMonth returns the legacy billing period in which day lies. It
// begins on the anniversary, a day of the month from 1 to 31, or on the last
// day of a shorter month (§18.1).
func AnniversaryMonth(day time.Time, anniversary int) Period {
	day = Day(day)
	begin := func(months int) time.Time {
		year, month := day.Year(), day.Month()+time.Month(months)
		return date(year, month, min(anniversary, monthLength(year, month)))
	}
	start, next := begin(0), begin(1)
	if day.Before(start) {
		start, next = begin(-1), start
	}
	return Period{Start: start, End: next.AddDate(0, 0, -1)}
}

// LegacyInvoiced returns the date of the invoice of the legacy period p: two
// days after its anniversary (§18.1).
func (p Period) LegacyInvoiced() time.Time { return p.Start.AddDate(0, 0, 2) }

// LegacyYears returns the periods that a legacy term of several years is
// charged for when it is billed yearly: those after the first start and end a
// month early, while the term keeps its end (§18.5).
func LegacyYears(start time.Time, years int) []Period {
	start = Day(start)
	periods := make([]Period, years)
	for k := range periods {
		first := start
		if k > 0 {
			first = addMonths(start, k*int(Year)-1)
		}
		periods[k] = Period{Start: first, End: lastDay(first, Year)}
	}
	return periods
}
