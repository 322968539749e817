package origin_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"comptoir/internal/origin"
)

func request(peer, host string, secure bool, headers map[string]string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://x/", nil)
	r.RemoteAddr, r.Host = peer, host
	if secure {
		r.TLS = new(tls.ConnectionState)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	return r
}

var proxied = origin.Origin{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}

func TestOnlyATrustedProxySaysHowARequestCame(t *testing.T) {
	claims := map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "partner.example", "X-Forwarded-For": "203.0.113.9"}
	tests := []struct {
		name    string
		o       origin.Origin
		r       *http.Request
		base    string
		address string
	}{
		{"plain", origin.Origin{}, request("192.0.2.1:5", "host:8080", false, nil), "http://host:8080", "192.0.2.1"},
		{"TLS", origin.Origin{}, request("192.0.2.1:5", "host", true, nil), "https://host", "192.0.2.1"},
		{"claims of nobody", origin.Origin{}, request("192.0.2.1:5", "host", false, claims), "http://host", "192.0.2.1"},
		{"claims of a stranger", proxied, request("192.0.2.1:5", "host", false, claims), "http://host", "192.0.2.1"},
		{"a proxy", proxied, request("10.1.2.3:5", "host", false, claims), "https://partner.example", "203.0.113.9"},
		{"a proxy, written as IPv6", proxied, request("[::ffff:10.1.2.3]:5", "host", false, claims), "https://partner.example", "203.0.113.9"},
		{"a proxy that says nothing", proxied, request("10.1.2.3:5", "host", false, nil), "http://host", "10.1.2.3"},
		{"a proxy behind a proxy", proxied, request("10.1.2.3:5", "host", false, map[string]string{
			"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.9.9.9", "X-Forwarded-Proto": "https, http",
		}), "https://host", "203.0.113.9"},
		{"only proxies", proxied, request("10.1.2.3:5", "host", false, map[string]string{"X-Forwarded-For": "10.9.9.9"}), "http://host", "10.9.9.9"},
		{"a broken chain", proxied, request("10.1.2.3:5", "host", false, map[string]string{"X-Forwarded-For": "6.6.6.6, nonsense"}), "http://host", "10.1.2.3"},
		{"nonsense from a proxy", proxied, request("10.1.2.3:5", "host", false, map[string]string{
			"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "evil/path",
		}), "http://host", "10.1.2.3"},
		{"a configured address", origin.Origin{PublicURL: "https://public.example/"}, request("192.0.2.1:5", "evil.example", false, claims), "https://public.example", "192.0.2.1"},
		{"a host that is no host", origin.Origin{}, request("192.0.2.1:5", "a\"b<script>", false, nil), "http://localhost", "192.0.2.1"},
		{"an IPv6 host", origin.Origin{}, request("[2001:db8::1]:5", "[2001:db8::2]:443", true, nil), "https://[2001:db8::2]:443", "2001:db8::1"},
	}
	for _, tt := range tests {
		if got := tt.o.Base(tt.r); got != tt.base {
			t.Errorf("%s: base %q, want %q", tt.name, got, tt.base)
		}
		if got := tt.o.Address(tt.r); got != tt.address {
			t.Errorf("%s: address %q, want %q", tt.name, got, tt.address)
		}
		if got := tt.o.Secure(tt.r); got != (tt.base[:5] == "https") {
			t.Errorf("%s: secure %v", tt.name, got)
		}
	}
	if h := proxied.Host(tests[4].r); h != "partner.example" {
		t.Errorf("host %q", h)
	}
}
