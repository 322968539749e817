package agreement

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// RequestTime is how long a request can be accepted, and an acceptance be used.
const RequestTime = 30 * 24 * time.Hour

// RequestState is where a request stands.
type RequestState string

// The states of a request.
const (
	RequestCreated   RequestState = "Created"
	RequestAccepted  RequestState = "Accepted"
	RequestCompleted RequestState = "Completed" // it is the confirmation of a customer
	RequestExpired   RequestState = "Expired"
)

// NewRequest asks a person at a company for the acceptance of the customer
// agreement (api-customers.md, 11.6). The company need not be a customer yet.
type NewRequest struct {
	Country  string // ISO 3166-1 alpha-2
	Language string // of the page, "sv" or "sv-SE"
	Company  string
	Person   Person
}

// Request is a request that was made.
type Request struct {
	NewRequest
	Partner     id.Tenant
	ID          string
	Rank        int64 // of the version that is accepted with it
	CreatedAt   time.Time
	ExpiresAt   time.Time
	AcceptedAt  time.Time // the zero time until then
	CompletedAt time.Time
	Customer    id.Tenant // whose confirmation it became
	// Link is what opens the page for the person, without signing in.
	Link string
}

// State returns where r stands at now.
func (r Request) State(now time.Time) RequestState {
	switch {
	case !r.CompletedAt.IsZero():
		return RequestCompleted
	case !now.Before(r.ExpiresAt):
		return RequestExpired
	case !r.AcceptedAt.IsZero():
		return RequestAccepted
	}
	return RequestCreated
}

// Refusals of requests.
var (
	// ErrRequestUnknown refuses a confirmation by a request that there is not.
	ErrRequestUnknown = fault.New(fault.Invalid, "900206", "agreement.request.unknown")
	// ErrNotAccepted refuses a confirmation by a request that nobody has accepted.
	ErrNotAccepted = fault.New(fault.Invalid, "900203", "agreement.request.open")
	// ErrRequestExpired refuses what comes after RequestTime.
	ErrRequestExpired = fault.New(fault.Invalid, "900203", "agreement.request.expired")
	// ErrRequestUsed refuses to use an acceptance for a second customer.
	ErrRequestUsed = fault.New(fault.Conflict, "600061", "agreement.request.used")
	// ErrOtherCompany refuses an acceptance by another company than the customer;
	// argument Company.
	ErrOtherCompany = fault.New(fault.Invalid, "900206", "agreement.request.other_company")
	// ErrOtherCountry refuses an acceptance for another country than the
	// customer's; argument Country.
	ErrOtherCountry = fault.New(fault.Invalid, "900206", "agreement.request.other_country")
)

// check brings in into the form that is kept, and returns all that is wrong.
func (in *NewRequest) check(u *op.Unit) error {
	rules := rulebook.Names(u.Book(), u.Sandbox)
	var faults fault.List
	if country, ok := rulebook.Atlas(u.Book()).Country(in.Country); ok {
		in.Country = country.Code
	} else {
		faults.Add(refusal.Property.On("country").With("Name", "country"))
	}
	if in.Language = naming.Trim(in.Language); !isLanguage(in.Language) {
		faults.Add(refusal.Property.On("language").With("Name", "language"))
	}
	company := rules.CheckCompanyName("companyName", in.Company)
	first := rules.CheckContactName("signatoryFirstName", naming.FirstName, naming.REST, in.Person.FirstName)
	last := rules.CheckContactName("signatoryLastName", naming.LastName, naming.REST, in.Person.LastName)
	faults.Add(company.Fault)
	faults.Add(first.Fault)
	faults.Add(last.Fault)
	in.Company, in.Person.FirstName, in.Person.LastName = company.Value, first.Value, last.Value
	in.Person.Email, in.Person.Phone = naming.Trim(in.Person.Email), naming.Trim(in.Person.Phone)
	if !naming.ValidEmail(in.Person.Email) {
		faults.Add(errEmail.On("signatoryEmail"))
	}
	if len(in.Person.Phone) > phoneMax || !naming.Printable(in.Person.Phone) {
		faults.Add(refusal.Property.On("signatoryPhoneNumber").With("Name", "signatoryPhoneNumber"))
	}
	return faults.Err()
}

// phoneMax is the longest telephone number, in bytes.
const phoneMax = 50

// isLanguage reports whether s is a language tag: "sv", "sv-SE", "zh-Hant-TW".
func isLanguage(s string) bool {
	if len(s) < 2 || len(s) > 20 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

const requestColumns = `SELECT partner_id, id, country, language, company, first_name, last_name, email, phone, rank, created_at, expires_at,
	accepted_at, completed_at, customer_id FROM agreement_requests`

var (
	insertRequest = db.SQL(`INSERT INTO agreement_requests (partner_id, id, country, language, company, first_name, last_name, email, phone, rank,
		created_at, expires_at, accepted_at, accepted_from, completed_at, customer_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', 0, '')`)
	requestByID     = db.SQL(requestColumns + ` WHERE partner_id = $1 AND id = $2`)
	acceptRequest   = db.SQL(`UPDATE agreement_requests SET accepted_at = $3, accepted_from = $4 WHERE partner_id = $1 AND id = $2`)
	completeRequest = db.SQL(`UPDATE agreement_requests SET completed_at = $3, customer_id = $4 WHERE partner_id = $1 AND id = $2`)
)

// findRequest returns a request, and false when the partner has none with that id.
func findRequest(ctx context.Context, t *db.Tx, partner id.Tenant, request string) (Request, bool, error) {
	var r Request
	var created, expires, accepted, completed int64
	found, err := t.Found(ctx, requestByID, []any{partner, request}, &r.Partner, &r.ID, &r.Country, &r.Language, &r.Company,
		&r.Person.FirstName, &r.Person.LastName, &r.Person.Email, &r.Person.Phone, &r.Rank, &created, &expires, &accepted, &completed, &r.Customer)
	r.CreatedAt, r.ExpiresAt, r.AcceptedAt, r.CompletedAt = db.Time(created), db.Time(expires), db.Time(accepted), db.Time(completed)
	return r, found, err
}

// AskFor makes a request, with the link that its person opens. It answers with
// all faults of the input at once; indirect resellers are refused with RF-04.
func AskFor(ctx context.Context, k *op.Kernel, a op.Actor, in NewRequest) (Request, error) {
	return withKey(ctx, k, a, askFor, in)
}

var askFor = op.Define(op.Spec{Name: "agreement.request.make", Action: "agreement.request", Write: true},
	func(ctx context.Context, u *op.Unit, in NewRequest) (Request, error) {
		if err := in.check(u); err != nil {
			return Request{}, err
		}
		key, err := readKey(ctx, u.Tx)
		if err != nil {
			return Request{}, err
		}
		v, _, err := currentFor(ctx, u.Tx, in.Country)
		if err != nil {
			return Request{}, err
		}
		r := Request{NewRequest: in, Partner: u.Actor.Tenant, ID: u.NewID(), Rank: v.Rank, CreatedAt: u.Now, ExpiresAt: u.Now.Add(RequestTime)}
		r.Link = key.requestLink(r)
		p := r.Person
		_, err = u.Exec(ctx, insertRequest, r.Partner, r.ID, r.Country, r.Language, r.Company, p.FirstName, p.LastName, p.Email, p.Phone, r.Rank,
			db.Micros(r.CreatedAt), db.Micros(r.ExpiresAt))
		if err != nil {
			return Request{}, err
		}
		return r, r.log(ctx, u, "create_agreement_request")
	})

// ShowRequest returns a request of the actor's organisation, or refusal.NotFound.
var ShowRequest = op.Define(op.Spec{Name: "agreement.request.show", Action: "agreement.request"},
	func(ctx context.Context, u *op.Unit, request string) (Request, error) {
		r, found, err := findRequest(ctx, u.Tx, u.Actor.Tenant, request)
		if err == nil && !found {
			err = refusal.NotFound
		}
		if err != nil {
			return Request{}, err
		}
		key, err := readKey(ctx, u.Tx)
		r.Link = key.requestLink(r)
		return r, err
	})

// log writes what happened with r to the log of its partner.
func (r Request) log(ctx context.Context, u *op.Unit, operation string) error {
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "agreement", Tenant: r.Partner, Customer: r.Customer, CustomerName: r.Company,
		New: requestEntry{
			r.ID, r.Country, r.Company, contactEntry{r.Person.FirstName, r.Person.LastName, r.Person.Email, r.Person.Phone}, r.Rank, r.State(u.Now),
		},
	})
}

// requestEntry is a request as the log keeps it.
type requestEntry struct {
	AttestationId  string //nolint:staticcheck // as the contract spells such names
	Country        string
	CompanyName    string
	PrimaryContact contactEntry
	VersionRank    int64
	Status         RequestState
}
