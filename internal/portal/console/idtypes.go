package console

import (
	"encoding/json"
	"net/http"
	"strings"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

const oneType = oneCountry + "/types/{type}"

func typePath(r rulebook.TypeRules) string {
	return visit.CountriesPath + "/" + r.Country + "/types/" + r.Code
}

// types lists the kinds of registration id of the country (rule C17), each leading
// to the page where it is decided.
func (c *countryForm) types() block.Table {
	t := block.Table{ID: "types", Caption: c.T("console.countries.types"), Small: true, Columns: []block.Column{
		{Key: "type", Title: c.T("console.partner.type"), Fixed: true},
		{Key: "pattern", Title: c.T("console.countries.patterns"), Mono: true},
		{Key: "example", Title: c.T("console.countries.example"), Mono: true},
		{Key: "checks", Title: c.T("console.countries.checks")},
		{Key: "state", Title: c.T("common.status"), Nowrap: true},
	}}
	for _, one := range c.country.Types {
		r := one.Rules
		kind := block.Cell{Text: one.Type.Name, Href: typePath(r)}
		if one.Type.DescriptionKey != "" {
			kind.Sub = c.T(one.Type.DescriptionKey)
		}
		pattern, example := block.Cell{Text: r.Pattern}, block.Cell{Text: r.Example}
		if p := one.Published; r.Pattern != p.Pattern {
			pattern.Sub = c.T("rules.types.was", "Value", p.Pattern)
		}
		if p := one.Published; r.Example != p.Example {
			example.Sub = c.T("rules.types.was", "Value", p.Example)
		}
		t.Rows = append(t.Rows, block.Row{ID: r.Code, Name: one.Type.Name, Cells: []block.Cell{
			kind, pattern, example, {Text: c.Labels(typeNotes(c.Visit, one))}, typeState(c.Visit, one),
		}})
	}
	return t
}

// typeNotes say what else is asked of an id of a type.
func typeNotes(v *visit.Visit, t rulebook.IDType) []string {
	var notes []string
	if t.Rules.CheckDigits {
		notes = append(notes, v.T("console.countries.check_digit"))
	}
	if !t.Rules.Strict {
		notes = append(notes, v.T("console.countries.uncertain"))
	}
	if t.Personal {
		notes = append(notes, v.T("console.countries.personal"))
	}
	return notes
}

// typeState says whether the operator decided about a type.
func typeState(v *visit.Visit, t rulebook.IDType) block.Cell {
	switch {
	case t.Rules.Off:
		return block.Cell{Badge: block.Badge{Tone: block.Neutral, Text: v.T("console.countries.off"), Icon: icon.EyeOff}}
	case t.Changed():
		return block.Cell{Badge: block.Badge{Tone: block.Important, Text: v.T("console.settings.changed"), Icon: icon.Edit}}
	}
	return block.Cell{Text: v.T("console.countries.published")}
}

// ruleSubject names the country, or the type of a country, that a record is about.
func ruleSubject(v *visit.Visit) func(activity.Record) string {
	return func(r activity.Record) string {
		return strings.TrimSpace(v.Country(r.Data["name"]) + " " + r.Data["type"])
	}
}

// inWords has the changes of rules say what was changed.
func (c changes) inWords(v *visit.Visit) changes {
	for i, r := range c.records {
		c.steps[i].Text = ruleDifference(v, r)
	}
	return c
}

// ruleChanges reads the decisions about countries and their types.
func ruleChanges(v *visit.Visit) (changes, error) {
	log, err := readChanges(v, activity.CountryRuleResource, visit.CountriesPath, ruleSubject(v))
	return log.inWords(v), err
}

// searchRules reads those that are wanted of the decisions about countries.
func searchRules(v *visit.Visit, wanted func(activity.Record) bool) (changes, error) {
	log, err := searchChanges(v, activity.CountryRuleResource, visit.CountriesPath, wanted, ruleSubject(v))
	return log.inWords(v), err
}

// ruleMembers are the members of country and type rules as the log keeps them, with
// the keys of their names.
var ruleMembers = []struct{ member, key string }{
	{"Off", "console.countries.off"},
	{"Market", "console.partner.market"},
	{"RegistrationIDRequired", "rules.member.registration"},
	{"PhoneRequired", "rules.member.phone"},
	{"StateRequired", "rules.member.state"},
	{"CityRequired", "rules.member.city"},
	{"PostalCodeRequired", "rules.member.postal"},
	{"RegistrationIDPattern", "rules.member.registration_pattern"},
	{"PostalCodePattern", "rules.member.postal_pattern"},
	{"PhonePattern", "rules.member.phone_pattern"},
	{"Pattern", "rules.types.pattern"},
	{"Example", "console.countries.example"},
	{"Strict", "rules.types.strict"},
	{"CheckDigits", "rules.types.check_digits"},
}

// ruleDifference says what a record changed: each member with its old and new value.
func ruleDifference(v *visit.Visit, r activity.Record) string {
	var old, is map[string]any
	if json.Unmarshal([]byte(r.Old), &old) != nil || json.Unmarshal([]byte(r.New), &is) != nil {
		return ""
	}
	var all []string
	for _, m := range ruleMembers {
		if old[m.member] != is[m.member] {
			all = append(all, v.T("rules.member.change", "Name", v.T(m.key), "Old", ruleValue(v, old[m.member]), "New", ruleValue(v, is[m.member])))
		}
	}
	return strings.Join(all, " ")
}

// ruleValue is a value of a rule as people read it.
func ruleValue(v *visit.Visit, value any) string {
	switch value := value.(type) {
	case bool:
		if value {
			return v.T("common.yes")
		}
		return v.T("common.no")
	case string:
		if value != "" {
			return market(v, value)
		}
	}
	return v.T("common.not_set")
}

// typeForm is the page of one kind of registration id.
type typeForm struct {
	*visit.Visit
	one     rulebook.IDType
	rules   rulebook.TypeRules // as typed
	decides bool
	said    visit.Verdicts
	log     changes
}

func openType(v *visit.Visit) (*typeForm, error) {
	c, err := openCountry(v)
	if err != nil {
		return nil, err
	}
	for _, one := range c.country.Types {
		if one.Rules.Code == v.Request.PathValue("type") {
			return &typeForm{Visit: v, one: one, rules: one.Rules, decides: c.decides}, nil
		}
	}
	return nil, refusal.NotFound
}

func idType(v *visit.Visit) error {
	t, err := openType(v)
	if err != nil {
		return err
	}
	return t.show(http.StatusOK)
}

func (t *typeForm) show(status int) (err error) {
	t.log, err = searchRules(t.Visit, func(r activity.Record) bool {
		return r.Data["name"] == t.rules.Country && r.Data["type"] == t.rules.Code
	})
	if err != nil {
		return err
	}
	country := t.Country(t.rules.Country)
	f := t.Frame(t.T("rules.types.title", "Type", t.one.Type.Name, "Country", country), visit.Countries)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: t.T("console.countries.title"), Href: visit.CountriesPath}, block.Link{Label: country, Href: t.back()})
	if t.one.Type.DescriptionKey != "" {
		f.Subtitle = t.T(t.one.Type.DescriptionKey)
	}
	if t.one.Changed() {
		f.Badges = []block.Badge{typeState(t.Visit, t.one).Badge}
	}
	if t.one.Personal {
		f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: t.T("rules.types.personal")})
	}
	return t.ShowAs(status, typePage(t, f))
}

func (t *typeForm) back() string { return visit.CountriesPath + "/" + t.rules.Country }

// changeType takes the form: it tries an id, saves, or goes back to what is
// published.
func changeType(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return err
	}
	t, err := openType(v)
	if err != nil {
		return err
	}
	t.rules.Pattern, t.rules.Example = strings.TrimSpace(v.Form("pattern")), strings.TrimSpace(v.Form("example"))
	t.rules.Off, t.rules.Strict, t.rules.CheckDigits = v.Form("offered") != "yes", v.Form("strict") == "yes", v.Form("check-digits") == "yes"
	switch v.Form("go") {
	case "test":
		return t.show(http.StatusOK)
	case "reset":
		t.rules = t.one.Published
	}
	_, err = visit.Do(v, rulebook.UpdateType, t.rules)
	switch {
	case err == nil:
		v.Toast(v.T("console.countries.saved", "Country", v.Country(t.rules.Country)+", "+t.one.Type.Name))
		return v.Redirect(typePath(t.rules))
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if err := t.judge(err); err != nil {
		return err
	}
	return t.show(http.StatusBadRequest)
}

// judge puts what is wrong beside its field; the fields are called as the members.
func (t *typeForm) judge(err error) error {
	said, failed := t.Judge(err, nil, func(member string) string { return member }, func(string) string { return "" })
	t.said = said
	return failed
}

func (t *typeForm) check(name, label, hint string, checked bool) block.Field {
	return block.Field{Name: name, Label: label, Hint: hint, Value: "yes", Checked: checked, Disabled: !t.decides}
}

func (t *typeForm) text(name, label, hint, value string, most int) block.Field {
	return t.said.Mark(block.Field{Name: name, Label: label, Hint: hint, Value: value, Max: most, ReadOnly: !t.decides, Autocomplete: "off"})
}

// trials says what a partner would read about the ids of the test box, one a line,
// with the rules as typed.
func (t *typeForm) trials() []block.Message {
	var all []block.Message
	for id := range strings.Lines(t.Form("try")) {
		if id = strings.TrimSpace(id); id != "" && len(all) < triedAtOnce {
			all = append(all, t.try(id))
		}
	}
	return all
}

// triedAtOnce is how many ids the test box takes.
const triedAtOnce = 20

func (t *typeForm) try(id string) block.Message {
	said, err := t.rules.Try(t.Kernel().Book(), id)
	switch {
	case err != nil:
		return block.Message{Tone: block.Danger, Title: id, Text: t.Sentence(err)}
	case said.Fault != nil:
		return block.Message{Tone: block.Danger, Title: id, Text: t.Fault(said.Fault)}
	case len(said.Findings) > 0:
		return block.Message{Tone: block.Warning, Title: id, Text: t.Finding(said.Findings[0])}
	}
	return block.Message{Tone: block.Success, Title: id, Text: t.T("console.test.matches", "Text", said.Value)}
}

// published are the values as published, whatever the operator decided.
func (t *typeForm) published() []block.Fact {
	p := t.one.Published
	return []block.Fact{
		{Term: t.T("rules.types.pattern"), Value: p.Pattern, Mono: true, Copy: true},
		{Term: t.T("console.countries.example"), Value: p.Example, Mono: true, Copy: true},
		{Term: t.T("rules.types.strict"), Value: ruleValue(t.Visit, p.Strict)},
		{Term: t.T("rules.types.check_digits"), Value: ruleValue(t.Visit, p.CheckDigits)},
	}
}
