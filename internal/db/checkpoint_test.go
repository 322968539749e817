package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
)

var putReplay = db.SQL(`INSERT INTO replays (key, result, at) VALUES ($1, $2, $3)`)

// Writers that never rest, and readers that come and go.
func TestTheLogStaysShortUnderWriters(t *testing.T) {
	d := dbtest.SQLite(t)
	const writers, each, size = 8, 1000, 16 << 10 // 125 MiB
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		wg.Go(func() {
			for n := range each {
				err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					_, err := tx.Exec(ctx, putReplay, fmt.Appendf(nil, "%d/%d", i, n), bytes.Repeat([]byte{byte(n)}, size), n)
					return err
				})
				if err == nil && n%100 == 0 {
					err = d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						var kept int
						return tx.QueryRow(ctx, countReplays, nil, &kept)
					})
				}
				if err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(d.Source() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 90<<20 { // what one checkpoint moves, and what is written meanwhile
		t.Errorf("the log has grown to %d MiB", info.Size()>>20)
	}
}

var countReplays = db.Scan(`SELECT COUNT(*) FROM replays`, "a test")
