package verification

import (
	"context"
	"encoding/json"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/id"
)

const caseColumns = `SELECT partner_id, customer_id, id, cause, status, customer_name, country, findings, notes,
	opened_at, opened_by, due_at, decided_at, decided_by, reason, reason_text FROM verification_cases`

var (
	insertCase = db.SQL(`INSERT INTO verification_cases (partner_id, customer_id, id, cause, status, customer_name, country, findings, notes,
		opened_at, opened_by, due_at, decided_at, decided_by, reason, reason_text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', '')`)
	restartCase = db.SQL(`UPDATE verification_cases SET findings = $4, notes = $5, opened_at = $6, opened_by = $7, due_at = $8
		WHERE partner_id = $1 AND customer_id = $2 AND id = $3`)
	decideCase = db.SQL(`UPDATE verification_cases SET status = $4, decided_at = $5, decided_by = $6, reason = $7, reason_text = $8
		WHERE partner_id = $1 AND customer_id = $2 AND id = $3`)
	casesOf  = db.SQL(caseColumns + ` WHERE partner_id = $1 AND customer_id = $2 ORDER BY id DESC LIMIT $3`)
	latestID = db.SQL(`SELECT id FROM verification_cases WHERE partner_id = $1 AND customer_id = $2 ORDER BY id DESC LIMIT 1`)
	// The condition on the status is the one of the index, so that it is used.
	openCases = db.SQL(caseColumns + ` WHERE status = 'UnderReview' AND (due_at, id) > ($1, $2) ORDER BY due_at, id LIMIT $3`)
)

type scanner interface{ Scan(dest ...any) error }

func scanCase(row scanner) (Case, error) {
	var c Case
	var findings string
	var opened, due, decided int64
	err := row.Scan(&c.Partner, &c.Customer, &c.ID, &c.Cause, &c.Status, &c.CustomerName, &c.Country, &findings, &c.Notes,
		&opened, &c.OpenedBy, &due, &decided, &c.DecidedBy, &c.Reason, &c.ReasonText)
	if err != nil {
		return Case{}, err
	}
	c.OpenedAt, c.DueAt, c.DecidedAt = db.Time(opened), db.Time(due), db.Time(decided)
	if findings != "" {
		if err := json.Unmarshal([]byte(findings), &c.Findings); err != nil {
			return Case{}, fmt.Errorf("findings of case %s: %w", c.ID, err)
		}
	}
	return c, nil
}

// findingsText returns what the table keeps of findings: JSON, or nothing.
func (c Case) findingsText() (string, error) {
	if len(c.Findings) == 0 {
		return "", nil
	}
	text, err := json.Marshal(c.Findings)
	return string(text), err
}

func queryCases(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Case, error) {
	rows, err := t.Query(ctx, s, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Case
	for rows.Next() {
		c, err := scanCase(rows)
		if err != nil {
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
