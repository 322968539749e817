package portal

import (
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// found is what the search of the header shows: pages and customers.
type found struct {
	*visit.Visit
	words     string
	pages     []visit.Workspace
	customers []customer.Item
	more      bool // there are more customers than are shown
}

// foundShown is how many customers the search lists.
const foundShown = 10

func search(v *visit.Visit) error {
	if v.Actor.Kind != policy.Partner {
		return start(v)
	}
	s := found{Visit: v, words: strings.TrimSpace(v.Query("q"))}
	if tenant, ok := id.Parse(s.words); ok {
		http.Redirect(v.Writer, v.Request, visit.AccountPath(id.Tenant(tenant)), http.StatusSeeOther)
		return nil
	}
	s.findPages()
	if err := s.findCustomers(); err != nil {
		return err
	}
	f := v.Frame(v.T("portal.search.title", "Words", s.words), visit.Nowhere)
	f.Breadcrumb = []block.Link{{Label: v.T("portal.home"), Href: v.Home()}}
	f.Search.Value = s.words
	return v.Show(page(v, f, searchBody(s)))
}

// findPages finds the pages that the reader may open by the words of their names.
func (s *found) findPages() {
	words := strings.Fields(strings.ToLower(s.words))
	for _, w := range s.Workspaces() {
		name := strings.ToLower(w.Label)
		missing := slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(name, word) })
		if w.Reason == "" && len(words) > 0 && !missing {
			s.pages = append(s.pages, w)
		}
	}
}

func (s *found) findCustomers() error {
	if s.words == "" || !s.May("customer.list", false) {
		return nil
	}
	page, err := visit.Do(s.Visit, customer.List, customer.Query{Filter: customer.Filter{Search: s.words}, Size: foundShown})
	s.customers, s.more = page.Items, page.Next != ""
	return err
}
