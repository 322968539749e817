package relationship

import (
	"context"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
)

// Dimension is a property by which the customers of a partner are counted.
type Dimension string

// The dimensions. The counters are those of the kernel, with the partner as
// owner; they change in the transaction that changes a relation.
const (
	ByKind     Dimension = "kind"
	ByStatus   Dimension = "status"
	ByCountry  Dimension = "country"
	ByReseller Dimension = "reseller"
	ByProvider Dimension = "provider"
	ByTag      Dimension = "tag"
	ByAgreed   Dimension = "agreed" // the rank of the newest version that was accepted
)

// counterPrefix starts the names of all counters of customers.
const counterPrefix = "customers."

// Total is the counter of all relations of a partner.
const Total = counterPrefix + "all"

// Counter returns the name of the counter of those relations whose d is value.
func (d Dimension) Counter(value string) string { return counterPrefix + string(d) + "." + value }

var countersOf = db.SQL(`SELECT name, value FROM counters WHERE owner = $1 AND name >= $2 AND name < $3`)

// Counts is how many customers a partner has: all, and by each value of each
// dimension. Values without a customer are absent.
type Counts struct {
	All int64
	By  map[Dimension]map[string]int64
}

// CountsOf returns the counts of partner.
func CountsOf(ctx context.Context, t *db.Tx, partner id.Tenant) (Counts, error) {
	c := Counts{By: make(map[Dimension]map[string]int64)}
	rows, err := t.Query(ctx, countersOf, partner, counterPrefix, strings.TrimSuffix(counterPrefix, ".")+"/")
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return c, err
		}
		c.add(strings.TrimPrefix(name, counterPrefix), n)
	}
	return c, rows.Err()
}

// add puts one counter, its prefix cut off, where it belongs.
func (c *Counts) add(name string, n int64) {
	if n == 0 {
		return
	}
	dimension, value, valued := strings.Cut(name, ".")
	if !valued {
		if name == strings.TrimPrefix(Total, counterPrefix) {
			c.All = n
		}
		return
	}
	d := Dimension(dimension)
	if c.By[d] == nil {
		c.By[d] = make(map[string]int64)
	}
	c.By[d][value] = n
}
