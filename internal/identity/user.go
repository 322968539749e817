package identity

import (
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// UserStatus says whether a person may sign in.
type UserStatus string

// The statuses of a user. A deleted one keeps its name for 30 days (rule J3).
const (
	UserActive  UserStatus = "active"
	UserBlocked UserStatus = "blocked"
	UserDeleted UserStatus = "deleted"
)

// FactorKinds is a set of kinds of second factors.
type FactorKinds uint8

// The kinds of second factors.
const (
	FactorTOTP FactorKinds = 1 << iota
	FactorPasskey
)

// User is a person's account in an organisation.
type User struct {
	Tenant        id.Tenant
	ID            id.User
	Name          string // user name, "maja@fjallbageri.example", as it was given
	DisplayName   string
	FirstName     string
	LastName      string
	Email         string // where mail for the person goes; "" means Name
	Phone         string
	Language      string // "en", "fr", "sv"; "" lets the browser decide
	UsageLocation string // ISO 3166-1 alpha-2; "" when unknown
	ImmutableID   string // key of the person in a directory elsewhere
	Status        UserStatus
	Roles         policy.Role
	MustChange    bool // has a temporary password
	Factors       FactorKinds
	CreatedAt     time.Time
	DeletedAt     time.Time
	WasBlocked    bool // when it was deleted
	Version       int64
}

// Refusals about users.
var (
	ErrUserUnknown   = fault.New(fault.NotFound, "60002", "identity.user.unknown")
	ErrUserNameTaken = fault.New(fault.Conflict, "1003", "identity.user.name_taken")       // argument Name
	ErrUserName      = fault.New(fault.Invalid, "27002", "identity.user.name_malformed")   // not of the form local@domain
	ErrUserDomain    = fault.New(fault.Invalid, "27002", "identity.user.domain")           // argument Domain: not one of the organisation's
	ErrUserFederated = fault.New(fault.Invalid, "27002", "identity.user.domain_federated") // argument Domain: its people sign in elsewhere
	ErrDisplayName   = fault.New(fault.Invalid, "27002", "identity.user.display_name")     // argument Max
	ErrPersonName    = fault.New(fault.Invalid, "27002", "identity.user.person_name")      // argument Max
	ErrRoleFamily    = fault.New(fault.Invalid, "27002", "identity.role.family")           // a role that this kind of organisation does not have
	ErrUsageLocation = fault.New(fault.Invalid, "27002", "identity.user.usage_location")   // no country that is known
	ErrLastAdmin     = fault.New(fault.Conflict, "900141", "identity.role.last_admin")     // rule A13
	ErrAdminOnly     = fault.New(fault.Forbidden, "900150", "identity.role.admin_only")    // rules A13, b48: an account of a Global admin
	// ErrCustomerAdminOnly is ErrAdminOnly in the organisation of a customer.
	ErrCustomerAdminOnly = fault.New(fault.Forbidden, "900150", "identity.role.customer_admin_only")
)

// nameMax is the longest first, last or display name (rule J2).
const nameMax = 50

// ParseUserName returns the parts of a user name: what stands before the @ and
// the domain in lower case.
func ParseUserName(name string) (local, domain string, err *fault.Error) {
	local, domain, found := strings.Cut(strings.TrimSpace(name), "@")
	domain, valid := ParseDomain(domain)
	if !found || !valid || !validLocal(local) {
		return "", "", ErrUserName
	}
	return local, domain, nil
}

// validLocal reports whether s can stand before the @ of a user name: 1 to 64
// of the characters that the directory allows, no dot at either end.
func validLocal(s string) bool {
	if s == "" || len(s) > 64 || s[0] == '.' || s[len(s)-1] == '.' {
		return false
	}
	return strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789'.-_!#^~+&") == ""
}

// nameKey returns the form in which user names are compared and kept unique.
func nameKey(name string) string { return strings.ToLower(cut(name, userNameMax)) }

// userNameMax is longer than any user name: what is longer is cut, so that
// nothing keeps megabytes that somebody typed.
const userNameMax = 400

// foldKey returns the form in which the names of people and groups are sorted
// and compared: folded and composed, so that "Östen" and "östen" are one.
func foldKey(name string) string { return cases.Fold().String(norm.NFC.String(tidy(name))) }

// checkNames returns the refusals of the names of a person (rule J2).
func checkNames(display, first, last string) fault.List {
	var l fault.List
	if n := utf8.RuneCountInString(strings.TrimSpace(display)); n == 0 || n > nameMax {
		l.Add(ErrDisplayName.With("Max", nameMax).On("displayName"))
	}
	if utf8.RuneCountInString(first) > nameMax {
		l.Add(ErrPersonName.With("Max", nameMax).On("firstName"))
	}
	if utf8.RuneCountInString(last) > nameMax {
		l.Add(ErrPersonName.With("Max", nameMax).On("lastName"))
	}
	return l
}

// checkRoles refuses roles that an organisation of kind k does not have.
func checkRoles(k TenantKind, roles policy.Role) *fault.Error {
	if roles&^k.Roles() != 0 {
		return ErrRoleFamily.On("roles")
	}
	return nil
}
