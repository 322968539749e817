package identity

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// RelyingParty is the site that passkeys are made for: a passkey of one host is
// of no use to another, which is what makes them safe against imitated pages.
type RelyingParty struct {
	Host   string // without port
	Name   string // of the product, shown by the browser
	Origin string // "https://host[:port]"
}

func (rp RelyingParty) open() (*webauthn.WebAuthn, error) {
	w, err := webauthn.New(&webauthn.Config{
		RPID: rp.Host, RPDisplayName: rp.Name, RPOrigins: []string{rp.Origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys for %s: %w", rp.Host, err)
	}
	return w, nil
}

// keyHolder is a person as the library sees him.
type keyHolder struct {
	id      id.User
	name    string
	display string
	keys    []webauthn.Credential
}

func (h keyHolder) WebAuthnID() []byte                         { return []byte(h.id) }
func (h keyHolder) WebAuthnName() string                       { return h.name }
func (h keyHolder) WebAuthnDisplayName() string                { return h.display }
func (h keyHolder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// holder returns a person with his passkeys.
func holder(ctx context.Context, u *op.Unit, p User) (keyHolder, []factorRow, error) {
	all, err := factorsIn(ctx, u.Tx, p.Tenant, p.ID, false)
	if err != nil {
		return keyHolder{}, nil, err
	}
	h := keyHolder{id: p.ID, name: p.Name, display: p.DisplayName}
	var rows []factorRow
	for _, f := range all {
		if f.Kind != FactorPasskey {
			continue
		}
		var key webauthn.Credential
		if err := json.Unmarshal(f.credential, &key); err != nil {
			return keyHolder{}, nil, fmt.Errorf("passkey %s: %w", f.ID, err)
		}
		h.keys, rows = append(h.keys, key), append(rows, f)
	}
	return h, rows, nil
}

// NewPasskey is the input of BeginPasskey.
type NewPasskey struct {
	Site RelyingParty
	Name string // tells the person his keys apart
}

// PendingPasskey is a passkey to be: Options is the JSON that the browser's
// credentials.create takes.
type PendingPasskey struct {
	ID      string
	Options []byte
}

// BeginPasskey starts to add a passkey for the actor. It counts once
// ConfirmPasskey has seen what the browser made.
var BeginPasskey = op.Define(op.Spec{Name: "profile.passkey.begin", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewPasskey) (PendingPasskey, error) {
		n, err := UserByID(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return PendingPasskey{}, err
		}
		h, _, err := holder(ctx, u, n)
		if err != nil {
			return PendingPasskey{}, err
		}
		w, err := in.Site.open()
		if err != nil {
			return PendingPasskey{}, err
		}
		creation, ceremony, err := w.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
		if err != nil {
			return PendingPasskey{}, fmt.Errorf("passkey: %w", err)
		}
		kept, err := json.Marshal(ceremony)
		if err != nil {
			return PendingPasskey{}, err
		}
		options, err := json.Marshal(creation.Response)
		if err != nil {
			return PendingPasskey{}, err
		}
		fid, err := beginFactor(ctx, u, FactorPasskey, in.Name, "", kept)
		return PendingPasskey{fid, options}, err
	})

// MadePasskey is what the browser made for a pending passkey, as JSON.
type MadePasskey struct {
	Site     RelyingParty
	ID       string
	Response []byte
}

// ConfirmPasskey makes a passkey of the actor count. With the first factor it
// returns recovery codes, shown once.
var ConfirmPasskey = op.Define(op.Spec{Name: "profile.passkey.confirm", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in MadePasskey) ([]string, error) {
		f, err := pendingFactor(ctx, u, in.ID, FactorPasskey)
		if err != nil {
			return nil, err
		}
		var ceremony webauthn.SessionData
		if err := json.Unmarshal(f.credential, &ceremony); err != nil {
			return nil, fmt.Errorf("passkey %s: %w", f.ID, err)
		}
		w, err := in.Site.open()
		if err != nil {
			return nil, err
		}
		made, err := protocol.ParseCredentialCreationResponseBytes(in.Response)
		if err != nil {
			return nil, ErrPasskey.Because(err)
		}
		key, err := w.CreateCredential(keyHolder{id: u.Actor.User, name: u.Actor.UserName, display: u.Actor.UserName}, ceremony, made)
		if err != nil {
			return nil, ErrPasskey.Because(err)
		}
		kept, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		return f.confirm(ctx, u, 0, kept)
	})

// beginProof starts an exchange in which p shows that he has one of his
// passkeys. It returns the options for the browser's credentials.get and the
// state to keep until the answer comes.
func beginProof(ctx context.Context, u *op.Unit, site RelyingParty, p User) (options, ceremony []byte, err error) {
	h, _, err := holder(ctx, u, p)
	if err != nil {
		return nil, nil, err
	}
	if len(h.keys) == 0 {
		return nil, nil, ErrFactorUnknown
	}
	w, err := site.open()
	if err != nil {
		return nil, nil, err
	}
	assertion, session, err := w.BeginLogin(h)
	if err != nil {
		return nil, nil, fmt.Errorf("passkey: %w", err)
	}
	if options, err = json.Marshal(assertion.Response); err != nil {
		return nil, nil, err
	}
	ceremony, err = json.Marshal(session)
	return options, ceremony, err
}

// checkProof reports whether response answers the ceremony for p with one of
// his passkeys. A passkey whose counter went back is a copy and proves nothing.
func checkProof(ctx context.Context, u *op.Unit, site RelyingParty, p User, ceremony, response []byte) (bool, error) {
	h, rows, err := holder(ctx, u, p)
	if err != nil || len(ceremony) == 0 {
		return false, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(ceremony, &session); err != nil {
		return false, fmt.Errorf("passkey ceremony: %w", err)
	}
	w, err := site.open()
	if err != nil {
		return false, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return false, nil //nolint:nilerr // what a browser sends can be anything; it proves nothing
	}
	key, err := w.ValidateLogin(h, session, answer)
	if err != nil || key.Authenticator.CloneWarning {
		return false, nil //nolint:nilerr // the same
	}
	for i := range rows {
		if string(h.keys[i].ID) == string(key.ID) {
			return usePasskey(ctx, u, p, rows[i], key)
		}
	}
	return false, nil
}

func usePasskey(ctx context.Context, u *op.Unit, p User, f factorRow, key *webauthn.Credential) (bool, error) {
	kept, err := json.Marshal(key)
	if err != nil {
		return false, err
	}
	return f.use(ctx, u, p, f.counter+1, kept)
}
