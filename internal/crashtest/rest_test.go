package crashtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"comptoir/internal/id"
)

// A server that is killed while clients add customers over REST, and repeat with
// the same MS-RequestId what got no answer, adds each customer once and gives
// each client the customer that was made for it.
func TestClientsThatRepeatTheirRequestsGetOneCustomerEach(t *testing.T) {
	s := newServer(t)
	token := s.enrol(t)
	h := newHistory(s.database)
	var mu sync.Mutex
	var enough atomic.Bool
	var clients sync.WaitGroup
	for lane := range lanes {
		clients.Go(func() {
			for item := 0; !enough.Load(); item++ {
				made, err := s.add(t.Context(), token, lane, item)
				if err != nil {
					t.Errorf("lane %d, item %d: %v", lane, item, err)
					return
				}
				mu.Lock()
				h.customers[domainOf(lane, item)] = made
				mu.Unlock()
			}
		})
	}
	kills := max(2, rounds(200)/5) // starting a server takes longer than a writer
	for n := range kills {
		s.start(t)
		time.Sleep(rand.N(3 * longest)) // the moment of the kill is left to chance
		s.kill(t)
		if n%10 == 9 {
			mu.Lock()
			h.check(t)
			mu.Unlock()
		}
	}
	s.start(t)
	enough.Store(true)
	clients.Wait()
	s.end(t)
	h.check(t)
	h.checkAll(t)
	t.Logf("%d customers were added through %d kills", len(h.customers), kills)
	if len(h.customers) < kills/4 {
		t.Error("the server was hardly ever alive")
	}
}

// server is the program, serving one database at one address.
type server struct {
	program, database, address string
	process                    *exec.Cmd
	log                        *bytes.Buffer
}

func newServer(t *testing.T) *server {
	t.Helper()
	dir := t.TempDir()
	s := &server{program: filepath.Join(dir, "comptoir"), database: filepath.Join(dir, "comptoir.db")}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", s.program, "comptoir/cmd/comptoir").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

// command runs a subcommand of the program and returns the JSON that it prints.
func (s *server) command(t *testing.T, args ...string) map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), s.program, append(args, "--db", s.database, "--json")...)
	mishaps := new(bytes.Buffer)
	cmd.Stderr = mishaps
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("comptoir %s: %v\n%s", strings.Join(args, " "), err, mishaps)
	}
	printed := make(map[string]string)
	if err := json.Unmarshal(out, &printed); err != nil {
		t.Fatalf("comptoir %s printed %s: %v", strings.Join(args, " "), out, err)
	}
	return printed
}

// enrol makes a partner with an application and returns a token for it, which
// outlives the server that made it.
func (s *server) enrol(t *testing.T) string {
	t.Helper()
	partner := s.command(t, "partner", "add", "--name", "Nordmolnet AB", "--type", "direct-bill", "--country", "SE", "--domain", "nordmolnet.example")
	app := s.command(t, "app", "add", "--tenant", partner["tenantId"], "--name", "Crash test", "--role", "admin-agent")
	s.start(t)
	defer s.end(t)
	s.wait(t)
	form := url.Values{
		"grant_type": {"client_credentials"}, "resource": {"https://api.partnercenter.microsoft.com"},
		"client_id": {app["appId"]}, "client_secret": {app["secret"]},
	}
	res, err := http.PostForm("http://"+s.address+"/"+partner["tenantId"]+"/oauth2/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer := make(map[string]any)
	err = json.NewDecoder(res.Body).Decode(&answer)
	token, ok := answer["access_token"].(string)
	if err != nil || !ok {
		t.Fatalf("no token: %v, %v", answer, err)
	}
	return token
}

func (s *server) start(t *testing.T) {
	t.Helper()
	s.log = new(bytes.Buffer)
	s.process = exec.Command(s.program, "serve", "--listen", s.address, "--db", s.database, "--log-level", "warn")
	s.process.Stderr = s.log
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
}

// wait returns when the server answers.
func (s *server) wait(t *testing.T) {
	t.Helper()
	for range 500 {
		res, err := http.Get("http://" + s.address + "/healthz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the server does not answer\n%s", s.log)
}

func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.process.Process.Kill(); err != nil {
		t.Fatalf("the server had ended by itself: %v\n%s", err, s.log)
	}
	var exit *exec.ExitError
	if err := s.process.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the server ended by itself: %v\n%s", err, s.log)
	}
}

// end ends the server as a supervisor does.
func (s *server) end(t *testing.T) {
	t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("the server did not end well: %v\n%s", err, s.log)
	}
}

const body = `{"companyProfile":{"domain":"%s.onmicrosoft.com"},
	"billingProfile":{"culture":"sv-SE","language":"sv","email":"maja@%[1]s.example","companyName":"%s",
	"defaultAddress":{"country":"SE","city":"Lund","addressLine1":"Bredgatan 4","postalCode":"222 21","firstName":"Maja","lastName":"Lind","phoneNumber":"046123456"}}}`

// add sends a customer until it is answered, always with the same request id.
func (s *server) add(ctx context.Context, token string, lane, item int) (id.Tenant, error) {
	in := newCustomer(lane, item)
	for {
		made, err := s.post(ctx, token, key(fmt.Sprint("rest ", lane, " ", item)), fmt.Sprintf(body, in.Domain, in.Billing.CompanyName))
		var unanswered *url.Error
		if !errors.As(err, &unanswered) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return made, err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (s *server) post(ctx context.Context, token, key, body string) (id.Tenant, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.address+"/v1/customers", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Ms-Requestid", key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return "", errors.Join(io.ErrUnexpectedEOF, err) // killed in the middle of its answer
	}
	if res.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("%s: %s", res.Status, answer)
	}
	made := struct{ ID id.Tenant }{}
	return made.ID, json.Unmarshal(bytes.TrimPrefix(answer, []byte("\xef\xbb\xbf")), &made)
}
