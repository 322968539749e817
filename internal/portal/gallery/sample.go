package gallery

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"comptoir/internal/place"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
)

// customer is a made-up customer. Names are invented; the domains are reserved ones.
type customer struct {
	id, name, domain, country string
	relation, status          string
	tags                      []string
	subscriptions             int64
	created                   time.Time
}

// moment is "now" in the gallery, so that pictures of it do not change from day to day.
var moment = time.Date(2026, time.March, 17, 9, 42, 0, 0, time.UTC)

var (
	firstWords  = []string{"Aurora", "Brasserie", "Cèdre", "Drottning", "Étoile", "Fjällräven", "Garonne", "Hallonet", "Île Verte", "Jönköping", "Kerguelen", "Lumière", "Mälaren", "Norrsken", "Océan"}
	secondWords = []string{"Logistik", "Conseil", "Bygg", "Pharmacie", "Systems", "Textile", "Energi", "Boulangerie", "Marin", "Optique", "Redovisning", "Transports"}
	forms       = []string{"AB", "SAS", "Ltd", "SARL"}
	statuses    = []string{"Allowed", "Allowed", "Allowed", "InReview", "Allowed", "NotAllowed", "Allowed", "Unknown"}
	relations   = []string{"reseller", "reseller", "advisor", "indirect"}
	tagWords    = []string{"VIP", "Renewal Q2", "Public sector", "Retail"}
)

// customers are all customers of the sample, by name.
var customers = makeCustomers(231)

func makeCustomers(n int) []customer {
	list := make([]customer, 0, n)
	for i := range n {
		name := firstWords[i%15] + " " + secondWords[(i*7)%12] + " " + forms[i%4]
		if round := i / 60; round > 0 {
			name += fmt.Sprintf(" %d", round+1)
		}
		c := customer{
			id: fmt.Sprintf("%08x-7a31-4c0e-9b52-%012x", 0x3fa81c20+i*0x1f3d5b7, i*0x5bd1e995+0x1000), name: name,
			domain:  fmt.Sprintf("%s%d.example.com", plainLetters(firstWords[i%15]), i+1),
			country: []string{"SE", "FR", "GB", "NO", "BE"}[i%5], relation: relations[i%4], status: statuses[i%8],
			subscriptions: int64(i*i%17) + 1, created: moment.AddDate(0, 0, -i*3),
		}
		if i%3 == 0 {
			c.tags = append(c.tags, tagWords[i%4])
		}
		if i%7 == 0 {
			c.tags = append(c.tags, tagWords[(i+1)%4])
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b customer) int { return strings.Compare(a.name, b.name) })
	return list
}

func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

var sampleFilters = []string{"status", "relation", "country", "since"}

// page answers a list as a feature would: narrowed, sorted and cut by a cursor,
// which here is the id of a row.
func page(v block.View) (rows []customer, total int64, previous, next string) {
	var found []customer
	for _, c := range customers {
		if matches(c, v) {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b customer) int {
		var order int
		switch v.Sort {
		case "domain":
			order = strings.Compare(a.domain, b.domain)
		case "created":
			order = a.created.Compare(b.created)
		case "subscriptions":
			order = cmp.Compare(a.subscriptions, b.subscriptions)
		default:
			order = strings.Compare(a.name, b.name)
		}
		if v.Desc {
			order = -order
		}
		return order
	})
	at := func(id string) int { return slices.IndexFunc(found, func(c customer) bool { return c.id == id }) }
	from := 0
	switch {
	case v.AtLast:
		from = max(len(found)-1, 0) / v.Size * v.Size
	case v.After != "":
		from = at(v.After) + 1
	case v.Before != "":
		from = max(at(v.Before)-v.Size, 0)
	}
	to := min(from+v.Size, len(found))
	rows = found[from:to]
	if from > 0 && len(rows) > 0 {
		previous = rows[0].id
	}
	if to < len(found) {
		next = rows[len(rows)-1].id
	}
	return rows, int64(len(found)), previous, next
}

func matches(c customer, v block.View) bool {
	q := strings.ToLower(v.Search)
	text := strings.ToLower(c.name + " " + c.domain + " " + c.id)
	if v.By == "domain" {
		text = c.domain
	}
	for key, values := range v.Filters {
		have := map[string]string{"status": c.status, "relation": c.relation, "country": c.country, "since": c.created.Format(time.DateOnly)}[key]
		if key == "since" && have < values[0] || key != "since" && !slices.Contains(values, have) {
			return false
		}
	}
	return strings.Contains(text, q)
}

// status is the badge of an account status.
func (v *visit) status(s string) block.Badge {
	switch s {
	case "Allowed":
		return block.Badge{Tone: block.Success, Text: v.T("gallery.status.approved")}
	case "InReview":
		return block.Badge{Tone: block.Info, Text: v.T("gallery.status.review"), Icon: icon.Pending}
	case "NotAllowed":
		return block.Badge{Tone: block.Danger, Text: v.T("gallery.status.rejected")}
	}
	return block.Badge{Tone: block.Neutral, Text: v.T("common.unknown")}
}

func (v *visit) relation(s string) string {
	switch s {
	case "advisor":
		return v.T("gallery.relation.advisor")
	case "indirect":
		return v.T("gallery.relation.indirect")
	}
	return v.T("gallery.relation.reseller")
}

// country is the name of a country in the reader's language.
func (v *visit) country(code string) string {
	if c, ok := place.World().Country(code); ok {
		return c.Name(v.Tag())
	}
	return code
}

// customerTable is the list of customers as the page of that name has it.
func (v *visit) customerTable(view block.View) block.Table {
	found, total, previous, next := page(view)
	t := block.Table{
		ID: "customers", Caption: v.T("gallery.word.customers"), Base: v.at("/list"), View: view, Total: total, Previous: previous, Next: next,
		Search:   v.T("gallery.list.search"),
		SearchBy: []block.Option{{Value: "", Label: v.T("gallery.list.by_all")}, {Value: "domain", Label: v.T("gallery.column.domain")}},
		Filters: []block.Filter{
			{Key: "status", Label: v.T("gallery.column.status"), Many: true, Options: []block.Option{
				{Value: "Allowed", Label: v.T("gallery.status.approved")},
				{Value: "InReview", Label: v.T("gallery.status.review")},
				{Value: "NotAllowed", Label: v.T("gallery.status.rejected")},
			}},
			{Key: "relation", Label: v.T("gallery.column.relation"), Options: []block.Option{
				{Value: "reseller", Label: v.relation("reseller")}, {Value: "advisor", Label: v.relation("advisor")}, {Value: "indirect", Label: v.relation("indirect")},
			}},
			{Key: "country", Label: v.T("gallery.word.country_region"), Options: []block.Option{
				{Value: "BE", Label: v.country("BE")}, {Value: "FR", Label: v.country("FR")}, {Value: "SE", Label: v.country("SE")},
			}},
			{Key: "since", Label: v.T("gallery.column.created"), Type: "date"},
		},
		Columns: []block.Column{
			{Key: "name", Title: v.T("gallery.column.name"), Sorts: true, Fixed: true},
			{Key: "domain", Title: v.T("gallery.column.domain"), Sorts: true},
			{Key: "id", Title: v.T("gallery.column.id"), Mono: true, Hidden: true},
			{Key: "relation", Title: v.T("gallery.column.relation"), Nowrap: true},
			{Key: "status", Title: v.T("gallery.column.status"), Nowrap: true},
			{Key: "tags", Title: v.T("gallery.word.tags")},
			{Key: "subscriptions", Title: v.T("gallery.word.subscriptions"), Sorts: true, Number: true},
			{Key: "country", Title: v.T("gallery.word.country_region"), Hidden: true},
			{Key: "created", Title: v.T("gallery.column.created"), Sorts: true, Nowrap: true},
		},
		Selectable: true, Panes: true, CSRF: "gallery",
	}
	for i, c := range found {
		t.Rows = append(t.Rows, block.Row{
			ID: c.id, Name: c.name, Marked: i == 2 && view.Page == 1 && !view.Narrowed() && view.Sort == "",
			Cells: []block.Cell{
				{Text: c.name, Href: v.at("/record")},
				{Text: c.domain},
				{Text: c.id},
				{Text: v.relation(c.relation)},
				{Badge: v.status(c.status)},
				{Tags: c.tags},
				{Text: v.Number(c.subscriptions)},
				{Text: v.country(c.country)},
				{Text: v.Date(c.created)},
			},
		})
	}
	return t
}
