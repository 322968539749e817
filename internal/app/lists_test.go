package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Whatever somebody searches, filters or pages by, he finds what is his own: the
// words that find a customer of one partner find nothing for another, and a page
// of one is no page of another's list.
func TestNobodyFindsWhatIsNotHis(t *testing.T) {
	h := theHouse(t)
	for _, victim := range h.partnersOnly() {
		secret := h.victim(t, victim)
		for _, find := range secret.restSearches() {
			if got := h.ask(t, h.actor(victim.key+" admin-agent"), find); got.status != http.StatusOK || !strings.Contains(got.body, secret.name) {
				t.Errorf("%s as %s himself: %d %.300s", find, victim.key, got.status, got.body)
			}
		}
		for _, path := range secret.pageSearches() {
			got := h.browse(t, h.actor(victim.key+" admin-agent"), http.MethodGet, path, nil, nil)
			if got.status != http.StatusOK || !strings.Contains(got.body, secret.name) {
				t.Errorf("%s as %s himself: %d", path, victim.key, got.status)
			}
		}
		for _, a := range h.searchers() {
			if a.org != victim {
				h.searchAs(t, a, secret)
			}
		}
	}
}

// searchers are who has most rights in each organisation, who has none, and what
// has no person.
func (h *house) searchers() []*actor {
	return slices.DeleteFunc(slices.Clone(h.actors[1:]), func(a *actor) bool {
		most := a.org.actors[0]
		return a != most && a.roles != 0 && !a.alone
	})
}

func (h *house) partnersOnly() (all []*org) {
	for _, o := range h.orgs {
		if o.kind == policy.Partner {
			all = append(all, o)
		}
	}
	return all
}

// searchAs searches for what is somebody else's. What it tells is held against
// the secrets with every answer.
func (h *house) searchAs(t *testing.T, a *actor, s found) {
	t.Helper()
	allowed := h.refusal(a, "customer.list", false) == nil
	for _, find := range append(s.restSearches(), s.narrowed()...) {
		got := h.ask(t, a, find)
		withUser := a.alone && got.code() == refusal.AppOnly.Code // section 5.3: that filter is for users
		if strings.HasPrefix(find.path, "/v1/customers") && allowed != (got.status == http.StatusOK) && !withUser {
			t.Errorf("%s as %s: %d", find, a, got.status)
		}
	}
	for _, find := range s.turnings() {
		if got := h.ask(t, a, find); got.status != http.StatusOK && got.status != http.StatusBadRequest && got.status != http.StatusForbidden {
			t.Errorf("%s as %s: %d", find, a, got.status)
		}
	}
	if a.alone {
		return
	}
	for _, path := range append(s.pageSearches(), s.pageTurnings()...) {
		h.browse(t, a, http.MethodGet, path, nil, nil)
	}
}

// found is what is known about a customer of a victim by whom others search for
// it, and the places in the victim's lists.
type found struct {
	name, prefix, domain, id string
	partner                  string
	// pages are continuation tokens by the list that they belong to.
	pages  map[string]string
	cursor string
}

func (h *house) victim(t *testing.T, o *org) found {
	t.Helper()
	c, err := do(h, customer.GetBilling, o.system(), customer.Ref{ID: o.customers[0]})
	if err != nil {
		t.Fatal(err)
	}
	s := found{
		name: c.Billing.CompanyName, prefix: shortened(c.Billing.CompanyName, 4), domain: shortened(c.Domain, 18),
		id: string(c.ID), partner: string(o.tenant), pages: map[string]string{},
	}
	for _, list := range []string{"/v1/customers", "/v1/auditrecords"} {
		got := h.ask(t, h.actor(o.key+" admin-agent"), call{method: http.MethodGet, path: list + "?size=1"})
		var page struct {
			ContinuationToken string `json:"continuationToken"`
		}
		if err := json.Unmarshal([]byte(got.body), &page); err != nil {
			t.Fatalf("%s of %s: %v in %s", list, o.key, err, got.body)
		}
		if page.ContinuationToken == "" && o.types&policy.Sellers != 0 {
			t.Fatalf("%s of %s has no second page: %s", list, o.key, got.body)
		}
		s.pages[list] = page.ContinuationToken
	}
	page, err := do(h, customer.List, o.system(), customer.Query{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.cursor = page.Next
	return s
}

// shortened returns s without its last n letters.
func shortened(s string, n int) string {
	letters := []rune(s)
	return string(letters[:len(letters)-n])
}

func filtered(path, field, operator, value string) call {
	filter, err := json.Marshal(map[string]string{"Field": field, "Operator": operator, "Value": value})
	if err != nil {
		panic(err)
	}
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return call{method: http.MethodGet, path: path + separator + "filter=" + url.QueryEscape(string(filter))}
}

// restSearches find the customer for whom it belongs to.
func (s found) restSearches() []call {
	return []call{
		filtered("/v1/customers?size=500", "CompanyName", "starts_with", s.prefix),
		filtered("/v1/customers?size=500", "Domain", "starts_with", s.domain),
		filtered("/v1/customers", "CompanyName", "starts_with", s.prefix),
	}
}

// narrowed are lists narrowed to what concerns the victim.
func (s found) narrowed() []call {
	return []call{
		filtered("/v1/customers?size=500", "IndirectReseller", "starts_with", s.partner),
		filtered("/v1/customers?size=500", "IndirectCloudSolutionProvider", "starts_with", s.partner),
		filtered("/v1/auditrecords", "CustomerId", "equals", s.id),
		filtered("/v1/auditrecords", "CompanyName", "substring", s.prefix),
		filtered("/auditactivity/v1/auditrecords", "ResourceType", "equals", "Customer"),
		filtered("/v1/relationships?relationship_type=is_indirect_reseller_of", "Name", "starts_with", "Mol"),
		{method: http.MethodGet, path: "/v1/customers?size=500&offset=1"},
		{method: http.MethodGet, path: "/v1/customers?size=2&seekOperation=Last"},
		{method: http.MethodGet, path: "/v1/customers?size=3&seekOperation=PageIndex&page=1"},
	}
}

// turnings go on from a page of the victim.
func (s found) turnings() (all []call) {
	for list, token := range s.pages {
		for _, seek := range []string{"Next", "Previous", "First", "Last"} {
			all = append(all, call{
				method: http.MethodGet, path: list + "?size=1&seekOperation=" + seek, header: map[string]string{"MS-ContinuationToken": token},
			})
		}
	}
	return all
}

// pageSearches find the customer for whom it belongs to.
func (s found) pageSearches() []string {
	return []string{
		"/search?" + url.Values{"q": {s.prefix}}.Encode(),
		"/customers?" + url.Values{"q": {s.prefix}}.Encode(),
		"/customers?" + url.Values{"q": {s.prefix}, "by": {"name"}}.Encode(),
		"/customers?" + url.Values{"q": {s.domain}, "by": {"domain"}}.Encode(),
		"/customers?" + url.Values{"q": {s.id[:30]}}.Encode(),
	}
}

// pageTurnings go on from a page of the victim, or are narrowed to it.
func (s found) pageTurnings() []string {
	return []string{
		"/customers?" + url.Values{"after": {s.cursor}, "page": {"2"}}.Encode(),
		"/customers?" + url.Values{"before": {s.cursor}}.Encode(),
		"/customers?" + url.Values{"reseller": {s.partner}, "size": {"200"}}.Encode(),
		"/customers?" + url.Values{"provider": {s.partner}, "size": {"200"}}.Encode(),
		"/customers?" + url.Values{"status": {"NotAllowed"}, "country": {"FR"}, "at": {"last"}}.Encode(),
		"/operator/verifications?" + url.Values{"after": {"0~" + s.id}}.Encode(),
	}
}
