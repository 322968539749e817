package gallery_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"comptoir/internal/portal/asset"
)

type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// weigh returns how many bytes url costs, compressed.
func weigh(t *testing.T, url string, compress bool) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var n counter
	var out io.WriteCloser = nopCloser{&n}
	if compress {
		out = gzip.NewWriter(&n)
	}
	if _, err := io.Copy(out, response.Body); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return int(n)
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// The page of customers, 50 rows of seven columns with identifiers in every
// link: 12 kB when the assets are known, 60 kB on the first visit.
func TestAListOfFiftyRowsStaysLight(t *testing.T) {
	server := serve(t)
	page := weigh(t, server+"/gallery/list?lang=fr&cols=name,domain,id,relation,status,tags,subscriptions,created", true)
	first := page
	for _, name := range []string{asset.Style, asset.HTMX, asset.Script, asset.Icons, asset.Mark} {
		first += weigh(t, server+asset.URL(name), false)
	}
	t.Logf("page %d bytes, first visit %d bytes", page, first)
	if page > 12<<10 {
		t.Errorf("the page weighs %d bytes, want 12 kB at most", page)
	}
	if first > 60<<10 {
		t.Errorf("the first visit weighs %d bytes, want 60 kB at most", first)
	}
}
