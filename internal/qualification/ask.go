package qualification

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

const columns = `SELECT q.partner_id, q.customer_id, q.qualification, q.segment, q.website, q.validation_code, q.vetting, q.reason, q.denials, q.asked_by,
	q.created_at, q.changed_at FROM customer_qualifications q`

var (
	put = db.SQL(`INSERT INTO customer_qualifications
		(partner_id, customer_id, qualification, segment, website, validation_code, vetting, reason, created_at, changed_at, denials, asked_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $8, $9, $10)
		ON CONFLICT (partner_id, customer_id, qualification) DO UPDATE SET segment = excluded.segment, website = excluded.website,
		validation_code = excluded.validation_code, vetting = excluded.vetting, reason = '', changed_at = excluded.changed_at,
		asked_by = excluded.asked_by, decided_by = ''`)
	ofCustomer = db.SQL(columns + ` WHERE q.partner_id = $1 AND q.customer_id = $2 ORDER BY q.qualification`)
)

func scan(row db.Row, more ...any) (Qualified, error) {
	var q Qualified
	var created, changed int64
	err := row.Scan(append([]any{
		&q.Partner, &q.Customer, &q.Qualification, &q.Segment, &q.Website, &q.ValidationCode, &q.Vetting, &q.Reason, &q.Denials, &q.AskedBy,
		&created, &changed,
	}, more...)...)
	q.CreatedAt, q.ChangedAt = db.Time(created), db.Time(changed)
	return q, err
}

// Of returns the qualifications that partner has asked for a customer.
func Of(ctx context.Context, t *db.Tx, partner, customer id.Tenant) ([]Qualified, error) {
	rows, err := t.Query(ctx, ofCustomer, partner, customer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []Qualified{}
	for rows.Next() {
		q, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, rows.Err()
}

// Held returns the qualifications that were approved, by which the catalogue is
// filtered. They say nothing of the verification of the account: both must be
// good to buy what only a school may buy (rule C39).
func Held(ctx context.Context, t *db.Tx, partner, customer id.Tenant) ([]Kind, error) {
	all, err := Of(ctx, t, partner, customer)
	var held []Kind
	for _, q := range all {
		if q.Vetting == Approved {
			held = append(held, q.Qualification)
		}
	}
	return held, err
}

// Customer is the input of operations about one customer.
type Customer struct{ ID id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (c Customer) ConcernsCustomer() id.Tenant { return c.ID }

// List returns the special qualifications that were asked for a customer, none
// for most; an indirect reseller sees those of its provider.
var List = op.Define(op.Spec{Name: "customer.qualifications", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Customer) ([]Qualified, error) {
		found, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, refusal.NotFound
		}
		r := found[len(found)-1]
		partner := r.Partner
		if r.Kind == relationship.IndirectReseller && r.Provider != "" {
			partner = r.Provider
		}
		return Of(ctx, u.Tx, partner, in.ID)
	})

// First keeps what was asked for a customer that is just being added (rule C5).
// The request was checked. A code that is the partner's makes a government
// customer at once; any other is for the reviewer.
func First(ctx context.Context, u *op.Unit, partner, customer id.Tenant, in Request) error {
	in = in.tidy()
	vetting := InReview
	if in.Qualification == GovernmentCloud {
		used, err := use(ctx, u, partner, in.ValidationCode)
		if err != nil {
			return err
		}
		if used {
			vetting = Approved
		}
	}
	return in.keep(ctx, u, partner, customer, vetting, 0)
}

func (q Request) keep(ctx context.Context, u *op.Unit, partner, customer id.Tenant, v Vetting, denials int64) error {
	_, err := u.Exec(ctx, put, partner, customer, q.Qualification, q.Segment, q.Website, q.ValidationCode, v, db.Micros(u.Now), denials, u.Actor.UserName)
	return err
}

// Asking is the input of Ask. Old is a request in the older form of the contract,
// which has no segment.
type Asking struct {
	Customer id.Tenant
	Request  Request
	Old      bool
}

// ConcernsCustomer implements op.Concerning.
func (a Asking) ConcernsCustomer() id.Tenant { return a.Customer }

// Ask asks for a special qualification of a customer of the actor's organization,
// or again for one that was denied (rules C37, C38). Government customers are
// approved at once when the code is good; all others wait for the operator.
var Ask = op.Define(op.Spec{Action: "customer.qualification", Write: true},
	func(ctx context.Context, u *op.Unit, in Asking) (Qualified, error) {
		r, err := resold(ctx, u, in.Customer)
		if err != nil {
			return Qualified{}, err
		}
		in.Request = in.Request.tidy()
		if faults := in.check(); len(faults) > 0 {
			return Qualified{}, faults.Err()
		}
		known, err := Of(ctx, u.Tx, r.Partner, r.Customer)
		if err != nil {
			return Qualified{}, err
		}
		if err := admit(known, in.Request.Qualification); err != nil {
			return Qualified{}, err
		}
		vetting, err := in.begin(ctx, u, r)
		if err != nil {
			return Qualified{}, err
		}
		if err := in.Request.keep(ctx, u, r.Partner, r.Customer, vetting, 0); err != nil {
			return Qualified{}, err
		}
		return announce(ctx, u, r, known, in.Request.Qualification, eventOf(vetting))
	})

// begin returns where the vetting begins, and checks what it takes to begin.
func (a Asking) begin(ctx context.Context, u *op.Unit, r relationship.Relation) (Vetting, error) {
	switch a.Request.Qualification {
	case GovernmentCloud:
		used, err := use(ctx, u, r.Partner, a.Request.ValidationCode)
		if err == nil && !used {
			err = ErrCode.On("validationCode")
		}
		return Approved, err
	case Education:
		return InReview, schoolAddress(ctx, u, r)
	case StateOwnedEntity:
	}
	return InReview, nil
}

// schoolAddress refuses a school whose contact has an address of somebody else's
// domain (rules C38, EM04).
func schoolAddress(ctx context.Context, u *op.Unit, r relationship.Relation) error {
	contact, err := relationship.PrimaryContactOf(ctx, u.Tx, r)
	if err != nil {
		return err
	}
	t, err := identity.TenantByID(ctx, u.Tx, r.Customer)
	if err != nil {
		return err
	}
	v := naming.Default().CheckEmail("qualification", contact.Email, naming.EmailContext{TenantDomains: []string{t.DefaultDomain}, Education: true})
	if v.Fault != nil {
		return v.Fault
	}
	return nil
}

// resold returns the relation with a customer that the actor's organization
// resells to in its own name.
func resold(ctx context.Context, u *op.Unit, customer id.Tenant) (relationship.Relation, error) {
	found, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, customer)
	if err != nil {
		return relationship.Relation{}, err
	}
	if len(found) == 0 {
		return relationship.Relation{}, refusal.NotFound
	}
	r := found[len(found)-1]
	if r.Kind != relationship.Reseller {
		return r, refusal.RF03
	}
	return r, nil
}

// The names of the events that the package leaves behind; their payload is a
// Notice (rule N8).
const (
	EventOpened  = "qualification-opened"
	EventDecided = "qualification-decided"
)

func eventOf(v Vetting) string {
	if v == InReview {
		return EventOpened
	}
	return EventDecided
}

// Notice is what those hear who wait for a decision or have to take it.
type Notice struct {
	Qualification Kind
	Vetting       Vetting
	Reason        string
	By            string // user name of who asked
	CustomerName  string // the original name
}

// entry is a qualification as the log keeps it: in the names of the wire.
type entry struct {
	Qualification Kind
	VettingStatus Vetting
	VettingReason string
}

func entryOf(all []Qualified, kind Kind) any {
	for _, q := range all {
		if q.Qualification == kind {
			return entry{q.Qualification, q.Vetting, q.Reason}
		}
	}
	return nil
}

// announce writes what became of a qualification where lists read it, to the log
// of the partner, and tells those who wait for it. before is how all stood.
func announce(ctx context.Context, u *op.Unit, r relationship.Relation, before []Qualified, kind Kind, event string) (Qualified, error) {
	all, err := Of(ctx, u.Tx, r.Partner, r.Customer)
	if err != nil {
		return Qualified{}, err
	}
	if err := relationship.SetQualification(ctx, u, r, string(Shown(all))); err != nil {
		return Qualified{}, err
	}
	var now Qualified
	for _, q := range all {
		if q.Qualification == kind {
			now = q
		}
	}
	err = u.Record(ctx, op.Record{
		Operation: "update_customer_qualification", Resource: "customer", Tenant: r.Partner, Customer: r.Customer, CustomerName: r.OriginalName,
		Old: entryOf(before, kind), New: entryOf(all, kind),
	})
	if err != nil {
		return Qualified{}, err
	}
	return now, u.Emit(ctx, op.Event{
		Name: event, Tenant: r.Partner, Customer: r.Customer, Resource: "/v1/customers/" + string(r.Customer) + "/qualifications",
		Payload: Notice{now.Qualification, now.Vetting, now.Reason, now.AskedBy, r.OriginalName},
	})
}

// check returns what is wrong with the request.
func (a Asking) check() fault.List {
	if a.Old && a.Request.Qualification == Education && a.Request.Segment == "" {
		return nil
	}
	return a.Request.Check("")
}
