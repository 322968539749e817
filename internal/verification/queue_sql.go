package verification

import (
	"fmt"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/naming"
)

// Sort is an order of open cases.
type Sort string

// The orders.
const (
	ByDue      Sort = "due"
	ByOpened   Sort = "opened"
	ByName     Sort = "name"
	ByPartner  Sort = "partner"
	ByCountry  Sort = "country"
	ByCause    Sort = "cause"
	ByFindings Sort = "findings"
	ByAssignee Sort = "assignee"
)

// counted is how many cases are counted; there may be more.
const counted = 20_000

// searchWords is how many words of a search are looked for.
const searchWords = 3

// The columns of an Item. The friendly name is the one that the partner gives the
// customer now.
const (
	itemColumns = caseColumns + `, COALESCE(p.name, ''), COALESCE(c.name, '')`
	itemTables  = ` FROM verification_cases v LEFT JOIN tenants p ON p.id = v.partner_id
		LEFT JOIN customers c ON c.partner_id = v.partner_id AND c.customer_id = v.customer_id AND c.kind = 'reseller' `
)

// filters is the part of a condition that holds for every list. Its placeholders
// begin at $first and take the values of Query.filters.
func filters(first int) string {
	conditions := []string{
		`v.due_at <= $%[1]d`,
		`v.paused_at >= $%[1]d`,
		`v.paused_at <= $%[1]d`,
		`($%[1]d = '' OR v.status = $%[1]d)`,
		`($%[1]d = '' OR v.partner_id = $%[1]d)`,
		`($%[1]d = '' OR v.country = $%[1]d)`,
		`($%[1]d = '' OR v.cause = $%[1]d)`,
		`($%[1]d = '' OR v.assignee = $%[1]d OR ($%[1]d = '-' AND v.assignee = ''))`,
		`($%[1]d = '' OR c.words LIKE $%[1]d)`,
		`($%[1]d = '' OR c.words LIKE $%[1]d)`,
		`($%[1]d = '' OR c.words LIKE $%[1]d)`,
	}
	for i, c := range conditions {
		conditions[i] = fmt.Sprintf(c, first+i)
	}
	return strings.Join(conditions, " AND ")
}

// filterCount is the number of placeholders of filters.
const filterCount = 11

// course is a way through cases in one order, up or down. Its statements take the
// values of the course, then the key and the id to go on from, the filters, and
// how many rows at most. count takes the values, how many rows to look at, and the
// filters; it gives how many it looked at and how many of them passed.
type course struct {
	up, down, count *db.Stmt
	numeric         bool
	values          []any
}

// along declares the course through the cases of which condition holds, which
// has n placeholders, in the order of key. declare says whether an index has this
// order.
func along(declare func(text string) *db.Stmt, condition string, n int, key string) course {
	way := func(sign, order string) *db.Stmt {
		return declare(`SELECT ` + itemColumns + `, ` + key + itemTables + `WHERE ` + condition +
			fmt.Sprintf(` AND (%s, v.id) %s ($%d, $%d) AND `, key, sign, n+1, n+2) + filters(n+3) +
			fmt.Sprintf(` ORDER BY %s%s, v.id%s LIMIT $%d`, key, order, order, n+3+filterCount))
	}
	return course{
		up:   way(">", ""),
		down: way("<", " DESC"),
		count: declare(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN ` + filters(n+2) + ` THEN 1 ELSE 0 END), 0)
			FROM (SELECT * FROM verification_cases v WHERE ` + condition + fmt.Sprintf(` LIMIT $%d) v`, n+1) + `
			LEFT JOIN customers c ON c.partner_id = v.partner_id AND c.customer_id = v.customer_id AND c.kind = 'reseller'`),
	}
}

// numbered is along for a key that is a number.
func numbered(condition string, n int, key string) course {
	c := along(db.SQL, condition, n, key)
	c.numeric = true
	return c
}

// sorted is along for an order that no index has.
func sorted(key string) course {
	return along(func(text string) *db.Stmt {
		return db.Scan(text, "open cases alone are sorted; closed ones make them no more")
	},
		isOpen, 0, key)
}

// The conditions name the partial indexes that they use.
const (
	isOpen     = `v.decided_at = 0`
	isDecided  = `v.decided_at > 0 AND v.status = $1`
	ofOne      = `v.decided_at > 0 AND v.partner_id = $2 AND v.status = $1`
	beginsWith = `v.decided_at > 0 AND v.status = $1 AND v.name_key >= $2 AND v.name_key < $3`
)

// The courses.
var (
	openOrders = map[Sort]course{
		ByDue:      numbered(isOpen, 0, "v.due_at"),
		ByOpened:   numbered(isOpen, 0, "v.opened_at"),
		ByName:     sorted("v.name_key"),
		ByPartner:  sorted("COALESCE(p.name, '')"),
		ByCountry:  sorted("v.country"),
		ByCause:    sorted("v.cause"),
		ByFindings: asNumber(sorted("v.finding_count")),
		ByAssignee: sorted("v.assignee_name"),
	}
	decided       = numbered(isDecided, 1, "v.decided_at")
	decidedOfOne  = numbered(ofOne, 2, "v.decided_at")
	decidedByName = along(db.SQL, beginsWith, 3, "v.name_key")

	ofAccountItems = db.SQL(`SELECT ` + itemColumns + `, ''` + itemTables + `WHERE v.partner_id = $1 AND v.customer_id = $2 ORDER BY v.id DESC LIMIT $3`)

	countOpen = db.SQL(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at < $2 AND paused_at = 0 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN paused_at > 0 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN status = $3 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN opened_at > $4 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN opened_at > $5 AND opened_at <= $4 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN opened_at > $6 AND opened_at <= $5 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN opened_at <= $6 THEN 1 ELSE 0 END), 0)
		FROM (SELECT due_at, opened_at, paused_at, status FROM verification_cases WHERE decided_at = 0 ORDER BY due_at, id LIMIT $1) v`)
)

func asNumber(c course) course {
	c.numeric = true
	return c
}

// course returns the way that finds what q asks for.
func (q Query) course() course {
	status, closed := q.Scope.closed()
	var c course
	switch {
	case !closed:
		known, ok := openOrders[q.Sort]
		if !ok {
			known = openOrders[ByDue]
		}
		return known
	case q.Partner != "":
		c = decidedOfOne
		c.values = []any{status, q.Partner}
	case q.byName():
		c = decidedByName
		prefix := naming.Key(q.Text)
		c.values = []any{status, prefix, prefix + "\U0010FFFF"}
	default:
		c = decided
		c.values = []any{status}
	}
	return c
}
