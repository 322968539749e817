package world

import (
	"encoding/csv"
	"io"
)

// WriteCSV writes n companies, those from first on, as a file that the importer
// reads.
func WriteCSV(w io.Writer, first, n int) error {
	rows := csv.NewWriter(w)
	if err := rows.Write([]string{
		"companyName", "domain", "registrationId", "country", "city", "postalCode", "addressLine1", "firstName", "lastName", "email", "phone", "culture",
	}); err != nil {
		return err
	}
	for i := first; i < first+n; i++ {
		c := Company(i)
		b, a := c.Billing, c.Billing.Address
		if err := rows.Write([]string{
			c.CompanyName, c.Domain, c.Registration.ID, a.Country, a.City, a.PostalCode, a.AddressLine1, b.FirstName, b.LastName, b.Email, a.PhoneNumber, b.Culture,
		}); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}
