package partnerprofile

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/identity"
)

// KnownAs returns how p is presented to others (rule E15). What the partner says of
// itself counts when the operator has accepted it: before that its name is that of
// the enrolment. Who may see it is the caller's rule.
func KnownAs(ctx context.Context, t *db.Tx, p identity.Partner) (Known, error) {
	k := Known{Partner: p, LegalName: p.Name}
	standing, err := identity.VettingStanding(ctx, t, p)
	if err != nil {
		return k, err
	}
	kind := finalKind
	if standing.State == identity.VettingAccepted {
		kind = legalKind
	}
	var text string
	var version int64
	found, err := t.Found(ctx, readProfile, []any{p.Tenant, kind}, &text, &version)
	if err != nil || !found {
		return k, err
	}
	var l Legal
	if err := json.Unmarshal([]byte(text), &l); err != nil {
		return k, fmt.Errorf("partner profile %s of %s: %w", kind, p.Tenant, err)
	}
	k.LegalName, k.City = cmp.Or(l.CompanyName, p.Name), l.Address.City
	return k, nil
}
