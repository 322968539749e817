// Package origin tells how a request came here: through which public address,
// with or without TLS, and from whom. What a request claims in X-Forwarded
// headers is believed only when it comes from a proxy that the operator trusts.
package origin

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Origin knows the public address and the trusted proxies of an installation.
type Origin struct {
	// PublicURL is how callers reach the server, without a trailing slash; empty
	// takes it from each request.
	PublicURL string
	// Proxies may say for whom they forward.
	Proxies []netip.Prefix
}

// Base returns the address through which r came, scheme and host without a
// trailing slash: "https://partner.example".
func (o Origin) Base(r *http.Request) string {
	if o.PublicURL != "" {
		return strings.TrimRight(o.PublicURL, "/")
	}
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if o.forwarded(r) {
		switch first(r.Header.Get("X-Forwarded-Proto")) {
		case "https":
			scheme = "https"
		case "http":
			scheme = "http"
		}
		if h := first(r.Header.Get("X-Forwarded-Host")); validHost(h) {
			host = h
		}
	}
	if !validHost(host) {
		host = "localhost"
	}
	return scheme + "://" + host
}

// Host returns the host of Base, with its port if it names one.
func (o Origin) Host(r *http.Request) string {
	_, host, _ := strings.Cut(o.Base(r), "://")
	return host
}

// Secure reports whether the caller came through TLS, be it behind a proxy.
func (o Origin) Secure(r *http.Request) bool { return strings.HasPrefix(o.Base(r), "https://") }

// Address returns the network address of the caller: the peer's, or, when the
// peer is a trusted proxy, the last address in X-Forwarded-For that is not one.
func (o Origin) Address(r *http.Request) string {
	peer := peerOf(r)
	if !o.trusts(peer) {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer // the chain is broken here; what stands before it proves nothing
		}
		if peer = hop.Unmap().String(); !o.trusts(peer) {
			return peer
		}
	}
	return peer
}

// forwarded reports whether r comes from a trusted proxy.
func (o Origin) forwarded(r *http.Request) bool { return len(o.Proxies) > 0 && o.trusts(peerOf(r)) }

func (o Origin) trusts(address string) bool {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	for _, p := range o.Proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// peerOf returns the address at the other end of the connection.
func peerOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().WithZone("").String()
	}
	return host
}

// first returns the first of several values, as each proxy adds one behind.
func first(list string) string {
	value, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(value)
}

// validHost reports whether host can stand in an address without changing it.
func validHost(host string) bool {
	if host == "" || len(host) > 300 || strings.ContainsAny(host, "/\\?#@ \t\r\n\"'<>%") {
		return false
	}
	u, err := url.Parse("http://" + host)
	return err == nil && u.Host == host && u.Hostname() != ""
}
