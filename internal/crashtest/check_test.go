package crashtest

import (
	"context"
	"strings"
	"testing"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/db"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// invariants are questions to which the right answer is no row.
var invariants = map[string]*db.Stmt{
	"a relation with a customer that does not exist": db.Scan(`SELECT domain FROM customers c
		WHERE NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = c.customer_id AND t.kind = 'customer')`, "test"),
	"a customer without a relation": db.Scan(`SELECT default_domain FROM tenants t
		WHERE kind = 'customer' AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.customer_id = t.id)`, "test"),
	"an organization without its domain": db.Scan(`SELECT id FROM tenants t
		WHERE NOT EXISTS (SELECT 1 FROM domains d WHERE d.tenant_id = t.id AND d.name = t.default_domain)`, "test"),
	"a domain of nobody": db.Scan(`SELECT name FROM domains d
		WHERE NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = d.tenant_id)`, "test"),
	"a user of nobody": db.Scan(`SELECT name FROM users u
		WHERE NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = u.tenant_id)`, "test"),
	"an organization that counts its users wrong": db.Scan(`SELECT id FROM tenants t
		WHERE user_count <> (SELECT count(*) FROM users u WHERE u.tenant_id = t.id AND u.deleted_at = 0)`, "test"),
	"a customer without an administrator": db.Scan(`SELECT domain FROM customers c
		WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.tenant_id = c.customer_id)`, "test"),
	"a customer whose account nobody verifies": db.Scan(`SELECT domain FROM customers c
		WHERE NOT EXISTS (SELECT 1 FROM verification_cases v WHERE v.partner_id = c.partner_id AND v.customer_id = c.customer_id)`, "test"),
	"a case without a customer": db.Scan(`SELECT id FROM verification_cases v
		WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.partner_id = v.partner_id AND c.customer_id = v.customer_id)`, "test"),
	"a customer without delegated administration": db.Scan(`SELECT domain FROM customers c
		WHERE NOT EXISTS (SELECT 1 FROM gdap_relationships g WHERE g.partner_id = c.partner_id AND g.customer_id = c.customer_id)`, "test"),
	"delegated administration of nobody": db.Scan(`SELECT id FROM gdap_relationships g
		WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.partner_id = g.partner_id AND c.customer_id = g.customer_id)`, "test"),
	"a customer that no search finds": db.Scan(`SELECT domain FROM customers c
		WHERE NOT EXISTS (SELECT 1 FROM customer_terms w WHERE w.partner_id = c.partner_id AND w.number = c.number)`, "test"),
	"a word that finds nobody": db.Scan(`SELECT term FROM customer_terms w
		WHERE NOT EXISTS (SELECT 1 FROM customers c WHERE c.partner_id = w.partner_id AND c.number = w.number)`, "test"),
	"a customer that was not added once": db.Scan(`SELECT domain FROM customers c
		WHERE 1 <> (SELECT count(*) FROM activity a WHERE a.customer_id = c.customer_id AND a.operation = 'add_customer')`, "test"),
	"a record of a customer that does not exist": db.Scan(`SELECT id FROM activity a
		WHERE customer_id <> '' AND NOT EXISTS (SELECT 1 FROM customers c WHERE c.customer_id = a.customer_id)`, "test"),
	"an event without its record": db.Scan(`SELECT name FROM events e
		WHERE activity_id <> '' AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.id = e.activity_id)`, "test"),
	"two customers with one domain": db.Scan(`SELECT domain FROM customers GROUP BY domain HAVING count(*) > 1`, "test"),
	"a wrong number of customers": db.Scan(`SELECT 'customers.all' FROM (SELECT count(*) AS n FROM customers) c
		WHERE n <> coalesce((SELECT sum(value) FROM counters WHERE name = 'customers.all'), 0)`, "test"),
	"a wrong number by kind": db.Scan(`SELECT kind FROM customers c GROUP BY partner_id, kind
		HAVING count(*) <> coalesce((SELECT value FROM counters WHERE owner = c.partner_id AND name = 'customers.kind.' || c.kind), 0)`, "test"),
	"a wrong number by status": db.Scan(`SELECT status FROM customers c GROUP BY partner_id, status
		HAVING count(*) <> coalesce((SELECT value FROM counters WHERE owner = c.partner_id AND name = 'customers.status.' || c.status), 0)`, "test"),
	"a wrong number by country": db.Scan(`SELECT country FROM customers c GROUP BY partner_id, country
		HAVING count(*) <> coalesce((SELECT value FROM counters WHERE owner = c.partner_id AND name = 'customers.country.' || c.country), 0)`, "test"),
	"a job that is neither waiting nor done": db.Scan(`SELECT id FROM jobs WHERE state NOT IN ('queued', 'running', 'succeeded')`, "test"),
	"more or fewer effects than jobs that were done": db.Scan(`SELECT state FROM (SELECT 'done' AS state, count(*) AS n FROM jobs
		WHERE kind = 'crashtest.bake' AND state = 'succeeded') j
		WHERE n <> coalesce((SELECT sum(value) FROM counters WHERE name = 'crashtest.done'), 0)`, "test"),
}

var (
	allCustomers = db.Scan(`SELECT domain, customer_id, name FROM customers`, "test")
	allBakes     = db.Scan(`SELECT count(*) FROM jobs WHERE kind = 'crashtest.bake'`, "test")
	undone       = db.Scan(`SELECT count(*) FROM jobs WHERE kind = 'crashtest.bake' AND state <> 'succeeded'`, "test")
)

// check opens the database as the next program would and looks at everything
// that must hold at any time.
func (h *history) check(t *testing.T) {
	t.Helper()
	k, err := openKernel(t.Context(), h.Database)
	if err != nil {
		t.Fatalf("the database cannot be opened: %v", err)
	}
	defer h.closed(t, k)
	err = k.DB.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for what, question := range invariants {
			var example string
			found, err := tx.Found(ctx, question, nil, &example)
			if err != nil {
				return err
			}
			if found {
				t.Errorf("there is %s: %s", what, example)
			}
		}
		n, err := h.checkCustomers(ctx, t, tx)
		if err == nil && (n < len(h.customers) || n > len(h.customers)+lanes) {
			t.Errorf("%d customers are there, %d were acknowledged", n, len(h.customers))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := activity.Verify(t.Context(), k, op.System("", 0, op.ViaCLI)); err != nil || r.Broken != nil {
		t.Errorf("the activity log: %v, %v", r.Broken, err)
	}
}

func (h *history) closed(t *testing.T, k *op.Kernel) {
	t.Helper()
	if err := k.DB.Close(); err != nil {
		t.Error(err)
	}
}

// checkCustomers looks for every customer and every name that was acknowledged,
// and returns how many customers there are.
func (h *history) checkCustomers(ctx context.Context, t *testing.T, tx *db.Tx) (n int, err error) {
	t.Helper()
	rows, err := tx.Query(ctx, allCustomers)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	found := make(map[string]position)
	names := make(map[string]string)
	for rows.Next() {
		var domain, name string
		var at position
		if err := rows.Scan(&domain, &at.Customer, &name); err != nil {
			return 0, err
		}
		domain, _, _ = strings.Cut(domain, ".") // the prefix that was asked for
		found[domain], names[string(at.Customer)] = at, name
	}
	for domain, customer := range h.customers {
		if found[domain].Customer != customer {
			t.Errorf("%s was acknowledged as %s and is %q", domain, customer, found[domain].Customer)
		}
	}
	for customer, name := range h.names {
		if got := names[string(customer)]; got != name {
			t.Errorf("the name %q was acknowledged, and it is %q", name, got)
		}
	}
	return len(found), rows.Err()
}

// checkAll looks at what must hold when nothing is in doubt, and lets all jobs
// be done.
func (h *history) checkAll(t *testing.T) {
	t.Helper()
	k, err := openKernel(t.Context(), h.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer h.closed(t, k)
	k.Wall.SetOffset(2 * time.Minute) // the leases of the killed have ended
	k.Clock.SetOffset(24 * time.Hour)
	if _, err := job.NewWorkers(k, 1).RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	var customers, bakes, left int
	err = k.DB.Read(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		if customers, err = h.checkCustomers(ctx, t, tx); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, allBakes, nil, &bakes); err != nil {
			return err
		}
		return tx.QueryRow(ctx, undone, nil, &left)
	})
	if err != nil {
		t.Fatal(err)
	}
	if customers != len(h.customers) || bakes != h.orders || left != 0 {
		t.Errorf("%d customers and %d jobs are there, of which %d are not done; acknowledged were %d and %d",
			customers, bakes, left, len(h.customers), h.orders)
	}
}
