// Package record draws the activity log: lists of records, what each one says,
// and their export (rules K1 to K4). A partner's settings show its own log, the
// operator's console those of all.
package record

import (
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// TableID names the table of the log in the page.
const TableID = "activity"

// The filters of the log, as members of its address.
const (
	ByCustomer = "customer" // the id of one customer
	sinceDay   = "from"
	untilDay   = "to"
	byAction   = "action"
	byStatus   = "status"
	byUser     = "user" // what the search looks for; else customers
)

// List is a list of what was done.
type List struct {
	*visit.Visit
	View block.View
	// Page is what the list shows; the page that shows it reads it by Query.
	Page activity.Page
	// Path is the address of the list.
	Path string
	// Account returns the address of the account that a record is about, "" for none.
	Account func(activity.Record) string
}

// NewList takes the state of a list from its address, which may have other
// filters as well.
func NewList(v *visit.Visit, path string, filters ...string) *List {
	l := &List{
		Visit: v, View: block.ParseView(v.Request.URL.Query(), append(filters, sinceDay, untilDay, byAction, byStatus, ByCustomer)...), Path: path,
	}
	if _, ok := day(l.View.Filters.Get(sinceDay)); !ok {
		l.View.Filters.Set(sinceDay, l.lastMonth().Format(time.DateOnly))
	}
	if _, ok := day(l.View.Filters.Get(untilDay)); !ok {
		l.View.Filters.Del(untilDay)
	}
	return l
}

// lastMonth is the day on which the log begins unless the reader chooses another
// (rule K1).
func (l *List) lastMonth() time.Time { return l.Kernel().Clock.Now().AddDate(0, -1, 0) }

// day reads the value of a date field.
func day(text string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, text)
	return t, err == nil
}

// Query is what the state of the list asks for. Values that mean nothing are left
// out: an old bookmark shows a list, not an error.
func (l *List) Query() activity.Query {
	q := activity.Query{
		Operation: l.View.Filters.Get(byAction), Limit: l.View.Size, Before: l.View.After, After: l.View.Before, Oldest: l.View.AtLast,
	}
	q.From, _ = day(l.View.Filters.Get(sinceDay))
	if until, ok := day(l.View.Filters.Get(untilDay)); ok {
		q.To = until.AddDate(0, 0, 1) // the day itself is part of it
	}
	if tenant, ok := id.Parse(l.View.Filters.Get(ByCustomer)); ok {
		q.Customer = id.Tenant(tenant)
	}
	switch status := l.View.Filters.Get(byStatus); status {
	case op.Succeeded, op.Failed, op.Progress:
		q.Status = status
	}
	if l.View.By == byUser {
		q.UserName = l.View.Search
	} else {
		q.CustomerName = l.View.Search
	}
	return q
}

// State is the address of the log at path, narrowed as the list is.
func (l *List) State(path string) string {
	return block.View{Search: l.View.Search, By: l.View.By, Filters: l.View.Filters}.URL(path)
}

// Opened returns the id of the record whose pane the address opens, or
// refusal.NotFound.
func (l *List) Opened() (activity.Key, error) {
	record, ok := id.Parse(l.View.Open)
	if !ok {
		return activity.Key{}, refusal.NotFound
	}
	return activity.Key{ID: record}, nil
}

// Closed is the address of the list without a pane.
func (l *List) Closed() string { return l.View.Opened("").URL(l.Path) }

// OnlyCustomer is the address of the log of the customer that r is about.
func (l *List) OnlyCustomer(r activity.Record) string {
	return block.View{Filters: map[string][]string{ByCustomer: {string(r.Customer)}}}.URL(l.Path)
}
