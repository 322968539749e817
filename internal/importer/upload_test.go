package importer_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/importer"
	"comptoir/internal/refusal"
)

func TestALargeFileIsKeptInPieces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		text := header + strings.Repeat("7;Lunds Bageri AB;;Storgatan 1;222 21;Lund;SE;sv\n", 12_000) + "8;Kiruna Gruva AB;;Gruvan 1;981 30;Kiruna;SE;sv\n"
		i := w.uploaded(ada, text)
		if n := len(w.texts("SELECT import_id FROM import_chunks")); n != 2 {
			t.Fatalf("kept in %d pieces", n)
		}
		w.start(ada, i.ID, reached(importer.Options{}))
		w.runDue(workers)
		i = w.progress(ada, i.ID)
		if want := (importer.Summary{Created: 2, Exists: 11_999}); i.Summary != want {
			t.Errorf("summary %+v", i.Summary)
		}
		if n := len(w.texts("SELECT import_id FROM import_chunks")); n != 0 {
			t.Errorf("%d pieces are left", n)
		}
	})
}

func TestAnUploadThatDoesNotArriveWholeLeavesNothing(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ada := agent(w.direct)
	noise := make([]byte, 600<<10)
	for n := range noise {
		noise[n] = byte(rand.Uint32())
	}
	_, err := importer.Upload(t.Context(), w.k, ada, "x", io.MultiReader(bytes.NewReader(noise), iotest.ErrReader(io.ErrClosedPipe)))
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the sender went: %v", err)
	}
	_, err = importer.UploadUpTo(t.Context(), w.k, ada, "x", io.LimitReader(zeros{}, 3<<20+1), 3<<20)
	if !errors.Is(err, refusal.TooLarge) || fault.All(err)[0].Args["Limit"] != int64(3<<20) {
		t.Errorf("too much: %v", err)
	}
	if left := w.texts("SELECT id FROM imports UNION ALL SELECT import_id FROM import_chunks"); len(left) != 0 {
		t.Errorf("left %q", left)
	}
}

// zeros is a file without end.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(into []byte) (int, error) { return len(into), nil }

func TestOnePersonKeepsSoManyFiles(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ada := agent(w.direct)
	for range importer.MaxKept {
		w.uploaded(ada, smallFile)
	}
	if _, err := importer.Upload(t.Context(), w.k, ada, "x", strings.NewReader(smallFile)); !errors.Is(err, importer.ErrTooManyKept) {
		t.Errorf("one more: %v", err)
	}
	own, err := importer.List.Do(t.Context(), w.k, ada, importer.Page{Limit: 3})
	if err != nil || len(own) != 3 {
		t.Fatalf("listed %d, %v", len(own), err)
	}
	if _, err := importer.Discard.Do(t.Context(), w.k, ada, importer.ByID{ID: own[0].ID}); err != nil {
		t.Fatal(err)
	}
	w.uploaded(ada, smallFile)
	next, err := importer.List.Do(t.Context(), w.k, ada, importer.Page{Before: own[2].ID, Limit: 100})
	if err != nil || len(next) != importer.MaxKept-3 {
		t.Errorf("behind it %d, %v", len(next), err)
	}
}

func TestOldFilesAndResultsGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		forgotten := w.uploaded(ada, smallFile)
		done := w.uploaded(ada, smallFile)
		w.start(ada, done.ID, reached(importer.Options{}))
		w.runDue(workers)
		w.k.Clock.Advance(8 * 24 * time.Hour)
		w.runDue(workers)
		if _, err := importer.Progress.Do(t.Context(), w.k, ada, importer.ByID{ID: forgotten.ID}); !errors.Is(err, refusal.NotFound) {
			t.Errorf("a file that nobody imported is still listed: %v", err)
		}
		if left := w.texts("SELECT import_id FROM import_chunks"); len(left) != 0 {
			t.Errorf("the pieces of %q are left", left)
		}
		if len(w.results(ada, done.ID, "")) != 4 {
			t.Error("the results are gone too early")
		}
		w.k.Clock.Advance(90 * 24 * time.Hour)
		w.runDue(workers)
		if left := w.texts("SELECT id FROM imports UNION ALL SELECT import_id FROM import_results"); len(left) != 0 {
			t.Errorf("left %q", left)
		}
		if len(w.customers(w.direct)) != 2 {
			t.Error("the customers went too")
		}
	})
}

// However many people forget their files, all are gone on the same day.
func TestAllOldFilesGo(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers := w.workers()
	w.runDue(workers)
	for n := range 6 {
		person := agent(w.direct)
		person.User = id.User(fmt.Sprintf("a0000000-0000-7000-8000-00000000001%d", n))
		for range importer.MaxKept {
			w.uploaded(person, smallFile)
		}
	}
	w.k.Clock.Advance(8 * 24 * time.Hour)
	w.runDue(workers)
	if left := w.texts("SELECT id FROM imports UNION ALL SELECT import_id FROM import_chunks"); len(left) != 0 {
		t.Errorf("%d are left", len(left))
	}
}

func TestWhatIsUnderWayIsNotRemoved(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ada := agent(w.direct)
	i := w.uploaded(ada, smallFile)
	w.start(ada, i.ID, reached(importer.Options{}))
	if _, err := importer.Discard.Do(t.Context(), w.k, ada, importer.ByID{ID: i.ID}); !errors.Is(err, importer.ErrUnderWay) {
		t.Errorf("discarded: %v", err)
	}
}
