package policy

// own holds the rows of actions that the specification does not number: what
// the operator does, what everybody does for himself, and what the installation
// needs to work.
var own = []Row{
	Row{Action: "customer.delete", Ref: "own", Orgs: Sellers, App: true}.partner("O", "-", "-", "O", "-", "-"),
	Row{Action: "customer.domain.check", Ref: "own", Orgs: AllOrgs, App: true}.partner("O", "O", "O", "O", "O", "O"),
	Row{Action: "verification.decide", Ref: "own"}.operator("O", "O", "-"),
	Row{Action: "setting.view", Ref: "own"}.operator("O", "O", "O"),
	Row{Action: "setting.update", Ref: "own"}.operator("O", "-", "-"),
	Row{Action: "clock.move", Ref: "own", Orgs: AllOrgs, App: true}.partner("O", "-", "-", "O", "-", "-").operator("O", "-", "-"),
	Row{Action: "partner.enrol", Ref: "own"}.operator("O", "-", "-"),
	Row{Action: "audit.verify", Ref: "own"}.operator("O", "-", "O"),
	Row{Action: "job.view", Ref: "own", Orgs: AllOrgs, Self: true},
}
