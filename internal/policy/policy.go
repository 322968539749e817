// Package policy decides who may do what. It is one table: an operation, the
// organisation types that have it, and what each role may do with it
// (docs/spec/rules.md, section b). The table is data: the operator may tighten
// or widen it per installation, and a test holds it against a golden copy.
package policy

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// Action is the key of a row, for example "customer.add".
type Action string

// Kind says what sort of actor asks.
type Kind uint8

// The kinds of actors.
const (
	Nobody   Kind = iota // not signed in
	Partner              // a person or application of a partner
	Customer             // a person of a customer
	Operator             // a person of the operator
	System               // the installation itself: jobs and the command line
)

// Org is a set of partner enrolment types (rule A2).
type Org uint8

// The enrolment types. A dual partner has two of them.
const (
	DirectBill Org = 1 << iota
	IndirectProvider
	IndirectReseller

	AllOrgs = DirectBill | IndirectProvider | IndirectReseller
	Sellers = DirectBill | IndirectProvider // those who sell in their own name
)

// Role is a set of roles. Roles add up.
type Role uint32

// The roles of rules.md (0): partner, customer and operator users.
const (
	GlobalAdmin Role = 1 << iota
	UserAdmin
	BillingAdmin
	AdminAgent
	SalesAgent
	HelpdeskAgent
	CustomerAdmin
	CustomerBillingAdmin
	CustomerUser
	OperatorAdmin
	OperatorReviewer
	OperatorSupport
)

// roleNames lists the roles in the order of the matrix's columns with their
// names on the command line and their catalogue keys.
var roleNames = []struct {
	role Role
	name string
	key  string
}{
	{GlobalAdmin, "global-admin", "role.global_admin"},
	{UserAdmin, "user-admin", "role.user_admin"},
	{BillingAdmin, "billing-admin", "role.billing_admin"},
	{AdminAgent, "admin-agent", "role.admin_agent"},
	{SalesAgent, "sales-agent", "role.sales_agent"},
	{HelpdeskAgent, "helpdesk-agent", "role.helpdesk_agent"},
	{CustomerAdmin, "customer-admin", "role.customer_admin"},
	{CustomerBillingAdmin, "customer-billing-admin", "role.customer_billing_admin"},
	{CustomerUser, "customer-user", "role.customer_user"},
	{OperatorAdmin, "operator-admin", "role.operator_admin"},
	{OperatorReviewer, "operator-reviewer", "role.operator_reviewer"},
	{OperatorSupport, "operator-support", "role.operator_support"},
}

// ParseRole returns the role with a command line name such as "admin-agent".
func ParseRole(name string) (Role, bool) {
	for _, r := range roleNames {
		if r.name == name {
			return r.role, true
		}
	}
	return 0, false
}

// Names returns the command line names of the roles in r, in matrix order.
func (r Role) Names() []string {
	var names []string
	for _, n := range roleNames {
		if r&n.role != 0 {
			names = append(names, n.name)
		}
	}
	return names
}

// Keys returns the catalogue keys of the roles in r, in matrix order.
func (r Role) Keys() fault.Keys {
	var keys fault.Keys
	for _, n := range roleNames {
		if r&n.role != 0 {
			keys = append(keys, n.key)
		}
	}
	return keys
}

// Link says how an actor is connected with the customer that an action concerns.
type Link uint8

// The links. A partner may have several with one customer.
const (
	LinkReseller Link = 1 << iota // the partner's own reseller relationship
	LinkIndirect                  // indirect reseller of the customer through a provider
	LinkService                   // the partner serves the customer without selling to it (rule A6)
	LinkOwn                       // the actor belongs to the customer

	Resale = LinkReseller | LinkIndirect
)

// Grant is what a role may do with an action.
type Grant uint8

// The grants, from least to most.
const (
	Refused Grant = iota
	Read          // may see, may not change
	Allowed
)

// String returns the grant as the overrides and the golden table write it.
func (g Grant) String() string { return [...]string{"refused", "read", "allowed"}[g] }

// cell is one field of the matrix with the mark of its source (rules.md 0).
type cell struct {
	grant Grant
	mark  string
}

// Row is the policy of one action.
type Row struct {
	Action Action
	Ref    string // where the rule stands: "b3", "c5", or "own" for actions that the specification does not number
	Orgs   Org    // organisation types that have the action; 0 when it is not for partners
	App    bool   // an application without a user may do it as well
	Anyone bool   // needs no sign-in: the action itself checks what is presented
	Self   bool   // every signed-in person may, for what is his own
	Fixed  bool   // an installation may not decide otherwise
	// Link is the set of links of which one must hold to the customer concerned;
	// 0 when the action asks for none or is scoped by its own statement.
	Link Link
	// Resells says that a partner that only serves the customer, without selling to
	// it, is refused with RF-28 (rules A6, E30). Who has no relation at all is the
	// operation's to refuse.
	Resells bool
	// WrongOrg refuses partners of another type; nil means RF-10.
	WrongOrg *fault.Error
	// NoRole refuses people whose organisation has the action and who lack the role;
	// nil means RF-10.
	NoRole *fault.Error
	// NoLink refuses when no link holds; nil means not found, so that nobody
	// learns which records exist.
	NoLink *fault.Error

	cells map[Role]cell
}

// partner fills the columns GA, UM, BA, AA, SA, HA of a row.
func (r Row) partner(ga, um, ba, aa, sa, ha string) Row {
	return r.fill([]Role{GlobalAdmin, UserAdmin, BillingAdmin, AdminAgent, SalesAgent, HelpdeskAgent}, ga, um, ba, aa, sa, ha)
}

// customer fills the columns CA, CB, CU of a row.
func (r Row) customer(ca, cb, cu string) Row {
	return r.fill([]Role{CustomerAdmin, CustomerBillingAdmin, CustomerUser}, ca, cb, cu)
}

// operator fills the columns OA, OR, OS of a row.
func (r Row) operator(oa, or, os string) Row {
	return r.fill([]Role{OperatorAdmin, OperatorReviewer, OperatorSupport}, oa, or, os)
}

func (r Row) fill(roles []Role, marks ...string) Row {
	cells := make(map[Role]cell, len(r.cells)+len(roles))
	for role, c := range r.cells {
		cells[role] = c
	}
	for i, role := range roles {
		cells[role] = parseCell(marks[i])
	}
	r.cells = cells
	return r
}

// parseCell reads a field as the specification writes it: "-" refused, "r O"
// read-only, anything else the mark of a full grant.
func parseCell(s string) cell {
	if s == "-" {
		return cell{}
	}
	if mark, ok := strings.CutPrefix(s, "r "); ok {
		return cell{Read, mark}
	}
	return cell{Allowed, s}
}

// Grant returns what the roles together may do.
func (r Row) Grant(roles Role) Grant {
	best := Refused
	for role, c := range r.cells {
		if roles&role != 0 {
			best = max(best, c.grant)
		}
	}
	return best
}

// Holders returns the roles that may do the action: all of it when write is
// set, at least see it otherwise.
func (r Row) Holders(write bool) Role {
	var roles Role
	for role, c := range r.cells {
		if c.grant == Allowed || (c.grant == Read && !write) {
			roles |= role
		}
	}
	return roles
}

// Subject is the actor as policy sees it.
type Subject struct {
	Kind    Kind
	Org     Org
	Roles   Role
	AppOnly bool
}

// Table is the matrix of an installation. It is safe for concurrent use.
type Table struct {
	rows atomic.Pointer[map[Action]Row]
}

// New returns the matrix as the specification gives it.
func New() *Table {
	t := new(Table)
	rows := make(map[Action]Row, len(matrix)+len(own))
	for _, r := range slices.Concat(matrix, own) {
		if _, twice := rows[r.Action]; twice {
			panic(fmt.Sprintf("policy: two rows for %s", r.Action))
		}
		rows[r.Action] = r
	}
	t.rows.Store(&rows)
	return t
}

// Row returns the row of action.
func (t *Table) Row(action Action) (Row, bool) {
	r, ok := (*t.rows.Load())[action]
	return r, ok
}

// Rows returns all rows sorted by action.
func (t *Table) Rows() []Row {
	rows := *t.rows.Load()
	out := make([]Row, 0, len(rows))
	for _, r := range rows {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Row) int { return strings.Compare(string(a.Action), string(b.Action)) })
	return out
}

// Decide returns nil when s may do r, and otherwise the refusal. write says
// whether the operation changes anything: a read-only grant does not suffice then.
func (r Row) Decide(s Subject, write bool) error {
	if r.Anyone {
		return nil
	}
	switch s.Kind {
	case Nobody:
		return refusal.Unauthenticated
	case System:
		return r.decideOrg(s)
	case Partner:
		if s.AppOnly && !r.App {
			return refusal.AppOnly
		}
		if !r.Self {
			if err := r.decideOrg(s); err != nil {
				return err
			}
		}
		if s.AppOnly {
			return nil
		}
	}
	if r.Self {
		return nil
	}
	if g := r.Grant(s.Roles); g == Allowed || (g == Read && !write) {
		return nil
	}
	return r.roleMissing(s.Kind, write)
}

// roleMissing is RF-10, or what r has in its place, with the roles that an actor of
// kind k could be given, or else RF-10 with the people whom r is for: no admin of k
// can give it then.
func (r Row) roleMissing(k Kind, write bool) error {
	allowed := r.Holders(write)
	switch own := allowed & family(k); {
	case own != 0 && r.NoRole != nil:
		return r.NoRole.With("Roles", own.Keys())
	case own != 0:
		return refusal.RF10.With("Roles", own.Keys())
	case allowed&family(Partner) != 0:
		return refusal.RF10.With("Whom", fault.Keys{"policy.whom.partners"})
	case allowed&family(Customer) != 0:
		return refusal.RF10.With("Whom", fault.Keys{"policy.whom.customers"})
	case allowed&family(Operator) != 0:
		return refusal.RF10.With("Whom", fault.Keys{"policy.whom.operators"})
	}
	return refusal.RF10
}

// decideOrg checks the organisation type of a partner, or of the partner that
// the installation acts for.
func (r Row) decideOrg(s Subject) error {
	if s.Org&r.Orgs != 0 || (s.Kind == System && s.Org == 0) {
		return nil
	}
	if r.WrongOrg != nil {
		return r.WrongOrg
	}
	if r.Orgs == 0 { // for no partner at all
		return r.roleMissing(Partner, false)
	}
	return refusal.RF10.With("Roles", r.Holders(false).Keys())
}

// family returns the roles that actors of kind k can have.
func family(k Kind) Role {
	switch k {
	case Partner:
		return GlobalAdmin | UserAdmin | BillingAdmin | AdminAgent | SalesAgent | HelpdeskAgent
	case Customer:
		return CustomerAdmin | CustomerBillingAdmin | CustomerUser
	default:
		return OperatorAdmin | OperatorReviewer | OperatorSupport
	}
}

// AsksForLink reports whether r depends on how the actor is connected with the
// customer that an action concerns.
func (r Row) AsksForLink() bool { return r.Link != 0 || r.Resells }

// DecideLink returns nil when link satisfies the row, and otherwise the refusal.
func (r Row) DecideLink(link Link) error {
	if r.Resells && link&LinkService != 0 && link&Resale == 0 {
		return refusal.RF28
	}
	if r.Link == 0 || r.Link&link != 0 {
		return nil
	}
	if r.NoLink != nil {
		return r.NoLink
	}
	return refusal.NotFound
}

// ParseGrant reads a grant as String writes it.
func ParseGrant(s string) (Grant, bool) {
	for g := Refused; g <= Allowed; g++ {
		if g.String() == s {
			return g, true
		}
	}
	return Refused, false
}
