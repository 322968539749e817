package app_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// asksAboutApplication reports whether a page asks somebody about an application,
// in the name of the organisation that its address begins with.
func asksAboutApplication(pattern string) bool {
	return strings.Contains(pattern, "/{tenant}/") || strings.HasSuffix(pattern, "/devicelogin")
}

// The pages on which people let applications in let nobody into an application
// that is not meant for him, nor in the name of an organisation that is not his;
// and only who may do so lets one in for everybody (row partner.application.grant).
func TestNobodyIsLetIntoAStrangersApplication(t *testing.T) {
	h := theHouse(t)
	direct, foreign := h.org("direct"), h.org("foreign")
	led, granted := 0, 0
	for _, a := range append(h.searchers(), h.actors[0]) {
		if a.alone {
			continue
		}
		for _, pattern := range slices.DeleteFunc(h.Pages(), func(p string) bool { return !asksAboutApplication(p) }) {
			for app, owner := range map[string]*org{string(direct.app.ID): direct, string(foreign.app.ID): foreign, publicClient: nil} {
				for _, tenant := range []string{"common", direct.domain, foreign.domain} {
					code, consent := h.letIn(t, a, pattern, tenant, app)
					member := a.org != nil && (tenant == "common" || tenant == a.org.domain)
					meant := owner == nil || owner == a.org
					if code && (!member || !meant) {
						t.Errorf("%s as %s at %s lets him into the application of %v", pattern, a, tenant, owner)
					}
					if consent && (!member || !meant || h.refusal(a, "partner.application.grant", true) != nil) {
						t.Errorf("%s as %s at %s lets an application of %v in for everybody", pattern, a, tenant, owner)
					}
					if code {
						led++
					}
					if consent {
						granted++
					}
				}
			}
		}
	}
	if led == 0 || granted == 0 {
		t.Errorf("%d people were let in, %d organisations let an application in: nothing was learnt", led, granted)
	}
}

// letIn asks for an application and accepts, and reports whether it got a code,
// and whether it was let in for everybody.
func (h *house) letIn(t *testing.T, a *actor, pattern, tenant, app string) (code, consent bool) {
	t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	q := url.Values{
		"client_id": {app}, "redirect_uri": {"http://localhost/"}, "response_type": {"code"}, "state": {"s"}, "scope": {"openid"}, "resource": {resource},
	}
	path = strings.ReplaceAll(path, "{tenant}", tenant) + "?" + q.Encode()
	got := h.browse(t, a, method, path, url.Values{"decision": {"accept"}}, nil)
	to, err := url.Parse(got.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return to.Query().Get("code") != "", to.Query().Get("admin_consent") != ""
}
