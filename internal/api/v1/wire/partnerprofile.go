package wire

// ProfileContact is the person to reach, as partners' own profiles have it.
type ProfileContact struct {
	FirstName   string `json:"firstName,omitempty"`
	LastName    string `json:"lastName,omitempty"`
	Email       string `json:"email,omitempty"`
	PhoneNumber string `json:"phoneNumber,omitempty"`
}

// ProfileContactRequest is a contact that a caller sends.
type ProfileContactRequest struct {
	FirstName   Text `json:"firstName,omitempty"`
	LastName    Text `json:"lastName,omitempty"`
	Email       Text `json:"email,omitempty"`
	PhoneNumber Text `json:"phoneNumber,omitempty"`
}

// LegalBusinessProfile is the legal profile of a partner (section 17.1).
type LegalBusinessProfile struct {
	CompanyName            string         `json:"companyName"`
	Address                Address        `json:"address"`
	PrimaryContact         ProfileContact `json:"primaryContact"`
	CompanyApproverAddress Address        `json:"companyApproverAddress"`
	CompanyApproverEmail   string         `json:"companyApproverEmail,omitempty"`
	VettingStatus          string         `json:"vettingStatus"`
	VettingSubStatus       string         `json:"vettingSubStatus"`
	ProfileType            string         `json:"profileType"`
	Links                  *Links         `json:"links,omitempty"`
	Attributes             Attributes     `json:"attributes"`
}

// LegalBusinessProfileRequest replaces the legal profile.
type LegalBusinessProfileRequest struct {
	CompanyName            Text                  `json:"companyName"`
	Address                AddressRequest        `json:"address"`
	PrimaryContact         ProfileContactRequest `json:"primaryContact"`
	CompanyApproverAddress AddressRequest        `json:"companyApproverAddress,omitzero"`
	CompanyApproverEmail   Text                  `json:"companyApproverEmail,omitempty"`
}

// MpnProfile is a PartnerID and who has it (section 17.2).
type MpnProfile struct {
	PartnerName string     `json:"partnerName"`
	MpnID       string     `json:"mpnId"`
	ProfileType string     `json:"profileType"`
	Links       *Links     `json:"links,omitempty"`
	Attributes  Attributes `json:"attributes"`
}

// BillingProfile is the billing profile of a partner (section 17.3).
type BillingProfile struct {
	CompanyName         string         `json:"companyName"`
	Address             Address        `json:"address"`
	PrimaryContact      ProfileContact `json:"primaryContact"`
	PurchaseOrderNumber string         `json:"purchaseOrderNumber,omitempty"`
	TaxID               string         `json:"taxId,omitempty"`
	BillingCurrency     string         `json:"billingCurrency,omitempty"`
	ProfileType         string         `json:"profileType"`
	Links               *Links         `json:"links,omitempty"`
	Attributes          Attributes     `json:"attributes"`
}

// PartnerBillingRequest replaces the billing profile of a partner.
type PartnerBillingRequest struct {
	CompanyName         Text                  `json:"companyName"`
	Address             AddressRequest        `json:"address"`
	PrimaryContact      ProfileContactRequest `json:"primaryContact"`
	PurchaseOrderNumber Text                  `json:"purchaseOrderNumber,omitempty"`
	TaxID               Text                  `json:"taxId,omitempty"`
	Attributes          AttributesRequest     `json:"attributes,omitzero"`
}

// SupportProfile is where customers of a partner find help (section 17.4).
type SupportProfile struct {
	Email       string     `json:"email,omitempty"`
	Telephone   string     `json:"telephone,omitempty"`
	Website     string     `json:"website,omitempty"`
	ProfileType string     `json:"profileType"`
	Links       *Links     `json:"links,omitempty"`
	Attributes  Attributes `json:"attributes"`
}

// SupportProfileRequest replaces the support profile.
type SupportProfileRequest struct {
	Email     Text `json:"email"`
	Telephone Text `json:"telephone,omitempty"`
	Website   Text `json:"website,omitempty"`
}

// OrganizationProfile is the organisation of a partner (section 17.5).
type OrganizationProfile struct {
	ID             string     `json:"id"`
	CompanyName    string     `json:"companyName"`
	DefaultAddress Address    `json:"defaultAddress"`
	TenantID       string     `json:"tenantId"`
	Domain         string     `json:"domain"`
	Email          string     `json:"email,omitempty"`
	Language       string     `json:"language,omitempty"`
	Culture        string     `json:"culture,omitempty"`
	ProfileType    string     `json:"profileType"`
	Links          *Links     `json:"links,omitempty"`
	Attributes     Attributes `json:"attributes"`
}

// OrganizationProfileRequest replaces the profile of an organisation.
type OrganizationProfileRequest struct {
	CompanyName    Text              `json:"companyName"`
	DefaultAddress AddressRequest    `json:"defaultAddress"`
	Email          Text              `json:"email"`
	Language       Text              `json:"language,omitempty"`
	Culture        Text              `json:"culture,omitempty"`
	Attributes     AttributesRequest `json:"attributes,omitzero"`
}
