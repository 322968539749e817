package customers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"comptoir/internal/agreement"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

func agreementPath(a *account) string { return visit.AccountPath(a.tenant) + "/agreement" }

// agreementBadge says where a customer stands with the agreement.
func agreementBadge(p *lang.Printer, s agreement.State) block.Badge {
	switch s {
	case agreement.Confirmed:
		return block.Badge{Tone: block.Success, Text: p.T("customers.agreement.accepted")}
	case agreement.Outdated:
		return block.Badge{Tone: block.Warning, Text: p.T("agreementpage.outdated")}
	case agreement.Missing:
	}
	return block.Badge{Tone: block.Warning, Text: p.T("customers.agreement.open")}
}

// agreementActions confirm an acceptance, take the link along with which the
// customer accepts itself (rule AG5), and the text.
func (a *account) agreementActions() []block.Button {
	current := a.agreement.Standing.Current
	return []block.Button{
		{
			Label: a.T("customers.agreement.confirm"), Icon: icon.Signature, Href: agreementPath(a), Dialog: true,
			Reason: a.Reason("agreement.attest", true),
		},
		{
			Label: a.T("agreementpage.copy_link"), Icon: icon.Link, Plain: true,
			Attrs: templ.Attributes{"data-copy": a.Site().Origin.Base(a.Request) + visit.AgreementLink, "data-copied": a.T("common.copied")},
		},
		{
			Label: a.T("agreementpage.download"), Icon: icon.Download,
			Href: agreementPath(a) + "/document?rank=" + strconv.FormatInt(current.Rank, 10) + "&language=" + a.Tag(),
		},
	}
}

// agreementDue says which newer version has to be accepted, and from when on
// (rule AG8); "" when none has.
func (a *account) agreementDue() string {
	s := a.agreement.Standing
	switch {
	case s.Required.Rank == 0:
		return ""
	case s.State == agreement.Outdated:
		return a.T("agreementpage.account.outdated", "Version", s.Required.Label, "Date", a.Date(s.Required.EnforcedAt))
	}
	return a.T("agreementpage.account.coming", "Version", s.Required.Label, "Date", a.Date(s.Required.EnforcedAt))
}

// agreementHistory are the confirmations, the newest first.
func (a *account) agreementHistory() []block.Fact {
	all := a.agreement.Agreements
	facts := make([]block.Fact, 0, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		g := all[i]
		how := a.T("customers.agreement.attested")
		if g.Method == agreement.Direct {
			how = a.T("customers.agreement.direct")
		}
		hint := []string{strings.TrimSuffix(how, "."), g.Person.Email}
		if v, ok := a.agreement.Versions.Find(g.Rank); ok {
			hint = append(hint, a.T("agreementpage.version", "Version", v.Label))
		}
		if g.Method == agreement.Attested && g.RecordedName != "" {
			hint = append(hint, a.T("agreementpage.recorded_by", "Name", g.RecordedName, "Date", a.Date(g.RecordedAt)))
		}
		facts = append(facts, block.Fact{Term: a.Date(g.AgreedAt), Value: g.Person.Name(), Hint: strings.Join(hint, " · ")})
	}
	return facts
}

// downloadAgreement sends the text of a version.
func downloadAgreement(v *visit.Visit) error {
	if _, err := openAccount(v); err != nil {
		return err
	}
	rank, err := strconv.ParseInt(v.Query("rank"), 10, 64)
	if err != nil {
		return refusal.NotFound
	}
	d, err := visit.Do(v, agreement.ReadText, agreement.Text{Rank: rank, Language: v.Query("language")})
	if err != nil {
		return err
	}
	return v.Send(d.FileName(), d.Media, d.File())
}

// agreementMembers says which field of the dialog a member of the input is. The
// fields are those of the wizard.
var agreementMembers = map[string]string{
	"dateAgreed":               fAgreedOn,
	"primaryContact.firstName": fAgreedFirst,
	"primaryContact.lastName":  fAgreedLast,
	"primaryContact.email":     fAgreedEmail,
}

// attesting is the dialog that confirms an acceptance (rule AG3).
type attesting struct {
	*account
	person agreement.Person
	on     string // the date, as typed
	said   visit.Verdicts
}

// askAgreement opens the dialog: the primary contact is who usually accepts.
func askAgreement(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	if err := v.Kernel().May(v.Actor, "agreement.attest", true); err != nil {
		return err
	}
	b := a.details.Customer.Billing
	d := &attesting{account: a, on: v.Kernel().Clock.Now().UTC().Format(time.DateOnly), person: agreement.Person{
		FirstName: b.FirstName, LastName: b.LastName, Email: b.Email, Phone: b.Address.PhoneNumber,
	}}
	return d.show(http.StatusOK)
}

// attest takes the dialog.
func attest(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	d := &attesting{account: a, on: v.Form(fAgreedOn), person: agreement.Person{
		FirstName: v.Form(fAgreedFirst), LastName: v.Form(fAgreedLast), Email: v.Form(fAgreedEmail), Phone: v.Form(fAgreedPhone),
	}}
	_, err = visit.DoOnce(v, agreement.Attest, agreement.Confirmation{
		Customer: a.tenant, Attestation: agreement.Attestation{Person: d.person, AgreedAt: day(d.on)},
	})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("customers.agreement.saved"))
		return v.Redirect(visit.AccountPath(a.tenant))
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	d.said, err = v.Judge(err, nil, func(member string) string { return agreementMembers[member] }, d.label)
	if err != nil {
		return err
	}
	return d.show(http.StatusBadRequest)
}

func (d *attesting) show(status int) error {
	f := d.Frame(d.T("customers.agreement.confirm"), visit.Customers)
	d.crumbs(&f)
	return d.ShowAs(status, attestPage(d, f))
}

// dialog leaves with a key of its own, so that a double click confirms once.
func (d *attesting) dialog() block.Dialog {
	key := d.Form("request-id")
	if key == "" {
		key = d.Actor.RequestID
	}
	return block.Dialog{
		ID: "attest", Title: d.T("customers.agreement.confirm"), Text: d.T("customers.agreement.confirm_text"), Action: agreementPath(d.account),
		CSRF: d.CSRF(), RequestID: key, Confirm: d.T("customers.agreement.confirm"), Cancel: visit.AccountPath(d.tenant) + "#agreement", Wide: true,
	}
}

func (d *attesting) label(name string) string {
	switch name {
	case fAgreedFirst:
		return d.T("customers.field.first_name")
	case fAgreedLast:
		return d.T("customers.field.last_name")
	case fAgreedEmail:
		return d.T("customers.field.email")
	case fAgreedPhone:
		return d.T("customers.field.phone_optional")
	}
	return d.T("customers.field.agreed_on")
}

func (d *attesting) field(name, value string) block.Field {
	return d.said.Mark(block.Field{Name: name, Label: d.label(name), Value: value, Required: name != fAgreedPhone})
}
