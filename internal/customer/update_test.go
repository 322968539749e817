package customer_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/verification"
)

// rename is a change of nothing but the friendly name.
func rename(c customer.Customer, name string) customer.BillingChange {
	in := customer.BillingChange{ID: c.ID, Version: c.Version, Billing: c.Billing}
	in.Billing.CompanyName = name
	return in
}

func TestRenamingACustomerChangesTheFriendlyNameOnly(t *testing.T) { // C20, C28, C32, C33, C34, C35
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Reseller = string(w.reseller.Tenant)
		added := w.add(w.supplier(), in).Customer
		w.decide(added, verification.Approve)
		before := len(w.lines(logOf, w.provider.Tenant))

		out, err := customer.UpdateBilling.Do(t.Context(), w.k, w.supplier(), rename(added, "Bageriet Katten AB"))
		if err != nil || !out.Changed || out.Customer.Status != verification.UnderReview || out.Customer.Version == added.Version {
			t.Fatalf("got %+v, %v", out, err)
		}
		for name, a := range map[string]op.Actor{"the provider": w.supplier(), "the reseller": w.through()} {
			got, err := customer.Get.Do(t.Context(), w.k, a, customer.Ref{ID: added.ID})
			if err != nil {
				t.Fatal(err)
			}
			c := got.Customer
			if c.Billing.CompanyName != "Bageriet Katten AB" || c.OriginalName != "Fjällbageriet i Lund AB" || c.Status != verification.UnderReview || c.Domain != added.Domain {
				t.Errorf("%s sees %+v", name, c)
			}
			for search, found := range map[string]int{"katten": 1, "bageriet": 1, "fjallbageriet": 1, "lund": 1, "katt lund": 1, "malmo": 0} {
				page, err := customer.List.Do(t.Context(), w.k, a, customer.Query{Filter: customer.Filter{Search: search}, Size: 9})
				if err != nil || len(page.Items) != found {
					t.Errorf("%s finds %d customers by %q: %v", name, len(page.Items), search, err)
				}
			}
			page, err := customer.List.Do(t.Context(), w.k, a, customer.Query{Filter: customer.Filter{Status: verification.UnderReview}, Size: 9})
			if err != nil || page.Total != 1 || len(page.Items) != 1 {
				t.Errorf("%s lists %d under review: %v", name, page.Total, err)
			}
		}
		log := w.lines(logOf, w.provider.Tenant)
		for _, name := range []string{"update_customer_billing_profile", "update_customer_partner_contract_company_name"} {
			if !slices.Contains(log, name) {
				t.Errorf("the log lacks %s", name)
			}
		}
		if len(log) != before+3 { // and verification_opened
			t.Errorf("%d new records: %v", len(log)-before, log)
		}
		back, err := customer.UpdateBilling.Do(t.Context(), w.k, w.supplier(), rename(out.Customer, added.Billing.CompanyName))
		if err != nil {
			t.Fatal(err)
		}
		if page, _ := customer.List.Do(t.Context(), w.k, w.supplier(), customer.Query{Filter: customer.Filter{Search: "katten"}, Size: 9}); len(page.Items) != 0 {
			t.Errorf("the old name %q still finds %s", "katten", back.Customer.Billing.CompanyName)
		}
	})
}

func TestSavingWithoutADifferenceDoesNothing(t *testing.T) { // C20
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		w.decide(added, verification.Approve)
		before := w.lines(logOf, w.direct.Tenant)
		in := rename(added, " Fjällbageriet i Lund AB ")
		in.Billing.Culture = "SV-se"
		out, err := customer.UpdateBilling.Do(t.Context(), w.k, w.seller(), in)
		if err != nil || out.Changed || out.Customer.Version != added.Version || out.Customer.Status != verification.Allowed {
			t.Errorf("got %+v, %v", out, err)
		}
		if after := w.lines(logOf, w.direct.Tenant); len(after) != len(before) {
			t.Errorf("log %v", after)
		}
	})
}

func TestRefusalsOfAChange(t *testing.T) { // C19, C30: RF-03, RF-10, RF-12, RF-18, RF-44
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Reseller = string(w.reseller.Tenant)
		added := w.add(w.supplier(), in).Customer
		polish := called("Fabryka Mebli Baltic sp. z o.o.")
		polish.Billing.Address.Country, polish.Billing.Address.PostalCode, polish.Billing.Culture = "PL", "81-350", "pl-PL"
		polish.Billing.Address.PhoneNumber, polish.Registration.ID = "+48 58 627 11 11", "5260250995"
		pole := w.add(w.supplier(), polish).Customer

		tests := []struct {
			rule   string
			actor  op.Actor
			of     customer.Customer
			change func(in *customer.BillingChange)
			want   string
		}{
			{"RF-03 a reseller", w.through(), added, func(*customer.BillingChange) {}, "2032 refusal.rf03"},
			{"RF-10 a global admin", agent(w.provider, policy.GlobalAdmin), added, func(*customer.BillingChange) {}, "900150 refusal.rf10"},
			{"RF-18 a stale version", w.supplier(), added, func(in *customer.BillingChange) { in.Version-- }, "2055 refusal.rf18"},
			{"RF-44 a name rule", w.supplier(), added, func(in *customer.BillingChange) { in.Billing.CompanyName = "999" }, "3000 naming.cn06 billingProfile.companyName"},
			{"EM03 the reseller's own e-mail", w.supplier(), added, func(in *customer.BillingChange) { in.Billing.Email = "x@skanes-it.example" }, "3000 naming.em03 billingProfile.email"},
			{"C5 the country stays", w.supplier(), added, func(in *customer.BillingChange) {
				in.Billing.Address.Country, in.Billing.Address.PostalCode, in.Billing.Culture = "FR", "75007", "fr-FR"
			}, "27002 refusal.property billingProfile.defaultAddress.country"},
			{"RF-12 the registration id is taken away", w.supplier(), pole, func(in *customer.BillingChange) { in.Registration = &customer.Registration{} }, "600049 refusal.rf12 companyProfile.organizationRegistrationNumber"},
			{"RF-14 the phone number is taken away", w.supplier(), pole, func(in *customer.BillingChange) { in.Billing.Address.PhoneNumber = "" }, "600051 refusal.rf14 billingProfile.defaultAddress.phoneNumber"},
			{"another partner's customer", w.seller(), added, func(*customer.BillingChange) {}, "1000 refusal.not_found"},
		}
		for _, tt := range tests {
			t.Run(tt.rule, func(t *testing.T) {
				in := rename(tt.of, tt.of.Billing.CompanyName)
				tt.change(&in)
				_, err := customer.UpdateBilling.Do(t.Context(), w.k, tt.actor, in)
				if got := codes(err); err == nil || len(got) != 1 || got[0] != tt.want {
					t.Errorf("refused with %v, want %s", got, tt.want)
				}
			})
		}
	})
}

func TestTheRegistrationIDIsPartOfTheForm(t *testing.T) { // C20, b6, C25
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := called("Lunds Konditori AB")
		other.Registration.ID = "556677-8899"
		w.add(w.supplier(), other)
		added := w.add(w.seller(), bakery()).Customer
		in := rename(added, added.Billing.CompanyName)
		in.Registration = &customer.Registration{ID: "556677-8899"}
		out, err := customer.UpdateBilling.Do(t.Context(), w.k, w.seller(), in)
		if err != nil || !out.Changed || out.Customer.Registration.ID != "556677-8899" {
			t.Fatalf("got %+v, %v", out, err)
		}
		if log := w.lines(logOf, w.direct.Tenant); !slices.Contains(log, "update_company_info") || slices.Contains(log, "update_customer_billing_profile") {
			t.Errorf("log %v", log)
		}
		if len(out.Findings) == 0 || out.Findings[len(out.Findings)-1].Code != customer.FindingSimilar {
			t.Errorf("the reviewer reads %v", out.Findings)
		}
	})
}

func TestCompanyDetailsNeedADelegatedRole(t *testing.T) { // C31, E31, F8, F14, S0.16
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		w.ownDomain(added.ID, "fjallbageriet.example")
		// The billing address moves; the organization does not.
		moved := rename(added, added.Billing.CompanyName)
		moved.Billing.Address.AddressLine1 = "Stortorget 1"
		if _, err := customer.UpdateBilling.Do(t.Context(), w.k, w.seller(), moved); err != nil {
			t.Fatal(err)
		}
		user := w.person(w.direct, "bruno", policy.AdminAgent)
		company := func() customer.Company {
			t.Helper()
			c, err := customer.GetCompany.Do(t.Context(), w.k, user, customer.Ref{ID: added.ID})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		reduced := customer.Company{TenantID: added.ID, OriginalName: added.OriginalName, Domain: added.Domain, Country: "SE"}
		if diff := cmp.Diff(reduced, company()); diff != "" {
			t.Errorf("without a role (-want +got):\n%s", diff)
		}
		relation := w.delegated(w.direct, added)[0]
		assign := func(group id.Group, roles ...gdap.RoleID) error {
			_, err := gdap.Assign.Do(t.Context(), w.k, user, gdap.Assignment{Relationship: relation.ID, Group: group, Roles: roles})
			return err
		}
		agents := w.group(w.direct, policy.AdminAgent)
		for _, tt := range []struct {
			name, want string
			err        error
		}{
			{"a role outside of the relationship", "2000 gdap.roles_outside", assign(agents, gdap.GlobalAdministrator)},
			{"no role", "2000 gdap.roles_outside", assign(agents)},
			{"no such group", "2000 gdap.no_container", assign("0b5e2f6e-0001-7000-8000-00000000000f", gdap.GlobalReader)},
		} {
			if got := codes(tt.err); got[0] != tt.want {
				t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
			}
		}
		if err := assign(agents, gdap.LicenseAdministrator); err != nil {
			t.Fatal(err)
		}
		if company().Full {
			t.Error("the license administrator sees the company")
		}
		if err := assign(w.group(w.direct, policy.HelpdeskAgent), gdap.GlobalReader); err != nil {
			t.Fatal(err)
		}
		if company().Full {
			t.Error("the roles of another group show the company")
		}
		if got := codes(assign(agents, gdap.GlobalReader)); got[0] != "1003 gdap.assigned" {
			t.Errorf("a second assignment: %v", got)
		}
		user.Roles |= policy.HelpdeskAgent
		if _, err := job.NewWorkers(w.k, 1).RunDue(t.Context()); err != nil { // assignments become active
			t.Fatal(err)
		}
		got := company()
		if !got.Full || got.Address.AddressLine1 != "Bredgatan 4" || got.Email != added.Billing.Email ||
			!slices.Equal(got.Domains, []string{"fjallbageriet.example", added.Domain}) {
			t.Errorf("with the role: %+v", got)
		}
	})
}

func TestADomainIsTakenOrFree(t *testing.T) { // DM01, 10.4
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.add(w.seller(), bakery())
		for name, want := range map[string]string{
			"fjallbageriet":                 "taken",
			"FJALLBAGERIET.onmicrosoft.com": "taken",
			"atelier-nuage.example":         "taken",
			"free1":                         "free",
			"free.example":                  "free",
			"a b":                           "3000 naming.dm01 companyProfile.domain",
			"not-a-prefix.onmicrosoft.com":  "3000 naming.dm01 companyProfile.domain",
			"what is.this":                  "27002 identity.domain.malformed domain",
		} {
			got, err := customer.CheckDomain.Do(t.Context(), w.k, w.seller(), customer.Domain{Name: name})
			state := "free"
			if got.Taken {
				state = "taken"
			}
			if err != nil {
				state = codes(err)[0]
			}
			if state != want {
				t.Errorf("%s: %s, want %s", name, state, want)
			}
		}
	})
}

// person adds a person to p and returns it as an actor.
func (w *world) person(p identity.Partner, name string, roles policy.Role) op.Actor {
	w.t.Helper()
	a := agent(p, roles)
	w.within(func(ctx context.Context, u *op.Unit) error {
		made, err := identity.CreateUser(ctx, u, identity.NewUser{Tenant: p.Tenant, Name: name, Roles: roles})
		a.User, a.UserName = made.User.ID, made.User.Name
		return err
	})
	return a
}

// group returns the group of those people of p who have a role.
func (w *world) group(p identity.Partner, role policy.Role) (found id.Group) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		groups, err := identity.Groups(ctx, u.Tx, p.Tenant)
		for _, g := range groups {
			if g.Role == role {
				found = g.ID
			}
		}
		return err
	})
	return found
}
