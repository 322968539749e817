package importer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/importer"
	"comptoir/internal/job"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// uploaded keeps text as a file of p.
func (w *world) uploaded(a op.Actor, text string) importer.Import {
	w.t.Helper()
	w.k.Clock.Advance(time.Second)
	i, err := importer.Upload(w.t.Context(), w.k, a, `C:\filer\kunder.csv`, strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) start(a op.Actor, importID string, o importer.Options) importer.Import {
	w.t.Helper()
	i, err := importer.Start.Do(w.t.Context(), w.k, a, importer.Order{ID: importID, Options: o})
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) progress(a op.Actor, importID string) importer.Import {
	w.t.Helper()
	i, err := importer.Progress.Do(w.t.Context(), w.k, a, importer.ByID{ID: importID})
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

// workers returns workers of the installation. Its jobs run when the test says so.
func (w *world) workers() *job.Workers {
	w.k.Wall = w.k.Clock
	return job.NewWorkers(w.k, 2)
}

func (w *world) runDue(workers *job.Workers) {
	w.t.Helper()
	if _, err := workers.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// results returns all results of an import.
func (w *world) results(a op.Actor, importID string, o importer.Outcome) []importer.Result {
	w.t.Helper()
	var all []importer.Result
	for r, err := range importer.EachResult(w.t.Context(), w.k, a, importID, o) {
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

const smallFile = header +
	"1;Lunds Bageri AB;556677-8899;Storgatan 1;222 21;Lund;SE;sv\n" +
	"2;Zelos Luxembourg S.C.S.;;5, Rue Jean Monnet;L-2180;Luxembourg;LU;fr\n" +
	"3;Cascade Tools Inc.;;1 Main Street;98052;\"Redmond, WA\";US;en\n" +
	"4;\"Malmö Hamn AB;;Kajen 1;211 20;Malmö;SE;sv\n"

func TestAnUploadedFileIsImportedByAJob(t *testing.T) { // P-23
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		i := w.uploaded(ada, smallFile)
		if i.Stage != importer.Uploaded || i.Name != "kunder.csv" || i.Size != int64(len(smallFile)) || !i.Kept() {
			t.Fatalf("uploaded %+v", i)
		}
		w.start(ada, i.ID, reached(importer.Options{}))
		if i = w.progress(ada, i.ID); i.Stage != importer.Waiting {
			t.Errorf("started %+v", i)
		}
		if _, err := importer.Start.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID}); !errors.Is(err, importer.ErrNotReady) {
			t.Errorf("started twice: %v", err)
		}
		w.runDue(workers)
		i = w.progress(ada, i.ID)
		if i.Stage != importer.Done || i.Total != 4 || i.Summary != (importer.Summary{Created: 2, Refused: 2}) || i.Kept() || i.FinishedAt.IsZero() {
			t.Fatalf("done %+v", i)
		}
		results := w.results(ada, i.ID, "")
		w.wantOutcomes(results, "created", "created", "refused refusal.rf08", "refused importer.row.unclosed")
		if results[0].AdminPassword != "" {
			t.Error("a password was kept")
		}
		added := w.customers(w.direct)
		if len(added) != 2 || results[1].Customer != added[1].ID {
			t.Errorf("customers %+v", added)
		}
		if own, err := importer.List.Do(t.Context(), w.k, ada, importer.Page{}); err != nil || len(own) != 1 || own[0].ID != i.ID {
			t.Errorf("listed %+v, %v", own, err)
		}
		who := w.texts("SELECT DISTINCT user_name FROM activity WHERE operation = 'add_customer'")
		if !slices.Equal(who, []string{ada.UserName}) {
			t.Errorf("the log says that %q added them", who)
		}
		if told := w.texts("SELECT payload FROM events WHERE name = 'customer-import-ended'"); len(told) != 1 || !strings.Contains(told[0], `"Created":"2"`) {
			t.Errorf("told %q", told)
		}
	})
}

// texts returns one column.
func (w *world) texts(query string) []string {
	w.t.Helper()
	rows, err := w.k.DB.Pool().QueryContext(w.t.Context(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// What is kept of reasons says the same in every language as what was given.
func TestKeptReasonsAreReadInEveryLanguage(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	text := header + "1;Lunds Bageri AB;;Storgatan 1;x;Lund;SE;sv\n2;Zelos Luxembourg S.C.S.;;5, Rue Jean Monnet;L-2180;Luxembourg;LU;fr\n" +
		"3;Kund\n4;Cascade Tools Inc.;;1 Main Street;98052;Redmond;US;en\n"
	given, _ := w.imported(w.direct, text, reached(importer.Options{DryRun: true}))
	i := w.uploaded(ada, text)
	w.start(ada, i.ID, reached(importer.Options{DryRun: true}))
	w.runDue(workers)
	for _, tag := range lang.Tags() {
		p := lang.For(tag)
		for n, r := range w.results(ada, i.ID, "") {
			for m, f := range r.Faults {
				if got, want := p.Fault(f), p.Fault(given[n].Faults[m]); got != want || f.Field != given[n].Faults[m].Field {
					t.Errorf("%s: %q, was %q", tag, got, want)
				}
			}
			for m, f := range r.Warnings {
				if got, want := p.Finding(f), p.Finding(given[n].Warnings[m]); got != want {
					t.Errorf("%s: %q, was %q", tag, got, want)
				}
			}
		}
	}
}

// A process that dies between two steps leaves what it wrote. The next one goes on
// behind it, and nothing is made, or told, twice.
func TestAnImportGoesOnAfterACrashWithoutDoubles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		const rows = 3000
		i := w.uploaded(ada, header+bulk(rows, "a"))
		w.start(ada, i.ID, reached(importer.Options{}))
		steps := 0
		w.k.Observe(func(o op.Observation) {
			if o.Action == "job.step" && o.Outcome == "ok" {
				if steps++; steps == 2 { // the count, and the first rows
					panic("the power is gone")
				}
			}
		})
		w.runDue(workers)
		i = w.progress(ada, i.ID)
		before := i.Summary.Created
		if i.Stage != importer.Running || i.Total != rows || before == 0 || before == rows || w.counts()[0] != before {
			t.Fatalf("after the crash %+v", i)
		}
		w.k.Clock.Advance(time.Hour)
		w.runDue(workers)
		i = w.progress(ada, i.ID)
		if i.Stage != importer.Done || i.Summary != (importer.Summary{Created: rows}) || w.counts()[0] != rows {
			t.Fatalf("at the end %+v", i)
		}
		for n, r := range w.results(ada, i.ID, "") {
			if r.Row != int64(n+1) || r.Outcome != importer.Created {
				t.Fatalf("result %d is %+v", n, r)
			}
		}
	})
}

// A rehearsal that dies begins anew: what it would have made is known to it alone.
func TestADryRunThatDiesBeginsAnew(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	text := header + bulk(1650, "a") + "x;Kund a Logistik 3 AB;;Gatan 3;200 03;Lund;SE;sv\n" // like the fourth
	i := w.uploaded(ada, text)
	w.start(ada, i.ID, reached(importer.Options{DryRun: true}))
	steps := 0
	w.k.Observe(func(o op.Observation) {
		if o.Action == "job.step" {
			if steps++; steps == 3 { // the count, the beginning, and the first rows
				panic("the power is gone")
			}
		}
	})
	w.runDue(workers)
	w.k.Clock.Advance(time.Hour)
	w.runDue(workers)
	i = w.progress(ada, i.ID)
	if want := (importer.Summary{Created: 1650, Refused: 1}); i.Stage != importer.Done || i.Summary != want || len(w.customers(w.direct)) != 0 {
		t.Fatalf("rehearsed %+v", i)
	}
	if refused := w.results(ada, i.ID, importer.Refused); len(refused) != 1 || refused[0].Row != 1651 {
		t.Errorf("refused %+v", refused)
	}
	// The file is still there, and now it is meant.
	w.start(ada, i.ID, reached(importer.Options{}))
	if got := w.results(ada, i.ID, ""); len(got) != 0 {
		t.Errorf("%d results of the rehearsal are left", len(got))
	}
	w.runDue(workers)
	if i = w.progress(ada, i.ID); i.Stage != importer.Done || i.Summary.Created != 1650 || i.Kept() {
		t.Errorf("imported %+v", i)
	}
}

func TestAnImportIsCancelledBetweenTwoBatches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		const rows = 3000
		i := w.uploaded(ada, header+bulk(rows, "a"))
		w.start(ada, i.ID, reached(importer.Options{}))
		steps := 0
		w.k.Observe(func(o op.Observation) {
			if o.Action == "job.step" && o.Outcome == "ok" {
				if steps++; steps == 2 {
					if _, err := importer.Cancel.Do(t.Context(), w.k, ada, importer.ByID{ID: i.ID}); err != nil {
						t.Error(err)
					}
				}
			}
		})
		w.runDue(workers)
		i = w.progress(ada, i.ID)
		made := i.Summary.Created
		if i.Stage != importer.Cancelled || made == 0 || made == rows || w.counts()[0] != made || !i.Kept() {
			t.Fatalf("cancelled %+v", i)
		}
		if again, err := importer.Cancel.Do(t.Context(), w.k, ada, importer.ByID{ID: i.ID}); err != nil || again.FinishedAt != i.FinishedAt {
			t.Errorf("cancelled again %+v, %v", again, err)
		}
		w.start(ada, i.ID, reached(importer.Options{}))
		w.runDue(workers)
		if i = w.progress(ada, i.ID); i.Stage != importer.Done || i.Summary != (importer.Summary{Created: rows - made, Exists: made}) {
			t.Errorf("started again %+v", i)
		}
	})
}

// Among the jobs an import can be cancelled too, and given up by the workers.
func TestAnImportEndsWithItsJob(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	i := w.uploaded(ada, smallFile)
	w.start(ada, i.ID, reached(importer.Options{}))
	jobs, err := job.List.Do(t.Context(), w.k, ada, job.Page{})
	if err != nil || len(jobs) != 1 || jobs[0].Kind != "importer.run" {
		t.Fatalf("jobs %+v, %v", jobs, err)
	}
	if _, err := job.Cancel.Do(t.Context(), w.k, ada, jobs[0].ID); err != nil {
		t.Fatal(err)
	}
	if got := w.progress(ada, i.ID); got.Stage != importer.Cancelled {
		t.Errorf("after its job was cancelled %+v", got)
	}
	w.start(ada, i.ID, reached(importer.Options{}))
	w.k.Observe(func(o op.Observation) {
		if o.Action == "importer.job.read" {
			panic("a fault of this machine")
		}
	})
	for range 10 {
		w.runDue(workers)
		w.k.Clock.Advance(24 * time.Hour)
	}
	got := w.progress(ada, i.ID)
	if got.Stage != importer.Failed || !errors.Is(got.Fault, importer.ErrInterrupted) {
		t.Errorf("after its job was given up %+v", got)
	}
}

func TestAnImportFailsAsAWholeAndSaysWhy(t *testing.T) { // RF-43
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	i := w.uploaded(ada, smallFile)
	w.start(ada, i.ID, reached(importer.Options{}))
	w.suspend(w.direct)
	w.runDue(workers)
	i = w.progress(ada, i.ID)
	if i.Stage != importer.Failed || !errors.Is(i.Fault, refusal.RF43) || !i.Kept() || !i.Stage.Ended() {
		t.Fatalf("failed %+v", i)
	}
	if p := lang.For("sv"); p.Fault(i.Fault) != p.Fault(refusal.RF43) || p.T(i.Stage.LabelKey()) != "Misslyckades" {
		t.Errorf("says %q", p.Fault(i.Fault))
	}
}

func TestAPreviewShowsWhatWouldBeMadeOfTheFirstRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ada := agent(w.direct)
		i := w.uploaded(ada, smallFile+bulk(100, "a"))
		before := w.counts()
		p, err := importer.LookAhead.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID, Options: reached(importer.Options{})})
		if err != nil {
			t.Fatal(err)
		}
		var results []importer.Result
		for _, r := range p.Rows[:4] {
			results = append(results, r.Result)
		}
		w.wantOutcomes(results, "created", "created", "refused refusal.rf08", "refused importer.row.unclosed")
		if len(p.Rows) != importer.MaxPreview || p.Format != importer.CSV || p.Rows[1].Cells[1] != "Zelos Luxembourg S.C.S." || p.Rows[3].Cells != nil ||
			p.Mapping[importer.CompanyName].Column != "company" || len(p.Unused) != 0 || len(results[1].Warnings) != 1 {
			t.Errorf("preview %+v", p)
		}
		if after := w.counts(); after != before {
			t.Errorf("a preview changed something: %v became %v", before, after)
		}
		// A mapping that does not fit is told beside the columns.
		bad := importer.Options{Mapping: importer.Mapping{importer.City: {Column: "town"}}}
		p, err = importer.LookAhead.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID, Options: bad})
		if err != nil || !errors.Is(p.Faults, importer.ErrColumn) || len(p.Columns) != 8 || p.Rows[0].Outcome != "" || p.Rows[0].Cells[1] != "Lunds Bageri AB" {
			t.Errorf("preview %+v, %v", p, err)
		}
		if _, err = importer.Start.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID, Options: bad}); !errors.Is(err, importer.ErrColumn) {
			t.Errorf("started all the same: %v", err)
		}
		i = w.uploaded(ada, `[{"legalName": "Kund"}]`)
		p, err = importer.LookAhead.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID})
		if err != nil || !errors.Is(p.Faults, importer.ErrJSONArray) {
			t.Errorf("preview %+v, %v", p, err)
		}
		i = w.uploaded(ada, `{"legalName": "Lunds Bageri AB", "colour": "red", "addressLines": ["Gatan 1"], "city": "Lund", "country": "SE", "postalCode": "222 21"}`)
		p, err = importer.LookAhead.Do(t.Context(), w.k, ada, importer.Order{ID: i.ID, Options: reached(importer.Options{})})
		if err != nil || !slices.Equal(p.Unused, []string{"colour"}) || p.Rows[0].Outcome != importer.Created || p.Rows[0].Cells[slices.Index(p.Columns, "city")] != "Lund" {
			t.Errorf("preview %+v, %v", p, err)
		}
	})
}

func TestAnImportIsItsOwnersAlone(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ada := agent(w.direct)
	i := w.uploaded(ada, smallFile)
	colleague, stranger := ada, agent(w.provider)
	colleague.User = "a0000000-0000-7000-8000-000000000002"
	for name, a := range map[string]op.Actor{"a colleague": colleague, "another partner": stranger} {
		_, progress := importer.Progress.Do(t.Context(), w.k, a, importer.ByID{ID: i.ID})
		_, preview := importer.LookAhead.Do(t.Context(), w.k, a, importer.Order{ID: i.ID})
		_, start := importer.Start.Do(t.Context(), w.k, a, importer.Order{ID: i.ID})
		_, cancel := importer.Cancel.Do(t.Context(), w.k, a, importer.ByID{ID: i.ID})
		_, discard := importer.Discard.Do(t.Context(), w.k, a, importer.ByID{ID: i.ID})
		_, results := importer.Results.Do(t.Context(), w.k, a, importer.ResultQuery{ID: i.ID})
		for what, err := range map[string]error{
			"progress": progress, "preview": preview, "start": start, "cancel": cancel, "discard": discard, "results": results,
		} {
			if !errors.Is(err, refusal.NotFound) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if own, err := importer.List.Do(t.Context(), w.k, a, importer.Page{}); err != nil || len(own) != 0 {
			t.Errorf("%s sees %+v, %v", name, own, err)
		}
	}
}

func TestResultsArePaged(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	i := w.uploaded(ada, header+bulk(700, "a")+"1;1 2 3;;Storgatan 3;222 21;Lund;SE;sv\n"+bulk(2, "b"))
	w.start(ada, i.ID, reached(importer.Options{}))
	w.runDue(workers)
	for name, tt := range map[string]struct {
		in        importer.ResultQuery
		n         int
		first, to int64
	}{
		"the first page":       {importer.ResultQuery{Limit: 250}, 250, 1, 250},
		"one in the middle":    {importer.ResultQuery{After: 250, Limit: 250}, 250, 251, 500},
		"the last":             {importer.ResultQuery{After: 500, Limit: 250}, 203, 501, 703},
		"no number":            {importer.ResultQuery{}, 100, 1, 100},
		"refused ones":         {importer.ResultQuery{Outcome: importer.Refused}, 1, 701, 701},
		"created ones, behind": {importer.ResultQuery{Outcome: importer.Created, After: 699, Limit: 9}, 3, 700, 703},
	} {
		tt.in.ID = i.ID
		page, err := importer.Results.Do(t.Context(), w.k, ada, tt.in)
		if err != nil || len(page) != tt.n || page[0].Row != tt.first || page[tt.n-1].Row != tt.to {
			t.Errorf("%s: %d results, %v", name, len(page), err)
		}
	}
	if page, err := importer.Results.Do(t.Context(), w.k, ada, importer.ResultQuery{ID: i.ID, After: 703}); err != nil || len(page) != 0 {
		t.Errorf("behind the end %d results, %v", len(page), err)
	}
}

// An import through the portal may name resellers, like one of the command line.
func TestAJobKnowsResellers(t *testing.T) { // rule C5
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.provider)
	i := w.uploaded(ada, "company,address,postal code,city,country,reseller\nLunds Bageri AB,Storgatan 1,222 21,Lund,SE,"+w.reseller.PartnerID+"\n")
	w.start(ada, i.ID, reached(importer.Options{}))
	w.runDue(workers)
	w.wantOutcomes(w.results(ada, i.ID, ""), "created")
	page, err := customer.List.Do(t.Context(), w.k, agent(w.reseller), customer.Query{Size: 10})
	if err != nil || len(page.Items) != 1 || page.Items[0].Provider != w.provider.Tenant {
		t.Errorf("the reseller sees %+v, %v", page.Items, err)
	}
	if ada.Org&policy.IndirectProvider == 0 {
		t.Error("the story is about a provider")
	}
}
