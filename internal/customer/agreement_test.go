package customer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

func TestAnAcceptanceIsConfirmedOnceForEachPerson(t *testing.T) { // AG1, AG2, AG3: RF-04, RF-19, RF-20, RF-21
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Reseller = string(w.reseller.Tenant)
		added := w.add(w.supplier(), in).Customer
		if err := w.confirmed(added); !errors.Is(err, refusal.RF19) {
			t.Errorf("before: %v, want RF-19", err)
		}
		maja := agreement.Attestation{
			Person:   agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@fjallbageriet.example", Phone: "046123456"},
			AgreedAt: opening,
		}
		with := func(change func(a *agreement.Attestation)) agreement.Attestation {
			a := maja
			change(&a)
			return a
		}
		tests := []struct {
			rule  string
			actor op.Actor
			in    agreement.Attestation
			want  string // "" when it is recorded
		}{
			{"RF-04 a reseller", w.through(), maja, "2032 refusal.rf04"},
			{"another partner", w.seller(), maja, "1000 refusal.not_found"},
			{"RF-20 in the future", w.supplier(), with(func(a *agreement.Attestation) { a.AgreedAt = opening.Add(24 * time.Hour) }), "3000 refusal.rf20 dateAgreed"},
			{"without date", w.supplier(), with(func(a *agreement.Attestation) { a.AgreedAt = time.Time{} }), "27002 agreement.no_date dateAgreed"},
			{"CT01 without name", w.supplier(), with(func(a *agreement.Attestation) { a.Person.LastName = "" }), "3000 naming.ct01 primaryContact.lastName"},
			{"EM01 without address", w.supplier(), with(func(a *agreement.Attestation) { a.Person.Email = "maja" }), "3000 naming.em01 primaryContact.email"},
			{"late on the day itself", w.supplier(), with(func(a *agreement.Attestation) { a.AgreedAt = opening.Add(14 * time.Hour) }), ""},
			{"RF-21 the same person again", w.supplier(), with(func(a *agreement.Attestation) { a.Person.Email = "MAJA@fjallbageriet.example" }), "600061 refusal.rf21"},
			{"the same person with another number", w.supplier(), with(func(a *agreement.Attestation) { a.Person.Phone = "" }), ""},
		}
		for _, tt := range tests {
			t.Run(tt.rule, func(t *testing.T) {
				_, err := agreement.Attest.Do(t.Context(), w.k, tt.actor, agreement.Confirmation{Customer: added.ID, Attestation: tt.in})
				if tt.want == "" && err != nil || tt.want != "" && (err == nil || codes(err)[0] != tt.want) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
			})
		}
		if err := w.confirmed(added); err != nil {
			t.Errorf("after: %v", err)
		}
		for _, a := range []op.Actor{w.supplier(), w.through(), agent(w.provider, policy.HelpdeskAgent)} {
			all, err := agreement.List.Do(t.Context(), w.k, a, agreement.Customer{ID: added.ID})
			if err != nil || len(all) != 2 || all[0].TemplateID != agreement.CustomerTemplate {
				t.Errorf("%s sees %+v: %v", a.UserName, all, err)
			}
		}
	})
}

// confirmed asks whether the provider may order for c.
func (w *world) confirmed(c customer.Customer) (err error) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		err = agreement.MayOrder(ctx, u, w.provider.Tenant, c.ID)
		return nil
	})
	return err
}
