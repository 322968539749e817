package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/qualification"
)

// Offer is an entry of the older catalogue of licences, in which what is bought has no
// SKU.
type Offer struct {
	ID            string // a GUID in upper case, or a code such as "MS-AZR-0145P"
	Name          string
	Description   string
	Category      string // id of a Category; "" for add-ons
	Rank          int64
	Countries     []string // empty is all
	Minimum       int64
	Maximum       int64
	Limit         Limit
	TermUnit      string // "Year", "Month" or "Day"
	Term          int64
	Billing       string // "license", "usage" or "none"
	Cycles        []Plan
	Unit          string
	SalesGroup    string // offers of different groups cannot share an order
	ProductID     string // of the thing that it sells
	ProductName   string
	AddOn         bool
	HasAddOns     bool // another offer names it as a prerequisite
	Trial         bool
	FirstParty    bool
	Open          bool // it can be bought
	Renewable     bool
	Prerequisites []string // offers of which the customer must have one
	Upgrades      []string
	Conversions   []string
	// CustomerQualifications and PartnerQualifications are what the buyer and the
	// seller must be; empty for anybody.
	CustomerQualifications []string
	PartnerQualifications  []string
	Attestation            string
	LearnMore              string
}

// Category is a part of the older catalogue.
type Category struct {
	ID   string
	Key  string // of its name in the message catalogues
	Rank int64
}

// Categories returns the parts of the older catalogue, in their order.
func Categories() []Category {
	return []Category{
		{"Enterprise_Key", "catalog.category.enterprise", 20},
		{"SmallBusiness_Key", "catalog.category.small_business", 30},
		{"Government_Key", "catalog.category.government", 40},
		{"Nonprofit_Key", "catalog.category.nonprofit", 60},
		{"Trial_Key", "catalog.category.trial", 70},
		{"Education_Key", "catalog.category.education", 80},
		{"Internal_Key", "catalog.category.internal", 100},
	}
}

// In returns the category of o; the zero one for add-ons.
func (o Offer) In() Category {
	for _, c := range Categories() {
		if c.ID == o.Category {
			return c
		}
	}
	return Category{}
}

// Refusals of offers.
var (
	// ErrOffer refuses an offer that does not exist or is not sold in the country.
	ErrOffer = fault.New(fault.NotFound, "1000", "catalog.no_offer")
	// ErrModern refuses a product where an offer is asked for.
	ErrModern = fault.New(fault.Invalid, "2100", "catalog.modern")
)

const offerColumns = `id, name, description, category, rank, countries, minimum, maximum, limit_kind, limit_count, term_unit, term, billing, cycles,
	unit, sales_group, product_id, product_name, addon, trial, first_party, open, renewable, prerequisites, upgrades, conversions,
	customer_qualifications, partner_qualifications, attestation, learn_more`

var (
	allOffers = db.Scan(`SELECT `+offerColumns+` FROM catalog_offers ORDER BY rank, id`, "the older catalogue has some hundred offers and gets no more")
	putOffer  = db.SQL(`INSERT INTO catalog_offers (` + offerColumns + `, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, category = excluded.category, rank = excluded.rank,
		countries = excluded.countries, minimum = excluded.minimum, maximum = excluded.maximum, limit_kind = excluded.limit_kind,
		limit_count = excluded.limit_count, term_unit = excluded.term_unit, term = excluded.term, billing = excluded.billing,
		cycles = excluded.cycles, unit = excluded.unit, sales_group = excluded.sales_group, product_id = excluded.product_id,
		product_name = excluded.product_name, addon = excluded.addon, trial = excluded.trial, first_party = excluded.first_party,
		open = excluded.open, renewable = excluded.renewable, prerequisites = excluded.prerequisites, upgrades = excluded.upgrades,
		conversions = excluded.conversions, customer_qualifications = excluded.customer_qualifications,
		partner_qualifications = excluded.partner_qualifications, attestation = excluded.attestation, learn_more = excluded.learn_more,
		changed_at = excluded.changed_at`)
)

func scanOffer(row db.Row) (o Offer, err error) {
	var countries, cycles, prerequisites, upgrades, conversions, customers, partners string
	err = row.Scan(&o.ID, &o.Name, &o.Description, &o.Category, &o.Rank, &countries, &o.Minimum, &o.Maximum, &o.Limit.Kind, &o.Limit.Count,
		&o.TermUnit, &o.Term, &o.Billing, &cycles, &o.Unit, &o.SalesGroup, &o.ProductID, &o.ProductName, &o.AddOn, &o.Trial, &o.FirstParty,
		&o.Open, &o.Renewable, &prerequisites, &upgrades, &conversions, &customers, &partners, &o.Attestation, &o.LearnMore)
	for c := range strings.FieldsSeq(cycles) {
		o.Cycles = append(o.Cycles, Plan(c))
	}
	o.Countries, o.Prerequisites, o.Upgrades = strings.Fields(countries), strings.Fields(prerequisites), strings.Fields(upgrades)
	o.Conversions, o.CustomerQualifications = strings.Fields(conversions), strings.Fields(customers)
	o.PartnerQualifications = strings.Fields(partners)
	return o, err
}

// Check returns what is wrong with o.
func (o Offer) Check() (faults fault.List) {
	invalid := func(ok bool, name, value string) {
		if !ok {
			faults.Add(ErrInvalid.On(name).With("Name", name).With("Value", value))
		}
	}
	_, guid := id.Parse(o.ID)
	invalid(o.ID == strings.ToUpper(o.ID) && (guid || strings.HasPrefix(o.ID, "MS-AZR-")), "id", o.ID)
	invalid(o.Name != "", "name", o.Name)
	invalid(o.AddOn == (o.In() == Category{}), "category", o.Category)
	invalid(!o.AddOn || len(o.Prerequisites) > 0, "prerequisiteOffers", "")
	invalid(o.Minimum > 0, "minimumQuantity", number(o.Minimum))
	invalid(o.Maximum >= o.Minimum, "maximumQuantity", number(o.Maximum))
	invalid(o.Limit.good(), "limit", number(o.Limit.Count))
	invalid(slices.Contains([]string{"Year", "Month", "Day"}, o.TermUnit) && o.Term > 0, "term", o.TermUnit)
	invalid(slices.Contains([]string{"license", "usage", "none"}, o.Billing), "billing", o.Billing)
	return faults
}

// PutOffer publishes an offer, new or changed. What Offer.Check finds is refused.
var PutOffer = op.Define(op.Spec{Name: "catalog.offer.put", Action: "catalog.update", Write: true},
	func(ctx context.Context, u *op.Unit, o Offer) (struct{}, error) {
		if err := o.Check().Err(); err != nil {
			return struct{}{}, err
		}
		cycles := make([]string, len(o.Cycles))
		for i, c := range o.Cycles {
			cycles[i] = string(c)
		}
		join := func(all []string) string { return strings.Join(all, " ") }
		_, err := u.Exec(ctx, putOffer, o.ID, o.Name, o.Description, o.Category, o.Rank, join(o.Countries), o.Minimum, o.Maximum,
			o.Limit.Kind, o.Limit.Count, o.TermUnit, o.Term, o.Billing, join(cycles), o.Unit, o.SalesGroup, o.ProductID, o.ProductName,
			o.AddOn, o.Trial, o.FirstParty, o.Open, o.Renewable, join(o.Prerequisites), join(o.Upgrades), join(o.Conversions),
			join(o.CustomerQualifications), join(o.PartnerQualifications), o.Attestation, o.LearnMore, db.Micros(u.Now))
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "update_catalog_offer", Resource: "offer", Data: map[string]string{"offer": o.ID, "title": o.Name},
		})
	})

// Offers are the offers of one country, in the order of rank.
type Offers struct {
	Country string
	All     []Offer
}

// Find returns an offer, or ErrOffer; ErrModern when id is a product's.
func (o Offers) Find(id string) (Offer, error) {
	for _, one := range o.All {
		if strings.EqualFold(one.ID, id) {
			return one, nil
		}
	}
	if product, _, _ := strings.Cut(id, ":"); IsProductID(strings.ToUpper(product)) {
		return Offer{}, ErrModern
	}
	return Offer{}, ErrOffer
}

// AddOnsOf returns the add-ons of an offer.
func (o Offers) AddOnsOf(offer Offer) []Offer {
	var some []Offer
	for _, one := range o.All {
		if one.AddOn && slices.Contains(one.Prerequisites, offer.ID) {
			some = append(some, one)
		}
	}
	return some
}

// In returns the offers of a category; "" is all that are there.
func (o Offers) In(category string) []Offer {
	if category == "" {
		return o.All
	}
	var some []Offer
	for _, one := range o.All {
		if strings.EqualFold(one.Category, category) {
			some = append(some, one)
		}
	}
	return some
}

// Country is the input of operations about all that is sold in a country.
type Country struct{ Code string }

// ForCustomer is the input of operations about all that a customer can buy.
type ForCustomer struct{ Customer id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (c ForCustomer) ConcernsCustomer() id.Tenant { return c.Customer }

// ListOffers returns the offers of a country, whoever may buy them, or ErrCountry.
var ListOffers = op.Define(op.Spec{Name: "catalog.offers", Action: "catalog.view"},
	func(ctx context.Context, u *op.Unit, in Country) (Offers, error) {
		s, err := general(in.Code, "")
		if err != nil {
			return Offers{}, err
		}
		return offersIn(ctx, u, s.country)
	})

// ListOffersOf returns the offers that a customer may buy: of its country, and none
// for which it is not qualified. Who has no business with it is refused with
// refusal.NotFound.
var ListOffersOf = op.Define(op.Spec{Name: "catalog.customer.offers", Action: "catalog.customer.view"},
	func(ctx context.Context, u *op.Unit, in ForCustomer) (Offers, error) {
		s, err := ofCustomer(ctx, u, in.Customer, "")
		if err != nil {
			return Offers{}, err
		}
		offers, err := offersIn(ctx, u, s.country)
		offers.All = slices.DeleteFunc(offers.All, func(o Offer) bool { return !s.suits(o) })
		return offers, err
	})

// suits reports whether the customer of s is qualified for o.
func (s scope) suits(o Offer) bool {
	held := map[Segment]qualification.Kind{Education: qualification.Education, Government: qualification.GovernmentCloud}
	for _, q := range o.CustomerQualifications {
		if !slices.ContainsFunc(s.segments, func(has Segment) bool { return string(held[has]) == q }) {
			return false
		}
	}
	return true
}

func offersIn(ctx context.Context, u *op.Unit, country string) (Offers, error) {
	all, err := db.All(ctx, u.Tx, allOffers, nil, scanOffer)
	if err != nil {
		return Offers{}, err
	}
	all = slices.DeleteFunc(all, func(o Offer) bool { return len(o.Countries) > 0 && !slices.Contains(o.Countries, country) })
	bases := make(map[string]bool)
	for _, o := range all {
		if o.AddOn {
			for _, base := range o.Prerequisites {
				bases[base] = true
			}
		}
	}
	for i := range all {
		all[i].HasAddOns = bases[all[i].ID]
	}
	slices.SortStableFunc(all, func(a, b Offer) int { return cmp.Compare(a.Rank, b.Rank) })
	return Offers{Country: country, All: all}, nil
}
