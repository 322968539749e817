package v1

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

func TestRefusalsAreToldInTheShapesOfTheContract(t *testing.T) { // section 7.1, Q26
	h := newHouse(t)
	missing, city := refusal.Required.On("billingProfile.email"), refusal.Property.On("billingProfile.defaultAddress.city")
	tests := []struct {
		name   string
		route  route.Route
		err    error
		status int
		want   string
	}{
		{"A", route.Route{}, fmt.Errorf("get: %w", refusal.NotFound), 404, `{"code":"1000","description":"What you asked for does not exist, or you have no access to it. Check the address or the ID.","data":[],"source":"PartnerFD"}`},
		{"several members", route.Route{}, fault.List{missing, city, refusal.RF44}, 400, `{"code":"27002","description":"A required value is missing: billingProfile.email. Enter it and try again.","data":["billingProfile.email:  A required value is missing: billingProfile.email. Enter it and try again.","billingProfile.defaultAddress.city:  A value is not possible here: billingProfile.defaultAddress.city. Correct it and try again.","The name or email address breaks a rule for customer data. Correct it and try again."],"source":"PartnerFD"}`},
		{"B", route.Route{}, refusal.RF12.On("companyProfile.organizationRegistrationNumber"), 400, `{"code":600049,"message":"A registration ID is required in this country or region. Enter the registration ID of the customer.","description":"A registration ID is required in this country or region. Enter the registration ID of the customer.","errorName":"OrganizationRegistrationNumberRequired","isRetryable":false,"parameters":{"companyProfile.organizationRegistrationNumber":"A registration ID is required in this country or region. Enter the registration ID of the customer."},"errorMessageExtended":"InternalErrorCode=600049","data":["companyProfile.organizationRegistrationNumber:  A registration ID is required in this country or region. Enter the registration ID of the customer."],"source":"PartnerFD"}`},
		{"commerce", route.Route{NumberCodes: true}, refusal.RF16, 403, `{"code":800074,"description":"The customer’s account is not approved, so its subscriptions cannot be changed or canceled. Renewals go on as planned. Try again once the account is approved.","data":[],"source":"PartnerFD"}`},
		{"not commerce", route.Route{}, refusal.RF16, 403, `{"code":"800074","description":"The customer’s account is not approved, so its subscriptions cannot be changed or canceled. Renewals go on as planned. Try again once the account is approved.","data":[],"source":"PartnerFD"}`},
		{"our own mistake", route.Route{}, errors.New("secret of the house"), 500, `{"code":"800003","description":"Something went wrong on our side, and nothing was changed. Try again in a few minutes. If it happens again, contact support and give the correlation ID.","data":[],"source":"PartnerFD"}`},
		{"too slow", route.Route{}, context.DeadlineExceeded, 503, `{"code":"900192","description":"The service cannot answer right now. Try again in a few seconds.","data":[],"source":"PartnerFD"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := h.fail(t, tt.route, tt.err)
			if w.Code != tt.status || w.Body.String() != tt.want {
				t.Errorf("got %d\n%s\nwant %d\n%s", w.Code, w.Body, tt.status, tt.want)
			}
		})
	}
	if !strings.Contains(h.log.String(), "secret of the house") {
		t.Error("our own mistake is not in the log")
	}
}

func TestEveryKindOfRefusalHasItsStatus(t *testing.T) {
	h := newHouse(t)
	want := map[fault.Kind]int{
		fault.Internal: 500, fault.Invalid: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404,
		fault.Conflict: 409, fault.Stale: 412, fault.TooLarge: 413, fault.TooMany: 429, fault.Unavailable: 503,
	}
	for kind, status := range want {
		w := h.fail(t, route.Route{}, fault.New(kind, "1", "refusal.not_found"))
		if w.Code != status {
			t.Errorf("%v: %d, want %d", kind, w.Code, status)
		}
		if retry := w.Header().Get("Retry-After") != ""; retry != (status == 429 || status == 503) {
			t.Errorf("%v: Retry-After %q", kind, w.Header().Get("Retry-After"))
		}
	}
}

func TestRefusalsSpeakTheCallersLanguage(t *testing.T) {
	h := newHouse(t)
	tests := []struct{ locale, accept, want string }{
		{"", "", "There is no such address"},
		{"fr-FR", "sv", "Cette adresse"},
		{"", "sv-SE,sv;q=0.9,en;q=0.1", "Den adressen finns inte"},
		{"de-DE", "", "There is no such address"},
	}
	for _, tt := range tests {
		w := h.do("GET", "/v1/nothing", map[string]string{"X-Locale": tt.locale, "Accept-Language": tt.accept})
		if !strings.Contains(w.Body.String(), tt.want) || w.Code != 404 {
			t.Errorf("%q %q: %d %s", tt.locale, tt.accept, w.Code, w.Body)
		}
	}
}

func TestUnknownRoutesAndWrongMethodsAnswerJSON(t *testing.T) { // section 1, rule 9
	h := newHouse(t)
	if w := h.do("GET", "/v1/nothing", nil); w.Code != 404 || code(t, w) != `"1000"` {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	w := h.do("DELETE", thing, nil)
	if w.Code != 405 || code(t, w) != `"900141"` || w.Header().Get("Allow") != "GET, HEAD, PUT" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	if w := h.do("HEAD", thing, nil); w.Code != 404 || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d %q", w.Code, w.Body)
	}
	if !h.Owns("/v1/x") || h.Owns("/portal") {
		t.Error("the API does not know its own paths")
	}
}

func TestAPanicIsAnsweredAndLogged(t *testing.T) {
	h := newHouse(t)
	w := h.do("GET", "/v1/panic", map[string]string{"MS-CorrelationId": "0b5e2f6e-bbbb-4000-8000-00000000000b"})
	if w.Code != 500 || code(t, w) != `"800003"` || strings.Contains(w.Body.String(), "lost") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, want := range []string{"lost", "0b5e2f6e-bbbb-4000-8000-00000000000b", "GET /v1/panic"} {
		if !strings.Contains(h.log.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if w := h.do("GET", "/v1/unencodable", nil); w.Code != 500 {
		t.Errorf("an answer that cannot be encoded: %d", w.Code)
	}
}

func TestTheEffectiveEtag(t *testing.T) { // section 6, RF-18, Q15, Q16
	h := newHouse(t)
	tests := []struct {
		name, header, body string
		status             int
		code               string
	}{
		{"none: last write wins", "", `{}`, 200, ""},
		{"header", `"7"`, `{}`, 200, ""},
		{"header, weak", `W/"7"`, `{}`, 200, ""},
		{"Q16 header, raw", `7`, `{}`, 200, ""},
		{"any", `*`, `{"attributes":{"etag":"6"}}`, 200, ""},
		{"header beats body", `"7"`, `{"attributes":{"etag":"6"}}`, 200, ""},
		{"Q15 body", "", `{"Attributes":{"Etag":"7"}}`, 200, ""},
		{"Q15 body with quotes", "", `{"attributes":{"etag":"\"7\""}}`, 200, ""},
		{"body, a number", "", `{"attributes":{"etag":7}}`, 200, ""},
		{"stale header", `"6"`, `{"attributes":{"etag":"7"}}`, 412, `"2055"`},
		{"stale body", "", `{"attributes":{"etag":"6"}}`, 400, `"2055"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := h.do("PUT", thing, map[string]string{"If-Match": tt.header}, tt.body)
			if w.Code != tt.status {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if tt.code != "" && code(t, w) != tt.code {
				t.Error(w.Body)
			}
		})
	}
}

func TestBadRequestsAreRefusedNotServed(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		name, method, target, contentType, body string
		status                                  int
		code                                    string
	}{
		{"no GUID", "GET", "/v1/things/nord.example", "", "", 400, `"2000"`},
		{"SQL as id", "GET", "/v1/things/1'%20OR%20'1'='1", "", "", 400, `"2000"`},
		{"NUL in the path", "GET", "/v1/name/a%00b", "", "", 400, `"2000"`},
		{"line feed in the path", "GET", "/v1/name/a%0ab", "", "", 400, `"2000"`},
		{"no UTF-8 in the path", "GET", "/v1/name/%ff", "", "", 400, `"2000"`},
		{"blank name", "GET", "/v1/name/%20", "", "", 400, `"2000"`},
		{"NUL in the query", "GET", "/v1/open?q=%00", "", "", 400, `"2000"`},
		{"no body", "PUT", thing, "application/json", "", 400, `"800002"`},
		{"truncated", "PUT", thing, "application/json", `{"attr`, 400, `"800002"`},
		{"form", "PUT", thing, "application/x-www-form-urlencoded", `a=b`, 415, `"800002"`},
		{"wrong type of member", "PUT", thing, "", `{"attributes":{"etag":[]}}`, 400, `"27002"`},
		{"too large", "PUT", thing, "", `{"a":"` + strings.Repeat("x", wire.MaxBody) + `"}`, 413, `"800002"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := h.do(tt.method, tt.target, map[string]string{"Content-Type": tt.contentType}, tt.body)
			if w.Code != tt.status || code(t, w) != tt.code {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	w := h.do("PUT", thing, nil, `{"attributes":,}`)
	if !strings.Contains(w.Body.String(), "details:  invalid character ',' looking for beginning of value at byte 15") {
		t.Errorf("the caller does not learn where: %s", w.Body)
	}
}

// A client that writes its whole body before it reads still sees the refusal.
func TestAClientThatSendsTooMuchSeesTheRefusal(t *testing.T) {
	h := newHouse(t)
	server := httptest.NewServer(h)
	defer server.Close()
	for _, expect := range []string{"", "100-continue"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL+thing, strings.NewReader(`{"name":"`+strings.Repeat("x", 10<<20)+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer user")
		if expect != "" {
			r.Header.Set("Expect", expect)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusRequestEntityTooLarge || err != nil || !strings.Contains(string(body), "1 MiB") {
			t.Errorf("%d %s %v", res.StatusCode, body, err)
		}
	}
}
