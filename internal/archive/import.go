package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"comptoir/internal/db"
)

// Import reads what Export wrote into d, which must be migrated and empty and of
// the same schema. Either everything is in d afterwards, or nothing.
func Import(ctx context.Context, d *db.DB, r io.Reader) error {
	return load(ctx, d, r, false)
}

// load imports r. When replace is set, what d holds gives way.
func load(ctx context.Context, d *db.DB, r io.Reader, replace bool) error {
	begun := false
	err := d.Write(ctx, func(ctx context.Context, t *db.Tx) error {
		if begun {
			return errors.New("somebody else writes to the database")
		}
		begun = true // a second try would find the archive read already
		in := &reader{lines: bufio.NewReaderSize(r, 1<<16), hash: sha256.New(), replace: replace}
		return in.read(ctx, t)
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// reader reads an archive line by line.
type reader struct {
	lines   *bufio.Reader
	line    int64
	hash    hash.Hash // of the lines before the present one
	rows    int64
	replace bool
}

// next returns the next line without its end.
func (r *reader) next(last []byte) ([]byte, error) {
	r.hash.Write(last)
	r.line++
	line, err := r.lines.ReadBytes('\n')
	if err != nil {
		return nil, damaged(r.line, "it ends before its last line: %w", err)
	}
	return line, nil
}

func (r *reader) read(ctx context.Context, t *db.Tx) error {
	line, err := r.next(nil)
	if err != nil {
		return err
	}
	if err := r.head(ctx, t, line); err != nil {
		return err
	}
	all, err := tables(ctx, t)
	if err != nil {
		return err
	}
	if err := r.clear(ctx, t, all); err != nil {
		return err
	}
	if line, err = r.next(line); err != nil {
		return err
	}
	for bytes.HasPrefix(line, []byte(`{"Table"`)) {
		if line, err = r.table(ctx, t, all, line); err != nil {
			return err
		}
	}
	return r.tail(line)
}

func (r *reader) head(ctx context.Context, t *db.Tx, line []byte) error {
	var h head
	if err := json.Unmarshal(line, &h); err != nil || h.Archive != product {
		return damaged(r.line, "it does not begin as an archive does")
	}
	var version int64
	if err := t.QueryRow(ctx, schemaVersion, nil, &version); err != nil {
		return err
	}
	if h.Format != format || h.Schema != version {
		return fmt.Errorf("%w: it has schema %d in format %d, and the database has schema %d in format %d",
			ErrVersion, h.Schema, h.Format, version, format)
	}
	return nil
}

// clear makes sure that all tables are empty.
func (r *reader) clear(ctx context.Context, t *db.Tx, all []table) error {
	for _, table := range all {
		name := quoted([]string{table.name})
		if r.replace {
			if _, err := t.Exec(ctx, db.Dynamic("DELETE FROM "+name)); err != nil {
				return err
			}
			continue
		}
		var one int
		found, err := t.Found(ctx, db.Dynamic("SELECT 1 FROM "+name+" LIMIT 1"), nil, &one)
		if err != nil {
			return err
		}
		if found {
			return fmt.Errorf("%w: there are rows in %s", ErrNotEmpty, table.name)
		}
	}
	return nil
}

// table reads the section that begins with line, and returns the line after it.
func (r *reader) table(ctx context.Context, t *db.Tx, all []table, line []byte) ([]byte, error) {
	var s section
	if err := json.Unmarshal(line, &s); err != nil {
		return nil, damaged(r.line, "%w", err)
	}
	i := slices.IndexFunc(all, func(t table) bool { return t.name == s.Table })
	if i < 0 {
		return nil, damaged(r.line, "there is no table %q", s.Table)
	}
	table := all[i]
	if !slices.Equal(slices.Sorted(slices.Values(s.Columns)), slices.Sorted(slices.Values(table.names()))) {
		return nil, damaged(r.line, "table %s has other columns", s.Table)
	}
	table.columns = table.inOrder(s.Columns)
	b, err := newBatch(table, t.Engine())
	if err != nil {
		return nil, err
	}
	for {
		if line, err = r.next(line); err != nil {
			return nil, err
		}
		if line[0] != '[' {
			return line, b.flush(ctx, t)
		}
		if err := b.add(line); err != nil {
			return nil, damaged(r.line, "%w", err)
		}
		if err := b.flushFull(ctx, t); err != nil {
			return nil, fmt.Errorf("before line %d: %w", r.line, err)
		}
		r.rows++
	}
}

func (t *table) inOrder(names []string) []column {
	columns := make([]column, len(names))
	for i, name := range names {
		j := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
		columns[i] = t.columns[j]
	}
	return columns
}

func (r *reader) tail(line []byte) error {
	var end tail
	if err := json.Unmarshal(line, &end); err != nil || !end.End {
		return damaged(r.line, "it does not end as an archive does")
	}
	if end.Rows != r.rows || end.SHA256 != hex.EncodeToString(r.hash.Sum(nil)) {
		return damaged(r.line, "its rows are not those that were exported")
	}
	if _, err := r.lines.ReadByte(); !errors.Is(err, io.EOF) {
		return damaged(r.line+1, "something follows the end")
	}
	return nil
}

// batchValues is how many values one statement inserts on PostgreSQL, where each
// is a way there and back. SQLite has no way to go, and binding the values of a
// long statement costs it more than running short ones.
const batchValues = 4000

// batch gathers rows of a table for one statement.
type batch struct {
	table  table
	places []any // where the values of a row are decoded
	values []any
	size   int // values in a full batch
	full   *db.Stmt
}

func newBatch(t table, e db.Engine) (*batch, error) {
	places, err := t.row()
	if err != nil {
		return nil, err
	}
	rows := 1
	if e == db.Postgres {
		rows = max(1, batchValues/len(t.columns))
	}
	return &batch{table: t, places: places, size: rows * len(t.columns), full: t.insertRows(t.names(), rows)}, nil
}

func (b *batch) add(line []byte) error {
	row := slices.Clone(b.places)
	if err := json.Unmarshal(line, &row); err != nil {
		return err
	}
	if len(row) != len(b.places) {
		return fmt.Errorf("a row of table %s has %d values, not %d", b.table.name, len(row), len(b.places))
	}
	for i, place := range b.places {
		if row[i] != place { // null takes the place away
			return fmt.Errorf("column %s of table %s has no value", b.table.columns[i].name, b.table.name)
		}
		b.values = append(b.values, own(place))
	}
	return nil
}

func (b *batch) flushFull(ctx context.Context, t *db.Tx) error {
	if len(b.values) < b.size {
		return nil
	}
	_, err := t.Exec(ctx, b.full, b.values...)
	b.values = b.values[:0]
	return err
}

// flush adds the rows that do not fill a batch.
func (b *batch) flush(ctx context.Context, t *db.Tx) error {
	if len(b.values) == 0 {
		return nil
	}
	_, err := t.Exec(ctx, b.table.insertRows(b.table.names(), len(b.values)/len(b.places)), b.values...)
	return err
}

// own returns a copy of a decoded value, whose place the next row takes.
func own(value any) any {
	switch v := value.(type) {
	case *string:
		return *v
	case *int64:
		return *v
	case *bool:
		return *v
	default:
		return bytes.Clone(*value.(*[]byte))
	}
}
