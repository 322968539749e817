package delegations

import (
	"net/http"
	"slices"
	"strconv"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// askEndOfRow asks before the relationship that was selected in the list ends.
func askEndOfRow(v *visit.Visit) error {
	o, err := openOne(v, v.Query("id"))
	if err != nil {
		return err
	}
	return o.showEnd(http.StatusOK, o.record.path(), nil)
}

// askEnd asks before a relationship ends.
func askEnd(v *visit.Visit) error {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return err
	}
	return o.showEnd(http.StatusOK, o.path(), nil)
}

// end ends a relationship, or withdraws a request (rule F10).
func end(v *visit.Visit) error {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return err
	}
	_, err = visit.Do(v, gdap.End, gdap.Ref{Relationship: o.relationship.ID, Version: version(v)})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("gdappage.terminated", "Name", o.relationship.Name))
		return v.Redirect(o.path())
	case kind != fault.Conflict && kind != fault.Stale:
		return err
	}
	return o.showEnd(visit.Status(err), o.path(), err)
}

func (o one) showEnd(status int, back string, refused error) error {
	if err := o.Kernel().May(o.Actor, "gdap.end", true); err != nil {
		return err
	}
	d := block.Dialog{
		ID: "terminate", Title: o.T("gdappage.terminate_title", "Name", o.relationship.Name), Text: o.T("gdappage.terminate_text"),
		Tone: block.Warning, Action: o.path() + "/terminate", CSRF: o.CSRF(), Confirm: o.T("gdappage.terminate"), Destructive: true,
		Cancel: back, Reason: o.Sentence(refused),
	}
	if o.relationship.Status == gdap.ApprovalPending {
		d.Title, d.Text, d.Confirm = o.T("gdappage.withdraw_title", "Name", o.relationship.Name), o.T("gdappage.withdraw_text"), o.T("gdappage.withdraw")
	}
	return o.ShowAs(status, endPage(o, o.frame(d.Title), d))
}

// mostAtOnce is how many relationships one form switches (rule F7).
const mostAtOnce = 25

// extending is the dialog that switches auto extension for a selection, in the
// list of one customer or of all.
type extending struct {
	*visit.Visit
	frame  block.Frame
	action string // where the dialog is sent
	back   string // the list
	chosen []gdap.Relationship
	on     bool
}

// choose reads the relationships that were selected; those of others, and what is
// no id, are left out.
func (e *extending) choose() error {
	var seen []string
	for _, text := range e.Forms("id") {
		if slices.Contains(seen, text) || len(seen) > mostAtOnce {
			continue
		}
		seen = append(seen, text)
		r, err := visit.Do(e.Visit, gdap.Get, text)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
		if err == nil {
			e.chosen = append(e.chosen, r)
		}
	}
	return nil
}

// openExtending opens the dialog for relationships of one customer.
func openExtending(v *visit.Visit) (*extending, error) {
	r, err := openRecord(v)
	if err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "gdap.end", true); err != nil {
		return nil, err
	}
	e := &extending{Visit: v, frame: r.frame(v.T("gdappage.extend"), r.toList()), action: r.path() + "/extend", back: r.path()}
	if err := e.choose(); err != nil {
		return nil, err
	}
	e.chosen = slices.DeleteFunc(e.chosen, func(one gdap.Relationship) bool { return one.Customer != r.customer.ID })
	if len(e.chosen) == 1 && v.Form("from") == "page" {
		e.back = visit.DelegationPath(r.customer.ID, e.chosen[0].ID)
	}
	return e, nil
}

func askExtend(v *visit.Visit) error {
	e, err := openExtending(v)
	if err != nil {
		return err
	}
	return e.ask()
}

// askExtendOne opens the dialog on the page of one relationship.
func askExtendOne(v *visit.Visit) error {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return err
	}
	if err := v.Kernel().May(v.Actor, "gdap.end", true); err != nil {
		return err
	}
	e := &extending{
		Visit: v, frame: o.frame(v.T("gdappage.extend"), block.Link{Label: o.relationship.Name, Href: o.path()}),
		action: o.record.path() + "/extend", back: o.path(), chosen: []gdap.Relationship{o.relationship},
	}
	return e.ask()
}

func extend(v *visit.Visit) error {
	e, err := openExtending(v)
	if err != nil {
		return err
	}
	return e.do()
}

// ask shows the dialog, set to what would be a change for the first.
func (e *extending) ask() error {
	e.on = len(e.chosen) == 0 || !e.chosen[0].Permanent()
	return e.Show(extendPage(e))
}

func (e *extending) dialog() block.Dialog {
	d := block.Dialog{
		ID: "extend", Title: e.T("gdappage.extend"), Text: e.N("gdappage.extend_text", int64(len(e.chosen))), Action: e.action, CSRF: e.CSRF(),
		Confirm: e.T("common.save"), Cancel: e.back,
	}
	switch {
	case len(e.chosen) == 0:
		d.Reason = e.T("block.commands.some")
	case len(e.chosen) > mostAtOnce:
		d.Reason = e.T("gdappage.extend_most", "Max", mostAtOnce)
	}
	return d
}

// onPage reports whether the dialog stands over the page of a relationship.
func (e *extending) onPage() bool {
	return len(e.chosen) == 1 && e.back == visit.DelegationPath(e.chosen[0].Customer, e.chosen[0].ID)
}

func (e *extending) field() block.Field {
	value := "off"
	if e.on {
		value = "on"
	}
	return block.Field{Name: "extend", Label: e.T("delegationpage.extend"), Value: value, Options: []block.Option{
		{Value: "on", Label: e.T("common.on"), Hint: e.T("gdappage.extend_on_hint")},
		{Value: "off", Label: e.T("common.off"), Hint: e.T("gdappage.extend_off_hint")},
	}}
}

// do switches each by itself: what is refused of one does not stop the others, and
// each is told.
func (e *extending) do() error {
	e.on = e.Form("extend") == "on"
	if len(e.chosen) == 0 || len(e.chosen) > mostAtOnce {
		return e.ShowAs(http.StatusBadRequest, extendPage(e))
	}
	to := gdap.NoExtension
	if e.on {
		to = gdap.Extension
	}
	var refused []block.Fact
	for _, r := range e.chosen {
		_, err := visit.Do(e.Visit, gdap.SetAutoExtend, gdap.Switch{Ref: gdap.Ref{Relationship: r.ID}, AutoExtend: to})
		if err != nil && fault.KindOf(err) == fault.Internal {
			return err
		}
		if err != nil {
			refused = append(refused, block.Fact{
				Term: r.Name, Badge: block.Badge{Tone: block.Danger, Text: e.T("gdappage.extend_refused"), Icon: icon.Blocked}, Hint: e.Sentence(err),
			})
		}
	}
	done := int64(len(e.chosen) - len(refused))
	if len(refused) == 0 {
		e.Toast(e.N("gdappage.extend_done", done))
		return e.Redirect(e.back)
	}
	return e.ShowAs(http.StatusConflict, extendedPage(e, done, refused))
}

// outcome is the dialog that says what was refused.
func (e *extending) outcome(done int64) block.Dialog {
	return block.Dialog{ID: "extend", Title: e.T("gdappage.extend"), Text: e.N("gdappage.extend_done", done), Cancel: e.back, Wide: true}
}

// version is the one that the reader saw, 0 when the form does not say.
func version(v *visit.Visit) int64 {
	n, err := strconv.ParseInt(v.Form("version"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
