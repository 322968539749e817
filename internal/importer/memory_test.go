package importer_test

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"comptoir/internal/db/dbtest"
	"comptoir/internal/importer"
)

// Memory does not grow with the file: of a hundred megabytes no more is held at
// any time than of ten.
func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	const rows, rowSize = 100_000, 1000
	w := newWorld(t, dbtest.SQLite(t))
	line := `{"legalName": "` + strings.Repeat("x", rowSize-20) + "\n" // cut off, so that only the reading counts
	pass, err := importer.Open(t.Context(), w.k, agent(w.direct), &repeated{line: line, left: rows}, importer.Options{
		Mapping: importer.Mapping{importer.CompanyName: {Column: "legalName"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var most uint64
	sum, err := pass.Run(t.Context(), func(r importer.Result) error {
		if r.Row%5000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		return nil
	})
	if err != nil || sum.Refused != rows || pass.Read() != rows*int64(len(line)) {
		t.Fatalf("%+v, %v", sum, err)
	}
	if most > 32<<20 {
		t.Errorf("%d MB were held of a file of %d MB", most>>20, rows*rowSize>>20)
	}
}

// repeated is a file that has one line again and again.
type repeated struct {
	line string
	left int
	rest string
}

// Read implements io.Reader.
func (r *repeated) Read(into []byte) (int, error) {
	if r.rest == "" {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
		r.rest = r.line
	}
	n := copy(into, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
