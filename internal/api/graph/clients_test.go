package graph

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"comptoir/internal/gdap"
	"comptoir/internal/job"
	"comptoir/internal/origin"
)

// clientsDir is where clients of other people are, with their own tests.
const clientsDir = "../../../test"

// missing skips a test that needs what, or fails it when COMPTOIR_TEST_REQUIRE
// contains it.
func missing(t *testing.T, what, why string) {
	t.Helper()
	if strings.Contains(os.Getenv("COMPTOIR_TEST_REQUIRE"), what) {
		t.Fatalf("COMPTOIR_TEST_REQUIRE wants %s: %s", what, why)
	}
	t.Skip(why)
}

// serve has the installation answer over TLS, and beside it stand in for the customer
// and for the workers: POST /approve/{id} approves a request, POST /work does what is
// due. It returns what a client has to know.
func (w *world) serve() []string {
	w.t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", New(w.kernel, origin.Origin{}, w.api.authenticate))
	answer := func(rw http.ResponseWriter, err error) {
		if err != nil {
			http.Error(rw, err.Error(), http.StatusConflict)
			return
		}
		rw.WriteHeader(http.StatusNoContent)
	}
	mux.HandleFunc("POST /approve/{id}", func(rw http.ResponseWriter, r *http.Request) {
		_, err := gdap.OwnApprove.Do(r.Context(), w.kernel, admin(w.bakery), gdap.Decision{Relationship: r.PathValue("id")})
		answer(rw, err)
	})
	mux.HandleFunc("POST /work", func(rw http.ResponseWriter, r *http.Request) {
		_, err := job.NewWorkers(w.kernel, 1).RunDue(r.Context())
		answer(rw, err)
	})
	web := httptest.NewTLSServer(mux)
	w.t.Cleanup(web.Close)
	ca := filepath.Join(w.t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw}), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return append(os.Environ(),
		"NODE_EXTRA_CA_CERTS="+ca, "SSL_CERT_FILE="+ca, "COMPTOIR_ORIGIN="+web.URL, "COMPTOIR_TOKEN=direct", "COMPTOIR_CUSTOMER="+string(w.bakery),
		"COMPTOIR_GROUP="+w.group("Tekniker"))
}

// The Graph client for JavaScript works with nothing changed but the address.
func TestTheGraphClientForJavaScript(t *testing.T) {
	program, err := exec.LookPath("node")
	if err != nil {
		missing(t, "node", "node is not installed")
	}
	folder := filepath.Join(clientsDir, "clients")
	if _, err := os.Stat(filepath.Join(folder, "node_modules", "@microsoft")); err != nil {
		missing(t, "node", "the clients are not installed: run npm ci in test/clients")
	}
	cmd := exec.CommandContext(t.Context(), program, "--test", "graph.test.js") // the program that is installed
	cmd.Dir, cmd.Env = folder, newWorld(t).serve()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The Graph SDK for Go works with nothing changed but the address. Compiling it takes
// minutes and gigabytes, so that it is run only where COMPTOIR_TEST_REQUIRE wants it.
func TestTheGraphSDKForGo(t *testing.T) {
	if !strings.Contains(os.Getenv("COMPTOIR_TEST_REQUIRE"), "graphsdk") {
		t.Skip("COMPTOIR_TEST_REQUIRE does not contain graphsdk: compiling the SDK takes minutes and five gigabytes")
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "./...")
	cmd.Dir, cmd.Env = filepath.Join(clientsDir, "graphsdk"), newWorld(t).serve()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
