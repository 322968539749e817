package delegations

import (
	"net/http"
	"strconv"

	"comptoir/internal/gdap"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// templateForm is the form of a role template: a new one, or one that is there.
type templateForm struct {
	terms
	template gdap.Template // its ID is empty for a new one
}

func listTemplates(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "gdap.view", false); err != nil {
		return err
	}
	all, err := visit.Do(v, gdap.ListTemplates, struct{}{})
	if err != nil {
		return err
	}
	f := v.Frame(v.T("gdappage.template.title"), visit.Insights)
	f.Breadcrumb = append(f.Breadcrumb, toInsights(v))
	f.Subtitle = v.T("gdappage.template.subtitle")
	f.Commands.Commands = []block.Command{{
		Label: v.T("gdappage.template.add"), Icon: icon.Add, Kind: block.Primary, Href: visit.RoleTemplatesPath + "/new", Key: "n", Reason: v.Reason("gdap.request", true),
	}}
	f.Help = block.Help{Title: v.T("gdappage.template.title"), Text: []string{v.T("gdappage.template.help"), v.T("gdappage.request.help")}, Roles: v.RolesFor("gdap.request", true)}
	return v.Show(tablePage(v, f, templateTable(v, all)))
}

func templateTable(v *visit.Visit, all []gdap.Template) block.Table {
	t := block.Table{
		ID: "templates", Caption: v.T("gdappage.template.title"), Base: visit.RoleTemplatesPath, Small: true,
		Columns: []block.Column{
			{Key: "name", Title: v.T("common.name"), Fixed: true},
			{Key: "roles", Title: v.T("gdappage.column.roles")},
			{Key: "days", Title: v.T("delegationpage.duration"), Nowrap: true},
			{Key: "extend", Title: v.T("delegationpage.extend"), Nowrap: true},
		},
		Empty: block.EmptyState{Title: v.T("gdappage.template.empty"), Text: v.T("gdappage.template.help")},
	}
	for _, one := range all {
		t.Rows = append(t.Rows, block.Row{ID: one.ID, Name: one.Name, Cells: []block.Cell{
			{Text: one.Name, Href: templatePath(one.ID)},
			{Text: v.List(one.Roles.Names())},
			{Text: v.N("delegationpage.days", int64(one.Days()))},
			{Text: onOff(v.Printer, one.Permanent())},
		}})
	}
	return t
}

func templatePath(template string) string { return visit.RoleTemplatesPath + "/" + template }

func newTemplate(v *visit.Visit) error {
	t := &templateForm{terms: newTerms(v)}
	if err := v.Kernel().May(v.Actor, "gdap.request", true); err != nil {
		return err
	}
	return t.show(http.StatusOK)
}

// openTemplate reads the template that the address names.
func openTemplate(v *visit.Visit) (*templateForm, error) {
	found, err := visit.Do(v, gdap.GetTemplate, v.Request.PathValue("id"))
	t := &templateForm{terms: newTerms(v), template: found}
	t.name, t.days, t.extend, t.roles = found.Name, strconv.Itoa(found.Days()), found.Permanent(), found.Roles
	return t, err
}

func showTemplate(v *visit.Visit) error {
	t, err := openTemplate(v)
	if err != nil {
		return err
	}
	return t.show(http.StatusOK)
}

// action is where the form is sent.
func (t *templateForm) action() string {
	if t.template.ID == "" {
		return visit.RoleTemplatesPath + "/new"
	}
	return templatePath(t.template.ID)
}

func (t *templateForm) show(status int) error {
	title := t.template.Name
	if title == "" {
		title = t.T("gdappage.template.add")
	}
	f := t.Frame(title, visit.Insights)
	f.Breadcrumb = append(f.Breadcrumb, toInsights(t.Visit), block.Link{Label: t.T("gdappage.template.title"), Href: visit.RoleTemplatesPath})
	if t.template.ID != "" {
		f.Commands.Commands = []block.Command{{
			Label: t.T("common.delete"), Icon: icon.Delete, Href: t.action() + "/delete", Dialog: true, Reason: t.Reason("gdap.request", true),
		}}
	}
	return t.ShowAs(status, templatePage(t, f))
}

func addTemplate(v *visit.Visit) error {
	t := &templateForm{terms: newTerms(v)}
	if err := v.Kernel().May(v.Actor, "gdap.request", true); err != nil {
		return err
	}
	return t.save()
}

func saveTemplate(v *visit.Visit) error {
	t, err := openTemplate(v)
	if err != nil {
		return err
	}
	return t.save()
}

// save takes the form.
func (t *templateForm) save() error {
	t.typed()
	if t.take(nil) {
		return t.show(http.StatusOK)
	}
	_, err := visit.DoOnce(t.Visit, gdap.SaveTemplate, gdap.TemplateDraft{
		Template: t.template.ID, Version: version(t.Visit), Name: t.name, Roles: t.roles, Duration: t.duration(), AutoExtend: t.extension(),
	})
	switch {
	case err == nil:
		t.Toast(t.T("gdappage.template.saved"))
		return t.Redirect(visit.RoleTemplatesPath)
	case !answerable(err):
		return err
	}
	status := visit.Status(err)
	if err := t.judge(err); err != nil {
		return err
	}
	return t.show(status)
}

func askDeleteTemplate(v *visit.Visit) error {
	t, err := openTemplate(v)
	if err != nil {
		return err
	}
	return t.showDelete(http.StatusOK, nil)
}

func (t *templateForm) showDelete(status int, refused error) error {
	if err := t.Kernel().May(t.Actor, "gdap.request", true); err != nil {
		return err
	}
	f := t.Frame(t.template.Name, visit.Insights)
	f.Breadcrumb = append(f.Breadcrumb, toInsights(t.Visit), block.Link{Label: t.T("gdappage.template.title"), Href: visit.RoleTemplatesPath})
	return t.ShowAs(status, deleteTemplatePage(t, f, block.Dialog{
		ID: "delete", Title: t.T("gdappage.delete_title", "Name", t.template.Name), Text: t.T("gdappage.template.delete_text"), Tone: block.Warning,
		Action: t.action() + "/delete", CSRF: t.CSRF(), Confirm: t.T("common.delete"), Destructive: true, Cancel: t.action(), Reason: t.Sentence(refused),
	}))
}

func deleteTemplate(v *visit.Visit) error {
	t, err := openTemplate(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, gdap.DeleteTemplate, gdap.TemplateRef{Template: t.template.ID, Version: version(v)})
	switch {
	case err == nil:
		v.Toast(v.T("gdappage.deleted", "Name", t.template.Name))
		return v.Redirect(visit.RoleTemplatesPath)
	case !answerable(err):
		return err
	}
	return t.showDelete(visit.Status(err), err)
}
