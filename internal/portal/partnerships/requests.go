package partnerships

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/partnership"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/letters"
	"comptoir/internal/portal/visit"
)

const requestsID = "requests"

// requests is the list of what a provider has asked.
type requests struct {
	*visit.Visit
	view block.View
	all  []partnership.Request
}

func listRequests(v *visit.Visit) error {
	l := &requests{Visit: v, view: block.ParseView(v.Request.URL.Query(), byState)}
	found, err := visit.Do(v, partnership.List, struct{}{})
	if err != nil {
		return err
	}
	l.all = slices.DeleteFunc(found, func(r partnership.Request) bool { return !l.wants(r) })
	if v.Wants(requestsID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("partnership.requests.title"), visit.Resellers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("partnership.resellers.title"), Href: visit.ResellersPath})
	f.Subtitle, f.Help, f.Fill = v.T("partnership.requests.subtitle"), resellersHelp(v), true
	f.Tabs, f.Commands = tabs(v, requestsPath), l.commands()
	return v.Show(tablePage(v.Printer, f, l.table()))
}

func (l *requests) wants(r partnership.Request) bool {
	if want := l.view.Filters.Get(byState); want != "" && want != string(r.State) {
		return false
	}
	search := strings.ToLower(l.view.Search)
	return slices.ContainsFunc([]string{r.Recipient.Name, r.Recipient.Email, r.Name}, func(s string) bool {
		return strings.Contains(strings.ToLower(s), search)
	})
}

func (l *requests) commands() block.CommandBar {
	may := l.Reason("partnership.invite", true)
	return block.CommandBar{
		Table: requestsID,
		Commands: []block.Command{
			{Label: l.T("partnership.request"), Icon: icon.Add, Kind: block.Primary, Href: invitePath, Key: "n", Reason: may},
			{Label: l.T("partnership.requests.open"), Icon: icon.Mail, Href: messagePath, Needs: block.One},
			{Label: l.T("partnership.requests.withdraw"), Icon: icon.Undo, Href: withdrawPath, Dialog: true, Needs: block.One, Reason: may},
		},
		Tools: []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(requestsPath), Key: "r"}},
	}
}

func (l *requests) table() block.Table {
	states := block.Filter{Key: byState, Label: l.T("common.status")}
	for _, s := range []partnership.State{partnership.Open, partnership.Authorized, partnership.Expired, partnership.Withdrawn} {
		states.Options = append(states.Options, block.Option{Value: string(s), Label: l.T(s.Key())})
	}
	t := block.Table{
		ID: requestsID, Caption: l.T("partnership.requests.title"), Base: requestsPath, View: l.view, Search: l.T("partnership.requests.search"),
		Selectable: true, CSRF: l.CSRF(), Filters: []block.Filter{states},
		Columns: []block.Column{
			{Key: "recipient", Title: l.T("partnership.column.recipient"), Fixed: true},
			{Key: "reseller", Title: l.T("partnership.column.reseller")},
			{Key: "by", Title: l.T("partnership.column.by")},
			{Key: "made", Title: l.T("partnership.column.made"), Nowrap: true},
			{Key: "expires", Title: l.T("partnership.column.expires"), Nowrap: true},
			{Key: "state", Title: l.T("common.status"), Nowrap: true},
		},
		Empty: block.EmptyState{
			Title: l.T("partnership.requests.empty"), Text: l.T("partnership.resellers.empty_text"),
			Actions: []block.Button{{Label: l.T("partnership.request"), Kind: block.Primary, Href: invitePath, Reason: l.Reason("partnership.invite", true)}},
		},
	}
	ids := make([]string, len(l.all))
	for i, r := range l.all {
		ids[i] = r.ID
	}
	from, to := t.Window(ids)
	for _, r := range l.all[from:to] {
		t.Rows = append(t.Rows, block.Row{ID: r.ID, Name: recipient(l.Visit, r), Marked: r.ID == l.Query("added"), Cells: []block.Cell{
			{Text: recipient(l.Visit, r), Sub: r.Recipient.Email, Href: ask(messagePath, r)},
			{Text: r.Name},
			{Text: r.ByName},
			{Text: l.Date(r.CreatedAt)},
			{Text: l.Date(r.ExpiresAt)},
			{Badge: badge(l.Visit, r.State)},
		}})
	}
	return t
}

// recipient is what a request is called: by whom it goes to.
func recipient(v *visit.Visit, r partnership.Request) string {
	return cmp.Or(r.Recipient.Name, r.Recipient.Email, v.T("partnership.requests.nobody"))
}

func badge(v *visit.Visit, s partnership.State) block.Badge {
	b := block.Badge{Tone: block.Neutral, Text: v.T(s.Key())}
	switch s {
	case partnership.Open:
		b.Tone, b.Icon = block.Info, icon.Pending
	case partnership.Authorized:
		b.Tone = block.Success
	case partnership.Expired, partnership.Withdrawn:
		b.Icon = icon.Off
	}
	return b
}

// ask is the address of a page about r.
func ask(path string, r partnership.Request) string { return path + "?id=" + url.QueryEscape(r.ID) }

// one is a request that a page is about.
type one struct {
	letters.Letter
	request partnership.Request
	refused error
}

func read(v *visit.Visit) (*one, error) {
	r, err := visit.Do(v, partnership.Show, v.Query("id"))
	return &one{request: r, Letter: letters.Letter{
		Visit: v, Name: r.Recipient.Name, Address: r.Recipient.Email, Subject: r.Subject, Text: r.Message,
		URL: partnership.Link(v.Site().Origin.Base(v.Request), r.Token), Keep: v.T("partnership.request.keep"),
	}}, err
}

// showMessage opens the draft of a request again.
func showMessage(v *visit.Visit) error {
	o, err := read(v)
	if err != nil {
		return err
	}
	return o.show(http.StatusOK)
}

func (o *one) show(status int) error {
	f := o.frame(recipient(o.Visit, o.request))
	f.Badges, f.Help = []block.Badge{badge(o.Visit, o.request.State)}, resellersHelp(o.Visit)
	if o.request.State != partnership.Open {
		f.Messages = append(f.Messages, block.Message{Tone: block.Warning, Text: o.T("partnership.requests.ended")})
	}
	return o.ShowAs(status, messagePage(o, f))
}

func (o *one) frame(title string) block.Frame {
	f := o.Frame(title, visit.Resellers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("partnership.resellers.title"), Href: visit.ResellersPath},
		block.Link{Label: o.T("partnership.requests.title"), Href: requestsPath})
	return f
}

// answerMessage takes what the reader has made of a message.
func answerMessage(v *visit.Visit) error {
	o, err := read(v)
	if err != nil {
		return err
	}
	o.Typed()
	if v.Form("go") == letters.Download {
		if err = o.Check(); err == nil {
			return o.Send(file)
		}
	} else {
		_, err = visit.Do(v, partnership.Rewrite, partnership.Rewriting{
			ID: o.request.ID, Base: v.Site().Origin.Base(v.Request), Subject: o.Subject, Message: o.Text,
		})
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("partnership.requests.saved"))
		return v.Redirect(requestsPath)
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	status := visit.Status(err)
	if o.Said, err = v.Judge(err, nil, fieldOf, func(field string) string { return label(v, field) }); err != nil {
		return err
	}
	return o.show(status)
}

// askWithdraw asks whether a request is to be withdrawn.
func askWithdraw(v *visit.Visit) error {
	o, err := read(v)
	if err != nil {
		return err
	}
	return o.showWithdraw(http.StatusOK)
}

func (o *one) showWithdraw(status int) error {
	return o.ShowAs(status, withdrawPage(o, o.frame(o.T("partnership.requests.withdraw_title"))))
}

func (o *one) withdrawDialog() block.Dialog {
	d := block.Dialog{
		ID: "withdraw", Title: o.T("partnership.requests.withdraw_title"), Text: o.T("partnership.requests.withdraw_text", "Recipient", recipient(o.Visit, o.request)),
		Tone: block.Warning, Action: ask(withdrawPath, o.request), CSRF: o.CSRF(), Confirm: o.T("partnership.requests.withdraw"), Destructive: true, Cancel: requestsPath,
	}
	reason := o.refused
	if reason == nil && o.request.State != partnership.Open {
		reason = partnership.ErrEnded.With("State", fault.Keys{o.request.State.Key()})
	}
	d.Reason = cmp.Or(o.Sentence(reason), o.Reason("partnership.invite", true))
	return d
}

func withdraw(v *visit.Visit) error {
	o, err := read(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, partnership.Withdraw, o.request.ID)
	switch {
	case err == nil:
		v.Toast(v.T("partnership.requests.withdrawn"))
		return v.Redirect(requestsPath)
	case fault.KindOf(err) != fault.Conflict:
		return err
	}
	o.refused = err
	return o.showWithdraw(visit.Status(err))
}
