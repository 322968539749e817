// Package rulebook knows the rules in force in an installation: what is
// published, with what the operator decided otherwise (portal V-8, V-9). It is
// the one place where the two come together; every check takes its rules here.
package rulebook

import (
	"context"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// nameEntries is the prefix under which severities are written down: "name:CN09".
const nameEntries = "name:"

// Names returns the name rules in force (V-9). In a sandbox they are those of
// sandbox accounts.
func Names(b op.Book, sandbox bool) naming.Rules {
	return op.Derived(b, nameEntries, func(entries map[string]string) naming.Rules {
		rules := naming.Default()
		if sandbox {
			rules = rules.Sandbox()
		}
		for id, text := range entries {
			rule, known := naming.Find(id)
			severity, valid := naming.ParseSeverity(text)
			if !known || !valid {
				continue // of another version of the program
			}
			if changed, err := rules.With(rule, severity); err == nil {
				rules = changed
			}
		}
		return withLists(rules, entries)
	})
}

// NameRule is a rule with what breaking it does here.
type NameRule struct {
	Rule      naming.Rule
	Severity  naming.Severity
	Published naming.Severity
	Source    string // who stated it: "S", "D…" or "O"
	// Bound rules must stay errors in this installation.
	Bound bool
}

// ListNames returns all name rules in the order of name-rules.json (V-9).
var ListNames = op.Define(op.Spec{Name: "setting.names", Action: "setting.view"},
	func(_ context.Context, u *op.Unit, _ struct{}) ([]NameRule, error) {
		rules := Names(u.Book(), u.Sandbox)
		all := make([]NameRule, 0, len(naming.All()))
		for _, r := range naming.All() {
			n := NameRule{Rule: r, Severity: rules.Severity(r)}
			n.Published, n.Source = naming.Published(r)
			_, err := rules.With(r, naming.Off)
			n.Bound = err != nil
			all = append(all, n)
		}
		return all, nil
	})

// ErrNameRule refuses a rule or a severity that there is not.
var ErrNameRule = fault.New(fault.Invalid, "2000", "rulebook.name")

// NameChange is the input of UpdateName.
type NameChange struct {
	ID       string // "CN09"
	Severity naming.Severity
}

// UpdateName decides what breaking a name rule does (V-9). Outside of a sandbox a
// rule that the documentation makes an error stays one (naming.Bound).
var UpdateName = op.Define(op.Spec{Name: "setting.name.update", Action: "setting.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NameChange) (struct{}, error) {
		rule, known := naming.Find(in.ID)
		if !known || in.Severity > naming.Error {
			return struct{}{}, ErrNameRule.On("severity")
		}
		rules := Names(u.Book(), u.Sandbox)
		if _, err := rules.With(rule, in.Severity); err != nil {
			return struct{}{}, err
		}
		if rules.Severity(rule) == in.Severity {
			return struct{}{}, nil
		}
		if err := u.Enter(ctx, nameEntries+in.ID, in.Severity.String()); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "update_name_rule", Resource: "name_rule", Old: rules.Severity(rule).String(), New: in.Severity.String(),
			Data: map[string]string{"name": in.ID},
		})
	})
