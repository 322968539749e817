package customers

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
	"comptoir/internal/verification"
)

// listID names the table of customers, and the cookie that remembers how the
// reader last looked at it.
const listID = "customers"

// The filters of the list, as members of its address.
const (
	byStatus   = "status"
	byKind     = "relation"
	byReseller = "reseller"
	byProvider = "provider"
	byCountry  = "country"
	byTag      = "tag"
	byAgreed   = "agreement"
)

var filters = []string{byStatus, byKind, byReseller, byProvider, byCountry, byTag, byAgreed}

// sorts are the columns by which the list can be sorted.
var sorts = map[string]customer.Sort{
	"name": customer.ByName, "domain": customer.ByDomain, "id": customer.ByID, "relation": customer.ByKind,
	"status": customer.ByStatus, "country": customer.ByCountry, "created": customer.ByCreated,
}

// listing is what the list shows.
type listing struct {
	*visit.Visit
	view     block.View
	page     customer.Page
	counts   relationship.Counts
	partners relationship.Counterparts
	// added is the customer that was just added; its row is marked.
	added id.Tenant
}

// list is the list of customers (P-2), or the part of it that the browser asks for.
func list(v *visit.Visit) error {
	if v.Query("view") == "reset" {
		v.Keep(listID, "")
		return v.Redirect(visit.CustomersPath)
	}
	l := &listing{Visit: v, view: remembered(v), added: id.Tenant(v.Query("added"))}
	unknown := l.leaveOut()
	if v.Wants("pane") {
		return l.showPane()
	}
	if err := l.read(); err != nil {
		return err
	}
	if v.Wants(listID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("customers.list.title"), visit.Customers)
	f.Subtitle = v.T("customers.list.subtitle")
	f.Tabs, f.Commands, f.Help, f.Fill = v.CustomerTabs(visit.CustomersPath), l.commands(), l.help(), true
	if len(unknown) > 0 {
		f.Messages = append(f.Messages, block.Message{Tone: block.Warning, Text: l.T("customers.filters.unknown", "Names", unknown)})
	}
	if l.view.Open != "" {
		pane, err := l.pane()
		switch {
		case fault.KindOf(err) == fault.NotFound: // gone since the address was kept
			l.view = l.view.Opened("")
		case err != nil:
			return err
		default:
			f.Pane = pane
		}
	}
	return v.Show(listPage(l, f))
}

// read reads the page of the list and what its filters offer. A cursor that is
// none any more, as in an old bookmark, shows the first page.
func (l *listing) read() (err error) {
	l.page, err = visit.Do(l.Visit, customer.List, query(l.view))
	if errors.Is(err, refusal.Argument) && (l.view.After != "" || l.view.Before != "") {
		l.view = l.view.First()
		l.page, err = visit.Do(l.Visit, customer.List, query(l.view))
	}
	if err != nil {
		return err
	}
	if l.counts, err = visit.Do(l.Visit, customer.Count, struct{}{}); err != nil {
		return err
	}
	if l.Actor.Org&(policy.IndirectProvider|policy.IndirectReseller) != 0 {
		l.partners, err = visit.Do(l.Visit, relationship.ListCounterparts, struct{}{})
	}
	return err
}

// query is what the state of the list asks for.
func query(view block.View) customer.Query {
	q := customer.Query{Sort: sorts[view.Sort], Descending: view.Desc, Size: view.Size, Cursor: view.After, Filter: filter(view)}
	if q.Filter.NamePrefix+q.Filter.DomainPrefix != "" {
		q.Sort = customer.BestMatch // a list by the beginning of names is in their order
	}
	if view.Before != "" || view.AtLast {
		q.Cursor, q.Backward = view.Before, true
	}
	return q
}

// leaveOut takes the filters out of the state whose values mean nothing, so that
// an old or mistyped bookmark shows a list and no error, and returns them for the
// reader to know.
func (l *listing) leaveOut() []string {
	var unknown []string
	leave := func(key, label string, known bool) {
		if value := l.view.Filters.Get(key); value != "" && !known {
			unknown = append(unknown, l.T("customers.filters.value", "Name", label, "Value", value))
			l.view = l.view.Without(key)
		}
	}
	_, known := verification.ParseStatus(l.view.Filters.Get(byStatus))
	leave(byStatus, l.T("customers.column.status"), known)
	_, known = relationship.ParseKind(l.view.Filters.Get(byKind))
	leave(byKind, l.T("customers.column.relationship"), known)
	_, known = rulebook.Known(l.Kernel().Book(), l.view.Filters.Get(byCountry))
	leave(byCountry, l.T("portal.country"), known)
	_, known = agreement.ParseState(l.view.Filters.Get(byAgreed))
	leave(byAgreed, l.T("customers.column.agreement"), known && l.seesAgreements())
	return unknown
}

// filter is what the state of the list narrows it to.
func filter(view block.View) customer.Filter {
	f := customer.Filter{
		Country: view.Filters.Get(byCountry), Tag: view.Filters.Get(byTag),
		Reseller: id.Tenant(view.Filters.Get(byReseller)), Provider: id.Tenant(view.Filters.Get(byProvider)),
	}
	f.Status, _ = verification.ParseStatus(view.Filters.Get(byStatus))
	f.Kind, _ = relationship.ParseKind(view.Filters.Get(byKind))
	if state, ok := agreement.ParseState(view.Filters.Get(byAgreed)); ok {
		f.Agreement = &state
	}
	switch view.By {
	case "name":
		f.NamePrefix = view.Search
	case "domain":
		f.DomainPrefix = view.Search
	default:
		f.Search = view.Search
	}
	return f
}

// remembered returns the state of the list in the address, with the columns,
// order, size and density of the last time where the address does not say
// (portal 0.3). It has the browser remember what is shown now.
func remembered(v *visit.Visit) block.View {
	q := v.Request.URL.Query()
	kept, err := url.ParseQuery(v.Cookie(listID))
	if err != nil {
		kept = url.Values{} // not one of ours; what is shown now takes its place
	}
	looks := []string{"cols", "sort", "size", "density"}
	if !slices.ContainsFunc(looks, q.Has) && q.Get("q") == "" {
		for _, name := range looks {
			if kept.Has(name) {
				q[name] = kept[name]
			}
		}
	}
	view := block.ParseView(q, filters...)
	if _, known := sorts[view.Sort]; !known {
		view.Sort, view.Desc = "", false
	}
	look := block.View{Columns: view.Columns, Sort: view.Sort, Desc: view.Desc, Size: view.Size, Compact: view.Compact}
	now := strings.TrimPrefix(look.URL(""), "?")
	if now != v.Cookie(listID) && q.Get("q") == "" {
		v.Keep(listID, now)
	}
	return view
}

// commands is the command bar (P-2). What the reader's organisation or role
// cannot do stays visible and says why.
func (l *listing) commands() block.CommandBar {
	add := block.Command{
		Label: l.T("customers.add"), Icon: icon.Add, Kind: block.Primary, Href: visit.NewCustomerPath, Key: "n",
		Reason: l.Reason("customer.add", true),
	}
	state := block.View{Search: l.view.Search, By: l.view.By, Filters: l.view.Filters}
	tag := block.Command{
		Label: l.T("customers.tags.assign"), Icon: icon.Tag, Href: state.URL(tagsPath + "/ask"), Dialog: true, Post: true, Needs: block.Some,
		Reason: l.Reason("customer.tag", true),
	}
	bar := block.CommandBar{Table: listID, Commands: slices.Concat([]block.Command{add}, l.requests(), []block.Command{
		tag,
		{Label: l.T("customers.export"), Icon: icon.Download, Href: exportPath, Key: "e", Reason: l.Reason("customer.export", false)},
		{Label: l.T("customers.import"), Icon: icon.Upload, Href: visit.ImportPath, Reason: l.Reason("customer.add", true), Overflow: true},
		{Label: l.T("gdapbulk.title"), Icon: icon.PersonKey, Href: visit.BulkDelegationPath, Reason: l.Reason("gdap.assign", true), Overflow: true},
	})}
	bar.Tools = []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(visit.CustomersPath), Key: "r"}}
	return bar
}

// barsRequest marks the rows of customers that are sold to already (rule E1).
const barsRequest = "request"

// requests are the commands that ask an existing customer for a relationship: the
// one that is selected, if any, or an indirect reseller's with its provider (rule E6).
func (l *listing) requests() []block.Command {
	all := []block.Command{{
		Label: l.T("invitepage.request"), Icon: icon.Handshake, Href: visit.InviteSelectedPath, Post: true, Needs: block.OneOrNone, Bar: barsRequest,
		Hint: l.T("invitepage.request.hint"), Reason: l.Reason("relationship.invite", true),
	}}
	if l.Actor.Org&policy.IndirectReseller != 0 {
		all = append(all, block.Command{
			Label: l.T("invitepage.request_joint"), Icon: icon.Organization, Href: visit.JointInviteSelectedPath, Post: true, Needs: block.OneOrNone, Bar: barsRequest,
			Hint: l.T("invitepage.request.hint"), Reason: l.Reason("relationship.invite.joint", true),
		})
	}
	return all
}

func (l *listing) help() block.Help {
	return block.Help{
		Title: l.T("customers.list.title"),
		Text:  []string{l.T("customers.help.list"), l.T("customers.help.names"), l.T("customers.help.status")},
		Roles: l.RolesFor("customer.list", false),
	}
}
