package gdapbulk

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

const (
	batchColumns = `partner_id, id, user_id, user_name, locale, job_id, kind, file, stage, total, made, known, refused, planned_at, started_at, finished_at`
	rowColumns   = `SELECT number, line, given, customer_id, customer_name, relationship_id, name, group_id, group_name, roles, duration, auto_extend,
		outcome, faults FROM gdap_batch_rows`
)

var (
	insertBatch = db.SQL(`INSERT INTO gdap_batches (` + batchColumns + `)
		VALUES ($1, $2, $3, $4, $5, '', $6, $7, 'planned', $8, $9, $10, $11, $12, 0, 0)`)
	readBatch   = db.SQL(`SELECT ` + batchColumns + ` FROM gdap_batches WHERE partner_id = $1 AND id = $2`)
	listBatches = db.SQL(`SELECT ` + batchColumns + ` FROM gdap_batches
		WHERE partner_id = $1 AND user_id = $2 AND id < $3 AND started_at > 0 ORDER BY id DESC LIMIT $4`)
	oldPlans   = db.SQL(`SELECT ` + batchColumns + ` FROM gdap_batches WHERE planned_at < $1 AND stage = 'planned' ORDER BY planned_at LIMIT 20`)
	oldBatches = db.SQL(`SELECT ` + batchColumns + ` FROM gdap_batches WHERE planned_at < $1 ORDER BY planned_at LIMIT 20`)

	startBatch = db.SQL(`UPDATE gdap_batches SET stage = 'waiting', job_id = $3, locale = $4, started_at = $5 WHERE partner_id = $1 AND id = $2`)
	growBatch  = db.SQL(`UPDATE gdap_batches SET stage = 'running', made = made + $3, known = known + $4, refused = refused + $5
		WHERE partner_id = $1 AND id = $2`)
	endBatch   = db.SQL(`UPDATE gdap_batches SET stage = $3, finished_at = $4 WHERE partner_id = $1 AND id = $2`)
	countBatch = db.SQL(`UPDATE gdap_batches SET
		total = (SELECT COUNT(*) FROM gdap_batch_rows WHERE partner_id = $1 AND batch_id = $2),
		made = (SELECT COUNT(*) FROM gdap_batch_rows WHERE partner_id = $1 AND batch_id = $2 AND outcome = 'made'),
		known = (SELECT COUNT(*) FROM gdap_batch_rows WHERE partner_id = $1 AND batch_id = $2 AND outcome = 'known'),
		refused = (SELECT COUNT(*) FROM gdap_batch_rows WHERE partner_id = $1 AND batch_id = $2 AND outcome = 'refused')
		WHERE partner_id = $1 AND id = $2`)
	dropBatch = db.SQL(`DELETE FROM gdap_batches WHERE partner_id = $1 AND id = $2`)
	dropRows  = db.SQL(`DELETE FROM gdap_batch_rows WHERE partner_id = $1 AND batch_id = $2`)

	insertRow = db.SQL(`INSERT INTO gdap_batch_rows (partner_id, batch_id, number, line, given, customer_id, customer_name, relationship_id, name,
		group_id, group_name, roles, duration, auto_extend, outcome, faults)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`)
	settleRow = db.SQL(`UPDATE gdap_batch_rows SET relationship_id = $4, outcome = $5, faults = $6 WHERE partner_id = $1 AND batch_id = $2 AND number = $3`)
	allRows   = db.SQL(rowColumns + ` WHERE partner_id = $1 AND batch_id = $2 AND number > $3 ORDER BY number LIMIT $4`)
	someRows  = db.SQL(rowColumns + ` WHERE partner_id = $1 AND batch_id = $2 AND outcome = $5 AND number > $3 ORDER BY number LIMIT $4`)
	leftRows  = db.SQL(rowColumns + ` WHERE partner_id = $1 AND batch_id = $2 AND (outcome = 'refused' OR outcome = 'ready') AND number > $3
		ORDER BY number LIMIT $4`)

	forgetRows = db.SQL(`DELETE FROM gdap_batch_rows WHERE customer_id = $1`)
	moveRows   = db.SQL(`UPDATE gdap_batch_rows SET customer_id = $2 WHERE customer_id = $1`)
)

func scanBatch(row db.Row) (Batch, error) {
	var b Batch
	var planned, started, finished int64
	err := row.Scan(&b.Partner, &b.ID, &b.User, &b.UserName, &b.locale, &b.job, &b.Kind, &b.File, &b.Stage, &b.Total, &b.Made, &b.Known, &b.Refused,
		&planned, &started, &finished)
	b.PlannedAt, b.StartedAt, b.FinishedAt = db.Time(planned), db.Time(started), db.Time(finished)
	return b, err
}

func scanRow(row db.Row) (Row, error) {
	var r Row
	var given, roles, faults string
	err := row.Scan(&r.Number, &r.Line, &given, &r.Customer, &r.CustomerName, &r.Relationship, &r.Name, &r.Group, &r.GroupName, &roles,
		&r.Duration, &r.AutoExtend, &r.Outcome, &faults)
	if err != nil {
		return r, err
	}
	for _, role := range strings.Fields(roles) {
		r.Roles = append(r.Roles, gdap.RoleID(role))
	}
	for line := range strings.Lines(faults) {
		f, err := fault.Parse(line)
		if err != nil {
			return r, err
		}
		r.Faults.Add(f)
	}
	if err := json.Unmarshal([]byte(given), &r.Given); err != nil {
		return r, fmt.Errorf("gdapbulk: row %d: %w", r.Number, err)
	}
	return r, nil
}

// faultLines returns faults as the table keeps them.
func faultLines(faults fault.List) (string, error) {
	lines := make([]string, len(faults))
	for i, f := range faults {
		var err error
		if lines[i], err = fault.Text(f); err != nil {
			return "", err
		}
	}
	return strings.Join(lines, "\n"), nil
}

// find returns a batch of partner, or refusal.NotFound.
func find(ctx context.Context, t *db.Tx, partner id.Tenant, batch string) (Batch, error) {
	found, err := db.All(ctx, t, readBatch, []any{partner, batch}, scanBatch)
	if err == nil && len(found) == 0 {
		err = refusal.NotFound
	}
	if err != nil {
		return Batch{}, err
	}
	return found[0], nil
}

// own returns one of the actor's own batches, or refusal.NotFound.
func own(ctx context.Context, u *op.Unit, batch string) (Batch, error) {
	b, err := find(ctx, u.Tx, u.Actor.Tenant, batch)
	if err == nil && b.User != u.Actor.User {
		return Batch{}, refusal.NotFound
	}
	return b, err
}

// rowsOf returns rows of a batch behind the one with a number, limit at most; those
// with an outcome, "" for all.
func rowsOf(ctx context.Context, t *db.Tx, b Batch, outcome Outcome, after int64, limit int) ([]Row, error) {
	if outcome == "" {
		return db.All(ctx, t, allRows, []any{b.Partner, b.ID, after, limit}, scanRow)
	}
	return db.All(ctx, t, someRows, []any{b.Partner, b.ID, after, limit, outcome}, scanRow)
}

// undone returns those rows of b behind the one with a number that Undone counts,
// limit at most.
func (b Batch) undone(ctx context.Context, t *db.Tx, after int64, limit int) ([]Row, error) {
	if b.Ended() {
		return db.All(ctx, t, leftRows, []any{b.Partner, b.ID, after, limit}, scanRow)
	}
	return rowsOf(ctx, t, b, Refused, after, limit)
}

// insert keeps b, which is planned, with its rows.
func (b Batch) insert(ctx context.Context, u *op.Unit, rows []Row) error {
	_, err := u.Exec(ctx, insertBatch, b.Partner, b.ID, b.User, b.UserName, b.locale, b.Kind, b.File, b.Total, b.Made, b.Known, b.Refused, db.Micros(b.PlannedAt))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := b.add(ctx, u.Tx, row); err != nil {
			return err
		}
	}
	return nil
}

func (b Batch) add(ctx context.Context, t *db.Tx, row Row) error {
	given, err := json.Marshal(row.Given)
	if err != nil {
		return fmt.Errorf("gdapbulk: row %d: %w", row.Number, err)
	}
	faults, err := faultLines(row.Faults)
	if err != nil {
		return err
	}
	roles := make([]string, len(row.Roles))
	for i, r := range row.Roles {
		roles[i] = string(r)
	}
	_, err = t.Exec(ctx, insertRow, b.Partner, b.ID, row.Number, row.Line, string(given), row.Customer, row.CustomerName, row.Relationship, row.Name,
		row.Group, row.GroupName, strings.Join(roles, " "), row.Duration, row.AutoExtend, row.Outcome, faults)
	return err
}

// settle keeps what became of a row of b.
func (b Batch) settle(ctx context.Context, t *db.Tx, row Row) error {
	faults, err := faultLines(row.Faults)
	if err != nil {
		return err
	}
	_, err = t.Exec(ctx, settleRow, b.Partner, b.ID, row.Number, row.Relationship, row.Outcome, faults)
	return err
}

// recount counts the rows of b anew and returns it as it is now.
func (b Batch) recount(ctx context.Context, t *db.Tx) (Batch, error) {
	if _, err := t.Exec(ctx, countBatch, b.Partner, b.ID); err != nil {
		return Batch{}, err
	}
	return find(ctx, t, b.Partner, b.ID)
}

// remove deletes everything about b.
func (b Batch) remove(ctx context.Context, u *op.Unit) error {
	if _, err := u.Exec(ctx, dropRows, b.Partner, b.ID); err != nil {
		return err
	}
	_, err := u.Exec(ctx, dropBatch, b.Partner, b.ID)
	return err
}

// Forget removes what batches know of a customer that is deleted (rule C40).
func Forget(ctx context.Context, u *op.Unit, customer id.Tenant) error {
	_, err := u.Exec(ctx, forgetRows, customer)
	return err
}

// Move makes the rows about the customer from those about into, in the unit that
// merges the two.
func Move(ctx context.Context, u *op.Unit, from, into id.Tenant, _ []id.User) error {
	_, err := u.Exec(ctx, moveRows, from, into)
	return err
}
