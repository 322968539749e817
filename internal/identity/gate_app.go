package identity

import (
	"context"
	"crypto"
	"crypto/subtle"
	"crypto/x509"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Refusals of what an application presents. Their codes are of no use to
// clients: the token endpoint answers with codes of its own.
var (
	ErrSecretWrong        = fault.New(fault.Unauthenticated, "400", "identity.secret.wrong")
	ErrSecretExpired      = fault.New(fault.Unauthenticated, "400", "identity.secret.expired")
	ErrCertificateUnknown = fault.New(fault.Unauthenticated, "400", "identity.certificate.unknown")
)

// Application is what the gate knows about an application.
type Application struct {
	App
	// Known says that it is one of the published clients that need no registration.
	Known  bool
	proofs []proof
}

// Grant is what an application may do in an organisation. Object stands for the
// application there.
type Grant struct {
	Object string
	Roles  policy.Role
}

var resolveApp = op.Define(op.Spec{Name: "identity.resolve.application", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, in id.App) (Application, error) {
		a, err := appAnywhere(ctx, u.Tx, in)
		if err != nil {
			return Application{}, err
		}
		proofs, err := proofsOf(ctx, u.Tx, a.Tenant, a.ID)
		return Application{App: a, proofs: proofs}, err
	})

// Application returns a registered application of any organisation, or a
// published client, or ErrAppUnknown.
func (g *Gate) Application(ctx context.Context, app id.App) (Application, error) {
	if known, ok := knownClient(app); ok && g.k.Setting(SettingKnownClients) == "true" {
		return known, nil
	}
	return g.apps.get(app, func() (Application, error) { return resolveApp.Do(ctx, g.k, op.Actor{}, app) })
}

var resolveGrant = op.Define(op.Spec{Name: "identity.resolve.grant", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, in grantKey) (Grant, error) {
		var grant Grant
		var roles int64
		found, err := u.Found(ctx, grantOf, []any{in.tenant, in.app}, &grant.Object, &roles)
		if err == nil && !found {
			err = ErrAppUnknown
		}
		grant.Roles = policy.Role(roles)
		return grant, err
	})

// Grant returns what an application may do by itself in an organisation, or
// ErrAppUnknown when the organisation has not let it in.
func (g *Gate) Grant(ctx context.Context, tenant id.Tenant, app id.App) (Grant, error) {
	key := grantKey{tenant, app}
	return g.grants.get(key, func() (Grant, error) { return resolveGrant.Do(ctx, g.k, op.Actor{}, key) })
}

// AppActor returns the actor that an application without a user is in an
// organisation, or ErrAppUnknown when it is not let in or no longer there.
func (g *Gate) AppActor(ctx context.Context, tenant id.Tenant, app id.App) (op.Actor, error) {
	grant, err := g.Grant(ctx, tenant, app)
	if err != nil {
		return op.Actor{}, err
	}
	a, err := g.Application(ctx, app)
	if err != nil {
		return op.Actor{}, err
	}
	t, err := g.Tenant(ctx, string(tenant))
	if err != nil {
		return op.Actor{}, err
	}
	org, err := g.orgOf(ctx, t)
	return op.Actor{Kind: t.Kind.actorKind(), Tenant: tenant, Org: org, Roles: grant.Roles, App: app, UserName: a.Name}, err
}

var resolveOrg = op.Define(op.Spec{Name: "identity.resolve.types", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, in id.Tenant) (policy.Org, error) {
		p, _, err := PartnerOf(ctx, u.Tx, in)
		return p.Types, err
	})

// orgOf returns the enrolment types of a partner.
func (g *Gate) orgOf(ctx context.Context, t Tenant) (policy.Org, error) {
	if t.Kind != PartnerTenant {
		return 0, nil
	}
	return g.orgs.get(t.ID, func() (policy.Org, error) { return resolveOrg.Do(ctx, g.k, op.Actor{}, t.ID) })
}

// CheckSecret returns the application app when secret is one of its secrets and
// valid now. All secrets are compared, each in constant time.
func (g *Gate) CheckSecret(ctx context.Context, app id.App, secret string) (Application, error) {
	a, err := g.Application(ctx, app)
	if err != nil {
		return Application{}, err
	}
	now := g.k.Wall.Now()
	refused := error(ErrSecretWrong)
	for _, p := range a.proofs {
		if p.Kind != SecretCredential || !p.verifier.matchesGenerated(secret) {
			continue
		}
		if p.validAt(now) {
			return a, nil
		}
		refused = ErrSecretExpired
	}
	return Application{}, refused
}

func (c Credential) validAt(now time.Time) bool {
	return !now.Before(c.StartsAt) && now.Before(c.ExpiresAt)
}

// Key returns the public key of the certificate of a that has the given
// thumbprint (x5t or x5t#S256) and is valid now, or ErrCertificateUnknown.
func (a Application) Key(thumbprint []byte, now time.Time) (crypto.PublicKey, error) {
	for _, p := range a.proofs {
		if p.Kind != CertificateCredential || !p.validAt(now) {
			continue
		}
		t := thumbprints(p.certificate)
		if subtle.ConstantTimeCompare(t.SHA1[:], thumbprint) == 1 || subtle.ConstantTimeCompare(t.SHA256[:], thumbprint) == 1 {
			cert, err := x509.ParseCertificate(p.certificate)
			if err != nil {
				return nil, ErrCertificateUnknown.Because(err)
			}
			return cert.PublicKey, nil
		}
	}
	return nil, ErrCertificateUnknown
}
