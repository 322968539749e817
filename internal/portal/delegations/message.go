package delegations

import (
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/letters"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// message is the page with the words that the partner sends to the customer itself,
// and the link that they carry (rule F2).
type message struct {
	letters.Letter
	one
}

func openMessage(v *visit.Visit) (*message, error) {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "gdap.request", true); err != nil {
		return nil, err
	}
	if !o.relationship.AwaitsCustomer() {
		return nil, refusal.NotFound
	}
	contact := o.customer.Billing
	return &message{one: o, Letter: letters.Letter{
		Visit: v, Name: strings.TrimSpace(contact.FirstName + " " + contact.LastName), Address: contact.Email, Keep: v.T("gdappage.letter.keep"),
		URL: v.Site().Origin.Base(v.Request) + visit.OfferLink + o.relationship.ID,
	}}, nil
}

// draft writes the message anew, in the language of the customer.
func (m *message) draft() {
	p, partner, r := lang.Match(m.customer.Billing.Language, m.Tag()), m.Person.TenantName, m.relationship
	extend := p.T("delegationpage.extend_no")
	if r.Permanent() {
		extend = p.T("delegationpage.extend_yes")
	}
	m.Subject = p.T("gdappage.letter.subject", "Partner", partner)
	m.Text = p.T("gdappage.letter.text", "Partner", partner, "Name", r.Name, "Duration", p.N("delegationpage.days", int64(r.Days())),
		"Extend", extend, "Roles", "– "+strings.Join(r.Roles.Names(), "\n– "), "Link", m.URL, "Date", p.Date(r.AnswerBy()), "Sender", m.Visit.Name())
}

func showMessage(v *visit.Visit) error {
	m, err := openMessage(v)
	if err != nil {
		return err
	}
	m.draft()
	return m.show(http.StatusOK)
}

func (m *message) show(status int) error {
	f := m.frame(m.T("gdappage.letter.title"), block.Link{Label: m.relationship.Name, Href: m.path()})
	f.Subtitle = m.T("gdappage.letter.subtitle", "Customer", m.customer.OriginalName)
	return m.ShowAs(status, messagePage(m, f))
}

// answerMessage takes what the reader has made of the message: done, a file, or the
// draft anew.
func answerMessage(v *visit.Visit) error {
	m, err := openMessage(v)
	if err != nil {
		return err
	}
	m.Typed()
	if v.Form("go") == "reset" {
		m.draft()
		return m.show(http.StatusOK)
	}
	_, err = visit.Do(v, gdap.CheckMessage, gdap.Message{Relationship: m.relationship.ID, Link: m.URL, Text: m.Text})
	switch {
	case err == nil && v.Form("go") == letters.Download:
		return m.Letter.Send("admin-relationship.eml")
	case err == nil:
		v.Toast(v.T("gdappage.letter.done"))
		return v.Redirect(m.path())
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	status := visit.Status(err)
	field := func(string) string { return letters.Message }
	if m.Said, err = v.Judge(err, nil, field, func(string) string { return v.T("gdappage.letter.message") }); err != nil {
		return err
	}
	return m.show(status)
}

func (m *message) resetButton() block.Button {
	return block.Button{Label: m.T("invitepage.mail.reset"), Icon: icon.Undo, Name: "go", Value: "reset"}
}
