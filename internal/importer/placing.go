package importer

import (
	"context"
	"errors"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// Refusals of what a row of the operator's import says (V-5).
var (
	ErrPartnerUnknown  = fault.New(fault.Invalid, "2000", "importer.place.partner")     // argument Partner
	ErrRelation        = fault.New(fault.Invalid, "2000", "importer.place.relation")    // argument Relation
	ErrNotSeller       = fault.New(fault.Invalid, "2000", "importer.place.not_seller")  // argument Partner
	ErrNotReseller     = fault.New(fault.Invalid, "2000", "importer.place.no_reseller") // argument Partner
	ErrProviderMissing = fault.New(fault.Invalid, "2000", "importer.place.no_provider")
	ErrCustomerUnknown = fault.New(fault.Invalid, "2000", "importer.place.customer")
)

// by returns o as an import of a is to be read.
func (o Options) by(a op.Actor) Options {
	o.Placing = a.Kind == policy.Operator
	return o
}

// placement is what a row of the operator's import says beside the customer.
type placement struct {
	party    party // who has, or gets, the relation
	kind     relationship.Kind
	seller   *customer.Intake // of who sells; nil for kinds that do not
	customer id.Tenant        // as the row names it
	domain   string           // complete, as the row names it
}

// named says how a row names a partner, and the reseller through whom it sells.
type named struct {
	partner  string
	reseller id.Tenant
}

// party is a partner that rows name.
type party struct {
	identity.Partner
	intake *customer.Intake // nil for who does not sell
	barred error            // why it may not sell now
	fault  *fault.Error     // why there is no such partner
}

// finder finds a partner that a row names.
type finder func(ctx context.Context, n named) (party, error)

var (
	openReading = op.Define(op.Spec{Name: "importer.reading", Action: "organization.import"},
		func(_ context.Context, u *op.Unit, _ struct{}) (*customer.Intake, error) {
			return customer.OpenReading(u), nil
		})
	findParty = op.Define(op.Spec{Name: "importer.party", Action: "organization.import"}, readParty)
)

// readParty finds a partner by tenant id, domain or PartnerID.
func readParty(ctx context.Context, u *op.Unit, n named) (party, error) {
	var p party
	var found bool
	var err error
	tenant, isID := id.Parse(n.partner)
	switch {
	case isID:
		p.Partner, found, err = identity.PartnerOf(ctx, u.Tx, id.Tenant(tenant))
	case strings.Contains(n.partner, "."):
		d, known, failed := identity.DomainOwner(ctx, u.Tx, n.partner)
		if err = failed; known && err == nil {
			p.Partner, found, err = identity.PartnerOf(ctx, u.Tx, d.Tenant)
		}
	default:
		p.Partner, found, err = identity.PartnerByNumber(ctx, u.Tx, n.partner)
	}
	if err != nil {
		return p, err
	}
	switch {
	case !found:
		p.fault = ErrPartnerUnknown.With("Partner", n.partner)
		return p, nil
	case errors.Is(p.MayManage(), identity.ErrPartnerNotEnrolled): // the agreement (RF-06) is for who sells
		p.fault = identity.ErrPartnerNotEnrolled
		return p, nil
	}
	if p.Types&policy.Sellers == 0 {
		return p, nil
	}
	p.intake, err = customer.OpenIntakeOf(ctx, u, p.Tenant)
	if fault.All(err) != nil {
		p.barred = err
		return p, nil //nolint:nilerr // the fault is the outcome of the row
	}
	if err == nil && n.reseller != "" {
		p.intake, err = p.intake.WithResellers(ctx, u, string(n.reseller))
	}
	return p, err
}

// newPlacingDesk prepares an import of the operator. reading reads customers of
// nobody in particular.
func newPlacingDesk(f *file, o Options, reading *customer.Intake, find finder) (*desk, error) {
	d, err := newDesk(f, o, reading, nil)
	if err != nil {
		return nil, err
	}
	d.find, d.parties = find, make(map[named]party)
	return d, nil
}

// party returns a partner that a row names, and keeps it for those that follow.
func (d *desk) party(ctx context.Context, n named) (party, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, known := d.parties[n]; known {
		return p, nil
	}
	p, err := d.find(ctx, n)
	if err == nil {
		d.parties[n] = p
	}
	return p, err
}

// place reads what e says beside the customer, and drafts it for who sells to it.
// c gets the fault of a row that cannot be read.
func (d *desk) place(ctx context.Context, c *candidate, e entry, a applicant) error {
	p := &c.place
	var err error
	if p.party, err = d.party(ctx, named{partner: naming.Trim(e.get(Partner))}); err != nil {
		return err
	}
	if p.party.fault != nil {
		c.fault = p.party.fault.On(string(Partner))
		return nil //nolint:nilerr // the fault is the outcome of the row
	}
	if c.fault = p.readRelation(e.get(Relation)); c.fault != nil {
		return nil //nolint:nilerr // the fault is the outcome of the row
	}
	if text := naming.Trim(e.get(Customer)); text != "" {
		tenant, ok := id.Parse(text)
		if !ok {
			c.fault = ErrCustomerUnknown.On(string(Customer))
			return nil
		}
		p.customer = id.Tenant(tenant)
	}
	if err := d.seller(ctx, c, naming.Trim(e.get(Provider)), &a); err != nil || c.fault != nil {
		return err
	}
	intake := p.seller
	if intake == nil {
		intake = d.current()
	}
	if c.draft, err = intake.Draft(a.customer, a.extra); err != nil {
		return err
	}
	if naming.Trim(e.get(Domain)) != "" {
		p.domain = c.draft.Domain()
	}
	return nil
}

// seller sets who sells to the customer of c: the partner, or the provider through
// whom it does.
func (d *desk) seller(ctx context.Context, c *candidate, provider string, a *applicant) error {
	p := &c.place
	who := p.party
	switch {
	case !p.kind.Sells():
		return nil
	case p.kind == relationship.Reseller:
		if who.Types&policy.Sellers == 0 {
			c.fault = ErrNotSeller.On(string(Relation)).With("Partner", who.Name)
			return nil
		}
	case who.Types&policy.IndirectReseller == 0:
		c.fault = ErrNotReseller.On(string(Relation)).With("Partner", who.Name)
		return nil
	case provider == "":
		c.fault = ErrProviderMissing.On(string(Provider))
		return nil
	default:
		var err error
		if who, err = d.party(ctx, named{provider, p.party.Tenant}); err != nil {
			return err
		}
		if who.fault != nil {
			c.fault = who.fault.On(string(Provider))
			return nil //nolint:nilerr // the fault is the outcome of the row
		}
		a.customer.Reseller = string(p.party.Tenant)
		if who.Types&policy.IndirectProvider == 0 {
			c.fault = relationship.ErrNotProvider.On(string(Provider))
			return nil
		}
	}
	if who.barred != nil {
		c.fault = fault.All(who.barred)[0]
		return nil //nolint:nilerr // the fault is the outcome of the row
	}
	p.seller = who.intake
	return nil
}

// readRelation reads the kind of a relation in one of our languages, or as the
// lists and the wire call it.
func (p *placement) readRelation(text string) *fault.Error {
	switch plainName(text) {
	case "reseller", "revendeur", "aterforsaljare", "direct", "provider":
		p.kind = relationship.Reseller
	case "indirectreseller", "revendeurindirect", "indirektaterforsaljare":
		p.kind = relationship.IndirectReseller
	case "advisor", "adviser", "conseiller", "radgivare":
		p.kind = relationship.Advisor
	case "partnerofrecord", "digitalpartnerofrecord", "dpor", "partenairedereference", "registreradpartner":
		p.kind = relationship.PartnerOfRecord
	default:
		return ErrRelation.On(string(Relation)).With("Relation", naming.Trim(text))
	}
	return nil
}
