package identity_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

func (w *world) app(in identity.NewApp) identity.CreatedApp {
	w.Helper()
	if in.Name == "" {
		in.Name = "Billing robot"
	}
	return must(identity.AddApplication.Do(w.Context(), w.k, w.ga, in))(w)
}

func TestAnApplicationProvesItselfWithAnyOfItsSecrets(t *testing.T) {
	each(t, func(w *world) {
		made := w.app(identity.NewApp{Roles: policy.AdminAgent})
		second := must(identity.AddSecret.Do(w.Context(), w.k, w.ga, identity.NewSecret{App: made.App.ID, Name: "autumn", Days: 30}))(w)
		check := func(secret string) error {
			_, err := w.gate.CheckSecret(w.Context(), made.App.ID, secret)
			return err
		}
		for name, tt := range map[string]struct {
			secret string
			want   error
		}{
			"the first":  {made.Secret, nil},
			"the second": {second.Secret, nil},
			"neither":    {made.Secret + "x", identity.ErrSecretWrong},
			"nothing":    {"", identity.ErrSecretWrong},
			"the hint":   {second.Credential.Hint, identity.ErrSecretWrong},
		} {
			if err := check(tt.secret); !errors.Is(err, tt.want) {
				w.Errorf("%s: got %v, want %v", name, err, tt.want)
			}
		}
		w.pass(31 * 24 * time.Hour)
		if err := check(second.Secret); !errors.Is(err, identity.ErrSecretExpired) {
			w.Errorf("an expired secret: %v", err)
		}
		if err := check(made.Secret); err != nil {
			w.Errorf("the other goes on: %v", err)
		}
		must(identity.RemoveSecret.Do(w.Context(), w.k, w.ga, identity.CredentialKey{App: made.App.ID, ID: made.App.Credentials[0].ID}))(w)
		if err := check(made.Secret); !errors.Is(err, identity.ErrSecretWrong) {
			w.Errorf("a removed secret at the next request: %v", err)
		}
		if _, err := identity.RemoveSecret.Do(w.Context(), w.k, w.ga, identity.CredentialKey{App: made.App.ID, ID: "x"}); !errors.Is(err, identity.ErrCredentialUnknown) {
			w.Errorf("removing what is not there: %v", err)
		}
		for _, line := range w.log(w.partner.Tenant) {
			if strings.Contains(line, made.Secret) || strings.Contains(line, second.Secret) {
				w.Error("a secret stands in the log")
			}
		}
	})
}

func TestAnApplicationActsWithItsOwnRoles(t *testing.T) {
	each(t, func(w *world) {
		made := w.app(identity.NewApp{Roles: policy.SalesAgent})
		a := must(w.gate.AppActor(w.Context(), w.partner.Tenant, made.App.ID))(w)
		if !a.AppOnly() || a.Kind != policy.Partner || a.Org != policy.DirectBill || a.Roles != policy.SalesAgent {
			w.Errorf("acts as %+v", a)
		}
		roles := policy.AdminAgent
		must(identity.UpdateApplication.Do(w.Context(), w.k, w.ga, identity.AppChange{App: made.App.ID, Roles: &roles}))(w)
		if a := must(w.gate.AppActor(w.Context(), w.partner.Tenant, made.App.ID))(w); a.Roles != policy.AdminAgent {
			w.Errorf("after the change it has %v", a.Roles.Names())
		}
		must(identity.RemoveApplication.Do(w.Context(), w.k, w.ga, made.App.ID))(w)
		if _, err := w.gate.AppActor(w.Context(), w.partner.Tenant, made.App.ID); !errors.Is(err, identity.ErrAppUnknown) {
			w.Errorf("a removed application acts: %v", err)
		}
		if _, err := w.gate.CheckSecret(w.Context(), made.App.ID, made.Secret); !errors.Is(err, identity.ErrAppUnknown) {
			w.Errorf("a removed application proves itself: %v", err)
		}
	})
}

// Rule b50: Global admin and Admin agent; nobody gives an application more than
// he has himself.
func TestNobodyGivesAnApplicationMoreThanHeHas(t *testing.T) {
	each(t, func(w *world) {
		agent, _ := w.user("agent", policy.AdminAgent)
		sales, _ := w.user("sales", policy.SalesAgent)
		add := func(n identity.User, roles policy.Role) error {
			_, err := identity.AddApplication.Do(w.Context(), w.k, w.actor(n), identity.NewApp{Name: "Robot", Roles: roles})
			return err
		}
		if err := add(agent, policy.AdminAgent); err != nil {
			w.Errorf("an Admin agent with his own role: %v", err)
		}
		if err := add(agent, policy.GlobalAdmin); !errors.Is(err, identity.ErrAdminOnly) {
			w.Errorf("an Admin agent with Global admin: %v", err)
		}
		if err := add(sales, policy.SalesAgent); !errors.Is(err, refusal.RF10) {
			w.Errorf("a Sales agent: %v", err)
		}
	})
}

func TestAnApplicationIsRefusedWithWhatIsWrong(t *testing.T) {
	each(t, func(w *world) {
		_, err := identity.AddApplication.Do(w.Context(), w.k, w.ga, identity.NewApp{
			Name: " ", RedirectURIs: []string{"http://app.example/cb"}, Roles: policy.OperatorAdmin,
		})
		for _, want := range []error{identity.ErrAppName, identity.ErrRedirect, identity.ErrRoleFamily} {
			if !errors.Is(err, want) {
				w.Errorf("%v is missing in %v", want, err)
			}
		}
		public := w.app(identity.NewApp{Name: "Telephone", Public: true, RedirectURIs: []string{"msal1://auth"}})
		if public.Secret != "" {
			w.Error("a public application got a secret")
		}
		if _, err := identity.AddSecret.Do(w.Context(), w.k, w.ga, identity.NewSecret{App: public.App.ID}); !errors.Is(err, identity.ErrPublicSecret) {
			w.Errorf("a secret for a public application: %v", err)
		}
		robot := w.app(identity.NewApp{})
		if _, err := identity.AddSecret.Do(w.Context(), w.k, w.ga, identity.NewSecret{App: robot.App.ID, Days: 10_000}); !errors.Is(err, identity.ErrCredentialExpiry) {
			w.Errorf("a secret for ever: %v", err)
		}
		for range 19 {
			must(identity.AddSecret.Do(w.Context(), w.k, w.ga, identity.NewSecret{App: robot.App.ID}))(w)
		}
		if _, err := identity.AddSecret.Do(w.Context(), w.k, w.ga, identity.NewSecret{App: robot.App.ID}); !errors.Is(err, identity.ErrCredentialLimit) {
			w.Errorf("a 21st secret: %v", err)
		}
		all := must(identity.ListApplications.Do(w.Context(), w.k, w.ga, identity.AppList{}))(w)
		if len(all) != 2 || len(all[0].Credentials)+len(all[1].Credentials) != 20 {
			w.Errorf("listed %+v", all)
		}
	})
}

// certificate returns a self-signed certificate in PEM and its DER.
func certificate(t testing.TB, from, until time.Time) (pemText, der []byte, key *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "robot"}, NotBefore: from, NotAfter: until}
	der, err = x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), der, key
}

func TestAnApplicationIsKnownByItsCertificate(t *testing.T) {
	each(t, func(w *world) {
		made := w.app(identity.NewApp{WithoutSecret: true})
		text, der, key := certificate(w, today.Add(-time.Hour), today.Add(time.Hour))
		c := must(identity.AddCertificate.Do(w.Context(), w.k, w.ga, identity.NewCertificate{App: made.App.ID, Data: text}))(w)
		if c.Name != "robot" || len(c.Hint) != 40 {
			w.Errorf("credential %+v", c)
		}
		a := must(w.gate.Application(w.Context(), made.App.ID))(w)
		one, two := sha1.Sum(der), sha256.Sum256(der)
		for _, thumbprint := range [][]byte{one[:], two[:]} {
			if got := must(a.Key(thumbprint, today))(w); !key.PublicKey.Equal(got) {
				w.Errorf("another key for %x", thumbprint)
			}
		}
		for name, err := range map[string]error{
			"another thumbprint": second(a.Key(bytes.Repeat([]byte{1}, 20), today)),
			"no thumbprint":      second(a.Key(nil, today)),
			"an expired one":     second(a.Key(two[:], today.Add(time.Hour))),
			"an early one":       second(a.Key(two[:], today.Add(-2*time.Hour))),
		} {
			if !errors.Is(err, identity.ErrCertificateUnknown) {
				w.Errorf("%s: %v", name, err)
			}
		}
		old, _, _ := certificate(w, today.Add(-2*time.Hour), today.Add(-time.Hour))
		for name, data := range map[string][]byte{"expired": old, "nonsense": []byte("nonsense"), "empty": nil} {
			if _, err := identity.AddCertificate.Do(w.Context(), w.k, w.ga, identity.NewCertificate{App: made.App.ID, Data: data}); !errors.Is(err, identity.ErrCertificate) {
				w.Errorf("%s: %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestPublishedClientsNeedNoRegistration(t *testing.T) {
	each(t, func(w *world) {
		const commandLine id.App = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
		if a := must(w.gate.Application(w.Context(), commandLine))(w); !a.Known || !a.Public || a.Roles != 0 {
			w.Errorf("known client %+v", a)
		}
		if _, err := w.gate.CheckSecret(w.Context(), commandLine, ""); !errors.Is(err, identity.ErrSecretWrong) {
			w.Errorf("it proved itself without a secret: %v", err)
		}
		if err := w.k.UpdateSetting(w.Context(), cli(), op.SetSetting{Name: "signin.knownClients", Value: "false"}); err != nil {
			w.Fatal(err)
		}
		if _, err := w.gate.Application(w.Context(), commandLine); !errors.Is(err, identity.ErrAppUnknown) {
			w.Errorf("switched off: %v", err)
		}
	})
}

func TestAnotherOrganisationLetsAnApplicationIn(t *testing.T) {
	each(t, func(w *world) {
		shared := w.app(identity.NewApp{Name: "Control panel", MultiTenant: true, Roles: policy.AdminAgent})
		private := w.app(identity.NewApp{Name: "Private", Roles: policy.AdminAgent})
		other := must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{
			Name: "Other AB", Types: policy.IndirectProvider, Country: "SE", Domain: "other.example", Active: true, Admin: &identity.NewUser{Name: "olle"},
		}))(w)
		olle := w.actor(other.Admin.User)
		if _, err := w.gate.AppActor(w.Context(), olle.Tenant, shared.App.ID); !errors.Is(err, identity.ErrAppUnknown) {
			w.Errorf("before consent: %v", err)
		}
		if _, err := identity.GrantApplication.Do(w.Context(), w.k, olle, identity.ConsentForAll{App: private.App.ID}); !errors.Is(err, identity.ErrAppUnknown) {
			w.Errorf("somebody else's private application: %v", err)
		}
		must(identity.GrantApplication.Do(w.Context(), w.k, olle, identity.ConsentForAll{App: shared.App.ID}))(w)
		a := must(w.gate.AppActor(w.Context(), olle.Tenant, shared.App.ID))(w)
		if a.Tenant != olle.Tenant || a.Org != policy.IndirectProvider || a.Roles != policy.AdminAgent {
			w.Errorf("after consent it acts as %+v", a)
		}
		customer := w.customer("fjallbageri.example")
		maja := w.actor(identity.User{Tenant: customer.ID, ID: customer.Admin})
		must(identity.GrantApplication.Do(w.Context(), w.k, maja, identity.ConsentForAll{App: shared.App.ID}))(w)
		if a := must(w.gate.AppActor(w.Context(), customer.ID, shared.App.ID))(w); a.Roles != 0 || a.Kind != policy.Customer {
			w.Errorf("in a customer's organisation it acts as %+v", a)
		}
		agent := olle
		agent.Roles = policy.AdminAgent
		if _, err := identity.GrantApplication.Do(w.Context(), w.k, agent, identity.ConsentForAll{App: shared.App.ID}); fault.KindOf(err) != fault.Forbidden {
			w.Errorf("an admin agent consented for all: %v", err)
		}
	})
}

// Rule b50: an organisation sees whom it let in, and takes that back.
func TestAConsentIsListedAndWithdrawn(t *testing.T) {
	each(t, func(w *world) {
		shared := w.app(identity.NewApp{Name: "Control panel", MultiTenant: true, Roles: policy.AdminAgent})
		other := must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{
			Name: "Other AB", Types: policy.IndirectProvider, Country: "SE", Domain: "other.example", Active: true, Admin: &identity.NewUser{Name: "olle", DisplayName: "Olle"},
		}))(w)
		olle, agent := w.actor(other.Admin.User), w.actor(other.Admin.User)
		agent.Roles = policy.AdminAgent
		of := identity.ConsentForAll{App: shared.App.ID}
		list := func(a op.Actor) []identity.Consent {
			return must(identity.ListConsents.Do(w.Context(), w.k, a, identity.ConsentList{}))(w)
		}
		must(identity.GrantApplication.Do(w.Context(), w.k, olle, of))(w)
		all := list(olle)
		if len(all) != 1 || all[0].Name != "Control panel" || all[0].Publisher != "Nordmolnet AB" || all[0].GrantedBy != "Olle" || all[0].Roles != policy.AdminAgent {
			w.Errorf("consents %+v", all)
		}
		if own := list(w.ga); len(own) != 0 {
			w.Errorf("its own application is one that it let in: %+v", own)
		}
		for who, a := range map[string]op.Actor{"an Admin agent": agent, "the organisation that has it": w.ga} {
			if _, err := identity.WithdrawConsent.Do(w.Context(), w.k, a, of); err == nil {
				w.Errorf("%s withdrew a consent of others", who)
			}
		}
		must(w.gate.AppActor(w.Context(), olle.Tenant, shared.App.ID))(w)
		must(identity.WithdrawConsent.Do(w.Context(), w.k, olle, of))(w)
		if _, err := w.gate.AppActor(w.Context(), olle.Tenant, shared.App.ID); !errors.Is(err, identity.ErrAppUnknown) {
			w.Errorf("after it was withdrawn: %v", err)
		}
		must(w.gate.AppActor(w.Context(), w.partner.Tenant, shared.App.ID))(w)
		if _, err := identity.WithdrawConsent.Do(w.Context(), w.k, olle, of); !errors.Is(err, identity.ErrAppUnknown) || len(list(olle)) != 0 {
			w.Errorf("withdrawn twice: %v", err)
		}
	})
}
