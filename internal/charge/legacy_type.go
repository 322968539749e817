package charge

// LegacyType says why a line of a legacy invoice is charged (§18.2).
type LegacyType uint8

// The charge types of licences, then those of usage.
const (
	LegacyActivationFee LegacyType = iota + 1
	LegacyCancelFee                // the credit of a suspension
	LegacyCancelProrate
	LegacyCycleFee
	LegacyCycleProrate // a part of a cycle
	LegacyProrateCancel
	LegacyProrateConvertAway // the credit for the offer that is left
	LegacyProrateConvertInto // the offer that comes in its place
	LegacyProratePurchase
	LegacyProrateActivate // the rest of a cycle after a suspension
	LegacyProrateRenew
	LegacyPurchaseCycleFee
	LegacyOffset // takes back a line whose days are charged anew
	LegacyActivationDiscount
	LegacyCycleDiscount
	LegacyRenewDiscount
	LegacyCancelDiscount
	LegacyUsageCycle // usage beyond what is included
	LegacyUsageCancel
)

var legacyTypes = [...]string{
	"",
	"Activation fee",
	"Cancel fee",
	"Cancel instance prorate",
	"Cycle fee",
	"Cycle instance prorate",
	"Prorate fees when cancel",
	"Prorate fees when convert away from current offering",
	"Prorate fees when convert to a new offering",
	"Prorate fees when purchase",
	"Prorate fees when activate",
	"Prorate fee when renew",
	"New purchase cycle fee",
	"Offset a line item",
	"Activation discount",
	"Cycle discount",
	"Renew discount",
	"Cancel discount",
	"Assess usage fee for current cycle",
	"Assess usage fee when cancel",
}

// String returns t as invoices write it: "Cycle fee".
func (t LegacyType) String() string { return legacyTypes[t] }

// ParseLegacyType returns the type that invoices call s, and whether there is one.
func ParseLegacyType(s string) (LegacyType, bool) {
	for t := LegacyActivationFee; int(t) < len(legacyTypes); t++ {
		if legacyTypes[t] == s {
			return t, true
		}
	}
	return 0, false
}
