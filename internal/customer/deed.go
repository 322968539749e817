package customer

import (
	"context"
	"errors"
	"slices"

	"comptoir/internal/activity"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// toldToCustomers are the resources of which a customer hears what its partner did:
// its own directory and account, and what binds the two. How the partner names and
// sorts its customers is the partner's business.
var toldToCustomers = []string{
	"granular_admin_relationship", "granular_admin_access_assignment", "partner_customer_relationship", "partner_customer_dap", "agreement",
}

// The last deeds of a partner: how many are looked through, and how many shown.
const (
	deedsRead  = 300
	deedsShown = 50
)

// ListDeeds returns the last things that the people of a partner did at the actor's
// own organization, a customer, the newest first (portal K-3): what, when and who,
// without what the partner keeps about it.
var ListDeeds = op.Define(op.Spec{Name: "own.partner.deeds", Action: "own.partner.view"},
	func(ctx context.Context, u *op.Unit, in OwnPartnerRef) ([]activity.Record, error) {
		all, err := activity.Between(ctx, u, in.Partner, u.Actor.Tenant, deedsRead)
		if err != nil {
			return nil, err
		}
		own := map[id.User]bool{"": true}
		var deeds []activity.Record
		for _, r := range all {
			if len(deeds) == deedsShown {
				break
			}
			if _, known := own[r.User]; !known {
				if own[r.User], err = belongs(ctx, u, r.User); err != nil {
					return nil, err
				}
			}
			if (!own[r.User] || r.App != "") && slices.Contains(toldToCustomers, r.Resource) {
				deeds = append(deeds, activity.Record{ID: r.ID, Operation: r.Operation, Status: r.Status, UserName: r.UserName, App: r.App, Channel: r.Channel, At: r.At})
			}
		}
		return deeds, nil
	})

// belongs reports whether a person is one of the actor's own organization.
func belongs(ctx context.Context, u *op.Unit, user id.User) (bool, error) {
	_, err := identity.UserByID(ctx, u.Tx, u.Actor.Tenant, user)
	if errors.Is(err, identity.ErrUserUnknown) {
		return false, nil
	}
	return err == nil, err
}
