package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"comptoir/internal/gdap"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// ownPartners decides who sees the partners of his organisation.
var ownPartners = row{"own.partner.view", false}

// partnersOf are the partners of the reader's own organisation, and others.
func partnersOf(h *house, a *actor) []target {
	all := []target{{"nobody", "00000000-0000-4000-8000-000000000001", false}}
	for _, o := range h.orgs {
		if o.kind != policy.Partner {
			continue
		}
		own := a.org.kind == policy.Customer && slices.ContainsFunc(must(h, relationship.ListOwnPartners, a.org.system(), struct{}{}), func(s relationship.Seller) bool {
			return s.Partner.Tenant == o.tenant
		})
		all = append(all, target{"the partner " + o.key, string(o.tenant), own})
	}
	return all
}

// rolesOf are admin relationships of each customer, under the address of the partner.
func rolesOf(h *house, a *actor) []target {
	all := []target{{"nobody's", "00000000-0000-4000-8000-000000000001/roles/nothing", false}}
	for _, o := range h.orgs {
		if o.kind != policy.Customer {
			continue
		}
		for _, r := range must(h, gdap.OwnList, o.system(), struct{}{})[:1] {
			all = append(all, target{"a relationship of " + o.key, string(r.Partner) + "/roles/" + r.ID, a.org == o})
		}
	}
	return all
}

// askedRoles are those of others, and of the reader's own organisation some that wait
// for an answer: there is nothing to take back yet, and what the house has stays.
func askedRoles(h *house, a *actor) []target {
	all := slices.DeleteFunc(rolesOf(h, a), func(t target) bool { return t.own })
	if a.org.kind != policy.Customer {
		return all
	}
	held := must(h, gdap.OwnList, a.org.system(), struct{}{})[0]
	partner := h.orgs[slices.IndexFunc(h.orgs, func(p *org) bool { return p.tenant == held.Partner })]
	h.made++
	r := must(h, gdap.Create, partner.system(), gdap.New{
		Name: fmt.Sprintf("Fråga %d", h.made), Duration: "P30D", Roles: []gdap.RoleID{gdap.DirectoryReaders}, Customer: a.org.tenant,
	})
	must(h, gdap.LockForApproval, partner.system(), gdap.Ref{Relationship: r.ID})
	return append(all, target{"what it is asked", string(r.Partner) + "/roles/" + r.ID, true})
}

// staleVersion switches nothing: it names a version that was never.
func staleVersion(*house, *actor, target) url.Values {
	return url.Values{"version": {"99"}, "extend": {"off"}}
}

// answering decides who answers invitations.
var answering = row{"own.invitation.answer", false}

// notForPartners is RF-09.
var notForPartners = []int{http.StatusBadRequest}

// invited is the link of a partner that nobody works with.
func invited(h *house, _ *actor, _ target) url.Values {
	return url.Values{"invType": {"ResellerRelationship"}, "partnerId": {string(h.vendor.Tenant)}, "msppId": {"0"}, "DAP": {"false"}}
}

// typedCompany is a company with a street that is a danger to pages.
func typedCompany(*house, *actor, target) url.Values {
	return url.Values{"line1": {"Bredgatan 4 " + payload}, "city": {"Lund"}, "postal-code": {"222 21"}, "address-confirmed": {"yes"}, "go": {"next"}}
}

// unticked accepts nothing: the partner of the link stays without customers.
func unticked(*house, *actor, target) url.Values { return url.Values{"rank": {"1"}, "go": {"next"}} }

// illegible is a reason that is refused.
func illegible(*house, *actor, target) url.Values { return url.Values{"reason": {"\x01"}} }
