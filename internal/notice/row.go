// Package notice tells people what happened and what they should do (rules.md,
// section l): notices in the portal, mail, and the actions that wait for them.
// One table says which event is told to whom and how; what is said is made in the
// language of whoever reads it.
package notice

import (
	"slices"

	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/policy"
)

// Category is what people decide about: whether they want mail of it.
type Category string

// The categories. Those that are Required cannot be switched off.
const (
	Account       Category = "account" // the organisation's own standing, and addresses to confirm
	Requests      Category = "requests"
	Verification  Category = "verification"
	Qualification Category = "qualification"
	Agreements    Category = "agreements"
	Relationships Category = "relationships"
	Delegation    Category = "delegation"
	Jobs          Category = "jobs"
)

// Required reports whether nobody can switch off mail of the category: the
// mandatory and recommended actions.
func (c Category) Required() bool { return c == Account || c == Requests }

// Key is the catalogue key of the name of the category.
func (c Category) Key() string {
	switch c {
	case Requests:
		return "notice.category.requests"
	case Verification:
		return "notice.category.verification"
	case Qualification:
		return "notice.category.qualification"
	case Agreements:
		return "notice.category.agreements"
	case Relationships:
		return "notice.category.relationships"
	case Delegation:
		return "notice.category.delegation"
	case Jobs:
		return "notice.category.jobs"
	case Account:
	}
	return "notice.category.account"
}

// Tone is how good or bad the news is.
type Tone uint8

// The tones.
const (
	Info Tone = iota
	Success
	Warning
	Danger
)

// audience are people to tell.
type audience struct {
	// kind is whose: the partner of the event, its customer, or the operator.
	kind  identity.TenantKind
	roles policy.Role
	// fact names instead the fact that holds one person's user name or id.
	fact string
	// contact names instead the fact under which stand the Email, FirstName,
	// LastName and Language of somebody without an account.
	contact string
}

var (
	globalAdmins = audience{kind: identity.PartnerTenant, roles: policy.GlobalAdmin}
	adminAgents  = audience{kind: identity.PartnerTenant, roles: policy.AdminAgent}
	salesAgents  = audience{kind: identity.PartnerTenant, roles: policy.SalesAgent}
	submitter    = audience{kind: identity.PartnerTenant, fact: "By"}
	starter      = audience{kind: identity.PartnerTenant, fact: "User"}
	customers    = audience{kind: identity.CustomerTenant, roles: policy.CustomerAdmin}
	reviewers    = audience{kind: identity.OperatorTenant, roles: policy.OperatorReviewer}
	operators    = audience{kind: identity.OperatorTenant, roles: policy.OperatorAdmin}
	contact      = audience{contact: "Contact"}
)

// Row says who is told of an event, how, and in which words.
type Row struct {
	// Kind names what is told: "verification.approved".
	Kind string
	// Number is the row of rules.md, section l: "N7".
	Number   string
	Event    string
	If       func(Facts) bool // nil tells of every such event
	Category Category
	Tone     Tone
	To       []audience
	// Mail says that those are told by mail as well who want that.
	Mail bool
	// Gather makes one notice, and one mail, of several that come together.
	Gather bool
	// Title and Text are the words, put together with the values of Words. Many is
	// the title for several at once, with the plural forms of their number.
	Title, Many, Text string
	Words             func(p *lang.Printer, f Facts) []any
	// Path leads on in the portal, ManyPath from several at once.
	Path     func(Facts) string
	ManyPath string
	// Link is the words of the button in a mail.
	Link string
	// Facts are lines of data in a mail: the key of the term and its value.
	Facts func(p *lang.Printer, f Facts) [][2]string
}

func (r Row) matches(event string, f Facts) bool {
	return r.Event == event && (r.If == nil || r.If(f))
}

// Rows returns the table, for documentation and tests.
func Rows() []Row { return slices.Clone(rows) }

// byKind is the table by what is told.
var byKind = func() map[string]Row {
	all := make(map[string]Row, len(rows))
	for _, r := range rows {
		if _, twice := all[r.Kind]; twice {
			panic("notice: two rows are called " + r.Kind)
		}
		all[r.Kind] = r
	}
	return all
}()

// events are the names of all events of the table.
var events = func() map[string]bool {
	all := make(map[string]bool, len(rows))
	for _, r := range rows {
		all[r.Event] = true
	}
	return all
}()

// title is what is told in one line.
func (r Row) title(p *lang.Printer, f Facts, times int64) string {
	if times > 1 && r.Many != "" {
		return p.N(r.Many, times, r.words(p, f)...)
	}
	return p.T(r.Title, r.words(p, f)...)
}

// text is what is to be known beyond the title, "" for nothing.
func (r Row) text(p *lang.Printer, f Facts, times int64) string {
	if r.Text == "" || times > 1 && r.Many != "" {
		return ""
	}
	return p.T(r.Text, r.words(p, f)...)
}

func (r Row) words(p *lang.Printer, f Facts) []any {
	all := []any{"Customer", f[factCustomer]}
	if r.Words != nil {
		all = append(all, r.Words(p, f)...)
	}
	return all
}

func (r Row) path(f Facts, times int64) string {
	if times > 1 && r.ManyPath != "" {
		return r.ManyPath
	}
	if r.Path == nil {
		return ""
	}
	return r.Path(f)
}
