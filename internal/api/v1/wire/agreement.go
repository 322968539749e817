package wire

// AgreementMetaData is a kind of agreement that can be accepted (section 11).
type AgreementMetaData struct {
	TemplateID    string `json:"templateId"`
	AgreementType string `json:"agreementType"`
	AgreementLink string `json:"agreementLink"`
	VersionRank   int    `json:"versionRank"`
}

// Agreement is one confirmation that a customer accepted an agreement.
type Agreement struct {
	UserID         string  `json:"userId,omitempty"` // who attested
	PrimaryContact Contact `json:"primaryContact"`
	TemplateID     string  `json:"templateId"`
	DateAgreed     Time    `json:"dateAgreed"`
	Type           string  `json:"type"`
	AgreementLink  string  `json:"agreementLink,omitempty"`
}

// Contact is a person at a customer.
type Contact struct {
	FirstName   string `json:"firstName"`
	LastName    string `json:"lastName"`
	Email       string `json:"email"`
	PhoneNumber string `json:"phoneNumber,omitempty"`
}

// ContactRequest is a person at a customer, in a request.
type ContactRequest struct {
	FirstName   Text `json:"firstName"`
	LastName    Text `json:"lastName"`
	Email       Text `json:"email"`
	PhoneNumber Text `json:"phoneNumber,omitempty"`
}

// AgreementRequest attests that a customer accepted an agreement.
type AgreementRequest struct {
	PrimaryContact ContactRequest `json:"primaryContact"`
	DateAgreed     Time           `json:"dateAgreed"`
	TemplateID     Text           `json:"templateId"`
	Type           Text           `json:"type"`
	// AttestationID stands in place of contact and date.
	AttestationID Text `json:"attestationId,omitempty"`
}

// DirectSignedStatus tells whether a customer accepted the customer agreement
// itself.
type DirectSignedStatus struct {
	IsSigned bool `json:"isSigned"`
}

// AgreementTypes are the types of agreements in their order of age.
var AgreementTypes = NewEnum("MicrosoftCloudAgreement", "MicrosoftCustomerAgreement")

// AgreementDocument is where the text of an agreement can be read. Both links are
// good for five minutes.
type AgreementDocument struct {
	DisplayURI  string `json:"displayUri"`
	DownloadURI string `json:"downloadUri"`
	Language    string `json:"language"`
	Country     string `json:"country"`
	VersionRank int64  `json:"versionRank"`
}

// CustomerAgreementRecords is a page of the newest attestations of a partner.
type CustomerAgreementRecords struct {
	Records           []CustomerAgreementRecord `json:"customerAgreementRecords"`
	ContinuationToken string                    `json:"continuationToken"`
}

// CustomerAgreementRecord is the newest attestation about a customer.
type CustomerAgreementRecord struct {
	CustomerTenantID            string  `json:"customerTenantId"`
	LastAgreementPrimaryContact Contact `json:"lastAgreementPrimaryContact"`
	LastAgreementDateEpoch      int64   `json:"lastAgreementDateEpoch"` // seconds since 1970
	PartnerAttestationCompleted bool    `json:"partnerAttestationCompleted"`
}

// ReAttestation is one attestation of many.
type ReAttestation struct {
	PartnerID  Text `json:"partnerId"`
	CustomerID Text `json:"customerId"`
	Agreement  struct {
		TemplateID     Text           `json:"templateId"`
		PrimaryContact ContactRequest `json:"primaryContact"`
		DateAgreed     Time           `json:"dateAgreed"`
	} `json:"agreement"`
	CustomerDirectAcceptance Bool `json:"customerDirectAcceptance"`
}

// AgreementSignatureStatus tells whether a partner has signed its agreement.
type AgreementSignatureStatus struct {
	IsAgreementSigned bool `json:"isAgreementSigned"`
}

// EnhancedAttestationRequest asks a person at a company to accept the customer
// agreement (section 11.6).
type EnhancedAttestationRequest struct {
	Country              Text `json:"country"`
	Language             Text `json:"language"`
	CompanyName          Text `json:"companyName"`
	SignatoryFirstName   Text `json:"signatoryFirstName"`
	SignatoryLastName    Text `json:"signatoryLastName"`
	SignatoryEmail       Text `json:"signatoryEmail"`
	SignatoryPhoneNumber Text `json:"signatoryPhoneNumber,omitempty"`
}

// EnhancedAttestation is where such a request stands.
type EnhancedAttestation struct {
	AttestationID  string     `json:"attestationId"`
	Status         string     `json:"status"` // Created, Accepted, Completed, Expired
	ExpirationDate Time       `json:"expirationDate"`
	AcceptanceURL  string     `json:"acceptanceUrl"` // the page for the customer; it may stand in a frame
	AcceptedDate   *Time      `json:"acceptedDate,omitempty"`
	CustomerID     string     `json:"customerId,omitempty"` // whose agreement it became
	Attributes     Attributes `json:"attributes"`
}
