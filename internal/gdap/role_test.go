package gdap

import (
	"slices"
	"strings"
	"testing"
)

func TestTheDefaultSetsAreThoseOfTheDocumentation(t *testing.T) { // F13
	nine := []string{
		"Directory Readers", "Directory Writers", "License Administrator", "Service Support Administrator", "User Administrator",
		"Privileged Role Administrator", "Helpdesk Administrator", "Privileged Authentication Administrator", "Global Reader",
	}
	for name, want := range map[string][]string{
		resellerSetName: nine,
		sellerSetName:   append(slices.Clone(nine), "Cloud Application Administrator", "Application Administrator"),
	} {
		set, err := parseSet(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Names(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestEveryRoleIsListedOnce(t *testing.T) { // table of section f
	if len(Roles) != 123 || len(roleByID) != len(Roles) {
		t.Errorf("%d roles, %d ids", len(Roles), len(roleByID))
	}
	if !slices.IsSortedFunc(Roles, func(a, b Role) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) }) {
		t.Error("the roles are not in the order of their names")
	}
	if r, ok := RoleByID(GlobalAdministrator); !ok || r.Name != "Global Administrator" || !r.Privileged || r.Reserved {
		t.Errorf("%+v", r)
	}
	if r, _ := RoleByID("4ba39ca4-527c-499a-b93d-d9b492c50246"); !r.Reserved {
		t.Errorf("%s can be requested", r.Name)
	}
}

func TestASetIsReadAsItWasWritten(t *testing.T) {
	for _, set := range []Set{{GlobalReader}, {UserAdministrator, DomainNameAdministrator}, sellerSet} {
		if got, err := parseSet(set.text()); err != nil || !slices.Equal(got, set) {
			t.Errorf("%v came back as %v: %v", set, got, err)
		}
	}
	if _, err := parseSet("no-such-role"); err == nil {
		t.Error("an unknown role is read")
	}
	if !sellerSet.Covers(resellerSet) || resellerSet.Covers(sellerSet) || Set(nil).HasAny(GlobalReader) {
		t.Error("sets are not compared as sets")
	}
}

func TestADefaultRelationshipIsNamedAfterItsParties(t *testing.T) { // F12
	name := defaultName("0199a000-0000-7000-8000-0000aaaa1111", "0199a000-0000-7000-8000-0000bbbb2222")
	if !strings.HasPrefix(name, "Default_aaaa1111_bbbb2222_") || len(name) != len("Default_aaaa1111_bbbb2222_")+8 {
		t.Errorf("name %q", name)
	}
}
