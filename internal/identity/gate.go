package identity

import (
	"context"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Gate answers who somebody is and what he may do, for the edges: it checks
// what people and applications present, and turns it into actors. It keeps the
// answers in memory for a few seconds; what an operation of this process
// changes holds from the next question on. A process has one.
type Gate struct {
	k        *op.Kernel
	people   *cache[userKey, Person]
	apps     *cache[id.App, Application]
	grants   *cache[grantKey, Grant]
	tenants  *cache[string, Tenant]
	orgs     *cache[id.Tenant, policy.Org]
	sessions *cache[string, sessionFacts]
	tries    *throttle
}

type userKey struct {
	tenant id.Tenant
	user   id.User
}

type grantKey struct {
	tenant id.Tenant
	app    id.App
}

// NewGate returns the gate of an installation.
func NewGate(k *op.Kernel) *Gate {
	g := &Gate{
		k:        k,
		people:   newCache[userKey, Person](k.Wall),
		apps:     newCache[id.App, Application](k.Wall),
		grants:   newCache[grantKey, Grant](k.Wall),
		tenants:  newCache[string, Tenant](k.Wall),
		orgs:     newCache[id.Tenant, policy.Org](k.Wall),
		sessions: newCache[string, sessionFacts](k.Wall),
		tries:    newThrottle(),
	}
	k.OnChange(g.changed)
	return g
}

// The facts that operations of this package name with op.Unit.Changed.
const (
	factUser    = "identity.user:"
	factTenant  = "identity.tenant:"
	factApp     = "identity.app:"
	factGrant   = "identity.grant:"
	factSession = "identity.session:"
)

func userFact(t id.Tenant, u id.User) string { return factUser + string(t) + "/" + string(u) }
func tenantFact(t id.Tenant) string          { return factTenant + string(t) }
func appFact(a id.App) string                { return factApp + string(a) }
func grantFact(t id.Tenant, a id.App) string { return factGrant + string(t) + "/" + string(a) }
func sessionFact(hash []byte) string         { return factSession + string(hash) }

// changed forgets what an operation changed.
func (g *Gate) changed(fact string) {
	if rest, ok := strings.CutPrefix(fact, factUser); ok {
		tenant, user, _ := strings.Cut(rest, "/")
		g.people.forget(userKey{id.Tenant(tenant), id.User(user)})
	} else if rest, ok := strings.CutPrefix(fact, factApp); ok {
		g.apps.forget(id.App(rest))
		g.grants.forgetAll()
	} else if rest, ok := strings.CutPrefix(fact, factGrant); ok {
		tenant, app, _ := strings.Cut(rest, "/")
		g.grants.forget(grantKey{id.Tenant(tenant), id.App(app)})
	} else if rest, ok := strings.CutPrefix(fact, factSession); ok {
		g.sessions.forget(rest)
	} else if strings.HasPrefix(fact, factTenant) {
		g.people.forgetAll()
		g.grants.forgetAll()
		g.tenants.forgetAll()
		g.orgs.forgetAll()
	}
}

// Person is what the gate knows about a user.
type Person struct {
	Tenant      id.Tenant
	TenantKind  TenantKind
	TenantName  string
	Domain      string // default domain of the organisation
	Org         policy.Org
	ID          id.User
	Name        string
	DisplayName string
	FirstName   string
	LastName    string
	Language    string
	Status      UserStatus
	Roles       policy.Role
	Factors     FactorKinds
	MustChange  bool
	// ValidFrom is the real time before which tokens and sessions are void.
	ValidFrom time.Time
}

// Actor returns the actor that p is when he calls with app ("" in the portal).
// Channel, address, language and request ids are the edge's to add.
func (p Person) Actor(app id.App, mfa bool) op.Actor {
	return op.Actor{
		Kind: p.TenantKind.actorKind(), Tenant: p.Tenant, Org: p.Org, Roles: p.Roles,
		User: p.ID, UserName: p.Name, App: app, MFA: mfa, Locale: p.Language,
	}
}

// Valid reports whether a token that was made for p at the real time at still
// holds: p may sign in, and nothing has ended it since. Tokens tell full
// seconds.
func (p Person) Valid(at time.Time) bool {
	return p.Status == UserActive && !at.Before(p.ValidFrom.Truncate(time.Second))
}

const personColumns = `u.tenant_id, u.id, u.name, u.display_name, u.first_name, u.last_name, u.language, u.status, u.roles,
	u.factors, u.must_change, u.valid_from, t.kind, t.name, t.default_domain, COALESCE(p.types, 0)`

const personTables = ` FROM users u JOIN tenants t ON t.id = u.tenant_id LEFT JOIN partners p ON p.tenant_id = u.tenant_id`

var (
	personByID   = db.SQL(`SELECT ` + personColumns + personTables + ` WHERE u.tenant_id = $1 AND u.id = $2`)
	personByName = db.SQL(`SELECT ` + personColumns + `, u.password` + personTables + ` WHERE u.name_key = $1`)
)

func scanPerson(row db.Row, more ...any) (Person, error) {
	var p Person
	var roles, factors, valid, org int64
	err := row.Scan(append([]any{
		&p.Tenant, &p.ID, &p.Name, &p.DisplayName, &p.FirstName, &p.LastName, &p.Language, &p.Status, &roles,
		&factors, &p.MustChange, &valid, &p.TenantKind, &p.TenantName, &p.Domain, &org,
	}, more...)...)
	p.Roles, p.Factors, p.ValidFrom, p.Org = policy.Role(roles), FactorKinds(factors), db.Time(valid), policy.Org(org)
	return p, err
}

// resolve reads facts for the gate. Its row lets anybody ask, because the
// answer is what decides who asks.
var resolvePerson = op.Define(op.Spec{Name: "identity.resolve.person", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, in userKey) (Person, error) {
		return PersonByID(ctx, u.Tx, in.tenant, in.user)
	})

// PersonByID returns a user of an organisation as he is in the transaction t, or
// ErrUserUnknown.
func PersonByID(ctx context.Context, t *db.Tx, tenant id.Tenant, user id.User) (Person, error) {
	rows, err := t.Query(ctx, personByID, tenant, user)
	if err != nil {
		return Person{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return Person{}, err
		}
		return Person{}, ErrUserUnknown
	}
	return scanPerson(rows)
}

// Person returns a user of an organisation as he is now, or ErrUserUnknown.
func (g *Gate) Person(ctx context.Context, tenant id.Tenant, user id.User) (Person, error) {
	key := userKey{tenant, user}
	return g.people.get(key, func() (Person, error) { return resolvePerson.Do(ctx, g.k, op.Actor{}, key) })
}

var resolveTenant = op.Define(op.Spec{Name: "identity.resolve.tenant", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, in string) (Tenant, error) {
		guid, ok := id.Parse(in)
		if !ok {
			return TenantByDomain(ctx, u.Tx, in)
		}
		end, err := EndOf(ctx, u.Tx, id.Tenant(guid))
		if err == nil && !end.At.IsZero() {
			err = ErrTenantUnknown
		}
		if err != nil {
			return Tenant{}, err
		}
		return TenantByID(ctx, u.Tx, id.Tenant(guid))
	})

// Tenant returns the organisation with an id or a domain, or ErrTenantUnknown.
func (g *Gate) Tenant(ctx context.Context, idOrDomain string) (Tenant, error) {
	key := strings.ToLower(strings.TrimSpace(idOrDomain))
	return g.tenants.get(key, func() (Tenant, error) { return resolveTenant.Do(ctx, g.k, op.Actor{}, key) })
}
