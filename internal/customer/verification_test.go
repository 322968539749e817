package customer_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

func reviewer() op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: policy.OperatorReviewer, User: "r", UserName: "rita@operator.example"}
}

// colleague is another reviewer.
func colleague() op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: policy.OperatorReviewer, User: "s", UserName: "sam@operator.example"}
}

func TestAReviewerDecidesACase(t *testing.T) { // C24, C25, C27
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		reject := func(a op.Actor, in verification.Decision) (verification.Case, error) {
			in.Customer = added.ID
			return verification.Reject.Do(t.Context(), w.k, a, in)
		}
		own := reviewer()
		own.Tenant = w.direct.Tenant
		for _, tt := range []struct {
			name, want string
			actor      op.Actor
			in         verification.Decision
		}{
			{"without reason", "27002 verification.reason reason", reviewer(), verification.Decision{Text: "No."}},
			{"with an unknown reason", "27002 verification.reason reason", reviewer(), verification.Decision{Reason: "mood", Text: "No."}},
			{"without words", "27002 verification.reason reason", reviewer(), verification.Decision{Reason: "other", Text: " "}},
			{"by its own people", "900150 verification.own_organization", own, verification.Decision{Reason: "other", Text: "No."}},
			{"by a partner", "900150 refusal.rf10", w.seller(), verification.Decision{Reason: "other", Text: "No."}},
			{"by support", "900150 refusal.rf10", op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: policy.OperatorSupport, User: "s"}, verification.Decision{Reason: "other", Text: "No."}},
		} {
			if _, err := reject(tt.actor, tt.in); err == nil || codes(err)[0] != tt.want {
				t.Errorf("rejected %s: %v, want %s", tt.name, err, tt.want)
			}
		}
		c, err := reject(reviewer(), verification.Decision{Reason: "name_mismatch", Text: "The register knows another name."})
		if err != nil || c.Status != verification.NotAllowed || c.DecidedBy != "rita@operator.example" || c.OpenedBy != "ada@atelier-nuage.example" {
			t.Fatalf("got %+v, %v", c, err)
		}
		if _, err := verification.Approve.Do(t.Context(), w.k, reviewer(), verification.Decision{Customer: added.ID}); codes(err)[0] != "1003 verification.decided" {
			t.Errorf("approved after it was rejected: %v", err)
		}
		standing, err := verification.Get.Do(t.Context(), w.k, w.seller(), verification.Customer{ID: added.ID})
		if err != nil || standing.Status != verification.NotAllowed || !standing.UpdatedAt.Equal(opening) {
			t.Errorf("standing %+v, %v", standing, err)
		}
		w.k.Clock.Advance(time.Minute)
		again, err := verification.Resubmit.Do(t.Context(), w.k, w.seller(), verification.Appeal{Customer: added.ID, Text: "See the extract."})
		if err != nil || again.Status != verification.UnderReview || again.Cause != verification.CauseAppeal || again.Notes != "See the extract." {
			t.Errorf("appeal %+v, %v", again, err)
		}
		if _, err := verification.Resubmit.Do(t.Context(), w.k, w.seller(), verification.Appeal{Customer: added.ID}); codes(err)[0] != "1003 verification.not_rejected" {
			t.Errorf("appealed twice: %v", err)
		}
		history, err := verification.History.Do(t.Context(), w.k, w.seller(), verification.Customer{ID: added.ID})
		if err != nil || len(history.Cases) != 2 {
			t.Errorf("history %+v, %v", history, err)
		}
		for _, name := range []string{"verification_decided", "verification_resubmitted"} {
			if !slices.Contains(w.lines(logOf, w.direct.Tenant), name) {
				t.Errorf("the log lacks %s", name)
			}
		}
		if !slices.Contains(w.lines(eventsOf, w.direct.Tenant), "verification-decided") {
			t.Error("nobody is told of the decision")
		}
	})
}

func TestTheStatusOfAnAccountWithoutRecord(t *testing.T) { // C21: 600074
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		w.lost(added)
		_, err := verification.Get.Do(t.Context(), w.k, w.seller(), verification.Customer{ID: added.ID})
		if got := codes(err); got[0] != "600074 verification.no_record" {
			t.Errorf("got %v", got)
		}
		_, err = verification.Get.Do(t.Context(), w.k, w.supplier(), verification.Customer{ID: added.ID})
		if got := codes(err); got[0] != "1000 refusal.not_found" {
			t.Errorf("another partner gets %v", got)
		}
		out, err := customer.UpdateBilling.Do(t.Context(), w.k, w.seller(), rename(added, "Bageriet Katten AB"))
		if err != nil || out.Customer.Status != verification.UnderReview {
			t.Errorf("after a change: %s, %v", out.Customer.Status, err)
		}
	})
}

func TestTheQueueShowsWhatIsDueFirst(t *testing.T) { // C26, V-2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 5 {
			w.add(w.seller(), called(fmt.Sprintf("Firma %c Glas AB", 'A'+i)))
			w.k.Clock.Advance(time.Hour)
		}
		w.k.Clock.Advance(5 * 24 * time.Hour)
		w.add(w.seller(), called("Firma Z Glas AB"))
		var names []string
		for q := (verification.Query{Size: 2}); ; {
			page, err := verification.ListCases.Do(t.Context(), w.k, reviewer(), q)
			if err != nil || page.Total != 6 {
				t.Fatal(page.Total, err)
			}
			for _, c := range page.Items {
				names = append(names, c.CustomerName)
				if overdue := c.Overdue(w.k.Clock.Now()); overdue == (c.CustomerName == "Firma Z Glas AB") {
					t.Errorf("%s is overdue: %v", c.CustomerName, overdue)
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		want := []string{"Firma A Glas AB", "Firma B Glas AB", "Firma C Glas AB", "Firma D Glas AB", "Firma E Glas AB", "Firma Z Glas AB"}
		if !slices.Equal(names, want) {
			t.Errorf("queue %v", names)
		}
	})
}

// However an account fares, what lists show, what counters count, what the case
// says and what the state machine says are one.
func TestAnAccountIsTheSameEverywhere(t *testing.T) { // C21, C24
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			n++
			in := called(fmt.Sprintf("Firma %d Glas AB", n))
			in.Reseller, in.Distinct = string(w.reseller.Tenant), true
			c := w.add(w.supplier(), in).Customer
			status := verification.UnderReview
			for step := range rapid.IntRange(1, 8).Draw(r, "length") {
				h := rapid.SampledFrom([]verification.Happening{
					verification.Approved, verification.Rejected, verification.Changed, verification.Appealed,
				}).Draw(r, "happening")
				w.k.Clock.Advance(time.Minute)
				err := w.happen(c, h, step)
				next, possible := status.After(h)
				if (err == nil) != possible {
					r.Fatalf("%s after %s: %v", status, h, err)
				}
				if possible {
					status = next
				}
				w.agree(r, c, status)
			}
		})
	})
}

func (w *world) happen(c customer.Customer, h verification.Happening, step int) (err error) {
	in := verification.Decision{Partner: c.Partner, Customer: c.ID, Reason: "other", Text: "Because."}
	switch h {
	case verification.Approved:
		_, err = verification.Approve.Do(w.t.Context(), w.k, reviewer(), in)
	case verification.Rejected: // an account that was approved before takes two
		var left verification.Case
		if left, err = verification.Reject.Do(w.t.Context(), w.k, reviewer(), in); err == nil && left.Open() {
			_, err = verification.Reject.Do(w.t.Context(), w.k, colleague(), in)
		}
	case verification.Appealed:
		_, err = verification.Resubmit.Do(w.t.Context(), w.k, w.supplier(), verification.Appeal{Customer: c.ID})
	case verification.Changed:
		change := rename(c, fmt.Sprintf("%s nummer %d", c.Billing.CompanyName, step))
		change.Version = 0
		_, err = customer.UpdateBilling.Do(w.t.Context(), w.k, w.supplier(), change)
	}
	return err
}

// agree fails unless everything that shows the status of c shows this one.
func (w *world) agree(r *rapid.T, c customer.Customer, status verification.Status) {
	for _, a := range []op.Actor{w.supplier(), w.through()} {
		got, err := verification.Get.Do(w.t.Context(), w.k, a, verification.Customer{ID: c.ID})
		if err != nil || got.Status != status {
			r.Fatalf("status %s, want %s: %v", got.Status, status, err)
		}
		past, err := verification.History.Do(w.t.Context(), w.k, a, verification.Customer{ID: c.ID})
		if err != nil || past.Cases[0].Status != status {
			r.Fatalf("case %s, want %s: %v", past.Cases[0].Status, status, err)
		}
		counts, err := customer.Count.Do(w.t.Context(), w.k, a, struct{}{})
		if err != nil {
			r.Fatal(err)
		}
		var sum int64
		for _, s := range verification.Statuses() {
			page, err := customer.List.Do(w.t.Context(), w.k, a, customer.Query{Filter: customer.Filter{Status: s}, Sort: customer.ByCreated, Size: customer.MaxPage})
			if err != nil || page.Total != int64(len(page.Items)) {
				r.Fatalf("%d customers are %s, %d are counted: %v", len(page.Items), s, page.Total, err)
			}
			sum += counts.By[relationship.ByStatus][string(s)]
		}
		if sum != counts.All {
			r.Fatalf("%d of %d customers are counted by status", sum, counts.All)
		}
	}
}
