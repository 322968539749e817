// Package partnerprofile keeps what a partner says about its own organisation:
// the legal profile that the operator vets, the billing profile, the support
// profile that customers see, and the profile of the organisation (sections 17.1
// to 17.5 of the wire contract, portal P-19).
package partnerprofile

import (
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/place"
)

// Contact is the person to reach.
type Contact struct{ FirstName, LastName, Email, Phone string }

// Legal is the legal profile (17.1). Standing is read-only.
type Legal struct {
	CompanyName     string
	Address         place.Address
	Contact         Contact
	ApproverAddress place.Address
	ApproverEmail   string
	Standing        identity.Standing
}

// Billing is the billing profile (17.3). Currency and Version are read-only.
type Billing struct {
	CompanyName   string
	Address       place.Address
	Contact       Contact
	PurchaseOrder string
	TaxID         string
	Currency      string // ISO 4217
	Version       int64
}

// Support is where customers find help (17.4).
type Support struct{ Email, Telephone, Website string }

// Organization is the profile of the organisation (17.5). Tenant, Domain and
// Version are read-only.
type Organization struct {
	Tenant      id.Tenant
	CompanyName string
	Address     place.Address
	Domain      string
	Email       string
	Language    string // "sv"
	Culture     string // "sv-SE"
	Version     int64
}

// Known is how a partner is presented to somebody who is asked to work with it:
// its legal name and where it is, as the operator has accepted them.
type Known struct {
	identity.Partner
	LegalName string
	City      string // "" when the partner has not said it
}

// Number is what another partner is known by (17.2).
type Number struct{ Name, PartnerID string }

// Refusals about profiles.
var (
	// ErrNumberUnknown refuses a PartnerID that nobody has; argument PartnerID.
	ErrNumberUnknown = fault.New(fault.NotFound, "3000", "partnerprofile.number")
	// ErrCountry refuses a legal address in another country than that of the
	// enrolment, which decides about the market (rule A8).
	ErrCountry = fault.New(fault.Invalid, "27002", "partnerprofile.country")
	// ErrWebsite refuses what is no address of a website.
	ErrWebsite = fault.New(fault.Invalid, "27002", "partnerprofile.website")
	// ErrEmail refuses what is no e-mail address.
	ErrEmail = fault.New(fault.Invalid, "27002", "partnerprofile.email")
)
