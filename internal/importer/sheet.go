package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// MaxSheet is the size in bytes of the largest sheet.
const MaxSheet = 8 << 20

// ErrTooManyRows refuses a sheet of more rows than a feature takes; argument Max.
var ErrTooManyRows = fault.New(fault.TooLarge, "800002", "importer.sheet.rows")

// Sheet is a CSV file that is small enough to be read as a whole: orders for many
// things of one sort.
type Sheet struct {
	Columns []string // never empty, each different from the others
	Rows    []SheetRow
}

// SheetRow is a row of a sheet.
type SheetRow struct {
	Line  int64    // in which it begins, counted from 1
	Cells []string // one for each column; nil when the row cannot be read
	// Fault says why it cannot be read, nil otherwise.
	Fault *fault.Error
}

// ReadSheet reads a CSV file in any encoding that Recognise knows, and with any of
// the usual separators. It refuses one that is larger than MaxSheet with
// refusal.TooLarge, one of more than limit rows, and one that has none.
func ReadSheet(body io.Reader, limit int) (Sheet, error) {
	return ReadLargeSheet(body, limit, MaxSheet)
}

// ReadLargeSheet is ReadSheet for files of up to size bytes.
func ReadLargeSheet(body io.Reader, limit int, size int64) (Sheet, error) {
	content, err := io.ReadAll(io.LimitReader(body, size+1))
	if err != nil {
		return Sheet{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	if int64(len(content)) > size {
		return Sheet{}, refusal.TooLarge.With("Limit", fmt.Sprintf("%d MiB", size>>20))
	}
	e, err := Recognise(bytes.NewReader(content))
	if err != nil {
		return Sheet{}, err
	}
	f, err := openFile(bytes.NewReader(content), Options{Format: CSV, Encoding: e})
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{Columns: f.header}
	for {
		r, err := f.next()
		switch {
		case errors.Is(err, io.EOF) && len(s.Rows) == 0:
			return Sheet{}, ErrEmptyFile
		case errors.Is(err, io.EOF):
			return s, nil
		case err != nil:
			return Sheet{}, err
		case len(s.Rows) == limit:
			return Sheet{}, ErrTooManyRows.With("Max", limit)
		}
		row := SheetRow{Line: r.line, Fault: r.fault}
		if row.Fault == nil {
			row.Cells, row.Fault = f.cells(r.text)
		}
		s.Rows = append(s.Rows, row)
	}
}
