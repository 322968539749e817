package activity

import (
	"context"
	"database/sql"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Owned is a page of the logs of several organisations, with their names.
type Owned struct {
	Page
	Names map[id.Tenant]string
}

var namesOf = db.SQLIn(`SELECT id, name FROM tenants WHERE id IN (?)`)

// Inspect returns a page of the log of any organisation, or of all (portal V-13).
var Inspect = op.Define(op.Spec{Name: "audit.list", Action: "audit.view"},
	func(ctx context.Context, u *op.Unit, q Query) (Owned, error) {
		page, err := list(ctx, u, q)
		if err != nil {
			return Owned{}, err
		}
		return owned(ctx, u.Tx, page)
	})

// owned adds what the organisations of a page are called.
func owned(ctx context.Context, t *db.Tx, page Page) (Owned, error) {
	var tenants []any
	for _, r := range page.Records {
		if !slices.Contains(tenants, any(r.Tenant)) {
			tenants = append(tenants, r.Tenant)
		}
	}
	o := Owned{page, make(map[id.Tenant]string, len(tenants))}
	err := t.QueryIn(ctx, namesOf, nil, tenants, func(rows *sql.Rows) error {
		var tenant id.Tenant
		var name string
		err := rows.Scan(&tenant, &name)
		o.Names[tenant] = name
		return err
	})
	return o, err
}

// InspectRecord returns one record of any organisation, alone on its page, or
// refusal.NotFound.
var InspectRecord = op.Define(op.Spec{Name: "audit.show", Action: "audit.view"},
	func(ctx context.Context, u *op.Unit, in Key) (Owned, error) {
		records, err := read(ctx, u, showRecord, in.ID)
		if err == nil && len(records) == 0 {
			err = refusal.NotFound
		}
		if err != nil {
			return Owned{}, err
		}
		return owned(ctx, u.Tx, Page{Records: records})
	})

// audited notes in the operator's own log that the logs of others are exported.
var audited = op.Define(op.Spec{Name: "audit.export", Action: "audit.view", Write: true},
	func(ctx context.Context, u *op.Unit, q Query) (struct{}, error) {
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "export_data", Resource: "activity", Customer: q.Customer, Data: map[string]string{"Organization": string(q.Tenant)},
		})
	})

// ExportAll is Export for the operator: of any organisation, or of all, each
// record with the name of its organisation.
func ExportAll(ctx context.Context, k *op.Kernel, a op.Actor, q Query, each func(r Record, organization string) error) error {
	if _, err := audited.Do(ctx, k, a, q); err != nil {
		return err
	}
	var names map[id.Tenant]string
	return pages(q, func(q Query) (Page, error) {
		o, err := Inspect.Do(ctx, k, a, q)
		names = o.Names
		return o.Page, err
	}, func(r Record) error { return each(r, names[r.Tenant]) })
}
