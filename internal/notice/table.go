package notice

import (
	"cmp"

	"comptoir/internal/lang"
	"comptoir/internal/place"
)

// The pages of the portal that notices lead to.
const (
	customersPage      = "/customers"
	verificationsPage  = "/operator/verifications"
	qualificationsPage = "/operator/qualifications"
	importsPage        = "/imports"
	preferencesPage    = "/notifications/preferences"
)

func accountPage(f Facts) string { return customersPage + "/" + f[factCustomerID] + "/account" }
func casePage(f Facts) string {
	return verificationsPage + "/" + f[factTenant] + "/" + f[factCustomerID]
}
func importPage(f Facts) string       { return importsPage + "/" + f["Import"] }
func batchPage(f Facts) string        { return "/customers/admin-relationships/bulk/" + f["Batch"] }
func customerHome(Facts) string       { return "/admin" }
func qualificationsList(Facts) string { return qualificationsPage }
func customersList(Facts) string      { return customersPage }
func invitationsList(Facts) string    { return customersPage + "/invitations" }
func resellersList(Facts) string      { return "/indirect-resellers" }
func failed(f Facts) bool             { return f["Stage"] == "failed" }
func ended(f Facts) bool              { return f["Stage"] != "failed" && f["DryRun"] != "true" }
func rehearsed(f Facts) bool          { return f["Stage"] != "failed" && f["DryRun"] == "true" }
func is(name, value string) func(Facts) bool {
	return func(f Facts) bool { return f[name] == value }
}

// rows is the table of rules.md, section l. N1, N3 and N9 are sent by the partner
// itself, N13, N14 and N17 are told to nobody, N18 is an action (Actions), and
// N15 and N16 come with what they are about.
var rows = []Row{
	{
		Kind: "verification.opened", Number: "N7", Event: "verification-opened", If: is("Status", "UnderReview"), Category: Verification,
		To: []audience{submitter, adminAgents, salesAgents}, Gather: true,
		Title: "notice.verification.opened", Many: "notice.verification.opened_many", Text: "notice.verification.opened_text",
		Path: accountPage, ManyPath: customersPage + "?status=UnderReview",
	},
	{
		Kind: "verification.queued", Number: "N7", Event: "verification-opened", If: is("Status", "UnderReview"), Category: Requests,
		To: []audience{reviewers}, Gather: true,
		Title: "notice.verification.queued", Many: "notice.verification.queued_many", Path: casePage, ManyPath: verificationsPage,
	},
	{
		Kind: "verification.overdue", Number: "N7", Event: "verification-overdue", Category: Verification, Tone: Warning,
		To: []audience{submitter, adminAgents, salesAgents}, Gather: true,
		Title: "notice.verification.overdue", Many: "notice.verification.overdue_many", Text: "notice.verification.overdue_text",
		Path: accountPage, ManyPath: customersPage + "?status=UnderReview",
	},
	{
		Kind: "verification.late", Number: "N7", Event: "verification-overdue", Category: Requests, Tone: Warning,
		To: []audience{operators}, Gather: true,
		Title: "notice.verification.late", Many: "notice.verification.late_many", Path: casePage, ManyPath: verificationsPage,
	},
	{
		Kind: "verification.approved", Number: "N7", Event: "verification-decided", If: is("Status", "Allowed"), Category: Verification, Tone: Success,
		To: []audience{submitter, adminAgents, salesAgents}, Mail: true, Gather: true,
		Title: "notice.verification.approved", Many: "notice.verification.approved_many", Text: "notice.verification.approved_text",
		Path: accountPage, ManyPath: customersPage, Link: "notice.link.account", Facts: customerFacts,
	},
	{
		Kind: "verification.rejected", Number: "N7", Event: "verification-decided", If: is("Status", "NotAllowed"), Category: Verification, Tone: Danger,
		To: []audience{submitter, adminAgents, salesAgents}, Mail: true,
		Title: "notice.verification.rejected", Text: "notice.verification.rejected_text", Words: reason,
		Path: accountPage, Link: "notice.link.account", Facts: rejectionFacts,
	},
	{
		Kind: "verification.asked", Number: "N7", Event: "verification-asked", Category: Requests, Tone: Warning,
		To: []audience{submitter, adminAgents, salesAgents}, Mail: true,
		Title: "notice.verification.asked", Text: "notice.verification.asked_text", Path: accountPage, Link: "notice.link.answer", Facts: customerFacts,
	},
	{
		Kind: "verification.answered", Number: "N7", Event: "verification-answered", Category: Requests,
		To: []audience{reviewers}, Title: "notice.verification.answered", Path: casePage,
	},
	{
		Kind: "verification.reminded", Number: "N7", Event: "verification-reminded", Category: Requests, Tone: Warning,
		To: []audience{operators}, Title: "notice.verification.reminded", Path: casePage,
	},
	{
		Kind: "agreement.attested", Number: "N6", Event: "agreement-attested", Category: Agreements, Tone: Info,
		To: []audience{contact}, Mail: true,
		Title: "notice.agreement.attested", Text: "notice.agreement.attested_text", Words: attestation, Facts: attestationFacts,
	},
	{
		Kind: "agreement.accepted", Number: "AG5", Event: "agreement-accepted", Category: Agreements, Tone: Success,
		To: []audience{adminAgents, salesAgents}, Mail: true, Gather: true,
		Title: "notice.agreement.accepted", Many: "notice.agreement.accepted_many", Path: accountPage, ManyPath: customersPage,
		Link: "notice.link.account", Facts: customerFacts,
	},
	{
		Kind: "agreement.published", Number: "AG8", Event: "agreement-due", If: is("Stage", "published"), Category: Agreements,
		To: []audience{adminAgents, salesAgents}, Mail: true,
		Title: "notice.agreement.published", Text: "notice.agreement.due_text", Words: dueWords, Path: customersList, Link: "notice.link.customers",
	},
	{
		Kind: "agreement.coming", Number: "AG8", Event: "agreement-due", If: is("Stage", "coming"), Category: Agreements, Tone: Warning,
		To: []audience{adminAgents, salesAgents}, Mail: true,
		Title: "notice.agreement.coming", Text: "notice.agreement.due_text", Words: dueWords, Path: customersList, Link: "notice.link.customers",
	},
	{
		Kind: "agreement.enforced", Number: "AG8", Event: "agreement-due", If: is("Stage", "enforced"), Category: Agreements, Tone: Warning,
		To: []audience{adminAgents, salesAgents}, Mail: true,
		Title: "notice.agreement.enforced", Text: "notice.agreement.enforced_text", Words: dueWords, Path: customersList, Link: "notice.link.customers",
	},
	{
		Kind: "qualification.queued", Number: "V-3", Event: "qualification-opened", Category: Requests,
		To: []audience{reviewers}, Gather: true,
		Title: "notice.qualification.queued", Many: "notice.qualification.queued_many", Path: qualificationsList, ManyPath: qualificationsPage,
	},
	{
		Kind: "qualification.approved", Number: "N8", Event: "qualification-decided", If: is("Vetting", "Approved"), Category: Qualification, Tone: Success,
		To: []audience{submitter, adminAgents, salesAgents}, Mail: true,
		Title: "notice.qualification.approved", Path: accountPage, Link: "notice.link.account", Facts: customerFacts,
	},
	{
		Kind: "qualification.denied", Number: "N8", Event: "qualification-decided", If: is("Vetting", "Denied"), Category: Qualification, Tone: Danger,
		To: []audience{submitter, adminAgents, salesAgents}, Mail: true,
		Title: "notice.qualification.denied", Text: "notice.qualification.denied_text",
		Words: func(_ *lang.Printer, f Facts) []any { return []any{"Reason", f["Reason"]} },
		Path:  accountPage, Link: "notice.link.account", Facts: customerFacts,
	},
	{
		Kind: "relationship.accepted", Number: "N2", Event: "reseller-relationship-accepted-by-customer", Category: Relationships, Tone: Success,
		To: []audience{submitter, adminAgents}, Mail: true,
		Title: "notice.relationship.accepted", Path: accountPage, Link: "notice.link.account", Facts: customerFacts,
	},
	{
		Kind: "relationship.accepted_indirect", Number: "N2", Event: "indirect-reseller-relationship-accepted-by-customer", Category: Relationships, Tone: Success,
		To: []audience{submitter, adminAgents}, Mail: true,
		Title: "notice.relationship.accepted", Path: accountPage, Link: "notice.link.account", Facts: customerFacts,
	},
	{
		Kind: "relationship.declined", Number: "N2", Event: "relationship-declined", Category: Relationships, Tone: Warning,
		To: []audience{submitter, adminAgents}, Mail: true,
		Title: "notice.relationship.declined", Text: "notice.relationship.declined_text",
		Words: func(_ *lang.Printer, f Facts) []any { return []any{"Reason", cmp.Or(f["Reason"], "–")} },
		Path:  invitationsList, Link: "notice.link.open", Facts: customerFacts,
	},
	{
		Kind: "relationship.removed", Number: "N5", Event: "relationship-removed", Category: Relationships,
		To:    []audience{globalAdmins, adminAgents, salesAgents},
		Title: "notice.relationship.removed", Words: who, Path: customersList,
	},
	{
		Kind: "partnership.accepted", Number: "N4", Event: "partnership-accepted", Category: Relationships, Tone: Success,
		To: []audience{globalAdmins}, Mail: true, Title: "notice.partnership.accepted", Text: "notice.partnership.accepted_text",
		Words: func(_ *lang.Printer, f Facts) []any { return []any{"Reseller", f["Reseller"]} },
		Path:  resellersList, Link: "notice.link.open",
	},
	{
		Kind: "delegation.approved", Number: "N10", Event: "granular-admin-relationship-approved", Category: Delegation, Tone: Success,
		To: []audience{adminAgents}, Mail: true, Title: "notice.delegation.approved", Path: accountPage, Link: "notice.link.account", Facts: delegationFacts,
	},
	{
		Kind: "delegation.granted", Number: "N10", Event: "granular-admin-relationship-approved", Category: Delegation, Tone: Info,
		To: []audience{customers}, Mail: true, Title: "notice.delegation.granted", Words: partnerName, Path: customerHome, Link: "notice.link.open", Facts: delegationFacts,
	},
	{
		Kind: "delegation.expiring", Number: "N11", Event: "granular-admin-relationship-expiring", Category: Delegation, Tone: Warning,
		To: []audience{adminAgents}, Mail: true, Title: "notice.delegation.expiring", Text: "notice.delegation.expiring_text", Words: endWords,
		Path: accountPage, Link: "notice.link.account", Facts: delegationFacts,
	},
	{
		Kind: "delegation.running_out", Number: "N11", Event: "granular-admin-relationship-expiring", Category: Delegation, Tone: Info,
		To: []audience{customers}, Mail: true, Title: "notice.delegation.running_out", Text: "notice.delegation.expiring_text", Words: endWords,
		Path: customerHome, Link: "notice.link.open", Facts: delegationFacts,
	},
	{
		Kind: "delegation.expired", Number: "N11", Event: "granular-admin-relationship-expired", If: is("Answered", "true"), Category: Delegation, Tone: Warning,
		To: []audience{adminAgents}, Mail: true, Title: "notice.delegation.expired", Text: "notice.delegation.ended_text",
		Path: accountPage, Link: "notice.link.account", Facts: delegationFacts,
	},
	{
		Kind: "delegation.ran_out", Number: "N11", Event: "granular-admin-relationship-expired", If: is("Answered", "true"), Category: Delegation, Tone: Info,
		To: []audience{customers}, Mail: true, Title: "notice.delegation.ran_out", Text: "notice.delegation.withdrawn_text", Words: partnerName,
		Path: customerHome, Link: "notice.link.open", Facts: delegationFacts,
	},
	{
		Kind: "delegation.lapsed", Number: "N11", Event: "granular-admin-relationship-expired", If: is("Answered", "false"), Category: Delegation, Tone: Warning,
		To: []audience{adminAgents}, Title: "notice.delegation.lapsed", Text: "notice.delegation.lapsed_text", Words: requestName, Path: customersList,
	},
	{
		Kind: "delegation.declined", Number: "N12", Event: "granular-admin-relationship-terminated", If: is("Declined", "true"), Category: Delegation, Tone: Warning,
		To: []audience{adminAgents}, Title: "notice.delegation.declined", Words: requestName, Path: customersList,
	},
	{
		Kind: "delegation.ended", Number: "N12", Event: "granular-admin-relationship-terminated", If: is("Answered", "true"), Category: Delegation, Tone: Warning,
		To: []audience{adminAgents}, Mail: true, Title: "notice.delegation.ended", Text: "notice.delegation.ended_text", Path: accountPage, Link: "notice.link.account", Facts: customerFacts,
	},
	{
		Kind: "delegation.withdrawn", Number: "N12", Event: "granular-admin-relationship-terminated", If: is("Answered", "true"), Category: Delegation, Tone: Info,
		To: []audience{customers}, Mail: true, Title: "notice.delegation.withdrawn", Text: "notice.delegation.withdrawn_text", Words: partnerName, Path: customerHome, Link: "notice.link.open",
	},
	{
		Kind: "import.ended", Number: "N19", Event: "customer-import-ended", If: ended, Category: Jobs, Tone: Success,
		To: []audience{starter}, Title: "notice.import.ended", Text: "notice.import.ended_text", Words: importWords, Path: importPage,
	},
	{
		Kind: "import.rehearsed", Number: "N19", Event: "customer-import-ended", If: rehearsed, Category: Jobs,
		To: []audience{starter}, Title: "notice.import.rehearsed", Text: "notice.import.rehearsed_text", Words: importWords, Path: importPage,
	},
	{
		Kind: "import.failed", Number: "N19", Event: "customer-import-ended", If: failed, Category: Jobs, Tone: Danger,
		To: []audience{starter}, Title: "notice.import.failed", Text: "notice.import.failed_text", Words: importWords, Path: importPage,
	},
	{
		Kind: "delegation.batch", Number: "N19", Event: "granular-admin-batch-ended", Category: Jobs, Tone: Success,
		To: []audience{starter}, Title: "notice.delegation.batch", Text: "notice.delegation.batch_text", Words: batchWords, Path: batchPage,
	},
}

// who names the person who did it.
func who(_ *lang.Printer, f Facts) []any { return []any{"Who", f[factWho]} }

// partnerName names the partner to its customer.
func partnerName(_ *lang.Printer, f Facts) []any { return []any{"Partner", f["PartnerName"]} }

// importWords are the numbers of an import.
func importWords(_ *lang.Printer, f Facts) []any {
	return []any{"File", f["File"], "Created", f.number("Created"), "Exists", f.number("Exists"), "Refused", f.number("Refused")}
}

// batchWords are the numbers of a file of admin relationships.
func batchWords(_ *lang.Printer, f Facts) []any {
	return []any{"File", f["File"], "Made", f.number("Made"), "Known", f.number("Known"), "Refused", f.number("Refused")}
}

// attestation are the words of rule AG7: partner, date and person.
func attestation(_ *lang.Printer, f Facts) []any {
	return []any{"Partner", f["PartnerName"], "Date", f.day("AgreedAt"), "Person", attestingPerson(f)}
}

// dueWords are those of a version that customers have to accept (rule AG8).
func dueWords(p *lang.Printer, f Facts) []any {
	country := ""
	if c, ok := place.World().Country(f["Country"]); ok {
		country = c.Name(p.Tag())
	}
	return []any{
		"Version", f["Version"], "Date", f.day("EnforcedAt"), "When", p.N("notice.in_days", f.number("Days")),
		"Concerned", p.N("notice.agreement.concerned", f.number("Customers"), "Country", country),
	}
}

func attestingPerson(f Facts) string { return f["Person.FirstName"] + " " + f["Person.LastName"] }

func attestationFacts(p *lang.Printer, f Facts) [][2]string {
	return [][2]string{
		{p.T("notice.fact.customer"), f[factCustomer]},
		{p.T("notice.fact.partner"), f["PartnerName"]},
		{p.T("notice.fact.person"), attestingPerson(f)},
		{p.T("notice.fact.agreed"), p.T("notice.fact.day", "Day", f.day("AgreedAt"))},
		{p.T("notice.fact.version"), f["Version"]},
	}
}

// customerFacts tell which customer it is about.
func customerFacts(p *lang.Printer, f Facts) [][2]string {
	return [][2]string{{p.T("notice.fact.customer"), f[factCustomer]}, {p.T("portal.tenant_id"), f[factCustomerID]}, {p.T("notice.fact.by"), f["By"]}}
}

func rejectionFacts(p *lang.Printer, f Facts) [][2]string {
	why := reasonKey(f["Reason"])
	return append(customerFacts(p, f), [2]string{p.T("notice.fact.reason"), p.T(why)}, [2]string{p.T("notice.fact.words"), f["Text"]})
}

// reason is why a reviewer rejected an account (rule C25).
func reason(p *lang.Printer, f Facts) []any {
	why := reasonKey(f["Reason"])
	return []any{"Reason", p.T(why)}
}

func reasonKey(reason string) string {
	switch reason {
	case "name_mismatch":
		return "portal.reason.name_mismatch"
	case "address_mismatch":
		return "portal.reason.address_mismatch"
	case "registration_mismatch":
		return "portal.reason.registration_mismatch"
	case "not_found":
		return "portal.reason.not_found"
	case "test_data":
		return "portal.reason.test_data"
	case "duplicate":
		return "portal.reason.duplicate"
	case "suspected_fraud":
		return "portal.reason.suspected_fraud"
	case "sanction":
		return "portal.reason.sanction"
	}
	return "portal.reason.other"
}
