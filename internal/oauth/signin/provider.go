package signin

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/identity"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Provider is an outside OpenID provider. It may vouch for people whose user
// name lies in one of its domains, and for nobody else.
type Provider struct {
	Issuer       string // "https://login.example"
	ClientID     string
	ClientSecret string
	Label        string   // what the button says: "Example Login"
	Domains      []string // of the user names that it may vouch for
	// NameClaim is the claim that holds the user name. Empty takes "email", which
	// the provider must have verified; whoever names another trusts the provider
	// that people cannot change it themselves.
	NameClaim string
	// HTTP asks the provider; nil is the usual client.
	HTTP *http.Client

	mu    sync.Mutex
	found *oidc.Provider
}

// Refusals of a sign-in with an outside provider.
var (
	errProviderAway  = fault.New(fault.Unavailable, "503", "signin.provider.away")
	errProviderTrip  = fault.New(fault.Invalid, "2000", "signin.provider.trip")     // the answer fits no sign-in of this browser
	errProviderToken = fault.New(fault.Invalid, "2000", "signin.provider.token")    // the answer does not prove anything
	errProviderName  = fault.New(fault.Forbidden, "2032", "signin.provider.name")   // it vouches for nobody we know; argument Name
	errProviderSaid  = fault.New(fault.Invalid, "2000", "signin.provider.declined") // it said no
)

func (p *Provider) context(ctx context.Context) context.Context {
	if p.HTTP == nil {
		return ctx
	}
	return oidc.ClientContext(ctx, p.HTTP)
}

// discover asks the provider once where its endpoints are.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	found, err := oidc.NewProvider(p.context(ctx), p.Issuer)
	if err != nil {
		return nil, errProviderAway.Because(err)
	}
	p.found = found
	return found, nil
}

func (s *sheet) providerConfig(found *oidc.Provider) oauth2.Config {
	p := s.site.Provider
	return oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: found.Endpoint(),
		RedirectURL: s.site.Origin.Base(s.r) + returnPath, Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// tripTime is how long somebody may take at the provider.
const tripTime = 15 * time.Minute

// toProvider leads to the provider. What has to fit together on the way back
// stays in the browser.
func (s *sheet) toProvider() error {
	if s.site.Provider == nil {
		s.leave(s.step(Path))
		return nil
	}
	found, err := s.site.Provider.discover(s.r.Context())
	if err != nil {
		return err
	}
	state, nonce, verifier := identity.Token(), identity.Token(), oauth2.GenerateVerifier()
	trip := url.Values{"state": {state}, "nonce": {nonce}, "verifier": {verifier}, "back": {s.back()}}
	s.site.setCookie(s.w, s.r, tripCookie, base64.RawURLEncoding.EncodeToString([]byte(trip.Encode())), tripTime)
	config := s.providerConfig(found)
	http.Redirect(s.w, s.r, config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), http.StatusSeeOther) //nolint:gosec // the address is the configured provider's
	return nil
}

// trip returns what toProvider left in the browser.
func (s *sheet) trip() (url.Values, error) {
	raw, err := base64.RawURLEncoding.DecodeString(s.site.cookie(s.r, tripCookie))
	if err != nil {
		return nil, errProviderTrip.Because(err)
	}
	trip, err := url.ParseQuery(string(raw))
	if err != nil || trip.Get("state") == "" {
		return nil, errProviderTrip
	}
	return trip, nil
}

// fromProvider takes the provider's answer and goes on with the sign-in.
func (s *sheet) fromProvider() error {
	if s.site.Provider == nil {
		s.leave(s.step(Path))
		return nil
	}
	trip, err := s.trip()
	if err != nil {
		return err
	}
	s.site.dropCookie(s.w, s.r, tripCookie)
	q := s.r.URL.Query()
	if q.Get("state") != trip.Get("state") {
		return errProviderTrip
	}
	if q.Get("error") != "" {
		return errProviderSaid
	}
	claims, err := s.vouched(q.Get("code"), trip)
	if err != nil {
		return err
	}
	p, err := s.vouchedPerson(claims)
	if err != nil {
		return err
	}
	s.r.URL.RawQuery = url.Values{"back": {trip.Get("back")}}.Encode()
	methods := []string{identity.ByProvider}
	if slices.Contains(claims.methods, identity.ByMFA) {
		methods = append(methods, identity.ByMFA)
	}
	return s.proceed(p, methods)
}

// vouch is what the provider says about somebody.
type vouch struct {
	name    string
	methods []string
}

// claimsOf reads what an id_token says.
func (p *Provider) claimsOf(id *oidc.IDToken) (vouch, error) {
	var said struct {
		Email    string   `json:"email"`
		Verified bool     `json:"email_verified"`
		Methods  []string `json:"amr"`
	}
	if err := id.Claims(&said); err != nil {
		return vouch{}, errProviderToken.Because(err)
	}
	if p.NameClaim == "" {
		if !said.Verified {
			return vouch{}, errProviderName.With("Name", said.Email)
		}
		return vouch{said.Email, said.Methods}, nil
	}
	var all map[string]any
	if err := id.Claims(&all); err != nil {
		return vouch{}, errProviderToken.Because(err)
	}
	name, _ := all[p.NameClaim].(string)
	return vouch{name, said.Methods}, nil
}

// vouched exchanges the code for the id_token and checks that.
func (s *sheet) vouched(code string, trip url.Values) (vouch, error) {
	p := s.site.Provider
	found, err := p.discover(s.r.Context())
	if err != nil {
		return vouch{}, err
	}
	config := s.providerConfig(found)
	ctx := p.context(s.r.Context())
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(trip.Get("verifier")))
	if err != nil {
		return vouch{}, errProviderToken.Because(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verifier := found.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: s.site.Kernel.Wall.Now})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return vouch{}, errProviderToken.Because(err)
	}
	if id.Nonce != trip.Get("nonce") {
		return vouch{}, errProviderTrip
	}
	return p.claimsOf(id)
}

// vouchedPerson returns the person of ours that the provider speaks of, if his
// user name lies in one of the domains that it may vouch for.
func (s *sheet) vouchedPerson(said vouch) (identity.Person, error) {
	_, domain, _ := strings.Cut(said.name, "@")
	if !slices.ContainsFunc(s.site.Provider.Domains, func(d string) bool { return strings.EqualFold(d, domain) }) {
		return identity.Person{}, errProviderName.With("Name", said.name)
	}
	p, err := s.site.Gate.PersonNamed(s.r.Context(), s.actor(), said.name)
	if errors.Is(err, identity.ErrNoSuchUser) {
		return identity.Person{}, errProviderName.With("Name", said.name)
	}
	return p, err
}
