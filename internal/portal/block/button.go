package block

import (
	"github.com/a-h/templ"

	"comptoir/internal/portal/icon"
)

// ButtonKind says how much a button wants to be pressed.
type ButtonKind uint8

// The kinds of buttons. A page has at most one Primary in sight.
const (
	Secondary ButtonKind = iota
	Primary
	Destructive // does what cannot be undone
	Quiet       // no frame until pointed at
)

func (k ButtonKind) class() string {
	return [...]string{"btn", "btn primary", "btn destructive", "btn quiet"}[k]
}

// class is the class of the element that b draws.
func (b Button) class() string {
	if b.Script {
		return b.Kind.class() + " js"
	}
	return b.Kind.class()
}

// Button is a button, or a link that looks like one when Href is set.
type Button struct {
	Label string
	Icon  icon.Name
	Kind  ButtonKind
	// Href makes it a link.
	Href string
	// Dialog opens Href as a dialog over the page. Without script the link leads
	// to the same dialog as a page.
	Dialog bool
	// Name and Value are sent with the form that the button submits.
	Name, Value string
	// Plain buttons submit nothing; a script answers them.
	Plain bool
	// Script buttons work with script alone and do not show without.
	Script bool
	// Cancel leaves a dialog or a form: it skips the checks of the fields.
	Cancel bool
	// Reason says why the button cannot be pressed now; it stays visible and
	// shows the reason as a tooltip. Empty: it can be pressed.
	Reason string
	// Attrs are further attributes, for example formaction or data-copy.
	Attrs templ.Attributes
}

func (b Button) kind() string {
	if b.Plain {
		return "button"
	}
	return "submit"
}

// Selection is how many rows of a table a command wants.
type Selection uint8

// The wants.
const (
	Anything  Selection = iota // does not look at the selection
	One                        // exactly one row
	Some                       // one row or more
	OneOrNone                  // at most one row
)

// Command is one entry of the command bar.
type Command struct {
	Label string
	Icon  icon.Name
	// Kind is Primary for the one main command of the page.
	Kind ButtonKind
	// Href is where the command leads. With Needs set, the ids of the selected
	// rows are sent along as "id".
	Href string
	// Dialog opens Href over the page.
	Dialog bool
	// Post sends the selection in the body; the form then carries the CSRF token of the table.
	Post bool
	// Needs is the selection that the command wants; it is disabled otherwise and
	// Hint says so.
	Needs Selection
	// Bar is what rows name in Row.Bars on which the command is not possible, and Hint
	// the tooltip that says so; "" is the usual one of Needs.
	Bar, Hint string
	// Reason says why the command is not possible at all; it stays visible.
	Reason string
	// Key is the keyboard shortcut that runs it ("n" new, "e" export, "r" refresh).
	Key string
	// Overflow keeps the command in the menu behind "…".
	Overflow bool
}

// CommandBar holds the commands of a page, and its view tools at the right.
type CommandBar struct {
	Commands []Command
	Tools    []Command
	// Table is the ID of the table whose selection the commands use.
	Table string
}

func (b CommandBar) empty() bool { return len(b.Commands) == 0 && len(b.Tools) == 0 }

func (b CommandBar) overflow() []Command {
	var rest []Command
	for _, c := range b.Commands {
		if c.Overflow {
			rest = append(rest, c)
		}
	}
	return rest
}

// MenuItem is one entry of a Menu: a link, or a button of a form.
type MenuItem struct {
	Label string
	Icon  icon.Name
	Href  string
	// Name and Value make it a button of the form around the menu.
	Name, Value string
	Dialog      bool
	Current     bool   // marked as chosen
	Destructive bool   // coloured as dangerous
	Reason      string // why it is disabled
	Divider     bool   // a line above
}

// Menu is a button that opens a list of choices.
type Menu struct {
	ID    string
	Label string
	Icon  icon.Name
	// IconOnly hides the label from sight; it stays the accessible name.
	IconOnly bool
	Items    []MenuItem
}
