package mail

import (
	"context"
	"errors"
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
	err = errNoPost
	if post := l.Kernel.Post; post.Deliver != nil {
		err = post.Deliver(ctx, m.letter(post))
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	final := errors.Is(err, errPermanent) || l.Try >= tries
	if noted := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error { return note(ctx, u, m, err, final) }); noted != nil {
		return noted
	}
	if final {
		return nil // the mail says why; the operator can have it sent again
	}
	return err
})

// delay is how long to wait after a try: half of an hour's tries come in the
// first half hour, so that a server that is restarted delays nobody's mail.
func delay(try int) time.Duration { return min(time.Minute<<min(try-1, 8), 3*time.Hour) }

// errNoPost keeps mail waiting in a process that nobody told where mail goes.
var errNoPost = errors.New("this process does not know where mail goes")

var readToSend = op.Define(op.Spec{Name: "mail.deliver.read", Action: "job.run"},
	func(ctx context.Context, u *op.Unit, mail string) (Mail, error) { return find(ctx, u.Tx, mail) })

var (
	markSent = db.SQL(`UPDATE mails SET state = $2, tries = tries + 1, error = '', sent_at = $3 WHERE id = $1 AND state = 'waiting'`)
	markTry  = db.SQL(`UPDATE mails SET state = $2, tries = tries + 1, error = $3 WHERE id = $1 AND state = 'waiting'`)
)

// note writes down how a try ended.
func note(ctx context.Context, u *op.Unit, m Mail, cause error, final bool) error {
	state := Sent
	var changed int64
	var err error
	if cause == nil {
		changed, err = u.Exec(ctx, markSent, m.ID, Sent, db.Micros(u.Now))
	} else {
		if state = Waiting; final {
			state = Failed
		}
		changed, err = u.Exec(ctx, markTry, m.ID, state, line(cause.Error(), valueMax))
	}
	if err != nil || changed == 0 || state == Waiting {
		return err
	}
	return move(ctx, u, Waiting, state)
}

// move counts a mail in another state.
func move(ctx context.Context, u *op.Unit, from, to State) error {
	if err := u.Count(ctx, "", from.counter(), -1); err != nil {
		return err
	}
	return u.Count(ctx, "", to.counter(), 1)
}

func (m Mail) letter(post op.Post) op.Letter {
	return op.Letter{
		ID: m.ID, Address: m.Address, Name: m.Name, Language: m.Language, Subject: m.Subject, Text: m.Text, HTML: m.HTML,
		At: m.CreatedAt, From: post.From, SenderName: post.Product,
	}
}
