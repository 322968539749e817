package v1

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// hostile are values that nobody means well with, or that trip careless programs.
var hostile = []any{
	`'; DROP TABLE customers; --`, `" OR ""="`, `<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `{{.Secret}}`, `%s%n%d`, `../../etc/passwd`,
	"\u202etxt.exe", "\ufeff", "🧁", "\\", "\"", "a\tb", "a\nb", strings.Repeat("x", 5000), "", "   ", "null", "0", "-1",
	nil, true, 1e308,
	[]any{},
	map[string]any{"$ne": 1},
	[]any{map[string]any{}},
}

// leaves calls f for every way to put value in place of one member of v.
func leaves(v map[string]any, value any, f func()) {
	for name, member := range v {
		if below, ok := member.(map[string]any); ok {
			leaves(below, value, f)
		}
		v[name] = value
		f()
		v[name] = member
	}
}

// Whatever stands in whichever member, the answer is a refusal or a success, as
// described, and never a failure of ours.
func TestHostileValuesInEveryMember(t *testing.T) {
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	profile := w.get("direct", "/v1/customers/"+added.ID+"/profiles/billing").Body.String()
	address := `{"country":"SE","city":"Lund","addressLine1":"Bredgatan 4","addressLine2":"x","state":"","region":"","postalCode":"222 21"}`
	tests := []struct{ method, target, body string }{
		{http.MethodPost, "/v1/customers", strings.Replace(fjallbageri, `{"companyProfile"`, `{"associatedPartnerId":null,"enableGDAPByDefault":null,"companyProfile"`, 1)},
		{http.MethodPut, "/v1/customers/" + added.ID + "/profiles/billing", profile},
		{http.MethodPost, "/v1/validations/address", address},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			w.t = t
			var body map[string]any
			if err := json.Unmarshal([]byte(tt.body), &body); err != nil {
				t.Fatal(err)
			}
			sent := 0
			for _, value := range hostile {
				leaves(body, value, func() {
					b, err := json.Marshal(body)
					if err != nil {
						t.Fatal(err)
					}
					sent++
					// The body names its own domain each time, so that one success
					// does not hide what the next would have met.
					text := strings.Replace(string(b), "Fjallbageri.", fmt.Sprintf("hostile%d.", sent), 1)
					got := w.send(request{as: "direct", method: tt.method, target: tt.target, body: text})
					if got.Code >= 500 || got.Code == 405 {
						t.Errorf("%d for %s: %s", got.Code, text, got.Body)
					}
				})
			}
			if sent < 10*len(hostile)/2 {
				t.Errorf("only %d bodies were sent", sent)
			}
		})
	}
}

func TestHostileValuesInPathsAndQueries(t *testing.T) {
	w := newWorld(t)
	w.add("direct", fjallbageri)
	values := append([]any{"%00", "%ff%fe", "%0d%0aSet-Cookie:%20a=b", "..%2f..%2f", strings.Repeat("a", 4000), "%", "%zz", ";", "+"}, hostile...)
	for _, target := range []string{
		"/v1/customers/%s", "/v1/customers/%s/profiles/billing", "/v1/customers/%s/validationStatus?type=account", "/v1/countryvalidationrules/%s",
		"/v1/validations/checkdomainavailability/%s", "/v1/customers?filter=%s", "/v1/customers?size=%s", "/v1/customers?seekOperation=%s",
		"/v1/customers?offset=%s", "/v1/relationships?relationship_type=%s", "/v1/customers?%s", "/v1/relationships?relationship_type=1&filter=%s",
	} {
		for _, value := range values {
			text, ok := value.(string)
			if !ok {
				continue
			}
			if !strings.HasPrefix(text, "%") || strings.Contains(text, "%s") {
				text = url.PathEscape(text)
			}
			u := fmt.Sprintf(target, text)
			if _, err := url.ParseRequestURI(u); err != nil {
				continue // net/http refuses it before us
			}
			got := w.send(request{as: "direct", method: http.MethodGet, target: u})
			if got.Code >= 500 {
				t.Errorf("%d for %s: %s", got.Code, u, got.Body)
			}
			if got.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s sets a header", u)
			}
		}
	}
}

func TestHostileHeaders(t *testing.T) {
	w := newWorld(t)
	for _, header := range []string{
		"MS-RequestId", "MS-CorrelationId", "MS-ContinuationToken", "If-Match", "X-Locale", "Accept-Language", "Accept-Encoding", "ValidateMfa",
		"MS-PartnerCenter-Application", "MS-SdkVersion", "Content-Type", "Expect",
	} {
		for _, value := range hostile {
			text, ok := value.(string)
			if !ok {
				continue
			}
			got := w.send(request{as: "direct", method: http.MethodGet, target: "/v1/customers", headers: map[string]string{header: text}})
			if got.Code != 200 && got.Code != 400 {
				t.Errorf("%s: %q gives %d %s", header, text, got.Code, got.Body)
			}
		}
	}
}
