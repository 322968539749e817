package verification

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// caseColumns are those of a Case, in the order of Case.fields.
const caseColumns = `v.partner_id, v.customer_id, v.id, v.version, v.cause, v.status, v.was, v.customer_name, v.country, v.findings, v.changes,
	v.notes, v.opened_at, v.opened_by, v.due_at, v.decided_at, v.decided_by, v.reason, v.reason_text, v.assignee, v.assignee_name,
	v.paused_at, v.overdue_at, v.tries, v.proposed_by, v.proposed_name, v.proposed_reason, v.proposed_text`

var casesOf = db.SQL(`SELECT ` + caseColumns + ` FROM verification_cases v
	WHERE v.partner_id = $1 AND v.customer_id = $2 ORDER BY v.id DESC LIMIT $3`)

// stored is what a row keeps of a Case in another form.
type stored struct {
	findings, changes                       string
	opened, due, decided, paused, overdueAt int64
}

// fields are where a row of caseColumns goes.
func (c *Case) fields(s *stored) []any {
	return []any{
		&c.Partner, &c.Customer, &c.ID, &c.Version, &c.Cause, &c.Status, &c.Was, &c.CustomerName, &c.Country, &s.findings, &s.changes,
		&c.Notes, &s.opened, &c.OpenedBy, &s.due, &s.decided, &c.DecidedBy, &c.Reason, &c.ReasonText, &c.Assignee, &c.AssigneeName,
		&s.paused, &s.overdueAt, &c.Tries, &c.Proposal.By, &c.Proposal.ByName, &c.Proposal.Reason, &c.Proposal.Text,
	}
}

// finish puts what s holds into c.
func (c *Case) finish(s stored) error {
	c.OpenedAt, c.DueAt, c.DecidedAt = db.Time(s.opened), db.Time(s.due), db.Time(s.decided)
	c.PausedAt, c.OverdueAt = db.Time(s.paused), db.Time(s.overdueAt)
	if err := parse(s.findings, &c.Findings); err != nil {
		return fmt.Errorf("findings of case %s: %w", c.ID, err)
	}
	if err := parse(s.changes, &c.Changes); err != nil {
		return fmt.Errorf("changes of case %s: %w", c.ID, err)
	}
	return nil
}

func parse(text string, into any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// text is the inverse of parse: JSON, or nothing for an empty list.
func text[T any](list []T) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	b, err := json.Marshal(list)
	return string(b), err
}

func (c Case) insert(ctx context.Context, u *op.Unit) error {
	findings, changes, err := c.texts()
	if err != nil {
		return err
	}
	_, err = u.Exec(ctx, insertCase, c.Partner, c.Customer, c.ID, c.Version, c.Cause, c.Status, c.Was, c.CustomerName, naming.Key(c.CustomerName),
		c.Country, findings, len(c.Findings), changes, c.Notes, db.Micros(c.OpenedAt), c.OpenedBy, db.Micros(c.DueAt), db.Micros(c.DecidedAt))
	return err
}

func (c Case) restart(ctx context.Context, u *op.Unit) error {
	findings, changes, err := c.texts()
	if err != nil {
		return err
	}
	_, err = u.Exec(ctx, restartCase, c.Partner, c.Customer, c.ID, c.Version, c.Status, findings, len(c.Findings), changes,
		db.Micros(c.OpenedAt), c.OpenedBy, db.Micros(c.DueAt), db.Micros(c.DecidedAt))
	return err
}

func (c Case) texts() (findings, changes string, err error) {
	if findings, err = text(c.Findings); err != nil {
		return "", "", err
	}
	changes, err = text(c.Changes)
	return findings, changes, err
}

// update writes a statement about c that takes its key and its version, which
// must be the one that was read.
func (c Case) update(ctx context.Context, u *op.Unit, s *db.Stmt, args ...any) error {
	n, err := u.Exec(ctx, s, append([]any{c.Partner, c.Customer, c.ID, c.Version}, args...)...)
	if err == nil && n == 0 {
		err = ErrChangedMeanwhile
	}
	return err
}

func queryCases(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Case, error) {
	rows, err := t.Query(ctx, s, args...)
	if err != nil {
		return nil, err
	}
	return scanCases(rows)
}

func scanCases(rows *sql.Rows) ([]Case, error) {
	defer rows.Close()
	var all []Case
	for rows.Next() {
		var c Case
		var s stored
		if err := rows.Scan(c.fields(&s)...); err != nil {
			return nil, err
		}
		if err := c.finish(s); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// latest returns the newest case of an account, or ErrNoRecord.
func latest(ctx context.Context, t *db.Tx, partner, customer id.Tenant) (Case, error) {
	found, err := queryCases(ctx, t, casesOf, partner, customer, 1)
	if err != nil {
		return Case{}, err
	}
	if len(found) == 0 {
		return Case{}, ErrNoRecord
	}
	return found[0], nil
}
