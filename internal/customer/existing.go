package customer

import (
	"context"
	"database/sql"
	"hash/fnv"
	"maps"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// ErrSimilar is the soft stop of rule C3: an organization of the same name, in
// the same country and with the same postal code, is a customer already. It
// goes when the submitter says that this is a different one.
var ErrSimilar = fault.New(fault.Conflict, "3000", "customer.similar")

// FindingSimilar is the code of the finding that remains when the submitter
// said so; it makes a person look at the case.
const FindingSimilar = "customer.similar"

var (
	registered = db.SQLIn(`SELECT registration_hash, partner_id, customer_id, country, registration_id
		FROM customers WHERE registration_hash IN (?) AND registration_hash <> 0`)
	alike = db.SQLIn(`SELECT entity_hash, partner_id, customer_id, country, postal_code, original_name
		FROM customers WHERE entity_hash IN (?) AND entity_hash <> 0`)
)

// registrationKey is what two records of one registered organization share.
type registrationKey struct{ country, value string }

func (k registrationKey) hash() int64 {
	if k.value == "" {
		return 0
	}
	return hash(k.country, k.value)
}

// entityKey is what two records of one organization probably share (rule C3).
type entityKey struct{ country, postalCode, name string }

func newEntityKey(country, postalCode, name string) entityKey {
	return entityKey{country, strings.ReplaceAll(strings.ToUpper(postalCode), " ", ""), naming.DuplicateKey(name)}
}

func (k entityKey) hash() int64 { return hash(k.country, k.postalCode, k.name) }

// hash returns a positive number for texts, the same on every machine. Rows that
// share it are compared before anything is concluded.
func hash(texts ...string) int64 {
	h := fnv.New64a()
	for _, t := range texts {
		h.Write([]byte(t))
		h.Write([]byte{0})
	}
	return int64(h.Sum64()>>1) | 1
}

// owner is the relation in which an organization is known already.
type owner struct{ partner, customer id.Tenant }

// existing is what the installation knows about the organizations of a batch.
type existing struct {
	domains    map[string]identity.OwnedDomain
	registered map[registrationKey]owner
	alike      map[entityKey]owner
}

// readExisting looks up the domains, registration ids and names of drafts. A
// rehearsal adds what it has seen; r is nil when it is meant.
func readExisting(ctx context.Context, u *op.Unit, drafts []*draft, r *Rehearsal) (existing, error) {
	e := existing{registered: make(map[registrationKey]owner), alike: make(map[entityKey]owner)}
	var registrations, entities []any
	for _, d := range drafts {
		if h := d.registration().hash(); h != 0 {
			registrations = append(registrations, h)
		}
		entities = append(entities, d.entity.hash())
	}
	if err := e.readDomains(ctx, u, drafts, r); err != nil {
		return e, err
	}
	err := u.QueryIn(ctx, registered, nil, registrations, func(rows *sql.Rows) error {
		var h int64
		var k registrationKey
		var o owner
		err := rows.Scan(&h, &o.partner, &o.customer, &k.country, &k.value)
		own(e.registered, k, o, u.Actor.Tenant)
		return err
	})
	if err != nil {
		return e, err
	}
	return e, u.QueryIn(ctx, alike, nil, entities, func(rows *sql.Rows) error {
		var h int64
		var country, postalCode, name string
		var o owner
		err := rows.Scan(&h, &o.partner, &o.customer, &country, &postalCode, &name)
		own(e.alike, newEntityKey(country, postalCode, name), o, u.Actor.Tenant)
		return err
	})
}

// readDomains looks up the domains of drafts, and those to take instead where it
// may come to that.
func (e *existing) readDomains(ctx context.Context, u *op.Unit, drafts []*draft, r *Rehearsal) (err error) {
	var wanted, instead []string
	for _, d := range drafts {
		wanted = append(wanted, d.domain)
		if d.mailDomain != "" {
			wanted = append(wanted, d.mailDomain)
		}
	}
	if e.domains, err = identity.DomainOwners(ctx, u.Tx, wanted...); err != nil {
		return err
	}
	met := make(map[string]bool, len(drafts))
	for _, d := range drafts {
		e.recall(r, d, owner{u.Actor.Tenant, NotYet})
		name := strings.ToLower(d.domain)
		if _, taken := e.domains[name]; taken || met[name] {
			instead = append(instead, d.others...)
			for _, other := range d.others {
				met[strings.ToLower(other)] = true
			}
		}
		met[name] = true
	}
	more, err := identity.DomainOwners(ctx, u.Tx, instead...)
	maps.Copy(e.domains, more)
	return err
}

// own puts o into known, where it gives way to the relation that partner itself has.
func own[K comparable](known map[K]owner, k K, o owner, partner id.Tenant) {
	if known[k].partner != partner {
		known[k] = o
	}
}

// admit has d judged and, when nothing speaks against it, takes it up if there is
// room. It returns what judge does, and why d cannot be added.
func (e existing) admit(u *op.Unit, d *draft, partner id.Tenant, room int64) (id.Tenant, error) {
	e.settle(d)
	exists := e.judge(d, partner)
	if len(d.profile.faults) == 0 && room == 0 {
		d.profile.fault(ErrSandboxLimit.With("Limit", u.Setting(sandboxLimit)))
	}
	return exists, d.profile.faults.Err()
}

// settle gives d the first of its other domains that is free when its own is
// taken. When all are taken it keeps its own.
func (e existing) settle(d *draft) {
	for _, domain := range append([]string{d.domain}, d.others...) {
		if _, taken := e.domains[strings.ToLower(domain)]; !taken {
			d.domain = domain
			return
		}
	}
}

// judge adds to d what rule C3 says about it. It returns the customer that d
// already is, when that is one of the partner's own: of the same registration id,
// or of the same domain, name and place. An import then counts it as done.
func (e existing) judge(d *draft, partner id.Tenant) id.Tenant {
	p := &d.profile
	domain, taken := e.domains[strings.ToLower(d.domain)]
	if taken {
		p.fault(naming.DomainTaken.On(companyField + ".domain"))
	}
	if o, known := e.registered[d.registration()]; known {
		p.fault(refusal.RF11.On(registrationField))
		if o.partner == partner {
			return o.customer
		}
		return ""
	}
	if mail, known := e.domains[d.mailDomain]; known && !mail.Initial && mail.Kind == identity.CustomerTenant {
		p.fault(refusal.RF11.On(billingField + ".email"))
		return ""
	}
	if o, known := e.alike[d.entity]; known {
		if d.in.Distinct {
			p.findings = append(p.findings, finding.Finding{Code: FindingSimilar, Key: "customer.similar.note", Field: billingField + ".companyName"})
			return ""
		}
		p.fault(ErrSimilar.On(billingField + ".companyName"))
		if taken && o == (owner{partner, domain.Tenant}) {
			return o.customer
		}
	}
	return ""
}

// claim makes d known to the drafts that follow in the same batch.
func (e existing) claim(d *draft, o owner) {
	name := strings.ToLower(d.domain)
	e.domains[name] = identity.OwnedDomain{Domain: identity.Domain{Name: name, Tenant: o.customer, Initial: true}, Kind: identity.CustomerTenant}
	if k := d.registration(); k.value != "" {
		e.registered[k] = o
	}
	e.alike[d.entity] = o
}
