package invitations

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// The fields about admin roles.
const (
	fDelegated = "delegated"
	fRoleSet   = "role-set"
	fRoles     = "roles"
	fDays      = "days"
	fExtend    = "extend"
	fGroups    = "groups"
)

// ownRoles is the value of fRoleSet for roles that the reader chooses one by one.
const ownRoles = "own"

// asking is the part of the form that asks for admin roles as well (rule E5).
type asking struct {
	wanted bool
	usual  gdap.Terms // that the form begins with
	terms  gdap.Terms
	own    bool   // the roles are chosen one by one
	days   string // as typed
}

func suggested(terms gdap.Terms) asking {
	return asking{wanted: true, usual: terms, terms: terms, days: strconv.Itoa(terms.Days())}
}

// typed reads the form. Who may not choose sends nothing but the tick, and asks for
// the usual roles.
func (a *asking) typed(v *visit.Visit, chooses bool) {
	a.wanted = v.Form(fDelegated) == "yes"
	if !chooses || v.Form(fRoleSet) == "" {
		return
	}
	a.own, a.days = v.Form(fRoleSet) == ownRoles, strings.TrimSpace(v.Form(fDays))
	a.terms = gdap.Terms{Roles: a.usual.Roles, Duration: "P" + a.days + "D", AutoExtend: gdap.NoExtension}
	if v.Form(fExtend) == "yes" {
		a.terms.AutoExtend = gdap.Extension
	}
	if a.own {
		a.terms.Roles = nil
		for _, role := range v.Forms(fRoles) {
			a.terms.Roles = append(a.terms.Roles, gdap.RoleID(role))
		}
	}
	if a.own && v.Form("go") == "refresh" && len(a.terms.Roles) == 0 {
		a.terms.Roles = a.usual.Roles // to begin with
	}
	for _, group := range v.Forms(fGroups) {
		a.terms.Groups = append(a.terms.Groups, id.Group(group))
	}
}

// of returns the terms to ask for: nothing for the usual ones, which everybody may
// ask for who may invite.
func (a *asking) of(chooses bool) gdap.Terms {
	if !chooses {
		return gdap.Terms{}
	}
	return a.terms
}

func (c *composing) delegatedField() block.Field {
	return block.Field{Name: fDelegated, Label: c.T("invitepage.roles.include"), Hint: c.T("invitepage.roles.include_hint"), Checked: c.asks.wanted}
}

// roleSetField chooses between the usual roles and others.
func (c *composing) roleSetField() block.Field {
	f := block.Field{Name: fRoleSet, Label: c.T("invitepage.roles.set"), Value: "usual", Options: []block.Option{
		{Value: "usual", Label: c.N("invitepage.roles.usual", int64(len(c.asks.usual.Roles))), Hint: c.List(c.asks.usual.Roles.Names())},
		{Value: ownRoles, Label: c.T("invitepage.roles.own"), Hint: c.T("invitepage.roles.own_hint")},
	}}
	if c.asks.own {
		f.Value = ownRoles
	}
	return f
}

// rolesField offers every role that may be asked for, by name.
func (c *composing) rolesField() block.Field {
	f := block.Field{Name: fRoles, Label: c.T("invitepage.roles.choose"), Required: true}
	for _, r := range gdap.Roles {
		if r.Reserved {
			continue
		}
		o := block.Option{Value: string(r.ID), Label: r.Name}
		if r.Privileged {
			o.Hint = c.T("delegationpage.privileged")
		}
		f.Options = append(f.Options, o)
	}
	slices.SortFunc(f.Options, func(a, b block.Option) int { return cmp.Compare(a.Label, b.Label) })
	for _, r := range c.asks.terms.Roles {
		f.Values = append(f.Values, string(r))
	}
	return c.Said.Mark(f)
}

func (c *composing) daysField() block.Field {
	return c.Said.Mark(block.Field{
		Name: fDays, Label: c.T("invitepage.roles.days"), Hint: c.T("invitepage.roles.days_hint"), Value: c.asks.days, Required: true, MinValue: "1", MaxValue: "730", Width: block.Short,
	})
}

func (c *composing) extendField() block.Field {
	return c.Said.Mark(block.Field{Name: fExtend, Label: c.T("invitepage.roles.extend"), Hint: c.T("invitepage.roles.extend_hint"), Checked: c.asks.terms.Permanent()})
}

func (c *composing) groupsField() block.Field {
	f := block.Field{Name: fGroups, Label: c.T("invitepage.roles.groups"), Hint: c.T("invitepage.roles.groups_hint")}
	for _, g := range c.outline.Groups {
		f.Options = append(f.Options, block.Option{Value: string(g.ID), Label: g.Name})
	}
	for _, g := range c.asks.terms.Groups {
		f.Values = append(f.Values, string(g))
	}
	return c.Said.Mark(f)
}

// usualFacts say what somebody asks for who may not choose.
func (c *composing) usualFacts() []block.Fact {
	return termsFacts(c.Visit, c.asks.usual, c.outline.Groups)
}

// termsFacts say which admin roles are asked for.
func termsFacts(v *visit.Visit, t gdap.Terms, groups []identity.Group) []block.Fact {
	extend := v.T("delegationpage.extend_no")
	if t.Permanent() {
		extend = v.T("delegationpage.extend_yes")
	}
	var names []string
	for _, g := range groups {
		if slices.Contains(t.Groups, g.ID) {
			names = append(names, g.Name)
		}
	}
	facts := []block.Fact{
		{Term: v.T("invitepage.roles.title"), Value: v.List(t.Roles.Names())},
		{Term: v.T("delegationpage.duration"), Value: v.N("delegationpage.days", int64(t.Days()))},
		{Term: v.T("delegationpage.extend"), Value: extend},
	}
	if len(names) > 0 {
		facts = append(facts, block.Fact{Term: v.T("invitepage.roles.groups"), Value: v.List(names)})
	}
	return facts
}
