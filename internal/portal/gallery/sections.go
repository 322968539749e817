package gallery

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
)

type (
	ctx    = context.Context
	writer = io.Writer
)

var sections = []section{
	{
		name: "home", icon: icon.Home, body: home,
		title: func(p *lang.Printer) string { return p.T("gallery.home.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.home.text") },
		dress: func(v *visit, f *block.Frame) {
			f.Messages = []block.Message{{Tone: block.Warning, Title: v.T("gallery.message.agreement.title"), Text: v.T("gallery.message.agreement.text"), Links: []block.Link{{Label: v.T("gallery.action.review"), Href: v.at("/record")}}}}
		},
	},
	{
		name: "list", icon: icon.People, body: list, dress: dressList,
		title: func(p *lang.Printer) string { return p.T("gallery.word.customers") },
		text:  func(p *lang.Printer) string { return p.T("gallery.list.text") },
	},
	{
		name: "record", icon: icon.Building, body: record, dress: dressRecord,
		title: func(p *lang.Printer) string { return p.T("gallery.record.account") },
		text:  func(p *lang.Printer) string { return p.T("gallery.record.text") },
	},
	{
		name: "form", icon: icon.Edit, body: form,
		title: func(p *lang.Printer) string { return p.T("gallery.form.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.form.text") },
	},
	{
		name: "wizard", icon: icon.List, body: wizard,
		title: func(p *lang.Printer) string { return p.T("gallery.wizard.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.wizard.text") },
	},
	{
		name: "messages", icon: icon.Mail, body: messages, dress: dressMessages,
		title: func(p *lang.Printer) string { return p.T("gallery.messages.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.messages.text") },
	},
	{
		name: "states", icon: icon.Box, body: states,
		title: func(p *lang.Printer) string { return p.T("gallery.states.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.states.text") },
	},
	{
		name: "parts", icon: icon.Apps, body: parts,
		title: func(p *lang.Printer) string { return p.T("gallery.parts.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.parts.text") },
	},
	{
		name: "charts", icon: icon.ChartBars, body: charts,
		title: func(p *lang.Printer) string { return p.T("gallery.charts.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.charts.text") },
	},
	{
		name: "secrets", icon: icon.Key, body: secrets,
		title: func(p *lang.Printer) string { return p.T("gallery.secrets.title") },
		text:  func(p *lang.Printer) string { return p.T("gallery.secrets.text") },
	},
}

func dressList(v *visit, f *block.Frame) {
	f.Fill = true
	f.Tabs = []block.Tab{
		{Label: v.T("gallery.list.all"), Href: v.at("/list"), Current: true},
		{Label: v.T("gallery.list.invitations"), Href: v.at("/states"), Count: 4},
		{Label: v.T("gallery.list.expiring"), Href: v.at("/states")},
	}
	f.Commands = block.CommandBar{
		Table: "customers",
		Commands: []block.Command{
			{Label: v.T("gallery.action.add_customer"), Icon: icon.Add, Kind: block.Primary, Href: v.at("/wizard"), Key: "n"},
			{Label: v.T("gallery.action.request"), Icon: icon.Handshake, Href: v.at("/form")},
			{Label: v.T("gallery.action.order"), Icon: icon.Cart, Href: Root + "/form", Needs: block.One},
			{Label: v.T("gallery.action.tags"), Icon: icon.Tag, Href: Root + "/dialogs/tags", Needs: block.Some, Dialog: true},
			{Label: v.T("gallery.action.relation"), Icon: icon.Link, Reason: v.T("gallery.action.relation_reason")},
			{Label: v.T("gallery.action.export"), Icon: icon.Export, Href: v.at("/states"), Key: "e"},
			{Label: v.T("gallery.action.manage_tags"), Icon: icon.Edit, Href: v.at("/form"), Overflow: true},
		},
		Tools: []block.Command{{Label: v.T("common.refresh"), Icon: icon.Refresh, Href: v.request.URL.RequestURI(), Key: "r"}},
	}
	view := block.ParseView(v.request.URL.Query(), sampleFilters...)
	for _, c := range customers {
		if c.id == view.Open {
			f.Pane = v.customerPane(c, view)
		}
	}
}

func list(v *visit) templ.Component {
	return block.DataTable(v.Printer, v.customerTable(block.ParseView(v.request.URL.Query(), sampleFilters...)))
}

func (v *visit) customerPane(one customer, view block.View) templ.Component {
	p := block.Pane{
		Title: one.name, Subtitle: one.domain, Badges: []block.Badge{v.status(one.status)}, Close: view.Opened("").URL(v.at("/list")),
		Links: []block.Link{{Label: v.T("gallery.record.account"), Href: v.at("/record")}, {Label: v.T("gallery.record.users"), Href: v.at("/record")}},
		Actions: []block.Button{
			{Label: v.T("gallery.action.add_subscription"), Icon: icon.Add, Kind: block.Primary, Href: v.at("/form")},
		},
	}
	if one.status == "InReview" {
		p.Actions[0].Reason = v.T("gallery.message.review.text")
	}
	return templ.ComponentFunc(func(c ctx, w writer) error {
		return block.PaneOf(v.Printer, p).Render(templ.WithChildren(c, paneBody(v, one)), w)
	})
}

func dressRecord(v *visit, f *block.Frame) {
	f.Badges = []block.Badge{v.status("InReview")}
	f.Breadcrumb = []block.Link{
		{Label: v.T("gallery.title"), Href: v.at("/home")},
		{Label: v.T("gallery.word.customers"), Href: v.at("/list")},
		{Label: "Brasserie de l’Étoile du Nord SAS", Href: v.at("/record")},
	}
	f.Messages = []block.Message{{Tone: block.Info, Title: v.T("gallery.message.review.title"), Text: v.T("gallery.message.review.text")}}
}

func dressMessages(v *visit, f *block.Frame) {
	f.Toasts = []block.Toast{
		{Tone: block.Success, Text: v.T("gallery.toast.saved"), Undo: v.at("/messages"), CSRF: "gallery"},
		{Tone: block.Danger, Text: v.T("gallery.toast.failed")},
	}
	f.Messages = []block.Message{
		{Tone: block.Info, Title: v.T("gallery.message.review.title"), Text: v.T("gallery.message.review.text"), Closable: true},
		{Tone: block.Success, Text: v.T("gallery.message.approved.text")},
		{Tone: block.Warning, Title: v.T("gallery.message.agreement.title"), Text: v.T("gallery.message.agreement.text"), Links: []block.Link{{Label: v.T("gallery.action.review"), Href: v.at("/record")}}},
		{Tone: block.Blocked, Title: v.T("gallery.message.blocked.title"), Text: v.T("gallery.message.blocked.text")},
		{Tone: block.Danger, Title: v.T("gallery.message.error.title"), Text: v.T("gallery.message.error.text"), Code: "900151", Correlation: "0190f2c4-7a31-7c0e-9b52-2f64a1c0d7e3"},
	}
}

// serveDialog serves a dialog as the page of its address.
func serveDialog(w http.ResponseWriter, v *visit) {
	dialog := dialogs[v.request.PathValue("name")]
	if dialog == nil {
		http.NotFound(w, v.request)
		return
	}
	d, body := dialog(v)
	s := sections[5]
	f := v.frame(s)
	f.Title, f.Subtitle = d.Title, ""
	send(w, v, templ.ComponentFunc(func(c ctx, out writer) error {
		inner := templ.ComponentFunc(func(c ctx, out writer) error {
			return block.DialogOf(v.Printer, d).Render(templ.WithChildren(c, body), out)
		})
		return block.FrameOf(v.Printer, f).Render(templ.WithChildren(c, inner), out)
	}))
}

var dialogs = map[string]func(*visit) (block.Dialog, templ.Component){
	"suspend": func(v *visit) (block.Dialog, templ.Component) {
		return block.Dialog{
			ID: "suspend", Title: v.T("gallery.dialog.suspend.title"), Text: v.T("gallery.dialog.suspend.text"), Tone: block.Warning,
			Action: Root + "/suspend", CSRF: "gallery", RequestID: "1", Confirm: v.T("gallery.dialog.suspend.confirm"), Destructive: true, Cancel: v.at("/messages"),
		}, suspendFacts(v)
	},
	"remove": func(v *visit) (block.Dialog, templ.Component) {
		return block.Dialog{
			ID: "remove", Title: v.T("gallery.dialog.remove.title"), Text: v.T("gallery.dialog.remove.text"), Tone: block.Danger,
			Action: Root + "/remove", CSRF: "gallery", Confirm: v.T("common.remove"), Destructive: true, Cancel: v.at("/messages"),
			Type: "Brasserie de l’Étoile du Nord SAS",
		}, statement(v)
	},
	"blocked": func(v *visit) (block.Dialog, templ.Component) {
		return block.Dialog{
			ID: "blocked", Title: v.T("gallery.dialog.suspend.title"), Text: v.T("gallery.dialog.suspend.text"),
			Action: Root + "/suspend", CSRF: "gallery", Confirm: v.T("gallery.dialog.suspend.confirm"), Cancel: v.at("/messages"),
			Reason: v.T("gallery.message.blocked.text"),
		}, templ.NopComponent
	},
	"tags": func(v *visit) (block.Dialog, templ.Component) {
		return block.Dialog{
			ID: "tags", Title: v.T("gallery.action.tags"), Text: v.N("gallery.dialog.tags.text", int64(len(v.request.URL.Query()["id"]))),
			Action: Root + "/tags", CSRF: "gallery", Confirm: v.T("gallery.dialog.tags.confirm"), Cancel: v.at("/list"),
		}, tagChoice(v)
	},
}

func signIn(v *visit) templ.Component {
	s := block.SignIn{
		Head:    block.Head{Title: v.T("common.sign_in"), Theme: v.theme, Sandbox: true},
		Heading: v.T("common.sign_in"), Text: v.T("gallery.signin.text"),
		Messages: []block.Message{{Tone: block.Info, Text: v.T("gallery.signin.sandbox")}},
		Footer:   []block.Link{{Label: v.T("gallery.signin.privacy"), Href: v.at("/home")}, {Label: v.T("gallery.signin.help"), Href: v.at("/home")}},
	}
	for _, tag := range lang.Tags() {
		name := map[string]string{"en": "English", "fr": "Français", "sv": "Svenska"}[tag]
		s.Languages = append(s.Languages, block.Choice{Label: name, Lang: tag, Href: Root + "/sign-in?" + query("lang", tag, "theme", string(v.theme)), Current: tag == v.Tag()})
	}
	return templ.ComponentFunc(func(c ctx, w writer) error {
		return block.SignInOf(v.Printer, s).Render(templ.WithChildren(c, signInForm(v)), w)
	})
}

// query writes name, value pairs, leaving empty values out.
func query(pairs ...string) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			parts = append(parts, pairs[i]+"="+pairs[i+1])
		}
	}
	return strings.Join(parts, "&")
}
