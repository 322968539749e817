package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Reason says why a letter is not at its recipient.
type Reason string

// The reasons. Those of the way to the server are tried again, because the
// operator mends them; so is what the server calls temporary.
const (
	Unreachable    Reason = "unreachable"    // no such host, nobody listens, no answer in time
	Unprotected    Reason = "unprotected"    // the server offers no STARTTLS, or no TLS
	Untrusted      Reason = "untrusted"      // nobody vouches for its certificate
	Authentication Reason = "authentication" // it does not take the user name and password
	SenderRefused  Reason = "sender"         // it does not send for our address
	NoRecipient    Reason = "recipient"      // it does not know the recipient
	ContentRefused Reason = "content"        // it does not take what is written
	Busy           Reason = "busy"           // it asks to come again later
	NoFolder       Reason = "folder"         // the file cannot be written
	NoPost         Reason = "no_post"        // this process does not know where mail goes
	Stopped        Reason = "stopped"        // somebody cancelled the delivery
	Died           Reason = "died"           // the delivery ended by a fault of the program
	Lost           Reason = "lost"           // there is no delivery, as after a restored backup
	Other          Reason = "other"
)

// reasonKeys are the catalogue keys of each reason: what it is in a few words, and
// in a sentence with what to do.
var reasonKeys = map[Reason][2]string{
	Unreachable:    {"mail.reason.unreachable", "mail.reason.unreachable_text"},
	Unprotected:    {"mail.reason.unprotected", "mail.reason.unprotected_text"},
	Untrusted:      {"mail.reason.untrusted", "mail.reason.untrusted_text"},
	Authentication: {"mail.reason.authentication", "mail.reason.authentication_text"},
	SenderRefused:  {"mail.reason.sender", "mail.reason.sender_text"},
	NoRecipient:    {"mail.reason.recipient", "mail.reason.recipient_text"},
	ContentRefused: {"mail.reason.content", "mail.reason.content_text"},
	Busy:           {"mail.reason.busy", "mail.reason.busy_text"},
	NoFolder:       {"mail.reason.folder", "mail.reason.folder_text"},
	NoPost:         {"mail.reason.no_post", "mail.reason.no_post_text"},
	Stopped:        {"mail.reason.stopped", "mail.reason.stopped_text"},
	Died:           {"mail.reason.died", "mail.reason.died_text"},
	Lost:           {"mail.reason.lost", "mail.reason.lost_text"},
	Other:          {"mail.reason.other", "mail.reason.other_text"},
}

// Keys returns the catalogue keys of r: a few words, and a sentence that says what
// to do. A reason that only a newer program knows is Other.
func (r Reason) Keys() (words, sentence string) {
	keys, known := reasonKeys[r]
	if !known {
		keys = reasonKeys[Other]
	}
	return keys[0], keys[1]
}

// Failure is why a carrier did not deliver a letter.
type Failure struct {
	Reason Reason
	// Final says that the letter will never be taken as it is.
	Final bool
	// Detail is what the other side said, without anything secret.
	Detail string
}

// Error implements error.
func (f *Failure) Error() string { return string(f.Reason) + ": " + f.Detail }

// failureOf returns what to note of an error of a carrier.
func failureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Reason: Other, Detail: err.Error()}
}

// failure explains an error of the conversation with the server. What the server
// says goes to the operator; what we told it in confidence does not.
func (s Server) failure(err error) *Failure {
	f := &Failure{Reason: Other, Detail: s.redact(err.Error())}
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		f.Reason, f.Final = refusalOf(refused)
		return f
	}
	f.Reason = s.opening(err)
	return f
}

// refusalOf explains what the server did with a letter. A 5xx answer to the sender
// is about our account there, not about the letter.
func refusalOf(e *gomail.SendError) (reason Reason, final bool) {
	code := e.ErrorCode()
	switch {
	case code >= 400 && code < 500:
		return Busy, false
	case code == 530:
		return Authentication, false
	case e.Reason == gomail.ErrSMTPMailFrom && code >= 500:
		return SenderRefused, false
	case e.Reason == gomail.ErrSMTPRcptTo && code >= 500:
		return NoRecipient, true
	case (e.Reason == gomail.ErrSMTPData || e.Reason == gomail.ErrSMTPDataClose) && code >= 500:
		return ContentRefused, true
	case e.Reason == gomail.ErrNoUnencoded:
		return ContentRefused, true
	case code == 0:
		return Unreachable, false // the line went dead
	}
	return Other, code >= 500
}

// opening explains why the conversation did not come to the letter.
func (s Server) opening(err error) Reason {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok || errors.As(err, new(x509.UnknownAuthorityError)) {
		return Untrusted
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || strings.Contains(err.Error(), "STARTTLS") {
		return Unprotected
	}
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		switch said.Code {
		case 432, 454, 530, 534, 535, 538: // RFC 4954
			return Authentication
		}
		if said.Code < 500 {
			return Busy
		}
		return Other
	}
	if _, ok := errors.AsType[net.Error](err); ok || errors.Is(err, context.DeadlineExceeded) || isEOF(err) {
		return Unreachable
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return Other
	}
	if s.User != "" { // nothing else is left to fail
		return Authentication
	}
	return Other
}

// isEOF reports whether the other side hung up.
func isEOF(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// redact takes out of a text what the server may have repeated of the password.
func (s Server) redact(text string) string {
	if s.Password == "" {
		return text
	}
	encode := base64.StdEncoding.EncodeToString
	for _, secret := range []string{s.Password, encode([]byte(s.Password)), encode([]byte("\x00" + s.User + "\x00" + s.Password))} {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}
