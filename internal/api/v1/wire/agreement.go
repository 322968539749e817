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

// AgreementRequest attests that a customer accepted an agreement.
type AgreementRequest struct {
	PrimaryContact struct {
		FirstName   Text `json:"firstName"`
		LastName    Text `json:"lastName"`
		Email       Text `json:"email"`
		PhoneNumber Text `json:"phoneNumber,omitempty"`
	} `json:"primaryContact"`
	DateAgreed Time `json:"dateAgreed"`
	TemplateID Text `json:"templateId"`
	Type       Text `json:"type"`
}

// DirectSignedStatus tells whether a customer accepted the customer agreement
// itself.
type DirectSignedStatus struct {
	IsSigned bool `json:"isSigned"`
}

// AgreementTypes are the types of agreements in their order of age.
var AgreementTypes = NewEnum("MicrosoftCloudAgreement", "MicrosoftCustomerAgreement")
