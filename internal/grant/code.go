package grant

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

var (
	insertCode = db.SQL(`INSERT INTO authorization_codes
		(hash, tenant_id, user_id, app_id, redirect_uri, scope, nonce, challenge, methods, family, used_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)`)
	codeByHash = db.SQL(`SELECT tenant_id, user_id, app_id, redirect_uri, scope, nonce, challenge, methods, family, used_at, expires_at
		FROM authorization_codes WHERE hash = $1`)
	useCode = db.SQL(`UPDATE authorization_codes SET used_at = $2 WHERE hash = $1`)
)

// Code is what an authorization code stands for.
type Code struct {
	Subject
	RedirectURI string // as the client wrote it; "" when it wrote none
	Nonce       string
	// Challenge is the code challenge of PKCE with its method: "S256:…" or
	// "plain:…"; "" when the client sent none.
	Challenge string
}

// newCode is the input of SaveCode.
type newCode struct {
	Hash []byte
	Code Code
}

var saveCode = op.Define(op.Spec{Name: "grant.code.save", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in newCode) (struct{}, error) {
		c := in.Code
		_, err := u.Exec(ctx, insertCode, in.Hash, c.Tenant, c.User, c.App, c.RedirectURI, c.Scope, c.Nonce, c.Challenge,
			strings.Join(c.Methods, " "), c.Family, db.Micros(u.Wall.Add(CodeTime)))
		return struct{}{}, err
	})

// IssueCode returns a new authorization code for c.
func IssueCode(ctx context.Context, k *op.Kernel, a op.Actor, c Code) (string, error) {
	code := identity.Token()
	if c.Family == "" {
		c.Family = identity.Token()
	}
	_, err := saveCode.Do(ctx, k, a, newCode{identity.TokenHash(code), c})
	return code, err
}

// Redemption is what a client presents with an authorization code.
type Redemption struct {
	Code        string
	Client      string // its application id
	RedirectURI string // "" when the client sent none, which only some older ones do
	Verifier    string // the code verifier of PKCE
}

// redeemed is the outcome of a redemption; a refusal is an outcome, since it
// may have ended what came of the code before.
type redeemed struct {
	code    Code
	refused error
}

var redeemCode = op.Define(op.Spec{Name: "grant.code.redeem", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in Redemption) (redeemed, error) {
		hash := identity.TokenHash(in.Code)
		var c Code
		var methods string
		var used, expires int64
		found, err := u.Found(ctx, codeByHash, []any{hash}, &c.Tenant, &c.User, &c.App, &c.RedirectURI, &c.Scope, &c.Nonce,
			&c.Challenge, &methods, &c.Family, &used, &expires)
		if err != nil {
			return redeemed{}, err
		}
		c.Methods = strings.Fields(methods)
		switch {
		case !found || string(c.App) != in.Client:
			return redeemed{refused: ErrUnknown}, nil
		case used != 0:
			_, err := u.Exec(ctx, endFamily, c.Family)
			return redeemed{refused: ErrUsed}, err
		case !u.Wall.Before(db.Time(expires)):
			return redeemed{refused: ErrExpired}, nil
		case in.RedirectURI != c.RedirectURI && in.RedirectURI != "":
			return redeemed{refused: ErrRedirect}, nil
		}
		// Whatever comes of it, a code that was presented is used up.
		if _, err := u.Exec(ctx, useCode, hash, db.Micros(u.Wall)); err != nil {
			return redeemed{}, err
		}
		if !proves(c.Challenge, in.Verifier) {
			return redeemed{refused: ErrProof}, nil
		}
		return redeemed{code: c}, nil
	})

// Redeem returns what a code stands for and uses it up. It refuses with
// ErrUnknown, ErrExpired, ErrRedirect, ErrProof, and with ErrUsed a code that
// was redeemed before: then every refresh token that came of it ends, because
// one of the two who had the code has stolen it.
func Redeem(ctx context.Context, k *op.Kernel, a op.Actor, in Redemption) (Code, error) {
	out, err := redeemCode.Do(ctx, k, a, in)
	if err != nil {
		return Code{}, err
	}
	if out.refused != nil {
		return Code{}, out.refused
	}
	return out.code, nil
}

// proves reports whether verifier is the one whose challenge came with the
// request (RFC 7636). Without a challenge there must be no verifier either.
func proves(challenge, verifier string) bool {
	method, value, _ := strings.Cut(challenge, ":")
	switch method {
	case "":
		return verifier == ""
	case "S256":
		sum := sha256.Sum256([]byte(verifier))
		verifier = base64.RawURLEncoding.EncodeToString(sum[:])
	case "plain":
	default:
		return false
	}
	return subtle.ConstantTimeCompare([]byte(value), []byte(verifier)) == 1
}
