package catalog

import (
	"context"
	"errors"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/op"
)

// Inventory asks whether things can be bought; Region "" is anywhere. A Ref without
// SKU asks about all SKUs of the product.
type Inventory struct {
	Country string
	Items   []Ref  // maxStock at most
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

// maxStock is how many things are asked about together.
const maxStock = 100

// ErrStock refuses to be asked about more than that; argument Max.
var ErrStock = fault.New(fault.Invalid, "2000", "catalog.stock")

// CheckInventory says of SKUs whether they can be bought in a country and region: they
// are open for sale there. Unknown ones are left out. An unknown country is
// ErrCountry, too many things are ErrStock.
var CheckInventory = op.Define(op.Spec{Name: "catalog.inventory", Action: "catalog.view"},
	func(ctx context.Context, u *op.Unit, in Inventory) ([]Stock, error) {
		s, err := general(in.Country, "")
		if err != nil {
			return nil, err
		}
		if len(in.Items) > maxStock {
			return nil, ErrStock.On("targetItems").With("Max", maxStock)
		}
		var all []Stock
		products := make(map[string]Offering)
		for _, item := range in.Items {
			product := strings.ToUpper(item.Product)
			o, known := products[product]
			if !known {
				o, err = read(ctx, u.Tx, u.Actor.Tenant, s.country, product, Segments(), u.Now)
				if err != nil && !errors.Is(err, ErrProduct) {
					return nil, err
				}
				products[product] = o // without SKUs when nobody knows it
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
