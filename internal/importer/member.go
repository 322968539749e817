package importer

import (
	"errors"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/lang"
	"comptoir/internal/refusal"
)

// memberFields are the fields by what the rules of customers and agreements call
// the members of their input, so that whoever reads a reason knows what to correct.
var memberFields = map[string]Field{
	"associatedPartnerId": Reseller,
	"tags":                Tags,

	"companyProfile.companyName":                    CompanyName,
	"companyProfile.domain":                         Domain,
	"companyProfile.organizationRegistrationNumber": RegistrationID,

	"billingProfile.companyName": CompanyName,
	"billingProfile.firstName":   FirstName,
	"billingProfile.lastName":    LastName,
	"billingProfile.email":       Email,
	"billingProfile.culture":     Culture,
	"billingProfile.language":    Language,

	"billingProfile.defaultAddress":              Address,
	"billingProfile.defaultAddress.country":      Country,
	"billingProfile.defaultAddress.region":       Region,
	"billingProfile.defaultAddress.state":        State,
	"billingProfile.defaultAddress.city":         City,
	"billingProfile.defaultAddress.district":     District,
	"billingProfile.defaultAddress.addressLine1": AddressLine1,
	"billingProfile.defaultAddress.addressLine2": AddressLine2,
	"billingProfile.defaultAddress.addressLine3": AddressLine3,
	"billingProfile.defaultAddress.postalCode":   PostalCode,
	"billingProfile.defaultAddress.firstName":    FirstName,
	"billingProfile.defaultAddress.middleName":   MiddleName,
	"billingProfile.defaultAddress.lastName":     LastName,
	"billingProfile.defaultAddress.phoneNumber":  Phone,

	"agreement.dateAgreed":                 AgreementDate,
	"agreement.primaryContact.firstName":   AgreementFirstName,
	"agreement.primaryContact.lastName":    AgreementLastName,
	"agreement.primaryContact.email":       AgreementEmail,
	"agreement.primaryContact.phoneNumber": AgreementPhone,
	"qualification.qualification":          Qualification,
	"qualification.educationSegment":       EducationSegment,
	"qualification.website":                Website,
	"qualification.validationCode":         ValidationCode,
}

// FieldOf returns the field that the member of an input comes from, "" for what
// stands in no field.
func FieldOf(member string) Field {
	if f, ok := memberFields[member]; ok {
		return f
	}
	f, _ := parseField(member)
	return f
}

// Reason says why a row was refused, the name of the field first.
func Reason(p *lang.Printer, f *fault.Error) string {
	key := FieldOf(f.Field).LabelKey()
	switch {
	case key == "":
		return p.Fault(f)
	case errors.Is(f, refusal.Required): // which speaks of the member, and nobody sees that here
		return p.T("importer.missing", "Field", p.T(key))
	}
	return p.T("importer.labelled", "Field", p.T(key), "Text", p.Fault(f))
}

// Note says what was noted about a row, the name of the field first.
func Note(p *lang.Printer, f finding.Finding) string {
	if key := FieldOf(f.Field).LabelKey(); key != "" {
		return p.T("importer.labelled", "Field", p.T(key), "Text", p.Finding(f))
	}
	return p.Finding(f)
}
