package console

import (
	"net/http"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

const oneName = visit.NamesPath + "/{id}"

func namePages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.NamesPath: names, "GET " + oneName: askName, "POST " + oneName: changeName,
		"GET " + oneList: askWords, "POST " + oneList: changeWords,
	}
}

// nameRules is the page of the name rules (V-9).
type nameRules struct {
	*visit.Visit
	all     []rulebook.NameRule
	lists   []rulebook.WordList
	log     changes
	decides bool
	// what and text are what the test box tries.
	what, text string
}

func names(v *visit.Visit) error {
	n := &nameRules{Visit: v, decides: v.May("setting.update", true), what: v.Query("what"), text: v.Query("text")}
	var err error
	if n.all, err = visit.Do(v, rulebook.ListNames, struct{}{}); err != nil {
		return err
	}
	if n.lists, err = visit.Do(v, rulebook.ListWords, struct{}{}); err != nil {
		return err
	}
	n.log, err = readChanges(v, activity.NameRuleResource, visit.NamesPath, func(r activity.Record) string { return ruleOrList(v, r.Data["name"]) })
	if err != nil {
		return err
	}
	for i, r := range n.log.records {
		n.log.steps[i].Text = v.T("console.log.change", "Old", severityKept(v, r.Old), "New", severityKept(v, r.New))
	}
	f := v.Frame(v.T("console.names.title"), visit.Names)
	f.Subtitle = v.T("console.names.subtitle")
	return v.Show(namesPage(n, f))
}

func (n *nameRules) table() block.Table {
	t := block.Table{ID: "names", Caption: n.T("console.names.title"), Small: true, Columns: []block.Column{
		{Key: "rule", Title: n.T("console.settings.source")},
		{Key: "says", Title: n.T("console.names.says")},
		{Key: "severity", Title: n.T("console.names.severity"), Nowrap: true},
		{Key: "default", Title: n.T("console.settings.default"), Nowrap: true},
	}}
	for _, r := range n.all {
		rule := block.Cell{Text: r.Rule.String()}
		if n.decides {
			rule.Href = visit.NamesPath + "/" + r.Rule.String()
		}
		severity := block.Cell{Badge: severityBadge(n.Visit, r.Severity)}
		if r.Severity != r.Published {
			severity.Sub = n.T("console.names.changed")
		}
		t.Rows = append(t.Rows, block.Row{ID: r.Rule.String(), Name: r.Rule.String(), Cells: []block.Cell{
			rule, {Text: n.T(r.Rule.Key())}, severity, {Text: severityBadge(n.Visit, r.Published).Text, Sub: sourceWord(n.Visit, r.Source[:1])},
		}})
	}
	return t
}

func severityBadge(v *visit.Visit, s naming.Severity) block.Badge {
	switch s {
	case naming.Error:
		return block.Badge{Tone: block.Danger, Text: v.T("console.severity.error")}
	case naming.Warning:
		return block.Badge{Tone: block.Warning, Text: v.T("console.severity.warning")}
	case naming.Off:
	}
	return block.Badge{Tone: block.Neutral, Text: v.T("common.off"), Icon: icon.EyeOff}
}

// severityKept is the word for a severity as the log keeps it; what differs in a
// word list stays as it is.
func severityKept(v *visit.Visit, kept string) string {
	if s, ok := naming.ParseSeverity(readable(v, kept)); ok {
		return severityBadge(v, s).Text
	}
	return readable(v, kept)
}

// Things that the test box tries.
const (
	tryCompany = "company"
	tryPerson  = "person"
	tryEmail   = "email"
	tryDomain  = "domain"
)

func (n *nameRules) whatField() block.Field {
	f := block.Field{Name: "what", Label: n.T("console.test.what"), Value: n.what, Width: block.Medium, Options: []block.Option{
		{Value: tryCompany, Label: n.T("console.test.company")},
		{Value: tryPerson, Label: n.T("console.test.person")},
		{Value: tryEmail, Label: n.T("console.test.email")},
		{Value: tryDomain, Label: n.T("console.test.domain")},
	}}
	if f.Value == "" {
		f.Value = tryCompany
	}
	return f
}

// verdict is what the rules in force say about the text of the test box.
func (n *nameRules) verdict() []block.Message {
	rules := rulebook.Names(n.Kernel().Book(), n.Kernel().Sandbox)
	var v naming.Verdict
	switch n.what {
	case tryPerson:
		v = rules.CheckContactName("text", naming.FirstName, naming.Portal, n.text)
	case tryEmail:
		v = rules.CheckEmail("text", n.text, naming.EmailContext{})
	case tryDomain:
		v = rules.CheckDomainPrefix("text", n.text)
	default:
		v = rules.CheckCompanyName("text", n.text)
	}
	switch {
	case v.Fault != nil:
		return []block.Message{{Tone: block.Danger, Text: n.Fault(v.Fault)}}
	case len(v.Findings) == 0:
		return []block.Message{{Tone: block.Success, Text: n.T("console.test.passes")}}
	}
	all := make([]block.Message, len(v.Findings))
	for i, f := range v.Findings {
		all[i] = block.Message{Tone: block.Warning, Title: f.Code, Text: n.Finding(f)}
	}
	return all
}

// nameForm is the dialog that decides what breaking a rule does.
type nameForm struct {
	*visit.Visit
	rule rulebook.NameRule
	said visit.Verdicts
}

func openName(v *visit.Visit) (*nameForm, error) {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return nil, err
	}
	all, err := visit.Do(v, rulebook.ListNames, struct{}{})
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Rule.String() == v.Request.PathValue("id") {
			return &nameForm{Visit: v, rule: r}, nil
		}
	}
	return nil, refusal.NotFound
}

func (n *nameForm) frame() block.Frame {
	f := n.Frame(n.rule.Rule.String(), visit.Names)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: n.T("console.names.title"), Href: visit.NamesPath})
	return f
}

func (n *nameForm) field() block.Field {
	f := block.Field{Name: "severity", Label: n.T("console.names.severity"), Value: n.rule.Severity.String(), Hint: n.T("console.names.hint")}
	for _, s := range []naming.Severity{naming.Error, naming.Warning, naming.Off} {
		f.Options = append(f.Options, block.Option{Value: s.String(), Label: severityBadge(n.Visit, s).Text, Disabled: n.rule.Bound && s != naming.Error})
	}
	return n.said.Mark(f)
}

func askName(v *visit.Visit) error {
	n, err := openName(v)
	if err != nil {
		return err
	}
	return v.Show(nameDialog(n, n.frame()))
}

func changeName(v *visit.Visit) error {
	n, err := openName(v)
	if err != nil {
		return err
	}
	severity, ok := naming.ParseSeverity(v.Form("severity"))
	if !ok {
		severity = naming.Error + 1 // none; the operation says so
	}
	_, err = visit.Do(v, rulebook.UpdateName, rulebook.NameChange{ID: n.rule.Rule.String(), Severity: severity})
	switch {
	case err == nil:
		v.Toast(v.T("common.saved"))
		return v.Redirect(visit.NamesPath)
	case fault.KindOf(err) == fault.Invalid:
		n.said.Refuse("severity", v.Sentence(err))
		return v.ShowAs(http.StatusBadRequest, nameDialog(n, n.frame()))
	}
	return err
}
