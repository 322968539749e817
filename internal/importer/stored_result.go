package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

var (
	insertResults = db.SQL(`INSERT INTO import_results (partner_id, import_id, last_row, refused, data) VALUES ($1, $2, $3, $4, $5)`)
	readResults   = db.SQL(`SELECT data FROM import_results
		WHERE partner_id = $1 AND import_id = $2 AND last_row > $3 ORDER BY last_row LIMIT 4`)
	readRefused = db.SQL(`SELECT data FROM import_results
		WHERE partner_id = $1 AND import_id = $2 AND last_row > $3 AND refused > 0 ORDER BY last_row LIMIT 4`)
	deleteResults = db.SQL(`DELETE FROM import_results WHERE partner_id = $1 AND import_id = $2`)
)

// storedResult is a Result as it is kept: without a password, and with sentences
// as keys and arguments, so that every reader has them in his own language.
type storedResult struct {
	Row, Line int64
	ID, Name  string
	Outcome   Outcome
	Customer  id.Tenant
	Notes     []storedNote
}

// storedNote is a fault, or a finding, as it is kept.
type storedNote struct {
	Fault            bool
	Kind             fault.Kind
	Code, Key, Field string
	Args             map[string]any
}

func stored(r Result) storedResult {
	s := storedResult{Row: r.Row, Line: r.Line, ID: r.ID, Name: r.Name, Outcome: r.Outcome, Customer: r.Customer}
	for _, f := range r.Faults {
		s.Notes = append(s.Notes, noteOf(f))
	}
	for _, f := range r.Warnings {
		s.Notes = append(s.Notes, storedNote{Code: f.Code, Key: f.Key, Field: f.Field, Args: fault.PlainArgs(f.Args)})
	}
	return s
}

func noteOf(f *fault.Error) storedNote {
	return storedNote{Fault: true, Kind: f.Kind, Code: f.Code, Key: f.Key, Field: f.Field, Args: fault.PlainArgs(f.Args)}
}

func (s storedResult) result() Result {
	r := Result{Row: s.Row, Line: s.Line, ID: s.ID, Name: s.Name, Outcome: s.Outcome, Customer: s.Customer}
	for _, n := range s.Notes {
		if n.Fault {
			r.Faults = append(r.Faults, n.fault())
			continue
		}
		r.Warnings = append(r.Warnings, finding.Finding{Code: n.Code, Key: n.Key, Field: n.Field, Args: fault.RichArgs(n.Args)})
	}
	return r
}

func (n storedNote) fault() *fault.Error {
	return &fault.Error{Kind: n.Kind, Code: n.Code, Key: n.Key, Field: n.Field, Args: fault.RichArgs(n.Args)}
}

func decodeStored(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("importer: kept result: %w", err)
	}
	return nil
}

// keepResults keeps the results of a batch of i, and counts them.
func (i Import) keepResults(ctx context.Context, u *op.Unit, results []Result) error {
	all := make([]storedResult, len(results))
	for n, r := range results {
		all[n] = stored(r)
	}
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("importer: results: %w", err)
	}
	var sum Summary
	sum.count(results)
	_, err = u.Exec(ctx, insertResults, i.Partner, i.ID, results[len(results)-1].Row, sum.Refused, packed(text))
	if err != nil {
		return err
	}
	_, err = u.Exec(ctx, countImport, i.Partner, i.ID, sum.Created, sum.Exists, sum.Refused)
	return err
}

// ResultQuery asks for results of one of the actor's own imports.
type ResultQuery struct {
	ID      string
	Outcome Outcome // "" for all
	After   int64   // row of the last one of the page before; 0 for the first page
	Limit   int     // 1 to MaxResults; 0 means 100
}

// MaxResults is the most results that one page has.
const MaxResults = 1000

// Results returns results in the order of the rows. Fewer than the limit says
// that there are no more yet.
var Results = op.Define(op.Spec{Name: "importer.results", Action: "job.view"},
	func(ctx context.Context, u *op.Unit, in ResultQuery) ([]Result, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return nil, err
		}
		if in.Limit <= 0 {
			in.Limit = 100
		}
		return i.results(ctx, u.Tx, in.Outcome, in.After, min(in.Limit, MaxResults))
	})

func (i Import) results(ctx context.Context, t *db.Tx, o Outcome, after int64, limit int) ([]Result, error) {
	page := []Result{}
	for {
		blocks, err := i.blocks(ctx, t, o, after)
		if err != nil || len(blocks) == 0 {
			return page, err
		}
		for _, r := range blocks {
			if r.Row <= after || o != "" && r.Outcome != o {
				continue
			}
			if page = append(page, r.result()); len(page) == limit {
				return page, nil
			}
		}
		after = blocks[len(blocks)-1].Row
	}
}

// blocks returns the results of the next batches behind a row. For refused ones
// it passes over batches that have none.
func (i Import) blocks(ctx context.Context, t *db.Tx, o Outcome, after int64) (all []storedResult, _ error) {
	statement := readResults
	if o == Refused {
		statement = readRefused
	}
	rows, err := t.Query(ctx, statement, i.Partner, i.ID, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var data []byte
		if err := rows.Scan(&data); err != nil {
			return nil, err
		}
		text, err := unpacked(data)
		if err != nil {
			return nil, err
		}
		var block []storedResult
		if err := decodeStored(text, &block); err != nil {
			return nil, err
		}
		all = append(all, block...)
	}
	return all, rows.Err()
}

// EachResult goes through all results of one of the actor's own imports, a page at
// a time, so that a list of any length can be written as it is read. It ends with
// the first error.
func EachResult(ctx context.Context, k *op.Kernel, a op.Actor, importID string, o Outcome) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		in := ResultQuery{ID: importID, Outcome: o, Limit: MaxResults}
		for {
			page, err := Results.Do(ctx, k, a, in)
			if err != nil {
				yield(Result{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
				in.After = r.Row
			}
			if len(page) < in.Limit {
				return
			}
		}
	}
}
