package relationship

import (
	"context"

	"comptoir/internal/db"
)

// PrimaryContact is the person whom a partner knows at a customer, to whom mails go.
type PrimaryContact struct {
	FirstName, LastName, Email string
	Language                   string // as the partner gave it: "sv" or "sv-SE"
}

var contactOf = db.SQL(`SELECT contact_first, contact_last, email, language FROM customers WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)

// PrimaryContactOf returns the contact of a relation's billing information.
func PrimaryContactOf(ctx context.Context, t *db.Tx, r Relation) (PrimaryContact, error) {
	var c PrimaryContact
	err := t.QueryRow(ctx, contactOf, []any{r.Partner, r.Customer, r.Kind}, &c.FirstName, &c.LastName, &c.Email, &c.Language)
	return c, err
}
