package visit

import (
	"slices"

	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/rulebook"
)

// The addresses that the frame leads to.
const (
	HomePath            = "/home"
	CustomersPath       = "/customers"
	ImportPath          = "/imports"
	JobsPath            = "/jobs"
	AccessPath          = "/my-access"
	ProfilePath         = "/profile"
	SearchPath          = "/search"
	PreferencesPath     = "/preferences"
	AccountSettingsPath = "/settings"
	OrgProfilePath      = "/admin/settings/org-profile"
	OwnUsersPath        = "/admin/users"
	BillingAccountPath  = "/admin/billing"
	CustomerHomePath    = "/admin"
	OperatorPath        = "/operator"
	VerificationsPath   = "/operator/verifications"
)

// Area is the entry of the navigation that a page belongs to, by its address.
type Area string

// The areas. Nowhere belongs to none, as an error page does.
const (
	Nowhere         Area = ""
	AtHome          Area = HomePath
	Customers       Area = CustomersPath
	Imports         Area = ImportPath
	Jobs            Area = JobsPath
	AccountSettings Area = AccountSettingsPath
	OrgProfile      Area = OrgProfilePath
	OwnUsers        Area = OwnUsersPath
	BillingAccount  Area = BillingAccountPath
	Access          Area = AccessPath
	Profile         Area = ProfilePath
	CustomerHome    Area = CustomerHomePath
	Operator        Area = OperatorPath
	Verifications   Area = VerificationsPath
)

// entry is a line of the navigation, for those who may open it.
type entry struct {
	area  Area
	icon  icon.Name
	label func(*Visit) string
	// kind is who has it at all, action what he must be allowed to do there; ""
	// asks for nothing more.
	kind   policy.Kind
	action policy.Action
	write  bool
}

// places is the navigation, from top to bottom (portal 0.1).
var places = slices.Concat([]entry{
	{AtHome, icon.Home, func(v *Visit) string { return v.T("portal.home") }, policy.Partner, "", false},
	{Customers, icon.People, func(v *Visit) string { return v.T("portal.customers") }, policy.Partner, "customer.list", false},
	{Resellers, icon.Organization, func(v *Visit) string { return v.T("partnership.resellers.title") }, policy.Partner, "partnership.resellers", false},
	{Providers, icon.Organization, func(v *Visit) string { return v.T("partnership.providers.title") }, policy.Partner, "partnership.providers", false},
	{Rounds, icon.Signature, func(v *Visit) string { return v.T("rounds.nav") }, policy.Partner, "agreement.attest", true},
	{Imports, icon.Upload, func(v *Visit) string { return v.T("portal.import") }, policy.Partner, "customer.add", true},
	{Insights, icon.ChartBars, func(v *Visit) string { return v.T("gdappage.insights.nav") }, policy.Partner, "gdap.view", false},
	{Jobs, icon.List, func(v *Visit) string { return v.T("portal.jobs") }, policy.Partner, "job.view", false},
	{AccountSettings, icon.Settings, func(v *Visit) string { return v.T("settings.title") }, policy.Partner, "", false},
	{CustomerHome, icon.Home, func(v *Visit) string { return v.T("portal.home") }, policy.Customer, "", false},
	{OwnUsers, icon.People, func(v *Visit) string { return v.T("adminportal.users.title") }, policy.Customer, "own.user.update", false},
	{OrgProfile, icon.Building, func(v *Visit) string { return v.T("adminportal.organization.title") }, policy.Customer, "own.organization.view", false},
	{BillingAccount, icon.Receipt, func(v *Visit) string { return v.T("adminportal.billing.title") }, policy.Customer, "own.organization.view", false},
	{Operator, icon.Home, func(v *Visit) string { return v.T("portal.home") }, policy.Operator, "", false},
	{Verifications, icon.ShieldCheck, func(v *Visit) string { return v.T("portal.verifications") }, policy.Operator, "verification.view", false},
}, partnerPlaces, qualificationPlaces, agreementPlaces, operatorPlaces, noticePlaces, []entry{
	{Access, icon.PersonKey, func(v *Visit) string { return v.T("portal.access") }, policy.Nobody, "", false},
})

// Workspace is a part of the portal, for My access and the search.
type Workspace struct {
	Label, Href string
	// Text says in a sentence what one does there.
	Text string
	Icon icon.Name
	// Reason says why the reader may not open it, "" when he may.
	Reason string
}

// Place is a page of the navigation, of anybody's.
type Place struct {
	Area  Area
	Label string
	Kind  policy.Kind // whose it is; Nobody for everybody's
}

// Places lists the whole navigation, for who writes about it.
func (v *Visit) Places() []Place {
	all := make([]Place, len(places))
	for i, p := range places {
		all[i] = Place{p.area, p.label(v), p.kind}
	}
	return all
}

// helpLinks are the links that the operator put into the help panel of an area
// (portal V-10).
func (v *Visit) helpLinks(area Area) []block.Link {
	var all []block.Link
	for _, l := range rulebook.Help(v.Kernel().Book(), string(area)) {
		all = append(all, block.Link{Label: l.Name(v.Tag()), Href: l.Address, External: l.Outside()})
	}
	return all
}

// Workspaces lists the parts of the portal that organisations of the reader's
// kind have.
func (v *Visit) Workspaces() []Workspace {
	var all []Workspace
	for _, p := range places {
		if p.kind != v.Actor.Kind || v.foreign(p) {
			continue
		}
		w := Workspace{Label: p.label(v), Href: string(p.area), Text: v.AreaText(p.area), Icon: p.icon}
		if p.action != "" {
			w.Reason = v.Reason(p.action, p.write)
		}
		all = append(all, w)
	}
	return all
}

// foreign reports whether a part of the portal is for organizations of another type
// and there is nothing more to say about it.
func (v *Visit) foreign(p entry) bool {
	row, known := v.site.Kernel.Policy.Row(p.action)
	return known && row.WrongOrg == nil && row.Orgs&policy.AllOrgs != 0 && row.Orgs&v.Actor.Org == 0 && v.Actor.Kind == policy.Partner
}

// Home returns the first page of the reader.
func (v *Visit) Home() string {
	switch v.Actor.Kind {
	case policy.Customer:
		return CustomerHomePath
	case policy.Operator:
		return OperatorPath
	}
	return HomePath
}

// searches reports whether the reader has anything to search in.
func (v *Visit) searches() bool { return v.Actor.Kind == policy.Partner }

// Frame returns what stands around a page with this title. The page adds
// breadcrumb, messages and commands.
func (v *Visit) Frame(title string, area Area) block.Frame {
	f := block.Frame{
		Head:        block.Head{Title: title, Product: v.site.Product, Theme: theme(v.Request), Sandbox: v.site.Kernel.Sandbox},
		Directory:   v.Person.TenantName,
		Home:        v.Home(),
		Nav:         []block.NavGroup{{Items: v.navigation(area)}},
		NavFolded:   v.Cookie(NavCookie) == "folded",
		KeysOff:     v.Cookie(KeysCookie) == "off",
		Profile:     v.profile(),
		Bell:        v.bell(),
		CSRF:        v.CSRF(),
		Preferences: PreferencesPath,
		Here:        v.Here(),
		HelpLinks:   v.helpLinks(area),
	}
	if v.Actor.Kind == policy.Partner {
		f.Settings = AccountSettingsPath
	}
	if v.searches() {
		f.Search = block.GlobalSearch{Action: SearchPath}
		f.Places = map[string]string{"c": CustomersPath}
	}
	if area != Nowhere && string(area) != v.Home() {
		f.Breadcrumb = []block.Link{{Label: v.T("portal.home"), Href: v.Home()}}
	}
	if text := v.takeToast(); text != "" {
		f.Toasts = []block.Toast{{Tone: block.Success, Text: text}}
	}
	return f
}

// navigation lists what the reader may open.
func (v *Visit) navigation(area Area) []block.NavItem {
	var items []block.NavItem
	for _, p := range places {
		if p.kind != policy.Nobody && p.kind != v.Actor.Kind || p.action != "" && !v.May(p.action, p.write) {
			continue
		}
		items = append(items, block.NavItem{Label: p.label(v), Href: string(p.area), Icon: p.icon, Current: p.area == area})
	}
	return items
}

// Inside puts a menu of a record under the current entry of the navigation. The
// title is what the record is called: a customer's original name (rule C32).
func Inside(f *block.Frame, title string, menu []block.NavItem) {
	for i := range f.Nav[0].Items {
		item := &f.Nav[0].Items[i]
		if item.Current {
			item.Current, item.Title, item.Children = false, title, menu
			return
		}
	}
}

func (v *Visit) profile() block.Profile {
	return block.Profile{
		Name: v.Name(), Mail: v.Person.Name, Roles: v.Roles(), SignOut: v.site.SignOut,
		Links: []block.Link{{Label: v.T("common.profile"), Href: ProfilePath}, {Label: v.T("notice.page.title"), Href: NotificationsPath}, {Label: v.T("portal.access"), Href: AccessPath}},
	}
}

// NewCustomerPath is the address of the wizard that adds a customer.
const NewCustomerPath = "/customers/new"

// AccountPath returns the address of the account of a customer.
func AccountPath(customer id.Tenant) string {
	return CustomersPath + "/" + string(customer) + "/account"
}
