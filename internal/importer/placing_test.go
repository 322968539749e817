package importer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// chief is an admin of the operator.
func chief() op.Actor {
	return op.Actor{
		Kind: policy.Operator, Tenant: "0f000000-0000-7000-8000-000000000001", Roles: policy.OperatorAdmin,
		User: "0f000000-0000-7000-8000-000000000002", UserName: "chef@drift.example", Channel: op.ViaPortal, Locale: "en",
	}
}

// placed has the operator upload text, look ahead, rehearse and import it, and
// returns what became of each row: "row outcome field code" for refused ones.
func (w *world) placed(text string) (rehearsed, imported []string) {
	w.t.Helper()
	ctx := w.t.Context()
	i, err := importer.Upload(ctx, w.k, chief(), "relations.csv", strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	order := importer.Order{ID: i.ID, Options: reached(importer.Options{})}
	ahead, err := importer.LookAhead.Do(ctx, w.k, chief(), order)
	if err != nil || len(ahead.Faults) > 0 {
		w.t.Fatalf("looking ahead: %v, %v", ahead.Faults, err)
	}
	run := func(dry bool) (all []string) {
		order.Options.DryRun = dry
		if _, err := importer.Start.Do(ctx, w.k, chief(), order); err != nil {
			w.t.Fatal(err)
		}
		w.runDue(w.workers())
		now, err := importer.Progress.Do(ctx, w.k, chief(), importer.ByID{ID: i.ID})
		if err != nil || now.Stage != importer.Done {
			w.t.Fatalf("the import is %s: %v, %v", now.Stage, now.Fault, err)
		}
		found, err := importer.Results.Do(ctx, w.k, chief(), importer.ResultQuery{ID: i.ID, Limit: 100})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, r := range found {
			line := fmt.Sprintf("%d %s", r.Row, r.Outcome)
			for _, f := range r.Faults {
				line += " " + f.Field + " " + f.Key
			}
			all = append(all, line)
		}
		return all
	}
	return run(true), run(false)
}

// kindsOf returns what partners are to a customer, by partner.
func (w *world) kindsOf(tenant id.Tenant) map[id.Tenant][]relationship.Kind {
	w.t.Helper()
	all := map[id.Tenant][]relationship.Kind{}
	err := w.k.DB.Read(w.t.Context(), func(ctx context.Context, t *db.Tx) error {
		found, err := relationship.Of(ctx, t, tenant)
		for _, r := range found {
			all[r.Partner] = append(all[r.Partner], r.Kind)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// The operator brings customers with what each partner is to them: every row ends
// as created, already there or refused with its reason; a rehearsal says the same
// and makes nothing; a second run makes nothing twice (V-5, A6; RF-08).
func TestTheOperatorImportsCustomersWithTheirRelations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		head := "id;companyName;country;addressLine1;city;postalCode;partner;relation;provider\n"
		bakery := "K-1;Fjällbageriet i Lund AB;SE;Bredgatan 4;Lund;222 21"
		rows := []string{
			bakery + ";" + string(w.direct.Tenant) + ";reseller;",
			bakery + ";" + w.reseller.Domain + ";Rådgivare;",
			bakery + ";" + w.reseller.PartnerID + ";partner of record;",
			bakery + ";" + w.reseller.Domain + ";Rådgivare;", // the same row twice
			"K-2;Östra Bryggeriet AB;SE;Kajen 2;Ystad;271 31;" + w.reseller.Domain + ";indirect reseller;" + w.provider.Domain,
			"K-3;Norra Kvarnen AB;SE;Storgatan 1;Umeå;903 26;nobody.example;reseller;",                      // unknown partner
			"K-4;Södra Kvarnen AB;SE;Storgatan 2;Malmö;211 22;" + w.direct.Domain + ";friend;",              // unknown relation
			"K-5;Tokyo Pan KK;JP;Ginza 1;Tokyo;104-0061;" + w.direct.Domain + ";reseller;",                  // another market
			bakery + ";" + w.far.Domain + ";advisor;",                                                       // likewise
			"K-6;Västra Kvarnen AB;SE;Storgatan 3;Lund;222 22;" + w.reseller.Domain + ";indirect reseller;", // through whom?
			"K-7;Inre Kvarnen AB;SE;Storgatan 4;Lund;222 23;" + w.direct.Domain + ";indirect reseller;" + w.provider.Domain,
			"K-8;Yttre Kvarnen AB;SE;Storgatan 5;Lund;222 24;" + w.reseller.Domain + ";reseller;",
			"K-9;Övre Kvarnen AB;SE;Storgatan 6;Lund;222 25;" + w.reseller.Domain + ";advisor;", // who is that?
			bakery + ";" + w.provider.Domain + ";reseller;",                                     // a second partner sells to it
		}
		text := head + strings.Join(rows, "\n") + "\n"
		rehearsed, imported := w.placed(text)
		want := []string{
			"1 created", "2 created", "3 created", "4 exists", "5 created",
			"6 refused partner importer.place.partner", "7 refused relation importer.place.relation",
			"8 refused billingProfile.defaultAddress.country refusal.rf08", "9 refused billingProfile.defaultAddress.country refusal.rf08",
			"10 refused provider importer.place.no_provider", "11 refused relation importer.place.no_reseller",
			"12 refused relation importer.place.not_seller", "13 refused customerTenantId importer.place.customer", "14 created",
		}
		if !slices.Equal(rehearsed, want) {
			t.Errorf("rehearsed:\n%s\nwant:\n%s", strings.Join(rehearsed, "\n"), strings.Join(want, "\n"))
		}
		if !slices.Equal(imported, want) {
			t.Errorf("imported:\n%s\nwant:\n%s", strings.Join(imported, "\n"), strings.Join(want, "\n"))
		}
		all := w.customers(w.direct)
		if len(all) != 1 {
			t.Fatalf("the direct partner has %d customers", len(all))
		}
		kinds := w.kindsOf(all[0].ID)
		if got := kinds[w.reseller.Tenant]; !slices.Equal(got, []relationship.Kind{relationship.Advisor, relationship.PartnerOfRecord}) {
			t.Errorf("the reseller is %v", got)
		}
		if got := kinds[w.provider.Tenant]; !slices.Equal(got, []relationship.Kind{relationship.Reseller}) {
			t.Errorf("the provider is %v", got)
		}
		beer := w.customers(w.provider)
		if len(beer) != 2 || w.kindsOf(beer[0].ID)[w.reseller.Tenant][0] != relationship.IndirectReseller {
			t.Errorf("the provider has %+v", beer)
		}
		// A second run creates nothing.
		_, again := w.placed(text)
		for n, line := range again {
			if want := strings.Replace(want[n], "created", "exists", 1); line != want {
				t.Errorf("again: %s, want %s", line, want)
			}
		}
		// A reseller relationship takes the place of the others; the provider may name
		// its reseller later, and no second one.
		_, more := w.placed(head + bakery + ";" + w.reseller.Domain + ";indirect reseller;" + w.provider.Domain + "\n")
		if !slices.Equal(more, []string{"1 created"}) {
			t.Errorf("attached: %v", more)
		}
		if got := w.kindsOf(all[0].ID)[w.reseller.Tenant]; !slices.Equal(got, []relationship.Kind{relationship.IndirectReseller}) {
			t.Errorf("who sells now is still %v", got)
		}
		counts, err := customer.Count.Do(t.Context(), w.k, agent(w.reseller), struct{}{})
		if err != nil || counts.All != 2 || counts.By[relationship.ByKind]["indirect_reseller"] != 2 || counts.By[relationship.ByKind]["advisor"] != 0 {
			t.Errorf("counted %+v, %v", counts, err)
		}
	})
}

// Who is no operator does not import for others, and a file that names no partner
// is refused as a whole.
func TestOnlyTheOperatorImportsForOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		support := chief()
		support.Roles = policy.OperatorSupport
		if _, err := importer.Upload(t.Context(), w.k, support, "x.csv", strings.NewReader("a;b\n1;2\n")); err == nil {
			t.Error("support imports")
		}
		i, err := importer.Upload(t.Context(), w.k, chief(), "x.csv", strings.NewReader("companyName;country\nNorra Kvarnen AB;SE\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := importer.Progress.Do(t.Context(), w.k, agent(w.direct), importer.ByID{ID: i.ID}); err == nil {
			t.Error("a partner sees the operator's import")
		}
		ahead, err := importer.LookAhead.Do(t.Context(), w.k, chief(), importer.Order{ID: i.ID})
		if err != nil || len(ahead.Faults) != 1 || ahead.Faults[0].Key != "importer.mapping.no_partner" {
			t.Errorf("%v, %v", ahead.Faults, err)
		}
		_, err = importer.LookAhead.Do(t.Context(), w.k, agent(w.direct), importer.Order{ID: i.ID})
		if err == nil {
			t.Error("a partner looks into it")
		}
	})
}

// A row without an id finds the customer that its partner added by hand, by name,
// place and domain: it is there already, and gets the reseller that was not named.
func TestRowsFindACustomerThatWasAddedByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const name = "Östra Bryggeriet AB"
		byHand, err := customer.Add.Do(t.Context(), w.k, agent(w.provider), customer.NewCustomer{
			Domain: naming.SuggestDomainPrefix(name),
			Billing: customer.Billing{
				CompanyName: name, Email: "maja@kund.example", Culture: "sv-SE", Language: "sv",
				Address: place.Address{
					Country: "SE", City: "Ystad", AddressLine1: "Kajen 2", PostalCode: "271 31", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
				},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		row := "companyName;country;addressLine1;city;postalCode;partner;relation;provider\n" + name + ";SE;Kajen 2;Ystad;271 31;"
		direct := row + w.provider.Domain + ";reseller;\n"
		indirect := row + w.reseller.Domain + ";indirect reseller;" + w.provider.Domain + "\n"
		for n, tt := range []struct{ text, want string }{{direct, "1 exists"}, {indirect, "1 created"}, {indirect, "1 exists"}} {
			rehearsed, imported := w.placed(tt.text)
			if want := []string{tt.want}; !slices.Equal(rehearsed, want) || !slices.Equal(imported, want) {
				t.Errorf("run %d: rehearsed %v, imported %v, want %v", n+1, rehearsed, imported, want)
			}
		}
		kinds := w.kindsOf(byHand.Customer.ID)
		if len(w.customers(w.provider)) != 1 || !slices.Equal(kinds[w.reseller.Tenant], []relationship.Kind{relationship.IndirectReseller}) {
			t.Errorf("partners are %v", kinds)
		}
	})
}

// A partner that the operator has not enrolled, or whose enrolment has ended, gets no
// relation of any kind; one that is restricted or suspended may go on serving (A7).
func TestOnlyEnrolledPartnersAreGivenCustomersToServe(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		head := "id;companyName;country;addressLine1;city;postalCode;partner;relation;provider\n"
		bakery := "K-1;Fjällbageriet i Lund AB;SE;Bredgatan 4;Lund;222 21;"
		w.placed(head + bakery + w.direct.Domain + ";reseller;\n")
		for status, want := range map[identity.PartnerStatus]string{
			identity.PartnerPending: "1 refused partner identity.partner.not_enrolled", identity.PartnerRejected: "1 refused partner identity.partner.not_enrolled",
			identity.PartnerClosed: "1 refused partner identity.partner.not_enrolled", identity.PartnerRestricted: "1 created", identity.PartnerSuspended: "1 created",
		} {
			p := w.enrol("Partner "+string(status)+" AB", policy.DirectBill, "SE", string(status)+"-it.example")
			in := identity.PartnerChange{Tenant: p.Tenant, Status: &status, Cause: "for the test"}
			if _, err := identity.UpdatePartner.Do(t.Context(), w.k, op.System("", 0, op.ViaCLI), in); err != nil {
				t.Fatalf("%s: %v", status, err)
			}
			rehearsed, imported := w.placed(head + bakery + p.Domain + ";advisor;\n")
			if want := []string{want}; !slices.Equal(rehearsed, want) || !slices.Equal(imported, want) {
				t.Errorf("%s: rehearsed %v, imported %v, want %v", status, rehearsed, imported, want)
			}
		}
	})
}

// A reseller that sells to a customer through one provider, or alone, is not given it
// through another one: the row is refused, and those around it are imported. The
// provider that it does sell through may come back to the customer (A10).
func TestAResellerHasACustomerThroughOneProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.enrol("Fjord Distribution AB", policy.IndirectProvider, "SE", "fjord.example")
		pair := relationship.Pair{Provider: other.Tenant, Reseller: w.reseller.Tenant}
		if _, err := relationship.ConnectPartners.Do(t.Context(), w.k, op.System("", 0, op.ViaCLI), pair); err != nil {
			t.Fatal(err)
		}
		head := "id;companyName;country;addressLine1;city;postalCode;partner;relation;provider\n"
		brewery := "K-2;Östra Bryggeriet AB;SE;Kajen 2;Ystad;271 31;"
		through := func(p identity.Partner) string {
			return brewery + w.reseller.Domain + ";indirect reseller;" + p.Domain + "\n"
		}
		bakery := "K-1;Fjällbageriet i Lund AB;SE;Bredgatan 4;Lund;222 21;" + w.direct.Domain + ";reseller;\n"
		wants := func(when, text string, want ...string) {
			t.Helper()
			rehearsed, imported := w.placed(head + text)
			if !slices.Equal(rehearsed, want) || !slices.Equal(imported, want) {
				t.Errorf("%s: rehearsed %v, imported %v, want %v", when, rehearsed, imported, want)
			}
		}
		wants("a new customer", through(other), "1 created")
		const refused = "1 refused provider customer.other_provider"
		wants("a provider that has nothing to do with it", through(w.provider)+bakery, refused, "2 created")
		wants("a provider that sells to it", brewery+w.provider.Domain+";reseller;\n", "1 created")
		wants("a provider that sells to it without the reseller", through(w.provider), refused)

		brew := w.customers(other)[0]
		if _, err := customer.Remove.Do(t.Context(), w.k, agent(other), customer.Removal{
			ID: brew.ID, Typed: brew.OriginalName, Statement: &relationship.Statement{Version: relationship.StatementVersion, Language: "en", Made: true},
		}); err != nil {
			t.Fatal(err)
		}
		wants("the provider has left", through(w.provider), refused)
		wants("the provider comes back", through(other), "1 created")
		wants("all is there", through(other), "1 exists")
		counts, err := customer.Count.Do(t.Context(), w.k, agent(w.reseller), struct{}{})
		if err != nil || counts.All != 1 || counts.By[relationship.ByProvider][string(other.Tenant)] != 1 {
			t.Errorf("counted %+v, %v", counts, err)
		}
	})
}
