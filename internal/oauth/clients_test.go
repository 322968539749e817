package oauth_test

//lint:file-ignore SA1019 Sign-in with a password is deprecated, and programs in use do it.

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"comptoir/internal/clock"
	"comptoir/internal/db/dbtest"
)

// Official clients work with nothing changed but their authority. They keep
// real time, so the installation does too.
func newRealWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t), new(clock.Clock))
	w.k.Sandbox = true
	return w
}

var partnerScope = []string{partnerAPI + "/.default"}

// knows fails the test unless the API recognises the bearer as that user, or as
// the robot when user is empty.
func (w *world) knows(client, token, user string) {
	w.Helper()
	me := w.me("/v1", token)
	if me.status != 200 || me.text("User") != user {
		w.Errorf("%s: the API sees %d %s", client, me.status, me.raw)
	}
}

func (w *world) certified() ([]*x509.Certificate, crypto.PrivateKey) {
	w.Helper()
	key := must(rsa.GenerateKey(rand.Reader, 2048))(w)
	c := newCertificate(w, key, &key.PublicKey)
	w.certify(w.robot, c)
	return []*x509.Certificate{must(x509.ParseCertificate(c.der))(w)}, key
}

func TestMSALForGoAsAnApplication(t *testing.T) {
	w := newRealWorld(t)
	certs, key := w.certified()
	secret := must(confidential.NewCredFromSecret(w.robot.Secret))(w)
	certificate := must(confidential.NewCredFromCert(certs, key))(w)
	for name, credential := range map[string]confidential.Credential{"secret": secret, "certificate": certificate} {
		for _, tenant := range []string{string(w.partner.Tenant), w.partner.Domain} {
			client := must(confidential.New(w.web.URL+"/"+tenant, string(w.robot.App.ID), credential,
				confidential.WithHTTPClient(w.web.Client()), confidential.WithInstanceDiscovery(false)))(w)
			first := must(client.AcquireTokenByCredential(t.Context(), partnerScope))(w)
			w.knows("MSAL with "+name, first.AccessToken, "")
			silent := must(client.AcquireTokenByCredential(t.Context(), partnerScope))(w)
			if silent.AccessToken != first.AccessToken || silent.Metadata.TokenSource != confidential.TokenSourceCache {
				w.Errorf("%s at %s: the token was not found in the cache", name, tenant)
			}
		}
	}
	wrong := must(confidential.NewCredFromSecret("wrong"))(w)
	client := must(confidential.New(w.web.URL+"/"+w.partner.Domain, string(w.robot.App.ID), wrong, confidential.WithHTTPClient(w.web.Client()), confidential.WithInstanceDiscovery(false)))(w)
	if _, err := client.AcquireTokenByCredential(t.Context(), partnerScope); err == nil {
		w.Error("with a wrong secret it has a token")
	}
}

// publicClient is MSAL as a program on a desk.
func (w *world) publicClient(app string) public.Client {
	w.Helper()
	return must(public.New(app, public.WithAuthority(w.web.URL+"/"+w.partner.Domain), public.WithHTTPClient(w.web.Client()), public.WithInstanceDiscovery(false)))(w)
}

// renews asks for tokens again: from the cache, and with the refresh token.
func (w *world) renews(client public.Client, account public.Account) {
	w.Helper()
	cached := must(client.AcquireTokenSilent(w.Context(), partnerScope, public.WithSilentAccount(account)))(w)
	if cached.Metadata.TokenSource != public.TokenSourceCache {
		w.Error("the token was not found in the cache")
	}
	renewed := must(client.AcquireTokenSilent(w.Context(), partnerScope, public.WithSilentAccount(account), public.WithClaims(`{"access_token":{"x":null}}`)))(w)
	if renewed.Metadata.TokenSource != public.TokenSourceIdentityProvider || renewed.AccessToken == cached.AccessToken {
		w.Error("the token was not renewed")
	}
	w.knows("MSAL after renewal", renewed.AccessToken, string(w.sara.User.ID))
}

func TestMSALForGoWithAPassword(t *testing.T) {
	w := newRealWorld(t)
	client := w.publicClient(string(w.desktop.App.ID))
	got := must(client.AcquireTokenByUsernamePassword(t.Context(), partnerScope, w.sara.User.Name, w.sara.Password))(w)
	w.knows("MSAL", got.AccessToken, string(w.sara.User.ID))
	if got.Account.PreferredUsername != w.sara.User.Name || got.Account.HomeAccountID != string(w.sara.User.ID)+"."+string(w.partner.Tenant) {
		w.Errorf("account %+v", got.Account)
	}
	w.renews(client, got.Account)
	if _, err := client.AcquireTokenByUsernamePassword(t.Context(), partnerScope, w.sara.User.Name, "wrong"); err == nil {
		w.Error("with a wrong password it has a token")
	}
}

func TestMSALForGoWithADeviceCode(t *testing.T) {
	w := newRealWorld(t)
	client := w.publicClient(commandLine)
	code := must(client.AcquireTokenByDeviceCode(t.Context(), partnerScope))(w)
	b := w.browser().open("/devicelogin").signIn(w.sara)
	b.submit("code", code.Result.UserCode).submit("decision", "accept")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got := must(code.AuthenticationResult(ctx))(w)
	w.knows("MSAL", got.AccessToken, string(w.sara.User.ID))
	w.renews(client, got.Account)
}

func TestMSALForGoInABrowser(t *testing.T) {
	w := newRealWorld(t)
	client := w.publicClient(string(w.desktop.App.ID))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	got := must(client.AcquireTokenInteractive(ctx, partnerScope, public.WithOpenURL(func(address string) error {
		go func() {
			b := w.browser().open(address).signIn(w.sara)
			forms := b.find(`form[action^="http://localhost:"]`)
			if len(forms) == 0 {
				w.Errorf("stopped at %s: %s", b.at, b.says("body"))
				cancel()
				return
			}
			values := url.Values{}
			for _, name := range []string{"code", "state"} {
				values.Set(name, attr(b.find(`input[name="` + name + `"]`)[0], "value"))
			}
			res, err := http.PostForm(attr(forms[0], "action"), values) // MSAL's own server on this machine
			if err != nil {
				w.Error(err)
				return
			}
			res.Body.Close()
		}()
		return nil
	})))(w)
	w.knows("MSAL", got.AccessToken, string(w.sara.User.ID))
	w.renews(client, got.Account)
}

func TestMSALForGoExchangesACode(t *testing.T) {
	w := newRealWorld(t)
	credential := must(confidential.NewCredFromSecret(w.robot.Secret))(w)
	client := must(confidential.New(w.web.URL+"/"+w.partner.Domain, string(w.robot.App.ID), credential, confidential.WithHTTPClient(w.web.Client()), confidential.WithInstanceDiscovery(false)))(w)
	address := must(client.AuthCodeURL(t.Context(), string(w.robot.App.ID), callback, partnerScope))(w)
	code := w.browser().open(address).signIn(w.sara).sent().Get("code")
	got := must(client.AcquireTokenByAuthCode(t.Context(), code, callback, partnerScope))(w)
	w.knows("MSAL", got.AccessToken, string(w.sara.User.ID))
	cached := must(client.AcquireTokenSilent(t.Context(), partnerScope, confidential.WithSilentAccount(got.Account)))(w)
	if cached.AccessToken != got.AccessToken {
		w.Error("the token was not found in the cache")
	}
	graph := must(client.AcquireTokenSilent(t.Context(), []string{"https://graph.microsoft.com/.default"}, confidential.WithSilentAccount(got.Account)))(w)
	if me := w.me("/graph", graph.AccessToken); me.text("User") != string(w.sara.User.ID) {
		w.Errorf("with the refresh token for another API: %d %s", me.status, me.raw)
	}
}

func TestAzidentity(t *testing.T) {
	w := newRealWorld(t)
	certs, key := w.certified()
	options := azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: w.web.URL}, Transport: w.web.Client()}
	tenant, robot := string(w.partner.Tenant), string(w.robot.App.ID)
	prompted := func(_ context.Context, m azidentity.DeviceCodeMessage) error {
		go func() {
			b := w.browser().open("/devicelogin").signIn(w.sara)
			b.submit("code", m.UserCode).submit("decision", "accept")
		}()
		return nil
	}
	user := string(w.sara.User.ID)
	for _, tt := range []struct {
		name       string
		credential azcore.TokenCredential
		user       string
	}{
		{"ClientSecretCredential", must(azidentity.NewClientSecretCredential(tenant, robot, w.robot.Secret, &azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true}))(w), ""},
		{"ClientCertificateCredential", must(azidentity.NewClientCertificateCredential(w.partner.Domain, robot, certs, key, &azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true}))(w), ""},
		{"UsernamePasswordCredential", must(azidentity.NewUsernamePasswordCredential(tenant, string(w.desktop.App.ID), w.sara.User.Name, w.sara.Password, &azidentity.UsernamePasswordCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true}))(w), user}, // old, and in use
		{"DeviceCodeCredential", must(azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{ClientOptions: options, TenantID: tenant, UserPrompt: prompted, DisableInstanceDiscovery: true}))(w), user},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		got := must(tt.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: partnerScope}))(w)
		w.knows(tt.name, got.Token, tt.user)
		again := must(tt.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: partnerScope}))(w)
		if again.Token != got.Token {
			w.Errorf("%s: the token was not found in the cache", tt.name)
		}
		cancel()
	}
}
