package customer

import (
	"context"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/op"
)

// Likeness is what customers have in common that may be one organization.
type Likeness string

// The likenesses: the same registration ID, or the same name in the same country
// with the same postal code (rule C3).
const (
	SameRegistration Likeness = "registration"
	SameName         Likeness = "name"
)

// LikenessQuery asks for organizations that are in the installation more than once.
type LikenessQuery struct {
	By Likeness
	// After goes on behind what was looked at, 0 begins.
	After int64
}

// Lookalikes are customers that may be one organization, one entry each.
type Lookalikes []Customer

// LikenessPage is what a look found. More are behind Next; 0 says that there are none.
type LikenessPage struct {
	Groups []Lookalikes
	Next   int64
}

// lookedAt is how many relations one look goes through, along an index.
const lookedAt = 5000

var (
	likeByRegistration = db.SQL(`SELECT h, COUNT(DISTINCT c), COUNT(*) FROM (SELECT registration_hash AS h, customer_id AS c FROM customers
		WHERE registration_hash > $1 AND registration_hash <> 0 ORDER BY registration_hash LIMIT $2) AS looked GROUP BY h ORDER BY h`)
	likeByEntity = db.SQL(`SELECT h, COUNT(DISTINCT c), COUNT(*) FROM (SELECT entity_hash AS h, customer_id AS c FROM customers
		WHERE entity_hash > $1 AND entity_hash <> 0 ORDER BY entity_hash LIMIT $2) AS looked GROUP BY h ORDER BY h`)
	ofRegistration = db.SQL(`SELECT ` + columns + ` FROM customers c WHERE c.registration_hash = $1 AND c.registration_hash <> 0`)
	ofEntity       = db.SQL(`SELECT ` + columns + ` FROM customers c WHERE c.entity_hash = $1 AND c.entity_hash <> 0`)
)

// Duplicates looks for customers that are in the installation more than once (V-5).
// It goes through the index of what they have in common, some thousand relations at
// a time.
var Duplicates = op.Define(op.Spec{Name: "organization.duplicates", Action: "organization.merge"},
	func(ctx context.Context, u *op.Unit, q LikenessQuery) (LikenessPage, error) {
		look, of := likeByRegistration, ofRegistration
		if q.By == SameName {
			look, of = likeByEntity, ofEntity
		}
		var page LikenessPage
		var seen, last int64
		suspicious, err := db.All(ctx, u.Tx, look, []any{q.After, lookedAt}, func(row db.Row) (int64, error) {
			var h, customers, relations int64
			err := row.Scan(&h, &customers, &relations)
			seen, last = seen+relations, h
			if customers < 2 {
				h = 0
			}
			return h, err
		})
		if err != nil {
			return page, err
		}
		if seen == lookedAt { // of the last one there may be more
			suspicious, page.Next = append(suspicious, last), last
		}
		for _, h := range slices.Compact(suspicious) {
			if h == 0 {
				continue
			}
			found, err := customersIn(ctx, u.Tx, of, h)
			if err != nil {
				return page, err
			}
			page.Groups = append(page.Groups, q.By.groups(found)...)
		}
		return page, nil
	})

// groups returns those of found that really have in common what l says: rows that
// share a hash are compared before anything is concluded.
func (l Likeness) groups(found []Customer) (groups []Lookalikes) {
	byKey := map[string]Lookalikes{}
	var keys []string
	for _, c := range found {
		key := c.Country() + " " + strings.ToUpper(strings.Map(letterOrDigit, c.Registration.ID))
		if l == SameName {
			k := newEntityKey(c.Country(), c.Billing.Address.PostalCode, c.OriginalName)
			key = k.country + " " + k.postalCode + " " + k.name
		}
		if _, known := byKey[key]; !known {
			keys = append(keys, key)
		}
		if !slices.ContainsFunc(byKey[key], func(o Customer) bool { return o.ID == c.ID }) {
			byKey[key] = append(byKey[key], c)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		if len(byKey[key]) > 1 {
			groups = append(groups, byKey[key])
		}
	}
	return groups
}

// letterOrDigit leaves blanks and signs out of registration IDs.
func letterOrDigit(r rune) rune {
	switch {
	case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r > 127:
		return r
	}
	return -1
}
