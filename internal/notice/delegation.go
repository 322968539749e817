package notice

import "comptoir/internal/lang"

// requestName names a request for delegated roles.
func requestName(_ *lang.Printer, f Facts) []any { return []any{"Name", f["Name"]} }

// endWords say when delegated roles end and what comes then (rule F11).
func endWords(p *lang.Printer, f Facts) []any {
	then := "notice.delegation.stops"
	if f["Extends"] == "true" {
		then = "notice.delegation.goes_on"
	}
	return []any{"Partner", f["PartnerName"], "When", p.N("notice.in_days", f.number("Days")), "Then", p.T(then)}
}

// delegationFacts tell both sides what was agreed (rule F6).
func delegationFacts(p *lang.Printer, f Facts) [][2]string {
	return [][2]string{
		{p.T("notice.fact.customer"), f[factCustomer]},
		{p.T("notice.fact.partner"), f["PartnerName"]},
		{p.T("notice.fact.delegation"), f["Name"]},
		{p.T("notice.fact.roles"), f["Roles"]},
		{p.T("notice.fact.approver"), f["Approver"]},
		{p.T("notice.fact.ends"), p.T("notice.fact.day", "Day", f.day("EndsAt"))},
	}
}
