package portal

import (
	"net/http"
	"strings"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// profile shows the reader his account and his choices: language, theme, keys.
func profile(v *visit.Visit) error {
	a, err := visit.Do(v, identity.MyAccess, struct{}{})
	if err != nil {
		return err
	}
	f := v.Frame(v.T("common.profile"), visit.Profile)
	f.Subtitle = v.T("portal.profile.subtitle")
	return v.Show(page(v, f, profileBody(v, a)))
}

// access shows what the reader may open and who can give him more (P-22).
func access(v *visit.Visit) error {
	a, err := visit.Do(v, identity.MyAccess, struct{}{})
	if err != nil {
		return err
	}
	f := v.Frame(v.T("portal.access"), visit.Access)
	f.Subtitle = v.T("portal.access.subtitle")
	return v.Show(page(v, f, accessBody(v, a)))
}

// personFacts says who the reader is.
func personFacts(v *visit.Visit, a identity.Access) []block.Fact {
	return []block.Fact{
		{Term: v.T("common.name"), Value: v.Name()},
		{Term: v.T("portal.profile.user_name"), Value: a.User.Name},
		{Term: v.T("portal.profile.email"), Value: a.User.Email},
		{Term: v.T("portal.profile.organization"), Value: a.Tenant.Name},
		{Term: v.T("portal.tenant_id"), Value: string(a.Tenant.ID), Mono: true, Copy: true},
		{Term: v.T("portal.profile.roles"), Value: v.List(v.Roles())},
	}
}

// reasoned says what a part of the portal is for as well as why it may not be opened.
func reasoned(w visit.Workspace) string {
	if w.Reason == "" {
		return ""
	}
	return strings.TrimSpace(w.Text + " " + w.Reason)
}

// roleFacts say of each role of the reader what it allows.
func roleFacts(v *visit.Visit) []block.Fact {
	var facts []block.Fact
	for role := policy.Role(1); role != 0 && role <= v.Actor.Roles; role <<= 1 {
		if v.Actor.Roles&role == 0 {
			continue
		}
		for _, key := range role.Keys() {
			facts = append(facts, block.Fact{Term: v.T(key), Value: v.RoleText(role)})
		}
	}
	if len(facts) == 0 {
		facts = append(facts, block.Fact{Term: v.T("portal.profile.roles"), Value: v.T("rules.role.none")})
	}
	return facts
}

// languages are the choices of the reader; "" follows the browser.
func languages(v *visit.Visit) []block.Option {
	return []block.Option{
		{Value: "browser", Label: v.T("portal.profile.language.browser")},
		{Value: "en", Label: "English"},
		{Value: "fr", Label: "Français"},
		{Value: "sv", Label: "Svenska"},
	}
}

func themes(v *visit.Visit) []block.Option {
	return []block.Option{
		{Value: "system", Label: v.T("portal.profile.theme.system")},
		{Value: string(block.LightTheme), Label: v.T("portal.profile.theme.light")},
		{Value: string(block.DarkTheme), Label: v.T("portal.profile.theme.dark")},
		{Value: string(block.ContrastTheme), Label: v.T("portal.profile.theme.contrast")},
	}
}

// setPreference takes a choice of the profile menu, of the profile page or of
// the navigation, and leads back.
func setPreference(v *visit.Visit) error {
	if theme := v.Form("theme"); theme != "" {
		v.Keep(visit.ThemeCookie, string(block.ParseTheme(theme)))
	}
	switch v.Form("nav") {
	case "folded":
		v.Keep(visit.NavCookie, "folded")
	case "open":
		v.Keep(visit.NavCookie, "")
	}
	switch v.Form("keys") {
	case "off":
		v.Keep(visit.KeysCookie, "off")
	case "on":
		v.Keep(visit.KeysCookie, "")
	}
	if language := v.Form("lang"); language != "" {
		if language == "browser" {
			language = ""
		}
		if _, err := visit.Do(v, identity.UpdateOwnProfile, identity.OwnProfile{Language: &language}); err != nil {
			return err
		}
	}
	http.Redirect(v.Writer, v.Request, visit.LocalAddress(v.Form("back"), visit.ProfilePath), http.StatusSeeOther)
	return nil
}

// accessTiles are the parts of the portal that the reader may open, and those
// that he may not with the reason.
func accessTiles(v *visit.Visit) []block.Tile {
	var tiles []block.Tile
	for _, w := range v.Workspaces() {
		tiles = append(tiles, block.Tile{Title: w.Label, Text: w.Text, Href: w.Href, Icon: w.Icon, Reason: reasoned(w)})
	}
	return tiles
}
