package block_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
)

func frame() block.Frame {
	return block.Frame{
		Head: block.Head{Title: "Account"}, Directory: "Nordlys", Home: "/home", Places: map[string]string{"c": "/customers"},
		Nav: []block.NavGroup{{Items: []block.NavItem{
			{Label: "Home", Href: "/home", Icon: icon.Home},
			{Label: "Customers", Href: "/customers", Icon: icon.People, Title: "Original name", Children: []block.NavItem{{Label: "Account", Href: "/customers/1/account", Current: true}}},
		}}},
		Breadcrumb: []block.Link{{Label: "Home", Href: "/home"}, {Label: "Original name", Href: "/customers/1"}},
		Search:     block.GlobalSearch{Action: "/search"}, Bell: block.Bell{Href: "/notifications", Unread: 3}, Settings: "/settings",
		Profile: block.Profile{Name: "Élodie Åkerström", Roles: []string{"Admin agent"}, SignOut: "/sign-out"}, CSRF: "token", Preferences: "/preferences", Here: "/customers/1/account",
		Help: block.Help{Title: "Help", Text: []string{"One"}, Roles: []string{"Admin agent"}, Feedback: "/feedback"},
	}
}

func TestTheFrameHasItsLandmarks(t *testing.T) {
	page := draw(t, block.FrameOf(english, frame()), templ.Raw("<p>content</p>"))
	for _, selector := range []string{
		"html[lang=en]", "header.top", "nav#nav", "main#main", "main h1", "form[role=search]", "a.skip[href='#main']", "aside#pane[hidden]",
		"#toasts[aria-live=polite]", "nav.crumbs li[aria-current=page]", "#nav [aria-current=page]", "main .content > p",
	} {
		one(t, page, selector)
	}
	if got := text(one(t, page, "title")); got != "Account · Comptoir" {
		t.Errorf("the window is called %q", got)
	}
	if got := text(one(t, page, "nav.crumbs")); got != "Home Original name Account" {
		t.Errorf("the breadcrumb reads %q", got)
	}
	if got := attr(one(t, page, ".bell"), "aria-label"); got != "Notifications, 3 unread" {
		t.Errorf("the bell is called %q", got)
	}
	body := one(t, page, "body")
	if attr(body, "data-go-c") != "/customers" || attr(body, "data-go-h") != "/home" {
		t.Error("the keys g c and g h lead nowhere")
	}
}

func TestWhatTheReaderMayNotUseIsNotThere(t *testing.T) {
	page := draw(t, block.FrameOf(english, block.Frame{Head: block.Head{Title: "Not found"}}))
	if n := len(find(page, ".find, .bell, .help, .crumbs, .profile-choices, .commands")); n != 0 {
		t.Errorf("%d parts of an empty frame are drawn", n)
	}
}

func TestEveryFormOfTheFrameCarriesTheToken(t *testing.T) {
	page := draw(t, block.FrameOf(english, frame()))
	for _, form := range find(page, "form[method=post]") {
		if len(find(form, "input[name=csrf][value=token]")) != 1 {
			t.Errorf("the form to %s has no token", attr(form, "action"))
		}
	}
}

func TestThemeAndLanguageAreThoseOfTheReader(t *testing.T) {
	f := frame()
	f.Theme, f.NavFolded, f.KeysOff = block.ContrastTheme, true, true
	page := draw(t, block.FrameOf(lang.For("sv"), f))
	if got := attr(one(t, page, "html"), "data-theme"); got != "contrast" {
		t.Errorf("the theme is %q", got)
	}
	if pressed := find(page, ".segments [aria-pressed=true]"); len(pressed) != 2 || text(pressed[0]) != "Svenska" || text(pressed[1]) != "Hög kontrast" {
		t.Error("the menu shows other choices")
	}
	if body := one(t, page, "body"); attr(body, "data-nav") != "folded" || attr(body, "data-keys") != "off" {
		t.Error("the navigation or the keys forgot the choice")
	}
	if got := attr(one(t, page, "[data-fold]"), "value"); got != "open" {
		t.Errorf("the folded navigation would become %q", got)
	}
}

func TestThemesAreReadFromWhatWasStored(t *testing.T) {
	for stored, want := range map[string]block.Theme{"dark": block.DarkTheme, "light": block.LightTheme, "contrast": block.ContrastTheme, "system": block.SystemTheme, "": block.SystemTheme, "x": block.SystemTheme} {
		if got := block.ParseTheme(stored); got != want {
			t.Errorf("%q is the theme %q, want %q", stored, got, want)
		}
	}
}

// Disabled commands stay visible with a reason (portal 0.3).
func TestADisabledCommandSaysWhy(t *testing.T) {
	f := frame()
	f.Commands = block.CommandBar{Table: "customers", Commands: []block.Command{
		{Label: "Add customer", Kind: block.Primary, Href: "/customers/new", Key: "n"},
		{Label: "New relationship", Href: "/x", Reason: "Only indirect resellers can do this."},
		{Label: "New order", Href: "/order", Needs: block.One},
		{Label: "Assign tags", Href: "/tags", Needs: block.Some, Post: true, Dialog: true},
		{Label: "Manage tags", Href: "/tags/all", Overflow: true},
	}}
	page := draw(t, block.FrameOf(english, f))
	off := one(t, page, ".commands [aria-disabled=true]")
	if text(off) != "New relationship" || len(find(page, ".commands a[href='/x']")) != 0 {
		t.Error("the disabled command is missing, or leads somewhere")
	}
	if got := text(off.Parent); got != "New relationship Only indirect resellers can do this." {
		t.Errorf("its reason reads %q", got)
	}
	post := one(t, page, "button[formaction='/tags']")
	if attr(post, "form") != "customers-form" || attr(post, "formmethod") != "post" || attr(post, "data-needs") != "some" || !has(post, "data-dialog") {
		t.Error("the command for several rows does not send them")
	}
	if got := attr(one(t, page, "a[href='/customers/new']"), "data-key"); got != "n" {
		t.Errorf("the key of the main command is %q", got)
	}
	one(t, page, "#commands-more a[href='/tags/all']")
}

func TestADialogIsAPageWithoutScript(t *testing.T) {
	d := block.Dialog{ID: "remove", Title: "Remove relationship", Text: "You lose access.", Tone: block.Danger, Action: "/remove", CSRF: "token", Confirm: "Remove", Destructive: true, Cancel: "/account", Type: "Contoso"}
	dialog := one(t, draw(t, block.DialogOf(english, d)), "dialog[open]")
	if attr(one(t, dialog, "form"), "action") != "/remove" || attr(one(t, dialog, "input[name=csrf]"), "value") != "token" {
		t.Error("the dialog cannot be sent")
	}
	cancel := one(t, dialog, "a[href='/account']")
	if !has(cancel, "autofocus") {
		t.Error("a dialog that destroys does not start on Cancel (portal 0.5)")
	}
	if got := text(one(t, dialog, "button.destructive")); got != "Remove" {
		t.Errorf("the button says %q, not the verb", got)
	}
	d.Reason = "The customer has active subscriptions."
	blocked := draw(t, block.DialogOf(english, d))
	if got := attr(one(t, blocked, "button.destructive"), "aria-disabled"); got != "true" {
		t.Error("a blocked dialog can be confirmed")
	}
}

func TestAnErrorCarriesItsCodeAndCorrelation(t *testing.T) {
	page := draw(t, block.MessageBar(english, block.Message{Tone: block.Danger, Title: "Not saved", Text: "Try again.", Code: "900151", Correlation: "0190f2c4"}))
	bar := one(t, page, "[role=alert].danger")
	if got := text(bar); got != "Error Not saved Try again. Error code 900151 Correlation ID 0190f2c4" {
		t.Errorf("the bar reads %q", got)
	}
	if got := attr(one(t, page, "[data-copy]"), "data-copy"); got != "0190f2c4" {
		t.Errorf("the button copies %q", got)
	}
}

// A status is never told by colour alone (portal 0.6).
func TestEveryToneHasAnIconAndAWord(t *testing.T) {
	icons := map[string]bool{}
	for _, tone := range []block.Tone{block.Neutral, block.Info, block.Success, block.Warning, block.Danger, block.Important, block.Blocked} {
		page := draw(t, block.BadgeOf(block.Badge{Tone: tone, Text: "word"}))
		icons[attr(one(t, page, "use"), "href")] = true
		if text(page) != "word" {
			t.Error("the word is missing")
		}
	}
	if len(icons) != 7 {
		t.Errorf("7 tones share %d icons", len(icons))
	}
}

func TestSecretsAskToBeSaved(t *testing.T) {
	page := draw(t, block.SecretOnceOf(english, block.SecretOnce{Action: "/done", CSRF: "token", Secrets: []block.Secret{{ID: "p", Label: "Temporary password", Value: "Vq7-mLx2", File: "contoso.txt", Facts: []block.Fact{{Term: "User name", Value: "admin@contoso.example"}}}}}))
	if got := attr(one(t, page, "#p"), "value"); got != "Vq7-mLx2" {
		t.Errorf("the secret is %q", got)
	}
	one(t, page, "form input[type=checkbox][required][data-saved]")
	if got := attr(one(t, page, ".secret"), "data-file"); got != "contoso.txt" {
		t.Errorf("the file is called %q", got)
	}
}

func TestAPersonIsShownByInitials(t *testing.T) {
	for name, want := range map[string]string{"Élodie Åkerström": "ÉÅ", "Ö": "Ö", "nordlys cloud ab": "NA", "  ": "?", "O’Neill (admin)": "OA", "": "?"} {
		if got := text(draw(t, block.AvatarOf(block.Avatar{Name: name}))); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

func TestIDsAreUnique(t *testing.T) {
	page := draw(t, block.FrameOf(english, frame()), block.DataTable(english, list(3)))
	seen := map[string]int{}
	for n := range page.Descendants() {
		if id := attr(n, "id"); n.Type == html.ElementNode && id != "" {
			seen[id]++
		}
	}
	for id, n := range seen {
		if n > 1 {
			t.Errorf("%d elements are called %s", n, id)
		}
	}
	if !strings.Contains(text(page), "Customer 2") {
		t.Error("the table is missing")
	}
}
