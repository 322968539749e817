// Package admin holds the pages on which a customer looks after its own
// organisation: its profile, its people and its billing account (portal K-6, K-8,
// K-11).
package admin

import (
	"maps"
	"net/http"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	all := map[string]visit.Page{
		"GET " + visit.OrgProfilePath:     showProfile,
		"POST " + visit.OrgProfilePath:    saveProfile,
		"GET " + visit.BillingAccountPath: showBilling,
	}
	maps.Copy(all, users.Pages())
	return all
}

// organization is the profile of the reader's own organisation (K-6).
type organization struct {
	*visit.Visit
	profile customer.OwnOrganization
	said    visit.Verdicts
}

// open reads the profile. For people who are not a customer's there is no such
// page.
func open(v *visit.Visit) (*organization, error) {
	if v.Actor.Kind != policy.Customer {
		return nil, refusal.NotFound
	}
	profile, err := visit.Do(v, customer.GetOwnOrganization, struct{}{})
	return &organization{Visit: v, profile: profile}, err
}

func showProfile(v *visit.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	return o.show(http.StatusOK)
}

func (o *organization) show(status int) error {
	f := o.Frame(o.T("adminportal.organization.title"), visit.OrgProfile)
	f.Subtitle = o.T("adminportal.organization.subtitle")
	f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: o.T("adminportal.organization.note")})
	f.Help = block.Help{
		Title: o.T("adminportal.organization.title"), Text: []string{o.T("adminportal.organization.path"), o.T("adminportal.organization.note")},
		Roles: o.RolesFor("own.organization.update", true),
	}
	return o.ShowAs(status, profilePage(o, f))
}

// saveProfile changes the profile. Nothing that partners recorded changes with it
// (rules C20, C33).
func saveProfile(v *visit.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	country := o.profile.Address.Country
	o.profile.Name, o.profile.Email, o.profile.Language = v.Form("name"), v.Form("email"), v.Form("language")
	o.profile.Address = place.Address{
		Country: country, AddressLine1: v.Form("line1"), AddressLine2: v.Form("line2"), City: v.Form("city"), State: v.Form("state"),
		PostalCode: v.Form("postal-code"), PhoneNumber: v.Form("phone"),
	}
	_, err = visit.DoOnce(v, customer.UpdateOwnOrganization, o.profile)
	if err != nil {
		if fault.KindOf(err) != fault.Invalid {
			return err
		}
		if o.said, err = v.Judge(err, nil, fieldOf, o.label); err != nil {
			return err
		}
		return o.show(http.StatusBadRequest)
	}
	v.Toast(v.T("adminportal.organization.saved"))
	return v.Redirect(visit.OrgProfilePath)
}

// fields are those of the form, in their order.
var fields = []string{"name", "line1", "line2", "postal-code", "city", "state", "phone", "email", "language"}

// fieldOf names the field of the form after the member of the input.
func fieldOf(member string) string {
	switch member {
	case "companyName":
		return "name"
	case "address.addressLine1":
		return "line1"
	case "address.addressLine2":
		return "line2"
	case "address.postalCode":
		return "postal-code"
	case "address.city":
		return "city"
	case "address.state":
		return "state"
	case "address.phoneNumber":
		return "phone"
	case "email", "language":
		return member
	}
	return ""
}

func (o *organization) label(field string) string {
	switch field {
	case "name":
		return o.T("adminportal.organization.name")
	case "line1":
		return o.T("customers.field.line1")
	case "line2":
		return o.T("customers.field.line2")
	case "postal-code":
		return o.T("customers.field.postal_code")
	case "city":
		return o.T("customers.field.city")
	case "state":
		return o.T("customers.field.state")
	case "phone":
		return o.T("customers.field.phone")
	case "email":
		return o.T("adminportal.organization.contact")
	}
	return o.T("block.profile.language")
}

// field is a field of the form with what was said about it.
func (o *organization) field(name, value string) block.Field {
	return o.said.Mark(block.Field{Name: name, Label: o.label(name), Value: value})
}

// languages are those that the organisation can work in.
func (o *organization) languages() []block.Option {
	return []block.Option{
		{Value: "", Label: o.T("common.not_set")}, {Value: "en", Label: "English"}, {Value: "fr", Label: "Français"}, {Value: "sv", Label: "Svenska"},
	}
}
