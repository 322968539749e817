package settings

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// section is a page of the settings.
type section struct {
	path  string
	icon  icon.Name
	label func(*visit.Visit) string
	// text says on the first page what the section is for.
	text func(*visit.Visit) string
	// action is what the reader must be allowed to do there; "" asks for nothing.
	action policy.Action
}

// sections is the menu of the settings, from top to bottom (P-19).
var sections = []section{
	{
		usersPath, icon.People,
		func(v *visit.Visit) string { return v.T("settings.users.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.users") }, "partner.user.update",
	},
	{
		groupsPath, icon.Organization,
		func(v *visit.Visit) string { return v.T("settings.groups.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.groups") }, "partner.group.view",
	},
	{
		legalPath, icon.Building,
		func(v *visit.Visit) string { return v.T("settings.legal.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.legal") }, "partner.profile.view",
	},
	{
		agreementsPath, icon.Signature,
		func(v *visit.Visit) string { return v.T("settings.agreements.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.agreements") }, "",
	},
	{
		identifiersPath, icon.Key,
		func(v *visit.Visit) string { return v.T("settings.identifiers.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.identifiers") }, "",
	},
	{
		appsPath, icon.Plug,
		func(v *visit.Visit) string { return v.T("settings.apps.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.apps") }, "partner.application.update",
	},
	{
		securityPath, icon.ShieldCheck,
		func(v *visit.Visit) string { return v.T("settings.security.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.security") }, "partner.user.update",
	},
	{
		activityPath, icon.History,
		func(v *visit.Visit) string { return v.T("settings.activity.title") },
		func(v *visit.Visit) string { return v.T("settings.tile.activity") }, "activity.view",
	},
}

// inside puts a page of the settings into its menu and its breadcrumb.
func inside(v *visit.Visit, f *block.Frame, here string) {
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("settings.title"), Href: visit.AccountSettingsPath})
	var menu []block.NavItem
	for _, s := range sections {
		if s.action != "" && !v.May(s.action, false) {
			continue
		}
		menu = append(menu, block.NavItem{Label: s.label(v), Href: s.path, Icon: s.icon, Current: s.path == here})
	}
	visit.Inside(f, "", menu)
}

// overview is the first page of the settings: all sections, and why the reader may
// not open one.
func overview(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	tiles := make([]block.Tile, 0, len(sections))
	for _, s := range sections {
		t := block.Tile{Title: s.label(v), Text: s.text(v), Href: s.path, Icon: s.icon}
		if s.action != "" {
			t.Reason = v.Reason(s.action, false)
		}
		tiles = append(tiles, t)
	}
	f := v.Frame(v.T("settings.title"), visit.AccountSettings)
	f.Subtitle = v.T("settings.subtitle")
	return v.Show(overviewPage(v, f, tiles))
}
