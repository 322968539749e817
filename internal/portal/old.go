package portal

import (
	"net/http"
	"net/url"
	"strings"

	"comptoir/internal/portal/visit"
)

// oldAddresses are those of the older portal, which people have among their
// bookmarks (portal 0.7). They are in lower case: the older portal did not tell
// case apart.
var oldAddresses = []oldAddress{
	{"/dashboard/home", visit.HomePath},
	{"/dashboard", visit.HomePath},
	{"/dashboard/commerce2/customers/list", visit.CustomersPath},
	{"/dashboard/v2/customers/list", visit.CustomersPath},
	{"/commerce/customers/list", visit.CustomersPath},
	{"/dashboard/commerce2/customers/{id}/{rest...}", visit.CustomersPath + "/{id}/account"},
	{"/commerce/customers/{id}/{rest...}", visit.CustomersPath + "/{id}/account"},
	{"/dashboard/commerce2/customers/addcustomer", visit.CustomersPath + "/new"},
}

// oldAdmin is the address of the older customer portal. It names its page in the
// member "ref" or behind "#", where only the browser reads it, and an invitation by
// what it asks for (rule E9).
const oldAdmin = "/adminportal/home"

// leadOldAdmin leads from the older customer portal to the page that the address
// names, and where nothing but the browser can know it, to a page that asks it.
func leadOldAdmin(site *visit.Site) http.Handler {
	ask := site.HandleOpen(func(v *visit.Visit) error {
		card := v.Card(v.T("portal.moved.title"))
		card.Text = v.T("portal.moved.text")
		return v.Show(movedPage(v, card))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case invites(r.URL.Query()):
			http.Redirect(w, r, visit.InvitationPath+"?"+r.URL.RawQuery, http.StatusFound) //nolint:gosec // a path of ours, whatever follows it
		case r.URL.Query().Has("ref"):
			oldAddress{oldAdmin, "/"}.redirect(w, r)
		default:
			ask.ServeHTTP(w, r)
		}
	})
}

// invites reports whether the members of an address are those of an invitation, in
// one of the published forms.
func invites(members url.Values) bool {
	for name, values := range members {
		switch strings.ToLower(name) {
		case "invtype", "partnerid", "indirectcspid", "indirectcsp":
			return true
		case "type":
			return strings.Contains(strings.ToLower(strings.Join(values, " ")), "resellerrelationship")
		}
	}
	return false
}

// oldPages are the pages that the older customer portal names in the member "ref"
// of its address (K-5), in lower case.
var oldPages = map[string]string{
	"/billingaccounts/agreement":          visit.AgreementPath,
	"/billingaccounts/partner-invitation": visit.InvitationPath, // whose members are missing
}

// oldOffer begins the pages of requests for admin roles there (rule F2); their id
// follows.
const oldOffer = "/partners/invitation/granularadminrelationships/"

// oldAddress leads from an old path to one of ours.
type oldAddress struct{ path, to string }

func (o oldAddress) redirect(w http.ResponseWriter, r *http.Request) {
	to := strings.ReplaceAll(o.to, "{id}", strings.ToLower(r.PathValue("id")))
	asked := strings.ToLower(r.URL.Query().Get("ref"))
	if ref := oldPages[asked]; ref != "" {
		to = ref
	}
	if relationship, ok := strings.CutPrefix(asked, oldOffer); ok {
		to = visit.OfferPath + url.PathEscape(relationship)
	}
	http.Redirect(w, r, to, http.StatusFound) //nolint:gosec // begins with a path of ours
}

// foldOld brings the paths of the older portal into lower case.
func foldOld(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.ToLower(r.URL.Path)
		for _, root := range []string{"/dashboard", "/commerce", "/adminportal"} {
			if strings.HasPrefix(path, root) && path != r.URL.Path {
				r = r.Clone(r.Context())
				r.URL.Path, r.URL.RawPath = path, ""
				break
			}
		}
		next.ServeHTTP(w, r)
	})
}
