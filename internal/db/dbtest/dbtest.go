// Package dbtest gives tests a migrated, empty database on each engine.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"comptoir/internal/db"
)

// Each runs test on SQLite and on PostgreSQL. The PostgreSQL server is the one
// that COMPTOIR_TEST_POSTGRES names; without it that half is skipped, or fails
// when COMPTOIR_TEST_REQUIRE lists postgres.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

var template struct {
	sync.Once
	file []byte
	err  error
}

// SQLite returns an empty database in a file of its own, without durability.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	template.Do(func() { template.file, template.err = migratedFile() })
	if template.err != nil {
		t.Fatal(template.err)
	}
	path := filepath.Join(t.TempDir(), "comptoir.db")
	if err := os.WriteFile(path, template.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path, db.Options{NoSync: true})
}

// migratedFile migrates once per test binary; every test gets a copy.
func migratedFile() ([]byte, error) {
	dir, err := os.MkdirTemp("", "comptoir-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	d, err := db.Open(ctx, path, db.Options{NoSync: true})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// Postgres returns an empty schema of its own on the test server.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	server := os.Getenv("COMPTOIR_TEST_POSTGRES")
	if server == "" {
		if strings.Contains(os.Getenv("COMPTOIR_TEST_REQUIRE"), "postgres") {
			t.Fatal("PostgreSQL is required, but COMPTOIR_TEST_POSTGRES names no server")
		}
		t.Skip("COMPTOIR_TEST_POSTGRES names no server")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + randomName()
	if _, err := admin.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	d := open(t, u.String(), db.Options{MaxConns: 8})
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}

func open(t testing.TB, source string, o db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), source, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func randomName() string {
	b := make([]byte, 8)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
