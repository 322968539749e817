// Package gallery shows every building block of the portal in every state, in
// each theme and language. It is served in a sandbox only: it is the place to
// look at before a block is used or changed, and what the browser tests open.
package gallery

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"comptoir/internal/lang"
	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
)

// Root is the address of the gallery.
const Root = "/gallery"

// Sections are the pages of the gallery, as the last part of their address.
func Sections() []string {
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = s.name
	}
	return names
}

// section is one page of the gallery.
type section struct {
	name string
	icon icon.Name
	// title and text are sentences of the reader's language.
	title, text func(*lang.Printer) string
	// dress adds to the frame what the section needs.
	dress func(*visit, *block.Frame)
	body  func(*visit) templ.Component
}

// visit is one request: who reads, and how.
type visit struct {
	*lang.Printer
	request *http.Request
	theme   block.Theme
}

// at returns an address of the gallery that keeps theme and language.
func (v *visit) at(path string) string {
	keep := url.Values{}
	if v.theme != block.SystemTheme {
		keep.Set("theme", string(v.theme))
	}
	if v.request.URL.Query().Get("lang") != "" {
		keep.Set("lang", v.Tag())
	}
	if v.request.URL.Query().Get("nav") == "folded" {
		keep.Set("nav", "folded")
	}
	if len(keep) == 0 {
		return Root + path
	}
	return Root + path + "?" + keep.Encode()
}

// Handler serves the gallery at Root and below. The assets are served elsewhere.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Root, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, newVisit(r).at("/"+sections[0].name), http.StatusSeeOther) //nolint:gosec // an address of the gallery
	})
	for _, s := range sections {
		mux.HandleFunc("GET "+Root+"/"+s.name, func(w http.ResponseWriter, r *http.Request) { s.serve(w, newVisit(r)) })
	}
	mux.HandleFunc("GET "+Root+"/sign-in", func(w http.ResponseWriter, r *http.Request) {
		v := newVisit(r)
		send(w, v, signIn(v))
	})
	mux.HandleFunc("GET "+Root+"/dialogs/{name}", func(w http.ResponseWriter, r *http.Request) { serveDialog(w, newVisit(r)) })
	mux.HandleFunc("POST "+Root+"/preferences", setPreference)
	mux.HandleFunc("POST "+Root+"/check", func(w http.ResponseWriter, r *http.Request) {
		v := newVisit(r)
		send(w, v, block.TextField(v.Printer, v.domain(r.PostFormValue("domain"))))
	})
	mux.HandleFunc("POST "+Root+"/{rest...}", func(w http.ResponseWriter, r *http.Request) {
		block.Redirect(w, r, newVisit(r).at("/messages"))
	})
	return mux
}

func newVisit(r *http.Request) *visit {
	q := r.URL.Query()
	return &visit{
		Printer: lang.Match(q.Get("lang"), r.Header.Get("Accept-Language")),
		request: r, theme: block.ParseTheme(q.Get("theme")),
	}
}

// setPreference takes a choice of the profile menu into the address it came from.
func setPreference(w http.ResponseWriter, r *http.Request) {
	back, err := url.Parse(r.PostFormValue("back"))
	if err != nil || back.Host != "" || !strings.HasPrefix(back.Path, Root) {
		back = &url.URL{Path: Root}
	}
	q := back.Query()
	for _, name := range []string{"theme", "lang", "nav"} {
		if value := r.PostFormValue(name); value != "" {
			q.Set(name, value)
		}
	}
	back.RawQuery = q.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther) //nolint:gosec // it begins with Root and has no host
}

func (s section) serve(w http.ResponseWriter, v *visit) {
	f := v.frame(s)
	if s.dress != nil {
		s.dress(v, &f)
	}
	send(w, v, templ.ComponentFunc(func(c ctx, out writer) error {
		return block.FrameOf(v.Printer, f).Render(templ.WithChildren(c, s.body(v)), out)
	}))
}

func send(w http.ResponseWriter, v *visit, page templ.Component) {
	h := w.Header()
	h.Set("Content-Security-Policy", asset.Policy)
	h.Set("Content-Language", v.Tag())
	h.Set("Cache-Control", "no-store")
	templ.Handler(page).ServeHTTP(w, v.request)
}

// frame is the frame of every section.
func (v *visit) frame(s section) block.Frame {
	f := block.Frame{
		Head:     block.Head{Title: s.title(v.Printer), Theme: v.theme, Sandbox: true},
		Subtitle: s.text(v.Printer), Directory: "Nordlys Cloud AB", Home: v.at("/home"),
		Places: map[string]string{"c": v.at("/list")}, NavFolded: v.request.URL.Query().Get("nav") == "folded",
		Breadcrumb: []block.Link{{Label: v.T("gallery.title"), Href: v.at("/home")}},
		Search:     block.GlobalSearch{Action: Root + "/list"},
		Bell:       block.Bell{Href: v.at("/messages"), Unread: 3},
		Settings:   v.at("/form"), Here: v.request.URL.RequestURI(), Preferences: Root + "/preferences",
		Help: v.help(),
		Profile: block.Profile{
			Name: "Élodie Åkerström", Mail: "elodie@nordlyscloud.example", Roles: []string{v.T("role.admin_agent"), v.T("role.billing_admin")},
			Links: []block.Link{{Label: v.T("gallery.profile.access"), Href: v.at("/states")}}, Directory: v.at("/sign-in"), SignOut: Root + "/sign-out",
		},
		CSRF: "gallery",
	}
	nav := block.NavGroup{Label: v.T("gallery.title")}
	for _, one := range sections {
		item := block.NavItem{Label: one.title(v.Printer), Href: v.at("/" + one.name), Icon: one.icon, Current: one.name == s.name}
		if one.name == "record" && s.name == "record" {
			item.Current, item.Title, item.Children = false, "Brasserie de l’Étoile du Nord SAS", v.recordMenu()
		}
		nav.Items = append(nav.Items, item)
	}
	nav.Items = append(nav.Items, block.NavItem{Label: v.T("common.sign_in"), Href: v.at("/sign-in"), Icon: icon.Lock})
	f.Nav = []block.NavGroup{nav}
	return f
}

func (v *visit) recordMenu() []block.NavItem {
	here := v.at("/record")
	return []block.NavItem{
		{Label: v.T("gallery.word.subscriptions"), Href: here, Icon: icon.Box, Count: 12},
		{Label: v.T("gallery.record.orders"), Href: here, Icon: icon.Receipt},
		{Label: v.T("gallery.record.users"), Href: here, Icon: icon.People},
		{Label: v.T("gallery.record.admin"), Href: here, Icon: icon.PersonKey},
		{Label: v.T("gallery.record.account"), Href: here, Icon: icon.Building, Current: true},
	}
}

func (v *visit) help() block.Help {
	return block.Help{
		Title: v.T("gallery.help.title"), Text: []string{v.T("gallery.help.one"), v.T("gallery.help.two")},
		Roles:     []string{v.T("role.global_admin"), v.T("role.admin_agent"), v.T("role.sales_agent")},
		LearnMore: []block.Link{{Label: v.T("gallery.help.verification"), Href: "https://docs.example.com/verification", External: true}},
		NextSteps: []block.Link{{Label: v.T("gallery.action.add_customer"), Href: v.at("/wizard")}}, Feedback: Root + "/feedback",
	}
}
