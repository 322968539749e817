package verification

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/finding"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// autoApprove says whether a case without any finding is approved at once
// (rules C10, C25).
var autoApprove = op.DefineSetting(op.Setting{
	Name: "verification.autoApprove", Default: "false", Values: []string{"false", "true"}, Rule: "C25", Mark: "O",
	Effect: "setting.verification.auto_approve",
})

// Opening is what a case is opened about.
type Opening struct {
	Partner, Customer id.Tenant
	CustomerName      string // the original name
	Country           string
	Cause             Cause
	Findings          []finding.Finding
	Notes             string
}

// First returns the status with which a new account begins (rules C20, C25):
// Allowed when the operator lets accounts without findings pass, else
// UnderReview.
func First(u *op.Unit, findings []finding.Finding) Status {
	if len(findings) == 0 && u.Setting(autoApprove) == "true" {
		return Allowed
	}
	return UnderReview
}

// Open opens the first case of a new account, whose row was made with the status
// of First, and tells the log and the reviewers of it.
func Open(ctx context.Context, u *op.Unit, o Opening) error {
	c, err := o.newCase(u)
	if err != nil {
		return err
	}
	if err := c.insert(ctx, u); err != nil {
		return err
	}
	return c.announceOpened(ctx, u)
}

// AfterChange returns the status of an account that was changed (rule C20), and
// whether that is because it is verified anew. findings are those about the
// change.
func AfterChange(u *op.Unit, current Status, findings []finding.Finding) (Status, bool) {
	next, ok := current.After(Changed)
	if !ok || next != UnderReview {
		return current, false
	}
	if current == UnderReview {
		return UnderReview, true
	}
	return First(u, findings), true
}

// Reopen begins a new verification of an account that was changed (rule C20).
// When a case is open it starts anew with it, its clock included (rule C24).
// The row of the account is the caller's to write, together with the change:
// its status is that of AfterChange.
func Reopen(ctx context.Context, u *op.Unit, current Status, o Opening) error {
	if _, anew := AfterChange(u, current, o.Findings); !anew {
		return nil
	}
	c, err := o.newCase(u)
	if err != nil {
		return err
	}
	write := c.insert
	if current == UnderReview {
		found, err := u.Found(ctx, latestID, []any{o.Partner, o.Customer}, &c.ID)
		if err != nil {
			return err
		}
		if !found {
			return ErrNoRecord
		}
		c.Status, write = UnderReview, c.restart
	}
	if err := write(ctx, u); err != nil {
		return err
	}
	return c.announceOpened(ctx, u)
}

func (o Opening) newCase(u *op.Unit) (Case, error) {
	days, err := calendarOf(u)
	if err != nil {
		return Case{}, err
	}
	c := Case{
		ID: u.NewID(), Partner: o.Partner, Customer: o.Customer, Cause: o.Cause, Status: First(u, o.Findings),
		CustomerName: o.CustomerName, Country: o.Country, Findings: o.Findings, Notes: o.Notes,
		OpenedAt: u.Now, OpenedBy: u.Actor.UserName, DueAt: days.due(u.Now),
	}
	if c.Status == Allowed {
		c.DecidedAt = u.Now
	}
	return c, nil
}

func (c Case) insert(ctx context.Context, u *op.Unit) error {
	findings, err := c.findingsText()
	if err != nil {
		return err
	}
	_, err = u.Exec(ctx, insertCase, c.Partner, c.Customer, c.ID, c.Cause, c.Status, c.CustomerName, c.Country, findings, c.Notes,
		db.Micros(c.OpenedAt), c.OpenedBy, db.Micros(c.DueAt), db.Micros(c.DecidedAt), c.DecidedBy)
	return err
}

func (c Case) restart(ctx context.Context, u *op.Unit) error {
	findings, err := c.findingsText()
	if err != nil {
		return err
	}
	_, err = u.Exec(ctx, restartCase, c.Partner, c.Customer, c.ID, findings, c.Notes,
		db.Micros(c.OpenedAt), c.OpenedBy, db.Micros(c.DueAt))
	return err
}

func (c Case) announceOpened(ctx context.Context, u *op.Unit) error {
	err := u.Record(ctx, op.Record{
		Operation: "verification_opened", Resource: "customer", Tenant: c.Partner, Customer: c.Customer, CustomerName: c.CustomerName,
		Data: map[string]string{"Cause": string(c.Cause), "Status": string(c.Status)},
	})
	if err != nil {
		return err
	}
	return u.Emit(ctx, op.Event{
		Name: "verification-opened", Tenant: c.Partner, Customer: c.Customer,
		Resource: resource(c.Customer), Payload: map[string]string{"Case": c.ID, "By": c.OpenedBy, "Status": string(c.Status)},
	})
}

// resource is the path under which the wire knows the status.
func resource(customer id.Tenant) string {
	return "/v1/customers/" + string(customer) + "/validationstatus"
}
