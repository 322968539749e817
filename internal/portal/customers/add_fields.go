package customers

import (
	"slices"
	"strings"
	"time"

	"comptoir/internal/qualification"

	"github.com/a-h/templ"

	"comptoir/internal/customer"
	"comptoir/internal/naming"
	"comptoir/internal/place"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/rulebook"
	"comptoir/internal/verification"
)

// wizardID is the form of the first step, which is drawn anew in place when the
// country changes.
const wizardID = "add-customer"

// wizard is the frame of a step: 0 the form, 1 the review, 2 the confirmation.
func (w *adding) wizard(step int) block.Wizard {
	states := [][]block.StepState{
		{block.Current, block.Todo, block.Todo}, {block.Done, block.Current, block.Todo}, {block.Done, block.Done, block.Current},
	}[step]
	form := visit.NewCustomerPath + "?draft=resume"
	b := block.Wizard{
		Form: block.Form{ID: wizardID, Action: visit.NewCustomerPath, CSRF: w.CSRF(), Guard: true}, Label: w.T("customers.add"),
		Steps:  []block.Step{{Label: w.T("customers.step.account"), State: states[0]}, {Label: w.T("common.review"), State: states[1]}, {Label: w.T("common.confirmation"), State: states[2]}},
		Cancel: visit.CustomersPath,
	}
	switch step {
	case 0:
		b.Heading, b.Text, b.Next = w.T("customers.step.account"), w.T("customers.step.account_text"), w.T("customers.next.review")
	case 1:
		b.Heading, b.Text, b.Next, b.Back = w.T("common.review"), w.T("customers.step.review_text"), w.T("customers.add"), true
		b.Action, b.RequestID, b.Guard, b.Steps[0].Href = reviewPath, w.kept.Key, false, form
		b.Saved = w.T("customers.draft.saved", "Date", w.kept.savedAt)
	case 2:
		b.Heading, b.Last = w.T("customers.setup.title"), true
	}
	return b
}

// labelOf returns what a field of the wizard is called.
func (w *adding) labelOf(name string) string {
	switch name {
	case fDomain:
		return w.T("customers.column.domain")
	case fQualification:
		return w.T("customers.column.qualification")
	case fSegment:
		return w.T("customers.field.segment")
	case fWebsite:
		return w.T("customers.field.website")
	case fCode:
		return w.T("customers.field.code")
	case fReseller:
		return w.T("customers.column.reseller")
	case fAgreement:
		return w.T("customers.section.agreement")
	case fAgreedOn:
		return w.T("customers.field.agreed_on")
	case fAgreedFirst:
		return w.T("customers.field.first_name")
	case fAgreedLast:
		return w.T("customers.field.last_name")
	case fAgreedEmail:
		return w.T("customers.field.email")
	case fAgreedPhone:
		return w.T("customers.field.phone_optional")
	case fTags:
		return w.T("customers.column.tags")
	}
	return w.label(name)
}

// refreshing has a field that decides about others draw the form anew when it
// changes.
func (w *adding) refreshing(f block.Field) block.Field {
	f.Attrs = templ.Attributes{
		"hx-post": visit.NewCustomerPath, "hx-trigger": "change", "hx-include": "#" + wizardID, "hx-vals": `{"go":"refresh"}`,
		"hx-target": "#" + wizardID, "hx-select": "#" + wizardID, "hx-swap": "outerMorph",
	}
	return f
}

// countryField offers the countries of the partner's market: others it may not
// sell to (rule A8).
func (w *adding) countryField() block.Field {
	f := w.field(fCountry)
	f.Hint = w.T("customers.hint.country")
	for _, c := range rulebook.Atlas(w.Kernel().Book()).Countries(w.Tag()) {
		if c.Market == w.partner.Market && c.Market != "" {
			f.Options = append(f.Options, block.Option{Value: c.Code, Label: c.Name(w.Tag())})
		}
	}
	if w.country != nil && !slices.ContainsFunc(f.Options, func(o block.Option) bool { return o.Value == w.country.Code }) {
		f.Options = append(f.Options, block.Option{Value: w.country.Code, Label: w.country.Name(w.Tag())})
	}
	return f
}

// domainField asks for the prefix of the primary domain. What is free is said
// under it once it was looked at.
func (w *adding) domainField() block.Field {
	f := block.Field{
		Name: fDomain, Label: w.labelOf(fDomain), Value: w.value(fDomain), Suffix: "." + customer.DomainSuffix(w.Kernel()),
		Hint: w.T("customers.hint.domain"), Required: true, Max: 27, Autocomplete: "off", Check: checkPath + "?field=" + fDomain,
	}
	if company := naming.Trim(w.value(fCompany)); company != "" && f.Value == "" {
		f.Placeholder = naming.SuggestDomainPrefix(company)
	}
	f = w.said.Mark(f)
	if f.Value != "" && f.Error == "" && w.said.Errors != nil {
		f.Hint = w.T("customers.domain.free", "Domain", strings.ToLower(f.Value)+f.Suffix)
	}
	return f
}

func (w *adding) qualificationField() block.Field {
	f := block.Field{Name: fQualification, Label: w.labelOf(fQualification), Value: w.value(fQualification), Placeholder: w.T("customers.qualification.none"), Width: block.Medium}
	for _, q := range []qualification.Kind{qualification.Education, qualification.GovernmentCloud, qualification.StateOwnedEntity} {
		f.Options = append(f.Options, block.Option{Value: string(q), Label: w.Qualification(q)})
	}
	return w.said.Mark(f)
}

func (w *adding) segmentField() block.Field {
	return w.said.Mark(block.Field{
		Name: fSegment, Label: w.labelOf(fSegment), Value: w.value(fSegment), Required: true,
		Options: []block.Option{{Value: "K12", Label: w.T("customers.segment.k12")}, {Value: "HigherEducation", Label: w.T("customers.segment.higher")}},
	})
}

// agreementField asks how the agreement is accepted (rule AG4). Attesting is not
// for everybody who may add a customer (rule b10).
func (w *adding) agreementField() block.Field {
	f := block.Field{Name: fAgreement, Label: w.T("customers.agreement.how"), Value: w.value(fAgreement), Options: []block.Option{
		{Value: agreedByContact, Label: w.T("customers.agreement.contact")},
		{Value: agreedByOther, Label: w.T("customers.agreement.other")},
		{Value: agreedLater, Label: w.T("customers.agreement.later"), Hint: w.T("customers.agreement.later_hint")},
	}}
	if reason := w.Reason("agreement.attest", true); reason != "" {
		f.Options[0].Disabled, f.Options[1].Disabled, f.Hint, f.Value = true, true, reason, agreedLater
	}
	return w.refreshing(w.said.Mark(f))
}

func (w *adding) agreedOnField() block.Field {
	return w.said.Mark(block.Field{
		Name: fAgreedOn, Label: w.labelOf(fAgreedOn), Value: w.value(fAgreedOn), Required: true, Width: block.Medium,
		MaxValue: w.Kernel().Clock.Now().UTC().Format(time.DateOnly),
	})
}

// statusSentence says what the status of a new account means for the partner.
func (w *adding) statusSentence(s verification.Status) string {
	if s == verification.Allowed {
		return w.T("customers.setup.approved")
	}
	return w.T("customers.setup.review")
}

// verdict is what the address validator says (rule C13).
func (p *profile) verdict(said place.Validation) block.Message {
	m := block.Message{Tone: block.Warning, Title: p.T(said.Status.LabelKey())}
	switch said.Status {
	case place.Verified, place.VerifiedShippable:
		m.Tone = block.Success
		if len(p.differing(said)) > 0 {
			m.Text = p.T("customers.address.usual")
		}
	case place.None:
		m.Tone, m.Text = block.Danger, p.T("customers.address.unknown")
	case place.NotValidated:
		m.Tone, m.Text = block.Info, p.T("customers.address.later")
	case place.Multiple, place.InteractionRequired, place.PremisesPartial, place.StreetPartial:
		m.Text = p.T("customers.address.choose")
	}
	return m
}

// differing are the suggestions that differ from what was typed.
func (p *profile) differing(said place.Validation) []place.Address {
	typed := oneLine(p.address())
	var all []place.Address
	for _, a := range said.Suggestions {
		if oneLine(a) == typed {
			return nil // it is the usual form already
		}
		all = append(all, a)
	}
	return all
}

// wantsConfirmation reports whether the address stands only when somebody says
// that it is right.
func (p *profile) wantsConfirmation(said place.Validation) bool {
	return said.Status == place.None || said.Status == place.Multiple || p.value(fConfirmed) == "yes"
}

// oneLine writes an address in a line.
func oneLine(a place.Address) string {
	var parts []string
	for _, part := range []string{a.AddressLine1, a.AddressLine2, strings.TrimSpace(a.PostalCode + " " + a.City), a.State} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}
