// Package mail sends mail: a letter is written in a unit of work, kept as a row
// beside what it tells about, and brought to its recipient by a job that tries
// again when the other side does not take it (rules.md, section l). Without a
// mail server letters become files that the operator reads.
package mail

import (
	"context"
	"strings"
	"time"
	"unicode"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/lang"
	"comptoir/internal/op"
)

// State is where a mail stands.
type State string

// The states. One that waits is tried again; one that failed is not, unless the
// operator asks for it.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"
)

// ParseState returns the state called s.
func ParseState(s string) (State, bool) {
	switch state := State(s); state {
	case Waiting, Sent, Failed:
		return state, true
	}
	return "", false
}

// counter is the name of the counter of the mails in a state. Its owner is the
// installation.
func (s State) counter() string { return "mail." + string(s) }

// Mail is a letter with its fate.
type Mail struct {
	ID string
	// Tenant and User are the recipient; empty for somebody without an account.
	Tenant id.Tenant
	User   id.User
	// Kind says what it is about: "verification.decided".
	Kind          string
	Address, Name string
	Language      string
	Subject       string
	Text, HTML    string
	State         State
	Tries         int
	Reason        Reason // why the last try failed; "" for none
	Error         string // what the other side said then; for the operator
	CreatedAt     time.Time
	SentAt        time.Time // zero until then
	// NextTry is when a mail that waits is tried the next time; only Get tells.
	NextTry time.Time

	unsubscribe string // path
	job         string // that delivers it
}

// Recipient is who gets a letter.
type Recipient struct {
	Tenant  id.Tenant // empty for somebody without an account
	User    id.User
	Address string
	Name    string
	// Language is "en", "fr" or "sv"; anything else is English.
	Language string
}

// ErrAddress refuses to write to an address that is none.
var ErrAddress = fault.New(fault.Invalid, "27002", "mail.address")

var insertMail = db.SQL(`INSERT INTO mails (id, tenant_id, user_id, kind, address, name, language, subject, body, html, state, tries, reason, error,
		created_at, sent_at, unsubscribe, job_id)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '', '', $12, 0, $13, $14)`)

// Render makes the subject, the text and the page of a letter in the language of p.
func Render(ctx context.Context, u *op.Unit, p *lang.Printer, c Content) (Mail, error) {
	c = c.clean()
	post := u.Post()
	post.Product = line(post.Product, nameMax)
	html, err := c.html(ctx, p, post)
	return Mail{Language: p.Tag(), Subject: c.Subject, Text: c.text(p, post), HTML: html}, err
}

// Send leaves a letter of a kind behind that is brought to its recipient after
// the commit of u. It returns the id of the mail.
func Send(ctx context.Context, u *op.Unit, kind string, to Recipient, c Content) (string, error) {
	if !validAddress(to.Address) {
		return "", ErrAddress.On("address")
	}
	p := lang.For(to.Language)
	m, err := Render(ctx, u, p, c)
	if err != nil {
		return "", err
	}
	m.ID, m.Name = u.NewID(), line(to.Name, nameMax)
	if m.job, err = deliver.Enqueue(ctx, u, parcel{m.ID}, job.Order{Dedup: m.ID, Tenant: to.Tenant}); err != nil {
		return "", err
	}
	_, err = u.Exec(ctx, insertMail, m.ID, to.Tenant, to.User, kind, to.Address, m.Name, p.Tag(), m.Subject, m.Text, m.HTML, Waiting, db.Micros(u.Now),
		c.unsubscribe(), m.job)
	if err != nil {
		return "", err
	}
	return m.ID, u.Count(ctx, "", Waiting.counter(), 1)
}

// The longest subject and name, in characters: what a mail program shows.
const (
	subjectMax = 200
	nameMax    = 120
)

// line makes one line of s, of at most limit characters: control characters, breaks
// and signs that turn the direction of writing become spaces, so that nobody adds
// a header or a paragraph of his own by the name that he chose.
func line(s string, limit int) string {
	s = strings.Join(strings.FieldsFunc(s, breaks), " ")
	if runes := []rune(s); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return s
}

// breaks reports whether r is no part of a line. The spaces at which no line ends
// are: French has them before its high signs.
func breaks(r rune) bool {
	switch r {
	case '\u00a0', '\u202f':
		return false
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
