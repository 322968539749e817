package delegations

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"comptoir/internal/gdap"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// The fields of the form that says which roles are asked for, and for how long.
const (
	fName   = "name"
	fDays   = "days"
	fExtend = "extend"
	fRole   = "role"
)

// terms is that form: of a request, and of a role template.
type terms struct {
	*visit.Visit
	name, days string
	extend     bool
	roles      gdap.Set
	said       visit.Verdicts
}

// usualDays is the duration that a form begins with (rule F1).
const usualDays = 730

func newTerms(v *visit.Visit) terms { return terms{Visit: v, days: strconv.Itoa(usualDays)} }

// typed takes over what the form says.
func (t *terms) typed() {
	t.name, t.days, t.extend, t.roles = t.Form(fName), strings.TrimSpace(t.Form(fDays)), t.Form(fExtend) == "yes", chosenRoles(t.Visit)
}

// duration is the days as the interface writes them; what is no number is none.
func (t *terms) duration() string {
	if n, err := strconv.Atoi(t.days); err == nil && n >= 0 {
		return "P" + strconv.Itoa(n) + "D"
	}
	return "P0D"
}

// extension is the auto extension as the interface writes it.
func (t *terms) extension() string {
	if t.extend {
		return gdap.Extension
	}
	return gdap.NoExtension
}

// take puts a set in place of the roles when a button of the form asks for that,
// and reports whether one did.
func (t *terms) take(templates []gdap.Template) bool {
	if name, ok := strings.CutPrefix(t.Form("go"), "task:"); ok {
		for _, task := range gdap.Tasks(t.Actor.Org) {
			if task.Name == name {
				t.roles = task.Roles
			}
		}
		return true
	}
	if t.Form("go") != "template" {
		return false
	}
	for _, one := range templates {
		if one.ID == t.Form("template") {
			t.roles, t.days, t.extend = one.Roles, strconv.Itoa(one.Days()), one.Permanent()
		}
	}
	return true
}

// judge sorts a refusal to the fields.
func (t *terms) judge(err error) (failed error) {
	t.said, failed = t.Judge(err, nil, func(member string) string {
		return map[string]string{"displayName": fName, "duration": fDays, "autoExtendDuration": fExtend, "accessDetails.unifiedRoles": fRole}[member]
	}, t.label)
	return failed
}

func (t *terms) label(field string) string {
	switch field {
	case fDays:
		return t.T("gdappage.field.days")
	case fExtend:
		return t.T("delegationpage.extend")
	case fRole:
		return t.T("gdappage.column.roles")
	}
	return t.T("common.name")
}

func (t *terms) nameField(hint string) block.Field {
	return t.said.Mark(block.Field{Name: fName, Label: t.label(fName), Hint: hint, Value: t.name, Required: true, Max: 50, Autocomplete: "off"})
}

func (t *terms) daysField() block.Field {
	return t.said.Mark(block.Field{
		Name: fDays, Label: t.label(fDays), Hint: t.T("gdappage.field.days_hint"), Value: t.days, Required: true, MinValue: "1", MaxValue: "730", Width: block.Short,
	})
}

// extendField is off limits while Global Administrator is among the roles (RF-29);
// the script follows the tick.
func (t *terms) extendField() block.Field {
	f := block.Field{
		Name: fExtend, Label: t.label(fExtend), Hint: t.T("gdappage.field.extend_hint"), Checked: t.extend,
		Attrs: templ.Attributes{"data-off-with": string(gdap.GlobalAdministrator)},
	}
	if t.roles.HasAny(gdap.GlobalAdministrator) && !t.extend {
		f.Disabled = true
	}
	return t.said.Mark(f)
}

// roleField offers all roles that can be asked for, the chosen ones first.
func (t *terms) roleField() block.Field {
	var all gdap.Set
	for _, r := range gdap.Roles {
		if !r.Reserved {
			all = append(all, r.ID)
		}
	}
	f := block.Field{Name: fRole, Label: t.label(fRole), Required: true, Narrow: t.T("gdappage.field.find_role"), Options: roleOptions(t.Visit, all)}
	for _, r := range t.roles {
		f.Values = append(f.Values, string(r))
	}
	slices.SortStableFunc(f.Options, func(a, b block.Option) int {
		return cmp.Compare(t.rank(a), t.rank(b))
	})
	return t.said.Mark(f)
}

// rank sorts chosen roles before the others.
func (t *terms) rank(o block.Option) int {
	if t.roles.HasAny(gdap.RoleID(o.Value)) {
		return 0
	}
	return 1
}

// tasks are the buttons that take the set of a task.
func (t *terms) tasks() []block.Button {
	var all []block.Button
	for _, task := range gdap.Tasks(t.Actor.Org) {
		all = append(all, block.Button{Label: t.T(task.Key), Name: "go", Value: "task:" + task.Name})
	}
	return all
}

// templateField chooses among the partner's role templates.
func (t *terms) templateField(templates []gdap.Template) block.Field {
	f := block.Field{Name: "template", Label: t.T("gdappage.template.use"), Value: t.Form("template"), Placeholder: t.T("gdappage.template.choose")}
	for _, one := range templates {
		f.Options = append(f.Options, block.Option{Value: one.ID, Label: one.Name})
	}
	return f
}
