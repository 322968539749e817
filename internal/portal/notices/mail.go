package notices

import (
	"comptoir/internal/event"
	"comptoir/internal/id"
	"comptoir/internal/mail"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const (
	onePath    = visit.MailPath + "/{id}"
	eventsPath = visit.MailPath + "/events"
	resendPath = visit.MailPath + "/resend"
)

// enter refuses everybody but people of the operator: for others there is no
// such page.
func enter(v *visit.Visit) error {
	if v.Actor.Kind != policy.Operator {
		return refusal.NotFound
	}
	return nil
}

// outbox is the list of mails (V-14).
type outbox struct {
	*visit.Visit
	view   block.View
	state  mail.State // "" for all
	page   mail.Listing
	counts map[mail.State]int64
	// aside is how many events nobody could be told of.
	aside int
}

func mails(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	o := &outbox{Visit: v, view: block.ParseView(v.Request.URL.Query()), counts: map[mail.State]int64{}}
	o.state, _ = mail.ParseState(v.Query("state"))
	in := mail.Page{State: o.state, After: o.view.After, Before: o.view.Before, Limit: o.view.Size}
	if o.view.AtLast {
		in.Before = first
	}
	var err error
	if o.page, err = visit.Do(v, mail.List, in); err != nil {
		return err
	}
	if v.Wants(mailsID) {
		return v.Show(block.DataTable(v.Printer, o.table()))
	}
	if o.counts, err = visit.Do(v, mail.Counts, struct{}{}); err != nil {
		return err
	}
	if o.aside, err = visit.Do(v, event.Aside, struct{}{}); err != nil {
		return err
	}
	f := v.Frame(v.T("mail.page.title"), visit.Mail)
	f.Subtitle, f.Tabs = v.T("mail.page.subtitle"), o.tabs()
	return v.Show(mailsPage(o, f))
}

// first sorts before every id.
const first = "0"

// base is the address of the list.
func (o *outbox) base() string { return listOf(o.state) }

func listOf(s mail.State) string {
	if s == "" {
		return visit.MailPath
	}
	return visit.MailPath + "?state=" + string(s)
}

func (o *outbox) tabs() []block.Tab {
	tab := func(label string, s mail.State, count int64) block.Tab {
		return block.Tab{Label: label, Href: listOf(s), Current: s == o.state, Count: count}
	}
	return []block.Tab{
		tab(o.T("mail.page.all"), "", 0),
		tab(o.T("mail.state.waiting"), mail.Waiting, o.counts[mail.Waiting]),
		tab(o.T("mail.state.failed"), mail.Failed, o.counts[mail.Failed]),
		tab(o.T("mail.state.sent"), mail.Sent, 0),
	}
}

// mailsID names the list.
const mailsID = "mails"

func (o *outbox) table() block.Table {
	t := block.Table{
		ID: mailsID, Caption: o.T("mail.page.title"), Base: o.base(), View: o.view, Total: o.page.Total, Columns: []block.Column{
			{Key: "subject", Title: o.T("mail.column.subject"), Fixed: true},
			{Key: "to", Title: o.T("mail.column.to")},
			{Key: "state", Title: o.T("mail.column.state"), Nowrap: true},
			{Key: "at", Title: o.T("mail.column.at"), Nowrap: true},
			{Key: "tries", Title: o.T("mail.column.tries"), Number: true, Hidden: true},
			{Key: "language", Title: o.T("mail.column.language"), Hidden: true},
			{Key: "kind", Title: o.T("mail.column.kind"), Mono: true, Hidden: true},
		},
		Empty: block.EmptyState{Title: o.T("mail.empty"), Text: o.T("mail.empty_text")},
	}
	all := o.page.Mails
	for _, m := range all {
		t.Rows = append(t.Rows, block.Row{ID: m.ID, Name: m.Subject, Cells: []block.Cell{
			{Text: m.Subject, Href: pathOfMail(m.ID)},
			{Text: m.Name, Sub: m.Address},
			{Badge: mailState(o.Visit, m.State), Sub: reasonOf(o.Visit, m)},
			{Body: block.Time(o.Printer, m.CreatedAt)},
			{Text: o.Number(int64(m.Tries))},
			{Text: o.Culture(m.Language)},
			{Text: m.Kind},
		}})
	}
	if o.page.Newer {
		t.Previous = all[0].ID
	}
	if o.page.Older && !o.view.AtLast {
		t.Next = all[len(all)-1].ID
	}
	return t
}

// reasonOf says in a few words why a mail is not at its recipient, "" for one
// that is, or that was not tried yet.
func reasonOf(v *visit.Visit, m mail.Mail) string {
	if m.Reason == "" {
		return ""
	}
	words, _ := m.Reason.Keys()
	return v.T(words)
}

// allAgain offers to send everything again that failed.
func (o *outbox) allAgain() bool { return o.state == mail.Failed && o.counts[mail.Failed] > 0 }

func pathOfMail(mail string) string { return visit.MailPath + "/" + mail }

func mailState(v *visit.Visit, s mail.State) block.Badge {
	switch s {
	case mail.Sent:
		return block.Badge{Tone: block.Success, Text: v.T("mail.state.sent")}
	case mail.Failed:
		return block.Badge{Tone: block.Danger, Text: v.T("mail.state.failed")}
	case mail.Waiting:
	}
	return block.Badge{Tone: block.Info, Icon: icon.Pending, Text: v.T("mail.state.waiting")}
}

// number reads the id of the mail that a page is about.
func number(v *visit.Visit) (string, error) {
	if err := enter(v); err != nil {
		return "", err
	}
	key, ok := id.Parse(v.Request.PathValue("id"))
	if !ok {
		return "", refusal.NotFound
	}
	return key, nil
}

func showMail(v *visit.Visit) error {
	key, err := number(v)
	if err != nil {
		return err
	}
	m, err := visit.Do(v, mail.Get, key)
	if err != nil {
		return err
	}
	f := v.Frame(m.Subject, visit.Mail)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("mail.page.title"), Href: visit.MailPath})
	f.Badges = []block.Badge{mailState(v, m.State)}
	f.Subtitle = v.T("mail.one.subtitle", "Name", m.Name, "Address", m.Address)
	if m.Reason != "" || m.Error != "" {
		f.Messages = append(f.Messages, failure(v, m))
	}
	return v.Show(mailPageOf(v, f, m))
}

// failure says why a mail is not at its recipient, and what to do.
func failure(v *visit.Visit, m mail.Mail) block.Message {
	_, sentence := m.Reason.Keys()
	msg := block.Message{Tone: block.Warning, Title: v.N("mail.one.trying", int64(m.Tries)), Text: v.T(sentence)}
	if m.State == mail.Failed {
		msg.Tone, msg.Title = block.Danger, v.N("mail.one.given_up", int64(m.Tries))
	}
	return msg
}

func mailFacts(v *visit.Visit, m mail.Mail) []block.Fact {
	facts := []block.Fact{
		{Term: v.T("mail.column.to"), Value: m.Name, Hint: m.Address},
		{Term: v.T("mail.column.language"), Value: v.Culture(m.Language)},
		{Term: v.T("mail.column.kind"), Value: m.Kind, Mono: true},
		{Term: v.T("mail.column.tries"), Value: v.Number(int64(m.Tries))},
		{Term: v.T("mail.column.at"), Value: v.DateTime(m.CreatedAt)},
	}
	if m.Error != "" {
		facts = append(facts, block.Fact{Term: v.T("mail.one.said"), Value: m.Error, Mono: true})
	}
	if !m.NextTry.IsZero() {
		facts = append(facts, block.Fact{Term: v.T("mail.one.next"), Value: v.DateTime(m.NextTry)})
	}
	if !m.SentAt.IsZero() {
		facts = append(facts, block.Fact{Term: v.T("mail.column.sent"), Value: v.DateTime(m.SentAt)})
	}
	return facts
}

func downloadMail(v *visit.Visit) error {
	key, err := number(v)
	if err != nil {
		return err
	}
	text, err := visit.Do(v, mail.Download, key)
	if err != nil {
		return err
	}
	return v.Send(key+".eml", "message/rfc822", text)
}

// mailPage shows a mail as its recipient sees it, cut off from everything.
func mailPage(v *visit.Visit) error {
	key, err := number(v)
	if err != nil {
		return err
	}
	m, err := visit.Do(v, mail.Get, key)
	if err != nil {
		return err
	}
	v.ShowMail(m)
	return nil
}

func resendMail(v *visit.Visit) error {
	key, err := number(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, mail.Resend, key); err != nil {
		return err
	}
	v.Toast(v.T("mail.one.resent"))
	return v.Redirect(pathOfMail(key))
}

// resendAll has everything sent again that failed.
func resendAll(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	n, err := visit.Do(v, mail.ResendFailed, struct{}{})
	if err != nil {
		return err
	}
	if n == 0 {
		v.Toast(v.T("mail.page.none_failed"))
	} else {
		v.Toast(v.N("mail.page.resent_all", n))
	}
	return v.Redirect(visit.MailPath)
}

// retryEvents takes up again what nobody could be told of.
func retryEvents(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	if _, err := visit.Do(v, event.Retry, struct{}{}); err != nil {
		return err
	}
	return v.Redirect(visit.MailPath)
}
