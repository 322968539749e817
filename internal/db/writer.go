package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// ErrClosed is returned to whoever reads or writes after Close.
var ErrClosed = errors.New("database is closed")

const (
	groupLimit = 512                   // transactions in one commit, at most
	groupTime  = 20 * time.Millisecond // how long one commit may gather
)

// writer is the one goroutine that changes an SQLite file.
type writer struct {
	pool  *sql.DB
	conn  *connection
	queue chan *write
	limit int

	mu     sync.RWMutex // guards closed against sends on queue
	closed bool
	done   chan struct{}

	checkpoint chan struct{}
	moved      atomic.Bool // a checkpoint in the background has just ended
	background sync.WaitGroup
}

// write is one caller's transaction and its outcome.
type write struct {
	ctx      context.Context //nolint:containedctx // travels with the call from the caller to the writer
	run      func(ctx context.Context, t *Tx) error
	db       *DB
	err      error
	panicked any
	saved    bool // it had a savepoint
	done     chan struct{}
}

func startWriter(ctx context.Context, pool *sql.DB, o Options) (*writer, error) {
	pool.SetMaxOpenConns(2) // the writer's, and one for checkpoints
	conn, err := connect(ctx, pool)
	if err != nil {
		return nil, err
	}
	// A connection that is first used for a checkpoint waits for itself.
	var tables int
	if err := conn.conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return nil, errors.Join(err, conn.close())
	}
	w := &writer{
		pool: pool, conn: conn, limit: groupLimit,
		queue: make(chan *write, groupLimit),
		done:  make(chan struct{}), checkpoint: make(chan struct{}, 1),
	}
	if o.CommitEach {
		w.limit = 1
	}
	go w.loop()
	w.background.Go(w.checkpoints)
	return w, nil
}

// do queues f and waits for its outcome.
func (w *writer) do(ctx context.Context, d *DB, f func(ctx context.Context, t *Tx) error) error {
	job := &write{ctx: ctx, run: f, db: d, done: make(chan struct{})}
	if err := w.enqueue(ctx, job); err != nil {
		return err
	}
	<-job.done
	if job.panicked != nil {
		panic(job.panicked) // in the goroutine of the one who asked
	}
	return job.err
}

func (w *writer) enqueue(ctx context.Context, job *write) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- job:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) loop() {
	defer close(w.done)
	for job := range w.queue {
		w.group(job)
	}
}

// group runs first and whatever else is waiting in one commit, then answers
// all of them.
func (w *writer) group(first *write) {
	ctx := context.Background()
	if first.err = w.conn.run(ctx, beginWrite); first.err != nil {
		close(first.done)
		return
	}
	jobs, err := w.gather(ctx, first)
	if err == nil {
		err = w.conn.run(ctx, commit)
	}
	if err != nil {
		err = errors.Join(err, w.conn.run(ctx, rollback))
		for _, job := range jobs {
			job.err = errors.Join(err, job.err)
		}
	}
	for _, job := range jobs {
		close(job.done)
	}
	w.wantCheckpoint()
}

// gather runs first and whatever else is waiting, and returns all that ran.
//
// Few fail after they have changed something. So they have no savepoints, for
// which SQLite keeps every page that is changed a second time; when one does
// fail, those before it are run again without it, and from then on each has one.
func (w *writer) gather(ctx context.Context, first *write) (jobs []*write, err error) {
	run := w.call
	for job, start := first, time.Now(); job != nil; job = w.next(len(jobs), start) {
		before := w.conn.changes
		run(job)
		if jobs = append(jobs, job); !job.failed() || job.saved || w.conn.changes == before {
			continue
		}
		if err := w.conn.run(ctx, rollback, beginWrite); err != nil {
			return jobs, err
		}
		for _, other := range jobs {
			if !other.failed() {
				w.one(other)
			}
		}
		run = w.one
	}
	return jobs, nil
}

// next returns another job for a commit that has taken n since start, nil when
// none is waiting or it has enough.
func (w *writer) next(n int, start time.Time) *write {
	if n >= w.limit || time.Since(start) >= groupTime {
		return nil
	}
	job, _ := w.waiting()
	return job
}

func (w *writer) waiting() (*write, bool) {
	select {
	case job, ok := <-w.queue:
		return job, ok
	default:
		return nil, false
	}
}

// one runs a job in a savepoint of its own, so that its failure is its alone.
func (w *writer) one(job *write) {
	ctx := context.Background()
	job.saved = true
	if job.err = w.conn.run(ctx, savepoint); job.err != nil {
		return
	}
	w.call(job)
	end := []*Stmt{release}
	if job.failed() {
		end = []*Stmt{rollbackOne, release}
	}
	if err := w.conn.run(ctx, end...); err != nil {
		job.err = errors.Join(job.err, err)
	}
}

func (w *writer) call(job *write) {
	if job.err = job.ctx.Err(); job.err != nil {
		return
	}
	defer func() { job.panicked = recover() }()
	ctx := context.WithoutCancel(job.ctx) // a caller that leaves must not break the others' transaction
	job.err = job.run(ctx, &Tx{db: job.db, c: w.conn, write: true})
}

// failed reports whether nothing of the job may stay.
func (job *write) failed() bool { return job.err != nil || job.panicked != nil }

func (w *writer) close() error {
	w.mu.Lock()
	already := w.closed
	w.closed = true
	w.mu.Unlock()
	if already {
		return nil
	}
	close(w.queue)
	<-w.done
	close(w.checkpoint)
	w.background.Wait()
	return errors.Join(w.conn.run(context.Background(), truncate), w.conn.close(), w.pool.Close())
}
