// Package floor is what Comptoir is measured against: the least that a program
// in the same language with the same database driver has to do for a request.
// Its handlers run the statements that such a request cannot do without and
// answer JSON of the same size. They know no rules, no tokens and no log.
package floor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	_ "modernc.org/sqlite" // driver "sqlite"
)

// Sizes are how many bytes Comptoir answers with, so that the floor sends as many.
type Sizes struct {
	Customer int // one customer
	List     int // a list of ListLength customers
	Written  int // a billing profile that was replaced
}

// ListLength is the number of customers in a list.
const ListLength = 100

// Floor answers the requests of the floor. Close it when done.
type Floor struct {
	sizes   Sizes
	counter string // name of the counter with the number of a partner's customers
	read    *sql.DB
	writer  *writer

	one, list, total *sql.Stmt

	padOne, padList, padWritten padding
}

// Open opens the floor on a database of Comptoir, a copy that nobody else uses.
func Open(ctx context.Context, path string, counter string, s Sizes) (*Floor, error) {
	read, err := sql.Open("sqlite", source(path, "query_only(1)", "cache_size(-16384)", "mmap_size(1073741824)"))
	if err != nil {
		return nil, fmt.Errorf("floor: %w", err)
	}
	const connections = 4 // as many as Comptoir has on two cores
	read.SetMaxOpenConns(connections)
	read.SetMaxIdleConns(connections)
	f := &Floor{sizes: s, counter: counter, read: read}
	if err := f.prepare(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("floor: %w", err), read.Close())
	}
	return f, nil
}

func source(path string, pragmas ...string) string {
	v := url.Values{}
	for _, p := range append([]string{"busy_timeout(15000)"}, pragmas...) {
		v.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

func (f *Floor) prepare(ctx context.Context, path string) error {
	var err error
	if f.writer, err = startWriter(ctx, path); err != nil {
		return err
	}
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{{&f.one, selectOne}, {&f.list, selectList}, {&f.total, selectTotal}} {
		if *s.to, err = f.read.PrepareContext(ctx, s.text); err != nil {
			return errors.Join(err, f.writer.close())
		}
	}
	return nil
}

// Close closes the database.
func (f *Floor) Close() error { return errors.Join(f.writer.close(), f.read.Close()) }

// Handler answers "GET /{partner}/customers/{id}", "GET /{partner}/customers"
// and "PUT /{partner}/customers/{id}", which keeps a billing profile durably in
// one row and answers it.
func (f *Floor) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{partner}/customers/{id}", f.getOne)
	mux.HandleFunc("GET /{partner}/customers", f.getList)
	mux.HandleFunc("PUT /{partner}/customers/{id}", f.put)
	return mux
}
