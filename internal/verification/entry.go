package verification

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// EntryKind says what was said or done about a case beside its decision.
type EntryKind string

// The kinds of entries. The partner sees what was asked, answered and reminded.
const (
	Noted        EntryKind = "note" // between the reviewers
	Assigned     EntryKind = "assigned"
	Asked        EntryKind = "asked"
	Answered     EntryKind = "answered"
	Reminded     EntryKind = "reminded"  // the partner asks after an overdue case
	Restarted    EntryKind = "restarted" // the partner changed the account again
	Proposed     EntryKind = "proposed"  // a rejection waits for a second reviewer
	FellDue      EntryKind = "overdue"
	LookUpFailed EntryKind = "look_up_failed"
	LookedUp     EntryKind = "looked_up"
)

// Entry is one line in the history of an account.
type Entry struct {
	Case     string
	ID       string
	Kind     EntryKind
	Text     string // as it was typed; for Assigned the name of who has the case
	User     id.User
	UserName string
	At       time.Time
}

// ForPartner reports whether the partner sees e.
func (e Entry) ForPartner() bool {
	return e.Kind == Asked || e.Kind == Answered || e.Kind == Reminded || e.Kind == Restarted
}

var (
	insertEntry = db.SQL(`INSERT INTO verification_entries (partner_id, customer_id, case_id, id, kind, text, user_id, user_name, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	selectEntries = db.SQL(`SELECT case_id, id, kind, text, user_id, user_name, at FROM verification_entries
		WHERE partner_id = $1 AND customer_id = $2 ORDER BY id DESC LIMIT $3`)
)

// enter adds a line to the history of the account of c.
func (c Case) enter(ctx context.Context, u *op.Unit, kind EntryKind, text string) error {
	_, err := u.Exec(ctx, insertEntry, c.Partner, c.Customer, c.ID, u.NewID(), kind, text, u.Actor.User, u.Actor.UserName, db.Micros(u.Now))
	return err
}

// entriesOf returns the lines about an account, the newest first.
func entriesOf(ctx context.Context, t *db.Tx, a Account) ([]Entry, error) {
	return db.All(ctx, t, selectEntries, []any{a.Partner, a.Customer, 5 * historyLimit}, func(row db.Row) (Entry, error) {
		var e Entry
		var at int64
		err := row.Scan(&e.Case, &e.ID, &e.Kind, &e.Text, &e.User, &e.UserName, &at)
		e.At = db.Time(at)
		return e, err
	})
}
