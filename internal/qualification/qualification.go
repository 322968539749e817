// Package qualification keeps the special qualifications of customers, by which
// education establishments and public bodies buy what others cannot, and their
// vetting by the operator (rules C37 to C39).
package qualification

import (
	"slices"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
)

// Kind is a special qualification of a customer (rule C37), in the spelling of
// the wire.
type Kind string

// The qualifications that can be asked for.
const (
	Education        Kind = "Education"
	GovernmentCloud  Kind = "GovernmentCommunityCloud"
	StateOwnedEntity Kind = "StateOwnedEntity"
)

// Kinds returns all kinds, in the order in which forms offer them.
func Kinds() []Kind { return []Kind{Education, GovernmentCloud, StateOwnedEntity} }

// Vetting is where the vetting of a qualification stands (rule C38).
type Vetting string

// The states of a vetting.
const (
	InReview Vetting = "InReview"
	Approved Vetting = "Approved"
	Denied   Vetting = "Denied"
)

// Segments returns the kinds of education establishments.
func Segments() []string { return []string{"K12", "HigherEducation"} }

// Request asks for a special qualification.
type Request struct {
	Qualification  Kind
	Segment        string // one of Segments, for Education
	Website        string // of the establishment; may be empty
	ValidationCode string // of the partner, for GovernmentCloud
}

// Qualified is a qualification that was asked for, and its vetting.
type Qualified struct {
	Request
	Partner, Customer id.Tenant
	Vetting           Vetting
	Reason            string // why it was denied
	Denials           int64  // how often it was
	AskedBy           string // user name
	CreatedAt         time.Time
	ChangedAt         time.Time
}

// Holds reports whether q stands: it is approved, or may still be.
func (q Qualified) Holds() bool { return q.Vetting != Denied }

// Refusals of a request.
var (
	// ErrUnknown refuses a qualification that cannot be asked for.
	ErrUnknown = fault.New(fault.Invalid, "900126", "qualification.unknown")
	// ErrSegment refuses an education customer without one of the segments.
	ErrSegment = fault.New(fault.Invalid, "27002", "qualification.segment")
	// ErrWebsite refuses a website that is no address.
	ErrWebsite = fault.New(fault.Invalid, "27002", "qualification.website")
	// ErrCodeMissing refuses a government customer without the partner's code.
	ErrCodeMissing = fault.New(fault.Invalid, "27002", "qualification.code")
	// ErrCode refuses a code that is not the partner's, or is used up.
	ErrCode = fault.New(fault.Invalid, "27002", "qualification.code_unknown")
	// ErrOther refuses a qualification beside another one (rule C37).
	ErrOther = fault.New(fault.Conflict, "1003", "qualification.other")
	// ErrPending refuses to ask again while the vetting is under way.
	ErrPending = fault.New(fault.Conflict, "1003", "qualification.pending")
	// ErrHeld refuses to ask for what the customer has.
	ErrHeld = fault.New(fault.Conflict, "1003", "qualification.held")
	// ErrSupport refuses to ask a third time (rule C38).
	ErrSupport = fault.New(fault.Conflict, "1003", "qualification.support")
)

// mostDenials is how often a qualification may be denied before only the
// operator's support can help (rule C38).
const mostDenials = 2

// Check returns what is wrong with q (rule C37); field is the input member that
// holds it, "" for the input itself.
func (q Request) Check(field string) (faults fault.List) {
	if field != "" {
		field += "."
	}
	switch q.Qualification {
	case Education:
		if !slices.Contains(Segments(), q.Segment) {
			faults.Add(ErrSegment.On(field+"educationSegment").With("Segments", Segments()))
		}
		if !isWebsite(naming.Trim(q.Website)) {
			faults.Add(ErrWebsite.On(field + "website"))
		}
	case GovernmentCloud:
		if naming.Trim(q.ValidationCode) == "" {
			faults.Add(ErrCodeMissing.On(field + "validationCode"))
		}
	case StateOwnedEntity:
	default:
		faults.Add(ErrUnknown.On(field + "qualification"))
	}
	return faults
}

// tidy drops from q what does not belong to its kind.
func (q Request) tidy() Request {
	q.Website, q.ValidationCode = naming.Trim(q.Website), naming.Trim(q.ValidationCode)
	if q.Qualification != Education {
		q.Segment, q.Website = "", ""
	}
	if q.Qualification != GovernmentCloud {
		q.ValidationCode = ""
	}
	return q
}

// admit says whether a customer with the qualifications of all may ask for kind.
func admit(all []Qualified, kind Kind) error {
	for _, q := range all {
		switch {
		case q.Qualification == kind && q.Vetting == InReview:
			return ErrPending
		case q.Qualification == kind && q.Vetting == Approved:
			return ErrHeld
		case q.Qualification == kind && q.Denials >= mostDenials:
			return ErrSupport
		case q.Qualification == kind || !q.Holds():
		case kind == StateOwnedEntity, kind == Education && q.Qualification == StateOwnedEntity:
		default:
			return ErrOther
		}
	}
	return nil
}

// Shown returns the one qualification that lists show: one that was denied does
// not stand, and a state-owned entity that is something else too is that.
func Shown(all []Qualified) Kind {
	var kind Kind
	for _, q := range all {
		if q.Holds() && (kind == "" || q.Qualification != StateOwnedEntity) {
			kind = q.Qualification
		}
	}
	return kind
}
