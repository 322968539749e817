package catalog

import (
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/money"
	"comptoir/internal/op"
)

// Promotion takes a part off the partner's price of some SKUs while it runs.
type Promotion struct {
	ID          string // product:sku:promotion
	Name        string
	Description string
	Segment     Segment
	Countries   []string // empty is all
	StartsAt    time.Time
	EndsAt      time.Time
	Automatic   bool // it is put on a line of a cart that is eligible
	// LeastSeats and MostSeats bound the quantity of a subscription that has it;
	// MostRedemptions how often a customer gets it, with all partners. 0 is no bound.
	LeastSeats, MostSeats, MostRedemptions int64
	FirstPurchase                          bool  // only for who never had the SKU
	Owned                                  []Ref // the customer must have one of them
	Terms                                  []Discount
}

// Discount is what a promotion takes off one SKU with one term and plan.
type Discount struct {
	Ref
	Term     Duration
	Plan     Plan
	Fraction string // a decimal number between 0 and 1: "0.15"
}

// ErrPromotion refuses a promotion that does not exist or is not for the country.
var ErrPromotion = fault.New(fault.NotFound, "1000", "catalog.no_promotion")

const promotionColumns = `id, name, description, segment, countries, starts_at, ends_at, automatic, least_seats, most_seats, most_redemptions, first_purchase, owned`

var (
	allPromotions   = db.Scan(`SELECT `+promotionColumns+` FROM catalog_promotions ORDER BY id`, "some dozen promotions run at a time")
	promotionByID   = db.SQL(`SELECT ` + promotionColumns + ` FROM catalog_promotions WHERE id = $1`)
	discountsOf     = db.SQL(`SELECT product_id, sku_id, term, plan, discount FROM catalog_promotion_terms WHERE promotion_id = $1 ORDER BY product_id, sku_id, term, plan`)
	dropDiscounts   = db.SQL(`DELETE FROM catalog_promotion_terms WHERE promotion_id = $1`)
	insertDiscount  = db.SQL(`INSERT INTO catalog_promotion_terms (promotion_id, product_id, sku_id, term, plan, discount) VALUES ($1, $2, $3, $4, $5, $6)`)
	upsertPromotion = db.SQL(`INSERT INTO catalog_promotions (` + promotionColumns + `, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, segment = excluded.segment,
		countries = excluded.countries, starts_at = excluded.starts_at, ends_at = excluded.ends_at, automatic = excluded.automatic,
		least_seats = excluded.least_seats, most_seats = excluded.most_seats, most_redemptions = excluded.most_redemptions,
		first_purchase = excluded.first_purchase, owned = excluded.owned, changed_at = excluded.changed_at`)
)

// Check returns what is wrong with p.
func (p Promotion) Check() (faults fault.List) {
	invalid := func(ok bool, name, value string) {
		if !ok {
			faults.Add(ErrInvalid.On(name).With("Name", name).With("Value", value))
		}
	}
	parts := strings.Split(p.ID, ":")
	invalid(len(parts) == 3 && IsProductID(parts[0]) && IsSKUID(parts[1]) && IsProductID(parts[2]), "id", p.ID)
	invalid(p.Name != "", "name", p.Name)
	invalid(slices.Contains(Segments(), p.Segment), "segment", string(p.Segment))
	invalid(!p.StartsAt.IsZero() && p.EndsAt.After(p.StartsAt), "endDate", p.EndsAt.Format(time.DateOnly))
	invalid(p.LeastSeats >= 0 && (p.MostSeats == 0 || p.MostSeats >= p.LeastSeats), "maxSeats", number(p.MostSeats))
	invalid(p.MostRedemptions >= 0, "maxAssets", number(p.MostRedemptions))
	invalid(len(p.Terms) > 0, "requiredProducts", "")
	one := money.MustParse("1", "EUR")
	for _, d := range p.Terms {
		_, known := ParseRef(d.Ref.String())
		invalid(known && d.Plan.Suits(d.Term), "requiredProducts", d.Ref.String())
		fraction, err := money.Parse(d.Fraction, "EUR")
		above := 1
		if err == nil {
			above, err = fraction.Compare(one)
		}
		invalid(err == nil && fraction.Sign() > 0 && above <= 0, "value", d.Fraction)
	}
	return faults
}

// PutPromotion publishes a promotion, new or changed. What Promotion.Check finds is
// refused.
var PutPromotion = op.Define(op.Spec{Name: "catalog.promotion.put", Action: "catalog.update", Write: true},
	func(ctx context.Context, u *op.Unit, p Promotion) (struct{}, error) {
		if err := p.Check().Err(); err != nil {
			return struct{}{}, err
		}
		_, err := u.Exec(ctx, upsertPromotion, p.ID, p.Name, p.Description, p.Segment, strings.Join(p.Countries, " "), db.Micros(p.StartsAt),
			db.Micros(p.EndsAt), p.Automatic, p.LeastSeats, p.MostSeats, p.MostRedemptions, p.FirstPurchase, joinRefs(p.Owned), db.Micros(u.Now))
		if err != nil {
			return struct{}{}, err
		}
		if _, err := u.Exec(ctx, dropDiscounts, p.ID); err != nil {
			return struct{}{}, err
		}
		for _, d := range p.Terms {
			if _, err := u.Exec(ctx, insertDiscount, p.ID, d.Product, d.SKU, d.Term, d.Plan, d.Fraction); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "update_catalog_promotion", Resource: "promotion", Data: map[string]string{"promotion": p.ID, "title": p.Name},
		})
	})

func scanPromotion(row db.Row) (p Promotion, err error) {
	var countries, owned string
	var starts, ends int64
	err = row.Scan(&p.ID, &p.Name, &p.Description, &p.Segment, &countries, &starts, &ends, &p.Automatic, &p.LeastSeats, &p.MostSeats,
		&p.MostRedemptions, &p.FirstPurchase, &owned)
	p.Countries, p.Owned = strings.Fields(countries), refs(owned)
	p.StartsAt, p.EndsAt = db.Time(starts), db.Time(ends)
	return p, err
}

// discounts reads what p takes off.
func (p *Promotion) discounts(ctx context.Context, t *db.Tx) (err error) {
	p.Terms, err = db.All(ctx, t, discountsOf, []any{p.ID}, func(row db.Row) (d Discount, err error) {
		err = row.Scan(&d.Product, &d.SKU, &d.Term, &d.Plan, &d.Fraction)
		return d, err
	})
	return err
}

func (p Promotion) soldIn(country string) bool {
	return len(p.Countries) == 0 || slices.Contains(p.Countries, country)
}

// Running asks for the promotions of a country; Segment "" is all.
type Running struct {
	Country string
	Segment Segment
}

// ListPromotions returns the promotions that run in a country now, or ErrCountry.
var ListPromotions = op.Define(op.Spec{Name: "catalog.promotions", Action: "catalog.promotion.view"},
	func(ctx context.Context, u *op.Unit, in Running) ([]Promotion, error) {
		s, err := general(in.Country, in.Segment)
		if err != nil {
			return nil, err
		}
		all, err := db.All(ctx, u.Tx, allPromotions, nil, scanPromotion)
		if err != nil {
			return nil, err
		}
		var some []Promotion
		for _, p := range all {
			wanted := in.Segment == "" || p.Segment == in.Segment
			if !wanted || !p.soldIn(s.country) || p.StartsAt.After(u.Now) || !p.EndsAt.After(u.Now) {
				continue
			}
			if err := p.discounts(ctx, u.Tx); err != nil {
				return nil, err
			}
			some = append(some, p)
		}
		return some, nil
	})

// OnePromotion names a promotion in a country.
type OnePromotion struct{ Country, ID string }

// ShowPromotion returns a promotion of a country, whether it runs or not, because
// invoices name it long after; or ErrPromotion.
var ShowPromotion = op.Define(op.Spec{Name: "catalog.promotion", Action: "catalog.promotion.view"},
	func(ctx context.Context, u *op.Unit, in OnePromotion) (Promotion, error) {
		s, err := general(in.Country, "")
		if err != nil {
			return Promotion{}, err
		}
		all, err := db.All(ctx, u.Tx, promotionByID, []any{strings.ToUpper(in.ID)}, scanPromotion)
		if err != nil {
			return Promotion{}, err
		}
		if len(all) == 0 || !all[0].soldIn(s.country) {
			return Promotion{}, ErrPromotion
		}
		return all[0], all[0].discounts(ctx, u.Tx)
	})
