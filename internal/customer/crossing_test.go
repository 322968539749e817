package customer_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// Colleagues change a customer while reviewers decide about it: whoever comes
// second works with what the first has left, and the counters agree.
func TestChangesAndDecisionsThatCross(t *testing.T) { // C20, C24
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		const colleagues, changes = 4, 10
		var wg sync.WaitGroup
		for n := range colleagues {
			wg.Go(func() {
				for i := range changes {
					in := rename(added, fmt.Sprintf("Bageriet Katten %c AB", 'A'+n))
					in.Version, in.Billing.Address.AddressLine2 = 0, fmt.Sprintf("Uppgång %d", i)
					if _, err := customer.UpdateBilling.Do(t.Context(), w.k, w.seller(), in); err != nil {
						t.Errorf("change: %v", err)
					}
				}
			})
			wg.Go(func() {
				for i := range changes {
					as := []*op.Operation[verification.Decision, verification.Case]{verification.Approve, verification.Reject}[i%2]
					in := verification.Decision{Partner: added.Partner, Customer: added.ID, Reason: "not_found", Text: "No such company."}
					_, _ = as.Do(t.Context(), w.k, reviewer(), in) // refused when another has decided
				}
			})
		}
		wg.Wait()
		got, err := customer.Get.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: added.ID})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []verification.Status{verification.Allowed, verification.UnderReview, verification.NotAllowed} {
			want := int64(0)
			if s == got.Customer.Status {
				want = 1
			}
			w.within(func(ctx context.Context, u *op.Unit) error {
				n, err := u.Counted(ctx, added.Partner, relationship.ByStatus.Counter(string(s)))
				if n != want {
					t.Errorf("%d customers are counted as %s, and the customer is %s", n, s, got.Customer.Status)
				}
				return err
			})
		}
	})
}
