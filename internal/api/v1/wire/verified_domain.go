package wire

// VerifiedDomainRequest gives a customer a domain (section 9.13).
type VerifiedDomainRequest struct {
	VerifiedDomainName       Text               `json:"verifiedDomainName"`
	Domain                   DomainRequest      `json:"domain"`
	DomainFederationSettings *FederationRequest `json:"domainFederationSettings,omitempty"`
}

// DomainRequest says what a domain is.
type DomainRequest struct {
	AuthenticationType Text `json:"authenticationType"`
	Capability         Text `json:"capability"`
	IsDefault          Bool `json:"isDefault,omitempty"`
	IsInitial          Bool `json:"isInitial,omitempty"`
	Name               Text `json:"name"`
	RootDomain         Text `json:"rootDomain,omitempty"`
	Status             Text `json:"status"`
	VerificationMethod Text `json:"verificationMethod"`
}

// FederationRequest says where people of a domain sign in.
type FederationRequest struct {
	ActiveLogOnURI                 Text `json:"activeLogOnUri,omitempty"`
	FederationBrandName            Text `json:"federationBrandName,omitempty"`
	IssuerURI                      Text `json:"issuerUri"`
	LogOffURI                      Text `json:"logOffUri"`
	MetadataExchangeURI            Text `json:"metadataExchangeUri,omitempty"`
	NextSigningCertificate         Text `json:"nextSigningCertificate,omitempty"`
	OpenIDConnectDiscoveryEndpoint Text `json:"openIdConnectDiscoveryEndpoint,omitempty"`
	PassiveLogOnURI                Text `json:"passiveLogOnUri"`
	PreferredAuthenticationProto   Text `json:"preferredAuthenticationProtocol"`
	PromptLoginBehavior            Text `json:"promptLoginBehavior"`
	SigningCertificate             Text `json:"signingCertificate"`
	SupportsMFA                    Bool `json:"supportsMfa,omitempty"`
}

// Domain is a domain of a customer; its values are in snake case.
type Domain struct {
	AuthenticationType string `json:"authenticationType"`
	Capability         string `json:"capability"`
	IsDefault          bool   `json:"isDefault"`
	IsInitial          bool   `json:"isInitial"`
	Name               string `json:"name"`
	RootDomain         string `json:"rootDomain,omitempty"`
	Status             string `json:"status"`
	VerificationMethod string `json:"verificationMethod"`
}

// The values of a domain.
var (
	DomainAuthentications = NewEnum("managed", "federated")
	DomainCapabilities    = NewEnum("none", "email", "sharepoint", "office_communications_online", "sharepoint_default", "full_redelegation",
		"share_point_public", "org_id_authentication", "yammer", "intune", "all")
	DomainStatuses      = NewEnum("unverified", "verified", "pending_deletion")
	DomainVerifications = NewEnum("none", "dns_record", "email")
	FederationProtocols = NewEnum("WsFed", "Samlp")
	PromptLogins        = NewEnum("TranslateToFreshPasswordAuth", "NativeSupport", "Disabled")
)
