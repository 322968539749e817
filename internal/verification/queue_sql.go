package verification

import (
	"fmt"
	"slices"
	"strings"
	"time"

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

// caseFilters is the part of a condition that holds for every list and is about
// the case alone. Its placeholders begin at $first and take the first values of
// Query.filters.
func caseFilters(first int) string {
	return numberedFrom(first,
		`v.due_at <= $%[1]d`,
		`v.paused_at >= $%[1]d`,
		`v.paused_at <= $%[1]d`,
		`($%[1]d = '' OR v.status = $%[1]d)`,
		`($%[1]d = '' OR v.partner_id = $%[1]d)`,
		`($%[1]d = '' OR v.country = $%[1]d)`,
		`($%[1]d = '' OR v.cause = $%[1]d)`,
		`($%[1]d = '' OR v.assignee = $%[1]d OR ($%[1]d = '-' AND v.assignee = ''))`)
}

// filters is caseFilters and the words of the customers' names. Its placeholders
// take the values of Query.filters.
func filters(first int) string {
	return caseFilters(first) + " AND " + numberedFrom(first+caseFilterCount, slices.Repeat([]string{`($%[1]d = '' OR c.words LIKE $%[1]d)`}, searchWords)...)
}

// numberedFrom joins conditions of one placeholder each, the first one $first.
func numberedFrom(first int, conditions ...string) string {
	for i, c := range conditions {
		conditions[i] = fmt.Sprintf(c, first+i)
	}
	return strings.Join(conditions, " AND ")
}

// The numbers of placeholders of caseFilters and filters.
const (
	caseFilterCount = 8
	filterCount     = caseFilterCount + searchWords
)

// course is a way through cases in one order, up or down. Its statements take the
// values of the course, then the key and the id to go on from, the filters, and
// how many rows at most.
type course struct {
	up, down *db.Stmt
	counting
	numeric bool
	values  []any
}

// counting are the statements that count the cases of a course. all takes the
// values of the course and how many rows to look at, and reads nothing but the
// index. some takes the filters as well, words also those that read the names of
// the customers. Each gives how many it looked at and how many of them passed.
type counting struct{ all, some, words *db.Stmt }

// along declares the course through the cases of which condition holds, which
// has n placeholders, in the order of key. declare says whether an index has this
// order.
func along(declare func(text string) *db.Stmt, condition string, n int, key string) course {
	way := func(sign, order string) *db.Stmt {
		return declare(`SELECT ` + itemColumns + `, ` + key + itemTables + `WHERE ` + condition +
			fmt.Sprintf(` AND (%s, v.id) %s ($%d, $%d) AND `, key, sign, n+1, n+2) + filters(n+3) +
			fmt.Sprintf(` ORDER BY %s%s, v.id%s LIMIT $%d`, key, order, order, n+3+filterCount))
	}
	return course{up: way(">", ""), down: way("<", " DESC"), counting: countings[condition]}
}

// counter declares how the cases of which condition holds are counted.
func counter(condition string, n int) counting {
	looked := func(columns string) string {
		return `FROM (SELECT ` + columns + ` FROM verification_cases v WHERE ` + condition + fmt.Sprintf(` LIMIT $%d) v`, n+1)
	}
	met := `SELECT COUNT(*), COALESCE(SUM(CASE WHEN `
	return counting{
		all:  db.SQL(`SELECT COUNT(*), COUNT(*) ` + looked("1")),
		some: db.SQL(met + caseFilters(n+2) + ` THEN 1 ELSE 0 END), 0) ` + looked("*")),
		words: db.SQL(met + filters(n+2) + ` THEN 1 ELSE 0 END), 0) ` + looked("*") +
			` LEFT JOIN customers c ON c.partner_id = v.partner_id AND c.customer_id = v.customer_id AND c.kind = 'reseller'`),
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
	ofPartner  = `v.decided_at <> 0 AND v.status = $1 AND v.partner_id = $2`
	ofCountry  = `v.decided_at <> 0 AND v.status = $1 AND v.country = $2`
	ofCause    = `v.decided_at <> 0 AND v.status = $1 AND v.cause = $2`
	ofAssignee = `v.decided_at <> 0 AND v.status = $1 AND v.assignee = $2`
	beginsWith = isDecided + ` AND v.name_key >= $2 AND v.name_key < $3`
)

// countings are declared once for each condition.
var countings = map[string]counting{
	isOpen: counter(isOpen, 0), isDecided: counter(isDecided, 1), ofPartner: counter(ofPartner, 2), ofCountry: counter(ofCountry, 2),
	ofCause: counter(ofCause, 2), ofAssignee: counter(ofAssignee, 2), beginsWith: counter(beginsWith, 3),
}

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
	decided         = numbered(isDecided, 1, "v.decided_at")
	decidedPartner  = numbered(ofPartner, 2, "v.decided_at")
	decidedCountry  = numbered(ofCountry, 2, "v.decided_at")
	decidedCause    = numbered(ofCause, 2, "v.decided_at")
	decidedAssignee = numbered(ofAssignee, 2, "v.decided_at")
	decidedByName   = along(db.SQL, beginsWith, 3, "v.name_key")

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

// course returns the way that finds what q asks for, and what of q is left for
// the filters. Closed cases are found by the one thing that leaves the fewest.
func (q Query) course() (course, Query) {
	status, closed := q.Scope.closed()
	if !closed {
		if known, ok := openOrders[q.Sort]; ok {
			return known, q
		}
		return openOrders[ByDue], q
	}
	c, values := decided, []any{status}
	switch {
	case naming.Key(q.Text) != "":
		prefix := naming.Key(q.Text)
		c, values, q.Text = decidedByName, append(values, prefix, prefix+"\U0010FFFF"), ""
	case q.Partner != "":
		c, values, q.Partner = decidedPartner, append(values, q.Partner), ""
	case q.Assignee != "" && q.Assignee != Nobody:
		c, values, q.Assignee = decidedAssignee, append(values, q.Assignee), ""
	case q.Country != "":
		c, values, q.Country = decidedCountry, append(values, q.Country), ""
	case q.Cause != "":
		c, values, q.Cause = decidedCause, append(values, q.Cause), ""
	case q.Assignee == Nobody:
		c, values, q.Assignee = decidedAssignee, append(values, ""), ""
	}
	c.values = values
	return c, q
}

// count returns the statement that counts what the filters of q leave of the
// cases of c, and the values of its filters.
func (c course) count(q Query, now time.Time) (*db.Stmt, []any) {
	_, closed := q.Scope.closed()
	filters := q.filters(now)
	switch {
	case naming.Key(q.Text) != "":
		return c.words, filters
	case (closed || q.Scope == InHand) && q.Partner == "" && q.Country == "" && q.Cause == "" && q.Assignee == "":
		return c.all, nil
	}
	return c.some, filters[:caseFilterCount]
}
