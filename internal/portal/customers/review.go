package customers

import (
	"strings"

	"comptoir/internal/qualification"

	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
)

// part is one section of the review.
type part struct {
	title, anchor string
	facts         []block.Fact
}

// warnings repeats what does not stop the customer but goes to the reviewer
// (rule C11), and offers the usual form of the address.
func (w *adding) warnings() []block.Message {
	var all []block.Message
	for _, name := range addFields {
		if text := w.said.Warnings[name]; text != "" {
			all = append(all, block.Message{Tone: block.Warning, Title: w.labelOf(name), Text: text})
		}
	}
	w.validate()
	for _, a := range w.differing(*w.validation) {
		all = append(all, block.Message{Tone: block.Info, Title: w.T("customers.address.suggested"), Text: oneLine(a)})
	}
	return all
}

// summary is what was typed, section by section.
func (w *adding) summary() []part {
	fact := func(name string) block.Fact { return block.Fact{Term: w.labelOf(name), Value: w.value(name)} }
	parts := []part{
		{w.T("customers.section.company"), "company-section", []block.Fact{
			{Term: w.labelOf(fCountry), Value: w.Country(w.value(fCountry))}, fact(fCompany), fact(fID),
		}},
		{w.T("customers.section.address"), "address-section", []block.Fact{
			{Term: w.T("customers.section.address"), Value: oneLine(w.address())},
		}},
		{w.T("customers.section.contact"), "contact-section", []block.Fact{
			{Term: w.T("common.name"), Value: w.contactName()}, fact(fEmail), fact(fPhone), {Term: w.labelOf(fCulture), Value: w.Culture(w.value(fCulture))},
		}},
		{w.T("customers.section.domain"), "domain-section", []block.Fact{
			{Term: w.labelOf(fDomain), Value: strings.ToLower(w.value(fDomain)) + "." + customer.DomainSuffix(w.Kernel())},
		}},
		{w.T("customers.section.qualification"), "qualification-section", w.qualificationFacts()},
	}
	if len(w.resellers) > 0 {
		parts = append(parts, part{w.labelOf(fReseller), "reseller-section", []block.Fact{
			{Term: w.labelOf(fReseller), Value: nameOf(w.resellers, id.Tenant(w.value(fReseller)))},
		}})
	}
	return append(
		parts,
		part{w.T("customers.section.agreement"), "agreement-section", w.agreementFacts()},
		part{w.T("customers.section.access"), "access-section", w.accessFacts()},
	)
}

func (w *adding) contactName() string {
	return strings.Join(strings.Fields(w.value(fFirst)+" "+w.value(fMiddle)+" "+w.value(fLast)), " ")
}

func (w *adding) qualificationFacts() []block.Fact {
	facts := []block.Fact{{Term: w.labelOf(fQualification), Value: w.Qualification(qualification.Kind(w.value(fQualification)))}}
	for _, o := range w.segmentField().Options {
		if o.Value == w.value(fSegment) {
			facts = append(facts, block.Fact{Term: w.labelOf(fSegment), Value: o.Label})
		}
	}
	for _, name := range []string{fWebsite, fCode} {
		if w.value(name) != "" {
			facts = append(facts, block.Fact{Term: w.labelOf(name), Value: w.value(name)})
		}
	}
	return facts
}

func (w *adding) agreementFacts() []block.Fact {
	if !w.attests() {
		return []block.Fact{{Term: w.T("customers.agreement.how"), Value: w.T("customers.agreement.later"), Hint: w.T("customers.agreement.later_hint")}}
	}
	a := w.attestation()
	return []block.Fact{
		{Term: w.labelOf(fAgreedOn), Value: w.Date(a.AgreedAt)},
		{Term: w.T("customers.agreement.person"), Value: a.Person.FirstName + " " + a.Person.LastName, Hint: a.Person.Email},
	}
}

func (w *adding) accessFacts() []block.Fact {
	gdap := block.Fact{Term: w.T("customers.field.gdap_short"), Value: w.T("common.no")}
	if w.value(fGDAP) == "yes" {
		gdap.Value, gdap.Hint = w.T("common.yes"), w.T("customers.hint.gdap")
	}
	return []block.Fact{gdap, tagsFact(w.labelOf(fTags), splitTags(w.value(fTags)))}
}
