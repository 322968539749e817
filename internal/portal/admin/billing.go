package admin

import (
	"slices"
	"strings"

	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// showBilling is the billing account: what is known about the company (K-11).
func showBilling(v *visit.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("adminportal.billing.title"), visit.BillingAccount)
	f.Subtitle = v.T("adminportal.billing.subtitle")
	f.Commands.Commands = []block.Command{{
		Label: v.T("adminportal.billing.edit"), Icon: icon.Edit, Href: visit.OrgProfilePath, Reason: v.Reason("own.organization.update", true),
	}}
	return v.Show(billingPage(o, f))
}

// facts are what is known about the company.
func (o *organization) facts() []block.Fact {
	a := o.profile.Address
	lines := slices.DeleteFunc([]string{a.AddressLine1, a.AddressLine2, strings.TrimSpace(a.PostalCode + " " + a.City), a.State, o.Country(a.Country)},
		func(line string) bool { return line == "" })
	return []block.Fact{
		{Term: o.T("adminportal.organization.name"), Value: o.profile.Name},
		{Term: o.T("customers.section.address"), Value: strings.Join(lines, ", ")},
		{Term: o.T("customers.field.phone"), Value: a.PhoneNumber},
		{Term: o.T("adminportal.organization.contact"), Value: o.profile.Email},
		{Term: o.T("customers.field.registration"), Value: o.profile.Registration.ID},
		{Term: o.T("portal.tenant_id"), Value: string(o.Actor.Tenant), Mono: true, Copy: true},
	}
}
