package identity

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/money"
	"comptoir/internal/op"
)

// CreditCurrency is the one currency of credit limits (api-commerce.md 17.9):
// partners of all markets are compared in it.
const CreditCurrency = "USD"

// creditMax is the highest limit; whoever may owe more has none.
var creditMax = money.MustParse("1000000000", CreditCurrency)

// ErrCredit refuses a limit that is no amount from nothing to creditMax, with the
// digits of its currency at most.
var ErrCredit = fault.New(fault.Invalid, "27002", "identity.partner.credit")

var (
	creditOf  = db.SQL(`SELECT credit_limit, credit_currency FROM partners WHERE tenant_id = $1`)
	setCredit = db.SQL(`UPDATE partners SET credit_limit = $2, credit_currency = $3, changed_at = $4 WHERE tenant_id = $1`)
)

// Credit is how far a partner may owe what it has bought and not paid yet. What
// goes beyond it is refused as a new purchase; renewals and consumption never
// are (gate 11 of rule G12).
type Credit struct {
	Limited bool
	Limit   money.Amount // of Limited credit alone
}

// String is the limit as the log keeps it; "" when there is none.
func (c Credit) String() string {
	if !c.Limited {
		return ""
	}
	return c.Limit.String()
}

// CreditOf returns the credit of a partner; who is no partner has no limit.
func CreditOf(ctx context.Context, t *db.Tx, partner id.Tenant) (Credit, error) {
	var number, currency string
	found, err := t.Found(ctx, creditOf, []any{partner}, &number, &currency)
	if err != nil || !found || number == "" {
		return Credit{}, err
	}
	limit, err := money.Parse(number, currency)
	return Credit{Limited: true, Limit: limit}, err
}

// CreditChange is the input of LimitCredit.
type CreditChange struct {
	Tenant id.Tenant
	// Limit is a plain decimal number of CreditCurrency; "" takes the limit away.
	Limit string
}

// credit returns what in asks for.
func (in CreditChange) credit() (Credit, error) {
	if in.Limit == "" {
		return Credit{}, nil
	}
	limit, err := money.Parse(in.Limit, CreditCurrency)
	if err != nil || limit.Sign() < 0 || !limit.Round(money.HalfUp).Equal(limit) {
		return Credit{}, ErrCredit.On("limit")
	}
	if order, err := limit.Compare(creditMax); err != nil || order > 0 {
		return Credit{}, ErrCredit.On("limit")
	}
	return Credit{Limited: true, Limit: limit}, nil
}

// LimitCredit decides how far a partner may owe (V-4), and leaves a record in the
// partner's log. Saying the same again changes nothing.
var LimitCredit = op.Define(op.Spec{Name: "partner.credit.update", Action: "partner.enrol", Write: true},
	func(ctx context.Context, u *op.Unit, in CreditChange) (Credit, error) {
		p, found, err := PartnerOf(ctx, u.Tx, in.Tenant)
		switch {
		case err != nil:
			return Credit{}, err
		case !found:
			return Credit{}, ErrTenantUnknown
		case p.Status == PartnerClosed:
			return Credit{}, ErrPartnerClosed
		}
		credit, err := in.credit()
		if err != nil {
			return Credit{}, err
		}
		old, err := CreditOf(ctx, u.Tx, in.Tenant)
		if err != nil {
			return Credit{}, err
		}
		if old.Limited == credit.Limited && old.Limit.Equal(credit.Limit) {
			return old, nil
		}
		number, currency := "", ""
		if credit.Limited {
			number, currency = credit.Limit.Number(), credit.Limit.Currency()
		}
		if _, err := u.Exec(ctx, setCredit, in.Tenant, number, currency, db.Micros(u.Now)); err != nil {
			return Credit{}, err
		}
		return credit, u.Record(ctx, op.Record{
			Operation: "update_partner_credit_limit", Resource: "partner", Tenant: in.Tenant, Old: old.String(), New: credit.String(),
		})
	})
