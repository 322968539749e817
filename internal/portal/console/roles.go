package console

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
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

// numbered returns the rows of the matrix that the specification numbers with a
// letter, "b" for partners and "c" for customers, in its order.
func numbered(t *policy.Table, letter string) []policy.Row {
	var rows []policy.Row
	for _, r := range t.Rows() {
		if strings.HasPrefix(r.Ref, letter) {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b policy.Row) int { return rank(a) - rank(b) })
	return rows
}

// rank is the number of a row: 12 for "b12".
func rank(r policy.Row) int {
	n, err := strconv.Atoi(r.Ref[1:])
	if err != nil {
		return 0 // such a row comes first
	}
	return n
}

// matrix is the page of the matrix (V-11).
type matrix struct {
	*visit.Visit
	specified *policy.Table
	log       changes
	decides   bool
}

func roles(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.view", false); err != nil {
		return err
	}
	m := &matrix{Visit: v, specified: policy.New(), decides: v.May("setting.update", true)}
	var err error
	m.log, err = readChanges(v, activity.RoleMatrixResource, visit.RolesPath, func(r activity.Record) string { return r.Data["cell"] })
	if err != nil {
		return err
	}
	f := v.Frame(v.T("console.roles.title"), visit.Roles)
	f.Subtitle = v.T("console.roles.subtitle")
	f.Commands = block.CommandBar{Commands: []block.Command{
		{Label: v.T("console.roles.try"), Icon: icon.Person, Href: visit.RolesPath + "/try"},
		{Label: v.T("console.roles.export"), Icon: icon.Export, Href: visit.RolesPath + "/export", Key: "e"},
		{Label: v.T("console.roles.import"), Icon: icon.Upload, Href: visit.RolesPath + "/import", Reason: v.Reason("setting.update", true)},
	}}
	f.Help = block.Help{Title: f.Title, Text: []string{v.T("console.roles.help")}, Roles: v.RolesFor("setting.update", true)}
	return v.Show(rolesPage(m, f))
}

// table shows the rows of a letter with a column for each role.
func (m *matrix) table(id, letter, caption string, columns []policy.Role) block.Table {
	t := block.Table{ID: id, Caption: caption, Small: true, Columns: []block.Column{{Key: "action", Title: m.T("console.roles.action"), Mono: true}}}
	for _, role := range columns {
		t.Columns = append(t.Columns, block.Column{Key: role.Names()[0], Title: roleNames(m.Visit, role)[0]})
	}
	for _, row := range numbered(m.Kernel().Policy, letter) {
		action := block.Cell{Text: string(row.Action), Sub: row.Ref}
		if m.decides && slices.ContainsFunc(columns, row.Open) {
			action.Href = actionPath(row.Action)
		}
		cells := []block.Cell{action}
		for _, role := range columns {
			cells = append(cells, m.cell(row, role))
		}
		t.Rows = append(t.Rows, block.Row{ID: string(row.Action), Name: string(row.Action), Cells: cells})
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
	f := a.Frame(string(a.row.Action), visit.Roles)
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
	return v.Redirect(visit.RolesPath + "#row-" + string(a.row.Action))
}

// exportMatrix sends the operator's changes as a file that importMatrix reads.
func exportMatrix(v *visit.Visit) error {
	all, err := visit.Do(v, op.Matrix, struct{}{})
	if err != nil {
		return err
	}
	h := v.Writer.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="roles.csv"`)
	w := csv.NewWriter(v.Writer)
	rows := [][]string{{"action", "role", "grant"}}
	for _, c := range all {
		rows = append(rows, []string{string(c.Action), c.Role.Names()[0], c.Grant.String()})
	}
	return w.WriteAll(rows)
}

// importing is the form that takes such a file.
type importing struct {
	*visit.Visit
	text  string
	whole bool
	said  visit.Verdicts
}

func (i *importing) frame() block.Frame {
	f := i.Frame(i.T("console.roles.import"), visit.Roles)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: i.T("console.roles.title"), Href: visit.RolesPath})
	return f
}

func askImport(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return err
	}
	i := &importing{Visit: v, whole: true}
	return v.Show(importPage(i, i.frame()))
}

func importMatrix(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return err
	}
	i := &importing{Visit: v, text: v.Form("changes"), whole: v.Form("whole") == "yes"}
	cells, err := readCells(i.text)
	if err == nil {
		var changed int
		changed, err = v.Kernel().UpdateMatrix(v.Context(), v.Actor, op.MatrixChange{Cells: cells, Whole: i.whole})
		if err == nil {
			v.Toast(v.N("console.roles.imported", int64(changed)))
			return v.Redirect(visit.RolesPath)
		}
	}
	var line *lineError
	switch {
	case errors.As(err, &line):
		i.said.Refuse("changes", v.T("console.roles.line", "Line", line.number))
	case fault.KindOf(err) == fault.Invalid:
		i.said.Refuse("changes", v.Sentence(err))
	default:
		return err
	}
	return v.ShowAs(http.StatusBadRequest, importPage(i, i.frame()))
}

// lineError says which line of an import cannot be read.
type lineError struct{ number int }

func (e *lineError) Error() string { return fmt.Sprintf("line %d cannot be read", e.number) }

// readCells reads the lines of exportMatrix, the heading or not.
func readCells(text string) ([]policy.Change, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = 3
	r.TrimLeadingSpace = true
	var cells []policy.Change
	for {
		record, err := r.Read()
		var malformed *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return cells, nil
		case errors.As(err, &malformed):
			return nil, &lineError{malformed.Line}
		case err != nil:
			return nil, err
		case record[0] == "action":
			continue
		}
		role, known := policy.ParseRole(record[1])
		grant, valid := policy.ParseGrant(record[2])
		if !known || !valid {
			line, _ := r.FieldPos(0)
			return nil, &lineError{line}
		}
		cells = append(cells, policy.Change{Action: policy.Action(record[0]), Role: role, Grant: grant})
	}
}

// trial shows what somebody with roles may do (V-11).
type trial struct {
	*visit.Visit
	org   policy.Org
	roles policy.Role
}

func try(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.view", false); err != nil {
		return err
	}
	t := &trial{Visit: v, org: partnerTypes[v.Query("type")]}
	for _, name := range v.Request.URL.Query()["roles"] {
		role, _ := policy.ParseRole(name)
		t.roles |= role
	}
	f := v.Frame(v.T("console.roles.try"), visit.Roles)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("console.roles.title"), Href: visit.RolesPath})
	f.Subtitle = v.T("console.roles.try_text")
	return v.Show(tryPage(t, f))
}

// kind is whose person is tried: of a customer where only such roles are chosen.
func (t *trial) kind() policy.Kind {
	customer := policy.CustomerAdmin | policy.CustomerBillingAdmin | policy.CustomerUser
	if t.roles&customer != 0 && t.roles&^customer == 0 {
		return policy.Customer
	}
	return policy.Partner
}

func (t *trial) typeField() block.Field {
	f := block.Field{Name: "type", Label: t.T("console.partner.type"), Value: typeValue(t.org), Options: typeOptions(t.Visit), Width: block.Medium}
	if f.Value == "" {
		f.Value = "direct-bill"
	}
	return f
}

func (t *trial) roleField() block.Field {
	f := block.Field{Name: "roles", Label: t.T("console.user.roles"), Values: t.roles.Names()}
	for _, role := range slices.Concat(partnerColumns, customerColumns) {
		f.Options = append(f.Options, block.Option{Value: role.Names()[0], Label: roleNames(t.Visit, role)[0]})
	}
	return f
}

// table says of each action whether the person may do it, and why not.
func (t *trial) table() block.Table {
	table := block.Table{ID: "trial", Caption: t.T("console.roles.try"), Small: true, Columns: []block.Column{
		{Key: "action", Title: t.T("console.roles.action"), Mono: true},
		{Key: "may", Title: t.T("console.roles.may"), Nowrap: true},
		{Key: "why", Title: t.T("console.roles.why")},
	}}
	letter, actor := "b", op.Actor{Kind: t.kind(), Org: t.org, Roles: t.roles}
	if t.kind() == policy.Customer {
		letter = "c"
	}
	for _, row := range numbered(t.Kernel().Policy, letter) {
		may, why := block.Badge{Tone: block.Success, Text: t.T("console.grant.allowed")}, ""
		if err := t.Kernel().May(actor, row.Action, true); err != nil {
			why = t.Sentence(err)
			may = block.Badge{Tone: block.Blocked, Text: t.T("console.grant.refused")}
			if t.Kernel().May(actor, row.Action, false) == nil {
				may = block.Badge{Tone: block.Info, Text: t.T("console.grant.read")}
			}
		}
		table.Rows = append(table.Rows, block.Row{ID: string(row.Action), Name: string(row.Action), Cells: []block.Cell{
			{Text: string(row.Action), Sub: row.Ref}, {Badge: may}, {Text: why},
		}})
	}
	return table
}
