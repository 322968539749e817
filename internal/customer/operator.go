package customer

import (
	"context"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// foundAtOnce is how many relations a search of the operator shows; more are not
// for reading.
const foundAtOnce = 100

// Across all partners a search asks for each of them, because everything about
// customers lies under its partner.
const eachPartner = "asks an index once for each partner, for the operator"

var (
	ofAllByName   = db.Scan(`SELECT `+columns+` FROM partners p CROSS JOIN customers c WHERE c.partner_id = p.tenant_id AND c.name_key >= $1 AND c.name_key < $2 LIMIT $3`, eachPartner)
	ofAllByDomain = db.Scan(`SELECT `+columns+` FROM partners p CROSS JOIN customers c WHERE c.partner_id = p.tenant_id AND c.domain >= $1 AND c.domain < $2 LIMIT $3`, eachPartner)
	ofAllByWord   = db.Scan(`SELECT `+columns+` FROM partners p CROSS JOIN customer_terms t CROSS JOIN customers c WHERE t.partner_id = p.tenant_id
		AND t.term >= $1 AND t.term < $2 AND c.partner_id = t.partner_id AND c.number = t.number LIMIT $3`, eachPartner)
	ofCustomer = db.SQL(`SELECT ` + columns + ` FROM customers c WHERE c.customer_id = $1 ORDER BY c.partner_id, c.kind`)
)

// Across finds customers of all partners by the beginning of a word of their
// names, of a domain, or by their tenant id (V-5): a line for each relation, by
// name. It returns at most a hundred.
var Across = op.Define(op.Spec{Name: "organization.find", Action: "organization.view"},
	func(ctx context.Context, u *op.Unit, typed string) ([]Customer, error) {
		s := newSearch(typed)
		if s.empty() {
			return nil, nil
		}
		if tenant, ok := id.Parse(s.typed); ok {
			return customersIn(ctx, u.Tx, ofCustomer, tenant)
		}
		var found []Customer
		ask := func(st *db.Stmt, key string) error {
			more, err := customersIn(ctx, u.Tx, st, key, key+beyond, foundAtOnce)
			found = append(found, more...)
			return err
		}
		if s.domain() {
			if err := ask(ofAllByDomain, s.typed); err != nil {
				return nil, err
			}
		} else if len(s.words) > 0 {
			for _, st := range []*db.Stmt{ofAllByName, ofAllByWord, ofAllByDomain} {
				if err := ask(st, s.words[0]); err != nil {
					return nil, err
				}
			}
		}
		return s.distinct(found), nil
	})

// distinct returns those of found that have all words of s, each once, by name.
func (s search) distinct(found []Customer) []Customer {
	slices.SortFunc(found, func(a, b Customer) int {
		return strings.Compare(naming.Key(a.OriginalName)+string(a.ID)+string(a.Partner)+string(a.Kind), naming.Key(b.OriginalName)+string(b.ID)+string(b.Partner)+string(b.Kind))
	})
	found = slices.CompactFunc(found, func(a, b Customer) bool { return a.ID == b.ID && a.Partner == b.Partner && a.Kind == b.Kind })
	found = slices.DeleteFunc(found, func(c Customer) bool {
		text := wordsText(c.names().words())
		return slices.ContainsFunc(s.others(), func(w string) bool { return !strings.Contains(text, " "+w) })
	})
	return found[:min(len(found), foundAtOnce)]
}

func customersIn(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Customer, error) {
	return db.All(ctx, t, s, args, func(row db.Row) (Customer, error) {
		var c Customer
		var at times
		var tags string
		if err := row.Scan(c.fields(&at, &tags)...); err != nil {
			return c, err
		}
		c.finish(at, tags)
		return c, nil
	})
}

// File is everything that the operator sees of a customer's organisation
// (V-5).
type File struct {
	Tenant    identity.Tenant // under its live name (rule C32)
	Domains   []identity.Domain
	Relations []Customer // as each partner knows it
	End       identity.End
}

// InspectFile returns the organisation of a customer with the relations of
// all partners. It refuses tenants of another kind with refusal.NotFound.
var InspectFile = op.Define(op.Spec{Name: "organization.inspect", Action: "organization.view"},
	fileOf)

func fileOf(ctx context.Context, u *op.Unit, tenant id.Tenant) (File, error) {
	var o File
	var err error
	if o.Tenant, err = identity.TenantByID(ctx, u.Tx, tenant); err != nil {
		return o, err
	}
	if o.Tenant.Kind != identity.CustomerTenant {
		return File{}, refusal.NotFound
	}
	if o.End, err = identity.EndOf(ctx, u.Tx, tenant); err != nil {
		return o, err
	}
	if o.Domains, err = identity.Domains(ctx, u.Tx, tenant); err != nil {
		return o, err
	}
	o.Relations, err = customersIn(ctx, u.Tx, ofCustomer, tenant)
	return o, err
}

// Correction is the input of CorrectSnapshot.
type Correction struct {
	Partner, Customer id.Tenant
	Kind              relationship.Kind
	OriginalName      string
	Domain            string
	// Reason is told to the partner; it is required.
	Reason string
}

// Refusals of a correction.
var (
	ErrSnapshotName   = fault.New(fault.Invalid, "2000", "customer.snapshot.name")
	ErrSnapshotDomain = fault.New(fault.Invalid, "2000", "customer.snapshot.domain")
	ErrSnapshotReason = fault.New(fault.Invalid, "2000", "customer.snapshot.reason")
)

var correctSnapshot = db.SQL(`UPDATE customers SET original_name = $4, domain = $5, words = $6, entity_hash = $7
	WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)

// CorrectSnapshot puts right what was recorded of a customer when the relation
// was made: its original name and its domain (rule C33). Nothing else changes,
// the account is not verified again, and the partner's log says why (V-5). The
// domain must be one of the customer's.
var CorrectSnapshot = op.Define(op.Spec{Name: "organization.correct", Action: "organization.correct", Write: true},
	func(ctx context.Context, u *op.Unit, in Correction) (Customer, error) {
		var old Customer
		var at times
		var tags string
		found, err := u.Found(ctx, byKind, []any{in.Partner, in.Customer, in.Kind}, old.fields(&at, &tags)...)
		if err != nil {
			return Customer{}, err
		}
		if !found {
			return Customer{}, refusal.NotFound
		}
		old.finish(at, tags)
		if err := in.check(ctx, u); err != nil {
			return Customer{}, err
		}
		c := old
		c.OriginalName, c.Domain = naming.Trim(in.OriginalName), strings.ToLower(naming.Trim(in.Domain))
		if c.OriginalName == old.OriginalName && c.Domain == old.Domain {
			return old, nil
		}
		return c, c.correct(ctx, u, old, naming.Trim(in.Reason))
	})

func (in Correction) check(ctx context.Context, u *op.Unit) error {
	var l fault.List
	if n := len([]rune(naming.Trim(in.OriginalName))); n < 1 || n > 255 {
		l.Add(ErrSnapshotName.On("originalName"))
	}
	d, known, err := identity.DomainOwner(ctx, u.Tx, in.Domain)
	if err != nil {
		return err
	}
	if !known || d.Tenant != in.Customer {
		l.Add(ErrSnapshotDomain.On("domain"))
	}
	if naming.Trim(in.Reason) == "" {
		l.Add(ErrSnapshotReason.On("reason"))
	}
	return l.Err()
}

// correct writes the snapshot of c in place of that of old and tells the partner.
func (c Customer) correct(ctx context.Context, u *op.Unit, old Customer, reason string) error {
	key, words := naming.Key(c.Billing.CompanyName), c.names().words()
	var keys rowKeys
	if c.Kind == relationship.Reseller {
		keys.entity = newEntityKey(c.Country(), c.Billing.Address.PostalCode, c.OriginalName)
	}
	_, entity := keys.hashes()
	if _, err := u.Exec(ctx, correctSnapshot, c.Partner, c.ID, c.Kind, c.OriginalName, c.Domain, wordsText(words), entity); err != nil {
		return err
	}
	if err := c.replaceTerms(ctx, u.Tx, terms(old.names().words(), key), terms(words, key)); err != nil {
		return err
	}
	return u.Record(ctx, op.Record{
		Operation: "correct_customer_snapshot", Resource: "customer", Tenant: c.Partner, Customer: c.ID, CustomerName: c.OriginalName,
		Old: map[string]string{"CompanyName": old.OriginalName, "Domain": old.Domain}, New: map[string]string{"CompanyName": c.OriginalName, "Domain": c.Domain},
		Data: map[string]string{"reason": reason},
	})
}
