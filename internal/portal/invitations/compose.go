package invitations

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/letters"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// The fields of the form about the invitation itself.
const (
	fProvider = "with"
	fName     = "recipient-name"
	fCustomer = "id"
	fSource   = "source"
	fLanguage = "language"
	fToken    = "token"
	fDrafted  = "drafted" // a digest of the text as it was drafted
)

const formID = "invite"

// The greatest lengths of fields, in characters.
const (
	nameMax  = 120
	emailMax = 254
)

// composing is the page on which a message is written (P-4).
type composing struct {
	letters.Letter
	to       invitation.Recipient
	joint    bool
	ask      invitation.Asking
	outline  invitation.Outline
	source   invitation.Source
	language string
	asks     asking
	drafted  string
	// kept says that the text is the reader's own, although another draft was asked for.
	kept bool
}

func showNew(v *visit.Visit) error {
	if asked, joint := v.Request.URL.Query()[fProvider]; joint && asked[0] == "" {
		return chooseProvider(v)
	}
	c, err := begin(v, v.Query)
	if err != nil {
		return err
	}
	c.addressed(c.outline.Recipient)
	c.language = v.Tag()
	c.asks = suggested(c.outline.Terms)
	c.draft()
	return c.show(http.StatusOK)
}

// inviteSelected leads from a list of customers to the form for the one that was
// selected, if any.
func inviteSelected(v *visit.Visit) error {
	return v.Redirect(forCustomer(visit.InvitePath+"?", v.Form(fCustomer)))
}

// inviteSelectedJoint is inviteSelected for a reseller that asks with its provider.
func inviteSelectedJoint(v *visit.Visit) error {
	return v.Redirect(forCustomer(visit.JointInvitePath, v.Form(fCustomer)))
}

// forCustomer is the address of the form for a customer, as the row of a list names
// it; "" is nobody in particular.
func forCustomer(address, row string) string {
	selected, _, _ := strings.Cut(row, ".")
	if selected == "" {
		return strings.TrimSuffix(address, "?")
	}
	if !strings.HasSuffix(address, "?") {
		address += "&"
	}
	return address + fCustomer + "=" + url.QueryEscape(selected)
}

// begin reads for whom, and with whom, the reader asks: what names a customer may be
// the row of a list.
func begin(v *visit.Visit, value func(name string) string) (*composing, error) {
	c := &composing{Letter: letters.Letter{Visit: v}}
	customer, _, _ := strings.Cut(value(fCustomer), ".")
	if customer != "" {
		tenant, ok := id.Parse(customer)
		if !ok {
			return nil, refusal.NotFound
		}
		c.ask.Customer = id.Tenant(tenant)
	}
	read := invitation.Begin
	if provider := value(fProvider); provider != "" {
		tenant, ok := id.Parse(provider)
		if !ok {
			return nil, refusal.NotFound
		}
		c.joint, c.ask.Provider, read = true, id.Tenant(tenant), invitation.BeginJoint
	}
	var err error
	if c.outline, err = visit.Do(v, read, c.ask); err != nil {
		return nil, err
	}
	c.outline.Link.Keep(v.Form(fToken))
	c.URL = c.outline.Link.URL(v.Site().Origin.Base(v.Request))
	return c, nil
}

// addressed says to whom the message goes.
func (c *composing) addressed(to invitation.Recipient) {
	c.to, c.Name, c.Address = to, to.Name, to.Email
}

// draft writes the message anew.
func (c *composing) draft() {
	c.Subject, c.Text = c.outline.Words(c.language, c.to.Name, c.URL)
	c.drafted, c.kept = digest(c.Text), false
}

// digest tells whether a text is the one that was drafted, however its lines break.
func digest(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:8])
}

// answerNew takes the form: done, or one of the ways to go on writing.
func answerNew(v *visit.Visit) error {
	c, err := begin(v, v.Form)
	if err != nil {
		return err
	}
	c.typed()
	switch v.Form("go") {
	case "reset":
		c.draft()
		return c.show(http.StatusOK)
	case "refresh":
		c.refresh()
		return c.show(http.StatusOK)
	case letters.Download:
		return c.download()
	}
	return c.done()
}

// typed reads the form.
func (c *composing) typed() {
	c.Letter.Typed()
	c.addressed(invitation.Recipient{Name: strings.TrimSpace(c.Form(fName)), Email: strings.TrimSpace(c.Form(letters.Address))})
	c.source, c.language, c.drafted = invitation.Source(c.Form(fSource)), lang.Match(c.Form(fLanguage), c.Tag()).Tag(), c.Form(fDrafted)
	c.asks = suggested(c.outline.Terms)
	c.asks.typed(c.Visit, c.outline.Chooses)
}

// refresh follows what was chosen: a text that nobody has touched is drafted anew,
// and one of the reader's own keeps all but its link.
func (c *composing) refresh() {
	if digest(c.Text) == c.drafted {
		c.draft()
		return
	}
	if was := c.Form(letters.Link); was != "" && was != c.URL {
		c.Text = strings.ReplaceAll(c.Text, was, c.URL)
	}
	c.kept = true
}

func (c *composing) download() error {
	if err := c.Check(); err != nil {
		return c.again(err)
	}
	return c.Send("invitation.eml")
}

// done keeps the invitation and leads to the list of them.
func (c *composing) done() error {
	keep := invitation.Make
	if c.joint {
		keep = invitation.MakeJoint
	}
	made, err := visit.DoOnce(c.Visit, keep, invitation.New{
		Asking: c.ask, Token: c.outline.Link.Token, Base: c.Site().Origin.Base(c.Request), Recipient: c.to, Source: c.source,
		Language: c.language, Delegated: c.asks.wanted, Terms: c.asks.of(c.outline.Chooses), Subject: strings.TrimSpace(c.Subject), Message: c.Text,
	})
	if err != nil {
		return c.again(err)
	}
	c.Toast(c.T("invitepage.done.toast"))
	return c.Redirect(visit.InvitationsPath + "?added=" + made.ID)
}

// again shows the form with what is wrong beside the fields.
func (c *composing) again(err error) error {
	if kind := fault.KindOf(err); kind != fault.Invalid && !errors.Is(err, invitation.ErrConnected) {
		return err
	}
	status := visit.Status(err)
	if c.Said, err = c.Judge(err, nil, fieldOf, c.label); err != nil {
		return err
	}
	return c.show(status)
}

// fieldOf says which field of the form a member of the input is.
func fieldOf(member string) string {
	return map[string]string{
		"recipientName": fName, "recipientEmail": letters.Address, "source": fSource, "language": fLanguage, "subject": letters.Subject, "message": letters.Message,
		"roles": fRoles, "duration": fDays, "autoExtend": fExtend, "groups": fGroups,
	}[member]
}

// fields are those of the form in their order.
var fields = []string{fProvider, fName, letters.Address, fSource, fLanguage, fRoles, fDays, fExtend, fGroups, letters.Subject, letters.Message}

func (c *composing) label(field string) string {
	switch field {
	case fName:
		return c.T("invitepage.field.name")
	case letters.Address:
		return c.T("invitepage.field.email")
	case fSource:
		return c.T("invitepage.field.source")
	case fLanguage:
		return c.T("invitepage.field.language")
	case letters.Subject:
		return c.T("invitepage.field.subject")
	}
	return c.T("invitepage.field.message")
}

func (c *composing) show(status int) error {
	f := c.Frame(c.title(), visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: c.T("portal.customers"), Href: visit.CustomersPath})
	f.Subtitle = c.T("invitepage.new.subtitle")
	f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: c.introduction()})
	if c.outline.Customer != "" {
		f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: c.T("invitepage.new.for", "Customer", c.outline.Customer)})
	}
	if c.kept {
		f.Messages = append(f.Messages, block.Message{Tone: block.Warning, Text: c.T("invitepage.new.kept")})
	}
	f.Help = help(c.Visit)
	return c.ShowAs(status, composePage(c, f))
}

func (c *composing) title() string {
	if c.joint {
		return c.T("invitepage.new.joint_title")
	}
	return c.T("invitepage.new.title")
}

// introduction says who may be invited (S4.21), and to a reseller why its provider
// takes part (S4.27).
func (c *composing) introduction() string {
	switch {
	case c.joint:
		return c.T("invitepage.new.who_joint", "Provider", c.outline.Provider.Name)
	case len(c.outline.Providers) > 0:
		return c.T("invitepage.new.who_reseller")
	}
	return c.T("invitepage.new.who")
}

func help(v *visit.Visit) block.Help {
	return block.Help{
		Title: v.T("invitepage.new.title"), Text: []string{v.T("invitepage.help.who"), v.T("invitepage.help.send"), v.T("invitepage.help.link"), v.T("invitepage.help.roles")},
		Roles: v.RolesFor("relationship.invite", true),
	}
}

// action is where the form is sent.
func (c *composing) action() string {
	if c.joint {
		return visit.InvitePath + "?" + fProvider + "=" + string(c.ask.Provider)
	}
	return visit.InvitePath
}

// refreshing has a field that decides about others draw the form anew.
func (c *composing) refreshing(f block.Field) block.Field {
	f.Attrs = templ.Attributes{
		"hx-post": visit.InvitePath, "hx-trigger": "change", "hx-include": "#" + formID, "hx-vals": `{"go":"refresh"}`,
		"hx-target": "#" + formID, "hx-select": "#" + formID, "hx-swap": "outerMorph",
	}
	return f
}

func (c *composing) providerField() block.Field {
	return c.refreshing(block.Field{
		Name: fProvider, Label: c.T("invitepage.field.provider"), Hint: c.T("invitepage.field.provider_hint"), Value: string(c.ask.Provider),
		Options: providerOptions(c.Visit, c.outline.Providers),
	})
}

func providerOptions(v *visit.Visit, providers []identity.Partner) []block.Option {
	all := make([]block.Option, len(providers))
	for i, p := range providers {
		all[i] = block.Option{Value: string(p.Tenant), Label: v.T("invitepage.field.provider_option", "Name", p.Name, "Country", v.Country(p.Country))}
	}
	return all
}

func (c *composing) nameField() block.Field {
	return c.refreshing(c.Said.Mark(block.Field{
		Name: fName, Label: c.label(fName), Hint: c.T("invitepage.field.name_hint"), Value: c.to.Name, Max: nameMax, Autocomplete: "off",
	}))
}

func (c *composing) emailField() block.Field {
	return c.Said.Mark(block.Field{
		Name: letters.Address, Label: c.label(letters.Address), Hint: c.T("invitepage.field.email_hint"), Value: c.to.Email, Max: emailMax, Autocomplete: "off",
	})
}

func (c *composing) sourceField() block.Field {
	f := block.Field{Name: fSource, Label: c.label(fSource), Hint: c.T("invitepage.field.source_hint"), Value: string(c.source), Placeholder: c.T("invitepage.source.none")}
	for _, s := range invitation.Sources() {
		f.Options = append(f.Options, block.Option{Value: string(s), Label: sourceName(c.Visit, s)})
	}
	return c.Said.Mark(f)
}

// sourceName says where a customer comes from, "" for what nobody said.
func sourceName(v *visit.Visit, s invitation.Source) string {
	switch s {
	case invitation.Marketing:
		return v.T("invitepage.source.marketing")
	case invitation.Referral:
		return v.T("invitepage.source.referral")
	case invitation.ByPartner:
		return v.T("invitepage.source.provider")
	case invitation.Existing:
		return v.T("invitepage.source.existing")
	}
	return ""
}

func (c *composing) languageField() block.Field {
	f := block.Field{Name: fLanguage, Label: c.label(fLanguage), Value: c.language}
	for _, tag := range lang.Tags() {
		f.Options = append(f.Options, block.Option{Value: tag, Label: c.Culture(tag)})
	}
	return c.refreshing(c.Said.Mark(f))
}

func (c *composing) resetButton() block.Button {
	return block.Button{Label: c.T("invitepage.mail.reset"), Icon: icon.Undo, Name: "go", Value: "reset"}
}
