package block

import (
	"slices"

	"github.com/a-h/templ"

	"comptoir/internal/lang"
	"comptoir/internal/portal/icon"
)

// Frame is everything around the content of a signed-in page: header,
// navigation, breadcrumb, title, messages, commands, pane and help.
type Frame struct {
	Head
	// Subtitle is one short sentence under the title.
	Subtitle string
	// Badges stand beside the title: the status of the record.
	Badges []Badge
	// Directory is the organisation the reader works in.
	Directory string
	// Home is the address of the product name and of "g h".
	Home string
	// Places are the addresses of the "g" keys, for example {"c": "/customers"}.
	Places map[string]string
	Nav    []NavGroup
	// NavFolded shows icons only; the reader's choice, kept in the cookie "nav".
	NavFolded  bool
	Breadcrumb []Link // without the page itself
	Search     GlobalSearch
	Bell       Bell
	Settings   string // address of the settings gear; empty hides it
	Help       Help
	// HelpLinks stand in the help panel behind what the page says there itself.
	HelpLinks []Link
	Profile   Profile
	// CSRF is the token of the reader's session, for the forms of the frame.
	CSRF string
	// Preferences receives the profile menu's choices: form values "theme",
	// "lang", "nav" and "keys", and "back", the address to return to.
	Preferences string
	// Here is the address of this page, sent as "back".
	Here string
	// KeysOff switches the keyboard shortcuts off (portal 0.6).
	KeysOff  bool
	Messages []Message
	Toasts   []Toast
	Tabs     []Tab
	Commands CommandBar
	// Pane is the details pane that is open with the page, made with Pane.
	Pane templ.Component
	// Fill lets a table take the height of the window and scroll inside it.
	Fill bool
}

// NavGroup is a part of the navigation with an optional heading.
type NavGroup struct {
	Label string
	Items []NavItem
}

// NavItem is one entry of the navigation.
type NavItem struct {
	Label   string
	Href    string
	Icon    icon.Name
	Current bool
	// Count is shown at the right unless zero.
	Count int64
	// Title heads Children: the customer's original name (rule C32).
	Title    string
	Children []NavItem
}

// GlobalSearch is the search of the header.
type GlobalSearch struct {
	// Action is the address that gets the words as "q"; empty hides the search.
	Action string
	Value  string
}

// Bell leads to the notifications.
type Bell struct {
	Href string // empty hides it
	// Panel is the address of the pane that opens over the page; empty opens Href.
	Panel  string
	Unread int64
}

// Profile is the reader, as the menu at the right of the header shows him.
type Profile struct {
	Name  string
	Mail  string
	Roles []string
	// Links are the own pages of the reader: my access, notifications.
	Links []Link
	// Directory leads to the choice of another directory; empty hides it.
	Directory string
	// SignOut receives a POST.
	SignOut string
}

// Help is the text of the help panel: two minutes to read, then who may do it
// and where to read on.
type Help struct {
	Title string
	// Text is a list of paragraphs.
	Text []string
	// Roles are the appropriate roles for the page.
	Roles     []string
	LearnMore []Link
	NextSteps []Link
	Support   []Link
	// Feedback receives "helpful" (yes or no), "comment" and "back"; empty hides the question.
	Feedback string
}

func (h Help) empty() bool { return h.Title == "" && len(h.Text) == 0 }

// helps reports whether there is anything in the help panel.
func (f Frame) helps() bool { return !f.Help.empty() || len(f.HelpLinks) > 0 }

// learnMore are the links of the help panel: the page's own, then the operator's.
func (f Frame) learnMore() []Link { return slices.Concat(f.Help.LearnMore, f.HelpLinks) }

// Pane is the details pane at the right of a list.
type Pane struct {
	Title    string
	Subtitle string
	Badges   []Badge
	// Close is the address of the page without the pane.
	Close string
	// Links lead to the record and its parts.
	Links []Link
	// Actions are the commands for the record.
	Actions []Button
}

// languages lists the choices of the profile menu, each in its own language.
func languages(p *lang.Printer) []Choice {
	return []Choice{
		{Label: "English", Value: "en", Lang: "en", Current: p.Tag() == "en"},
		{Label: "Français", Value: "fr", Lang: "fr", Current: p.Tag() == "fr"},
		{Label: "Svenska", Value: "sv", Lang: "sv", Current: p.Tag() == "sv"},
	}
}
