package archive

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"comptoir/internal/db"
)

var schemaVersion = db.Scan(`SELECT max(version_id) FROM goose_db_version`, "one row for each migration")

// Export writes everything that d holds to w. It sees one state of the database,
// whatever is written meanwhile, and needs little memory.
func Export(ctx context.Context, d *db.DB, w io.Writer) error {
	err := d.Read(ctx, func(ctx context.Context, t *db.Tx) error {
		out := newLines(w)
		var version int64
		if err := t.QueryRow(ctx, schemaVersion, nil, &version); err != nil {
			return err
		}
		if err := out.write(head{product, format, version}); err != nil {
			return err
		}
		all, err := tables(ctx, t)
		if err != nil {
			return err
		}
		for _, table := range all {
			if err := out.table(ctx, t, table); err != nil {
				return fmt.Errorf("table %s: %w", table.name, err)
			}
		}
		return out.end()
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// lines writes the lines of an archive and keeps their hash.
type lines struct {
	buffer *bufio.Writer
	hash   hash.Hash
	json   *json.Encoder
	rows   int64
}

func newLines(w io.Writer) *lines {
	l := &lines{buffer: bufio.NewWriterSize(w, 1<<16), hash: sha256.New()}
	l.json = json.NewEncoder(io.MultiWriter(l.buffer, l.hash))
	l.json.SetEscapeHTML(false)
	return l
}

func (l *lines) write(line any) error { return l.json.Encode(line) }

func (l *lines) table(ctx context.Context, t *db.Tx, table table) error {
	if err := l.write(section{table.name, table.names()}); err != nil {
		return err
	}
	rows, err := t.Query(ctx, table.selectAll(t.Engine()))
	if err != nil {
		return err
	}
	defer rows.Close()
	row, err := table.row()
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := rows.Scan(row...); err != nil {
			return err
		}
		neverNull(row)
		if err := l.write(row); err != nil {
			return err
		}
		l.rows++
	}
	return rows.Err()
}

// neverNull writes empty binary values as such: a driver may give nil for them,
// but no column holds null.
func neverNull(row []any) {
	for _, place := range row {
		if b, ok := place.(*[]byte); ok && *b == nil {
			*b = []byte{}
		}
	}
}

func (l *lines) end() error {
	if err := l.write(tail{true, l.rows, hex.EncodeToString(l.hash.Sum(nil))}); err != nil {
		return err
	}
	return l.buffer.Flush()
}
