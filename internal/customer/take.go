package customer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"comptoir/internal/agreement"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// ErrOtherReseller refuses to sell to a customer through a second reseller;
// argument Reseller, the tenant id of the first.
var ErrOtherReseller = fault.New(fault.Conflict, "3000", "customer.other_reseller")

// ErrOtherProvider refuses to sell to a customer through a reseller that has it
// already, on its own or through another provider.
var ErrOtherProvider = fault.New(fault.Conflict, "3000", "customer.other_provider")

// ErrOtherCountry refuses a country that is not the one of the organization
// (rule C5); argument Country.
var ErrOtherCountry = fault.New(fault.Invalid, "27002", "customer.other_country")

// OpenIntakeOf returns the intake of a partner that the actor brings customers to.
// It refuses a partner that may not sell (RF-06, RF-43).
func OpenIntakeOf(ctx context.Context, u *op.Unit, partner id.Tenant) (n *Intake, err error) {
	err = u.OnBehalf(partner, func() error {
		n, err = OpenIntake(ctx, u)
		return err
	})
	return n, err
}

// OpenReading returns an intake of no partner: its drafts say who a customer is, and
// cannot be added.
func OpenReading(u *op.Unit) *Intake {
	c := newChecker(u, seller{})
	c.channel = naming.REST
	return &Intake{c}
}

// Partner returns the partner whose intake n is.
func (n *Intake) Partner() id.Tenant { return n.checker.seller.Tenant }

// Registration returns by what the organization of d is found in the registers of
// its country; id is normalised, and empty where there is none.
func (d Draft) Registration() (country, registration string) {
	k := d.draft.registration()
	return k.country, k.value
}

// Domain returns the primary domain of d, complete and in lower case.
func (d Draft) Domain() string { return strings.ToLower(d.draft.domain) }

// Country returns the country of d, as far as it is known.
func (d Draft) Country() string { return d.draft.profile.billing.Address.Country }

var byRegistration = db.SQL(`SELECT customer_id, country, registration_id FROM customers WHERE registration_hash = $1 AND registration_hash <> 0`)

// Registered returns the customer that has a registration id, as Draft.Registration
// gives it, with some partner; false when nobody has it.
func Registered(ctx context.Context, t *db.Tx, country, registration string) (id.Tenant, bool, error) {
	k := registrationKey{country, registration}
	if k.value == "" {
		return "", false, nil
	}
	found, err := db.All(ctx, t, byRegistration, []any{k.hash()}, func(row db.Row) (id.Tenant, error) {
		var customer id.Tenant
		var met registrationKey
		err := row.Scan(&customer, &met.country, &met.value)
		if met != k {
			customer = ""
		}
		return customer, err
	})
	for _, customer := range found {
		if customer != "" {
			return customer, true, err
		}
	}
	return "", false, err
}

// Take makes an organization that the installation knows a customer of the
// partner of n, with the profile of d (rules A10, E17): its name and domain are
// taken down as they are now, the account is verified, and what other partners
// have with it does not change. The outcome is Exists when the partner, and the
// reseller of d, have it already.
func (n *Intake) Take(ctx context.Context, u *op.Unit, d Draft, customer id.Tenant) (o Outcome, err error) {
	err = u.OnBehalf(n.Partner(), func() error {
		o, err = n.take(ctx, u, fresh([]Draft{d})[0], customer)
		return err
	})
	return o, err
}

// WouldTake says what Take would answer now, and changes nothing.
func (n *Intake) WouldTake(ctx context.Context, u *op.Unit, d Draft, customer id.Tenant) (o Outcome, err error) {
	err = u.OnBehalf(n.Partner(), func() error {
		o, _, err = n.weigh(ctx, u, fresh([]Draft{d})[0], customer)
		return err
	})
	return o, err
}

func (n *Intake) take(ctx context.Context, u *op.Unit, d *draft, customer id.Tenant) (Outcome, error) {
	o, own, err := n.weigh(ctx, u, d, customer)
	if err != nil || o.Err != nil {
		return o, err
	}
	if own != nil {
		return n.attach(ctx, u, *own, d)
	}
	now, err := snapshot(ctx, u.Tx, customer)
	if err != nil {
		return Outcome{}, err
	}
	o.Added.Customer, err = n.relate(ctx, u, d, now)
	return o, err
}

// weigh says what becomes of d at the organization customer, as far as it is not to
// be made: it is there, or something speaks against it. It returns the relation
// that the partner has already, nil for none.
func (n *Intake) weigh(ctx context.Context, u *op.Unit, d *draft, customer id.Tenant) (Outcome, *relationship.Relation, error) {
	if err := n.open(ctx, u); err != nil {
		return Outcome{}, nil, err
	}
	now, err := snapshot(ctx, u.Tx, customer)
	if err != nil {
		o, err := refusedAs(err)
		return o, nil, err
	}
	if other, err := n.otherProvider(ctx, u, d, customer); other || err != nil {
		return Outcome{Err: ErrOtherProvider.On("provider")}, nil, err
	}
	own, err := soldTo(ctx, u, n.Partner(), customer)
	if err != nil {
		return Outcome{}, nil, err
	}
	if own != nil {
		return weighReseller(*own, d), own, nil
	}
	if country := d.profile.billing.Address.Country; country != now.Country() {
		d.profile.fault(ErrOtherCountry.On(addressField+".country").With("Country", now.Country()))
	}
	return Outcome{Added: Added{Findings: d.profile.findings}, Err: d.profile.faults.Err()}, nil, nil
}

// otherProvider reports whether the reseller of d has the customer, and not through
// the partner of n.
func (n *Intake) otherProvider(ctx context.Context, u *op.Unit, d *draft, customer id.Tenant) (bool, error) {
	reseller := d.reseller.tenantOf()
	if reseller == "" {
		return false, nil
	}
	all, err := relationship.Between(ctx, u.Tx, reseller, customer)
	return slices.ContainsFunc(all, func(r relationship.Relation) bool {
		return r.Kind == relationship.IndirectReseller && r.Provider != n.Partner()
	}), err
}

// weighReseller says whether the reseller of d can be named in the relation own of
// its provider. Without a reseller, or with the same one, all is there.
func weighReseller(own relationship.Relation, d *draft) Outcome {
	reseller := d.reseller.tenantOf()
	switch {
	case d.in.Reseller == "" || reseller != "" && own.Reseller == reseller:
		return Outcome{Exists: own.Customer, Err: refusal.RF11}
	case own.Reseller != "":
		return Outcome{Err: ErrOtherReseller.On("reseller").With("Reseller", string(own.Reseller))}
	}
	return Outcome{Err: resellerFaults(d)}
}

// refusedAs makes the outcome of a refusal; other errors stay what they are.
func refusedAs(err error) (Outcome, error) {
	if fault.All(err) == nil {
		return Outcome{}, err
	}
	return Outcome{Err: err}, nil
}

// soldTo returns the relation as reseller of partner with customer, nil for none.
func soldTo(ctx context.Context, u *op.Unit, partner, customer id.Tenant) (*relationship.Relation, error) {
	all, err := relationship.Between(ctx, u.Tx, partner, customer)
	for _, r := range all {
		if r.Kind == relationship.Reseller {
			return &r, err
		}
	}
	return nil, err
}

// relate makes the relation of the partner with the organization now, whose
// relation it is a beginning of.
func (n *Intake) relate(ctx context.Context, u *op.Unit, d *draft, now Customer) (Customer, error) {
	c := now
	c.Partner, c.Kind, c.Reseller = n.Partner(), relationship.Reseller, d.reseller.tenantOf()
	c.Status, c.StatusAt, c.Version = verification.First(u, d.profile.findings), u.Now, db.Micros(u.Now)
	c.CreatedAt, c.ChangedAt = u.Now, u.Now
	c.Billing, c.Tags = d.profile.billing, tagNames(d.tags)
	c.Registration = Registration{Type: d.profile.registration.Type, ID: d.profile.registration.Typed}
	if q := d.in.Qualification; q != nil {
		c.Qualification = q.Qualification
	}
	d.in.WithoutGDAP = true // delegated administration is the customer's to give
	w := newWriter(u, n.checker.seller, 1)
	if err := outgrow(ctx, u, c.Partner, c.ID); err != nil {
		return c, err
	}
	if err := w.relation(ctx, &c, rowKeys{registration: d.registration(), entity: newEntityKey(c.Country(), c.Billing.Address.PostalCode, c.OriginalName)}); err != nil {
		return c, err
	}
	for _, t := range d.tags {
		if err := t.insert(ctx, u, c.Partner, c.Number); err != nil {
			return c, err
		}
		w.counted(c.Partner, relationship.ByTag.Counter(t.name), 1)
	}
	if err := c.recordExtended(ctx, u); err != nil {
		return c, err
	}
	if c.Reseller != "" {
		if err := w.through(ctx, c); err != nil {
			return c, err
		}
	}
	if err := w.set(ctx, d, c); err != nil {
		return c, err
	}
	if err := w.finish(ctx); err != nil {
		return c, err
	}
	return c, c.agree(ctx, u)
}

// through writes the relation of the indirect reseller of c. One that stayed when c
// ended before is kept, and shows the new account.
func (w *writer) through(ctx context.Context, c Customer) error {
	_, err := findKind(ctx, w.u.Tx, c.Reseller, c.ID, relationship.IndirectReseller)
	if !errors.Is(err, refusal.NotFound) {
		if err != nil {
			return err
		}
		return c.share(ctx, w.u)
	}
	theirs := c
	theirs.Partner, theirs.Kind, theirs.Reseller, theirs.Provider, theirs.Tags = c.Reseller, relationship.IndirectReseller, "", c.Partner, nil
	if err := outgrow(ctx, w.u, theirs.Partner, theirs.ID); err != nil {
		return err
	}
	if err := w.relation(ctx, &theirs, rowKeys{}); err != nil {
		return err
	}
	return theirs.recordExtended(ctx, w.u)
}

// agree notes what the customer had accepted before the relation was made.
func (c Customer) agree(ctx context.Context, u *op.Unit) error {
	known, err := agreement.Of(ctx, u.Tx, c.Partner, c.ID)
	if err != nil {
		return err
	}
	var rank int64
	for _, a := range known {
		rank = max(rank, a.Rank)
	}
	return relationship.SetAgreed(ctx, u, c.Partner, c.ID, rank)
}

func (c Customer) recordExtended(ctx context.Context, u *op.Unit) error {
	return u.Record(ctx, op.Record{
		Operation: "extend_relationship", Resource: "partner_customer_relationship", Tenant: c.Partner, Customer: c.ID, CustomerName: c.OriginalName,
		New: c.logged(),
	})
}

var setReseller = db.SQL(`UPDATE customers SET reseller_id = $4 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)

// attach names the reseller of d in the relation own of its provider, and makes
// that of the reseller.
func (n *Intake) attach(ctx context.Context, u *op.Unit, own relationship.Relation, d *draft) (Outcome, error) {
	c, err := find(ctx, u.Tx, own.Partner, own.Customer)
	if err != nil {
		return Outcome{}, err
	}
	c.Reseller = d.reseller.tenantOf()
	if _, err := u.Exec(ctx, setReseller, c.Partner, c.ID, c.Kind, c.Reseller); err != nil {
		return Outcome{}, err
	}
	w := newWriter(u, n.checker.seller, 1)
	w.counted(c.Partner, relationship.ByReseller.Counter(string(c.Reseller)), 1)
	if err := w.through(ctx, c); err != nil {
		return Outcome{}, err
	}
	if err := w.finish(ctx); err != nil {
		return Outcome{}, err
	}
	return Outcome{Added: Added{Customer: c}}, c.agree(ctx, u)
}

// resellerFaults returns what speaks against the reseller of d, who is all that an
// attachment takes from it.
func resellerFaults(d *draft) error {
	var l fault.List
	for _, f := range d.profile.faults {
		if f.Code == refusal.RF26.Code || f.Code == refusal.RF26NotReseller.Code || f.Code == refusal.RF07.Code {
			l.Add(f)
		}
	}
	return l.Err()
}

// Serve makes the relation of the partner p that serves a customer without selling
// to it (rule A6), and reports whether it is new. It refuses a customer of another
// market (RF-08) and a tenant that is no customer (RF-09).
func (n *Intake) Serve(ctx context.Context, u *op.Unit, s Service, p identity.Partner) (bool, error) {
	known, err := n.WouldServe(ctx, u, s, p)
	if !known || err != nil {
		return false, err
	}
	return s.serve(ctx, u)
}

// WouldServe says what Serve would answer now, and changes nothing.
func (n *Intake) WouldServe(ctx context.Context, u *op.Unit, s Service, p identity.Partner) (bool, error) {
	c, err := snapshot(ctx, u.Tx, s.Customer)
	if err != nil {
		return false, err
	}
	if err := n.SameMarket(p, c.Country()); err != nil {
		return false, err
	}
	known, err := s.known(ctx, u)
	return !known, err
}

// SameMarket refuses a customer in a country that is not of the market of p (RF-08).
func (n *Intake) SameMarket(p identity.Partner, code string) error {
	country, known := n.checker.atlas.Country(code)
	if known && country.Market != "" && country.Market == p.Market {
		return nil
	}
	name := code
	if known {
		name = country.Name(n.checker.locale)
	}
	return refusal.RF08.On(addressField+".country").With("Country", name)
}
