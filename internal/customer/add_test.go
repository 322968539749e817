package customer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/qualification"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

func TestAddingACustomerSetsEverythingInMotion(t *testing.T) { // C1, C8, C9, C20, F12
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Domain = "FjallBageriet.onmicrosoft.com"
		in.Tags = []string{" Bread ", "bread", "Lund"}
		in.Attestation = &agreement.Attestation{
			Person: agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@fjallbageriet.example"}, AgreedAt: opening,
		}
		added := w.add(w.seller(), in)
		if added.SentDomain != "FjallBageriet.onmicrosoft.com" || added.Customer.Domain != "fjallbageriet.onmicrosoft.com" {
			t.Errorf("domain sent %q, kept %q", added.SentDomain, added.Customer.Domain)
		}
		if added.AdminUserName != "admin@fjallbageriet.onmicrosoft.com" || len(added.AdminPassword) < 16 || !added.Delegated {
			t.Errorf("first account %q, password of %d characters, delegated %v", added.AdminUserName, len(added.AdminPassword), added.Delegated)
		}
		got, err := customer.Get.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: added.Customer.ID})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(added.Customer, got.Customer); diff != "" {
			t.Errorf("what was added is not what is read (-added +read):\n%s", diff)
		}
		want := []string{"Bread", "Lund"}
		if !slices.Equal(got.Customer.Tags, want) || !got.Delegated || got.Customer.Status != verification.UnderReview {
			t.Errorf("tags %v, delegated %v, status %s", got.Customer.Tags, got.Delegated, got.Customer.Status)
		}
		if got.Customer.Billing.FirstName != "Maja" || got.Customer.Billing.LastName != "Lind" {
			t.Errorf("the contact was not taken from the address: %+v", got.Customer.Billing)
		}
		log := w.lines(logOf, w.direct.Tenant)
		for _, name := range []string{"add_customer", "verification_opened", "create_agreement"} {
			if !slices.Contains(log, name) {
				t.Errorf("the log %v lacks %s", log, name)
			}
		}
		if events := w.lines(eventsOf, w.direct.Tenant); !slices.Contains(events, "verification-opened") {
			t.Errorf("events %v", events)
		}
	})
}

func TestAllFaultsOfAFormComeAtOnce(t *testing.T) { // C5, C11, C16, C19: RF-12, RF-14, RF-44
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := customer.NewCustomer{Domain: "a b", Billing: customer.Billing{CompanyName: "1 2 3", Email: "nobody", Culture: "xx-XX", Language: "?"}}
		in.Billing.Address.Country = "PL"
		in.Tags = []string{strings.Repeat("x", 51)}
		got := w.refused(w.seller(), in)
		want := []string{
			"3000 naming.dm01 companyProfile.domain",
			"3000 naming.cn07 billingProfile.companyName",
			"3000 naming.em01 billingProfile.email",
			"27002 refusal.property billingProfile.culture",
			"27002 refusal.property billingProfile.language",
			"27002 place.line.missing billingProfile.defaultAddress.addressLine1",
			"27002 place.city.missing billingProfile.defaultAddress.city",
			"27002 place.postal_code.missing billingProfile.defaultAddress.postalCode",
			"27002 place.first_name.missing billingProfile.defaultAddress.firstName",
			"27002 place.last_name.missing billingProfile.defaultAddress.lastName",
			"600051 refusal.rf14 billingProfile.defaultAddress.phoneNumber",
			"600049 refusal.rf12 companyProfile.organizationRegistrationNumber",
			"27002 customer.tags.long tags",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
	})
}

func TestRefusalsOfANewCustomer(t *testing.T) {
	tests := []struct {
		rule   string
		change func(w *world, in *customer.NewCustomer)
		want   string
	}{
		{"C5 a company name is required", func(_ *world, in *customer.NewCustomer) { in.Billing.CompanyName = " " }, "3000 naming.cn01 billingProfile.companyName"},
		{"C12 EM03 the partner's own e-mail", func(_ *world, in *customer.NewCustomer) { in.Billing.Email = "x@atelier-nuage.example" }, "3000 naming.em03 billingProfile.email"},
		{"9.4 e-mail is required", func(_ *world, in *customer.NewCustomer) { in.Billing.Email = "" }, "27002 refusal.required billingProfile.email"},
		{"9.4 culture is required", func(_ *world, in *customer.NewCustomer) { in.Billing.Culture = "" }, "27002 refusal.required billingProfile.culture"},
		{"9.4 domain is required", func(_ *world, in *customer.NewCustomer) { in.Domain = "" }, "27002 refusal.required companyProfile.domain"},
		{"9.4 a domain of somebody else", func(_ *world, in *customer.NewCustomer) { in.Domain = "nord.example" }, "27002 refusal.property companyProfile.domain"},
		{"RF-08 another market", func(_ *world, in *customer.NewCustomer) {
			in.Billing.Address.Country, in.Billing.Address.PostalCode, in.Billing.Culture = "JP", "100-0001", "ja-JP"
		}, "2030 refusal.rf08 billingProfile.defaultAddress.country"},
		{"RF-13 registration id of another form", func(_ *world, in *customer.NewCustomer) { in.Registration.ID = "?" }, "600050 refusal.rf13 companyProfile.organizationRegistrationNumber"},
		{"600002 as the service used to", func(w *world, in *customer.NewCustomer) {
			w.set("customers.registrationId.rejectWhenUnsupported", "true")
			in.Registration.ID = "556677-8899"
		}, "600002 place.registration.unsupported companyProfile.organizationRegistrationNumber"},
		{"RF-45 a street that cannot be", func(_ *world, in *customer.NewCustomer) { in.Billing.Address.AddressLine1 = "..." }, "3000 refusal.rf45 billingProfile.defaultAddress"},
		{"RF-20 accepted tomorrow", func(_ *world, in *customer.NewCustomer) {
			in.Attestation = &agreement.Attestation{
				Person:   agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@nord.example"},
				AgreedAt: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC),
			}
		}, "3000 refusal.rf20 agreement.dateAgreed"},
		{"C37 education without segment", func(_ *world, in *customer.NewCustomer) {
			in.Qualification = &qualification.Request{Qualification: qualification.Education}
		}, "27002 qualification.segment qualification.educationSegment"},
		{"C37 nonprofit cannot be set", func(_ *world, in *customer.NewCustomer) {
			in.Qualification = &qualification.Request{Qualification: "Nonprofit"}
		}, "900126 qualification.unknown qualification.qualification"},
		{"C38 EM04 a school with free mail", func(_ *world, in *customer.NewCustomer) {
			in.Qualification = &qualification.Request{Qualification: qualification.Education, Segment: "K12"}
			in.Billing.Email = "school@gmail.com"
		}, "3000 naming.em04 billingProfile.email"},
		{"A3 a direct partner names no reseller", func(w *world, in *customer.NewCustomer) { in.Reseller = string(w.reseller.Tenant) }, "800016 refusal.rf26.role associatedPartnerId"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, tt := range tests {
			t.Run(tt.rule, func(t *testing.T) {
				in := bakery()
				tt.change(w, &in)
				if got := w.refused(w.seller(), in); len(got) != 1 || got[0] != tt.want {
					t.Errorf("refused with %v, want %s", got, tt.want)
				}
			})
			w.set("customers.registrationId.rejectWhenUnsupported", "false")
		}
		if n := w.lines(strayRows); n[0] != "0" {
			t.Errorf("%s rows are left of customers that were refused", n[0])
		}
	})
}

func TestWhoMayAdd(t *testing.T) { // A3, b3, A7: RF-01, RF-06, RF-10, RF-43
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		becomes := func(status identity.PartnerStatus) func() { return func() { w.status(w.direct, status) } }
		tests := []struct {
			name   string
			before func()
			actor  op.Actor
			want   string
		}{
			{"RF-01 an indirect reseller", nil, w.through(), "2032 refusal.rf01"},
			{"RF-10 a helpdesk agent", nil, agent(w.direct, policy.HelpdeskAgent), "900150 refusal.rf10"},
			{"RF-06 without partner agreement", nil, agent(w.unsigned("Umeå Data AB", policy.DirectBill), policy.AdminAgent), "900124 refusal.rf06"},
			{"RF-43 a restricted partner", becomes(identity.PartnerRestricted), w.seller(), "800039 refusal.rf43"},
			{"RF-43 a suspended partner", becomes(identity.PartnerSuspended), w.seller(), "800039 refusal.rf43"},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				if tt.before != nil {
					tt.before()
				}
				if got := w.refused(tt.actor, bakery()); len(got) != 1 || got[0] != tt.want {
					t.Errorf("refused with %v, want %s", got, tt.want)
				}
			})
		}
	})
}

func TestACustomerIsNotAddedTwice(t *testing.T) { // C3: RF-11, DM02
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		first := bakery()
		first.Registration.ID = "556677-8899"
		added := w.add(w.seller(), first)
		w.ownDomain(added.Customer.ID, "fjallbageriet.example")

		tests := []struct {
			name   string
			change func(in *customer.NewCustomer)
			want   string
		}{
			{"the same domain", func(in *customer.NewCustomer) { in.Domain = "FJALLBAGERIET" }, "1003 naming.dm02 companyProfile.domain"},
			{"the same registration id, typed otherwise", func(in *customer.NewCustomer) { in.Registration.ID = "5566 77 8899" }, "3000 refusal.rf11 companyProfile.organizationRegistrationNumber"},
			{"a contact in its verified domain", func(in *customer.NewCustomer) { in.Billing.Email = "new@Fjallbageriet.example" }, "3000 refusal.rf11 billingProfile.email"},
			{"name, country and postal code", func(in *customer.NewCustomer) { in.Billing.CompanyName = "FJÄLLBAGERIET I LUND, Aktiebolag" }, "3000 customer.similar billingProfile.companyName"},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				in := called("Lunds Konditori AB")
				tt.change(&in)
				if got := w.refused(w.supplier(), in); len(got) != 1 || got[0] != tt.want {
					t.Errorf("refused with %v, want %s", got, tt.want)
				}
			})
		}

		different := called("Lunds Konditori AB")
		different.Billing.CompanyName, different.Distinct = "Fjällbageriet i Lund AB", true
		second := w.add(w.supplier(), different)
		if len(second.Findings) != 1 || second.Findings[0].Code != customer.FindingSimilar {
			t.Errorf("the reviewer reads %v", second.Findings)
		}
	})
}

func TestAProviderAddsForItsReseller(t *testing.T) { // A3, C5, C8, E19, F12, F13
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Reseller = w.reseller.PartnerID
		added := w.add(w.supplier(), in)
		if added.Customer.Reseller != w.reseller.Tenant {
			t.Errorf("reseller %q", added.Customer.Reseller)
		}
		theirs, err := customer.Get.Do(t.Context(), w.k, w.through(), customer.Ref{ID: added.Customer.ID})
		if err != nil {
			t.Fatal(err)
		}
		if c := theirs.Customer; c.Kind != relationship.IndirectReseller || c.Provider != w.provider.Tenant || c.Billing != added.Customer.Billing {
			t.Errorf("the reseller sees %+v", c)
		}
		for _, tt := range []struct {
			partner identity.Partner
			roles   int
		}{{w.provider, 11}, {w.reseller, 9}} {
			all := w.delegated(tt.partner, added.Customer)
			if len(all) != 1 || len(all[0].Roles) != tt.roles || all[0].Status != gdap.Active || all[0].AutoExtend != "P180D" || all[0].Duration != "P730D" {
				t.Errorf("%s holds %+v, want one relationship of %d roles", tt.partner.Name, all, tt.roles)
			}
			if !strings.HasPrefix(all[0].Name, "Default_") || len(all[0].Name) > 50 {
				t.Errorf("name %q", all[0].Name)
			}
		}

		app := w.supplier()
		app.User, app.App = "", "0b5e2f6e-0001-7000-8000-000000000009"
		for _, tt := range []struct {
			name, reseller, want string
			actor                op.Actor
		}{
			{"RF-26 nobody has this PartnerID", "999", "800015 refusal.rf26 associatedPartnerId", w.supplier()},
			{"RF-26 no reseller", string(w.direct.Tenant), "800016 refusal.rf26.role associatedPartnerId", w.supplier()},
			{"an application alone names no reseller", w.reseller.PartnerID, "900329 refusal.app_only associatedPartnerId", app},
		} {
			t.Run(tt.name, func(t *testing.T) {
				other := called("Malmö Glas AB")
				other.Reseller = tt.reseller
				if got := w.refused(tt.actor, other); len(got) != 1 || got[0] != tt.want {
					t.Errorf("refused with %v, want %s", got, tt.want)
				}
			})
		}
		t.Run("RF-07 the reseller has not signed", func(t *testing.T) {
			unsigned := w.unsigned("Umeå Data AB", policy.IndirectReseller)
			other := called("Umeå Glas AB")
			other.Reseller = string(unsigned.Tenant)
			if got := w.refused(w.supplier(), other); len(got) != 1 || got[0] != "900123 refusal.rf07 associatedPartnerId" {
				t.Errorf("refused with %v", got)
			}
		})
		t.Run("orders.ip.resellerRequired", func(t *testing.T) {
			w.set("orders.ip.resellerRequired", "true")
			if got := w.refused(w.supplier(), called("Ystads Glas AB")); got[0] != "27002 refusal.required associatedPartnerId" {
				t.Errorf("refused with %v", got)
			}
		})
	})
}

func TestTheDefaultRelationshipCanBeDeclined(t *testing.T) { // F12
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.WithoutGDAP = true
		added := w.add(w.seller(), in)
		if all := w.delegated(w.direct, added.Customer); added.Delegated || len(all) != 0 {
			t.Errorf("delegated %v, relationships %v", added.Delegated, all)
		}
	})
}

func TestWarningsReachTheReviewerAndKeepTheCaseOpen(t *testing.T) { // C11, C25, CN09, EM05
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.set("verification.autoApprove", "true")
		if added := w.add(w.seller(), bakery()); added.Customer.Status != verification.Allowed {
			t.Errorf("nothing was odd, and the status is %s", added.Customer.Status)
		}
		in := called("IKAB")
		in.Billing.Email = "ikab@gmail.com"
		added := w.add(w.seller(), in)
		if added.Customer.Status != verification.UnderReview {
			t.Errorf("status %s", added.Customer.Status)
		}
		seen, err := verification.Inspect.Do(t.Context(), w.k, reviewer(), verification.Account{Partner: w.direct.Tenant, Customer: added.Customer.ID})
		if err != nil || len(seen.Cases) != 1 {
			t.Fatalf("cases %v: %v", seen.Cases, err)
		}
		var got []string
		for _, f := range seen.Cases[0].Findings {
			got = append(got, f.Code)
		}
		if want := []string{"CN09", "EM05"}; !slices.Equal(got, want) {
			t.Errorf("the reviewer reads %v, want %v", got, want)
		}
	})
}

func TestASandboxHoldsAFewCustomersAndForgetsThem(t *testing.T) { // C40: 800018, 900127
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		production := w.add(w.seller(), bakery())
		if _, err := customer.Delete.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: production.Customer.ID}); codes(err)[0] != "900127 refusal.sandbox_only" {
			t.Errorf("deleting outside of a sandbox: %v", err)
		}
		w.k.Sandbox = true
		w.set("customers.sandboxLimit", "2")
		in := called("Ystads Glas AB")
		in.Domain += ".ccsctp.net"
		in.Reseller, in.Tags = string(w.reseller.Tenant), []string{"a", "b"}
		in.Qualification = &qualification.Request{Qualification: qualification.StateOwnedEntity}
		second := w.add(w.supplier(), in)
		w.add(w.seller(), called("Lunds Glas AB"))
		if got := w.refused(w.seller(), called("Malmö Glas AB")); got[0] != "800018 customer.sandbox_limit" {
			t.Errorf("a third customer is refused with %v", got)
		}
		if _, err := customer.Delete.Do(t.Context(), w.k, w.supplier(), customer.Ref{ID: second.Customer.ID}); err != nil {
			t.Fatal(err)
		}
		if _, err := customer.Get.Do(t.Context(), w.k, w.through(), customer.Ref{ID: second.Customer.ID}); codes(err)[0] != "1000 refusal.not_found" {
			t.Errorf("the reseller still finds it: %v", err)
		}
		for _, name := range []string{"Fjällbageriet i Lund AB", "Lunds Glas AB"} {
			page, err := customer.List.Do(t.Context(), w.k, w.seller(), customer.Query{Filter: customer.Filter{Search: name}, Size: 9})
			if err != nil || len(page.Items) != 1 {
				t.Fatalf("%s: %v %v", name, page.Items, err)
			}
			if _, err := customer.Delete.Do(t.Context(), w.k, w.seller(), customer.Ref{ID: page.Items[0].ID}); err != nil {
				t.Fatal(err)
			}
		}
		if n := w.lines(strayRows); n[0] != "0" {
			t.Errorf("%s rows are left of deleted customers", n[0])
		}
		if log := w.lines(logOf, w.provider.Tenant); !slices.Contains(log, "delete_customer") {
			t.Errorf("log %v", log)
		}
	})
}

func TestARepeatedRequestAddsNobodyTwice(t *testing.T) { // C8: idempotent by MS-RequestId
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a := w.seller()
		a.IdempotencyKey = "0b5e2f6e-0001-7000-8000-00000000000a"
		first, again := w.add(a, bakery()), w.add(a, bakery())
		if first.Customer.ID != again.Customer.ID || first.AdminPassword != again.AdminPassword {
			t.Errorf("first %s, again %s", first.Customer.ID, again.Customer.ID)
		}
	})
}

func TestACheckChangesNothing(t *testing.T) { // C7
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Billing.Email = "fjall@gmail.com"
		got, err := customer.Check.Do(t.Context(), w.k, w.seller(), in)
		if err != nil || got.Domain != "fjallbageriet.onmicrosoft.com" || len(got.Findings) != 1 {
			t.Errorf("got %+v, %v", got, err)
		}
		if n := w.lines(strayRows); n[0] != "0" {
			t.Errorf("%s rows are left", n[0])
		}
	})
}
