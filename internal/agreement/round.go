package agreement

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// RoundStage says where a round is in its life.
type RoundStage string

// The stages.
const (
	RoundPlanned   RoundStage = "planned" // can still be corrected
	RoundWaiting   RoundStage = "waiting" // started, and not taken up yet
	RoundRunning   RoundStage = "running"
	RoundDone      RoundStage = "done"
	RoundFailed    RoundStage = "failed"    // rows that have their outcome keep it
	RoundCancelled RoundStage = "cancelled" // likewise
)

// Active reports whether a job works, or will work, on a round at the stage s.
func (s RoundStage) Active() bool { return s == RoundWaiting || s == RoundRunning }

// RoundOutcome is what became, or will become, of a row of a round.
type RoundOutcome string

// The outcomes.
const (
	RowReady   RoundOutcome = "ready" // will be confirmed
	RowMade    RoundOutcome = "made"
	RowKnown   RoundOutcome = "known" // was confirmed before by the same person: RF-21
	RowRefused RoundOutcome = "refused"
)

// Round is a round of attestations: one for each of many customers, planned,
// looked at, and then recorded by a job (rules AG3, AG8; portal 0.3).
type Round struct {
	Partner  id.Tenant
	ID       string
	User     id.User // whose it is
	UserName string
	Stage    RoundStage
	// Total counts the rows, Made, Known and Refused those with that outcome.
	Total, Made, Known, Refused int64

	PlannedAt, StartedAt, FinishedAt time.Time // zero until then

	locale, job string
}

// Ready counts the rows that are left to be confirmed.
func (r Round) Ready() int64 { return r.Total - r.Made - r.Known - r.Refused }

// Of counts the rows with an outcome, "" for all.
func (r Round) Of(o RoundOutcome) int64 {
	switch o {
	case RowReady:
		return r.Ready()
	case RowMade:
		return r.Made
	case RowKnown:
		return r.Known
	case RowRefused:
		return r.Refused
	}
	return r.Total
}

// RoundRow is one customer of a round.
type RoundRow struct {
	Number      int64 // from 1
	Customer    id.Tenant
	Name        string // the original name, "" for one that is no customer
	Attestation Attestation
	Outcome     RoundOutcome
	// Fault says why it was refused, nil otherwise.
	Fault *fault.Error
}

const (
	roundColumns = `partner_id, id, user_id, user_name, locale, job_id, stage, total, made, known, refused, planned_at, started_at, finished_at`
	rowColumns   = `SELECT number, customer_id, name, first_name, last_name, email, phone, agreed_at, outcome, fault FROM agreement_round_rows`
)

var (
	insertRound = db.SQL(`INSERT INTO agreement_rounds (` + roundColumns + `)
		VALUES ($1, $2, $3, $4, $5, '', 'planned', 0, 0, 0, 0, $6, 0, 0)`)
	readRound  = db.SQL(`SELECT ` + roundColumns + ` FROM agreement_rounds WHERE partner_id = $1 AND id = $2`)
	listRounds = db.SQL(`SELECT ` + roundColumns + ` FROM agreement_rounds
		WHERE partner_id = $1 AND user_id = $2 AND id < $3 AND started_at > 0 ORDER BY id DESC LIMIT $4`)
	oldPlans  = db.SQL(`SELECT ` + roundColumns + ` FROM agreement_rounds WHERE planned_at < $1 AND stage = 'planned' ORDER BY planned_at LIMIT 20`)
	oldRounds = db.SQL(`SELECT ` + roundColumns + ` FROM agreement_rounds WHERE planned_at < $1 ORDER BY planned_at LIMIT 20`)

	startRound = db.SQL(`UPDATE agreement_rounds SET stage = 'waiting', job_id = $3, locale = $4, started_at = $5 WHERE partner_id = $1 AND id = $2`)
	runRound   = db.SQL(`UPDATE agreement_rounds SET stage = 'running' WHERE partner_id = $1 AND id = $2`)
	endRound   = db.SQL(`UPDATE agreement_rounds SET stage = $3, finished_at = $4 WHERE partner_id = $1 AND id = $2`)
	countRound = db.SQL(`UPDATE agreement_rounds SET
		total = (SELECT COUNT(*) FROM agreement_round_rows WHERE partner_id = $1 AND round_id = $2),
		made = (SELECT COUNT(*) FROM agreement_round_rows WHERE partner_id = $1 AND round_id = $2 AND outcome = 'made'),
		known = (SELECT COUNT(*) FROM agreement_round_rows WHERE partner_id = $1 AND round_id = $2 AND outcome = 'known'),
		refused = (SELECT COUNT(*) FROM agreement_round_rows WHERE partner_id = $1 AND round_id = $2 AND outcome = 'refused')
		WHERE partner_id = $1 AND id = $2`)
	dropRound = db.SQL(`DELETE FROM agreement_rounds WHERE partner_id = $1 AND id = $2`)
	dropRows  = db.SQL(`DELETE FROM agreement_round_rows WHERE partner_id = $1 AND round_id = $2`)

	insertRow = db.SQL(`INSERT INTO agreement_round_rows (partner_id, round_id, number, customer_id, name, first_name, last_name, email, phone, agreed_at,
		outcome, fault) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	updateRow = db.SQL(`UPDATE agreement_round_rows SET first_name = $4, last_name = $5, email = $6, phone = $7, agreed_at = $8, outcome = $9, fault = $10
		WHERE partner_id = $1 AND round_id = $2 AND number = $3`)
	readRow  = db.SQL(rowColumns + ` WHERE partner_id = $1 AND round_id = $2 AND number = $3`)
	dropRow  = db.SQL(`DELETE FROM agreement_round_rows WHERE partner_id = $1 AND round_id = $2 AND number = $3`)
	allRows  = db.SQL(rowColumns + ` WHERE partner_id = $1 AND round_id = $2 AND number > $3 ORDER BY number LIMIT $4`)
	someRows = db.SQL(rowColumns + ` WHERE partner_id = $1 AND round_id = $2 AND outcome = $5 AND number > $3 ORDER BY number LIMIT $4`)
)

func scanRound(row db.Row) (Round, error) {
	var r Round
	var planned, started, finished int64
	err := row.Scan(&r.Partner, &r.ID, &r.User, &r.UserName, &r.locale, &r.job, &r.Stage, &r.Total, &r.Made, &r.Known, &r.Refused,
		&planned, &started, &finished)
	r.PlannedAt, r.StartedAt, r.FinishedAt = db.Time(planned), db.Time(started), db.Time(finished)
	return r, err
}

func scanRow(row db.Row) (RoundRow, error) {
	var r RoundRow
	var agreed int64
	var refused string
	p := &r.Attestation.Person
	err := row.Scan(&r.Number, &r.Customer, &r.Name, &p.FirstName, &p.LastName, &p.Email, &p.Phone, &agreed, &r.Outcome, &refused)
	if err != nil {
		return r, err
	}
	r.Attestation.AgreedAt = db.Time(agreed)
	r.Fault, err = fault.Parse(refused)
	return r, err
}

// findRound returns a round of partner, or refusal.NotFound.
func findRound(ctx context.Context, t *db.Tx, partner id.Tenant, round string) (Round, error) {
	found, err := db.All(ctx, t, readRound, []any{partner, round}, scanRound)
	if err == nil && len(found) == 0 {
		err = refusal.NotFound
	}
	if err != nil {
		return Round{}, err
	}
	return found[0], nil
}

// ownRound returns one of the actor's own rounds, or refusal.NotFound.
func ownRound(ctx context.Context, u *op.Unit, round string) (Round, error) {
	r, err := findRound(ctx, u.Tx, u.Actor.Tenant, round)
	if err == nil && r.User != u.Actor.User {
		return Round{}, refusal.NotFound
	}
	return r, err
}

// rowsOf returns rows of a round behind the one with a number, limit at most;
// those with an outcome, "" for all.
func rowsOf(ctx context.Context, t *db.Tx, r Round, outcome RoundOutcome, after int64, limit int) ([]RoundRow, error) {
	if outcome == "" {
		return db.All(ctx, t, allRows, []any{r.Partner, r.ID, after, limit}, scanRow)
	}
	return db.All(ctx, t, someRows, []any{r.Partner, r.ID, after, limit, outcome}, scanRow)
}

// add keeps a row of r.
func (r Round) add(ctx context.Context, t *db.Tx, row RoundRow) error {
	refused, err := fault.Text(row.Fault)
	if err != nil {
		return err
	}
	p := row.Attestation.Person
	_, err = t.Exec(ctx, insertRow, r.Partner, r.ID, row.Number, row.Customer, row.Name, p.FirstName, p.LastName, p.Email, p.Phone,
		db.Micros(row.Attestation.AgreedAt), row.Outcome, refused)
	return err
}

// change keeps what is said, or became, of a row of r.
func (r Round) change(ctx context.Context, t *db.Tx, row RoundRow) error {
	refused, err := fault.Text(row.Fault)
	if err != nil {
		return err
	}
	p := row.Attestation.Person
	_, err = t.Exec(ctx, updateRow, r.Partner, r.ID, row.Number, p.FirstName, p.LastName, p.Email, p.Phone,
		db.Micros(row.Attestation.AgreedAt), row.Outcome, refused)
	return err
}

// recount counts the rows of r anew and returns it as it is now.
func (r Round) recount(ctx context.Context, t *db.Tx) (Round, error) {
	if _, err := t.Exec(ctx, countRound, r.Partner, r.ID); err != nil {
		return Round{}, err
	}
	return findRound(ctx, t, r.Partner, r.ID)
}

// remove deletes everything about r.
func (r Round) remove(ctx context.Context, u *op.Unit) error {
	if _, err := u.Exec(ctx, dropRows, r.Partner, r.ID); err != nil {
		return err
	}
	_, err := u.Exec(ctx, dropRound, r.Partner, r.ID)
	return err
}
