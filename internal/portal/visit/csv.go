package visit

import (
	"bufio"
	"io"
	"net/http"
	"strings"
)

// Spreadsheet is a file that the reader takes along: CSV as RFC 4180 has it, in
// UTF-8 with a byte order mark, so that spreadsheets read every name right.
type Spreadsheet struct {
	out   *bufio.Writer
	begin func()
	begun bool
	head  []string
}

// Export sends a spreadsheet: head are the titles of the columns, rows writes
// the others. An error before the first row becomes a page that says so; a later
// one breaks the transfer off, so that half a file is not taken for a whole one.
func (v *Visit) Export(file string, head []string, rows func(s *Spreadsheet) error) error {
	s := &Spreadsheet{out: bufio.NewWriterSize(v.Writer, 32<<10), head: head, begin: func() {
		h := v.Writer.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="`+file+`"`)
		h.Set("Cache-Control", "no-store")
		v.Writer.WriteHeader(http.StatusOK)
	}}
	err := rows(s)
	if err == nil {
		err = s.end()
	}
	if err == nil || !s.begun {
		return err
	}
	if v.Context().Err() == nil {
		v.site.Kernel.Log.ErrorContext(v.Context(), "an export broke off", "file", file, "correlation", v.Actor.CorrelationID, "error", err)
	}
	panic(http.ErrAbortHandler)
}

// Row writes one row.
func (s *Spreadsheet) Row(cells ...string) error {
	if !s.begun {
		s.start()
	}
	return writeRow(s.out, cells)
}

func (s *Spreadsheet) start() {
	s.begun = true
	s.begin()
	// What cannot be written now cannot be written at the end either, where it is
	// noticed: the writer keeps its first error.
	_, _ = s.out.WriteString("\ufeff")
	head := make([]string, len(s.head))
	for i, title := range s.head {
		head[i] = strings.ReplaceAll(title, "\u00ad", "") // a joint of a long word on a page
	}
	_ = writeRow(s.out, head)
}

func (s *Spreadsheet) end() error {
	if !s.begun {
		s.start()
	}
	return s.out.Flush()
}

func writeRow(w *bufio.Writer, cells []string) error {
	for i, cell := range cells {
		if i > 0 {
			_ = w.WriteByte(',') // see start
		}
		writeCell(w, harmless(cell))
	}
	_, err := w.WriteString("\r\n")
	return err
}

func writeCell(w io.StringWriter, cell string) {
	if strings.ContainsAny(cell, ",\"\r\n") || strings.TrimSpace(cell) != cell {
		cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	_, _ = w.WriteString(cell) // see start
}

// harmless keeps a spreadsheet from taking text that somebody typed for a
// formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
