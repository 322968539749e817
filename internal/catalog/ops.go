package catalog

import (
	"context"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/qualification"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// scope is for whom the catalogue is read.
type scope struct {
	country  string
	segments []Segment
}

// general is the scope of a country. Without a segment it has all but nonprofit.
func general(country string, segment Segment) (scope, error) {
	c, ok := place.World().Country(country)
	if !ok {
		return scope{}, ErrCountry.On("country").With("Value", country)
	}
	s := scope{country: c.Code, segments: []Segment{segment}}
	if segment == "" {
		s.segments = []Segment{Commercial, Education, Government}
	}
	return s, nil
}

// ofCustomer is the scope of a customer: its country, and the segments for which it
// is qualified. What nonprofit organizations pay has no qualification here: it has to
// be asked for. Who has no business with the customer is refused with
// refusal.NotFound.
func ofCustomer(ctx context.Context, u *op.Unit, customer id.Tenant, segment Segment) (scope, error) {
	found, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, customer)
	if err == nil && len(found) == 0 {
		err = refusal.NotFound
	}
	if err != nil {
		return scope{}, err
	}
	r := found[len(found)-1]
	partner := r.Partner
	if r.Kind == relationship.IndirectReseller && r.Provider != "" {
		partner = r.Provider
	}
	held, err := qualification.Held(ctx, u.Tx, partner, customer)
	if err != nil {
		return scope{}, err
	}
	s := scope{country: r.Country, segments: []Segment{Commercial}}
	if slices.Contains(held, qualification.Education) {
		s.segments = append(s.segments, Education)
	}
	if slices.Contains(held, qualification.GovernmentCloud) {
		s.segments = append(s.segments, Government)
	}
	switch {
	case segment == Nonprofit:
		s.segments = []Segment{Nonprofit}
	case segment != "":
		s.segments = slices.DeleteFunc(s.segments, func(has Segment) bool { return has != segment })
	}
	return s, nil
}

// Search asks for a page of products of a country. After is Page.Next of the page
// before; Size is at least 1.
type Search struct {
	Country string
	Segment Segment // "" is all but nonprofit
	View    View
	After   string
	Size    int
}

// CustomerSearch is Search for what one customer can buy.
type CustomerSearch struct {
	Customer id.Tenant
	Segment  Segment // "" is all for which the customer is qualified
	View     View
	After    string
	Size     int
}

// ConcernsCustomer implements op.Concerning.
func (s CustomerSearch) ConcernsCustomer() id.Tenant { return s.Customer }

// Page is a page of products; Next is "" on the last.
type Page struct {
	Country  string
	Products []Product
	Next     string
}

// List returns the products that the actor's organization may sell in a country, in
// the order of view and id (rules G8, G9). An unknown view is ErrView, an unknown
// country ErrCountry.
var List = op.Define(op.Spec{Name: "catalog.list", Action: "catalog.view"},
	func(ctx context.Context, u *op.Unit, in Search) (Page, error) {
		s, err := general(in.Country, in.Segment)
		if err != nil {
			return Page{}, err
		}
		return s.page(ctx, u, in.View, in.After, in.Size)
	})

// ListOf returns the products that one customer can buy of the actor's organization.
// It refuses what List refuses, and refusal.NotFound.
var ListOf = op.Define(op.Spec{Name: "catalog.customer.list", Action: "catalog.customer.view"},
	func(ctx context.Context, u *op.Unit, in CustomerSearch) (Page, error) {
		s, err := ofCustomer(ctx, u, in.Customer, in.Segment)
		if err != nil {
			return Page{}, err
		}
		return s.page(ctx, u, in.View, in.After, in.Size)
	})

// page reads a page: the views of a group one after the other.
func (s scope) page(ctx context.Context, u *op.Unit, view View, after string, size int) (Page, error) {
	all, ok := views[view]
	if !ok {
		return Page{}, ErrView.On("targetView")
	}
	page := Page{Country: s.country}
	if len(s.segments) == 0 {
		return page, nil
	}
	at, last, _ := strings.Cut(after, "/")
	begin := max(0, slices.Index(all, View(at)))
	for _, v := range all[begin:] {
		if string(v) != at {
			last = ""
		}
		some, err := db.All(ctx, u.Tx, grantedInView, s.pageArgs(u, v, last, size+1-len(page.Products)), scanProduct)
		if err != nil {
			return Page{}, err
		}
		if page.Products = append(page.Products, some...); len(page.Products) > size {
			page.Products = page.Products[:size]
			p := page.Products[size-1]
			page.Next = string(p.View) + "/" + p.ID
			break
		}
	}
	return page, nil
}

// pageArgs returns the values of grantedInView, which has a place for each segment.
func (s scope) pageArgs(u *op.Unit, v View, last string, limit int) []any {
	args := []any{u.Actor.Tenant, v, last, s.country}
	for i := range Segments() {
		args = append(args, s.segments[min(i, len(s.segments)-1)])
	}
	return append(args, db.Micros(u.Now), limit)
}

// Item names a product in a country. With Segment, only its SKUs and availabilities
// there; else those of all segments but nonprofit.
type Item struct {
	Country string
	Segment Segment
	Product string
}

// CustomerItem names a product for one customer.
type CustomerItem struct {
	Customer id.Tenant
	Segment  Segment
	Product  string
}

// ConcernsCustomer implements op.Concerning.
func (i CustomerItem) ConcernsCustomer() id.Tenant { return i.Customer }

// Show returns a product as it is sold in a country now, with SKUs, availabilities
// and prices, or ErrProduct.
var Show = op.Define(op.Spec{Name: "catalog.show", Action: "catalog.view"},
	func(ctx context.Context, u *op.Unit, in Item) (Offering, error) {
		s, err := general(in.Country, in.Segment)
		if err != nil {
			return Offering{}, err
		}
		return read(ctx, u.Tx, u.Actor.Tenant, s.country, in.Product, s.segments, u.Now)
	})

// ShowOf is Show for one customer: its country and segments decide. Who has no
// business with it is refused with refusal.NotFound.
var ShowOf = op.Define(op.Spec{Name: "catalog.customer.show", Action: "catalog.customer.view"},
	func(ctx context.Context, u *op.Unit, in CustomerItem) (Offering, error) {
		s, err := ofCustomer(ctx, u, in.Customer, in.Segment)
		if err != nil {
			return Offering{}, err
		}
		return read(ctx, u.Tx, u.Actor.Tenant, s.country, in.Product, s.segments, u.Now)
	})

// pricesOf returns those of all that are for a SKU and for one of segments.
func pricesOf(all []Price, sku string, segments []Segment) []Price {
	var some []Price
	for _, p := range all {
		if p.SKU == sku && slices.Contains(segments, p.Segment) {
			some = append(some, p)
		}
	}
	return some
}
