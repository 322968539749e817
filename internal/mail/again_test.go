package mail_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/job"
	letters "comptoir/internal/mail"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// deliveries are the jobs that deliver mail, in a state.
func (o *office) deliveries(s job.State) (ids []string) {
	o.t.Helper()
	all, err := job.Inspect.Do(o.t.Context(), o.Kernel, operator(policy.OperatorAdmin), job.Inspection{State: s})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, j := range all {
		if j.Kind == "mail.deliver" {
			ids = append(ids, j.ID)
		}
	}
	return ids
}

// A mail whose delivery will not come any more does not wait for ever: it failed,
// and says why.
func TestAMailWhoseDeliveryDiedHasFailed(t *testing.T) {
	for name, c := range map[string]struct {
		deliver func(context.Context, op.Letter) error
		happens func(o *office)
		reason  letters.Reason
		detail  string
	}{
		"the operator stopped it": {
			func(context.Context, op.Letter) error { return errDown },
			func(o *office) {
				for _, delivery := range o.deliveries(job.Queued) {
					if _, err := job.Stop.Do(o.t.Context(), o.Kernel, operator(policy.OperatorAdmin), delivery); err != nil {
						o.t.Fatal(err)
					}
				}
			}, letters.Stopped, "",
		},
		"the program broke at every try": {
			func(context.Context, op.Letter) error { panic("a fault of the program") },
			func(o *office) {
				for range letters.Tries {
					o.later(4 * time.Hour)
					o.runDue()
				}
			}, letters.Died, "panic: a fault of the program",
		},
		"the job is gone": {
			func(context.Context, op.Letter) error { return errDown },
			func(o *office) {
				if _, err := clearJobs.Do(o.t.Context(), o.Kernel, agent(), struct{}{}); err != nil {
					o.t.Fatal(err)
				}
			}, letters.Lost, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				o := open(t, d, c.deliver)
				mail := o.send(maja, decided)
				o.runDue()
				c.happens(o)
				o.later(time.Minute)
				o.runDue()
				m := o.get(mail)
				if m.State != letters.Failed || m.Reason != c.reason || m.Error != c.detail || o.total(letters.Waiting) != 0 || o.total(letters.Failed) != 1 {
					t.Fatalf("%+v", m)
				}
				o.Post.Deliver = func(context.Context, op.Letter) error { return nil }
				if _, err := letters.Resend.Do(t.Context(), o.Kernel, operator(policy.OperatorAdmin), mail); err != nil {
					t.Fatal(err)
				}
				o.later(time.Minute)
				o.runDue()
				if m := o.get(mail); m.State != letters.Sent || m.Reason != "" || o.total(letters.Sent) != 1 {
					t.Errorf("sent again: %+v", m)
				}
			})
		})
	}
}

var dropDeliveries = db.SQL(`DELETE FROM jobs WHERE kind = 'mail.deliver' AND dedup_key <> ''`)

var clearJobs = op.Define(op.Spec{Name: "test.clear", Action: "job.view", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (int64, error) { return u.Exec(ctx, dropDeliveries) })

// A delivery that waits for its next try is no fault.
func TestAMailThatIsTriedAgainGoesOnWaiting(t *testing.T) {
	o := open(t, dbtest.SQLite(t), func(context.Context, op.Letter) error { return errDown })
	mail := o.send(maja, decided)
	for range 20 {
		o.runDue()
		o.later(time.Minute)
	}
	if m := o.get(mail); m.State != letters.Waiting || m.Reason != letters.Other || m.Tries < 4 {
		t.Errorf("%+v", m)
	}
}

// After the operator has mended the way to the server, everything that failed is
// sent with one command, which stands in the log.
func TestTheOperatorSendsAllAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		broken := true
		o := open(t, d, func(_ context.Context, l op.Letter) error {
			if broken || l.Subject == "nr 3" {
				return &letters.Failure{Reason: letters.ContentRefused, Final: true, Detail: "no"}
			}
			return nil
		})
		var all []string
		for i := range 7 {
			all = append(all, o.send(maja, letters.Content{Subject: fmt.Sprint("nr ", i)}))
		}
		o.runDue()
		if n := o.total(letters.Failed); n != 7 {
			t.Fatalf("%d failed", n)
		}
		broken = false
		n, err := letters.ResendFailed.Do(t.Context(), o.Kernel, operator(policy.OperatorSupport), struct{}{})
		if err != nil || n != 7 {
			t.Fatalf("%d sent again: %v", n, err)
		}
		later := o.send(maja, letters.Content{Subject: "nr 3"}) // fails after the command
		o.later(time.Second)
		o.runDue()
		for i, mail := range all {
			want := letters.Sent
			if i == 3 {
				want = letters.Failed
			}
			if m := o.get(mail); m.State != want {
				t.Errorf("%s is %s", m.Subject, m.State)
			}
		}
		if o.total(letters.Failed) != 2 || o.total(letters.Sent) != 6 || o.total(letters.Waiting) != 0 || o.get(later).State != letters.Failed {
			t.Error("the counters do not follow")
		}
		if got := o.recorded(); !slices.Contains(got, "resend_mail") {
			t.Errorf("log %v", got)
		}
		if _, err := letters.ResendFailed.Do(t.Context(), o.Kernel, operator(policy.OperatorReviewer), struct{}{}); err == nil {
			t.Error("a reviewer sends mail again")
		}
	})
}

var recordedOperations = db.Scan(`SELECT operation FROM activity ORDER BY id`, "test")

// recorded are the operations of the activity log.
func (o *office) recorded() (all []string) {
	o.t.Helper()
	err := o.DB.Read(o.t.Context(), func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, recordedOperations)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			all = append(all, name)
		}
		return rows.Err()
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		o.t.Fatal(err)
	}
	return all
}

// Mail programs offer to switch off what can be switched off, and nothing else.
func TestOnlyWhatCanBeSwitchedOffSaysHow(t *testing.T) {
	folder := t.TempDir()
	o := open(t, dbtest.SQLite(t), letters.Folder(folder).Deliver)
	settings := letters.Link{Label: "Inställningar", Path: "/notifications/preferences"}
	for _, c := range []struct {
		optional bool
		want     string
	}{{true, "<https://partners.example/notifications/preferences>"}, {false, ""}} {
		mail := o.send(maja, letters.Content{Subject: "Hej", Settings: settings, Optional: c.optional})
		o.runDue()
		raw, err := os.ReadFile(filepath.Join(folder, mail+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		if got := parse(t, raw).Get("List-Unsubscribe"); got != c.want {
			t.Errorf("optional %v: %q", c.optional, got)
		}
	}
}
