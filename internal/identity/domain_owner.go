package identity

import (
	"context"
	"database/sql"

	"comptoir/internal/db"
)

var domainsNamed = db.SQLIn(`SELECT d.name, d.tenant_id, d.initial, d.federated, d.created_at, t.kind
	FROM domains d JOIN tenants t ON t.id = d.tenant_id WHERE d.name IN (?)`)

// OwnedDomain is a domain with the kind of organisation that has it.
type OwnedDomain struct {
	Domain
	Kind TenantKind
}

// DomainOwners returns those of the domains that somebody has, by their name in
// lower case. Free ones, and names that are no domains, are absent.
func DomainOwners(ctx context.Context, t *db.Tx, domains ...string) (map[string]OwnedDomain, error) {
	var keys []any
	for _, d := range domains {
		if name, ok := ParseDomain(d); ok {
			keys = append(keys, name)
		}
	}
	found := make(map[string]OwnedDomain)
	err := t.QueryIn(ctx, domainsNamed, nil, keys, func(rows *sql.Rows) error {
		var d OwnedDomain
		var created int64
		if err := rows.Scan(&d.Name, &d.Tenant, &d.Initial, &d.Federated, &created, &d.Kind); err != nil {
			return err
		}
		d.CreatedAt = db.Time(created)
		found[d.Name] = d
		return nil
	})
	return found, err
}
