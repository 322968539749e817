package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"comptoir/internal/demo"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// newcomer adds somebody with roles to an organisation and signs him in.
func (h *house) newcomer(t *testing.T, o *org, roles policy.Role) *actor {
	t.Helper()
	password, err := identity.GivenPassword(t.Context(), demo.Password)
	if err != nil {
		t.Fatal(err)
	}
	h.made++
	made, err := do(h, identity.AddUser, op.System(o.tenant, o.types, op.ViaCLI), identity.NewUser{
		Name: fmt.Sprintf("ny%d@%s", h.made, o.domain), DisplayName: "Ny " + letters(h.made), Roles: roles, Password: password, KeepPassword: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	a := &actor{name: made.User.Name, org: o, roles: roles, user: made.User.ID, userName: made.User.Name, address: fmt.Sprintf("198.18.0.%d:5000", h.made%250)}
	if err := h.signIn(a); err != nil {
		t.Fatal(err)
	}
	return a
}

// admits fails unless the token of a is admitted to the list of customers, and
// his browser to their page.
func (h *house) admits(t *testing.T, a *actor, when string) {
	t.Helper()
	if got := h.ask(t, a, call{method: http.MethodGet, path: "/v1/customers?size=1"}); got.status != http.StatusOK {
		t.Errorf("%s: the token is answered %d %s", when, got.status, got.body)
	}
	if got := h.browse(t, a, http.MethodGet, "/customers", nil, nil); got.status != http.StatusOK {
		t.Errorf("%s: the browser is answered %d", when, got.status)
	}
}

// shutsOut fails unless the token and the browser of a are nobody's any more.
func (h *house) shutsOut(t *testing.T, a *actor, when string) {
	t.Helper()
	nobody := *a
	nobody.org = nil // what runs now runs for nobody
	got := h.ask(t, &nobody, call{method: http.MethodGet, path: "/v1/customers?size=1"})
	if got.status != http.StatusUnauthorized || got.code() != refusal.Unauthenticated.Code {
		t.Errorf("%s: the token is answered %d %s", when, got.status, got.body)
	}
	got = h.browse(t, &nobody, http.MethodGet, "/customers", nil, nil)
	if got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/signin") {
		t.Errorf("%s: the browser is answered %d", when, got.status)
	}
}

// Access ends with the next request: when a role is taken, an account blocked or
// removed, a password reset (rule A13, b48).
func TestAccessEndsWithTheNextRequest(t *testing.T) {
	h := theHouse(t)
	o := h.org("direct")
	key := func(a *actor) identity.UserKey { return identity.UserKey{Tenant: o.tenant, User: a.user} }
	setRoles := func(a *actor, roles policy.Role) error {
		_, err := do(h, identity.SetRoles, o.system(), identity.RoleChange{UserKey: key(a), Roles: roles})
		a.roles = roles
		return err
	}
	block := func(a *actor, blocked bool) error {
		_, err := do(h, identity.UpdateUser, o.system(), identity.UserChange{UserKey: key(a), Blocked: &blocked})
		return err
	}
	t.Run("a role is taken and given again", func(t *testing.T) {
		a := h.newcomer(t, o, policy.AdminAgent)
		h.admits(t, a, "with the role")
		if err := setRoles(a, 0); err != nil {
			t.Fatal(err)
		}
		got := h.ask(t, a, call{method: http.MethodGet, path: "/v1/customers?size=1"})
		if got.status != http.StatusForbidden || got.code() != refusal.RF10.Code {
			t.Errorf("without the role: %d %s", got.status, got.body)
		}
		if got := h.browse(t, a, http.MethodGet, "/customers", nil, nil); got.status != http.StatusForbidden {
			t.Errorf("without the role the browser is answered %d", got.status)
		}
		if err := setRoles(a, policy.HelpdeskAgent); err != nil {
			t.Fatal(err)
		}
		h.admits(t, a, "with another role")
		body := newCustomerBody(h, a, target{})
		if got := h.ask(t, a, call{method: http.MethodPost, path: "/v1/customers", body: body}); got.status != http.StatusForbidden {
			t.Errorf("what the other role may not: %d %s", got.status, got.body)
		}
	})
	t.Run("an account is blocked", func(t *testing.T) {
		a := h.newcomer(t, o, policy.AdminAgent)
		if err := block(a, true); err != nil {
			t.Fatal(err)
		}
		h.shutsOut(t, a, "while blocked")
	})
	t.Run("an account is removed", func(t *testing.T) {
		a := h.newcomer(t, o, policy.AdminAgent)
		h.admits(t, a, "before")
		if _, err := do(h, identity.RemoveUser, o.system(), key(a)); err != nil {
			t.Fatal(err)
		}
		h.shutsOut(t, a, "after the account is gone")
	})
	t.Run("a password is reset", func(t *testing.T) {
		a := h.newcomer(t, o, policy.AdminAgent)
		// Tokens tell full seconds: one of the second of the reset is from before it.
		h.Kernel.Wall.Advance(2 * time.Second)
		if _, err := do(h, identity.ResetPassword, o.system(), identity.PasswordReset{UserKey: key(a)}); err != nil {
			t.Fatal(err)
		}
		h.shutsOut(t, a, "after the password is another")
	})
	t.Run("an application is removed", func(t *testing.T) {
		made, err := do(h, identity.AddApplication, o.system(), identity.NewApp{Name: "Kort liv", Roles: policy.AdminAgent})
		if err != nil {
			t.Fatal(err)
		}
		a := &actor{name: "a short-lived application", org: o, alone: true, address: "198.18.1.1:5000"}
		if a.token, err = h.tokenOf(a.address, string(o.tenant), aloneForm(made.App.ID, made.Secret, resource)); err != nil {
			t.Fatal(err)
		}
		if got := h.ask(t, a, call{method: http.MethodGet, path: "/v1/customers?size=1"}); got.status != http.StatusOK {
			t.Errorf("before: %d %s", got.status, got.body)
		}
		if _, err := do(h, identity.RemoveApplication, o.system(), made.App.ID); err != nil {
			t.Fatal(err)
		}
		h.refuses(t, "of an application that is gone", a.token)
	})
}
