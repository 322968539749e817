package importer_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// A world is an installation with a partner in Sweden that sells in Europe, a
// provider there with a reseller, and one partner far away.
type world struct {
	t                               testing.TB
	k                               *op.Kernel
	direct, provider, reseller, far identity.Partner
}

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock = clock.Fixed(opening)
	k.Link = relationship.Link
	w := &world{t: t, k: k}
	w.direct = w.enrol("Nordmolnet AB", policy.DirectBill, "SE", "nordmolnet.example")
	w.provider = w.enrol("Baltic Distribution AB", policy.IndirectProvider, "SE", "baltic.example")
	w.reseller = w.enrol("Skånes IT-partner AB", policy.IndirectReseller, "SE", "skanes-it.example")
	w.far = w.enrol("Cascade Cloud Inc.", policy.DirectBill, "US", "cascade.example")
	in := relationship.Pair{Provider: w.provider.Tenant, Reseller: w.reseller.Tenant}
	if _, err := relationship.ConnectPartners.Do(t.Context(), k, op.System("", 0, op.ViaCLI), in); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) enrol(name string, types policy.Org, country, domain string) identity.Partner {
	w.t.Helper()
	c, _ := place.World().Country(country)
	out, err := identity.EnrolPartner.Do(w.t.Context(), w.k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: name, Types: types, Country: country, Market: c.Market, Domain: domain, Active: true, SignedMPA: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Partner
}

// agent returns a person of p who may add customers.
func agent(p identity.Partner) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: policy.AdminAgent,
		User: "a0000000-0000-7000-8000-000000000001", UserName: "ada@" + p.Domain, Channel: op.ViaPortal, Locale: "en",
	}
}

// reached are the contact data of customers that the file does not give.
func reached(o importer.Options) importer.Options {
	o.Mapping = o.Mapping.WithDefault(importer.ContactName, "Maja Lind").
		WithDefault(importer.EmailDomain, "kund.example").WithDefault(importer.Phone, "+46 46 123456")
	return o
}

// imported imports text for p and returns what became of each row.
func (w *world) imported(p identity.Partner, text string, o importer.Options) ([]importer.Result, importer.Summary) {
	w.t.Helper()
	results, sum, err := w.attempt(p, strings.NewReader(text), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return results, sum
}

func (w *world) attempt(p identity.Partner, body io.Reader, o importer.Options) (results []importer.Result, sum importer.Summary, err error) {
	pass, err := importer.Open(w.t.Context(), w.k, agent(p), body, o)
	if err != nil {
		return nil, sum, err
	}
	sum, err = pass.Run(w.t.Context(), func(r importer.Result) error {
		results = append(results, r)
		return nil
	})
	return results, sum, err
}

// customers returns the customers of p in the order in which they were added.
func (w *world) customers(p identity.Partner) []customer.Item {
	w.t.Helper()
	page, err := customer.List.Do(w.t.Context(), w.k, agent(p), customer.Query{Sort: customer.ByCreated, Size: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.SortFunc(page.Items, func(a, b customer.Item) int { return int(a.Number - b.Number) })
	return page.Items
}

// shown writes results as people read them, one line each reason.
func shown(results []importer.Result) string {
	var b strings.Builder
	p := lang.For("en")
	for _, r := range results {
		fmt.Fprintf(&b, "%d %s %s\n", r.Row, r.Outcome, r.Name)
		for _, f := range r.Faults {
			fmt.Fprintf(&b, "    %s %s: %s\n", f.Code, f.Field, p.Fault(f))
		}
		for _, f := range r.Warnings {
			fmt.Fprintf(&b, "    note %s %s: %s\n", f.Code, f.Field, p.Finding(f))
		}
	}
	return b.String()
}

// legalEntities returns the published entities, and skips the test where they do
// not lie beside the repository.
func legalEntities(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "legal-entities.jsonl"))
	if err != nil {
		t.Skipf("the published legal entities are not here: %v", err)
	}
	return string(text)
}

// golden compares got with a file in testdata, or writes it when -update is given.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a, b := bufio.NewScanner(strings.NewReader(got)), bufio.NewScanner(strings.NewReader(string(want)))
	for n := 1; ; n++ {
		more, still := a.Scan(), b.Scan()
		if a.Text() != b.Text() || more != still {
			t.Fatalf("%s:%d\n got: %s\nwant: %s", path, n, a.Text(), b.Text())
		}
		if !more {
			return
		}
	}
}
