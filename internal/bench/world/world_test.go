package world_test

import (
	"path/filepath"
	"testing"

	"comptoir/internal/bench/world"
)

func TestAWorldIsBuiltOnceAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "world.db")
	if _, found, err := world.Open(t.Context(), path); found || err != nil {
		t.Fatal(found, err)
	}
	if _, err := world.Build(t.Context(), path, 1000); err != nil {
		t.Fatal(err)
	}
	w, found, err := world.Open(t.Context(), path)
	if !found || err != nil {
		t.Fatal(found, err)
	}
	if w.Size() != 1000 || len(w.Partners[0].Customers) != 505 || len(w.Partners[99].Customers) != 5 {
		t.Errorf("%d customers, of whom %d and %d are the first and the last partner's", w.Size(), len(w.Partners[0].Customers), len(w.Partners[99].Customers))
	}
}
