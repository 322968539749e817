// Package naming holds the rules for the names that identify a customer: the
// company name, the names of contacts, their e-mail addresses and the prefix
// of the primary domain (rules CN, CT, EM and DM of name-rules.json; C11, C12).
// It also makes the keys under which names are searched, sorted and compared.
//
// The package decides about text only. Whether a domain is taken or a customer
// exists already is for the features that keep them.
package naming

import (
	"comptoir/internal/fault"
	"comptoir/internal/finding"
)

// Rule is one rule of name-rules.json.
type Rule uint8

// The rules. What each tests is written in name-rules.json beside its message.
const (
	CN01 Rule = iota // company name empty
	CN02             // company name of one character
	CN03             // company name too long
	CN04             // company name of special characters only
	CN05             // company name is a legal form alone
	CN06             // company name is one repeated character
	CN07             // company name of spaced single characters
	CN08             // company name looks like an internet address
	CN09             // company name looks like an acronym
	CN10             // company name holds a test word
	CN11             // company name holds unprintable characters
	CT01             // first or last name empty
	CT02             // first or last name of one character
	CT03             // placeholder instead of a name
	CT04             // name too long
	CT05             // name without letters
	EM01             // not an e-mail address
	EM02             // reserved e-mail domain
	EM03             // e-mail domain of the partner
	EM04             // education customer without an address in its own domain
	EM05             // free-mail domain
	DM01             // domain prefix of the wrong form
	DM02             // domain prefix taken

	ruleCount
)

// described gives each rule its identifier and the key of its sentence.
var described = [ruleCount]struct{ id, key string }{
	CN01: {"CN01", "naming.cn01"},
	CN02: {"CN02", "naming.cn02"},
	CN03: {"CN03", "naming.cn03"},
	CN04: {"CN04", "naming.cn04"},
	CN05: {"CN05", "naming.cn05"},
	CN06: {"CN06", "naming.cn06"},
	CN07: {"CN07", "naming.cn07"},
	CN08: {"CN08", "naming.cn08"},
	CN09: {"CN09", "naming.cn09"},
	CN10: {"CN10", "naming.cn10"},
	CN11: {"CN11", "naming.cn11"},
	CT01: {"CT01", "naming.ct01"},
	CT02: {"CT02", "naming.ct02"},
	CT03: {"CT03", "naming.ct03"},
	CT04: {"CT04", "naming.ct04"},
	CT05: {"CT05", "naming.ct05"},
	EM01: {"EM01", "naming.em01"},
	EM02: {"EM02", "naming.em02"},
	EM03: {"EM03", "naming.em03"},
	EM04: {"EM04", "naming.em04"},
	EM05: {"EM05", "naming.em05"},
	DM01: {"DM01", "naming.dm01"},
	DM02: {"DM02", "naming.dm02"},
}

// All returns every rule in the order of name-rules.json.
func All() []Rule {
	all := make([]Rule, ruleCount)
	for i := range all {
		all[i] = Rule(i)
	}
	return all
}

// Find returns the rule with the identifier id ("CN01").
func Find(id string) (Rule, bool) {
	for i, d := range described {
		if d.id == id {
			return Rule(i), true
		}
	}
	return 0, false
}

// String returns the identifier of r: "CN01".
func (r Rule) String() string { return described[r].id }

// Key returns the catalogue key of the sentence of r.
func (r Rule) Key() string { return described[r].key }

// Severity says what breaking a rule does.
type Severity uint8

const (
	// Off switches a rule off.
	Off Severity = iota
	// Warning lets the name through and tells the submitter and the reviewer.
	Warning
	// Error refuses the name (RF-44).
	Error
)

// String returns the name of s as name-rules.json writes it.
func (s Severity) String() string { return [...]string{"off", "warning", "error"}[s] }

// Verdict is what the rules say about one name.
type Verdict struct {
	// Value is the name to keep: in Unicode normal form C, without white space
	// around it.
	Value string
	// Fault is the first error, nil when the name may be used. Its kind is
	// Invalid, its code "3000" (RF-44), its key that of the rule.
	Fault *fault.Error
	// Findings are the warnings. A refused name has none.
	Findings []finding.Finding
}

// judge applies rules in their order: broken tells whether a rule is broken.
// The first error decides; warnings are collected.
func (r Rules) judge(v *Verdict, field string, first, last Rule, broken func(Rule) bool) {
	for rule := first; rule <= last; rule++ {
		severity := r.severity[rule]
		if severity == Off || !broken(rule) {
			continue
		}
		if severity == Error {
			v.Fault, v.Findings = refusals[rule].On(field), nil
			return
		}
		v.Findings = append(v.Findings, finding.Finding{Code: rule.String(), Key: rule.Key(), Field: field})
	}
}

// refusals are the faults of the rules, RF-44 each with the sentence of its rule.
var refusals = func() (all [ruleCount]*fault.Error) {
	for i, d := range described {
		all[i] = fault.New(fault.Invalid, "3000", d.key)
	}
	return all
}()

var (
	// DomainTaken refuses a domain prefix whose domain exists already (rule DM02).
	DomainTaken = fault.New(fault.Conflict, "1003", DM02.Key())

	// Bound refuses a severity that the operator may not choose outside a
	// sandbox (see Rules.With).
	Bound = fault.New(fault.Invalid, "3000", "naming.bound")

	// Unprintable refuses a company name with characters that cannot even be read
	// (rule CN11), for readers that meet them before the rules do.
	Unprintable = fault.New(fault.Invalid, "3000", CN11.Key())

	// UnprintableName does the same for the name of a person.
	UnprintableName = fault.New(fault.Invalid, "3000", "naming.unprintable")

	tooLongOverREST = fault.New(fault.Invalid, "3000", "naming.ct04.rest")
)
