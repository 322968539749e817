package identity

import (
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// TenantKind says what an organisation is (rule A1).
type TenantKind string

// The kinds of organisations. There is one operator in an installation.
const (
	PartnerTenant  TenantKind = "partner"
	CustomerTenant TenantKind = "customer"
	OperatorTenant TenantKind = "operator"
)

// actorKind returns the kind of actors that belong to an organisation of kind k.
func (k TenantKind) actorKind() policy.Kind {
	switch k {
	case PartnerTenant:
		return policy.Partner
	case CustomerTenant:
		return policy.Customer
	case OperatorTenant:
		return policy.Operator
	}
	return policy.Nobody
}

// Roles returns the roles that people of an organisation of kind k can have.
func (k TenantKind) Roles() policy.Role {
	switch k {
	case PartnerTenant:
		return policy.GlobalAdmin | policy.UserAdmin | policy.BillingAdmin | policy.AdminAgent | policy.SalesAgent | policy.HelpdeskAgent
	case CustomerTenant:
		return policy.CustomerAdmin | policy.CustomerBillingAdmin | policy.CustomerUser
	case OperatorTenant:
		return policy.OperatorAdmin | policy.OperatorReviewer | policy.OperatorSupport
	}
	return 0
}

// admin returns the role of which an organisation of kind k may not lose the
// last holder (rule A13).
func (k TenantKind) admin() policy.Role {
	switch k {
	case PartnerTenant:
		return policy.GlobalAdmin
	case CustomerTenant:
		return policy.CustomerAdmin
	}
	return policy.OperatorAdmin
}

// Tenant is an organisation.
type Tenant struct {
	ID            id.Tenant
	Kind          TenantKind
	Name          string // the live organisation name (rule C32)
	Country       string // ISO 3166-1 alpha-2
	Language      string // "en", "fr" or "sv"; "" when unknown
	DefaultDomain string
	Users         int64 // not counting deleted ones
	CreatedAt     time.Time
}

// Domain is a domain of an organisation.
type Domain struct {
	Name      string
	Tenant    id.Tenant
	Initial   bool // the one that the organisation was created with
	Federated bool // its users sign in elsewhere; none can be added here
	CreatedAt time.Time
}

// PartnerStatus is where a partner stands with the operator (rule A7).
type PartnerStatus string

// The statuses of a partner.
const (
	PartnerPending    PartnerStatus = "pending"
	PartnerActive     PartnerStatus = "active"
	PartnerRestricted PartnerStatus = "restricted"
	PartnerSuspended  PartnerStatus = "suspended"
	PartnerRejected   PartnerStatus = "rejected"
	PartnerClosed     PartnerStatus = "closed"
)

// SuspensionReason is a cause of a suspension that rule A7 has recorded.
type SuspensionReason string

// The causes.
const (
	ReasonAbuse    SuspensionReason = "abuse"
	ReasonProfile  SuspensionReason = "profile"             // the profile failed or was rejected
	ReasonOverdue  SuspensionReason = "overdue"             // a bill more than 60 days overdue
	ReasonProvider SuspensionReason = "provider_operations" // operations of its provider; indirect resellers only
	ReasonOther    SuspensionReason = "other"
)

// SuspensionReasons returns the causes for which a partner of these types can be
// suspended.
func SuspensionReasons(types policy.Org) []SuspensionReason {
	all := []SuspensionReason{ReasonAbuse, ReasonProfile, ReasonOverdue, ReasonOther}
	if types&policy.IndirectReseller != 0 {
		all = append(all, ReasonProvider)
	}
	return all
}

// ParsePartnerStatus returns the status called s.
func ParsePartnerStatus(s string) (PartnerStatus, bool) {
	switch p := PartnerStatus(s); p {
	case PartnerPending, PartnerActive, PartnerRestricted, PartnerSuspended, PartnerRejected, PartnerClosed:
		return p, true
	}
	return "", false
}

// Partner is the enrolment of a partner organisation (rules A2, A7, A8).
type Partner struct {
	Tenant      id.Tenant
	Name        string
	Country     string
	Domain      string
	Types       policy.Org
	Status      PartnerStatus
	StatusCause string // why it is restricted, suspended, rejected or closed
	// StatusReason is the recorded cause of a suspension (rule A7), "" otherwise.
	StatusReason SuspensionReason
	Market       string // see country-rules.json
	PartnerID    string // the number that other partners know it by
	MPASignedAt  time.Time
	MPASignedBy  id.User
	EnrolledAt   time.Time
	// Registrar says that it registers domains, and so may give its customers
	// verified ones.
	Registrar bool
}

// ErrPartnerNotEnrolled refuses a partner whose enrolment the operator has not
// finished, or has ended (rule A7).
var ErrPartnerNotEnrolled = fault.New(fault.Forbidden, "900149", "identity.partner.not_enrolled")

// MaySell returns nil when p may take up new business: it is active and has
// signed its partner agreement. Otherwise it returns the refusal of rule A7:
// RF-06 without the agreement, RF-43 while restricted or suspended.
func (p Partner) MaySell() error {
	switch p.Status {
	case PartnerActive:
	case PartnerRestricted, PartnerSuspended:
		return refusal.RF43
	default:
		return ErrPartnerNotEnrolled
	}
	return p.signed()
}

// MayManage returns nil when p may go on with what it has sold before:
// restricted and suspended partners may (rule A7). Otherwise it returns RF-06
// or a refusal that says that the partner is not enrolled.
func (p Partner) MayManage() error {
	switch p.Status {
	case PartnerActive, PartnerRestricted, PartnerSuspended:
		return p.signed()
	}
	return ErrPartnerNotEnrolled
}

func (p Partner) signed() error {
	if p.MPASignedAt.IsZero() {
		return refusal.RF06
	}
	return nil
}

// partnerTypes lists the enrolment types with their names on the command line.
var partnerTypes = []struct {
	org  policy.Org
	name string
}{
	{policy.DirectBill, "direct-bill"},
	{policy.IndirectProvider, "indirect-provider"},
	{policy.IndirectReseller, "indirect-reseller"},
}

// ParsePartnerTypes returns the enrolment types called names. A partner has
// one, or two as "dual": direct-bill and indirect reseller (rule A2).
func ParsePartnerTypes(names ...string) (policy.Org, bool) {
	var types policy.Org
	for _, name := range names {
		found := false
		for _, t := range partnerTypes {
			if t.name == name {
				types, found = types|t.org, true
			}
		}
		if !found {
			return 0, false
		}
	}
	return types, validTypes(types)
}

// PartnerTypeNames is the inverse of ParsePartnerTypes.
func PartnerTypeNames(types policy.Org) []string {
	var names []string
	for _, t := range partnerTypes {
		if types&t.org != 0 {
			names = append(names, t.name)
		}
	}
	return names
}

// validTypes reports whether types is a combination that rule A2 knows.
func validTypes(types policy.Org) bool {
	switch types {
	case policy.DirectBill, policy.IndirectProvider, policy.IndirectReseller, policy.DirectBill | policy.IndirectReseller:
		return true
	}
	return false
}

// ParseDomain returns s as a domain name in lower case and whether it is one:
// at least two labels of letters, digits and hyphens.
func ParseDomain(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 {
		return "", false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "", false
		}
	}
	return s, true
}
