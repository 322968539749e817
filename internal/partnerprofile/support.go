package partnerprofile

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
)

// SupportOf returns the support profile of any partner: where its customers ask for
// help (rule c11). One that has named none is reached by the mail of its first
// administrator. Who may see it is the caller's rule.
func SupportOf(ctx context.Context, t *db.Tx, partner id.Tenant) (s Support, err error) {
	var text string
	var version int64
	found, err := t.Found(ctx, readProfile, []any{partner, supportKind}, &text, &version)
	if err != nil {
		return s, err
	}
	if found {
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			return s, fmt.Errorf("partner profile %s of %s: %w", supportKind, partner, err)
		}
		return s, nil
	}
	admins, err := identity.Admins(ctx, t, identity.Tenant{ID: partner, Kind: identity.PartnerTenant})
	if len(admins) > 0 {
		s.Email = cmp.Or(admins[0].Email, admins[0].Name)
	}
	return s, err
}
