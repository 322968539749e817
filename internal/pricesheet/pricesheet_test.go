package pricesheet_test

import (
	"fmt"
	"strings"
	"testing"

	"comptoir/internal/catalog"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/pricesheet"
)

const header = "ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency," +
	"UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment\n"

const good = "Fjord Mail,CFQ7TTC0MAIL,0001,Fjord Mail Basic,Fjordsoft,Mail,Licenses,P1Y,Monthly,SE,EUR,4.00,,,11/1/2026 12:00:00 AM,12/31/9999 11:59:59 PM,,5.00,Commercial\n"

// A published list is read as it is: its dates, its names for terms and segments, and
// an end that is none.
func TestAPublishedListIsRead(t *testing.T) {
	perpetual := strings.NewReplacer("P1Y", "NoTerm", "Monthly", "OneTime", "Commercial", "Charity", "0001", "0002").Replace(good)
	s, err := pricesheet.Read(strings.NewReader("\ufeff" + header + good + perpetual + good))
	if err != nil || len(s.Bad) != 0 || len(s.List) != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	l := s.List[0]
	if l.Title != "Fjord Mail" || l.SKUTitle != "Fjord Mail Basic" || l.Publisher != "Fjordsoft" || l.Unit != "Licenses" {
		t.Errorf("%+v", l)
	}
	p := l.Price
	if p.Unit.String() != "4.00 EUR" || p.Retail.String() != "5.00 EUR" || !p.EndsAt.IsZero() || p.StartsAt.Format("2006-01-02") != "2026-11-01" || p.Term != catalog.OneYear {
		t.Errorf("%+v", p)
	}
	if p := s.List[1].Price; p.Segment != catalog.Nonprofit || p.Term != catalog.NoTerm || p.Plan != catalog.OneTime {
		t.Errorf("%+v", p)
	}
}

// Every row that is no price is said with its line, its column and what to do.
func TestBadRowsAreSaid(t *testing.T) {
	for _, c := range []struct{ old, new, column, says string }{
		{"4.00", `"4,00"`, "UnitPrice", "point"},
		{"4.00", "", "UnitPrice", "point"},
		{"4.00", "-4.00", "UnitPrice", "-4.00"},
		{"EUR", "EURO", "Currency", "EURO"},
		{"SE", "XX", "Market", "XX"},
		{"P1Y", "P2Y", "TermDuration", "P2Y"},
		{"P1Y", "P1M", "", ""},
		{"Monthly", "Weekly", "BillingPlan", "Weekly"},
		{"Monthly", "Triennial", "BillingPlan", "Triennial"},
		{"Commercial", "Rich", "Segment", "Rich"},
		{"CFQ7TTC0MAIL", "MAIL", "ProductId", "MAIL"},
		{"11/1/2026 12:00:00 AM", "yesterday", "EffectiveStartDate", "yesterday"},
		{"12/31/9999 11:59:59 PM", "10/1/2026", "EffectiveEndDate", "2026-10-01"},
		{",,,11/1", ",5,2,11/1", "PricingTierRangeMax", "2"},
	} {
		row := strings.Replace(good, c.old, c.new, 1)
		s, err := pricesheet.Read(strings.NewReader(header + row))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, bad := range s.Bad {
			for _, f := range bad.Faults {
				got += fmt.Sprintf("%d %s: %s", bad.Line, f.Field, lang.For("en").Fault(f))
			}
		}
		if c.column == "" {
			if got != "" {
				t.Errorf("%s for %s: %s", c.new, c.old, got)
			}
			continue
		}
		if !strings.HasPrefix(got, "2 "+c.column+": ") || !strings.Contains(got, c.says) {
			t.Errorf("%s for %s: %q", c.new, c.old, got)
		}
	}
}

// The same price twice is one; two prices for the same are none.
func TestAPriceIsGivenOnce(t *testing.T) {
	s, err := pricesheet.Read(strings.NewReader(header + good + strings.Replace(good, "4.00", "4.50", 1)))
	if err != nil || len(s.List) != 1 || len(s.Bad) != 1 || s.Bad[0].Line != 3 || s.Bad[0].Faults[0].Key != pricesheet.ErrTwice.Key {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestAListWithoutAColumnIsRefused(t *testing.T) {
	_, err := pricesheet.Read(strings.NewReader(strings.Replace(header, "UnitPrice", "Price", 1) + good))
	all := fault.All(err)
	if len(all) != 1 || all[0].Key != pricesheet.ErrColumn.Key || !strings.Contains(lang.For("en").Fault(all[0]), "UnitPrice") {
		t.Errorf("%v", err)
	}
}
