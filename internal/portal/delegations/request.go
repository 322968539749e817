package delegations

import (
	"errors"
	"net/http"
	"strconv"

	"comptoir/internal/gdap"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// requesting is the form that asks a customer for roles (P-11b), or changes a draft.
type requesting struct {
	record
	terms     terms
	draft     gdap.Relationship // its ID is empty for a new request
	templates []gdap.Template
}

func openRequest(v *visit.Visit) (*requesting, error) {
	c, err := openRecord(v)
	if err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "gdap.request", true); err != nil {
		return nil, err
	}
	r := &requesting{record: c, terms: newTerms(v)}
	r.templates, err = visit.Do(v, gdap.ListTemplates, struct{}{})
	return r, err
}

// openDraft reads the request that the address names. Only a draft can be changed
// (rule F3).
func openDraft(v *visit.Visit) (*requesting, error) {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return nil, err
	}
	r, err := openRequest(v)
	if err != nil {
		return nil, err
	}
	if r.draft = o.relationship; r.draft.Status != gdap.Created {
		return nil, gdap.ErrLocked
	}
	r.terms.name, r.terms.days = r.draft.Name, strconv.Itoa(r.draft.Days())
	r.terms.extend, r.terms.roles = r.draft.Permanent(), r.draft.Roles
	return r, nil
}

func newRequest(v *visit.Visit) error {
	r, err := openRequest(v)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK)
}

func editRequest(v *visit.Visit) error {
	r, err := openDraft(v)
	if errors.Is(err, gdap.ErrLocked) { // it was sent meanwhile
		return v.Redirect(v.Request.URL.Path[:len(v.Request.URL.Path)-len("/edit")])
	}
	if err != nil {
		return err
	}
	return r.show(http.StatusOK)
}

func (r *requesting) isNew() bool { return r.draft.ID == "" }

// requestID is the key of the form, which stays the same while sets are tried.
func (r *requesting) requestID() string {
	if key := r.Form("request-id"); key != "" {
		return key
	}
	return r.Actor.RequestID
}

// action is where the form is sent, back where it is left.
func (r *requesting) action() string {
	if r.isNew() {
		return r.path() + "/new"
	}
	return r.back() + "/edit"
}

func (r *requesting) back() string {
	if r.isNew() {
		return r.path()
	}
	return visit.DelegationPath(r.customer.ID, r.draft.ID)
}

func (r *requesting) show(status int) error {
	title, way := r.T("gdappage.request.title"), []block.Link{r.toList()}
	if !r.isNew() {
		title, way = r.T("gdappage.request.edit"), append(way, block.Link{Label: r.draft.Name, Href: r.back()})
	}
	f := r.frame(title, way...)
	f.Subtitle = r.T("gdappage.request.subtitle", "Customer", r.customer.OriginalName)
	f.Help = block.Help{
		Title: title, Text: []string{r.T("gdappage.help.what"), r.T("gdappage.request.help")}, Roles: r.RolesFor("gdap.request", true),
	}
	return r.ShowAs(status, requestPage(r, f))
}

// create takes the form of a new request. What is finalized is sent for approval at
// once, and the message to the customer comes next.
func create(v *visit.Visit) error {
	r, err := openRequest(v)
	if err != nil {
		return err
	}
	r.terms.typed()
	if r.terms.take(r.templates) {
		return r.show(http.StatusOK)
	}
	made, err := visit.DoOnce(v, gdap.Create, gdap.New{
		Name: r.terms.name, Duration: r.terms.duration(), AutoExtend: r.terms.extension(), Roles: r.terms.roles,
		Customer: r.customer.ID, CustomerName: r.customer.OriginalName,
	})
	if err != nil {
		return r.refused(err)
	}
	r.draft = made
	return r.saved()
}

// change takes the form of a draft.
func change(v *visit.Visit) error {
	r, err := openDraft(v)
	if err != nil {
		return err
	}
	r.terms.typed()
	if r.terms.take(r.templates) {
		return r.show(http.StatusOK)
	}
	duration, extend, roles := r.terms.duration(), r.terms.extension(), []gdap.RoleID(r.terms.roles)
	_, err = visit.Do(v, gdap.Update, gdap.Change{Relationship: r.draft.ID, Version: version(v), Draft: gdap.Draft{
		Name: &r.terms.name, Duration: &duration, AutoExtend: &extend, Roles: &roles,
	}})
	if err != nil {
		return r.refused(err)
	}
	return r.saved()
}

// saved leads on: to the draft, or when it is finalized to the message.
func (r *requesting) saved() error {
	if r.Form("go") != "finalize" {
		r.Toast(r.T("gdappage.request.kept"))
		return r.Redirect(r.back())
	}
	return lock(r.Visit, r.draft.ID, r.back())
}

// lock sends a draft for approval and leads to the message.
func lock(v *visit.Visit, relationship, path string) error {
	if _, err := visit.DoOnce(v, gdap.LockForApproval, gdap.Ref{Relationship: relationship}); err != nil {
		return err
	}
	return v.Redirect(path + "/message")
}

// refused shows the form again with what was said about it.
func (r *requesting) refused(err error) error {
	if !answerable(err) {
		return err
	}
	status := visit.Status(err)
	if err := r.terms.judge(err); err != nil {
		return err
	}
	return r.show(status)
}

// finalize sends the draft of the page for approval.
func finalize(v *visit.Visit) error {
	d, err := openDetail(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, gdap.LockForApproval, gdap.Ref{Relationship: d.relationship.ID, Version: version(v)})
	switch {
	case err == nil:
		return v.Redirect(d.path() + "/message")
	case !answerable(err):
		return err
	}
	d.said.Refuse("", v.Sentence(err))
	return d.show(visit.Status(err))
}

// askDelete asks before a draft is deleted.
func askDelete(v *visit.Visit) error {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return err
	}
	return o.showDelete(http.StatusOK, nil)
}

func (o one) showDelete(status int, refused error) error {
	if err := o.Kernel().May(o.Actor, "gdap.request", true); err != nil {
		return err
	}
	d := block.Dialog{
		ID: "delete", Title: o.T("gdappage.delete_title", "Name", o.relationship.Name), Text: o.T("gdappage.delete_text"), Tone: block.Warning,
		Action: o.path() + "/delete", CSRF: o.CSRF(), Confirm: o.T("common.delete"), Destructive: true, Cancel: o.path(), Reason: o.Sentence(refused),
	}
	return o.ShowAs(status, endPage(o, o.frame(d.Title), d))
}

func deleteDraft(v *visit.Visit) error {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return err
	}
	_, err = visit.Do(v, gdap.Delete, gdap.Ref{Relationship: o.relationship.ID, Version: version(v)})
	switch {
	case err == nil:
		v.Toast(v.T("gdappage.deleted", "Name", o.relationship.Name))
		return v.Redirect(o.record.path())
	case !answerable(err):
		return err
	}
	return o.showDelete(visit.Status(err), err)
}
