package mail

import (
	"context"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

const columns = `SELECT id, tenant_id, user_id, kind, address, name, language, subject, body, html, state, tries, reason, error, created_at, sent_at,
	unsubscribe, job_id FROM mails`

var (
	mailByID   = db.SQL(columns + ` WHERE id = $1`)
	mailsOlder = db.SQL(columns + ` WHERE id < $1 ORDER BY id DESC LIMIT $2`)
	mailsNewer = db.SQL(columns + ` WHERE id > $1 ORDER BY id LIMIT $2`)
	olderIn    = db.SQL(columns + ` WHERE state = $3 AND id < $1 ORDER BY id DESC LIMIT $2`)
	newerIn    = db.SQL(columns + ` WHERE state = $3 AND id > $1 ORDER BY id LIMIT $2`)
)

func query(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Mail, error) {
	return db.All(ctx, t, s, args, func(row db.Row) (Mail, error) {
		var m Mail
		var created, sent int64
		err := row.Scan(&m.ID, &m.Tenant, &m.User, &m.Kind, &m.Address, &m.Name, &m.Language, &m.Subject, &m.Text, &m.HTML,
			&m.State, &m.Tries, &m.Reason, &m.Error, &created, &sent, &m.unsubscribe, &m.job)
		m.CreatedAt, m.SentAt = db.Time(created), db.Time(sent)
		return m, err
	})
}

// find returns a mail, or refusal.NotFound.
func find(ctx context.Context, t *db.Tx, mail string) (Mail, error) {
	found, err := query(ctx, t, mailByID, mail)
	if err != nil {
		return Mail{}, err
	}
	if len(found) == 0 {
		return Mail{}, refusal.NotFound
	}
	return found[0], nil
}

// Page asks for mails, newest first.
type Page struct {
	State State // "" for all
	// After is the id of the last mail of the page before, Before that of the first
	// of the page after; both empty mean the first page.
	After, Before string
	Limit         int // 1 to 200; 0 means 50
}

// Listing is a page of mails. Total counts all that match.
type Listing struct {
	Mails []Mail
	Total int64
	// Older and Newer say that there are more on either side.
	Older, Newer bool
}

// List returns the mails of the installation (V-14).
var List = op.Define(op.Spec{Name: "mail.list", Action: "mail.view"},
	func(ctx context.Context, u *op.Unit, in Page) (Listing, error) {
		var l Listing
		var err error
		if l.Total, err = total(ctx, u, in.State); err != nil {
			return l, err
		}
		size := min(in.Limit, 200)
		if size <= 0 {
			size = 50
		}
		back := in.Before != ""
		l.Mails, err = in.read(ctx, u.Tx, size+1)
		if err != nil {
			return l, err
		}
		more := len(l.Mails) > size
		l.Mails = l.Mails[:min(len(l.Mails), size)]
		if back {
			for i, j := 0, len(l.Mails)-1; i < j; i, j = i+1, j-1 {
				l.Mails[i], l.Mails[j] = l.Mails[j], l.Mails[i]
			}
		}
		l.Older, l.Newer = back || more, in.After != "" || back && more
		return l, nil
	})

func (p Page) read(ctx context.Context, t *db.Tx, limit int) ([]Mail, error) {
	from, stmt, of := p.After, mailsOlder, olderIn
	switch {
	case p.Before != "":
		from, stmt, of = p.Before, mailsNewer, newerIn
	case from == "":
		from = "g" // sorts after every id
	}
	if p.State == "" {
		return query(ctx, t, stmt, from, limit)
	}
	return query(ctx, t, of, from, limit, p.State)
}

func total(ctx context.Context, u *op.Unit, s State) (n int64, err error) {
	states := []State{s}
	if s == "" {
		states = []State{Waiting, Sent, Failed}
	}
	for _, state := range states {
		k, err := u.Counted(ctx, "", state.counter())
		if err != nil {
			return 0, err
		}
		n += k
	}
	return n, nil
}

// Get returns one mail.
var Get = op.Define(op.Spec{Name: "mail.get", Action: "mail.view"},
	func(ctx context.Context, u *op.Unit, mail string) (Mail, error) {
		m, err := find(ctx, u.Tx, mail)
		if err != nil || m.State != Waiting {
			return m, err
		}
		m.NextTry, err = job.NextTry(ctx, u.Tx, m.job)
		return m, err
	})

// Download returns one mail as a file that mail programs open.
var Download = op.Define(op.Spec{Name: "mail.download", Action: "mail.view"},
	func(ctx context.Context, u *op.Unit, mail string) ([]byte, error) {
		m, err := find(ctx, u.Tx, mail)
		if err != nil {
			return nil, err
		}
		return Source(m.letter(u.Post()))
	})

// keepSent is how long a mail that was sent can be looked at.
const keepSent = 90 * 24 * time.Hour

// batch is how many mails one step deletes.
const batch = 500

var deleteSent = db.SQL(`DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE state = 'sent' AND id < $1 ORDER BY id LIMIT $2)`)

// Deletes what was sent long ago. What failed stays until the operator has
// looked at it.
var _ = job.DefineLong("mail.tidy", job.Options{Next: job.Daily(3, 10)}, func(ctx context.Context, l *job.Long, _ struct{}) error {
	for total := int64(0); ; {
		var n int64
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			if n, err = u.Exec(ctx, deleteSent, id.First(u.Now.Add(-keepSent)), batch); err != nil || n == 0 {
				return err
			}
			return u.Count(ctx, "", Sent.counter(), -n)
		})
		total += n
		if err != nil || n < batch {
			l.Result = fmt.Sprintf("%d mails deleted", total)
			return err
		}
	}
})

// Counts returns how many mails are in each state.
var Counts = op.Define(op.Spec{Name: "mail.counts", Action: "mail.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (map[State]int64, error) {
		counts := make(map[State]int64)
		for _, s := range []State{Waiting, Sent, Failed} {
			n, err := u.Counted(ctx, "", s.counter())
			if err != nil {
				return nil, err
			}
			counts[s] = n
		}
		return counts, nil
	})
