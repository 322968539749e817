package delegations

import (
	"net/http"
	"net/url"
	"strings"

	"comptoir/internal/gdap"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// message is the page with the words that the partner sends to the customer itself,
// and the link that they carry (rule F2).
type message struct {
	*detail
	subject, text, link string
}

func openMessage(v *visit.Visit) (*message, error) {
	d, err := openDetail(v)
	if err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "gdap.request", true); err != nil {
		return nil, err
	}
	if d.relationship.Status != gdap.ApprovalPending || d.relationship.ConsentDue {
		return nil, refusal.NotFound
	}
	m := &message{detail: d, link: v.Site().Origin.Base(v.Request) + visit.OfferLink + d.relationship.ID}
	p := lang.Match(d.customer.Billing.Language, v.Tag())
	m.subject = p.T("gdappage.letter.subject", "Partner", v.Person.TenantName)
	extend := p.T("delegationpage.extend_no")
	if d.relationship.Permanent() {
		extend = p.T("delegationpage.extend_yes")
	}
	m.text = p.T("gdappage.letter.text", "Partner", v.Person.TenantName, "Name", d.relationship.Name, "Duration", p.N("delegationpage.days", int64(d.relationship.Days())),
		"Extend", extend, "Roles", "– "+strings.Join(d.relationship.Roles.Names(), "\n– "), "Link", m.link, "Date", p.Date(d.relationship.AnswerBy()), "Sender", v.Name())
	return m, nil
}

func showMessage(v *visit.Visit) error {
	m, err := openMessage(v)
	if err != nil {
		return err
	}
	f := m.frame(m.T("gdappage.letter.title"), block.Link{Label: m.relationship.Name, Href: m.path()})
	f.Subtitle = m.T("gdappage.letter.subtitle", "Customer", m.customer.OriginalName)
	return m.ShowAs(http.StatusOK, messagePage(m, f))
}

// mailto opens the message in the reader's mail program.
func (m *message) mailto() string {
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	return "mailto:" + escape(m.customer.Billing.Email) + "?subject=" + escape(m.subject) + "&body=" + escape(strings.ReplaceAll(m.text, "\n", "\r\n"))
}

func (m *message) buttons() []block.Button {
	return []block.Button{
		{Label: m.T("gdappage.letter.open"), Icon: icon.Mail, Href: m.mailto()},
		{Label: m.T("common.done"), Kind: block.Primary, Href: m.path()},
	}
}
