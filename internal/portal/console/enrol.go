package console

import (
	"net/http"
	"net/url"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/rulebook"
)

const newPartnerPath = visit.PartnersPath + "/new"

// The fields of the form that enrols a partner, in their order.
const (
	fName      = "name"
	fType      = "type"
	fCountry   = "country"
	fDomain    = "domain"
	fNumber    = "partner-id"
	fLanguage  = "language"
	fVetting   = "vetting"
	fSigned    = "signed"
	fAdmin     = "admin"
	fAdminName = "admin-name"
)

var enrolFields = []string{fName, fType, fCountry, fDomain, fNumber, fLanguage, fVetting, fSigned, fAdminName, fAdmin}

// enrolMembers says which field of the form a member of the input is.
var enrolMembers = map[string]string{
	"name": fName, "type": fType, "country": fCountry, "domain": fDomain, "partnerId": fNumber,
	"userPrincipalName": fAdmin, "displayName": fAdminName,
}

// enrolling is the form that enrols a partner (V-4; rules A1, A2, A8, A13).
type enrolling struct {
	*visit.Visit
	values url.Values
	key    string // of the form: sent twice it enrols once
	said   visit.Verdicts
	made   identity.Enrolled
}

func askEnrol(v *visit.Visit) error {
	e, err := beginEnrol(v)
	if err != nil {
		return err
	}
	e.values = url.Values{fType: {"direct-bill"}, fLanguage: {v.Tag()}, fVetting: {"vet"}, fAdmin: {"admin"}}
	return v.Show(enrolPage(e, e.frame()))
}

func beginEnrol(v *visit.Visit) (*enrolling, error) {
	return &enrolling{Visit: v, key: v.Actor.RequestID}, v.Kernel().May(v.Actor, "partner.enrol", true)
}

func enrol(v *visit.Visit) error {
	e, err := beginEnrol(v)
	if err != nil {
		return err
	}
	e.key, e.values = v.Form("request-id"), url.Values{}
	for _, name := range enrolFields {
		e.values.Set(name, v.Form(name))
	}
	e.check()
	if !e.said.Any() {
		e.made, err = visit.DoOnce(v, identity.EnrolPartner, e.input())
		if err == nil {
			return v.Show(enrolledPage(e, e.frame()))
		}
		if kind := fault.KindOf(err); kind != fault.Invalid && kind != fault.Conflict {
			return err
		}
		if e.said, err = v.Judge(err, nil, func(member string) string { return enrolMembers[member] }, e.label); err != nil {
			return err
		}
	}
	return v.ShowAs(http.StatusBadRequest, enrolPage(e, e.frame()))
}

// check refuses what the form itself has to have.
func (e *enrolling) check() {
	for _, name := range []string{fName, fCountry, fDomain, fAdmin, fAdminName} {
		if e.values.Get(name) == "" {
			e.said.Refuse(name, e.T("portal.field.missing", "Field", e.label(name)))
		}
	}
	if _, ok := partnerTypes[e.values.Get(fType)]; !ok {
		e.said.Refuse(fType, e.T("portal.field.impossible", "Field", e.label(fType)))
	}
	if c, ok := rulebook.Atlas(e.Kernel().Book()).Country(e.values.Get(fCountry)); e.values.Get(fCountry) != "" && (!ok || c.Market == "") {
		e.said.Refuse(fCountry, e.T("portal.field.impossible", "Field", e.label(fCountry)))
	}
}

func (e *enrolling) input() identity.Enrolment {
	in := identity.Enrolment{
		Name: e.values.Get(fName), Types: partnerTypes[e.values.Get(fType)], Country: e.values.Get(fCountry), Language: e.values.Get(fLanguage),
		Domain: e.values.Get(fDomain), PartnerID: e.values.Get(fNumber), Active: e.values.Get(fVetting) == "active",
		SignedMPA: e.values.Get(fSigned) == "yes",
		Admin:     &identity.NewUser{Name: e.values.Get(fAdmin), DisplayName: e.values.Get(fAdminName), Language: e.values.Get(fLanguage)},
	}
	if c, ok := rulebook.Atlas(e.Kernel().Book()).Country(in.Country); ok {
		in.Market = c.Market
	}
	return in
}

func (e *enrolling) frame() block.Frame {
	f := e.Frame(e.T("console.enrol.title"), visit.Partners)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: e.T("console.partners.title"), Href: visit.PartnersPath})
	f.Subtitle = e.T("console.enrol.subtitle")
	return f
}

func (e *enrolling) label(name string) string {
	switch name {
	case fName:
		return e.T("console.enrol.name")
	case fType:
		return e.T("console.partner.type")
	case fCountry:
		return e.T("portal.country")
	case fDomain:
		return e.T("console.enrol.domain")
	case fNumber:
		return e.T("console.partner.number")
	case fLanguage:
		return e.T("console.enrol.language")
	case fVetting:
		return e.T("console.enrol.begin")
	case fAdmin:
		return e.T("console.enrol.admin")
	case fAdminName:
		return e.T("console.enrol.admin_name")
	}
	return e.T("console.enrol.signed")
}

// field is a field of the form with what was typed and said.
func (e *enrolling) field(name string) block.Field {
	f := block.Field{Name: name, Label: e.label(name), Value: e.values.Get(name)}
	switch name {
	case fName:
		f.Required, f.Max, f.Hint = true, 255, e.T("console.enrol.name_hint")
	case fType:
		f.Options = typeOptions(e.Visit)
	case fCountry:
		f.Required, f.Options, f.Placeholder, f.Hint = true, e.countries(), e.T("console.choose"), e.T("console.enrol.country_hint")
	case fDomain:
		f.Required, f.Placeholder, f.Hint = true, "example.com", e.T("console.enrol.domain_hint")
	case fNumber:
		f.Hint, f.Max, f.Width = e.T("console.enrol.number_hint"), 20, block.Medium
	case fLanguage:
		f.Options = []block.Option{{Value: "en", Label: "English"}, {Value: "fr", Label: "Français"}, {Value: "sv", Label: "Svenska"}}
		f.Width = block.Medium
	case fVetting:
		f.Options = []block.Option{
			{Value: "vet", Label: e.T("console.enrol.vet"), Hint: e.T("console.enrol.vet_hint")},
			{Value: "active", Label: e.T("console.enrol.active"), Hint: e.T("console.enrol.active_hint")},
		}
	case fSigned:
		f.Checked, f.Value, f.Hint = f.Value == "yes", "yes", e.T("console.enrol.signed_hint")
	case fAdmin:
		f.Required, f.Autocomplete, f.Hint = true, "off", e.T("console.enrol.admin_hint")
	case fAdminName:
		f.Required, f.Max, f.Autocomplete = true, 50, "off"
	}
	return e.said.Mark(f)
}

// countries are those that belong to a market: in others nothing is sold.
func (e *enrolling) countries() []block.Option {
	var all []block.Option
	for _, c := range rulebook.Atlas(e.Kernel().Book()).Countries(e.Tag()) {
		if c.Market != "" {
			all = append(all, block.Option{Value: c.Code, Label: c.Name(e.Tag())})
		}
	}
	return all
}

// secret shows the password of the first user, once.
func (e *enrolling) secret() block.SecretOnce {
	admin, p := e.made.Admin, e.made.Partner
	return block.SecretOnce{
		Action: partnerPath(p) + "/saved", CSRF: e.CSRF(), Done: e.T("common.done"),
		Secrets: []block.Secret{{
			ID: "password", Label: e.T("console.user.password"), Value: admin.Password, File: "partner.txt",
			Facts: []block.Fact{
				{Term: e.T("console.enrol.name"), Value: p.Name},
				{Term: e.T("portal.tenant_id"), Value: string(p.Tenant), Mono: true},
				{Term: e.T("console.partner.number"), Value: p.PartnerID, Mono: true},
				{Term: e.T("console.enrol.admin"), Value: admin.User.Name},
			},
		}},
	}
}

// saved is the tick "I have saved it" after an enrolment.
func saved(v *visit.Visit) error {
	f, err := openPartner(v)
	if err != nil {
		return err
	}
	if !v.Saved() {
		return v.AskSaved(v.Frame(v.T("block.secret.unsaved_title"), visit.Partners), partnerPath(f.Partner)+"/saved")
	}
	v.Toast(v.T("console.enrol.done", "Name", f.Partner.Name))
	return v.Redirect(partnerPath(f.Partner))
}
