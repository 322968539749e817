package customers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"comptoir/internal/qualification"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/draft"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
)

const (
	checkPath  = visit.NewCustomerPath + "/check"
	reviewPath = visit.NewCustomerPath + "/review"
	donePath   = visit.NewCustomerPath + "/done"
	againPath  = visit.NewCustomerPath + "/again"
	assignPath = visit.NewCustomerPath + "/assign"
)

// The fields of the wizard beside those of the profile.
const (
	fDomain        = "domain"
	fQualification = "qualification"
	fSegment       = "segment"
	fWebsite       = "website"
	fCode          = "validation-code"
	fReseller      = "reseller"
	fAgreement     = "agreement"
	fAgreedOn      = "agreed-on"
	fAgreedFirst   = "agreed-first"
	fAgreedLast    = "agreed-last"
	fAgreedEmail   = "agreed-email"
	fAgreedPhone   = "agreed-phone"
	fGDAP          = "gdap"
	fTags          = "tags"
	fDistinct      = "distinct"
)

// The choices about the customer agreement (rule AG4).
const (
	agreedByContact = "contact" // the primary contact has accepted it
	agreedByOther   = "other"   // somebody else has
	agreedLater     = "later"   // the customer will accept it in its portal
)

// addFields are all fields of the wizard, in the order of the form.
var addFields = slices.Concat(
	[]string{fCountry, fCompany, fDistinct},
	profileFields[2:],
	[]string{
		fDomain, fQualification, fSegment, fWebsite, fCode, fReseller, fAgreement, fAgreedOn, fAgreedFirst, fAgreedLast,
		fAgreedEmail, fAgreedPhone, fGDAP, fTags,
	},
)

// addMembers says which field of the wizard a member of the input is.
var addMembers = map[string]string{
	"companyProfile.domain":              fDomain,
	"qualification.qualification":        fQualification,
	"qualification.educationSegment":     fSegment,
	"qualification.validationCode":       fCode,
	"associatedPartnerId":                fReseller,
	"agreement.dateAgreed":               fAgreedOn,
	"agreement.primaryContact.firstName": fAgreedFirst,
	"agreement.primaryContact.lastName":  fAgreedLast,
	"agreement.primaryContact.email":     fAgreedEmail,
	"tags":                               fTags,
}

// adding is the wizard that adds a customer (P-3).
type adding struct {
	profile
	partner   identity.Partner
	resellers []identity.Partner // of a provider
	// kept is the draft, zero when there is none.
	kept savedDraft
	// offered says that a draft of an earlier visit can be taken up again.
	offered bool
	// validation is the answer of the address validator, nil when it was not asked.
	validation *place.Validation
	// exists says that the customer is known already (RF-11), similar that one
	// much like it is (rule C3).
	exists, similar bool
}

// savedDraft is a draft as it is kept: the fields, the key under which the
// customer is added once, and the customer when that was done.
type savedDraft struct {
	Values url.Values `json:"values"`
	Key    string     `json:"key"`
	Added  id.Tenant  `json:"added,omitempty"`
	Name   string     `json:"name,omitempty"`

	savedAt time.Time
}

// draftForm names the drafts of the wizard.
const draftForm = "customer.add"

// begin makes the wizard with the fields of values. It refuses who may not add
// customers, before anything is typed.
func begin(v *visit.Visit, values url.Values) (*adding, error) {
	if err := v.Kernel().May(v.Actor, "customer.add", true); err != nil {
		return nil, err
	}
	w := &adding{profile: newProfile(v, values)}
	w.check = checkPath
	var err error
	if w.partner, err = visit.Do(v, identity.OwnPartner, struct{}{}); err != nil {
		return nil, err
	}
	if err := w.partner.MaySell(); err != nil {
		return nil, err
	}
	if w.partner.Types&policy.IndirectProvider != 0 {
		partners, err := visit.Do(v, relationship.ListCounterparts, struct{}{})
		if err != nil {
			return nil, err
		}
		w.resellers = partners.Resellers
	}
	return w, w.load()
}

// load reads the draft of the reader.
func (w *adding) load() error {
	d, err := visit.Do(w.Visit, draft.Load, draftForm)
	if err != nil || d.SavedAt.IsZero() {
		return err
	}
	if json.Unmarshal([]byte(d.Content), &w.kept) != nil {
		w.kept = savedDraft{} // written by another version of the program: nothing to take up
	}
	w.kept.savedAt = d.SavedAt
	return nil
}

// save keeps what was typed. The key stays while the fields stay.
func (w *adding) save() error {
	if !equalValues(w.kept.Values, w.values) || w.kept.Key == "" {
		w.kept = savedDraft{Values: w.values, Key: w.Actor.RequestID}
	}
	w.kept.savedAt = w.Kernel().Clock.Now()
	text, err := json.Marshal(w.kept)
	if err != nil {
		return err
	}
	_, err = visit.Do(w.Visit, draft.Save, draft.Draft{Form: draftForm, Content: string(text)})
	return err
}

func equalValues(a, b url.Values) bool { return a.Encode() == b.Encode() }

// typed returns the fields of the wizard that the form sent, trimmed of what is
// empty: an unticked box and an empty field are the same.
func typed(v *visit.Visit, fields []string) url.Values {
	values := url.Values{}
	for _, name := range fields {
		if value := v.Form(name); value != "" {
			values.Set(name, value)
		}
	}
	return values
}

// newCustomer shows the first step: a fresh form, or the draft.
func newCustomer(v *visit.Visit) error {
	w, err := begin(v, url.Values{})
	if err != nil {
		return err
	}
	switch {
	case v.Query("draft") == "resume" && w.kept.Added == "" && !w.kept.savedAt.IsZero():
		w.values = w.kept.Values
		w.profile.country, _ = rulebook.Atlas(w.Kernel().Book()).Country(w.value(fCountry))
	default:
		w.offered = w.kept.Added == "" && !w.kept.savedAt.IsZero()
		w.defaults()
	}
	return w.showForm(http.StatusOK)
}

// defaults are what the form holds before anybody types: the partner's own
// country, the reseller of the page before, the default GDAP (rules C5, F12).
func (w *adding) defaults() {
	w.values.Set(fCountry, w.partner.Country)
	w.values.Set(fGDAP, "yes")
	w.values.Set(fAgreement, agreedLater)
	if w.May("agreement.attest", true) {
		w.values.Set(fAgreement, agreedByContact)
	}
	if slices.ContainsFunc(w.resellers, func(p identity.Partner) bool { return string(p.Tenant) == w.Query(fReseller) }) {
		w.values.Set(fReseller, w.Query(fReseller))
	}
	w.chooseCountry()
}

// chooseCountry follows a change of the country: what another country does not
// have is given up, and its usual language is chosen.
func (w *adding) chooseCountry() {
	w.profile.country, _ = rulebook.Atlas(w.Kernel().Book()).Country(w.value(fCountry))
	if w.country == nil {
		return
	}
	if w.kind() == nil {
		w.values.Del(fIDType)
	}
	if !slices.Contains(w.country.Cultures, w.value(fCulture)) {
		w.values.Set(fCulture, w.country.DefaultCulture)
	}
}

// checkField answers with one field that was left, and what is said about it.
func checkField(v *visit.Visit) error {
	w, err := begin(v, typed(v, addFields))
	if err != nil {
		return err
	}
	if err := w.judge(); err != nil {
		return err
	}
	return v.Show(oneField(w, v.Query("field")))
}

// judge asks what adding the customer would answer now.
func (w *adding) judge() error {
	checked, err := visit.Do(w.Visit, customer.Check, w.input())
	w.notice(err)
	w.said, err = w.Judge(err, checked.Findings, w.fieldOf, w.labelOf)
	return err
}

// fieldOf says which field of the wizard a member of the input is. When the
// primary contact has accepted the agreement, what is wrong with that person
// stands at the contact.
func (w *adding) fieldOf(member string) string {
	if w.value(fAgreement) == agreedByContact {
		switch member {
		case "agreement.primaryContact.firstName":
			return fFirst
		case "agreement.primaryContact.lastName":
			return fLast
		case "agreement.primaryContact.email":
			return fEmail
		}
	}
	if name := members[member]; name != "" {
		return name
	}
	return addMembers[member]
}

// input is what the form says, as operations take it.
func (w *adding) input() customer.NewCustomer {
	in := customer.NewCustomer{
		Domain: w.value(fDomain), Registration: w.registration(), Billing: w.billing(), Reseller: w.value(fReseller),
		WithoutGDAP: w.value(fGDAP) != "yes", Tags: splitTags(w.value(fTags)),
		Distinct: w.value(fDistinct) == "yes", AddressConfirmed: w.value(fConfirmed) == "yes",
	}
	if q := w.value(fQualification); q != "" {
		in.Qualification = &qualification.Request{
			Qualification: qualification.Kind(q), Segment: w.value(fSegment), Website: w.value(fWebsite), ValidationCode: w.value(fCode),
		}
	}
	if w.attests() {
		in.Attestation = w.attestation()
	}
	return in
}

// attests reports whether the reader says that the agreement was accepted. Who
// may not say so cannot (rule b10).
func (w *adding) attests() bool {
	by := w.value(fAgreement)
	return (by == agreedByContact || by == agreedByOther) && w.May("agreement.attest", true)
}

func (w *adding) attestation() *agreement.Attestation {
	a := &agreement.Attestation{Person: agreement.Person{
		FirstName: w.value(fFirst), LastName: w.value(fLast), Email: w.value(fEmail), Phone: w.value(fPhone),
	}}
	if w.value(fAgreement) == agreedByOther {
		a.Person = agreement.Person{
			FirstName: w.value(fAgreedFirst), LastName: w.value(fAgreedLast), Email: w.value(fAgreedEmail), Phone: w.value(fAgreedPhone),
		}
	}
	a.AgreedAt = day(w.value(fAgreedOn))
	return a
}

// day reads the date of a field, zero when it is none.
func day(text string) time.Time {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{} // the rule of the field says what is missing
	}
	return d
}
