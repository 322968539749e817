package customer

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
	"comptoir/internal/verification"
)

// CompanyDetails is what an organization says of itself when it becomes the customer of
// a partner that it already exists beside (rule E14). Its name is the live one, its
// country the one of the tenant.
type CompanyDetails struct {
	Name                       string
	FirstName, LastName, Email string
	Address                    place.Address
	Registration               Registration
	// AddressConfirmed says that the address is right although it was not found.
	AddressConfirmed bool
}

// OwnCompany returns what is known of the actor's own organization, a customer:
// its own profile, and the person who acts as the contact where it has none.
func OwnCompany(ctx context.Context, u *op.Unit) (CompanyDetails, error) {
	o, err := ownOrganization(ctx, u)
	if err != nil {
		return CompanyDetails{}, err
	}
	c := CompanyDetails{Name: o.Name, Email: o.Email, Address: o.Address, Registration: o.Registration}
	if u.Actor.User == "" {
		return c, nil
	}
	n, err := identity.UserByID(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
	if err != nil {
		return c, err
	}
	c.FirstName, c.LastName = n.FirstName, n.LastName
	if c.Email == "" {
		c.Email = n.Email
	}
	return c, nil
}

// Invited is an accepted invitation: the actor's organization becomes the customer
// of Seller, who sells in its own name, and of Reseller, who sells through it. One
// of the two may be nil: a reseller that invited alone has a relation without a
// provider (rule E6).
type Invited struct {
	Seller, Reseller *identity.Partner
	Company          CompanyDetails
	// Delegated gives the partner that invited the roles of Terms (rule E5).
	Delegated bool
	Terms     gdap.Terms
}

// partner returns who invited.
func (in Invited) partner() identity.Partner {
	if in.Reseller != nil {
		return *in.Reseller
	}
	return *in.Seller
}

// Related reports whether all that in would make is there already (rule E16).
func (in Invited) Related(ctx context.Context, u *op.Unit) (bool, error) {
	seller, reseller, err := in.relations(ctx, u)
	switch {
	case err != nil:
		return false, err
	case in.Reseller == nil:
		return seller != nil, nil
	case in.Seller == nil:
		return reseller != nil, nil
	}
	return seller != nil && reseller != nil && (seller.Reseller != "" || reseller.Provider != ""), nil
}

// relations returns the relations that the partners of in have with the customer
// already, nil where there is none.
func (in Invited) relations(ctx context.Context, u *op.Unit) (seller, reseller *relationship.Relation, err error) {
	all, err := relationship.Of(ctx, u.Tx, u.Actor.Tenant)
	for _, r := range all {
		switch {
		case in.Seller != nil && r.Partner == in.Seller.Tenant && r.Kind == relationship.Reseller:
			seller = &r
		case in.Reseller != nil && r.Partner == in.Reseller.Tenant && r.Kind == relationship.IndirectReseller:
			reseller = &r
		}
	}
	return seller, reseller, err
}

// CheckCompany holds the company of in against the rules of sections c.3 to c.5
// for each of its partners: all faults at once, RF-08 for another market included.
func (in Invited) CheckCompany(ctx context.Context, u *op.Unit) error {
	_, err := in.drafts(ctx, u)
	return err
}

// drafts returns the draft of the relation of each partner, by the partner.
func (in Invited) drafts(ctx context.Context, u *op.Unit) (map[id.Tenant]*draft, error) {
	all := make(map[id.Tenant]*draft)
	for _, p := range []*identity.Partner{in.Seller, in.Reseller} {
		if p == nil {
			continue
		}
		s, err := withDomains(ctx, u.Tx, *p)
		if err != nil {
			return nil, err
		}
		c := newChecker(u, s)
		d := c.invited(in.Company)
		if err := d.profile.faults.Err(); err != nil {
			return nil, err
		}
		all[p.Tenant] = d
	}
	return all, nil
}

// invited is the draft of an organization that exists already: no domain is asked
// for, and nobody looks whether it is known.
func (c *checker) invited(company CompanyDetails) *draft {
	d := &draft{cause: verification.CauseInvitation}
	d.profile.addressConfirmed, d.profile.partnerDomains = company.AddressConfirmed, c.seller.domains
	a := company.Address
	a.FirstName, a.LastName, a.EmailAddress = company.FirstName, company.LastName, company.Email
	d.profile.billing = Billing{
		CompanyName: company.Name, FirstName: company.FirstName, LastName: company.LastName, Email: company.Email, Address: a,
	}
	if country, known := c.atlas.Country(a.Country); known {
		d.profile.billing.Culture = country.DefaultCulture
		d.profile.billing.Language = country.DefaultCulture
	}
	c.check(&d.profile, company.Registration)
	d.in.CompanyName = d.profile.billing.CompanyName
	return d
}

// Relate makes the relations of in in the transaction of u and sets in motion what
// comes with them (rule E17): the snapshot of name and domain, the billing profile
// of the company, the verification, the default delegated relationship. It returns
// the new relations; those that are there already stay, and a relation without the
// other partner gets it. Before that it refuses what CheckCompany refuses.
func Relate(ctx context.Context, u *op.Unit, in Invited) ([]Customer, error) {
	drafts, err := in.drafts(ctx, u)
	if err != nil {
		return nil, err
	}
	now, err := snapshot(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	if err := in.Company.keep(ctx, u); err != nil {
		return nil, err
	}
	seller, reseller, err := in.relations(ctx, u)
	if err != nil {
		return nil, err
	}
	var made []Customer
	err = u.OnBehalf(in.partner().Tenant, func() error {
		made, err = in.relate(ctx, u, now, drafts, seller, reseller)
		return err
	})
	if err != nil || !in.Delegated {
		return made, err
	}
	o := gdap.Opening{Partner: in.partner().Tenant, Customer: now.ID, CustomerName: now.OriginalName, Reseller: in.Reseller != nil, Terms: in.Terms}
	if o.Reseller && in.Seller != nil {
		o.Provider = in.Seller.Tenant
	}
	return made, gdap.OpenInvited(ctx, u, o)
}

func (in Invited) relate(ctx context.Context, u *op.Unit, now Customer, drafts map[id.Tenant]*draft, seller, reseller *relationship.Relation) ([]Customer, error) {
	var made []Customer
	status, at := verification.None, now.StatusAt
	if in.Seller != nil && seller == nil {
		c, err := in.sell(ctx, u, now, drafts[in.Seller.Tenant])
		if err != nil {
			return nil, err
		}
		made = append(made, c)
		seller = &relationship.Relation{Partner: c.Partner, Customer: c.ID, Kind: c.Kind, Status: string(c.Status)}
		status, at = c.Status, c.StatusAt
	} else if seller != nil {
		own, err := find(ctx, u.Tx, seller.Partner, seller.Customer)
		if err != nil {
			return nil, err
		}
		status, at = own.Status, own.StatusAt
	}
	if in.Reseller != nil && reseller == nil {
		theirs := in.bring(now, drafts[in.Reseller.Tenant], u)
		theirs.Status, theirs.StatusAt = status, at
		if seller != nil {
			theirs.Provider = seller.Partner
		}
		if err := in.write(ctx, u, &theirs); err != nil {
			return nil, err
		}
		made = append(made, theirs)
	}
	if seller == nil {
		return made, nil
	}
	if in.Reseller != nil {
		if err := in.join(ctx, u, seller, reseller); err != nil {
			return nil, err
		}
	}
	return made, relationship.ShareStatus(ctx, u, seller.Partner, now.ID, string(status), at)
}

// sell makes the relation of who sells in its own name.
func (in Invited) sell(ctx context.Context, u *op.Unit, now Customer, d *draft) (Customer, error) {
	s, err := withDomains(ctx, u.Tx, *in.Seller)
	if err != nil {
		return Customer{}, err
	}
	n := &Intake{newChecker(u, s)}
	return n.relate(ctx, u, d, now)
}

// bring returns the relation of the reseller as it begins.
func (in Invited) bring(now Customer, d *draft, u *op.Unit) Customer {
	c := now
	c.Partner, c.Kind, c.Version = in.Reseller.Tenant, relationship.IndirectReseller, db.Micros(u.Now)
	c.CreatedAt, c.ChangedAt, c.Billing = u.Now, u.Now, d.profile.billing
	c.Registration = Registration{Type: d.profile.registration.Type, ID: d.profile.registration.Typed}
	return c
}

// write writes the relation of the reseller and tells its log.
func (in Invited) write(ctx context.Context, u *op.Unit, c *Customer) error {
	if err := outgrow(ctx, u, c.Partner, c.ID); err != nil {
		return err
	}
	w := newWriter(u, none, 1)
	if err := w.relation(ctx, c, rowKeys{}); err != nil {
		return err
	}
	if err := w.finish(ctx); err != nil {
		return err
	}
	if err := c.recordExtended(ctx, u); err != nil {
		return err
	}
	if in.Seller == nil {
		return c.agree(ctx, u)
	}
	sellers := *c
	sellers.Partner = in.Seller.Tenant
	return sellers.agree(ctx, u)
}

// none is no partner in particular: a writer of it adds no customers.
var none seller

var setProvider = db.SQL(`UPDATE customers SET provider_id = $4 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)

// join names the two partners of a joint invitation in the relations of each
// other, where no other partner is named (rule E6).
func (in Invited) join(ctx context.Context, u *op.Unit, seller, reseller *relationship.Relation) error {
	w := newWriter(u, none, 1)
	if seller.Reseller == "" {
		if _, err := u.Exec(ctx, setReseller, seller.Partner, seller.Customer, seller.Kind, in.Reseller.Tenant); err != nil {
			return err
		}
		w.counted(seller.Partner, relationship.ByReseller.Counter(string(in.Reseller.Tenant)), 1)
	}
	if reseller != nil && reseller.Provider == "" {
		if _, err := u.Exec(ctx, setProvider, reseller.Partner, reseller.Customer, reseller.Kind, seller.Partner); err != nil {
			return err
		}
		w.counted(reseller.Partner, relationship.ByProvider.Counter(string(seller.Partner)), 1)
	}
	return w.finish(ctx)
}

// keep writes what a company says of itself to its own profile.
func (c CompanyDetails) keep(ctx context.Context, u *op.Unit) error {
	a := c.Address.Normalised(rulebook.AtlasFor(u.Book(), c.Address.Country))
	_, err := u.Exec(ctx, putOrganization, u.Actor.Tenant, naming.Trim(c.Email), a.PhoneNumber, a.AddressLine1, a.AddressLine2, a.AddressLine3,
		a.District, a.City, a.State, a.Region, a.PostalCode, db.Micros(u.Now))
	return err
}
