package customers

import (
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/qualification"
)

func qualificationPath(a *account) string { return visit.AccountPath(a.tenant) + "/qualification" }

// qualificationFacts say which special qualifications were asked for, and where
// their vetting stands (rule C38).
func (a *account) qualificationFacts() []block.Fact {
	if len(a.qualifications) == 0 {
		return []block.Fact{{Term: a.T("customers.column.qualification"), Value: a.T("customers.qualification.none")}}
	}
	facts := make([]block.Fact, len(a.qualifications))
	for i, q := range a.qualifications {
		facts[i] = block.Fact{Term: a.Qualification(q.Qualification), Badge: a.vetting(q), Hint: a.qualificationHint(q)}
	}
	return facts
}

// qualificationHint is what was said with a request, and what to do after a denial.
func (a *account) qualificationHint(q qualification.Qualified) string {
	var parts []string
	if q.Segment != "" {
		parts = append(parts, a.Segment(q.Segment))
	}
	if q.Website != "" {
		parts = append(parts, q.Website)
	}
	if q.Vetting == qualification.Denied {
		parts = append(parts, q.Reason, a.T("qualification.after_denial"))
	}
	return strings.Join(parts, " · ")
}

func (a *account) vetting(q qualification.Qualified) block.Badge {
	switch q.Vetting {
	case qualification.Approved:
		return block.Badge{Tone: block.Success, Text: a.T("customers.vetting.approved")}
	case qualification.Denied:
		text := a.T("customers.vetting.denied")
		if q.Qualification == qualification.Education {
			text = a.T("qualification.not_education")
		}
		return block.Badge{Tone: block.Danger, Text: text}
	case qualification.InReview:
	}
	return block.Badge{Tone: block.Info, Text: a.T("customers.vetting.in_review", "Date", a.Date(q.ChangedAt)), Icon: icon.Pending}
}

// qualificationMembers says which field of the dialog a member of the input is.
var qualificationMembers = map[string]string{
	"qualification": fQualification, "educationSegment": fSegment, "website": fWebsite, "validationCode": fCode,
}

// qualifying is the dialog that asks for a special qualification (rule C37).
type qualifying struct {
	*account
	request qualification.Request
	said    visit.Verdicts
}

// askQualification opens the dialog with what was asked for last.
func askQualification(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	if err := v.Kernel().May(v.Actor, "customer.qualification", true); err != nil {
		return err
	}
	d := &qualifying{account: a}
	for _, q := range a.qualifications {
		if !q.Holds() {
			d.request = q.Request
		}
	}
	return d.show(http.StatusOK)
}

// qualify takes the dialog.
func qualify(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	d := &qualifying{account: a, request: qualification.Request{
		Qualification: qualification.Kind(v.Form(fQualification)), Segment: v.Form(fSegment), Website: v.Form(fWebsite), ValidationCode: v.Form(fCode),
	}}
	made, err := visit.DoOnce(v, qualification.Ask, qualification.Asking{Customer: a.tenant, Request: d.request})
	switch kind := fault.KindOf(err); {
	case err == nil && made.Vetting == qualification.Approved:
		v.Toast(v.T("qualification.saved_approved"))
		return v.Redirect(visit.AccountPath(a.tenant))
	case err == nil:
		v.Toast(v.T("qualification.saved"))
		return v.Redirect(visit.AccountPath(a.tenant))
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	if d.said, err = v.Judge(err, nil, func(member string) string { return qualificationMembers[member] }, d.label); err != nil {
		return err
	}
	return d.show(http.StatusBadRequest)
}

func (d *qualifying) show(status int) error {
	f := d.Frame(d.T("qualification.update"), visit.Customers)
	d.crumbs(&f)
	return d.ShowAs(status, qualifyPage(d, f))
}

func (d *qualifying) dialog() block.Dialog {
	key := d.Form("request-id")
	if key == "" {
		key = d.Actor.RequestID
	}
	return block.Dialog{
		ID: "qualify", Title: d.T("qualification.update"), Text: d.T("qualification.update_text"), Action: qualificationPath(d.account),
		CSRF: d.CSRF(), RequestID: key, Confirm: d.T("qualification.send"), Cancel: visit.AccountPath(d.tenant) + "#qualifications",
	}
}

func (d *qualifying) label(name string) string {
	switch name {
	case fQualification:
		return d.T("customers.column.qualification")
	case fSegment:
		return d.T("customers.field.segment")
	case fWebsite:
		return d.T("customers.field.website")
	}
	return d.T("customers.field.code")
}

func (d *qualifying) field(name string) block.Field {
	f := block.Field{Name: name, Label: d.label(name)}
	switch name {
	case fQualification:
		f.Value, f.Required, f.Placeholder = string(d.request.Qualification), true, d.T("customers.choose")
		for _, kind := range qualification.Kinds() {
			f.Options = append(f.Options, block.Option{Value: string(kind), Label: d.Qualification(kind)})
		}
	case fSegment:
		f.Value, f.Placeholder = d.request.Segment, d.T("customers.choose")
		for _, segment := range qualification.Segments() {
			f.Options = append(f.Options, block.Option{Value: segment, Label: d.Segment(segment)})
		}
	case fWebsite:
		f.Value, f.Max = d.request.Website, 500
	case fCode:
		f.Value, f.Max = d.request.ValidationCode, 100
	}
	return d.said.Mark(f)
}
