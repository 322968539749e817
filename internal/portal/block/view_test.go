package block_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"comptoir/internal/portal/block"
)

func view(t *testing.T, address string) block.View {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return block.ParseView(u.Query(), "status", "country")
}

func TestAListLivesInItsAddress(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		change         func(block.View) block.View
	}{
		{"as it is", "/l", "/l", func(v block.View) block.View { return v }},
		{"nonsense is left out", "/l?size=7&page=-3&density=huge&unknown=1", "/l", func(v block.View) block.View { return v }},
		{"search and filters are kept", "/l?q=%C3%A5re+ab&country=SE&status=Allowed&status=InReview", "/l?q=%C3%A5re+ab&country=SE&status=Allowed&status=InReview", func(v block.View) block.View { return v }},
		{"the same filter twice counts once", "/l?status=Allowed&status=Allowed&status=", "/l?status=Allowed", func(v block.View) block.View { return v }},
		{"sort by a column", "/l?after=x&page=3&q=a", "/l?q=a&sort=name", func(v block.View) block.View { return v.Sorted("name") }},
		{"sort again turns the order", "/l?sort=name", "/l?sort=-name", func(v block.View) block.View { return v.Sorted("name") }},
		{"and again turns it back", "/l?sort=-name", "/l?sort=name", func(v block.View) block.View { return v.Sorted("name") }},
		{"next page", "/l?size=25", "/l?size=25&page=2&after=r24", func(v block.View) block.View { return v.Next("r24") }},
		{"previous page", "/l?page=3&after=r49", "/l?page=2&before=r50", func(v block.View) block.View { return v.Previous("r50") }},
		{"last page", "/l?page=3&after=r49&open=r50", "/l?at=last", func(v block.View) block.View { return v.Last() }},
		{"the last page wins over a cursor", "/l?at=last&after=x&page=4", "/l?at=last", func(v block.View) block.View { return v }},
		{"first page", "/l?at=last&sort=-name", "/l?sort=-name", func(v block.View) block.View { return v.First() }},
		{"without a filter", "/l?status=Allowed&country=SE&page=2&after=x", "/l?country=SE", func(v block.View) block.View { return v.Without("status") }},
		{"without search and filters", "/l?q=a&by=domain&status=Allowed&sort=name", "/l?sort=name", func(v block.View) block.View { return v.Cleared() }},
		{"another size begins anew", "/l?page=2&after=x", "/l?size=200", func(v block.View) block.View { return v.Sized(200) }},
		{"the usual size needs no mention", "/l?size=200", "/l", func(v block.View) block.View { return v.Sized(block.DefaultSize) }},
		{"a pane keeps the page", "/l?page=2&after=x", "/l?page=2&after=x&open=7", func(v block.View) block.View { return v.Opened("7") }},
		{"columns from check boxes", "/l?cols=name&cols=domain", "/l?cols=name%2Cdomain", func(v block.View) block.View { return v }},
		{"denser rows", "/l", "/l?density=compact", func(v block.View) block.View { return v.Dense(true) }},
		{"reset keeps what was looked for", "/l?q=a&cols=name&size=25&sort=name&density=compact", "/l?q=a", func(v block.View) block.View { return v.Defaults() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.change(view(t, c.from)).URL("/l"); got != c.to {
				t.Errorf("%s leads to %s, want %s", c.from, got, c.to)
			}
		})
	}
}

func TestAnAddressSaysAllOfAView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := block.View{
			Search: rapid.StringMatching(`[a-zå&=%+?#/]{0,8}`).Draw(t, "search"), By: rapid.SampledFrom([]string{"", "domain"}).Draw(t, "by"),
			Sort: rapid.SampledFrom([]string{"", "name"}).Draw(t, "sort"), Size: rapid.SampledFrom(block.Sizes).Draw(t, "size"), Page: 1,
			Compact: rapid.Bool().Draw(t, "compact"), Open: rapid.SampledFrom([]string{"", "7&8"}).Draw(t, "open"), Filters: url.Values{},
		}
		v.Desc = v.Sort != "" && rapid.Bool().Draw(t, "desc")
		if rapid.Bool().Draw(t, "filtered") {
			v.Filters["status"] = []string{"Not ready", "Allowed"}
		}
		if rapid.Bool().Draw(t, "later") {
			v.Page, v.After = rapid.IntRange(2, 9).Draw(t, "page"), "c/1+2"
		}
		u, err := url.Parse(v.URL("/l?theme=dark"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v, block.ParseView(u.Query(), "status", "country")); diff != "" {
			t.Errorf("%s reads differently:\n%s", u, diff)
		}
		if u.Query().Get("theme") != "dark" {
			t.Errorf("%s lost what the base said", u)
		}
	})
}

func TestNarrowedSaysThatRowsAreHidden(t *testing.T) {
	for address, want := range map[string]bool{"/l?sort=name&size=25": false, "/l?q=a": true, "/l?status=Allowed": true} {
		if got := view(t, address).Narrowed(); got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}
