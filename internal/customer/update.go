package customer

import (
	"context"
	"database/sql"
	"slices"

	"comptoir/internal/qualification"

	"comptoir/internal/db"
	"comptoir/internal/finding"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
	"comptoir/internal/verification"
)

// BillingChange is the input of UpdateBilling.
type BillingChange struct {
	ID id.Tenant
	// Version is that of the profile the change was made to; 0 changes whatever
	// version there is.
	Version int64
	// Billing replaces the whole profile. An empty country stands for the one
	// that the customer has, which cannot change.
	Billing Billing
	// Registration is nil when the registration id stays.
	Registration *Registration
	// AddressConfirmed says that the address is correct although it was not
	// found (rule C13).
	AddressConfirmed bool
}

// ConcernsCustomer implements op.Concerning.
func (in BillingChange) ConcernsCustomer() id.Tenant { return in.ID }

// Updated is what UpdateBilling made.
type Updated struct {
	Customer Customer
	// Changed is false when the profile was the same already: then nothing was
	// written and nobody looks at the account again (rule C20).
	Changed  bool
	Findings []finding.Finding
}

// UpdateBilling replaces the billing information that the actor's organization
// keeps of a customer, its friendly name included (rules C28 to C36). Any
// change has the account verified again (rule C20). It answers with all faults
// of the input at once, and refuses a stale version with RF-18 and a reseller
// with RF-03.
var UpdateBilling = op.DefinePlanned(op.Spec{Action: "customer.billing.update"},
	func(ctx context.Context, u *op.Unit, in BillingChange) (op.Change[Updated], error) {
		old, p, err := in.check(ctx, u)
		return func(ctx context.Context, u *op.Unit) (Updated, error) { return old.change(ctx, u, p) }, err
	})

// change writes the profile that was checked in place of that of c.
func (c Customer) change(ctx context.Context, u *op.Unit, p *profile) (Updated, error) {
	changed := c.with(p)
	if changed.same(c) {
		return Updated{Customer: c}, nil
	}
	changed.Version, changed.ChangedAt = max(c.Version+1, db.Micros(u.Now)), u.Now
	status, anew := verification.AfterChange(u, c.Status, p.findings)
	if changed.Status = status; anew {
		changed.StatusAt = u.Now
	}
	if err := changed.replace(ctx, u, c, p); err != nil {
		return Updated{}, err
	}
	err := verification.Reopen(ctx, u, c.Status, verification.Opening{
		Partner: c.Partner, Customer: c.ID, CustomerName: c.OriginalName, Country: c.Country(),
		Cause: verification.CauseChanged, Findings: p.findings, Changes: changed.differences(c),
	})
	return Updated{Customer: changed, Changed: true, Findings: p.findings}, err
}

// check reads the customer that in changes, and holds the change against the
// rules.
func (in BillingChange) check(ctx context.Context, u *op.Unit) (old Customer, p *profile, err error) {
	old, err = find(ctx, u.Tx, u.Actor.Tenant, in.ID)
	switch {
	case err != nil:
		return old, nil, err
	case old.Kind != relationship.Reseller:
		return old, nil, refusal.RF03
	case in.Version != 0 && in.Version != old.Version:
		return old, nil, refusal.RF18
	}
	p, err = checkChange(ctx, u, old, in)
	return old, p, err
}

// checkChange applies the rules of a profile to a change of old.
func checkChange(ctx context.Context, u *op.Unit, old Customer, in BillingChange) (*profile, error) {
	s, err := readSeller(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	if err := s.MayManage(); err != nil {
		return nil, err
	}
	c := newChecker(u, s)
	p := &profile{billing: in.Billing, addressConfirmed: in.AddressConfirmed, education: old.Qualification == qualification.Education}
	c.atlas = rulebook.AtlasFor(u.Book(), old.Country())
	if p.partnerDomains, err = domainsOfBoth(ctx, u.Tx, s, old.Reseller); err != nil {
		return nil, err
	}
	if naming.Trim(p.billing.Address.Country) == "" {
		p.billing.Address.Country = old.Country()
	}
	registration := old.Registration
	if in.Registration != nil {
		registration = *in.Registration
	}
	c.check(p, registration)
	if p.country != nil && p.country.Code != old.Country() {
		p.fault(refusal.Property.On(addressField+".country").With("Name", p.country.Code).With("Allowed", old.Country()))
	}
	if err := p.faults.Err(); err != nil {
		return nil, err
	}
	return p, p.noteTaken(ctx, u.Tx, old)
}

// domainsOfBoth returns the domains of the partner and of its reseller, in which
// a contact of the customer cannot be (EM03).
func domainsOfBoth(ctx context.Context, t *db.Tx, s seller, reseller id.Tenant) ([]string, error) {
	if reseller == "" {
		return s.domains, nil
	}
	r, err := readSeller(ctx, t, reseller)
	return slices.Concat(s.domains, r.domains), err
}

// noteTaken tells the reviewer when the registration id is that of another
// customer.
func (p *profile) noteTaken(ctx context.Context, t *db.Tx, old Customer) error {
	key := registrationKey{old.Country(), p.registration.Value}
	if key.value == "" {
		return nil
	}
	return t.QueryIn(ctx, registered, nil, []any{key.hash()}, func(rows *sql.Rows) error {
		var h int64
		var partner, customer id.Tenant
		var found registrationKey
		err := rows.Scan(&h, &partner, &customer, &found.country, &found.value)
		if err == nil && found == key && customer != old.ID {
			p.findings = append(p.findings, finding.Finding{Code: FindingSimilar, Key: "customer.registration.note", Field: registrationField})
		}
		return err
	})
}

// with returns c with the profile that was checked.
func (c Customer) with(p *profile) Customer {
	c.Billing = p.billing
	c.Registration = Registration{Type: p.registration.Type, ID: p.registration.Typed}
	return c
}

// same reports whether c and other show the same profile.
func (c Customer) same(other Customer) bool {
	return c.Billing == other.Billing && c.Registration == other.Registration
}

const profileColumns = `version = $4, name = $5, registration_type = $6, registration_text = $7, contact_first = $8,
	contact_last = $9, email = $10, culture = $11, language = $12, address_first = $13, address_middle = $14, address_last = $15,
	address_email = $16, line1 = $17, line2 = $18, line3 = $19, district = $20, city = $21, state = $22, region = $23, postal_code = $24,
	phone = $25, changed_at = $26, status_at = $27
	WHERE partner_id = $1 AND customer_id = $2 AND kind = $3 AND version = $28 AND status = $29`

var (
	byKind        = db.SQL(`SELECT ` + columns + ` FROM customers c WHERE c.partner_id = $1 AND c.customer_id = $2 AND c.kind = $3`)
	updateProfile = db.SQL(`UPDATE customers SET ` + profileColumns)
	// Many changes leave the status as it is, and its index need not be written.
	updateAccount = db.SQL(`UPDATE customers SET status = $30, ` + profileColumns)
	// Most changes leave the keys as they are, and their indexes need not be written.
	updateKeys = db.SQL(`UPDATE customers SET name_key = $4, words = $5, registration_id = $6, registration_hash = $7, entity_hash = $8
		WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)
)

// replace writes c in place of old, in the relation of its reseller as well, and
// tells the log (rule C34).
func (c Customer) replace(ctx context.Context, u *op.Unit, old Customer, p *profile) error {
	keys := func() rowKeys {
		return rowKeys{
			registration: registrationKey{c.Country(), p.registration.Value},
			entity:       newEntityKey(c.Country(), c.Billing.Address.PostalCode, c.OriginalName),
		}
	}
	if err := c.overwrite(ctx, u, old, keys); err != nil { // first, as it tells whether all is as it was
		return err
	}
	if err := old.keepOrganization(ctx, u); err != nil {
		return err
	}
	if err := c.recordChange(ctx, u, old); err != nil {
		return err
	}
	return c.share(ctx, u)
}

// share writes the profile and the status of c, the relation of a provider, into
// those of its resellers, who see the provider's account (rule C8).
func (c Customer) share(ctx context.Context, u *op.Unit) error {
	all, err := relationship.Of(ctx, u.Tx, c.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Kind != relationship.IndirectReseller || r.Provider != c.Partner {
			continue
		}
		if err := c.shareWith(ctx, u, r.Partner); err != nil {
			return err
		}
	}
	return nil
}

// shareWith writes the profile and the status of c into the relation of a reseller.
func (c Customer) shareWith(ctx context.Context, u *op.Unit, reseller id.Tenant) error {
	before, err := findKind(ctx, u.Tx, reseller, c.ID, relationship.IndirectReseller)
	if err != nil {
		return err
	}
	after := before
	after.Billing, after.Registration = c.Billing, c.Registration
	after.Version, after.ChangedAt, after.Status, after.StatusAt = c.Version, c.ChangedAt, c.Status, c.StatusAt
	return after.overwrite(ctx, u, before, func() rowKeys { return rowKeys{} })
}

// overwrite writes the profile and the status of c in place of those of old, and
// what finds it, for which it asks keys. It returns op.ErrOvertaken when they are
// no longer those of old.
func (c Customer) overwrite(ctx context.Context, u *op.Unit, old Customer, keys func() rowKeys) error {
	b, a := c.Billing, c.Billing.Address
	args := []any{
		c.Partner, c.ID, c.Kind, c.Version, b.CompanyName, c.Registration.Type, c.Registration.ID, b.FirstName,
		b.LastName, b.Email, b.Culture, b.Language, a.FirstName, a.MiddleName, a.LastName, a.EmailAddress, a.AddressLine1, a.AddressLine2,
		a.AddressLine3, a.District, a.City, a.State, a.Region, a.PostalCode, a.PhoneNumber, db.Micros(c.ChangedAt),
		db.Micros(c.StatusAt), old.Version, old.Status,
	}
	update := updateProfile
	if c.Status != old.Status {
		update, args = updateAccount, append(args, c.Status)
	}
	n, err := u.Exec(ctx, update, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return op.ErrOvertaken
	}
	if c.Status != old.Status {
		if err := relationship.CountStatus(ctx, u, c.Partner, string(old.Status), string(c.Status)); err != nil {
			return err
		}
	}
	if c.foundLike(old) {
		return nil
	}
	return c.overwriteKeys(ctx, u.Tx, old, keys())
}

// overwriteKeys writes what finds c in place of what found old.
func (c Customer) overwriteKeys(ctx context.Context, t *db.Tx, old Customer, k rowKeys) error {
	nameKey, words := naming.Key(c.Billing.CompanyName), c.names().words()
	registration, entity := k.hashes()
	_, err := t.Exec(ctx, updateKeys, c.Partner, c.ID, c.Kind, nameKey, wordsText(words), k.registration.value, registration, entity)
	if err != nil {
		return err
	}
	return c.replaceTerms(ctx, t, terms(old.names().words(), naming.Key(old.Billing.CompanyName)), terms(words, nameKey))
}

// foundLike reports whether c and old, two states of one relation, are found by
// the same name, registration id and postal code.
func (c Customer) foundLike(old Customer) bool {
	return c.Billing.CompanyName == old.Billing.CompanyName && c.Registration == old.Registration &&
		c.Billing.Address.PostalCode == old.Billing.Address.PostalCode
}

// replaceTerms writes the words that find c in place of those that did.
func (c Customer) replaceTerms(ctx context.Context, t *db.Tx, was, is []string) error {
	for _, term := range was {
		if slices.Contains(is, term) {
			continue
		}
		if _, err := t.Exec(ctx, deleteTerm, c.Partner, term, c.Number); err != nil {
			return err
		}
	}
	for _, term := range is {
		if slices.Contains(was, term) {
			continue
		}
		if _, err := t.Exec(ctx, insertTerm, c.Partner, term, c.Number); err != nil {
			return err
		}
	}
	return nil
}

// recordChange writes what changed to the log, each part under its own name.
func (c Customer) recordChange(ctx context.Context, u *op.Unit, old Customer) error {
	entry := op.Record{Resource: "customer", Customer: c.ID, CustomerName: c.OriginalName}
	record := func(operation string, before, after any) error {
		entry.Operation, entry.Old, entry.New = operation, before, after
		return u.Record(ctx, entry)
	}
	if c.Billing != old.Billing {
		if err := record("update_customer_billing_profile", old.Billing.logged(), c.Billing.logged()); err != nil {
			return err
		}
	}
	if c.Billing.CompanyName != old.Billing.CompanyName {
		err := record("update_customer_partner_contract_company_name",
			map[string]string{"CompanyName": old.Billing.CompanyName}, map[string]string{"CompanyName": c.Billing.CompanyName})
		if err != nil {
			return err
		}
	}
	if c.Registration != old.Registration {
		return record("update_company_info",
			map[string]string{"OrganizationRegistrationNumber": old.Registration.ID}, map[string]string{"OrganizationRegistrationNumber": c.Registration.ID})
	}
	return nil
}
