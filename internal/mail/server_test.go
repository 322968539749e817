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
	"math/big"
	"net"
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
	refuses            string // the answer to RCPT, "" takes everybody

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
	say("220 localhost ESMTP")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch word := strings.ToUpper(strings.TrimSpace(line)); {
		case strings.HasPrefix(word, "EHLO"):
			say("250-localhost")
			if p.starttls && !secure {
				say("250-STARTTLS")
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
		case strings.HasPrefix(word, "RCPT") && p.refuses != "":
			say(p.refuses)
		case word == "DATA":
			say("354 go on")
			p.take(in, secure)
			say("250 taken")
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
			p := openPostOffice(t, &postOffice{starttls: true, refuses: answer})
			o := open(t, d, func(ctx context.Context, l op.Letter) error { return p.server(t, "").Deliver(ctx, l) })
			mail := o.send(maja, decided)
			o.runDue()
			if m := o.get(mail); m.State != want || m.Tries != 1 || !strings.Contains(m.Error, answer[4:]) {
				t.Errorf("%s: %s after %d tries: %s", answer, m.State, m.Tries, m.Error)
			}
		}
	})
}
