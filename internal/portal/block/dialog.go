package block

import (
	"github.com/a-h/templ"

	"comptoir/internal/lang"
)

// Dialog asks one question or shows one small form over the page. With script
// it opens over the page that leads to it; without, its address is a page of
// its own that shows the same dialog.
type Dialog struct {
	ID    string
	Title string // verb and object: "Suspend subscription"
	Text  string // effect, dates, money
	Tone  Tone   // Warning and Danger add an icon
	// Action is the address the form is posted to.
	Action string
	CSRF   string
	// RequestID makes a repeated submit answer with the first result.
	RequestID string
	// Confirm is the verb of the main button; Destructive colours it.
	Confirm     string
	Destructive bool
	// Reason says why the action is not possible; the main button is disabled.
	Reason string
	// Cancel is where the dialog leads when it is left. Required.
	Cancel string
	// Type asks the reader to type this text before the main button works.
	Type string
	// Wide gives room for a table or a form of two columns.
	Wide bool
	// Ready gives the main button the focus: for a question that is answered all
	// day long, and mostly with yes.
	Ready bool
}

// readied puts the focus on the main button of a dialog that is Ready.
func (d Dialog) readied() templ.Attributes {
	if d.Ready && !d.Destructive {
		return templ.Attributes{"autofocus": true}
	}
	return nil
}

// Secret is a password or client secret that is shown once (portal 0.4).
type Secret struct {
	ID    string
	Label string
	Value string
	// Facts are shown and saved with it: user name, customer, address.
	Facts []Fact
	// Listed says that the facts show the value in clear already: it is not shown
	// again, masked.
	Listed bool
	// File is the name of the text file that Download saves.
	File string
}

// SecretOnce shows secrets that cannot be seen again.
type SecretOnce struct {
	Title   string
	Text    string
	Secrets []Secret
	// Action receives the confirmation that the secrets are saved, then the
	// reader goes on; Done is the label of that button.
	Action string
	CSRF   string
	Done   string
	// More are further ways on; each wants the confirmation as well.
	More []Button
	// Shown says that the reader has seen the secrets before: they are withheld,
	// and nothing is left to confirm.
	Shown bool
	// Unsaved says that the confirmation was missing: it is asked for again,
	// without the secrets.
	Unsaved bool
}

// open reports whether the secrets stand on the page.
func (s SecretOnce) open() bool { return !s.Shown && !s.Unsaved }

// message says how to treat the secrets, or where they are gone.
func (s SecretOnce) message(p *lang.Printer) Message {
	switch {
	case s.Unsaved:
		return Message{Tone: Danger, Text: p.T("block.secret.unsaved_text")}
	case s.Shown:
		return Message{Tone: Info, Title: p.T("block.secret.shown_title"), Text: p.T("block.secret.shown_text")}
	}
	return Message{Tone: Warning, Title: orElse(s.Title, p.T("block.secret.title")), Text: orElse(s.Text, p.T("block.secret.text"))}
}

// SignIn is the layout of pages outside the frame: sign-in, second factor,
// invitation, partnership, sign-out.
type SignIn struct {
	Head
	Heading string
	Text    string
	// Messages come above the form.
	Messages []Message
	// Languages are links that show the page in another language.
	Languages []Choice
	// Footer are links below the card: privacy, help.
	Footer []Link
	// Wide gives room for a review with two columns.
	Wide bool
}

// Head is what every page has, with or without the frame.
type Head struct {
	Title string
	// Product is the name of the product, "Comptoir" unless the operator set another.
	Product string
	Theme   Theme
	// Sandbox marks every page of a sandbox.
	Sandbox bool
}

func (h Head) product() string { return orElse(h.Product, "Comptoir") }

// title is the title of the window.
func (h Head) title() string {
	if h.Title == "" {
		return h.product()
	}
	return h.Title + " · " + h.product()
}

// Theme is the look that the reader chose; the empty theme follows the system.
type Theme string

// The themes.
const (
	SystemTheme   Theme = ""
	LightTheme    Theme = "light"
	DarkTheme     Theme = "dark"
	ContrastTheme Theme = "contrast"
)

// scheme is what the browser paints before the style sheet has come.
func (t Theme) scheme() string {
	switch t {
	case LightTheme:
		return "light"
	case DarkTheme, ContrastTheme:
		return "dark"
	case SystemTheme:
	}
	return "light dark"
}

// ParseTheme returns the theme named s, and the system's for anything else.
func ParseTheme(s string) Theme {
	switch t := Theme(s); t {
	case LightTheme, DarkTheme, ContrastTheme:
		return t
	}
	return SystemTheme
}

// Choice is one of several settings of which one holds.
type Choice struct {
	Label   string
	Value   string
	Href    string
	Current bool
	// Lang is the language of Label, for screen readers.
	Lang string
}

// themes lists the choices of the profile menu.
func themes(p *lang.Printer, now Theme) []Choice {
	return []Choice{
		{Label: p.T("block.theme.system"), Value: "system", Current: now == SystemTheme},
		{Label: p.T("block.theme.light"), Value: string(LightTheme), Current: now == LightTheme},
		{Label: p.T("block.theme.dark"), Value: string(DarkTheme), Current: now == DarkTheme},
		{Label: p.T("block.theme.contrast"), Value: string(ContrastTheme), Current: now == ContrastTheme},
	}
}
