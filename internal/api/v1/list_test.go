package v1

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"comptoir/internal/api/v1/wire"
)

// fill adds n customers whose names sort by their number.
func (w *world) fill(as string, n int) {
	w.t.Helper()
	for i := range n {
		w.add(as, newBody(fmt.Sprintf("Bageri nummer %c AB", 'A'+i), fmt.Sprintf("bageri%c", 'a'+i)))
	}
}

type customers = wire.Collection[wire.Customer]

// list reads a list and returns it with the initials of its customers.
func (w *world) list(as, target string, headers ...wire.Header) (customers, string) {
	w.t.Helper()
	r := request{as: as, method: http.MethodGet, target: target, headers: map[string]string{}}
	for _, h := range headers {
		r.headers[h.Key] = h.Value
	}
	var c customers
	w.send(r).want(http.StatusOK).into(&c)
	return c, initials(c)
}

func initials(c customers) string {
	var b strings.Builder
	for _, item := range c.Items {
		b.WriteString(strings.Fields(item.CompanyProfile.CompanyName)[2])
	}
	return b.String()
}

// follow reads the page that a link points to, as a client does: it puts /v1 in
// front and sends the headers of the link (Q1, Q3).
func (w *world) follow(as string, l *wire.Link) (customers, string) {
	w.t.Helper()
	if l == nil {
		w.t.Fatal("no link")
	}
	return w.list(as, "/v1/"+l.URI, l.Headers...)
}

func TestAWholeListComesInOneAnswer(t *testing.T) { // section 5.1, Q22, Q23
	w := newWorld(t)
	w.fill("direct", 5)
	w.fill("stranger", 0)
	for _, target := range []string{"/v1/customers", "/v1/customers?size=0", "/v1/customers?size=", "/v1/customers?SIZE=500"} {
		c, got := w.list("direct-app", target)
		if got != "ABCDE" || c.TotalCount != 5 || c.Links.Next != nil || c.Links.Previous != nil || c.ContinuationToken != "" {
			t.Errorf("%s: %s of %d, links %+v", target, got, c.TotalCount, c.Links)
		}
	}
	c, _ := w.list("direct", "/v1/customers")
	if item := c.Items[0]; item.BillingProfile != nil || item.AllowDelegatedAccess != nil || item.CompanyProfile.Address != nil || item.CommerceID != "" {
		t.Errorf("lists carry the reduced form: %+v", item)
	}
	c, _ = w.list("stranger", "/v1/customers")
	if c.TotalCount != 0 || c.Items == nil {
		t.Errorf("empty list %+v", c)
	}
}

func TestPagesAreWalkedBothWays(t *testing.T) { // section 5.2
	w := newWorld(t)
	w.fill("direct", 5)
	first, got := w.list("direct", "/v1/customers?size=2")
	if got != "AB" || first.TotalCount != 5 || first.Links.Previous != nil {
		t.Fatalf("first page %s of %d, %+v", got, first.TotalCount, first.Links)
	}
	next := first.Links.Next
	if next.URI != "/customers?size=2&seekOperation=Next" || next.Headers[0].Key != "MS-ContinuationToken" || next.Headers[0].Value != first.ContinuationToken {
		t.Errorf("next is %+v, token %q", next, first.ContinuationToken)
	}
	second, got := w.follow("direct", next)
	if got != "CD" || second.TotalCount != 5 {
		t.Errorf("second page %s", got)
	}
	third, got := w.follow("direct", second.Links.Next)
	if got != "E" || third.Links.Next != nil || third.TotalCount != 5 {
		t.Errorf("third page %s, %+v", got, third.Links)
	}
	if _, got = w.follow("direct", third.Links.Previous); got != "CD" {
		t.Errorf("back from the third page: %s", got)
	}
	token := wire.Header{Key: "ms-continuationtoken", Value: second.ContinuationToken}
	for target, want := range map[string]string{
		"/v1/customers?size=2":                                 "E", // a token goes on
		"/v1/customers?size=2&seekOperation=next":              "E",
		"/v1/customers?size=2&seekOperation=0":                 "E",
		"/v1/customers?size=2&seekOperation=Previous":          "AB",
		"/v1/customers?size=2&seekOperation=First":             "AB",
		"/v1/customers?size=2&seekOperation=Last":              "DE",
		"/v1/customers?size=2&seekOperation=page_index&page=1": "CD",
		"/v1/customers?size=2&seekOperation=PageIndex&page=9":  "",
	} {
		if _, got := w.list("direct", target, token); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
	if c, got := w.list("direct", "/v1/customers?size=2&offset=3"); got != "DE" || c.TotalCount != 5 || c.Links.Next != nil {
		t.Errorf("offset 3: %s", got)
	}
	if c, got := w.list("direct", "/v1/customers?size=2&offset=5"); got != "" || c.TotalCount != 5 {
		t.Errorf("offset 5: %q of %d", got, c.TotalCount)
	}
	if c, got := w.list("direct", "/v1/customers?offset=4"); got != "E" || c.TotalCount != 5 {
		t.Errorf("offset 4 without size: %q of %d", got, c.TotalCount)
	}
	if _, got := w.list("direct", "/v1/customers?seekOperation=Next", wire.Header{Key: tokenHeader, Value: first.ContinuationToken}); got != "CDE" {
		t.Errorf("the rest from the first page: %q", got)
	}
}

func TestAWholeListIsCutAtTheOperatorsLimit(t *testing.T) { // clients.md
	w := newWorld(t)
	w.fill("direct", 5)
	w.set(ListLimit, "3")
	c, got := w.list("direct", "/v1/customers")
	if got != "ABC" || c.TotalCount != 5 || c.Links.Next == nil {
		t.Fatalf("%s of %d, %+v", got, c.TotalCount, c.Links)
	}
	if c, got = w.follow("direct", c.Links.Next); got != "DE" || c.TotalCount != 5 || c.Links.Next != nil {
		t.Errorf("the rest %s of %d, %+v", got, c.TotalCount, c.Links)
	}
}

func TestListsAreFiltered(t *testing.T) { // section 5.3, Q20
	w := newWorld(t)
	w.fill("direct", 3)
	w.add("direct", newBody("Konditori nummer X AB", "konditori"))
	w.add("provider", strings.Replace(newBody("Kvarn nummer R AB", "kvarn"), `{"companyProfile"`, `{"associatedPartnerId":"`+string(reseller)+`","companyProfile"`, 1))
	w.add("provider", newBody("Kvarn nummer S AB", "kvarnen"))
	tests := []struct{ name, as, filter, want string }{
		{"name", "direct", `{"Field":"CompanyName","Value":"KONDI","Operator":"starts_with"}`, "X"},
		{"Q20 name of a Java client", "direct", `{"operator":"StartsWith","fieldType":"String","field":"CompanyName","value":"bageri nummer b"}`, "B"},
		{"older name", "direct", `{"Field":"DisplayName","Value":"Bageri","Operator":"starts_with"}`, "ABC"},
		{"domain", "direct", `{"Field":"Domain","Value":"bageric","Operator":"starts_with"}`, "C"},
		{"no match", "direct", `{"Field":"CompanyName","Value":"zzz","Operator":"starts_with"}`, ""},
		{"SQL in the value", "direct", `{"Field":"CompanyName","Value":"%' OR '1'='1","Operator":"starts_with"}`, ""},
		{"reseller", "provider", `{"Field":"IndirectReseller","Value":"` + strings.ToUpper(string(reseller)) + `","Operator":"starts_with"}`, "R"},
		{"reseller and name", "provider", `{"LeftFilter":{"Field":"IndirectReseller","Value":"` + string(reseller) + `","Operator":"starts_with"},"Operator":"and","RightFilter":{"Field":"CompanyName","Value":"Kvarn","Operator":"starts_with"}}`, "R"},
		{"provider", "reseller", `{"Field":"IndirectCloudSolutionProvider","Value":"` + string(provider) + `","Operator":"starts_with"}`, "R"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			for _, size := range []int{0, 2} {
				c, got := w.list(tt.as, fmt.Sprintf("/v1/customers?size=%d&filter=%s", size, url.QueryEscape(tt.filter)))
				want := tt.want
				if size > 0 {
					want = want[:min(size, len(want))]
				}
				if got != want {
					t.Errorf("size %d: %q, want %q", size, got, want)
				}
				if c.TotalCount != int64(len(tt.want)) {
					t.Errorf("size %d: total %d", size, c.TotalCount)
				}
				if self, err := url.Parse(c.Links.Self.URI); err != nil || self.Query().Get("filter") != tt.filter {
					t.Errorf("self link %q", c.Links.Self.URI)
				}
			}
		})
	}
	w.t = t
	page, _ := w.list("direct", "/v1/customers?size=2&filter="+url.QueryEscape(tests[2].filter))
	if _, got := w.follow("direct", page.Links.Next); got != "C" {
		t.Errorf("second page of a filtered list: %q", got)
	}
}

func TestBadListRequestsAreRefused(t *testing.T) {
	w := newWorld(t)
	w.fill("direct", 3)
	page, _ := w.list("direct", "/v1/customers?size=1")
	token := page.ContinuationToken
	filter := func(s string) string { return "/v1/customers?filter=" + url.QueryEscape(s) }
	tests := []struct {
		name, as, target, token string
		status                  int
		code                    string
	}{
		{"size a word", "direct", "/v1/customers?size=many", "", 400, "2000"},
		{"negative size", "direct", "/v1/customers?size=-1", "", 400, "2000"},
		{"huge size", "direct", "/v1/customers?size=99999999999999999999", "", 400, "2000"},
		{"unknown seek", "direct", "/v1/customers?seekOperation=Sideways", "", 400, "2000"},
		{"page a word", "direct", "/v1/customers?size=1&seekOperation=PageIndex&page=x", "", 400, "2000"},
		{"token of nobody", "direct", "/v1/customers?size=1", "abc", 400, "2000"},
		{"token no base64", "direct", "/v1/customers?size=1", "???", 400, "2000"},
		{"token cut off", "direct", "/v1/customers?size=1", token[:len(token)-2], 400, "2000"},
		{"token of another filter", "direct", filter(`{"Field":"CompanyName","Value":"B","Operator":"starts_with"}`), token, 400, "2000"},
		{"filter no JSON", "direct", "/v1/customers?filter=name", "", 400, "2000"},
		{"unknown field", "direct", filter(`{"Field":"Colour","Value":"B","Operator":"starts_with"}`), "", 400, "2000"},
		{"unknown operator", "direct", filter(`{"Field":"CompanyName","Value":"B","Operator":"sounds_like"}`), "", 400, "2000"},
		{"operator of other lists", "direct", filter(`{"Field":"CompanyName","Value":"B","Operator":"substring"}`), "", 400, "2000"},
		{"or", "direct", filter(`{"LeftFilter":{"Field":"CompanyName","Value":"B","Operator":"starts_with"},"Operator":"or","RightFilter":{"Field":"Domain","Value":"B","Operator":"starts_with"}}`), "", 400, "2000"},
		{"name and domain", "direct", filter(`{"LeftFilter":{"Field":"CompanyName","Value":"B","Operator":"starts_with"},"Operator":"and","RightFilter":{"Field":"Domain","Value":"B","Operator":"starts_with"}}`), "", 400, "2000"},
		{"name twice", "direct", filter(`{"LeftFilter":{"Field":"CompanyName","Value":"B","Operator":"starts_with"},"Operator":"and","RightFilter":{"Field":"CompanyName","Value":"B","Operator":"starts_with"}}`), "", 400, "2000"},
		{"reseller no GUID", "provider", filter(`{"Field":"IndirectReseller","Value":"B","Operator":"starts_with"}`), "", 400, "2000"},
		{"reseller for an application alone", "provider-app", filter(`{"Field":"IndirectReseller","Value":"` + string(reseller) + `","Operator":"starts_with"}`), "", 403, "900329"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			w.send(request{as: tt.as, method: http.MethodGet, target: tt.target, headers: map[string]string{tokenHeader: tt.token}}).refused(tt.status, tt.code)
		})
	}
}

// Whatever becomes of a token on its way, it is refused or it is the one that
// was given out.
func TestAlteredTokensAreRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := listing{path: "/customers"}
		previous := rapid.StringMatching(`[A-Za-z0-9_-]{0,20}`).Draw(t, "previous")
		next := rapid.StringMatching(`[A-Za-z0-9_-]{0,20}`).Draw(t, "next")
		token := l.seal(previous, next)
		if p, n, ok := l.open(token); !ok || p != previous || n != next {
			t.Fatalf("%q is opened as %q %q %v", token, p, n, ok)
		}
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, len(raw)-1).Draw(t, "at")
		raw[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "change"))
		if _, _, ok := l.open(base64.RawURLEncoding.EncodeToString(raw)); ok {
			t.Fatalf("altered token is accepted: %q", raw)
		}
		if _, _, ok := (&listing{path: "/users"}).open(token); ok {
			t.Fatal("the token of one list is accepted by another")
		}
	})
}

// A long list is read page by page and written while it is read.
func TestAListOfManyPagesIsWrittenWhileItIsRead(t *testing.T) {
	h := newHouse(t)
	const n = 3*readAtOnce + 17
	asked, exact := 0, 0
	read := func(at ask) (batch[int], error) {
		asked++
		if at.exact {
			exact++
		}
		begin := 0
		if at.cursor != "" {
			if _, err := fmt.Sscan(at.cursor, &begin); err != nil {
				return batch[int]{}, err
			}
		}
		b := batch[int]{total: n}
		for i := begin; i < min(n, begin+at.size); i++ {
			b.items = append(b.items, i)
		}
		if begin+at.size < n {
			b.next = fmt.Sprint(begin + at.size)
		}
		return b, nil
	}
	tests := []struct {
		l            listing
		first, items int
		asked, exact int
		more         bool
	}{
		{listing{}, 0, n, 4, 0, false},
		{listing{size: 10}, 0, 10, 1, 1, true},
		{listing{size: 2500}, 0, 2500, 3, 1, true},
		{listing{size: 10, skip: 2500}, 2500, 10, 4, 1, true},
		{listing{skip: 3000}, 3000, 17, 5, 1, false},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.l.size, tt.l.skip), func(t *testing.T) {
			asked, exact = 0, 0
			path := fmt.Sprintf("/v1/numbers/%d/%d", tt.l.size, tt.l.skip)
			tt.l.path = path
			h.handle(routeFor(path), func(c *call) error { return answerList(c, tt.l, read) })
			var got wire.Collection[int]
			answerTo{h.do("GET", path, nil), t}.want(200).into(&got)
			if len(got.Items) != tt.items || got.Items[0] != tt.first || got.TotalCount != n || (got.Links.Next != nil) != tt.more {
				t.Errorf("%d items from %d, total %d, links %+v", len(got.Items), got.Items[0], got.TotalCount, got.Links)
			}
			if d := cmp.Diff([2]int{tt.asked, tt.exact}, [2]int{asked, exact}); d != "" {
				t.Errorf("reads, exact totals: %s", d)
			}
		})
	}
}
