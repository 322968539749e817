package wire

// Address is a postal address, with the person to reach there in profiles.
type Address struct {
	ID           string `json:"id,omitempty"`
	Country      string `json:"country,omitempty"`
	Region       string `json:"region,omitempty"`
	City         string `json:"city,omitempty"`
	State        string `json:"state,omitempty"`
	District     string `json:"district,omitempty"`
	AddressLine1 string `json:"addressLine1,omitempty"`
	AddressLine2 string `json:"addressLine2,omitempty"`
	AddressLine3 string `json:"addressLine3,omitempty"`
	PostalCode   string `json:"postalCode,omitempty"`
	FirstName    string `json:"firstName,omitempty"`
	MiddleName   string `json:"middleName,omitempty"`
	LastName     string `json:"lastName,omitempty"`
	PhoneNumber  string `json:"phoneNumber,omitempty"`
	EmailAddress string `json:"emailAddress,omitempty"`
}

// AddressRequest is an address that a caller sends.
type AddressRequest struct {
	Country      Text `json:"country"`
	Region       Text `json:"region,omitempty"`
	City         Text `json:"city,omitempty"`
	State        Text `json:"state,omitempty"`
	District     Text `json:"district,omitempty"`
	AddressLine1 Text `json:"addressLine1"`
	AddressLine2 Text `json:"addressLine2,omitempty"`
	AddressLine3 Text `json:"addressLine3,omitempty"`
	PostalCode   Text `json:"postalCode,omitempty"`
	FirstName    Text `json:"firstName,omitempty"`
	MiddleName   Text `json:"middleName,omitempty"`
	LastName     Text `json:"lastName,omitempty"`
	PhoneNumber  Text `json:"phoneNumber,omitempty"`
	EmailAddress Text `json:"emailAddress,omitempty"`
}

// AddressValidationResponse is the outcome of an address validation (section
// 10.1, the current contract).
type AddressValidationResponse struct {
	OriginalAddress    Address    `json:"originalAddress"`
	SuggestedAddresses []Address  `json:"suggestedAddresses"`
	Status             string     `json:"status"`
	ValidationMessage  string     `json:"validationMessage,omitempty"`
	Attributes         Attributes `json:"attributes"`
}

// CountryValidationRules tell what a country asks of addresses and ids
// (section 10.3).
type CountryValidationRules struct {
	Iso2Code                string   `json:"iso2Code"`
	DefaultCulture          string   `json:"defaultCulture"`
	IsStateRequired         bool     `json:"isStateRequired"`
	SupportedStatesList     []string `json:"supportedStatesList,omitempty"`
	SupportedLanguagesList  []string `json:"supportedLanguagesList"`
	SupportedCulturesList   []string `json:"supportedCulturesList"`
	IsPostalCodeRequired    bool     `json:"isPostalCodeRequired"`
	PostalCodeRegex         string   `json:"postalCodeRegex,omitempty"`
	IsCityRequired          bool     `json:"isCityRequired"`
	IsVatIDSupported        bool     `json:"isVatIdSupported"`
	TaxIDFormat             string   `json:"taxIdFormat,omitempty"`
	TaxIDSample             string   `json:"taxIdSample,omitempty"`
	VatIDRegex              string   `json:"vatIdRegex,omitempty"`
	PhoneNumberRegex        string   `json:"phoneNumberRegex,omitempty"`
	IsTaxIDSupported        bool     `json:"isTaxIdSupported"`
	IsTaxIDOptional         bool     `json:"isTaxIdOptional"`
	CountryCallingCodesList []string `json:"countryCallingCodesList"`

	RegistrationNumberRegex    string     `json:"customerOrganizationRegistrationNumberRegex,omitempty"`
	RegistrationNumberSample   string     `json:"customerOrganizationRegistrationNumberSample,omitempty"`
	RegistrationNumberRequired bool       `json:"customerOrganizationRegistrationNumberRequired"`
	PhoneNumberRequired        bool       `json:"customerOrganizationPhoneNumberRequired"`
	Attributes                 Attributes `json:"attributes"`
}
