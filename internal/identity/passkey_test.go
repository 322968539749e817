package identity_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

var site = identity.RelyingParty{Host: "portal.example", Name: "Comptoir", Origin: "https://portal.example"}

// securityKey is a passkey device that lives in this test.
type securityKey struct {
	t      testing.TB
	key    *ecdsa.PrivateKey
	id     []byte
	user   []byte
	uses   uint32
	origin string
}

func newSecurityKey(t testing.TB) *securityKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &securityKey{t: t, key: key, id: []byte("credential-" + id.New(today)), origin: site.Origin}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// clientData returns what a browser says about the exchange.
func (s *securityKey) clientData(kind, challenge string) []byte {
	data, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": s.origin, "crossOrigin": false})
	if err != nil {
		s.t.Fatal(err)
	}
	return data
}

// authenticator returns the data that the device signs.
func (s *securityKey) authenticator(flags byte, more ...byte) []byte {
	host := sha256.Sum256([]byte(site.Host))
	s.uses++
	data := binary.BigEndian.AppendUint32(append(host[:], flags), s.uses)
	return append(data, more...)
}

// create answers the browser's credentials.create.
func (s *securityKey) create(options []byte) []byte {
	s.t.Helper()
	var in struct {
		Challenge string
		User      struct{ ID string }
	}
	if err := json.Unmarshal(options, &in); err != nil {
		s.t.Fatal(err)
	}
	s.user, _ = base64.RawURLEncoding.DecodeString(in.User.ID)
	point, err := s.key.PublicKey.Bytes()
	if err != nil {
		s.t.Fatal(err)
	}
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		s.t.Fatal(err)
	}
	credential := append(make([]byte, 16), 0, byte(len(s.id)))
	data := s.authenticator(0x45, append(append(credential, s.id...), public...)...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(map[string]any{
		"clientDataJSON": encode(s.clientData("webauthn.create", in.Challenge)), "attestationObject": encode(object),
	})
}

// get answers the browser's credentials.get.
func (s *securityKey) get(options []byte) []byte {
	s.t.Helper()
	var in struct{ Challenge string }
	if err := json.Unmarshal(options, &in); err != nil {
		s.t.Fatal(err)
	}
	client, data := s.clientData("webauthn.get", in.Challenge), s.authenticator(0x05)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(data), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, s.key, digest[:])
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(s.user),
	})
}

func (s *securityKey) answer(response map[string]any) []byte {
	out, err := json.Marshal(map[string]any{"id": encode(s.id), "rawId": encode(s.id), "type": "public-key", "response": response})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// enrolPasskey gives the actor the security key as second factor.
func (w *world) enrolPasskey(a op.Actor, s *securityKey) ([]string, error) {
	w.Helper()
	pending := must(identity.BeginPasskey.Do(w.Context(), w.k, a, identity.NewPasskey{Site: site, Name: "blue key"}))(w)
	return identity.ConfirmPasskey.Do(w.Context(), w.k, a, identity.MadePasskey{Site: site, ID: pending.ID, Response: s.create(pending.Options)})
}

func TestAPasskeyIsASecondFactor(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		key := newSecurityKey(w)
		if codes := must(w.enrolPasskey(w.actor(sara), key))(w); len(codes) != 10 {
			w.Errorf("%d recovery codes", len(codes))
		}
		if w.person(sara).Factors != identity.FactorPasskey {
			w.Errorf("factors %v", w.person(sara).Factors)
		}
		for range 2 {
			token := must(w.gate.BeginSignIn(w.Context(), op.Actor{}, w.person(sara), identity.ByPassword))(w)
			options := must(w.gate.AskPasskey(w.Context(), op.Actor{}, token, site))(w)
			answer := key.get(options)
			s := must(w.gate.Prove(w.Context(), op.Actor{}, token, identity.Proof{Site: site, Passkey: answer}))(w)
			if !s.MFA() {
				w.Errorf("proved by %v", s.Methods)
			}
			if _, err := w.gate.Prove(w.Context(), op.Actor{}, token, identity.Proof{Site: site, Passkey: answer}); !errors.Is(err, identity.ErrFactorCode) {
				w.Errorf("the same answer again: %v", err)
			}
			w.pass(time.Hour)
		}
	})
}

func TestAPasskeyOfAnotherSiteOrPersonProvesNothing(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		key := newSecurityKey(w)
		must(w.enrolPasskey(w.actor(sara), key))(w)
		prove := func(s *securityKey) error {
			token := must(w.gate.BeginSignIn(w.Context(), op.Actor{}, w.person(sara), identity.ByPassword))(w)
			options := must(w.gate.AskPasskey(w.Context(), op.Actor{}, token, site))(w)
			_, err := w.gate.Prove(w.Context(), op.Actor{}, token, identity.Proof{Site: site, Passkey: s.get(options)})
			return err
		}
		imitated := *key
		imitated.origin = "https://portal.example.evil"
		if err := prove(&imitated); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("an answer made on an imitated page: %v", err)
		}
		stranger := newSecurityKey(w)
		stranger.user = key.user
		if err := prove(stranger); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("somebody else's key: %v", err)
		}
		copied := *key
		copied.uses = 0
		if err := prove(&copied); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("a copy, whose counter lags behind: %v", err)
		}
		w.pass(time.Hour)
		if err := prove(key); err != nil {
			w.Errorf("the key itself: %v", err)
		}
		if _, err := w.enrolPasskey(w.actor(sara), &imitated); !errors.Is(err, identity.ErrPasskey) {
			w.Errorf("a key made on an imitated page was added: %v", err)
		}
		olle, _ := w.user("olle", policy.SalesAgent)
		token := must(w.gate.BeginSignIn(w.Context(), op.Actor{}, w.person(olle), identity.ByPassword))(w)
		if _, err := w.gate.AskPasskey(w.Context(), op.Actor{}, token, site); !errors.Is(err, identity.ErrFactorUnknown) {
			w.Errorf("asking somebody without a passkey: %v", err)
		}
	})
}
