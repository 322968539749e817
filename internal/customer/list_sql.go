package customer

import (
	"database/sql"
	"fmt"
	"strings"

	"comptoir/internal/qualification"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// itemColumns are those of an Item, in the order of scanItem. matchColumns are
// what a search compares beside.
const (
	itemColumns = `c.customer_id, c.kind, c.number, c.status, c.name, c.original_name, c.domain, c.tags, c.country,
		c.reseller_id, c.provider_id, c.qualification, c.created_at, c.agreed`
	matchColumns = `c.name_key, c.words`
)

// filterCount is the number of placeholders of filters.
const filterCount = 10

// filters is the part of a condition that holds for every list. Its placeholders
// begin at $first and take the values of Filter.values; an empty one does not
// filter. No word holds a character that LIKE reads otherwise.
func filters(first int) string {
	conditions := []string{
		`($%[1]d = '' OR c.kind = $%[1]d)`,
		`($%[1]d = '' OR c.status = $%[1]d)`,
		`($%[1]d = '' OR c.country = $%[1]d)`,
		`($%[1]d = '' OR c.reseller_id = $%[1]d)`,
		`($%[1]d = '' OR c.provider_id = $%[1]d)`,
		`($%[1]d = '' OR EXISTS (SELECT 1 FROM customer_tags g WHERE g.partner_id = c.partner_id AND g.key = $%[1]d AND g.number = c.number))`,
		`($%[1]d = '' OR $%[1]d LIKE '%% ' || c.country || '.' || c.agreed || ' %%'
			OR $%[1]d LIKE '%% *.' || c.agreed || ' %%' AND $%[1]d NOT LIKE '%% ' || c.country || ' %%')`,
		`($%[1]d = '' OR c.words LIKE $%[1]d)`,
		`($%[1]d = '' OR c.words LIKE $%[1]d)`,
		`($%[1]d = '' OR c.words LIKE $%[1]d)`,
	}
	for i, c := range conditions {
		conditions[i] = fmt.Sprintf(c, first+i)
	}
	return strings.Join(conditions, " AND ")
}

// course is a way through the customers of a partner in the order of one index,
// up or down. Its statements take the partner, then the value for a course
// along one value, then the key and the number to go on from and the bound of
// the keys for a course along keys, or the number alone; then the filters and
// how many rows at most. count takes the value or the keys' bounds, how many
// rows to look at, and the filters; it gives how many rows it looked at and
// how many of them passed. measure, of courses along keys, counts without
// filters and so without looking at the rows themselves; whole does without a
// limit, which takes half as long a row.
type course struct {
	up, down              way
	count, measure, whole *db.Stmt
	keyed, valued         bool
}

// way is one direction of a course: with the filters, and for the many lists
// that have none without them and without what only searches look at.
type way struct{ filtered, plain *db.Stmt }

// newWay declares a way. condition ends before the filters, whose placeholders
// begin at $first.
func newWay(key, condition string, first int, order string) way {
	return way{
		filtered: db.SQL(`SELECT ` + key + `, ` + itemColumns + `, ` + matchColumns + ` ` + condition + ` AND ` + filters(first) +
			` ORDER BY ` + order + fmt.Sprintf(` LIMIT $%d`, first+filterCount)),
		plain: db.SQL(`SELECT ` + key + `, ` + itemColumns + ` ` + condition + ` ORDER BY ` + order + fmt.Sprintf(` LIMIT $%d`, first)),
	}
}

// filterColumns are the columns that filters look at.
const filterColumns = `c.partner_id, c.number, c.kind, c.status, c.country, c.reseller_id, c.provider_id, c.words, c.agreed`

// tally declares the statement that counts the rows of from.
func tally(from string, first int) *db.Stmt {
	return db.SQL(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN ` + filters(first) + ` THEN 1 ELSE 0 END), 0) FROM ` + from)
}

// along declares the course in the order of column. Of equal keys the
// relation that was made first comes first.
func along(column string) course {
	const from = `FROM customers c WHERE c.partner_id = $1`
	between := from + ` AND ` + column + ` >= $2 AND ` + column + ` < $3`
	return course{
		keyed:   true,
		up:      newWay(column, from+` AND (`+column+`, c.number) > ($2, $3) AND `+column+` < $4`, 5, column+`, c.number`),
		down:    newWay(column, from+` AND (`+column+`, c.number) < ($2, $3) AND `+column+` >= $4`, 5, column+` DESC, c.number DESC`),
		count:   tally(`(SELECT `+filterColumns+` `+between+` LIMIT $4) AS c`, 5),
		measure: db.SQL(`SELECT COUNT(*) FROM (SELECT 1 ` + between + ` LIMIT $4) AS c`),
		whole:   db.SQL(`SELECT COUNT(*) ` + between),
	}
}

// within declares the course in the order of numbers through the customers of
// which condition holds; it names the value as $2.
func within(condition string) course {
	from := `FROM customers c WHERE c.partner_id = $1 AND ` + condition
	return course{
		valued: true,
		up:     newWay(`''`, from+` AND c.number > $3`, 4, `c.number`),
		down:   newWay(`''`, from+` AND c.number < $3`, 4, `c.number DESC`),
		count:  tally(`(SELECT `+filterColumns+` `+from+` LIMIT $3) AS c`, 4),
	}
}

// Both begin with the short list, which CROSS JOIN tells SQLite, whatever it
// thinks of the filters.
const (
	tagged = `FROM customer_tags t CROSS JOIN customers c WHERE c.partner_id = t.partner_id AND c.number = t.number AND t.partner_id = $1 AND t.key = $2`
	worded = `FROM customer_terms t CROSS JOIN customers c WHERE c.partner_id = t.partner_id AND c.number = t.number AND t.partner_id = $1`
)

// The courses.
var (
	orders = map[Sort]course{
		ByName:    along("c.name_key"),
		ByDomain:  along("c.domain"),
		ByID:      along("c.customer_id"),
		ByKind:    along("c.kind"),
		ByStatus:  along("c.status"),
		ByCountry: along("c.country"),
		ByCreated: {
			up:   newWay(`''`, `FROM customers c WHERE c.partner_id = $1 AND c.number > $2`, 3, `c.number`),
			down: newWay(`''`, `FROM customers c WHERE c.partner_id = $1 AND c.number < $2`, 3, `c.number DESC`),
		},
	}
	ofKind     = within("c.kind = $2")
	ofStatus   = within("c.status = $2")
	ofCountry  = within("c.country = $2")
	ofReseller = within("c.reseller_id = $2 AND c.reseller_id <> ''")
	ofProvider = within("c.provider_id = $2 AND c.provider_id <> ''")
	ofAgreed   = within("c.agreed = $2")
	ofTag      = course{
		valued: true,
		up:     newWay(`''`, tagged+` AND t.number > $3`, 4, `t.number`),
		down:   newWay(`''`, tagged+` AND t.number < $3`, 4, `t.number DESC`),
		count:  tally(`(SELECT `+filterColumns+` `+tagged+` LIMIT $3) AS c`, 4),
	}
	ofWords = course{
		keyed:   true,
		up:      newWay(`t.term`, worded+` AND (t.term, t.number) > ($2, $3) AND t.term < $4`, 5, `t.term, t.number`),
		down:    newWay(`t.term`, worded+` AND (t.term, t.number) < ($2, $3) AND t.term >= $4`, 5, `t.term DESC, t.number DESC`),
		count:   tally(`(SELECT `+filterColumns+` `+worded+` AND t.term >= $2 AND t.term < $3 LIMIT $4) AS c`, 5),
		measure: db.SQL(`SELECT COUNT(*) FROM (SELECT 1 FROM customer_terms t WHERE t.partner_id = $1 AND t.term >= $2 AND t.term < $3 LIMIT $4) AS c`),
		whole:   db.SQL(`SELECT COUNT(*) FROM customer_terms t WHERE t.partner_id = $1 AND t.term >= $2 AND t.term < $3`),
	}
)

// scanItem reads the key of a course and the item, with what a search compares
// unless the row is a plain one. It scans into plain strings, which database/sql
// does without reflection.
func scanItem(rows *sql.Rows, plain bool) (key string, i Item, err error) {
	var created int64
	var customer, kind, status, tags, reseller, provider, qualified string
	to := [...]any{
		&key, &customer, &kind, &i.Number, &status, &i.Name, &i.OriginalName, &i.Domain, &tags, &i.Country,
		&reseller, &provider, &qualified, &created, &i.agreed, &i.nameKey, &i.words,
	}
	if plain {
		err = rows.Scan(to[:len(to)-2]...)
	} else {
		err = rows.Scan(to[:]...)
	}
	i.ID, i.Kind, i.Status = id.Tenant(customer), relationship.Kind(kind), verification.Status(status)
	i.Reseller, i.Provider, i.Qualification = id.Tenant(reseller), id.Tenant(provider), qualification.Kind(qualified)
	i.CreatedAt, i.Tags = db.Time(created), tagList(tags)
	return key, i, err
}
