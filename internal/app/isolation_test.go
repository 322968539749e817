package app_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Every route is called by everybody: every role of every kind of organisation,
// applications alone, and nobody; about what is his own and about what is none of
// his business. The answers are held against the matrix (rules.md, section b):
// who is allowed gets an answer, who is not gets the refusal of his row, and
// nobody learns anything of others or changes what is theirs (RF-01, RF-03,
// RF-04, RF-10).
func TestEveryRouteAnswersEverybodyAsTheMatrixSays(t *testing.T) {
	h := theHouse(t)
	h.delegate()
	routes := h.Routes()
	answered := map[string]bool{}
	for _, o := range append([]*org{{key: "nobody", actors: h.actors[:1]}}, h.orgs...) {
		before := h.rows(t)
		for _, a := range o.actors {
			for _, rt := range routes {
				s, ok := samples[rt.Name]
				if !ok {
					s, ok = graphSamples[strings.TrimSuffix(rt.Name, "Beta")]
				}
				if !ok {
					t.Fatalf("%s has no sample: say how it is called, and which row decides about it", rt.Pattern())
				}
				for _, about := range h.targetsOf(a, rt, s) {
					if h.callRoute(t, a, rt, s, about) {
						answered[rt.Name] = true
					}
				}
			}
			if t.Failed() && tooMany(t) {
				return
			}
		}
		h.holdRows(t, o, before, h.rows(t))
	}
	for _, rt := range routes {
		if !answered[rt.Name] {
			t.Errorf("%s never succeeded, so that nothing was learnt about it", rt.Pattern())
		}
	}
}

// tooMany ends a test that has failed for one actor: the others fail alike.
func tooMany(t *testing.T) bool {
	t.Helper()
	t.Log("the remaining actors are not asked")
	return true
}

// callRoute calls a route and reports whether it succeeded.
func (h *house) callRoute(t *testing.T, a *actor, rt route.Route, s sample, about target) bool {
	t.Helper()
	if s.uses && about.own && a.org != nil && a.org.kind == policy.Partner {
		about.id = string(h.spare(t, a.org))
	}
	c := s.request(h, a, rt, about)
	got := h.ask(t, a, c)
	h.holdRow(t, a, rt, s, c, got)
	success := got.status < 300
	if success && rt.Name == "createCustomer" {
		h.keepCreated(t, a.org, got)
	}
	switch want := h.wanted(a, rt, s); {
	case want != nil:
		h.holdRefusal(t, a, c, got, want)
	case success && about.own:
	case success:
		t.Errorf("%s as %s about %s: %d %.200s", c, a, about.what, got.status, got.body)
	case about.own && slices.Contains(s.may, got.code()):
	case about.own && a.org.suspended && s.write && got.code() == refusal.RF43.Code:
	case about.own:
		t.Errorf("%s as %s about %s: %d %s, the matrix allows it", c, a, about.what, got.status, got.body)
	case got.status == http.StatusNotFound || got.status == http.StatusForbidden && slices.Contains(s.may, got.code()):
	default:
		t.Errorf("%s as %s about %s: %d %s, want not found", c, a, about.what, got.status, got.body)
	}
	return success
}

// wanted returns the refusal that the actor has to get from a route whatever he
// asks about, nil when he is allowed.
func (h *house) wanted(a *actor, rt route.Route, s sample) *fault.Error {
	switch {
	case rt.Auth == route.None:
		return nil
	case a.org == nil:
		return refusal.Unauthenticated
	case a.alone && rt.Auth == route.User:
		return refusal.AppOnly
	case !a.alone && rt.Auth == route.App:
		return fault.New(fault.Forbidden, "2032", "api.app_required")
	case s.action == "":
		return nil
	}
	return h.refusal(a, s.action, s.write)
}

// holdRefusal fails when the answer is not the refusal that was wanted.
func (h *house) holdRefusal(t *testing.T, a *actor, c call, got *answer, want *fault.Error) {
	t.Helper()
	status := map[fault.Kind]int{fault.Unauthenticated: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden}[want.Kind]
	if got.status != status || c.method != http.MethodHead && got.code() != want.Code {
		t.Errorf("%s as %s: %d %s, want %d %s", c, a, got.status, got.body, status, want.Code)
	}
}

// holdRow fails when another row than the one of the sample decided.
func (h *house) holdRow(t *testing.T, a *actor, rt route.Route, s sample, c call, got *answer) {
	t.Helper()
	for _, ran := range got.ran {
		spec := h.specs[ran.Action]
		if row, _ := h.Kernel.Policy.Row(spec.Action); !row.Anyone && (spec.Action != s.action || spec.Write != s.write) {
			t.Errorf("%s as %s: %s ran %s (row %s, write %v), its sample names %q (write %v)",
				c, a, rt.Name, spec.Name, spec.Action, spec.Write, s.action, s.write)
		}
	}
}

// keepCreated keeps the secrets of a customer that a request has added.
func (h *house) keepCreated(t *testing.T, o *org, got *answer) {
	t.Helper()
	var created wire.Customer
	if err := json.Unmarshal([]byte(got.body), &created); err != nil {
		t.Fatal(err)
	}
	c := id.Tenant(created.ID)
	o.customers, o.knows[c] = append(o.customers, c), true
	h.keepCustomerOf(o, c)
}

// spare returns a customer of o that may be used up; what a request did not use
// up is asked about again.
func (h *house) spare(t *testing.T, o *org) id.Tenant {
	t.Helper()
	for len(o.spares) > 0 {
		if _, err := do(h, customer.Get, o.system(), customer.Ref{ID: o.spares[0]}); err == nil {
			return o.spares[0]
		}
		o.spares = o.spares[1:]
	}
	t.Fatalf("%s has no spare customer left: more of its people may use one up than were foreseen", o.key)
	return ""
}
