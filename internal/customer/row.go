package customer

import (
	"context"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// columns are those of a Customer, in the order of fields.
const columns = `c.partner_id, c.customer_id, c.kind, c.number, c.version, c.status, c.status_at, c.name, c.original_name, c.domain, c.tags,
	c.country, c.reseller_id, c.provider_id, c.qualification, c.registration_type, c.registration_text, c.contact_first, c.contact_last,
	c.email, c.culture, c.language, c.address_first, c.address_middle, c.address_last, c.address_email, c.line1, c.line2, c.line3,
	c.district, c.city, c.state, c.region, c.postal_code, c.phone, c.created_at, c.changed_at`

var (
	insertCustomer = db.SQL(`INSERT INTO customers (partner_id, customer_id, kind, number, version, status, status_at, name, original_name,
		domain, tags, country, reseller_id, provider_id, qualification, registration_type, registration_text, contact_first, contact_last,
		email, culture, language, address_first, address_middle, address_last, address_email, line1, line2, line3, district, city, state,
		region, postal_code, phone, created_at, changed_at, name_key, words, registration_id, registration_hash, entity_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
		$27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42)`)
	insertTerm = db.SQL(`INSERT INTO customer_terms (partner_id, term, number) VALUES ($1, $2, $3)`)
	deleteTerm = db.SQL(`DELETE FROM customer_terms WHERE partner_id = $1 AND term = $2 AND number = $3`)
	takeOf     = db.SQL(`INSERT INTO counters (owner, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (owner, name) DO UPDATE SET value = counters.value + excluded.value RETURNING value`)

	// Where a partner has two relations with a customer, its own as reseller comes first.
	byID = db.SQL(`SELECT ` + columns + ` FROM customers c WHERE c.partner_id = $1 AND c.customer_id = $2 ORDER BY c.kind DESC LIMIT 1`)
)

// numberCounter counts the relations that a partner ever had.
const numberCounter = "customers.number"

// numbers hands out the numbers of new relations of one partner. It takes them
// in blocks; those of a block that are not used are never used.
type numbers struct{ last, end int64 }

// next returns a number, taking block more when there is none left.
func (n *numbers) next(ctx context.Context, t *db.Tx, partner id.Tenant, block int) (int64, error) {
	if n.last == n.end {
		if err := t.QueryRow(ctx, takeOf, []any{partner, numberCounter, block}, &n.end); err != nil {
			return 0, err
		}
		n.last = n.end - int64(block)
	}
	n.last++
	return n.last, nil
}

// micros scans times that the database keeps.
type times struct{ status, created, changed int64 }

// fields returns where the columns of c are scanned to; finish completes c.
func (c *Customer) fields(t *times, tags *string) []any {
	b, a := &c.Billing, &c.Billing.Address
	return []any{
		&c.Partner, &c.ID, &c.Kind, &c.Number, &c.Version, &c.Status, &t.status, &b.CompanyName, &c.OriginalName, &c.Domain, tags,
		&a.Country, &c.Reseller, &c.Provider, &c.Qualification, &c.Registration.Type, &c.Registration.ID, &b.FirstName, &b.LastName,
		&b.Email, &b.Culture, &b.Language, &a.FirstName, &a.MiddleName, &a.LastName, &a.EmailAddress, &a.AddressLine1, &a.AddressLine2,
		&a.AddressLine3, &a.District, &a.City, &a.State, &a.Region, &a.PostalCode, &a.PhoneNumber, &t.created, &t.changed,
	}
}

func (c *Customer) finish(t times, tags string) {
	c.StatusAt, c.CreatedAt, c.ChangedAt = db.Time(t.status), db.Time(t.created), db.Time(t.changed)
	c.Tags = tagList(tags)
}

// findKind returns the customer as partner knows it in one relation, or
// refusal.NotFound.
func findKind(ctx context.Context, t *db.Tx, partner, customer id.Tenant, kind relationship.Kind) (Customer, error) {
	var c Customer
	var at times
	var tags string
	found, err := t.Found(ctx, byKind, []any{partner, customer, kind}, c.fields(&at, &tags)...)
	if err == nil && !found {
		err = refusal.NotFound
	}
	c.finish(at, tags)
	return c, err
}

// find returns the customer as partner knows it, or refusal.NotFound; ErrMerged when
// it is part of another one that the partner knows.
func find(ctx context.Context, t *db.Tx, partner, customer id.Tenant) (Customer, error) {
	var c Customer
	var at times
	var tags string
	found, err := t.Found(ctx, byID, []any{partner, customer}, c.fields(&at, &tags)...)
	if err == nil && !found {
		err = gone(ctx, t, partner, customer)
	}
	c.finish(at, tags)
	return c, err
}

// rowKeys are what finds a row again beside what it shows. The relation of a
// reseller has none: the provider's stands for both.
type rowKeys struct {
	registration registrationKey
	entity       entityKey
}

func (k rowKeys) hashes() (registration, entity int64) {
	if k.entity.name != "" {
		entity = k.entity.hash()
	}
	return k.registration.hash(), entity
}

// names returns what a search finds c by.
func (c Customer) names() names { return names{c.Billing.CompanyName, c.OriginalName, c.Domain} }

// insert writes the row of c and the words that find it.
func (c Customer) insert(ctx context.Context, t *db.Tx, k rowKeys) error {
	b, a := c.Billing, c.Billing.Address
	nameKey, words := naming.Key(b.CompanyName), c.names().words()
	registration, entity := k.hashes()
	_, err := t.Exec(ctx, insertCustomer, c.Partner, c.ID, c.Kind, c.Number, c.Version, c.Status, db.Micros(c.StatusAt), b.CompanyName,
		c.OriginalName, c.Domain, strings.Join(c.Tags, "\n"), a.Country, c.Reseller, c.Provider, c.Qualification, c.Registration.Type,
		c.Registration.ID, b.FirstName, b.LastName, b.Email, b.Culture, b.Language, a.FirstName, a.MiddleName, a.LastName, a.EmailAddress,
		a.AddressLine1, a.AddressLine2, a.AddressLine3, a.District, a.City, a.State, a.Region, a.PostalCode, a.PhoneNumber,
		db.Micros(c.CreatedAt), db.Micros(c.ChangedAt), nameKey, wordsText(words), k.registration.value, registration, entity)
	if err != nil {
		return err
	}
	for _, term := range terms(words, nameKey) {
		if _, err := t.Exec(ctx, insertTerm, c.Partner, term, c.Number); err != nil {
			return err
		}
	}
	return nil
}

// Entries are what the activity log keeps of a customer. Their members are
// called as on the wire (api-customers.md, section 19).
type (
	customerEntry struct {
		Id                    id.Tenant //nolint:staticcheck // the name on the wire
		CompanyProfile        companyEntry
		BillingProfile        billingEntry
		RelationshipToPartner string
	}
	companyEntry struct {
		TenantId            id.Tenant //nolint:staticcheck // the name on the wire
		Domain, CompanyName string
	}
	billingEntry struct {
		CompanyName, FirstName, LastName, Email, Culture, Language string
		DefaultAddress                                             addressEntry
	}
	addressEntry struct {
		Country, Region, City, State, AddressLine1, AddressLine2, PostalCode, FirstName, LastName, PhoneNumber string
	}
)

// logged returns c as the activity log keeps it.
func (c Customer) logged() customerEntry {
	return customerEntry{
		Id: c.ID, CompanyProfile: companyEntry{TenantId: c.ID, Domain: c.Domain, CompanyName: c.OriginalName},
		BillingProfile: c.Billing.logged(), RelationshipToPartner: string(relationship.Reseller),
	}
}

func (b Billing) logged() billingEntry {
	a := b.Address
	return billingEntry{
		CompanyName: b.CompanyName, FirstName: b.FirstName, LastName: b.LastName, Email: b.Email, Culture: b.Culture, Language: b.Language,
		DefaultAddress: addressEntry{
			Country: a.Country, Region: a.Region, City: a.City, State: a.State, AddressLine1: a.AddressLine1, AddressLine2: a.AddressLine2,
			PostalCode: a.PostalCode, FirstName: a.FirstName, LastName: a.LastName, PhoneNumber: a.PhoneNumber,
		},
	}
}
