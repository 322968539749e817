package oauth_test

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Api-customers 2.1 and quirk Q40: in version 1 all numbers are strings.
func TestVersion1AnswersAnApplication(t *testing.T) {
	each(t, func(w *world) {
		in := form("grant_type", "client_Credentials", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret, "resource", "https://graph.windows.net")
		a := w.post(w.v1(), in, "return-client-request-id", "true", "client-request-id", "0B2F6F5E-5A1C-4C8F-9F57-0A8F2F6B9A11")
		if a.status != 200 {
			w.Fatalf("Q41: %d %s", a.status, a.raw)
		}
		for name, want := range map[string]string{"token_type": "Bearer", "expires_in": "3600", "ext_expires_in": "3600", "expires_on": "1795172400", "not_before": "1795168500", "resource": "https://graph.windows.net"} {
			if got := a.text(name); got != want {
				w.Errorf("%s is %v, want the string %q", name, a.body[name], want)
			}
		}
		for _, name := range []string{"scope", "refresh_token", "id_token"} {
			if _, there := a.body[name]; there {
				w.Errorf("an application alone got a %s", name)
			}
		}
		if got := a.header.Get("Cache-Control"); got != "no-cache, no-store" || a.header.Get("Pragma") != "no-cache" {
			w.Errorf("Cache-Control %q", got)
		}
		if got := a.header.Get("client-request-id"); got != "0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11" {
			w.Errorf("client-request-id %q", got)
		}
		c := claims(w, a.text("access_token"))
		for name, want := range map[string]any{
			"iss": w.web.URL + "/" + string(w.partner.Tenant) + "/", "aud": "https://graph.windows.net", "tid": string(w.partner.Tenant),
			"appid": string(w.robot.App.ID), "ver": "1.0", "idtyp": "app", "appidacr": "1", "exp": int64(1795172400), "iat": int64(1795168800),
		} {
			if c[name] != want {
				w.Errorf("2.5: claim %s is %v, want %v", name, c[name], want)
			}
		}
		if c["oid"] == "" || c["oid"] != c["sub"] || c["upn"] != nil || c["scp"] != nil || c["roles"] == nil {
			w.Errorf("2.5: claims %v", c)
		}
		if me := w.me("/v1", a.text("access_token")); me.status != 200 || me.text("App") != string(w.robot.App.ID) || me.text("User") != "" {
			w.Errorf("the API sees %s", me.raw)
		}
	})
}

// Api-customers 2.2: in version 2 numbers are numbers, and what clients send
// besides is ignored (clients.md, Tokens).
func TestVersion2AnswersAnApplication(t *testing.T) {
	each(t, func(w *world) {
		in := with(w.robotForm(), "scope", partnerAPI+"/.default openid offline_access profile", "client_info", "1", "x-client-SKU", "msal.js.node", "claims", `{"access_token":{}}`)
		a := w.post(w.v2(), in)
		if a.status != 200 || a.body["expires_in"] != 3600.0 || a.body["ext_expires_in"] != 3600.0 {
			w.Fatalf("%d %s", a.status, a.raw)
		}
		for _, name := range []string{"resource", "expires_on", "not_before", "refresh_token", "id_token"} {
			if _, there := a.body[name]; there {
				w.Errorf("version 2 answers %s", name)
			}
		}
		c := claims(w, a.text("access_token"))
		if c["ver"] != "2.0" || c["azp"] != string(w.robot.App.ID) || c["iss"] != w.web.URL+"/"+string(w.partner.Tenant)+"/v2.0" {
			w.Errorf("claims %v", c)
		}
	})
}

// Api-customers 2.2: each name of a resource is an audience of its API.
func TestEveryNameOfAnAPIIsAnAudience(t *testing.T) {
	quickly(t, func(w *world) {
		for scope, api := range map[string]string{
			"https://graph.windows.net/.default":               "/v1",
			"https://graph.windows.net//.default":              "/v1",
			"00000002-0000-0000-c000-000000000000/.default":    "/v1",
			"https://api.partnercenter.microsoft.com/.default": "/v1",
			"https://API.partnercenter.microsoft.com/.default": "/v1",
			"fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd/.default":    "/v1",
			"https://graph.microsoft.com/.default":             "/graph",
			"00000003-0000-0000-c000-000000000000/.default":    "/graph",
			"2832473f-ec63-45fb-976f-5d45a7d4bb91/.default":    "/graph",
			"https://management.azure.com/.default":            "/management",
			"https://management.core.windows.net//.default":    "/management",
			w.web.URL + "/.default":                            "/v1",
			"https://api.partnercustomeradministration.microsoft.com/PartnerCustomerDelegatedAdministration.ReadWrite.All": "/graph",
		} {
			a := w.post(w.v2(), with(w.robotForm(), "scope", scope))
			if me := w.me(api, a.text("access_token")); me.status != 200 {
				w.Errorf("%s: %s answers %d (%s)", scope, api, me.status, a.raw)
			}
		}
		a := w.post(w.v2(), with(w.robotForm(), "scope", "https://api.partner.microsoft.com/.default"))
		if a.status != 200 {
			w.Errorf("a token for another API: %d", a.status)
		}
		for _, api := range []string{"/v1", "/graph", "/management"} {
			if me := w.me(api, a.text("access_token")); me.status != 401 {
				w.Errorf("%s takes a token for another API", api)
			}
		}
	})
}

func TestTheOrganisationIsNamedByIDOrDomain(t *testing.T) {
	each(t, func(w *world) {
		for _, path := range []string{
			"/" + string(w.partner.Tenant) + "/oauth2/v2.0/token", "/" + strings.ToUpper(string(w.partner.Tenant)) + "/oauth2/v2.0/token",
			"/NORDMOLNET.example/OAuth2/v2.0/Token", "//nordmolnet.example//oauth2/v2.0/token/",
		} {
			if a := w.post(path, w.robotForm()); a.status != 200 {
				w.Errorf("%s: %d %s", path, a.status, a.raw)
			}
		}
	})
}

// Api-customers 2.3: the codes that clients look at.
func TestTheTokenEndpointRefusesWithTheKnownCodes(t *testing.T) {
	each(t, func(w *world) {
		_, olle := w.other()
		blocked := w.user("blocked", policy.SalesAgent)
		no := true
		must(identity.UpdateUser.Do(w.Context(), w.k, w.ga, identity.UserChange{UserKey: identity.UserKey{User: blocked.User.ID}, Blocked: &no}))(w)
		fresh := must(identity.AddUser.Do(w.Context(), w.k, w.ga, identity.NewUser{Name: "fresh"}))(w)
		robot, sara := w.robotForm(), w.saraForm()
		foreign := "/other.example/oauth2/v2.0/token"
		tests := []struct {
			name, path string
			in         url.Values
			status     int
			err        string
			code       int
		}{
			{"unknown organisation", "/nowhere.example/oauth2/v2.0/token", robot, 400, "invalid_request", 90002},
			{"no organisation", "/common/oauth2/v2.0/token", robot, 400, "invalid_request", 50059},
			{"no grant type", w.v2(), with(robot, "grant_type", ""), 400, "invalid_request", 900144},
			{"another grant type", w.v2(), with(robot, "grant_type", "saml"), 400, "unsupported_grant_type", 70003},
			{"no client", w.v2(), with(robot, "client_id", ""), 400, "invalid_request", 900144},
			{"unknown client", w.v2(), with(robot, "client_id", "0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11"), 400, "unauthorized_client", 700016},
			{"a client that is no id", w.v2(), with(robot, "client_id", "robot"), 400, "unauthorized_client", 700016},
			{"a client of somebody else", foreign, robot, 400, "unauthorized_client", 700016},
			{"wrong secret", w.v2(), with(robot, "client_secret", "wrong"), 401, "invalid_client", 7000215},
			{"no secret", w.v2(), with(robot, "client_secret", ""), 401, "invalid_client", 7000218},
			{"a public client alone", w.v2(), form("grant_type", "client_credentials", "client_id", string(w.desktop.App.ID), "scope", partnerAPI+"/.default"), 400, "unauthorized_client", 700026},
			{"a public client with a secret", w.v2(), with(sara, "client_id", string(w.desktop.App.ID)), 401, "invalid_client", 700025},
			{"no scope", w.v2(), with(robot, "scope", ""), 400, "invalid_request", 900144},
			{"two resources", w.v2(), with(robot, "scope", "https://a.example/.default https://b.example/.default"), 400, "invalid_scope", 28000},
			{"wrong password", w.v2(), with(sara, "password", "wrong"), 400, "invalid_grant", 50126},
			{"no password", w.v2(), with(sara, "password", ""), 400, "invalid_request", 900144},
			{"unknown user", w.v2(), with(sara, "username", "nobody@nordmolnet.example"), 400, "invalid_grant", 50034},
			{"a user of somebody else", w.v2(), with(sara, "username", olle.User.Name, "password", olle.Password), 400, "invalid_grant", 50020},
			{"somebody else's private client", foreign, with(sara, "username", olle.User.Name, "password", olle.Password), 400, "unauthorized_client", 700016},
			{"a blocked user", w.v2(), with(sara, "username", blocked.User.Name, "password", blocked.Password), 400, "invalid_grant", 50057},
			{"a temporary password", w.v2(), with(sara, "username", fresh.User.Name, "password", fresh.Password), 400, "invalid_grant", 50055},
			{"an invented code", w.v2(), with(robot, "grant_type", "authorization_code", "code", "x"), 400, "invalid_grant", 70000},
			{"no code", w.v2(), with(robot, "grant_type", "authorization_code"), 400, "invalid_request", 900144},
			{"an invented refresh token", w.v2(), with(robot, "grant_type", "refresh_token", "refresh_token", "x"), 400, "invalid_grant", 70000},
			{"an invented device code", w.v2(), with(robot, "grant_type", "device_code", "device_code", "x"), 400, "invalid_grant", 70000},
			{"what is no text", w.v2(), with(robot, "scope", "a\x00b"), 400, "invalid_request", 900144},
		}
		for _, tt := range tests {
			a := w.post(tt.path, tt.in)
			if a.status != tt.status || a.text("error") != tt.err || a.code() != tt.code {
				w.Errorf("%s: %d %s %d, want %d %s %d", tt.name, a.status, a.text("error"), a.code(), tt.status, tt.err, tt.code)
			}
			if !strings.HasPrefix(a.text("error_description"), "AADSTS") || a.text("trace_id") == "" || a.text("correlation_id") == "" || a.text("timestamp") != "2026-11-20 10:00:00Z" {
				w.Errorf("%s: body %s", tt.name, a.raw)
			}
			for _, secret := range []string{w.robot.Secret, w.sara.Password} {
				if strings.Contains(a.raw, secret) {
					w.Errorf("%s: a secret stands in the answer", tt.name)
				}
			}
		}
	})
}

func TestOutsideASandboxAnUnknownNameIsNoDifferent(t *testing.T) {
	quickly(t, func(w *world) {
		w.k.Sandbox = false
		unknown := w.post(w.v2(), with(w.saraForm(), "username", "nobody@nordmolnet.example"))
		wrong := w.post(w.v2(), with(w.saraForm(), "password", "wrong"))
		if unknown.code() != 50126 || unknown.code() != wrong.code() {
			w.Errorf("unknown name %d, wrong password %d", unknown.code(), wrong.code())
		}
	})
}

func TestGuessingPasswordsAtTheTokenEndpointHasToWait(t *testing.T) {
	quickly(t, func(w *world) {
		var last answer
		for range 6 {
			last = w.post(w.v2(), with(w.saraForm(), "password", "guess"))
		}
		if last.code() != 50053 || last.header.Get("Retry-After") == "" {
			w.Errorf("the sixth guess: %s, Retry-After %q", last.raw, last.header.Get("Retry-After"))
		}
		w.k.Wall.Advance(time.Hour)
		if a := w.post(w.v2(), w.saraForm()); a.status != 200 {
			w.Errorf("an hour later: %s", a.raw)
		}
	})
}

func TestAUserGetsAllTokens(t *testing.T) {
	each(t, func(w *world) {
		a := w.post(w.v2(), w.saraForm())
		if a.status != 200 {
			w.Fatal(a.raw)
		}
		c := claims(w, a.text("access_token"))
		for name, want := range map[string]any{
			"upn": w.sara.User.Name, "unique_name": w.sara.User.Name, "preferred_username": w.sara.User.Name, "oid": string(w.sara.User.ID),
			"tid": string(w.partner.Tenant), "scp": "user_impersonation", "name": "sara Ek",
		} {
			if c[name] != want {
				w.Errorf("Q42: claim %s is %v, want %v", name, c[name], want)
			}
		}
		if amr, _ := c["amr"].([]any); len(amr) != 1 || amr[0] != "pwd" {
			w.Errorf("amr %v: a password is no second factor", c["amr"])
		}
		if wids, _ := c["wids"].([]any); len(wids) == 0 {
			w.Error("no wids")
		}
		id := claims(w, a.text("id_token"))
		if id["aud"] != string(w.robot.App.ID) || id["oid"] != c["oid"] || id["tid"] != c["tid"] || id["sub"] == c["oid"] {
			w.Errorf("id_token %v", id)
		}
		var info map[string]string
		if err := json.Unmarshal(must(base64.RawURLEncoding.DecodeString(a.text("client_info")))(w), &info); err != nil || info["uid"] != string(w.sara.User.ID) || info["utid"] != string(w.partner.Tenant) {
			w.Errorf("client_info %v %v", info, err)
		}
		scope := strings.Fields(a.text("scope"))
		for _, want := range []string{partnerAPI + "/.default", partnerAPI + "/user_impersonation", "openid", "profile", "offline_access"} {
			if !slices.Contains(scope, want) {
				w.Errorf("scope %q lacks %s", scope, want)
			}
		}
		me := w.me("/v1", a.text("access_token"))
		if me.status != 200 || me.text("User") != string(w.sara.User.ID) || me.body["MFA"] != false {
			w.Errorf("the API sees %s", me.raw)
		}
		plain := w.post(w.v2(), with(w.saraForm(), "scope", partnerAPI+"/user_impersonation"))
		if plain.text("refresh_token") != "" || plain.text("id_token") != "" {
			w.Errorf("got what was not asked for: %s", plain.raw)
		}
		v1 := w.post(w.v1(), with(w.saraForm(), "scope", "openid", "resource", partnerAPI))
		if v1.text("scope") != "user_impersonation" || v1.text("refresh_token") == "" || v1.text("id_token") == "" || v1.text("expires_in") != "3600" {
			w.Errorf("version 1: %s", v1.raw)
		}
	})
}

// Rule A12: outside a sandbox a partner's user proves a second factor.
func TestAPasswordAloneIsNotEnoughWhereASecondFactorIsRequired(t *testing.T) {
	quickly(t, func(w *world) {
		w.k.Sandbox = false
		if a := w.post(w.v2(), w.saraForm()); a.code() != 50079 || a.text("error") != "interaction_required" {
			w.Errorf("without a second factor: %s", a.raw)
		}
		sara := must(w.gate.Person(w.Context(), w.partner.Tenant, w.sara.User.ID))(w).Actor("", false)
		w.enrol(sara)
		if a := w.post(w.v2(), w.saraForm()); a.code() != 50076 || a.text("error") != "interaction_required" {
			w.Errorf("with a second factor: %s", a.raw)
		}
		if err := w.k.UpdateSetting(w.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: "security.mfa", Value: "report"}); err != nil {
			w.Fatal(err)
		}
		if a := w.post(w.v2(), w.saraForm()); a.status != 200 {
			w.Errorf("when it is only reported: %s", a.raw)
		}
	})
}

// Quirk Q43: each answer has a new refresh token, and the old one stays good.
func TestRefreshTokensRotateAndStayGood(t *testing.T) {
	each(t, func(w *world) {
		first := w.post(w.v2(), w.saraForm()).text("refresh_token")
		refresh := func(token string, more ...string) answer {
			return w.post(w.v2(), with(form("grant_type", "refresh_token", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret, "refresh_token", token), more...))
		}
		a := refresh(first)
		second := a.text("refresh_token")
		if a.status != 200 || second == "" || second == first || claims(w, a.text("access_token"))["aud"] != partnerAPI {
			w.Fatalf("refreshed: %s", a.raw)
		}
		for name, a := range map[string]answer{"the old one": refresh(first), "the new one": refresh(second)} {
			if a.status != 200 {
				w.Errorf("%s: %s", name, a.raw)
			}
		}
		if a := refresh(second, "scope", "https://graph.microsoft.com/.default"); claims(w, a.text("access_token"))["aud"] != "https://graph.microsoft.com" {
			w.Errorf("for another API: %s", a.raw)
		}
		v1 := w.post(w.v1(), form("grant_type", "refresh_token", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret, "refresh_token", second, "resource", "https://graph.windows.net", "scope", "openid"))
		if v1.status != 200 || v1.text("refresh_token") == "" {
			w.Errorf("in version 1: %s", v1.raw)
		}
		if a := refresh(second, "client_id", string(w.desktop.App.ID), "client_secret", ""); a.code() != 70000 {
			w.Errorf("by another client: %s", a.raw)
		}
		w.k.Wall.Advance(91 * 24 * time.Hour)
		if a := refresh(second); a.code() != 700082 {
			w.Errorf("after 91 days: %s", a.raw)
		}
	})
}

func TestWhatEndsARefreshToken(t *testing.T) {
	each(t, func(w *world) {
		ends := map[string]struct {
			end  func(n identity.CreatedUser)
			code int
		}{
			"a new password": {func(n identity.CreatedUser) {
				must(identity.ResetPassword.Do(w.Context(), w.k, w.ga, identity.PasswordReset{UserKey: identity.UserKey{User: n.User.ID}}))(w)
			}, 50173},
			"an administrator": {func(n identity.CreatedUser) {
				must(identity.SignOutUser.Do(w.Context(), w.k, w.ga, identity.UserKey{User: n.User.ID}))(w)
			}, 50173},
			"a blocked account": {func(n identity.CreatedUser) {
				yes := true
				must(identity.UpdateUser.Do(w.Context(), w.k, w.ga, identity.UserChange{UserKey: identity.UserKey{User: n.User.ID}, Blocked: &yes}))(w)
			}, 50057},
			"a removed account": {func(n identity.CreatedUser) {
				must(identity.RemoveUser.Do(w.Context(), w.k, w.ga, identity.UserKey{User: n.User.ID}))(w)
			}, 50034},
		}
		i := 0
		for what, tt := range ends {
			n := w.user("user"+string(rune('a'+i)), policy.SalesAgent)
			i++
			a := w.post(w.v2(), with(w.saraForm(), "username", n.User.Name, "password", n.Password))
			w.k.Wall.Advance(2 * time.Second)
			tt.end(n)
			again := w.post(w.v2(), with(w.robotForm(), "grant_type", "refresh_token", "refresh_token", a.text("refresh_token")))
			if again.code() != tt.code {
				w.Errorf("%s: the refresh token gives %s", what, again.raw)
			}
			if me := w.me("/v1", a.text("access_token")); me.status != 401 {
				w.Errorf("%s: the access token is still good", what)
			}
		}
	})
}

func TestTheSecretMayComeInTheHeader(t *testing.T) {
	quickly(t, func(w *world) {
		pair := base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(string(w.robot.App.ID)) + ":" + url.QueryEscape(w.robot.Secret)))
		in := with(w.robotForm(), "client_secret", "", "client_id", "")
		if a := w.post(w.v2(), in, "Authorization", "Basic "+pair); a.status != 200 {
			w.Errorf("%d %s", a.status, a.raw)
		}
		wrong := base64.StdEncoding.EncodeToString([]byte(string(w.robot.App.ID) + ":wrong"))
		if a := w.post(w.v2(), in, "Authorization", "Basic "+wrong); a.code() != 7000215 || a.header.Get("WWW-Authenticate") == "" {
			w.Errorf("%d %s", a.status, a.raw)
		}
	})
}

func TestAnApplicationThatAsksAgainGetsTheSameTokenForAMoment(t *testing.T) {
	quickly(t, func(w *world) {
		token := func(pairs ...string) string {
			return w.post(w.v2(), with(w.robotForm(), pairs...)).text("access_token")
		}
		first := token()
		if token() != first {
			w.Error("asked again at once it is another token")
		}
		if token("scope", "https://graph.microsoft.com/.default") == first {
			w.Error("for another API it is the same token")
		}
		if a := w.post(w.v2(), with(w.robotForm(), "client_secret", "wrong")); a.status != 401 {
			w.Error("without the secret it is given out as well")
		}
		w.k.Wall.Advance(11 * time.Second)
		if token() == first {
			w.Error("after eleven seconds it is still the same token")
		}
	})
}

// Api-customers 2.4, quirk Q45.
func TestGenerateTokenMakesAPartnerToken(t *testing.T) {
	each(t, func(w *world) {
		user, app := w.post(w.v2(), w.saraForm()).text("access_token"), w.post(w.v2(), w.robotForm()).text("access_token")
		exchange := func(token string, f url.Values) answer {
			return w.post("/GenerateToken", f, "Authorization", "Bearer "+token)
		}
		good := form("grant_type", "jwt_token", "client_id", string(w.robot.App.ID))
		for name, token := range map[string]string{"a user": user, "an application": app} {
			a := exchange(token, good)
			if a.status != 200 || a.body["expires_in"] != 3600.0 || a.text("token_type") != "bearer" || !strings.HasPrefix(a.raw, "{") {
				w.Fatalf("%s: %d %q", name, a.status, a.raw)
			}
			if me := w.me("/v1", a.text("access_token")); me.status != 200 || me.text("App") != string(w.robot.App.ID) {
				w.Errorf("%s: the API sees %s", name, me.raw)
			}
			if again := exchange(a.text("access_token"), good); again.status != 401 {
				w.Errorf("%s: a partner token was exchanged for another: %d", name, again.status)
			}
		}
		graph := w.post(w.v2(), with(w.robotForm(), "scope", "https://graph.microsoft.com/.default")).text("access_token")
		for name, a := range map[string]answer{
			"no token":      w.post("/generatetoken", good),
			"nonsense":      exchange("nonsense", good),
			"another API's": exchange(graph, good),
			"a customer's":  exchange(w.customerToken(), good),
			"another grant": exchange(user, form("grant_type", "password")),
		} {
			want := 401
			if name == "another grant" {
				want = 400
			}
			if a.status != want {
				w.Errorf("%s: %d %s", name, a.status, a.raw)
			}
		}
		w.k.Wall.Advance(2 * time.Hour)
		if a := exchange(user, good); a.status != 401 {
			w.Errorf("an expired token: %d", a.status)
		}
	})
}
