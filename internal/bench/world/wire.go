package world

import (
	"encoding/json"
	"fmt"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
)

// NewJSON returns the body that adds the n-th company through the REST API.
func NewJSON(n int) ([]byte, error) {
	c := Company(n)
	var r wire.CustomerRequest
	r.CompanyProfile.Domain = wire.Text(c.Domain)
	r.CompanyProfile.CompanyName = wire.Text(c.CompanyName)
	r.CompanyProfile.OrganizationRegistrationNumber = wire.Text(c.Registration.ID)
	r.BillingProfile = billing(c.Billing)
	return json.Marshal(r)
}

// ChangedJSON returns the body that replaces the billing profile of the n-th
// company: it has moved and has another telephone number, both told by at.
func ChangedJSON(n, at int) ([]byte, error) {
	b := Company(n).Billing
	b.Address.AddressLine1 = fmt.Sprintf("Lilla torget %d", at%9973+1)
	b.Address.PhoneNumber = b.Address.PhoneNumber[:len(b.Address.PhoneNumber)-2] + fmt.Sprintf("%02d", at%100)
	return json.Marshal(billing(b))
}

func billing(b customer.Billing) wire.BillingProfileRequest {
	return wire.BillingProfileRequest{
		FirstName: wire.Text(b.FirstName), LastName: wire.Text(b.LastName), Email: wire.Text(b.Email), Culture: wire.Text(b.Culture),
		Language: wire.Text(b.Language), CompanyName: wire.Text(b.CompanyName), DefaultAddress: address(b),
	}
}

func address(b customer.Billing) wire.AddressRequest {
	a := b.Address
	return wire.AddressRequest{
		Country: wire.Text(a.Country), City: wire.Text(a.City), PostalCode: wire.Text(a.PostalCode), AddressLine1: wire.Text(a.AddressLine1),
		FirstName: wire.Text(a.FirstName), LastName: wire.Text(a.LastName), PhoneNumber: wire.Text(a.PhoneNumber),
	}
}
