package v1

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/api/v1/wire"
)

// Section 9.6.
func TestARelationEndsByPatch(t *testing.T) {
	w := newWorld(t)
	patch := func(as, id, body string) answerTo {
		t.Helper()
		return w.send(request{as: as, method: http.MethodPatch, target: "/v1/customers/" + id, body: body})
	}
	whole := func(added wire.Customer) string {
		var v map[string]any
		if err := json.Unmarshal(w.get("direct", "/v1/customers/"+added.ID).Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		v["RelationshipToPartner"] = 5
		delete(v, "relationshipToPartner")
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, body := range map[string]func(wire.Customer) string{
		"with the one member":                      func(wire.Customer) string { return `{"relationshipToPartner":"none"}` },
		"Q8 in PascalCase with nulls":              func(wire.Customer) string { return `{"Id":null,"RelationshipToPartner":"None","CustomDomains":null}` },
		"Q12 with the whole object and an ordinal": whole,
	} {
		added := w.add("direct", newBody("Nordglas AB", fmt.Sprintf("nordglas%d", len(name))))
		patch("direct", added.ID, body(added)).want(200)
		if got := w.get("direct", "/v1/customers/"+added.ID); got.Code != 404 && got.Code != 403 {
			t.Errorf("%s: it is still there: %d", name, got.Code)
		}
		if list := w.get("direct", "/v1/customers").Body.String(); strings.Contains(list, added.ID) {
			t.Errorf("%s: the list still has it", name)
		}
	}
}

func TestWhatAPatchCannotDoIsRefused(t *testing.T) {
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	for _, tt := range []struct {
		name, as, id, body string
		status             int
		code               string
	}{
		{"delegated administration is the customer's to allow", "direct", added.ID, `{"allowDelegatedAccess":true}`, 400, "900141"},
		{"nothing to change", "direct", added.ID, `{"companyProfile":{"companyName":"Other AB"}}`, 400, "900141"},
		{"another relation", "direct", added.ID, `{"relationshipToPartner":"advisor"}`, 400, "900141"},
		{"a list", "direct", added.ID, `[]`, 400, "800002"},
		{"no id", "direct", "x", `{"relationshipToPartner":"none"}`, 400, "2000"},
		{"a stranger's customer", "provider", added.ID, `{"relationshipToPartner":"none"}`, 0, ""},
	} {
		got := w.send(request{as: tt.as, method: http.MethodPatch, target: "/v1/customers/" + tt.id, body: tt.body})
		if tt.code == "" {
			if got.Code != 403 && got.Code != 404 {
				t.Errorf("%s: %d %s", tt.name, got.Code, got.Body)
			}
			continue
		}
		if got.Code != tt.status || !strings.Contains(got.Body.String(), `"code":"`+tt.code+`"`) {
			t.Errorf("%s: %d %s", tt.name, got.Code, got.Body)
		}
	}
	w.get("direct", "/v1/customers/"+added.ID).want(200)
}
