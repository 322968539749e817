package agreement

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// The names of the events that the package leaves behind, for mails and notices.
const (
	// EventAttested tells the customer's primary contact of an attestation (rule
	// AG7); its payload is a Notice.
	EventAttested = "agreement-attested"
	// EventAccepted tells a partner that its customer has accepted the agreement
	// itself; its payload is a Notice without a contact.
	EventAccepted = "agreement-accepted"
)

// Notice is what those hear who are told of a confirmation.
type Notice struct {
	Agreement    string // its id
	Version      string // label of the version
	PartnerName  string
	CustomerName string // the original name
	Person       Person // who accepted
	AgreedAt     time.Time
	Contact      relationship.PrimaryContact // the customer's primary contact
}

// About is the account that a confirmation is about.
type About struct {
	Partner, Customer id.Tenant
	PartnerName       string
	CustomerName      string // the original name
	Country           string // of the customer
	Contact           relationship.PrimaryContact
}

var insert = db.SQL(`INSERT INTO agreements (id, partner_id, customer_id, method, template_id, type, rank, first_name, last_name, email, phone,
	agreed_at, recorded_at, recorded_by, recorded_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`)

// AttestFirst records what the partner says about an acceptance by a customer
// that was just added (rule AG4), writes it to the log and tells the customer's
// contact (rule AG7). The attestation was checked.
func AttestFirst(ctx context.Context, u *op.Unit, about About, a Attestation) (Agreement, error) {
	all, err := ReadVersions(ctx, u.Tx)
	if err != nil {
		return Agreement{}, err
	}
	return attest(ctx, u, about, a, all.Line(about.Country).On(a.AgreedAt))
}

// attest records an attestation about a version.
func attest(ctx context.Context, u *op.Unit, about About, a Attestation, v Version) (Agreement, error) {
	made, err := keep(ctx, u, Agreement{
		Partner: about.Partner, Customer: about.Customer, Method: Attested, Rank: v.Rank, Person: a.Person, AgreedAt: a.AgreedAt,
	})
	if err != nil {
		return Agreement{}, err
	}
	if err := made.log(ctx, u, about.Partner, about.CustomerName); err != nil {
		return Agreement{}, err
	}
	return made, u.Emit(ctx, op.Event{
		Name: EventAttested, Tenant: about.Partner, Customer: about.Customer, Resource: resource(about.Customer), Payload: Notice{
			Agreement: made.ID, Version: v.Label, PartnerName: about.PartnerName, CustomerName: about.CustomerName,
			Person: made.Person, AgreedAt: made.AgreedAt, Contact: about.Contact,
		},
	})
}

// keep stores a confirmation.
func keep(ctx context.Context, u *op.Unit, a Agreement) (Agreement, error) {
	a.ID, a.TemplateID, a.Type = u.NewID(), CustomerTemplate, CustomerAgreement
	a.RecordedAt, a.RecordedBy, a.RecordedName = u.Now, u.Actor.User, u.Actor.UserName
	_, err := u.Exec(ctx, insert, a.ID, a.Partner, a.Customer, a.Method, a.TemplateID, a.Type, a.Rank,
		a.Person.FirstName, a.Person.LastName, a.Person.Email, a.Person.Phone, db.Micros(a.AgreedAt), db.Micros(a.RecordedAt),
		a.RecordedBy, a.RecordedName)
	if err != nil {
		return a, err
	}
	seller := a.Partner
	if a.Method == Direct {
		seller = ""
	}
	return a, relationship.SetAgreed(ctx, u, seller, a.Customer, a.Rank)
}

// entry is a confirmation as the log keeps it: in the names of the wire contract,
// which are those that clients of the audit records know.
type entry struct {
	UserId         id.User //nolint:staticcheck // as the contract spells it
	PrimaryContact contactEntry
	TemplateId     string //nolint:staticcheck // as the contract spells it
	DateAgreed     time.Time
	Type           string
	VersionRank    int64
}

type contactEntry struct{ FirstName, LastName, Email, PhoneNumber string }

// log writes a to the log of an organisation.
func (a Agreement) log(ctx context.Context, u *op.Unit, of id.Tenant, customerName string) error {
	return u.Record(ctx, op.Record{
		Operation: "create_agreement", Resource: "agreement", Tenant: of, Customer: a.Customer, CustomerName: customerName,
		New: entry{
			UserId: a.RecordedBy, TemplateId: a.TemplateID, DateAgreed: a.AgreedAt, Type: a.Type, VersionRank: a.Rank,
			PrimaryContact: contactEntry{a.Person.FirstName, a.Person.LastName, a.Person.Email, a.Person.Phone},
		},
		Data: map[string]string{"Method": string(a.Method)},
	})
}

// about returns what a confirmation about the customer of a relation is about.
func about(ctx context.Context, t *db.Tx, r relationship.Relation) (About, error) {
	p, _, err := identity.PartnerOf(ctx, t, r.Partner)
	if err != nil {
		return About{}, err
	}
	contact, err := relationship.PrimaryContactOf(ctx, t, r)
	return About{
		Partner: r.Partner, Customer: r.Customer, PartnerName: p.Name, CustomerName: r.OriginalName, Country: r.Country, Contact: contact,
	}, err
}

// resource is the path under which the wire knows the confirmations.
func resource(customer id.Tenant) string { return "/v1/customers/" + string(customer) + "/agreements" }
