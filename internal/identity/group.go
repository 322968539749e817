package identity

import (
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// Group is a security group of an organisation. Delegated roles are given to
// groups, never to people (section f of the rules).
type Group struct {
	Tenant      id.Tenant
	ID          id.Group
	Name        string
	Description string
	Role        policy.Role // when not 0, everybody with the role is a member and nobody else
	CreatedAt   time.Time
}

// Member is a direct member of a group.
type Member struct {
	User    id.User  // one of the two is set
	Group   id.Group // a group within the group
	Name    string   // display name of the person, name of the group
	AddedAt time.Time
}

// Refusals about groups.
var (
	ErrGroupUnknown   = fault.New(fault.NotFound, "1000", "identity.group.unknown")
	ErrGroupName      = fault.New(fault.Invalid, "27002", "identity.group.name")    // argument Max
	ErrGroupNameTaken = fault.New(fault.Conflict, "1003", "identity.group.taken")   // argument Name
	ErrGroupByRole    = fault.New(fault.Conflict, "1003", "identity.group.by_role") // its members follow from a role
	ErrGroupCycle     = fault.New(fault.Conflict, "1003", "identity.group.cycle")   // it would contain itself
	ErrMemberAlready  = fault.New(fault.Conflict, "1003", "identity.group.already")
	ErrMemberUnknown  = fault.New(fault.NotFound, "1000", "identity.group.no_member")
)

// groupNameMax is the longest name of a group, in characters, and groupTextMax
// what is kept of its description, in bytes.
const (
	groupNameMax = 120
	groupTextMax = 1000
)

// agentGroups are the groups that every partner has from its enrolment on; the
// forms of delegated administration preselect the first (rule E5).
var agentGroups = []struct {
	name string
	role policy.Role
}{
	{"Admin agents", policy.AdminAgent},
	{"Helpdesk agents", policy.HelpdeskAgent},
	{"Sales agents", policy.SalesAgent},
}
