package activity_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

const (
	nord  = id.Tenant("0b5e2f6e-0001-7000-8000-000000000001")
	other = id.Tenant("0b5e2f6e-0001-7000-8000-000000000009")
	ada   = id.User("0b5e2f6e-0002-7000-8000-000000000002")
)

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func kernel(d *db.DB) *op.Kernel {
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Sandbox = clock.Fixed(start), clock.Fixed(start), true
	return k
}

func agent(tenant id.Tenant) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: tenant, Org: policy.DirectBill, Roles: policy.AdminAgent,
		User: ada, UserName: "ada@nord.example", Channel: op.ViaREST, RequestID: "r", CorrelationID: "c",
	}
}

func operator() op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "op", User: "o", Roles: policy.OperatorAdmin}
}

// note writes records to the log.
var note = op.Define(op.Spec{Name: "test.note", Action: "job.view", Write: true},
	func(ctx context.Context, u *op.Unit, records []op.Record) (struct{}, error) {
		for _, r := range records {
			if err := u.Record(ctx, r); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})

func write(t *testing.T, k *op.Kernel, a op.Actor, records ...op.Record) {
	t.Helper()
	if _, err := note.Do(t.Context(), k, a, records); err != nil {
		t.Fatal(err)
	}
}

// many returns n records.
func many(n int) []op.Record {
	records := make([]op.Record, n)
	for i := range records {
		records[i] = op.Record{Operation: "add_customer", Resource: "customer", Customer: id.Tenant(fmt.Sprint("customer", i)), New: i}
	}
	return records
}

func verify(t *testing.T, k *op.Kernel, known ...activity.Head) activity.Report {
	t.Helper()
	r, err := activity.Verify(t.Context(), k, operator(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheLogIsSealedEveryMinuteAndVerifies(t *testing.T) { // rule K2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		w := job.NewWorkers(k, 1)
		if r := verify(t, k); r.Head != (activity.Head{}) || r.Broken != nil {
			t.Errorf("an empty log: %+v", r)
		}
		if _, err := w.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		write(t, k, agent(nord), many(2500)...)
		k.Clock.Advance(90 * time.Second)
		write(t, k, agent(nord), many(3)...)
		if _, err := w.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		var seals int
		read(t, d, countSeals, &seals)
		if seals != 3 {
			t.Errorf("%d seals over 2500 records that are older than a minute", seals)
		}
		r := verify(t, k) // seals the rest
		if r.Seals != 4 || r.Records != 2503 || r.Head.Number != 4 || r.Broken != nil {
			t.Errorf("got %+v", r)
		}
		if again := verify(t, k, r.Head); again.Head != r.Head || again.Broken != nil {
			t.Errorf("again %+v, want %+v", again, r)
		}
	})
}

// What is written with a clock that lags behind the seals takes its place after
// them.
func TestARecordOfASlowClockDoesNotBreakTheChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fast, slow := kernel(d), kernel(d)
		fast.Clock.Advance(720 * time.Hour)
		write(t, fast, agent(nord), many(2)...)
		if r := verify(t, fast); r.Records != 2 {
			t.Fatalf("got %+v", r)
		}
		write(t, slow, agent(nord), many(2)...)
		if r := verify(t, slow); r.Records != 4 || r.Broken != nil {
			t.Errorf("got %+v", r)
		}
		page, err := activity.List.Do(t.Context(), slow, agent(nord), activity.Query{})
		if err != nil || len(page.Records) != 4 || page.Records[0].At.Before(fast.Clock.Now()) {
			t.Errorf("the log reads %+v, %v", page, err)
		}
	})
}

func TestSealingWhileOthersWriteMissesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		var writers sync.WaitGroup
		for range 4 {
			writers.Go(func() {
				for range 15 {
					k.Clock.Advance(time.Millisecond)
					if _, err := note.Do(t.Context(), k, agent(nord), many(2)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range 2 {
			writers.Go(func() {
				for range 10 {
					if err := activity.Seal(t.Context(), k); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writers.Wait()
		if r := verify(t, k); r.Records != 4*15*2 || r.Broken != nil {
			t.Errorf("got %+v", r)
		}
	})
}

// The statements of somebody who may write to the database.
var (
	countSeals = db.Scan(`SELECT count(*) FROM activity_seals`, "test")
	nthRecord  = db.Scan(`SELECT id FROM activity WHERE customer_id = $1`, "test")

	changeRecord = db.Scan(`UPDATE activity SET user_name = 'somebody.else' WHERE customer_id = $1`, "test")
	moveRecord   = db.Scan(`UPDATE activity SET at = at + 1 WHERE customer_id = $1`, "test")
	removeRecord = db.Scan(`DELETE FROM activity WHERE customer_id = $1`, "test")
	forgeRecord  = db.Scan(`INSERT INTO activity SELECT '`+id.First(start)+`', tenant_id, customer_id, customer_name, operation, resource,
		status, user_id, user_name, app_id, channel, address, request_id, correlation_id, old_value, new_value, data, at
		FROM activity WHERE customer_id = $1`, "test")
	blurBoundary = db.Scan(`UPDATE activity SET operation = 'add_customerc', resource = 'ustomer' WHERE customer_id = $1`, "test")

	changeSeal  = db.Scan(`UPDATE activity_seals SET sealed_at = sealed_at + 1 WHERE number = $1`, "test")
	shortenSeal = db.Scan(`UPDATE activity_seals SET last_id = (SELECT max(id) FROM activity WHERE id <
		(SELECT last_id FROM activity_seals WHERE number = $1)) WHERE number = $1`, "test")
	blankSeal  = db.Scan(`UPDATE activity_seals SET digests = $2 WHERE number = $1`, "test")
	rehashSeal = db.Scan(`UPDATE activity_seals SET hash = previous WHERE number = $1`, "test")
	removeSeal = db.Scan(`DELETE FROM activity_seals WHERE number = $1`, "test")
	forgeSeal  = db.Scan(`INSERT INTO activity_seals SELECT number + 1, 'f', 0, digests, hash, hash, sealed_at
		FROM activity_seals WHERE number = $1`, "test")
)

func read(t *testing.T, d *db.DB, s *db.Stmt, dest any, args ...any) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.QueryRow(ctx, s, args, dest) })
	if err != nil {
		t.Fatal(err)
	}
}

func tamper(t *testing.T, d *db.DB, s *db.Stmt, args ...any) {
	t.Helper()
	err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, s, args...)
		if err == nil && n != 1 {
			return fmt.Errorf("%d rows changed", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTamperingIsFound(t *testing.T) { // rule K2
	tests := map[string]struct {
		with *db.Stmt
		args []any
		want activity.Break // Record is the customer of the record
	}{
		"a record is changed":              {changeRecord, []any{"customer35"}, activity.Break{activity.RecordChanged, 2, "customer35"}},
		"the first record is changed":      {changeRecord, []any{"customer0"}, activity.Break{activity.RecordChanged, 1, "customer0"}},
		"the time of a record is changed":  {moveRecord, []any{"customer59"}, activity.Break{activity.RecordChanged, 3, "customer59"}},
		"text moves between two fields":    {blurBoundary, []any{"customer19"}, activity.Break{activity.RecordChanged, 1, "customer19"}},
		"a record is removed":              {removeRecord, []any{"customer35"}, activity.Break{activity.RecordRemoved, 2, "customer34"}},
		"the first record is removed":      {removeRecord, []any{"customer0"}, activity.Break{activity.RecordRemoved, 1, ""}},
		"the last of a seal is removed":    {removeRecord, []any{"customer19"}, activity.Break{activity.RecordRemoved, 1, "customer18"}},
		"a record is inserted":             {forgeRecord, []any{"customer7"}, activity.Break{activity.RecordInserted, 1, id.First(start)}},
		"the time of a seal is changed":    {changeSeal, []any{2}, activity.Break{Fault: activity.SealChanged, Seal: 2}},
		"the range of a seal is changed":   {shortenSeal, []any{2}, activity.Break{Fault: activity.SealChanged, Seal: 2}},
		"the digests of a seal are erased": {blankSeal, []any{2, []byte{}}, activity.Break{Fault: activity.SealChanged, Seal: 2}},
		"the hash of a seal is changed":    {rehashSeal, []any{1}, activity.Break{Fault: activity.SealChanged, Seal: 1}},
		"the first seal is removed":        {removeSeal, []any{1}, activity.Break{Fault: activity.SealRemoved, Seal: 1}},
		"a seal is removed":                {removeSeal, []any{2}, activity.Break{Fault: activity.SealRemoved, Seal: 2}},
		"the last seal is removed":         {removeSeal, []any{3}, activity.Break{Fault: activity.SealRemoved, Seal: 3}},
		"a seal is added":                  {forgeSeal, []any{3}, activity.Break{Fault: activity.SealInserted, Seal: 4}},
		"the first of a seal is removed":   {removeRecord, []any{"customer20"}, activity.Break{activity.RecordRemoved, 2, "customer19"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				k := kernel(d)
				for i := range 3 { // three seals, of 20 records each
					write(t, k, agent(nord), many(60)[20*i:20*i+20]...)
					if r := verify(t, k); r.Broken != nil || r.Seals != int64(i+1) {
						t.Fatalf("untouched: %+v", r)
					}
					k.Clock.Advance(time.Hour)
				}
				want := tt.want
				if strings.HasPrefix(want.Record, "customer") {
					read(t, d, nthRecord, &want.Record, want.Record)
				}
				tamper(t, d, tt.with, tt.args...)
				if r := verify(t, k); r.Broken == nil || *r.Broken != want {
					t.Errorf("found %v, want %v", r.Broken, want)
				}
			})
		})
	}
}

func TestSealingStopsWhenTheHeadIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		write(t, k, agent(nord), many(3)...)
		verify(t, k)
		tamper(t, d, removeSeal, 1)
		if err := activity.Seal(t.Context(), k); !errors.Is(err, activity.ErrHead) {
			t.Errorf("sealed over the traces: %v", err)
		}
	})
}

func TestAHeadKeptElsewhereFindsAChainMadeAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		write(t, k, agent(nord), many(3)...)
		kept := verify(t, k).Head
		tamper(t, d, changeRecord, "customer1")
		tamper(t, d, removeSeal, 1)
		tamper(t, d, db.Scan(`DELETE FROM settings WHERE name = 'activity.head'`, "test"))
		if r := verify(t, k); r.Broken != nil || r.Records != 3 {
			t.Fatalf("made anew: %+v", r)
		}
		parsed, err := activity.ParseHead(kept.String())
		if err != nil || parsed != kept {
			t.Fatalf("parsed %v, %v", parsed, err)
		}
		if r := verify(t, k, parsed); r.Broken == nil || r.Broken.Fault != activity.SealChanged {
			t.Errorf("with a head kept elsewhere: %+v", r)
		}
		if r := verify(t, k, activity.Head{Number: 9, Hash: kept.Hash}); r.Broken == nil || r.Broken.Fault != activity.SealRemoved {
			t.Errorf("with a head beyond the end: %+v", r)
		}
	})
	for _, bad := range []string{"", "1", "x:00", "0:" + strings.Repeat("0", 64), "1:abc"} {
		if h, err := activity.ParseHead(bad); err == nil {
			t.Errorf("%q was read as %v", bad, h)
		}
	}
}

func TestOnlyTheOperatorVerifies(t *testing.T) {
	k := kernel(dbtest.SQLite(t))
	if _, err := activity.Verify(t.Context(), k, agent(nord)); !errors.Is(err, refusal.RF10) {
		t.Errorf("a partner's agent: %v", err)
	}
}
