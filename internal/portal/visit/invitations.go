package visit

import "comptoir/internal/portal/block"

// The addresses of the pages where a partner asks customers for a reseller
// relationship (P-4), and looks at what it has asked (P-4b).
const (
	InvitePath      = CustomersPath + "/invite"
	JointInvitePath = InvitePath + "?with="
	// InviteSelectedPath takes the selection of a list of customers.
	InviteSelectedPath = InvitePath + "/selected"
	// JointInviteSelectedPath takes it to ask together with a provider.
	JointInviteSelectedPath = InviteSelectedPath + "/joint"
	InvitationsPath         = CustomersPath + "/invitations"
)

// CustomerTabs are the views of the customers of a partner, one of which is current
// (P-2).
func (v *Visit) CustomerTabs(current string) []block.Tab {
	tabs := []block.Tab{{Label: v.T("invitepage.tab.customers"), Href: CustomersPath}}
	if v.May("relationship.invite", false) {
		tabs = append(tabs, block.Tab{Label: v.T("invitepage.tab.invitations"), Href: InvitationsPath})
	}
	if v.May("gdap.view", false) {
		tabs = append(tabs, block.Tab{Label: v.T("gdappage.expiring.title"), Href: ExpiringPath})
	}
	if len(tabs) == 1 {
		return nil
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == current
	}
	return tabs
}

// DraftsPath is before the kind and the language of a draft that the operator writes
// (V-10).
const DraftsPath = "/operator/drafts"
