package partnerprofile

import (
	"context"
	"encoding/json"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// The kinds of profiles, as they are kept.
const (
	legalKind        = "legal"
	finalKind        = "legal-final" // the legal profile that was accepted last
	billingKind      = "billing"
	supportKind      = "support"
	organizationKind = "organization"
)

var (
	readProfile = db.SQL(`SELECT value, version FROM partner_profiles WHERE tenant_id = $1 AND kind = $2`)
	putProfile  = db.SQL(`INSERT INTO partner_profiles (tenant_id, kind, value, version, changed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (tenant_id, kind) DO UPDATE SET value = excluded.value, version = excluded.version, changed_at = excluded.changed_at`)
)

// firstVersion is that of a profile that nobody has written.
const firstVersion = 1

// read reads a profile of the actor's organisation into profile and returns its
// version; the second result is false when nobody has written one.
func read(ctx context.Context, u *op.Unit, kind string, profile any) (int64, bool, error) {
	var text string
	version := int64(firstVersion)
	found, err := u.Found(ctx, readProfile, []any{u.Actor.Tenant, kind}, &text, &version)
	if !found || err != nil {
		return firstVersion, false, err
	}
	if err := json.Unmarshal([]byte(text), profile); err != nil {
		return 0, false, fmt.Errorf("partner profile %s of %s: %w", kind, u.Actor.Tenant, err)
	}
	return version, true, nil
}

// write keeps a profile of the actor's organisation and returns its new version.
// asked is the version that the change was made to, 0 for any; a stale one is
// refused with RF-18.
func write(ctx context.Context, u *op.Unit, kind string, profile any, asked, version int64) (int64, error) {
	if asked != 0 && asked != version {
		return 0, refusal.RF18
	}
	text, err := json.Marshal(profile)
	if err != nil {
		return 0, fmt.Errorf("partner profile %s: %w", kind, err)
	}
	version = max(version+1, db.Micros(u.Now))
	_, err = u.Exec(ctx, putProfile, u.Actor.Tenant, kind, string(text), version, db.Micros(u.Now))
	return version, err
}

// record notes a change of a profile in the log.
func record(ctx context.Context, u *op.Unit, kind string, before, now any) error {
	return u.Record(ctx, op.Record{
		Operation: "update_partner_profile", Resource: "partner", Old: before, New: now, Data: map[string]string{"Profile": kind},
	})
}
