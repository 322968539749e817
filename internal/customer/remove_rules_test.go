package customer_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

var statementsOf = db.Scan(`SELECT user_name || ' ' || address || ' ' || new_value FROM activity WHERE tenant_id = $1 AND operation = 'accept_statement'`, "test")

func TestWhoeverEndsARelationStatesWhy(t *testing.T) { // E24, E25
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		for name, tt := range map[string]struct {
			change func(r *customer.Removal)
			want   string
		}{
			"nothing is stated":            {func(r *customer.Removal) { r.Statement = nil }, "3000 partnership.statement.missing statement"},
			"the statement is not ticked":  {func(r *customer.Removal) { r.Statement.Made = false }, "3000 partnership.statement.missing statement"},
			"another text was shown":       {func(r *customer.Removal) { r.Statement.Version = "0" }, "3000 partnership.statement.other statement"},
			"another name is typed":        {func(r *customer.Removal) { r.Typed = "Smedjan AB" }, "3000 partnership.remove.typed typed"},
			"no name is typed":             {func(r *customer.Removal) { r.Typed = " " }, "3000 partnership.remove.typed typed"},
			"neither is there: tick first": {func(r *customer.Removal) { r.Typed, r.Statement.Made = "", false }, "3000 partnership.statement.missing statement"},
		} {
			in := removal(added)
			tt.change(&in)
			by := w.seller()
			by.Channel = op.ViaPortal
			_, err := customer.Remove.Do(t.Context(), w.k, by, in)
			if codes(err)[0] != tt.want {
				t.Errorf("%s: %v, want %s", name, err, tt.want)
			}
		}
		if left := w.lines(statementsOf, w.direct.Tenant); len(left) != 0 {
			t.Errorf("refused, and still stated: %v", left)
		}
		by := w.seller()
		by.Address = "203.0.113.7"
		if _, err := customer.Remove.Do(t.Context(), w.k, by, removal(added)); err != nil {
			t.Fatal(err)
		}
		kept := w.lines(statementsOf, w.direct.Tenant)
		if len(kept) != 1 || !strings.HasPrefix(kept[0], by.UserName+" 203.0.113.7 ") {
			t.Fatalf("E25: the log keeps %q of what %s stated", kept, by.UserName)
		}
		var stated struct{ Version, Language, Text string }
		_, value, _ := strings.Cut(kept[0], "{")
		if err := json.Unmarshal([]byte("{"+value), &stated); err != nil {
			t.Fatal(err)
		}
		if stated.Version != relationship.StatementVersion || stated.Language != "sv" || stated.Text != relationship.StatementText("sv") {
			t.Errorf("E25: %+v", stated)
		}
	})
}

func TestOverRESTNothingIsStated(t *testing.T) { // E23, api-customers.md 9.6
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		by := w.seller()
		by.Channel = op.ViaREST
		if _, err := customer.Remove.Do(t.Context(), w.k, by, customer.Removal{ID: added.ID}); err != nil {
			t.Fatal(err)
		}
		if kept := w.lines(statementsOf, w.direct.Tenant); len(kept) != 0 {
			t.Errorf("stated %v", kept)
		}
	})
}

func TestARelationDoesNotEndWhileSomethingIsRunning(t *testing.T) { // E23: RF-27, RF-05
	running := fault.New(fault.Conflict, "3000", "partnership.statement.other") // any sentence
	t.Cleanup(func() { customer.OnRemove() })
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, in := newWorld(t, d), bakery()
		in.Reseller = string(w.reseller.Tenant)
		added := w.add(w.supplier(), in).Customer
		still := map[id.Tenant]bool{w.provider.Tenant: true, w.reseller.Tenant: true}
		customer.OnRemove(func(_ context.Context, _ *op.Unit, partner, c id.Tenant) ([]customer.Obstacle, error) {
			if c != added.ID || !still[partner] {
				return nil, nil
			}
			return []customer.Obstacle{{Said: running, Part: "subscriptions"}}, nil
		})
		for name, tt := range map[string]struct {
			actor op.Actor
			want  string
		}{
			"RF-27 the provider":           {w.supplier(), "3000 refusal.rf27"},
			"RF-05 the reseller of record": {w.through(), "3000 refusal.rf05"},
		} {
			err := remove(w, tt.actor, added)
			if got := codes(err); len(got) != 2 || got[0] != tt.want || got[1] != "3000 "+running.Key {
				t.Errorf("%s: %v", name, err)
			}
			found, err := customer.ListObstacles.Do(t.Context(), w.k, tt.actor, customer.Ref{ID: added.ID})
			if err != nil || len(found) != 1 || found[0].Part != "subscriptions" {
				t.Errorf("%s sees the obstacles %v: %v", name, found, err)
			}
		}
		if n := len(w.delegated(w.provider, added)); n == 0 || w.delegated(w.provider, added)[0].Status != gdap.Active {
			t.Error("E23: the refusal has ended the delegated administration")
		}
		clear(still)
		if err := remove(w, w.supplier(), added); err != nil {
			t.Errorf("nothing runs any more: %v", err)
		}
	})
}

func TestTheCustomerSeesThatARelationHasEnded(t *testing.T) { // E27, c6
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		stays := w.add(w.seller(), called("Lunds Glas AB")).Customer
		if err := remove(w, w.seller(), added); err != nil {
			t.Fatal(err)
		}
		own := op.Actor{Kind: policy.Customer, Tenant: added.ID, Roles: policy.CustomerAdmin, Channel: op.ViaPortal, Locale: "sv"}
		ended, err := relationship.ListOwnEnded.Do(t.Context(), w.k, own, struct{}{})
		if err != nil || len(ended) != 1 {
			t.Fatalf("ended %v: %v", ended, err)
		}
		e := ended[0]
		if e.Partner.Name != w.direct.Name || e.Kind != relationship.Reseller || !e.Since.Equal(opening) || !e.EndedAt.Equal(opening) || e.ByCustomer {
			t.Errorf("ended %+v", e)
		}
		if open, err := relationship.ListOwnContacts.Do(t.Context(), w.k, own, struct{}{}); err != nil || len(open) != 0 {
			t.Errorf("E26: it still asks %v for support: %v", open, err)
		}
		own.Tenant = stays.ID
		if ended, err := relationship.ListOwnEnded.Do(t.Context(), w.k, own, struct{}{}); err != nil || len(ended) != 0 {
			t.Errorf("another customer sees %v: %v", ended, err)
		}
	})
}

func TestTheCaseOfAnEndedRelationIsClosed(t *testing.T) { // C24, E26
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		added := w.add(w.seller(), bakery()).Customer
		if err := remove(w, w.seller(), added); err != nil {
			t.Fatal(err)
		}
		closed := 0
		for _, line := range w.lines(logOf, w.direct.Tenant) {
			if line == "verification_closed" {
				closed++
			}
		}
		if closed != 1 {
			t.Errorf("the log says %d times that nobody decides any more", closed)
		}
	})
}
