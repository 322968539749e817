package oauth

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/refusal"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// An API takes tokens that were issued for it, under any of its names, or for
// the installation itself (api-customers.md 2.2).
type API []string

// The APIs of the installation.
var (
	PartnerCenter = API{
		"https://graph.windows.net", "00000002-0000-0000-c000-000000000000",
		"https://api.partnercenter.microsoft.com", "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
	}
	Graph = API{
		"https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000",
		"https://api.partnercustomeradministration.microsoft.com", "2832473f-ec63-45fb-976f-5d45a7d4bb91",
	}
	Management = API{"https://management.azure.com", "https://management.core.windows.net", "797f4846-ba00-4fd7-ba43-dac1f8f63013"}
)

// takes reports whether a token for audience is good at a under the address base.
func (a API) takes(audience, base string) bool {
	key := resourceKey(audience)
	return slices.Contains(a, key) || key == resourceKey(base)
}

// Verified is an access token that was found good.
type Verified struct {
	Tenant    id.Tenant
	User      id.User // empty for an application alone
	App       id.App
	Audience  string
	Methods   []string
	IssuedAt  time.Time
	Expires   time.Time
	Scopes    string
	Exchanged bool // a result of /generatetoken, which some calls refuse (900316)
}

// Authenticate returns who sends a request to an API, from its bearer token, as
// he is now: roles, organisation and status are those of this moment, not those
// of the token. It refuses with refusal.Unauthenticated.
func (s *Server) Authenticate(api API) func(*http.Request) (op.Actor, error) {
	return func(r *http.Request) (op.Actor, error) {
		a, _, err := s.Bearer(r, api)
		return a, err
	}
}

// Bearer is Authenticate with the token itself.
func (s *Server) Bearer(r *http.Request, api API) (op.Actor, Verified, error) {
	v, err := s.verified(r)
	if err != nil {
		return op.Actor{}, Verified{}, err
	}
	if !api.takes(v.Audience, s.origin.Base(r)) {
		return op.Actor{}, Verified{}, refusal.Unauthenticated
	}
	a, err := s.resolve(r.Context(), v)
	return a, v, err
}

// verified returns the bearer token of r once its signature and times are good.
func (s *Server) verified(r *http.Request) (Verified, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > tokenMax {
		return Verified{}, refusal.Unauthenticated
	}
	now := s.kernel.Wall.Now()
	v, ok := s.known.get(token)
	if !ok {
		var err error
		if v, err = s.verify(r.Context(), token); err != nil {
			return Verified{}, err
		}
		s.known.put(token, v, now)
	}
	if !now.Before(v.Expires) || now.Before(v.IssuedAt.Add(-backdate)) {
		return Verified{}, refusal.Unauthenticated
	}
	return v, nil
}

// tokenMax is the size of the largest token that is looked at.
const tokenMax = 8 << 10

// verify checks the signature of an access token of ours. Its header must name
// RS256 and a published key: neither "none" nor a key of the sender's choice
// is ever considered.
func (s *Server) verify(ctx context.Context, token string) (Verified, error) {
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || len(parsed.Headers) != 1 {
		return Verified{}, refusal.Unauthenticated
	}
	key, err := s.keys.find(ctx, parsed.Headers[0].KeyID)
	if err != nil {
		return Verified{}, err
	}
	if key == nil {
		return Verified{}, refusal.Unauthenticated
	}
	var c claims
	if err := parsed.Claims(key.Private.Public(), &c); err != nil {
		return Verified{}, refusal.Unauthenticated
	}
	tenant, ok := id.Parse(c.Tenant)
	// An id_token is signed with the same key, but has no application of its own.
	if !ok || c.AppID == "" || !strings.HasSuffix(strings.TrimSuffix(strings.TrimSuffix(c.Issuer, "/"), "/v2.0"), "/"+tenant) {
		return Verified{}, refusal.Unauthenticated
	}
	v := Verified{
		Tenant: id.Tenant(tenant), App: id.App(c.AppID), Audience: c.Audience, Methods: c.Methods, Scopes: c.Scopes,
		IssuedAt: time.Unix(c.IssuedAt, 0), Expires: time.Unix(c.Expires, 0), Exchanged: c.Exchanged,
	}
	if c.IDType != "app" {
		v.User = id.User(c.Object)
	}
	return v, nil
}

// resolve returns the actor that the bearer of a good token is now.
func (s *Server) resolve(ctx context.Context, v Verified) (op.Actor, error) {
	if v.User == "" {
		a, err := s.gate.AppActor(ctx, v.Tenant, v.App)
		return a, gone(err)
	}
	p, err := s.gate.Person(ctx, v.Tenant, v.User)
	if err != nil {
		return op.Actor{}, gone(err)
	}
	if !p.Valid(v.IssuedAt) {
		return op.Actor{}, refusal.Unauthenticated
	}
	if _, err := s.gate.Application(ctx, v.App); err != nil {
		return op.Actor{}, gone(err)
	}
	return p.Actor(v.App, slices.Contains(v.Methods, identity.ByMFA)), nil
}

// gone turns "no longer there" into "not signed in".
func gone(err error) error {
	if errors.Is(err, identity.ErrUserUnknown) || errors.Is(err, identity.ErrAppUnknown) || errors.Is(err, identity.ErrTenantUnknown) {
		return refusal.Unauthenticated
	}
	return err
}

// knownTokens are the tokens whose signature was found good, by their SHA-256,
// so that a caller who sends the same one with every request is recognised in
// a microsecond. Nothing about the person is kept: that is asked each time.
type knownTokens struct {
	shards [16]knownShard
}

type knownShard struct {
	mu     sync.RWMutex
	tokens map[[sha256.Size]byte]Verified
}

// knownMax is how many tokens a shard keeps.
const knownMax = 4096

func newKnownTokens() *knownTokens {
	k := new(knownTokens)
	for i := range k.shards {
		k.shards[i].tokens = make(map[[sha256.Size]byte]Verified)
	}
	return k
}

func (k *knownTokens) get(token string) (Verified, bool) {
	sum := sha256.Sum256([]byte(token))
	shard := &k.shards[sum[0]%16]
	shard.mu.RLock()
	defer shard.mu.RUnlock()
	v, ok := shard.tokens[sum]
	return v, ok
}

func (k *knownTokens) put(token string, v Verified, now time.Time) {
	sum := sha256.Sum256([]byte(token))
	shard := &k.shards[sum[0]%16]
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if len(shard.tokens) >= knownMax {
		shard.makeRoom(now)
	}
	shard.tokens[sum] = v
}

// makeRoom drops tokens that have ended, and when that is not enough, any half.
func (s *knownShard) makeRoom(now time.Time) {
	for sum, v := range s.tokens {
		if !now.Before(v.Expires) {
			delete(s.tokens, sum)
		}
	}
	for sum := range s.tokens {
		if len(s.tokens) <= knownMax/2 {
			return
		}
		delete(s.tokens, sum)
	}
}
