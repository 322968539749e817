package op_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// A tag is the smallest thing a partner can change here: enough to see the
// kernel work.
type tagInput struct {
	Customer id.Tenant
	Tag      string
}

func (in tagInput) ConcernsCustomer() id.Tenant { return in.Customer }

type tagged struct{ ID, Tag string }

var (
	errNoTag = fault.New(fault.Invalid, "27002", "tag.empty")
	lastLog  = db.Scan(`SELECT operation, status, user_name, customer_id, data FROM activity ORDER BY id DESC`, "test")
	events   = db.Scan(`SELECT name, tenant_id, activity_id FROM events`, "test")

	addTag = op.Define(op.Spec{Name: "test.tag", Action: "customer.tag", Write: true},
		func(ctx context.Context, u *op.Unit, in tagInput) (tagged, error) {
			if in.Tag == "" {
				return tagged{}, errNoTag.On("tag")
			}
			if err := u.Count(ctx, u.Actor.Tenant, in.Tag, 1); err != nil {
				return tagged{}, err
			}
			err := u.Record(ctx, op.Record{Operation: "tag_customer", Resource: "customer", Customer: in.Customer, New: in.Tag})
			if err != nil {
				return tagged{}, err
			}
			return tagged{u.NewID(), in.Tag}, u.Emit(ctx, op.Event{Name: "tagged", Customer: in.Customer})
		})
	countTag = op.Define(op.Spec{Name: "test.count", Action: "customer.account.view"},
		func(ctx context.Context, u *op.Unit, in tagInput) (int64, error) {
			return u.Counted(ctx, u.Actor.Tenant, in.Tag)
		})
	ownProfile = op.Define(op.Spec{Name: "test.own", Action: "own.organization.update", Write: true},
		func(context.Context, *op.Unit, tagInput) (string, error) { return "changed", nil })
)

const (
	partner  = id.Tenant("0b5e2f6e-0001-7000-8000-000000000001")
	customer = id.Tenant("0b5e2f6e-0002-7000-8000-000000000002")
)

func newKernel(d *db.DB) *op.Kernel {
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	return k
}

func agent(roles policy.Role) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: partner, Org: policy.DirectBill, Roles: roles,
		User: "u1", UserName: "ada@nord.example", Channel: op.ViaREST,
	}
}

func count(t *testing.T, k *op.Kernel, tag string) int64 {
	t.Helper()
	n, err := countTag.Do(t.Context(), k, agent(policy.AdminAgent), tagInput{customer, tag})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

type line struct{ operation, status, userName, customer, data string }

func history(t *testing.T, d *db.DB) (lines []line) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		rows, err := tx.Query(ctx, lastLog)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var l line
			if err := rows.Scan(&l.operation, &l.status, &l.userName, &l.customer, &l.data); err != nil {
				return err
			}
			lines = append(lines, l)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestAnOperationLeavesItsRecordAndItsEvent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		out, err := addTag.Do(t.Context(), k, agent(policy.SalesAgent), tagInput{customer, "gold"})
		if err != nil || out.Tag != "gold" {
			t.Fatalf("got %+v, %v", out, err)
		}
		got := history(t, d)
		want := line{"tag_customer", op.Succeeded, "ada@nord.example", string(customer), ""}
		if len(got) != 1 || got[0] != want {
			t.Fatalf("log %+v, want %+v", got, want)
		}
		var name, tenant, activity string
		err = d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return tx.QueryRow(ctx, events, nil, &name, &tenant, &activity)
		})
		if err != nil || name != "tagged" || tenant != string(partner) || activity == "" {
			t.Fatalf("event %q of %q after activity %q: %v", name, tenant, activity, err)
		}
		select {
		case <-k.Wake():
		default:
			t.Error("the reactors were not woken")
		}
	})
}

func TestARoleThatMayNotIsRefusedWithTheRolesThatMayAndRecorded(t *testing.T) { // RF-10, rule K2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		_, err := addTag.Do(t.Context(), k, agent(policy.HelpdeskAgent), tagInput{customer, "gold"})
		if !errors.Is(err, refusal.RF10) {
			t.Fatalf("got %v, want RF-10", err)
		}
		roles, _ := fault.All(err)[0].Args["Roles"].(fault.Keys)
		if got := strings.Join(roles, " "); got != "role.global_admin role.admin_agent role.sales_agent" {
			t.Errorf("roles that may: %s", got)
		}
		if n := count(t, k, "gold"); n != 0 {
			t.Error("the refused operation changed something")
		}
		got := history(t, d)
		if len(got) != 1 || got[0].operation != "access_refused" || got[0].status != op.Failed || got[0].customer != string(customer) {
			t.Fatalf("log %+v", got)
		}
	})
}

func TestAMistakeInTheInputLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		if _, err := addTag.Do(t.Context(), k, agent(policy.AdminAgent), tagInput{customer, ""}); !errors.Is(err, errNoTag) {
			t.Fatalf("got %v", err)
		}
		if got := history(t, d); len(got) != 0 {
			t.Fatalf("log %+v", got)
		}
	})
}

func TestARepeatedRequestGetsItsFirstResult(t *testing.T) { // clients.md, Requests; quirk Q29
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		a := agent(policy.AdminAgent)
		a.IdempotencyKey = "2f0c7c9e-4b8f-4a33-9a3e-1f2d3c4b5a69"
		first, err := addTag.Do(t.Context(), k, a, tagInput{customer, "gold"})
		if err != nil {
			t.Fatal(err)
		}
		k.Clock.Advance(time.Minute)
		again, err := addTag.Do(t.Context(), k, a, tagInput{customer, "gold"})
		if err != nil || again != first {
			t.Fatalf("again %+v, %v; want %+v", again, err, first)
		}
		if n := count(t, k, "gold"); n != 1 {
			t.Fatalf("done %d times", n)
		}
		other := a
		other.Tenant = customer
		for name, call := range map[string]func() (tagged, error){
			"another input": func() (tagged, error) { return addTag.Do(t.Context(), k, a, tagInput{customer, "silver"}) },
			"another actor": func() (tagged, error) { return addTag.Do(t.Context(), k, other, tagInput{customer, "gold"}) },
		} {
			if out, err := call(); err != nil || out.ID == first.ID {
				t.Errorf("%s got the first result: %+v, %v", name, out, err)
			}
		}
	})
}

func TestConcurrentRepeatsAreDoneOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		a := agent(policy.AdminAgent)
		a.IdempotencyKey = "2f0c7c9e-4b8f-4a33-9a3e-1f2d3c4b5a69"
		results := make(chan tagged, 8)
		for range cap(results) {
			go func() {
				out, err := addTag.Do(t.Context(), k, a, tagInput{customer, "gold"})
				if err != nil {
					t.Error(err)
				}
				results <- out
			}()
		}
		first := <-results
		for range cap(results) - 1 {
			if out := <-results; out != first {
				t.Errorf("two results: %+v and %+v", first, out)
			}
		}
		if n := count(t, k, "gold"); n != 1 {
			t.Errorf("done %d times", n)
		}
	})
}

func TestALinkIsAskedForWhereTheRowWantsOne(t *testing.T) {
	k := newKernel(dbtest.SQLite(t))
	own := op.Actor{Kind: policy.Customer, Tenant: customer, Roles: policy.CustomerAdmin, User: "u2"}
	k.Link = func(_ context.Context, _ *db.Tx, a op.Actor, c id.Tenant) (policy.Link, error) {
		if a.Tenant == c {
			return policy.LinkOwn, nil
		}
		return 0, nil
	}
	if _, err := ownProfile.Do(t.Context(), k, own, tagInput{Customer: customer}); err != nil {
		t.Errorf("the customer's admin: %v", err)
	}
	if _, err := ownProfile.Do(t.Context(), k, own, tagInput{Customer: partner}); !errors.Is(err, refusal.NotFound) {
		t.Errorf("another customer: %v, want not found", err)
	}
}

func TestTheOperatorsChangeToTheMatrixTakesEffect(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, db.SQL(`INSERT INTO settings (name, value, changed_at)
				VALUES ('policy:customer.tag:sales-agent', 'refused', 1)`))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		k := newKernel(d)
		if err := k.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := addTag.Do(t.Context(), k, agent(policy.SalesAgent), tagInput{customer, "x"}); !errors.Is(err, refusal.RF10) {
			t.Fatalf("got %v, want RF-10", err)
		}
	})
}

var scope = op.DefineSetting(op.Setting{Name: "test.scope", Default: "strict", Values: []string{"strict", "loose"}})

func TestASettingIsChangedByTheOperatorAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		operator := op.Actor{Kind: policy.Operator, Tenant: "op", Roles: policy.OperatorAdmin, User: "o"}
		if got := k.Setting(scope); got != "strict" {
			t.Fatalf("default %q", got)
		}
		if err := k.UpdateSetting(t.Context(), operator, op.SetSetting{Name: "test.scope", Value: "loose"}); err != nil {
			t.Fatal(err)
		}
		if got := k.Setting(scope); got != "loose" {
			t.Errorf("after the change %q", got)
		}
		for name, tt := range map[string]struct {
			a    op.Actor
			in   op.SetSetting
			want error
		}{
			"a value it cannot have": {operator, op.SetSetting{Name: "test.scope", Value: "wild"}, op.ErrSettingValue},
			"an unknown setting":     {operator, op.SetSetting{Name: "test.none", Value: "x"}, refusal.NotFound},
			"a partner's admin":      {agent(policy.GlobalAdmin), op.SetSetting{Name: "test.scope", Value: "strict"}, refusal.RF10},
		} {
			if err := k.UpdateSetting(t.Context(), tt.a, tt.in); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
	})
}
