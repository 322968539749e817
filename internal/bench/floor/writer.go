package floor

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
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
	args []any
	done chan error
}

// profile is what a request to write holds. It becomes one row.
type profile struct {
	FirstName, LastName, Email, Culture, Language, CompanyName string
	DefaultAddress                                             struct {
		Country, City, State, PostalCode, AddressLine1, AddressLine2, FirstName, LastName, PhoneNumber string
	}
	Pad string // makes the answer as long as Comptoir's
}

const (
	createTable = `CREATE TABLE IF NOT EXISTS floor (
		partner_id TEXT NOT NULL, customer_id TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL,
		culture TEXT NOT NULL, language TEXT NOT NULL, company_name TEXT NOT NULL, country TEXT NOT NULL, city TEXT NOT NULL,
		state TEXT NOT NULL, postal_code TEXT NOT NULL, line1 TEXT NOT NULL, line2 TEXT NOT NULL, address_first TEXT NOT NULL,
		address_last TEXT NOT NULL, phone TEXT NOT NULL, PRIMARY KEY (partner_id, customer_id))`
	insertRow = `INSERT INTO floor VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (partner_id, customer_id) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name,
		email = excluded.email, culture = excluded.culture, language = excluded.language, company_name = excluded.company_name,
		country = excluded.country, city = excluded.city, state = excluded.state, postal_code = excluded.postal_code,
		line1 = excluded.line1, line2 = excluded.line2, address_first = excluded.address_first,
		address_last = excluded.address_last, phone = excluded.phone`
)

func (p *profile) args(partner, customer string) []any {
	a := &p.DefaultAddress
	return []any{
		partner, customer, p.FirstName, p.LastName, p.Email, p.Culture, p.Language, p.CompanyName, a.Country, a.City, a.State,
		a.PostalCode, a.AddressLine1, a.AddressLine2, a.FirstName, a.LastName, a.PhoneNumber,
	}
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
	if _, err = w.conn.ExecContext(ctx, createTable); err != nil {
		return err
	}
	w.insert, err = w.conn.PrepareContext(ctx, insertRow)
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
		if _, err = w.insert.ExecContext(ctx, next.args...); err != nil || len(all) == groupLimit {
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
	var p profile
	if err == nil {
		err = json.Unmarshal(body, &p)
	}
	if err == nil {
		i := &insertion{args: p.args(r.PathValue("partner"), r.PathValue("id")), done: make(chan error, 1)}
		f.writer.queue <- i
		err = <-i.done
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	p.Pad = f.padWritten.to(f.sizes.Written, p)
	answer(w, p)
}
