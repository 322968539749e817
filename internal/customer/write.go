package customer

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/qualification"

	"comptoir/internal/agreement"
	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// writer writes new customers of one partner in one unit of work. Counters are
// gathered and written once at the end.
type writer struct {
	u       *op.Unit
	seller  seller
	numbers map[id.Tenant]*numbers
	block   int // how many numbers are taken at once
	counts  map[id.Tenant]map[string]int64
}

// newWriter returns a writer for about most customers of s.
func newWriter(u *op.Unit, s seller, most int) *writer {
	return &writer{u: u, seller: s, numbers: make(map[id.Tenant]*numbers), block: max(1, most), counts: make(map[id.Tenant]map[string]int64)}
}

// add does what rule C8 lists for a draft that was checked.
func (w *writer) add(ctx context.Context, d *draft) (Added, error) {
	u := w.u
	b := d.profile.billing
	tenant, err := identity.CreateCustomerTenant(ctx, u, identity.NewCustomerTenant{
		Name: d.in.CompanyName, Country: b.Address.Country, Language: portalLanguage(b.Language), Domain: d.domain,
		FirstName: b.FirstName, LastName: b.LastName, Email: b.Email,
	})
	if err != nil {
		return Added{}, err
	}
	status := verification.First(u, d.profile.findings)
	c := Customer{
		Partner: w.seller.Tenant, ID: tenant.ID, Kind: relationship.Reseller, Version: db.Micros(u.Now), Status: status, StatusAt: u.Now,
		OriginalName: d.in.CompanyName, Domain: strings.ToLower(d.domain), Reseller: d.reseller.tenantOf(),
		Registration: Registration{Type: d.profile.registration.Type, ID: d.profile.registration.Typed},
		Billing:      b, CreatedAt: u.Now, ChangedAt: u.Now, Tags: tagNames(d.tags),
	}
	if q := d.in.Qualification; q != nil {
		c.Qualification = q.Qualification
	}
	if err := w.relations(ctx, d, &c); err != nil {
		return Added{}, err
	}
	if err := w.set(ctx, d, c); err != nil {
		return Added{}, err
	}
	return Added{
		Customer: c, SentDomain: d.domain, AdminUserName: tenant.AdminUserName, AdminPassword: tenant.AdminPassword,
		Delegated: !d.in.WithoutGDAP, Findings: d.profile.findings,
	}, nil
}

// relations writes the relation of the partner and, when the customer is added
// for a reseller, that of the reseller (rule C8), and tells both logs.
func (w *writer) relations(ctx context.Context, d *draft, c *Customer) error {
	keys := rowKeys{registration: d.registration(), entity: d.entity}
	if err := w.relation(ctx, c, keys); err != nil {
		return err
	}
	if err := c.recordAdded(ctx, w.u); err != nil {
		return err
	}
	for _, t := range d.tags {
		if err := t.insert(ctx, w.u, c.Partner, c.Number); err != nil {
			return err
		}
		w.counted(c.Partner, relationship.ByTag.Counter(t.name), 1)
	}
	if d.reseller == nil {
		return nil
	}
	theirs := *c
	theirs.Partner, theirs.Kind, theirs.Reseller, theirs.Provider, theirs.Tags = d.reseller.Tenant, relationship.IndirectReseller, "", c.Partner, nil
	if err := w.relation(ctx, &theirs, rowKeys{}); err != nil {
		return err
	}
	return theirs.recordAdded(ctx, w.u)
}

// relation writes one relation with the words that find it, and counts it.
func (w *writer) relation(ctx context.Context, c *Customer, keys rowKeys) error {
	n := w.numbers[c.Partner]
	if n == nil {
		n = new(numbers)
		w.numbers[c.Partner] = n
	}
	var err error
	if c.Number, err = n.next(ctx, w.u.Tx, c.Partner, w.block); err != nil {
		return err
	}
	if err := c.insert(ctx, w.u.Tx, keys); err != nil {
		return err
	}
	w.countRelation(*c, 1)
	w.counted(c.Partner, relationship.AgreedCounter(0), 1)
	return nil
}

// set sets in motion what comes with a new customer: verification, delegated
// administration, the agreement, the qualification.
func (w *writer) set(ctx context.Context, d *draft, c Customer) error {
	u := w.u
	err := verification.Open(ctx, u, verification.Opening{
		Partner: c.Partner, Customer: c.ID, CustomerName: c.OriginalName, Country: c.Country(),
		Cause: cmp.Or(d.cause, verification.CauseNew), Findings: d.profile.findings,
	})
	if err != nil {
		return err
	}
	if !d.in.WithoutGDAP {
		if err := gdap.OpenDefault(ctx, u, gdap.Opening{Partner: c.Partner, Customer: c.ID, CustomerName: c.OriginalName}); err != nil {
			return err
		}
		if c.Reseller != "" {
			err := gdap.OpenDefault(ctx, u, gdap.Opening{
				Partner: c.Reseller, Customer: c.ID, CustomerName: c.OriginalName, Reseller: true, Provider: c.Partner,
			})
			if err != nil {
				return err
			}
		}
	}
	if d.attestation != nil {
		about := agreement.About{
			Partner: c.Partner, Customer: c.ID, PartnerName: w.seller.Name, CustomerName: c.OriginalName, Country: c.Country(), Contact: c.contact(),
		}
		if _, err := agreement.AttestFirst(ctx, u, about, *d.attestation); err != nil {
			return err
		}
	}
	if q := d.in.Qualification; q != nil {
		return qualification.First(ctx, u, c.Partner, c.ID, *q)
	}
	return nil
}

// countRelation adds n to every counter that counts c.
func (w *writer) countRelation(c Customer, n int64) {
	w.counted(c.Partner, relationship.Total, n)
	w.counted(c.Partner, relationship.ByKind.Counter(string(c.Kind)), n)
	w.counted(c.Partner, relationship.ByStatus.Counter(string(c.Status)), n)
	w.counted(c.Partner, relationship.ByCountry.Counter(c.Country()), n)
	if c.Reseller != "" {
		w.counted(c.Partner, relationship.ByReseller.Counter(string(c.Reseller)), n)
	}
	if c.Provider != "" {
		w.counted(c.Partner, relationship.ByProvider.Counter(string(c.Provider)), n)
	}
}

func (w *writer) counted(owner id.Tenant, name string, n int64) {
	if w.counts[owner] == nil {
		w.counts[owner] = make(map[string]int64)
	}
	w.counts[owner][name] += n
}

// finish writes the counters, always in the same order, so that two writers do
// not wait for each other.
func (w *writer) finish(ctx context.Context) error {
	for _, owner := range slices.Sorted(maps.Keys(w.counts)) {
		for _, name := range slices.Sorted(maps.Keys(w.counts[owner])) {
			if err := w.u.Count(ctx, owner, name, w.counts[owner][name]); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordAdded writes add_customer to the log of the partner of c.
func (c Customer) recordAdded(ctx context.Context, u *op.Unit) error {
	return u.Record(ctx, op.Record{
		Operation: "add_customer", Resource: "customer", Tenant: c.Partner, Customer: c.ID, CustomerName: c.OriginalName,
		New: c.logged(), Data: map[string]string{"DomainName": c.Domain},
	})
}

// portalLanguage returns which of the portal's languages people of a customer
// read whose language is tag, "" when none.
func portalLanguage(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch language {
	case "en", "fr", "sv":
		return language
	}
	return ""
}

func limitOf(value string) int64 {
	n, _ := strconv.ParseInt(value, 10, 64) // the setting was checked
	return n
}

func checkLimit(value string) error {
	_, err := strconv.ParseUint(value, 10, 32)
	return err
}
