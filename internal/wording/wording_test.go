package wording_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/wording"
)

var editor = op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: policy.OperatorAdmin, User: "chef", UserName: "chef@drift.example", Channel: op.ViaPortal}

// begin is how a message of a kind begins.
var begin = op.Define(op.Spec{Name: "test.begin", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, k wording.Kind) (wording.Drafts, error) {
		return wording.Of(ctx, u.Tx, k)
	})

func must[I, O any](t *testing.T, o *op.Operation[I, O], k *op.Kernel, a op.Actor, in I) O {
	t.Helper()
	out, err := o.Do(t.Context(), k, a, in)
	if err != nil {
		t.Fatalf("%T: %v", in, err)
	}
	return out
}

var values = map[string]string{wording.Partner: "Atelier {Link}", wording.Provider: "Nordmolnet AB", wording.Recipient: "Maja", wording.Link: "https://c.example/?inv=1"}

func TestEveryDraftThatTheProgramHasIsComplete(t *testing.T) { // E2, E18
	k := op.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler))
	for _, kind := range wording.Kinds() {
		for _, language := range lang.Tags() {
			subject, text := must(t, begin, k, editor, kind).Say(language, values)
			if strings.Count(text, values[wording.Link]) != 1 || !strings.Contains(text, "Maja") || strings.ContainsAny(subject, "\n") || strings.Contains(text, "{Recipient}") {
				t.Errorf("%s in %s: %q, %q", kind, language, subject, text)
			}
			if _, text := must(t, begin, k, editor, kind).Say(language, map[string]string{wording.Recipient: "", wording.Link: "x"}); strings.Contains(text, " ,") {
				t.Errorf("%s in %s to nobody: %q", kind, language, text)
			}
		}
	}
}

// The operator writes a draft anew; it has to keep the link (V-10, RF-22).
func TestTheOperatorWritesDrafts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := op.New(d, slog.New(slog.DiscardHandler))
		key := wording.Key{Kind: wording.Own, Language: "sv"}
		for _, c := range []struct {
			subject, body, field string
			want                 *fault.Error
		}{
			{"", "{Link}", "subject", wording.ErrSubject},
			{"a\nb", "{Link}", "subject", wording.ErrSubjectLine},
			{"Hej", "Hej {Recipient}", "body", wording.ErrLink},
			{"Hej", "{Link} {Link}", "body", wording.ErrLink},
			{"Hej", "Öppna {Link}nu", "body", wording.ErrLink},
			{"Hej", "Öppna {Link}/{Partner}", "body", wording.ErrLink},
			{"Hej", "Öppna {Link}{Recipient}", "body", wording.ErrLink},
			{"Hej", "{Provider} {Link}", "body", wording.ErrPlaceholder},
			{"Hej {Link}", "{Link}", "subject", wording.ErrPlaceholder},
			{"Hej", strings.Repeat("å", wording.BodyMax) + "{Link}", "body", wording.ErrLong},
		} {
			_, err := wording.Update.Do(t.Context(), k, editor, wording.Change{Key: key, Text: wording.Text{Subject: c.subject, Body: c.body}})
			if all := fault.All(err); len(all) != 1 || all[0].Key != c.want.Key || all[0].Field != c.field {
				t.Errorf("%q, %q: %v", c.subject, c.body, err)
			}
		}
		own := wording.Text{Subject: "{Partner} hälsar", Body: "Hej {Recipient}!\n\n{Link}\n\n{Partner}"}
		if got := must(t, wording.Update, k, editor, wording.Change{Key: key, Text: own}); got.Own == nil || got.Own.ChangedBy != editor.UserName {
			t.Errorf("kept %+v", got)
		}
		must(t, wording.Update, k, editor, wording.Change{Key: wording.Key{Kind: wording.Own, Language: "en"}, Text: wording.Text{Subject: "Hi", Body: "Open {Link}!"}})
		drafts := must(t, begin, k, editor, wording.Own)
		if subject, text := drafts.Say("sv", values); subject != "Atelier {Link} hälsar" || text != "Hej Maja!\n\n"+values[wording.Link]+"\n\nAtelier {Link}" {
			t.Errorf("%q, %q", subject, text)
		}
		if _, text := drafts.Say("sv", map[string]string{wording.Recipient: ""}); !strings.HasPrefix(text, "Hej!") {
			t.Errorf("to nobody: %q", text)
		}
		if _, text := drafts.Say("fr", values); !strings.HasPrefix(text, "Bonjour Maja") {
			t.Errorf("the French one changed as well: %q", text)
		}
		if got := must(t, wording.Reset, k, editor, key); got.Own != nil || !strings.HasPrefix(got.Text().Body, "Hej {Recipient},") {
			t.Errorf("reset to %+v", got)
		}
	})
}
