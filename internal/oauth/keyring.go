package oauth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"sync"
	"sync/atomic"
	"time"

	"comptoir/internal/grant"
	"comptoir/internal/op"

	"github.com/go-jose/go-jose/v4"
)

// keyring holds the published keys in memory.
type keyring struct {
	kernel *op.Kernel
	state  atomic.Pointer[ringState]
	mu     sync.Mutex // one reader of the database at a time
}

// ringState is the keys as they were read at a time.
type ringState struct {
	keys   []ringKey // the one that signs from last at the end
	readAt time.Time
}

type ringKey struct {
	grant.Key
	signer jose.Signer
}

// ringAge is how long keys are kept before they are read again, so that a new
// one of another node is known long before it signs.
const ringAge = 10 * time.Minute

// ringRest is how long an unknown key is not looked for again.
const ringRest = 10 * time.Second

func newKeyring(k *op.Kernel) *keyring { return &keyring{kernel: k} }

func (r *keyring) reload(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	keys, err := grant.Keys(ctx, r.kernel)
	if err != nil {
		return err
	}
	state := &ringState{readAt: r.kernel.Wall.Now()}
	for _, k := range keys {
		options := new(jose.SignerOptions).WithType("JWT").WithHeader("kid", k.ID).WithHeader("x5t", k.ID)
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: k.Private}, options)
		if err != nil {
			return err
		}
		state.keys = append(state.keys, ringKey{k, signer})
	}
	r.state.Store(state)
	return nil
}

// current returns the keys, read again when they have aged.
func (r *keyring) current(ctx context.Context, age time.Duration) (*ringState, error) {
	state := r.state.Load()
	if state != nil && r.kernel.Wall.Now().Sub(state.readAt) < age {
		return state, nil
	}
	if err := r.reload(ctx); err != nil {
		return nil, err
	}
	return r.state.Load(), nil
}

// sign returns claims as a token signed with the key whose turn it is.
func (r *keyring) sign(ctx context.Context, claims any) (string, error) {
	state, err := r.current(ctx, ringAge)
	if err != nil {
		return "", err
	}
	now := r.kernel.Wall.Now()
	key := state.keys[0]
	for _, k := range state.keys {
		if !k.SignsFrom.After(now) {
			key = k
		}
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := key.signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// find returns the published key with an id. An unknown one is looked for in
// the database, since another node may have made it.
func (r *keyring) find(ctx context.Context, id string) (*ringKey, error) {
	for _, age := range []time.Duration{ringAge, ringRest} {
		state, err := r.current(ctx, age)
		if err != nil {
			return nil, err
		}
		for i := range state.keys {
			if state.keys[i].ID == id {
				return &state.keys[i], nil
			}
		}
	}
	return nil, nil
}

// publicKey is a key as the key list publishes it.
type publicKey struct {
	Type     string `json:"kty"`
	Use      string `json:"use"`
	Alg      string `json:"alg"`
	ID       string `json:"kid"`
	X5T      string `json:"x5t"`
	Modulus  string `json:"n"`
	Exponent string `json:"e"`
}

// jwks answers with the public keys of all tokens that are still good.
func (c *call) jwks() error {
	state, err := c.server.keys.current(c.r.Context(), ringAge)
	if err != nil {
		return err
	}
	list := struct {
		Keys []publicKey `json:"keys"`
	}{[]publicKey{}}
	for _, k := range state.keys {
		public := k.Private.PublicKey
		list.Keys = append(list.Keys, publicKey{
			Type: "RSA", Use: "sig", Alg: "RS256", ID: k.ID, X5T: k.ID,
			Modulus:  base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
			Exponent: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
		})
	}
	c.answer(200, list)
	return nil
}
