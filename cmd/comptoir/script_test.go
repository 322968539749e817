package main

import (
	"crypto/tls"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
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
