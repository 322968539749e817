package signin

import (
	"strconv"
	"strings"

	"comptoir/internal/lang"
	"comptoir/internal/portal/block"

	"github.com/a-h/templ"
)

// csrf is the token for the forms of the page.
func (s *sheet) csrf() string { return s.site.CSRF(s.r) }

// focus puts the cursor into a field.
func focus() templ.Attributes { return templ.Attributes{"data-focus": true} }

func (s *sheet) nameAttrs(e entry) templ.Attributes {
	if e.userName == "" {
		return focus()
	}
	return nil
}

func (s *sheet) passwordAttrs(e entry) templ.Attributes {
	if e.userName != "" {
		return focus()
	}
	return nil
}

func (s *sheet) outCard() block.SignIn {
	return block.SignIn{Heading: s.T("signin.out.title"), Text: s.T("signin.out.text")}
}

// recoveryAddress leads to the form for a recovery code.
func (s *sheet) recoveryAddress() string {
	to := s.stepOf(factorPath)
	if strings.Contains(to, "?") {
		return to + "&use=recovery"
	}
	return to + "?use=recovery"
}

// passkeyAttrs tell the script what a button does: kind "get" or "create", the
// address that has the options, and what to say when it fails.
func passkeyAttrs(kind, options, failed string) templ.Attributes {
	return templ.Attributes{"data-passkey": kind, "data-options": options, "data-failed": failed, "hidden": true}
}

// accountTable lists the test accounts, each with a button that signs in.
func (s *sheet) accountTable(accounts []Account) block.Table {
	t := block.Table{
		ID: "accounts", Caption: s.T("signin.accounts.title"), Small: true, Total: int64(len(accounts)),
		Columns: []block.Column{
			{Key: "name", Title: s.T("common.name"), Fixed: true},
			{Key: "roles", Title: s.T("signin.accounts.roles")},
			{Key: "organization", Title: s.T("signin.accounts.organization")},
			{Key: "go", Title: ""},
		},
	}
	for i, a := range accounts {
		t.Rows = append(t.Rows, block.Row{ID: strconv.Itoa(i), Name: a.Name, Cells: []block.Cell{
			{Text: a.Name, Sub: a.UserName},
			{Text: s.List(roleNames(s.Printer, a))},
			{Text: a.Organization},
			{Body: block.ButtonOf(block.Button{Label: s.T("common.sign_in"), Name: "account", Value: a.UserName, Attrs: s.accountAttrs(a)})},
		}})
	}
	return t
}

func roleNames(p *lang.Printer, a Account) []string {
	var names []string
	for _, key := range a.Roles.Keys() {
		names = append(names, p.T(key))
	}
	return names
}

// accountAttrs name the person on the button of an account for screen readers,
// and the form that it sends.
func (s *sheet) accountAttrs(a Account) templ.Attributes {
	return templ.Attributes{"form": "demo-account", "aria-label": s.T("signin.accounts.as", "Name", a.Name)}
}

// codesOnce shows recovery codes once, in clear: they are to be written down.
// The heading of the page names them.
func codesOnce(p *lang.Printer, codes []string, action, csrf string) block.SecretOnce {
	facts := make([]block.Fact, len(codes))
	for i, code := range codes {
		facts[i] = block.Fact{Term: p.Number(int64(i + 1)), Value: code, Mono: true}
	}
	return block.SecretOnce{
		Text: p.T("signin.codes.warning"), Action: action, CSRF: csrf, Done: p.T("common.next"),
		Secrets: []block.Secret{{
			ID: "codes", Label: p.T("signin.codes.all"), Value: strings.Join(codes, " "), Facts: facts, Listed: true, File: "recovery-codes.txt",
		}},
	}
}
