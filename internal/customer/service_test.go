package customer_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/qualification"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// served makes p serve c without selling to it.
func (w *world) served(p identity.Partner, c customer.Customer, kind relationship.Kind) (made bool) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) (err error) {
		made, err = customer.Serve(customer.Service{Partner: p.Tenant, Customer: c.ID, Kind: kind}, ctx, u)
		return err
	})
	return made
}

// A reseller finds in its list the customers that it serves without selling to
// them, by what it is to each (rule A6, S4.8), and can see them. Everything else
// waits for a reseller relationship (RF-28).
func TestCustomersServedInOtherWaysAreInTheListAndCanOnlyBeSeen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		bakery := w.add(w.seller(), bakery()).Customer
		kinds := []relationship.Kind{relationship.Advisor, relationship.PartnerOfRecord}
		for _, kind := range kinds {
			if !w.served(w.reseller, bakery, kind) {
				t.Errorf("%s was not made", kind)
			}
			if w.served(w.reseller, bakery, kind) {
				t.Errorf("%s was made twice", kind)
			}
		}
		if w.served(w.direct, bakery, relationship.Advisor) {
			t.Error("a partner that sells to the customer became its adviser")
		}
		a := w.through()
		page, err := customer.List.Do(t.Context(), w.k, a, customer.Query{Size: 10})
		if err != nil || page.Total != 2 || len(page.Items) != 2 {
			t.Fatalf("the list: %+v, %v", page, err)
		}
		for _, i := range page.Items {
			if i.ID != bakery.ID || i.Kind.Sells() || i.OriginalName != bakery.OriginalName || i.Domain != bakery.Domain || i.Status != verification.None {
				t.Errorf("listed as %+v", i)
			}
		}
		counts, err := customer.Count.Do(t.Context(), w.k, a, struct{}{})
		if err != nil || counts.All != 2 || counts.By[relationship.ByKind]["advisor"] != 1 || counts.By[relationship.ByKind]["digital_partner_of_record"] != 1 {
			t.Errorf("counted %+v, %v", counts, err)
		}
		if one, err := customer.List.Do(t.Context(), w.k, a, customer.Query{Size: 10, Filter: customer.Filter{Kind: relationship.Advisor}}); err != nil || len(one.Items) != 1 {
			t.Errorf("filtered by relationship: %+v, %v", one, err)
		}
		if got, err := customer.Get.Do(t.Context(), w.k, a, customer.Ref{ID: bakery.ID}); err != nil || got.Customer.Kind.Sells() || got.Customer.Billing.Email != "" {
			t.Errorf("seen as %+v, %v", got, err)
		}
		if found, err := customer.List.Do(t.Context(), w.k, a, customer.Query{Size: 10, Filter: customer.Filter{Search: "fjäll"}}); err != nil || len(found.Items) != 2 {
			t.Errorf("found %+v, %v", found, err)
		}
		for name, do := range map[string]func(op.Actor, id.Tenant) error{
			"billing information": func(a op.Actor, c id.Tenant) error {
				_, err := customer.GetBilling.Do(t.Context(), w.k, a, customer.Ref{ID: c})
				return err
			},
			"tags": func(a op.Actor, c id.Tenant) error {
				_, err := customer.SetTags.Do(t.Context(), w.k, a, customer.Tagging{ID: c, Tags: []string{"VIP"}})
				return err
			},
			"the end of the relationship": func(a op.Actor, c id.Tenant) error {
				_, err := customer.Remove.Do(t.Context(), w.k, a, removal(customer.Customer{ID: c}))
				return err
			},
			"the agreement": func(a op.Actor, c id.Tenant) error {
				_, err := agreement.Show.Do(t.Context(), w.k, a, agreement.Customer{ID: c})
				return err
			},
			"the verification": func(a op.Actor, c id.Tenant) error {
				_, err := verification.History.Do(t.Context(), w.k, a, verification.Customer{ID: c})
				return err
			},
		} {
			if err := do(a, bakery.ID); !errors.Is(err, refusal.RF28) {
				t.Errorf("RF-28 %s: %v", name, err)
			}
			if err := do(w.supplier(), bakery.ID); !errors.Is(err, refusal.NotFound) {
				t.Errorf("who has no relation at all learns of %s: %v", name, err)
			}
		}
		many, err := customer.AssignTags.Do(t.Context(), w.k, a, customer.Retagging{IDs: []id.Tenant{bakery.ID}, Add: []string{"VIP"}})
		if err != nil || len(many) != 1 || !errors.Is(many[0].Refused, refusal.RF28) {
			t.Errorf("tagged among many: %+v, %v", many, err)
		}
	})
}

// What only a partner that sells can do is refused to those that serve the
// customer in other ways, also to sellers that would have the role (RF-28).
func TestASellerThatOnlyAdvisesACustomerCannotActForIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.supplier(), bakery()).Customer
		w.served(w.direct, c, relationship.Advisor)
		a := w.seller()
		_, attested := agreement.Attest.Do(t.Context(), w.k, a, agreement.Confirmation{Customer: c.ID})
		_, asked := qualification.Ask.Do(t.Context(), w.k, a, qualification.Asking{Customer: c.ID})
		_, changed := customer.UpdateBilling.Do(t.Context(), w.k, a, customer.BillingChange{ID: c.ID, Billing: c.Billing})
		_, deleted := customer.Delete.Do(t.Context(), w.k, a, customer.Ref{ID: c.ID})
		for name, err := range map[string]error{"attested": attested, "qualified": asked, "changed": changed, "deleted": deleted} {
			if !errors.Is(err, refusal.RF28) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A customer that a partner administers by delegation, and does not sell to, is in
// its list for as long as it does (rule A6).
func TestDelegatedAdministrationAloneBringsACustomerIntoTheList(t *testing.T) {
	gdap.OnChange(customer.FollowDelegation)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		kinds := func(p identity.Partner) (all []relationship.Kind) {
			w.within(func(ctx context.Context, u *op.Unit) error {
				found, err := relationship.Between(ctx, u.Tx, p.Tenant, c.ID)
				for _, r := range found {
					all = append(all, r.Kind)
				}
				return err
			})
			return all
		}
		w.within(func(ctx context.Context, u *op.Unit) error {
			if err := gdap.OpenDefault(ctx, u, gdap.Opening{Partner: w.reseller.Tenant, Customer: c.ID, CustomerName: c.OriginalName, Reseller: true}); err != nil {
				return err
			}
			return errors.Join(customer.FollowDelegation(ctx, u, w.reseller.Tenant, c.ID), customer.FollowDelegation(ctx, u, w.direct.Tenant, c.ID))
		})
		if got := kinds(w.reseller); !slices.Equal(got, []relationship.Kind{relationship.Delegated}) {
			t.Errorf("the administrator has %v", got)
		}
		if got := kinds(w.direct); !slices.Equal(got, []relationship.Kind{relationship.Reseller}) {
			t.Errorf("the seller, who administers it as well, has %v", got)
		}
		// It may give up what it holds, and the customer leaves the list.
		if _, err := customer.EndDelegation.Do(t.Context(), w.k, w.through(), customer.Ref{ID: c.ID}); err != nil {
			t.Fatal(err)
		}
		if got := kinds(w.reseller); len(got) != 0 {
			t.Errorf("after the end it has %v", got)
		}
		counts, err := customer.Count.Do(t.Context(), w.k, w.through(), struct{}{})
		if err != nil || counts.All != 0 || len(counts.By[relationship.ByKind]) != 0 {
			t.Errorf("still counted: %+v, %v", counts, err)
		}
		log := w.lines(logOf, w.reseller.Tenant)
		if !slices.Contains(log, "add_service_relationship") || !slices.Contains(log, "remove_service_relationship") {
			t.Errorf("the log says %v", log)
		}
	})
}

// The relation that counts among several is the one that sells, and the one as
// reseller before all (rule A2): its kind comes last by name.
func TestTheKindThatCountsComesLast(t *testing.T) {
	all := relationship.Kinds()
	slices.Sort(all)
	if n := len(all); all[n-1] != relationship.Reseller || all[n-2] != relationship.IndirectReseller {
		t.Errorf("in the order of names: %v", all)
	}
	for _, k := range all {
		if parsed, ok := relationship.ParseKind(string(k)); !ok || parsed != k {
			t.Errorf("%s is not read", k)
		}
	}
	if r, _ := policy.New().Row("customer.account.view"); r.DecideLink(policy.LinkService) != nil {
		t.Error("who serves a customer may not see it")
	}
	if r, _ := policy.New().Row("order.create"); !errors.Is(r.DecideLink(policy.LinkService), refusal.RF28) || r.DecideLink(policy.LinkService|policy.LinkIndirect) != nil {
		t.Error("RF-28 is for those who do not sell")
	}
}
