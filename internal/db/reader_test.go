package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
)

// Many statements that no connection knows yet, asked for by many more callers
// than there are connections, all at once.
func TestReadersNeedNoSecondConnection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		errs := make([]error, 100)
		for i := range errs {
			wg.Go(func() {
				errs[i] = d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					for n := range 10 {
						var got int
						if err := tx.QueryRow(ctx, db.Dynamic(fmt.Sprintf("SELECT %d", n)), nil, &got); err != nil || got != n {
							return fmt.Errorf("read %d: %w", got, err)
						}
					}
					return nil
				})
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})
}

func TestAReadEndsWithItsCaller(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, leave := context.WithCancel(t.Context())
	err := d.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		leave()
		var one int
		return tx.QueryRow(ctx, db.Dynamic("SELECT 1"), nil, &one)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who has left was served: %v", err)
	}
	if err := d.Read(ctx, func(context.Context, *db.Tx) error { return nil }); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAFailedReadLeavesTheConnectionUsable(t *testing.T) {
	d := dbtest.SQLite(t)
	read := func(text string) error {
		return d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			var one int
			return tx.QueryRow(ctx, db.Dynamic(text), nil, &one)
		})
	}
	for range 20 {
		if err := read("SELECT one FROM nowhere"); err == nil {
			t.Fatal("a table that does not exist was read")
		}
	}
	func() {
		defer func() { _ = recover() }()
		_ = d.Read(t.Context(), func(context.Context, *db.Tx) error { panic("in the middle") })
	}()
	for range 20 {
		if err := read("SELECT 1"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadsAfterCloseAreRefused(t *testing.T) {
	d, err := db.Open(t.Context(), t.TempDir()+"/closed.db", db.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Read(t.Context(), func(context.Context, *db.Tx) error { return nil }); !errors.Is(err, db.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
