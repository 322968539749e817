package notice

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/event"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/mail"
	"comptoir/internal/op"
)

// Tells people of events as the table says.
var _ = event.React(func(ctx context.Context, u *op.Unit, all []event.Event) error {
	r := &round{u: u, people: make(map[group][]identity.User), wishes: make(map[person]Preferences), texts: make(texts)}
	for _, e := range all {
		if !events[e.Name] {
			continue
		}
		if err := r.hear(ctx, e); err != nil {
			return err
		}
	}
	return r.tell(ctx)
})

type (
	// group is people of an organisation by their roles.
	group struct {
		tenant id.Tenant
		roles  uint32
	}
	// person is one of them.
	person struct {
		tenant id.Tenant
		user   id.User
	}
)

// message is what one person is told: once, or several times in one.
type message struct {
	row   Row
	to    person
	facts []Facts
	at    time.Time
}

// last is what is told of several: that which happened last.
func (m *message) last() Facts { return m.facts[len(m.facts)-1] }

// round brings the events of one transaction to people. It remembers whom it
// looked up.
type round struct {
	u        *op.Unit
	operator id.Tenant // "" before it was looked up
	people   map[group][]identity.User
	wishes   map[person]Preferences
	texts    texts
	messages []*message
}

// hear notes who is to be told of e.
func (r *round) hear(ctx context.Context, e event.Event) error {
	facts, err := factsOf(e)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !row.matches(e.Name, facts) {
			continue
		}
		told := make(map[person]bool)
		for _, a := range row.To {
			if a.contact != "" {
				if err := r.write(ctx, row, facts, a); err != nil {
					return err
				}
				continue
			}
			users, err := r.members(ctx, a, e, facts)
			if err != nil {
				return err
			}
			for _, n := range users {
				if to := (person{n.Tenant, n.ID}); !told[to] {
					told[to] = true
					r.add(row, to, facts, e.At)
				}
			}
		}
	}
	return nil
}

func (r *round) add(row Row, to person, f Facts, at time.Time) {
	if row.Gather {
		for _, m := range r.messages {
			if m.to == to && m.row.Kind == row.Kind {
				m.facts, m.at = append(m.facts, f), at
				return
			}
		}
	}
	r.messages = append(r.messages, &message{row: row, to: to, facts: []Facts{f}, at: at})
}

// members are the people of an audience who can sign in.
func (r *round) members(ctx context.Context, a audience, e event.Event, f Facts) ([]identity.User, error) {
	tenant := e.Tenant
	switch a.kind {
	case identity.CustomerTenant:
		tenant = e.Customer
	case identity.OperatorTenant:
		if r.operator == "" {
			o, _, err := identity.Operator(ctx, r.u.Tx)
			if err != nil {
				return nil, err
			}
			r.operator = o.ID
		}
		tenant = r.operator
	case identity.PartnerTenant:
	}
	if tenant == "" {
		return nil, nil
	}
	if a.fact != "" {
		return r.named(ctx, tenant, f[a.fact])
	}
	key := group{tenant, uint32(a.roles)}
	if known, ok := r.people[key]; ok {
		return known, nil
	}
	all, err := identity.Holders(ctx, r.u.Tx, tenant, a.roles)
	r.people[key] = all
	return all, err
}

// named returns the person of an organisation with a user name or an id; nobody
// when he has left, or was none: an application, or the command line.
func (r *round) named(ctx context.Context, tenant id.Tenant, name string) ([]identity.User, error) {
	if name == "" {
		return nil, nil
	}
	var n identity.User
	var err error
	if key, ok := id.Parse(name); ok {
		n, err = identity.UserByID(ctx, r.u.Tx, tenant, id.User(key))
	} else {
		n, err = identity.UserByName(ctx, r.u.Tx, name)
	}
	switch {
	case fault.KindOf(err) == fault.NotFound || err == nil && (n.Tenant != tenant || n.Status != identity.UserActive):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return []identity.User{n}, nil
}

// tell leaves notices and mail behind.
func (r *round) tell(ctx context.Context) error {
	for _, m := range r.messages {
		if err := post(ctx, r.u, m); err != nil {
			return err
		}
		if !m.row.Mail {
			continue
		}
		if err := r.mail(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// mail writes to a person who wants it.
func (r *round) mail(ctx context.Context, m *message) error {
	wishes, ok := r.wishes[m.to]
	if !ok {
		var err error
		if wishes, err = preferencesOf(ctx, r.u.Tx, m.to.tenant, m.to.user); err != nil {
			return err
		}
		r.wishes[m.to] = wishes
	}
	if wishes.Mutes(m.row.Category) {
		return nil
	}
	to := mail.Recipient{Tenant: m.to.tenant, User: m.to.user, Address: wishes.Address, Name: wishes.name, Language: wishes.mailLanguage()}
	p := lang.For(to.Language)
	c, err := r.texts.letter(ctx, r.u.Tx, p, m.row, m.facts)
	if err != nil {
		return err
	}
	return send(ctx, r.u, m.row.Kind, to, m.row.explain(p, m.last(), c))
}

// explain tells the reader of a letter why he gets it, and where he decides that.
// Those without an account decide nothing, and a code is sent to whoever asks.
func (r Row) explain(p *lang.Printer, f Facts, c mail.Content) mail.Content {
	switch {
	case r.Kind == addressRow.Kind:
		c.Why = p.T("notice.address.why")
		return c
	case slices.ContainsFunc(r.To, func(a audience) bool { return a.contact != "" }):
		c.Why = p.T("notice.mail.why_contact", "Customer", f[factCustomer])
		return c
	}
	c.Why = p.T("notice.mail.why", "Category", p.T(r.Category.Key()))
	if r.Category.Required() {
		c.Why = p.T("notice.mail.why_required", "Category", p.T(r.Category.Key()))
	}
	c.Settings = mail.Link{Label: p.T("notice.mail.settings"), Path: preferencesPage}
	c.Optional = !r.Category.Required()
	return c
}

// write writes to somebody without an account (N6). Nobody can switch that off.
func (r *round) write(ctx context.Context, row Row, f Facts, a audience) error {
	to := mail.Recipient{
		Address: f[a.contact+".Email"], Name: strings.TrimSpace(f[a.contact+".FirstName"] + " " + f[a.contact+".LastName"]),
		Language: language(f[a.contact+".Language"]),
	}
	p := lang.For(to.Language)
	c, err := r.texts.letter(ctx, r.u.Tx, p, row, []Facts{f})
	if err != nil {
		return err
	}
	return send(ctx, r.u, row.Kind, to, row.explain(p, f, c))
}

// send sends, unless the address is none: then nobody can be told.
func send(ctx context.Context, u *op.Unit, kind string, to mail.Recipient, c mail.Content) error {
	_, err := mail.Send(ctx, u, kind, to, c)
	if fault.KindOf(err) == fault.Invalid {
		return nil
	}
	return err
}

// language returns the language of a culture such as "sv-SE", "" when Comptoir
// does not speak it.
func language(culture string) string {
	tag, _, _ := strings.Cut(strings.ToLower(culture), "-")
	if slices.Contains(lang.Tags(), tag) {
		return tag
	}
	return ""
}

// listed is how many of several things a mail names.
const listed = 20

// content is a letter about one or several things that happened.
func content(p *lang.Printer, row Row, all []Facts) mail.Content {
	times := int64(len(all))
	f := all[len(all)-1]
	c := mail.Content{Subject: row.title(p, f, times)}
	if path := row.path(f, times); path != "" {
		label := cmp.Or(row.Link, "notice.link.open")
		if times > 1 {
			label = "notice.link.customers"
		}
		c.Link = mail.Link{Label: p.T(label), Path: path}
	}
	if times > 1 && row.Many != "" {
		for _, one := range all[:min(len(all), listed)] {
			c.Facts = append(c.Facts, mail.Fact{Term: p.T("notice.fact.customer"), Value: one[factCustomer]})
		}
		if rest := times - listed; rest > 0 {
			c.Text = []string{p.N("notice.mail.more", rest, "Listed", listed)}
		}
		return c
	}
	c.Text = []string{row.text(p, f, times)}
	if row.Facts != nil {
		for _, fact := range row.Facts(p, f) {
			c.Facts = append(c.Facts, mail.Fact{Term: fact[0], Value: fact[1]})
		}
	}
	return c
}
