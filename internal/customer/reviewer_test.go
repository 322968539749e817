package customer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/verification"
)

func (w *world) accountOf(c customer.Customer) verification.Account {
	return verification.Account{Partner: c.Partner, Customer: c.ID}
}

// dossier is what the reviewer of c sees.
func (w *world) dossier(c customer.Customer) verification.Dossier {
	w.t.Helper()
	d, err := verification.Inspect.Do(w.t.Context(), w.k, reviewer(), w.accountOf(c))
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// change renames c as its partner.
func (w *world) change(c customer.Customer, name string) {
	w.t.Helper()
	in := rename(c, name)
	in.Version = 0
	if _, err := customer.UpdateBilling.Do(w.t.Context(), w.k, w.seller(), in); err != nil {
		w.t.Fatal(err)
	}
}

// runDue lets everything happen that is due.
func (w *world) runDue() {
	w.t.Helper()
	if _, err := job.NewWorkers(w.k, 1).RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) kinds(c customer.Customer) (all []verification.EntryKind) {
	for _, e := range w.dossier(c).Entries {
		all = append(all, e.Kind)
	}
	slices.Reverse(all)
	return all
}

// Each saved change has the account verified again, and a save without a
// difference does not (rules C20, C24; S2.23, S2.24).
func TestAChangeBeginsTheCaseAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		seen := w.dossier(c).Cases[0]
		same := customer.BillingChange{ID: c.ID, Billing: c.Billing}
		if out, err := customer.UpdateBilling.Do(t.Context(), w.k, w.seller(), same); err != nil || out.Changed {
			t.Fatalf("saving without a difference: %v, %v", out.Changed, err)
		}
		if now := w.dossier(c).Cases[0]; now.Version != seen.Version || !now.OpenedAt.Equal(seen.OpenedAt) {
			t.Error("saving without a difference touched the case")
		}
		w.k.Clock.Advance(26 * time.Hour)
		w.change(c, "Bageriet Katten AB")
		now := w.dossier(c).Cases[0]
		if now.ID != seen.ID || now.Version <= seen.Version || !now.OpenedAt.Equal(w.k.Clock.Now()) || now.DueAt.Equal(seen.DueAt) {
			t.Errorf("after a change %+v", now)
		}
		if want := []verification.Change{{Field: "billingProfile.companyName", Before: "Fjällbageriet i Lund AB", After: "Bageriet Katten AB"}}; !slices.Equal(now.Changes, want) {
			t.Errorf("the reviewer sees %v", now.Changes)
		}
		stale := verification.Decision{Partner: c.Partner, Customer: c.ID, Case: seen.ID, Version: seen.Version}
		if _, err := verification.Approve.Do(t.Context(), w.k, reviewer(), stale); !errors.Is(err, verification.ErrChangedMeanwhile) {
			t.Errorf("a decision about what was seen before: %v", err)
		}
		stale.Version = now.Version
		if _, err := verification.Approve.Do(t.Context(), w.k, reviewer(), stale); err != nil {
			t.Error(err)
		}
		// An account that was approved gets a case of its own, with its changes.
		w.k.Clock.Advance(time.Hour)
		w.change(c, "Bageriet Hunden AB")
		all := w.dossier(c).Cases
		if len(all) != 2 || all[0].Was != verification.Allowed || all[0].Changes[0].Before != "Bageriet Katten AB" {
			t.Errorf("after the approval %+v", all[0])
		}
	})
}

// The rejection of an account that was approved takes two (V-2).
func TestFourEyes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		w.decide(c, verification.Approve)
		w.k.Clock.Advance(time.Hour)
		w.change(c, "Bageriet Katten AB")
		in := verification.Decision{Partner: c.Partner, Customer: c.ID, Reason: "name_mismatch", Text: "Another company."}
		left, err := verification.Reject.Do(t.Context(), w.k, reviewer(), in)
		if err != nil || !left.Open() || left.Proposal.ByName != "rita@operator.example" {
			t.Fatalf("%+v, %v", left, err)
		}
		if _, err := verification.Reject.Do(t.Context(), w.k, reviewer(), in); !errors.Is(err, verification.ErrSecondReviewer) {
			t.Errorf("rejected by one: %v", err)
		}
		if out, err := verification.ApproveMany.Do(t.Context(), w.k, colleague(), []verification.Decision{in}); err != nil || !errors.Is(out[0].Refused, verification.ErrSecondReviewer) {
			t.Errorf("approved among others: %+v, %v", out, err)
		}
		// A change by the partner takes the proposal away: it was about other data.
		w.change(c, "Bageriet Hunden AB")
		if p := w.dossier(c).Cases[0].Proposal; p.By != "" {
			t.Errorf("the proposal outlives the data: %+v", p)
		}
		if _, err := verification.Reject.Do(t.Context(), w.k, reviewer(), in); err != nil {
			t.Fatal(err)
		}
		done, err := verification.Reject.Do(t.Context(), w.k, colleague(), in)
		if err != nil || done.Status != verification.NotAllowed || done.DecidedBy != "sam@operator.example" {
			t.Errorf("%+v, %v", done, err)
		}
		// The operator may do without.
		w.set("verification.fourEyes", "false")
		w.k.Clock.Advance(time.Hour)
		w.change(c, "Bageriet Kon AB")
		w.decide(c, verification.Approve)
		w.k.Clock.Advance(time.Hour)
		w.change(c, "Bageriet Tuppen AB")
		if done, err = verification.Reject.Do(t.Context(), w.k, reviewer(), in); err != nil || done.Open() {
			t.Errorf("with the setting off: %+v, %v", done, err)
		}
	})
}

// The clock stands still while the partner is asked (rule C26, V-2).
func TestThePartnerIsAskedAndAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		question := verification.Message{Account: w.accountOf(c), Text: "Which register?"}
		answer := verification.Appeal{Customer: c.ID, Text: "Bolagsverket."}
		if _, err := verification.Answer.Do(t.Context(), w.k, w.seller(), answer); !errors.Is(err, verification.ErrNotAsked) {
			t.Errorf("answered what nobody asked: %v", err)
		}
		w.k.Clock.Advance(time.Hour)
		asked, err := verification.Ask.Do(t.Context(), w.k, reviewer(), question)
		if err != nil || !asked.Paused() {
			t.Fatal(asked, err)
		}
		if _, err := verification.Ask.Do(t.Context(), w.k, reviewer(), question); !errors.Is(err, verification.ErrPaused) {
			t.Errorf("asked twice: %v", err)
		}
		w.k.Clock.Advance(14 * 24 * time.Hour)
		w.runDue()
		if late := w.dossier(c).Cases[0]; late.Overdue(w.k.Clock.Now()) || !late.OverdueAt.IsZero() {
			t.Error("a case that waits for the partner is overdue")
		}
		got, err := verification.Answer.Do(t.Context(), w.k, w.seller(), answer)
		if err != nil || got.Paused() || !got.DueAt.Equal(asked.DueAt.AddDate(0, 0, 14)) {
			t.Errorf("after two weeks due %v, before %v: %v", got.DueAt, asked.DueAt, err)
		}
		if got := w.kinds(c); !slices.Equal(got, []verification.EntryKind{verification.Asked, verification.Answered}) {
			t.Errorf("entries %v", got)
		}
		past, err := verification.History.Do(t.Context(), w.k, w.seller(), verification.Customer{ID: c.ID})
		if err != nil || len(past.Entries) != 2 || past.Entries[1].Text != "Which register?" {
			t.Errorf("the partner reads %+v, %v", past.Entries, err)
		}
		for _, name := range []string{"verification-asked", "verification-answered"} {
			if !slices.Contains(w.lines(eventsOf, w.direct.Tenant), name) {
				t.Errorf("nobody hears of %s", name)
			}
		}
	})
}

// Overdue cases are marked once, by the clock (rule C26).
func TestCasesFallDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.k.Wall, w.k.Sandbox = clock.Fixed(opening), true
		w.runDue()
		late := w.add(w.seller(), bakery()).Customer
		done := w.add(w.seller(), called("Firma Glas AB")).Customer
		w.decide(done, verification.Approve)
		remind := verification.Appeal{Customer: late.ID, Text: "Hello?"}
		if _, err := verification.Remind.Do(t.Context(), w.k, w.seller(), remind); !errors.Is(err, verification.ErrNotOverdue) {
			t.Errorf("asked after a case in time: %v", err)
		}
		if _, err := job.NewWorkers(w.k, 1).Travel(t.Context(), op.System("", 0, op.ViaCLI), opening.AddDate(0, 0, 9)); err != nil {
			t.Fatal(err)
		}
		due := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) // three business days after a Friday
		if c := w.dossier(late).Cases[0]; !c.DueAt.Equal(due) || c.OverdueAt.Before(due) || c.OverdueAt.After(due.Add(6*time.Hour)) {
			t.Errorf("due %v, marked %v", c.DueAt, c.OverdueAt)
		}
		if c := w.dossier(done).Cases[0]; !c.OverdueAt.IsZero() {
			t.Error("a closed case is marked")
		}
		told := slices.DeleteFunc(w.lines(eventsOf, w.direct.Tenant), func(name string) bool { return name != "verification-overdue" })
		if len(told) != 1 {
			t.Errorf("told %d times", len(told))
		}
		if _, err := verification.Remind.Do(t.Context(), w.k, w.seller(), remind); err != nil {
			t.Error(err)
		}
	})
}

// A look-up that fails leaves the account Unknown, and is made again after 1, 6
// and 24 hours (rules C21, C24, C25).
func TestAFailedLookUpIsMadeAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.k.Wall, w.k.Sandbox = clock.Fixed(opening), true
		w.set("verification.lookUpUrl", "https://register.example/")
		w.set("verification.autoApprove", "true")
		var asked []time.Time
		answer, failure := `{"findings":[]}`, errors.New("the register does not answer")
		w.k.Ask = func(_ context.Context, address string, question []byte) ([]byte, error) {
			asked = append(asked, w.k.Clock.Now())
			if address != "https://register.example/" || !bytes.Contains(question, []byte(`"originalName":"Fjällbageriet i Lund AB"`)) {
				t.Errorf("asked %s: %s", address, question)
			}
			return []byte(answer), failure
		}
		c := w.add(w.seller(), bakery()).Customer
		if c.Status != verification.UnderReview {
			t.Errorf("approved before anybody looked: %s", c.Status)
		}
		travel := func(d time.Duration) {
			if _, err := job.NewWorkers(w.k, 1).Travel(t.Context(), op.System("", 0, op.ViaCLI), w.k.Clock.Now().Add(d)); err != nil {
				t.Fatal(err)
			}
		}
		travel(time.Minute)
		if s := w.dossier(c).Cases[0]; s.Status != verification.Unknown || !s.Open() || s.Tries != 1 {
			t.Errorf("after the failure %+v", s)
		}
		if _, err := verification.Approve.Do(t.Context(), w.k, reviewer(), verification.Decision{Partner: c.Partner, Customer: c.ID}); !errors.Is(err, verification.ErrNotOpen) {
			t.Errorf("approved unchecked: %v", err)
		}
		travel(40 * time.Hour)
		var gaps []time.Duration
		for i := range asked[1:] {
			gaps = append(gaps, asked[i+1].Sub(asked[i]).Round(time.Hour))
		}
		if !slices.Equal(gaps, []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}) {
			t.Errorf("asked again after %v", gaps)
		}
		// A reviewer goes on without; the partner's change has it looked up anew.
		if got, err := verification.TakeOver.Do(t.Context(), w.k, reviewer(), w.accountOf(c)); err != nil || got.Status != verification.UnderReview {
			t.Errorf("taken over: %s, %v", got.Status, err)
		}
		if _, err := verification.TakeOver.Do(t.Context(), w.k, reviewer(), w.accountOf(c)); !errors.Is(err, verification.ErrNotUnknown) {
			t.Errorf("taken over twice: %v", err)
		}
		failure = nil
		answer = `{"findings":[{"code":"sanction","text":"Listed since 2021."}]}`
		next := called("Firma Glas AB")
		w.k.Ask = func(context.Context, string, []byte) ([]byte, error) { return []byte(answer), failure }
		listed := w.add(w.seller(), next).Customer
		travel(time.Minute)
		if s := w.dossier(listed).Cases[0]; s.Status != verification.UnderReview || len(s.Findings) != 1 || s.Findings[0].Code != "sanction" {
			t.Errorf("with a finding %+v", s)
		}
		answer = `{"findings":[]}`
		clean := w.add(w.seller(), called("Firma Porslin AB")).Customer
		travel(time.Minute)
		if s := w.dossier(clean).Cases[0]; s.Status != verification.Allowed || s.DecidedBy != "" {
			t.Errorf("without a finding %+v", s)
		}
		answer = `nonsense`
		odd := w.add(w.seller(), called("Firma Tegel AB")).Customer
		travel(time.Minute)
		if s := w.dossier(odd).Cases[0]; s.Status != verification.Unknown {
			t.Errorf("after an answer that is none %+v", s)
		}
		if err := w.k.UpdateSetting(t.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: "verification.lookUpUrl", Value: "register"}); err == nil {
			t.Error("an address that is none is accepted")
		}
	})
}

// Documents go with an appeal, whole and to its reviewer alone (rule C24, P-7).
func TestAnAppealWithDocuments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		w.decide(c, verification.Reject)
		w.k.Clock.Advance(time.Hour)
		content := append([]byte("%PDF-1.7 "), bytes.Repeat([]byte("extract "), 200_000)...)
		add := func(a op.Actor, name string, data []byte) (verification.Document, error) {
			return verification.AddDocument.Do(t.Context(), w.k, a, verification.NewDocument{Customer: c.ID, Name: name, Data: data})
		}
		kept, err := add(w.seller(), `C:\papers\extract.pdf`, content)
		if err != nil || kept.Name != "extract.pdf" || kept.Type != "application/pdf" {
			t.Fatalf("%+v, %v", kept, err)
		}
		for name, data := range map[string][]byte{"program.pdf": []byte("MZ"), "empty.pdf": {}} {
			if _, err := add(w.seller(), name, data); !errors.Is(err, verification.ErrDocumentType) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := add(w.seller(), "large.pdf", append([]byte("%PDF-"), make([]byte, verification.MaxDocument)...)); !errors.Is(err, verification.ErrDocumentSize) {
			t.Errorf("a large one: %v", err)
		}
		for i := range verification.MaxDocuments - 1 {
			if _, err := add(w.seller(), fmt.Sprintf("page%d.png", i), []byte("\x89PNG\r\n\x1a\n")); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := add(w.seller(), "one too many.png", []byte("\x89PNG\r\n\x1a\n")); !errors.Is(err, verification.ErrDocumentCount) {
			t.Errorf("a sixth: %v", err)
		}
		if _, err := add(w.supplier(), "strange.pdf", content); err == nil {
			t.Error("another partner adds a document")
		}
		inspect := func() (verification.Content, error) {
			return verification.InspectDocument.Do(t.Context(), w.k, reviewer(), verification.SentDocument{Account: w.accountOf(c), ID: kept.ID})
		}
		if _, err := inspect(); codes(err)[0] != "1000 refusal.not_found" {
			t.Errorf("the reviewer reads what was not sent: %v", err)
		}
		if _, err := verification.Resubmit.Do(t.Context(), w.k, w.seller(), verification.Appeal{Customer: c.ID, Text: "See the extract."}); err != nil {
			t.Fatal(err)
		}
		if got, err := inspect(); err != nil || !bytes.Equal(got.Data, content) {
			t.Errorf("the reviewer reads %d of %d bytes: %v", len(got.Data), len(content), err)
		}
		own := verification.OwnDocument{Customer: c.ID, ID: kept.ID}
		if _, err := verification.RemoveDocument.Do(t.Context(), w.k, w.seller(), own); codes(err)[0] != "1000 refusal.not_found" {
			t.Errorf("what was sent is removed: %v", err)
		}
		if _, err := verification.ReadDocument.Do(t.Context(), w.k, w.seller(), own); err != nil {
			t.Error(err)
		}
		if _, err := verification.ReadDocument.Do(t.Context(), w.k, w.supplier(), own); err == nil {
			t.Error("another partner reads it")
		}
		// What is never sent goes after a week.
		if _, err := add(w.seller(), "later.pdf", content); err != nil {
			t.Fatal(err)
		}
		w.runDue()
		w.k.Clock.Advance(9 * 24 * time.Hour)
		w.runDue()
		if got := len(w.dossier(c).Documents); got != verification.MaxDocuments {
			t.Errorf("%d documents are left", got)
		}
	})
}

// Notes stay between reviewers, cases are in somebody's hands (V-2).
func TestNotesAndHands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		for _, text := range []string{"", "  ", strings.Repeat("x", 2001)} {
			if _, err := verification.Note.Do(t.Context(), w.k, reviewer(), verification.Message{Account: w.accountOf(c), Text: text}); !errors.Is(err, verification.ErrText) {
				t.Errorf("a note of %d letters: %v", len(text), err)
			}
		}
		if _, err := verification.Note.Do(t.Context(), w.k, reviewer(), verification.Message{Account: w.accountOf(c), Text: "Odd."}); err != nil {
			t.Fatal(err)
		}
		past, err := verification.History.Do(t.Context(), w.k, w.seller(), verification.Customer{ID: c.ID})
		if err != nil || len(past.Entries) != 0 || past.Cases[0].Findings != nil {
			t.Errorf("the partner reads %+v, %v", past, err)
		}
		if _, err := verification.Assign.Do(t.Context(), w.k, reviewer(), verification.Assignment{Accounts: []verification.Account{w.accountOf(c)}, To: id.User(w.direct.Tenant)}); !errors.Is(err, verification.ErrAssignee) {
			t.Errorf("given to a stranger: %v", err)
		}
		own := reviewer()
		own.Tenant = w.direct.Tenant
		for _, err := range []error{
			second(verification.Note.Do(t.Context(), w.k, own, verification.Message{Account: w.accountOf(c), Text: "Mine."})),
			second(verification.Ask.Do(t.Context(), w.k, own, verification.Message{Account: w.accountOf(c), Text: "Mine?"})),
			second(verification.TakeOver.Do(t.Context(), w.k, own, w.accountOf(c))),
		} {
			if !errors.Is(err, verification.ErrOwnOrganization) {
				t.Errorf("a reviewer of the partner itself: %v", err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Cases without findings are approved at once; the others say why not (V-2).
func TestAThousandCasesAreApprovedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var all []verification.Decision
		for i := range verification.MaxBulk {
			in := called(fmt.Sprintf("Firma %04d Glas AB", i))
			in.Distinct = true
			c := w.add(w.seller(), in).Customer
			all = append(all, verification.Decision{Partner: c.Partner, Customer: c.ID})
		}
		watch := clock.Start()
		out, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), all)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("approved in %v", watch.Elapsed()) // no more than two seconds on a machine that does nothing else
		for _, o := range out {
			if o.Refused != nil {
				t.Fatalf("%s: %v", o.CustomerName, o.Refused)
			}
		}
		again, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), all[:1])
		if err != nil || !errors.Is(again[0].Refused, verification.ErrDecided) {
			t.Errorf("approved twice: %+v, %v", again, err)
		}
		if _, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), append(all, all[0])); !errors.Is(err, verification.ErrTooMany) {
			t.Errorf("more than a thousand: %v", err)
		}
		in := called("Test Glas AB") // CN10
		odd := w.add(w.seller(), in).Customer
		got, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), []verification.Decision{{Partner: odd.Partner, Customer: odd.ID}})
		if err != nil || !errors.Is(got[0].Refused, verification.ErrFindings) {
			t.Errorf("approved unseen: %+v, %v", got, err)
		}
		o, err := verification.Oversee.Do(t.Context(), w.k, reviewer(), struct{}{})
		if err != nil || o.Open != 1 || o.Ages[0] != 1 {
			t.Errorf("the queue stands at %+v, %v", o, err)
		}
	})
}

// The queue has the same cases in every order, forwards and backwards, however
// it is narrowed (V-2).
func TestTheQueueInEveryOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 11 {
			in := called(fmt.Sprintf("Firma %c Glas AB", 'K'-i))
			in.Distinct = true
			c := w.add(w.seller(), in).Customer
			if i%4 == 3 {
				w.decide(c, verification.Approve)
			}
			w.k.Clock.Advance(time.Hour)
		}
		w.add(w.supplier(), called("Norra Glas AB"))
		sorts := []verification.Sort{
			verification.ByDue, verification.ByOpened, verification.ByName, verification.ByPartner, verification.ByCountry,
			verification.ByCause, verification.ByFindings, verification.ByAssignee,
		}
		for _, sort := range sorts {
			for _, q := range []verification.Query{
				{},
				{Text: "glas firma"},
				{Partner: w.direct.Tenant},
				{Country: "SE"},
				{Assignee: verification.Nobody},
				{Scope: verification.Accepted},
				{Scope: verification.Accepted, Partner: w.direct.Tenant},
				{Scope: verification.Accepted, Text: "firma"},
			} {
				q.Sort, q.Size = sort, 4
				up := w.walk(q, false)
				q.Descending = true
				down := w.walk(q, false)
				slices.Reverse(down)
				if !slices.Equal(up, down) || len(up) == 0 {
					t.Errorf("by %s, %+v: up %v, down %v", sort, q, up, down)
				}
				q.Descending = false
				if back := w.walk(q, true); !slices.Equal(up, back) {
					t.Errorf("by %s, %+v: forwards %v, backwards %v", sort, q, up, back)
				}
			}
		}
		if names := w.walk(verification.Query{Sort: verification.ByName, Size: 3}, false); !slices.IsSorted(names) || len(names) != 10 {
			t.Errorf("by name %v", names)
		}
		if _, err := verification.ListCases.Do(t.Context(), w.k, reviewer(), verification.Query{Cursor: "nonsense"}); err == nil {
			t.Error("a cursor that is none is taken")
		}
		if names := w.walk(verification.Query{Text: "100%_sure", Size: 3}, false); len(names) != 0 {
			t.Errorf("signs of the database are read: %v", names)
		}
	})
}

// walk returns the names of all that q finds, page by page.
func (w *world) walk(q verification.Query, backward bool) (names []string) {
	w.t.Helper()
	q.Backward = backward
	for {
		page, err := verification.ListCases.Do(w.t.Context(), w.k, reviewer(), q)
		if err != nil {
			w.t.Fatalf("%+v: %v", q, err)
		}
		var some []string
		for _, i := range page.Items {
			some = append(some, i.CustomerName)
		}
		if backward {
			names = append(some, names...)
			q.Cursor = page.Previous
		} else {
			names = append(names, some...)
			q.Cursor = page.Next
		}
		if q.Cursor == "" {
			if page.Total != int64(len(names)) {
				w.t.Errorf("%+v: %d are counted, %d listed", q, page.Total, len(names))
			}
			return names
		}
	}
}
