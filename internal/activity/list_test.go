package activity_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// A month in the log of Nord: what its agents did, hour by hour.
func month(t *testing.T, d *db.DB) *op.Kernel {
	t.Helper()
	k := kernel(d)
	lines := []struct {
		operation, resource, customer, name, status string
	}{
		{"add_customer", "customer", "alfa", "Alfa AB", op.Succeeded},
		{"add_customer", "customer", "bager", "Fjällbageri AB", op.Succeeded},
		{"create_order", "order", "alfa", "Alfa AB", op.Failed},
		{"verification_opened", "customer", "bager", "Fjällbageri AB", op.Succeeded},
		{"create_order", "order", "alfa", "Alfa AB", op.Succeeded},
		{"register_application", "application", "", "", op.Succeeded},
	}
	for _, l := range lines {
		write(t, k, agent(nord), op.Record{
			Operation: l.operation, Resource: l.resource, Customer: id.Tenant(l.customer), CustomerName: l.name, Status: l.status,
			Data: map[string]string{"key": "value"},
		})
		k.Clock.Advance(time.Hour)
	}
	write(t, k, agent(other), op.Record{Operation: "add_customer", Resource: "customer", Customer: "alfa", CustomerName: "Alfa AB"})
	return k
}

func operations(records []activity.Record) string {
	var s []string
	for _, r := range records {
		s = append(s, r.Operation+" "+string(r.Customer))
	}
	return strings.Join(s, ", ")
}

func TestReadersFindWhatTheyLookFor(t *testing.T) { // rule K1, portal P-19
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := month(t, d)
		for name, tt := range map[string]struct {
			query activity.Query
			want  string
		}{
			"everything, newest first": {activity.Query{}, "register_application , create_order alfa, verification_opened bager, " +
				"create_order alfa, add_customer bager, add_customer alfa"},
			"of a customer":             {activity.Query{Customer: "bager"}, "verification_opened bager, add_customer bager"},
			"of an operation":           {activity.Query{Operation: "create_order"}, "create_order alfa, create_order alfa"},
			"of a resource":             {activity.Query{Resource: "application"}, "register_application "},
			"of a customer and failed":  {activity.Query{Customer: "alfa", Status: op.Failed}, "create_order alfa"},
			"of a user":                 {activity.Query{User: "somebody"}, ""},
			"of names that hold":        {activity.Query{CustomerName: "FJÄLL"}, "verification_opened bager, add_customer bager"},
			"of people whose name has":  {activity.Query{UserName: "ADA@n", Status: op.Failed}, "create_order alfa"},
			"of nobody's name":          {activity.Query{UserName: "zoe"}, ""},
			"the oldest":                {activity.Query{Oldest: true, Limit: 2}, "add_customer bager, add_customer alfa"},
			"the oldest since":          {activity.Query{Oldest: true, Limit: 1, From: start.Add(2 * time.Hour)}, "create_order alfa"},
			"from a time on":            {activity.Query{From: start.Add(4 * time.Hour)}, "register_application , create_order alfa"},
			"before a time":             {activity.Query{To: start.Add(time.Hour)}, "add_customer alfa"},
			"of what the contract says": {activity.Query{Customer: "bager", ForContract: true}, "add_customer bager"},
			"of another tenant":         {activity.Query{Tenant: other, Limit: 1}, "register_application "},
		} {
			page, err := activity.List.Do(t.Context(), k, agent(nord), tt.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := operations(page.Records); got != tt.want {
				t.Errorf("%s: %s\nwant %s", name, got, tt.want)
			}
		}
		page, err := activity.Inspect.Do(t.Context(), k, operator(), activity.Query{Customer: "alfa"})
		if err != nil || len(page.Records) != 4 || page.Records[0].Tenant != other {
			t.Errorf("the operator sees %+v, %v", page, err)
		}
		first := page.Records[1]
		want := activity.Record{
			ID: first.ID, Tenant: nord, Customer: "alfa", CustomerName: "Alfa AB", Operation: "create_order", Resource: "order",
			Status: op.Succeeded, User: ada, UserName: "ada@nord.example", Channel: op.ViaREST, RequestID: "r", CorrelationID: "c",
			Data: map[string]string{"key": "value"}, At: start.Add(4 * time.Hour),
		}
		if fmt.Sprint(first) != fmt.Sprint(want) {
			t.Errorf("a record reads %+v\nwant %+v", first, want)
		}
	})
}

func TestTheSettingExposesLocalOperations(t *testing.T) { // rule K4
	k := month(t, dbtest.SQLite(t))
	if err := k.UpdateSetting(t.Context(), operator(), op.SetSetting{Name: "audit.exposeLocalOperations", Value: "true"}); err != nil {
		t.Fatal(err)
	}
	page, err := activity.List.Do(t.Context(), k, agent(nord), activity.Query{Customer: "bager", ForContract: true})
	if err != nil || operations(page.Records) != "verification_opened bager, add_customer bager" {
		t.Fatalf("got %s, %v", operations(page.Records), err)
	}
	opened := activity.Key{ID: page.Records[0].ID, ForContract: true}
	if _, err := activity.Show.Do(t.Context(), k, agent(nord), opened); err != nil {
		t.Errorf("exposed, but not shown: %v", err)
	}
	if err := k.UpdateSetting(t.Context(), operator(), op.SetSetting{Name: "audit.exposeLocalOperations", Value: "false"}); err != nil {
		t.Fatal(err)
	}
	if _, err := activity.Show.Do(t.Context(), k, agent(nord), opened); !errors.Is(err, refusal.NotFound) {
		t.Errorf("hidden, but shown by its id: %v", err)
	}
	if _, err := activity.Show.Do(t.Context(), k, agent(nord), activity.Key{ID: opened.ID}); err != nil {
		t.Errorf("the portal does not show it: %v", err)
	}
}

func TestPagesJoinWithoutGapOrOverlap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		for i := range 30 { // several records share a moment
			records := many(3)
			records[1].CustomerName = "Wanted"
			write(t, k, agent(nord), records...)
			if i%2 == 0 {
				k.Clock.Advance(time.Microsecond)
			}
		}
		for name, want := range map[string]int{"": 90, "wanted": 30} {
			var got []string
			for q := (activity.Query{Limit: 7, CustomerName: name}); ; {
				page, err := activity.List.Do(t.Context(), k, agent(nord), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page.Records {
					got = append(got, r.ID)
				}
				if q.Before = page.Next; q.Before == "" {
					break
				}
			}
			if len(got) != want || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
				t.Errorf("%q: %d records in order, want %d", name, len(got), want)
			}
			if slices.Sort(got); len(slices.Compact(got)) != want {
				t.Errorf("%q: some came twice", name)
			}
		}
	})
}

// One can turn the pages to the end and back again, and sees the same (portal 0.3).
func TestPagesAreTurnedBothWays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		write(t, k, agent(nord), many(20)...)
		turn := func(q activity.Query) activity.Page {
			t.Helper()
			q.Limit = 6
			page, err := activity.List.Do(t.Context(), k, agent(nord), q)
			if err != nil {
				t.Fatal(err)
			}
			return page
		}
		var there []string
		page := turn(activity.Query{})
		for there = append(there, page.Records[0].ID); page.Next != ""; there = append(there, page.Records[0].ID) {
			page = turn(activity.Query{Before: page.Next})
		}
		if len(there) != 4 || len(page.Records) != 2 {
			t.Fatalf("%d pages, the last one with %d records", len(there), len(page.Records))
		}
		for i := len(there) - 2; i >= 0; i-- {
			page = turn(activity.Query{After: page.Previous})
			if page.Records[len(page.Records)-1].ID < there[i+1] || page.Next == "" {
				t.Errorf("page %d ends with %s", i+1, page.Records[len(page.Records)-1].ID)
			}
		}
		if first := turn(activity.Query{}); page.Records[0].ID != first.Records[0].ID && page.Previous == "" {
			t.Error("the way back ends before the first page")
		}
		last := turn(activity.Query{Oldest: true})
		if len(last.Records) != 6 || last.Next != "" || last.Previous == "" {
			t.Errorf("the last page has %d records, next %q, previous %q", len(last.Records), last.Next, last.Previous)
		}
	})
}

func TestARecordIsFoundByItsIdOrItsMoment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := month(t, d)
		moment := activity.Moment{Tenant: nord, Customer: "bager", Operation: "add_customer", At: start.Add(time.Hour)}
		r, err := activity.At.Do(t.Context(), k, agent(nord), moment)
		if err != nil || r.CustomerName != "Fjällbageri AB" {
			t.Fatalf("got %+v, %v", r, err)
		}
		if same, err := activity.Show.Do(t.Context(), k, agent(nord), activity.Key{ID: r.ID}); err != nil || same.ID != r.ID {
			t.Errorf("by its id: %+v, %v", same, err)
		}
		if _, err := activity.Show.Do(t.Context(), k, agent(other), activity.Key{ID: r.ID}); !errors.Is(err, refusal.NotFound) {
			t.Errorf("another partner: %v", err)
		}
		if _, err := activity.At.Do(t.Context(), k, agent(other), moment); !errors.Is(err, refusal.NotFound) {
			t.Errorf("another partner, by the moment: %v", err)
		}
		moment.At = moment.At.Add(time.Microsecond)
		if _, err := activity.At.Do(t.Context(), k, agent(nord), moment); !errors.Is(err, refusal.NotFound) {
			t.Errorf("another moment: %v", err)
		}
	})
}

func TestAnExportHasEverythingAndIsItselfRecorded(t *testing.T) { // rules K1, K3
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		write(t, k, agent(nord), many(2100)...)
		k.Clock.Advance(time.Second)
		var got []activity.Record
		err := activity.Export(t.Context(), k, agent(nord), activity.Query{}, func(r activity.Record) error {
			got = append(got, r)
			return nil
		})
		if err != nil || len(got) != 2101 || got[0].Operation != "export_data" {
			t.Fatalf("%d records, %v", len(got), err)
		}
		full := errors.New("disk full")
		if err := activity.Export(t.Context(), k, agent(nord), activity.Query{}, func(activity.Record) error { return full }); !errors.Is(err, full) {
			t.Errorf("a receiver's error is lost: %v", err)
		}
	})
}

func TestWhoReadsTheLog(t *testing.T) { // rules.md b45
	k := month(t, dbtest.SQLite(t))
	for role, want := range map[policy.Role]error{
		policy.GlobalAdmin: nil, policy.AdminAgent: nil, policy.UserAdmin: nil,
		policy.SalesAgent: refusal.RF10, policy.HelpdeskAgent: refusal.RF10, policy.BillingAdmin: refusal.RF10,
	} {
		a := agent(nord)
		a.Roles = role
		if _, err := activity.List.Do(t.Context(), k, a, activity.Query{}); !errors.Is(err, want) && err != want { //nolint:errorlint // nil is compared too
			t.Errorf("%v: %v, want %v", role.Names(), err, want)
		}
	}
	if _, err := activity.Inspect.Do(t.Context(), k, agent(nord), activity.Query{}); !errors.Is(err, refusal.RF10) {
		t.Errorf("a partner's agent reads the logs of all: %v", err)
	}
}

func BenchmarkSealAndVerify(b *testing.B) {
	const records = 100_000
	k := kernel(dbtest.SQLite(b))
	for range records / 1000 {
		if _, err := note.Do(b.Context(), k, agent(nord), many(1000)); err != nil {
			b.Fatal(err)
		}
		k.Clock.Advance(time.Second)
	}
	if err := activity.Seal(b.Context(), k); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if r, err := activity.Verify(b.Context(), k, operator()); err != nil || r.Records != records {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(float64(records*b.N)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkRecord(b *testing.B) {
	k := kernel(dbtest.SQLite(b))
	b.SetParallelism(20)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := note.Do(b.Context(), k, agent(nord), many(1)); err != nil {
				b.Error(err)
			}
		}
	})
}
