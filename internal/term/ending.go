package term

import "time"

// Policy is what an installation does at the end of a term that is not renewed:
// the setting subscriptions.endOfTerm (rule G16).
type Policy uint8

// The policies.
const (
	Grace30         Policy = iota // thirty days of grace (§17.1)
	ExtendedService               // the extended service term (§17.5)
)

// String returns p as the setting spells it: "grace30", "est".
func (p Policy) String() string {
	return [...]string{"grace30", "est"}[p]
}

// ParsePolicy returns the policy that the setting spells s, and whether there is one.
func ParsePolicy(s string) (Policy, bool) {
	for _, p := range []Policy{Grace30, ExtendedService} {
		if p.String() == s {
			return p, true
		}
	}
	return 0, false
}

// The days from which on the extended service term applies (§17.5).
var (
	extendedIfBought  = date(2025, time.April, 1)
	extendedIfEndedOn = date(2026, time.May, 4)
)

// Choice is what the partner chose for the end of a term.
type Choice uint8

// The choices. Undecided is auto-renew off without a scheduled action.
const (
	Undecided   Choice = iota
	Renew              // auto-renew is on
	CancelAtEnd        // the scheduled action Cancel at TermEnd
	Extend             // the scheduled action RenewToExtendedServiceTerm
)

// Ending is what happens when a term is over.
type Ending uint8

// The endings.
const (
	Renewed   Ending = iota // by a new term
	Extended                // by the extended service term: month by month, paid in advance
	Expired                 // thirty days of grace, then disabled
	Shut                    // disabled at once: it was suspended already
	Cancelled               // over at once, without grace
)

// Holding is a subscription at the end of its term, as far as it matters there.
type Holding struct {
	Term      Term
	Bought    time.Time // when it was bought or last renewed
	Suspended bool
	Choice    Choice
	Licences  bool // for licences; software, perpetual and Azure are never extended
}

// Ending returns what happens to h when its term is over (§17.1, §17.5).
func (p Policy) Ending(h Holding) Ending {
	switch {
	case h.Suspended:
		return Shut
	case h.Choice == Renew:
		return Renewed
	case p != ExtendedService || !h.extendable():
		return Expired
	case h.Choice == CancelAtEnd:
		return Cancelled
	}
	return Extended
}

func (h Holding) extendable() bool {
	return h.Licences && !Day(h.Bought).Before(extendedIfBought) && !h.Term.End.Before(extendedIfEndedOn)
}

// Status is the state of a subscription after its term.
type Status uint8

// The states (rules.md g.4).
const (
	StatusExpired  Status = iota // users and administrators go on as before
	StatusDisabled               // administrators only
	StatusDeleted                // nobody; the data are gone
)

// String returns s as the wire writes it: "expired", "disabled", "deleted".
func (s Status) String() string {
	return [...]string{"expired", "disabled", "deleted"}[s]
}

// Stage is a status and the day from which on a subscription has it.
type Stage struct {
	Status Status
	From   time.Time
}

// Stages returns what a subscription goes through, when its term is over and it
// ends so, from the day after the term to its deletion 120 days later (§17.1).
// One that goes on goes through none.
func (e Ending) Stages(t Term) []Stage {
	over := t.Renewal()
	after := func(days int) time.Time { return over.AddDate(0, 0, days) }
	switch e {
	case Expired:
		return []Stage{{StatusExpired, over}, {StatusDisabled, after(30)}, {StatusDeleted, after(120)}}
	case Shut:
		return []Stage{{StatusDisabled, over}, {StatusDeleted, after(120)}}
	case Cancelled:
		return []Stage{{StatusDeleted, over}}
	}
	return nil
}
