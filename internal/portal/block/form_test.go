package block_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"comptoir/internal/portal/block"
)

func TestAFieldTellsAllThatBelongsToIt(t *testing.T) {
	field := block.Field{Name: "postalCode", Label: "Postal code", Value: "5900", Hint: "Five digits", Error: "Too short", Required: true, Max: 5, Autocomplete: "postal-code"}
	for kind, c := range map[string]templ.Component{
		"input": block.TextField(english, field), "select": block.Select(english, field), "textarea": block.TextArea(english, field),
		"input[list]": block.Combobox(english, field), "input[type=password]": block.PasswordField(english, field),
		"input[type=date]": block.DateField(english, field), "input[type=file]": block.FileField(english, field), "input[inputmode]": block.CodeField(english, field),
	} {
		t.Run(kind, func(t *testing.T) {
			page := draw(t, c)
			control := one(t, page, kind)
			if got := attr(one(t, page, "label"), "for"); got != attr(control, "id") || got != "postalCode" {
				t.Errorf("the label is for %q, the control is %q", got, attr(control, "id"))
			}
			for _, id := range strings.Fields(attr(control, "aria-describedby")) {
				one(t, page, "#"+id)
			}
			if got := attr(control, "aria-describedby"); got != "postalCode-hint postalCode-error" {
				t.Errorf("described by %q", got)
			}
			if attr(control, "aria-invalid") != "true" || !has(control, "required") {
				t.Error("neither invalid nor required")
			}
			if got := text(one(t, page, ".error")); got != "Too short" {
				t.Errorf("the error is %q", got)
			}
		})
	}
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func TestAWarningNeverBlocks(t *testing.T) {
	page := draw(t, block.TextField(english, block.Field{Name: "id", Label: "ID", Warning: "Check digit"}))
	if has(one(t, page, "input"), "aria-invalid") {
		t.Error("a field with a warning is marked invalid")
	}
	one(t, page, ".field.has-warning .warning")
}

func TestTheCounterShowsNearTheLimit(t *testing.T) {
	for value, hidden := range map[string]bool{"": true, "åäöåäöåä": true, "åäöåäöåäö": false, "åäöåäöåäöå": false} {
		counter := one(t, draw(t, block.TextField(english, block.Field{Name: "n", Label: "N", Value: value, Max: 10})), ".counter")
		if has(counter, "hidden") != hidden {
			t.Errorf("%q: hidden %v, want %v", value, has(counter, "hidden"), hidden)
		}
	}
}

func TestAPasswordIsNeverSentBack(t *testing.T) {
	page := draw(t, block.PasswordField(english, block.Field{Name: "password", Label: "Password", Value: "secret"}))
	if has(one(t, page, "input"), "value") {
		t.Error("the password is in the page")
	}
}

func TestOptionsComeInGroups(t *testing.T) {
	page := draw(t, block.Select(english, block.Field{Name: "c", Label: "Country", Value: "FR", Placeholder: "Choose", Options: []block.Option{
		{Value: "BE", Label: "Belgium", Group: "Yours"}, {Value: "FR", Label: "France", Group: "Yours"}, {Value: "BR", Label: "Brazil", Group: "Others"}, {Value: "XX", Label: "Other"},
	}}))
	if n := len(find(page, "optgroup[label=Yours] option")); n != 2 {
		t.Errorf("%d options in the first group", n)
	}
	if n := len(find(page, "select > option")); n != 2 {
		t.Errorf("%d options without a group, want the placeholder and the last", n)
	}
	if got := attr(one(t, page, "option[selected]"), "value"); got != "FR" {
		t.Errorf("%q is chosen", got)
	}
}

func TestChoicesStandInAFieldsetWithALegend(t *testing.T) {
	field := block.Field{Name: "segment", Label: "Segment", Value: "b", Values: []string{"a", "b"}, Required: true, Options: []block.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Hint: "more"}, {Value: "c", Label: "C", Disabled: true}}}
	radios := draw(t, block.RadioGroup(english, field))
	if n := len(find(radios, "fieldset > legend")); n != 1 {
		t.Error("there is no legend")
	}
	if got := attr(one(t, radios, "input[checked]"), "value"); got != "b" {
		t.Errorf("%q is chosen", got)
	}
	boxes := draw(t, block.CheckboxGroup(english, field))
	if n := len(find(boxes, "input[checked]")); n != 2 {
		t.Errorf("%d boxes are ticked", n)
	}
	if len(find(boxes, "input[required]")) != 0 {
		t.Error("every box of a group would have to be ticked")
	}
	one(t, boxes, "input[value=c][disabled]")
}

func TestAFormCarriesWhatMakesItSafe(t *testing.T) {
	page := draw(t, block.FormOf(block.Form{Action: "/save", CSRF: "token", RequestID: "r1", ETag: "7", Guard: true}))
	for name, want := range map[string]string{"csrf": "token", "request-id": "r1", "etag": "7"} {
		if got := attr(one(t, page, "form input[name="+name+"]"), "value"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	form := one(t, page, "form")
	if attr(form, "method") != "post" || !has(form, "data-guard") || !has(form, "data-busy") {
		t.Error("the form is not guarded")
	}
}

func TestAnErrorSummaryLeadsToTheFields(t *testing.T) {
	page := draw(t, block.ErrorSummary(english, []block.FieldError{{Field: "city", Text: "Enter a city."}, {Text: "This organization exists."}}))
	if got := attr(one(t, page, "a"), "href"); got != "#city" {
		t.Errorf("the first line leads to %q", got)
	}
	if got := text(one(t, page, "strong")); got != "2 entries need your attention" {
		t.Errorf("it says %q", got)
	}
	if n := len(find(draw(t, block.ErrorSummary(english, nil)), ".summary")); n != 0 {
		t.Error("there is a summary without errors")
	}
}

func TestAWizardKeepsWhatWasTypedWhicheverWayItIsLeft(t *testing.T) {
	page := draw(t, block.WizardOf(english, block.Wizard{
		Form: block.Form{Action: "/wizard", CSRF: "token"}, Label: "New customer", Back: true, Skip: true, Next: "Next: Review", Cancel: "/customers",
		Steps: []block.Step{{Label: "Account info", State: block.Done, Href: "/wizard?step=1"}, {Label: "Subscriptions", State: block.Current}, {Label: "Review"}},
	}), templ.Raw(`<input name="x">`))
	var ways []string
	if first := find(page, "form button")[0]; attr(first, "value") != "next" || attr(first, "tabindex") != "-1" {
		t.Error("Enter in a field does something else than the way on")
	}
	for _, b := range find(page, ".wizard-foot button[name=go]") {
		ways = append(ways, attr(b, "value"))
		if (attr(b, "value") == "next") == has(b, "formnovalidate") {
			t.Errorf("%s checks the fields: %v", attr(b, "value"), !has(b, "formnovalidate"))
		}
	}
	if got := strings.Join(ways, " "); got != "next back skip" {
		t.Errorf("the ways are %q", got)
	}
	one(t, page, "form input[name=x]")
	if got := text(one(t, page, "[aria-current=step]")); !strings.Contains(got, "Subscriptions") {
		t.Errorf("the present step is %q", got)
	}
	if n := len(find(page, ".steps a")); n != 1 {
		t.Errorf("%d steps can be visited, want the one that is done", n)
	}
}
