// Package messages holds the pages where the operator writes what mails say, and what
// messages begin with that partners send themselves (portal V-10).
package messages

import (
	"net/http"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/notice"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/wording"
)

const onePath = visit.MessagesPath + "/{kind}/{language}"

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.MessagesPath:  list,
		"GET " + onePath:             show,
		"POST " + onePath:            save,
		"POST " + onePath + "/page":  preview,
		"POST " + onePath + "/try":   try,
		"POST " + onePath + "/reset": reset,

		"GET " + oneDraftPath:             showDraft,
		"POST " + oneDraftPath:            saveDraft,
		"POST " + oneDraftPath + "/reset": resetDraft,
	}
}

// enter refuses everybody but people of the operator: for others there is no
// such page.
func enter(v *visit.Visit) error {
	if v.Actor.Kind != policy.Operator {
		return refusal.NotFound
	}
	return nil
}

func pathOf(kind, language string) string { return visit.MessagesPath + "/" + kind + "/" + language }

// overview is the list of mails with what they say in each language.
type overview struct {
	*visit.Visit
	letters []notice.Letter
	drafts  []wording.Draft // of messages that partners send themselves
}

func list(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	o := &overview{Visit: v}
	var err error
	if o.letters, err = visit.Do(v, notice.ListLetters, struct{}{}); err != nil {
		return err
	}
	if o.drafts, err = visit.Do(v, wording.List, struct{}{}); err != nil {
		return err
	}
	f := v.Frame(v.T("messages.title"), visit.Messages)
	f.Subtitle, f.Help = v.T("messages.subtitle"), help(v)
	f.Commands = block.CommandBar{Commands: []block.Command{{Label: v.T("rules.help.title"), Icon: icon.Link, Href: visit.HelpPath}}}
	return v.Show(listPage(o, f))
}

func help(v *visit.Visit) block.Help {
	return block.Help{
		Title: v.T("messages.title"), Text: []string{v.T("messages.help"), v.T("messages.help_places"), v.T("messages.help_reset")},
		Roles: v.RolesFor("message.update", true),
	}
}

// table has a row for each kind of mail and a column for each language.
func (o *overview) table() block.Table {
	t := block.Table{
		ID: "mail-texts", Caption: o.T("messages.title"), Base: visit.MessagesPath, Small: true, Columns: []block.Column{
			{Key: "message", Title: o.T("messages.column.message")}, {Key: "category", Title: o.T("messages.column.category")},
		},
	}
	for _, language := range lang.Tags() {
		t.Columns = append(t.Columns, block.Column{Key: language, Title: o.Culture(language), Nowrap: true})
	}
	for _, l := range o.letters {
		n := len(t.Rows) - 1
		if n < 0 || t.Rows[n].ID != l.Kind {
			t.Rows = append(t.Rows, block.Row{ID: l.Kind, Cells: []block.Cell{{}, {Text: o.T(l.Category.Key())}}})
			n++
		}
		row := &t.Rows[n]
		if l.Language == o.Tag() {
			row.Name = l.Wording().Subject
			row.Cells[0] = block.Cell{Text: row.Name, Href: pathOf(l.Kind, l.Language)}
		}
		row.Cells = append(row.Cells, block.Cell{Text: o.standing(l), Href: pathOf(l.Kind, l.Language)})
	}
	return t
}

// standing says whose text a mail has.
func (o *overview) standing(l notice.Letter) string {
	if l.Text == nil {
		return o.T("messages.built_in")
	}
	return o.T("messages.changed")
}

// The fields of the form.
const (
	fSubject = "subject"
	fMany    = "many"
	fBody    = "body"
)

// writing is the form of one mail in one language.
type writing struct {
	*visit.Visit
	letter notice.Letter
	in     notice.Wording // as typed
	said   visit.Verdicts
	sentTo string // where an example was just sent
}

// open reads the mail that a page is about.
func open(v *visit.Visit) (*writing, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	w := &writing{Visit: v}
	var err error
	w.letter, err = visit.Do(v, notice.GetLetter, keyOf(v))
	w.in = w.letter.Wording()
	return w, err
}

func keyOf(v *visit.Visit) notice.LetterKey {
	return notice.LetterKey{Kind: v.Request.PathValue("kind"), Language: v.Request.PathValue("language")}
}

// path is the address of the page.
func (w *writing) path() string { return pathOf(w.letter.Kind, w.letter.Language) }

func show(v *visit.Visit) error {
	w, err := open(v)
	if err != nil {
		return err
	}
	return w.show(http.StatusOK)
}

func (w *writing) show(status int) error {
	f := w.Frame(w.letter.BuiltIn.Subject, visit.Messages)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: w.T("messages.title"), Href: visit.MessagesPath})
	f.Subtitle = w.T("messages.one.subtitle", "Language", w.Culture(w.letter.Language), "Category", w.T(w.letter.Category.Key()))
	f.Help = help(w.Visit)
	if w.letter.Text != nil {
		f.Badges = []block.Badge{{Tone: block.Info, Text: w.T("messages.changed")}}
	}
	if w.sentTo != "" {
		f.Messages = append(f.Messages, block.Message{Tone: block.Success, Text: w.T("messages.tried", "Address", w.sentTo)})
	}
	for _, language := range lang.Tags() {
		f.Tabs = append(f.Tabs, block.Tab{Label: w.Culture(language), Href: pathOf(w.letter.Kind, language), Current: language == w.letter.Language})
	}
	return w.ShowAs(status, writingPage(w, f))
}

// changed says who wrote the text, "" for the built-in one.
func (w *writing) changed() string {
	if w.letter.Text == nil {
		return ""
	}
	return w.T("messages.one.changed", "Who", w.letter.Text.ChangedBy, "At", w.letter.Text.ChangedAt)
}

// typed reads the form.
func (w *writing) typed() notice.NewWording {
	w.in = notice.Wording{Subject: w.Form(fSubject), Many: w.Form(fMany), Body: w.Form(fBody)}
	return notice.NewWording{LetterKey: keyOf(w.Visit), Wording: w.in}
}

// again shows the form with what is wrong beside the fields.
func (w *writing) again(err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	if w.said, err = w.Judge(err, nil, func(member string) string { return member }, w.label); err != nil {
		return err
	}
	return w.show(http.StatusBadRequest)
}

func (w *writing) label(field string) string {
	switch field {
	case fSubject:
		return w.T("messages.field.subject")
	case fMany:
		return w.T("messages.field.many")
	}
	return w.T("messages.field.body")
}

func save(v *visit.Visit) error {
	w, err := open(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, notice.ChangeLetter, w.typed()); err != nil {
		return w.again(err)
	}
	v.Toast(v.T("messages.saved"))
	return v.Redirect(w.path())
}

// preview shows an example of the mail as its recipient would see it, cut off
// from everything.
func preview(v *visit.Visit) error {
	w, err := open(v)
	if err != nil {
		return err
	}
	m, err := visit.Do(v, notice.PreviewLetter, w.typed())
	if err != nil {
		return w.again(err)
	}
	v.ShowMail(m)
	return nil
}

// try sends an example to the reader.
func try(v *visit.Visit) error {
	w, err := open(v)
	if err != nil {
		return err
	}
	if w.sentTo, err = visit.Do(v, notice.TryLetter, w.typed()); err != nil {
		return w.again(err)
	}
	return w.show(http.StatusOK) // what is typed may not be saved yet
}

func reset(v *visit.Visit) error {
	w, err := open(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, notice.ResetLetter, keyOf(v)); err != nil {
		return err
	}
	v.Toast(v.T("messages.reset_done"))
	return v.Redirect(w.path())
}

// places are the placeholders of the mail with what they stand for.
func (w *writing) places() []block.Fact {
	names := slices.Clone(w.letter.Placeholders)
	if w.letter.Linked {
		names = append(names, "Link")
	}
	if w.letter.BuiltIn.Many != "" {
		names = append(names, "N")
	}
	facts := make([]block.Fact, len(names))
	for i, name := range names {
		facts[i] = block.Fact{Term: "{" + name + "}", Value: w.meaning(name)}
	}
	return facts
}

func (w *writing) meaning(name string) string {
	switch name {
	case "Customer":
		return w.T("messages.place.customer")
	case "Reason":
		return w.T("messages.place.reason")
	case "Partner":
		return w.T("messages.place.partner")
	case "Date":
		return w.T("messages.place.date")
	case "Person":
		return w.T("messages.place.person")
	case "Version":
		return w.T("messages.place.version")
	case "When":
		return w.T("messages.place.when")
	case "Concerned":
		return w.T("messages.place.concerned")
	case "Name":
		return w.T("messages.place.name")
	case "Until":
		return w.T("messages.place.until")
	case "Link":
		return w.T("messages.place.link")
	case "N":
		return w.T("messages.place.n")
	}
	return w.T("messages.place.other")
}

func (w *writing) field(name string) block.Field {
	f := block.Field{Name: name, Label: w.label(name), Required: true, ReadOnly: !w.May("message.update", true), Attrs: map[string]any{"lang": w.letter.Language}}
	switch name {
	case fSubject:
		f.Value, f.Max = w.in.Subject, notice.SubjectMax
	case fMany:
		f.Value, f.Max, f.Hint = w.in.Many, notice.SubjectMax, w.T("messages.field.many_hint")
	case fBody:
		f.Value, f.Max, f.Rows, f.Hint = w.in.Body, notice.BodyMax, 12, w.T("messages.field.body_hint")
	}
	return w.said.Mark(f)
}
