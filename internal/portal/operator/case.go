package operator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/place"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/verification"
)

// review is the page of one case.
type review struct {
	*visit.Visit
	verification.Dossier
	account   verification.Account
	customer  customer.Customer
	partner   identity.Partner
	reviewers []identity.User
	// typed is what a form of the page was sent with, said what is said about it.
	typed url.Values
	said  visit.Verdicts
}

// current is the case that is open, or was decided last.
func (r *review) current() verification.Case { return r.Cases[0] }

func pathOf(c verification.Case) string {
	return accountPath(verification.Account{Partner: c.Partner, Customer: c.Customer})
}

func accountPath(a verification.Account) string {
	return queuePath + "/" + string(a.Partner) + "/" + string(a.Customer)
}

func (r *review) path() string { return accountPath(r.account) }

// accountOf returns the account that the address names.
func accountOf(v *visit.Visit) (verification.Account, error) {
	partner, known := id.Parse(v.Request.PathValue("partner"))
	tenant, valid := id.Parse(v.Request.PathValue("customer"))
	if !known || !valid {
		return verification.Account{}, refusal.NotFound
	}
	return verification.Account{Partner: id.Tenant(partner), Customer: id.Tenant(tenant)}, nil
}

func openCase(v *visit.Visit) (*review, error) {
	account, err := accountOf(v)
	if err != nil {
		return nil, err
	}
	r := &review{Visit: v, account: account, typed: v.Request.PostForm}
	if r.Dossier, err = visit.Do(v, verification.Inspect, account); err != nil {
		return nil, err
	}
	if r.customer, err = visit.Do(v, customer.Inspect, account); err != nil {
		return nil, err
	}
	partners, err := visit.Do(v, identity.ListPartners, identity.PartnerList{Size: 500})
	if i := slices.IndexFunc(partners, func(p identity.Partner) bool { return p.Tenant == account.Partner }); i >= 0 {
		r.partner = partners[i]
	}
	return r, err
}

func showCase(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK)
}

func (r *review) show(status int, messages ...block.Message) error {
	f := r.frame()
	f.Commands = r.commands()
	f.Messages = slices.Concat(messages, r.standing())
	return r.ShowAs(status, casePage(r, f))
}

func (r *review) frame() block.Frame {
	c := r.current()
	f := r.Frame(c.CustomerName, visit.Verifications)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: r.T("portal.verifications"), Href: queuePath})
	f.Badges = []block.Badge{r.Status(c.Status)}
	f.Subtitle = r.T("operator.case.subtitle", "Cause", r.Cause(c.Cause), "Partner", r.partner.Name)
	f.Help = block.Help{
		Title: r.T("portal.verifications"), Text: []string{r.T("verifyqueue.help.case"), r.T("verifyqueue.help.keys")},
		Roles: r.RolesFor("verification.decide", true),
	}
	return f
}

// standing are the bars of a case in which something holds the reviewer up.
func (r *review) standing() []block.Message {
	var all []block.Message
	c := r.current()
	switch {
	case c.Paused():
		all = append(all, block.Message{Tone: block.Info, Text: r.T("verifyqueue.bar.waits", "Date", c.PausedAt)})
	case c.Overdue(r.Kernel().Clock.Now()):
		all = append(all, block.Message{Tone: block.Warning, Text: r.T("operator.overdue", "Date", c.DueAt)})
	}
	if c.Status == verification.Unknown {
		all = append(all, block.Message{Tone: block.Warning, Text: r.T("verifyqueue.bar.unknown")})
	}
	if p := c.Proposal; p.By != "" {
		all = append(all, block.Message{
			Tone: block.Warning, Title: r.T("verifyqueue.bar.proposed", "Name", p.ByName),
			Text: r.T("verifyqueue.bar.proposal", "Reason", r.RejectionReason(p.Reason), "Text", p.Text),
		})
	}
	return all
}

// commands are what a reviewer can do with the case; each has its key.
func (r *review) commands() block.CommandBar {
	c := r.current()
	bar := block.CommandBar{Tools: []block.Command{{Label: r.T("verifyqueue.next"), Icon: icon.ChevronRight, Href: r.path() + "/next", Key: "n"}}}
	if !c.Open() {
		return bar
	}
	reason := r.Reason("verification.decide", true)
	decides := reason
	switch {
	case decides != "":
	case r.concerned():
		decides = r.Sentence(verification.ErrOwnOrganization)
	case c.Status == verification.Unknown:
		decides = r.T("verifyqueue.bar.unknown")
	}
	asks := decides
	if asks == "" && c.Paused() {
		asks = r.Sentence(verification.ErrPaused)
	}
	rejects, label := decides, r.T("common.reject")
	if p := c.Proposal; p.By != "" {
		label = r.T("verifyqueue.confirm_reject")
		if p.By == r.Actor.User && rejects == "" {
			rejects = r.Sentence(verification.ErrSecondReviewer)
		}
	}
	bar.Commands = []block.Command{
		{Label: r.T("common.approve"), Icon: icon.Check, Kind: block.Primary, Href: r.path() + "/approve", Dialog: true, Key: "a", Reason: decides},
		{Label: label, Icon: icon.Dismiss, Href: r.path() + "/reject", Dialog: true, Key: "x", Reason: rejects},
		{Label: r.T("verifyqueue.ask"), Icon: icon.Send, Href: r.path() + "/ask", Dialog: true, Reason: asks},
		{Label: r.T("verifyqueue.assign"), Icon: icon.Person, Href: r.path() + "/assign", Dialog: true, Reason: reason},
	}
	return bar
}

// concerned reports whether the reader belongs to one of the sides (rule C25).
func (r *review) concerned() bool {
	return r.Actor.Tenant == r.account.Partner || r.Actor.Tenant == r.account.Customer
}

// nextCase leads to the open case that is due next after this one, and from the
// last one to the first.
func nextCase(v *visit.Visit) error {
	account, err := accountOf(v)
	if err != nil {
		return err
	}
	dossier, err := visit.Do(v, verification.Inspect, account)
	if err != nil {
		return err
	}
	here := dossier.Cases[0]
	for _, cursor := range []string{verification.After(here), ""} {
		page, err := visit.Do(v, verification.ListCases, verification.Query{Cursor: cursor, Size: 2})
		if err != nil {
			return err
		}
		for _, i := range page.Items {
			if i.ID != here.ID {
				return v.Redirect(pathOf(i.Case))
			}
		}
	}
	v.Toast(v.T("verifyqueue.last"))
	return v.Redirect(queuePath)
}

// facts are what the reviewer compares with the registers.
func (r *review) facts() []block.Fact {
	c := r.customer
	b, a := c.Billing, c.Billing.Address
	lines := slices.DeleteFunc([]string{a.AddressLine1, a.AddressLine2, a.AddressLine3, strings.TrimSpace(a.PostalCode + " " + a.City), a.State},
		func(line string) bool { return line == "" })
	return []block.Fact{
		{Term: r.T("customers.column.original"), Value: c.OriginalName, Copy: true},
		{Term: r.T("customers.column.name"), Value: b.CompanyName, Hint: r.T("verifyqueue.friendly")},
		{Term: r.T("portal.country"), Value: r.Country(a.Country)},
		{Term: r.T("customers.section.address"), Value: strings.Join(lines, ", "), Copy: true},
		{Term: r.T("customers.field.registration"), Value: c.Registration.ID, Hint: c.Registration.Type, Copy: true},
		{Term: r.T("customers.section.contact"), Value: strings.TrimSpace(b.FirstName + " " + b.LastName), Hint: b.Email},
		{Term: r.T("customers.field.phone"), Value: a.PhoneNumber},
		{Term: r.T("customers.column.domain"), Value: c.Domain},
		{Term: r.T("portal.tenant_id"), Value: string(c.ID), Mono: true, Copy: true},
	}
}

// changes are what the partner changed, before and after.
func (r *review) changes() block.Table {
	t := block.Table{
		ID: "changes", Caption: r.T("verifyqueue.changes"), Base: r.path(), View: block.ParseView(nil), Small: true, Columns: []block.Column{
			{Key: "field", Title: r.T("verifyqueue.column.field")},
			{Key: "before", Title: r.T("verifyqueue.column.before")},
			{Key: "after", Title: r.T("verifyqueue.column.after")},
		},
	}
	for _, c := range r.current().Changes {
		t.Rows = append(t.Rows, block.Row{ID: c.Field, Name: c.Field, Cells: []block.Cell{
			{Text: r.member(c.Field)}, {Text: r.orNone(c.Before)}, {Text: r.orNone(c.After)},
		}})
	}
	return t
}

func (r *review) orNone(text string) string {
	if text == "" {
		return r.T("common.not_set")
	}
	return text
}

// registers are where the reviewer looks the organisation up.
func (r *review) registers() []block.Link {
	c := r.customer
	var links []block.Link
	for _, reg := range place.Registers(c.Country()) {
		links = append(links, block.Link{Label: reg.Name, Href: reg.Find(c.OriginalName, c.Registration.ID), External: true})
	}
	return links
}

// others are the accounts that the customer has with other partners.
func (r *review) others() []block.Link {
	var links []block.Link
	for _, o := range r.Others {
		links = append(links, block.Link{
			Label: r.T("verifyqueue.other", "Name", o.OriginalName, "Status", r.Status(verification.Status(o.Status)).Text),
			Href:  accountPath(verification.Account{Partner: o.Partner, Customer: o.Customer}),
		})
	}
	return links
}

// documents are what the partner has handed in.
func (r *review) documents() []block.Link {
	var links []block.Link
	for _, d := range r.Documents {
		if d.Case == "" {
			continue
		}
		links = append(links, block.Link{
			Label: r.T("verifyqueue.document", "Name", d.Name, "Size", kilobytes(r.Visit, d.Size)), Href: r.path() + "/documents/" + d.ID,
		})
	}
	return links
}

func kilobytes(v *visit.Visit, size int64) string { return v.Number((size + 1023) / 1024) }

// sendDocument sends a document of the case as a file: what somebody handed in is
// never shown as a page.
func sendDocument(v *visit.Visit) error {
	account, err := accountOf(v)
	if err != nil {
		return err
	}
	d, err := visit.Do(v, verification.InspectDocument, verification.SentDocument{Account: account, ID: v.Request.PathValue("document")})
	if err != nil {
		return err
	}
	return v.Attachment(d.Name, d.Type, d.Data)
}
