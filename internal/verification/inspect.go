package verification

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Account names the account that a partner has with a customer.
type Account struct{ Partner, Customer id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (a Account) ConcernsCustomer() id.Tenant { return a.Customer }

// Cases returns the cases of one account for its reviewer, the newest first. It
// refuses an account without any with ErrNoRecord.
var Cases = op.Define(op.Spec{Name: "verification.cases", Action: "verification.decide"},
	func(ctx context.Context, u *op.Unit, in Account) ([]Case, error) {
		all, err := queryCases(ctx, u.Tx, casesOf, in.Partner, in.Customer, historyLimit)
		if err == nil && len(all) == 0 {
			err = ErrNoRecord
		}
		return all, err
	})
