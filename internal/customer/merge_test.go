package customer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// merged merges from into into as the operator does who looked at both.
func (w *world) merged(from, into id.Tenant) error {
	w.t.Helper()
	pair := customer.Pair{From: from, Into: into}
	c, err := customer.Compare.Do(w.t.Context(), w.k, chief(), pair)
	if err != nil {
		return err
	}
	_, err = customer.Merge.Do(w.t.Context(), w.k, chief(), customer.Merging{Pair: pair, Reason: "One company, added twice.", Typed: c.From.Tenant.Name, Seen: c.Seen})
	return err
}

var wrongCounters = db.Scan(`SELECT x.owner || ' ' || x.name || ' counts ' || SUM(x.counted) || ', there are ' || SUM(x.there) FROM (
	SELECT owner, name, value AS counted, 0 AS there FROM counters WHERE name LIKE 'customers.%' AND name <> 'customers.number'
	UNION ALL SELECT partner_id, 'customers.all', 0, 1 FROM customers
	UNION ALL SELECT partner_id, 'customers.kind.' || kind, 0, 1 FROM customers
	UNION ALL SELECT partner_id, 'customers.status.' || status, 0, 1 FROM customers
	UNION ALL SELECT partner_id, 'customers.country.' || country, 0, 1 FROM customers
	UNION ALL SELECT partner_id, 'customers.agreed.' || agreed, 0, 1 FROM customers
	UNION ALL SELECT partner_id, 'customers.reseller.' || reseller_id, 0, 1 FROM customers WHERE reseller_id <> ''
	UNION ALL SELECT partner_id, 'customers.provider.' || provider_id, 0, 1 FROM customers WHERE provider_id <> ''
	UNION ALL SELECT partner_id, 'customers.tag.' || tag, 0, 1 FROM customer_tags
	) AS x GROUP BY x.owner, x.name HAVING SUM(x.counted) <> SUM(x.there)`, "test")

var strays = db.Scan(`SELECT what FROM (
	SELECT 'a term of nobody' AS what FROM customer_terms t WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.partner_id = t.partner_id AND c.number = t.number)
	UNION ALL SELECT 'a tag of nobody' FROM customer_tags t WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.partner_id = t.partner_id AND c.number = t.number)
	UNION ALL SELECT 'a case of nobody' FROM verification_cases v WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.partner_id = v.partner_id AND c.customer_id = v.customer_id)
	UNION ALL SELECT 'an ended organisation with a relation' FROM customers c JOIN tenants t ON t.id = c.customer_id WHERE t.ended_at > 0
	UNION ALL SELECT 'an ended organisation with people' FROM users u JOIN tenants t ON t.id = u.tenant_id WHERE t.ended_at > 0
	UNION ALL SELECT 'an ended organisation with a domain' FROM domains d JOIN tenants t ON t.id = d.tenant_id WHERE t.ended_at > 0
	UNION ALL SELECT 'a delegation of an ended organisation' FROM gdap_relationships g JOIN tenants t ON t.id = g.customer_id WHERE t.ended_at > 0
	UNION ALL SELECT 'an agreement of an ended organisation' FROM agreements a JOIN tenants t ON t.id = a.customer_id WHERE t.ended_at > 0
	UNION ALL SELECT 'a reseller that sees another account than its provider' FROM customers r JOIN customers p ON p.partner_id = r.provider_id AND p.customer_id = r.customer_id
		WHERE r.kind = 'indirect_reseller' AND p.kind = 'reseller' AND p.reseller_id = r.partner_id AND (p.status <> r.status OR p.status_at <> r.status_at OR p.name <> r.name)
	UNION ALL SELECT 'people counted wrong' FROM tenants t WHERE t.kind = 'customer' AND t.user_count <> (SELECT COUNT(*) FROM users u WHERE u.tenant_id = t.id AND u.deleted_at = 0)
	) AS x`, "test")

// Two customers that are one organisation become one: everything of the one that
// ends belongs to the other, its old id says so to who knows it, and every log
// tells why (V-5).
func TestTwoCustomersThatAreOneOrganisationBecomeOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := called("Fjällbageriet Lund")
		in.Tags = []string{"VIP"}
		in.Attestation = &agreement.Attestation{AgreedAt: opening, Person: agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@kund.example"}}
		from := w.add(w.seller(), in).Customer
		into := w.add(w.supplier(), bakery()).Customer
		w.served(w.reseller, from, relationship.Advisor)
		w.decide(from, verification.Approve)

		if err := w.merged(from.ID, into.ID); err != nil {
			t.Fatal(err)
		}
		got, err := customer.Get.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: into.ID})
		if err != nil || got.Customer.Status != verification.Allowed || !slices.Equal(got.Customer.Tags, []string{"VIP"}) || got.Customer.OriginalName != from.OriginalName {
			t.Errorf("the partner of the one that ended has %+v, %v", got.Customer, err)
		}
		if len(w.delegated(w.direct, into)) != 1 || len(w.delegated(w.direct, from)) != 0 {
			t.Error("the delegated relationship did not move")
		}
		if a, err := agreement.Show.Do(t.Context(), w.k, w.seller(), agreement.Customer{ID: into.ID}); err != nil || a.Standing.State != agreement.Confirmed {
			t.Errorf("the agreement is %+v, %v", a, err)
		}
		if past, err := verification.History.Do(t.Context(), w.k, w.seller(), verification.Customer{ID: into.ID}); err != nil || len(past.Cases) != 1 {
			t.Errorf("the verification is %+v, %v", past, err)
		}
		file, err := customer.InspectFile.Do(t.Context(), w.k, chief(), into.ID)
		if err != nil || file.Tenant.Users != 2 || len(file.Domains) != 2 || len(file.Relations) != 3 {
			t.Errorf("the one that stays is %+v, %v", file, err)
		}
		ended, err := customer.InspectFile.Do(t.Context(), w.k, chief(), from.ID)
		if err != nil || ended.End.Into != into.ID || ended.Tenant.Users != 0 || len(ended.Relations) != 0 {
			t.Errorf("the one that ended is %+v, %v", ended, err)
		}
		if _, err := customer.Get.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: from.ID}); !errors.Is(err, customer.ErrMerged) || !strings.Contains(fmt.Sprint(codes(err)), "customer.merged") {
			t.Errorf("the old id answers %v", err)
		}
		stranger := w.enrol("Helsingør Cloud ApS", policy.DirectBill, "DK", "helsingor-cloud.example")
		if _, err := customer.Get.Do(t.Context(), w.k, agent(stranger, policy.AdminAgent), customer.Ref{ID: from.ID}); !errors.Is(err, refusal.NotFound) || errors.Is(err, customer.ErrMerged) {
			t.Errorf("who has nothing to do with it learns %v", err)
		}
		if _, err := identity.NewGate(w.k).Tenant(t.Context(), string(from.ID)); !errors.Is(err, identity.ErrTenantUnknown) {
			t.Errorf("people sign in to what has ended: %v", err)
		}
		for _, p := range []identity.Partner{w.direct, w.provider, w.reseller} {
			if !slices.Contains(w.lines(logOf, p.Tenant), "merge_customer") {
				t.Errorf("the log of %s does not tell", p.Name)
			}
			if !slices.Contains(w.lines(eventsOf, p.Tenant), "customer-merged") {
				t.Errorf("%s does not hear of it", p.Name)
			}
		}
		w.orderly()
		// Nobody gets a relation with what has ended.
		w.within(func(ctx context.Context, u *op.Unit) error {
			_, err := customer.Serve(customer.Service{Partner: w.direct.Tenant, Customer: from.ID, Kind: relationship.Advisor}, ctx, u)
			if !errors.Is(err, identity.ErrTenantEnded) {
				t.Errorf("a new relation with what has ended: %v", err)
			}
			return nil
		})
	})
}

// orderly fails when counters disagree with what there is, or anything was left
// behind.
func (w *world) orderly() {
	w.t.Helper()
	for _, line := range append(w.lines(wrongCounters), w.lines(strays)...) {
		w.t.Error(line)
	}
}

// Where a partner has the same relation with both, the one with the customer that
// stays is kept; of both it has the tags and the newer decision.
func TestOfTwoRelationsWithOnePartnerTheOneThatStaysIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		one, two := called("Norra Kvarnen"), called("Kvarnen Norr")
		one.Tags, two.Tags = []string{"VIP", "Norr"}, []string{"vip", "Mjöl"}
		two.Reseller = string(w.reseller.Tenant)
		into, from := w.add(w.supplier(), one).Customer, w.add(w.supplier(), two).Customer
		if err := w.merged(from.ID, into.ID); !errors.Is(err, customer.ErrMergeOpenCase) {
			t.Fatalf("both accounts are under review: %v", err)
		}
		w.decide(into, verification.Reject)
		w.k.Clock.Advance(3600e9)
		w.decide(from, verification.Approve)
		if err := w.merged(from.ID, into.ID); err != nil {
			t.Fatal(err)
		}
		got, err := customer.Get.Do(t.Context(), w.k, w.supplier(), customer.Ref{ID: into.ID})
		if err != nil {
			t.Fatal(err)
		}
		c := got.Customer
		if c.Status != verification.Allowed || c.Reseller != w.reseller.Tenant || c.Billing.CompanyName != "Norra Kvarnen" || !slices.Equal(c.Tags, []string{"VIP", "Norr", "Mjöl"}) {
			t.Errorf("kept %+v", c)
		}
		w.orderly()
	})
}

// The reseller of a provider sees the provider's account (rule C8): after a merge,
// too, with the newer decision about it and with the profile that stays.
func TestAfterAMergeTheResellerSeesTheAccountThatStays(t *testing.T) {
	for name, tt := range map[string]struct {
		throughFrom  bool // the reseller is that of the one that ends, else of the one that stays
		older, newer *op.Operation[verification.Decision, verification.Case]
		fromIsNewer  bool
		want         verification.Status
	}{
		"its customer ends, and the other was rejected since": {true, verification.Approve, verification.Reject, false, verification.NotAllowed},
		"its customer ends, and was rejected since":           {true, verification.Approve, verification.Reject, true, verification.NotAllowed},
		"its customer stays, and the other was allowed since": {false, verification.Reject, verification.Approve, true, verification.Allowed},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				ends, stays := called("Kvarnen Norr"), called("Norra Kvarnen")
				if tt.throughFrom {
					ends.Reseller = string(w.reseller.Tenant)
				} else {
					stays.Reseller = string(w.reseller.Tenant)
				}
				from, into := w.add(w.supplier(), ends).Customer, w.add(w.supplier(), stays).Customer
				first, second := from, into
				if tt.fromIsNewer {
					first, second = into, from
				}
				w.decide(first, tt.older)
				w.k.Clock.Advance(3600e9)
				w.decide(second, tt.newer)
				if err := w.merged(from.ID, into.ID); err != nil {
					t.Fatal(err)
				}
				for _, a := range []op.Actor{w.supplier(), w.through()} {
					got, err := customer.Get.Do(t.Context(), w.k, a, customer.Ref{ID: into.ID})
					if err != nil {
						t.Fatal(err)
					}
					if c := got.Customer; c.Status != tt.want || c.Billing != into.Billing {
						t.Errorf("%s sees %s, %+v", a.UserName, c.Status, c.Billing)
					}
					found, err := customer.List.Do(t.Context(), w.k, a, customer.Query{Filter: customer.Filter{Search: "norra kvarnen"}, Size: 10})
					if err != nil || len(found.Items) != 1 {
						t.Errorf("%s finds %+v, %v", a.UserName, found.Items, err)
					}
				}
				w.orderly()
			})
		})
	}
}

// A merge is refused with what has to be done first, and to everybody but admins of
// the operator.
func TestAMergeIsRefusedWithTheReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		french := bakery()
		french.Domain, french.Billing.CompanyName, french.Billing.Culture, french.Billing.Email = "vercors", "Fromagerie du Vercors SARL", "fr-FR", "luc@vercors.example"
		french.Billing.Address.Country, french.Billing.Address.PostalCode, french.Billing.Address.City, french.Billing.Address.PhoneNumber = "FR", "38000", "Grenoble", "+33 4 76 00 00 00"
		here, there, other := w.add(w.seller(), bakery()).Customer, w.add(w.seller(), french).Customer, w.add(w.supplier(), called("Kvarnen")).Customer
		for name, tt := range map[string]struct {
			pair customer.Pair
			want error
		}{
			"with itself":      {customer.Pair{From: here.ID, Into: here.ID}, customer.ErrMergeSame},
			"in two countries": {customer.Pair{From: here.ID, Into: there.ID}, customer.ErrMergeCountry},
			"with a partner":   {customer.Pair{From: here.ID, Into: w.direct.Tenant}, refusal.NotFound},
		} {
			if err := w.merged(tt.pair.From, tt.pair.Into); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		pair := customer.Pair{From: here.ID, Into: other.ID}
		seen, err := customer.Compare.Do(t.Context(), w.k, chief(), pair)
		if err != nil {
			t.Fatal(err)
		}
		_, err = customer.Merge.Do(t.Context(), w.k, chief(), customer.Merging{Pair: pair, Typed: "something else", Seen: seen.Seen})
		if !errors.Is(err, customer.ErrMergeReason) || !errors.Is(err, customer.ErrMergeName) {
			t.Errorf("without reason and name: %v", err)
		}
		w.served(w.reseller, here, relationship.Advisor) // meanwhile
		full := customer.Merging{Pair: pair, Reason: "Twice.", Typed: here.OriginalName, Seen: seen.Seen}
		if _, err := customer.Merge.Do(t.Context(), w.k, chief(), full); !errors.Is(err, customer.ErrMergeOvertaken) {
			t.Errorf("what was looked at has changed: %v", err)
		}
		support := chief()
		support.Roles = policy.OperatorReviewer
		for _, a := range []op.Actor{support, w.seller()} {
			if _, err := customer.Merge.Do(t.Context(), w.k, a, full); !errors.Is(err, refusal.RF10) {
				t.Errorf("RF-10: %v", err)
			}
		}
		w.orderly()
	})
}

// Two who merge the same customers at once, into each other even: one wins, and the
// other is told.
func TestOfTwoMergesAtOnceOneWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.add(w.seller(), bakery()).Customer, w.add(w.supplier(), called("Kvarnen")).Customer
		pairs := []customer.Pair{{From: a.ID, Into: b.ID}, {From: b.ID, Into: a.ID}}
		in := make([]customer.Merging, len(pairs))
		for i, p := range pairs {
			c, err := customer.Compare.Do(t.Context(), w.k, chief(), p)
			if err != nil {
				t.Fatal(err)
			}
			in[i] = customer.Merging{Pair: p, Reason: "Twice.", Typed: c.From.Tenant.Name, Seen: c.Seen}
		}
		errs := make([]error, len(in))
		var both sync.WaitGroup
		for i := range in {
			both.Go(func() { _, errs[i] = customer.Merge.Do(t.Context(), w.k, chief(), in[i]) })
		}
		both.Wait()
		won, told := 0, 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case errors.Is(err, identity.ErrTenantEnded):
				told++
			default:
				t.Error(err)
			}
		}
		if won != 1 || told != 1 {
			t.Errorf("%d won, %d were told: %v", won, told, errs)
		}
		w.orderly()
	})
}

// However customers are merged, the counters of all partners agree with a recount,
// and nothing is left behind.
func TestCountersAgreeWithARecountAfterRandomMerges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			var all []customer.Customer
			for range rapid.IntRange(2, 5).Draw(rt, "customers") {
				n++
				in := called(fmt.Sprintf("Kvarnen nummer%05d", n))
				in.Tags = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"VIP", "Norr", "Syd"}), 0, 2, rapid.ID).Draw(rt, "tags")
				in.WithoutGDAP = rapid.Bool().Draw(rt, "without delegation")
				who := w.seller()
				if rapid.Bool().Draw(rt, "provider") {
					who = w.supplier()
					if rapid.Bool().Draw(rt, "for the reseller") {
						in.Reseller = string(w.reseller.Tenant)
					}
				}
				c := w.add(who, in).Customer
				for _, kind := range []relationship.Kind{relationship.Advisor, relationship.PartnerOfRecord} {
					for _, p := range []identity.Partner{w.direct, w.provider, w.reseller} {
						if rapid.IntRange(0, 3).Draw(rt, "serves") == 0 {
							w.served(p, c, kind)
						}
					}
				}
				if rapid.IntRange(0, 3).Draw(rt, "decided") > 0 {
					w.decide(c, rapid.SampledFrom([]*op.Operation[verification.Decision, verification.Case]{verification.Approve, verification.Reject}).Draw(rt, "decision"))
				}
				all = append(all, c)
			}
			for range rapid.IntRange(1, 4).Draw(rt, "merges") {
				from, into := rapid.SampledFrom(all).Draw(rt, "from"), rapid.SampledFrom(all).Draw(rt, "into")
				err := w.merged(from.ID, into.ID)
				for _, fine := range []error{customer.ErrMergeSame, customer.ErrMergeOpenCase, customer.ErrMergeResellers, identity.ErrTenantEnded} {
					if errors.Is(err, fine) {
						err = nil
					}
				}
				if err != nil {
					rt.Fatal(err)
				}
			}
			for _, line := range append(w.lines(wrongCounters), w.lines(strays)...) {
				rt.Fatal(line)
			}
		})
	})
}

// The operator finds customers that are there more than once, by what they have in
// common and along an index (V-5).
func TestTheOperatorFindsDuplicates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first := w.add(w.seller(), bakery()).Customer
		again := bakery()
		again.Domain, again.Distinct = "fjallbageriet2", true
		second := w.add(w.supplier(), again).Customer
		w.add(w.seller(), called("Kvarnen"))
		page, err := customer.Duplicates.Do(t.Context(), w.k, chief(), customer.LikenessQuery{By: customer.SameName})
		if err != nil || len(page.Groups) != 1 || page.Next != 0 {
			t.Fatalf("found %+v, %v", page, err)
		}
		var found []id.Tenant
		for _, c := range page.Groups[0] {
			found = append(found, c.ID)
		}
		if !slices.Contains(found, first.ID) || !slices.Contains(found, second.ID) || len(found) != 2 {
			t.Errorf("found %v", found)
		}
		if page, err := customer.Duplicates.Do(t.Context(), w.k, chief(), customer.LikenessQuery{By: customer.SameRegistration}); err != nil || len(page.Groups) != 0 {
			t.Errorf("by registration ID: %+v, %v", page, err)
		}
		if err := w.merged(second.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if page, err := customer.Duplicates.Do(t.Context(), w.k, chief(), customer.LikenessQuery{By: customer.SameName}); err != nil || len(page.Groups) != 0 {
			t.Errorf("after the merge: %+v, %v", page, err)
		}
	})
}
