package catalog

import (
	"context"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/money"
)

const (
	productColumns = `p.id, p.title, p.description, p.publisher, p.first_party, p.view, p.kind, p.subkind, p.exclusive`
	skuColumns     = `product_id, id, title, description, unit, state, minimum, maximum, limit_kind, limit_count, trial, addon, overage,
		provisioning_id, provisioning_name, prerequisites, upgrades, conversions, checks, inventory_variables, provisioning_variables,
		actions, attestation, terms_uri, traits`
	priceColumns = `market, product_id, sku_id, segment, currency, term, plan, tier_from, starts_at, ends_at, until_at, tier_to, unit_price, retail_price, tags`
	// granted says that partner $1 may sell p (rule G9).
	granted = `(p.exclusive = FALSE OR EXISTS (SELECT 1 FROM catalog_grants g WHERE g.partner_id = $1 AND g.product_id = p.id AND g.allowed = TRUE))
		AND NOT EXISTS (SELECT 1 FROM catalog_grants g WHERE g.partner_id = $1 AND g.product_id = p.id AND g.allowed = FALSE)`
)

var (
	productByID   = db.SQL(`SELECT ` + productColumns + ` FROM catalog_products p WHERE p.id = $1`)
	grantedByID   = db.SQL(`SELECT ` + productColumns + ` FROM catalog_products p WHERE p.id = $2 AND ` + granted)
	grantedInView = db.SQL(`SELECT ` + productColumns + ` FROM catalog_products p WHERE p.view = $2 AND p.id > $3 AND ` + granted + `
		AND EXISTS (SELECT 1 FROM catalog_prices r WHERE r.market = $4 AND r.product_id = p.id AND r.segment IN ($5, $6, $7, $8)
			AND r.starts_at <= $9 AND r.until_at > $9)
		ORDER BY p.id LIMIT $10`)
	putProduct = db.SQL(`INSERT INTO catalog_products (id, title, description, publisher, first_party, view, kind, subkind, exclusive, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description, publisher = excluded.publisher,
		first_party = excluded.first_party, view = excluded.view, kind = excluded.kind, subkind = excluded.subkind,
		exclusive = excluded.exclusive, changed_at = excluded.changed_at`)

	skusOfProduct = db.SQL(`SELECT ` + skuColumns + ` FROM catalog_skus WHERE product_id = $1 ORDER BY id`)
	putSKU        = db.SQL(`INSERT INTO catalog_skus (` + skuColumns + `, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
		ON CONFLICT (product_id, id) DO UPDATE SET title = excluded.title, description = excluded.description, unit = excluded.unit,
		state = excluded.state, minimum = excluded.minimum, maximum = excluded.maximum, limit_kind = excluded.limit_kind,
		limit_count = excluded.limit_count, trial = excluded.trial, addon = excluded.addon, overage = excluded.overage,
		provisioning_id = excluded.provisioning_id, provisioning_name = excluded.provisioning_name,
		prerequisites = excluded.prerequisites, upgrades = excluded.upgrades, conversions = excluded.conversions,
		checks = excluded.checks, inventory_variables = excluded.inventory_variables,
		provisioning_variables = excluded.provisioning_variables, actions = excluded.actions, attestation = excluded.attestation,
		terms_uri = excluded.terms_uri, traits = excluded.traits, changed_at = excluded.changed_at`)

	pricesInForce = db.SQL(`SELECT ` + priceColumns + ` FROM catalog_prices WHERE market = $1 AND product_id = $2 AND starts_at <= $3 AND until_at > $3
		ORDER BY market, product_id, sku_id, segment, currency, term, plan, tier_from`)
	pricesOfProduct = db.SQL(`SELECT ` + priceColumns + ` FROM catalog_prices WHERE market = $1 AND product_id = $2`)
	putPrice        = db.SQL(`INSERT INTO catalog_prices (` + priceColumns + `, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (market, product_id, sku_id, segment, currency, term, plan, tier_from, starts_at) DO UPDATE SET ends_at = excluded.ends_at,
		until_at = excluded.until_at, tier_to = excluded.tier_to, unit_price = excluded.unit_price, retail_price = excluded.retail_price,
		tags = excluded.tags, changed_at = excluded.changed_at`)

	putGrant = db.SQL(`INSERT INTO catalog_grants (partner_id, product_id, allowed, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (partner_id, product_id) DO UPDATE SET allowed = excluded.allowed, changed_at = excluded.changed_at`)
)

func scanProduct(row db.Row) (p Product, err error) {
	err = row.Scan(&p.ID, &p.Title, &p.Description, &p.Publisher, &p.FirstParty, &p.View, &p.Kind, &p.Subkind, &p.Exclusive)
	return p, err
}

func scanSKU(row db.Row) (s SKU, err error) {
	var prerequisites, upgrades, conversions, checks, inventory, provisioning, actions, traits string
	err = row.Scan(&s.Product, &s.ID, &s.Title, &s.Description, &s.Unit, &s.State, &s.Minimum, &s.Maximum, &s.Limit.Kind, &s.Limit.Count,
		&s.Trial, &s.AddOn, &s.Overage, &s.ProvisioningID, &s.ProvisioningName, &prerequisites, &upgrades, &conversions, &checks,
		&inventory, &provisioning, &actions, &s.Attestation, &s.TermsURI, &traits)
	s.Prerequisites, s.Upgrades, s.Conversions = refs(prerequisites), refs(upgrades), refs(conversions)
	s.Checks, s.InventoryVariables = strings.Fields(checks), strings.Fields(inventory)
	s.ProvisioningVariables, s.Actions = strings.Fields(provisioning), strings.Fields(actions)
	for l := range strings.SplitSeq(traits, "\n") {
		if name, value, ok := strings.Cut(l, "="); ok {
			s.Traits = append(s.Traits, Trait{name, value})
		}
	}
	return s, err
}

// columns returns the values of s in the order of skuColumns.
func (s SKU) columns() []any {
	traits := make([]string, len(s.Traits))
	for i, t := range s.Traits {
		traits[i] = t.Name + "=" + t.Value
	}
	return []any{
		s.Product, s.ID, s.Title, s.Description, s.Unit, s.State, s.Minimum, s.Maximum, s.Limit.Kind, s.Limit.Count,
		s.Trial, s.AddOn, s.Overage, s.ProvisioningID, s.ProvisioningName, joinRefs(s.Prerequisites), joinRefs(s.Upgrades), joinRefs(s.Conversions),
		strings.Join(s.Checks, " "), strings.Join(s.InventoryVariables, " "), strings.Join(s.ProvisioningVariables, " "),
		strings.Join(s.Actions, " "), s.Attestation, s.TermsURI, strings.Join(traits, "\n"),
	}
}

func refs(text string) []Ref {
	var all []Ref
	for one := range strings.FieldsSeq(text) {
		if r, ok := ParseRef(one); ok {
			all = append(all, r)
		}
	}
	return all
}

func joinRefs(all []Ref) string {
	texts := make([]string, len(all))
	for i, r := range all {
		texts[i] = r.String()
	}
	return strings.Join(texts, " ")
}

func scanPrice(row db.Row) (p Price, err error) {
	var currency, unit, retail string
	var starts, ends, until int64
	err = row.Scan(&p.Market, &p.Product, &p.SKU, &p.Segment, &currency, &p.Term, &p.Plan, &p.TierFrom, &starts, &ends, &until, &p.TierTo, &unit, &retail, &p.Tags)
	if err != nil {
		return p, err
	}
	p.StartsAt, p.EndsAt, p.until = db.Time(starts), db.Time(ends), db.Time(until)
	if p.Unit, err = money.Parse(unit, currency); err != nil {
		return p, err
	}
	if retail != "" {
		p.Retail, err = money.Parse(retail, currency)
	}
	return p, err
}

// columns returns the values of p in the order of priceColumns.
func (p Price) columns() []any {
	retail := ""
	if p.Retail.Currency() != "" {
		retail = p.Retail.Number()
	}
	return []any{
		p.Market, p.Product, p.SKU, p.Segment, p.Unit.Currency(), p.Term, p.Plan, p.TierFrom, db.Micros(p.StartsAt), db.Micros(p.EndsAt),
		db.Micros(p.until), p.TierTo, p.Unit.Number(), retail, p.Tags,
	}
}

// one returns the product that s finds; the second result is false when there is none.
func one(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) (Product, bool, error) {
	all, err := db.All(ctx, t, s, args, scanProduct)
	if err != nil || len(all) == 0 {
		return Product{}, false, err
	}
	return all[0], true, nil
}

// read returns a product as it is sold in a country at a moment, to partner.
func read(ctx context.Context, t *db.Tx, partner id.Tenant, country, product string, segments []Segment, at time.Time) (Offering, error) {
	p, found, err := one(ctx, t, grantedByID, partner, strings.ToUpper(product))
	if err == nil && !found {
		err = ErrProduct
	}
	if err != nil {
		return Offering{}, err
	}
	prices, err := db.All(ctx, t, pricesInForce, []any{country, p.ID, db.Micros(at)}, scanPrice)
	if err == nil && len(prices) == 0 {
		err = ErrProduct
	}
	if err != nil {
		return Offering{}, err
	}
	skus, err := db.All(ctx, t, skusOfProduct, []any{p.ID}, scanSKU)
	o := Offering{Product: p, Country: country}
	for _, s := range skus {
		if on := (OnSale{SKU: s, Availabilities: availabilities(pricesOf(prices, s.ID, segments))}); len(on.Availabilities) > 0 {
			o.SKUs = append(o.SKUs, on)
		}
	}
	return o, err
}
