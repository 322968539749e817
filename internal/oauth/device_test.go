package oauth_test

import (
	"strings"
	"testing"
	"time"
)

const commandLine = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

func (w *world) deviceForm() (ask, poll func(pairs ...string) answer) {
	base := "/" + w.partner.Domain + "/oauth2/v2.0/"
	ask = func(pairs ...string) answer {
		return w.post(base+"devicecode", with(form("client_id", commandLine, "scope", partnerAPI+"/.default offline_access openid profile"), pairs...))
	}
	poll = func(pairs ...string) answer {
		return w.post(base+"token", with(form("grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", commandLine), pairs...))
	}
	return ask, poll
}

func TestADeviceSignsInThroughABrowserElsewhere(t *testing.T) {
	each(t, func(w *world) {
		ask, poll := w.deviceForm()
		d := ask()
		if d.body["expires_in"] != 900.0 || d.body["interval"] != 5.0 || d.text("verification_uri") != w.web.URL+"/devicelogin" || !strings.Contains(d.text("message"), d.text("user_code")) {
			w.Fatalf("device code: %s", d.raw)
		}
		code := d.text("device_code")
		if a := poll("device_code", code); a.text("error") != "authorization_pending" || a.status != 400 {
			w.Errorf("pending: %s", a.raw)
		}
		if a := poll("device_code", code); a.text("error") != "slow_down" {
			w.Errorf("at once again: %s", a.raw)
		}
		b := w.browser().open("/devicelogin").signIn(w.sara)
		typed := strings.ToLower(d.text("user_code")[:4] + "-" + d.text("user_code")[4:])
		b.submit("code", typed)
		if !strings.Contains(b.says("body"), "Command line") {
			w.Fatalf("no question: %d %s", b.status, b.says("body"))
		}
		b.submit("decision", "accept")
		if b.status != 200 {
			w.Fatalf("approved: %s", b.says("body"))
		}
		w.k.Wall.Advance(5 * time.Second)
		a := poll("device_code", code)
		if a.status != 200 || a.text("refresh_token") == "" || a.text("id_token") == "" || a.text("client_info") == "" {
			w.Fatalf("tokens: %s", a.raw)
		}
		if me := w.me("/v1", a.text("access_token")); me.text("User") != string(w.sara.User.ID) {
			w.Errorf("the API sees %s", me.raw)
		}
		if again := poll("device_code", code); again.code() != 70000 {
			w.Errorf("a second time: %s", again.raw)
		}
	})
}

func TestADeviceIsDeclinedOrForgotten(t *testing.T) {
	each(t, func(w *world) {
		ask, poll := w.deviceForm()
		b := w.browser().open("/signin").signIn(w.sara)
		declined := ask()
		b.open("/devicelogin?code="+declined.text("user_code")).submit("decision", "decline")
		if a := poll("device_code", declined.text("device_code")); a.text("error") != "authorization_declined" {
			w.Errorf("declined: %s", a.raw)
		}
		late := ask()
		if a := poll("device_code", late.text("device_code"), "client_id", string(w.desktop.App.ID)); a.code() != 70000 {
			w.Errorf("by another client: %s", a.raw)
		}
		w.k.Wall.Advance(15 * time.Minute)
		if a := poll("device_code", late.text("device_code")); a.text("error") != "expired_token" {
			w.Errorf("expired: %s", a.raw)
		}
		for _, code := range []string{late.text("user_code"), "BBBBBBBBB", "<script>"} {
			if b.open("/devicelogin?code=" + code); b.status != 400 || strings.Contains(b.raw, "<script>\"") {
				w.Errorf("code %q: %d", code, b.status)
			}
		}
		if a := ask("client_id", ""); a.code() != 900144 {
			w.Errorf("no client: %s", a.raw)
		}
	})
}

func TestADeviceOfAnotherOrganisationIsNotLetIn(t *testing.T) {
	quickly(t, func(w *world) {
		_, olle := w.other()
		ask, _ := w.deviceForm()
		d := ask()
		b := w.browser().open("/signin").signIn(olle)
		if b.open("/devicelogin?code=" + d.text("user_code")); !strings.Contains(b.raw, "AADSTS50020") {
			w.Errorf("%d %s", b.status, b.says("body"))
		}
	})
}

// Api-customers 2.3: version 1 has other names and strings.
func TestADeviceMayAskInVersion1(t *testing.T) {
	each(t, func(w *world) {
		d := w.post("/common/oauth2/devicecode?client_id="+string(w.desktop.App.ID)+"&resource=https://graph.windows.net", nil)
		if d.text("expires_in") != "900" || d.text("interval") != "5" || d.text("verification_url") == "" {
			w.Fatalf("%d %s", d.status, d.raw)
		}
		b := w.browser().open("/common/oauth2/deviceauth").signIn(w.sara)
		b.submit("code", d.text("user_code")).submit("decision", "accept")
		a := w.post("/common/oauth2/token", form("grant_type", "device_code", "client_id", string(w.desktop.App.ID), "code", d.text("device_code"), "resource", "https://graph.windows.net"))
		if a.text("resource") != "https://graph.windows.net" || a.text("expires_in") != "3600" {
			w.Errorf("%d %s", a.status, a.raw)
		}
	})
}

// Quirk Q44 and clients.md: MSAL asks for these before any token.
func TestDiscoveryNamesTheAddressesByWhichItWasAsked(t *testing.T) {
	quickly(t, func(w *world) {
		for path, want := range map[string]struct{ issuer, token string }{
			"/nordmolnet.example/v2.0/.well-known/openid-configuration":          {"/" + string(w.partner.Tenant) + "/v2.0", "/nordmolnet.example/oauth2/v2.0/token"},
			"/nordmolnet.example/v2.0/.well-known/openid-configuration?":         {"/" + string(w.partner.Tenant) + "/v2.0", "/nordmolnet.example/oauth2/v2.0/token"},
			"/" + string(w.partner.Tenant) + "/.well-known/openid-configuration": {"/" + string(w.partner.Tenant) + "/", "/" + string(w.partner.Tenant) + "/oauth2/token"},
			"/common/v2.0/.well-known/openid-configuration":                      {"/{tenantid}/v2.0", "/common/oauth2/v2.0/token"},
			"/organizations/.well-known/openid-configuration":                    {"/{tenantid}/", "/organizations/oauth2/token"},
		} {
			a := w.get(path)
			if a.text("issuer") != w.web.URL+want.issuer || a.text("token_endpoint") != w.web.URL+want.token {
				w.Errorf("%s: issuer %q, token endpoint %q", path, a.text("issuer"), a.text("token_endpoint"))
			}
			for _, name := range []string{"authorization_endpoint", "device_authorization_endpoint", "jwks_uri"} {
				if !strings.HasPrefix(a.text(name), w.web.URL+"/") {
					w.Errorf("%s: %s is %q", path, name, a.text(name))
				}
			}
			if keys := w.get(strings.TrimPrefix(a.text("jwks_uri"), w.web.URL)); !strings.Contains(keys.raw, `"kty":"RSA"`) || strings.Contains(keys.raw, `"d":`) {
				w.Errorf("%s: keys %s", path, keys.raw)
			}
		}
		if a := w.get("/nowhere.example/v2.0/.well-known/openid-configuration"); a.code() != 90002 || a.status != 400 {
			w.Errorf("unknown organisation: %d %s", a.status, a.raw)
		}
	})
}

func TestTheInstanceIsACloudOfItsOwn(t *testing.T) {
	quickly(t, func(w *world) {
		host := strings.TrimPrefix(w.web.URL, "https://")
		a := w.get("/common/discovery/instance?api-version=1.1&authorization_endpoint=" + w.web.URL + "/nordmolnet.example/oauth2/v2.0/authorize")
		if a.text("tenant_discovery_endpoint") != w.web.URL+"/nordmolnet.example/v2.0/.well-known/openid-configuration" || !strings.Contains(a.raw, `"aliases":["`+host+`"]`) {
			w.Errorf("%d %s", a.status, a.raw)
		}
		if a := w.get("/common/discovery/instance?authorization_endpoint=https://evil.example/common/oauth2/authorize"); a.text("error") != "invalid_instance" {
			w.Errorf("another host: %s", a.raw)
		}
	})
}

func TestUserRealmKnowsDomainsAndNoUsers(t *testing.T) {
	quickly(t, func(w *world) {
		for name, want := range map[string]string{"sara@nordmolnet.example": "Managed", "nobody@NORDMOLNET.example": "Managed", "x@nowhere.example": "Unknown", "x": "Unknown"} {
			if a := w.get("/common/UserRealm/" + name + "?api-version=1.0"); a.text("account_type") != want {
				w.Errorf("%s: %s", name, a.raw)
			}
		}
	})
}

func TestUserInfoTellsWhoOneIs(t *testing.T) {
	quickly(t, func(w *world) {
		user := w.post(w.v2(), with(w.saraForm(), "scope", "openid profile"))
		a := w.get("/common/openid/userinfo", "Authorization", "Bearer "+user.text("access_token"))
		if a.text("preferred_username") != w.sara.User.Name || a.text("sub") != claims(w, user.text("id_token"))["sub"] {
			w.Errorf("%d %s", a.status, a.raw)
		}
		app := w.post(w.v2(), w.robotForm()).text("access_token")
		for name, token := range map[string]string{"nobody": "", "an application": app} {
			if a := w.get("/common/openid/userinfo", "Authorization", "Bearer "+token); a.status != 401 {
				w.Errorf("%s: %d", name, a.status)
			}
		}
	})
}

func TestPublishedClientsAreAskedAboutOnce(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		ask := w.ask("client_id", commandLine, "redirect_uri", "http://localhost:8400/")
		if b.open(ask); b.left != "" {
			w.Fatalf("led to %q without a question", b.left)
		}
		if b.submit("decision", "accept"); b.sent().Get("code") == "" {
			w.Fatalf("accepted: %d %s", b.status, b.says("body"))
		}
		if b.open(ask); b.sent().Get("code") == "" {
			w.Error("asked again")
		}
		native := w.web.URL + "/common/oauth2/nativeclient"
		if b.open(w.ask("client_id", commandLine, "redirect_uri", native)); !strings.HasPrefix(b.at.String(), native+"?code=") || b.status != 200 {
			w.Errorf("a program on a desk ends at %s", b.at)
		}
		if b.open(w.ask("client_id", commandLine, "redirect_uri", "urn:ietf:wg:oauth:2.0:oob")); b.left != "" || b.status != 200 {
			w.Errorf("a program without address: %d %q", b.status, b.left)
		}
	})
}
