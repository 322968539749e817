package invitations

import (
	"cmp"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/letters"
	"comptoir/internal/portal/visit"
)

// iso is a moment as spreadsheets read it.
func iso(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// one is an invitation that a page is about.
type one struct {
	letters.Letter
	invitation.Shown
	groups  []identity.Group // those of the reader's organization
	refused error
}

func read(v *visit.Visit, invited string) (*one, error) {
	shown, err := visit.Do(v, invitation.Show, invited)
	if err != nil {
		return nil, err
	}
	o := &one{Shown: shown, Letter: letters.Letter{
		Visit: v, Name: shown.Recipient.Name, Address: shown.Recipient.Email, Subject: shown.Invitation.Subject, Text: shown.Message,
		URL: shown.Link.URL(v.Site().Origin.Base(v.Request)),
	}}
	o.groups, err = visit.Do(v, identity.ListGroups, struct{}{})
	return o, err
}

// pane is the details pane of a row: what is known of it, and what happened.
func (l *listing) pane() (templ.Component, error) {
	o, err := read(l.Visit, l.view.Open)
	if err != nil {
		return nil, err
	}
	return invitationPane(o, l.view.Opened("").URL(visit.InvitationsPath)), nil
}

// ask is the address of a page about o.
func (o *one) ask(path string) string { return path + "?id=" + url.QueryEscape(o.ID) }

func (o *one) paneOf(back string) block.Pane {
	p := block.Pane{
		Title: recipient(o.Visit, o.Invitation), Subtitle: kind(o.Visit, o.Invitation), Badges: []block.Badge{badge(o.Visit, o.State)}, Close: back,
	}
	if o.State == invitation.Open {
		p.Actions = []block.Button{
			{Label: o.T("invitepage.open_draft"), Icon: icon.Mail, Kind: block.Primary, Href: o.ask(messagePath)},
			{Label: o.T("invitepage.withdraw"), Icon: icon.Undo, Href: o.ask(withdrawPath), Dialog: true, Reason: o.Visit.Reason("relationship.invite.withdraw", true)},
		}
	}
	if o.State == invitation.Accepted && o.Related {
		p.Links = []block.Link{{Label: o.Invitation.Name, Href: visit.AccountPath(o.Customer)}}
	}
	return p
}

func (o *one) facts() []block.Fact {
	facts := []block.Fact{
		{Term: o.T("invitepage.field.email"), Value: o.Recipient.Email, Copy: true},
		{Term: o.T("invitepage.column.by"), Value: o.ByName},
		{Term: o.T("invitepage.column.expires"), Value: o.DateTime(o.ExpiresAt)},
		{Term: o.T("invitepage.field.language"), Value: o.Culture(o.Language)},
		{Term: o.T("invitepage.field.source"), Value: sourceName(o.Visit, o.Source)},
	}
	if o.Provider != "" {
		facts = append(facts, block.Fact{Term: o.T("invitepage.column.provider"), Value: o.ProviderName})
	}
	if o.State == invitation.Open {
		facts = append(facts, block.Fact{Term: o.T("invitepage.field.link"), Value: o.URL, Copy: true})
	}
	if !o.Delegated {
		return append(facts, block.Fact{Term: o.T("invitepage.roles.title"), Value: o.T("invitepage.roles.not_asked")})
	}
	return append(facts, termsFacts(o.Visit, o.Terms, o.groups)...)
}

// history is what happened with o, from its beginning.
func (o *one) history() []block.Step {
	made := block.Step{Label: o.T("invitepage.history.made"), State: block.Done, At: o.CreatedAt, By: o.ByName}
	end := block.Step{Label: o.T(o.State.Key()), State: block.Failed, At: o.EndedAt, By: o.EndedBy, Text: o.Invitation.Reason}
	switch o.State {
	case invitation.Open:
		end.State, end.Label, end.At = block.Current, o.T("invitepage.history.waits"), time.Time{}
	case invitation.Accepted, invitation.Withdrawn:
		end.State = block.Done
	case invitation.Declined, invitation.Expired:
	}
	return []block.Step{made, end}
}

// showMessage opens the draft of an invitation again.
func showMessage(v *visit.Visit) error {
	o, err := read(v, v.Query("id"))
	if err != nil {
		return err
	}
	return o.show(http.StatusOK)
}

func (o *one) show(status int) error {
	f := o.Frame(recipient(o.Visit, o.Invitation), visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("portal.customers"), Href: visit.CustomersPath},
		block.Link{Label: o.T("invitepage.list.title"), Href: visit.InvitationsPath})
	f.Subtitle, f.Badges, f.Help = kind(o.Visit, o.Invitation), []block.Badge{badge(o.Visit, o.State)}, help(o.Visit)
	if o.State != invitation.Open {
		f.Messages = append(f.Messages, block.Message{Tone: block.Warning, Text: o.T("invitepage.message.ended"), Links: []block.Link{
			{Label: o.T("invitepage.request"), Href: visit.InvitePath},
		}})
	}
	return o.ShowAs(status, messagePage(o, f))
}

// answerMessage takes what the reader has made of a message.
func answerMessage(v *visit.Visit) error {
	o, err := read(v, v.Query("id"))
	if err != nil {
		return err
	}
	o.Typed()
	if v.Form("go") == letters.Download {
		if err = o.Check(); err == nil {
			return o.Send("invitation.eml")
		}
	} else {
		_, err = visit.Do(v, invitation.Rewrite, invitation.Rewriting{
			ID: o.ID, Base: v.Site().Origin.Base(v.Request), Subject: o.Letter.Subject, Message: o.Text,
		})
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict:
	default:
		if err != nil {
			return err
		}
		v.Toast(v.T("invitepage.message.saved"))
		return v.Redirect(visit.InvitationsPath)
	}
	status := visit.Status(err)
	if o.Said, err = v.Judge(err, nil, fieldOf, o.label); err != nil {
		return err
	}
	return o.show(status)
}

func (o *one) label(field string) string {
	if field == letters.Subject {
		return o.T("invitepage.field.subject")
	}
	return o.T("invitepage.field.message")
}

// showLink shows the link of an invitation, to be copied.
func showLink(v *visit.Visit) error {
	o, err := read(v, v.Query("id"))
	if err != nil {
		return err
	}
	return v.Show(linkPage(o, o.frame(v.T("invitepage.copy_link"))))
}

// frame is that of a dialog about o, where it is a page.
func (o *one) frame(title string) block.Frame {
	f := o.Frame(title, visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("invitepage.list.title"), Href: visit.InvitationsPath})
	return f
}

// linkDialog shows a link; there is nothing to confirm.
func (o *one) linkDialog() block.Dialog {
	d := block.Dialog{ID: "link-of", Title: o.T("invitepage.copy_link"), Text: o.T("invitepage.link.text", "Recipient", recipient(o.Visit, o.Invitation)), Cancel: visit.InvitationsPath}
	if o.State != invitation.Open {
		d.Tone, d.Text = block.Warning, o.T("invitepage.message.ended")
	}
	return d
}

func (o *one) linkField() block.Field {
	return block.Field{Name: letters.Link, ID: "the-link", Label: o.T("invitepage.field.link"), Value: o.URL, ReadOnly: true}
}

func (o *one) copyButton() block.Button {
	return block.Button{Label: o.T("invitepage.copy_link"), Icon: icon.Copy, Kind: block.Primary, Plain: true, Script: true, Attrs: templ.Attributes{
		"data-copy-from": "the-link", "data-copied": o.T("common.copied"),
	}}
}

// askWithdraw asks whether an invitation is to be withdrawn.
func askWithdraw(v *visit.Visit) error {
	o, err := read(v, v.Query("id"))
	if err != nil {
		return err
	}
	return o.showWithdraw(http.StatusOK)
}

func (o *one) showWithdraw(status int) error {
	return o.ShowAs(status, withdrawPage(o, o.frame(o.T("invitepage.withdraw.title"))))
}

func (o *one) withdrawDialog() block.Dialog {
	d := block.Dialog{
		ID: "withdraw", Title: o.T("invitepage.withdraw.title"), Text: o.T("invitepage.withdraw.text", "Recipient", recipient(o.Visit, o.Invitation)),
		Tone: block.Warning, Action: o.ask(withdrawPath), CSRF: o.CSRF(), Confirm: o.T("invitepage.withdraw"), Destructive: true, Cancel: visit.InvitationsPath,
	}
	reason := o.refused
	if reason == nil && o.State != invitation.Open {
		reason = invitation.ErrEnded.With("State", fault.Keys{o.State.Key()})
	}
	d.Reason = cmp.Or(o.Sentence(reason), o.Visit.Reason("relationship.invite.withdraw", true))
	return d
}

// withdraw ends an open invitation (rule b14).
func withdraw(v *visit.Visit) error {
	o, err := read(v, v.Query("id"))
	if err != nil {
		return err
	}
	_, err = visit.Do(v, invitation.Withdraw, o.ID)
	switch {
	case err == nil:
		v.Toast(v.T("invitepage.withdraw.toast"))
		return v.Redirect(visit.InvitationsPath)
	case fault.KindOf(err) != fault.Conflict:
		return err
	}
	o.refused = err
	return o.showWithdraw(visit.Status(err))
}
