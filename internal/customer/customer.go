// Package customer keeps the customers of partners: adding, finding, reading
// and editing them (rules.md, section c). One row is one relation of a partner
// with a customer and holds what that partner knows of it; the organization of
// the customer itself is a tenant of package identity.
package customer

import (
	"time"

	"comptoir/internal/qualification"

	"github.com/google/uuid"

	"comptoir/internal/id"
	"comptoir/internal/place"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// Customer is a customer as one partner knows it.
type Customer struct {
	Partner id.Tenant
	ID      id.Tenant
	Kind    relationship.Kind
	// Number counts the relations of the partner in the order they were made.
	Number int64
	// Version changes with every change of the billing profile; it is the etag.
	Version  int64
	Status   verification.Status
	StatusAt time.Time
	// OriginalName and Domain are the snapshot taken when the relation was made
	// (rules C32, C33). The friendly name is Billing.CompanyName.
	OriginalName string
	Domain       string
	Tags         []string
	Reseller     id.Tenant // the indirect reseller, in a provider's relation
	Provider     id.Tenant // the provider, in an indirect reseller's relation
	// Qualification is the special qualification asked for, "" for none.
	Qualification qualification.Kind
	Registration  Registration
	Billing       Billing
	CreatedAt     time.Time
	ChangedAt     time.Time
}

// Registration is the number of an organization in a business or tax register.
type Registration struct {
	Type string // a type of the country, "" when it is not known
	ID   string // as it was typed
}

// Billing is the billing profile: what a partner keeps about a customer to do
// business with it. CompanyName is the friendly name (rule C32).
type Billing struct {
	CompanyName string
	FirstName   string
	LastName    string
	Email       string
	Culture     string // "sv-SE"; sets language and currency formats
	Language    string // as it was sent: "sv" or "sv-SE"
	Address     place.Address
}

// Country returns the country of c, which never changes (rule C5).
func (c Customer) Country() string { return c.Billing.Address.Country }

// contact returns the person to whom mails for the customer go.
func (c Customer) contact() relationship.PrimaryContact {
	b := c.Billing
	return relationship.PrimaryContact{FirstName: b.FirstName, LastName: b.LastName, Email: b.Email, Language: b.Language}
}

// BillingID returns the identifier of the billing profile that partner keeps of
// customer. It follows from the two and is nowhere stored.
func BillingID(partner, customer id.Tenant) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("billing:"+string(partner)+":"+string(customer))).String()
}

// Ref is the input of operations about one customer of the actor's
// organization.
type Ref struct{ ID id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (in Ref) ConcernsCustomer() id.Tenant { return in.ID }
