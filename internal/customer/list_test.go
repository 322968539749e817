package customer_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// names of the customers of the list tests: few words in many mixtures, so that
// searches find several and orders have ties.
var listNames = []string{
	"Nord Glas AB", "Nordisk Bygg AB", "Glas & Nord Handel AB", "Östgöta Nordan HB", "S.A. Nordique", "Société Nord-Est SARL",
	"Bygg Nord AB", "Lund Bygg AB", "Ångström Kontor AB", "Zeta Nordkust AB", "nord glas aktiebolag", "株式会社ノルド", "\"Nord\" Invest AB",
	"Alfa Handel AB", "Beta Handel AB", "Gamma Glas Handel AB", "Handel i Norden AB", "Nordic Nord Nordan AB", "Bygghandel AB", "Œuvre Nord SAS",
}

// fill adds customers of several countries, statuses and tags, some of them for
// the reseller, and returns them as the supplier lists them.
func (w *world) fill() []customer.Item {
	w.t.Helper()
	places := []struct{ country, culture, postalCode string }{{"SE", "sv-SE", "222 21"}, {"FR", "fr-FR", "75007"}, {"DE", "de-DE", "60311"}}
	for i, name := range listNames {
		in := called(name)
		in.Domain = fmt.Sprintf("%c%s", 'a'+byte(i*7%26), in.Domain)[:min(27, 1+len(in.Domain))]
		p := places[i%len(places)]
		in.Billing.Address.Country, in.Billing.Culture, in.Billing.Address.PostalCode = p.country, p.culture, p.postalCode
		in.Billing.Email = fmt.Sprintf("maja@firm%d.example", i)
		in.Distinct = true
		if i%4 == 0 {
			in.Reseller = string(w.reseller.Tenant)
		}
		if i%3 == 0 {
			in.Tags = []string{"Gold", fmt.Sprint("group ", i%2)}
		}
		added := w.add(w.supplier(), in)
		if i%5 == 0 {
			w.decide(added.Customer, verification.Approve)
		}
	}
	var all []customer.Item
	err := customer.Each(w.t.Context(), w.k, w.supplier(), customer.Filter{}, func(i customer.Item) error {
		all = append(all, i)
		return nil
	})
	if err != nil || len(all) != len(listNames) {
		w.t.Fatalf("%d customers are listed: %v", len(all), err)
	}
	return all
}

// passes is what a filter means, said once more and slowly.
func passes(f customer.Filter, i customer.Item) bool {
	for _, c := range []struct {
		filter string
		value  string
	}{{string(f.Kind), string(i.Kind)}, {string(f.Status), string(i.Status)}, {f.Country, i.Country}, {string(f.Reseller), string(i.Reseller)}} {
		if c.filter != "" && c.filter != c.value {
			return false
		}
	}
	if f.Tag != "" && !slices.ContainsFunc(i.Tags, func(t string) bool { return naming.Key(t) == naming.Key(f.Tag) }) {
		return false
	}
	return strings.HasPrefix(naming.Key(i.Name), naming.Key(f.NamePrefix)) && strings.HasPrefix(i.Domain, strings.ToLower(f.DomainPrefix)) &&
		found(f.Search, i)
}

func found(typed string, i customer.Item) bool {
	if typed == "" {
		return true
	}
	var words []string
	for _, name := range []string{i.Name, i.OriginalName} {
		words = append(words, strings.FieldsFunc(strings.NewReplacer(".", "", "'", "").Replace(naming.Key(name)), func(r rune) bool {
			return strings.ContainsRune(" &-\"", r)
		})...)
	}
	words = append(words, i.Domain)
	for _, part := range strings.Fields(naming.Key(typed)) {
		if !slices.ContainsFunc(words, func(w string) bool {
			return strings.HasPrefix(w, part) || part > "ぁ" && strings.Contains(w, part) // Japanese knows no blanks
		}) {
			return false
		}
	}
	return true
}

// orderOf is what an order means.
func orderOf(s customer.Sort) func(a, b customer.Item) int {
	key := func(i customer.Item) string {
		switch s {
		case customer.ByDomain:
			return i.Domain
		case customer.ByID:
			return string(i.ID)
		case customer.ByKind:
			return string(i.Kind)
		case customer.ByStatus:
			return string(i.Status)
		case customer.ByCountry:
			return i.Country
		case customer.ByCreated:
			return ""
		}
		return naming.Key(i.Name)
	}
	return func(a, b customer.Item) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a.Number, b.Number))
	}
}

func queries(w *world) *rapid.Generator[customer.Query] {
	return rapid.Custom(func(t *rapid.T) customer.Query {
		q := customer.Query{
			Sort:       customer.Sort(rapid.IntRange(int(customer.BestMatch), int(customer.ByCreated)).Draw(t, "sort")),
			Descending: rapid.Bool().Draw(t, "descending"), Size: rapid.IntRange(1, 8).Draw(t, "size"), Exact: rapid.Bool().Draw(t, "exact"),
		}
		f := &q.Filter
		f.Kind = rapid.SampledFrom([]relationship.Kind{"", "", relationship.Reseller, relationship.Advisor}).Draw(t, "kind")
		f.Status = rapid.SampledFrom([]verification.Status{"", "", verification.UnderReview, verification.Allowed}).Draw(t, "status")
		f.Country = rapid.SampledFrom([]string{"", "", "SE", "FR"}).Draw(t, "country")
		f.Tag = rapid.SampledFrom([]string{"", "", "GOLD", "group 0"}).Draw(t, "tag")
		if rapid.IntRange(0, 3).Draw(t, "reseller") == 0 {
			f.Reseller = w.reseller.Tenant
		}
		switch rapid.IntRange(0, 4).Draw(t, "text") {
		case 0:
			f.Search = rapid.SampledFrom([]string{"nord", "n", "glas", "hand nord", "ノル", "sa", "oeuvre", "est", "bygg ab", "zz", "NORDAN"}).Draw(t, "search")
		case 1:
			f.NamePrefix, q.Sort = rapid.SampledFrom([]string{"Nord", "n", "ång", "zz"}).Draw(t, "prefix"), customer.ByName
		case 2:
			f.DomainPrefix, q.Sort = rapid.SampledFrom([]string{"a", "nord", "H", "zz"}).Draw(t, "prefix"), customer.ByDomain
		}
		return q
	})
}

func TestEveryListIsWhatItsFilterAndItsOrderSay(t *testing.T) { // C35, A2: all sorts and filters, both directions
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		all := w.fill()
		rapid.Check(t, func(t *rapid.T) {
			q := queries(w).Draw(t, "query")
			var want []customer.Item
			for _, i := range all {
				if passes(q.Filter, i) {
					want = append(want, i)
				}
			}
			searching := q.Filter.Search != "" && q.Sort == customer.BestMatch
			slices.SortStableFunc(want, orderOf(q.Sort))
			if q.Descending && !searching {
				slices.Reverse(want)
			}
			forward := w.read(t, q, int64(len(want)))
			q.Backward = true
			backward := w.read(t, q, int64(len(want)))
			if got := ids(backward); !slices.Equal(got, ids(forward)) {
				t.Fatalf("backward %v\nforward  %v", got, ids(forward))
			}
			if searching { // closeness has its own test; here only that everything is found, once
				slices.SortFunc(forward, orderOf(customer.ByCreated))
				slices.SortFunc(want, orderOf(customer.ByCreated))
			}
			if got := ids(forward); !slices.Equal(got, ids(want)) {
				t.Fatalf("got  %v\nwant %v", got, ids(want))
			}
		})
	})
}

// read pages through a list in the direction of q and checks what each page
// says about itself.
func (w *world) read(t *rapid.T, q customer.Query, total int64) (all []customer.Item) {
	for pages := 0; ; pages++ {
		if pages > len(listNames)+1 {
			t.Fatal("the list does not end")
		}
		page, err := customer.List.Do(w.t.Context(), w.k, w.supplier(), q)
		if err != nil {
			t.Fatal(err)
		}
		if page.Total != total && (!page.AtLeast || page.Total > total || q.Exact) {
			t.Fatalf("total %d (at least %v), want %d", page.Total, page.AtLeast, total)
		}
		if len(page.Items) > q.Size {
			t.Fatalf("%d customers on a page of %d", len(page.Items), q.Size)
		}
		next := page.Next
		if q.Backward {
			all, next = append(slices.Clone(page.Items), all...), page.Previous
		} else {
			all = append(all, page.Items...)
		}
		if next == "" {
			return all
		}
		q.Cursor = next
	}
}

func ids(all []customer.Item) []string {
	names := make([]string, len(all))
	for n, i := range all {
		names[n] = fmt.Sprintf("%d %s", i.Number, i.Name)
	}
	return names
}

func TestTheCursorOfAPageLeadsBackToIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.fill()
		list := func(q customer.Query) customer.Page {
			t.Helper()
			page, err := customer.List.Do(t.Context(), w.k, w.supplier(), q)
			if err != nil {
				t.Fatal(err)
			}
			return page
		}
		for _, filter := range []customer.Filter{{}, {Country: "SE"}, {Search: "nord"}} {
			first := list(customer.Query{Filter: filter, Size: 3})
			second := list(customer.Query{Filter: filter, Size: 3, Cursor: first.Next})
			again := list(customer.Query{Filter: filter, Size: 3, Cursor: second.Previous, Backward: true})
			if first.Previous != "" || !slices.Equal(ids(again.Items), ids(first.Items)) || again.Next == "" || again.Previous != "" {
				t.Errorf("%+v: first %v, back again %v", filter, ids(first.Items), ids(again.Items))
			}
		}
		for _, cursor := range []string{"?", "AAAA", "AQEAAAAAAAAAAAFu"} {
			_, err := customer.List.Do(t.Context(), w.k, w.supplier(), customer.Query{Sort: customer.ByCountry, Size: 3, Cursor: cursor})
			if got := codes(err); got[0] != refusal.Argument.Code+" refusal.argument cursor" {
				t.Errorf("cursor %q: %v", cursor, got)
			}
		}
		both := customer.Filter{Search: "nord", NamePrefix: "n"}
		if _, err := customer.List.Do(t.Context(), w.k, w.supplier(), customer.Query{Filter: both}); codes(err)[0] != "2000 refusal.argument filter" {
			t.Errorf("search and prefix: %v", err)
		}
	})
}

func TestASearchFindsTheClosestFirst(t *testing.T) { // C35, P-2: name, domain, tenant id
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		all := w.fill()
		search := func(typed string) (names []string) {
			t.Helper()
			page, err := customer.List.Do(t.Context(), w.k, w.supplier(), customer.Query{Filter: customer.Filter{Search: typed}, Size: 50})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range page.Items {
				names = append(names, i.Name)
			}
			return names
		}
		want := []string{"nord glas aktiebolag", "Nord Glas AB", "\"Nord\" Invest AB", "Bygg Nord AB", "Glas & Nord Handel AB", "Société Nord-Est SARL", "Œuvre Nord SAS"}
		got := search("NORD")
		if !slices.Equal(got[:2], []string{"Nord Glas AB", "nord glas aktiebolag"}) {
			t.Errorf("names that begin with the word come after %v", got)
		}
		for _, name := range want {
			if !slices.Contains(got, name) {
				t.Errorf("%s is not found", name)
			}
		}
		one := all[3]
		for _, typed := range []string{string(one.ID), one.Domain, strings.ToUpper(one.Domain[:12]), string(one.ID)[20:]} {
			found := slices.Contains(search(typed), one.Name)
			if wanted := typed != string(one.ID)[20:]; found != wanted {
				t.Errorf("%s found by %q: %v", one.Name, typed, found)
			}
		}
		if got := search("&&"); len(got) != 0 {
			t.Errorf("a search without words finds %v", got)
		}
	})
}

func TestAResellerListsItsOwnRelations(t *testing.T) { // A5, C8, 9.2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		all := w.fill()
		var theirs int64
		for _, i := range all {
			if i.Reseller != "" {
				theirs++
			}
		}
		for _, f := range []customer.Filter{{}, {Provider: w.provider.Tenant}, {Kind: relationship.IndirectReseller}} {
			page, err := customer.List.Do(t.Context(), w.k, w.through(), customer.Query{Filter: f, Size: 50})
			if err != nil || page.Total != theirs || int64(len(page.Items)) != theirs || page.AtLeast {
				t.Errorf("%+v: %d of %d customers: %v", f, len(page.Items), page.Total, err)
			}
		}
		if page, err := customer.List.Do(t.Context(), w.k, w.seller(), customer.Query{Size: 50}); err != nil || page.Total != 0 || len(page.Items) != 0 {
			t.Errorf("another partner sees %v: %v", page.Items, err)
		}
	})
}

func TestTagsAreSetCountedAndFiltered(t *testing.T) { // b8, C5
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery())
		set := func(tags ...string) {
			t.Helper()
			if _, err := customer.SetTags.Do(t.Context(), w.k, w.seller(), customer.Tagging{ID: added.Customer.ID, Tags: tags}); err != nil {
				t.Fatal(err)
			}
		}
		set("Retail", "North")
		set("North", "VIP", "vip")
		other := w.add(w.seller(), called("Konditori Solrosen AB"))
		tags, err := customer.TagsOf.Do(t.Context(), w.k, w.seller(), customer.Selection{IDs: []id.Tenant{added.Customer.ID, other.Customer.ID, "00000000-0000-0000-0000-000000000001"}})
		if want := []customer.TagCount{{Tag: "North", Count: 1}, {Tag: "VIP", Count: 1}}; err != nil || !slices.Equal(tags, want) {
			t.Errorf("tags %v, %v; want %v", tags, err, want)
		}
		many := make([]string, customer.MaxTags+1)
		for i := range many {
			many[i] = fmt.Sprint("tag ", i)
		}
		_, err = customer.SetTags.Do(t.Context(), w.k, w.seller(), customer.Tagging{ID: added.Customer.ID, Tags: many})
		if got := codes(err); got[0] != "27002 customer.tags.many tags" {
			t.Errorf("%d tags: %v", len(many), got)
		}
	})
}

func TestAnExportIsTheWholeListAndIsRecorded(t *testing.T) { // b2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.fill()
		n := 0
		err := customer.Export(t.Context(), w.k, w.supplier(), func(customer.Item) error { n++; return nil })
		if err != nil || n != len(listNames) {
			t.Errorf("%d customers exported: %v", n, err)
		}
		if log := w.lines(logOf, w.provider.Tenant); !slices.Contains(log, "export_data") {
			t.Errorf("log %v", log)
		}
	})
}
