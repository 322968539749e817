package importer

import (
	"context"
	"errors"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/refusal"
)

// place decides about the rows of an import of the operator one after the other:
// each may build on those before it.
func (s *settlement) place(ctx context.Context, todo []int) error {
	for _, i := range todo {
		err := s.placeOne(ctx, i)
		if faults := fault.All(err); faults != nil {
			s.refuse(i, faults)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// placeOne finds the customer of a row, or makes it, and makes the relation. It
// returns why it cannot.
func (s *settlement) placeOne(ctx context.Context, i int) error {
	c := s.rows[i]
	org, err := s.organization(ctx, c)
	if err != nil {
		return err
	}
	p := c.place
	switch {
	case org == customer.NotYet && s.dry.hasRelation(c):
		s.exists(i, org)
	case org == customer.NotYet && !p.kind.Sells():
		if country := c.draft.Country(); country != "" {
			err = s.desk.current().SameMarket(p.party.Partner, country)
		}
		err = s.created(i, customer.Outcome{Err: err}, err)
	case org == customer.NotYet:
		err = c.draft.Faults().Err()
		err = s.created(i, customer.Outcome{Err: err}, err)
	case org != "" && !p.kind.Sells():
		err = s.serve(ctx, i, org)
	case org != "":
		err = s.take(ctx, i, org)
	case p.kind.Sells():
		err = s.found(ctx, i)
	default:
		err = ErrCustomerUnknown.On(string(Customer))
	}
	if err != nil {
		return err
	}
	return s.note(ctx, c, s.results[i].Customer)
}

// organization returns the customer that a row is about: by its tenant id, by what
// became of the same record before, by a domain of its own, by its registration id.
// It is empty when there is none yet, and customer.NotYet when a rehearsal would
// have made it.
func (s *settlement) organization(ctx context.Context, c candidate) (id.Tenant, error) {
	if c.place.customer != "" {
		t, err := identity.TenantByID(ctx, s.u.Tx, c.place.customer)
		if fault.KindOf(err) == fault.NotFound || err == nil && t.Kind != identity.CustomerTenant {
			return "", ErrCustomerUnknown.On(string(Customer))
		}
		return t.ID, err
	}
	if known, ok := s.known[c.recordKey()]; ok && c.key != "" {
		return known.customer, nil
	}
	if c.place.domain != "" {
		d, taken, err := identity.DomainOwner(ctx, s.u.Tx, c.place.domain)
		if taken || err != nil {
			return d.Tenant, err
		}
	}
	country, registration := c.draft.Registration()
	org, found, err := customer.Registered(ctx, s.u.Tx, country, registration)
	if found || err != nil {
		return org, err
	}
	return s.dry.organization(c), nil
}

// found adds a customer that nobody has. One that who sells to it has already, by
// name, place and domain, is taken as it is.
func (s *settlement) found(ctx context.Context, i int) error {
	c := s.rows[i]
	var outcomes []customer.Outcome
	err := s.u.OnBehalf(c.place.seller.Partner(), func() (err error) {
		if s.dry != nil {
			outcomes, err = c.place.seller.Rehearse(ctx, s.u, &s.dry.customers, []customer.Draft{c.draft})
			return err
		}
		outcomes, err = c.place.seller.Add(ctx, s.u, []customer.Draft{c.draft})
		return err
	})
	if err != nil {
		return broken(err)
	}
	switch o := outcomes[0]; o.Exists {
	case "":
		return s.created(i, o, o.Err)
	case customer.NotYet:
		s.exists(i, o.Exists)
		return nil
	default:
		return s.take(ctx, i, o.Exists)
	}
}

// take makes an organization that is known a customer of who sells to it.
func (s *settlement) take(ctx context.Context, i int, org id.Tenant) error {
	c := s.rows[i]
	act := c.place.seller.Take
	if s.dry != nil {
		act = c.place.seller.WouldTake
	}
	o, err := act(ctx, s.u, c.draft, org)
	switch {
	case err != nil:
		return broken(err)
	case o.Exists != "" || o.Err == nil && s.dry.hasRelation(c):
		s.exists(i, org)
		return nil
	}
	return s.created(i, o, o.Err)
}

// serve makes a relation that does not sell.
func (s *settlement) serve(ctx context.Context, i int, org id.Tenant) error {
	c := s.rows[i]
	act := s.desk.current().Serve
	if s.dry != nil {
		act = s.desk.current().WouldServe
	}
	made, err := act(ctx, s.u, customer.Service{Partner: c.place.party.Tenant, Customer: org, Kind: c.place.kind}, c.place.party.Partner)
	if err != nil {
		return err
	}
	if !made || s.dry.hasRelation(c) {
		s.exists(i, org)
		return nil
	}
	o := customer.Outcome{}
	o.Added.Customer.ID = org
	return s.created(i, o, nil)
}

// broken returns the error of an operation that may have written something: it ends
// the batch, and is never taken for the refusal of a row.
func broken(err error) error {
	switch {
	case errors.Is(err, identity.ErrDomainTaken): // between our look and now, by another node
		return errors.Join(db.ErrRetry, errors.New(err.Error()))
	case errors.Is(err, db.ErrRetry), fault.All(err) == nil:
		return err
	}
	return errors.New("importer: " + err.Error())
}

// created takes over the outcome of a row that made something, or why not.
func (s *settlement) created(i int, o customer.Outcome, refused error) error {
	if refused != nil {
		return refused
	}
	r := &s.results[i]
	r.Outcome, r.Customer, r.Warnings = Created, o.Added.Customer.ID, o.Added.Findings
	r.AdminUserName, r.AdminPassword = o.Added.AdminUserName, o.Added.AdminPassword
	return nil
}

// note remembers which customer the record of c is, and in a rehearsal what it
// would have made.
func (s *settlement) note(ctx context.Context, c candidate, org id.Tenant) error {
	if s.dry != nil {
		s.dry.noteRelation(c)
	}
	if _, known := s.known[c.recordKey()]; known || c.key == "" {
		return nil
	}
	if s.dry != nil {
		s.dry.keys[s.dry.hash(c.recordKey())] = struct{}{}
		s.known[c.recordKey()] = acquaintance{customer: customer.NotYet, related: true}
		return nil
	}
	if org == "" {
		return refusal.NotFound
	}
	return s.remember(ctx, c.recordKey(), org)
}

// marks are by what the customer of a row is recognised in a rehearsal.
func (c candidate) marks() []recordKey {
	var all []recordKey
	if c.place.customer != "" {
		all = append(all, recordKey{"=tenant", string(c.place.customer)})
	}
	if c.key != "" {
		all = append(all, c.recordKey())
	}
	if c.place.domain != "" {
		all = append(all, recordKey{"=primary", c.place.domain})
	}
	if country, registration := c.draft.Registration(); registration != "" {
		all = append(all, recordKey{"=registration " + country, registration})
	}
	return all
}

// relation is the mark of a relation with the customer of a mark.
func (c candidate) relation(m recordKey) recordKey {
	return recordKey{"=relation " + string(c.place.party.Tenant) + " " + string(c.place.kind), m.source + "\x00" + m.key}
}

// noteRelation remembers the relation of c. A nil rehearsal remembers nothing.
func (r *rehearsal) noteRelation(c candidate) {
	for _, m := range c.marks() {
		r.keys[r.hash(m)] = struct{}{}
		r.related[r.hash(c.relation(m))] = struct{}{}
	}
}

// hasRelation reports whether an earlier row would have made the relation of c.
func (r *rehearsal) hasRelation(c candidate) bool {
	if r == nil {
		return false
	}
	for _, m := range c.marks() {
		if _, ok := r.related[r.hash(c.relation(m))]; ok {
			return true
		}
	}
	return false
}

// organization returns customer.NotYet when an earlier row would have made the
// customer of c.
func (r *rehearsal) organization(c candidate) id.Tenant {
	if r == nil {
		return ""
	}
	for _, m := range c.marks() {
		if _, ok := r.keys[r.hash(m)]; ok {
			return customer.NotYet
		}
	}
	return ""
}
