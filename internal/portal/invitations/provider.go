package invitations

import (
	"comptoir/internal/invitation"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// choosing asks an indirect reseller with which of its providers it wants to invite
// (rule E6).
type choosing struct {
	*visit.Visit
	outline invitation.Outline
}

// chooseProvider leads on when there is but one.
func chooseProvider(v *visit.Visit) error {
	o, err := visit.Do(v, invitation.BeginJoint, invitation.Asking{})
	if err != nil {
		return err
	}
	if len(o.Providers) == 1 {
		return v.Redirect(forCustomer(visit.InvitePath+"?"+fProvider+"="+string(o.Providers[0].Tenant), v.Query(fCustomer)))
	}
	f := v.Frame(v.T("invitepage.new.joint_title"), visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("portal.customers"), Href: visit.CustomersPath})
	f.Help = help(v)
	return v.Show(providerPage(&choosing{v, o}, f))
}

func (c *choosing) field() block.Field {
	return block.Field{
		Name: fProvider, Label: c.T("invitepage.field.provider"), Hint: c.T("invitepage.field.provider_hint"), Required: true,
		Options: providerOptions(c.Visit, c.outline.Providers), Value: string(c.outline.Providers[0].Tenant),
	}
}

// none says what to do before anybody can be invited together.
func (c *choosing) none() block.EmptyState {
	return block.EmptyState{
		Title: c.T("invitepage.provider.none"), Text: c.T("invitepage.provider.none_text"),
		Actions: []block.Button{{Label: c.T("invitepage.new.title"), Kind: block.Primary, Href: visit.InvitePath}},
	}
}
