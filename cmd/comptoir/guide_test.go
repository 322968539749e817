package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// served runs `comptoir serve` with args until the test ends and returns where
// it is.
func served(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), output{w, os.Stderr})
		w.Close()
		ended <- code
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitDone {
			t.Errorf("serve ended with status %d", code)
		}
	})
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "Comptoir is at "); ok {
			go io.Copy(io.Discard, r) // nobody reads on
			return address
		}
	}
	t.Fatal("the server did not say where it is")
	return ""
}

// example is a block of the guide and what its output must hold.
type example struct {
	line           int
	script, expect string
}

// examples reads the sh blocks of a guide with the text block that follows each.
func examples(t *testing.T, path string) []example {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	kind := ""
	for n, line := range strings.Split(string(text), "\n") {
		switch {
		case kind == "" && line == "```sh":
			kind, all = "sh", append(all, example{line: n + 1})
		case kind == "" && line == "```text":
			kind = "text"
		case line == "```":
			kind = ""
		case kind == "sh":
			all[len(all)-1].script += line + "\n"
		case kind == "text":
			all[len(all)-1].expect += line + "\n"
		}
	}
	return all
}

// The guide is run as it stands, in one shell, on an empty sandbox.
func TestTheExamplesOfTheGuideWork(t *testing.T) {
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the examples need %s (apt-get install %[1]s)", tool)
		}
	}
	dir := t.TempDir()
	database := filepath.Join(dir, "guide.db")
	var world strings.Builder
	if code := run(t.Context(), []string{"demo", "--json", "--db", database}, output{&world, os.Stderr}); code != exitDone {
		t.Fatalf("demo ended with status %d", code)
	}
	var w worldView
	if err := json.Unmarshal([]byte(world.String()), &w); err != nil {
		t.Fatal(err)
	}
	url := served(t, "--db", database, "--sandbox")
	all := examples(t, "../../docs/api.md")
	if len(all) < 10 {
		t.Fatalf("the guide has only %d examples", len(all))
	}
	p := w.Partners[0]
	for i, out := range runInOneShell(t, dir, all, map[string]string{
		"URL": url, "TENANT": p.TenantID, "APP": p.App.AppID, "SECRET": p.App.Secret,
		"USER_NAME": p.Users[1].UserName, "PASSWORD": p.Users[1].Password,
	}) {
		for _, want := range strings.Split(strings.TrimSpace(all[i].expect), "\n") {
			if !strings.Contains(out, want) {
				t.Errorf("docs/api.md:%d: the output does not hold %q:\n%s", all[i].line, want, out)
			}
		}
	}
}

const cut = "-- 8< --"

// runInOneShell runs all scripts one after the other and returns their outputs.
func runInOneShell(t *testing.T, dir string, all []example, env map[string]string) []string {
	t.Helper()
	var script strings.Builder
	for _, e := range all {
		fmt.Fprintf(&script, "%s\necho\necho '%s'\n", e.script, cut)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = os.Environ()
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	outputs := strings.Split(string(out), cut)
	if len(outputs) != len(all)+1 {
		t.Fatalf("%d outputs of %d examples\n%s", len(outputs)-1, len(all), out)
	}
	return outputs[:len(all)]
}
