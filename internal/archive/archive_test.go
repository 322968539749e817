package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
)

// texts are values that a careless format would change.
var texts = []string{
	"", "Fjällbageri & <Söner>", `quotes "double" and 'single' \ backslash`, "two\nlines\tand a tab", "\u2028\u2029\uFFFD", "日本語 🥖",
	`{"json":[1,2]}`, "0123", "null",
}

// fill puts rows into every table of the schema.
func fill(t testing.TB, d *db.DB, rows int) {
	t.Helper()
	chance := rand.New(rand.NewPCG(1, 2))
	err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		all, err := tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, table := range all {
			insert := table.insertRows(table.names(), 1)
			for n := range rows {
				values := make([]any, len(table.columns))
				for i, c := range table.columns {
					values[i] = arbitrary(chance, c, n)
				}
				if _, err := tx.Exec(ctx, insert, values...); err != nil {
					return fmt.Errorf("%s: %w", table.name, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// arbitrary returns a value for the n-th row; no two rows have the same key.
func arbitrary(chance *rand.Rand, c column, n int) any {
	switch c.kind {
	case "text":
		return fmt.Sprint(texts[n%len(texts)], chance.Uint64())
	case "bigint":
		if n == 0 {
			return int64(math.MinInt64) + chance.Int64N(1000)
		}
		return chance.Int64()
	case "boolean":
		return n%2 == 0
	default:
		if n == 0 {
			return []byte{}
		}
		b := []byte{byte(n), byte(n >> 8)}
		for range n {
			b = append(b, byte(chance.Uint32()))
		}
		return b
	}
}

func export(t testing.TB, d *db.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Export(t.Context(), d, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func bring(t testing.TB, d *db.DB, archive []byte) {
	t.Helper()
	if err := Import(t.Context(), d, bytes.NewReader(archive)); err != nil {
		t.Fatal(err)
	}
}

func empty(t testing.TB, d *db.DB) bool {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		all, err := tables(ctx, tx)
		if err != nil {
			return err
		}
		return new(reader).clear(ctx, tx, all)
	})
	if err != nil && !errors.Is(err, ErrNotEmpty) {
		t.Fatal(err)
	}
	return err == nil
}

func TestEverythingComesBackFromTheOtherEngine(t *testing.T) {
	first, server, last := dbtest.SQLite(t), dbtest.Postgres(t), dbtest.SQLite(t)
	fill(t, first, 120) // more than one batch for PostgreSQL
	want := export(t, first)
	bring(t, server, want)
	if got := export(t, server); !bytes.Equal(got, want) {
		t.Fatalf("PostgreSQL gives another archive: %s", difference(got, want))
	}
	bring(t, last, export(t, server))
	if got := export(t, last); !bytes.Equal(got, want) {
		t.Fatalf("SQLite gives another archive: %s", difference(got, want))
	}
}

func difference(got, want []byte) string {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d is\n%s\nnot\n%s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, not %d", len(g), len(w))
}

func TestAnArchiveSeesOneState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d, 20)
		before := export(t, d)
		var during bytes.Buffer
		w := &nosy{Buffer: &during, once: func() {
			err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, db.Dynamic("DELETE FROM settings"))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}}
		if err := Export(t.Context(), d, w); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(during.Bytes(), before) {
			t.Error("the export saw a change that was made while it ran")
		}
		if bytes.Equal(export(t, d), before) {
			t.Error("nothing was changed meanwhile")
		}
	})
}

// nosy does something once when the first bytes arrive.
type nosy struct {
	*bytes.Buffer
	once func()
}

func (n *nosy) Write(p []byte) (int, error) {
	if n.once != nil {
		n.once()
		n.once = nil
	}
	return n.Buffer.Write(p)
}

func TestADamagedArchiveIsRefusedAndLeavesNothing(t *testing.T) {
	whole := func() []byte {
		d := dbtest.SQLite(t)
		fill(t, d, 9)
		return export(t, d)
	}()
	end := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	damage := map[string][]byte{
		"nothing":                 {},
		"only its first line":     whole[:bytes.IndexByte(whole, '\n')+1],
		"cut off in a line":       whole[:len(whole)/2],
		"cut off after a line":    whole[:bytes.LastIndexByte(whole[:len(whole)/2], '\n')+1],
		"without its last line":   whole[:end],
		"cut off in its last":     whole[:len(whole)-3],
		"with a line missing":     append(bytes.Clone(whole[:previousLine(whole, end)]), whole[end:]...),
		"with a value changed":    bytes.Replace(whole, []byte("Fj"), []byte("Ej"), 1),
		"with a null":             bytes.Replace(whole, []byte(`,true`), []byte(`,null`), 1),
		"with a number for text":  bytes.Replace(whole, []byte("[\""), []byte("[1,\""), 1),
		"with an unknown table":   bytes.Replace(whole, []byte(`{"Table":"settings"`), []byte(`{"Table":"strings"`), 1),
		"with an unknown column":  bytes.Replace(whole, []byte(`"changed_at"`), []byte(`"charged_at"`), 1),
		"with something after it": append(bytes.Clone(whole), "[1]\n"...),
		"of another program":      bytes.Replace(whole, []byte(product), []byte("escritoire"), 1),
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, archive := range damage {
			if err := Import(t.Context(), d, bytes.NewReader(archive)); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: %v", name, err)
			}
			if !empty(t, d) {
				t.Fatalf("%s: something stayed", name)
			}
		}
		bring(t, d, whole)
	})
}

// previousLine returns where the line begins that ends before end.
func previousLine(b []byte, end int) int { return bytes.LastIndexByte(b[:end-1], '\n') + 1 }

func TestOnlyAnEmptyDatabaseOfTheSameSchemaTakesAnArchive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d, 1)
		archive := export(t, d)
		if err := Import(t.Context(), d, bytes.NewReader(archive)); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("into a filled database: %v", err)
		}
		schema := fmt.Sprintf(`"Schema":%d`, db.Latest())
		newer := bytes.Replace(archive, []byte(schema), []byte(fmt.Sprintf(`"Schema":%d`, db.Latest()+1)), 1)
		if err := Import(t.Context(), dbtest.SQLite(t), bytes.NewReader(newer)); !errors.Is(err, ErrVersion) {
			t.Errorf("of a newer schema: %v", err)
		}
	})
}

func TestABackupIsTakenWhileOthersWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d, 15)
		want := export(t, d)
		path := filepath.Join(t.TempDir(), "backup")
		if err := Backup(t.Context(), d, path); err != nil {
			t.Fatal(err)
		}
		if err := Backup(t.Context(), d, path); !errors.Is(err, ErrExists) {
			t.Errorf("over an older backup: %v", err)
		}
		for engine, target := range targets(t) {
			if err := Restore(t.Context(), path, target, false); err != nil {
				t.Fatalf("into %s: %v", engine, err)
			}
			if got := exportOf(t, target); !bytes.Equal(got, want) {
				t.Errorf("%s holds something else: %s", engine, difference(got, want))
			}
		}
		if left, err := filepath.Glob(filepath.Dir(path) + "/*"); err != nil || len(left) != 1 {
			t.Errorf("beside the backup lie %v, %v", left, err)
		}
	})
}

// targets returns where a backup can be restored to: a file that does not exist
// yet, and an empty PostgreSQL database.
func targets(t *testing.T) map[string]string {
	m := map[string]string{"a file": filepath.Join(t.TempDir(), "data", "comptoir.db")}
	if os.Getenv("COMPTOIR_TEST_POSTGRES") != "" {
		m["PostgreSQL"] = dbtest.Postgres(t).Source()
	}
	return m
}

func exportOf(t *testing.T, target string) []byte {
	t.Helper()
	d, err := db.Open(t.Context(), target, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	return export(t, d)
}

func TestRestoreSparesWhatIsThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d, 5)
		path := filepath.Join(t.TempDir(), "backup")
		if err := Backup(t.Context(), d, path); err != nil {
			t.Fatal(err)
		}
		want := export(t, d)
		for engine, target := range targets(t) {
			if err := Restore(t.Context(), path, target, false); err != nil {
				t.Fatal(err)
			}
			other, err := db.Open(t.Context(), target, db.Options{})
			if err != nil {
				t.Fatal(err)
			}
			err = other.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, db.Dynamic("DELETE FROM settings"))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			changed := export(t, other)
			if err := Restore(t.Context(), path, target, engine != "PostgreSQL"); other.Engine() == db.SQLite && !errors.Is(err, ErrInUse) {
				t.Errorf("%s that is open: %v", engine, err)
			}
			if err := other.Close(); err != nil {
				t.Fatal(err)
			}
			if err := Restore(t.Context(), path, target, false); !errors.Is(err, ErrNotEmpty) {
				t.Errorf("%s that is filled: %v", engine, err)
			}
			broken := filepath.Join(t.TempDir(), "broken")
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(broken, whole[:len(whole)*2/3], 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Restore(t.Context(), broken, target, true); !errors.Is(err, ErrDamaged) {
				t.Errorf("a broken backup into %s: %v", engine, err)
			}
			if got := exportOf(t, target); !bytes.Equal(got, changed) {
				t.Errorf("%s is not as it was: %s", engine, difference(got, changed))
			}
			if err := Restore(t.Context(), path, target, true); err != nil {
				t.Errorf("forced into %s: %v", engine, err)
			}
			if got := exportOf(t, target); !bytes.Equal(got, want) {
				t.Errorf("%s holds something else: %s", engine, difference(got, want))
			}
		}
	})
}

func TestABackupOfAnOlderProgramIsBroughtUpToDate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	old, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := old.MigrateTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	fill(t, old, 3)
	var archive bytes.Buffer
	if err := Export(t.Context(), old, &archive); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := Backup(t.Context(), old, backup); err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "archive.jsonl")
	if err := os.WriteFile(text, archive.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{backup, text} {
		for engine, target := range targets(t) {
			if err := Restore(t.Context(), from, target, false); err != nil {
				t.Fatalf("%s into %s: %v", filepath.Base(from), engine, err)
			}
			got := exportOf(t, target)
			if !bytes.Contains(got, []byte(fmt.Sprintf(`"Schema":%d`, db.Latest()))) || bytes.Count(got, []byte("\n[")) != bytes.Count(archive.Bytes(), []byte("\n[")) {
				t.Errorf("%s into %s: %d bytes", filepath.Base(from), engine, len(got))
			}
		}
	}
}

func TestWhatIsNoBackupIsRefused(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "text": "once upon a time there was", "json": `{"some":"thing"}` + "\n", "gzip": "\x1f\x8b0123456789abcdef"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), path, filepath.Join(t.TempDir(), "target.db"), true); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkArchive(b *testing.B) {
	const rows = 2000
	d := dbtest.SQLite(b)
	fill(b, d, rows)
	var size int64
	for b.Loop() {
		archive := export(b, d)
		size += int64(len(archive))
		bring(b, dbtest.SQLite(b), archive)
	}
	b.SetBytes(size / int64(b.N))
}
