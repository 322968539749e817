// Package wording is about the drafts of messages that partners send themselves
// (rules E2, E18): what the program comes with, and what the operator writes in its
// place (portal V-10).
package wording

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/letter"
)

// Kind is what a message is for.
type Kind string

// The kinds of messages.
const (
	Own         Kind = "own"   // a reseller relationship
	Joint       Kind = "joint" // one with a reseller and its provider
	Partnership Kind = "partnership"
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Own, Joint, Partnership} }

// Text is a draft. Placeholders such as "{Partner}" stand for what is different in
// each message, "{Link}" for its link.
type Text struct{ Subject, Body string }

// The placeholders.
const (
	Partner   = "Partner"
	Provider  = "Provider"
	Recipient = "Recipient"
	Link      = "Link"
)

// Places returns the placeholders that a draft of kind k may have; "{Link}" has to
// stand in its body.
func (k Kind) Places() []string {
	switch k {
	case Own:
		return []string{Partner, Recipient, Link}
	case Joint:
		return []string{Partner, Provider, Recipient, Link}
	case Partnership:
	}
	return []string{Provider, Recipient, Link}
}

// builtIn is the draft that the program comes with.
func (k Kind) builtIn(p *lang.Printer) Text {
	var words []any
	for _, place := range k.Places() {
		words = append(words, place, braced(place))
	}
	switch k {
	case Own:
		return Text{p.T("invitation.message.subject", words...), p.T("invitation.message.own", words...)}
	case Joint:
		return Text{p.T("invitation.message.subject", words...), p.T("invitation.message.joint", words...)}
	case Partnership:
	}
	return Text{p.T("partnership.message.subject", words...), p.T("partnership.message.text", words...)}
}

func braced(place string) string { return "{" + place + "}" }

// The greatest lengths, in characters. What is longer no mail program opens by an
// address.
const (
	SubjectMax = 150
	BodyMax    = 3000
)

// Refusals of what the operator writes.
var (
	ErrSubject     = fault.New(fault.Invalid, "27002", "messages.refused.subject")
	ErrSubjectLine = fault.New(fault.Invalid, "27002", "messages.refused.subject_line")
	ErrLong        = fault.New(fault.Invalid, "27002", "messages.refused.long")        // argument Max
	ErrPlaceholder = fault.New(fault.Invalid, "27002", "messages.refused.placeholder") // arguments Placeholder, Known
	ErrLink        = fault.New(fault.Invalid, "27002", "invitepage.refused.link")      // as RF-22 is for messages
)

// placeholder finds placeholders, and what is none but looks like one.
var placeholder = regexp.MustCompile(`\{[^{}]*\}?|\}`)

// check brings t into the form that is kept, and returns all that is wrong with it.
func (k Kind) check(t *Text) error {
	var faults fault.List
	t.Subject, t.Body = strings.TrimSpace(t.Subject), strings.TrimSpace(strings.ReplaceAll(t.Body, "\r\n", "\n"))
	places := k.Places()
	switch {
	case t.Subject == "":
		faults.Add(ErrSubject.On("subject"))
	case strings.Contains(t.Subject, "\n"):
		faults.Add(ErrSubjectLine.On("subject"))
	default:
		faults.Add(checkText(t.Subject, "subject", SubjectMax, places[:len(places)-1]))
	}
	if strings.Count(t.Body, braced(Link)) != 1 {
		faults.Add(ErrLink.On("body"))
	} else {
		faults.Add(k.checkBody(t.Body))
	}
	return faults.Err()
}

// sampleLink is a link as messages carry it.
const sampleLink = "https://partner.example/AdminPortal/Home?invType=ResellerRelationship&inv=A#/BillingAccounts/partner-invitation"

// checkBody refuses also a body in which a reader would not find the end of the link:
// every message that began with it would be refused (RF-22).
func (k Kind) checkBody(body string) *fault.Error {
	if refused := checkText(body, "body", BodyMax, k.Places()); refused != nil {
		return refused
	}
	values := map[string]string{Partner: "Partner", Provider: "Provider", Recipient: "Recipient", Link: sampleLink}
	if _, refused := letter.Check(fill(body, values), sampleLink); refused != nil {
		return ErrLink.On("body")
	}
	return nil
}

func checkText(text, field string, limit int, known []string) *fault.Error {
	if len([]rune(text)) > limit {
		return ErrLong.On(field).With("Max", limit)
	}
	names := make([]string, len(known))
	for i, place := range known {
		names[i] = braced(place)
	}
	for _, found := range placeholder.FindAllString(text, -1) {
		if !slices.Contains(names, found) {
			return ErrPlaceholder.On(field).With("Placeholder", found).With("Known", strings.Join(names, ", "))
		}
	}
	return nil
}

// fill puts values in the place of placeholders. What has no value leaves no space
// before it either.
func fill(text string, values map[string]string) string {
	for place, value := range values {
		if value == "" {
			text = strings.ReplaceAll(text, " "+braced(place), "")
		}
	}
	return placeholder.ReplaceAllStringFunc(text, func(found string) string { return values[strings.Trim(found, "{}")] })
}

// Drafts are those of one kind, in every language.
type Drafts struct {
	kind Kind
	own  map[string]Text // that the operator has written, by language
}

// Say returns the message in a language with values in the place of placeholders.
func (d Drafts) Say(language string, values map[string]string) (subject, text string) {
	p := lang.For(language)
	t, written := d.own[p.Tag()]
	if !written {
		t = d.kind.builtIn(p)
	}
	return fill(t.Subject, values), fill(t.Body, values)
}

// Written is a draft that the operator has written.
type Written struct {
	Text
	ChangedAt time.Time
	ChangedBy string // user name
}
