package graph

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/origin"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// world is an installation with partners and a customer, as a client meets it.
type world struct {
	t      *testing.T
	api    *API
	kernel *op.Kernel
	actors map[string]op.Actor // by bearer token
	bakery id.Tenant           // customer of direct
}

const (
	direct   = id.Tenant("0a1b0000-0001-7000-8000-000000000001")
	provider = id.Tenant("0a1b0000-0002-7000-8000-000000000002")
	reseller = id.Tenant("0a1b0000-0003-7000-8000-000000000003")
)

// newWorld enrols three partners. The tokens are "direct", "provider" and
// "reseller", each of an admin agent who is a global admin as well, and the same
// with "-app" for an application alone.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, actors: map[string]op.Actor{}}
	w.kernel = op.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler))
	w.kernel.Clock = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	w.kernel.Link, w.kernel.Sandbox = relationship.Link, true
	w.enrol("direct", direct, policy.DirectBill)
	w.enrol("provider", provider, policy.IndirectProvider)
	w.enrol("reseller", reseller, policy.IndirectReseller)
	system := op.System("", 0, op.ViaCLI)
	if _, err := relationship.ConnectPartners.Do(t.Context(), w.kernel, system, relationship.Pair{Provider: provider, Reseller: reseller}); err != nil {
		t.Fatal(err)
	}
	w.bakery = w.add("Fjällbageri AB", "fjallbageri")
	w.api = New(w.kernel, origin.Origin{PublicURL: "https://graph.example.org"}, func(r *http.Request) (op.Actor, error) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		actor, ok := w.actors[token]
		if !ok {
			return op.Actor{}, refusal.Unauthenticated
		}
		return actor, nil
	})
	return w
}

func (w *world) enrol(name string, tenant id.Tenant, types policy.Org) {
	w.t.Helper()
	made, err := identity.EnrolPartner.Do(w.t.Context(), w.kernel, op.System("", 0, op.ViaCLI), identity.Enrolment{
		ID: tenant, Name: name + " AB", Types: types, Country: "SE", Market: "europe", Language: "sv",
		Domain: name + "-partner.example", Active: true, SignedMPA: true,
		Admin: &identity.NewUser{Name: "ada@" + name + "-partner.example", DisplayName: "Ada Berg"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	actor := op.Actor{
		Kind: policy.Partner, Tenant: tenant, Org: types, App: "0a1b0000-00aa-7000-8000-0000000000aa", Locale: "en",
		User: made.Admin.User.ID, UserName: "ada@" + name + "-partner.example", Roles: policy.GlobalAdmin | policy.AdminAgent, MFA: true,
	}
	w.actors[name] = actor
	actor.User, actor.UserName, actor.Roles = "", "", 0
	w.actors[name+"-app"] = actor
}

func (w *world) add(name, prefix string) id.Tenant {
	w.t.Helper()
	added, err := customer.Add.Do(w.t.Context(), w.kernel, w.actors["direct"], customer.NewCustomer{
		Domain: prefix, WithoutGDAP: true, Billing: customer.Billing{
			CompanyName: name, Email: "maja@" + prefix + ".example", Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
			},
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return added.Customer.ID
}

// admin is an admin of a customer.
func admin(c id.Tenant) op.Actor {
	return op.Actor{Kind: policy.Customer, Tenant: c, Roles: policy.CustomerAdmin, User: id.User(c), UserName: "maja@fjallbageri.example", Channel: op.ViaPortal, Locale: "sv"}
}

// answered is what came back.
type answered struct {
	*httptest.ResponseRecorder
	t *testing.T
}

// send sends a request; headers are names and values in turn.
func (w *world) send(as, method, target, body string, headers ...string) answered {
	w.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, strings.ReplaceAll(target, " ", "%20"), reader)
	r.Header.Set("Authorization", "Bearer "+as)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	w.kernel.Clock.Advance(time.Second)
	w.api.ServeHTTP(recorder, r)
	if recorder.Header().Get("Request-Id") == "" || recorder.Header().Get("Client-Request-Id") == "" {
		w.t.Errorf("%s %s: the answer names no call: %v", method, target, recorder.Header())
	}
	return answered{recorder, w.t}
}

func (w *world) get(target string) answered {
	w.t.Helper()
	return w.send("direct", http.MethodGet, target, "")
}

func (a answered) want(status int) answered {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("%d %s, want %d", a.Code, a.Body, status)
	}
	return a
}

func (a answered) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body.Bytes(), v); err != nil {
		a.t.Fatalf("%v in %s", err, a.Body)
	}
}

// relation is what tests read of a relationship.
type relation struct {
	ID, Status, Duration, AutoExtendDuration string
	Etag                                     string `json:"@odata.etag"`
}

// page is what tests read of a list.
type page struct {
	Count    *int   `json:"@odata.count"`
	NextLink string `json:"@odata.nextLink"`
	Value    []relation
}

const wish = `{"displayName":"NAME","duration":"P104W2D","customer":{"tenantId":"TENANT","displayName":"Fjällbageri"},
	"accessDetails":{"unifiedRoles":[{"roleDefinitionId":"F2EF992C-3AFB-46B9-B7CF-A126EE74C451"},{"roleDefinitionId":"f023fd81-a637-4b56-95fd-791ac0226033"}]},
	"autoExtendDuration":"P","status":"created"}`

// draft asks for a relationship with the bakery.
func (w *world) draft(name string) relation {
	w.t.Helper()
	var r relation
	body := strings.NewReplacer("NAME", name, "TENANT", string(w.bakery)).Replace(wish)
	w.send("direct", http.MethodPost, "/beta/tenantRelationships/delegatedAdminRelationships", body).want(201).into(&r)
	return r
}

// approved is a relationship that the bakery has approved.
func (w *world) approved(name string) relation {
	w.t.Helper()
	r := w.draft(name)
	w.send("direct", http.MethodPost, "/v1.0/tenantRelationships/delegatedAdminRelationships/"+r.ID+"/requests", `{"action":"lockForApproval"}`, "If-Match", r.Etag).want(201)
	if _, err := gdap.OwnApprove.Do(w.t.Context(), w.kernel, admin(w.bakery), gdap.Decision{Relationship: r.ID}); err != nil {
		w.t.Fatal(err)
	}
	w.get("/v1.0/tenantRelationships/delegatedAdminRelationships/" + r.ID).want(200).into(&r)
	return r
}

func (w *world) runDue() {
	w.t.Helper()
	if _, err := job.NewWorkers(w.kernel, 1).RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// group adds a security group to direct.
func (w *world) group(name string) string {
	w.t.Helper()
	g, err := identity.AddGroup.Do(w.t.Context(), w.kernel, w.actors["direct"], identity.NewGroup{Name: name})
	if err != nil {
		w.t.Fatal(err)
	}
	return string(g.ID)
}

func (w *world) set(name, value string) {
	w.t.Helper()
	if err := w.kernel.UpdateSetting(w.t.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: name, Value: value}); err != nil {
		w.t.Fatal(err)
	}
}
