package importer

import (
	"strings"
	"time"
	"unicode"

	"comptoir/internal/qualification"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/naming"
	"comptoir/internal/place"
)

// entry is what a row says, field by field.
type entry []string

func (e entry) get(f Field) string { return e[places[f]] }

// Codes and sentences of what an import notes about a customer. A reviewer sees
// them with the verification case.
const (
	FindingCorrected           = "import.corrected"            // arguments Old, New
	FindingRegistrationDropped = "import.registration_dropped" // argument ID
	FindingNotActive           = "import.not_active"           // argument Status
	FindingPhoneDropped        = "import.phone_dropped"        // argument Phone
	FindingDomainFromID        = "import.domain_from_id"       // argument Domain
)

// Refusals of what a row says, beside those of package customer.
var (
	ErrDate  = fault.New(fault.Invalid, "27002", "importer.entry.date")  // argument Text
	ErrYesNo = fault.New(fault.Invalid, "27002", "importer.entry.yesno") // argument Text
	ErrID    = fault.New(fault.Invalid, "27002", "importer.entry.id")    // argument Max
	// ErrNoDomain refuses a name of which no domain can be made.
	ErrNoDomain = fault.New(fault.Invalid, "27002", "importer.entry.no_domain")
)

// applicant is the customer that a row asks for.
type applicant struct {
	id       string
	customer customer.NewCustomer
	extra    customer.Extra
}

func (a *applicant) fault(e *fault.Error) { a.extra.Faults.Add(e) }

func (a *applicant) note(code, key, field string, args map[string]any) {
	a.extra.Findings = append(a.extra.Findings, finding.Finding{Code: code, Key: key, Field: field, Args: args})
}

// maxID bounds external ids.
const maxID = 200

// read makes a customer of e. standIn is the phone number of those that have none.
// Nothing is invented: what is missing stays missing
// and is refused by the rules, except the domain, which follows from the name,
// and the culture, which follows from country and language.
func (e entry) read(w *place.Atlas, standIn string) applicant {
	a := applicant{id: naming.Trim(e.get(ID))}
	if len(a.id) > maxID || !naming.Printable(a.id) {
		a.id = ""
		a.fault(ErrID.On(string(ID)).With("Max", maxID))
	}
	n := &a.customer
	b := &n.Billing
	n.CompanyName = e.get(CompanyName)
	n.Reseller = naming.Trim(e.get(Reseller))
	n.Tags = list(e.get(Tags), "\n;,")
	b.Address = e.address()
	b.FirstName, b.LastName = e.contact()
	b.Address.MiddleName = e.get(MiddleName)
	country, known := w.Country(naming.Trim(b.Address.Country))
	b.Culture, b.Language = e.languages(country)
	if known {
		e.place(&a, w, country)
		a.callable(w, country, standIn)
	}
	e.register(&a, country)
	e.domains(&a)
	b.Email = e.email(n.Domain)
	e.extras(&a)
	return a
}

// address returns the address, its lines moved up where some are empty. What has
// no line of its own goes into the last.
func (e entry) address() place.Address {
	lines := list(e.get(Address), "\n")
	for _, f := range []Field{AddressLine1, AddressLine2, AddressLine3} {
		if text := naming.Trim(e.get(f)); text != "" {
			lines = append(lines, text)
		}
	}
	if len(lines) > 3 {
		lines = append(lines[:2:2], strings.Join(lines[2:], ", "))
	}
	lines = append(lines, "", "", "")
	return place.Address{
		Country: naming.Trim(e.get(Country)), Region: e.get(Region), State: e.get(State), City: e.get(City), District: e.get(District),
		AddressLine1: lines[0], AddressLine2: lines[1], AddressLine3: lines[2], PostalCode: e.get(PostalCode),
		PhoneNumber: e.get(Phone),
	}
}

// contact returns the first and the last name of the contact. Of a name in one
// piece the first word is the first name, unless a comma says otherwise.
func (e entry) contact() (first, last string) {
	first, last = naming.Trim(e.get(FirstName)), naming.Trim(e.get(LastName))
	whole := naming.Trim(e.get(ContactName))
	if first != "" || last != "" || whole == "" {
		return first, last
	}
	if last, first, found := strings.Cut(whole, ","); found {
		return naming.Trim(first), naming.Trim(last)
	}
	cut := strings.IndexFunc(whole, unicode.IsSpace)
	if cut < 0 {
		return whole, ""
	}
	return whole[:cut], naming.Trim(whole[cut:])
}

// languages returns culture and language. A culture that the country does not
// have is looked for by its language, then the default of the country is taken.
func (e entry) languages(c *place.Country) (culture, language string) {
	culture, language = naming.Trim(e.get(Culture)), naming.Trim(e.get(Language))
	if culture == "" && c != nil {
		culture = nearestCulture(c, language)
	}
	if culture == "" {
		culture = language
	}
	if language == "" {
		language, _, _ = strings.Cut(culture, "-")
	}
	return culture, language
}

func nearestCulture(c *place.Country, language string) string {
	if culture, ok := c.Culture(language); ok {
		return culture
	}
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	for _, culture := range c.Cultures {
		if known, _, _ := strings.Cut(culture, "-"); known == base && strings.HasSuffix(culture, "-"+c.Code) {
			return culture
		}
	}
	return c.DefaultCulture
}

// domains sets the domain of a, and those to take when it is taken.
func (e entry) domains(a *applicant) {
	const field = "companyProfile.domain"
	if a.customer.Domain = naming.Trim(e.get(Domain)); a.customer.Domain != "" {
		return
	}
	prefixes := derivedPrefixes(naming.Trim(e.get(CompanyName)), a.id)
	if len(prefixes) == 0 {
		if naming.Trim(e.get(CompanyName)) != "" { // else the missing name is the reason
			a.fault(ErrNoDomain.On(field))
		}
		return
	}
	a.customer.Domain, a.extra.Domains = prefixes[0], prefixes[1:]
	if naming.SuggestDomainPrefix(a.customer.CompanyName) == "" {
		a.note(FindingDomainFromID, "importer.note.domain_from_id", field, map[string]any{"Domain": prefixes[0]})
	}
}

// email returns the address of the contact. domain is that of the customer.
func (e entry) email(domain string) string {
	if email := naming.Trim(e.get(Email)); email != "" {
		return email
	}
	of := naming.Trim(strings.TrimPrefix(naming.Trim(e.get(EmailDomain)), "@"))
	prefix, _, _ := strings.Cut(strings.ToLower(domain), ".")
	switch {
	case of == "":
		return ""
	case prefix == "": // what is wrong is the domain, not the address
		return "contact@" + of
	}
	return "contact@" + prefix + "." + of
}

// extras reads what is beside the profile: qualification, agreement, yes and no.
func (e entry) extras(a *applicant) {
	n := &a.customer
	if q := naming.Trim(e.get(Qualification)); q != "" {
		n.Qualification = &qualification.Request{
			Qualification: qualification.Kind(q), Segment: naming.Trim(e.get(EducationSegment)),
			Website: e.get(Website), ValidationCode: e.get(ValidationCode),
		}
	}
	if text := naming.Trim(e.get(AgreementDate)); text != "" {
		at, ok := date(text)
		if !ok {
			a.fault(ErrDate.On("agreement.dateAgreed").With("Text", text))
			at = time.Unix(0, 0) // so that the date is not said to be missing as well
		}
		n.Attestation = &agreement.Attestation{AgreedAt: at, Person: agreement.Person{
			FirstName: e.get(AgreementFirstName), LastName: e.get(AgreementLastName),
			Email: e.get(AgreementEmail), Phone: e.get(AgreementPhone),
		}}
	}
	for f, flag := range map[Field]*bool{Distinct: &n.Distinct, AddressConfirmed: &n.AddressConfirmed, WithoutGDAP: &n.WithoutGDAP} {
		yes, ok := yesNo(e.get(f))
		if !ok {
			a.fault(ErrYesNo.On(string(f)).With("Text", naming.Trim(e.get(f))))
		}
		*flag = yes
	}
}

// date reads a day, or a moment, in ISO 8601.
func date(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// yesNo reads an answer in one of our languages; saying nothing is no.
func yesNo(text string) (yes, ok bool) {
	switch naming.Key(text) {
	case "", "no", "n", "false", "0", "non", "faux", "nej", "falskt":
		return false, true
	case "yes", "y", "true", "1", "x", "oui", "o", "vrai", "ja", "j", "sant":
		return true, true
	}
	return false, false
}

// list returns the parts of text between separators, trimmed, without empty ones.
func list(text, separators string) []string {
	var parts []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if part = naming.Trim(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
