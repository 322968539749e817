package demo

import (
	"time"

	"comptoir/internal/catalog"
)

// demoOffer is an offer of the older catalogue.
type demoOffer struct {
	id, name, category string
	rank, most         int64
	limit              catalog.Limit
	trial              bool
	base, upgrade      string // id of the offer that an add-on is for; of what follows
	qualification      string
}

// Ids of offers that others name.
const (
	offerMail  = "0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A01"
	offerSuite = "0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A02"
	offerE3    = "0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A03"
)

var (
	unlimited = catalog.Limit{Kind: catalog.NoLimit}
	onceEver  = catalog.Limit{Kind: catalog.LifetimeLimit, Count: 1}
	onceNow   = catalog.Limit{Kind: catalog.ConcurrentLimit, Count: 1}
)

var demoOffers = []demoOffer{
	{offerMail, "Fjord Mail (legacy)", "SmallBusiness_Key", 10, 300, onceNow, false, "", offerSuite, ""},
	{offerSuite, "Fjord Suite Standard (legacy)", "SmallBusiness_Key", 12, 300, unlimited, false, "", offerE3, ""},
	{offerE3, "Fjord Enterprise E3 (legacy)", "Enterprise_Key", 20, 10_000_000, unlimited, false, "", "", ""},
	{"0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A04", "Fjord Suite Standard (legacy trial)", "Trial_Key", 40, 25, onceEver, true, "", offerSuite, ""},
	{"0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A05", "Fjord Enterprise A3 for schools (legacy)", "Education_Key", 30, 500_000, unlimited, false, "", "", "Education"},
	{"0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A06", "Fjord Enterprise G3 (legacy)", "Government_Key", 32, 500_000, unlimited, false, "", "", "GovernmentCommunityCloud"},
	{"0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A07", "Fjord Suite Standard, donated (legacy)", "Nonprofit_Key", 34, 300, onceNow, false, "", "", "Nonprofit"},
	{"0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A08", "Fjord Suite for partners (legacy)", "Internal_Key", 90, 25, onceNow, false, "", "", ""},
	{"0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A09", "Fjord Archive (legacy)", "", 50, 10_000_000, unlimited, false, offerMail, "", ""},
	{"0B6A3E10-5C1D-4E0B-9A51-3F2C7D9E0A0A", "Fjord Guard (legacy)", "", 52, 10_000_000, unlimited, false, offerE3, "", ""},
}

func (o demoOffer) offer() catalog.Offer {
	v := catalog.Offer{
		ID: o.id, Name: o.name, Description: o.name + " by Fjordsoft", Category: o.category, Rank: o.rank, Minimum: 1, Maximum: o.most, Limit: o.limit,
		TermUnit: "Year", Term: 1, Billing: "license", Cycles: []catalog.Plan{catalog.Annual, catalog.Monthly}, Unit: "Licenses", SalesGroup: "Default",
		ProductID: o.id, ProductName: o.name, FirstParty: true, Open: true, Renewable: !o.trial, Trial: o.trial,
	}
	if o.trial {
		v.Minimum, v.TermUnit, v.Billing, v.Cycles, v.SalesGroup = o.most, "Month", "none", []catalog.Plan{catalog.NoPlan}, "Trial-"+o.id
	}
	if o.base != "" {
		v.AddOn, v.Prerequisites, v.Unit = true, []string{o.base}, "Add-On Licenses"
	}
	switch {
	case o.upgrade != "" && o.trial:
		v.Conversions = []string{o.upgrade}
	case o.upgrade != "":
		v.Upgrades = []string{o.upgrade}
	}
	if o.qualification != "" {
		v.CustomerQualifications = []string{o.qualification}
	}
	return v
}

// demoPromotions run for a year from a moment: one for who buys a suite for the first
// time, one for who has mail and takes more.
func demoPromotions(begin time.Time) []catalog.Promotion {
	suite, enterprise, mail := catalog.Ref{Product: "CFQ7TTC0A04A", SKU: "0001"}, catalog.Ref{Product: "CFQ7TTC0A0B9", SKU: "0001"}, catalog.Ref{Product: "CFQ7TTC0A103", SKU: "0001"}
	return []catalog.Promotion{
		{
			ID: suite.String() + ":39NFJQT1FRST", Name: "First suite", Description: "15 % off the first year of a suite.", Segment: catalog.Commercial,
			StartsAt: begin, EndsAt: begin.AddDate(1, 0, 0), Automatic: true, LeastSeats: 1, MostSeats: 300, MostRedemptions: 1, FirstPurchase: true,
			Terms: []catalog.Discount{
				{Ref: suite, Term: catalog.OneYear, Plan: catalog.Monthly, Fraction: "0.15"},
				{Ref: suite, Term: catalog.OneYear, Plan: catalog.Annual, Fraction: "0.15"},
			},
		},
		{
			ID: enterprise.String() + ":39NFJQT1M0RE", Name: "From mail to enterprise", Description: "10 % off for who has mail already.", Segment: catalog.Commercial,
			StartsAt: begin, EndsAt: begin.AddDate(1, 0, 0), LeastSeats: 50, MostSeats: 2400, Owned: []catalog.Ref{mail},
			Terms: []catalog.Discount{{Ref: enterprise, Term: catalog.ThreeYears, Plan: catalog.Annual, Fraction: "0.1"}},
		},
	}
}
