package gdap_test

import (
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
)

// F15: the figures are kept as relationships change, and always say what a count
// would.
func TestTheFiguresSayWhatACountWould(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const day = 24 * time.Hour
		hold := func(when string) gdap.Figures {
			t.Helper()
			got := do(w, gdap.GetFigures, agent(w.direct), struct{}{})
			want := gdap.Figures{ByStatus: map[gdap.Status]int64{}, ByRole: map[gdap.RoleID]int64{}, Ends: map[time.Time]int64{}, Expired: map[time.Time]int64{}}
			for _, r := range do(w, gdap.List, agent(w.direct), gdap.Query{Size: gdap.MaxPage}).Relationships {
				want.ByStatus[r.Status]++
				if r.Status == gdap.Active {
					want.Ends[r.EndsAt.Truncate(day)]++
					for _, role := range r.Roles {
						want.ByRole[role]++
					}
				}
				if r.Status == gdap.Expired && !r.ActivatedAt.IsZero() {
					want.Expired[r.EndedAt.Truncate(day)]++
				}
			}
			same(t, when+": by status", got.ByStatus, want.ByStatus)
			same(t, when+": by role", got.ByRole, want.ByRole)
			same(t, when+": ends", got.Ends, want.Ends)
			same(t, when+": expired", got.Expired, want.Expired)
			return got
		}
		hold("at the beginning")
		mill := w.add("Kvarnen i Dalby AB", "kvarnen")
		draft := do(w, gdap.Create, agent(w.direct), w.wish())
		w.asked(w.wish())
		short := w.wish()
		short.Duration = "P10D"
		w.approved(short)
		ended := w.approved(w.wish())
		f := hold("with five")
		if f.Customers != 2 || f.Administered != 2 || f.Created() != 6 || f.EndingBy(opening.Add(60*day)) != 1 {
			t.Errorf("F15: %+v", f)
		}
		do(w, gdap.Delete, agent(w.direct), gdap.Ref{Relationship: draft.ID})
		do(w, gdap.End, agent(w.direct), gdap.Ref{Relationship: ended.ID})
		hold("after an end")
		far := w.wish()
		far.Roles = []gdap.RoleID{gdap.GlobalAdministrator}
		w.approved(far)
		if f = hold("with Global Administrator"); f.ByRole[gdap.GlobalAdministrator] != 1 {
			t.Errorf("F15: %d relationships still use Global Administrator", f.ByRole[gdap.GlobalAdministrator])
		}
		w.travel(opening.Add(11 * day))
		if f = hold("after an expiry"); len(f.Expired) != 1 {
			t.Errorf("F15: expired are %v", f.Expired)
		}
		// The only relationship with the mill ends: one customer less is administered.
		of := do(w, gdap.List, agent(w.direct), gdap.Query{Customer: mill}).Relationships[0]
		do(w, gdap.End, agent(w.direct), gdap.Ref{Relationship: of.ID})
		if f = hold("without the mill"); f.Administered != 1 {
			t.Errorf("F15: %d customers are administered", f.Administered)
		}
		w.travel(opening.Add(420 * day))
		hold("after the clean-up")
	})
}

func same[K comparable](t *testing.T, what string, got, want map[K]int64) {
	t.Helper()
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%s: %v is %d, want %d", what, k, got[k], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// P-11d: what ends soon is listed by its end, of one status only.
func TestWhatEndsSoonIsListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, duration := range []string{"P50D", "P20D", "P90D"} {
			in := w.wish()
			in.Duration = duration
			w.approved(in)
		}
		q := gdap.Query{Status: gdap.Active, Order: gdap.ByEnd, EndsBefore: opening.AddDate(0, 0, 60), Size: 10}
		found := do(w, gdap.List, agent(w.direct), q).Relationships
		if len(found) != 2 || found[0].Duration != "P20D" || found[1].Duration != "P50D" {
			t.Errorf("soon end %+v", found)
		}
		q.Order = gdap.ByName
		if got := refused(w, gdap.List, agent(w.direct), q); got != "2000 gdap.order" {
			t.Errorf("by name it is %q", got)
		}
	})
}
