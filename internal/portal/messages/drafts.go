package messages

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/wording"
)

const oneDraftPath = visit.DraftsPath + "/{kind}/{language}"

func draftPath(k wording.Key) string {
	return visit.DraftsPath + "/" + string(k.Kind) + "/" + k.Language
}

// kindName is what a message that partners send themselves is for.
func kindName(v *visit.Visit, k wording.Kind) string {
	switch k {
	case wording.Own:
		return v.T("invitepage.kind.own")
	case wording.Joint:
		return v.T("invitepage.kind.joint")
	case wording.Partnership:
	}
	return v.T("invitepage.kind.partnership")
}

// draftTable has a row for each kind of message that partners send themselves, and a
// column for each language.
func (o *overview) draftTable() block.Table {
	t := block.Table{
		ID: "drafts", Caption: o.T("invitepage.drafts"), Base: visit.MessagesPath, Small: true,
		Columns: []block.Column{{Key: "message", Title: o.T("messages.column.message")}},
	}
	for _, language := range lang.Tags() {
		t.Columns = append(t.Columns, block.Column{Key: language, Title: o.Culture(language), Nowrap: true})
	}
	for _, d := range o.drafts {
		n := len(t.Rows) - 1
		if n < 0 || t.Rows[n].ID != string(d.Kind) {
			name := kindName(o.Visit, d.Kind)
			own := draftPath(wording.Key{Kind: d.Kind, Language: o.Tag()})
			t.Rows = append(t.Rows, block.Row{ID: string(d.Kind), Name: name, Cells: []block.Cell{{Text: name, Href: own}}})
			n++
		}
		says := o.T("messages.built_in")
		if d.Own != nil {
			says = o.T("messages.changed")
		}
		t.Rows[n].Cells = append(t.Rows[n].Cells, block.Cell{Text: says, Href: draftPath(d.Key)})
	}
	return t
}

// drafting is the form of one draft in one language.
type drafting struct {
	*visit.Visit
	draft wording.Draft
	in    wording.Text // as typed
	said  visit.Verdicts
}

func openDraft(v *visit.Visit) (*drafting, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	d := &drafting{Visit: v}
	var err error
	d.draft, err = visit.Do(v, wording.Get, draftKey(v))
	d.in = d.draft.Text()
	return d, err
}

func draftKey(v *visit.Visit) wording.Key {
	return wording.Key{Kind: wording.Kind(v.Request.PathValue("kind")), Language: v.Request.PathValue("language")}
}

func showDraft(v *visit.Visit) error {
	d, err := openDraft(v)
	if err != nil {
		return err
	}
	return d.show(http.StatusOK)
}

func (d *drafting) show(status int) error {
	f := d.Frame(kindName(d.Visit, d.draft.Kind), visit.Messages)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: d.T("messages.title"), Href: visit.MessagesPath})
	f.Subtitle, f.Help = d.T("invitepage.draft.subtitle"), help(d.Visit)
	if d.draft.Own != nil {
		f.Badges = []block.Badge{{Tone: block.Info, Text: d.T("messages.changed")}}
	}
	for _, language := range lang.Tags() {
		f.Tabs = append(f.Tabs, block.Tab{
			Label: d.Culture(language), Href: draftPath(wording.Key{Kind: d.draft.Kind, Language: language}), Current: language == d.draft.Language,
		})
	}
	return d.ShowAs(status, draftPage(d, f))
}

// changed says who wrote the text, "" for the built-in one.
func (d *drafting) changed() string {
	if d.draft.Own == nil {
		return ""
	}
	return d.T("messages.one.changed", "Who", d.draft.Own.ChangedBy, "At", d.draft.Own.ChangedAt)
}

func saveDraft(v *visit.Visit) error {
	d, err := openDraft(v)
	if err != nil {
		return err
	}
	d.in = wording.Text{Subject: v.Form(fSubject), Body: v.Form(fBody)}
	_, err = visit.Do(v, wording.Update, wording.Change{Key: draftKey(v), Text: d.in})
	switch {
	case err == nil:
		v.Toast(v.T("messages.saved"))
		return v.Redirect(draftPath(d.draft.Key))
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if d.said, err = v.Judge(err, nil, func(member string) string { return member }, d.label); err != nil {
		return err
	}
	return d.show(http.StatusBadRequest)
}

func resetDraft(v *visit.Visit) error {
	d, err := openDraft(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, wording.Reset, draftKey(v)); err != nil {
		return err
	}
	v.Toast(v.T("messages.reset_done"))
	return v.Redirect(draftPath(d.draft.Key))
}

func (d *drafting) label(field string) string {
	if field == fSubject {
		return d.T("messages.field.subject")
	}
	return d.T("messages.field.body")
}

func (d *drafting) field(name string) block.Field {
	f := block.Field{
		Name: name, Label: d.label(name), Required: true, ReadOnly: !d.May("message.update", true), Value: d.in.Subject, Max: wording.SubjectMax,
		Attrs: map[string]any{"lang": d.draft.Language},
	}
	if name == fBody {
		f.Value, f.Max, f.Rows, f.Hint = d.in.Body, wording.BodyMax, 16, d.T("invitepage.draft.body_hint")
	}
	return d.said.Mark(f)
}

// places are the placeholders of the draft with what they stand for.
func (d *drafting) places() []block.Fact {
	places := d.draft.Kind.Places()
	facts := make([]block.Fact, len(places))
	for i, place := range places {
		facts[i] = block.Fact{Term: "{" + place + "}", Value: d.meaning(place)}
	}
	return facts
}

func (d *drafting) meaning(place string) string {
	switch place {
	case wording.Partner:
		return d.T("invitepage.place.partner")
	case wording.Provider:
		return d.T("invitepage.place.provider")
	case wording.Recipient:
		return d.T("invitepage.place.recipient")
	}
	return d.T("invitepage.place.link")
}
