package block_test

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
)

// list is a table of n customers as the portal shows them.
func list(n int) block.Table {
	t := block.Table{
		ID: "customers", Caption: "Customers", Base: "/customers", View: block.ParseView(url.Values{}), Total: int64(n),
		Search: "Search", Selectable: true, Panes: true, CSRF: "token",
		Filters: []block.Filter{{Key: "status", Label: "Status", Many: true, Options: []block.Option{{Value: "Allowed", Label: "Approved"}, {Value: "InReview", Label: "Under review"}}}},
		Columns: []block.Column{
			{Key: "name", Title: "Company name", Sorts: true, Fixed: true},
			{Key: "domain", Title: "Domain", Sorts: true},
			{Key: "id", Title: "Tenant ID", Hidden: true, Mono: true},
			{Key: "status", Title: "Status"},
			{Key: "tags", Title: "Tags"},
			{Key: "count", Title: "Subscriptions", Number: true},
		},
		Empty: block.EmptyState{Title: "No customers yet"},
	}
	for i := range n {
		t.Rows = append(t.Rows, block.Row{ID: fmt.Sprintf("r%d", i), Name: fmt.Sprintf("Customer %d", i), Cells: []block.Cell{
			{Text: fmt.Sprintf("Customer %d", i), Href: fmt.Sprintf("/customers/r%d", i)},
			{Text: fmt.Sprintf("customer%d.example.com", i)},
			{Text: "5f1c2b1e-7a31-4c0e-9b52-2f64a1c0d7e3"},
			{Badge: block.Badge{Tone: block.Success, Text: "Approved"}},
			{Tags: []string{"VIP"}},
			{Text: "12"},
		}})
	}
	return t
}

func headings(t *testing.T, table block.Table) string {
	t.Helper()
	var keys []string
	for _, th := range find(draw(t, block.DataTable(english, table)), "th[data-col]") {
		keys = append(keys, attr(th, "data-col"))
	}
	return strings.Join(keys, " ")
}

func TestColumnsAreTheReadersChoice(t *testing.T) {
	for chosen, want := range map[string]string{
		"":                   "name domain status tags count",
		"count,name,id":      "count name id",
		"id,id,gone":         "name id",
		"domain":             "name domain",
		"gone":               "name domain status tags count",
		"tags,status,domain": "name tags status domain",
	} {
		table := list(1)
		table.View.Columns = strings.FieldsFunc(chosen, func(r rune) bool { return r == ',' })
		if got := headings(t, table); got != want {
			t.Errorf("columns %q show %q, want %q", chosen, got, want)
		}
	}
}

func TestARowShowsItsCellsInTheOrderOfTheColumns(t *testing.T) {
	table := list(3)
	table.View.Columns = []string{"count", "name"}
	table.View.Open, table.Rows[2].Marked, table.Rows[0].Selected = "r1", true, true
	page := draw(t, block.DataTable(english, table))
	if got := text(find(page, "tbody tr")[1]); got != "12 Customer 1" {
		t.Errorf("the row reads %q", got)
	}
	if got := attr(one(t, page, "#customers-r1"), "aria-current"); got != "true" {
		t.Error("the row of the open pane is not marked")
	}
	if got := attr(one(t, page, "#customers-r2"), "class"); got != "marked" {
		t.Error("the new row is not marked")
	}
	if box := one(t, page, "input[name=id][checked]"); attr(box, "value") != "r0" || attr(box, "aria-label") != "Select Customer 0" {
		t.Errorf("the box of the selected row is %q, %q", attr(box, "value"), attr(box, "aria-label"))
	}
}

func TestWhatCustomersAreCalledCannotBreakThePage(t *testing.T) {
	table := list(1)
	evil := `"><script>alert(1)</script>`
	table.Rows[0] = block.Row{ID: evil, Name: evil, Cells: []block.Cell{{Text: evil, Sub: evil, Href: "javascript:alert(1)"}, {Text: evil}, {}, {Badge: block.Badge{Text: evil}}, {Tags: []string{evil}}}}
	table.Columns[1].Title = evil
	page := draw(t, block.DataTable(english, table))
	if n := len(find(page, "script")); n != 0 {
		t.Errorf("%d scripts came from a name", n)
	}
	if href := attr(one(t, page, "tbody a"), "href"); strings.HasPrefix(href, "javascript:") {
		t.Errorf("a link runs a script: %s", href)
	}
	if got := attr(one(t, page, "tbody input"), "value"); got != evil {
		t.Errorf("the id came out as %q", got)
	}
}

// Rows are written by hand for speed; what they write is what the blocks draw.
func TestBadgesAndTagsInAListAreThoseOfThePage(t *testing.T) {
	for _, b := range []block.Badge{{Tone: block.Success, Text: "A & B"}, {Tone: block.Info, Text: "Under review", Icon: icon.Pending}} {
		table := list(1)
		table.Rows[0].Cells[3].Badge = b
		got, want := one(t, draw(t, block.DataTable(english, table)), "tbody .badge"), one(t, draw(t, block.BadgeOf(b)), ".badge")
		if attr(got, "class") != attr(want, "class") || text(got) != text(want) || attr(one(t, got, "use"), "href") != attr(one(t, want, "use"), "href") {
			t.Errorf("the badge %q is drawn differently", b.Text)
		}
	}
	tag := one(t, draw(t, block.DataTable(english, list(1))), "tbody .tags .tag")
	if want := one(t, draw(t, block.TagOf("VIP")), ".tag"); attr(tag, "class") != attr(want, "class") || text(tag) != "VIP" {
		t.Error("the tag is drawn differently")
	}
}

// The five kinds of emptiness of portal 0.3.
func TestAnEmptyListSaysWhy(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func(*block.Table)
		class string
		title string
	}{
		{"nothing yet", func(*block.Table) {}, "nothing", "No customers yet"},
		{"no match", func(t *block.Table) { t.View.Search = "zzz" }, "nomatch", "No results"},
		{"no right (RF-10)", func(t *block.Table) { t.Empty = block.EmptyState{Kind: block.NoRight, Title: "Access denied"} }, "noright", "Access denied"},
		{"missing role (RF-41)", func(t *block.Table) { t.Empty = block.EmptyState{Kind: block.NoGrant, Title: "A role is missing"} }, "nogrant", "A role is missing"},
		{"load error although filtered", func(t *block.Table) {
			t.View.Search, t.Empty = "zzz", block.EmptyState{Kind: block.LoadError, Title: "Not loaded", Code: "900151", Correlation: "c-1"}
		}, "failed", "Not loaded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := list(0)
			c.make(&table)
			page := draw(t, block.DataTable(english, table))
			if got := text(one(t, page, ".empty."+c.class+" h2")); got != c.title {
				t.Errorf("it says %q, want %q", got, c.title)
			}
			if len(find(page, "table, .pager")) != 0 {
				t.Error("there is a table without rows")
			}
		})
	}
}

func TestThePagerKnowsWhereItIs(t *testing.T) {
	for _, c := range []struct {
		name, query    string
		rows           int
		total          int64
		least          bool
		previous, next string
		span, page     string
		off            string
	}{
		{"first of five", "", 50, 231, false, "", "r49", "1–50 of 231", "Page 1 of 5", "First Previous"},
		{"second", "page=2&after=r49", 50, 231, false, "r50", "r99", "51–100 of 231", "Page 2 of 5", ""},
		{"last", "at=last", 31, 231, false, "r200", "", "201–231 of 231", "Page 5 of 5", "Next Last"},
		{"the only one", "", 3, 3, false, "", "", "1–3 of 3", "Page 1 of 1", "First Previous Next Last"},
		{"more than was counted", "page=2&after=r49", 50, 1000, true, "r50", "r99", "51–100 of 1,000 or more", "Page 2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			q, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			table := list(c.rows)
			table.View, table.Total, table.AtLeast, table.Previous, table.Next = block.ParseView(q), c.total, c.least, c.previous, c.next
			page := draw(t, block.DataTable(english, table))
			if got := text(one(t, page, ".span")); got != c.span {
				t.Errorf("the rows are %q, want %q", got, c.span)
			}
			if got := text(one(t, page, ".pages > span:not(.btn)")); got != c.page {
				t.Errorf("the page is %q, want %q", got, c.page)
			}
			var off []string
			for _, n := range find(page, ".pages [aria-disabled]") {
				off = append(off, attr(n, "aria-label"))
			}
			if got := strings.Join(off, " "); got != c.off {
				t.Errorf("switched off are %q, want %q", got, c.off)
			}
		})
	}
}

func TestAFilterShowsAsAChipThatCanBeTakenAway(t *testing.T) {
	table := list(2)
	table.Base = "/customers?view=all"
	table.View = block.ParseView(url.Values{"status": {"Allowed", "InReview"}, "q": {"aurora"}}, "status")
	page := draw(t, block.DataTable(english, table))
	if got := text(one(t, page, ".chip")); got != "Status: Approved and Under review" {
		t.Errorf("the chip says %q", got)
	}
	if got := attr(one(t, page, ".chip a"), "href"); got != "/customers?view=all&q=aurora" {
		t.Errorf("taking it away leads to %s", got)
	}
	if got := attr(one(t, page, ".search input[name=view]"), "value"); got != "all" {
		t.Error("the search loses what the address of the list carries")
	}
	if len(find(page, ".search input[name=status]")) != 2 {
		t.Error("the search loses the filters")
	}
}

func TestSortedColumnsSaySo(t *testing.T) {
	table := list(2)
	table.View.Sort, table.View.Desc = "name", true
	page := draw(t, block.DataTable(english, table))
	th := one(t, page, "th[aria-sort]")
	if attr(th, "data-col") != "name" || attr(th, "aria-sort") != "descending" {
		t.Errorf("%s is %s", attr(th, "data-col"), attr(th, "aria-sort"))
	}
	if got := attr(one(t, page, "th[data-col=domain] a"), "href"); got != "/customers?sort=domain" {
		t.Errorf("the heading leads to %s", got)
	}
}

func BenchmarkTable(b *testing.B) {
	table := list(50)
	b.ReportAllocs()
	for b.Loop() {
		if err := block.DataTable(english, table).Render(context.Background(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
