package agreement_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// plan plans a round for customers of the seller, who accepted today.
func (w *world) plan(person agreement.PersonSource, customers ...id.Tenant) (agreement.Round, error) {
	return agreement.PlanRound.Do(w.t.Context(), w.k, agent(w.seller), agreement.RoundPlan{Customers: customers, Person: person, AgreedAt: w.now()})
}

func (w *world) planned(person agreement.PersonSource, customers ...id.Tenant) agreement.Round {
	w.t.Helper()
	r, err := w.plan(person, customers...)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// start starts a round and does what is due.
func (w *world) start(r agreement.Round) agreement.Round {
	w.t.Helper()
	if _, err := agreement.StartRound.Do(w.t.Context(), w.k, agent(w.seller), r.ID); err != nil {
		w.t.Fatal(err)
	}
	w.work()
	return w.round(r)
}

func (w *world) work() {
	w.t.Helper()
	if _, err := job.NewWorkers(w.k, 1).RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) round(r agreement.Round) agreement.Round {
	w.t.Helper()
	r, err := agreement.ShowRound.Do(w.t.Context(), w.k, agent(w.seller), r.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) rows(r agreement.Round) []agreement.RoundRow {
	w.t.Helper()
	rows, err := agreement.ListRoundRows.Do(w.t.Context(), w.k, agent(w.seller), agreement.RoundRows{Round: r.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	return rows
}

func counted(r agreement.Round) string {
	return fmt.Sprintf("%s: %d ready, %d made, %d known, %d refused", r.Stage, r.Ready(), r.Made, r.Known, r.Refused)
}

// A new version has to be accepted by all: the partner plans the confirmations,
// corrects them, starts them, and reads what became of each customer (AG3, AG8).
func TestARoundConfirmsManyCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.add(w.seller, "Nordbageriet i Umeå AB", "nordbageriet")
		third := w.add(w.seller, "Ostbutiken i Visby AB", "ostbutiken")
		olof := maja(opening)
		olof.Person.FirstName = "Olof"
		for c, a := range map[*customer.Added]agreement.Attestation{&w.bakery: olof, &other: maja(opening)} {
			if err := w.attest(w.seller, *c, a); err != nil {
				t.Fatal(err)
			}
		}
		w.publish(agreement.NewVersion{Label: "2", Mandatory: true, EnforcedAt: opening.AddDate(0, 0, 5)})
		w.travel("2026-11-30")
		if err := w.mayOrder(w.seller, other); !errors.Is(err, refusal.RF19) {
			t.Fatalf("RF-19: %v", err)
		}
		stranger := id.Tenant("0190b3f8-0000-7000-8000-000000000000")
		r := w.planned(agreement.LastPerson, w.bakery.Customer.ID, other.Customer.ID, third.Customer.ID, stranger)
		if counted(r) != "planned: 3 ready, 0 made, 0 known, 1 refused" {
			t.Fatalf("planned %s", counted(r))
		}
		rows := w.rows(r)
		if rows[0].Attestation.Person.FirstName != "Olof" || rows[2].Attestation.Person.FirstName != "Maja" || rows[2].Name != "Ostbutiken i Visby AB" {
			t.Errorf("rows %+v", rows)
		}
		if rows[3].Fault == nil || rows[3].Fault.Key != "refusal.not_found" {
			t.Errorf("the stranger: %+v", rows[3])
		}
		if w.logged(w.seller.Tenant) != 2 {
			t.Error("a plan confirmed something")
		}
		correct := func(c agreement.Correction) error {
			c.Round = r.ID
			_, err := agreement.CorrectRound.Do(t.Context(), w.k, agent(w.seller), c)
			return err
		}
		wrong := maja(w.now().AddDate(0, 0, 2))
		wrong.Person.Email = "nobody"
		if err := correct(agreement.Correction{Number: 1, Attestation: wrong}); codes(err) != "3000 naming.em01 primaryContact.email; 3000 refusal.rf20 dateAgreed" {
			t.Errorf("RF-20: %s", codes(err))
		}
		anna := maja(opening.AddDate(0, 0, 9))
		anna.Person.FirstName = "Anna"
		if err := correct(agreement.Correction{Number: 1, Attestation: anna}); err != nil {
			t.Fatal(err)
		}
		if err := correct(agreement.Correction{Number: 4, LeaveOut: true}); err != nil {
			t.Fatal(err)
		}
		if r = w.start(r); counted(r) != "done: 0 ready, 3 made, 0 known, 0 refused" || r.FinishedAt.IsZero() {
			t.Fatalf("done %s", counted(r))
		}
		if err := errors.Join(w.mayOrder(w.seller, w.bakery), w.mayOrder(w.seller, other), w.mayOrder(w.seller, third)); err != nil {
			t.Errorf("orders: %v", err)
		}
		if told := w.events(w.seller.Tenant, agreement.EventAttested); len(told) != 5 || told[4].Contact.Email == "" { // AG7
			t.Errorf("told %+v", told)
		}
		if err := correct(agreement.Correction{Number: 1, LeaveOut: true}); !errors.Is(err, agreement.ErrRoundStarted) {
			t.Errorf("corrected afterwards: %v", err)
		}
		if again := w.start(r); counted(again) != counted(r) || w.logged(w.seller.Tenant) != 5 {
			t.Errorf("started twice: %s", counted(again))
		}
		repeated := w.planned(agreement.LastPerson, w.bakery.Customer.ID) // RF-21
		if counted(repeated) != "planned: 0 ready, 0 made, 1 known, 0 refused" {
			t.Errorf("repeated %s", counted(repeated))
		}
		if _, err := agreement.StartRound.Do(t.Context(), w.k, agent(w.seller), repeated.ID); !errors.Is(err, agreement.ErrNothingReady) {
			t.Errorf("started nothing: %v", err)
		}
	})
}

// A relation that ends meanwhile refuses its customer alone; what was refused can be
// planned again.
func TestARoundGoesOnPastWhatIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.add(w.seller, "Nordbageriet i Umeå AB", "nordbageriet")
		r := w.planned(agreement.PrimaryContact, w.bakery.Customer.ID, other.Customer.ID)
		w.rename(w.bakery.Customer.ID, "gone")
		if r = w.start(r); counted(r) != "done: 0 ready, 1 made, 0 known, 1 refused" {
			t.Fatalf("done %s", counted(r))
		}
		if rows := w.rows(r); rows[0].Fault == nil || rows[0].Fault.Key != "refusal.not_found" || rows[0].Name == "" {
			t.Errorf("the one that is gone: %+v", rows[0])
		}
		w.rename("gone", w.bakery.Customer.ID)
		again, err := agreement.PlanAgain.Do(t.Context(), w.k, agent(w.seller), r.ID)
		if err != nil || counted(again) != "planned: 1 ready, 0 made, 0 known, 0 refused" {
			t.Fatalf("again %s: %v", counted(again), err)
		}
		if again = w.start(again); again.Made != 1 {
			t.Errorf("again %s", counted(again))
		}
		if _, err := agreement.PlanAgain.Do(t.Context(), w.k, agent(w.seller), again.ID); !errors.Is(err, agreement.ErrNobody) {
			t.Errorf("nothing was refused: %v", err)
		}
	})
}

// A round whose process dies goes on behind what it recorded, and one that is
// stopped keeps it; a plan is thrown away.
func TestARoundIsResumedStoppedAndDiscarded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const customers = 55
		all := []id.Tenant{w.bakery.Customer.ID}
		for n := 1; n < customers; n++ {
			all = append(all, w.add(w.seller, fmt.Sprintf("Nordbageriet nummer %d i Umeå AB", n), fmt.Sprintf("nordbageriet%d", n)).Customer.ID)
		}
		r := w.planned(agreement.LastPerson, all...)
		steps := 0
		w.k.Observe(func(o op.Observation) {
			if o.Action == "job.step" && o.Outcome == "ok" {
				if steps++; steps == 1 {
					panic("the power is gone")
				}
			}
		})
		r = w.start(r)
		if r.Stage != agreement.RoundRunning || r.Made == 0 || r.Ready() == 0 || int64(w.logged(w.seller.Tenant)) != r.Made {
			t.Fatalf("after the crash %s", counted(r))
		}
		w.travel("2026-11-21")
		w.work()
		if got := w.round(r); got.Stage != agreement.RoundDone || got.Made != customers || w.logged(w.seller.Tenant) != customers {
			t.Fatalf("resumed %s, %d records", counted(got), w.logged(w.seller.Tenant))
		}
		end := func(r agreement.Round) {
			t.Helper()
			if _, err := agreement.EndRound.Do(t.Context(), w.k, agent(w.seller), r.ID); err != nil {
				t.Fatal(err)
			}
		}
		third := w.add(w.seller, "Ostbutiken i Visby AB", "ostbutiken")
		stopped := w.planned(agreement.LastPerson, third.Customer.ID)
		if _, err := agreement.StartRound.Do(t.Context(), w.k, agent(w.seller), stopped.ID); err != nil {
			t.Fatal(err)
		}
		end(stopped)
		w.work()
		if got := w.round(stopped); counted(got) != "cancelled: 1 ready, 0 made, 0 known, 0 refused" {
			t.Errorf("stopped %s", counted(got))
		}
		thrown := w.planned(agreement.LastPerson, third.Customer.ID)
		end(thrown)
		if _, err := agreement.ShowRound.Do(t.Context(), w.k, agent(w.seller), thrown.ID); !errors.Is(err, refusal.NotFound) {
			t.Errorf("discarded: %v", err)
		}
		listed, err := agreement.ListRounds.Do(t.Context(), w.k, agent(w.seller), agreement.RoundPage{})
		if err != nil || len(listed) != 2 || listed[0].ID != stopped.ID {
			t.Errorf("listed %+v: %v", listed, err)
		}
		for range 60 { // more than are removed at once
			w.planned(agreement.LastPerson, third.Customer.ID)
		}
		w.travel("2026-12-20")
		w.work()
		if left := w.texts(roundIDs, w.seller.Tenant); len(left) != 2 {
			t.Errorf("plans of long ago are kept: %v", left)
		}
		w.travel("2027-04-20")
		w.work()
		if left := w.texts(roundIDs, w.seller.Tenant); len(left) != 0 {
			t.Errorf("rounds of long ago are kept: %v", left)
		}
	})
}

// Rounds are refused whole where nobody may attest, and are nobody else's.
func TestRoundsThatAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if _, err := w.plan(agreement.LastPerson); !errors.Is(err, agreement.ErrNobody) {
			t.Errorf("nobody: %v", err)
		}
		if _, err := w.plan(agreement.LastPerson, make([]id.Tenant, agreement.MaxAttestations+1)...); !errors.Is(err, agreement.ErrTooMany) {
			t.Errorf("too many: %v", err)
		}
		for name, at := range map[string]time.Time{"27002 agreement.no_date dateAgreed": {}, "3000 refusal.rf20 dateAgreed": w.now().AddDate(0, 0, 1)} {
			_, err := agreement.PlanRound.Do(t.Context(), w.k, agent(w.seller), agreement.RoundPlan{Customers: []id.Tenant{w.bakery.Customer.ID}, AgreedAt: at})
			if codes(err) != name {
				t.Errorf("RF-20: %v, want %s", err, name)
			}
		}
		r := w.planned(agreement.LastPerson, w.bakery.Customer.ID)
		colleague := agent(w.seller)
		colleague.User = "0190b3f8-0000-7000-8000-00000000000b"
		if _, err := agreement.ShowRound.Do(t.Context(), w.k, colleague, r.ID); !errors.Is(err, refusal.NotFound) {
			t.Errorf("a colleague's: %v", err)
		}
		reseller := agent(w.seller)
		reseller.Org = policy.IndirectReseller
		in := agreement.RoundPlan{Customers: []id.Tenant{w.bakery.Customer.ID}, AgreedAt: w.now()}
		if _, err := agreement.PlanRound.Do(t.Context(), w.k, reseller, in); !errors.Is(err, refusal.RF04) {
			t.Errorf("RF-04: %v", err)
		}
		if err := w.k.UpdateSetting(t.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: "agreement.partnerAttestation", Value: "false"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.plan(agreement.LastPerson, w.bakery.Customer.ID); !errors.Is(err, agreement.ErrNoAttestation) {
			t.Errorf("AG2: %v", err)
		}
		if _, err := agreement.StartRound.Do(t.Context(), w.k, agent(w.seller), r.ID); !errors.Is(err, agreement.ErrNoAttestation) {
			t.Errorf("AG2: a plan of before: %v", err)
		}
	})
}

// What the operator takes from the partners, a round that is under way does not do
// either, nor can what it refused be planned again (AG2).
func TestARoundEndsWhereAttestationIsTakenAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := w.planned(agreement.PrimaryContact, w.bakery.Customer.ID, "0190b3f8-0000-7000-8000-000000000000")
		if _, err := agreement.StartRound.Do(t.Context(), w.k, agent(w.seller), r.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.k.UpdateSetting(t.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: "agreement.partnerAttestation", Value: "false"}); err != nil {
			t.Fatal(err)
		}
		w.work()
		if r = w.round(r); counted(r) != "cancelled: 1 ready, 0 made, 0 known, 1 refused" || r.FinishedAt.IsZero() || w.logged(w.seller.Tenant) != 0 {
			t.Errorf("after the setting was switched off: %s", counted(r))
		}
		if _, err := agreement.PlanAgain.Do(t.Context(), w.k, agent(w.seller), r.ID); !errors.Is(err, agreement.ErrNoAttestation) {
			t.Errorf("again: %v", err)
		}
	})
}

// A customer that is deleted takes its rows with it, and the counts follow (C40).
func TestARoundForgetsCustomersThatAreDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.add(w.seller, "Nordbageriet i Umeå AB", "nordbageriet")
		remove := func(c customer.Added) {
			t.Helper()
			w.within(func(ctx context.Context, u *op.Unit) error { return agreement.Forget(ctx, u, c.Customer.ID) })
		}
		alone := w.planned(agreement.PrimaryContact, w.bakery.Customer.ID)
		both := w.planned(agreement.PrimaryContact, w.bakery.Customer.ID, other.Customer.ID)
		remove(w.bakery)
		if _, err := agreement.StartRound.Do(t.Context(), w.k, agent(w.seller), alone.ID); !errors.Is(err, agreement.ErrNothingReady) {
			t.Errorf("a round of nobody started: %v", err)
		}
		if both = w.start(both); counted(both) != "done: 0 ready, 1 made, 0 known, 0 refused" || both.Total != 1 {
			t.Errorf("without the one that was deleted before: %s", counted(both))
		}
		late := w.planned(agreement.PrimaryContact, w.bakery.Customer.ID)
		if _, err := agreement.StartRound.Do(t.Context(), w.k, agent(w.seller), late.ID); err != nil {
			t.Fatal(err)
		}
		remove(w.bakery)
		w.work()
		if late = w.round(late); counted(late) != "done: 0 ready, 0 made, 0 known, 0 refused" {
			t.Errorf("without the one that was deleted meanwhile: %s", counted(late))
		}
	})
}

// A round whose job was given up has failed, and stays so when its owner stops it.
func TestARoundThatFailedIsNotStopped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := w.planned(agreement.PrimaryContact, w.bakery.Customer.ID)
		if _, err := agreement.StartRound.Do(t.Context(), w.k, agent(w.seller), r.ID); err != nil {
			t.Fatal(err)
		}
		w.within(func(ctx context.Context, u *op.Unit) error {
			_, err := u.Exec(ctx, givenUp)
			return err
		})
		ended, err := agreement.EndRound.Do(t.Context(), w.k, agent(w.seller), r.ID)
		if err != nil || ended.Stage != agreement.RoundFailed || w.round(r).Stage != agreement.RoundFailed {
			t.Errorf("stopped after it failed: %s, then %s: %v", ended.Stage, w.round(r).Stage, err)
		}
	})
}

var (
	givenUp  = db.Scan(`UPDATE jobs SET state = 'failed' WHERE kind = 'agreement.round'`, "test")
	roundIDs = db.Scan(`SELECT id FROM agreement_rounds WHERE partner_id = $1 ORDER BY id`, "test")
	moved    = db.Scan(`UPDATE customers SET customer_id = $2 WHERE customer_id = $1`, "test")
)

// rename lets the relation with a customer be one with another.
func (w *world) rename(from, to id.Tenant) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		_, err := u.Exec(ctx, moved, from, to)
		return err
	})
}
