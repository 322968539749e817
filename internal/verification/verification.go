// Package verification vets the accounts of customers (rules C20 to C28): one
// case each time an account is opened or changed, decided by a reviewer of the
// operator, and until then a limit on what a partner may do for the customer.
package verification

// Status is where the verification of one account stands: of the account that
// one partner has with one customer (rule C21). The values are those of the
// wire.
type Status string

// The statuses. None is an account from before there was verification.
const (
	None        Status = ""
	NotReady    Status = "Not Ready" // incomplete, the case has not begun
	UnderReview Status = "UnderReview"
	Allowed     Status = "Allowed"
	NotAllowed  Status = "NotAllowed"
	Unknown     Status = "Unknown" // the checker failed
)

// Statuses returns all statuses but None, in the order in which lists offer them.
func Statuses() []Status { return []Status{UnderReview, NotReady, NotAllowed, Unknown, Allowed} }

// ParseStatus returns the status that the wire calls s.
func ParseStatus(s string) (Status, bool) {
	for _, known := range Statuses() {
		if s == string(known) {
			return known, true
		}
	}
	return None, false
}

// Happening is what can happen to an account (rule C24).
type Happening string

// The happenings.
const (
	Opened           Happening = "opened"            // created with everything a reviewer needs
	OpenedIncomplete Happening = "opened_incomplete" // imported without
	Completed        Happening = "completed"
	Changed          Happening = "changed" // billing information or registration id (rule C20)
	Approved         Happening = "approved"
	Rejected         Happening = "rejected"
	Appealed         Happening = "appealed"
	CheckerFailed    Happening = "checker_failed"
	Retried          Happening = "retried" // by the clock, or by a reviewer
)

// Happenings returns all happenings.
func Happenings() []Happening {
	return []Happening{Opened, OpenedIncomplete, Completed, Changed, Approved, Rejected, Appealed, CheckerFailed, Retried}
}

// transitions is the state machine of rule C24.
var transitions = map[Status]map[Happening]Status{
	None:        {Opened: UnderReview, OpenedIncomplete: NotReady, Changed: UnderReview},
	NotReady:    {Completed: UnderReview, Changed: NotReady},
	UnderReview: {Approved: Allowed, Rejected: NotAllowed, CheckerFailed: Unknown, Changed: UnderReview},
	Allowed:     {Changed: UnderReview},
	NotAllowed:  {Changed: UnderReview, Appealed: UnderReview},
	Unknown:     {Changed: UnderReview, Retried: UnderReview},
}

// After returns the status of an account with status s after h. The second
// result is false when h cannot happen to it.
func (s Status) After(h Happening) (Status, bool) {
	next, ok := transitions[s][h]
	return next, ok
}
