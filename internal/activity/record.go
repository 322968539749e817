// Package activity keeps and reads the one history: who did what to whom. Op
// writes it, a record beside each change; this package seals what was written
// into a chain of hashes, checks the chain, and lists and exports the log.
package activity

import (
	"encoding/json"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Record is one line of the log (rules K1 to K3).
type Record struct {
	ID           string
	Tenant       id.Tenant // in whose log it stands
	Customer     id.Tenant // empty when it concerns none
	CustomerName string    // at that time
	Operation    string    // "add_customer"
	Resource     string    // "customer"
	Status       string    // op.Succeeded, op.Failed or op.Progress

	User     id.User
	UserName string
	App      id.App
	Channel  string // one of the op.Via constants
	Address  string

	RequestID, CorrelationID string

	Old, New string            // the resource before and after, as JSON; empty for none
	Data     map[string]string // nil for none
	At       time.Time
}

const columns = `id, tenant_id, customer_id, customer_name, operation, resource, status, user_id, user_name, app_id,
	channel, address, request_id, correlation_id, old_value, new_value, data, at`

func scan(row db.Row) (Record, error) {
	var r Record
	var data string
	var at int64
	err := row.Scan(&r.ID, &r.Tenant, &r.Customer, &r.CustomerName, &r.Operation, &r.Resource, &r.Status, &r.User, &r.UserName, &r.App,
		&r.Channel, &r.Address, &r.RequestID, &r.CorrelationID, &r.Old, &r.New, &data, &at)
	if err != nil {
		return r, err
	}
	r.At = db.Time(at)
	if data != "" {
		if err := json.Unmarshal([]byte(data), &r.Data); err != nil {
			return r, fmt.Errorf("activity %s: data: %w", r.ID, err)
		}
	}
	return r, nil
}

// exposeLocal lets REST clients see operations that the contract does not name.
var exposeLocal = op.DefineSetting(op.Setting{
	Name: "audit.exposeLocalOperations", Default: "false", Values: []string{"false", "true"}, Rule: "K4", Mark: "O",
	Effect: "setting.audit.expose_local",
})

// Contract reports whether the wire contract names the operation. Strict clients
// fail on others (rule K4).
func Contract(operation string) bool { return contract[operation] }
