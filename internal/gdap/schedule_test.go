package gdap_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

const aDay = 24 * time.Hour

// happened returns what the log of the partner tells of the schedule, and when,
// in days after the opening.
func (w *world) happened() (all []string) {
	w.t.Helper()
	for _, line := range w.lines(logTimes, w.direct.Tenant) {
		var name string
		var at int64
		if _, err := fmt.Sscan(line, &name, &at); err != nil {
			w.t.Fatal(err)
		}
		name = strings.TrimPrefix(name, "granular_admin_relationship_")
		if name != "approved" && name != "activated" {
			all = append(all, fmt.Sprintf("%s %v", name, db.Time(at).Sub(opening)))
		}
	}
	return all
}

// ticking lets the clock of the world travel.
func (w *world) ticking() {
	w.k.Clock = clock.Fixed(opening)
	w.runDue()
}

func after(days int) string { return fmt.Sprint(time.Duration(days) * aDay) }

func TestTimePassesForARelationship(t *testing.T) { // F5, F7, F11, N11
	for name, tt := range map[string]struct {
		extend  bool
		setting string
		until   int // days
		want    []string
		status  gdap.Status
	}{
		"it ends on its day": {until: 90, status: gdap.Expired, want: []string{
			"expiring " + after(60), "expiring " + after(83), "expiring " + after(89), "expired " + after(90),
		}},
		"a year later it is cleaned up": {until: 455, want: []string{
			"expiring " + after(60), "expiring " + after(83), "expiring " + after(89), "expired " + after(90), "cleaned_up " + after(455),
		}},
		"it goes on, and nobody is told": {extend: true, until: 271, status: gdap.Active, want: []string{"extended " + after(90), "extended " + after(270)}},
		"it goes on, and everybody is told": {extend: true, setting: "true", until: 100, status: gdap.Active, want: []string{
			"expiring " + after(60), "expiring " + after(83), "expiring " + after(89), "extended " + after(90),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				w.ticking()
				in := w.wish()
				if tt.extend {
					in.AutoExtend = "P180D"
				}
				if tt.setting != "" {
					if err := w.k.UpdateSetting(t.Context(), installation(), op.SetSetting{Name: "gdap.mail.whenAutoExtend", Value: tt.setting}); err != nil {
						t.Fatal(err)
					}
				}
				r := w.approved(in)
				w.travel(opening.Add(time.Duration(tt.until) * aDay))
				if got := w.happened(); !slices.Equal(got, tt.want) {
					t.Errorf("happened:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
				}
				if tt.status == "" {
					if left := w.lines(leftOf, r.ID); len(left) != 0 {
						t.Errorf("F5: left are %v", left)
					}
					return
				}
				if got := do(w, gdap.Get, agent(w.direct), r.ID); got.Status != tt.status {
					t.Errorf("it is %s", got.Status)
				}
			})
		})
	}
}

func TestARequestThatNobodyAnswersLapses(t *testing.T) { // F5
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.ticking()
		r := w.asked(w.wish())
		w.travel(opening.Add(90*aDay - time.Second))
		if got := do(w, gdap.Get, agent(w.direct), r.ID); got.Status != gdap.ApprovalPending {
			t.Errorf("a second before it is %s", got.Status)
		}
		w.travel(opening.Add(90 * aDay))
		if got := do(w, gdap.Get, agent(w.direct), r.ID); got.Status != gdap.Expired {
			t.Errorf("then it is %s", got.Status)
		}
		if got := refused(w, gdap.OwnApprove, admin(w.bakery), gdap.Decision{Relationship: r.ID}); got != "2000 gdap.wrong_status" {
			t.Errorf("approved too late: %q", got)
		}
	})
}

func TestWhatGoesOnByItselfIsHeldWithoutAGap(t *testing.T) { // F7
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := w.wish()
		in.AutoExtend = "P180D"
		r, ends := w.approved(in), w.approved(w.wish())
		group := do(w, identity.ListGroups, agent(w.direct), struct{}{})[0]
		do(w, gdap.Assign, agent(w.direct), gdap.Assignment{Relationship: r.ID, Group: group.ID, Roles: gdap.Set{gdap.GlobalReader}})
		do(w, gdap.Assign, agent(w.direct), gdap.Assignment{Relationship: ends.ID, Group: group.ID, Roles: gdap.Set{gdap.UserAdministrator}})
		w.runDue()
		w.k.Clock = clock.Fixed(opening.Add(90 * aDay)) // the schedule has not run yet
		if got := w.held(agent(w.direct)); !slices.Equal(got, []string{"Global Reader"}) {
			t.Errorf("held at the end: %v", got)
		}
	})
}

func TestManyEndAtOnce(t *testing.T) { // set by set
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.ticking()
		in := w.wish()
		in.Duration = "P1D"
		const many = 120
		for i := range many {
			in.Name = fmt.Sprintf("Drift %d", i)
			w.approved(in)
		}
		w.travel(opening.Add(aDay))
		if n := do(w, gdap.Count, agent(w.direct), gdap.Query{Status: gdap.Expired}); n != many {
			t.Errorf("%d of %d have ended", n, many)
		}
	})
}
