package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
)

var (
	putSetting = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)`)
	getSetting = db.SQL(`SELECT value FROM settings WHERE name = $1`)
	addOne     = db.SQL(`INSERT INTO counters (owner, name, value) VALUES ($1, $2, 1)
		ON CONFLICT (owner, name) DO UPDATE SET value = counters.value + 1`)
	getCounter = db.SQL(`SELECT value FROM counters WHERE owner = $1 AND name = $2`)
)

var errStop = errors.New("stop")

func put(d *db.DB, name, value string, fail error) error {
	return d.Write(context.Background(), func(ctx context.Context, t *db.Tx) error {
		if _, err := t.Exec(ctx, putSetting, name, value, db.Micros(time.UnixMicro(1))); err != nil {
			return err
		}
		return fail
	})
}

func get(t *testing.T, d *db.DB, name string) (value string, found bool) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		found, err = tx.Found(ctx, getSetting, []any{name}, &value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value, found
}

func TestAFailedWriteLeavesNothingAndHarmsNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				fail := error(nil)
				if i%2 == 1 {
					fail = errStop
				}
				if err := put(d, fmt.Sprint("s", i), "v", fail); !errors.Is(err, fail) {
					t.Errorf("write %d: %v, want %v", i, err, fail)
				}
			})
		}
		all.Wait()
		for i := range 40 {
			if _, found := get(t, d, fmt.Sprint("s", i)); found != (i%2 == 0) {
				t.Errorf("write %d: found %v", i, found)
			}
		}
	})
}

// Those of one commit have no savepoints of their own: when one fails after it
// has written, those before it are run again.
func TestWritesOfOneCommitAreRunAgainWithoutTheOneThatFails(t *testing.T) {
	d := dbtest.SQLite(t)
	var runs [5]int
	var all sync.WaitGroup
	queue := func(i int, f func(ctx context.Context, tx *db.Tx) error, want error) {
		waiting := d.Waiting()
		all.Go(func() {
			err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				runs[i]++
				return f(ctx, tx)
			})
			if !errors.Is(err, want) {
				t.Errorf("write %d: %v, want %v", i, err, want)
			}
		})
		for i > 0 && d.Waiting() == waiting { // they queue up in this order
			runtime.Gosched()
		}
	}
	add := func(then error) func(ctx context.Context, tx *db.Tx) error {
		return func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, addOne, "partner", "customers")
			return errors.Join(err, then)
		}
	}
	held, queued := make(chan struct{}), make(chan struct{})
	queue(0, func(ctx context.Context, tx *db.Tx) error {
		if runs[0] == 1 {
			close(held)
			<-queued
		}
		return add(nil)(ctx, tx)
	}, nil)
	<-held
	queue(1, func(context.Context, *db.Tx) error { return errStop }, errStop) // has changed nothing
	queue(2, add(nil), nil)
	queue(3, add(errStop), errStop)
	queue(4, add(errStop), errStop)
	close(queued)
	all.Wait()
	if want := [5]int{2, 1, 2, 1, 1}; runs != want {
		t.Errorf("the writes ran %v times, want %v", runs, want)
	}
	var n int64
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRow(ctx, getCounter, []any{"partner", "customers"}, &n)
	})
	if err != nil || n != 2 {
		t.Errorf("counter %d, %v; want that of the two that did not fail", n, err)
	}
}

func TestAPanicReachesItsCallerAndLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { // it panics
				tx.Exec(ctx, putSetting, "p", "v", 1)
				panic("boom")
			})
		}()
		if _, found := get(t, d, "p"); found {
			t.Error("the write before the panic stayed")
		}
		if err := put(d, "after", "v", nil); err != nil {
			t.Errorf("writing goes on after a panic: %v", err)
		}
	})
}

func TestTheSameKeyTwiceIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := put(d, "once", "a", nil); err != nil {
			t.Fatal(err)
		}
		if err := put(d, "once", "b", nil); !db.IsUnique(err) {
			t.Fatalf("got %v, want a unique violation", err)
		}
		if v, _ := get(t, d, "once"); v != "a" {
			t.Fatalf("value %q, want the first", v)
		}
	})
}

func TestCountersAddUpUnderConcurrentWrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers, each = 8, 10
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				for range each {
					err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						_, err := tx.Exec(ctx, addOne, "partner", "customers")
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		var n int64
		err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return tx.QueryRow(ctx, getCounter, []any{"partner", "customers"}, &n)
		})
		if err != nil || n != writers*each {
			t.Fatalf("counter %d, %v; want %d", n, err, writers*each)
		}
	})
}

func TestAReadCannotChangeAnything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, putSetting, "x", "y", 1)
			return err
		})
		if err == nil {
			t.Fatal("a read transaction wrote")
		}
	})
}

func TestWritesAfterCloseAreRefused(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := put(d, "late", "v", nil); !errors.Is(err, db.ErrClosed) {
		t.Fatalf("got %v, want ErrClosed", err)
	}
}

func TestTimesKeepTheirMicroseconds(t *testing.T) {
	for _, want := range []time.Time{{}, time.Date(2026, 11, 20, 9, 15, 6, 58_930_000, time.UTC)} {
		if got := db.Time(db.Micros(want)); !got.Equal(want) {
			t.Errorf("%v came back as %v", want, got)
		}
	}
}

func BenchmarkDurableWrite(b *testing.B) {
	for name, o := range map[string]db.Options{"grouped": {}, "each": {CommitEach: true}} {
		b.Run(name, func(b *testing.B) {
			d, err := db.Open(b.Context(), b.TempDir()+"/bench.db", o)
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			if err := d.Migrate(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.SetParallelism(25)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					err := d.Write(b.Context(), func(ctx context.Context, tx *db.Tx) error {
						_, err := tx.Exec(ctx, addOne, "partner", "customers")
						return err
					})
					if err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// A connection whose first use is a checkpoint would wait for itself until its
// patience ends.
func TestADatabaseThatWasOnlyMigratedClosesAtOnce(t *testing.T) {
	path := t.TempDir() + "/new.db"
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.MigrateTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Version(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil { // a connection that was kept would be waited for until the test is over
		t.Fatal(err)
	}
}

func TestStatementsAreNotPlannedAnewForEveryValue(t *testing.T) {
	s := db.SQL(`SELECT value FROM settings WHERE name LIKE $1 AND value > $2 ORDER BY name LIMIT $12`)
	want := `SELECT value FROM settings WHERE name LIKE CAST($1 AS TEXT) AND value > $2 ORDER BY name LIMIT CAST($12 AS BIGINT)`
	if s.Text() != want {
		t.Errorf("got %s", s.Text())
	}
}
