package verification

import (
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
)

// Cause says why a case was opened.
type Cause string

// The causes, as the reviewers' queue shows them (V-2).
const (
	CauseNew        Cause = "new"
	CauseChanged    Cause = "changed"
	CauseInvitation Cause = "invitation"
	CauseAppeal     Cause = "appeal"
)

// Causes returns the causes in the order in which lists offer them.
func Causes() []Cause { return []Cause{CauseNew, CauseChanged, CauseInvitation, CauseAppeal} }

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
	// Version changes with everything that a decision rests on.
	Version int64
	Cause   Cause
	Status  Status
	// Was is the status of the account before the case.
	Was          Status
	CustomerName string // the original name
	Country      string
	// Findings are what the automatic checks noted. They reject nothing (rule C25).
	Findings []finding.Finding
	// Changes are what the partner changed since the account was judged last.
	Changes []Change
	// Notes is what the partner wrote with an appeal.
	Notes                      string
	OpenedAt, DueAt, DecidedAt time.Time
	OpenedBy, DecidedBy        string // user names; DecidedBy is empty when the automatic checks decided
	Reason                     Reason
	ReasonText                 string
	// Assignee is the person of the operator who has the case in hand, "" for nobody.
	Assignee     id.User
	AssigneeName string
	// PausedAt is when the partner was asked; zero while nobody waits for it.
	PausedAt time.Time
	// OverdueAt is when the case was found overdue; zero when it was not.
	OverdueAt time.Time
	// Tries counts the automatic checks that failed.
	Tries int
	// Proposal is the rejection that waits for a second reviewer.
	Proposal Proposal
}

// Change is a member of the account that the partner changed. Field is its path
// in wire names ("billingProfile.companyName").
type Change struct{ Field, Before, After string }

// Proposal is the rejection of an account that was approved before, which a
// second reviewer has to confirm (V-2). By is empty when there is none.
type Proposal struct {
	By     id.User
	ByName string
	Reason Reason
	Text   string
}

// Open reports whether c waits for a decision.
func (c Case) Open() bool { return c.DecidedAt.IsZero() }

// Paused reports whether c waits for an answer of the partner.
func (c Case) Paused() bool { return !c.PausedAt.IsZero() }

// Overdue reports whether c waits longer than it should at now (rule C26). The
// clock of a case that waits for the partner stands still.
func (c Case) Overdue(now time.Time) bool {
	return c.Open() && !c.Paused() && now.After(c.DueAt)
}

// forPartner is c without what is between the reviewers.
func (c Case) forPartner() Case {
	c.Assignee, c.AssigneeName, c.DecidedBy, c.Proposal, c.Findings, c.Tries = "", "", "", Proposal{}, nil, 0
	return c
}

// Refusals of verification.
var (
	// ErrNoRecord answers for an account from before there was verification.
	ErrNoRecord = fault.New(fault.NotFound, "600074", "verification.no_record")
	// ErrNotOpen refuses to decide a case that is not under review.
	ErrNotOpen = fault.New(fault.Conflict, "1003", "verification.not_open")
	// ErrDecided refuses to decide a case that somebody has decided; arguments By
	// and Date.
	ErrDecided = fault.New(fault.Conflict, "1003", "verification.decided")
	// ErrChangedMeanwhile refuses a decision about data that has changed since.
	ErrChangedMeanwhile = fault.New(fault.Stale, "2055", "verification.changed_meanwhile")
	// ErrSecondReviewer refuses whoever proposed a rejection to confirm it.
	ErrSecondReviewer = fault.New(fault.Conflict, "1003", "verification.second_reviewer")
	// ErrFindings refuses to approve a case with findings among others, unseen.
	ErrFindings = fault.New(fault.Conflict, "1003", "verification.findings")
	// ErrPaused refuses to ask a partner that has not answered yet.
	ErrPaused = fault.New(fault.Conflict, "1003", "verification.paused")
	// ErrNotAsked refuses an answer that nobody waits for.
	ErrNotAsked = fault.New(fault.Conflict, "1003", "verification.not_asked")
	// ErrNotOverdue refuses to ask after a case that is in time; argument Date.
	ErrNotOverdue = fault.New(fault.Conflict, "1003", "verification.not_overdue")
	// ErrNotRejected refuses an appeal against anything but a rejection.
	ErrNotRejected = fault.New(fault.Conflict, "1003", "verification.not_rejected")
	// ErrNotUnknown refuses to check again what was checked.
	ErrNotUnknown = fault.New(fault.Conflict, "1003", "verification.not_unknown")
	// ErrOwnOrganization refuses a reviewer who belongs to the organization judged.
	ErrOwnOrganization = fault.New(fault.Forbidden, "900150", "verification.own_organization")
	// ErrReason refuses a rejection without one of the known reasons, or without words.
	ErrReason = fault.New(fault.Invalid, "27002", "verification.reason")
	// ErrText refuses a message without words, or with too many; argument Max.
	ErrText = fault.New(fault.Invalid, "27002", "verification.text")
	// ErrAssignee refuses to give a case to somebody who cannot decide it.
	ErrAssignee = fault.New(fault.Invalid, "2000", "verification.assignee")
	// ErrWhichPartner asks for the partner when the customer has several.
	ErrWhichPartner = fault.New(fault.Invalid, "2001", "verification.which_partner")
)
