package draft_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/draft"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

func person(user id.User) op.Actor {
	return op.Actor{Kind: policy.Partner, Org: policy.DirectBill, Tenant: "0b5e2f6e-0001-7000-8000-000000000001", Roles: policy.SalesAgent, User: user}
}

func TestADraftIsKeptForADayAndForItsPersonAlone(t *testing.T) { // portal 0.4
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := op.New(d, slog.New(slog.DiscardHandler))
		k.Clock = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
		ada, ben := person("ada"), person("ben")
		save := func(a op.Actor, content string) {
			t.Helper()
			if _, err := draft.Save.Do(t.Context(), k, a, draft.Draft{Form: "customer", Content: content}); err != nil {
				t.Fatal(err)
			}
		}
		load := func(a op.Actor) draft.Draft {
			t.Helper()
			got, err := draft.Load.Do(t.Context(), k, a, "customer")
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		save(ada, "Nordlys")
		save(ada, "Nordlys AB")
		if got := load(ada); got.Content != "Nordlys AB" || !got.SavedAt.Equal(k.Clock.Now()) {
			t.Errorf("the draft is %+v", got)
		}
		if got := load(ben); !got.SavedAt.IsZero() || got.Content != "" {
			t.Errorf("somebody else reads it: %+v", got)
		}
		k.Clock.Advance(draft.Lifetime + time.Second)
		if got := load(ada); !got.SavedAt.IsZero() || got.Content != "" {
			t.Errorf("after a day it is still there: %+v", got)
		}
		save(ben, "Fjord")
		if _, err := draft.Drop.Do(t.Context(), k, ben, "customer"); err != nil {
			t.Fatal(err)
		}
		if got := load(ben); !got.SavedAt.IsZero() {
			t.Errorf("a dropped draft is %+v", got)
		}
	})
}

func TestADraftHasABound(t *testing.T) {
	k := op.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler))
	_, err := draft.Save.Do(t.Context(), k, person("ada"), draft.Draft{Form: "customer", Content: strings.Repeat("x", draft.MaxSize+1)})
	if !errors.Is(err, draft.ErrTooLong) {
		t.Errorf("got %v", err)
	}
}
