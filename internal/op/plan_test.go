package op_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// stamp is the next number of a customer, which a plan reads and its change
// writes.
type stamp struct {
	tagInput
	plans   *int
	between func() // happens after the first plan
}

var giveNumber = op.DefinePlanned(op.Spec{Name: "test.number", Action: "customer.tag"},
	func(ctx context.Context, u *op.Unit, in stamp) (op.Change[string], error) {
		if in.Tag == "" {
			return nil, errNoTag.On("tag")
		}
		seen, err := u.Counted(ctx, u.Actor.Tenant, in.Tag)
		if *in.plans++; *in.plans == 1 {
			in.between()
		}
		return func(ctx context.Context, u *op.Unit) (string, error) {
			now, err := u.Counted(ctx, u.Actor.Tenant, in.Tag)
			if err == nil && now != seen {
				err = op.ErrOvertaken
			}
			if err != nil {
				return "", err
			}
			return strconv.FormatInt(seen+1, 10), u.Count(ctx, u.Actor.Tenant, in.Tag, 1)
		}, err
	})

func TestAPlanIsMadeAnewWhenAnotherChangeWasFaster(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		plans := 0
		in := stamp{tagInput: tagInput{customer, "gold"}, plans: &plans, between: func() {
			if d.Engine() != db.SQLite { // where two transactions cross, PostgreSQL itself has one begin anew
				return
			}
			if _, err := addTag.Do(t.Context(), k, agent(policy.AdminAgent), tagInput{customer, "gold"}); err != nil {
				t.Error(err)
			}
		}}
		want, planned := "1", 1
		if d.Engine() == db.SQLite {
			want, planned = "2", 2
		}
		got, err := giveNumber.Do(t.Context(), k, agent(policy.AdminAgent), in)
		if err != nil || got != want || plans != planned {
			t.Errorf("the number is %s after %d plans, want %s after %d: %v", got, plans, want, planned, err)
		}
	})
}

func TestAPlanIsRefusedAndRepeatedAsAnyOperation(t *testing.T) { // MS-RequestId
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newKernel(d)
		plans := 0
		in := stamp{tagInput: tagInput{customer, ""}, plans: &plans, between: func() {}}
		if _, err := giveNumber.Do(t.Context(), k, agent(policy.AdminAgent), in); !errors.Is(err, errNoTag) {
			t.Errorf("without a tag: %v", err)
		}
		if _, err := giveNumber.Do(t.Context(), k, agent(policy.HelpdeskAgent), in); err == nil || errors.Is(err, errNoTag) {
			t.Errorf("a helpdesk agent is told %v", err)
		}
		if plans != 0 {
			t.Errorf("%d plans were made for what was refused", plans)
		}
		in.Tag = "gold"
		again := agent(policy.AdminAgent)
		again.IdempotencyKey = "8d9f"
		for range 2 {
			if got, err := giveNumber.Do(t.Context(), k, again, in); err != nil || got != "1" {
				t.Errorf("got %s, %v", got, err)
			}
		}
	})
}
