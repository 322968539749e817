package gallery_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/gallery"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// serve runs the gallery with its assets and returns its address.
func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(asset.Root, asset.Handler())
	mux.Handle(gallery.Root+"/", gallery.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}
