package settings

import (
	"net/http"

	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// enrolment is what the operator and the partner have agreed on.
type enrolment struct {
	*visit.Visit
	partner identity.Partner
	said    visit.Verdicts
}

func openEnrolment(v *visit.Visit) (*enrolment, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	p, err := visit.Do(v, identity.OwnPartner, struct{}{})
	return &enrolment{Visit: v, partner: p}, err
}

func showAgreements(v *visit.Visit) error {
	e, err := openEnrolment(v)
	if err != nil {
		return err
	}
	return e.showAgreements(http.StatusOK)
}

func (e *enrolment) showAgreements(status int) error {
	f := e.Frame(e.T("settings.agreements.title"), visit.AccountSettings)
	inside(e.Visit, &f, agreementsPath)
	f.Subtitle = e.T("settings.agreements.subtitle")
	f.Help = block.Help{Title: e.T("settings.agreements.title"), Text: []string{e.T("settings.agreements.help")}, Roles: e.RolesFor("partner.profile.update", true)}
	return e.ShowAs(status, agreementsPage(e, f))
}

// signAgreement signs the partner agreement (rules A7, b49).
func signAgreement(v *visit.Visit) error {
	e, err := openEnrolment(v)
	if err != nil {
		return err
	}
	if err := v.Kernel().May(v.Actor, "partner.profile.update", true); err != nil {
		return err
	}
	if v.Form("accept") != "yes" {
		e.said.Refuse("accept", v.T("settings.agreements.tick"))
		return e.showAgreements(http.StatusBadRequest)
	}
	if _, err := visit.DoOnce(v, identity.SignPartnerAgreement, struct{}{}); err != nil {
		return err
	}
	v.Toast(v.T("settings.agreements.was_signed"))
	return v.Redirect(agreementsPath)
}

// signed is the badge of the partner agreement.
func (e *enrolment) signed() block.Badge {
	if e.partner.MPASignedAt.IsZero() {
		return block.Badge{Tone: block.Warning, Text: e.T("settings.agreements.unsigned")}
	}
	return block.Badge{Tone: block.Success, Text: e.T("settings.agreements.signed", "Date", e.Date(e.partner.MPASignedAt))}
}

// identifiers are the numbers by which others know the partner.
func (e *enrolment) identifiers() []block.Fact {
	p := e.partner
	return []block.Fact{
		{Term: e.T("settings.identifiers.partner_id"), Value: p.PartnerID, Hint: e.Country(p.Country), Mono: true, Copy: true},
		{Term: e.T("portal.tenant_id"), Value: string(p.Tenant), Mono: true, Copy: true},
	}
}
