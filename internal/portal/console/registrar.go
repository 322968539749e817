package console

import (
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// registrarVerb is what changes whether the partner registers domains.
func (f *partnerFile) registrarVerb() string {
	if f.Partner.Registrar {
		return f.T("rules.registrar.withdraw")
	}
	return f.T("rules.registrar.allow")
}

// openRegistrar opens the dialog that turns the switch; a closed enrolment stays as
// it is.
func openRegistrar(v *visit.Visit) (*partnerFile, error) {
	f, err := openToChange(v)
	if err == nil && f.Partner.Status == identity.PartnerClosed {
		err = refusal.NotFound
	}
	return f, err
}

func askRegistrar(v *visit.Visit) error {
	f, err := openRegistrar(v)
	if err != nil {
		return err
	}
	return v.Show(registrarDialog(f, f.frame()))
}

// changeRegistrar takes the dialog, which says what it was opened to do: another
// tab may have done it before.
func changeRegistrar(v *visit.Visit) error {
	f, err := openRegistrar(v)
	if err != nil {
		return err
	}
	registers := v.Form("registrar") == "yes"
	if registers != f.Partner.Registrar {
		if _, err := visit.Do(v, identity.UpdatePartner, identity.PartnerChange{Tenant: f.Partner.Tenant, Registrar: &registers}); err != nil {
			return err
		}
	}
	v.Toast(v.T("common.saved"))
	return v.Redirect(partnerPath(f.Partner))
}

// registrarDialog asks before the switch is turned, and says what it changes.
func (f *partnerFile) registrarDialog() block.Dialog {
	d := block.Dialog{
		ID: "registrar", Title: f.T("rules.registrar.ask", "Verb", f.registrarVerb(), "Name", f.Partner.Name), Text: f.T("rules.registrar.allow_text"),
		Action: partnerPath(f.Partner) + "/registrar", CSRF: f.CSRF(), Confirm: f.registrarVerb(), Cancel: partnerPath(f.Partner),
	}
	if f.Partner.Registrar {
		d.Text, d.Tone = f.T("rules.registrar.withdraw_text"), block.Warning
	}
	return d
}

// registrarTo is what the dialog turns the switch to.
func (f *partnerFile) registrarTo() string {
	if f.Partner.Registrar {
		return "no"
	}
	return "yes"
}
