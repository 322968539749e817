package gdap

import (
	"comptoir/internal/fault"
)

// Status is where a relationship stands (rule F3).
type Status string

// The statuses. Approved, Activating, Expiring, TerminationRequested and
// Terminating last a moment: a transaction that enters one leaves it as well.
const (
	Created              Status = "created"
	ApprovalPending      Status = "approvalPending"
	Approved             Status = "approved"
	Activating           Status = "activating"
	Active               Status = "active"
	Expiring             Status = "expiring"
	Expired              Status = "expired"
	TerminationRequested Status = "terminationRequested"
	Terminating          Status = "terminating"
	Terminated           Status = "terminated"
)

// Statuses returns all statuses in the order of a relationship's life.
func Statuses() []Status {
	return []Status{Created, ApprovalPending, Approved, Activating, Active, Expiring, Expired, TerminationRequested, Terminating, Terminated}
}

// Key is the catalogue key of the name of s.
func (s Status) Key() string {
	switch s {
	case Created:
		return "gdap.status.created"
	case ApprovalPending:
		return "gdap.status.approval_pending"
	case Approved:
		return "gdap.status.approved"
	case Activating:
		return "gdap.status.activating"
	case Active:
		return "gdap.status.active"
	case Expiring:
		return "gdap.status.expiring"
	case Expired:
		return "gdap.status.expired"
	case TerminationRequested:
		return "gdap.status.termination_requested"
	case Terminating:
		return "gdap.status.terminating"
	case Terminated:
	}
	return "gdap.status.terminated"
}

// Event is what happens to a relationship.
type Event string

// The events. The first four are the actions of requests (rule F4).
const (
	Lock      Event = "lockForApproval" // the partner asks the customer
	Approve   Event = "approve"
	Reject    Event = "reject"
	Terminate Event = "terminate"
	Lapse     Event = "lapse"    // nobody answered in time (rule F5)
	ReachEnd  Event = "reachEnd" // the end date came (rule F7)
	Proceed   Event = "proceed"  // a status that lasts a moment passes
)

// machine is rule F3 with section 21.3 of the interface: what an event makes of
// each status. What is not here is refused.
var machine = map[Status]map[Event]Status{
	Created:              {Lock: ApprovalPending},
	ApprovalPending:      {Approve: Approved, Reject: Terminated, Terminate: Terminated, Lapse: Expired},
	Approved:             {Proceed: Activating, Terminate: TerminationRequested},
	Activating:           {Proceed: Active, Terminate: TerminationRequested},
	Active:               {ReachEnd: Expiring, Terminate: TerminationRequested},
	Expiring:             {Proceed: Expired},
	TerminationRequested: {Proceed: Terminating},
	Terminating:          {Proceed: Terminated},
}

// ErrStatus refuses an event that a status does not know; argument Status.
var ErrStatus = fault.New(fault.Conflict, "2000", "gdap.wrong_status")

// After returns the status that follows s when e happens, or ErrStatus.
func (s Status) After(e Event) (Status, error) {
	next, ok := machine[s][e]
	if !ok {
		return s, ErrStatus.With("Status", fault.Keys{s.Key()})
	}
	return next, nil
}

// Path returns the statuses through which a relationship goes from s when e
// happens, up to one that lasts, or ErrStatus.
func (s Status) Path(e Event) ([]Status, error) {
	next, err := s.After(e)
	if err != nil {
		return nil, err
	}
	path := []Status{next}
	for {
		if next, err = next.After(Proceed); err != nil {
			return path, nil //nolint:nilerr // it has come where it stays
		}
		path = append(path, next)
	}
}

// Over reports whether a relationship has ended: nothing but its clean-up comes.
func (s Status) Over() bool { return s == Expired || s == Terminated }
