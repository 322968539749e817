package console

import (
	"slices"
	"strings"

	"comptoir/internal/activity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const oneAction = visit.RolesPath + "/{id}"

func rolePages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.RolesPath:              roles,
		"GET " + visit.RolesPath + "/export":  exportMatrix,
		"GET " + visit.RolesPath + "/import":  askImport,
		"POST " + visit.RolesPath + "/import": importMatrix,
		"GET " + visit.RolesPath + "/try":     try,
		"GET " + oneAction:                    askAction,
		"POST " + oneAction:                   changeAction,
	}
}

// The roles whose cells the operator decides about, in the order of the columns.
var (
	partnerColumns  = []policy.Role{policy.GlobalAdmin, policy.UserAdmin, policy.BillingAdmin, policy.AdminAgent, policy.SalesAgent, policy.HelpdeskAgent}
	customerColumns = []policy.Role{policy.CustomerAdmin, policy.CustomerBillingAdmin, policy.CustomerUser}
)

// matrix is the page of the matrix (V-11).
type matrix struct {
	*visit.Visit
	specified *policy.Table
	log       changes
	decides   bool
	changed   bool // only what differs from the specification is shown
	differ    int  // cells that do
}

func roles(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.view", false); err != nil {
		return err
	}
	m := &matrix{Visit: v, specified: policy.New(), decides: v.May("setting.update", true), changed: v.Query("show") == "changed"}
	for _, row := range v.Kernel().Policy.Rows() {
		m.differ += m.differences(row, partnerColumns) + m.differences(row, customerColumns)
	}
	var err error
	m.log, err = readChanges(v, activity.RoleMatrixResource, visit.RolesPath, func(r activity.Record) string { return cellWords(v, r.Data["cell"]) })
	if err != nil {
		return err
	}
	for i := range m.log.steps {
		m.log.steps[i].Text = v.T("console.log.change", "Old", grantKept(v, m.log.records[i].Old), "New", grantKept(v, m.log.records[i].New))
	}
	f := v.Frame(v.T("console.roles.title"), visit.Roles)
	f.Subtitle = v.T("console.roles.subtitle")
	f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: m.standing()})
	f.Commands = block.CommandBar{Commands: []block.Command{
		m.toggle(),
		{Label: v.T("console.roles.try"), Icon: icon.Person, Href: visit.RolesPath + "/try"},
		{Label: v.T("console.roles.export"), Icon: icon.Download, Href: visit.RolesPath + "/export", Key: "e"},
		{Label: v.T("console.roles.import"), Icon: icon.Upload, Href: visit.RolesPath + "/import", Reason: v.Reason("setting.update", true)},
	}}
	f.Help = block.Help{Title: f.Title, Text: []string{v.T("console.roles.help")}, Roles: v.RolesFor("setting.update", true)}
	return v.Show(rolesPage(m, f))
}

// standing says how far the matrix is from the specification.
func (m *matrix) standing() string {
	if m.differ == 0 {
		return m.T("console.roles.none_changed")
	}
	return m.N("console.roles.count", int64(m.differ))
}

// toggle narrows the page to what was changed, and widens it again.
func (m *matrix) toggle() block.Command {
	if m.changed {
		return block.Command{Label: m.T("console.roles.all"), Icon: icon.Filter, Href: visit.RolesPath}
	}
	return block.Command{Label: m.T("console.roles.only_changed"), Icon: icon.Filter, Href: visit.RolesPath + "?show=changed"}
}

// differences counts the cells of a row that are not as specified.
func (m *matrix) differences(row policy.Row, columns []policy.Role) int {
	specified, _ := m.specified.Row(row.Action)
	n := 0
	for _, role := range columns {
		if row.Grant(role) != specified.Grant(role) {
			n++
		}
	}
	return n
}

// rows returns the rows of a subject that the page shows.
func (m *matrix) rows(s subject, columns []policy.Role) []policy.Row {
	var all []policy.Row
	for _, action := range s.actions {
		if row, ok := m.Kernel().Policy.Row(action); ok && (!m.changed || m.differences(row, columns) > 0) {
			all = append(all, row)
		}
	}
	return all
}

// table shows the rows of a subject with a column for each role.
func (m *matrix) table(s subject, columns []policy.Role) block.Table {
	t := block.Table{ID: s.id, Caption: m.T(s.title), Small: true, Columns: []block.Column{{Key: "action", Title: m.T("console.roles.action")}}}
	for _, role := range columns {
		t.Columns = append(t.Columns, block.Column{Key: role.Names()[0], Title: roleNames(m.Visit, role)[0]})
	}
	for _, row := range m.rows(s, columns) {
		action := block.Cell{Text: actionWord(m.Visit, row.Action), Sub: row.Ref + " · " + string(row.Action)}
		switch {
		case !slices.ContainsFunc(columns, row.Open):
			action.Sub += " · " + m.T("console.roles.fixed")
		case m.decides:
			action.Href = actionPath(row.Action)
		}
		cells := []block.Cell{action}
		for _, role := range columns {
			cells = append(cells, m.cell(row, role))
		}
		t.Rows = append(t.Rows, block.Row{ID: string(row.Action), Name: action.Text, Cells: cells})
	}
	return t
}

// cell is what a role may do; what differs from the specification is marked.
func (m *matrix) cell(row policy.Row, role policy.Role) block.Cell {
	if row.Self || row.Anyone {
		return block.Cell{Text: m.T("console.grant.own")}
	}
	grant := row.Grant(role)
	specified, _ := m.specified.Row(row.Action)
	c := block.Cell{Text: grantWord(m.Visit, grant)}
	if was := specified.Grant(role); was != grant {
		c = block.Cell{Badge: block.Badge{Tone: block.Important, Text: c.Text, Icon: icon.Edit}, Sub: m.T("console.grant.was", "Grant", grantWord(m.Visit, was))}
	}
	return c
}

func grantWord(v *visit.Visit, g policy.Grant) string {
	switch g {
	case policy.Allowed:
		return v.T("console.grant.allowed")
	case policy.Read:
		return v.T("console.grant.read")
	case policy.Refused:
	}
	return v.T("console.grant.refused")
}

// grantKept is the word for a grant as the log keeps it; "default" is what the
// specification says.
func grantKept(v *visit.Visit, kept string) string {
	if g, ok := policy.ParseGrant(readable(v, kept)); ok {
		return grantWord(v, g)
	}
	return v.T("console.grant.default")
}

// cellWords says which cell of the matrix the log means by
// "customer.add:sales-agent".
func cellWords(v *visit.Visit, cell string) string {
	action, name, _ := strings.Cut(cell, ":")
	role, ok := policy.ParseRole(name)
	if !ok {
		return cell
	}
	return v.T("console.roles.cell", "Action", actionWord(v, policy.Action(action)), "Role", roleNames(v, role)[0])
}

func actionPath(a policy.Action) string { return visit.RolesPath + "/" + string(a) }

// actionForm is the dialog that decides the cells of a row.
type actionForm struct {
	*visit.Visit
	row, specified policy.Row
}

func openAction(v *visit.Visit) (*actionForm, error) {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return nil, err
	}
	a := &actionForm{Visit: v}
	var ok bool
	if a.row, ok = v.Kernel().Policy.Row(policy.Action(v.Request.PathValue("id"))); !ok || len(a.open()) == 0 {
		return nil, refusal.NotFound
	}
	a.specified, _ = policy.New().Row(a.row.Action)
	return a, nil
}

// open lists the roles whose cells can be decided.
func (a *actionForm) open() []policy.Role {
	return slices.DeleteFunc(slices.Concat(partnerColumns, customerColumns), func(role policy.Role) bool { return !a.row.Open(role) })
}

func (a *actionForm) frame() block.Frame {
	f := a.Frame(actionWord(a.Visit, a.row.Action), visit.Roles)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: a.T("console.roles.title"), Href: visit.RolesPath})
	return f
}

// field asks what a role may do.
func (a *actionForm) field(role policy.Role) block.Field {
	f := block.Field{
		Name: role.Names()[0], Label: roleNames(a.Visit, role)[0], Value: a.row.Grant(role).String(), Width: block.Medium,
		Hint: a.T("console.grant.was", "Grant", grantWord(a.Visit, a.specified.Grant(role))),
	}
	for _, g := range []policy.Grant{policy.Allowed, policy.Read, policy.Refused} {
		f.Options = append(f.Options, block.Option{Value: g.String(), Label: grantWord(a.Visit, g)})
	}
	return f
}

func askAction(v *visit.Visit) error {
	a, err := openAction(v)
	if err != nil {
		return err
	}
	return v.Show(actionDialog(a, a.frame()))
}

func changeAction(v *visit.Visit) error {
	a, err := openAction(v)
	if err != nil {
		return err
	}
	var in op.MatrixChange
	for _, role := range a.open() {
		if grant, ok := policy.ParseGrant(v.Form(role.Names()[0])); ok {
			in.Cells = append(in.Cells, policy.Change{Action: a.row.Action, Role: role, Grant: grant})
		}
	}
	if _, err := v.Kernel().UpdateMatrix(v.Context(), v.Actor, in); err != nil {
		return err
	}
	v.Toast(v.T("common.saved"))
	return v.Redirect(visit.RolesPath + "#" + subjectOf(a.row.Action).id + "-" + string(a.row.Action))
}
