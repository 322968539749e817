package gdapbulk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A partner asks many customers for roles with one file: every row is judged, the
// good ones become requests that wait for the customer, and the others say what is
// wrong with them (F1, F2, RF-29, RF-09).
func TestAFileAsksManyCustomersForRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		cafe := w.add("Café Ett AB", "cafeett")
		do(w, gdap.Create, w.ada, gdap.New{Name: "Taken", Duration: "P1D", Roles: []gdap.RoleID{gdap.GlobalReader}})
		b := w.planned(gdapbulk.Asking, "\ufeffCustomer;Name;Roles;Days;Auto extend;Note\r\n"+
			string(w.bakery.ID)+";Drift;Global Reader, "+string(gdap.UserAdministrator)+";90;yes;x\r\n"+
			cafe.Domain+";Drift café;global reader;;;\r\n"+
			"0190b3f8-0000-7000-8000-000000000000;Nobody yet;Global Reader;P7D;no;\r\n"+
			"strangers.example;Drift;Global Emperor;900;perhaps;\r\n"+
			cafe.Domain+";Taken;Global Reader;;;\r\n"+
			cafe.Domain+";Drift;Global Administrator;1;ja;\r\n"+
			string(w.partner.Tenant)+";Ourselves;Global Reader;;;\r\n"+
			cafe.Domain+";;Global Reader;;;\r\n"+
			"\"broken\r\n")
		if counted(b) != "planned: 3 ready, 0 made, 0 known, 6 refused" || b.Total != 9 {
			t.Fatal(counted(b))
		}
		same(t, w.outcomes(b), "ready", "ready", "ready",
			"refused: customer gdapbulk.customer, roles gdap.role, autoExtend gdapbulk.switch, days gdap.duration",
			"refused: name gdap.name_taken",
			"refused: autoExtend refusal.rf29",
			"refused: customer refusal.rf09",
			"refused: name gdapbulk.missing",
			"refused:  importer.row.unclosed")
		if w.logged("start_granular_admin_batch") != 0 {
			t.Error("a plan was logged as started")
		}
		b = w.done(b)
		if counted(b) != "done: 0 ready, 3 made, 0 known, 6 refused" || b.FinishedAt.IsZero() {
			t.Fatal(counted(b))
		}
		rows := w.rows(b)
		r := do(w, gdap.Get, w.ada, rows[0].Relationship)
		if r.Status != gdap.ApprovalPending || r.Customer != w.bakery.ID || r.CustomerName != "Fjällbageriet i Lund AB" || r.Duration != "P90D" || !r.Permanent() || len(r.Roles) != 2 {
			t.Errorf("asked %+v", r)
		}
		if r := do(w, gdap.Get, w.ada, rows[1].Relationship); r.Customer != cafe.ID || r.Duration != "P730D" || r.Permanent() {
			t.Errorf("by its domain %+v", r)
		}
		do(w, gdap.OwnApprove, admin(w.bakery.ID), gdap.Decision{Relationship: rows[0].Relationship})
		if again := w.done(b); counted(again) != counted(b) {
			t.Errorf("started twice: %s", counted(again))
		}
		if w.logged("end_granular_admin_batch") != 1 {
			t.Error("the end is not logged once")
		}
		if n := w.told("granular-admin-batch-ended"); n != 1 { // N19
			t.Errorf("who started it is told %d times", n)
		}
		all := do(w, gdap.List, w.ada, gdap.Query{Status: gdap.ApprovalPending, Size: 100})
		if len(all.Relationships) != 2 {
			t.Errorf("%d wait", len(all.Relationships))
		}
	})
}

// A request may name a role template instead of roles; what the row says beside it
// counts.
func TestARowMayNameARoleTemplate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		do(w, gdap.SaveTemplate, w.ada, gdap.TemplateDraft{
			Name: "Första linjen", Duration: "P180D", AutoExtend: gdap.Extension, Roles: []gdap.RoleID{gdap.GlobalReader, gdap.HelpdeskAdministrator},
		})
		b := w.done(w.planned(gdapbulk.Asking, fmt.Sprintf("customer;name;roles;days;autoExtend\n%[1]s;Ett;första linjen;;\n%[1]s;Två;Första linjen;30;nej\n", w.bakery.ID)))
		for i, want := range []struct {
			days      int
			permanent bool
		}{{180, true}, {30, false}} {
			r := do(w, gdap.Get, w.ada, w.rows(b)[i].Relationship)
			if r.Days() != want.days || r.Permanent() != want.permanent || len(r.Roles) != 2 {
				t.Errorf("%s: %+v", r.Name, r)
			}
		}
	})
}

// A row is told what a row before it does, since both cannot be done.
func TestWhatStandsTwiceInAFileIsDoneOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := w.active("Drift")
		name, link := r.Name, "https://c.example/AdminPortal/Home#/partners/invitation/granularAdminRelationships/"+r.ID
		b := w.planned(gdapbulk.Asking, fmt.Sprintf("customer,name,roles\n%[1]s,Ny,Global Reader\n%[1]s,Ny,Global Reader\n", w.bakery.Domain))
		same(t, w.outcomes(b), "ready", "refused:  gdapbulk.twice")
		b = w.planned(gdapbulk.Ending, "relationship\n"+name+"\n"+link+"\n")
		same(t, w.outcomes(b), "ready", "refused:  gdapbulk.twice")
		if f := w.rows(b)[1].Faults[0]; fmt.Sprint(f.Args["Line"]) != "2" {
			t.Errorf("it came first in line %v", f.Args["Line"])
		}
		b = w.planned(gdapbulk.Assigning, fmt.Sprintf("relationship,group\n%s,Tekniker\n%s,%s\n", name, r.ID, w.group.ID))
		same(t, w.outcomes(b), "ready", "refused:  gdapbulk.twice")
	})
}

// Groups get all roles of a relationship, or those that the file names; one that has
// others gets these instead, and one that has them already is left alone (F8).
func TestAFileGivesRolesToGroups(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		all, some, changed, has := w.active("Alla"), w.active("Några"), w.active("Andra"), w.active("Samma")
		wider := do(w, gdap.Assign, w.ada, gdap.Assignment{Relationship: changed.ID, Group: w.group.ID, Roles: changed.Roles})
		do(w, gdap.Assign, w.ada, gdap.Assignment{Relationship: has.ID, Group: w.group.ID, Roles: gdap.Set{gdap.GlobalReader}})
		w.work()
		waits := do(w, gdap.Create, w.ada, gdap.New{Name: "Väntar", Duration: "P1D", Roles: []gdap.RoleID{gdap.GlobalReader}})
		do(w, identity.AddGroup, w.boss, identity.NewGroup{Name: "Kväll"})
		b := w.planned(gdapbulk.Assigning, "relationship,group,roles\n"+
			"Alla,tekniker,\n"+
			some.ID+","+string(w.group.ID)+",Global Reader\n"+
			"Andra,Tekniker,Global Reader\n"+
			"Samma,Tekniker,Global Reader\n"+
			"Alla,Kväll,Billing Administrator\n"+
			waits.ID+",Kväll,\n"+
			"Alla,Nobody,\n"+
			"Ingen,Kväll,\n")
		same(t, w.outcomes(b), "ready", "ready", "ready", "known",
			"refused:  gdap.roles_outside", "refused:  gdap.not_active", "refused: group gdapbulk.group", "refused: relationship gdapbulk.relationship")
		if b = w.done(b); counted(b) != "done: 0 ready, 3 made, 1 known, 4 refused" {
			t.Fatal(counted(b))
		}
		for _, tt := range []struct {
			of    gdap.Relationship
			roles int
		}{{all, 2}, {some, 1}, {changed, 1}, {has, 1}} {
			got := do(w, gdap.ListAssignments, w.ada, tt.of.ID)
			if len(got) != 1 || len(got[0].Roles) != tt.roles || got[0].Status != gdap.AssignmentActive {
				t.Errorf("%s: %+v", tt.of.Name, got)
			}
		}
		if now := do(w, gdap.ListAssignments, w.ada, changed.ID)[0]; now.ID != wider.ID {
			t.Error("the group was given another assignment")
		}
		if again := w.planned(gdapbulk.Assigning, "relationship,group\nAlla,Tekniker\n"); counted(again) != "planned: 0 ready, 0 made, 1 known, 0 refused" {
			t.Errorf("repeated: %s", counted(again))
		}
	})
}

// Relationships are extended and ended by file, each by the rules of one (F7, F10).
func TestAFileExtendsAndEndsRelationships(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first, second := w.active("Första"), w.active("Andra")
		b := w.planned(gdapbulk.Extending, "relationship;autoExtend\nförsta;\n"+second.ID+";nej\n")
		same(t, w.outcomes(b), "ready", "known")
		w.done(b)
		if r := do(w, gdap.Get, w.ada, first.ID); !r.Permanent() {
			t.Error("it does not go on by itself")
		}
		waits := do(w, gdap.Create, w.ada, gdap.New{Name: "Fråga", Duration: "P1D", Roles: []gdap.RoleID{gdap.GlobalReader}})
		b = w.planned(gdapbulk.Ending, "relationship\nFörsta\nAndra\nFråga\n")
		same(t, w.outcomes(b), "ready", "ready", "refused:  gdap.wrong_status")
		do(w, gdap.OwnEnd, admin(w.bakery.ID), gdap.Decision{Relationship: second.ID}) // meanwhile
		if b = w.done(b); counted(b) != "done: 0 ready, 1 made, 1 known, 1 refused" {
			t.Fatal(counted(b))
		}
		do(w, gdap.LockForApproval, w.ada, gdap.Ref{Relationship: waits.ID})
		again, err := gdapbulk.Again(t.Context(), w.k, w.ada, b.ID)
		if err != nil || counted(again) != "planned: 1 ready, 0 made, 0 known, 0 refused" {
			t.Fatalf("again: %s, %v", counted(again), err)
		}
		w.done(again)
		for _, r := range []gdap.Relationship{first, second, waits} {
			if now := do(w, gdap.Get, w.ada, r.ID); now.Status != gdap.Terminated {
				t.Errorf("%s is %s", now.Name, now.Status)
			}
		}
	})
}

// What a person may not do one by one he may not do with a file either, and what he
// may not do any more is refused row by row.
func TestTheMatrixDecidesAboutEveryRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.active("Drift")
		seller, keeper := w.person("siv", policy.SalesAgent), w.person("kim", policy.UserAdmin)
		if _, err := w.plan(seller, gdapbulk.Ending, "relationship\nDrift\n"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a sales agent ends: %v", err)
		}
		if _, err := w.plan(keeper, gdapbulk.Assigning, "relationship,group\nDrift,Tekniker\n"); err != nil {
			t.Errorf("a user admin assigns (b34): %v", err)
		}
		if _, err := w.plan(keeper, gdapbulk.Asking, "customer,name,roles\nx,y,z\n"); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a user admin asks: %v", err)
		}
		b := w.planned(gdapbulk.Ending, "relationship\nDrift\n")
		if _, err := gdapbulk.Start[gdapbulk.Assigning].Do(t.Context(), w.k, w.ada, b.ID); !errors.Is(err, gdapbulk.ErrKind) {
			t.Errorf("started as something else: %v", err)
		}
		if _, err := gdapbulk.Show.Do(t.Context(), w.k, keeper, b.ID); !errors.Is(err, refusal.NotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		do(w, gdapbulk.Start[b.Kind], w.ada, b.ID)
		blocked := true
		do(w, identity.UpdateUser, w.boss, identity.UserChange{UserKey: identity.UserKey{User: w.ada.User}, Blocked: &blocked})
		w.work()
		if b = do(w, gdapbulk.Show, w.ada, b.ID); counted(b) != "done: 0 ready, 0 made, 0 known, 1 refused" {
			t.Errorf("by who was blocked meanwhile: %s %v", counted(b), w.outcomes(b))
		}
	})
}

func TestAFileThatIsNoneIsRefused(t *testing.T) {
	many := "relationship\n" + strings.Repeat("x\n", gdapbulk.MaxRows+1)
	for name, tt := range map[string]struct {
		kind gdapbulk.Kind
		file string
		want error
	}{
		"another sort":   {"extinguish", "relationship\nx\n", gdapbulk.ErrKind},
		"no rows":        {gdapbulk.Ending, "relationship\n", importer.ErrEmptyFile},
		"too many rows":  {gdapbulk.Ending, many, importer.ErrTooManyRows},
		"another file":   {gdapbulk.Asking, "customer,name\nx,y\n", gdapbulk.ErrColumn},
		"far too large":  {gdapbulk.Ending, strings.Repeat("x", importer.MaxSheet+1), refusal.TooLarge},
		"nothing at all": {gdapbulk.Ending, "", importer.ErrEmptyFile},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := gdapbulk.Read(tt.kind, "x.csv", strings.NewReader(tt.file)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// Plans wait a week, results are kept for a season; a deleted customer is in none,
// and a stopped batch leaves the rest undone (C40).
func TestBatchesEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.active("Drift")
		b := w.planned(gdapbulk.Ending, "relationship\nDrift\n")
		do(w, anything, w.boss, func(ctx context.Context, u *op.Unit) error { return gdapbulk.Forget(ctx, u, w.bakery.ID) })
		if _, err := gdapbulk.Start[b.Kind].Do(t.Context(), w.k, w.ada, b.ID); !errors.Is(err, gdapbulk.ErrNothingReady) {
			t.Errorf("started without rows: %v", err)
		}
		do(w, gdapbulk.End, w.ada, b.ID)
		if _, err := gdapbulk.Show.Do(t.Context(), w.k, w.ada, b.ID); !errors.Is(err, refusal.NotFound) {
			t.Errorf("discarded: %v", err)
		}
		plan, stopped := w.planned(gdapbulk.Ending, "relationship\nDrift\n"), w.planned(gdapbulk.Ending, "relationship\nDrift\n")
		do(w, gdapbulk.Start[stopped.Kind], w.ada, stopped.ID)
		do(w, gdapbulk.End, w.ada, stopped.ID)
		w.work()
		if stopped = do(w, gdapbulk.Show, w.ada, stopped.ID); counted(stopped) != "cancelled: 1 ready, 0 made, 0 known, 0 refused" {
			t.Errorf("stopped: %s", counted(stopped))
		}
		if all := do(w, gdapbulk.List, w.ada, gdapbulk.Page{}); len(all) != 1 || all[0].ID != stopped.ID {
			t.Errorf("among the jobs: %+v", all)
		}
		w.travel(opening.AddDate(0, 0, 9))
		if _, err := gdapbulk.Show.Do(t.Context(), w.k, w.ada, plan.ID); !errors.Is(err, refusal.NotFound) {
			t.Errorf("a plan of last week: %v", err)
		}
		do(w, gdapbulk.Show, w.ada, stopped.ID)
		w.travel(opening.AddDate(0, 0, 92))
		if _, err := gdapbulk.Show.Do(t.Context(), w.k, w.ada, stopped.ID); !errors.Is(err, refusal.NotFound) {
			t.Errorf("a result of last season: %v", err)
		}
	})
}

// What a batch that was stopped, or whose job was given up, has not come to is taken
// by another try, beside what it refused.
func TestAnotherTryTakesWhatABatchHasNotComeTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.active("Drift")
		begun := func() gdapbulk.Batch {
			b := w.planned(gdapbulk.Ending, "relationship\nIngen\nDrift\n")
			return do(w, gdapbulk.Start[b.Kind], w.ada, b.ID)
		}
		left := func(b gdapbulk.Batch) (all []string) {
			for _, row := range do(w, gdapbulk.ListRows, w.ada, gdapbulk.Rows{Batch: b.ID, Undone: true}) {
				all = append(all, row.Given[gdapbulk.RelationshipColumn])
			}
			return all
		}
		failing := begun()
		same(t, left(failing), "Ingen") // the other is still to come
		do(w, anything, w.boss, func(ctx context.Context, u *op.Unit) error {
			_, err := u.Exec(ctx, giveUpJobs)
			return err
		})
		stopped := begun()
		do(w, gdapbulk.End, w.ada, stopped.ID)
		for stage, b := range map[gdapbulk.Stage]gdapbulk.Batch{gdapbulk.Failed: failing, gdapbulk.Cancelled: stopped} {
			if b = do(w, gdapbulk.Show, w.ada, b.ID); b.Stage != stage || b.Undone() != 2 {
				t.Errorf("%s: %s, %d undone", stage, counted(b), b.Undone())
			}
			same(t, left(b), "Ingen", "Drift")
		}
		again, err := gdapbulk.Again(t.Context(), w.k, w.ada, stopped.ID)
		if err != nil || counted(again) != "planned: 1 ready, 0 made, 0 known, 1 refused" || again.Undone() != 1 {
			t.Fatalf("again: %s, %v", counted(again), err)
		}
		if b := w.done(again); counted(b) != "done: 0 ready, 1 made, 0 known, 1 refused" {
			t.Errorf("done again: %s", counted(b))
		}
	})
}

// Of relationships whose names differ in case or marks alone a file means the one that
// is written as it has it; a draft of a provider is none of them.
func TestAFileMeansTheNameThatItWrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, name := range []string{"NATTER", "Natter", "nätter"} { // their ids come first
			draft := do(w, gdap.Create, w.ada, gdap.New{Name: name, Duration: "P1D", Roles: []gdap.RoleID{gdap.GlobalReader}})
			do(w, anything, w.boss, func(ctx context.Context, u *op.Unit) error {
				_, err := u.Exec(ctx, asProviders, draft.ID)
				return err
			})
		}
		w.k.Clock = clock.Fixed(opening.Add(time.Second))
		w.active("natter")
		plain := w.active("Drift")
		marked := w.active("DRIFT")
		b := w.planned(gdapbulk.Ending, "relationship\nDRIFT\nDrift\ndrift\nNätter\n")
		same(t, w.outcomes(b), "ready", "ready", "refused: relationship gdapbulk.ambiguous", "ready")
		if rows := w.rows(b); rows[0].Relationship != marked.ID || rows[1].Relationship != plain.ID {
			t.Errorf("found %s and %s, want %s and %s", rows[0].Name, rows[1].Name, marked.Name, plain.Name)
		}
	})
}
