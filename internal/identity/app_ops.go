package identity

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// NewApp is the input of AddApplication.
type NewApp struct {
	Tenant       id.Tenant // for the command line; empty means the actor's
	Name         string
	RedirectURIs []string
	Public       bool
	MultiTenant  bool
	Roles        policy.Role // what it may do by itself
	// WithoutSecret registers it without a first secret.
	WithoutSecret bool
}

// CreatedApp is a new application. Secret is shown once; it is empty for a
// public application and one registered without.
type CreatedApp struct {
	App    App
	Secret string
}

// AddApplication registers an application of the actor's organisation with a
// first secret (rule b50, log register_application).
var AddApplication = op.Define(op.Spec{Name: "partner.application.add", Action: "partner.application.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewApp) (CreatedApp, error) {
		if err := own(u.Actor, &in.Tenant); err != nil {
			return CreatedApp{}, err
		}
		a, err := in.app(ctx, u)
		if err != nil {
			return CreatedApp{}, err
		}
		if err := insertAppRows(ctx, u, a); err != nil {
			return CreatedApp{}, err
		}
		made := CreatedApp{App: a}
		if !in.Public && !in.WithoutSecret {
			var c Credential
			if c, made.Secret, err = createSecret(ctx, u, a, "", secretLifetime); err != nil {
				return CreatedApp{}, err
			}
			made.App.Credentials = []Credential{c}
		}
		return made, recordApp(ctx, u, "register_application", nil, &made.App)
	})

// app returns the application that in asks for, or what is wrong with it.
func (in NewApp) app(ctx context.Context, u *op.Unit) (App, error) {
	tenant, err := TenantByID(ctx, u.Tx, in.Tenant)
	if err != nil {
		return App{}, err
	}
	a := App{
		Tenant: in.Tenant, ID: id.App(u.NewID()), Name: tidy(in.Name), RedirectURIs: in.RedirectURIs,
		Public: in.Public, MultiTenant: in.MultiTenant, Roles: in.Roles, CreatedAt: u.Now,
	}
	l := checkApp(a)
	l.Add(checkRoles(tenant.Kind, in.Roles))
	if err := mayGrant(u.Actor, in.Roles); err != nil {
		l.Add(err)
	}
	return a, l.Err()
}

func checkApp(a App) fault.List {
	var l fault.List
	if n := utf8.RuneCountInString(a.Name); n == 0 || n > appNameMax {
		l.Add(ErrAppName.On("displayName").With("Max", appNameMax))
	}
	for i, uri := range a.RedirectURIs {
		if i == redirectMax {
			l.Add(ErrRedirect.On("redirectUris").With("URI", uri))
			break
		}
		if err := CheckRedirect(uri); err != nil {
			l.Add(err.On("redirectUris"))
		}
	}
	return l
}

// mayGrant lets nobody give an application more than he has himself, save a
// Global admin, who could take any role (rule A13).
func mayGrant(a op.Actor, roles policy.Role) *fault.Error {
	if a.Kind == policy.Partner && a.Roles&policy.GlobalAdmin == 0 && roles&^a.Roles != 0 {
		return ErrAdminOnly.On("roles")
	}
	return nil
}

func insertAppRows(ctx context.Context, u *op.Unit, a App) error {
	_, err := u.Exec(ctx, insertApp, a.Tenant, a.ID, a.Name, strings.Join(a.RedirectURIs, "\n"), a.Public, a.MultiTenant, db.Micros(u.Now))
	if err != nil {
		return err
	}
	return grantApp(ctx, u, a.Tenant, a.ID, a.Roles)
}

// grantApp lets an application act in an organisation with roles of its own.
func grantApp(ctx context.Context, u *op.Unit, tenant id.Tenant, app id.App, roles policy.Role) error {
	_, err := u.Exec(ctx, putGrant, tenant, app, u.NewID(), int64(roles), u.Actor.User, db.Micros(u.Now))
	u.Changed(grantFact(tenant, app))
	return err
}

// appView is what the activity log keeps of an application.
type appView struct {
	ID           id.App
	Name         string
	RedirectURIs []string
	Public       bool
	MultiTenant  bool
	Roles        []string
}

func viewApp(a *App) any {
	if a == nil {
		return nil
	}
	return appView{a.ID, a.Name, a.RedirectURIs, a.Public, a.MultiTenant, a.Roles.Names()}
}

func recordApp(ctx context.Context, u *op.Unit, operation string, old, a *App) error {
	about := a
	if about == nil {
		about = old
	}
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "application", Tenant: about.Tenant, Old: viewApp(old), New: viewApp(a),
		Data: map[string]string{"ApplicationId": string(about.ID), "ApplicationName": about.Name},
	})
}

// AppChange is the input of UpdateApplication. Nil members stay as they are.
type AppChange struct {
	App          id.App
	Name         *string
	RedirectURIs *[]string
	MultiTenant  *bool
	Roles        *policy.Role
}

// UpdateApplication changes an application of the actor's organisation (rule
// b50). Roles hold from the next request.
var UpdateApplication = op.Define(op.Spec{Name: "partner.application.update", Action: "partner.application.update", Write: true},
	func(ctx context.Context, u *op.Unit, in AppChange) (App, error) {
		old, err := AppByID(ctx, u.Tx, u.Actor.Tenant, in.App)
		if err != nil {
			return App{}, err
		}
		tenant, err := TenantByID(ctx, u.Tx, old.Tenant)
		if err != nil {
			return App{}, err
		}
		a := old
		in.apply(&a)
		l := checkApp(a)
		l.Add(checkRoles(tenant.Kind, a.Roles))
		l.Add(mayGrant(u.Actor, a.Roles&^old.Roles))
		if err := l.Err(); err != nil {
			return App{}, err
		}
		if _, err := u.Exec(ctx, updateApp, a.Tenant, a.ID, a.Name, strings.Join(a.RedirectURIs, "\n"), a.MultiTenant); err != nil {
			return App{}, err
		}
		if err := grantApp(ctx, u, a.Tenant, a.ID, a.Roles); err != nil {
			return App{}, err
		}
		u.Changed(appFact(a.ID))
		return a, recordApp(ctx, u, "register_application", &old, &a)
	})

func (in AppChange) apply(a *App) {
	if in.Name != nil {
		a.Name = tidy(*in.Name)
	}
	if in.RedirectURIs != nil {
		a.RedirectURIs = *in.RedirectURIs
	}
	if in.MultiTenant != nil {
		a.MultiTenant = *in.MultiTenant
	}
	if in.Roles != nil {
		a.Roles = *in.Roles
	}
}

// RemoveApplication unregisters an application with its credentials and
// everything that organisations granted it (rule b50, log
// unregister_application). Its tokens end at the next request.
var RemoveApplication = op.Define(op.Spec{Name: "partner.application.remove", Action: "partner.application.update", Write: true},
	func(ctx context.Context, u *op.Unit, in id.App) (struct{}, error) {
		old, err := AppByID(ctx, u.Tx, u.Actor.Tenant, in)
		if err != nil {
			return struct{}{}, err
		}
		for _, s := range []*db.Stmt{deleteApp, deleteCredentials} {
			if _, err := u.Exec(ctx, s, old.Tenant, old.ID); err != nil {
				return struct{}{}, err
			}
		}
		if _, err := u.Exec(ctx, deleteGrants, old.ID); err != nil {
			return struct{}{}, err
		}
		u.Changed(appFact(old.ID))
		return struct{}{}, recordApp(ctx, u, "unregister_application", &old, nil)
	})

// AppList asks for a page of the applications of the actor's organisation.
type AppList struct {
	Tenant id.Tenant // for the command line; empty means the actor's
	After  id.App    // last of the page before; "" starts
	Size   int       // 1 to 500; 0 means 50
}

// ListApplications lists the applications of the actor's organisation with
// their credentials, in the order of registration (rule b50).
var ListApplications = op.Define(op.Spec{Name: "partner.application.list", Action: "partner.application.update"},
	func(ctx context.Context, u *op.Unit, in AppList) ([]App, error) {
		if err := own(u.Actor, &in.Tenant); err != nil {
			return nil, err
		}
		if in.Size <= 0 || in.Size > 500 {
			in.Size = 50
		}
		return appsOf(ctx, u.Tx, in)
	})

// GetApplication returns an application of the actor's organisation (rule b50).
var GetApplication = op.Define(op.Spec{Name: "partner.application.get", Action: "partner.application.update"},
	func(ctx context.Context, u *op.Unit, in id.App) (App, error) {
		return AppByID(ctx, u.Tx, u.Actor.Tenant, in)
	})

// NewSecret is the input of AddSecret.
type NewSecret struct {
	App  id.App
	Name string
	Days int // validity; 1 to 730, 0 means 180
}

// CreatedSecret is a new secret, shown once.
type CreatedSecret struct {
	Credential Credential
	Secret     string
}

// AddSecret gives an application a further secret, so that one can be replaced
// while the other still works (rule b50, log add_application_credential).
var AddSecret = op.Define(op.Spec{Name: "partner.application.secret.add", Action: "partner.application.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewSecret) (CreatedSecret, error) {
		a, err := AppByID(ctx, u.Tx, u.Actor.Tenant, in.App)
		if err != nil {
			return CreatedSecret{}, err
		}
		if in.Days < 0 || in.Days > secretMaxDays {
			return CreatedSecret{}, ErrCredentialExpiry.On("endDateTime").With("Days", secretMaxDays)
		}
		life := secretLifetime
		if in.Days > 0 {
			life = time.Duration(in.Days) * 24 * time.Hour
		}
		c, secret, err := createSecret(ctx, u, a, in.Name, life)
		if err != nil {
			return CreatedSecret{}, err
		}
		return CreatedSecret{c, secret}, recordAppCredential(ctx, u, "add_application_credential", a, c)
	})

func createSecret(ctx context.Context, u *op.Unit, a App, name string, life time.Duration) (Credential, string, error) {
	if a.Public {
		return Credential{}, "", ErrPublicSecret
	}
	secret := GenerateSecret()
	c := Credential{Kind: SecretCredential, Name: cut(name, credentialNameMax), Hint: secret[:7], StartsAt: u.Wall, ExpiresAt: u.Wall.Add(life)}
	c, err := createCredential(ctx, u, a, c, newVerifier(secret), []byte{})
	return c, secret, err
}

func createCredential(ctx context.Context, u *op.Unit, a App, c Credential, v Verifier, der []byte) (Credential, error) {
	if len(a.Credentials) >= credentialMax {
		return Credential{}, ErrCredentialLimit.With("Max", credentialMax)
	}
	c.ID = u.NewID()
	_, err := u.Exec(ctx, insertCredential, a.Tenant, a.ID, c.ID, c.Kind, c.Name, c.Hint, string(v), der,
		db.Micros(c.StartsAt), db.Micros(c.ExpiresAt), db.Micros(u.Now))
	u.Changed(appFact(a.ID))
	return c, err
}

// NewCertificate is the input of AddCertificate.
type NewCertificate struct {
	App  id.App
	Name string
	Data []byte // PEM or DER
}

// AddCertificate lets an application prove itself with assertions that it signs
// with the key of a certificate (rule b50, log add_application_credential).
var AddCertificate = op.Define(op.Spec{Name: "partner.application.certificate.add", Action: "partner.application.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewCertificate) (Credential, error) {
		a, err := AppByID(ctx, u.Tx, u.Actor.Tenant, in.App)
		if err != nil {
			return Credential{}, err
		}
		cert, refused := parseCertificate(in.Data)
		if refused != nil {
			return Credential{}, refused.On("key")
		}
		if !u.Wall.Before(cert.NotAfter) {
			return Credential{}, ErrCertificate.On("key")
		}
		c := Credential{
			Kind: CertificateCredential, Name: cut(in.Name, credentialNameMax), Hint: hexThumbprint(cert.Raw),
			StartsAt: cert.NotBefore, ExpiresAt: cert.NotAfter,
		}
		if c.Name == "" {
			c.Name = cut(cert.Subject.CommonName, credentialNameMax)
		}
		if c, err = createCredential(ctx, u, a, c, "", cert.Raw); err != nil {
			return Credential{}, err
		}
		return c, recordAppCredential(ctx, u, "add_application_credential", a, c)
	})

// CredentialKey names a credential of an application.
type CredentialKey struct {
	App id.App
	ID  string
}

// RemoveSecret removes a secret or certificate; it stops working at the next
// request (rule b50, log remove_application_credential).
var RemoveSecret = op.Define(op.Spec{Name: "partner.application.secret.remove", Action: "partner.application.update", Write: true},
	func(ctx context.Context, u *op.Unit, in CredentialKey) (struct{}, error) {
		a, err := AppByID(ctx, u.Tx, u.Actor.Tenant, in.App)
		if err != nil {
			return struct{}{}, err
		}
		n, err := u.Exec(ctx, deleteCredential, a.Tenant, a.ID, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		if n == 0 {
			return struct{}{}, ErrCredentialUnknown
		}
		u.Changed(appFact(a.ID))
		return struct{}{}, recordAppCredential(ctx, u, "remove_application_credential", a, Credential{ID: in.ID})
	})

func recordAppCredential(ctx context.Context, u *op.Unit, operation string, a App, c Credential) error {
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "application_credential", Tenant: a.Tenant,
		Data: map[string]string{"ApplicationId": string(a.ID), "ApplicationName": a.Name, "CredentialId": c.ID, "CredentialName": c.Name},
	})
}

// ConsentForAll is the input of GrantApplication.
type ConsentForAll struct{ App id.App }

// GrantApplication lets an application of another organisation act in the
// actor's one, with the roles it has at home and for all its people
// (tenant-wide consent; rule b50). Only an application that is meant for other
// organisations can be granted.
var GrantApplication = op.Define(op.Spec{Name: "partner.application.grant", Action: "partner.application.grant", Write: true},
	func(ctx context.Context, u *op.Unit, in ConsentForAll) (struct{}, error) {
		a, err := appAnywhere(ctx, u.Tx, in.App)
		if err != nil {
			return struct{}{}, err
		}
		if !a.MultiTenant && a.Tenant != u.Actor.Tenant {
			return struct{}{}, ErrAppUnknown
		}
		tenant, err := TenantByID(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return struct{}{}, err
		}
		if err := grantApp(ctx, u, tenant.ID, a.ID, a.Roles&tenant.Kind.Roles()); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "register_application", Resource: "application", New: viewApp(&a),
			Data: map[string]string{"ApplicationId": string(a.ID), "ApplicationName": a.Name, "Change": "consent"},
		})
	})
