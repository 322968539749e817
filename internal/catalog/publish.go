package catalog

import (
	"cmp"
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// Entry is a product with all its SKUs, as the operator publishes it.
type Entry struct {
	Product Product
	SKUs    []SKU
}

// Check returns what is wrong with e.
func (e Entry) Check() (faults fault.List) {
	faults = e.Product.Check()
	for _, s := range e.SKUs {
		faults = append(faults, s.Check()...)
		if s.Product != e.Product.ID {
			faults.Add(ErrInvalid.On("productId").With("Name", "productId").With("Value", s.Product))
		}
	}
	return faults
}

// entryRecord is a product as the log keeps it.
type entryRecord struct {
	Id, Title, Publisher, View, Kind string //nolint:staticcheck // as the contract spells such names
	Exclusive                        bool
	Skus                             []string
}

func (e Entry) record() entryRecord {
	r := entryRecord{e.Product.ID, e.Product.Title, e.Product.Publisher, string(e.Product.View), string(e.Product.Kind), e.Product.Exclusive, nil}
	for _, s := range e.SKUs {
		r.Skus = append(r.Skus, s.ID+" "+s.Title+" ("+string(s.State)+")")
	}
	return r
}

// Put publishes a product and SKUs: new ones are added, those there are replaced, and
// SKUs that e does not name stay. What Check finds is refused.
var Put = op.Define(op.Spec{Name: "catalog.put", Action: "catalog.update", Write: true},
	func(ctx context.Context, u *op.Unit, e Entry) (struct{}, error) {
		if err := e.Check().Err(); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, put(ctx, u, e)
	})

func put(ctx context.Context, u *op.Unit, e Entry) error {
	before := Entry{}
	var found bool
	var err error
	if before.Product, found, err = one(ctx, u.Tx, productByID, e.Product.ID); err != nil {
		return err
	}
	if before.SKUs, err = db.All(ctx, u.Tx, skusOfProduct, []any{e.Product.ID}, scanSKU); err != nil {
		return err
	}
	p, now := e.Product, db.Micros(u.Now)
	_, err = u.Exec(ctx, putProduct, p.ID, p.Title, p.Description, p.Publisher, p.FirstParty, p.View, p.Kind, p.Subkind, p.Exclusive, now)
	if err != nil {
		return err
	}
	for _, s := range e.SKUs {
		if _, err := u.Exec(ctx, putSKU, append(s.columns(), now)...); err != nil {
			return err
		}
	}
	r := op.Record{Operation: "update_catalog_product", Resource: "product", New: e.record()}
	if found {
		r.Old = before.record()
	}
	return u.Record(ctx, r)
}

// Listing is a line of a price list: a price, and what the list says about its
// product and SKU, which are added when the catalogue does not have them.
type Listing struct {
	Price          Price
	Title          string // of the product
	SKUTitle       string
	SKUDescription string
	Publisher      string
	Unit           string
}

// PriceList is the input of Compare and Publish. No two lines may be the same version
// of the same price.
type PriceList []Listing

// Change is a price that a list says otherwise than the catalogue.
type Change struct{ Old, New Price }

// Difference is what a price list changes.
type Difference struct {
	Products []Entry // new products, or SKUs of ones that are there
	New      []Price
	Changed  []Change
	Same     int
}

// Empty reports whether d changes nothing.
func (d Difference) Empty() bool { return len(d.Products)+len(d.New)+len(d.Changed) == 0 }

// Compare returns what Publish would change.
var Compare = op.Define(op.Spec{Name: "catalog.prices.compare", Action: "catalog.update"},
	func(ctx context.Context, u *op.Unit, in PriceList) (Difference, error) {
		d, _, err := compare(ctx, u, in)
		return d, err
	})

// Publish brings the prices of a list into the catalogue, all or none, and returns
// what it changed. Prices that the list does not have stay; a price that begins later
// ends the one before. What Price.Check finds is refused.
var Publish = op.Define(op.Spec{Name: "catalog.prices.publish", Action: "catalog.update", Write: true},
	func(ctx context.Context, u *op.Unit, in PriceList) (Difference, error) {
		d, settled, err := compare(ctx, u, in)
		if err != nil || d.Empty() {
			return d, err
		}
		for _, e := range d.Products {
			if err := put(ctx, u, e); err != nil {
				return d, err
			}
		}
		now := db.Micros(u.Now)
		for _, p := range settled {
			if _, err := u.Exec(ctx, putPrice, append(p.columns(), now)...); err != nil {
				return d, err
			}
		}
		return d, u.Record(ctx, op.Record{Operation: "publish_prices", Resource: "product", Data: map[string]string{
			"new": number(int64(len(d.New))), "changed": number(int64(len(d.Changed))), "same": number(int64(d.Same)),
			"products": number(int64(len(d.Products))),
		}})
	})

// shelf is where the prices of one product in one country stand.
type shelf struct{ market, product string }

// compare returns the difference, and the prices to be written: those of the list
// that are new or changed, and those that end when a new one begins.
func compare(ctx context.Context, u *op.Unit, in PriceList) (d Difference, settled []Price, err error) {
	shelves := make(map[shelf][]Price)
	var order []shelf
	for _, l := range in {
		if err := l.Price.Check().Err(); err != nil {
			return d, nil, err
		}
		s := shelf{l.Price.Market, l.Price.Product}
		if shelves[s] == nil {
			order = append(order, s)
		}
		shelves[s] = append(shelves[s], l.Price)
	}
	if d.Products, err = unknown(ctx, u, in); err != nil {
		return d, nil, err
	}
	for _, s := range order {
		had, err := db.All(ctx, u.Tx, pricesOfProduct, []any{s.market, s.product}, scanPrice)
		if err != nil {
			return d, nil, err
		}
		settled = append(settled, d.merge(had, shelves[s])...)
	}
	return d, settled, nil
}

// merge notes what given changes of the prices had of one shelf, and returns those to
// be written.
func (d *Difference) merge(had, given []Price) (written []Price) {
	old := make(map[Version]Price, len(had))
	for _, p := range had {
		old[p.Version()] = p
	}
	merged := make([]Price, 0, len(had)+len(given))
	listed := make(map[Version]bool, len(given))
	for _, p := range given {
		before, found := old[p.Version()]
		switch {
		case !found:
			d.New = append(d.New, p)
		case before.same(p):
			d.Same++
		default:
			d.Changed = append(d.Changed, Change{before, p})
		}
		listed[p.Version()] = true
		merged = append(merged, p)
	}
	for _, p := range had {
		if !listed[p.Version()] {
			merged = append(merged, p)
		}
	}
	settle(merged)
	for _, p := range merged {
		if before, found := old[p.Version()]; !found || !before.same(p) || !before.until.Equal(p.until) {
			written = append(written, p)
		}
	}
	return written
}

// Defaults of a SKU that is known from a price list alone; a trial needs nothing else.
const (
	anyQuantity = 10_000_000
	licences    = "Licenses"
)

// unknown returns the products and SKUs of in that the catalogue does not have, made of
// what the list says about them.
func unknown(ctx context.Context, u *op.Unit, in PriceList) (entries []Entry, err error) {
	known := make(map[string][]SKU)
	at := make(map[string]int) // of products in entries
	for _, l := range in {
		id := l.Price.Product
		if _, looked := known[id]; !looked {
			if known[id], err = db.All(ctx, u.Tx, skusOfProduct, []any{id}, scanSKU); err != nil {
				return nil, err
			}
		}
		if slices.ContainsFunc(known[id], func(s SKU) bool { return s.ID == l.Price.SKU }) {
			continue
		}
		known[id] = append(known[id], l.sku())
		i, begun := at[id]
		if !begun {
			p, found, err := one(ctx, u.Tx, productByID, id)
			if err != nil {
				return nil, err
			}
			if !found {
				p = l.product()
			}
			i, at[id] = len(entries), len(entries)
			entries = append(entries, Entry{Product: p})
		}
		entries[i].SKUs = append(entries[i].SKUs, l.sku())
	}
	return entries, nil
}

func (l Listing) product() Product {
	return Product{
		ID: l.Price.Product, Title: cmp.Or(l.Title, l.Price.Product), Description: l.SKUDescription, Publisher: cmp.Or(l.Publisher, "-"),
		View: OnlineServicesView, Kind: Licence,
	}
}

func (l Listing) sku() SKU {
	return SKU{
		Product: l.Price.Product, ID: l.Price.SKU, Title: cmp.Or(l.SKUTitle, l.Title, l.Price.SKU), Description: l.SKUDescription,
		Unit: cmp.Or(l.Unit, licences), State: Open, Minimum: 1, Maximum: anyQuantity, Limit: Limit{Kind: NoLimit},
	}
}

// Grant is what the operator decides about one product and one partner.
type Grant struct {
	Partner id.Tenant
	Product string
	Allowed bool
}

// Authorize lets a partner sell an exclusive product, or keeps it from selling one
// that all others may (rule G9). An unknown product is ErrProduct, who is no partner
// identity.ErrPartnerNotEnrolled.
var Authorize = op.Define(op.Spec{Name: "catalog.authorize", Action: "catalog.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Grant) (struct{}, error) {
		_, found, err := identity.PartnerOf(ctx, u.Tx, in.Partner)
		if err == nil && !found {
			err = identity.ErrPartnerNotEnrolled
		}
		if err != nil {
			return struct{}{}, err
		}
		p, found, err := one(ctx, u.Tx, productByID, in.Product)
		if err == nil && !found {
			err = ErrProduct
		}
		if err != nil {
			return struct{}{}, err
		}
		if _, err := u.Exec(ctx, putGrant, in.Partner, in.Product, in.Allowed, db.Micros(u.Now)); err != nil {
			return struct{}{}, err
		}
		allowed := "false"
		if in.Allowed {
			allowed = "true"
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "authorize_catalog_product", Resource: "product", Tenant: in.Partner,
			Data: map[string]string{"product": p.ID, "title": p.Title, "allowed": allowed},
		})
	})
