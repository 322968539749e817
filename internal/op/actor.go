package op

import (
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// Channels through which a call can come. They are kept with each activity record.
const (
	ViaREST   = "rest"
	ViaGraph  = "graph"
	ViaPortal = "portal"
	ViaCLI    = "cli"
	ViaJob    = "job"
	ViaOAuth  = "oauth"
)

// Actor is who calls, and through which call. The zero value is nobody.
type Actor struct {
	Kind   policy.Kind
	Tenant id.Tenant  // organisation of the actor; for the installation itself, the one it acts for
	Org    policy.Org // enrolment types of a partner
	Roles  policy.Role

	User     id.User // empty for an application without a user
	UserName string
	App      id.App
	// MFA says that the person proved a second factor.
	MFA bool

	// Locale is the language for sentences: "en", "fr" or "sv".
	Locale string
	// Channel is one of the Via constants.
	Channel string
	// Address is the network address of the caller.
	Address string
	// RequestID and CorrelationID name the call in logs and activity records.
	RequestID     string
	CorrelationID string
	// IdempotencyKey is set when the caller chose a request id: the same key
	// with the same input gives the first result again (clients.md, Requests).
	IdempotencyKey string
}

// AppOnly reports whether the actor is an application without a user.
func (a Actor) AppOnly() bool { return a.User == "" && a.App != "" }

// System returns the installation itself acting for tenant, an organisation of
// the types org; both are zero when it acts for none.
func System(tenant id.Tenant, org policy.Org, channel string) Actor {
	return Actor{Kind: policy.System, Tenant: tenant, Org: org, Channel: channel, Locale: "en", UserName: "Comptoir"}
}

func (a Actor) subject() policy.Subject {
	return policy.Subject{Kind: a.Kind, Org: a.Org, Roles: a.Roles, AppOnly: a.AppOnly()}
}
