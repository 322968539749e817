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

// What a row of the operator's import says beside the customer (V-5).
const (
	// Customer is the tenant id of one that the installation has.
	Customer Field = "customerTenantId"
	// Partner is who has, or gets, the relation: tenant id, domain or PartnerID.
	Partner Field = "partner"
	// Relation is its kind: reseller, indirect reseller, advisor, partner of record.
	Relation Field = "relation"
	// Provider is through whom an indirect reseller sells, named like Partner.
	Provider Field = "provider"
)

// label is a field with the key of its name, and who is offered it.
type label struct {
	field Field
	key   string
	by    offered
}

// offered says in whose imports a field is.
type offered uint8

const (
	toAll offered = iota
	toPartners
	toOperator
)

// in reports whether a field is offered in an import of the operator, or of a partner.
func (o offered) in(placing bool) bool {
	return o == toAll || placing == (o == toOperator)
}

// labels are the fields in the order in which a form offers them.
var labels = []label{
	{Partner, "importer.field.partner", toOperator},
	{Relation, "importer.field.relation", toOperator},
	{Provider, "importer.field.provider", toOperator},
	{Customer, "importer.field.customer", toOperator},
	{ID, "importer.field.id", toAll},
	{CompanyName, "importer.field.company_name", toAll},
	{Domain, "importer.field.domain", toAll},
	{RegistrationID, "importer.field.registration_id", toAll},
	{RegistrationType, "importer.field.registration_type", toAll},
	{Standing, "importer.field.standing", toAll},
	{Country, "importer.field.country", toAll},
	{Address, "importer.field.address", toAll},
	{AddressLine1, "importer.field.address_line1", toAll},
	{AddressLine2, "importer.field.address_line2", toAll},
	{AddressLine3, "importer.field.address_line3", toAll},
	{District, "importer.field.district", toAll},
	{City, "importer.field.city", toAll},
	{Region, "importer.field.region", toAll},
	{State, "importer.field.state", toAll},
	{PostalCode, "importer.field.postal_code", toAll},
	{ContactName, "importer.field.contact_name", toAll},
	{FirstName, "importer.field.first_name", toAll},
	{MiddleName, "importer.field.middle_name", toAll},
	{LastName, "importer.field.last_name", toAll},
	{Email, "importer.field.email", toAll},
	{EmailDomain, "importer.field.email_domain", toAll},
	{Phone, "importer.field.phone", toAll},
	{Language, "importer.field.language", toAll},
	{Culture, "importer.field.culture", toAll},
	{Tags, "importer.field.tags", toAll},
	{Reseller, "importer.field.reseller", toPartners},
	{Qualification, "importer.field.qualification", toAll},
	{EducationSegment, "importer.field.education_segment", toAll},
	{Website, "importer.field.website", toAll},
	{ValidationCode, "importer.field.validation_code", toAll},
	{AgreementDate, "importer.field.agreement_date", toAll},
	{AgreementFirstName, "importer.field.agreement_first_name", toAll},
	{AgreementLastName, "importer.field.agreement_last_name", toAll},
	{AgreementEmail, "importer.field.agreement_email", toAll},
	{AgreementPhone, "importer.field.agreement_phone", toAll},
	{Distinct, "importer.field.distinct", toAll},
	{AddressConfirmed, "importer.field.address_confirmed", toAll},
	{WithoutGDAP, "importer.field.without_gdap", toAll},
}

// Fields returns the fields of an import of the operator (placing) or of a partner,
// in the order in which a form offers them.
func Fields(placing bool) []Field {
	var all []Field
	for _, l := range labels {
		if l.by.in(placing) {
			all = append(all, l.field)
		}
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
