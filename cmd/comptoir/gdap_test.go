package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"comptoir/internal/app"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// A sandbox has the customer's answer typed (design: the operator's command line).
func TestTheCustomersAnswerIsTyped(t *testing.T) {
	database := filepath.Join(t.TempDir(), "comptoir.db")
	type typed struct {
		code     int
		out, err string
	}
	comptoir := func(args ...string) typed {
		var out, err bytes.Buffer
		code := run(t.Context(), append(args, "--db", database), output{&out, &err})
		return typed{code, out.String(), err.String()}
	}
	made := comptoir("demo", "--json")
	var world struct {
		Partners []struct {
			Key, TenantID string
		}
		Customers []struct{ Partner, TenantID string }
	}
	if err := json.Unmarshal([]byte(made.out), &world); err != nil {
		t.Fatalf("%v in %s %s", err, made.out, made.err)
	}
	partner := op.System(id.Tenant(world.Partners[0].TenantID), policy.DirectBill, op.ViaCLI)
	ask := func(name string, customer id.Tenant) string {
		a, err := app.Open(t.Context(), app.Options{Database: database, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		r, err := gdap.Create.Do(t.Context(), a.Kernel, partner, gdap.New{Name: name, Duration: "P90D", Roles: []gdap.RoleID{gdap.GlobalReader}, Customer: customer})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := gdap.LockForApproval.Do(t.Context(), a.Kernel, partner, gdap.Ref{Relationship: r.ID}); err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	customer := id.Tenant(world.Customers[0].TenantID)
	bound, open, no := ask("Drift", customer), ask("Öppen", ""), ask("Nej", customer)
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"gdap", "approve", strings.ToUpper(bound), "--json"}, exitDone, `"status":"active"`},
		{[]string{"gdap", "approve", bound}, exitRefused, "active"},
		{[]string{"gdap", "approve", open}, exitRefused, "code 1000"},
		{[]string{"gdap", "approve", open, "--customer", string(customer)}, exitDone, "active"},
		{[]string{"gdap", "reject", no}, exitDone, "terminated"},
		{[]string{"gdap", "reject", "nothing"}, exitRefused, "code 1000"},
		{[]string{"gdap", "approve"}, exitUsage, ""},
	} {
		if got := comptoir(tt.args...); got.code != tt.code || !strings.Contains(got.out+got.err, tt.says) {
			t.Errorf("%v: %+v", tt.args, got)
		}
	}
}
