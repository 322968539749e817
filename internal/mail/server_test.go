package mail_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	letters "comptoir/internal/mail"
	"comptoir/internal/op"
)

// A postOffice is a mail server as far as a client sees one.
type postOffice struct {
	net.Listener
	starttls, implicit bool
	config             *tls.Config
	// answers replaces what it says to a command; "greeting" and "letter" stand for
	// the first line and for what comes after a letter. An empty one hangs up.
	answers map[string]string
	noAuth  bool

	mu       sync.Mutex
	received []string // letters
	secure   []bool   // whether each came by TLS
	login    string
}

func openPostOffice(t *testing.T, p *postOffice) *postOffice {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	p.config = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	if p.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	go func() {
		for {
			c, err := p.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

// trust is what a client believes that knows the certificate.
func (p *postOffice) trust(t *testing.T) *tls.Config {
	t.Helper()
	cert, err := x509.ParseCertificate(p.config.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}
}

func (p *postOffice) server(t *testing.T, how letters.Encryption) letters.Server {
	return letters.Server{Host: "localhost", Port: p.Addr().(*net.TCPAddr).Port, Encryption: how, TLS: p.trust(t)}
}

func (p *postOffice) serve(c net.Conn) {
	defer func() { c.Close() }()
	secure := p.implicit
	if secure {
		c = tls.Server(c, p.config)
	}
	in := bufio.NewReader(c)
	say := func(line string) { _, _ = c.Write([]byte(line + "\r\n")) } // a client that has gone needs no answer
	said := func(to, otherwise string) bool {
		answer, ok := p.answers[to]
		if !ok {
			answer = otherwise
		}
		if answer != "" {
			say(answer)
		}
		return answer != ""
	}
	if !said("greeting", "220 localhost ESMTP") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if answer, ok := p.answers[verb]; ok {
			if answer == "" {
				return
			}
			say(answer)
			continue
		}
		switch word := strings.ToUpper(strings.TrimSpace(line)); {
		case strings.HasPrefix(word, "EHLO"):
			say("250-localhost")
			if p.starttls && !secure {
				say("250-STARTTLS")
			}
			if p.noAuth {
				say("250 8BITMIME")
				continue
			}
			say("250 AUTH PLAIN")
		case word == "STARTTLS" && p.starttls:
			say("220 go on")
			c, secure = tls.Server(c, p.config), true
			in = bufio.NewReader(c)
		case strings.HasPrefix(word, "AUTH PLAIN"):
			given, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line[len("AUTH PLAIN"):])) // what is no login is kept as none
			p.mu.Lock()
			p.login = string(given)
			p.mu.Unlock()
			say("235 welcome")
		case word == "DATA":
			say("354 go on")
			p.take(in, secure)
			if !said("letter", "250 taken") {
				return
			}
		case word == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

func (p *postOffice) take(in *bufio.Reader, secure bool) {
	var letter strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		letter.WriteString(line)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.received, p.secure = append(p.received, letter.String()), append(p.secure, secure)
}

var letter = op.Letter{
	ID: "0199-7", Address: "maja@fjallbageri.example", Name: "Maja", Language: "sv", Subject: "Hej", Text: "Hej\n", HTML: "<p>Hej</p>",
	At: start, From: "post@partners.example", SenderName: "Nordhandel",
}

func TestMailServersAreReachedTheWayTheOperatorSays(t *testing.T) {
	for _, c := range []struct {
		name   string
		office *postOffice
		how    letters.Encryption
		secure bool
		fails  bool
	}{
		{"STARTTLS by itself", &postOffice{starttls: true}, "", true, false},
		{"STARTTLS is required", &postOffice{}, "", false, true},
		{"STARTTLS is required when asked for", &postOffice{}, letters.STARTTLS, false, true},
		{"TLS from the first byte", &postOffice{implicit: true}, letters.TLS, true, false},
		{"plain when the operator says so", &postOffice{}, letters.Plain, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := openPostOffice(t, c.office)
			err := p.server(t, c.how).Deliver(t.Context(), letter)
			p.mu.Lock()
			defer p.mu.Unlock()
			switch {
			case c.fails:
				if err == nil || len(p.received) != 0 {
					t.Errorf("the letter went in the clear: %v, %q", err, p.received)
				}
			case err != nil || len(p.received) != 1 || p.secure[0] != c.secure:
				t.Errorf("%v, %d letters, secure %v", err, len(p.received), p.secure)
			case !strings.Contains(p.received[0], "Subject: Hej\r\n") || !strings.Contains(p.received[0], "Message-ID: <0199-7@partners.example>"):
				t.Errorf("received %q", p.received[0])
			}
		})
	}
}

func TestAServerThatNobodyVouchesForGetsNothing(t *testing.T) {
	p := openPostOffice(t, &postOffice{starttls: true})
	s := p.server(t, letters.STARTTLS)
	s.TLS = nil
	if err := s.Deliver(t.Context(), letter); err == nil || len(p.received) != 0 {
		t.Errorf("%v, %q", err, p.received)
	}
}

func TestThePasswordIsGivenByTLSAlone(t *testing.T) {
	p := openPostOffice(t, &postOffice{starttls: true})
	s := p.server(t, letters.STARTTLS)
	s.User, s.Password = "comptoir", "hemligt"
	if err := s.Deliver(t.Context(), letter); err != nil || p.login != "\x00comptoir\x00hemligt" {
		t.Errorf("%v, signed in as %q", err, p.login)
	}
}

// A recipient that the server will never take is not tried again; one that it
// does not take now is.
func TestTheServerDecidesWhetherToTryAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for answer, want := range map[string]letters.State{"550 no such mailbox": letters.Failed, "451 try later": letters.Waiting} {
			p := openPostOffice(t, &postOffice{starttls: true, answers: map[string]string{"RCPT": answer}})
			o := open(t, d, func(ctx context.Context, l op.Letter) error { return p.server(t, "").Deliver(ctx, l) })
			mail := o.send(maja, decided)
			o.runDue()
			if m := o.get(mail); m.State != want || m.Tries != 1 || !strings.Contains(m.Error, answer[4:]) || m.Reason == "" {
				t.Errorf("%s: %s after %d tries: %s", answer, m.State, m.Tries, m.Error)
			}
		}
	})
}

// Whatever is wrong with the way to the server, the operator reads what it is
// and what the server said, never the password; only what the server will never
// take ends the tries.
func TestEveryFaultOfAMailServerHasItsReason(t *testing.T) {
	const secret = "s3cret-of-the-server"
	for _, c := range []struct {
		name   string
		office *postOffice
		change func(p *postOffice, s *letters.Server)
		reason letters.Reason
		final  bool
		says   string
	}{
		{"nobody listens", &postOffice{}, func(p *postOffice, _ *letters.Server) { p.Close() }, letters.Unreachable, false, "refused"},
		{"the server hangs up", &postOffice{answers: map[string]string{"greeting": ""}}, nil, letters.Unreachable, false, ""},
		{"it hangs up before the letter", &postOffice{starttls: true, answers: map[string]string{"DATA": ""}}, nil, letters.Unreachable, false, ""},
		{"it is too busy to greet", &postOffice{answers: map[string]string{"greeting": "421 too many of you"}}, nil, letters.Busy, false, "too many of you"},
		{"it offers no STARTTLS", &postOffice{}, nil, letters.Unprotected, false, "STARTTLS"},
		{"it speaks no TLS at all", &postOffice{}, func(_ *postOffice, s *letters.Server) { s.Encryption = letters.TLS }, letters.Unprotected, false, ""},
		{"nobody vouches for it", &postOffice{starttls: true}, func(_ *postOffice, s *letters.Server) { s.TLS = nil }, letters.Untrusted, false, "certificate"},
		{"nobody vouches for it, with TLS", &postOffice{implicit: true}, func(_ *postOffice, s *letters.Server) { s.TLS, s.Encryption = nil, letters.TLS }, letters.Untrusted, false, "certificate"},
		{"its certificate is another's", &postOffice{starttls: true}, func(_ *postOffice, s *letters.Server) { s.TLS.ServerName = "mail.nord.example" }, letters.Untrusted, false, "mail.nord.example"},
		{"the password is wrong", &postOffice{starttls: true, answers: map[string]string{"AUTH": "535 wrong: " + secret + " " + base64.StdEncoding.EncodeToString([]byte("\x00comptoir\x00"+secret))}}, nil, letters.Authentication, false, "wrong: …"},
		{"it knows no sign-in", &postOffice{starttls: true, noAuth: true}, nil, letters.Authentication, false, "AUTH"},
		{"it wants a sign-in", &postOffice{starttls: true, answers: map[string]string{"MAIL": "530 sign in first"}}, nil, letters.Authentication, false, "sign in first"},
		{"it does not send for us", &postOffice{starttls: true, answers: map[string]string{"MAIL": "550 not from here"}}, nil, letters.SenderRefused, false, "not from here"},
		{"there is no such mailbox", &postOffice{starttls: true, answers: map[string]string{"RCPT": "550 5.1.1 no such mailbox"}}, nil, letters.NoRecipient, true, "no such mailbox"},
		{"the mailbox is full", &postOffice{starttls: true, answers: map[string]string{"RCPT": "452 4.2.2 mailbox full"}}, nil, letters.Busy, false, "mailbox full"},
		{"it takes the letter for spam", &postOffice{starttls: true, answers: map[string]string{"letter": "554 looks like spam"}}, nil, letters.ContentRefused, true, "looks like spam"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := openPostOffice(t, c.office)
			s := p.server(t, letters.STARTTLS)
			s.User, s.Password = "comptoir", secret
			if c.change != nil {
				c.change(p, &s)
			}
			err := s.Deliver(t.Context(), letter)
			f, ok := errors.AsType[*letters.Failure](err)
			switch {
			case !ok:
				t.Fatalf("%v", err)
			case f.Reason != c.reason || f.Final != c.final || !strings.Contains(f.Detail, c.says):
				t.Errorf("%s, final %v: %s", f.Reason, f.Final, f.Detail)
			case strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), base64.StdEncoding.EncodeToString([]byte(secret))):
				t.Errorf("the password is told: %v", err)
			}
		})
	}
}

func TestAFolderThatCannotBeWrittenSaysSo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "in-the-way")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := letters.Folder(file).Deliver(t.Context(), letter)
	if f, ok := errors.AsType[*letters.Failure](err); !ok || f.Reason != letters.NoFolder || f.Final {
		t.Errorf("%v", err)
	}
}
