package importer

import (
	"fmt"
)

// Field is something about a customer that a file can say. Its text is the name
// that mapping files use.
type Field string

// The fields.
const (
	// ID identifies the record where it comes from: an LEI, the number in the
	// partner's own books. It recognises what was imported before.
	ID          Field = "id"
	CompanyName Field = "companyName"
	// Domain is the prefix of the primary domain, or the complete one. When there
	// is none it follows from the name.
	Domain           Field = "domain"
	RegistrationID   Field = "registrationId"
	RegistrationType Field = "registrationType"
	// Standing is what a register says about the organization: "ACTIVE".
	Standing Field = "status"

	Country Field = "country"
	Region  Field = "region" // also in the form of ISO 3166-2, "US-WA"
	State   Field = "state"
	City    Field = "city"
	// Address holds all lines of the address; the others hold one each.
	Address      Field = "address"
	AddressLine1 Field = "addressLine1"
	AddressLine2 Field = "addressLine2"
	AddressLine3 Field = "addressLine3"
	District     Field = "district"
	PostalCode   Field = "postalCode"

	// ContactName holds first and last name; the others hold one each.
	ContactName Field = "contactName"
	FirstName   Field = "firstName"
	MiddleName  Field = "middleName"
	LastName    Field = "lastName"
	Email       Field = "email"
	// EmailDomain makes the address of those without one, which is
	// contact@<prefix of the primary domain>.<EmailDomain>.
	EmailDomain Field = "emailDomain"
	Phone       Field = "phone"

	Language Field = "language" // also a culture, "sv-SE"
	Culture  Field = "culture"
	Tags     Field = "tags"     // one a line, or with semicolons or commas between
	Reseller Field = "reseller" // tenant id or PartnerID

	Qualification    Field = "qualification"
	EducationSegment Field = "educationSegment"
	Website          Field = "website"
	ValidationCode   Field = "validationCode"

	// AgreementDate is when the customer accepted the customer agreement; without
	// it nothing is attested. The others are the person who accepted.
	AgreementDate      Field = "agreementDate"
	AgreementFirstName Field = "agreementFirstName"
	AgreementLastName  Field = "agreementLastName"
	AgreementEmail     Field = "agreementEmail"
	AgreementPhone     Field = "agreementPhone"

	// Distinct, AddressConfirmed and WithoutGDAP say yes or no.
	Distinct         Field = "distinct"         // a different organization than a similar one
	AddressConfirmed Field = "addressConfirmed" // the address is right although it looks odd
	WithoutGDAP      Field = "withoutGdap"
)

// labels are the fields in the order in which a form offers them, each with the
// key of its name.
var labels = []struct {
	field Field
	key   string
}{
	{ID, "importer.field.id"},
	{CompanyName, "importer.field.company_name"},
	{Domain, "importer.field.domain"},
	{RegistrationID, "importer.field.registration_id"},
	{RegistrationType, "importer.field.registration_type"},
	{Standing, "importer.field.standing"},
	{Country, "importer.field.country"},
	{Address, "importer.field.address"},
	{AddressLine1, "importer.field.address_line1"},
	{AddressLine2, "importer.field.address_line2"},
	{AddressLine3, "importer.field.address_line3"},
	{District, "importer.field.district"},
	{City, "importer.field.city"},
	{Region, "importer.field.region"},
	{State, "importer.field.state"},
	{PostalCode, "importer.field.postal_code"},
	{ContactName, "importer.field.contact_name"},
	{FirstName, "importer.field.first_name"},
	{MiddleName, "importer.field.middle_name"},
	{LastName, "importer.field.last_name"},
	{Email, "importer.field.email"},
	{EmailDomain, "importer.field.email_domain"},
	{Phone, "importer.field.phone"},
	{Language, "importer.field.language"},
	{Culture, "importer.field.culture"},
	{Tags, "importer.field.tags"},
	{Reseller, "importer.field.reseller"},
	{Qualification, "importer.field.qualification"},
	{EducationSegment, "importer.field.education_segment"},
	{Website, "importer.field.website"},
	{ValidationCode, "importer.field.validation_code"},
	{AgreementDate, "importer.field.agreement_date"},
	{AgreementFirstName, "importer.field.agreement_first_name"},
	{AgreementLastName, "importer.field.agreement_last_name"},
	{AgreementEmail, "importer.field.agreement_email"},
	{AgreementPhone, "importer.field.agreement_phone"},
	{Distinct, "importer.field.distinct"},
	{AddressConfirmed, "importer.field.address_confirmed"},
	{WithoutGDAP, "importer.field.without_gdap"},
}

// Fields returns all fields, in the order in which a form offers them.
func Fields() []Field {
	all := make([]Field, len(labels))
	for i, l := range labels {
		all[i] = l.field
	}
	return all
}

// LabelKey returns the key of the name of f, "" for an unknown field.
func (f Field) LabelKey() string {
	for _, l := range labels {
		if l.field == f {
			return l.key
		}
	}
	return ""
}

// places gives each field its place in a row.
var places = func() map[Field]int {
	all := make(map[Field]int, len(labels))
	for i, l := range labels {
		all[l.field] = i
	}
	if len(all) != len(labels) {
		panic(fmt.Sprintf("importer: %d labels for %d fields", len(labels), len(all)))
	}
	return all
}()
