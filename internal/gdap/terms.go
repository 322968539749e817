package gdap

import (
	"context"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Terms are the admin roles that a partner asks for together with a reseller
// relationship (rule E5): approved with it, they hold for the groups at once.
type Terms struct {
	Roles Set
	// Duration and AutoExtend are in ISO 8601, as of New.
	Duration, AutoExtend string
	Groups               []id.Group
}

// Days returns how many days the roles last. Terms that were checked have some.
func (t Terms) Days() int { return Relationship{Duration: t.Duration}.Days() }

// Permanent reports whether the roles go on beyond their end by themselves.
func (t Terms) Permanent() bool { return t.AutoExtend == Extension }

// IsZero reports whether t says nothing, which stands for SuggestedTerms.
func (t Terms) IsZero() bool {
	return len(t.Roles) == 0 && t.Duration == "" && t.AutoExtend == "" && len(t.Groups) == 0
}

// SuggestedTerms are those that a request begins with: the default set of a seller
// or an indirect reseller (rule F13) for the longest time, and for the admin agents
// of the actor's organization (rule E5).
func SuggestedTerms(ctx context.Context, u *op.Unit, reseller bool) (Terms, error) {
	t := DefaultTerms(reseller)
	all, err := identity.Groups(ctx, u.Tx, u.Actor.Tenant)
	for _, g := range all {
		if g.Role == policy.AdminAgent {
			t.Groups = append(t.Groups, g.ID)
		}
	}
	return t, err
}

// DefaultTerms are the default set of a seller or an indirect reseller (rule F13) for
// the longest time, and for no group.
func DefaultTerms(reseller bool) Terms {
	t := Terms{Roles: sellerSet, Duration: formatDays(maxDays), AutoExtend: Extension}
	if reseller {
		t.Roles = resellerSet
	}
	return t
}

// Check brings t into the form that is kept. It refuses, all at once: ErrNoRoles and
// ErrRole on "roles", ErrDuration on "duration", ErrAutoExtend and RF-29 on
// "autoExtend", and on "groups" ErrNoContainer for what is no group of the actor's
// organization.
func (t *Terms) Check(ctx context.Context, u *op.Unit) error {
	var faults fault.List
	add := func(err *fault.Error, field string) {
		if err != nil {
			faults.Add(err.On(field))
		}
	}
	roles, refused := requestable(t.Roles)
	add(refused, "roles")
	days, refused := ParseDuration(t.Duration)
	add(refused, "duration")
	extend, refused := parseAutoExtend(t.AutoExtend)
	add(refused, "autoExtend")
	add(Relationship{AutoExtend: extend, Roles: roles}.checkExtension(), "autoExtend")
	t.Roles, t.Duration, t.AutoExtend = roles, formatDays(days), extend
	known, err := identity.Groups(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return err
	}
	slices.Sort(t.Groups)
	t.Groups = slices.Compact(t.Groups)
	for _, group := range t.Groups {
		if !slices.ContainsFunc(known, func(g identity.Group) bool { return g.ID == group }) {
			add(ErrNoContainer, "groups")
			break
		}
	}
	return faults.Err()
}

// KeptTerms are terms as a table keeps them, for the feature that the terms are of.
type KeptTerms struct{ Roles, Duration, AutoExtend, Groups string }

// Kept returns t as a table keeps it.
func (t Terms) Kept() KeptTerms {
	groups := make([]string, len(t.Groups))
	for i, g := range t.Groups {
		groups[i] = string(g)
	}
	return KeptTerms{t.Roles.text(), t.Duration, t.AutoExtend, strings.Join(groups, " ")}
}

// Terms is the inverse of Kept.
func (k KeptTerms) Terms() (Terms, error) {
	t := Terms{Duration: k.Duration, AutoExtend: k.AutoExtend}
	for _, g := range strings.Fields(k.Groups) {
		t.Groups = append(t.Groups, id.Group(g))
	}
	var err error
	t.Roles, err = parseSet(k.Roles)
	return t, err
}
