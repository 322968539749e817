package qualification

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Code lets a partner make government customers of its customers, so many of
// them (rule C37, api-customers.md, section 12).
type Code struct {
	Partner      id.Tenant
	Code         string
	Organization string // for whom it was issued
	Max          int64
	Remaining    int64
	ChangedAt    time.Time
}

const codeColumns = `SELECT partner_id, code, organization, max_creates, remaining, changed_at FROM validation_codes`

var (
	codesOf   = db.SQL(codeColumns + ` WHERE partner_id = $1 ORDER BY partner_id, code`)
	codeOf    = db.SQL(codeColumns + ` WHERE partner_id = $1 AND code = $2`)
	useCode   = db.SQL(`UPDATE validation_codes SET remaining = remaining - 1, changed_at = $3 WHERE partner_id = $1 AND code = $2 AND remaining > 0`)
	issueCode = db.SQL(`INSERT INTO validation_codes (partner_id, code, organization, max_creates, remaining, changed_at) VALUES ($1, $2, $3, $4, $4, $5)`)
)

// use takes one customer off a code, and reports whether that was possible.
func use(ctx context.Context, u *op.Unit, partner id.Tenant, code string) (bool, error) {
	n, err := u.Exec(ctx, useCode, partner, code, db.Micros(u.Now))
	return n == 1, err
}

func (c *Code) fields(changed *int64) []any {
	return []any{&c.Partner, &c.Code, &c.Organization, &c.Max, &c.Remaining, changed}
}

// ListCodes returns the codes of the actor's organization.
var ListCodes = op.Define(op.Spec{Name: "qualification.codes", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Code, error) {
		return codes(ctx, u.Tx, u.Actor.Tenant)
	})

// InspectCodes returns the codes that a partner was given, for the operator (V-4).
var InspectCodes = op.Define(op.Spec{Name: "qualification.codes.inspect", Action: "partner.list"},
	func(ctx context.Context, u *op.Unit, partner id.Tenant) ([]Code, error) {
		return codes(ctx, u.Tx, partner)
	})

func codes(ctx context.Context, t *db.Tx, partner id.Tenant) ([]Code, error) {
	return db.All(ctx, t, codesOf, []any{partner}, func(row db.Row) (Code, error) {
		var c Code
		var changed int64
		err := row.Scan(c.fields(&changed)...)
		c.ChangedAt = db.Time(changed)
		return c, err
	})
}

// CodeOfCustomer returns the code by which a customer became a government
// customer, or refusal.NotFound.
var CodeOfCustomer = op.Define(op.Spec{Name: "qualification.code", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Customer) (Code, error) {
		all, err := Of(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return Code{}, err
		}
		for _, q := range all {
			if q.Qualification != GovernmentCloud || q.Vetting != Approved {
				continue
			}
			var c Code
			var changed int64
			found, err := u.Found(ctx, codeOf, []any{u.Actor.Tenant, q.ValidationCode}, c.fields(&changed)...)
			if c.ChangedAt = db.Time(changed); err != nil || found {
				return c, err
			}
		}
		return Code{}, refusal.NotFound
	})

// Refusals of codes.
var (
	// ErrNewCode refuses a code without text, organization or a number of customers.
	ErrNewCode = fault.New(fault.Invalid, "27002", "qualification.new_code")
	// ErrCodeTaken refuses a code that the partner has.
	ErrCodeTaken = fault.New(fault.Conflict, "1003", "qualification.code_taken")
)

// mostCreates is for how many customers one code may be good.
const mostCreates = 100_000

// Issue gives a partner a code (portal V-3).
var Issue = op.Define(op.Spec{Name: "qualification.code.issue", Action: "qualification.code.issue", Write: true},
	func(ctx context.Context, u *op.Unit, in Code) (Code, error) {
		in.Code, in.Organization = naming.Trim(in.Code), naming.Trim(in.Organization)
		var faults fault.List
		if in.Code == "" || len(in.Code) > 100 {
			faults.Add(ErrNewCode.On("code"))
		}
		if in.Organization == "" || len(in.Organization) > 255 {
			faults.Add(ErrNewCode.On("organizationName"))
		}
		if in.Max < 1 || in.Max > mostCreates {
			faults.Add(ErrNewCode.On("maxCreates"))
		}
		_, found, err := identity.PartnerOf(ctx, u.Tx, in.Partner)
		if err != nil {
			return Code{}, err
		}
		if !found {
			faults.Add(refusal.Property.On("partnerId"))
		}
		if err := faults.Err(); err != nil {
			return Code{}, err
		}
		in.Remaining, in.ChangedAt = in.Max, u.Now
		_, err = u.Exec(ctx, issueCode, in.Partner, in.Code, in.Organization, in.Max, db.Micros(u.Now))
		if db.IsUnique(err) {
			return Code{}, ErrCodeTaken.On("code")
		}
		if err != nil {
			return Code{}, err
		}
		return in, u.Record(ctx, op.Record{
			Operation: "issue_validation_code", Resource: "customer", Tenant: in.Partner,
			Data: map[string]string{"Organization": in.Organization},
		})
	})
