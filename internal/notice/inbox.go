package notice

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/lang"
	"comptoir/internal/op"
)

// Notice is something that a person was told.
type Notice struct {
	ID string
	// Kind is that of its row.
	Kind string
	// Times is how many things it tells of together.
	Times  int64
	Unread bool
	// Archived ones are out of the way, until they are deleted a year later.
	Archived bool
	At       time.Time

	facts Facts
}

// Title is what is told, in one line.
func (n Notice) Title(p *lang.Printer) string { return n.row().title(p, n.facts, n.Times) }

// Text is what is to be known beyond the title, "" for nothing.
func (n Notice) Text(p *lang.Printer) string { return n.row().text(p, n.facts, n.Times) }

// Path leads on in the portal, "" to nowhere.
func (n Notice) Path() string { return n.row().path(n.facts, n.Times) }

// Category is what n belongs to.
func (n Notice) Category() Category { return n.row().Category }

// Tone is how good or bad the news is.
func (n Notice) Tone() Tone { return n.row().Tone }

// row is how n is told. One that a newer program left says that there was
// something.
func (n Notice) row() Row {
	if r, ok := byKind[n.Kind]; ok {
		return r
	}
	return Row{Kind: n.Kind, Category: Account, Title: "notice.unknown"}
}

// counter is the name of the counter of a person's unread notices, in his
// organisation.
func counter(user id.User) string { return "notices:" + string(user) }

var (
	gatherNotice = db.SQL(`UPDATE notices SET id = $4, times = times + $5, data = $6, at = $7
		WHERE tenant_id = $1 AND user_id = $2 AND topic = $3 AND unread AND topic <> ''`)
	insertNotice = db.SQL(`INSERT INTO notices (tenant_id, user_id, id, kind, topic, data, times, unread, archived, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, FALSE, $8)`)
)

// post leaves a notice for a person. Of a kind that is gathered it becomes part of
// the one that he has not read yet.
func post(ctx context.Context, u *op.Unit, m *message) error {
	data, err := m.last().text()
	if err != nil {
		return err
	}
	topic, times := "", len(m.facts)
	if m.row.Gather {
		topic = m.row.Kind
		n, err := u.Exec(ctx, gatherNotice, m.to.tenant, m.to.user, topic, u.NewID(), times, data, db.Micros(m.at))
		if n > 0 || err != nil {
			return err
		}
	}
	_, err = u.Exec(ctx, insertNotice, m.to.tenant, m.to.user, u.NewID(), m.row.Kind, topic, data, times, db.Micros(m.at))
	if err != nil {
		return err
	}
	return u.Count(ctx, m.to.tenant, counter(m.to.user), 1)
}

// Unread returns how many notices the actor has not read: the number at the bell.
var Unread = op.Define(op.Spec{Name: "notice.unread", Action: "notice.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (int64, error) {
		return u.Counted(ctx, u.Actor.Tenant, counter(u.Actor.User))
	})

const columns = `SELECT id, kind, data, times, unread, archived, at FROM notices `

var (
	listNotices = db.SQL(columns + `WHERE tenant_id = $1 AND user_id = $2 AND archived = $3 AND id < $4 ORDER BY id DESC LIMIT $5`)
	showNotice  = db.SQL(columns + `WHERE tenant_id = $1 AND user_id = $2 AND id = $3`)
)

// Page asks for notices, newest first.
type Page struct {
	Archived bool
	After    string // id of the last notice of the page before; "" for the first
	Limit    int    // 1 to 200; 0 means 50
}

// Listing is a page of notices; More says that there are older ones.
type Listing struct {
	Notices []Notice
	More    bool
}

// List returns the actor's own notices (P-20).
var List = op.Define(op.Spec{Name: "notice.list", Action: "notice.view"},
	func(ctx context.Context, u *op.Unit, in Page) (Listing, error) {
		size := min(in.Limit, 200)
		if size <= 0 {
			size = 50
		}
		if in.After == "" {
			in.After = "g" // sorts after every id
		}
		all, err := query(ctx, u.Tx, listNotices, u.Actor.Tenant, u.Actor.User, in.Archived, in.After, size+1)
		if err != nil {
			return Listing{}, err
		}
		return Listing{Notices: all[:min(len(all), size)], More: len(all) > size}, nil
	})

func query(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Notice, error) {
	return db.All(ctx, t, s, args, func(row db.Row) (Notice, error) {
		var n Notice
		var data string
		var at int64
		if err := row.Scan(&n.ID, &n.Kind, &data, &n.Times, &n.Unread, &n.Archived, &at); err != nil {
			return n, err
		}
		n.At = db.Time(at)
		var err error
		n.facts, err = parseFacts(data)
		return n, err
	})
}

var (
	readOne     = db.SQL(`UPDATE notices SET unread = FALSE WHERE tenant_id = $1 AND user_id = $2 AND id = $3 AND unread`)
	readAll     = db.SQL(`UPDATE notices SET unread = FALSE WHERE tenant_id = $1 AND user_id = $2 AND unread`)
	moveNotice  = db.SQL(`UPDATE notices SET archived = $4 WHERE tenant_id = $1 AND user_id = $2 AND id = $3`)
	archiveRead = db.SQL(`UPDATE notices SET archived = TRUE WHERE tenant_id = $1 AND user_id = $2 AND archived = FALSE AND NOT unread`)
)

// Selection names some of the actor's notices, or all of them.
type Selection struct {
	IDs []string
	All bool
}

// MarkRead marks notices of the actor as read. Others' are left alone.
var MarkRead = op.Define(op.Spec{Name: "notice.read", Action: "notice.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Selection) (struct{}, error) {
		return struct{}{}, markRead(ctx, u, in)
	})

func markRead(ctx context.Context, u *op.Unit, in Selection) error {
	var changed int64
	if in.All {
		n, err := u.Exec(ctx, readAll, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return err
		}
		changed = n
	}
	for _, notice := range in.IDs {
		n, err := u.Exec(ctx, readOne, u.Actor.Tenant, u.Actor.User, notice)
		if err != nil {
			return err
		}
		changed += n
	}
	if changed == 0 {
		return nil
	}
	return u.Count(ctx, u.Actor.Tenant, counter(u.Actor.User), -changed)
}

// Archive reads notices of the actor and puts them out of the way; all means those
// that are read.
var Archive = op.Define(op.Spec{Name: "notice.archive", Action: "notice.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Selection) (struct{}, error) {
		if in.All {
			_, err := u.Exec(ctx, archiveRead, u.Actor.Tenant, u.Actor.User)
			return struct{}{}, err
		}
		if err := markRead(ctx, u, in); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, move(ctx, u, in.IDs, true)
	})

// Restore takes notices of the actor out of the archive.
var Restore = op.Define(op.Spec{Name: "notice.restore", Action: "notice.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Selection) (struct{}, error) {
		return struct{}{}, move(ctx, u, in.IDs, false)
	})

func move(ctx context.Context, u *op.Unit, notices []string, archived bool) error {
	for _, notice := range notices {
		if _, err := u.Exec(ctx, moveNotice, u.Actor.Tenant, u.Actor.User, notice, archived); err != nil {
			return err
		}
	}
	return nil
}

// Open marks one notice of the actor as read and returns it: he follows its link.
var Open = op.Define(op.Spec{Name: "notice.open", Action: "notice.update", Write: true},
	func(ctx context.Context, u *op.Unit, notice string) (Notice, error) {
		found, err := query(ctx, u.Tx, showNotice, u.Actor.Tenant, u.Actor.User, notice)
		if err != nil {
			return Notice{}, err
		}
		if len(found) == 0 {
			return Notice{}, errNoNotice
		}
		return found[0], markRead(ctx, u, Selection{IDs: []string{notice}})
	})
