package customer

import "comptoir/internal/verification"

// differences returns what has changed in the profile since it was that of old,
// for the reviewer of the account (rule C20).
func (c Customer) differences(old Customer) []verification.Change {
	is, was := c.Billing, old.Billing
	a, b := is.Address, was.Address
	all := []verification.Change{
		{Field: billingField + ".companyName", Before: was.CompanyName, After: is.CompanyName},
		{Field: registrationField, Before: old.Registration.ID, After: c.Registration.ID},
		{Field: registrationField + "Type", Before: old.Registration.Type, After: c.Registration.Type},
		{Field: billingField + ".firstName", Before: was.FirstName, After: is.FirstName},
		{Field: billingField + ".lastName", Before: was.LastName, After: is.LastName},
		{Field: billingField + ".email", Before: was.Email, After: is.Email},
		{Field: billingField + ".culture", Before: was.Culture, After: is.Culture},
		{Field: billingField + ".language", Before: was.Language, After: is.Language},
		{Field: addressField + ".firstName", Before: b.FirstName, After: a.FirstName},
		{Field: addressField + ".middleName", Before: b.MiddleName, After: a.MiddleName},
		{Field: addressField + ".lastName", Before: b.LastName, After: a.LastName},
		{Field: addressField + ".emailAddress", Before: b.EmailAddress, After: a.EmailAddress},
		{Field: addressField + ".addressLine1", Before: b.AddressLine1, After: a.AddressLine1},
		{Field: addressField + ".addressLine2", Before: b.AddressLine2, After: a.AddressLine2},
		{Field: addressField + ".addressLine3", Before: b.AddressLine3, After: a.AddressLine3},
		{Field: addressField + ".district", Before: b.District, After: a.District},
		{Field: addressField + ".city", Before: b.City, After: a.City},
		{Field: addressField + ".state", Before: b.State, After: a.State},
		{Field: addressField + ".region", Before: b.Region, After: a.Region},
		{Field: addressField + ".postalCode", Before: b.PostalCode, After: a.PostalCode},
		{Field: addressField + ".phoneNumber", Before: b.PhoneNumber, After: a.PhoneNumber},
	}
	changed := all[:0]
	for _, d := range all {
		if d.Before != d.After {
			changed = append(changed, d)
		}
	}
	return changed
}
