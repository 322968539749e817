package oauth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// clientsDir is where clients of other people are, with their own tests.
const clientsDir = "../../test/clients"

// node skips the test where Node or the clients are not installed, unless
// COMPTOIR_TEST_REQUIRE contains "node".
func node(t *testing.T) string {
	t.Helper()
	missing := func(why string) {
		if strings.Contains(os.Getenv("COMPTOIR_TEST_REQUIRE"), "node") {
			t.Fatalf("COMPTOIR_TEST_REQUIRE wants node: %s", why)
		}
		t.Skip(why)
	}
	program, err := exec.LookPath("node")
	if err != nil {
		missing("node is not installed")
	}
	if _, err := os.Stat(filepath.Join(clientsDir, "node_modules")); err != nil {
		missing("the clients are not installed: run npm ci in test/clients")
	}
	return program
}

func TestMSALForNode(t *testing.T) {
	program := node(t)
	w := newRealWorld(t)
	key := must(rsa.GenerateKey(rand.Reader, 2048))(w)
	c := newCertificate(w, key, &key.PublicKey)
	w.certify(w.robot, c)
	keyDER := must(x509.MarshalPKCS8PrivateKey(key))(w)
	thumbprint := sha256.Sum256(c.der)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.web.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "--test", "msal.test.js") // the program that is installed
	cmd.Dir = clientsDir
	cmd.Env = append(os.Environ(),
		"NODE_EXTRA_CA_CERTS="+ca, "COMPTOIR_ORIGIN="+w.web.URL, "COMPTOIR_TENANT="+string(w.partner.Tenant),
		"COMPTOIR_APP="+string(w.robot.App.ID), "COMPTOIR_SECRET="+w.robot.Secret, "COMPTOIR_DESKTOP="+string(w.desktop.App.ID),
		"COMPTOIR_USER="+w.sara.User.Name, "COMPTOIR_PASSWORD="+w.sara.Password, "COMPTOIR_CALLBACK="+callback,
		"COMPTOIR_THUMBPRINT="+hex.EncodeToString(thumbprint[:]),
		"COMPTOIR_KEY="+string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})),
	)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
