package portal_test

import (
	"net/http"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
)

// C31, F8, J1, E31: the page says step by step why a person can see a company in full,
// or why not, and agrees with what happens when the person tries.
func TestThePageSaysWhyAPersonReachesACustomer(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	path := "/customers/" + string(c.ID) + "/access"
	person := w.people["direct helpdesk-agent"]
	asks := "?user=" + string(person.ID) + "&purpose=details"
	admin := w.reads("direct global-admin")
	hold := func(when string, reaches bool) {
		t.Helper()
		full := do(w, customer.Get, w.actor("direct helpdesk-agent"), customer.Ref{ID: c.ID}).Company.Full
		if full != reaches {
			t.Fatalf("%s: the person sees the company in full: %t", when, full)
		}
		says := "not possible"
		if reaches {
			says = "all conditions are met"
		}
		admin.get(path+asks).is(http.StatusOK).says("main", "Élodie Åkerström", says)
	}
	hold("without a group", false)
	admin.get(path+asks).says("#steps", "Give a group one of these roles: Global Administrator, Directory Readers", "Default_", "There is no such group yet", "Approved")

	r := w.held(c, "Service desk")
	inner, outer := w.team("Night watch", "direct billing-admin"), w.team("Everybody", "direct billing-admin")
	do(w, gdap.Assign, w.actor("direct admin-agent"), gdap.Assignment{Relationship: r.ID, Group: outer, Roles: gdap.Set{gdap.DirectoryReaders}})
	w.work()
	hold("before the person is in the group", false)
	admin.get(path+asks).says("#steps", "Add the person to one of these groups: Everybody (Directory Readers)")

	// Through a group within the group.
	do(w, identity.AddMember, w.actor("direct global-admin"), identity.Membership{Group: outer, NestedGroup: inner})
	do(w, identity.AddMember, w.actor("direct global-admin"), identity.Membership{Group: inner, User: person.ID})
	hold("in a group within the group", true)
	admin.get(path+"?user="+string(person.ID)+"&purpose=delete-user").says("main", "not possible", "Give a group one of these roles: User Administrator")
	admin.get(path+"?user="+string(person.ID)+"&purpose=licenses").says("#steps", "Not met")

	do(w, gdap.End, w.actor("direct admin-agent"), gdap.Ref{Relationship: r.ID})
	hold("after the end", false)

	// Who may not see everybody asks for himself; strangers and nonsense are nothing.
	w.reads("direct sales-agent").get(path).is(http.StatusOK).says("main", "See the company in full")
	admin.get(path + "?purpose=nonsense").is(http.StatusNotFound)
	admin.get(path + "?user=" + string(w.people["reseller admin-agent"].ID)).is(http.StatusNotFound)
	w.reads("direct billing-admin").get(path).is(http.StatusForbidden)
}
