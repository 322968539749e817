package v1

import (
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/identity"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/refusal"
)

// profileRoutes add what a partner says about itself (sections 17.1 to 17.5).
func (a *API) profileRoutes() {
	legal := reflect.TypeFor[wire.LegalBusinessProfile]()
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/profiles/legalbusiness", Auth: route.Both,
		Name: "getLegalBusinessProfile", Summary: "api.route.legal_profile", Query: []route.Parameter{{Name: "vettingVersion", Type: "string"}},
		Gives: legal, ObjectType: "LegalBusinessProfile", Status: http.StatusOK,
	}, partnerprofile.GetLegal, legalQuery, viewLegal)
	on(a, route.Route{
		Method: http.MethodPut, Path: "/v1/profiles/legalbusiness", Auth: route.User,
		Name: "updateLegalBusinessProfile", Summary: "api.route.legal_profile_update",
		Takes: reflect.TypeFor[wire.LegalBusinessProfileRequest](),
		Gives: legal, ObjectType: "LegalBusinessProfile", Status: http.StatusOK,
	}, partnerprofile.UpdateLegal, legalChange, viewLegal)
	for path, name := range map[string]string{"/v1/profiles/mpn": "getMpnProfile", "/v1/profiles/partnernetworkprofile": "getPartnerNetworkProfile"} {
		on(a, route.Route{
			Method: http.MethodGet, Path: path, Auth: route.User, Name: name, Summary: "api.route.mpn_profile",
			Query: []route.Parameter{{Name: "mpnId", Type: "string"}},
			Gives: reflect.TypeFor[wire.MpnProfile](), ObjectType: "MpnProfile", Status: http.StatusOK,
		}, partnerprofile.FindNumber, func(c *call) (string, error) { return c.param("mpnId"), nil }, viewNumber)
	}
	billing := reflect.TypeFor[wire.BillingProfile]()
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/profiles/billing", Auth: route.User,
		Name: "getPartnerBillingProfile", Summary: "api.route.partner_billing", Gives: billing, ObjectType: "BillingProfile", Status: http.StatusOK,
	}, partnerprofile.GetBilling, nothing, viewPartnerBilling)
	on(a, route.Route{
		Method: http.MethodPut, Path: "/v1/profiles/billing", Auth: route.User,
		Name: "updatePartnerBillingProfile", Summary: "api.route.partner_billing_update",
		Takes: reflect.TypeFor[wire.PartnerBillingRequest](), Gives: billing, ObjectType: "BillingProfile", Status: http.StatusOK,
	}, partnerprofile.UpdateBilling, partnerBillingChange, viewPartnerBilling)
	a.supportRoutes()
	organization := reflect.TypeFor[wire.OrganizationProfile]()
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/profiles/organization", Auth: route.User,
		Name: "getOrganizationProfile", Summary: "api.route.organization_profile", Gives: organization, ObjectType: "OrganizationProfile", Status: http.StatusOK,
	}, partnerprofile.GetOrganization, nothing, viewOrganizationProfile)
	on(a, route.Route{
		Method: http.MethodPut, Path: "/v1/profiles/organization", Auth: route.User,
		Name: "updateOrganizationProfile", Summary: "api.route.organization_profile_update",
		Takes: reflect.TypeFor[wire.OrganizationProfileRequest](), Gives: organization, ObjectType: "OrganizationProfile", Status: http.StatusOK,
	}, partnerprofile.UpdateOrganization, organizationChange, viewOrganizationProfile)
}

// supportRoutes add the support profile. Clients write it under two addresses
// (Q36).
func (a *API) supportRoutes() {
	support := reflect.TypeFor[wire.SupportProfile]()
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/profiles/support", Auth: route.User,
		Name: "getSupportProfile", Summary: "api.route.support_profile", Gives: support, ObjectType: "SupportProfile", Status: http.StatusOK,
	}, partnerprofile.GetSupport, nothing, viewSupport)
	for path, name := range map[string]string{"/v1/profiles/support": "updateSupportProfile", "/v1/profiles/supportprofile": "putSupportProfile"} {
		on(a, route.Route{
			Method: http.MethodPut, Path: path, Auth: route.User, Name: name, Summary: "api.route.support_profile_update",
			Takes: reflect.TypeFor[wire.SupportProfileRequest](), Gives: support, ObjectType: "SupportProfile", Status: http.StatusOK,
		}, partnerprofile.UpdateSupport, supportChange, viewSupport)
	}
}

// nothing is the input of operations that need none.
func nothing(*call) (struct{}, error) { return struct{}{}, nil }

var vettingVersions = wire.NewEnum("current", "last_finalized")

func legalQuery(c *call) (partnerprofile.LegalQuery, error) {
	text := c.param("vettingVersion")
	if text == "" {
		return partnerprofile.LegalQuery{}, nil
	}
	version, ok := vettingVersions.Parse(text)
	if !ok {
		return partnerprofile.LegalQuery{}, refusal.Argument.On("vettingVersion")
	}
	return partnerprofile.LegalQuery{Finalized: version == "last_finalized"}, nil
}

func legalChange(c *call) (partnerprofile.Legal, error) {
	var body wire.LegalBusinessProfileRequest
	if err := c.decode(&body); err != nil {
		return partnerprofile.Legal{}, err
	}
	return partnerprofile.Legal{
		CompanyName: body.CompanyName.String(), Address: addressOf(body.Address), Contact: profileContactOf(body.PrimaryContact),
		ApproverAddress: addressOf(body.CompanyApproverAddress), ApproverEmail: body.CompanyApproverEmail.String(),
	}, nil
}

func viewLegal(_ *call, l partnerprofile.Legal) any {
	status, sub := vettingOf(l.Standing)
	return wire.LegalBusinessProfile{
		CompanyName: l.CompanyName, Address: viewAddress(l.Address), PrimaryContact: viewProfileContact(l.Contact),
		CompanyApproverAddress: viewAddress(l.ApproverAddress), CompanyApproverEmail: l.ApproverEmail,
		VettingStatus: status, VettingSubStatus: sub, ProfileType: "LegalBusinessProfile",
		Links: wire.SelfLink("/profiles/legalbusiness"), Attributes: wire.Attributes{ObjectType: "LegalBusinessProfile"},
	}
}

// vettingOf puts where vetting stands into the words of the contract.
func vettingOf(s identity.Standing) (status, sub string) {
	switch s.State {
	case identity.VettingAccepted:
		return "authorized", "none"
	case identity.VettingRejected:
		status = "rejected"
	case identity.VettingPending:
		status = "pending"
	}
	switch s.Step {
	case identity.VettingEmail:
		sub = "email_ownership"
	case identity.VettingEmployment:
		sub = "employment_verification"
	case identity.VettingBusiness:
		sub = "business_verification"
	case identity.VettingDiligence:
		sub = "other"
	default:
		sub = "decision"
	}
	return status, sub
}

func profileContactOf(c wire.ProfileContactRequest) partnerprofile.Contact {
	return partnerprofile.Contact{FirstName: c.FirstName.String(), LastName: c.LastName.String(), Email: c.Email.String(), Phone: c.PhoneNumber.String()}
}

func viewProfileContact(c partnerprofile.Contact) wire.ProfileContact {
	return wire.ProfileContact{FirstName: c.FirstName, LastName: c.LastName, Email: c.Email, PhoneNumber: c.Phone}
}

func viewNumber(_ *call, n partnerprofile.Number) any {
	return wire.MpnProfile{
		PartnerName: n.Name, MpnID: n.PartnerID, ProfileType: "MpnProfile",
		Links: wire.SelfLink("/profiles/mpn"), Attributes: wire.Attributes{ObjectType: "MpnProfile"},
	}
}

func partnerBillingChange(c *call) (partnerprofile.Billing, error) {
	var body wire.PartnerBillingRequest
	if err := c.decode(&body); err != nil {
		return partnerprofile.Billing{}, err
	}
	version, err := c.version(body.Attributes)
	return partnerprofile.Billing{
		CompanyName: body.CompanyName.String(), Address: addressOf(body.Address), Contact: profileContactOf(body.PrimaryContact),
		PurchaseOrder: body.PurchaseOrderNumber.String(), TaxID: body.TaxID.String(), Version: version,
	}, err
}

func viewPartnerBilling(c *call, b partnerprofile.Billing) any {
	v := wire.BillingProfile{
		CompanyName: b.CompanyName, Address: viewAddress(b.Address), PrimaryContact: viewProfileContact(b.Contact),
		PurchaseOrderNumber: b.PurchaseOrder, TaxID: b.TaxID, BillingCurrency: b.Currency, ProfileType: "BillingProfile",
		Links: wire.SelfLink("/profiles/billing"), Attributes: wire.Attributes{Etag: etagOf(b.Version), ObjectType: "BillingProfile"},
	}
	c.w.Header().Set("ETag", `"`+v.Attributes.Etag+`"`)
	return v
}

func supportChange(c *call) (partnerprofile.Support, error) {
	var body wire.SupportProfileRequest
	err := c.decode(&body)
	return partnerprofile.Support{Email: body.Email.String(), Telephone: body.Telephone.String(), Website: body.Website.String()}, err
}

func viewSupport(_ *call, s partnerprofile.Support) any {
	return wire.SupportProfile{
		Email: s.Email, Telephone: s.Telephone, Website: s.Website, ProfileType: "SupportProfile",
		Links: wire.SelfLink("/profiles/support"), Attributes: wire.Attributes{ObjectType: "SupportProfile"},
	}
}

func organizationChange(c *call) (partnerprofile.Organization, error) {
	var body wire.OrganizationProfileRequest
	if err := c.decode(&body); err != nil {
		return partnerprofile.Organization{}, err
	}
	version, err := c.version(body.Attributes)
	return partnerprofile.Organization{
		CompanyName: body.CompanyName.String(), Address: addressOf(body.DefaultAddress), Email: body.Email.String(),
		Language: body.Language.String(), Culture: body.Culture.String(), Version: version,
	}, err
}

func viewOrganizationProfile(c *call, o partnerprofile.Organization) any {
	v := wire.OrganizationProfile{
		ID: string(o.Tenant), CompanyName: o.CompanyName, DefaultAddress: viewAddress(o.Address), TenantID: string(o.Tenant), Domain: o.Domain,
		Email: o.Email, Language: o.Language, Culture: o.Culture, ProfileType: "OrganizationProfile",
		Links: wire.SelfLink("/profiles/organization"), Attributes: wire.Attributes{Etag: etagOf(o.Version), ObjectType: "OrganizationProfile"},
	}
	c.w.Header().Set("ETag", `"`+v.Attributes.Etag+`"`)
	return v
}
