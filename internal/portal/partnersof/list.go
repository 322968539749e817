package partnersof

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// standing is where a partner stands with the reader's organization.
type standing string

// The standings, as the address of the list names them.
const (
	active  standing = "active"
	waiting standing = "waiting" // it asks for admin roles
	expired standing = "expired" // its admin roles ran out, and there was nothing else
	ended   standing = "ended"
)

// line is one relation of the list.
type line struct {
	partner  id.Tenant
	name     string
	kind     string
	provider string
	agreed   bool
	roles    int
	since    time.Time
	endedAt  time.Time
	standing standing
}

// listing is the list of the partners of a customer (K-3).
type listing struct {
	*visit.Visit
	view  block.View
	lines []line
}

const (
	tableID   = "partners"
	byState   = "state"
	partnerAt = visit.OwnPartnersPath + "/"
)

func listPartners(v *visit.Visit) error {
	if v.Actor.Kind != policy.Customer {
		return refusal.NotFound
	}
	l := &listing{Visit: v, view: block.ParseView(v.Request.URL.Query(), byState)}
	if err := l.read(); err != nil {
		return err
	}
	if v.Wants(tableID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("acceptpage.partners"), visit.OwnPartners)
	f.Subtitle = v.T("acceptpage.partners_text")
	f.Help = block.Help{
		Title: v.T("acceptpage.partners"), Text: []string{v.T("acceptpage.partners_text"), v.T("acceptpage.partners_help"), v.T("acceptpage.help.end")},
		Roles: v.RolesFor("own.gdap.decide", true),
	}
	return v.Show(listPage(l, f))
}

// read makes a line of each relation, present or past, and of each partner that
// holds or asks for admin roles alone.
func (l *listing) read() error {
	relations, err := visit.Do(l.Visit, customer.ListOwnPartners, struct{}{})
	if err != nil {
		return err
	}
	gone, err := visit.Do(l.Visit, relationship.ListOwnEnded, struct{}{})
	if err != nil {
		return err
	}
	delegations, err := visit.Do(l.Visit, gdap.OwnList, struct{}{})
	if err != nil {
		return err
	}
	known := map[id.Tenant]bool{}
	for _, r := range relations {
		known[r.Partner.Tenant] = true
		l.add(line{
			partner: r.Partner.Tenant, name: r.Partner.LegalName, kind: l.Relationship(r.Kind), provider: r.Provider, agreed: r.Agreed,
			roles: held(delegations, r.Partner.Tenant), since: r.Since, standing: active,
		})
	}
	past := map[id.Tenant]bool{}
	for _, e := range gone {
		past[e.Partner.Tenant] = true
		l.add(line{partner: e.Partner.Tenant, name: e.Partner.Name, kind: l.Relationship(e.Kind), since: e.Since, endedAt: e.EndedAt, standing: ended})
	}
	return l.readAlone(delegations, known, past)
}

// readAlone adds the partners of which there are admin relationships alone. What a
// partner of the past had says nothing new; what it has, or asks for, does.
func (l *listing) readAlone(delegations []gdap.Relationship, known, past map[id.Tenant]bool) error {
	for _, r := range delegations {
		if known[r.Partner] || past[r.Partner] && r.Status.Over() {
			continue
		}
		known[r.Partner] = true
		p, err := visit.Do(l.Visit, customer.ShowOwnPartner, customer.OwnPartnerRef{Partner: r.Partner})
		if err != nil {
			return err
		}
		l.add(line{
			partner: r.Partner, name: p.Partner.LegalName, kind: l.Relationship(relationship.Delegated), since: r.CreatedAt, endedAt: r.EndedAt,
			roles: held(delegations, r.Partner), standing: standingOf(delegations, r.Partner),
		})
	}
	return nil
}

// add keeps a line that the filter lets through.
func (l *listing) add(one line) {
	if states := l.view.Filters[byState]; len(states) == 0 || slices.Contains(states, string(one.standing)) {
		l.lines = append(l.lines, one)
	}
}

// held counts the admin roles that a partner holds, each once.
func held(all []gdap.Relationship, partner id.Tenant) int {
	roles := map[gdap.RoleID]bool{}
	for _, r := range all {
		if r.Partner == partner && r.Status == gdap.Active {
			for _, role := range r.Roles {
				roles[role] = true
			}
		}
	}
	return len(roles)
}

// standingOf is where a partner stands that has admin relationships alone.
func standingOf(all []gdap.Relationship, partner id.Tenant) standing {
	best := ended
	for _, r := range all {
		switch {
		case r.Partner != partner:
		case r.Status == gdap.Active:
			return active
		case !r.Status.Over():
			best = waiting
		case r.Status == gdap.Expired && best == ended:
			best = expired
		}
	}
	return best
}

// table is the list. A customer has few partners: all stand on one page.
func (l *listing) table() block.Table {
	t := block.Table{
		ID: tableID, Caption: l.T("acceptpage.partners"), Base: visit.OwnPartnersPath, View: l.view, Total: int64(len(l.lines)),
		Columns: []block.Column{
			{Key: "name", Title: l.T("acceptpage.column.partner"), Fixed: true},
			{Key: "type", Title: l.T("customers.column.relationship")},
			{Key: "agreement", Title: l.T("acceptpage.next.agreement"), Nowrap: true},
			{Key: "roles", Title: l.T("acceptpage.roles"), Number: true},
			{Key: "since", Title: l.T("acceptpage.column.since"), Nowrap: true},
			{Key: "state", Title: l.T("common.status"), Nowrap: true},
		},
		Filters: []block.Filter{{Key: byState, Label: l.T("common.status"), Many: true, Options: l.states()}},
		Empty:   block.EmptyState{Kind: block.NothingYet, Title: l.T("acceptpage.partners_none"), Text: l.T("acceptpage.partners_none_text")},
	}
	slices.SortStableFunc(l.lines, func(a, b line) int {
		if past := strings.Compare(order(a.standing), order(b.standing)); past != 0 {
			return past
		}
		return l.Compare(a.name, b.name)
	})
	for i, one := range l.lines {
		t.Rows = append(t.Rows, l.row(i, one))
	}
	return t
}

// order puts what has ended last.
func order(s standing) string {
	if s == active || s == waiting {
		return "a"
	}
	return "b"
}

func (l *listing) row(i int, one line) block.Row {
	agreement := block.Cell{}
	switch {
	case one.agreed:
		agreement.Badge = block.Badge{Tone: block.Success, Text: l.T("customers.agreement.accepted")}
	case one.standing == active && one.provider == "":
		agreement.Badge = block.Badge{Tone: block.Warning, Text: l.T("customers.agreement.open")}
	}
	kind := block.Cell{Text: one.kind}
	if one.provider != "" {
		kind.Sub = l.T("acceptpage.through", "Provider", one.provider)
	}
	roles := block.Cell{}
	if one.roles > 0 {
		roles.Text = l.Number(int64(one.roles))
	}
	state := block.Cell{Badge: badge(l.Visit, one.standing)}
	if !one.endedAt.IsZero() {
		state.Sub = l.Date(one.endedAt)
	}
	return block.Row{ID: strconv.Itoa(i), Name: one.name, Cells: []block.Cell{
		{Text: one.name, Href: partnerAt + string(one.partner)}, kind, agreement, roles, {Text: l.Date(one.since)}, state,
	}}
}

func (l *listing) states() []block.Option {
	var all []block.Option
	for _, s := range []standing{active, waiting, expired, ended} {
		all = append(all, block.Option{Value: string(s), Label: badge(l.Visit, s).Text})
	}
	return all
}

// badge is that of a standing.
func badge(v *visit.Visit, s standing) block.Badge {
	switch s {
	case active:
		return block.Badge{Tone: block.Success, Text: v.T("acceptpage.state.active")}
	case waiting:
		return block.Badge{Tone: block.Info, Text: v.T("acceptpage.state.waiting")}
	case expired:
		return block.Badge{Tone: block.Neutral, Text: v.T("acceptpage.state.expired")}
	case ended:
	}
	return block.Badge{Tone: block.Neutral, Text: v.T("acceptpage.state.ended")}
}
