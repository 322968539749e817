// Package letters is the part of a page on which a partner writes a message that it
// sends itself (rules E2, E18): the words can be changed, the link stays, and the
// message leaves through the reader's own mail program, the clipboard or a file.
package letters

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"mime"
	"net/mail"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"comptoir/internal/letter"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// The fields of a letter, by which also the script knows them. A page that asks for
// the address names that field Address.
const (
	Address = "recipient-email"
	Subject = "subject"
	Message = "message"
	Link    = "link"
)

// Download is the value of "go" with which the form asks for the message as a file.
const Download = "download"

// The greatest lengths of the fields, in characters.
const (
	subjectMax = 200
	messageMax = 8000
)

// Letter is a message as it stands on the page.
type Letter struct {
	*visit.Visit
	// Name and Address say to whom it goes; both may be empty.
	Name, Address string
	Subject, Text string
	URL           string // the link, which has to stay in Text
	// Keep says why it has to stay; empty is what holds for a customer.
	Keep string
	Said visit.Verdicts
}

// Typed reads what the reader has made of l.
func (l *Letter) Typed() {
	l.Subject, l.Text = l.Form(Subject), strings.ReplaceAll(l.Form(Message), "\r\n", "\n")
}

// Check refuses a letter without its link with RF-22, before anybody sends it.
func (l *Letter) Check() error {
	if _, refused := letter.Check(l.Text, l.URL); refused != nil {
		return refused
	}
	return nil
}

// mailtoMax is the longest address that every mail program takes (rule E2).
const mailtoMax = 1900

// mailto is the address that opens l in the reader's mail program, and "" when it
// would be too long.
func (l *Letter) mailto() string {
	escape := func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
	address := "mailto:" + escape(l.Address) + "?subject=" + escape(l.Subject) + "&body=" + escape(strings.ReplaceAll(l.Text, "\n", "\r\n"))
	if len(address) > mailtoMax {
		return ""
	}
	return address
}

// Send sends l as a file, which mail programs open as a message to be sent.
func (l *Letter) Send(name string) error { return l.Visit.Send(name, "message/rfc822", l.file()) }

func (l *Letter) file() []byte {
	var b bytes.Buffer
	head := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	head("MIME-Version", "1.0")
	head("X-Unsent", "1")
	if l.Address != "" {
		head("To", (&mail.Address{Name: l.Name, Address: strings.Join(strings.Fields(l.Address), "")}).String())
	}
	head("Subject", mime.QEncoding.Encode("utf-8", strings.Join(strings.Fields(l.Subject), " ")))
	head("Content-Type", "text/plain; charset=utf-8")
	head("Content-Transfer-Encoding", "base64")
	const line = 76
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(l.Text, "\n", "\r\n")))
	for len(body) > 0 {
		n := min(len(body), line)
		b.WriteString("\r\n" + body[:n])
		body = body[n:]
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

func (l *Letter) subjectField() block.Field {
	return l.Said.Mark(block.Field{Name: Subject, Label: l.T("invitepage.field.subject"), Value: l.Subject, Max: subjectMax})
}

func (l *Letter) messageField() block.Field {
	return l.Said.Mark(block.Field{Name: Message, Label: l.T("invitepage.field.message"), Value: l.Text, Required: true, Max: messageMax, Rows: 16})
}

func (l *Letter) linkField() block.Field {
	return block.Field{
		Name: Link, Label: l.T("invitepage.field.link"), Hint: l.T("invitepage.field.link_hint"), Value: l.URL, ReadOnly: true,
		Attrs: templ.Attributes{"spellcheck": "false"},
	}
}

// buttons are the ways to send l, and then those of the page. Without script the
// first takes what the page came with, where that is not too long for an address.
func (l *Letter) buttons(more []block.Button) []block.Button {
	open := block.Button{Label: l.T("invitepage.mail.open"), Icon: icon.Mail, Href: l.mailto(), Attrs: templ.Attributes{
		"data-letter": strconv.Itoa(mailtoMax), "data-copied": l.T("invitepage.mail.too_long"), "data-without": l.T("invitepage.mail.without"),
	}}
	if open.Href == "" {
		open.Href, open.Script = "#"+Message, true
	}
	return append([]block.Button{
		open,
		{Label: l.T("invitepage.mail.copy"), Icon: icon.Copy, Plain: true, Script: true, Attrs: templ.Attributes{
			"data-letter": "0", "data-copied": l.T("invitepage.mail.copied"), "data-without": l.T("invitepage.mail.without"),
		}},
		{Label: l.T("invitepage.mail.download"), Icon: icon.Download, Name: "go", Value: Download, Attrs: templ.Attributes{"data-saves": "1000"}},
	}, more...)
}

func (l *Letter) keep() string { return cmp.Or(l.Keep, l.T("invitepage.message.keep")) }
