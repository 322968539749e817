package wire

// Customer is a customer of a partner. Lists carry the reduced form: no billing
// profile, no addresses, no delegated access.
type Customer struct {
	ID                    string                  `json:"id"`
	CommerceID            string                  `json:"commerceId,omitempty"`
	CompanyProfile        *CustomerCompanyProfile `json:"companyProfile"`
	BillingProfile        *CustomerBillingProfile `json:"billingProfile,omitempty"`
	RelationshipToPartner string                  `json:"relationshipToPartner"`
	AllowDelegatedAccess  *bool                   `json:"allowDelegatedAccess,omitempty"`
	UserCredentials       *UserCredentials        `json:"userCredentials,omitempty"` // once, in the answer to a creation
	CustomDomains         []string                `json:"customDomains,omitempty"`
	AssociatedPartnerID   string                  `json:"associatedPartnerId,omitempty"`
	EnableGDAPByDefault   *bool                   `json:"enableGDAPByDefault,omitempty"`
	Links                 *Links                  `json:"links,omitempty"`
	Attributes            Attributes              `json:"attributes"`
}

// CustomerRequest is the customer that a caller creates.
type CustomerRequest struct {
	CompanyProfile struct {
		Domain                         Text `json:"domain"`
		CompanyName                    Text `json:"companyName,omitempty"`
		OrganizationRegistrationNumber Text `json:"organizationRegistrationNumber,omitempty"`
	} `json:"companyProfile"`
	BillingProfile                 BillingProfileRequest `json:"billingProfile"`
	AssociatedPartnerID            Text                  `json:"associatedPartnerId,omitempty"`
	EnableGDAPByDefault            *Bool                 `json:"enableGDAPByDefault,omitempty"`
	OrganizationRegistrationNumber Text                  `json:"organizationRegistrationNumber,omitempty"`
}

// RelationshipToPartner are the values of Customer.RelationshipToPartner.
var RelationshipToPartner = NewEnum("unknown", "reseller", "advisor", "syndication", "microsoftSupport", "none")

// CustomerPatch is what a caller changes of a customer; all else that clients
// send along is passed over.
type CustomerPatch struct {
	RelationshipToPartner Text  `json:"relationshipToPartner,omitempty"`
	AllowDelegatedAccess  *Bool `json:"allowDelegatedAccess,omitempty"`
}

// PatchedCustomer answers a change of a customer. Unlike all others it has the
// names of the first clients, and says null for what it does not tell: all
// members but three, whatever their types elsewhere (section 9.6).
type PatchedCustomer struct {
	ID                    *string `json:"Id"`
	CommerceID            *string `json:"CommerceId"`
	CompanyProfile        *string `json:"CompanyProfile"`
	BillingProfile        *string `json:"BillingProfile"`
	RelationshipToPartner string  `json:"RelationshipToPartner"`
	AllowDelegatedAccess  *bool   `json:"AllowDelegatedAccess"`
	UserCredentials       *string `json:"UserCredentials"`
	CustomDomains         *string `json:"CustomDomains"`
	AssociatedPartnerID   *string `json:"AssociatedPartnerId"`
	Attributes            struct {
		ObjectType string `json:"ObjectType"`
	} `json:"Attributes"`
}

// UserCredentials are the first sign-in of a new customer's administrator.
type UserCredentials struct {
	UserName string `json:"userName"` // without the domain (Q46)
	Password string `json:"password"`
}

// CustomerCompanyProfile is what a customer's tenant says about itself. Address
// and e-mail are there for callers with a delegated role.
type CustomerCompanyProfile struct {
	TenantID                       string     `json:"tenantId"`
	Domain                         string     `json:"domain"`
	CompanyName                    string     `json:"companyName"`
	OrganizationRegistrationNumber string     `json:"organizationRegistrationNumber,omitempty"`
	Address                        *Address   `json:"address,omitempty"`
	Email                          string     `json:"email,omitempty"`
	Links                          *Links     `json:"links,omitempty"`
	Attributes                     Attributes `json:"attributes"`
}

// CustomerBillingProfile is what the partner keeps about a customer for billing.
type CustomerBillingProfile struct {
	ID             string     `json:"id"`
	FirstName      string     `json:"firstName,omitempty"`
	LastName       string     `json:"lastName,omitempty"`
	Email          string     `json:"email,omitempty"`
	Culture        string     `json:"culture,omitempty"`
	Language       string     `json:"language,omitempty"`
	CompanyName    string     `json:"companyName"`
	DefaultAddress Address    `json:"defaultAddress"`
	Links          *Links     `json:"links,omitempty"`
	Attributes     Attributes `json:"attributes"`
}

// BillingProfileRequest replaces a customer's billing profile.
type BillingProfileRequest struct {
	FirstName      Text              `json:"firstName,omitempty"`
	LastName       Text              `json:"lastName,omitempty"`
	Email          Text              `json:"email"`
	Culture        Text              `json:"culture"`
	Language       Text              `json:"language"`
	CompanyName    Text              `json:"companyName"`
	DefaultAddress AddressRequest    `json:"defaultAddress"`
	Attributes     AttributesRequest `json:"attributes,omitzero"`
}

// ValidationStatus tells how far the verification of a customer's account is.
type ValidationStatus struct {
	Type               string `json:"type"`
	Status             string `json:"status"` // "Allowed", "UnderReview", "NotAllowed", "Unknown" or "Not Ready"
	LastUpdateDateTime Time   `json:"lastUpdateDateTime,omitzero"`
}

// Organization is a customer's tenant as the caller's delegated role sees it.
type Organization struct {
	Street                     string   `json:"street,omitempty"`
	CountryLetterCode          string   `json:"countryLetterCode,omitempty"`
	PostalCode                 string   `json:"postalCode,omitempty"`
	City                       string   `json:"city,omitempty"`
	State                      string   `json:"state,omitempty"`
	DisplayName                string   `json:"displayName"`
	TechnicalNotificationMails []string `json:"technicalNotificationMails"`
}

// CustomerQualification is a special qualification of a customer. The date has
// two names, because contract and documentation differ.
type CustomerQualification struct {
	Qualification      string `json:"qualification"`
	VettingStatus      string `json:"vettingStatus"`
	VettingReason      string `json:"vettingReason,omitempty"`
	VettingCreateDate  Time   `json:"vettingCreateDate,omitzero"`
	VettingCreatedDate Time   `json:"vettingCreatedDate,omitzero"`
}

// CustomerQualificationRequest asks for a special qualification.
type CustomerQualificationRequest struct {
	Qualification    Text `json:"qualification"`
	EducationSegment Text `json:"educationSegment,omitempty"`
	Website          Text `json:"website,omitempty"`
	ValidationCode   Text `json:"validationCode,omitempty"`
}

// The words of qualifications: as they can be asked for, and in the older form in
// the order of their ordinals.
var (
	Qualifications    = NewEnum("Education", "GovernmentCommunityCloud", "StateOwnedEntity")
	OldQualifications = NewEnum("none", "education", "nonprofit", "government_community_cloud", "state_owned_entity")
	EducationSegments = NewEnum("K12", "HigherEducation")
)

// ValidationCode lets a partner make government customers of its customers.
type ValidationCode struct {
	PartnerID        string `json:"partnerId"`
	OrganizationName string `json:"organizationName"`
	ValidationID     string `json:"validationId"`
	MaxCreates       int64  `json:"maxCreates"`
	RemainingCreates int64  `json:"remainingCreates"`
	ETag             string `json:"eTag"`
}

// GCCValidation is the code by which a customer became a government customer.
type GCCValidation struct {
	PartnerID        string `json:"partnerId"`
	CustomerID       string `json:"customerId"`
	ValidationID     string `json:"validationId"`
	OrganizationName string `json:"organizationName"`
	ETag             string `json:"eTag"`
}

// PartnerRelationship is a partner with whom the caller works.
type PartnerRelationship struct {
	ID               string     `json:"id"`
	Name             string     `json:"name"`
	RelationshipType string     `json:"relationshipType"`
	State            string     `json:"state,omitempty"`
	MpnID            string     `json:"mpnId"`
	Location         string     `json:"location,omitempty"`
	Attributes       Attributes `json:"attributes"`
}

// RelationshipRequest is the link that asks a customer for a reseller relationship.
type RelationshipRequest struct {
	URL        string     `json:"url"`
	Attributes Attributes `json:"attributes"`
}
