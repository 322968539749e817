package importer

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
)

// The standard library's reader of CSV takes a quotation mark that is never
// closed for the beginning of a cell that holds the rest of the file. Here such a
// mark costs the one row in which it stands.

// Refusals of a row that cannot be read.
var (
	errTooLong  = fault.New(fault.TooLarge, "800002", "importer.row.too_long") // argument Max
	errUnclosed = fault.New(fault.Invalid, "800002", "importer.row.unclosed")
	errQuote    = fault.New(fault.Invalid, "800002", "importer.row.quote")
	errCells    = fault.New(fault.Invalid, "800002", "importer.row.cells") // arguments Count, Columns
	errNUL      = fault.New(fault.Invalid, "800002", "importer.row.nul")
	errUTF8     = fault.New(fault.Invalid, "800002", "importer.row.utf8")
)

// unfit returns why a text cannot be a record of any format.
func unfit(text string) *fault.Error {
	switch {
	case strings.IndexByte(text, 0) >= 0:
		return errNUL
	case !utf8.ValidString(text):
		return errUTF8
	}
	return nil
}

// quoting is where a text of CSV ends.
type quoting uint8

const (
	closed   quoting = iota // outside of quotation marks
	open                    // inside, so that the record goes on
	breached                // after text behind a closing mark
)

// quotes follows the quotation marks through text, which begins inside of them
// when from is open.
func quotes(text string, comma byte, from quoting) quoting {
	if from == closed && strings.IndexByte(text, '"') < 0 {
		return closed
	}
	inside, start := from == open, from == closed
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case inside && c == '"' && i+1 < len(text) && text[i+1] == '"':
			i++
		case inside && c == '"' && i+1 < len(text) && text[i+1] != comma:
			return breached
		case inside && c == '"':
			inside = false
		case inside:
		case c == comma:
			start = true
			continue
		case c == '"' && start:
			inside = true
		}
		start = false
	}
	if inside {
		return open
	}
	return closed
}

// nextCSV returns the next record of a CSV file.
func (f *file) nextCSV() (record, error) {
	first, err := f.lines.next()
	r := record{line: first.number, text: first.text}
	switch {
	case err != nil:
		return r, err
	case first.cut:
		r.fault = errTooLong.With("Max", maxRecord)
		return r, nil
	}
	switch quotes(first.text, f.comma, closed) {
	case open:
		return f.manyLines(r)
	case breached:
		r.fault = errQuote
	}
	return r, nil
}

// manyLines returns the record that begins with the line r, because line breaks
// stand between its quotation marks. When the marks are never closed, or not where
// a cell ends, that line alone is refused, and what follows is read as records of
// its own.
func (f *file) manyLines(r record) (record, error) {
	var more []line
	var text strings.Builder
	text.WriteString(r.text)
	state := open
	for state == open && len(more) < maxLines && text.Len() < maxRecord {
		l, err := f.lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r, err
		}
		more = append(more, l)
		if l.cut {
			break
		}
		text.WriteByte('\n')
		text.WriteString(l.text)
		state = quotes(l.text, f.comma, open)
	}
	if state == closed {
		r.text = text.String()
		return r, nil
	}
	f.lines.putBack(more)
	r.fault = errUnclosed
	return r, nil
}

// cells returns the cells of a record, whose quotation marks are closed.
func cells(text string, comma byte, into []string) []string {
	into = into[:0]
	for {
		if text == "" || text[0] != '"' {
			end := strings.IndexByte(text, comma)
			if end < 0 {
				return append(into, text)
			}
			into, text = append(into, text[:end]), text[end+1:]
			continue
		}
		cell, rest := quoted(text[1:])
		into = append(into, cell)
		if rest == "" {
			return into
		}
		text = rest[1:] // the separator
	}
}

// quoted returns the cell that begins text, behind its first quotation mark, and
// what follows its last one.
func quoted(text string) (cell, rest string) {
	var b strings.Builder
	for {
		end := strings.IndexByte(text, '"')
		if end < 0 {
			return b.String() + text, ""
		}
		if !strings.HasPrefix(text[end+1:], `"`) {
			if b.Len() == 0 {
				return text[:end], text[end+1:]
			}
			return b.String() + text[:end], text[end+1:]
		}
		b.WriteString(text[:end+1])
		text = text[end+2:]
	}
}

// cells returns the cells of a record, one for each column. Behind the last column
// may stand cells without content. A record of fewer cells is refused: what is
// missing may stand in any place of it.
func (f *file) cells(text string) ([]string, *fault.Error) {
	all := cells(text, f.comma, nil)
	extra := all[min(len(f.header), len(all)):]
	if len(all) < len(f.header) || strings.TrimSpace(strings.Join(extra, "")) != "" {
		return nil, errCells.With("Count", len(all)).With("Columns", len(f.header))
	}
	return all[:len(f.header)], nil
}

// separators are what may stand between cells, the likeliest first.
const separators = ",;\t|"

// readHeader reads the names of the columns. A first line such as "sep=;", which
// spreadsheets write and read, names the separator.
func (f *file) readHeader(delimiter string) error {
	if len(delimiter) > 1 || strings.ContainsAny(delimiter, "\"\r\n") || delimiter >= "\x80" {
		return ErrDelimiter.On("delimiter").With("Name", delimiter)
	}
	first, err := f.headerLine()
	if err != nil {
		return err
	}
	if sep, found := strings.CutPrefix(first.text, "sep="); found && len(sep) == 1 {
		if delimiter == "" {
			delimiter = sep
		}
		if first, err = f.headerLine(); err != nil {
			return err
		}
	}
	f.comma = separator(first.text)
	if delimiter != "" {
		f.comma = delimiter[0]
	}
	f.lines.putBack([]line{first})
	header, err := f.nextCSV()
	switch {
	case err != nil:
		return err
	case header.fault == nil:
		header.fault = unfit(header.text)
	}
	if header.fault != nil {
		return ErrHeader.Because(header.fault)
	}
	f.header = columnNames(cells(header.text, f.comma, nil))
	if len(f.header) > maxColumns {
		return ErrColumns.With("Max", maxColumns)
	}
	return nil
}

// headerLine returns the first line that is not empty.
func (f *file) headerLine() (line, error) {
	for {
		l, err := f.lines.next()
		if errors.Is(err, io.EOF) {
			return l, ErrEmptyFile
		}
		if err != nil || strings.TrimSpace(l.text) != "" {
			return l, err
		}
	}
}

// separator returns what most often stands between the columns of header.
func separator(header string) byte {
	best, most := separators[0], 0
	for i := range len(separators) {
		n, quoted := 0, false
		for j := range len(header) {
			switch {
			case header[j] == '"':
				quoted = !quoted
			case header[j] == separators[i] && !quoted:
				n++
			}
		}
		if n > most {
			best, most = separators[i], n
		}
	}
	return best
}

// columnNames makes the names of columns different from each other and never
// empty, so that each can be named in a mapping.
func columnNames(header []string) []string {
	names := make([]string, len(header))
	seen := make(map[string]int, len(header))
	for i, name := range header {
		if name = naming.Trim(name); name == "" {
			name = fmt.Sprintf("#%d", i+1)
		}
		seen[name]++
		if n := seen[name]; n > 1 {
			name = fmt.Sprintf("%s (%d)", name, n)
		}
		names[i] = name
	}
	return names
}
