package db_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
)

func TestADatabaseThatSortsByALanguageIsRefused(t *testing.T) {
	dbtest.Postgres(t) // skips where there is no server
	server := os.Getenv("COMPTOIR_TEST_POSTGRES")
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	const name = "sorted_by_language"
	drop := func() {
		if _, err := admin.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name); err != nil {
			t.Error(err)
		}
	}
	drop()
	defer drop()
	_, err = admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'sv'")
	if err != nil {
		t.Skip("this server knows no language to sort by:", err)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	d, err := db.Open(t.Context(), u.String(), db.Options{})
	if err == nil {
		d.Close()
	}
	if !errors.Is(err, db.ErrCollation) {
		t.Fatalf("got %v, want ErrCollation", err)
	}
}
