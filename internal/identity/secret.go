package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Verifier is what is kept of a password or secret: enough to recognise it,
// not enough to know it. There are two forms, told apart by their beginning.
//
// "s256$salt$hash" is one salted SHA-256. It is for what Comptoir generates
// itself: temporary passwords (120 bits) and secrets of applications (256
// bits). Nobody can try 2^119 values however fast the hash is, so a slow hash
// would protect nothing; a fast one keeps an import at thousands of customers a
// second and the token endpoint quick.
//
// "argon2id$…" is for passwords that people choose, which can be guessed.
//
// The empty Verifier recognises nothing.
type Verifier string

const generatedPrefix = "s256$"

// IsGenerated reports whether v keeps a value that Comptoir generated.
func (v Verifier) IsGenerated() bool { return strings.HasPrefix(string(v), generatedPrefix) }

// newVerifier returns the verifier of a generated value. Values that people
// choose go through HashPassword.
func newVerifier(generated string) Verifier {
	salt := make([]byte, 16)
	rand.Read(salt)
	return saltedVerifier(salt, generated)
}

func saltedVerifier(salt []byte, generated string) Verifier {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(generated))
	return Verifier(generatedPrefix + hex.EncodeToString(salt) + "$" + hex.EncodeToString(h.Sum(nil)))
}

// matchesGenerated reports in constant time whether value is the generated
// value that v keeps. It is false for every other form of verifier.
func (v Verifier) matchesGenerated(value string) bool {
	saltText, _, ok := strings.Cut(strings.TrimPrefix(string(v), generatedPrefix), "$")
	if !v.IsGenerated() || !ok {
		return false
	}
	salt, err := hex.DecodeString(saltText)
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(saltedVerifier(salt, value)), []byte(v)) == 1
}

// passwordAlphabet is Crockford's base 32 in lower case: no i, l, o or u, so
// that a password read aloud or from paper has one reading.
const passwordAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// GeneratePassword returns a new temporary password of 120 random bits, written
// as four groups of six characters: "7k3mqz-h0x9wd-vr52aj-c8tn4e".
func GeneratePassword() string {
	raw := make([]byte, 24)
	rand.Read(raw)
	out := make([]byte, 0, 27)
	for i, b := range raw {
		if i > 0 && i%6 == 0 {
			out = append(out, '-')
		}
		out = append(out, passwordAlphabet[b&31])
	}
	return string(out)
}

// GenerateSecret returns a new secret of 256 random bits for an application.
// Its beginning lets secret scanners find it where it does not belong.
func GenerateSecret() string { return "cmp_" + Token() }

// Token returns 256 random bits in URL-safe form: session cookies, codes and
// refresh tokens are made of them.
func Token() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// TokenHash returns what is kept of a Token: its SHA-256. The token is random
// enough to need no salt, and without one it can be looked up by its hash.
func TokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
