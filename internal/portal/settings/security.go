package settings

import (
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/people"
	"comptoir/internal/portal/visit"
)

// securityReport says who proves a second factor and who does not (P-19, A12).
type securityReport struct {
	*visit.Visit
	passkey, app int64
	without      []identity.User
}

func showSecurity(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	r := &securityReport{Visit: v}
	for in := (identity.UserList{Size: 500}); ; {
		page, err := visit.Do(v, identity.ListUsers, in)
		if err != nil {
			return err
		}
		for _, u := range page.Users {
			r.count(u)
		}
		if in.After = page.Next; in.After == "" {
			break
		}
	}
	f := v.Frame(v.T("settings.security.title"), visit.AccountSettings)
	inside(v, &f, securityPath)
	f.Subtitle = v.T("settings.security.subtitle")
	return v.Show(securityPage(r, f))
}

func (r *securityReport) count(u identity.User) {
	switch {
	case u.Factors&identity.FactorPasskey != 0:
		r.passkey++
	case u.Factors&identity.FactorTOTP != 0:
		r.app++
	default:
		r.without = append(r.without, u)
	}
}

func (r *securityReport) stats() []block.Stat {
	none := block.Stat{Label: r.T("settings.security.without"), Value: r.Number(int64(len(r.without))), Icon: icon.Warning}
	if len(r.without) > 0 {
		none.Tone = block.Warning
	}
	return []block.Stat{
		{Label: r.T("settings.security.passkey"), Value: r.Number(r.passkey), Icon: icon.Key},
		{Label: r.T("settings.security.totp"), Value: r.Number(r.app), Icon: icon.ShieldCheck},
		none,
	}
}

// table lists who has no second factor yet.
func (r *securityReport) table() block.Table {
	t := block.Table{
		ID: "without", Caption: r.T("settings.security.without"), Base: securityPath, Small: true,
		Columns: []block.Column{{Key: "name", Title: r.T("common.name")}, {Key: "user", Title: r.T("portal.profile.user_name")}, {Key: "roles", Title: r.T("portal.profile.roles")}},
		Empty:   block.EmptyState{Title: r.T("settings.security.all"), Text: r.T("settings.security.subtitle")},
	}
	for _, u := range r.without {
		t.Rows = append(t.Rows, block.Row{ID: string(u.ID), Name: u.DisplayName, Cells: []block.Cell{
			{Text: u.DisplayName, Href: users.PathOf(u.ID)}, {Text: u.Name}, {Text: r.List(people.RoleWords(r.Visit, u.Roles))},
		}})
	}
	return t
}
