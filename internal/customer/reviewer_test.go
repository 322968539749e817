package customer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
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

// Two reviewers who decide at once: one does, and the other is told who was
// faster (rules C24, C25).
func TestTwoReviewersAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 10 {
			in := called(fmt.Sprintf("Firma %04d Glas AB", i))
			in.Distinct = true
			c := w.add(w.seller(), in).Customer
			decision := verification.Decision{Partner: c.Partner, Customer: c.ID, Reason: "other", Text: "No."}
			var both sync.WaitGroup
			var approved, rejected error
			both.Go(func() { _, approved = verification.Approve.Do(t.Context(), w.k, reviewer(), decision) })
			both.Go(func() { _, rejected = verification.Reject.Do(t.Context(), w.k, colleague(), decision) })
			both.Wait()
			if (approved == nil) == (rejected == nil) {
				t.Fatalf("approved: %v, rejected: %v", approved, rejected)
			}
			late := approved
			if approved == nil {
				late = rejected
			}
			if !errors.Is(late, verification.ErrDecided) {
				t.Errorf("the second one is told %v", late)
			}
			want := verification.Allowed
			if approved != nil {
				want = verification.NotAllowed
			}
			if got := w.dossier(c).Cases; len(got) != 1 || got[0].Status != want {
				t.Errorf("%+v, want %s", got, want)
			}
		}
	})
}
