package mail

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// tries is how often a letter is tried: for about a day.
const tries = 14

// parcel is what the job that delivers a letter knows.
type parcel struct{ Mail string }

// deliver brings a letter to its recipient. A program that ends between the
// server's yes and our note of it delivers the letter again under the same
// message id.
var deliver = job.DefineLong("mail.deliver", job.Options{Tries: tries, Delay: delay}, func(ctx context.Context, l *job.Long, in parcel) error {
	m, err := readToSend.Do(ctx, l.Kernel, l.Actor(), in.Mail)
	if err != nil || m.State != Waiting {
		return err
	}
	cause := error(&Failure{Reason: NoPost})
	if post := l.Kernel.Post; post.Deliver != nil {
		cause = post.Deliver(ctx, m.letter(post))
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if cause == nil {
		return l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error { return noteSent(ctx, u, m) })
	}
	f := failureOf(cause)
	final := f.Final || l.Try >= tries
	if err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error { return noteFailure(ctx, u, m, f, final) }); err != nil {
		return err
	}
	if final {
		return nil // the mail says why; the operator can have it sent again
	}
	return f
})

// delay is how long to wait after a try: half of an hour's tries come in the
// first half hour, so that a server that is restarted delays nobody's mail.
func delay(try int) time.Duration { return min(time.Minute<<min(try-1, 8), 3*time.Hour) }

var readToSend = op.Define(op.Spec{Name: "mail.deliver.read", Action: "job.run"},
	func(ctx context.Context, u *op.Unit, mail string) (Mail, error) { return find(ctx, u.Tx, mail) })

var (
	markSent = db.SQL(`UPDATE mails SET state = 'sent', tries = tries + 1, reason = '', error = '', sent_at = $2 WHERE id = $1 AND state = 'waiting'`)
	markTry  = db.SQL(`UPDATE mails SET state = $2, tries = tries + 1, reason = $3, error = $4 WHERE id = $1 AND state = 'waiting'`)
)

// noteSent writes down that a mail was taken.
func noteSent(ctx context.Context, u *op.Unit, m Mail) error {
	changed, err := u.Exec(ctx, markSent, m.ID, db.Micros(u.Now))
	if err != nil || changed == 0 {
		return err
	}
	return move(ctx, u, Waiting, Sent, 1)
}

// noteFailure writes down why a mail was not taken, and whether that was the last
// try.
func noteFailure(ctx context.Context, u *op.Unit, m Mail, f *Failure, final bool) error {
	state := Waiting
	if final {
		state = Failed
	}
	changed, err := u.Exec(ctx, markTry, m.ID, state, f.Reason, line(f.Detail, valueMax))
	if err != nil || changed == 0 || !final {
		return err
	}
	return move(ctx, u, Waiting, Failed, 1)
}

// move counts n mails in another state.
func move(ctx context.Context, u *op.Unit, from, to State, n int64) error {
	if err := u.Count(ctx, "", from.counter(), -n); err != nil {
		return err
	}
	return u.Count(ctx, "", to.counter(), n)
}

func (m Mail) letter(post op.Post) op.Letter {
	return op.Letter{
		ID: m.ID, Address: m.Address, Name: m.Name, Language: m.Language, Subject: m.Subject, Text: m.Text, HTML: m.HTML,
		Unsubscribe: Link{Path: m.unsubscribe}.url(post), At: m.CreatedAt, From: post.From, SenderName: post.Product,
	}
}
