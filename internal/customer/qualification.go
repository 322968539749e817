package customer

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// Qualification is a special qualification of a customer (rule C37), in the
// spelling of the wire.
type Qualification string

// The qualifications that can be asked for.
const (
	Education        Qualification = "Education"
	GovernmentCloud  Qualification = "GovernmentCommunityCloud"
	StateOwnedEntity Qualification = "StateOwnedEntity"
)

// Vetting is where the vetting of a qualification stands (rule C38).
type Vetting string

// The states of a vetting.
const (
	VettingInReview Vetting = "InReview"
	VettingApproved Vetting = "Approved"
	VettingDenied   Vetting = "Denied"
)

// segments are the kinds of education establishments.
var segments = []string{"K12", "HigherEducation"}

// QualificationRequest asks for a special qualification.
type QualificationRequest struct {
	Qualification  Qualification
	Segment        string // K12 or HigherEducation, for Education
	Website        string // of the establishment; may be empty
	ValidationCode string // of the partner, for GovernmentCommunityCloud
}

// Qualified is a qualification that was asked for, and its vetting.
type Qualified struct {
	QualificationRequest
	Vetting   Vetting
	Reason    string // why it was denied
	CreatedAt time.Time
}

// Refusals of a qualification request.
var (
	// ErrQualification refuses a qualification that cannot be asked for.
	ErrQualification = fault.New(fault.Invalid, "900126", "customer.qualification.unknown")
	// ErrSegment refuses an education customer without one of the segments.
	ErrSegment = fault.New(fault.Invalid, "27002", "customer.qualification.segment")
	// ErrValidationCode refuses a government customer without the partner's code.
	ErrValidationCode = fault.New(fault.Invalid, "27002", "customer.qualification.code")
)

// check returns what is wrong with q (rule C37); field is the input member.
func (q QualificationRequest) check(field string) (faults fault.List) {
	switch q.Qualification {
	case Education:
		if q.Segment != segments[0] && q.Segment != segments[1] {
			faults.Add(ErrSegment.On(field+".educationSegment").With("Segments", segments))
		}
	case GovernmentCloud:
		if naming.Trim(q.ValidationCode) == "" {
			faults.Add(ErrValidationCode.On(field + ".validationCode"))
		}
	case StateOwnedEntity:
	default:
		faults.Add(ErrQualification.On(field + ".qualification"))
	}
	return faults
}

var (
	insertQualification = db.SQL(`INSERT INTO customer_qualifications
		(partner_id, customer_id, qualification, segment, website, validation_code, vetting, reason, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $8)`)
	qualificationsOf = db.SQL(`SELECT qualification, segment, website, validation_code, vetting, reason, created_at
		FROM customer_qualifications WHERE partner_id = $1 AND customer_id = $2 ORDER BY qualification`)
)

// insert stores q for a customer, to be vetted (rule C38).
func (q QualificationRequest) insert(ctx context.Context, u *op.Unit, partner, customer id.Tenant) error {
	_, err := u.Exec(ctx, insertQualification, partner, customer, q.Qualification, q.Segment, naming.Trim(q.Website),
		naming.Trim(q.ValidationCode), VettingInReview, db.Micros(u.Now))
	return err
}

// Qualifications returns the special qualifications that were asked for a
// customer, none for most.
var Qualifications = op.Define(op.Spec{Name: "customer.qualifications", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Ref) ([]Qualified, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		rows, err := u.Query(ctx, qualificationsOf, c.billedBy(), c.ID)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		all := []Qualified{}
		for rows.Next() {
			var q Qualified
			var created int64
			if err := rows.Scan(&q.Qualification, &q.Segment, &q.Website, &q.ValidationCode, &q.Vetting, &q.Reason, &created); err != nil {
				return nil, err
			}
			q.CreatedAt = db.Time(created)
			all = append(all, q)
		}
		return all, rows.Err()
	})
