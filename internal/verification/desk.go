package verification

import (
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// Account names the account that a partner has with a customer.
type Account struct{ Partner, Customer id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (a Account) ConcernsCustomer() id.Tenant { return a.Customer }

// Dossier is everything about the verification of one account.
type Dossier struct {
	Cases     []Case // the newest first
	Entries   []Entry
	Documents []Document
	// NeedsTwo says that the reader alone cannot reject the newest case.
	NeedsTwo bool
	// Others are the accounts that other partners have with the same customer.
	Others []relationship.Relation
}

// Inspect returns everything about one account to its reviewer. It refuses an
// account without any case with ErrNoRecord.
var Inspect = op.Define(op.Spec{Name: "verification.inspect", Action: "verification.view"},
	func(ctx context.Context, u *op.Unit, in Account) (Dossier, error) {
		var d Dossier
		var err error
		if d.Cases, err = queryCases(ctx, u.Tx, casesOf, in.Partner, in.Customer, historyLimit); err != nil {
			return d, err
		}
		if len(d.Cases) == 0 {
			return d, ErrNoRecord
		}
		d.NeedsTwo = d.Cases[0].needsTwo(u)
		if d.Entries, err = entriesOf(ctx, u.Tx, in); err != nil {
			return d, err
		}
		if d.Documents, err = documentsOf(ctx, u.Tx, in); err != nil {
			return d, err
		}
		all, err := relationship.Of(ctx, u.Tx, in.Customer)
		for _, r := range all {
			if r.Kind == relationship.Reseller && r.Partner != in.Partner {
				d.Others = append(d.Others, r)
			}
		}
		return d, err
	})

// Message is what a reviewer writes about the open case of an account.
type Message struct {
	Account
	Text string
}

// Note keeps a remark about a case between the reviewers.
var Note = op.Define(op.Spec{Name: "verification.note", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Message) (struct{}, error) {
		in.Text = strings.TrimSpace(in.Text)
		if err := checkText(in.Text); err != nil {
			return struct{}{}, err
		}
		c, err := ofOthers(ctx, u, in.Account)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, c.enter(ctx, u, Noted, in.Text)
	})

var pauseCase = db.SQL(`UPDATE verification_cases SET version = version + 1, paused_at = $5
	WHERE partner_id = $1 AND customer_id = $2 AND id = $3 AND version = $4`)

// Ask has the partner asked about an open case, whose clock stands still until
// it answers (rule C26, V-2). It refuses to ask twice with ErrPaused.
var Ask = op.Define(op.Spec{Name: "verification.ask", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Message) (Case, error) {
		in.Text = strings.TrimSpace(in.Text)
		if err := checkText(in.Text); err != nil {
			return Case{}, err
		}
		c, err := ofOthers(ctx, u, in.Account)
		switch {
		case err != nil:
			return Case{}, err
		case c.Status != UnderReview:
			return Case{}, ErrNotOpen
		case c.Paused():
			return Case{}, ErrPaused
		}
		if err := c.update(ctx, u, pauseCase, db.Micros(u.Now)); err != nil {
			return Case{}, err
		}
		c.Version, c.PausedAt = c.Version+1, u.Now
		if err := c.enter(ctx, u, Asked, in.Text); err != nil {
			return Case{}, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "verification_asked", Resource: "customer", Tenant: c.Partner, Customer: c.Customer, CustomerName: c.CustomerName,
			Data: map[string]string{"Text": in.Text},
		})
		if err != nil {
			return Case{}, err
		}
		return c, c.emit(ctx, u, "verification-asked")
	})

var resumeCase = db.SQL(`UPDATE verification_cases SET version = version + 1, paused_at = 0, due_at = $5
	WHERE partner_id = $1 AND customer_id = $2 AND id = $3 AND version = $4`)

// resume lets the clock of c go on.
func (c Case) resume(ctx context.Context, u *op.Unit) (Case, error) {
	due, err := c.resumed(u)
	if err != nil {
		return Case{}, err
	}
	if err := c.update(ctx, u, resumeCase, db.Micros(due)); err != nil {
		return Case{}, err
	}
	c.Version, c.PausedAt, c.DueAt = c.Version+1, time.Time{}, due
	return c, nil
}

// Assignment gives the open cases of accounts to a person of the operator; ""
// gives them back to all.
type Assignment struct {
	Accounts []Account
	To       id.User
}

var assignCase = db.SQL(`UPDATE verification_cases SET assignee = $4, assignee_name = $5
	WHERE partner_id = $1 AND customer_id = $2 AND id = $3`)

// Assign puts open cases into somebody's hands and returns how many. It refuses
// a person who cannot decide them with ErrAssignee. What is decided already stays
// as it is.
var Assign = op.Define(op.Spec{Name: "verification.assign", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Assignment) (int, error) {
		name := ""
		if in.To != "" {
			to, err := identity.UserByID(ctx, u.Tx, u.Actor.Tenant, in.To)
			if err != nil || !decides(to) {
				return 0, ErrAssignee.On("to")
			}
			name = to.DisplayName
		}
		n := 0
		for _, a := range in.Accounts[:min(len(in.Accounts), MaxBulk)] {
			c, err := latest(ctx, u.Tx, a.Partner, a.Customer)
			if err != nil {
				return n, err
			}
			if !c.Open() || c.Assignee == in.To {
				continue
			}
			if _, err := u.Exec(ctx, assignCase, c.Partner, c.Customer, c.ID, in.To, name); err != nil {
				return n, err
			}
			if err := c.enter(ctx, u, Assigned, name); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	})

// deciding are the roles that decide cases.
const deciding = policy.OperatorAdmin | policy.OperatorReviewer

// decides reports whether a person of the operator can decide cases.
func decides(n identity.User) bool {
	return n.Status == identity.UserActive && n.Roles&deciding != 0
}

// Reviewers returns the people of the operator who can decide cases.
var Reviewers = op.Define(op.Spec{Name: "verification.reviewers", Action: "verification.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]identity.User, error) {
		page, err := identity.UsersOf(ctx, u.Tx, identity.UserList{Tenant: u.Actor.Tenant, Role: deciding, Size: 500})
		if err != nil {
			return nil, err
		}
		return slices.DeleteFunc(page.Users, func(n identity.User) bool { return !decides(n) }), nil
	})
