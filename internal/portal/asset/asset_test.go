package asset_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"comptoir/internal/portal/asset"
)

func get(t *testing.T, url string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	asset.Handler().ServeHTTP(w, r)
	return w
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAssetsAreServedCompressedAndKeptForEver(t *testing.T) {
	plain := body(t, get(t, asset.URL(asset.Style)).Body)
	for _, c := range []struct {
		accept, encoding string
		unpack           func(io.Reader) (io.Reader, error)
	}{
		{"gzip, deflate, br", "gzip", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{"gzip", "gzip", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{"identity, gzip;q=0.5", "gzip", func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{"br, gzip;q=0", "", func(r io.Reader) (io.Reader, error) { return r, nil }},
	} {
		response := get(t, asset.URL(asset.Style), "Accept-Encoding", c.accept)
		if got := response.Header().Get("Content-Encoding"); got != c.encoding {
			t.Errorf("%q is answered in %q, want %q", c.accept, got, c.encoding)
			continue
		}
		unpacked, err := c.unpack(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body(t, unpacked) != plain {
			t.Errorf("%q unpacks to something else", c.accept)
		}
		for name, want := range map[string]string{
			"Cache-Control": "public, max-age=31536000, immutable", "Content-Type": "text/css; charset=utf-8",
			"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff",
		} {
			if got := response.Header().Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		again := get(t, asset.URL(asset.Style), "Accept-Encoding", c.accept, "If-None-Match", response.Header().Get("ETag"))
		if again.Code != http.StatusNotModified {
			t.Errorf("a known ETag is answered with %d", again.Code)
		}
	}
}

func TestAnOldAddressGetsTheCurrentContentUnkept(t *testing.T) {
	old := regexp.MustCompile(`\.[0-9a-f]{10}\.`).ReplaceAllString(asset.URL(asset.Script), ".0000000000.")
	for _, url := range []string{old, asset.Root + asset.Script} {
		response := get(t, url)
		if response.Code != http.StatusOK || response.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d, %s", url, response.Code, response.Header().Get("Cache-Control"))
		}
	}
	if got := get(t, asset.Root+"css/base.css").Code; got != http.StatusNotFound {
		t.Errorf("a part of an asset is answered with %d", got)
	}
}

func TestOnlyReadingIsServed(t *testing.T) {
	w := httptest.NewRecorder()
	asset.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, asset.URL(asset.Icons), nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered with %d", w.Code)
	}
	w = httptest.NewRecorder()
	asset.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodHead, asset.URL(asset.Icons), nil))
	if w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD is answered with %d and %d bytes", w.Code, w.Body.Len())
	}
}

// size is what asset name weighs on the wire for a browser that takes gzip only.
func size(t *testing.T, name string) int {
	t.Helper()
	return len(body(t, get(t, asset.URL(name), "Accept-Encoding", "gzip").Body))
}

func TestAssetsStayLight(t *testing.T) {
	for _, c := range []struct {
		what  string
		names []string
		most  int
	}{
		{"styles", []string{asset.Style}, 14 << 10},
		{"scripts", []string{asset.HTMX, asset.Script}, 30 << 10},
		{"pictures", []string{asset.Icons, asset.Mark}, 12 << 10},
	} {
		sum := 0
		for _, name := range c.names {
			sum += size(t, name)
		}
		t.Logf("%s: %d bytes", c.what, sum)
		if sum > c.most {
			t.Errorf("%s weigh %d bytes gzipped, want %d at most", c.what, sum, c.most)
		}
	}
}

// The script must say what its source says once comments are dropped.
func TestCommentsDoNotReachTheReader(t *testing.T) {
	script := body(t, get(t, asset.URL(asset.Script)).Body)
	if strings.Contains(script, "\n//") || !strings.Contains(script, "openPane") {
		t.Error("the script carries comments, or lost its code")
	}
	if style := body(t, get(t, asset.URL(asset.Style)).Body); strings.Contains(style, "/*") {
		t.Error("the style sheet carries comments")
	}
}

func TestAStyleUsesOnlyColoursOfTheTheme(t *testing.T) {
	style := body(t, get(t, asset.URL(asset.Style)).Body)
	_, blocks, found := strings.Cut(style, "box-sizing")
	if !found {
		t.Fatal("the style sheet does not begin with the tokens")
	}
	if colours := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|rgba?\(`).FindAllString(blocks, -1); len(colours) > 0 {
		t.Errorf("colours that no theme can change: %v", colours)
	}
}
