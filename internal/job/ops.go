package job

import (
	"context"
	"database/sql"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Job is a job as its owner and the operator see it.
type Job struct {
	ID     string
	Tenant id.Tenant
	User   id.User
	Kind   string
	State  State
	// Cancelled says that somebody asked a running job to stop.
	Cancelled   bool
	Done, Total int64
	Result      string // in the form that the kind chooses
	Error       string // why the last try failed; for the operator
	Tries       int

	// Due is the time that it is for, Next when it is tried the next time.
	Due, Next                  time.Time
	Created, Started, Finished time.Time // zero until then
}

// Page is the input of List.
type Page struct {
	Before string // id of the last job of the page before; empty for the first
	Limit  int    // 1 to 200; 0 means 50
}

// List returns the actor's own jobs, newest first.
var List = op.Define(op.Spec{Name: "job.list", Action: "job.view"},
	func(ctx context.Context, u *op.Unit, in Page) ([]Job, error) {
		if in.Before == "" {
			in.Before = "g" // sorts after every id
		}
		return read(u.Query(ctx, listOwn, u.Actor.Tenant, u.Actor.User, in.Before, limit(in.Limit)))
	})

// Show returns one of the actor's own jobs.
var Show = op.Define(op.Spec{Name: "job.show", Action: "job.view"}, own)

// Cancel ends one of the actor's own jobs: at once while it waits, at its next
// step when it runs. One that has ended stays as it is.
var Cancel = op.Define(op.Spec{Action: "job.cancel", Write: true}, func(ctx context.Context, u *op.Unit, job string) (Job, error) {
	if _, err := own(ctx, u, job); err != nil {
		return Job{}, err
	}
	return cancel(ctx, u, job)
})

// Inspection is the input of Inspect.
type Inspection struct {
	State State
	Limit int // 1 to 200; 0 means 50
}

// Inspect returns the jobs of the installation that are in a state: those that
// wait in the order of their time, those that ended newest first.
var Inspect = op.Define(op.Spec{Action: "job.inspect"}, func(ctx context.Context, u *op.Unit, in Inspection) ([]Job, error) {
	switch in.State {
	case Queued:
		return read(u.Query(ctx, listQueued, limit(in.Limit)))
	case Running:
		return read(u.Query(ctx, listRunning, limit(in.Limit)))
	default:
		return read(u.Query(ctx, listEnded, in.State, limit(in.Limit)))
	}
})

// Stop cancels any job of the installation.
var Stop = op.Define(op.Spec{Name: "job.stop", Action: "job.manage", Write: true},
	func(ctx context.Context, u *op.Unit, job string) (Job, error) {
		if _, err := found(ctx, u, job); err != nil {
			return Job{}, err
		}
		return cancel(ctx, u, job)
	})

// Retry queues a failed job again, with all its tries.
var Retry = op.Define(op.Spec{Name: "job.retry", Action: "job.manage", Write: true},
	func(ctx context.Context, u *op.Unit, job string) (Job, error) {
		n, err := u.Exec(ctx, requeueJob, job, db.Micros(u.Now))
		if err != nil {
			return Job{}, err
		}
		if n == 1 {
			u.LeftWork()
			if err := u.Record(ctx, op.Record{Operation: "retry_job", Resource: "job", Data: map[string]string{"job": job}}); err != nil {
				return Job{}, err
			}
		}
		return found(ctx, u, job)
	})

func own(ctx context.Context, u *op.Unit, job string) (Job, error) {
	j, err := found(ctx, u, job)
	if err != nil {
		return j, err
	}
	if j.Tenant != u.Actor.Tenant || j.User != u.Actor.User {
		return Job{}, refusal.NotFound
	}
	return j, nil
}

func found(ctx context.Context, u *op.Unit, job string) (Job, error) {
	jobs, err := read(u.Query(ctx, showJob, job))
	if err != nil {
		return Job{}, err
	}
	if len(jobs) == 0 {
		return Job{}, refusal.NotFound
	}
	return jobs[0], nil
}

func cancel(ctx context.Context, u *op.Unit, job string) (Job, error) {
	dropped, err := u.Exec(ctx, dropJob, job, db.Micros(u.Now))
	if err != nil {
		return Job{}, err
	}
	asked, err := u.Exec(ctx, cancelJob, job)
	if err != nil {
		return Job{}, err
	}
	if dropped+asked > 0 {
		u.Changed(factPrefix + job)
		if err := u.Record(ctx, op.Record{Operation: "cancel_job", Resource: "job", Data: map[string]string{"job": job}}); err != nil {
			return Job{}, err
		}
	}
	return found(ctx, u, job)
}

func limit(n int) int {
	if n <= 0 {
		return 50
	}
	return min(n, 200)
}

// read takes what a query returned.
func read(rows *sql.Rows, err error) (jobs []Job, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var j Job
		var due, next, created, started, finished int64
		err := rows.Scan(&j.ID, &j.Tenant, &j.User, &j.Kind, &j.State, &j.Cancelled, &j.Done, &j.Total, &j.Result, &j.Error, &j.Tries,
			&due, &next, &created, &started, &finished)
		if err != nil {
			return nil, err
		}
		j.Due, j.Next, j.Created = db.Time(due), db.Time(next), db.Time(created)
		j.Started, j.Finished = db.Time(started), db.Time(finished)
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}
