package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// How mail leaves is said on the command line and in the environment, the
// password never on the command line.
func TestTheOperatorSaysHowMailLeaves(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("hemligt\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, args, env, refused string
		password                 string
	}{
		{"without a server", "", "", "", ""},
		{"a server without a sender", "--smtp-host smtp.example", "", "--smtp-from", ""},
		{"a sender that is none", "--smtp-host smtp.example --smtp-from nobody", "", "--smtp-from", ""},
		{"a relay on the same machine", "--smtp-host localhost --smtp-security none --smtp-from post@partners.example", "", "", ""},
		{"a user without password", "--smtp-host smtp.example --smtp-from post@partners.example --smtp-user u", "", passwordVariable, ""},
		{"a password in the environment", "--smtp-host smtp.example --smtp-from post@partners.example --smtp-user u", "geheim", "", "geheim"},
		{"a password in a file", "--smtp-host smtp.example --smtp-from post@partners.example --smtp-user u --smtp-password-file " + secret, "geheim", "", "hemligt"},
		{"a password in the clear", "--smtp-host smtp.example --smtp-from post@partners.example --smtp-user u --smtp-security none", "geheim", "sends no password", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(passwordVariable, c.env)
			var flags mailFlags
			parser, err := kong.New(&flags)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.Parse(strings.Fields(c.args)); err != nil {
				t.Fatal(err)
			}
			p, err := flags.post("data/comptoir.db", "https://partners.example")
			if c.refused != "" {
				if err == nil || !strings.Contains(err.Error(), c.refused) {
					t.Errorf("%v, want a refusal that names %s", err, c.refused)
				}
				return
			}
			if err != nil || p.Deliver == nil || p.From == "" || p.Site != "https://partners.example" {
				t.Errorf("%+v, %v", p, err)
			}
			if got, err := flags.password(); got != c.password && flags.User != "" || err != nil {
				t.Errorf("password %q, %v", got, err)
			}
		})
	}
}
