package settings

import (
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// legal is what the partner says about itself, and where it stands (P-19).
type legal struct {
	*visit.Visit
	partner     identity.Partner
	profile     partnerprofile.Legal
	support     partnerprofile.Support
	said, other visit.Verdicts // about the legal profile, about support
}

func openLegal(v *visit.Visit) (*legal, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	l := &legal{Visit: v}
	var err error
	if l.partner, err = visit.Do(v, identity.OwnPartner, struct{}{}); err != nil {
		return nil, err
	}
	if l.profile, err = visit.Do(v, partnerprofile.GetLegal, partnerprofile.LegalQuery{}); err != nil {
		return nil, err
	}
	l.support, err = visit.Do(v, partnerprofile.GetSupport, struct{}{})
	return l, err
}

func showLegal(v *visit.Visit) error {
	l, err := openLegal(v)
	if err != nil {
		return err
	}
	return l.show(http.StatusOK)
}

func (l *legal) show(status int) error {
	f := l.Frame(l.T("settings.legal.title"), visit.AccountSettings)
	inside(l.Visit, &f, legalPath)
	f.Subtitle = l.T("settings.legal.subtitle")
	f.Badges = []block.Badge{l.vetting()}
	f.Help = block.Help{Title: l.T("settings.legal.title"), Text: []string{l.T("settings.legal.help")}, Roles: l.RolesFor("partner.profile.update", true)}
	switch l.profile.Standing.State {
	case identity.VettingPending:
		f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: l.T("settings.legal.pending")})
	case identity.VettingRejected:
		f.Messages = append(f.Messages, block.Message{
			Tone: block.Blocked, Text: l.T("settings.legal.rejected"), Links: []block.Link{{Label: l.T("settings.legal.fix"), Href: "#legal"}},
		})
	case identity.VettingAccepted:
	}
	return l.ShowAs(status, legalPage(l, f))
}

// vetting is the badge of where the partner account stands.
func (l *legal) vetting() block.Badge {
	switch l.profile.Standing.State {
	case identity.VettingAccepted:
		return block.Badge{Tone: block.Success, Text: l.T("settings.legal.authorized")}
	case identity.VettingRejected:
		return block.Badge{Tone: block.Danger, Text: l.T("settings.legal.not_authorized")}
	case identity.VettingPending:
	}
	return block.Badge{Tone: block.Info, Text: l.T("settings.legal.in_vetting")}
}

// saveLegal replaces the legal profile (rule b49).
func saveLegal(v *visit.Visit) error {
	l, err := openLegal(v)
	if err != nil {
		return err
	}
	p := &l.profile
	p.CompanyName = v.Form("company")
	p.Address.AddressLine1, p.Address.AddressLine2 = v.Form("line1"), v.Form("line2")
	p.Address.PostalCode, p.Address.City, p.Address.State = v.Form("postal-code"), v.Form("city"), v.Form("state")
	p.Contact = partnerprofile.Contact{FirstName: v.Form("first"), LastName: v.Form("last"), Email: v.Form("email"), Phone: v.Form("phone")}
	p.Address.FirstName, p.Address.LastName, p.Address.PhoneNumber = p.Contact.FirstName, p.Contact.LastName, p.Contact.Phone
	if _, err = visit.DoOnce(v, partnerprofile.UpdateLegal, *p); err == nil {
		v.Toast(v.T("settings.legal.saved"))
		return v.Redirect(legalPath)
	}
	return l.refused(err, &l.said)
}

// saveSupport replaces the support profile.
func saveSupport(v *visit.Visit) error {
	l, err := openLegal(v)
	if err != nil {
		return err
	}
	l.support = partnerprofile.Support{Email: v.Form("support-email"), Telephone: v.Form("support-phone"), Website: v.Form("support-website")}
	if _, err = visit.DoOnce(v, partnerprofile.UpdateSupport, l.support); err == nil {
		v.Toast(v.T("settings.legal.support_saved"))
		return v.Redirect(legalPath)
	}
	return l.refused(err, &l.other)
}

// refused shows the page again with what was said about one of its forms.
func (l *legal) refused(err error, said *visit.Verdicts) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	name := legalFields
	if said == &l.other {
		name = supportFields
	}
	if *said, err = l.Judge(err, nil, name, l.label); err != nil {
		return err
	}
	return l.show(http.StatusBadRequest)
}

// legalFields name the fields of the legal profile after the members of the input.
func legalFields(member string) string {
	switch member {
	case "companyName":
		return "company"
	case "primaryContact.firstName", "address.firstName":
		return "first"
	case "primaryContact.lastName", "address.lastName":
		return "last"
	case "primaryContact.email":
		return "email"
	case "primaryContact.phoneNumber", "address.phoneNumber":
		return "phone"
	}
	switch field, of := strings.CutPrefix(member, "address."); {
	case !of:
		return ""
	case field == "addressLine1":
		return "line1"
	case field == "addressLine2":
		return "line2"
	case field == "postalCode":
		return "postal-code"
	case field == "city" || field == "state":
		return field
	}
	return ""
}

func supportFields(member string) string {
	switch member {
	case "email":
		return "support-email"
	case "telephone":
		return "support-phone"
	case "website":
		return "support-website"
	}
	return ""
}

func (l *legal) label(field string) string {
	switch field {
	case "company":
		return l.T("settings.legal.company")
	case "line1":
		return l.T("customers.field.line1")
	case "line2":
		return l.T("customers.field.line2")
	case "postal-code":
		return l.T("customers.field.postal_code")
	case "city":
		return l.T("customers.field.city")
	case "state":
		return l.T("customers.field.state")
	case "first":
		return l.T("customers.field.first_name")
	case "last":
		return l.T("customers.field.last_name")
	case "email", "support-email":
		return l.T("portal.profile.email")
	case "support-website":
		return l.T("settings.legal.website")
	}
	return l.T("customers.field.phone")
}

// field is a field of the legal profile, needed or not.
func (l *legal) field(name, value string, needed bool) block.Field {
	return l.said.Mark(block.Field{Name: name, Label: l.label(name), Value: value, Required: needed})
}

// supportField is a field of the support profile.
func (l *legal) supportField(name, value string, needed bool) block.Field {
	return l.other.Mark(block.Field{Name: name, Label: l.label(name), Value: value, Required: needed})
}

// program is what the operator enrolled the partner for (rules A2, A7, A8).
func (l *legal) program() []block.Fact {
	p := l.partner
	facts := []block.Fact{
		{Term: l.T("portal.access.types"), Value: l.List(l.OrgTypes(p.Types))},
		{Term: l.T("common.status"), Badge: l.status(), Hint: p.StatusCause},
		{Term: l.T("settings.legal.enrolled"), Value: l.Date(p.EnrolledAt)},
		{Term: l.T("settings.identifiers.partner_id"), Value: p.PartnerID, Mono: true, Copy: true},
	}
	return facts
}

// status is the badge of the status of the partner (rule A7).
func (l *legal) status() block.Badge {
	switch l.partner.Status {
	case identity.PartnerActive:
		return block.Badge{Tone: block.Success, Text: l.T("common.active")}
	case identity.PartnerRestricted:
		return block.Badge{Tone: block.Warning, Text: l.T("settings.legal.status.restricted")}
	case identity.PartnerSuspended:
		return block.Badge{Tone: block.Danger, Text: l.T("settings.legal.status.suspended")}
	case identity.PartnerRejected:
		return block.Badge{Tone: block.Danger, Text: l.T("settings.legal.status.rejected")}
	case identity.PartnerClosed:
		return block.Badge{Tone: block.Danger, Text: l.T("settings.legal.status.closed")}
	case identity.PartnerPending:
	}
	return block.Badge{Tone: block.Info, Text: l.T("settings.legal.status.pending")}
}
