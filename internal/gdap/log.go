package gdap

import (
	"context"
	"time"

	"comptoir/internal/op"
)

// The names of activity records (rules.md, section k) and of the events that
// others hear of (api-customers.md, 18.3).
const (
	logApproved             = "granular_admin_relationship_approved"
	logActivated            = "granular_admin_relationship_activated"
	logTerminationRequested = "granular_admin_relationship_termination_requested"
	logTerminated           = "granular_admin_relationship_terminated"
	logExpired              = "granular_admin_relationship_expired"
	logCleanedUp            = "granular_admin_relationship_cleaned_up"
	logUpdated              = "granular_admin_relationship_updated"

	eventApproved   = "granular-admin-relationship-approved"
	eventActivated  = "granular-admin-relationship-activated"
	eventTerminated = "granular-admin-relationship-terminated"
	eventExpired    = "granular-admin-relationship-expired"
	eventExpiring   = "granular-admin-relationship-expiring" // ours: the notices of rule F11
)

// said is which record and which event belong to a status that is entered.
var said = map[Status]struct{ record, event string }{
	Approved:             {logApproved, eventApproved},
	Active:               {logActivated, eventActivated},
	TerminationRequested: {record: logTerminationRequested},
	Terminated:           {logTerminated, eventTerminated},
	Expired:              {logExpired, eventExpired},
}

// Told is what the events about a relationship tell.
type Told struct {
	PartnerName  string
	CustomerName string
	Name         string // of the relationship
	Roles        string
	Approver     string
	ActivatedAt  time.Time
	EndsAt       time.Time
	Days         int  // until it ends, of eventExpiring
	Extends      bool // it goes on by itself
	Answered     bool // the customer approved it once
	Declined     bool // the customer, or the reseller asked to agree, said no
}

// resource is the path of r in events.
func (r Relationship) resource() string { return "/granularAdminRelationships/" + r.ID }

// logged is how the log keeps r.
func (r Relationship) logged() map[string]any {
	v := map[string]any{
		"Id": r.ID, "DisplayName": r.Name, "Status": r.Status, "Duration": r.Duration, "AutoExtendDuration": r.AutoExtend,
		"AccessDetails": r.Roles.logged(),
		"Customer":      map[string]any{"TenantId": r.Customer, "OrganizationDisplayName": r.CustomerName},
	}
	if !r.EndsAt.IsZero() {
		v["EndDateTime"] = r.EndsAt
	}
	return v
}

// logged is how the log keeps the roles of s.
func (s Set) logged() map[string]any {
	roles := make([]map[string]any, len(s))
	for i, role := range s {
		roles[i] = map[string]any{"RoleDefinitionId": role, "DisplayName": roleByID[role].Name}
	}
	return map[string]any{"UnifiedRoles": roles}
}

// record writes to the partner's log what was done to r, and to the customer's
// when the customer did it.
func (r Relationship) record(ctx context.Context, u *op.Unit, operation string, old any) error {
	line := op.Record{
		Operation: operation, Resource: "granular_admin_relationship", Customer: r.Customer, CustomerName: r.CustomerName,
		Old: old, New: r.logged(), Data: map[string]string{"RelationshipName": r.Name},
	}
	if u.Actor.Tenant != "" && u.Actor.Tenant == r.Customer {
		if err := u.Record(ctx, line); err != nil {
			return err
		}
	}
	line.Tenant = r.Partner
	return u.Record(ctx, line)
}

// emit tells others of r. It refers to the last record.
func (r Relationship) emit(ctx context.Context, u *op.Unit, event string, told Told) error {
	return u.Emit(ctx, op.Event{Name: event, Tenant: r.Partner, Customer: r.Customer, Resource: r.resource(), Payload: told})
}

// told is what events tell of r.
func (r Relationship) told(partnerName string) Told {
	return Told{
		PartnerName: partnerName, CustomerName: r.CustomerName, Name: r.Name, Roles: r.Roles.list(), Approver: r.ApprovedBy,
		ActivatedAt: r.ActivatedAt, EndsAt: r.EndsAt, Extends: r.Permanent(), Answered: !r.ActivatedAt.IsZero(),
	}
}
