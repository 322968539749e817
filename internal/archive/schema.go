package archive

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"comptoir/internal/db"
)

// table is a table of the schema. The schema has no foreign keys, so the order
// of tables is that of their names.
type table struct {
	name    string
	columns []column
	key     []string // columns of the primary key
}

type column struct{ name, kind string }

var (
	sqliteColumns = db.Scan(`SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' ORDER BY m.name, c.cid`, "the schema")
	postgresColumns = `SELECT c.table_name, c.column_name, c.data_type, coalesce(k.ordinal_position, 0)
		FROM information_schema.columns c
		LEFT JOIN information_schema.table_constraints t
			ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY'
		LEFT JOIN information_schema.key_column_usage k
			ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name
			AND k.table_name = c.table_name AND k.column_name = c.column_name
		WHERE c.table_schema = current_schema()
		ORDER BY c.table_name COLLATE "C", c.ordinal_position`
)

// tables reads the schema.
func tables(ctx context.Context, t *db.Tx) ([]table, error) {
	query := sqliteColumns
	if t.Engine() == db.Postgres {
		query = db.Dynamic(postgresColumns)
	}
	rows, err := t.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []table
	positions := make(map[string]int)
	for rows.Next() {
		var name string
		var c column
		var position int
		if err := rows.Scan(&name, &c.name, &c.kind, &position); err != nil {
			return nil, err
		}
		if internal(name) {
			continue
		}
		if len(all) == 0 || all[len(all)-1].name != name {
			all = append(all, table{name: name})
		}
		last := &all[len(all)-1]
		c.kind = strings.ToLower(c.kind)
		last.columns = append(last.columns, c)
		if position > 0 {
			last.key = append(last.key, c.name)
			positions[name+"."+c.name] = position
		}
	}
	for _, t := range all {
		slices.SortFunc(t.key, func(a, b string) int { return positions[t.name+"."+a] - positions[t.name+"."+b] })
		if len(t.key) == 0 {
			return nil, fmt.Errorf("table %s has no primary key to put its rows in order", t.name)
		}
	}
	return all, rows.Err()
}

// internal reports whether a table belongs to the engine or to the migrations.
func internal(name string) bool {
	return strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "goose_")
}

// names returns the columns of t.
func (t *table) names() []string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return names
}

// row returns a place for each value of a row, of the type of its column.
func (t *table) row() ([]any, error) {
	row := make([]any, len(t.columns))
	for i, c := range t.columns {
		switch c.kind {
		case "text":
			row[i] = new(string)
		case "bigint":
			row[i] = new(int64)
		case "boolean":
			row[i] = new(bool)
		case "bytea":
			row[i] = new([]byte)
		default:
			return nil, fmt.Errorf("column %s.%s has the type %s, which no engine shares", t.name, c.name, c.kind)
		}
	}
	return row, nil
}

// quoted returns names for SQL text.
func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// selectAll returns the query for all rows in the order of their key, which is
// that of bytes on both engines.
func (t *table) selectAll(e db.Engine) *db.Stmt {
	order := make([]string, len(t.key))
	for i, name := range t.key {
		order[i] = quoted([]string{name})
		j := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
		if e == db.Postgres && t.columns[j].kind == "text" {
			order[i] += ` COLLATE "C"`
		}
	}
	return db.Dynamic(fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", quoted(t.names()), quoted([]string{t.name}), strings.Join(order, ", ")))
}

// insertRows returns the statement that adds n rows with these columns.
func (t *table) insertRows(columns []string, n int) *db.Stmt {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", quoted([]string{t.name}), quoted(columns))
	for i := range n * len(columns) {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%len(columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	b.WriteString(")")
	return db.Dynamic(b.String())
}
