package wire_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

func TestRequestsBindWithoutCaseAndAcceptNullEverywhere(t *testing.T) {
	tests := map[string]string{
		"Q8 PascalCase with read-only members": `{"Id":null,"CommerceId":null,"CompanyProfile":{"TenantId":null,"Domain":"nord.onmicrosoft.com","CompanyName":null,"Links":null,"Attributes":{"ObjectType":"CustomerCompanyProfile"}},
			"BillingProfile":{"Id":null,"FirstName":null,"Email":"a@nord.example","CompanyName":"Nord","DefaultAddress":{"Country":"SE","AddressLine2":null,"PostalCode":22221},"Attributes":{"Etag":null}},
			"RelationshipToPartner":"unknown","AllowDelegatedAccess":null,"UserCredentials":null,"Links":{"Self":{"Headers":null}},"Attributes":{"ObjectType":"Customer"}}`,
		"camelCase": `{"companyProfile":{"domain":"nord.onmicrosoft.com"},"billingProfile":{"email":"a@nord.example","companyName":"Nord","defaultAddress":{"country":"SE","postalCode":"22221"}}}`,
		"Q9 mixed":  `{"CompanyProfile":{"domain":"nord.onmicrosoft.com"},"billingProfile":{"Email":"a@nord.example","companyname":"Nord","DEFAULTADDRESS":{"country":"SE","postalcode":"22221"}},"unknown":[{}]}`,
		"BOM":       "\xef\xbb\xbf" + `{"companyProfile":{"domain":"nord.onmicrosoft.com"},"billingProfile":{"email":"a@nord.example","companyName":"Nord","defaultAddress":{"country":"SE","postalCode":"22221"}}}` + "\r\n",
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			var c wire.CustomerRequest
			if err := wire.Decode([]byte(body), &c); err != nil {
				t.Fatal(err)
			}
			got := []string{
				c.CompanyProfile.Domain.String(), c.BillingProfile.Email.String(),
				c.BillingProfile.CompanyName.String(), c.BillingProfile.DefaultAddress.Country.String(),
				c.BillingProfile.DefaultAddress.PostalCode.String(),
			}
			if d := cmp.Diff([]string{"nord.onmicrosoft.com", "a@nord.example", "Nord", "SE", "22221"}, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestBadBodiesAreRefusedAndSayWhere(t *testing.T) {
	tests := map[string]struct {
		body, contentType string
		want              *fault.Error
		field             string
		says              *fault.Error // its arguments, where they matter
	}{
		"empty":              {"", "", wire.ErrEmpty, "", nil},
		"nothing but blanks": {" \r\n", "application/json", wire.ErrEmpty, "", nil},
		"truncated":          {`{"companyProfile":{"dom`, "application/json", refusal.Malformed, "", nil},
		"trailing data":      {`{} {}`, "", refusal.Malformed, "", nil},
		"trailing comma":     {`{"billingProfile":{},}`, "", refusal.Malformed, "", nil},
		"raw control":        {"{\"companyProfile\":{\"domain\":\"a\x00b\"}}", "", refusal.Malformed, "", nil},
		"array":              {`[]`, "", wire.ErrBodyShape, "", wire.ErrBodyShape.With("Wanted", fault.Keys{"api.shape.object"}).With("Given", fault.Keys{"api.shape.array"})},
		"escaped NUL":        {`{"companyProfile":{"domain":"a\u0000b"}}`, "", wire.ErrUnprintable, "companyProfile.domain", nil},
		"escaped escape":     {`{"companyProfile":{"domain":"a\\\u001fb"}}`, "", wire.ErrUnprintable, "companyProfile.domain", nil},
		"backspace":          {`{"CompanyProfile":{"Domain":"a\b"}}`, "", wire.ErrUnprintable, "companyProfile.domain", nil},
		"delete":             {`{"companyProfile":{"domain":"a\u007F"}}`, "", wire.ErrUnprintable, "companyProfile.domain", nil},
		"half of a pair":     {`{"billingProfile":{"companyName":"Foo \ud800 SAS"}}`, "", wire.ErrUnprintable, "billingProfile.companyName", nil},
		"U+FFFD":             {"{\"billingProfile\":{\"defaultAddress\":{\"city\":\"Malm\ufffd\"}}}", "", wire.ErrUnprintable, "billingProfile.defaultAddress.city", nil},
		"no UTF-8":           {"{\"billingProfile\":{\"defaultAddress\":{\"city\":\"Malm\xf6\"}}}", "", wire.ErrUnprintable, "billingProfile.defaultAddress.city", nil},
		"form":               {"grant_type=x", "application/x-www-form-urlencoded", wire.ErrMediaType, "", wire.ErrMediaType.With("Type", "application/x-www-form-urlencoded")},
		"nonsense type":      {"<a/>", ";;", wire.ErrMediaType, "", nil},
		"object for text":    {`{"billingProfile":{"email":{"a":1}}}`, "", wire.ErrShape, "billingProfile.email", wire.ErrShape.With("Wanted", fault.Keys{"api.shape.text"}).With("Given", fault.Keys{"api.shape.object"})},
		"text for object":    {`{"BillingProfile":"x"}`, "", wire.ErrShape, "billingProfile", wire.ErrShape.With("Wanted", fault.Keys{"api.shape.object"}).With("Given", fault.Keys{"api.shape.text"})},
		"number for object":  {`{"BillingProfile":3}`, "", wire.ErrShape, "billingProfile", wire.ErrShape.With("Wanted", fault.Keys{"api.shape.object"}).With("Given", fault.Keys{"api.shape.any_number"})},
		"text for a boolean": {`{"enableGDAPByDefault":"perhaps"}`, "", wire.ErrShape, "enableGDAPByDefault", wire.ErrShape.With("Wanted", fault.Keys{"api.shape.boolean"}).With("Given", fault.Keys{"api.shape.other_text"})},
		"too large":          {`{"companyProfile":{"companyName":"` + strings.Repeat("x", 10<<20) + `"}}`, "", refusal.TooLarge, "", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/v1/customers", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", tt.contentType)
			err := wire.DecodeBody(r, new(wire.CustomerRequest))
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			if got := fault.All(err)[0].Field; got != tt.field {
				t.Errorf("on field %q, want %q", got, tt.field)
			}
			if tt.says != nil {
				if d := cmp.Diff(tt.says.Args, fault.All(err)[0].Args); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

func TestAWrongContentTypeDoesNotMatterWhenTheBodyIsJSON(t *testing.T) {
	for _, contentType := range []string{"", "application/json; charset=utf-8", "text/xml", "application/vnd.x+json", "%%"} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"companyProfile":{"domain":"line\nand \\u0000 text"}}`))
		r.Header.Set("Content-Type", contentType)
		var c wire.CustomerRequest
		if err := wire.DecodeBody(r, &c); err != nil || c.CompanyProfile.Domain != "line\nand \\u0000 text" {
			t.Errorf("%q: %v, %q", contentType, err, c.CompanyProfile.Domain)
		}
	}
}

func TestScalarsAreReadFromWhatClientsSend(t *testing.T) {
	var v struct {
		Text wire.Text
		Int  wire.Int
		Bool wire.Bool
		Time wire.Time
	}
	tests := []struct {
		name, body, want string
		refused          bool
	}{
		{name: "exact", body: `{"text":"a","int":3,"bool":true,"time":"2026-03-04T05:06:07Z"}`, want: `a 3 true 2026-03-04T05:06:07Z`},
		{name: "crossed", body: `{"text":46123,"int":"3","bool":"True","time":"2026-03-04"}`, want: `46123 3 true 2026-03-04T00:00:00Z`},
		{name: "floats", body: `{"text":1.5,"int":3.0,"bool":1,"time":"3/4/2026 5:06:07 AM"}`, want: `1.5 3 true 2026-03-04T05:06:07Z`},
		{name: "null", body: `{"text":null,"int":null,"bool":null,"time":null}`, want: ` 0 false 0001-01-01T00:00:00Z`},
		{name: "empty", body: `{"text":"","int":"","bool":"","time":""}`, want: ` 0 false 0001-01-01T00:00:00Z`},
		{name: "not set", body: `{"time":"0001-01-01T00:00:00"}`, want: ` 0 false 0001-01-01T00:00:00Z`},
		{name: "text from object", body: `{"text":{}}`, refused: true},
		{name: "text from array", body: `{"text":[1]}`, refused: true},
		{name: "int from words", body: `{"int":"three"}`, refused: true},
		{name: "int with a fraction", body: `{"int":3.5}`, refused: true},
		{name: "int too large", body: `{"int":1e300}`, refused: true},
		{name: "int from array", body: `{"int":[]}`, refused: true},
		{name: "bool from words", body: `{"bool":"perhaps"}`, refused: true},
		{name: "bool from object", body: `{"bool":{}}`, refused: true},
		{name: "time from words", body: `{"time":"yesterday"}`, refused: true},
		{name: "time from object", body: `{"time":{}}`, refused: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v.Text, v.Int, v.Bool, v.Time = "", 0, false, wire.Time{}
			err := wire.Decode([]byte(tt.body), &v)
			if tt.refused {
				if !errors.Is(err, wire.ErrShape) {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join([]string{v.Text.String(), text(t, v.Int), text(t, v.Bool), strings.Trim(text(t, v.Time), `"`)}, " ")
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Section 4.4 and Q62.
func TestDatesAreReadInEveryFormAndWrittenInOne(t *testing.T) {
	tests := []struct{ in, out string }{
		{"2026-03-04T05:06:07.0589308Z", "2026-03-04T05:06:07.0589308Z"},
		{"2026-03-04T05:06:07.058930899Z", "2026-03-04T05:06:07.0589308Z"},
		{"2026-03-04T05:06:07.5000", "2026-03-04T05:06:07.5Z"},
		{"2026-03-04T05:06:07", "2026-03-04T05:06:07Z"},
		{"2026-03-04T05:06:07+02:00", "2026-03-04T03:06:07Z"},
		{"2026-03-04T05:06:07 02:00", "2026-03-04T03:06:07Z"},
		{"2026-03-04 05:06:07", "2026-03-04T05:06:07Z"},
		{"2026-03-04T05:06:07+0200", "2026-03-04T03:06:07Z"},
		{"2026-03-04", "2026-03-04T00:00:00Z"},
		{"6/1/2026 12:00:00 AM", "2026-06-01T00:00:00Z"},
		{"06/01/2026 14:05:06", "2026-06-01T14:05:06Z"},
		{"6/1/2026", "2026-06-01T00:00:00Z"},
		{"0001-01-01T00:00:00", "0001-01-01T00:00:00Z"},
	}
	for _, tt := range tests {
		got, ok := wire.ParseTime(tt.in)
		if s := strings.Trim(text(t, wire.Time{Time: got}), `"`); !ok || s != tt.out {
			t.Errorf("%q gives %q, want %q", tt.in, s, tt.out)
		}
	}
	for _, bad := range []string{"", "2026", "2026-13-01", "31/12/2026", "tomorrow"} {
		if got, ok := wire.ParseTime(bad); ok {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

func TestEveryWrittenDateIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		micros := rapid.Int64Range(-60e15, 250e15).Draw(t, "micros")
		want := time.UnixMicro(micros).UTC()
		b, err := json.Marshal(wire.Time{Time: want})
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(string(b), `0Z"`) && strings.Contains(string(b), ".") {
			t.Fatalf("trailing zeros in %s", b)
		}
		var got wire.Time
		if err := json.Unmarshal(b, &got); err != nil || !got.Equal(want) {
			t.Fatalf("%s is read back as %v: %v", b, got, err)
		}
	})
}

// Q11, Q12, Q13: every spelling in, the published one out.
func TestEnumsAreReadInEverySpellingAndAsOrdinals(t *testing.T) {
	tests := map[string]string{
		"reseller": "reseller", "Reseller": "reseller", "RESELLER": "reseller", "1": "reseller",
		"microsoft_support": "microsoftSupport", "MicrosoftSupport": "microsoftSupport", "4": "microsoftSupport",
		"none": "none", "5": "none", "6": "", "-1": "", "": "", "friend": "",
	}
	for in, want := range tests {
		got, ok := wire.RelationshipToPartner.Parse(in)
		if got != want || ok != (want != "") {
			t.Errorf("%q gives %q, %v", in, got, ok)
		}
	}
	if got := len(wire.RelationshipToPartner.Values()); got != 6 {
		t.Errorf("%d values", got)
	}
}

func TestAnswersLeaveOutWhatIsAbsentAndKeepArrays(t *testing.T) {
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"Q3 headers are an array", wire.GetLink("/customers/1"), `{"uri":"/customers/1","method":"GET","headers":[]}`},
		{"empty collection", wire.NewCollection[wire.Customer](nil), `{"totalCount":0,"items":[],"attributes":{"objectType":"Collection"}}`},
		{
			"reduced customer",
			wire.Customer{ID: "1", RelationshipToPartner: "reseller", CompanyProfile: &wire.CustomerCompanyProfile{TenantID: "1", Domain: "d", CompanyName: "n", Attributes: wire.Attributes{ObjectType: "CustomerCompanyProfile"}}, Attributes: wire.Attributes{ObjectType: "Customer"}},
			`{"id":"1","companyProfile":{"tenantId":"1","domain":"d","companyName":"n","attributes":{"objectType":"CustomerCompanyProfile"}},"relationshipToPartner":"reseller","attributes":{"objectType":"Customer"}}`,
		},
		{"Q26 fault", wire.Fault{Code: "2000", Description: "d", Data: []string{}, Source: "PartnerFD"}, `{"code":"2000","description":"d","data":[],"source":"PartnerFD"}`},
		{"Q25 throttled", wire.Throttled{StatusCode: 429, Message: "m"}, `{"statusCode":429,"message":"m"}`},
		{"unset time", wire.ValidationStatus{Type: "account", Status: "Allowed"}, `{"type":"account","status":"Allowed"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := text(t, tt.in); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Section 6: Q15, Q16.
func TestEtagsCompareWithoutTheirQuotes(t *testing.T) {
	for in, want := range map[string]string{
		`-4242`: "-4242", `"-4242"`: "-4242", `W/"-4242"`: "-4242", ` "\"` + `x" `: `\"` + `x`, `"`: `"`, ``: ``, `*`: `*`,
	} {
		if got := wire.EtagValue(in); got != want {
			t.Errorf("%s gives %s, want %s", in, got, want)
		}
	}
}
