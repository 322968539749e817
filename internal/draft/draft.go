// Package draft keeps what people have typed into long forms and not sent yet,
// for a day, so that nothing is lost when somebody is called away (portal 0.4).
package draft

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/op"
)

// Lifetime is how long a draft is kept after it was saved last.
const Lifetime = 24 * time.Hour

// MaxSize is how long the content of a draft may be, in bytes.
const MaxSize = 64 << 10

// ErrTooLong refuses a draft that is longer than MaxSize.
var ErrTooLong = fault.New(fault.TooLarge, "800002", "draft.long")

// Draft is what the actor has typed into a form. The form gives its content the
// shape that it wants.
type Draft struct {
	Form    string
	Content string
	SavedAt time.Time // zero when there is no draft
}

var (
	putDraft = db.SQL(`INSERT INTO drafts (tenant_id, user_id, form, content, saved_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (tenant_id, user_id, form) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`)
	readDraft  = db.SQL(`SELECT content, saved_at FROM drafts WHERE tenant_id = $1 AND user_id = $2 AND form = $3`)
	dropDraft  = db.SQL(`DELETE FROM drafts WHERE tenant_id = $1 AND user_id = $2 AND form = $3`)
	dropDrafts = db.SQL(`DELETE FROM drafts WHERE saved_at < $1`)
)

// Save keeps a draft of the actor in place of the one that he has of the form,
// and forgets the drafts of everybody that are too old. It refuses one that is
// longer than MaxSize with ErrTooLong.
var Save = op.Define(op.Spec{Name: "draft.save", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Draft) (struct{}, error) {
		if len(in.Content) > MaxSize {
			return struct{}{}, ErrTooLong
		}
		if _, err := u.Exec(ctx, dropDrafts, db.Micros(u.Now.Add(-Lifetime))); err != nil {
			return struct{}{}, err
		}
		_, err := u.Exec(ctx, putDraft, u.Actor.Tenant, u.Actor.User, in.Form, in.Content, db.Micros(u.Now))
		return struct{}{}, err
	})

// Load returns the draft that the actor has of a form. Without one, or when it
// is too old, SavedAt is zero.
var Load = op.Define(op.Spec{Name: "draft.load", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, form string) (Draft, error) {
		d := Draft{Form: form}
		var saved int64
		found, err := u.Found(ctx, readDraft, []any{u.Actor.Tenant, u.Actor.User, form}, &d.Content, &saved)
		if err != nil || !found || u.Now.Sub(db.Time(saved)) > Lifetime {
			return Draft{Form: form}, err
		}
		d.SavedAt = db.Time(saved)
		return d, nil
	})

// Drop forgets the draft that the actor has of a form.
var Drop = op.Define(op.Spec{Name: "draft.drop", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, form string) (struct{}, error) {
		_, err := u.Exec(ctx, dropDraft, u.Actor.Tenant, u.Actor.User, form)
		return struct{}{}, err
	})
