package notice

import (
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/lang"
	"comptoir/internal/mail"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Letter is a kind of mail in one language, with its wordings.
type Letter struct {
	Kind, Language string
	Category       Category
	// BuiltIn is what the program comes with; Text is what the operator has written,
	// nil when he has not.
	BuiltIn Wording
	Text    *Text
	// Placeholders are the names that may stand in it; Linked says that the link has to.
	Placeholders []string
	Linked       bool
}

// Wording is what l says now.
func (l Letter) Wording() Wording {
	if l.Text != nil {
		return l.Text.Wording
	}
	return l.BuiltIn
}

// LetterKey names a kind of mail in a language.
type LetterKey struct{ Kind, Language string }

// row returns the row of k, or refusal.NotFound when there is no such mail.
func (k LetterKey) row() (Row, *lang.Printer, error) {
	r, ok := written[k.Kind]
	if !ok || !slices.Contains(lang.Tags(), k.Language) {
		return r, nil, refusal.NotFound
	}
	return r, lang.For(k.Language), nil
}

func (k LetterKey) letter(ctx context.Context, t *db.Tx) (Letter, error) {
	l, err := k.published()
	if err != nil {
		return Letter{}, err
	}
	text, found, err := readText(ctx, t, k.Kind, k.Language)
	if found {
		l.Text = &text
	}
	return l, err
}

// published is a letter as the program comes with it.
func (k LetterKey) published() (Letter, error) {
	r, p, err := k.row()
	if err != nil {
		return Letter{}, err
	}
	return Letter{Kind: k.Kind, Language: k.Language, Category: r.Category, BuiltIn: r.builtIn(p), Placeholders: r.Placeholders(), Linked: r.Path != nil}, nil
}

// ListLetters returns every kind of mail of this version in every language,
// sorted by kind (portal V-10).
var ListLetters = op.Define(op.Spec{Name: "message.list", Action: "message.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Letter, error) {
		own, err := readTexts(ctx, u.Tx)
		if err != nil {
			return nil, err
		}
		var all []Letter
		for kind := range written {
			for _, language := range lang.Tags() {
				key := LetterKey{kind, language}
				l, err := key.published()
				if err != nil {
					return nil, err
				}
				l.Text = own[key]
				all = append(all, l)
			}
		}
		slices.SortFunc(all, func(a, b Letter) int { return strings.Compare(a.Kind+" "+a.Language, b.Kind+" "+b.Language) })
		return all, nil
	})

// GetLetter returns one kind of mail in one language.
var GetLetter = op.Define(op.Spec{Name: "message.get", Action: "message.view"},
	func(ctx context.Context, u *op.Unit, in LetterKey) (Letter, error) { return in.letter(ctx, u.Tx) })

// NewWording is what the operator writes.
type NewWording struct {
	LetterKey
	Wording
}

var (
	putText = db.SQL(`INSERT INTO mail_texts (kind, language, subject, many, body, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (kind, language) DO UPDATE SET subject = excluded.subject, many = excluded.many, body = excluded.body,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by`)
	dropText = db.SQL(`DELETE FROM mail_texts WHERE kind = $1 AND language = $2`)
)

// ChangeLetter has mail of a kind say what the operator writes, from the next one
// on. It answers with all faults of the input at once; what is as the program has
// it anyway is kept as that.
var ChangeLetter = op.Define(op.Spec{Name: "message.update", Action: "message.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewWording) (Letter, error) {
		r, _, err := in.row()
		if err != nil {
			return Letter{}, err
		}
		w, faults := r.check(in.Wording)
		if err := faults.Err(); err != nil {
			return Letter{}, err
		}
		old, err := in.letter(ctx, u.Tx)
		if err != nil || old.Wording() == w {
			return old, err
		}
		if w == old.BuiltIn {
			return resetLetter(ctx, u, in.LetterKey)
		}
		if _, err := u.Exec(ctx, putText, in.Kind, in.Language, w.Subject, w.Many, w.Body, db.Micros(u.Now), u.Actor.UserName); err != nil {
			return Letter{}, err
		}
		return in.record(ctx, u, "update_mail_text", old.Wording(), w)
	})

// ResetLetter has mail of a kind say again what the program comes with.
var ResetLetter = op.Define(op.Spec{Name: "message.reset", Action: "message.update", Write: true}, resetLetter)

func resetLetter(ctx context.Context, u *op.Unit, in LetterKey) (Letter, error) {
	old, err := in.letter(ctx, u.Tx)
	if err != nil || old.Text == nil {
		return old, err
	}
	if _, err := u.Exec(ctx, dropText, in.Kind, in.Language); err != nil {
		return Letter{}, err
	}
	return in.record(ctx, u, "reset_mail_text", old.Wording(), old.BuiltIn)
}

func (k LetterKey) record(ctx context.Context, u *op.Unit, operation string, old, now Wording) (Letter, error) {
	err := u.Record(ctx, op.Record{
		Operation: operation, Resource: "mail", Old: old, New: now, Data: map[string]string{"kind": k.Kind, "language": k.Language},
	})
	if err != nil {
		return Letter{}, err
	}
	return k.letter(ctx, u.Tx)
}

// PreviewLetter returns a mail with an example of what happened, in the words of
// the input. It refuses what ChangeLetter refuses.
var PreviewLetter = op.Define(op.Spec{Name: "message.preview", Action: "message.view"},
	func(ctx context.Context, u *op.Unit, in NewWording) (mail.Mail, error) {
		r, p, err := in.row()
		if err != nil {
			return mail.Mail{}, err
		}
		c, err := in.example(u, r, p)
		if err != nil {
			return mail.Mail{}, err
		}
		return mail.Render(ctx, u, p, c)
	})

// TryLetter sends the mail of PreviewLetter to the actor.
var TryLetter = op.Define(op.Spec{Name: "message.try", Action: "message.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewWording) (string, error) {
		r, p, err := in.row()
		if err != nil {
			return "", err
		}
		c, err := in.example(u, r, p)
		if err != nil {
			return "", err
		}
		own, err := preferencesOf(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return "", err
		}
		to := mail.Recipient{Tenant: u.Actor.Tenant, User: u.Actor.User, Address: own.Address, Name: own.name, Language: in.Language}
		if _, err := mail.Send(ctx, u, in.Kind, to, c); err != nil {
			return "", err
		}
		return own.Address, u.Record(ctx, op.Record{Operation: "try_mail_text", Resource: "mail", Data: map[string]string{"kind": in.Kind, "language": in.Language}})
	})

// example is a letter about something that did not happen.
func (in NewWording) example(u *op.Unit, r Row, p *lang.Printer) (mail.Content, error) {
	w, faults := r.check(in.Wording)
	if err := faults.Err(); err != nil {
		return mail.Content{}, err
	}
	f := exampleFacts(p, u.Now)
	if r.Kind == "qualification.denied" {
		f["Reason"] = f["Text"]
	}
	c := content(p, r, []Facts{f})
	if w != r.builtIn(p) {
		w.say(p, r, f, 1, &c)
	}
	return r.explain(p, f, c), nil
}

// exampleFacts are what mails speak of, as it might be.
func exampleFacts(p *lang.Printer, now time.Time) Facts {
	name, of := p.T("messages.example.person"), p.T("messages.example.customer")
	first, last, _ := strings.Cut(name, " ")
	return Facts{
		factCustomer: of, factCustomerID: "01900000-0000-7000-8000-000000000000", "PartnerName": p.T("messages.example.partner"),
		"By": "alex@example.com", "Name": name, "Person.FirstName": first, "Person.LastName": last,
		"Reason": "name_mismatch", "Text": p.T("messages.example.reason"),
		"Version": "2.0", "AgreedAt": now.Format(time.RFC3339), "EnforcedAt": now.AddDate(0, 0, 30).Format(time.RFC3339), "Days": "30", "Customers": "12",
		"Until": now.Add(codeTime).Format(time.RFC3339), "Code": "EXAMPLE",
	}
}
