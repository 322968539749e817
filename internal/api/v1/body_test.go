package v1

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/lang"
	"comptoir/internal/origin"
)

// Rule CN11 and its like: what nobody can print is refused where it stands,
// before anything is kept, with the sentence that the rules have for it.
func TestWhatCannotBePrintedIsRefusedWhereItStands(t *testing.T) {
	w := newWorld(t)
	p := lang.For("en")
	tests := []struct{ name, member, bad, field, sentence string }{
		{"CN11 half of a surrogate pair", "companyName", `\ud800`, "billingProfile.companyName", p.T("naming.cn11")},
		{"CN11 NUL", "companyName", `\u0000`, "billingProfile.companyName", p.T("naming.cn11")},
		{"CN11 the character that stands for a lost one", "companyName", "\ufffd", "billingProfile.companyName", p.T("naming.cn11")},
		{"CN11 a line break", "companyName", `\n`, "billingProfile.companyName", p.T("naming.cn11")},
		{"CN11 no UTF-8", "companyName", "\xf6", "billingProfile.companyName", p.T("naming.cn11")},
		{"a contact", "firstName", `\u0007`, "billingProfile.defaultAddress.firstName", p.T("naming.unprintable")},
		{"an address", "city", `\udfff`, "billingProfile.defaultAddress.city", p.T("place.unprintable")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			member := `"` + tt.member + `":"`
			body := strings.Replace(fjallbageri, member, member+"Fo"+tt.bad+"o ", 1)
			got := w.send(request{as: "direct", method: http.MethodPost, target: "/v1/customers", body: body})
			var refused struct{ Data []string }
			if err := json.Unmarshal(got.Body.Bytes(), &refused); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]string{tt.field + ":  " + tt.sentence}, refused.Data); got.Code != 400 || d != "" {
				t.Errorf("%d %s\n%s", got.Code, got.Body, d)
			}
		})
	}
	if list := w.get("direct", "/v1/customers").Body.String(); strings.Contains(list, "Fo") {
		t.Errorf("a customer was made: %s", list)
	}
}

func TestBodiesOfAnotherShapeAreToldWhatIsWrongWhere(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name, contentType, body string
		status                  int
		says                    string
	}{
		{"an array", "application/json", `[]`, 400, "The body must be a JSON object, but it is a JSON array."},
		{"a string", "application/json", `"x"`, 400, "The body must be a JSON object, but it is a string."},
		{"a number", "application/json", `1`, 400, "The body must be a JSON object, but it is a number."},
		{"nothing", "application/json", ``, 400, "The request has no body. Send JSON with Content-Type: application/json."},
		{"an array within", "", `{"billingProfile":{"defaultAddress":["x"]}}`, 400, "billingProfile.defaultAddress must be a JSON object, but it is a JSON array."},
		{"an object for text", "", `{"companyProfile":{"domain":{}}}`, 400, "companyProfile.domain must be a string, but it is a JSON object."},
		{"words for a boolean", "", `{"enableGDAPByDefault":"perhaps"}`, 400, "enableGDAPByDefault must be true or false, but it is another string."},
		{
			"a form", "application/x-www-form-urlencoded", `a=b`, 415,
			"The content type of the request (Content-Type: application/x-www-form-urlencoded) is not JSON, and neither is its body. Send JSON with Content-Type: application/json.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			got := w.send(request{
				as: "direct", method: http.MethodPost, target: "/v1/customers", body: tt.body,
				headers: map[string]string{"Content-Type": tt.contentType},
			})
			var refused wire.Fault
			if err := json.Unmarshal(got.Body.Bytes(), &refused); err != nil {
				t.Fatal(err)
			}
			if got.Code != tt.status || refused.Description != tt.says {
				t.Errorf("%d %s", got.Code, got.Body)
			}
		})
	}
}

// A plain string of a request would let through what Text refuses.
func TestTextOfRequestsIsCheckedWhileItIsRead(t *testing.T) {
	a := New(newHouse(t).kernel, origin.Origin{}, nil)
	var look func(at string, of reflect.Type)
	look = func(at string, of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			look(at, of.Elem())
		case reflect.Struct:
			if of.PkgPath() != reflect.TypeFor[wire.Text]().PkgPath() && of.Name() != "" {
				return // a time
			}
			for i := range of.NumField() {
				look(at+"."+of.Field(i).Name, of.Field(i).Type)
			}
		case reflect.String:
			if of != reflect.TypeFor[wire.Text]() {
				t.Errorf("%s is a %s, not wire.Text", at, of)
			}
		}
	}
	looked := 0
	for _, rt := range a.Routes() {
		if rt.Takes != nil {
			look(rt.Pattern()+" "+rt.Takes.Name(), rt.Takes)
			looked++
		}
	}
	if looked < 4 {
		t.Errorf("only %d routes take a body", looked)
	}
}
