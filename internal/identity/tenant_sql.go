package identity

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// Refusals about organisations and domains.
var (
	ErrTenantUnknown = fault.New(fault.NotFound, "60003", "identity.tenant.unknown")
	ErrDomainTaken   = fault.New(fault.Conflict, "1003", "identity.domain.taken") // DM02; argument Domain
	ErrDomain        = fault.New(fault.Invalid, "27002", "identity.domain.malformed")
	ErrPartnerID     = fault.New(fault.Conflict, "1003", "identity.partner.id_taken") // argument PartnerID
)

var (
	insertTenant = db.SQL(`INSERT INTO tenants (id, kind, name, country, language, default_domain, user_count, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	insertDomain = db.SQL(`INSERT INTO domains (name, tenant_id, initial, federated, created_at) VALUES ($1, $2, $3, $4, $5)`)
	tenantByID   = db.SQL(`SELECT id, kind, name, country, language, default_domain, user_count, created_at FROM tenants WHERE id = $1`)
	tenantByDom  = db.SQL(`SELECT t.id, t.kind, t.name, t.country, t.language, t.default_domain, t.user_count, t.created_at
		FROM domains d JOIN tenants t ON t.id = d.tenant_id WHERE d.name = $1`)
	operatorTenant = db.SQL(`SELECT id, kind, name, country, language, default_domain, user_count, created_at
		FROM tenants WHERE kind = 'operator'`)
	renameTenant = db.SQL(`UPDATE tenants SET name = $2 WHERE id = $1`)
	countUsers   = db.SQL(`UPDATE tenants SET user_count = user_count + $2 WHERE id = $1`)
	domainByName = db.SQL(`SELECT tenant_id, initial, federated, created_at FROM domains WHERE name = $1`)
	domainsOf    = db.SQL(`SELECT name, initial, federated, created_at FROM domains WHERE tenant_id = $1 ORDER BY name`)

	insertPartner = db.SQL(`INSERT INTO partners
		(tenant_id, types, status, status_cause, market, partner_id, mpa_signed_at, mpa_signed_by, enrolled_at, changed_at, status_reason, registrar)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`)
	updatePartner = db.SQL(`UPDATE partners SET types = $2, status = $3, status_cause = $4, market = $5, partner_id = $6,
		mpa_signed_at = $7, mpa_signed_by = $8, changed_at = $9, status_reason = $10, registrar = $11 WHERE tenant_id = $1`)
)

const (
	partnerFields = `p.tenant_id, t.name, t.country, t.default_domain, p.types, p.status, p.status_cause, p.market,
		p.partner_id, p.mpa_signed_at, p.mpa_signed_by, p.enrolled_at, p.status_reason, p.registrar`
	partnerColumns = `SELECT ` + partnerFields + ` FROM partners p JOIN tenants t ON t.id = p.tenant_id`
)

var (
	partnerByTenant = db.SQL(partnerColumns + ` WHERE p.tenant_id = $1`)
	partnerByNumber = db.SQL(partnerColumns + ` WHERE p.partner_id = $1 AND p.partner_id <> ''`)
	partnerDomains  = db.SQL(`SELECT ` + partnerFields + `, COALESCE(d.name, '') FROM partners p JOIN tenants t ON t.id = p.tenant_id
		LEFT JOIN domains d ON d.tenant_id = p.tenant_id WHERE p.tenant_id = $1 ORDER BY d.name`)
	partnersAfter = db.SQL(partnerColumns + ` WHERE p.tenant_id > $1 ORDER BY p.tenant_id LIMIT $2`)
)

// fields of t in the order of the tenant statements; created receives the time.
func (t *Tenant) fields(created *int64) []any {
	return []any{&t.ID, &t.Kind, &t.Name, &t.Country, &t.Language, &t.DefaultDomain, &t.Users, created}
}

// TenantByID returns an organisation, or ErrTenantUnknown.
func TenantByID(ctx context.Context, t *db.Tx, tenant id.Tenant) (Tenant, error) {
	return oneTenant(ctx, t, tenantByID, tenant)
}

// TenantByDomain returns the organisation that has a domain, whatever the case
// of its letters, or ErrTenantUnknown.
func TenantByDomain(ctx context.Context, t *db.Tx, domain string) (Tenant, error) {
	name, ok := ParseDomain(domain)
	if !ok {
		return Tenant{}, ErrTenantUnknown
	}
	return oneTenant(ctx, t, tenantByDom, name)
}

func oneTenant(ctx context.Context, t *db.Tx, s *db.Stmt, key any) (Tenant, error) {
	var found Tenant
	var created int64
	ok, err := t.Found(ctx, s, []any{key}, found.fields(&created)...)
	if err != nil {
		return Tenant{}, err
	}
	if !ok {
		return Tenant{}, ErrTenantUnknown
	}
	found.CreatedAt = db.Time(created)
	return found, nil
}

// DomainOwner returns a domain with the organisation that has it. The second
// result is false when the domain is free.
func DomainOwner(ctx context.Context, t *db.Tx, domain string) (Domain, bool, error) {
	d := Domain{}
	var ok bool
	if d.Name, ok = ParseDomain(domain); !ok {
		return Domain{}, false, nil
	}
	var created int64
	found, err := t.Found(ctx, domainByName, []any{d.Name}, &d.Tenant, &d.Initial, &d.Federated, &created)
	d.CreatedAt = db.Time(created)
	return d, found, err
}

// Domains returns the domains of an organisation by name.
func Domains(ctx context.Context, t *db.Tx, tenant id.Tenant) ([]Domain, error) {
	return db.All(ctx, t, domainsOf, []any{tenant}, func(row db.Row) (Domain, error) {
		d := Domain{Tenant: tenant}
		var created int64
		err := row.Scan(&d.Name, &d.Initial, &d.Federated, &created)
		d.CreatedAt = db.Time(created)
		return d, err
	})
}

// PartnerWithDomains is PartnerOf together with the names of the partner's
// domains, in their order.
func PartnerWithDomains(ctx context.Context, t *db.Tx, tenant id.Tenant) (p Partner, domains []string, found bool, err error) {
	rows, err := t.Query(ctx, partnerDomains, tenant)
	if err != nil {
		return Partner{}, nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var domain string
		if p, err = scanPartner(rows, &domain); err != nil {
			return Partner{}, nil, false, err
		}
		if found = true; domain != "" {
			domains = append(domains, domain)
		}
	}
	return p, domains, found, rows.Err()
}

func scanPartner(row db.Row, more ...any) (Partner, error) {
	var p Partner
	var types, signed, enrolled int64
	err := row.Scan(append([]any{
		&p.Tenant, &p.Name, &p.Country, &p.Domain, &types, &p.Status, &p.StatusCause, &p.Market,
		&p.PartnerID, &signed, &p.MPASignedBy, &enrolled, &p.StatusReason, &p.Registrar,
	}, more...)...)
	p.Types, p.MPASignedAt, p.EnrolledAt = policy.Org(types), db.Time(signed), db.Time(enrolled)
	return p, err
}

// PartnerOf returns the enrolment of a partner. The second result is false when
// the organisation is no partner.
func PartnerOf(ctx context.Context, t *db.Tx, tenant id.Tenant) (Partner, bool, error) {
	return onePartner(ctx, t, partnerByTenant, tenant)
}

// PartnerByNumber returns the partner with a PartnerID (rule E20). The second
// result is false when nobody has it.
func PartnerByNumber(ctx context.Context, t *db.Tx, partnerID string) (Partner, bool, error) {
	return onePartner(ctx, t, partnerByNumber, partnerID)
}

func onePartner(ctx context.Context, t *db.Tx, s *db.Stmt, key any) (Partner, bool, error) {
	rows, err := t.Query(ctx, s, key)
	if err != nil {
		return Partner{}, false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return Partner{}, false, rows.Err()
	}
	p, err := scanPartner(rows)
	return p, err == nil, err
}
