package console

import (
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

const (
	listsPath = visit.NamesPath + "/lists/"
	oneList   = listsPath + "{id}"
)

func listPath(l naming.List) string { return listsPath + l.String() }

// ruleOrList is what a record about name rules is about.
func ruleOrList(v *visit.Visit, name string) string {
	if l, ok := naming.FindList(name); ok {
		return v.T(l.Key())
	}
	return name
}

// listTable shows the word lists that rules refer to (V-9).
func (n *nameRules) listTable() block.Table {
	t := block.Table{ID: "word-lists", Caption: n.T("console.words.title"), Small: true, Columns: []block.Column{
		{Key: "list", Title: n.T("common.name")},
		{Key: "rules", Title: n.T("console.names.rules")},
		{Key: "entries", Title: n.T("console.words.entries"), Number: true},
		{Key: "state", Title: n.T("common.status"), Nowrap: true},
	}}
	for _, l := range n.lists {
		ids := make([]string, len(l.List.Rules()))
		for i, r := range l.List.Rules() {
			ids[i] = r.String()
		}
		state := block.Cell{Text: n.T("console.countries.published")}
		if !l.Change.IsZero() {
			state = block.Cell{
				Badge: block.Badge{Tone: block.Important, Text: n.T("console.settings.changed"), Icon: icon.Edit},
				Sub:   n.T("console.words.count", "Added", len(l.Change.Added), "Removed", len(l.Change.Removed)),
			}
		}
		t.Rows = append(t.Rows, block.Row{ID: l.List.String(), Name: n.T(l.List.Key()), Cells: []block.Cell{
			{Text: n.T(l.List.Key()), Href: listPath(l.List)}, {Text: n.List(ids)}, {Text: n.Number(int64(len(l.Entries)))}, state,
		}})
	}
	return t
}

// wordsForm is the page of one word list.
type wordsForm struct {
	*visit.Visit
	list    rulebook.WordList
	text    string // as typed, an entry a line
	decides bool
	said    visit.Verdicts
}

func openWords(v *visit.Visit) (*wordsForm, error) {
	all, err := visit.Do(v, rulebook.ListWords, struct{}{})
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		if l.List.String() == v.Request.PathValue("id") {
			return &wordsForm{Visit: v, list: l, text: strings.Join(l.Entries, "\n"), decides: v.May("setting.update", true)}, nil
		}
	}
	return nil, refusal.NotFound
}

func (w *wordsForm) frame() block.Frame {
	f := w.Frame(w.T(w.list.List.Key()), visit.Names)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: w.T("console.names.title"), Href: visit.NamesPath})
	rules := make([]string, len(w.list.List.Rules()))
	for i, r := range w.list.List.Rules() {
		rules[i] = r.String() + " – " + w.T(r.Key())
	}
	f.Subtitle = strings.Join(rules, " ")
	return f
}

// bounds says what may be left out.
func (w *wordsForm) bounds() string {
	if w.list.Bound {
		return w.T("console.words.bound")
	}
	return w.T("console.words.free")
}

func (w *wordsForm) field() block.Field {
	return w.said.Mark(block.Field{
		Name: "entries", Label: w.T(w.list.List.Key()), Hint: w.T("console.words.hint"), Value: w.text, Rows: 16, Required: true, ReadOnly: !w.decides,
	})
}

func (w *wordsForm) more() []block.Button {
	if w.list.Change.IsZero() {
		return nil
	}
	return []block.Button{{Label: w.T("console.countries.reset"), Name: "go", Value: "reset"}}
}

func (w *wordsForm) difference() []block.Fact {
	var facts []block.Fact
	if c := w.list.Change; len(c.Added) > 0 {
		facts = append(facts, block.Fact{Term: w.T("console.words.added"), Value: strings.Join(c.Added, ", ")})
	}
	if c := w.list.Change; len(c.Removed) > 0 {
		facts = append(facts, block.Fact{Term: w.T("console.words.removed"), Value: strings.Join(c.Removed, ", ")})
	}
	return facts
}

func askWords(v *visit.Visit) error {
	w, err := openWords(v)
	if err != nil {
		return err
	}
	return v.Show(wordsPage(w, w.frame()))
}

func changeWords(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return err
	}
	w, err := openWords(v)
	if err != nil {
		return err
	}
	w.text = v.Form("entries")
	_, err = visit.Do(v, rulebook.UpdateWords, rulebook.WordsChange{
		List: w.list.List.String(), Entries: strings.FieldsFunc(w.text, func(r rune) bool { return r == '\n' || r == '\r' }), Published: v.Form("go") == "reset",
	})
	switch {
	case err == nil:
		v.Toast(v.T("common.saved"))
		return v.Redirect(visit.NamesPath + "#lists")
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if w.said, err = v.Judge(err, nil, func(member string) string { return member }, func(string) string { return "" }); err != nil {
		return err
	}
	return v.ShowAs(http.StatusBadRequest, wordsPage(w, w.frame()))
}
