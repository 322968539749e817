package notice

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Preferences are what a person wants to be told by mail, and where (P-20).
type Preferences struct {
	// Language of mail: "en", "fr", "sv", or "" to follow the language of the portal.
	Language string
	// Muted are the categories that he wants no mail of. Required ones cannot be
	// among them.
	Muted []Category
	// Address is where mail goes: Confirmed, or that of his account.
	Address string
	// Confirmed is an address of his own choice that he has confirmed, "" for none;
	// Pending is one that he has not confirmed yet, until ExpiresAt.
	Confirmed, Pending string
	ExpiresAt          time.Time

	name     string // how he is called
	fallback string // the language of his account, or of his organisation
	code     []byte
	askedAt  time.Time
	asked    int64
}

// Mutes reports whether he wants no mail of c.
func (p Preferences) Mutes(c Category) bool { return !c.Required() && slices.Contains(p.Muted, c) }

// mailLanguage is the language in which he is written to.
func (p Preferences) mailLanguage() string { return cmp.Or(p.Language, p.fallback, "en") }

var (
	errNoNotice = refusal.NotFound
	// ErrRequired refuses to switch off a category that is required.
	ErrRequired = fault.New(fault.Invalid, "27002", "notice.required")
	// ErrCategory refuses a category that there is not.
	ErrCategory = fault.New(fault.Invalid, "27002", "notice.category.unknown")
)

var (
	readPreferences = db.SQL(`SELECT language, muted, address, pending, code, expires_at, asked_at, asked
		FROM notice_preferences WHERE tenant_id = $1 AND user_id = $2`)
	putPreferences = db.SQL(`INSERT INTO notice_preferences (tenant_id, user_id, language, muted, address, pending, code, expires_at, asked_at, asked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (tenant_id, user_id) DO UPDATE SET language = excluded.language, muted = excluded.muted, address = excluded.address,
			pending = excluded.pending, code = excluded.code, expires_at = excluded.expires_at, asked_at = excluded.asked_at, asked = excluded.asked`)
)

// preferencesOf returns the preferences of a person, or identity.ErrUserUnknown.
func preferencesOf(ctx context.Context, t *db.Tx, tenant id.Tenant, user id.User) (Preferences, error) {
	n, err := identity.UserByID(ctx, t, tenant, user)
	if err != nil {
		return Preferences{}, err
	}
	o, err := identity.TenantByID(ctx, t, tenant)
	if err != nil {
		return Preferences{}, err
	}
	p := Preferences{name: n.DisplayName, fallback: cmp.Or(language(n.Language), language(o.Language))}
	var muted string
	var expires, asked int64
	_, err = t.Found(ctx, readPreferences, []any{tenant, user}, &p.Language, &muted, &p.Confirmed, &p.Pending, &p.code, &expires, &asked, &p.asked)
	for name := range strings.FieldsSeq(muted) {
		p.Muted = append(p.Muted, Category(name))
	}
	p.ExpiresAt, p.askedAt = db.Time(expires), db.Time(asked)
	p.Address = cmp.Or(p.Confirmed, n.Email, n.Name)
	return p, err
}

// keep writes the preferences of the actor.
func (p Preferences) keep(ctx context.Context, u *op.Unit) error {
	names := make([]string, len(p.Muted))
	for i, c := range p.Muted {
		names[i] = string(c)
	}
	if p.code == nil {
		p.code = []byte{} // the column takes no null
	}
	_, err := u.Exec(ctx, putPreferences, u.Actor.Tenant, u.Actor.User, p.Language, strings.Join(names, " "), p.Confirmed, p.Pending, p.code,
		db.Micros(p.ExpiresAt), db.Micros(p.askedAt), p.asked)
	return err
}

// GetPreferences returns the preferences of the actor.
var GetPreferences = op.Define(op.Spec{Name: "notice.preferences", Action: "notice.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Preferences, error) {
		return preferencesOf(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
	})

// Categories returns what people of a kind of organisation get mail of, in the
// order of the table, the required ones first.
func Categories(kind policy.Kind) []Category {
	of := map[policy.Kind]identity.TenantKind{
		policy.Partner: identity.PartnerTenant, policy.Customer: identity.CustomerTenant, policy.Operator: identity.OperatorTenant,
	}[kind]
	all := []Category{Account}
	for _, r := range rows {
		told := slices.ContainsFunc(r.To, func(a audience) bool { return a.contact == "" && a.kind == of })
		if r.Mail && told && !slices.Contains(all, r.Category) {
			all = append(all, r.Category)
		}
	}
	slices.SortStableFunc(all, func(a, b Category) int {
		switch {
		case a.Required() == b.Required():
			return 0
		case a.Required():
			return -1
		}
		return 1
	})
	return all
}

// Wishes is the input of UpdatePreferences.
type Wishes struct {
	Language string // "en", "fr", "sv" or ""
	Muted    []Category
}

// UpdatePreferences changes the language of mail and what the actor wants no mail
// of. It refuses to switch off what is required with ErrRequired.
var UpdatePreferences = op.Define(op.Spec{Name: "notice.preferences.update", Action: "notice.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Wishes) (Preferences, error) {
		if in.Language != "" && !slices.Contains(lang.Tags(), in.Language) {
			return Preferences{}, identity.ErrLanguage.On("language")
		}
		for _, c := range in.Muted {
			switch {
			case !slices.Contains(Categories(u.Actor.Kind), c):
				return Preferences{}, ErrCategory.On("muted")
			case c.Required():
				return Preferences{}, ErrRequired.On("muted")
			}
		}
		p, err := preferencesOf(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return Preferences{}, err
		}
		p.Language, p.Muted = in.Language, in.Muted
		return p, p.keep(ctx, u)
	})
