package verification

import (
	"context"
	"slices"
	"time"

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
	// Changes are what was changed; nil for a new account.
	Changes []Change
	Notes   string
}

// First returns the status with which a new account begins (rules C20, C25):
// Allowed when the operator lets accounts without findings pass and nobody else
// is to be asked, else UnderReview.
func First(u *op.Unit, findings []finding.Finding) Status {
	if len(findings) == 0 && u.Setting(autoApprove) == "true" && u.Setting(lookUpURL) == "" {
		return Allowed
	}
	return UnderReview
}

// Open opens the first case of a new account, whose row was made with the status
// of First, and tells the log and the reviewers of it.
func Open(ctx context.Context, u *op.Unit, o Opening) error {
	c, err := o.newCase(u, None)
	if err != nil {
		return err
	}
	return c.begin(ctx, u)
}

// begin writes a new case and tells of it.
func (c Case) begin(ctx context.Context, u *op.Unit) error {
	if err := c.insert(ctx, u); err != nil {
		return err
	}
	if err := c.announceOpened(ctx, u); err != nil {
		return err
	}
	return c.haveLookedUp(ctx, u)
}

// AfterChange returns the status of an account that was changed (rule C20), and
// whether that is because it is verified anew. findings are those about the
// change.
func AfterChange(u *op.Unit, current Status, findings []finding.Finding) (Status, bool) {
	happened := Changed
	if current == NotReady { // whatever is saved is complete
		happened = Completed
	}
	next, ok := current.After(happened)
	if !ok || next != UnderReview {
		return current, false
	}
	if current == UnderReview {
		return UnderReview, true
	}
	return First(u, findings), true
}

// Reopen begins a new verification of an account that was changed (rule C20).
// When a case is open it starts anew with it, its clock included (rule C24), and
// whoever looks at it is not let decide about what he has not seen. The row of
// the account is the caller's to write, together with the change: its status is
// that of AfterChange.
func Reopen(ctx context.Context, u *op.Unit, current Status, o Opening) error {
	if _, anew := AfterChange(u, current, o.Findings); !anew {
		return nil
	}
	c, err := o.newCase(u, current)
	if err != nil {
		return err
	}
	if current != UnderReview && current != Unknown {
		return c.begin(ctx, u)
	}
	old, err := latest(ctx, u.Tx, o.Partner, o.Customer)
	if err != nil {
		return err
	}
	c.ID, c.Version, c.Was, c.Cause, c.Notes = old.ID, old.Version+1, old.Was, old.Cause, old.Notes
	c.Changes = merge(old.Changes, c.Changes)
	if err := c.restart(ctx, u); err != nil {
		return err
	}
	if err := c.enter(ctx, u, Restarted, ""); err != nil {
		return err
	}
	if err := c.announceOpened(ctx, u); err != nil {
		return err
	}
	return c.haveLookedUp(ctx, u)
}

// merge returns what two changes after each other have changed.
func merge(first, then []Change) []Change {
	merged := slices.Clone(first)
	for _, c := range then {
		i := slices.IndexFunc(merged, func(old Change) bool { return old.Field == c.Field })
		if i < 0 {
			merged = append(merged, c)
			continue
		}
		merged[i].After = c.After
	}
	return slices.DeleteFunc(merged, func(c Change) bool { return c.Before == c.After })
}

// newCase returns the case of an account whose status was was.
func (o Opening) newCase(u *op.Unit, was Status) (Case, error) {
	days, err := calendarOf(u)
	if err != nil {
		return Case{}, err
	}
	c := Case{
		ID: u.NewID(), Partner: o.Partner, Customer: o.Customer, Version: 1, Cause: o.Cause, Status: First(u, o.Findings), Was: was,
		CustomerName: o.CustomerName, Country: o.Country, Findings: o.Findings, Changes: o.Changes, Notes: o.Notes,
		OpenedAt: u.Now, OpenedBy: u.Actor.UserName, DueAt: days.due(u.Now),
	}
	if was == UnderReview { // nothing but a person ends what a person has begun
		c.Status = UnderReview
	}
	if c.Status == Allowed {
		c.DecidedAt = u.Now
	}
	return c, nil
}

func (c Case) announceOpened(ctx context.Context, u *op.Unit) error {
	err := u.Record(ctx, op.Record{
		Operation: "verification_opened", Resource: "customer", Tenant: c.Partner, Customer: c.Customer, CustomerName: c.CustomerName,
		Data: map[string]string{"Cause": string(c.Cause), "Status": string(c.Status)},
	})
	if err != nil {
		return err
	}
	return c.emit(ctx, u, "verification-opened")
}

// emit leaves an event about c behind: "verification-opened", "-overdue",
// "-decided", "-asked", "-answered", "-reminded" (rules C26, C27, N7). By is the
// user name of whoever submitted the account.
func (c Case) emit(ctx context.Context, u *op.Unit, name string) error {
	payload := map[string]string{
		"Case": c.ID, "By": c.OpenedBy, "Status": string(c.Status), "Cause": string(c.Cause), "CustomerName": c.CustomerName,
		"Due": c.DueAt.Format(time.RFC3339),
	}
	if c.Reason != "" {
		payload["Reason"], payload["Text"] = string(c.Reason), c.ReasonText
	}
	return u.Emit(ctx, op.Event{
		Name: name, Tenant: c.Partner, Customer: c.Customer, Resource: resource(c.Customer), Payload: payload,
	})
}

// resource is the path under which the wire knows the status.
func resource(customer id.Tenant) string {
	return "/v1/customers/" + string(customer) + "/validationstatus"
}

// resumed returns when a case is due whose clock goes on at now (rule C26).
func (c Case) resumed(u *op.Unit) (time.Time, error) {
	days, err := calendarOf(u)
	if err != nil || !c.Paused() || !c.PausedAt.Before(c.DueAt) {
		return c.DueAt, err
	}
	return days.plus(u.Now, days.between(c.PausedAt, c.DueAt)), nil
}

var (
	insertCase = db.SQL(`INSERT INTO verification_cases (partner_id, customer_id, id, version, cause, status, was, customer_name, name_key, country,
		findings, finding_count, changes, notes, opened_at, opened_by, due_at, decided_at, decided_by, reason, reason_text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, '', '', '')`)
	restartCase = db.SQL(`UPDATE verification_cases SET version = $4, status = $5, findings = $6, finding_count = $7, changes = $8,
		opened_at = $9, opened_by = $10, due_at = $11, decided_at = $12, paused_at = 0, overdue_at = 0, tries = 0,
		proposed_by = '', proposed_name = '', proposed_reason = '', proposed_text = ''
		WHERE partner_id = $1 AND customer_id = $2 AND id = $3`)
)
