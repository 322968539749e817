package customer

import (
	"context"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/qualification"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// Sort is the order of a list.
type Sort uint8

// The orders. BestMatch is the order by name, and for a search the order of how
// well a customer matches: names that begin with what was typed come before
// names with a later word that does, and these before domains.
const (
	BestMatch Sort = iota
	ByName         // friendly name
	ByDomain
	ByID
	ByKind
	ByStatus
	ByCountry
	ByCreated
)

// Filter says which customers a list shows; empty members do not filter.
type Filter struct {
	// Search finds customers whose friendly name, original name or domain has
	// words that begin with each of the words typed, or whose tenant id begins
	// with what was typed (rule C35).
	Search string
	// NamePrefix and DomainPrefix are what the friendly name or the domain
	// begins with. Only one of them and Search can be given, and such a list
	// comes in the order of the name or of the domain.
	NamePrefix   string
	DomainPrefix string
	Kind         relationship.Kind
	Status       verification.Status
	Country      string
	Tag          string
	Reseller     id.Tenant
	Provider     id.Tenant
	// Agreement is where customers stand with the customer agreement, nil for all.
	Agreement *agreement.State
	// Open leaves those of them whose acceptance has to be confirmed, now or from
	// the day on that a newer version names (rule AG8).
	Open bool
}

// byAgreement reports whether f looks at the customer agreement.
func (f Filter) byAgreement() bool { return f.Agreement != nil || f.Open }

// Query asks for one page of a list.
type Query struct {
	Filter     Filter
	Sort       Sort
	Descending bool // not for BestMatch of a search
	Size       int  // 1 to MaxPage
	// Cursor is Next or Previous of an earlier page; empty begins at the first
	// page or, when Backward, at the last.
	Cursor string
	// Backward asks for the page before the cursor.
	Backward bool
	// Exact has the total counted to the end, whatever it takes. Otherwise a
	// filtered list may answer "at least".
	Exact bool
}

// MaxPage is the most customers that one page has.
const MaxPage = 1000

// Item is a customer as lists show it.
type Item struct {
	Partner       id.Tenant
	ID            id.Tenant
	Kind          relationship.Kind
	Number        int64
	Status        verification.Status
	Name          string // friendly name
	OriginalName  string
	Domain        string
	Tags          []string
	Country       string
	Reseller      id.Tenant
	Provider      id.Tenant
	Qualification qualification.Kind
	CreatedAt     time.Time
	// Agreement is where it stands with the customer agreement, as far as orders
	// of the partner go.
	Agreement agreement.State

	nameKey, words string
	agreed         int64
}

// Accepted returns the rank of the newest version of the customer agreement that
// counts for orders of the partner for i, 0 for none.
func (i Item) Accepted() int64 { return i.agreed }

// Page is one page of a list.
type Page struct {
	Items []Item
	// Next and Previous are cursors, empty where the list ends.
	Next, Previous string
	// Total is how many customers the whole list has, or at least has.
	Total   int64
	AtLeast bool
}

// List returns a page of the customers of the actor's organization, in either
// direction by any order (rules b1, A2, C35). A cursor that is none, and a
// filter that combines what cannot be combined, is refusal.Argument.
var List = op.Define(op.Spec{Action: "customer.list"},
	func(ctx context.Context, u *op.Unit, q Query) (Page, error) {
		counts, err := relationship.CountsOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return Page{}, err
		}
		l, err := newLister(ctx, u, q, counts)
		if err != nil {
			return Page{}, err
		}
		return l.page(ctx)
	})

// Each calls f for every customer of the actor's organization that the filter
// shows, by name, one page at a time: nothing is held in memory, and customers
// that are added meanwhile may be met or not. It is how whole lists are streamed.
func Each(ctx context.Context, k *op.Kernel, a op.Actor, filter Filter, f func(Item) error) error {
	q := Query{Filter: filter, Size: MaxPage}
	for {
		page, err := List.Do(ctx, k, a, q)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := f(item); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Cursor = page.Next
	}
}
