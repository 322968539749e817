package archive

import (
	"context"
	"log/slog"
	"testing"

	"comptoir/internal/activity"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/op"
)

var note = op.Define(op.Spec{Name: "test.note", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, text string) (struct{}, error) {
		return struct{}{}, u.Record(ctx, op.Record{Operation: "add_customer", Resource: "customer", Customer: "c", CustomerName: text, New: text})
	})

// The chain of the activity log is about what was done, not about the engine
// that keeps it.
func TestTheSealedLogVerifiesInTheOtherEngine(t *testing.T) {
	kernel := func(d *db.DB) *op.Kernel { return op.New(d, slog.New(slog.DiscardHandler)) }
	system := op.System("t", 0, op.ViaCLI)
	from := kernel(dbtest.SQLite(t))
	for _, text := range texts {
		if _, err := note.Do(t.Context(), from, system, text); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := activity.Verify(t.Context(), from, system)
	if err != nil || sealed.Records != int64(len(texts)) {
		t.Fatal(sealed, err)
	}
	to := kernel(dbtest.Postgres(t))
	bring(t, to.DB, export(t, from.DB))
	if moved, err := activity.Verify(t.Context(), to, system, sealed.Head); err != nil || moved.Broken != nil || moved.Head != sealed.Head {
		t.Errorf("after the move %+v, %v; before it %+v", moved, err, sealed)
	}
}
