package crashtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// batchWork is the environment variable that makes this test program one that does
// the jobs of a database.
const batchWork = "COMPTOIR_CRASH_BATCH"

// shift is a program that does jobs. Before how many others were killed: the leases
// of those are over for it.
type shift struct {
	Database string
	Before   int
}

// workShift does what is due, and says so after each step of a job.
func workShift(text string) error {
	var s shift
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	ctx := context.Background()
	k, err := openKernel(ctx, s.Database)
	if err != nil {
		return err
	}
	k.Wall.SetOffset(time.Duration(s.Before) * time.Hour)
	k.Observe(func(o op.Observation) {
		if o.Action == "job.step" {
			fmt.Println(o.Outcome)
		}
	})
	if _, err := job.NewWorkers(k, 2).RunDue(ctx); err != nil {
		return errors.Join(err, k.DB.Close())
	}
	return k.DB.Close()
}

// assignments is how many the batch makes, in steps of fifty.
const assignments = 1000

// A batch of assignments whose program is killed at any moment goes on where it was,
// and makes each assignment once: with its record, its event and its outcome.
func TestABatchOfAssignmentsSurvivesKills(t *testing.T) {
	database := filepath.Join(t.TempDir(), "comptoir.db")
	batch, ada := planAssignments(t, database)
	kills := max(2, rounds(60)/5)
	for n := 0; ; n++ {
		if n > kills+20 {
			t.Fatal("the batch does not come to its end")
		}
		if killed := runShift(t, shift{database, n}, n < kills); killed {
			checkBatch(t, database, ada, batch)
			continue
		}
		b := checkBatch(t, database, ada, batch)
		if b.Stage != gdapbulk.Done || b.Made != assignments {
			t.Fatalf("after %d kills: %+v", n, b)
		}
		return
	}
}

// runShift runs a program that does jobs and, where it is to be killed, kills it
// after a few steps. It reports whether it was.
func runShift(t *testing.T, s shift, kill bool) (killed bool) {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), batchWork+"="+string(text))
	mishaps := new(bytes.Buffer)
	cmd.Stderr = mishaps
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for left := rand.N(4); lines.Scan(); left-- {
		if kill && left == 0 {
			// A moment later, wherever the next step is by then.
			time.AfterFunc(rand.N(20*time.Millisecond), func() { _ = cmd.Process.Kill() }) // it may have ended
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if err != nil && (!kill || !errors.As(err, &exit) || exit.Exited()) {
		t.Fatalf("the program ended by itself: %v\n%s", err, mishaps)
	}
	return err != nil
}

// planAssignments fills a database with relationships and starts a batch that gives
// their roles to a group. It returns the batch and whose it is.
func planAssignments(t *testing.T, database string) (string, op.Actor) {
	t.Helper()
	ctx := t.Context()
	k, err := openKernel(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	defer k.DB.Close()
	partner, err := enrol(ctx, k)
	if err != nil {
		t.Fatal(err)
	}
	boss := op.Actor{Kind: policy.Partner, Tenant: partner, Org: policy.DirectBill, Roles: policy.GlobalAdmin, User: id.User(partner), Channel: op.ViaPortal}
	person, err := identity.AddUser.Do(ctx, k, boss, identity.NewUser{Name: "ada@nordmolnet.example", DisplayName: "Ada", Roles: policy.AdminAgent})
	if err != nil {
		t.Fatal(err)
	}
	ada := boss
	ada.User, ada.UserName, ada.Roles = person.User.ID, person.User.Name, policy.AdminAgent
	added, err := customer.Add.Do(ctx, k, ada, newCustomer(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	group, err := identity.AddGroup.Do(ctx, k, boss, identity.NewGroup{Name: "Tekniker"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fillRelationships.Do(ctx, k, ada, added.Customer.ID); err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	file.WriteString("relationship,group\n")
	for n := range assignments {
		fmt.Fprintf(&file, "Drift %d,%s\n", n, group.ID)
	}
	order, err := gdapbulk.Read(gdapbulk.Assigning, "groups.csv", strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	b, err := gdapbulk.Plan[gdapbulk.Assigning].Do(ctx, k, ada, order)
	if err != nil {
		t.Fatal(err)
	}
	if b.Ready() != assignments {
		t.Fatalf("%d of %d rows are ready", b.Ready(), assignments)
	}
	if _, err := gdapbulk.Start[gdapbulk.Assigning].Do(ctx, k, ada, b.ID); err != nil {
		t.Fatal(err)
	}
	return b.ID, ada
}

// fillRelationships makes active relationships of the actor with a customer, in one
// unit of work.
var fillRelationships = op.Define(op.Spec{Name: "crashtest.relationships", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, customer id.Tenant) (struct{}, error) {
		agent := u.Actor
		for n := range assignments {
			r, err := gdap.Create.Within(ctx, u, gdap.New{Name: fmt.Sprint("Drift ", n), Duration: "P90D", Customer: customer, Roles: []gdap.RoleID{gdap.GlobalReader}})
			if err != nil {
				return struct{}{}, err
			}
			if _, err := gdap.LockForApproval.Within(ctx, u, gdap.Ref{Relationship: r.ID}); err != nil {
				return struct{}{}, err
			}
			u.Actor = op.Actor{Kind: policy.Customer, Tenant: customer, Roles: policy.CustomerAdmin, User: id.User(customer), MFA: true}
			_, err = gdap.OwnApprove.Within(ctx, u, gdap.Decision{Relationship: r.ID})
			if u.Actor = agent; err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})

// batchInvariants are questions to which the right answer is no row.
var batchInvariants = map[string]*db.Stmt{
	"a batch that counts its rows wrong": db.Scan(`SELECT id FROM gdap_batches b WHERE made <>
		(SELECT COUNT(*) FROM gdap_batch_rows r WHERE r.partner_id = b.partner_id AND r.batch_id = b.id AND r.outcome = 'made')`, "test"),
	"a row that was made and has no assignment": db.Scan(`SELECT name FROM gdap_batch_rows r WHERE outcome = 'made'
		AND 1 <> (SELECT COUNT(*) FROM gdap_assignments a WHERE a.relationship_id = r.relationship_id AND a.group_id = r.group_id)`, "test"),
	"an assignment of a row that is not made": db.Scan(`SELECT a.id FROM gdap_assignments a
		WHERE NOT EXISTS (SELECT 1 FROM gdap_batch_rows r WHERE r.relationship_id = a.relationship_id AND r.outcome = 'made')`, "test"),
	"an assignment that is not recorded once": db.Scan(`SELECT n FROM (SELECT COUNT(*) AS n FROM activity WHERE operation = 'granular_admin_access_assignment_created') a
		WHERE n <> (SELECT COUNT(*) FROM gdap_assignments)`, "test"),
	"an assignment that is not told once": db.Scan(`SELECT n FROM (SELECT COUNT(*) AS n FROM events WHERE name = 'granular-admin-access-assignment-created') e
		WHERE n <> (SELECT COUNT(*) FROM gdap_assignments)`, "test"),
	"an assignment that nobody makes active": db.Scan(`SELECT id FROM gdap_assignments a WHERE status = 'pending' AND NOT EXISTS
		(SELECT 1 FROM jobs WHERE kind = 'gdap.activate' AND state IN ('queued', 'running'))`, "test"),
}

// checkBatch looks at what a shift has left and returns the batch as it is.
func checkBatch(t *testing.T, database string, a op.Actor, batch string) gdapbulk.Batch {
	t.Helper()
	k, err := openKernel(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer k.DB.Close()
	err = k.DB.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for what, s := range batchInvariants {
			found, err := db.All(ctx, tx, s, nil, func(row db.Row) (text string, err error) { return text, row.Scan(&text) })
			if err != nil {
				return err
			}
			if len(found) > 0 {
				t.Errorf("%s: %d, as %s", what, len(found), found[0])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := gdapbulk.Show.Do(t.Context(), k, a, batch)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
