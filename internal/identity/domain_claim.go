package identity

import (
	"context"
	"slices"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Look says how the last look at the DNS of a claimed domain ended.
type Look string

// The ends of a look. A domain whose record was found is claimed no longer.
const (
	NotLooked   Look = ""            // nobody has asked yet
	Looking     Look = "looking"     // a job is at it
	NoRecord    Look = "missing"     // the domain has no such TXT record
	NoAnswer    Look = "unreachable" // the DNS did not answer
	TakenByThen Look = "taken"       // the record is there, the domain is somebody else's by now
)

// DomainClaim is a domain that an organisation says is its own (portal P-19). It
// proves that with a TXT record of the domain that says Record.
type DomainClaim struct {
	Name      string
	Record    string
	Look      Look
	LookedAt  time.Time
	CreatedAt time.Time
}

// recordPrefix begins what a TXT record says, so that whoever meets it in a DNS
// knows what it is for.
const recordPrefix = "comptoir-domain-verification="

// claimMax is how many domains an organisation can claim at once.
const claimMax = 20

// Refusals about claims.
var (
	ErrClaimUnknown = fault.New(fault.NotFound, "60003", "identity.claim.unknown")
	ErrClaimTwice   = fault.New(fault.Conflict, "1003", "identity.claim.twice") // argument Domain
	ErrClaimLimit   = fault.New(fault.Conflict, "1003", "identity.claim.limit") // argument Max
)

var (
	insertClaim = db.SQL(`INSERT INTO domain_claims (tenant_id, name, token, look, looked_at, created_at) VALUES ($1, $2, $3, '', 0, $4)`)
	claimsOf    = db.SQL(`SELECT name, token, look, looked_at, created_at FROM domain_claims WHERE tenant_id = $1 ORDER BY name`)
	noteLook    = db.SQL(`UPDATE domain_claims SET look = $3, looked_at = $4 WHERE tenant_id = $1 AND name = $2`)
	deleteClaim = db.SQL(`DELETE FROM domain_claims WHERE tenant_id = $1 AND name = $2`)
)

// DomainName is the input of operations about one domain.
type DomainName struct{ Name string }

// ListDomainClaims lists the domains that the actor's organisation has claimed and
// not proved yet, by name.
var ListDomainClaims = op.Define(op.Spec{Name: "partner.domain.claims", Action: "partner.domain.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]DomainClaim, error) {
		return claims(ctx, u.Tx, u.Actor.Tenant)
	})

func claims(ctx context.Context, t *db.Tx, tenant id.Tenant) ([]DomainClaim, error) {
	return db.All(ctx, t, claimsOf, []any{tenant}, func(row db.Row) (DomainClaim, error) {
		var c DomainClaim
		var token string
		var looked, created int64
		err := row.Scan(&c.Name, &token, &c.Look, &looked, &created)
		c.Record, c.LookedAt, c.CreatedAt = recordPrefix+token, db.Time(looked), db.Time(created)
		return c, err
	})
}

// claim returns what an organisation claims, or ErrClaimUnknown.
func claim(ctx context.Context, t *db.Tx, tenant id.Tenant, name string) (DomainClaim, error) {
	all, err := claims(ctx, t, tenant)
	if err != nil {
		return DomainClaim{}, err
	}
	name, _ = ParseDomain(name)
	if i := slices.IndexFunc(all, func(c DomainClaim) bool { return c.Name == name }); i >= 0 {
		return all[i], nil
	}
	return DomainClaim{}, ErrClaimUnknown
}

// ClaimDomain begins to give the actor's organisation a further domain: it returns
// what the TXT record of the domain has to say. It refuses what is no domain
// (ErrDomain) and what somebody has (ErrDomainTaken). Several organisations can
// claim the same: the one whose record is found gets it.
var ClaimDomain = op.Define(op.Spec{Name: "partner.domain.claim", Action: "partner.domain.update", Write: true},
	func(ctx context.Context, u *op.Unit, in DomainName) (DomainClaim, error) {
		name, ok := ParseDomain(in.Name)
		if !ok {
			return DomainClaim{}, ErrDomain.On("domain")
		}
		if _, taken, err := DomainOwner(ctx, u.Tx, name); err != nil {
			return DomainClaim{}, err
		} else if taken {
			return DomainClaim{}, ErrDomainTaken.On("domain").With("Domain", name)
		}
		all, err := claims(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return DomainClaim{}, err
		}
		if slices.ContainsFunc(all, func(c DomainClaim) bool { return c.Name == name }) {
			return DomainClaim{}, ErrClaimTwice.On("domain").With("Domain", name)
		}
		if len(all) >= claimMax {
			return DomainClaim{}, ErrClaimLimit.On("domain").With("Max", claimMax)
		}
		token := Token()
		if _, err := u.Exec(ctx, insertClaim, u.Actor.Tenant, name, token, db.Micros(u.Now)); err != nil {
			return DomainClaim{}, err
		}
		return DomainClaim{Name: name, Record: recordPrefix + token, CreatedAt: u.Now}, recordDomain(ctx, u, "claim_domain", u.Actor.Tenant, name)
	})

// VerifyDomain has the DNS of a claimed domain looked at soon, by a job. The
// domain is the organisation's when its TXT record is found; otherwise the claim
// says what was found instead.
var VerifyDomain = op.Define(op.Spec{Name: "partner.domain.verify", Action: "partner.domain.update", Write: true},
	func(ctx context.Context, u *op.Unit, in DomainName) (struct{}, error) {
		c, err := claim(ctx, u.Tx, u.Actor.Tenant, in.Name)
		if err != nil {
			return struct{}{}, err
		}
		if _, err := u.Exec(ctx, noteLook, u.Actor.Tenant, c.Name, Looking, db.Micros(u.Now)); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, haveLookedUp(ctx, u, c.Name)
	})

// DropDomainClaim takes a claim back.
var DropDomainClaim = op.Define(op.Spec{Name: "partner.domain.drop", Action: "partner.domain.update", Write: true},
	func(ctx context.Context, u *op.Unit, in DomainName) (struct{}, error) {
		c, err := claim(ctx, u.Tx, u.Actor.Tenant, in.Name)
		if err != nil {
			return struct{}{}, err
		}
		if _, err := u.Exec(ctx, deleteClaim, u.Actor.Tenant, c.Name); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, recordDomain(ctx, u, "drop_domain_claim", u.Actor.Tenant, c.Name)
	})

func recordDomain(ctx context.Context, u *op.Unit, operation string, tenant id.Tenant, name string) error {
	return u.Record(ctx, op.Record{Operation: operation, Resource: "domain", Tenant: tenant, Data: map[string]string{"Domain": name}})
}
