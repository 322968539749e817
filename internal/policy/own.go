package policy

// own holds the rows of actions that the specification does not number: what
// the operator does, what everybody does for himself, and what the installation
// needs to work.
var own = []Row{
	Row{Action: "customer.delete", Ref: "own", Orgs: Sellers, App: true}.partner("O", "-", "-", "O", "-", "-"),
	Row{Action: "customer.domain.check", Ref: "own", Orgs: AllOrgs, App: true}.partner("O", "O", "O", "O", "O", "O"),
	Row{Action: "agreement.template.view", Ref: "own"}.operator("O", "O", "O"),
	Row{Action: "agreement.template.update", Ref: "own"}.operator("O", "-", "-"),
	Row{Action: "partner.agreement.view", Ref: "own", Orgs: AllOrgs}.partner("O", "O", "O", "O", "O", "O"),
	{Action: "agreement.open", Ref: "own", Anyone: true},
	Row{Action: "verification.decide", Ref: "own"}.operator("O", "O", "-"),
	Row{Action: "setting.view", Ref: "own"}.operator("O", "O", "O"),
	Row{Action: "setting.update", Ref: "own"}.operator("O", "-", "-"),
	Row{Action: "clock.move", Ref: "own", Orgs: AllOrgs, App: true}.partner("O", "-", "-", "O", "-", "-").operator("O", "-", "-"),
	Row{Action: "partner.enrol", Ref: "own"}.operator("O", "-", "-"),
	Row{Action: "partner.list", Ref: "own"}.operator("O", "O", "O"),
	Row{Action: "partner.group.view", Ref: "own", Orgs: AllOrgs, App: true}.partner("O", "O", "-", "O", "O", "O").operator("O", "O", "O"),
	Row{Action: "partner.group.update", Ref: "own", Orgs: AllOrgs}.partner("O", "O", "-", "-", "-", "-").operator("O", "-", "-"),
	Row{Action: "partner.application.grant", Ref: "own", Orgs: AllOrgs}.partner("D", "-", "-", "-", "-", "-").customer("D", "-", "-"),
	{Action: "operator.create", Ref: "own"},
	{Action: "identity.resolve", Ref: "own", Anyone: true},
	{Action: "identity.tidy", Ref: "own"},
	{Action: "signin", Ref: "own", Anyone: true},
	Row{Action: "audit.verify", Ref: "own"}.operator("O", "-", "O"),
	Row{Action: "audit.view", Ref: "own"}.operator("O", "-", "O"),
	{Action: "audit.seal", Ref: "own"},
	{Action: "job.view", Ref: "own", Orgs: AllOrgs, Self: true},
	{Action: "job.cancel", Ref: "own", Orgs: AllOrgs, Self: true},
	Row{Action: "job.inspect", Ref: "own"}.operator("O", "O", "O"),
	Row{Action: "job.manage", Ref: "own"}.operator("O", "-", "O"),
	{Action: "job.run", Ref: "own"},
	{Action: "notice.view", Ref: "own", Orgs: AllOrgs, Self: true},
	{Action: "notice.update", Ref: "own", Orgs: AllOrgs, Self: true},
	Row{Action: "mail.view", Ref: "own"}.operator("O", "-", "O"),
	Row{Action: "mail.resend", Ref: "own"}.operator("O", "-", "O"),
}
