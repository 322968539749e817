package mail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/job"
	letters "comptoir/internal/mail"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// An office is an installation with a clock of the test and a carrier that the
// test chooses.
type office struct {
	*op.Kernel
	*job.Workers
	t *testing.T
}

func open(t *testing.T, d *db.DB, deliver func(ctx context.Context, l op.Letter) error) *office {
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Sandbox = clock.Fixed(start), clock.Fixed(start), true
	k.Post = op.Post{Site: "https://partners.example", Product: "Nordhandel Partner", From: "post@partners.example", Deliver: deliver}
	return &office{k, job.NewWorkers(k, 2), t}
}

func (o *office) runDue() {
	o.t.Helper()
	if _, err := o.RunDue(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) later(by time.Duration) {
	o.Clock.Advance(by)
	o.Wall.Advance(by)
}

// writing is a letter that the test writes in a unit of work, which ends with err.
type writing struct {
	to  letters.Recipient
	c   letters.Content
	err error
}

var write = op.Define(op.Spec{Name: "test.write", Action: "job.view", Write: true},
	func(ctx context.Context, u *op.Unit, in writing) (string, error) {
		mail, err := letters.Send(ctx, u, "test.kind", in.to, in.c)
		return mail, errors.Join(err, in.err)
	})

func agent() op.Actor {
	return op.Actor{Kind: policy.Partner, Tenant: "t", Org: policy.DirectBill, User: "u", UserName: "ada@nord.example"}
}

func operator(role policy.Role) op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "op", User: "o", Roles: role}
}

func (o *office) send(to letters.Recipient, c letters.Content) string {
	o.t.Helper()
	o.Clock.Advance(time.Millisecond)
	mail, err := write.Do(o.t.Context(), o.Kernel, agent(), writing{to: to, c: c})
	if err != nil {
		o.t.Fatal(err)
	}
	return mail
}

func (o *office) get(mail string) letters.Mail {
	o.t.Helper()
	m, err := letters.Get.Do(o.t.Context(), o.Kernel, operator(policy.OperatorSupport), mail)
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) total(s letters.State) int64 {
	o.t.Helper()
	l, err := letters.List.Do(o.t.Context(), o.Kernel, operator(policy.OperatorAdmin), letters.Page{State: s})
	if err != nil {
		o.t.Fatal(err)
	}
	if int64(len(l.Mails)) != l.Total {
		o.t.Errorf("%d mails in state %q, and a total of %d", len(l.Mails), s, l.Total)
	}
	return l.Total
}

var (
	maja    = letters.Recipient{Tenant: "t", User: "m", Address: "maja@fjallbageri.example", Name: "Maja Öst", Language: "sv"}
	decided = letters.Content{
		Subject: "Östra Bageriet AB är godkänd", Text: []string{"Nu kan du köpa <b>för</b> kunden."},
		Facts: []letters.Fact{{Term: "Kund", Value: "Östra Bageriet AB"}, {Term: "Tomt", Value: ""}},
		Link:  letters.Link{Label: "Visa kunden", Path: "/customers/7/account"}, Why: "Du får det här eftersom du är administratör.",
		Settings: letters.Link{Label: "Ändra aviseringar", Path: "/notifications/preferences"},
	}
)

// read is a letter as a mail program reads it.
type read struct {
	mail.Header
	text, html string
}

func parse(t *testing.T, raw []byte) read {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %s, %v", kind, err)
	}
	r := read{Header: m.Header}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return r
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			r.text = string(body)
		} else {
			r.html = string(body)
		}
	}
}

func TestALetterBecomesAFileRightAfterTheCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		folder := filepath.Join(t.TempDir(), "mail")
		o := open(t, d, letters.Folder(folder).Deliver)
		mail := o.send(maja, decided)
		if m := o.get(mail); m.State != letters.Waiting || o.total(letters.Waiting) != 1 {
			t.Errorf("before: %+v", m)
		}
		o.runDue()
		if m := o.get(mail); m.State != letters.Sent || m.Tries != 1 || m.SentAt.IsZero() || o.total(letters.Waiting) != 0 || o.total(letters.Sent) != 1 {
			t.Errorf("after: %+v", m)
		}
		raw, err := os.ReadFile(filepath.Join(folder, mail+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		r := parse(t, raw)
		subject, err := new(mime.WordDecoder).DecodeHeader(r.Get("Subject"))
		if err != nil || subject != decided.Subject {
			t.Errorf("subject %q, %v", subject, err)
		}
		to, err := r.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Name != "Maja Öst" || to[0].Address != "maja@fjallbageri.example" {
			t.Errorf("to %v, %v", to, err)
		}
		for header, want := range map[string]string{
			"Message-Id": "<" + mail + "@partners.example>", "Content-Language": "sv", "Auto-Submitted": "auto-generated",
			"From": `"Nordhandel Partner" <post@partners.example>`, "Date": "Fri, 20 Nov 2026 09:00:00 +0000",
		} {
			if got := r.Get(header); got != want {
				t.Errorf("%s: %q, want %q", header, got, want)
			}
		}
		for _, want := range []string{"Nu kan du köpa <b>för</b> kunden.", "Kund: Östra Bageriet AB", "Visa kunden\nhttps://partners.example/customers/7/account", "Nordhandel Partner har skickat"} {
			if !strings.Contains(strings.ReplaceAll(r.text, "\r\n", "\n"), want) {
				t.Errorf("the text lacks %q:\n%s", want, r.text)
			}
		}
		for _, want := range []string{`<html lang="sv">`, "&lt;b&gt;för&lt;/b&gt;", `href="https://partners.example/customers/7/account"`, `href="https://partners.example/notifications/preferences"`} {
			if !strings.Contains(r.html, want) {
				t.Errorf("the page lacks %q:\n%s", want, r.html)
			}
		}
		if strings.Contains(r.text+r.html, "Tomt") {
			t.Error("a fact without value is shown")
		}
		same, err := letters.Download.Do(t.Context(), o.Kernel, operator(policy.OperatorSupport), mail)
		if again := parse(t, same); err != nil || again.text != r.text || again.Get("Message-Id") != r.Get("Message-Id") {
			t.Errorf("the operator downloads another letter: %v\n%s", err, same)
		}
	})
}

func TestALetterOfAUnitThatFailsIsNotSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, func(context.Context, op.Letter) error { return errors.New("nobody wrote this") })
		if _, err := write.Do(t.Context(), o.Kernel, agent(), writing{to: maja, c: decided, err: errDown}); !errors.Is(err, errDown) {
			t.Fatal(err)
		}
		o.runDue()
		if n := o.total(""); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
}

// Names are typed by partners and customers; none of them adds a header, a
// recipient or a line.
func TestNoNameAddsAHeader(t *testing.T) {
	evil := []string{
		"Eve\r\nBcc: victim@example.net", "Eve\nBcc: victim@example.net", "Eve\rBcc: victim@example.net",
		"Eve\u2028Bcc: victim@example.net", "Eve\u0085Bcc: victim@example.net", "Eve\x00\r\n\r\n<p>new body", `Eve" <eve@example.net>, "`,
		"Eve <eve@example.net>, victim@example.net", "=?utf-8?q?Eve=0D=0ABcc:_victim=40example.net?=", strings.Repeat("långt ", 90) + "\r\nBcc: v@example.net",
	}
	d := dbtest.SQLite(t)
	folder := t.TempDir()
	o := open(t, d, letters.Folder(folder).Deliver)
	for _, name := range evil {
		o.Post.Product = name
		to := maja
		to.Name = name
		mail := o.send(to, letters.Content{Subject: name, Text: []string{name}, Facts: []letters.Fact{{Term: name, Value: name}}, Link: letters.Link{Label: name, Path: "/x"}})
		o.runDue()
		raw, err := os.ReadFile(filepath.Join(folder, mail+".eml"))
		if err != nil {
			t.Fatalf("%q: %v %s", name, err, o.get(mail).Error)
		}
		r := parse(t, raw)
		if got := r.Get("Bcc") + r.Get("Cc"); got != "" {
			t.Errorf("%q adds a recipient: %s", name, got)
		}
		for header, want := range map[string]string{"To": maja.Address, "From": "post@partners.example"} {
			list, err := r.AddressList(header)
			if err != nil || len(list) != 1 || list[0].Address != want || strings.ContainsAny(list[0].Name, "\r\n") {
				t.Errorf("%q: %s is %v, %v", name, header, list, err)
			}
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(r.Get("Subject"))
		if err != nil || strings.ContainsAny(subject, "\r\n\x00") && !strings.Contains(name, "=?") {
			t.Errorf("%q: subject %q, %v", name, subject, err)
		}
		if allowed := map[string]bool{"Date": true, "Mime-Version": true, "Message-Id": true, "Subject": true, "From": true, "To": true, "Content-Type": true, "Content-Language": true, "Auto-Submitted": true, "X-Auto-Response-Suppress": true}; true {
			for header := range r.Header {
				if !allowed[header] {
					t.Errorf("%q adds the header %s", name, header)
				}
			}
		}
		for line := range strings.Lines(r.text) {
			if strings.HasPrefix(line, "Bcc:") {
				t.Errorf("%q adds a line to the text", name)
			}
		}
		if strings.Contains(r.html, "<p>new") {
			t.Errorf("%q adds to the page", name)
		}
	}
}

// What belongs to a language stays: spaces at which no line ends, and joiners
// without which a name is another.
func TestALineKeepsWhatBelongsToTheLanguage(t *testing.T) {
	o := open(t, dbtest.SQLite(t), nil)
	for given, want := range map[string]string{
		"catégorie\u00a0: x": "catégorie\u00a0: x", "نامه\u200cها": "نامه\u200cها", "a\u202eb\t c": "a b c",
	} {
		if got := o.get(o.send(maja, letters.Content{Subject: given})).Subject; got != want {
			t.Errorf("%q becomes %q", given, got)
		}
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	o := open(t, dbtest.SQLite(t), nil)
	for _, address := range []string{"", "maja", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>", strings.Repeat("a", 300) + "@b.example"} {
		_, err := write.Do(t.Context(), o.Kernel, agent(), writing{to: letters.Recipient{Address: address}, c: decided})
		if !errors.Is(err, letters.ErrAddress) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

var errDown = errors.New("the server is down")

// N6 is due within 30 minutes: a server that comes back in that time has it in
// that time.
func TestALetterIsTriedAgainAndAgainThenGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		down, tried := true, 0
		var soon int
		o := open(t, d, nil)
		o.Post.Deliver = func(_ context.Context, l op.Letter) error {
			tried++
			if o.Clock.Now().Before(start.Add(30 * time.Minute)) {
				soon++
			}
			if down {
				return errDown
			}
			return nil
		}
		mail := o.send(maja, decided)
		o.runDue()
		if m := o.get(mail); m.State != letters.Waiting || m.Tries != 1 || !strings.Contains(m.Error, "down") {
			t.Errorf("after the first try: %+v", m)
		}
		for o.Clock.Now().Before(start.Add(48 * time.Hour)) {
			o.later(time.Minute)
			o.runDue()
		}
		if soon < 5 {
			t.Errorf("%d tries in the first half hour", soon)
		}
		if m := o.get(mail); m.State != letters.Failed || m.Tries != tried || tried < 10 || tried > 20 {
			t.Errorf("after two days and %d tries: %+v", tried, m)
		}
		if o.total(letters.Failed) != 1 || o.total(letters.Waiting) != 0 {
			t.Error("the counters do not follow")
		}
		down = false
		if m, err := letters.Resend.Do(t.Context(), o.Kernel, operator(policy.OperatorSupport), mail); err != nil || m.State != letters.Waiting {
			t.Fatalf("sent again: %+v, %v", m, err)
		}
		o.runDue()
		if m := o.get(mail); m.State != letters.Sent || m.Error != "" || o.total(letters.Failed) != 0 || o.total(letters.Sent) != 1 {
			t.Errorf("in the end: %+v", m)
		}
		if _, err := letters.Resend.Do(t.Context(), o.Kernel, operator(policy.OperatorAdmin), mail); err != nil || o.get(mail).State != letters.Sent {
			t.Errorf("a mail that was sent is sent again: %v", err)
		}
	})
}

// What a server took before the program ended is delivered again under the same
// name, so that the server can tell; it is noted once.
func TestACrashInTheMiddleOfADeliveryRepeatsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var took []string
		o := open(t, d, func(_ context.Context, l op.Letter) error {
			took = append(took, l.ID)
			if len(took) == 1 {
				panic("the program ends")
			}
			return nil
		})
		mail := o.send(maja, decided)
		o.runDue()
		o.later(time.Minute)
		o.runDue()
		o.later(time.Hour)
		o.runDue()
		if !slices.Equal(took, []string{mail, mail}) || o.total(letters.Sent) != 1 {
			t.Errorf("delivered %v, %d sent", took, o.total(letters.Sent))
		}
	})
}

func TestAProcessWithoutCarrierLeavesMailToTheNext(t *testing.T) {
	d := dbtest.SQLite(t)
	o := open(t, d, nil)
	mail := o.send(maja, decided)
	o.runDue()
	if m := o.get(mail); m.State != letters.Waiting || m.Reason != letters.NoPost {
		t.Errorf("%+v", m)
	}
	o.Post.Deliver = func(context.Context, op.Letter) error { return nil }
	o.later(2 * time.Minute)
	o.runDue()
	if m := o.get(mail); m.State != letters.Sent {
		t.Errorf("%+v", m)
	}
}

func TestTheOperatorTurnsPagesOfMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d, func(context.Context, op.Letter) error { return nil })
		var sent []string
		for i := range 7 {
			sent = append(sent, o.send(maja, letters.Content{Subject: fmt.Sprint("nr ", i)}))
			if i == 4 {
				o.runDue()
			}
		}
		slices.Reverse(sent)
		list := func(p letters.Page) (ids []string, l letters.Listing) {
			t.Helper()
			l, err := letters.List.Do(t.Context(), o.Kernel, operator(policy.OperatorAdmin), p)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range l.Mails {
				ids = append(ids, m.ID)
			}
			return ids, l
		}
		for _, c := range []struct {
			page         letters.Page
			want         []string
			newer, older bool
			total        int64
		}{
			{letters.Page{Limit: 3}, sent[:3], false, true, 7},
			{letters.Page{Limit: 3, After: sent[2]}, sent[3:6], true, true, 7},
			{letters.Page{Limit: 3, After: sent[5]}, sent[6:], true, false, 7},
			{letters.Page{Limit: 3, Before: sent[6]}, sent[3:6], true, true, 7},
			{letters.Page{Limit: 3, Before: sent[3]}, sent[:3], false, true, 7},
			{letters.Page{State: letters.Waiting}, sent[:2], false, false, 2},
			{letters.Page{State: letters.Sent, Limit: 2}, sent[2:4], false, true, 5},
			{letters.Page{State: letters.Failed}, nil, false, false, 0},
		} {
			if got, l := list(c.page); !slices.Equal(got, c.want) || l.Newer != c.newer || l.Older != c.older || l.Total != c.total {
				t.Errorf("%+v: %v newer %v older %v total %d", c.page, got, l.Newer, l.Older, l.Total)
			}
		}
	})
}

func TestMailIsForTheOperatorAlone(t *testing.T) {
	o := open(t, dbtest.SQLite(t), nil)
	mail := o.send(maja, decided)
	for _, a := range []op.Actor{agent(), operator(policy.OperatorReviewer), {Kind: policy.Customer, Tenant: "c", User: "x", Roles: policy.CustomerAdmin}} {
		_, list := letters.List.Do(t.Context(), o.Kernel, a, letters.Page{})
		_, get := letters.Get.Do(t.Context(), o.Kernel, a, mail)
		_, file := letters.Download.Do(t.Context(), o.Kernel, a, mail)
		_, again := letters.Resend.Do(t.Context(), o.Kernel, a, mail)
		for _, err := range []error{list, get, file, again} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%v %v: %v", a.Kind, a.Roles.Names(), err)
			}
		}
	}
	if _, err := letters.Get.Do(t.Context(), o.Kernel, operator(policy.OperatorAdmin), string(id.Tenant("no-such"))); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a mail that is none: %v", err)
	}
}

func TestWhatWasSentIsForgottenAfterThreeMonths(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ok := true
		o := open(t, d, func(context.Context, op.Letter) error {
			if ok {
				return nil
			}
			return &letters.Failure{Reason: letters.NoRecipient, Final: true}
		})
		o.send(maja, decided)
		o.runDue()
		ok = false
		failed := o.send(maja, decided)
		o.runDue()
		ok = true
		o.later(89 * 24 * time.Hour)
		recent := o.send(maja, decided)
		o.runDue()
		if n := o.total(""); n != 3 {
			t.Errorf("after 89 days %d mails are left", n)
		}
		o.later(2 * 24 * time.Hour)
		o.runDue()
		if n := o.total(letters.Sent); n != 1 || o.get(recent).State != letters.Sent || o.get(failed).State != letters.Failed {
			t.Errorf("after 91 days %d mails are left", n)
		}
	})
}
