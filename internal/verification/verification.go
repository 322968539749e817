// Package verification vets the accounts of customers (rules C20 to C28): one
// case each time an account is opened or changed, decided by a reviewer of the
// operator, and until then a limit on what a partner may do for the customer.
package verification

import (
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
)

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
	Retried          Happening = "retried"
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

// Cause says why a case was opened.
type Cause string

// The causes, as the reviewers' queue shows them (V-2).
const (
	CauseNew        Cause = "new"
	CauseChanged    Cause = "changed"
	CauseInvitation Cause = "invitation"
	CauseAppeal     Cause = "appeal"
)

// Reason is why a reviewer rejected a case (rule C25).
type Reason string

// Reasons returns the reasons, in the order in which the form offers them.
func Reasons() []Reason {
	return []Reason{
		"name_mismatch", "address_mismatch", "registration_mismatch", "not_found", "test_data",
		"duplicate", "suspected_fraud", "sanction", "other",
	}
}

// Case is one vetting of an account.
type Case struct {
	ID                string
	Partner, Customer id.Tenant
	Cause             Cause
	Status            Status
	CustomerName      string // the original name
	Country           string
	// Findings are what the automatic checks noted. They reject nothing (rule C25).
	Findings []finding.Finding
	// Notes is what the partner wrote with an appeal.
	Notes                      string
	OpenedAt, DueAt, DecidedAt time.Time
	OpenedBy, DecidedBy        string // user names; DecidedBy is empty when the automatic checks decided
	Reason                     Reason
	ReasonText                 string
}

// Overdue reports whether c waits longer than it should at now (rule C26).
func (c Case) Overdue(now time.Time) bool { return c.Status == UnderReview && now.After(c.DueAt) }

// Refusals of verification.
var (
	// ErrNoRecord answers for an account from before there was verification.
	ErrNoRecord = fault.New(fault.NotFound, "600074", "verification.no_record")
	// ErrNotOpen refuses to decide a case that is not under review.
	ErrNotOpen = fault.New(fault.Conflict, "1003", "verification.not_open")
	// ErrNotRejected refuses an appeal against anything but a rejection.
	ErrNotRejected = fault.New(fault.Conflict, "1003", "verification.not_rejected")
	// ErrOwnOrganization refuses a reviewer who belongs to the organization judged.
	ErrOwnOrganization = fault.New(fault.Forbidden, "900150", "verification.own_organization")
	// ErrReason refuses a rejection without one of the known reasons, or without words.
	ErrReason = fault.New(fault.Invalid, "27002", "verification.reason")
	// ErrWhichPartner asks for the partner when the customer has several.
	ErrWhichPartner = fault.New(fault.Invalid, "2001", "verification.which_partner")
)
