package main

import (
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/charmap"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"comptoir": func() { main() },
	})
}

// The stories of testdata/*.txtar are what an operator types.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"capture": capture,
			"await":   await,
			"latin":   latin,
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("COMPTOIR_DB", env.WorkDir+"/comptoir.db")
			l, err := net.Listen("tcp", "127.0.0.1:0") // a free port
			if err != nil {
				return err
			}
			env.Setenv("ADDRESS", l.Addr().String())
			return l.Close()
		},
	})
}

// capture NAME keeps the first line of the last output in $NAME.
func capture(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile("stdout")
	for i, c := range text {
		if c == '\n' {
			text = text[:i]
			break
		}
	}
	ts.Setenv(args[0], text)
}

// latin FROM TO writes a file again as spreadsheets of Western Europe save it, in
// Windows-1252.
func latin(ts *testscript.TestScript, _ bool, args []string) {
	text, err := charmap.Windows1252.NewEncoder().String(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// await URL waits until it answers 200.
func await(ts *testscript.TestScript, _ bool, args []string) {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // the certificate was made a moment ago
		DisableKeepAlives: true,
	}}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if r, err := client.Get(args[0]); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
	}
	ts.Fatalf("%s does not answer", args[0])
}
