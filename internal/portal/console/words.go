package console

import (
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// partnerStatus returns the badge of a partner's status (rule A7).
func partnerStatus(v *visit.Visit, s identity.PartnerStatus) block.Badge {
	switch s {
	case identity.PartnerActive:
		return block.Badge{Tone: block.Success, Text: v.T("console.status.active")}
	case identity.PartnerRestricted:
		return block.Badge{Tone: block.Warning, Text: v.T("console.status.restricted")}
	case identity.PartnerSuspended:
		return block.Badge{Tone: block.Danger, Text: v.T("console.status.suspended")}
	case identity.PartnerRejected:
		return block.Badge{Tone: block.Danger, Text: v.T("console.status.rejected")}
	case identity.PartnerClosed:
		return block.Badge{Tone: block.Neutral, Text: v.T("console.status.closed"), Icon: icon.Lock}
	case identity.PartnerPending:
	}
	return block.Badge{Tone: block.Info, Text: v.T("console.status.pending"), Icon: icon.Pending}
}

// statuses are those that a list of partners can be narrowed to.
var statuses = []identity.PartnerStatus{
	identity.PartnerPending, identity.PartnerActive, identity.PartnerRestricted, identity.PartnerSuspended, identity.PartnerRejected, identity.PartnerClosed,
}

// vettingStep returns what the operator looks at in a step (V-4).
func vettingStep(v *visit.Visit, s identity.VettingStep) string {
	switch s {
	case identity.VettingEmail:
		return v.T("console.vetting.email")
	case identity.VettingEmployment:
		return v.T("console.vetting.employment")
	case identity.VettingBusiness:
		return v.T("console.vetting.business")
	case identity.VettingDiligence:
	}
	return v.T("console.vetting.diligence")
}

func vettingState(v *visit.Visit, s identity.VettingState) block.Badge {
	switch s {
	case identity.VettingAccepted:
		return block.Badge{Tone: block.Success, Text: v.T("console.vetting.accepted")}
	case identity.VettingRejected:
		return block.Badge{Tone: block.Danger, Text: v.T("console.vetting.rejected")}
	case identity.VettingPending:
	}
	return block.Badge{Tone: block.Info, Text: v.T("console.vetting.pending"), Icon: icon.Pending}
}

// suspensionReason returns the recorded cause of a suspension (rule A7).
func suspensionReason(v *visit.Visit, r identity.SuspensionReason) string {
	switch r {
	case identity.ReasonAbuse:
		return v.T("console.reason.abuse")
	case identity.ReasonProfile:
		return v.T("console.reason.profile")
	case identity.ReasonOverdue:
		return v.T("console.reason.overdue")
	case identity.ReasonProvider:
		return v.T("console.reason.provider")
	case identity.ReasonOther:
	}
	return v.T("console.reason.other")
}

// userStatus returns the badge of an account of a person.
func userStatus(v *visit.Visit, n identity.User) block.Badge {
	switch {
	case n.Status == identity.UserBlocked:
		return block.Badge{Tone: block.Warning, Text: v.T("console.user.blocked")}
	case n.MustChange:
		return block.Badge{Tone: block.Info, Text: v.T("console.user.temporary")}
	}
	return block.Badge{Tone: block.Success, Text: v.T("common.active")}
}

// roleNames returns the names of roles.
func roleNames(v *visit.Visit, roles policy.Role) []string {
	keys := roles.Keys()
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = v.T(key)
	}
	return names
}

// partnerTypes are the enrolments that rule A2 knows, by the value of the form.
var partnerTypes = map[string]policy.Org{
	"direct-bill": policy.DirectBill, "indirect-provider": policy.IndirectProvider, "indirect-reseller": policy.IndirectReseller,
	"dual": policy.DirectBill | policy.IndirectReseller,
}

// typeOptions are the choices of an enrolment.
func typeOptions(v *visit.Visit) []block.Option {
	return []block.Option{
		{Value: "direct-bill", Label: v.T("portal.org.direct_bill")},
		{Value: "indirect-provider", Label: v.T("portal.org.indirect_provider")},
		{Value: "indirect-reseller", Label: v.T("portal.org.indirect_reseller")},
		{Value: "dual", Label: v.T("console.partner.dual")},
	}
}

// typeValue is the value of the form for an enrolment.
func typeValue(types policy.Org) string {
	for value, org := range partnerTypes {
		if org == types {
			return value
		}
	}
	return ""
}

// markets are the keys of the names of markets, by their codes (rule A8).
var markets = map[string]string{
	"africa":                             "console.market.africa",
	"asia-pacific":                       "console.market.asia_pacific",
	"australia":                          "console.market.australia",
	"brazil":                             "console.market.brazil",
	"canada":                             "console.market.canada",
	"china":                              "console.market.china",
	"europe":                             "console.market.europe",
	"india":                              "console.market.india",
	"japan":                              "console.market.japan",
	"korea":                              "console.market.korea",
	"latin-america-caribbean":            "console.market.latin_america_caribbean",
	"middle-east-central-eastern-europe": "console.market.middle_east_central_eastern_europe",
	"new-zealand":                        "console.market.new_zealand",
	"taiwan":                             "console.market.taiwan",
	"united-states":                      "console.market.united_states",
}

// market returns the name of a market, and its code when it has none.
func market(v *visit.Visit, code string) string {
	if key, ok := markets[code]; ok {
		return v.T(key)
	}
	return code
}
