package identity

import (
	"crypto/sha1" //nolint:gosec // the thumbprint x5t is defined with it and only names a certificate
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// App is a registered application.
type App struct {
	Tenant       id.Tenant
	ID           id.App
	Name         string
	RedirectURIs []string
	Public       bool        // runs where a secret cannot be kept: a telephone, a command line
	MultiTenant  bool        // other organisations may consent to it
	Roles        policy.Role // what it may do by itself in its own organisation
	CreatedAt    time.Time
	Credentials  []Credential
}

// CredentialKind tells secrets from certificates.
type CredentialKind string

// The kinds of credentials of an application.
const (
	SecretCredential      CredentialKind = "secret"
	CertificateCredential CredentialKind = "certificate"
)

// Credential is a secret or certificate of an application, without anything
// that would let somebody use it. Its validity is real time.
type Credential struct {
	ID        string
	Kind      CredentialKind
	Name      string
	Hint      string // the beginning of a secret, or the thumbprint of a certificate
	StartsAt  time.Time
	ExpiresAt time.Time
}

// Refusals about applications.
var (
	ErrAppUnknown        = fault.New(fault.NotFound, "1000", "identity.app.unknown")
	ErrAppName           = fault.New(fault.Invalid, "27002", "identity.app.name")     // argument Max
	ErrRedirect          = fault.New(fault.Invalid, "27002", "identity.app.redirect") // argument URI
	ErrCredentialUnknown = fault.New(fault.NotFound, "1000", "identity.credential.unknown")
	ErrCredentialExpiry  = fault.New(fault.Invalid, "27002", "identity.credential.expiry") // argument Days
	ErrCredentialLimit   = fault.New(fault.Invalid, "27002", "identity.credential.limit")  // argument Max
	ErrCertificate       = fault.New(fault.Invalid, "27002", "identity.credential.certificate")
	ErrPublicSecret      = fault.New(fault.Invalid, "27002", "identity.credential.public") // a public application keeps no secrets
)

const (
	appNameMax        = 120
	credentialNameMax = 200                  // bytes of a name that are kept
	credentialMax     = 20                   // of one application
	secretLifetime    = 180 * 24 * time.Hour // unless the caller says otherwise
	secretMaxDays     = 730
	redirectMax       = 20
	redirectMaxBytes  = 400
)

// CheckRedirect refuses what is no address to send a code to: https anywhere,
// http only to this same machine, or a scheme that an installed program has
// registered. An address has no fragment, and no user in it.
func CheckRedirect(uri string) *fault.Error {
	u, err := url.Parse(uri)
	if err != nil || len(uri) > redirectMaxBytes || u.Fragment != "" || strings.Contains(uri, "#") || u.User != nil || uri != tidy(uri) || strings.Contains(uri, " ") {
		return ErrRedirect.With("URI", uri)
	}
	switch u.Scheme {
	case "https":
		if u.Host != "" {
			return nil
		}
	case "http":
		if IsLoopback(u.Hostname()) {
			return nil
		}
	case "", "javascript", "data", "vbscript", "file", "blob", "about":
	default:
		// "msal1234://auth", "urn:ietf:wg:oauth:2.0:oob"
		return nil
	}
	return ErrRedirect.With("URI", uri)
}

// IsLoopback reports whether host is this same machine.
func IsLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// MatchRedirect reports whether asked is one of the registered addresses. They
// are compared as they are, save that a loopback address may have any port
// (RFC 8252, 7.3), because a program on a desk takes the one that is free.
func MatchRedirect(registered []string, asked string) bool {
	for _, r := range registered {
		if r == asked || sameLoopback(r, asked) {
			return true
		}
	}
	return false
}

func sameLoopback(registered, asked string) bool {
	r, err := url.Parse(registered)
	if err != nil || r.Scheme != "http" || !IsLoopback(r.Hostname()) {
		return false
	}
	a, err := url.Parse(asked)
	if err != nil || a.User != nil || a.Fragment != "" || a.RawQuery != r.RawQuery {
		return false
	}
	return a.Scheme == "http" && a.Hostname() == r.Hostname() && strings.TrimSuffix(a.Path, "/") == strings.TrimSuffix(r.Path, "/")
}

// parseCertificate reads a certificate in PEM or DER.
func parseCertificate(data []byte) (*x509.Certificate, *fault.Error) {
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	}
	c, err := x509.ParseCertificate(data)
	if err != nil {
		return nil, ErrCertificate.Because(err)
	}
	return c, nil
}

// Thumbprints are the two hashes by which a client names its certificate in
// the header of an assertion.
type Thumbprints struct {
	SHA1   [sha1.Size]byte   // x5t
	SHA256 [sha256.Size]byte // x5t#S256
}

func thumbprints(der []byte) Thumbprints {
	return Thumbprints{SHA1: sha1.Sum(der), SHA256: sha256.Sum256(der)} //nolint:gosec // see the import
}
