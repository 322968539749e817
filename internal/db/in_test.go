package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
)

var settingsNamed = db.SQLIn(`SELECT name FROM settings WHERE name IN (?)`)

func TestAListOfAnyLengthFindsEveryRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i := range 40 {
			if err := put(d, fmt.Sprint("s", i), "v", nil); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range []int{0, 1, 2, 4, 5, 16, 17, 39} {
			keys := []any{}
			for i := range n {
				keys = append(keys, fmt.Sprint("s", i))
			}
			found := map[string]bool{}
			err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return tx.QueryIn(ctx, settingsNamed, nil, keys, func(rows *sql.Rows) error {
					var name string
					err := rows.Scan(&name)
					found[name] = true
					return err
				})
			})
			if err != nil || len(found) != n {
				t.Errorf("%d keys found %d rows: %v", n, len(found), err)
			}
		}
	})
}
