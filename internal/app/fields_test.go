package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"comptoir/internal/qualification"

	"comptoir/internal/activity"
	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/verification"
)

// Every exported field of what the API shows reaches the wire with its value, or
// is listed as internal with the reason: whoever adds one decides about it.
func TestEveryFieldReachesTheWireOrIsInternal(t *testing.T) {
	h := theHouse(t)
	about := h.describe(t)
	listed := map[string]bool{}
	for field, value := range about.fields {
		listed[field] = true
		place, known := wireOf[field]
		switch answer, path, _ := strings.Cut(place, " "); {
		case !known:
			t.Errorf("%s is new: say where its value stands on the wire, or why it does not", field)
		case answer == "internal:":
		case value == "":
			t.Errorf("%s is empty in this test, so that nothing is learnt about it", field)
		case !same(about.answers[answer][path], value):
			t.Errorf("%s is %q, %s of %s is %q", field, value, path, answer, about.answers[answer][path])
		}
	}
	for field := range wireOf {
		if !listed[field] {
			t.Errorf("%s is listed and no longer there", field)
		}
	}
}

// same reports whether a value of the wire is that of a field; times differ in
// their last digits.
func same(wire, field string) bool {
	a, err := time.Parse(time.RFC3339Nano, wire)
	b, failed := time.Parse(time.RFC3339Nano, field)
	return wire == field || err == nil && failed == nil && a.Equal(b)
}

// described is one customer with everything about it: the fields of our types by
// their path, and the answers of the API by their JSON path.
type described struct {
	fields  map[string]string
	answers map[string]map[string]string
}

// describe has a provider add a customer that has everything, and reads it in
// both ways.
func (h *house) describe(t *testing.T) described {
	t.Helper()
	provider := h.org("provider")
	a := h.newcomer(t, provider, policy.AdminAgent)
	c := h.addComplete(t, provider)
	h.change(t, a, c)
	d := described{fields: map[string]string{}, answers: map[string]map[string]string{}}
	h.readFields(t, d, provider, c)
	at := "/v1/customers/" + string(c)
	filter := encode(map[string]string{"Field": "CustomerId", "Operator": "equals", "Value": string(c)})
	for name, path := range map[string]string{
		"customer": at, "billing": at + "/profiles/billing", "company": at + "/profiles/company", "status": at + "/validationStatus?type=account",
		"organization": at + "/organization", "qualifications": at + "/qualifications", "agreements": at + "/agreements?agreementType=*",
		"resellers": "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf&filter=" +
			url.QueryEscape(encode(map[string]string{"Field": "Name", "Operator": "starts_with", "Value": "Skånes"})),
		"records": "/v1/auditrecords?filter=" + url.QueryEscape(filter),
	} {
		got := h.ask(t, a, call{method: http.MethodGet, path: path})
		if got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, got.status, got.body)
		}
		var answer any
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
			t.Fatal(err)
		}
		d.answers[name] = map[string]string{}
		flatten(d.answers[name], "", answer)
	}
	d.answers["record"] = recordOf(d.answers["records"], d.fields["Record.Operation"])
	return d
}

// recordOf returns the members of the record of an operation.
func recordOf(records map[string]string, operation string) map[string]string {
	for i := 0; ; i++ {
		prefix := fmt.Sprintf("items[%d].", i)
		if records[prefix+"operationType"] == "" {
			return nil
		}
		if records[prefix+"operationType"] != operation {
			continue
		}
		one := map[string]string{}
		for path, value := range records {
			if member, ok := strings.CutPrefix(path, prefix); ok {
				one[member] = value
			}
		}
		return one
	}
}

// addComplete adds a customer whose every field has a value of its own.
func (h *house) addComplete(t *testing.T, provider *org) id.Tenant {
	t.Helper()
	in := h.newCustomer("")
	in.Reseller = string(h.org("reseller").tenant)
	in.Registration = customer.Registration{ID: "556016-0680"}
	in.Qualification = &qualification.Request{Qualification: qualification.StateOwnedEntity}
	in.Billing.CompanyName = "Handelshuset " + letters(h.made)
	address := &in.Billing.Address
	address.AddressLine2, address.AddressLine3, address.District = "Uppgång C", "Plan 4", "Norra Fäladen"
	address.State, address.Region, address.MiddleName, address.EmailAddress = "Skåne", "Syd", "Karin", "post@"+in.Domain+".example"
	in.Attestation = nil
	added, err := do(h, customer.Add, provider.system(), in)
	if err != nil {
		t.Fatal(err)
	}
	c := added.Customer.ID
	for _, o := range []*org{provider, h.org("reseller")} {
		o.customers, o.knows[c] = append(o.customers, c), true
	}
	h.keepCustomer(added.Customer)
	if err := h.assign(provider, c); err != nil {
		t.Fatal(err)
	}
	return c
}

// change confirms the agreement and gives the customer another name, as a user.
func (h *house) change(t *testing.T, a *actor, c id.Tenant) {
	t.Helper()
	at := "/v1/customers/" + string(c)
	confirmed := h.ask(t, a, call{method: http.MethodPost, path: at + "/agreements", body: agreementBody(h, a, target{})})
	found, err := do(h, customer.GetBilling, a.org.system(), customer.Ref{ID: c})
	if err != nil {
		t.Fatal(err)
	}
	found.Billing.CompanyName += " Nya"
	profile := profileBody(found.Billing)
	address, ok := profile["defaultAddress"].(map[string]any)
	if !ok {
		t.Fatal("a profile has no address")
	}
	b := found.Billing.Address
	for member, value := range map[string]string{
		"addressLine2": b.AddressLine2, "addressLine3": b.AddressLine3, "district": b.District, "region": b.Region,
		"middleName": b.MiddleName, "emailAddress": b.EmailAddress,
	} {
		address[member] = value
	}
	changed := h.ask(t, a, call{method: http.MethodPut, path: at + "/profiles/billing", body: encode(profile)})
	if confirmed.status != http.StatusCreated || changed.status != http.StatusOK {
		t.Fatalf("confirmed: %d %s; changed: %d %s", confirmed.status, confirmed.body, changed.status, changed.body)
	}
}

// readFields reads everything about a customer as our own types.
func (h *house) readFields(t *testing.T, d described, provider *org, c id.Tenant) {
	t.Helper()
	read := func(name string, value any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		collect(d.fields, name, reflect.ValueOf(value))
	}
	found, err := do(h, customer.GetBilling, provider.system(), customer.Ref{ID: c})
	read("Customer", found, err)
	qualified, err := do(h, qualification.List, provider.system(), qualification.Customer{ID: c})
	read("Qualified", first(t, qualified), err)
	past, err := do(h, verification.History, provider.system(), verification.Customer{ID: c})
	read("Case", first(t, past.Cases), err)
	agreements, err := do(h, agreement.List, provider.system(), agreement.Customer{ID: c})
	read("Agreement", first(t, agreements), err)
	page, err := do(h, activity.List, provider.system(), activity.Query{Customer: c, Operation: "update_customer_billing_profile"})
	read("Record", first(t, page.Records), err)
	var partner identity.Partner
	err = h.Kernel.DB.Read(h.ctx, func(ctx context.Context, t *db.Tx) (err error) {
		partner, _, err = identity.PartnerOf(ctx, t, h.org("reseller").tenant)
		return err
	})
	read("Partner", partner, err)
	// Roles of a customer are held by people, not by the installation.
	a := h.actor("provider admin-agent")
	organization, err := do(h, customer.GetOrganization, a.as(), customer.Ref{ID: c})
	read("Organization", organization, err)
}

func first[T any](t *testing.T, all []T) T {
	t.Helper()
	if len(all) == 0 {
		t.Fatalf("there is no %T", all)
	}
	return all[0]
}

// collect notes the exported fields of a value, those of structs within it by
// their path.
func collect(to map[string]string, path string, v reflect.Value) {
	if at, ok := v.Interface().(time.Time); ok {
		to[path] = ""
		if !at.IsZero() {
			to[path] = at.Format(time.RFC3339Nano)
		}
		return
	}
	if v.Kind() != reflect.Struct {
		to[path] = ""
		if !v.IsZero() {
			to[path] = fmt.Sprint(v.Interface())
		}
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch {
		case field.Anonymous:
			collect(to, path, v.Field(i))
		case field.IsExported():
			collect(to, path+"."+field.Name, v.Field(i))
		}
	}
}

// flatten notes the values of a JSON answer by their path.
func flatten(to map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			flatten(to, strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		for i, item := range v {
			flatten(to, fmt.Sprintf("%s[%d]", path, i), item)
		}
	default:
		to[path] = fmt.Sprint(v)
	}
}

// assign lets the admin agents of a partner see the organisation of a customer
// (rule F8).
func (h *house) assign(o *org, c id.Tenant) error {
	var relations []gdap.Relationship
	var groups []identity.Group
	err := h.Kernel.DB.Read(h.ctx, func(ctx context.Context, t *db.Tx) (err error) {
		if relations, err = gdap.Of(ctx, t, o.tenant, c); err != nil {
			return err
		}
		groups, err = identity.Groups(ctx, t, o.tenant)
		return err
	})
	if err != nil {
		return err
	}
	for _, g := range groups {
		if g.Role == policy.AdminAgent && len(relations) > 0 {
			in := gdap.Assignment{Relationship: relations[0].ID, Group: g.ID, Roles: gdap.Set{gdap.GlobalReader}}
			if _, err := do(h, gdap.Assign, o.system(), in); err != nil {
				return err
			}
			_, err := h.Workers.RunDue(h.ctx)
			return err
		}
	}
	return fmt.Errorf("%s has nothing to assign at its customer", o.key)
}
