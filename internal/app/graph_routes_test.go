package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// graphSamples are those of the directory's interface, whose routes are there
// twice.
var graphSamples = map[string]sample{
	"listDelegatedAdminRelationships":          {action: "gdap.view", query: "$count=true&$top=300"},
	"createDelegatedAdminRelationship":         {action: "gdap.request", write: true, body: newRelationship},
	"getDelegatedAdminRelationship":            {action: "gdap.view", targets: relationshipTargets},
	"updateDelegatedAdminRelationship":         {action: "gdap.end", write: true, body: extending, targets: relationshipTargets},
	"deleteDelegatedAdminRelationship":         {action: "gdap.request", write: true, targets: draftTargets},
	"listDelegatedAdminRelationshipRequests":   {action: "gdap.view", targets: relationshipTargets},
	"createDelegatedAdminRelationshipRequest":  {action: "gdap.request", write: true, body: locking, targets: draftTargets},
	"getDelegatedAdminRelationshipRequest":     {action: "gdap.view", targets: askedTargets},
	"listDelegatedAdminRelationshipOperations": {action: "gdap.view", targets: relationshipTargets},
	"getDelegatedAdminRelationshipOperation":   {action: "gdap.view", targets: operationTargets},
	"listDelegatedAdminAccessAssignments":      {action: "gdap.view", targets: relationshipTargets},
	"createDelegatedAdminAccessAssignment":     {action: "gdap.assign", write: true, body: assigning, targets: relationshipTargets},
	"getDelegatedAdminAccessAssignment":        {action: "gdap.view", targets: assignmentTargets},
	"updateDelegatedAdminAccessAssignment":     {action: "gdap.assign", write: true, body: reassigning, targets: assignmentTargets},
	"deleteDelegatedAdminAccessAssignment":     {action: "gdap.assign", write: true, targets: assignmentTargets},
	"listDelegatedAdminCustomers":              {action: "gdap.view"},
	"getDelegatedAdminCustomer":                {action: "gdap.view", targets: (*house).customerTargets},
	"listServiceManagementDetails":             {action: "gdap.view", targets: (*house).customerTargets},
	"listOrganization":                         {action: "profile.update", may: []string{"900149"}}, // not a partner
	"listGroups":                               {action: "partner.group.view"},
	"listContracts":                            {action: "customer.list"},
	"batch":                                    {body: func(*house, *actor, target) string { return `{"requests":[{"id":"1","method":"GET","url":"nowhere"}]}` }},
}

// delegates reports whether o is a partner with a delegated relationship.
func (o *org) delegates() bool { return o.kind == policy.Partner && len(o.customers) > 0 }

// delegatedBy returns the default relationship of o with its first customer.
func (h *house) delegatedBy(o *org) gdap.Relationship {
	var all []gdap.Relationship
	err := h.Kernel.DB.Read(h.ctx, func(ctx context.Context, t *db.Tx) (err error) {
		all, err = gdap.Of(ctx, t, o.tenant, o.customers[0])
		return err
	})
	if err != nil || len(all) == 0 {
		panic(fmt.Sprint(o.key, " delegates nothing: ", err))
	}
	return all[0]
}

// delegation is what every partner that delegates has from the beginning, for
// others to ask about: by kind of thing, then by organisation.
type delegation map[string]map[*org]string

// delegate makes it.
func (h *house) delegate() {
	h.delegation = delegation{}
	for what, open := range delegated {
		h.delegation[what] = map[*org]string{}
		for _, o := range h.orgs {
			if o.delegates() {
				h.delegation[what][o] = open(h, o)
			}
		}
	}
}

// delegated says how each kind of thing is made.
var delegated = map[string]func(h *house, o *org) string{
	"the relationship": func(h *house, o *org) string { return h.delegatedBy(o).ID },
	"a draft":          func(h *house, o *org) string { return h.drafted(o).ID },
	"a request": func(h *house, o *org) string {
		r := h.drafted(o)
		return r.ID + "/" + must(h, gdap.LockForApproval, o.system(), gdap.Ref{Relationship: r.ID}).ID
	},
	"an assignment": func(h *house, o *org) string {
		made := h.assigned(o)
		return made.Relationship + "/" + made.ID
	},
	"an operation": func(h *house, o *org) string {
		made := h.assigned(o)
		in := gdap.Reassignment{AssignmentRef: gdap.AssignmentRef{Relationship: made.Relationship, Assignment: made.ID}, Roles: gdap.Set{gdap.LicenseAdministrator}}
		return made.Relationship + "/" + must(h, gdap.Reassign, o.system(), in).ID
	},
}

// delegations returns what of a kind there is: of the actor's own organisation a
// new one, which the request may use up, and that of all others.
func delegations(what string) func(h *house, a *actor) []target {
	return func(h *house, a *actor) []target {
		all := []target{{"nobody's", "nothing/nothing", false}}
		if a.org != nil && a.org.delegates() {
			all = append(all, target{what + " of his own", delegated[what](h, a.org), true})
		}
		for o, made := range h.delegation[what] {
			if o != a.org {
				all = append(all, target{what + " of " + o.key, made, false})
			}
		}
		return all
	}
}

var (
	relationshipTargets = delegations("the relationship")
	draftTargets        = delegations("a draft")
	askedTargets        = delegations("a request")
	assignmentTargets   = delegations("an assignment")
	operationTargets    = delegations("an operation")
)

// must is do for what cannot fail.
func must[I, O any](h *house, operation *op.Operation[I, O], a op.Actor, in I) O {
	out, err := do(h, operation, a, in)
	if err != nil {
		panic(err)
	}
	return out
}

// drafted is a request of o that has not been sent.
func (h *house) drafted(o *org) gdap.Relationship {
	h.made++
	in := gdap.New{Name: fmt.Sprintf("Drift %d", h.made), Duration: "P90D", Roles: []gdap.RoleID{gdap.GlobalReader}}
	return must(h, gdap.Create, o.system(), in)
}

// newGroup is a security group of o that has no roles yet.
func (h *house) newGroup(o *org) id.Group {
	h.made++
	return must(h, identity.AddGroup, o.system(), identity.NewGroup{Name: fmt.Sprintf("Grupp %d", h.made)}).ID
}

// assigned is an assignment of a group of o.
func (h *house) assigned(o *org) gdap.Assigned {
	in := gdap.Assignment{Relationship: h.delegatedBy(o).ID, Group: h.newGroup(o), Roles: gdap.Set{gdap.GlobalReader}}
	return must(h, gdap.Assign, o.system(), in)
}

func newRelationship(h *house, _ *actor, _ target) string {
	h.made++
	return encode(map[string]any{
		"displayName": fmt.Sprintf("Drift %d", h.made), "duration": "P90D",
		"accessDetails": map[string]any{"unifiedRoles": []any{map[string]any{"roleDefinitionId": gdap.GlobalReader}}},
	})
}

func extending(*house, *actor, target) string { return `{"autoExtendDuration":"P180D"}` }

func locking(*house, *actor, target) string { return `{"action":"lockForApproval"}` }

func assigning(h *house, a *actor, about target) string {
	group := id.Group("0b5e2f6e-0001-7000-8000-00000000000f")
	if about.own {
		group = h.newGroup(a.org)
	}
	return encode(map[string]any{
		"accessContainer": map[string]any{"accessContainerId": group, "accessContainerType": "securityGroup"},
		"accessDetails":   map[string]any{"unifiedRoles": []any{map[string]any{"roleDefinitionId": gdap.GlobalReader}}},
	})
}

func reassigning(*house, *actor, target) string {
	return encode(map[string]any{"accessDetails": map[string]any{"unifiedRoles": []any{map[string]any{"roleDefinitionId": gdap.LicenseAdministrator}}}})
}

// A token is good where it was issued for, and nowhere else (api-customers.md, 2.2).
func TestATokenForOneInterfaceIsNoneForTheOther(t *testing.T) {
	h := theHouse(t)
	a := h.actor("direct admin-agent")
	for path, token := range map[string]string{
		"/v1.0/tenantRelationships/delegatedAdminRelationships": a.token,
		"/beta/organization": a.token,
		"/v1/customers":      a.directory,
	} {
		if got := h.ask(t, a, call{method: http.MethodGet, path: path, header: map[string]string{"Authorization": "Bearer " + token}}); got.status != http.StatusUnauthorized {
			t.Errorf("%s: %d %.200s", path, got.status, got.body)
		}
	}
}

// offerTargets are a relationship that binds each customer, and none.
func offerTargets(h *house, a *actor) []target {
	all := []target{{"nobody's", "nothing", false}}
	for _, o := range h.orgs {
		if o.kind != policy.Customer {
			continue
		}
		for _, r := range must(h, gdap.OwnList, o.system(), struct{}{})[:1] {
			all = append(all, target{"a relationship of " + o.key, r.ID, a.org == o})
		}
	}
	return all
}

func approving(*house, *actor, target) url.Values { return url.Values{"answer": {"approve"}} }
