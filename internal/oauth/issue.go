package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"sync"
	"time"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
)

// How long tokens are good for. They count as valid a little before they were
// issued, for resources whose clock is behind.
const (
	tokenLife = time.Hour
	backdate  = 5 * time.Minute
)

// bearer is for whom an access token is: a person with an application, or an
// application alone.
type bearer struct {
	tenant id.Tenant
	app    id.App
	appACR string // how the application proved itself: "0" not at all, "1" secret, "2" certificate

	person  *identity.Person // nil for an application alone
	methods []string
	scopes  []string
	grant   identity.Grant // of an application alone

	audience  string
	v2        bool
	exchanged bool // the result of /generatetoken
}

// claims are the contents of an access token (api-customers.md 2.5).
type claims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	Tenant    string `json:"tid"`
	Version   string `json:"ver"`
	UTI       string `json:"uti,omitempty"`

	AppID   string `json:"appid"`
	AZP     string `json:"azp,omitempty"`
	AppACR  string `json:"appidacr,omitempty"`
	AZPACR  string `json:"azpacr,omitempty"`
	AppName string `json:"app_displayname,omitempty"`

	Object  string `json:"oid"`
	Subject string `json:"sub"`
	IDType  string `json:"idtyp,omitempty"`

	UPN        string   `json:"upn,omitempty"`
	Preferred  string   `json:"preferred_username,omitempty"`
	UniqueName string   `json:"unique_name,omitempty"`
	Name       string   `json:"name,omitempty"`
	GivenName  string   `json:"given_name,omitempty"`
	FamilyName string   `json:"family_name,omitempty"`
	Scopes     string   `json:"scp,omitempty"`
	Methods    []string `json:"amr,omitempty"`
	WIDs       []string `json:"wids,omitempty"`
	Roles      []string `json:"roles,omitempty"`

	// Exchanged marks a token of /generatetoken.
	Exchanged bool `json:"pctoken,omitempty"`
}

// issued is an access token with its times.
type issued struct {
	token     string
	notBefore time.Time
	expires   time.Time
}

// issuer returns the issuer of tokens of a tenant, under the address through
// which the request came.
func issuer(base, tenant string, v2 bool) string {
	if v2 {
		return base + "/" + tenant + "/v2.0"
	}
	return base + "/" + tenant + "/"
}

// directoryRoles are the ids under which tokens name roles (wids).
var directoryRoles = []struct {
	role policy.Role
	id   string
}{
	{policy.GlobalAdmin | policy.CustomerAdmin, "62e90394-69f5-4237-9190-012177145e10"},
	{policy.UserAdmin, "fe930be7-5e62-47db-91af-98c3a49a38b1"},
	{policy.BillingAdmin | policy.CustomerBillingAdmin, "b0f54661-2d74-4c50-afa3-1ec803f12efe"},
	{policy.HelpdeskAgent, "729827e3-9c14-49f7-bb1b-9608f156bbb8"},
}

// everybody is the role id that every person's token has.
const everybody = "b79fbf4d-3ef9-4689-8143-76b194e85509"

func wids(roles policy.Role) []string {
	var all []string
	for _, d := range directoryRoles {
		if roles&d.role != 0 {
			all = append(all, d.id)
		}
	}
	return append(all, everybody)
}

// pairwise returns the name of a person towards one application.
func pairwise(user id.User, app id.App) string {
	h := sha256.Sum256([]byte(string(user) + "\x00" + string(app)))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

func (b bearer) claims(base string, now time.Time) claims {
	c := claims{
		Issuer: issuer(base, string(b.tenant), b.v2), Audience: b.audience,
		IssuedAt: now.Unix(), NotBefore: now.Add(-backdate).Unix(), Expires: now.Add(tokenLife).Unix(),
		Tenant: string(b.tenant), Version: "1.0", UTI: identity.Token()[:22],
		AppID: string(b.app), AppACR: b.appACR, Exchanged: b.exchanged,
	}
	if b.v2 {
		c.Version, c.AZP, c.AZPACR = "2.0", c.AppID, c.AppACR
	}
	if b.person == nil {
		c.IDType, c.Object, c.Subject, c.Roles = "app", b.grant.Object, b.grant.Object, b.grant.Roles.Names()
		return c
	}
	p := b.person
	c.Object, c.Subject = string(p.ID), pairwise(p.ID, b.app)
	c.UPN, c.Preferred, c.UniqueName, c.Name = p.Name, p.Name, p.Name, p.DisplayName
	c.GivenName, c.FamilyName = p.FirstName, p.LastName
	c.Scopes, c.Methods, c.WIDs = strings.Join(b.scopes, " "), b.methods, wids(p.Roles)
	return c
}

// sign returns a new access token.
func (s *Server) sign(ctx context.Context, base string, b bearer) (issued, error) {
	now := s.kernel.Wall.Now()
	c := b.claims(base, now)
	token, err := s.keys.sign(ctx, c)
	return issued{token, time.Unix(c.NotBefore, 0), time.Unix(c.Expires, 0)}, err
}

// recentTokens are access tokens of applications that were signed a moment ago.
// A client that asks again gets the same one: signing is the costliest step of
// this server, and many scripts ask for a token before every call.
type recentTokens struct {
	mu sync.Mutex
	// young are those that were signed since begun, old those before. When the
	// young ones are old or many, they take the place of the old ones: nobody
	// ever looks through them all.
	young, old map[recentKey]recentToken
	begun      time.Time
}

// recentKey is everything that a token of an application alone depends on.
type recentKey struct {
	base, audience, appACR string
	tenant                 id.Tenant
	app                    id.App
	grant                  identity.Grant
	v2                     bool
}

type recentToken struct {
	issued
	until time.Time
}

const (
	recentFor = 10 * time.Second
	recentMax = 5_000 // young ones
)

func newRecentTokens() *recentTokens { return &recentTokens{young: make(map[recentKey]recentToken)} }

// signRecent is sign for an application alone, with the token of a moment ago
// when there is one.
func (s *Server) signRecent(ctx context.Context, base string, b bearer) (issued, error) {
	key := recentKey{base, b.audience, b.appACR, b.tenant, b.app, b.grant, b.v2}
	now := s.kernel.Wall.Now()
	if t, ok := s.recent.get(key, now); ok {
		return t, nil
	}
	t, err := s.sign(ctx, base, b)
	if err == nil {
		s.recent.put(key, recentToken{t, now.Add(recentFor)}, now)
	}
	return t, err
}

func (r *recentTokens) get(key recentKey, now time.Time) (issued, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, ok := r.young[key]
	if !ok {
		t, ok = r.old[key]
	}
	return t.issued, ok && now.Before(t.until)
}

func (r *recentTokens) put(key recentKey, t recentToken, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.young) >= recentMax || now.Sub(r.begun) >= recentFor {
		r.young, r.old, r.begun = make(map[recentKey]recentToken), r.young, now
	}
	r.young[key] = t
}

// idClaims are the contents of an id_token.
type idClaims struct {
	Issuer     string   `json:"iss"`
	Audience   string   `json:"aud"`
	IssuedAt   int64    `json:"iat"`
	NotBefore  int64    `json:"nbf"`
	Expires    int64    `json:"exp"`
	Tenant     string   `json:"tid"`
	Version    string   `json:"ver"`
	Object     string   `json:"oid"`
	Subject    string   `json:"sub"`
	Nonce      string   `json:"nonce,omitempty"`
	Name       string   `json:"name,omitempty"`
	GivenName  string   `json:"given_name,omitempty"`
	FamilyName string   `json:"family_name,omitempty"`
	Preferred  string   `json:"preferred_username"`
	UPN        string   `json:"upn"`
	UniqueName string   `json:"unique_name"`
	Methods    []string `json:"amr,omitempty"`
	CodeHash   string   `json:"c_hash,omitempty"`
}

// idToken returns a signed id_token that tells app who p is. code is the
// authorization code that comes beside it, "" for none.
func (s *Server) idToken(ctx context.Context, base string, b bearer, nonce, code string) (string, error) {
	p, now := b.person, s.kernel.Wall.Now()
	c := idClaims{
		Issuer: issuer(base, string(p.Tenant), b.v2), Audience: string(b.app),
		IssuedAt: now.Unix(), NotBefore: now.Add(-backdate).Unix(), Expires: now.Add(tokenLife).Unix(),
		Tenant: string(p.Tenant), Version: "1.0", Object: string(p.ID), Subject: pairwise(p.ID, b.app), Nonce: nonce,
		Name: p.DisplayName, GivenName: p.FirstName, FamilyName: p.LastName,
		Preferred: p.Name, UPN: p.Name, UniqueName: p.Name, Methods: slices.Clone(b.methods),
	}
	if b.v2 {
		c.Version = "2.0"
	}
	if code != "" {
		h := sha256.Sum256([]byte(code))
		c.CodeHash = base64.RawURLEncoding.EncodeToString(h[:16])
	}
	return s.keys.sign(ctx, c)
}
