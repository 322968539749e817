package relationship

import (
	"context"
	"strconv"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Seller returns the partner whose word about the customer agreement counts in r:
// an indirect reseller sees that of its provider.
func (r Relation) Seller() id.Tenant {
	if r.Kind == IndirectReseller && r.Provider != "" {
		return r.Provider
	}
	return r.Partner
}

// AgreedCounter returns the name of the counter of those relations for which
// acceptances up to the version of a rank are known, 0 for none.
func AgreedCounter(rank int64) string { return ByAgreed.Counter(strconv.FormatInt(rank, 10)) }

var setAgreed = db.SQL(`UPDATE customers SET agreed = $4 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)

// SetAgreed notes where lists read it that an acceptance of the version of a rank
// is known: by the word of seller, or with "" by that of the customer itself,
// which counts for all. It keeps the counters.
func SetAgreed(ctx context.Context, u *op.Unit, seller, customer id.Tenant, rank int64) error {
	all, err := Of(ctx, u.Tx, customer)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Agreed >= rank || seller != "" && r.Seller() != seller {
			continue
		}
		if _, err := u.Exec(ctx, setAgreed, r.Partner, r.Customer, r.Kind, rank); err != nil {
			return err
		}
		if err := u.Count(ctx, r.Partner, AgreedCounter(r.Agreed), -1); err != nil {
			return err
		}
		if err := u.Count(ctx, r.Partner, AgreedCounter(rank), 1); err != nil {
			return err
		}
	}
	return nil
}
