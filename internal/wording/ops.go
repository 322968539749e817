package wording

import (
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

var (
	textsOf = db.SQL(`SELECT language, subject, body, changed_at, changed_by FROM letter_texts WHERE kind = $1`)
	putText = db.SQL(`INSERT INTO letter_texts (kind, language, subject, body, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (kind, language) DO UPDATE SET subject = excluded.subject, body = excluded.body,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by`)
	dropText = db.SQL(`DELETE FROM letter_texts WHERE kind = $1 AND language = $2`)
)

// written returns what the operator has written of a kind, by language.
func (k Kind) written(ctx context.Context, t *db.Tx) (map[string]Written, error) {
	type keyed struct {
		Written
		language string
	}
	all, err := db.All(ctx, t, textsOf, []any{k}, func(row db.Row) (keyed, error) {
		var one keyed
		var at int64
		err := row.Scan(&one.language, &one.Subject, &one.Body, &at, &one.ChangedBy)
		one.ChangedAt = db.Time(at)
		return one, err
	})
	texts := make(map[string]Written, len(all))
	for _, one := range all {
		texts[one.language] = one.Written
	}
	return texts, err
}

// Of returns the drafts of a kind, those of the operator where he has written any.
func Of(ctx context.Context, t *db.Tx, k Kind) (Drafts, error) {
	written, err := k.written(ctx, t)
	d := Drafts{kind: k, own: make(map[string]Text, len(written))}
	for language, w := range written {
		d.own[language] = w.Text
	}
	return d, err
}

// Key names a draft.
type Key struct {
	Kind     Kind
	Language string
}

// Draft is a draft as the operator sees it. Own is what he has written, nil when he
// has not.
type Draft struct {
	Key
	BuiltIn Text
	Own     *Written
}

// Text is what d says now.
func (d Draft) Text() Text {
	if d.Own != nil {
		return d.Own.Text
	}
	return d.BuiltIn
}

func (k Key) draft(ctx context.Context, t *db.Tx) (Draft, error) {
	if !slices.Contains(Kinds(), k.Kind) || !slices.Contains(lang.Tags(), k.Language) {
		return Draft{}, refusal.NotFound
	}
	d := Draft{Key: k, BuiltIn: k.Kind.builtIn(lang.For(k.Language))}
	written, err := k.Kind.written(ctx, t)
	if own, found := written[k.Language]; found {
		d.Own = &own
	}
	return d, err
}

// List returns the drafts of all kinds in all languages, in this order (V-10).
var List = op.Define(op.Spec{Name: "message.draft.list", Action: "message.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Draft, error) {
		var all []Draft
		for _, kind := range Kinds() {
			for _, language := range lang.Tags() {
				d, err := Key{kind, language}.draft(ctx, u.Tx)
				if err != nil {
					return nil, err
				}
				all = append(all, d)
			}
		}
		return all, nil
	})

// Get returns one draft, or refusal.NotFound.
var Get = op.Define(op.Spec{Name: "message.draft.get", Action: "message.view"},
	func(ctx context.Context, u *op.Unit, in Key) (Draft, error) { return in.draft(ctx, u.Tx) })

// Change is the input of Update.
type Change struct {
	Key
	Text
}

// Update has new messages begin with what the operator writes. It refuses, all at
// once: ErrSubject, ErrSubjectLine, ErrLink, ErrLong and ErrPlaceholder. What is as
// the program has it anyway is kept as that.
var Update = op.Define(op.Spec{Name: "message.draft.update", Action: "message.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Change) (Draft, error) {
		old, err := in.draft(ctx, u.Tx)
		if err != nil {
			return Draft{}, err
		}
		if err := in.Kind.check(&in.Text); err != nil {
			return Draft{}, err
		}
		switch in.Text {
		case old.Text():
			return old, nil
		case old.BuiltIn:
			return reset(ctx, u, in.Key)
		}
		if _, err := u.Exec(ctx, putText, in.Kind, in.Language, in.Subject, in.Body, db.Micros(u.Now), u.Actor.UserName); err != nil {
			return Draft{}, err
		}
		return in.record(ctx, u, "update_letter_text", old.Text(), in.Text)
	})

// Reset has new messages begin again with what the program comes with.
var Reset = op.Define(op.Spec{Name: "message.draft.reset", Action: "message.update", Write: true}, reset)

func reset(ctx context.Context, u *op.Unit, in Key) (Draft, error) {
	old, err := in.draft(ctx, u.Tx)
	if err != nil || old.Own == nil {
		return old, err
	}
	if _, err := u.Exec(ctx, dropText, in.Kind, in.Language); err != nil {
		return Draft{}, err
	}
	return in.record(ctx, u, "reset_letter_text", old.Text(), old.BuiltIn)
}

func (k Key) record(ctx context.Context, u *op.Unit, operation string, old, now Text) (Draft, error) {
	err := u.Record(ctx, op.Record{
		Operation: operation, Resource: "mail", Old: old, New: now, Data: map[string]string{"kind": string(k.Kind), "language": k.Language},
	})
	if err != nil {
		return Draft{}, err
	}
	return k.draft(ctx, u.Tx)
}
