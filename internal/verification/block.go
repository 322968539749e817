package verification

import (
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// scope is how much an account that is not approved may not do (rule C22).
var scope = op.DefineSetting(op.Setting{
	Name: "verification.scope", Default: strict, Values: []string{strict, purchasesOnly}, Rule: "C22", Mark: "S",
	Effect: "setting.verification.scope",
})

const (
	strict        = "strict"
	purchasesOnly = "purchasesOnly"
)

// Act is something that a partner does for a customer, as far as verification
// tells it apart (rule C22).
type Act uint8

// The acts. Everything that is none of them (nickname, support contact, users
// and licence assignment, delegated administration, tags, budgets, cost policy,
// attestation, reading, export) is never blocked.
const (
	// Renewal is an automatic renewal with the changes scheduled for it. It is
	// never blocked (rule C23).
	Renewal Act = iota
	// Purchase is a cart checkout, order, add-on, reservation, savings plan,
	// Azure plan, trial, or a purchase by the customer under a permission.
	Purchase
	// Increase raises the number of licences.
	Increase
	// Upgrade moves a subscription to another product.
	Upgrade
	// Decrease lowers the number of licences.
	Decrease
	// Cancellation ends a subscription.
	Cancellation
	// Management is every other change of a subscription: suspend, activate,
	// trial conversion, frequency, term, renewal settings, scheduled changes,
	// auto-renew, reseller on record.
	Management
)

// Acts returns all acts.
func Acts() []Act {
	return []Act{Renewal, Purchase, Increase, Upgrade, Decrease, Cancellation, Management}
}

// Blocked returns nil when an account of status s allows a, and otherwise the
// refusal: RF-15 or RF-17 for a purchase, RF-16 for a change. It is the one
// place that knows the table of rule C21 in both scopes of rule C22.
func Blocked(u *op.Unit, s Status, a Act) error { return blocked(u.Setting(scope), s, a) }

func blocked(scope string, s Status, a Act) error {
	switch {
	case s == Allowed, s == None, a == Renewal:
		return nil
	case a == Purchase && s == NotAllowed:
		return refusal.RF17
	case a == Purchase:
		return refusal.RF15
	case scope == purchasesOnly && a != Increase && a != Upgrade:
		return nil
	}
	return refusal.RF16
}
