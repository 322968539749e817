package visit

import (
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
)

// OfferPath is before the id of a request for admin roles that a customer answers
// (K-7).
const OfferPath = "/admin/gdap/"

// OfferLink is before the id where people know OfferPath, for links that leave the
// portal (rule F2).
const OfferLink = "/AdminPortal/Home#/partners/invitation/granularAdminRelationships/"

// BulkDelegationPath is where a partner changes many admin relationships with a file.
const BulkDelegationPath = "/customers/admin-relationships/bulk"

// The addresses of the pages about the admin relationships with all customers: what
// ends soon, how the partner stands, and its role templates (portal P-11).
const (
	ExpiringPath      = CustomersPath + "/expiring-gdap"
	InsightsPath      = "/insights/gdap"
	RoleTemplatesPath = "/insights/role-templates"
)

// Insights is the area of InsightsPath.
const Insights Area = InsightsPath

// DelegationsPath returns the address of the admin relationships with a customer
// (portal P-11).
func DelegationsPath(customer id.Tenant) string {
	return CustomersPath + "/" + string(customer) + "/admin-relationships"
}

// DelegationPath returns the address of one of them.
func DelegationPath(customer id.Tenant, relationship string) string {
	return DelegationsPath(customer) + "/" + relationship
}

// GroupsPath is the address of the security groups of a partner.
const GroupsPath = AccountSettingsPath + "/groups"

// GroupPath returns the address of one of them.
func GroupPath(group id.Group) string { return GroupsPath + "/" + string(group) }

// InCustomer puts a page into the menu of a customer, and the way to it into the
// breadcrumb: the customer under its original name, whatever its partner calls it
// (rule C32). current is the address of the entry that the page belongs to.
func (v *Visit) InCustomer(f *block.Frame, customer id.Tenant, original, current string) {
	f.Breadcrumb = append(
		f.Breadcrumb,
		block.Link{Label: v.T("portal.customers"), Href: CustomersPath},
		block.Link{Label: original, Href: CustomersPath + "/" + string(customer)},
	)
	var menu []block.NavItem
	if v.May("gdap.view", false) {
		menu = append(menu, block.NavItem{Label: v.T("gdappage.title"), Href: DelegationsPath(customer), Icon: icon.Shield})
	}
	menu = append(menu, block.NavItem{Label: v.T("customers.account"), Href: AccountPath(customer), Icon: icon.Building})
	for i := range menu {
		menu[i].Current = menu[i].Href == current
	}
	Inside(f, original, menu)
}

// DelegationStatus returns the badge of where an admin relationship stands (rule F3).
func (v *Visit) DelegationStatus(s gdap.Status) block.Badge {
	b := block.Badge{Tone: block.Neutral, Text: Capital(v.T(s.Key()))}
	switch s {
	case gdap.Created:
		b.Icon = icon.Edit
	case gdap.ApprovalPending, gdap.Approved, gdap.Activating:
		b.Tone, b.Icon = block.Info, icon.Pending
	case gdap.Active:
		b.Tone = block.Success
	case gdap.Expiring, gdap.TerminationRequested, gdap.Terminating:
		b.Tone = block.Warning
	case gdap.Expired, gdap.Terminated:
	}
	return b
}

// DelegationSource returns how an admin relationship came about (portal P-11).
func (v *Visit) DelegationSource(s gdap.Source) string {
	switch s {
	case gdap.Default:
		return v.T("gdappage.source.default")
	case gdap.Invitation:
		return v.T("gdappage.source.invitation")
	case gdap.ByProvider:
		return v.T("gdappage.source.provider")
	case gdap.Request:
	}
	return v.T("gdappage.source.request")
}
