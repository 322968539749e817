package console

import (
	"slices"

	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

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

// subjects are what the table of the person is made of.
func (t *trial) subjects() []subject {
	if t.kind() == policy.Customer {
		return []subject{customerSubject}
	}
	return partnerSubjects
}

// table says of each action of a subject whether the person may do it, and why
// not.
func (t *trial) table(s subject) block.Table {
	table := block.Table{ID: s.id, Caption: t.T(s.title), Small: true, Columns: []block.Column{
		{Key: "action", Title: t.T("console.roles.action")},
		{Key: "may", Title: t.T("console.roles.may"), Nowrap: true},
		{Key: "why", Title: t.T("console.roles.why")},
	}}
	actor := op.Actor{Kind: t.kind(), Org: t.org, Roles: t.roles}
	for _, action := range s.actions {
		row, ok := t.Kernel().Policy.Row(action)
		if !ok {
			continue
		}
		may, why := block.Badge{Tone: block.Success, Text: t.T("console.grant.allowed")}, ""
		if err := t.Kernel().May(actor, action, true); err != nil {
			why = t.Sentence(err)
			may = block.Badge{Tone: block.Blocked, Text: t.T("console.grant.refused")}
			if t.Kernel().May(actor, action, false) == nil {
				may = block.Badge{Tone: block.Info, Text: t.T("console.grant.read")}
			}
		}
		word := actionWord(t.Visit, action)
		table.Rows = append(table.Rows, block.Row{ID: string(action), Name: word, Cells: []block.Cell{
			{Text: word, Sub: row.Ref + " · " + string(action)}, {Badge: may}, {Text: why},
		}})
	}
	return table
}
