package portal

import (
	"cmp"
	"net/http"
	"slices"

	"comptoir/internal/customer"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// start leads to the first page of the reader.
func start(v *visit.Visit) error {
	http.Redirect(v.Writer, v.Request, v.Home(), http.StatusSeeOther)
	return nil
}

// homeView is what the home page of a partner shows (P-1).
type homeView struct {
	*visit.Visit
	partner identity.Partner
	// lists says that the reader may see customers; counts and newest are empty otherwise.
	lists  bool
	counts relationship.Counts
	newest []customer.Item
	// invites says that the reader may ask for relationships; asked counts those.
	invites bool
	asked   invitation.Tally
}

// newestShown is how many of the newest customers the home page lists.
const newestShown = 6

func home(v *visit.Visit) error {
	if v.Actor.Kind != policy.Partner {
		return start(v)
	}
	h := homeView{Visit: v, lists: v.May("customer.list", false), invites: v.May("relationship.invite", false)}
	var err error
	if h.partner, err = visit.Do(v, identity.OwnPartner, struct{}{}); err != nil {
		return err
	}
	if h.lists {
		if err := h.readCustomers(); err != nil {
			return err
		}
	}
	if h.invites {
		if h.asked, err = visit.Do(v, invitation.Count, struct{}{}); err != nil {
			return err
		}
	}
	f := v.Frame(v.T("home.title", "Name", cmp.Or(v.Person.FirstName, v.Name())), visit.AtHome)
	f.Subtitle = v.T("home.subtitle", "Types", v.OrgTypes(h.partner.Types), "Country", v.Country(h.partner.Country))
	f.Help = h.help()
	if err := h.partner.MaySell(); err != nil {
		f.Messages = append(f.Messages, v.Blocked(v.WithAdmins(err)))
	}
	return v.Show(page(v, f, homeBody(h)))
}

func (h *homeView) readCustomers() (err error) {
	if h.counts, err = visit.Do(h.Visit, customer.Count, struct{}{}); err != nil {
		return err
	}
	newest, err := visit.Do(h.Visit, customer.List, customer.Query{Sort: customer.ByCreated, Descending: true, Size: newestShown})
	h.newest = newest.Items
	return err
}

func (h homeView) of(s verification.Status) int64 {
	return h.counts.By[relationship.ByStatus][string(s)]
}

// listOf is the list of customers that a number of the page counts.
func listOf(filter, value string) string { return visit.CustomersPath + "?" + filter + "=" + value }

// stats are the numbers that want something to be done.
func (h homeView) stats() []block.Stat {
	status := func(s verification.Status, tone block.Tone, label, note string) block.Stat {
		n, own := h.of(s), h.Status(s).Icon
		if n == 0 {
			tone, own = block.Neutral, icon.ShieldCheck
		}
		return block.Stat{Label: label, Value: h.Number(n), Href: listOf("status", string(s)), Tone: tone, Note: note, Icon: own}
	}
	all := []block.Stat{
		{Label: h.T("portal.customers"), Value: h.Number(h.counts.All), Href: visit.CustomersPath, Icon: icon.People, Note: h.T("home.stat.all")},
		status(verification.UnderReview, block.Info, h.T("portal.status.under_review"), h.T("home.stat.under_review")),
		status(verification.NotAllowed, block.Danger, h.T("portal.status.not_approved"), h.T("home.stat.not_approved")),
		status(verification.NotReady, block.Warning, h.T("portal.status.not_ready"), h.T("home.stat.not_ready")),
	}
	if h.invites {
		all = append(all, block.Stat{
			Label: h.T("invitepage.home.open"), Value: h.Number(h.asked.Open), Href: visit.InvitationsPath + "?state=open", Icon: icon.Handshake,
			Note: h.N("invitepage.home.accepted", h.asked.Accepted),
		})
	}
	return all
}

// tiles lead to the workspaces that the reader may open.
func (h homeView) tiles() []block.Tile {
	var tiles []block.Tile
	if h.lists {
		tiles = append(tiles, block.Tile{Title: h.T("portal.customers"), Text: h.T("home.tile.customers"), Href: visit.CustomersPath, Icon: icon.People})
	}
	if h.May("customer.add", true) {
		tiles = append(
			tiles,
			block.Tile{Title: h.T("customers.add"), Text: h.T("home.tile.add"), Href: visit.NewCustomerPath, Icon: icon.Add},
			block.Tile{Title: h.T("portal.import"), Text: h.T("home.tile.import"), Href: visit.ImportPath, Icon: icon.Upload},
		)
	}
	return append(tiles, block.Tile{Title: h.T("portal.access"), Text: h.T("home.tile.access"), Href: visit.AccessPath, Icon: icon.PersonKey})
}

// begin lists what a new partner does first (P-1, empty).
func (h homeView) begin() []block.Step {
	signed := block.Step{Label: h.T("home.begin.agreement"), Text: h.T("home.begin.agreement_text"), State: block.Current}
	next := block.Todo
	if !h.partner.MPASignedAt.IsZero() {
		signed.State, signed.At, next = block.Done, h.partner.MPASignedAt, block.Current
	}
	steps := []block.Step{signed}
	if h.partner.Types&policy.Sellers != 0 {
		return append(steps, block.Step{Label: h.T("home.begin.customer"), Text: h.T("home.begin.customer_text"), State: next})
	}
	return append(steps, block.Step{Label: h.T("home.begin.provider"), Text: h.T("home.begin.provider_text"), State: next, Href: visit.ProvidersPath})
}

// countries is the chart of where the customers are: the countries with the most
// of them, and the others together.
func (h homeView) countries() block.Chart {
	const shown = 5
	type country struct {
		code string
		n    int64
	}
	var all []country
	for code, n := range h.counts.By[relationship.ByCountry] {
		all = append(all, country{code, n})
	}
	slices.SortFunc(all, func(a, b country) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.code, b.code)) })
	c := block.Chart{
		ID: "countries", Kind: block.Donut, Title: h.T("home.countries"), LabelTitle: h.T("portal.country"),
		Total: h.Number(h.counts.All), Format: func(n float64) string { return h.Number(int64(n)) },
	}
	values := block.Series{Name: h.T("portal.customers")}
	var rest int64
	for i, one := range all {
		if i >= shown {
			rest += one.n
			continue
		}
		c.Labels, values.Values = append(c.Labels, h.Country(one.code)), append(values.Values, float64(one.n))
	}
	if rest > 0 {
		c.Labels, values.Values = append(c.Labels, h.T("home.countries.others")), append(values.Values, float64(rest))
	}
	c.Series = []block.Series{values}
	c.Summary = h.N("home.countries.summary", int64(len(all)), "Customers", h.counts.All)
	return c
}

func (h homeView) help() block.Help {
	return block.Help{
		Title: h.T("portal.home"), Text: []string{h.T("home.help.cards"), h.T("home.help.search")},
		NextSteps: []block.Link{{Label: h.T("portal.customers"), Href: visit.CustomersPath}},
	}
}
