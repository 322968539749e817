package notice_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/notice"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

var approved = notice.LetterKey{Kind: "verification.approved", Language: "sv"}

// own is a text that the operator writes for an approved account.
var own = notice.NewWording{LetterKey: approved, Wording: notice.Wording{
	Subject: "Klart: {Customer}", Many: "Klart: {N} kunder",
	Body: "Granskningen av\n{Customer} är klar.\n\n{Link}\n\nHälsningar från Nordhandel",
}}

func TestMailSaysWhatTheOperatorWrites(t *testing.T) { // V-10
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		decided := happening{"verification-decided", facts{"By": submitted, "Status": "Allowed"}, ""}
		l := do(w, "olle", notice.GetLetter, approved)
		if l.Text != nil || l.BuiltIn.Subject != "{Customer} är godkänd" || l.BuiltIn.Many != "{N} kunder är godkända" || !strings.HasSuffix(l.BuiltIn.Body, "\n\n{Link}") {
			t.Errorf("built in: %+v", l)
		}
		if l = do(w, "olle", notice.ChangeLetter, own); l.Text == nil || l.Wording() != own.Wording || l.Text.ChangedBy != "olle@nordhandel.example" {
			t.Fatalf("changed: %+v", l)
		}
		w.happens(decided)
		w.runDue()
		for _, letter := range w.box {
			if letter.Language != "sv" {
				if strings.HasPrefix(letter.Subject, "Klart") {
					t.Errorf("the text of one language is sent in %s", letter.Language)
				}
				continue
			}
			for _, want := range []string{"Granskningen av Östra Bageriet AB är klar.", "Visa kontot\nhttps://partners.example/customers/", "Hälsningar från Nordhandel"} {
				if !strings.Contains(letter.Text, want) {
					t.Errorf("%q is not in %s", want, letter.Text)
				}
			}
			if letter.Subject != "Klart: Östra Bageriet AB" || strings.Index(letter.HTML, "Hälsningar") < strings.Index(letter.HTML, "Visa kontot") {
				t.Errorf("%s: %s", letter.Subject, letter.HTML)
			}
		}
		w.box = nil
		w.happens(slices.Repeat([]happening{decided}, 3)...)
		w.runDue()
		if !slices.ContainsFunc(w.box, func(l op.Letter) bool { return l.Subject == "Klart: 3 kunder" }) {
			t.Errorf("several: %v", w.box)
		}

		if l = do(w, "olle", notice.ResetLetter, approved); l.Text != nil {
			t.Errorf("reset: %+v", l)
		}
		w.box = nil
		w.happens(decided)
		w.runDue()
		if !slices.ContainsFunc(w.box, func(l op.Letter) bool { return l.Subject == "Östra Bageriet AB är godkänd" }) {
			t.Errorf("after the reset: %v", w.box)
		}
		if log := w.log(); !slices.Equal(log, []string{"update_mail_text", "reset_mail_text"}) {
			t.Errorf("recorded are %v", log)
		}
	})
}

// A text that is as the program has it is no text of the operator: a newer
// program may say it better.
func TestTheBuiltInTextIsNotKept(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	do(w, "olle", notice.ChangeLetter, own)
	back := notice.NewWording{LetterKey: approved, Wording: do(w, "olle", notice.GetLetter, approved).BuiltIn}
	if l := do(w, "olle", notice.ChangeLetter, back); l.Text != nil {
		t.Errorf("%+v", l)
	}
	if l := do(w, "olle", notice.ChangeLetter, back); l.Text != nil || len(w.log()) != 2 {
		t.Errorf("what changes nothing is recorded: %v", w.log())
	}
}

func TestTextsAreChecked(t *testing.T) { // V-10: placeholders check, link placeholder mandatory
	w := newWorld(t, dbtest.SQLite(t))
	for _, c := range []struct {
		name   string
		change func(in *notice.NewWording)
		want   *fault.Error
		field  string
	}{
		{"no subject", func(in *notice.NewWording) { in.Subject = "  " }, notice.ErrSubject, "subject"},
		{"a second line in the subject", func(in *notice.NewWording) { in.Subject = "Klart\r\nBcc: eve@example.net" }, notice.ErrSubjectLine, "subject"},
		{"a long subject", func(in *notice.NewWording) { in.Subject = strings.Repeat("å", notice.SubjectMax+1) }, notice.ErrLong, "subject"},
		{"an unknown placeholder", func(in *notice.NewWording) { in.Subject = "{Kund}" }, notice.ErrPlaceholder, "subject"},
		{"the link in the subject", func(in *notice.NewWording) { in.Subject = "{Link}" }, notice.ErrPlaceholder, "subject"},
		{"a brace that is left open", func(in *notice.NewWording) { in.Body += " {Customer" }, notice.ErrPlaceholder, "body"},
		{"a brace that was not opened", func(in *notice.NewWording) { in.Body += " Customer}" }, notice.ErrPlaceholder, "body"},
		{"a template of the program", func(in *notice.NewWording) { in.Body += " {{.Customer}}" }, notice.ErrPlaceholder, "body"},
		{"several without their number", func(in *notice.NewWording) { in.Many = "Klart" }, notice.ErrCount, "many"},
		{"no link", func(in *notice.NewWording) { in.Body = "Klart." }, notice.ErrLink, "body"},
		{"the link in a sentence", func(in *notice.NewWording) { in.Body = "Klart: {Link}" }, notice.ErrLinkPlace, "body"},
		{"two links", func(in *notice.NewWording) { in.Body = "{Link}\n\n{Link}" }, notice.ErrLinkPlace, "body"},
		{"a long text", func(in *notice.NewWording) { in.Body += strings.Repeat("ord ", notice.BodyMax/4) }, notice.ErrLong, "body"},
		{"no text", func(in *notice.NewWording) { in.Body = "" }, notice.ErrBody, "body"},
		{"no such mail", func(in *notice.NewWording) { in.Kind = "verification.opened" }, refusal.NotFound, ""},
		{"no such language", func(in *notice.NewWording) { in.Language = "de" }, refusal.NotFound, ""},
	} {
		in := own
		c.change(&in)
		_, err := notice.ChangeLetter.Do(t.Context(), w.Kernel, w.people["olle"], in)
		if faults := fault.All(err); !errors.Is(err, c.want) || len(faults) != 1 || faults[0].Field != c.field {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, preview := notice.PreviewLetter.Do(t.Context(), w.Kernel, w.people["olle"], in); !errors.Is(preview, c.want) {
			t.Errorf("%s: the preview says %v", c.name, preview)
		}
	}
	bad := own
	bad.Subject, bad.Many, bad.Body = "", "", ""
	_, err := notice.ChangeLetter.Do(t.Context(), w.Kernel, w.people["olle"], bad)
	if len(fault.All(err)) != 3 {
		t.Errorf("not all at once: %v", err)
	}
}

// Whatever a name looks like, it adds no placeholder, no line and no header.
func TestANameIsNoPlaceholder(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	do(w, "olle", notice.ChangeLetter, own)
	w.happens(happening{"verification-decided", facts{"By": submitted, "Status": "Allowed", "CustomerName": "{Link} {N}\r\nBcc: eve@example.net <b>"}, ""})
	w.runDue()
	for _, l := range w.box {
		if l.Language == "sv" && (l.Subject != "Klart: {Link} {N} Bcc: eve@example.net <b>" || strings.Contains(l.HTML, "<b>") || strings.Contains(l.Text, "\nBcc")) {
			t.Errorf("%q: %s", l.Subject, l.Text)
		}
	}
	if len(w.box) == 0 {
		t.Error("nobody was written to")
	}
}

// Every mail of this version can be written anew in every language, shows an
// example, and what the program has passes its own checks.
func TestEveryMailHasItsTextAndExample(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	all := do(w, "rita", notice.ListLetters, struct{}{})
	kinds := map[string]bool{"account.address": true}
	for _, r := range notice.Rows() {
		if r.Mail {
			kinds[r.Kind] = true
		}
	}
	if len(all) != 3*len(kinds) {
		t.Errorf("%d letters for %d kinds", len(all), len(kinds))
	}
	for _, l := range all {
		in := notice.NewWording{LetterKey: notice.LetterKey{Kind: l.Kind, Language: l.Language}, Wording: l.BuiltIn}
		builtIn := do(w, "rita", notice.PreviewLetter, in)
		in.Body += "\n\n***"
		changed := do(w, "rita", notice.PreviewLetter, in)
		for _, m := range []string{builtIn.Subject + builtIn.Text, changed.Subject + changed.Text} {
			if found := foreign.FindString(m); !kinds[l.Kind] || found != "" || strings.ContainsAny(m, "{}") {
				t.Errorf("%s %s: %q in %s", l.Kind, l.Language, found, m)
			}
		}
		if !strings.Contains(changed.Text, "***") || changed.Subject != builtIn.Subject {
			t.Errorf("%s %s: %s", l.Kind, l.Language, changed.Text)
		}
	}
}

func TestWhoWritesTexts(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for _, who := range []string{"rita", "gunnar", "carla"} {
		_, change := notice.ChangeLetter.Do(t.Context(), w.Kernel, w.people[who], own)
		_, reset := notice.ResetLetter.Do(t.Context(), w.Kernel, w.people[who], approved)
		_, try := notice.TryLetter.Do(t.Context(), w.Kernel, w.people[who], own)
		_, read := notice.GetLetter.Do(t.Context(), w.Kernel, w.people[who], approved)
		for _, err := range []error{change, reset, try} {
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: %v", who, err)
			}
		}
		if (read == nil) != (w.people[who].Kind == policy.Operator) {
			t.Errorf("%s reads: %v", who, read)
		}
	}
	if to := do(w, "olle", notice.TryLetter, own); to != "olle@nordhandel.example" {
		t.Errorf("the example goes to %s", to)
	}
	w.runDue()
	if got := w.mailed(); !slices.Equal(got, []string{"olle sv"}) || w.box[0].Subject != "Klart: "+lang.For("sv").T("messages.example.customer") {
		t.Errorf("mail goes to %v", got)
	}
}
