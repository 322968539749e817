package gdap

import (
	"fmt"
	"slices"
	"strings"
)

// RoleID is the template id of a built-in directory role.
type RoleID string

// Role is a built-in directory role. Roles are known by these names in the
// languages of all directories, so they are not translated.
type Role struct {
	ID   RoleID
	Name string
	// Privileged marks roles that the documentation warns of.
	Privileged bool
	// Reserved marks roles that nobody may request.
	Reserved bool
}

// The roles that rules name.
const (
	ApplicationAdministrator              RoleID = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
	CloudApplicationAdministrator         RoleID = "158c047a-c907-4556-b7ef-446551a6b5f7"
	DirectoryReaders                      RoleID = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
	DirectoryWriters                      RoleID = "9360feb5-f418-4baa-8175-e2a00bac4301"
	DomainNameAdministrator               RoleID = "8329153b-31d0-4727-b945-745eb3bc5f31"
	GlobalAdministrator                   RoleID = "62e90394-69f5-4237-9190-012177145e10"
	GlobalReader                          RoleID = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	HelpdeskAdministrator                 RoleID = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
	LicenseAdministrator                  RoleID = "4d6ac14f-3453-41d0-bef9-a3e0c569773a"
	PrivilegedAuthenticationAdministrator RoleID = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"
	PrivilegedRoleAdministrator           RoleID = "e8611ab8-c189-46e8-94e1-60213ab1f814"
	ServiceSupportAdministrator           RoleID = "f023fd81-a637-4b56-95fd-791ac0226033"
	UserAdministrator                     RoleID = "fe930be7-5e62-47db-91af-98c3a49a38b1"
)

var roleByID = func() map[RoleID]Role {
	m := make(map[RoleID]Role, len(Roles))
	for _, r := range Roles {
		m[r.ID] = r
	}
	return m
}()

// RoleByID returns the role with a template id in lower case.
func RoleByID(r RoleID) (Role, bool) {
	role, ok := roleByID[r]
	return role, ok
}

// Set is a set of roles.
type Set []RoleID

// HasAny reports whether s contains one of roles.
func (s Set) HasAny(roles ...RoleID) bool {
	for _, have := range s {
		for _, want := range roles {
			if have == want {
				return true
			}
		}
	}
	return false
}

// Covers reports whether s contains all of other.
func (s Set) Covers(other Set) bool {
	for _, r := range other {
		if !s.HasAny(r) {
			return false
		}
	}
	return true
}

// Privileged returns how many roles of s the documentation warns of.
func (s Set) Privileged() int {
	n := 0
	for _, r := range s {
		if roleByID[r].Privileged {
			n++
		}
	}
	return n
}

// Names returns the names of the roles of s.
func (s Set) Names() []string {
	names := make([]string, len(s))
	for i, r := range s {
		names[i] = roleByID[r].Name
	}
	return names
}

// Same reports whether s and other are the same set, in whatever order.
func (s Set) Same(other Set) bool { return s.Covers(other) && other.Covers(s) }

// once returns s with each role once, in the order of s.
func (s Set) once() Set {
	var each Set
	for _, r := range s {
		if !slices.Contains(each, r) {
			each = append(each, r)
		}
	}
	return each
}

// list returns the names of the roles of s in one line.
func (s Set) list() string { return strings.Join(s.Names(), ", ") }

// The role sets of default relationships (rule F13). They are stored by name,
// because every customer has one; a set once published never changes, a new one
// gets a new name.
var (
	resellerSet = Set{
		DirectoryReaders, DirectoryWriters, LicenseAdministrator, ServiceSupportAdministrator, UserAdministrator,
		PrivilegedRoleAdministrator, HelpdeskAdministrator, PrivilegedAuthenticationAdministrator, GlobalReader,
	}
	sellerSet = append(append(Set{}, resellerSet...), CloudApplicationAdministrator, ApplicationAdministrator)

	namedSets = map[string]Set{"2023-seller": sellerSet, "2023-reseller": resellerSet}
)

// The names under which the default sets are stored.
const (
	sellerSetName   = "2023-seller"
	resellerSetName = "2023-reseller"
)

// text returns how the table keeps s.
func (s Set) text() string {
	for name, set := range namedSets {
		if slices.Equal(s, set) {
			return name
		}
	}
	ids := make([]string, len(s))
	for i, r := range s {
		ids[i] = string(r)
	}
	return strings.Join(ids, " ")
}

// parseSet is the inverse of text; it also knows the named sets.
func parseSet(text string) (Set, error) {
	if s, ok := namedSets[text]; ok {
		return s, nil
	}
	var s Set
	for _, field := range strings.Fields(text) {
		if _, ok := roleByID[RoleID(field)]; !ok {
			return nil, fmt.Errorf("gdap: unknown role %q", field)
		}
		s = append(s, RoleID(field))
	}
	return s, nil
}
