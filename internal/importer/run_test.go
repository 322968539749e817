package importer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// header is that of the small files of these stories.
const header = "id;company;registration number;address;postal code;city;country;language\n"

// outcomes returns what became of each row, with the keys of its reasons.
func outcomes(results []importer.Result) []string {
	var all []string
	for _, r := range results {
		text := string(r.Outcome)
		for _, f := range r.Faults {
			text += " " + f.Key
		}
		all = append(all, text)
	}
	return all
}

func (w *world) wantOutcomes(results []importer.Result, want ...string) {
	w.t.Helper()
	if got := outcomes(results); !slices.Equal(got, want) {
		w.t.Errorf("the rows became\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEveryRowBecomesACustomerOrSaysWhyNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		results, sum := w.imported(w.direct, header+
			"1;Lunds Bageri AB;556677-8899;Storgatan 1;222 21;Lund;SE;sv\n"+
			"2;Oslo Kontor AS;;Karl Johans gate 1;0154;Oslo;NO;nb\n"+
			"3;Cascade Tools Inc.;;1 Main Street;98052;Redmond, WA;US;en\n"+
			"4;1 2 3;;Storgatan 3;222 21;Lund;SE;sv\n"+
			"5;Kiruna Gruva AB;;;981 30;;SE;sv\n"+
			"6;\"Malmö Hamn AB;;Kajen 1;211 20;Malmö;SE;sv\n"+
			"7;Sydney Harbour Pty Ltd\n", reached(importer.Options{}))
		w.wantOutcomes(results, "created", "created", "refused refusal.rf08", "refused naming.cn07",
			"refused place.line.missing place.city.missing", "refused importer.row.unclosed", "refused importer.row.cells")
		if want := (importer.Summary{Created: 2, Refused: 5}); sum != want || sum.Rows() != 7 {
			t.Errorf("summary %+v", sum)
		}
		added := w.customers(w.direct)
		if len(added) != 2 || added[0].ID != results[0].Customer || added[0].Domain != "lundsbageri.onmicrosoft.com" {
			t.Fatalf("customers %+v", added)
		}
		if r := results[0]; r.AdminUserName != "admin@lundsbageri.onmicrosoft.com" || r.AdminPassword == "" || r.ID != "1" || r.Line != 2 {
			t.Errorf("first row %+v", r)
		}
	})
}

func TestASecondRunCreatesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := header +
			"1;Lunds Bageri AB;556677-8899;Storgatan 1;222 21;Lund;SE;sv\n" +
			"2;Lunds Bageri Aktiebolag;;Storgatan 2;222 22;Lund;SE;sv\n" + // of the same domain
			"1;Lunds Bageri i Lund AB;;Storgatan 9;222 29;Lund;SE;sv\n" + // the first one again
			"3;1 2 3;;Storgatan 3;222 21;Lund;SE;sv\n"
		first, _ := w.imported(w.direct, text, reached(importer.Options{}))
		w.wantOutcomes(first, "created", "created", "exists", "refused naming.cn07")
		if first[2].Customer != first[0].Customer {
			t.Errorf("the first one again is %s, not %s", first[2].Customer, first[0].Customer)
		}
		added := w.customers(w.direct)
		if domain := added[1].Domain; domain != "lundsbageri2.onmicrosoft.com" {
			t.Errorf("the second of one name has the domain %s", domain)
		}
		again, sum := w.imported(w.direct, text, reached(importer.Options{}))
		w.wantOutcomes(again, "exists", "exists", "exists", "refused naming.cn07")
		if sum.Created != 0 || again[1].Customer != first[1].Customer || len(w.customers(w.direct)) != 2 {
			t.Errorf("again %+v", again)
		}
		// Another partner has its own customers.
		others, _ := w.imported(w.provider, header+"1;Kiruna Gruva AB;;Gruvan 1;981 30;Kiruna;SE;sv\n", reached(importer.Options{}))
		w.wantOutcomes(others, "created")
	})
}

// The domain to which one customer gives way may be that of another, earlier or
// later in the file, or in a file of before.
func TestDomainsThatGiveWayDoNotMeet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		row := func(recordID, name string) string {
			return recordID + ";" + name + ";;Storgatan " + recordID + ";" + fmt.Sprintf("%03d 21", 100+len(name)+len(recordID)) + ";Lund;SE;sv\n"
		}
		before, _ := w.imported(w.direct, header+row("0", "Bageri 22 AB"), reached(importer.Options{}))
		w.wantOutcomes(before, "created")
		text := header + row("1", "Bageri AB") + row("22", "Bageri HB") + row("333", "Bageri HB") + row("4", "Bageri 333 AB") + row("5555", "Bageri 4 AB") +
			row("66666", "Bageri 4 HB")
		for _, dry := range []bool{true, false} {
			results, _ := w.imported(w.direct, text, reached(importer.Options{DryRun: dry}))
			w.wantOutcomes(results, "created", "created", "created", "created", "created", "created")
		}
		seen := make(map[string]bool)
		for _, c := range w.customers(w.direct) {
			if seen[c.Domain] {
				t.Errorf("two have the domain %s", c.Domain)
			}
			seen[c.Domain] = true
		}
		if !seen["bageri333.onmicrosoft.com"] || !seen["bageri22.onmicrosoft.com"] || len(seen) != 7 {
			t.Errorf("domains %v", seen)
		}
	})
}

// Rows without an id are known again by the domain that follows from their name
// and by their place. Two companies of one name in different places are not one.
func TestRecordsWithoutAnIDAreKnownByTheirDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := "company,address,postal code,city,country,language\n" +
			"Lunds Bageri AB,Storgatan 1,222 21,Lund,SE,sv\n" +
			"Lunds Bageri AB,Storgatan 1,22221,Lund,se,sv\n" +
			"Lunds Bageri Handelsbolag,Torget 1,111 22,Stockholm,SE,sv\n"
		for _, want := range [][]string{
			{"created", "exists", "refused naming.dm02"}, {"exists", "exists", "refused naming.dm02"},
		} {
			results, _ := w.imported(w.direct, text, reached(importer.Options{}))
			w.wantOutcomes(results, want...)
		}
	})
}

// A customer that was added by hand is known by its registration id, or by its
// domain, name and place.
func TestCustomersThatWereAddedByHandAreThere(t *testing.T) { // rule C3
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		byHand, _ := w.imported(w.direct, header+"x;Lunds Bageri AB;556677-8899;Storgatan 1;222 21;Lund;SE;sv\n",
			reached(importer.Options{Source: "by hand"}))
		w.wantOutcomes(byHand, "created")
		results, _ := w.imported(w.direct, header+"1;Bageriet i Lund;5566778899;Torget 1;222 20;Lund;SE;sv\n", reached(importer.Options{}))
		w.wantOutcomes(results, "exists")
		results, _ = w.imported(w.direct, strings.TrimPrefix(header, "id;")+"Lunds Bageri AB;;Storgatan 1;222 21;Lund;SE;sv\n", reached(importer.Options{}))
		w.wantOutcomes(results, "exists")
		if results[0].Customer != byHand[0].Customer {
			t.Errorf("it is %s, not %s", results[0].Customer, byHand[0].Customer)
		}
		// With an id of its own it may be another organization: a person decides.
		similar := "2;Lunds Bageri AB;;Storgatan 1;222 21;Lund;SE;sv"
		results, _ = w.imported(w.direct, header+similar+"\n", reached(importer.Options{}))
		w.wantOutcomes(results, "refused customer.similar")
		results, _ = w.imported(w.direct, "distinct;"+header+"yes;"+similar+"\n", reached(importer.Options{}))
		w.wantOutcomes(results, "created")
		// Of another partner nothing is told but that it exists.
		results, _ = w.imported(w.provider, header+"1;Bageriet i Lund;556677-8899;Torget 1;222 20;Lund;SE;sv\n", reached(importer.Options{}))
		w.wantOutcomes(results, "refused refusal.rf11")
	})
}

func TestContactDataComeFromTheFileOrFromTheOptionsAndNeverByThemselves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := "company,contact,email,phone,address,postal code,city,country\n" +
			"Lunds Bageri AB,Ida Ek,ida@bageri.example,+46 70 1234567,Storgatan 1,222 21,Lund,SE\n" +
			"Kiruna Gruva AB,,,,Gruvan 1,981 30,Kiruna,SE\n"
		results, _ := w.imported(w.direct, text, importer.Options{})
		w.wantOutcomes(results, "created", "refused refusal.required place.first_name.missing place.last_name.missing")
		results, _ = w.imported(w.direct, text, reached(importer.Options{}))
		w.wantOutcomes(results, "exists", "created")
		c, err := customer.Get.Do(t.Context(), w.k, agent(w.direct), customer.Ref{ID: results[1].Customer})
		if err != nil {
			t.Fatal(err)
		}
		b := c.Customer.Billing
		if b.FirstName != "Maja" || b.LastName != "Lind" || b.Email != "contact@kirunagruva.kund.example" || b.Address.PhoneNumber != "+46 46 123456" {
			t.Errorf("billing %+v", b)
		}
	})
}

func TestAMappingNamesColumnsAndConstants(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	m := importer.Mapping{
		importer.ID: {Column: "Our ref."}, importer.CompanyName: {Column: "who"}, importer.City: {Column: "WHERE"},
		importer.Country: {Value: "SE"}, importer.Region: {}, importer.PostalCode: {Column: "zip", Default: "222 21"},
	}
	o := reached(importer.Options{Mapping: m})
	results, _ := w.imported(w.direct, "Our ref.,who,where,zip,street,region,country\n7,Lunds Bageri AB,Lund,,Storgatan 1,Skåne,Danmark\n", o)
	w.wantOutcomes(results, "created")
	c, err := customer.Get.Do(t.Context(), w.k, agent(w.direct), customer.Ref{ID: results[0].Customer})
	if err != nil || c.Customer.Billing.Address.Region != "" || c.Customer.Country() != "SE" || c.Customer.Billing.Address.PostalCode != "222 21" {
		t.Errorf("address %+v, %v", c.Customer.Billing.Address, err)
	}
	for name, tt := range map[string]struct {
		m    importer.Mapping
		text string
		want error
	}{
		"a column that is not there": {importer.Mapping{importer.City: {Column: "town"}}, "company\nx\n", importer.ErrColumn},
		"a field that is not there":  {importer.Mapping{"colour": {Value: "red"}}, "company\nx\n", importer.ErrField},
		"no name of the company":     {nil, "a,b\nx,y\n", importer.ErrNoName},
		"a name that is not used":    {importer.Mapping{importer.CompanyName: {}}, "company\nx\n", importer.ErrNoName},
	} {
		if _, _, err := w.attempt(w.direct, strings.NewReader(tt.text), importer.Options{Mapping: tt.m}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := w.attempt(w.direct, strings.NewReader("id,company\n1,x\n"), importer.Options{Source: strings.Repeat("x", 101)}); !errors.Is(err, importer.ErrSource) {
		t.Errorf("a source of a long name: %v", err)
	}
}

// A provider adds customers for resellers, named by tenant id or PartnerID (rules
// C5, E20). Who cannot be named is refused row by row.
func TestAProviderImportsForItsResellers(t *testing.T) { // RF-26
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		row := func(n int, reseller string) string {
			return fmt.Sprintf("Kund %d Logistik AB,Storgatan %d,222 %02d,Lund,SE,%s\n", n, n, n+10, reseller)
		}
		results, _ := w.imported(w.provider, "company,address,postal code,city,country,reseller\n"+
			row(1, w.reseller.PartnerID)+row(2, string(w.reseller.Tenant))+row(3, "")+row(4, "7654321")+row(5, string(w.far.Tenant)),
			reached(importer.Options{}))
		w.wantOutcomes(results, "created", "created", "created", "refused refusal.rf26", "refused refusal.rf26.role")
		if theirs := w.customers(w.reseller); len(theirs) != 2 {
			t.Errorf("the reseller has %d customers", len(theirs))
		}
	})
}

// A dry run says what a run would do, row by row, and leaves nothing.
func TestADryRunSaysWhatARunDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := header +
			"1;Lunds Bageri AB;556677-8899;Storgatan 1;222 21;Lund;SE;sv\n" +
			"2;Lunds Bageri Aktiebolag;;Storgatan 2;222 22;Lund;SE;sv\n" +
			"1;Lunds Bageri AB;;Storgatan 1;222 21;Lund;SE;sv\n" +
			"3;Annat Namn AB;556677-8899;Torget 1;111 22;Stockholm;SE;sv\n" +
			"4;Lunds Bageri HB;;Gatan 4;222 21;Lund;SE;sv\n" +
			"5;1 2 3;;Storgatan 3;222 21;Lund;SE;sv\n"
		text += bulk(400, "6") // so that later batches know the earlier ones
		text += "7;Lunds Bageri AB;;Gatan 4;222 21;Lund;SE;sv\n"
		o := reached(importer.Options{DryRun: true})
		before := w.counts()
		dry, drySum := w.imported(w.direct, text, o)
		if after := w.counts(); after != before {
			t.Errorf("a dry run changed something: %v became %v", before, after)
		}
		o.DryRun = false
		made, sum := w.imported(w.direct, text, o)
		if drySum != sum || !slices.Equal(outcomes(dry), outcomes(made)) {
			t.Errorf("rehearsed %v as %.300q, was %v as %.300q", drySum, outcomes(dry), sum, outcomes(made))
		}
		w.wantOutcomes(append(made[:6:6], made[406]), "created", "created", "exists", "exists",
			"refused customer.similar", "refused naming.cn07", "refused customer.similar")
		for _, r := range dry {
			if r.Customer != "" || r.AdminPassword != "" {
				t.Fatalf("a customer that does not exist has an id: %+v", r)
			}
		}
	})
}

// bulk returns n rows of a file with header.
func bulk(n int, prefix string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s-%d;Kund %s Logistik %d AB;;Gatan %d;%03d %02d;Lund;SE;sv\n", prefix, i, prefix, i, i, 200+i/100, i%100)
	}
	return b.String()
}

// counts counts rows of what an import could leave.
func (w *world) counts() (n [4]int64) {
	w.t.Helper()
	for i, table := range []string{"customers", "import_keys", "activity", "tenants"} {
		if err := w.k.DB.Pool().QueryRowContext(w.t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n[i]); err != nil {
			w.t.Fatal(err)
		}
	}
	return n
}

// Whatever a file holds, in whatever order and however often: a second run
// creates nothing, and every customer that a row created is there for it.
func TestASecondRunCreatesNothingWhateverTheFile(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		rows := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) string {
			recordID := rapid.SampledFrom([]string{"", "1", "2", "3", "4"}).Draw(r, "id")
			if recordID != "" {
				recordID = fmt.Sprintf("%d-%s", run, recordID)
			}
			return fmt.Sprintf("%s;%s %d %s;%s;Storgatan 1;%s;Lund;SE;sv", recordID,
				rapid.SampledFrom([]string{"Bageriet", "Gruvan", "日本"}).Draw(r, "name"), run,
				rapid.SampledFrom([]string{"AB", "HB"}).Draw(r, "form"),
				rapid.SampledFrom([]string{"", "", fmt.Sprintf("%06d-0001", run), "n/a"}).Draw(r, "number"),
				rapid.SampledFrom([]string{"222 21", "111 22", "x"}).Draw(r, "code"))
		}), 1, 12).Draw(r, "rows")
		text := header + strings.Join(rows, "\n")
		first, _, err := w.attempt(w.direct, strings.NewReader(text), reached(importer.Options{}))
		if err != nil {
			r.Fatal(err)
		}
		again, sum, err := w.attempt(w.direct, strings.NewReader(text), reached(importer.Options{}))
		if err != nil || sum.Created != 0 {
			r.Fatalf("the second run created %d: %v\n%s\n%s", sum.Created, err, shown(first), shown(again))
		}
		for i := range first {
			if was := first[i]; was.Outcome != importer.Refused && again[i].Customer != was.Customer {
				r.Fatalf("row %d was %s and is %s", was.Row, was.Customer, again[i].Customer)
			}
		}
	})
}

func TestAPartnerThatMayNotSellImportsNothing(t *testing.T) { // RF-43, rule C2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		// It is suspended when the first rows are done.
		pass, err := importer.Open(t.Context(), w.k, agent(w.direct), strings.NewReader(header+bulk(1500, "a")), reached(importer.Options{}))
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		sum, err := pass.Run(t.Context(), func(importer.Result) error {
			if rows++; rows == 1 {
				w.suspend(w.direct)
			}
			return nil
		})
		if !errors.Is(err, refusal.RF43) || rows >= 1500 || sum.Created != int64(rows) || len(w.customers(w.direct)) != min(rows, customer.MaxPage) {
			t.Fatalf("after %d rows: %v", rows, err)
		}
		if _, _, err := w.attempt(w.direct, strings.NewReader(header), importer.Options{}); !errors.Is(err, refusal.RF43) {
			t.Errorf("suspended from the start: %v", err)
		}
	})
}

// suspend has the operator suspend p.
func (w *world) suspend(p identity.Partner) {
	w.t.Helper()
	suspended := identity.PartnerSuspended
	in := identity.PartnerChange{Tenant: p.Tenant, Status: &suspended, Cause: "a bill is overdue"}
	if _, err := identity.UpdatePartner.Do(w.t.Context(), w.k, op.System("", 0, op.ViaCLI), in); err != nil {
		w.t.Fatal(err)
	}
}

func TestWhoMayNotAddCustomersMayNotImportThem(t *testing.T) { // RF-01, RF-10
	w := newWorld(t, dbtest.SQLite(t))
	helpdesk := agent(w.direct)
	helpdesk.Roles = policy.HelpdeskAgent
	for name, tt := range map[string]struct {
		a    op.Actor
		want error
	}{"a helpdesk agent": {helpdesk, refusal.RF10}, "an indirect reseller": {agent(w.reseller), refusal.RF01}} {
		if _, err := importer.Open(t.Context(), w.k, tt.a, strings.NewReader(header), importer.Options{}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := importer.Upload(t.Context(), w.k, tt.a, "kunder.csv", strings.NewReader(header)); !errors.Is(err, tt.want) {
			t.Errorf("%s uploads: %v", name, err)
		}
	}
}

// When the disk, or whoever sends the file, fails in the middle, what came before
// is kept, and another run goes on from there.
func TestAFileThatFailsInTheMiddleKeepsItsGoodRows(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	text := header + bulk(700, "a")
	broken := io.MultiReader(strings.NewReader(text[:len(text)/2]), iotest.ErrReader(errors.New("the disk is gone")))
	results, sum, err := w.attempt(w.direct, broken, reached(importer.Options{}))
	if err == nil || !strings.Contains(err.Error(), "the disk is gone") || sum.Created < 300 || len(results) != int(sum.Rows()) {
		t.Fatalf("%d rows, then %v", sum.Rows(), err)
	}
	again, rest := w.imported(w.direct, text, reached(importer.Options{}))
	if len(again) != 700 || rest.Exists != sum.Created || rest.Created != 700-sum.Created {
		t.Errorf("the second run: %+v after %+v", rest, sum)
	}
}

func TestAnImportStopsWhenItIsToldTo(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	pass, err := importer.Open(ctx, w.k, agent(w.direct), strings.NewReader(header+bulk(2000, "a")), reached(importer.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := pass.Run(ctx, func(r importer.Result) error {
		if r.Row == 10 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || sum.Created == 0 || sum.Created == 2000 || len(w.customers(w.direct)) != int(sum.Created) {
		t.Errorf("stopped after %+v: %v", sum, err)
	}
}

func TestASandboxHasRoomForSoManyCustomers(t *testing.T) { // rule C40
	w := newWorld(t, dbtest.SQLite(t))
	w.k.Sandbox = true
	for _, dry := range []bool{true, false} {
		o := reached(importer.Options{DryRun: dry})
		if _, sum := w.imported(w.direct, header+bulk(80, "a"), o); sum.Created != 75 || sum.Refused != 5 {
			t.Errorf("dry run %v: %+v", dry, sum)
		}
	}
}

// A customer whose relation has ended is not made a second time: the partner asks
// it for a new relation (rule C3, RF-11). One that was deleted is.
func TestACustomerThatWentIsNotMadeAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.k.Sandbox = true
		text := header + "1;Lunds Bageri AB;;Storgatan 1;222 21;Lund;SE;sv\n2;Kiruna Gruva AB;;Gruvan 1;981 30;Kiruna;SE;sv\n"
		first, _ := w.imported(w.direct, text, reached(importer.Options{}))
		w.exec("DELETE FROM customers WHERE customer_id = $1", first[0].Customer)
		if _, err := customer.Delete.Do(t.Context(), w.k, agent(w.direct), customer.Ref{ID: first[1].Customer}); err != nil {
			t.Fatal(err)
		}
		for _, want := range [][]string{{"refused refusal.rf11", "created"}, {"refused refusal.rf11", "exists"}} {
			results, _ := w.imported(w.direct, text, reached(importer.Options{}))
			w.wantOutcomes(results, want...)
		}
	})
}

// exec changes the database as no operation here does.
func (w *world) exec(text string, customer id.Tenant) {
	w.t.Helper()
	err := w.k.DB.Write(w.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, db.Dynamic(text), customer)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
