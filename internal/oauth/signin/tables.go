package signin

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// fieldOf returns the field of the password form that a refusal concerns.
func fieldOf(err error) string {
	for _, f := range fault.All(err) {
		if f.Field == "password" {
			return "password"
		}
	}
	return "current"
}

// rowButton is the button of a row: it sends a value with the form that has an
// id. about says to a screen reader which row it is.
func rowButton(form, name, value, label, about string) templ.Component {
	return block.ButtonOf(block.Button{
		Label: label, Name: name, Value: value, Attrs: templ.Attributes{"form": form, "aria-label": label + ": " + about},
	})
}

func factorTable(v *visit.Visit, o overview) block.Table {
	t := block.Table{
		ID: "factor", Caption: v.T("signin.security.factors"), Small: true, Total: int64(len(o.factors.Factors)),
		Columns: []block.Column{
			{Key: "name", Title: v.T("common.name"), Fixed: true},
			{Key: "kind", Title: v.T("signin.security.kind")},
			{Key: "added", Title: v.T("signin.security.added")},
			{Key: "used", Title: v.T("signin.security.used")},
			{Key: "go", Title: ""},
		},
		Empty: block.EmptyState{Title: v.T("signin.security.no_factors"), Text: v.T("signin.security.no_factors_text")},
	}
	for _, f := range o.factors.Factors {
		name := factorName(v, f)
		t.Rows = append(t.Rows, block.Row{ID: f.ID, Name: name, Cells: []block.Cell{
			{Text: name},
			{Text: factorKind(v, f)},
			{Text: moment(v, f.CreatedAt)},
			{Text: moment(v, f.UsedAt)},
			{Body: block.ButtonOf(block.Button{
				Label: v.T("common.remove"), Href: removePath + "?id=" + url.QueryEscape(f.ID), Dialog: true, Reason: stays(v, o.factors),
				Attrs: templ.Attributes{"aria-label": v.T("common.remove") + ": " + name},
			})},
		}})
	}
	return t
}

func factorKind(v *visit.Visit, f identity.Factor) string {
	if f.Kind == identity.FactorPasskey {
		return v.T("signin.factor.key")
	}
	return v.T("signin.factor.app")
}

// factorName is what a person called a factor, or what it is where he gave it no
// name: that one is said in the language of the reader, whichever that is.
func factorName(v *visit.Visit, f identity.Factor) string {
	if f.Name != "" {
		return f.Name
	}
	return factorKind(v, f)
}

func sessionTable(v *visit.Visit, o overview) block.Table {
	t := block.Table{
		ID: "session", Caption: v.T("signin.security.sessions"), Small: true, Total: int64(len(o.sessions)),
		Columns: []block.Column{
			{Key: "browser", Title: v.T("signin.security.browser"), Fixed: true},
			{Key: "address", Title: v.T("signin.security.address"), Mono: true},
			{Key: "since", Title: v.T("signin.security.since")},
			{Key: "seen", Title: v.T("signin.security.seen")},
			{Key: "go", Title: ""},
		},
	}
	for _, s := range o.sessions {
		name := browserOf(v, s.UserAgent)
		last := block.Cell{Body: rowButton("end-session", "handle", s.Handle, v.T("common.sign_out"), name)}
		if s.Handle == o.current {
			last = block.Cell{Badge: block.Badge{Tone: block.Success, Text: v.T("signin.security.this_one")}}
		}
		t.Rows = append(t.Rows, block.Row{ID: s.Handle, Name: name, Cells: []block.Cell{
			{Text: name}, {Text: s.Address}, {Text: moment(v, s.CreatedAt)}, {Text: moment(v, s.SeenAt)}, last,
		}})
	}
	return t
}

func allowedTable(v *visit.Visit, o overview) block.Table {
	t := block.Table{
		ID: "application", Caption: v.T("signin.security.applications"), Small: true, Total: int64(len(o.allowed)),
		Columns: []block.Column{
			{Key: "name", Title: v.T("common.name"), Fixed: true}, {Key: "since", Title: v.T("signin.security.since")}, {Key: "go", Title: ""},
		},
	}
	for _, a := range o.allowed {
		t.Rows = append(t.Rows, block.Row{ID: string(a.App), Name: a.name, Cells: []block.Cell{
			{Text: a.name, Sub: string(a.App)},
			{Text: moment(v, a.GrantedAt)},
			{Body: rowButton("withdraw-consent", "app", string(a.App), v.T("signin.security.withdraw"), a.name)},
		}})
	}
	return t
}

// moment says when something happened, or that it did not.
func moment(v *visit.Visit, t time.Time) string {
	if t.IsZero() {
		return v.T("signin.security.never")
	}
	return v.DateTime(t)
}

// The names by which browsers and systems call themselves, the more particular
// ones first: Edge also says that it is Chrome, and Chrome that it is Safari.
var (
	browserNames = []struct{ mark, name string }{
		{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systemNames = []struct{ mark, name string }{
		{"Windows", "Windows"}, {"iPhone", "iOS"}, {"iPad", "iPadOS"}, {"Android", "Android"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
)

// browserOf names a browser as its owner knows it.
func browserOf(v *visit.Visit, agent string) string {
	find := func(names []struct{ mark, name string }) string {
		for _, n := range names {
			if strings.Contains(agent, n.mark) {
				return n.name
			}
		}
		return ""
	}
	browser, system := find(browserNames), find(systemNames)
	switch {
	case browser == "":
		return v.T("signin.security.unknown_browser")
	case system == "":
		return browser
	}
	return v.T("signin.security.browser_on", "Browser", browser, "System", system)
}
