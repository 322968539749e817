package catalog

import (
	"context"
	"errors"
	"strings"

	"comptoir/internal/op"
)

// Inventory asks whether things can be bought; Region "" is anywhere. A Ref without
// SKU asks about all SKUs of the product.
type Inventory struct {
	Country string
	Items   []Ref
	Region  string // of the data centre, for what is tied to one
}

// Stock says whether a SKU can be bought.
type Stock struct {
	Ref
	Restricted bool
	Region     string // the only region in which it can be, when that is why
}

// regionTrait is the region of what is tied to one.
const regionTrait = "armRegionName"

// CheckInventory says of SKUs whether they can be bought in a country and region: they
// are open for sale there. Unknown ones are left out. An unknown country is
// ErrCountry.
var CheckInventory = op.Define(op.Spec{Name: "catalog.inventory", Action: "catalog.view"},
	func(ctx context.Context, u *op.Unit, in Inventory) ([]Stock, error) {
		s, err := general(in.Country, "")
		if err != nil {
			return nil, err
		}
		var all []Stock
		for _, item := range in.Items {
			o, err := read(ctx, u.Tx, u.Actor.Tenant, s.country, item.Product, Segments(), u.Now)
			if errors.Is(err, ErrProduct) {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, on := range o.SKUs {
				if item.SKU == "" || strings.EqualFold(item.SKU, on.SKU.ID) {
					all = append(all, on.SKU.stock(in.Region))
				}
			}
		}
		return all, nil
	})

func (s SKU) stock(region string) Stock {
	st := Stock{Ref: s.Ref(), Restricted: s.State != Open}
	if at := s.Trait(regionTrait); region != "" && at != "" && !strings.EqualFold(at, region) {
		st.Restricted, st.Region = true, at
	}
	return st
}
