package importer

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"comptoir/internal/fault"
)

// Format is how a file keeps its records.
type Format string

// The formats. An empty Format is recognised by the first character.
const (
	CSV       Format = "csv"
	JSONLines Format = "jsonl"
)

// Bounds of what is read.
const (
	maxRecord  = 1 << 20  // bytes of one record
	maxLines   = 1000     // lines of one record of a CSV file
	maxColumns = 1000     // of a CSV file
	sampled    = 64 << 10 // bytes from whose look format, encoding and columns are recognised
)

// Refusals of a whole file.
var (
	ErrEmptyFile  = fault.New(fault.Invalid, "800002", "importer.file.empty")
	ErrJSONArray  = fault.New(fault.Invalid, "800002", "importer.file.array")
	ErrHeader     = fault.New(fault.Invalid, "800002", "importer.file.header")
	ErrColumns    = fault.New(fault.Invalid, "800002", "importer.file.columns") // argument Max
	ErrFormat     = fault.New(fault.Invalid, "2000", "importer.file.format")    // argument Name
	ErrEncoding   = fault.New(fault.Invalid, "2000", "importer.file.encoding")  // arguments Name, Allowed
	ErrDelimiter  = fault.New(fault.Invalid, "2000", "importer.file.delimiter") // argument Name
	errUnreadable = errors.New("the file cannot be read")
)

// record is one record of a file, as it stands there.
type record struct {
	row  int64 // counts the records from 1
	line int64 // in which it begins, counted from 1
	text string
	// fault says why it cannot be read; nil when nothing is known against it.
	fault *fault.Error
}

// file cuts a file into records.
type file struct {
	format Format
	comma  byte     // between the cells of a CSV file
	header []string // the columns of a CSV file; of JSON lines those of the sample

	lines lines
	row   int64
	held  *record // was read, and next has not returned it
}

// openFile recognises what body is, as far as o does not say, and reads the
// header of a CSV file.
func openFile(body io.Reader, o Options) (*file, error) {
	in, err := decoded(body, o.Encoding)
	if err != nil {
		return nil, err
	}
	sample, err := in.Peek(sampled)
	if err != nil && !errors.Is(err, io.EOF) && len(sample) == 0 { // else reading goes on until it fails again
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	first := bytes.TrimLeft(sample, " \t\r\n")
	if len(first) == 0 {
		return nil, ErrEmptyFile
	}
	f := &file{format: o.Format, lines: lines{in: in, end: lineEnd(sample)}}
	switch {
	case f.format == "" && first[0] == '[', f.format == JSONLines && first[0] == '[':
		return nil, ErrJSONArray
	case f.format == "" && first[0] == '{':
		f.format = JSONLines
	case f.format == "":
		f.format = CSV
	}
	switch f.format {
	case CSV:
		return f, f.readHeader(o.Delimiter)
	case JSONLines:
		f.header = membersOf(sample)
		return f, nil
	}
	return nil, ErrFormat.On("format").With("Name", string(f.format))
}

// begin reads up to the first record, which next returns as the first all the
// same. It refuses a file that has none: an empty one, or one that is nothing but
// the names of its columns.
func (f *file) begin() error {
	first, err := f.next()
	if errors.Is(err, io.EOF) {
		return ErrEmptyFile
	}
	if err == nil {
		f.held = &first
	}
	return err
}

// next returns the next record; io.EOF says that there is none.
func (f *file) next() (record, error) {
	if f.held != nil {
		first := *f.held
		f.held = nil
		return first, nil
	}
	for {
		var r record
		var err error
		if f.format == CSV {
			r, err = f.nextCSV()
		} else {
			r, err = f.nextLine()
		}
		if err != nil {
			return r, err
		}
		if r.fault == nil && f.blank(r.text) {
			continue
		}
		f.row++
		r.row = f.row
		if r.fault == nil {
			r.fault = unfit(r.text)
		}
		return r, nil
	}
}

// first returns the first n records, or all when there are fewer.
func (f *file) first(n int) (all []record, _ error) {
	for len(all) < n {
		r, err := f.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// count reads the file to its end and returns how many records it has.
func (f *file) count(ctx context.Context) (int64, error) {
	for ctx.Err() == nil {
		if _, err := f.next(); errors.Is(err, io.EOF) {
			return f.row, nil
		} else if err != nil {
			return 0, err
		}
	}
	return 0, ctx.Err()
}

// show returns the cells of a record by column, nil when it cannot be read.
func (f *file) show(r record) []string {
	if r.fault != nil {
		return nil
	}
	if f.format == CSV {
		all, _ := f.cells(r.text)
		return all
	}
	m, unread := parseMembers(r.text)
	if unread != nil {
		return nil
	}
	all := make([]string, len(f.header))
	for i, name := range f.header {
		all[i] = m[name]
	}
	return all
}

// nextLine returns a line as a record.
func (f *file) nextLine() (record, error) {
	l, err := f.lines.next()
	r := record{line: l.number, text: l.text}
	if l.cut {
		r.fault = errTooLong.With("Max", maxRecord)
	}
	return r, err
}

// blank reports whether a record holds nothing: an empty line, or one of which
// only the separators are left.
func (f *file) blank(text string) bool {
	if f.format == CSV {
		return strings.Trim(text, " \t\r\n\""+string(rune(f.comma))) == ""
	}
	return strings.TrimSpace(text) == ""
}

// line is a line of a file, without its end.
type line struct {
	text   string
	number int64 // counted from 1
	cut    bool  // it was longer than maxRecord, and text is its beginning
}

// lines reads a file line by line.
type lines struct {
	in     *bufio.Reader
	end    byte
	number int64
	buffer []byte
	back   []line // lines that were put back, in their order
}

// lineEnd returns what ends the lines of a file: a carriage return only where
// there is no line feed, as old spreadsheets write.
func lineEnd(sample []byte) byte {
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// next returns the next line; io.EOF says that there is none.
func (l *lines) next() (line, error) {
	if len(l.back) > 0 {
		first := l.back[0]
		l.back = l.back[1:]
		return first, nil
	}
	l.buffer = l.buffer[:0]
	next := line{number: l.number + 1}
	for {
		part, err := l.in.ReadSlice(l.end)
		if room := maxRecord - len(l.buffer); len(part) > room {
			next.cut, part = true, part[:room]
		}
		l.buffer = append(l.buffer, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(l.buffer) == 0:
			return line{}, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return line{}, fmt.Errorf("%w: %w", errUnreadable, err)
		}
		l.number++
		next.text = strings.TrimSuffix(strings.TrimSuffix(string(l.buffer), string(rune(l.end))), "\r")
		return next, nil
	}
}

// putBack has lines read again, before all others.
func (l *lines) putBack(again []line) { l.back = append(again, l.back...) }
