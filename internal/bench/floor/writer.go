package floor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// groupLimit is how many rows one commit takes at most.
const groupLimit = 512

// writer inserts single rows durably, all that wait in one commit.
type writer struct {
	pool   *sql.DB
	conn   *sql.Conn
	insert *sql.Stmt
	queue  chan *insertion
	done   chan struct{}
}

type insertion struct {
	id, body string
	done     chan error
}

func startWriter(ctx context.Context, path string) (*writer, error) {
	pool, err := sql.Open("sqlite", source(path, "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)"))
	if err != nil {
		return nil, err
	}
	w := &writer{pool: pool, queue: make(chan *insertion, groupLimit), done: make(chan struct{})}
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	go w.loop()
	return w, nil
}

func (w *writer) prepare(ctx context.Context) error {
	var err error
	if w.conn, err = w.pool.Conn(ctx); err != nil {
		return err
	}
	if _, err = w.conn.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS floor (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)`); err != nil {
		return err
	}
	w.insert, err = w.conn.PrepareContext(ctx, `INSERT INTO floor (id, body) VALUES ($1, $2)`)
	return err
}

func (w *writer) loop() {
	defer close(w.done)
	for first := range w.queue {
		w.group(first)
	}
}

// group inserts first and whatever else waits, commits once and answers all.
func (w *writer) group(first *insertion) {
	ctx := context.Background()
	_, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	all := []*insertion{first}
	for next := first; next != nil && err == nil; {
		if _, err = w.insert.ExecContext(ctx, next.id, next.body); err != nil || len(all) == groupLimit {
			break
		}
		if next = w.waiting(); next != nil {
			all = append(all, next)
		}
	}
	end := "COMMIT"
	if err != nil {
		end = "ROLLBACK"
	}
	if _, ended := w.conn.ExecContext(ctx, end); ended != nil {
		err = errors.Join(err, fmt.Errorf("%s: %w", end, ended))
	}
	for _, i := range all {
		i.done <- err
	}
}

func (w *writer) waiting() *insertion {
	select {
	case next := <-w.queue: // nil when the queue is closed
		return next
	default:
		return nil
	}
}

// close waits for what is queued. Nobody may insert any more.
func (w *writer) close() error {
	close(w.queue)
	<-w.done
	return errors.Join(w.insert.Close(), w.conn.Close(), w.pool.Close())
}

func (f *Floor) put(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		i := &insertion{id: r.PathValue("id"), body: string(body), done: make(chan error, 1)}
		f.writer.queue <- i
		err = <-i.done
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}
