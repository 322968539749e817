package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"comptoir/internal/op"
)

// Encryption says how the way to a mail server is protected.
type Encryption string

// The ways. STARTTLS refuses a server that does not offer it.
const (
	STARTTLS Encryption = "starttls"
	TLS      Encryption = "tls"
	Plain    Encryption = "none"
)

// Server is a mail server that takes letters.
type Server struct {
	Host string
	Port int // 0 is the usual one of the encryption
	// User and Password are for servers that ask; empty signs in nowhere.
	User, Password string
	Encryption     Encryption // "" is STARTTLS
	// TLS is for tests; nil trusts what the machine trusts.
	TLS *tls.Config
}

// sendTime is how long the conversation with a mail server may take.
const sendTime = 30 * time.Second

// Deliver hands a letter to the server. Its errors are *Failure.
func (s Server) Deliver(ctx context.Context, l op.Letter) error {
	m, err := message(l)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.Host, s.options()...)
	if err != nil {
		return s.failure(fmt.Errorf("mail server: %w", err))
	}
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return s.failure(err)
	}
	return nil
}

// options say how the server is reached.
func (s Server) options() []gomail.Option {
	options := []gomail.Option{gomail.WithTimeout(sendTime)}
	switch cmp.Or(s.Encryption, STARTTLS) {
	case TLS:
		options = append(options, gomail.WithSSL(), gomail.WithPort(cmp.Or(s.Port, gomail.DefaultPortSSL)))
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS), gomail.WithPort(cmp.Or(s.Port, gomail.DefaultPort)))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithPort(cmp.Or(s.Port, gomail.DefaultPortTLS)))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	if s.TLS != nil {
		options = append(options, gomail.WithTLSConfig(s.TLS))
	}
	return options
}

// Folder keeps letters as .eml files, for an installation without a mail server.
type Folder string

// Deliver writes a letter to the file that its id names, whole or not at all. Its
// errors are *Failure.
func (f Folder) Deliver(_ context.Context, l op.Letter) error {
	text, err := Source(l)
	if err != nil {
		return err
	}
	if err := f.write(l.ID+".eml", text); err != nil {
		return &Failure{Reason: NoFolder, Detail: err.Error()}
	}
	return nil
}

func (f Folder) write(file string, text []byte) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	name := filepath.Join(string(f), file)
	if err := os.WriteFile(name+".part", text, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".part", name)
}

// Source returns a letter as mail programs read it.
func Source(l op.Letter) ([]byte, error) {
	m, err := message(l)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = m.WriteTo(&b)
	return b.Bytes(), err
}

// mailbox writes a name and an address as a header has them, whatever the name
// holds.
func mailbox(name, address string) string {
	a := mail.Address{Name: line(name, nameMax), Address: address}
	return a.String()
}

// message makes the parts of a letter: headers, text and HTML. The id of the
// message is that of the letter, so that a mail server notices one that comes
// twice.
func message(l op.Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(mailbox(l.SenderName, l.From)); err != nil {
		return nil, &Failure{Reason: SenderRefused, Detail: err.Error()}
	}
	if err := m.To(mailbox(l.Name, l.Address)); err != nil {
		return nil, &Failure{Reason: NoRecipient, Final: true, Detail: err.Error()}
	}
	m.Subject(line(l.Subject, subjectMax))
	m.SetDateWithValue(l.At.UTC())
	m.SetMessageIDWithValue(l.ID + "@" + l.From[strings.LastIndex(l.From, "@")+1:])
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if l.Unsubscribe != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+l.Unsubscribe+">")
	}
	m.SetGenHeader("Content-Language", l.Language)
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	return m, nil
}
