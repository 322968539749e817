package app_test

import (
	"database/sql"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// ownerColumns are the columns that say whose a row is, the first that a table
// has.
var ownerColumns = []string{"tenant_id", "partner_id", "provider_id", "owner"}

// nobodys are the tables whose rows are nobody's, with the reason.
var nobodys = map[string]string{
	"settings":                "of the installation",
	"activity_seals":          "of the installation",
	"letter_texts":            "of the installation",
	"mail_texts":              "of the installation",
	"signing_keys":            "of the installation",
	"agreement_versions":      "of the installation",
	"agreement_documents":     "of the installation",
	"catalog_products":        "of the installation",
	"catalog_skus":            "of the installation",
	"catalog_prices":          "of the installation",
	"catalog_offers":          "of the installation",
	"catalog_promotions":      "of the installation",
	"catalog_promotion_terms": "of the installation",
	"goose_db_version":        "of the installation",
	"replays":                 "found by a hash that only the caller can make",
}

// rows is what each organisation owns: a sum over all its rows, by table.
type rows map[id.Tenant]map[string]uint64

// rows reads everything that the database holds.
func (h *house) rows(t *testing.T) rows {
	t.Helper()
	all := rows{}
	for table, owner := range h.tables(t) {
		found, err := h.Kernel.DB.Pool().QueryContext(t.Context(), "SELECT "+owner+", * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		if err := all.sum(table, found); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// sum adds the rows of a table. The order of rows does not matter.
func (all rows) sum(table string, found *sql.Rows) error {
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	for i := range values {
		values[i] = new(sql.RawBytes)
	}
	for found.Next() {
		if err := found.Scan(values...); err != nil {
			return err
		}
		hash := fnv.New64a()
		for _, v := range values {
			fmt.Fprintf(hash, "%d:%s", len(*v.(*sql.RawBytes)), *v.(*sql.RawBytes))
		}
		owner := id.Tenant(*values[0].(*sql.RawBytes))
		if all[owner] == nil {
			all[owner] = map[string]uint64{}
		}
		all[owner][table] += hash.Sum64()
	}
	return found.Err()
}

// tables returns the column of every table that says whose a row is. A table
// without one is listed as nobody's.
func (h *house) tables(t *testing.T) map[string]string {
	t.Helper()
	found, err := h.Kernel.DB.Pool().QueryContext(t.Context(), `SELECT m.name, group_concat(c.name) FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	owners := map[string]string{}
	for found.Next() {
		var table, columns string
		if err := found.Scan(&table, &columns); err != nil {
			t.Fatal(err)
		}
		if owner := ownerColumn(table, strings.Split(columns, ",")); owner != "" {
			owners[table] = owner
		} else if nobodys[table] == "" {
			t.Errorf("nothing says whose the rows of %s are: name the column, or list it as nobody's", table)
		}
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return owners
}

func ownerColumn(table string, columns []string) string {
	if table == "tenants" {
		return "id"
	}
	for _, name := range ownerColumns {
		if slices.Contains(columns, name) {
			return name
		}
	}
	return ""
}

// holdRows fails when the people of o changed what another organisation owned
// before.
func (h *house) holdRows(t *testing.T, o *org, before, after rows) {
	t.Helper()
	for owner, tables := range before {
		if h.mayChange(o, owner) {
			continue
		}
		for table, sum := range tables {
			if o.kind == policy.Customer && o.knows[owner] && (slices.Contains([]string{"activity", "events", "counters"}, table) || strings.HasPrefix(table, "gdap_")) {
				continue // partners learn what their customers accept, and lose the roles that these take back
			}
			if after[owner][table] != sum {
				t.Errorf("the people of %s changed %s of %s", o.key, table, h.ownerName(&secret{owner: owner}))
			}
		}
	}
}

// mayChange reports whether the people of o may write what owner owns: a partner
// changes its customers, and as a provider what its resellers see of them.
func (h *house) mayChange(o *org, owner id.Tenant) bool {
	switch o.kind {
	case policy.Operator:
		return true
	case policy.Partner:
		if o.types&policy.Sellers == 0 {
			return owner == o.tenant
		}
		return o.knows[owner] && (o.types&policy.IndirectProvider != 0 || owner != h.org("provider").tenant)
	case policy.Customer, policy.Nobody, policy.System:
	}
	return owner == o.tenant
}
