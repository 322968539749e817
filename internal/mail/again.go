package mail

import (
	"context"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

var requeue = db.SQL(`UPDATE mails SET state = 'waiting', reason = '', error = '', job_id = $2 WHERE id = $1 AND state = 'failed'`)

// again has a mail delivered that failed.
func (m Mail) again(ctx context.Context, u *op.Unit) error {
	delivery, err := deliver.Enqueue(ctx, u, parcel{m.ID}, job.Order{Dedup: m.ID, Tenant: m.Tenant})
	if err != nil {
		return err
	}
	_, err = u.Exec(ctx, requeue, m.ID, delivery)
	return err
}

// Resend has a mail tried again that failed. One in another state stays as it is.
var Resend = op.Define(op.Spec{Action: "mail.resend", Write: true},
	func(ctx context.Context, u *op.Unit, mail string) (Mail, error) {
		m, err := find(ctx, u.Tx, mail)
		if err != nil || m.State != Failed {
			return m, err
		}
		if err := m.again(ctx, u); err != nil {
			return m, err
		}
		if err := move(ctx, u, Failed, Waiting, 1); err != nil {
			return m, err
		}
		m.State, m.Reason, m.Error = Waiting, "", ""
		return m, u.Record(ctx, op.Record{Operation: "resend_mail", Resource: "mail", Data: map[string]string{"mail": mail, "kind": m.Kind}})
	})

// ResendFailed has all mails tried again that have failed by now. It returns how
// many they are; a job takes them up one after the other.
var ResendFailed = op.Define(op.Spec{Name: "mail.resend.all", Action: "mail.resend", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (int64, error) {
		n, err := u.Counted(ctx, "", Failed.counter())
		if err != nil || n == 0 {
			return 0, err
		}
		if _, err := resendAll.Enqueue(ctx, u, backlog{Before: id.First(u.Now.Add(time.Millisecond))}, job.Order{Dedup: "all"}); err != nil {
			return 0, err
		}
		return n, u.Record(ctx, op.Record{Operation: "resend_mail", Resource: "mail", Data: map[string]string{"mails": fmt.Sprint(n)}})
	})

// backlog are the mails after one and before another, by their ids.
type backlog struct{ After, Before string }

var failedBetween = db.SQL(columns + ` WHERE state = 'failed' AND id > $1 AND id < $2 ORDER BY id LIMIT $3`)

// Takes up failed mails, each of them once, also when it fails anew meanwhile.
var resendAll = job.DefineLong("mail.resend", job.Options{}, func(ctx context.Context, l *job.Long, in backlog) error {
	for {
		var taken []Mail
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			taken, err = takeUp(ctx, u, in)
			return err
		})
		l.Done += int64(len(taken))
		if err != nil || len(taken) < batch {
			l.Result = fmt.Sprintf("%d mails sent again", l.Done)
			return err
		}
		in.After = taken[len(taken)-1].ID
	}
})

// takeUp has a batch of a backlog delivered, and returns it.
func takeUp(ctx context.Context, u *op.Unit, in backlog) ([]Mail, error) {
	all, err := query(ctx, u.Tx, failedBetween, in.After, in.Before, batch)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	for _, m := range all {
		if err := m.again(ctx, u); err != nil {
			return nil, err
		}
	}
	return all, move(ctx, u, Failed, Waiting, int64(len(all)))
}

var (
	stranded = db.SQL(`SELECT m.id, COALESCE(j.state, ''), COALESCE(j.error, '') FROM mails m LEFT JOIN jobs j ON j.id = m.job_id
		WHERE m.state = 'waiting' AND m.id > $1 AND COALESCE(j.state, '') NOT IN ('queued', 'running') ORDER BY m.id LIMIT $2`)
	markStranded = db.SQL(`UPDATE mails SET state = 'failed', reason = $2, error = $3 WHERE id = $1 AND state = 'waiting'`)
)

// Marks mails as failed that wait for a delivery which will not come: their job
// was cancelled, or was given up before it could say so, or is gone.
var _ = job.DefineLong("mail.stranded", job.Options{Next: job.Every(time.Minute)}, func(ctx context.Context, l *job.Long, _ struct{}) error {
	var last string
	for {
		var found []string
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			found, err = strand(ctx, u, last)
			return err
		})
		if err != nil || len(found) < batch {
			return err
		}
		last = found[len(found)-1]
	}
})

// strand marks a batch of stranded mails after one, and returns which.
func strand(ctx context.Context, u *op.Unit, after string) ([]string, error) {
	rows, err := u.Query(ctx, stranded, after, batch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	causes := make(map[string]*Failure)
	for rows.Next() {
		var mail, said string
		var state job.State
		if err := rows.Scan(&mail, &state, &said); err != nil {
			return nil, err
		}
		all, causes[mail] = append(all, mail), orphaned(state, said)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, mail := range all {
		f := causes[mail]
		if _, err := u.Exec(ctx, markStranded, mail, f.Reason, line(f.Detail, valueMax)); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, move(ctx, u, Waiting, Failed, int64(len(all)))
}

// orphaned explains what became of the job of a mail.
func orphaned(state job.State, said string) *Failure {
	switch state {
	case job.Cancelled:
		return &Failure{Reason: Stopped}
	case job.Failed:
		return &Failure{Reason: Died, Detail: said}
	}
	return &Failure{Reason: Lost}
}
