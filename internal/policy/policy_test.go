package policy_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"comptoir/internal/fault"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

var update = flag.Bool("update", false, "write the golden table anew")

// The golden table is the matrix. A change of it is a change of who may do what,
// and is looked at as such.
func TestTheMatrixIsTheOneThatWasAgreed(t *testing.T) {
	var b bytes.Buffer
	if err := policy.New().Print(&b); err != nil {
		t.Fatal(err)
	}
	const path = "testdata/matrix.golden"
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the matrix changed; if that is meant, run the test with -update and look at the difference\n%s", b.Bytes())
	}
}

func row(t *testing.T, action policy.Action) policy.Row {
	t.Helper()
	r, ok := policy.New().Row(action)
	if !ok {
		t.Fatalf("no row for %s", action)
	}
	return r
}

func TestDecisions(t *testing.T) {
	person := func(org policy.Org, roles policy.Role) policy.Subject {
		return policy.Subject{Kind: policy.Partner, Org: org, Roles: roles}
	}
	app := policy.Subject{Kind: policy.Partner, Org: policy.DirectBill, AppOnly: true}
	tests := []struct {
		name    string
		action  policy.Action
		subject policy.Subject
		write   bool
		want    error
	}{
		{"a sales agent of a direct-bill partner adds a customer", "customer.add", person(policy.DirectBill, policy.SalesAgent), true, nil},
		{"a helpdesk agent does not", "customer.add", person(policy.DirectBill, policy.HelpdeskAgent), true, refusal.RF10},
		{"an indirect reseller never does", "customer.add", person(policy.IndirectReseller, policy.GlobalAdmin), true, refusal.RF01},
		{"a dual partner does, by its direct-bill half", "customer.add", person(policy.DirectBill|policy.IndirectReseller, policy.AdminAgent), true, nil},
		{"a global admin alone does not rename", "customer.billing.update", person(policy.DirectBill, policy.GlobalAdmin), true, refusal.RF10},
		{"an indirect reseller does not rename", "customer.billing.update", person(policy.IndirectReseller, policy.AdminAgent), true, refusal.RF03},
		{"an indirect reseller does not attest", "agreement.attest", person(policy.IndirectReseller, policy.AdminAgent), true, refusal.RF04},
		{"an indirect reseller does not order", "order.create", person(policy.IndirectReseller, policy.AdminAgent), true, refusal.RF02},
		{"a sales agent sees customer permissions", "selfserve.update", person(policy.DirectBill, policy.SalesAgent), false, nil},
		{"but does not change them", "selfserve.update", person(policy.DirectBill, policy.SalesAgent), true, refusal.RF10},
		{"roles add up", "selfserve.update", person(policy.DirectBill, policy.SalesAgent|policy.AdminAgent), true, nil},
		{"nobody is asked to sign in", "customer.list", policy.Subject{}, false, refusal.Unauthenticated},
		{"an application lists customers", "customer.list", app, false, nil},
		{"an application does not tag them", "customer.tag", app, true, refusal.AppOnly},
		{"a person without roles sees nothing", "customer.list", person(policy.DirectBill, 0), false, refusal.RF10},
		{"but changes the own profile", "profile.update", person(policy.DirectBill, 0), true, nil},
		{"a customer's admin does not list customers", "customer.list", policy.Subject{Kind: policy.Customer, Roles: policy.CustomerAdmin}, false, refusal.RF10},
		{"a customer never changes what its partner bought", "own.subscription.update", policy.Subject{Kind: policy.Customer, Roles: policy.CustomerAdmin}, true, refusal.RF10},
		{"an operator does not act as a partner", "customer.add", policy.Subject{Kind: policy.Operator, Roles: policy.OperatorAdmin}, true, refusal.RF10},
		{"a reviewer decides verifications", "verification.decide", policy.Subject{Kind: policy.Operator, Roles: policy.OperatorReviewer}, true, nil},
		{"support does not", "verification.decide", policy.Subject{Kind: policy.Operator, Roles: policy.OperatorSupport}, true, refusal.RF10},
		{"the installation acts for a direct-bill partner", "customer.add", policy.Subject{Kind: policy.System, Org: policy.DirectBill}, true, nil},
		{"but cannot make a reseller add", "customer.add", policy.Subject{Kind: policy.System, Org: policy.IndirectReseller}, true, refusal.RF01},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := row(t, tt.action).Decide(tt.subject, tt.write)
			if !errors.Is(err, tt.want) && err != tt.want { //nolint:errorlint // nil is compared too
				t.Fatalf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestTheRefusalNamesOnlyRolesThatTheActorCouldHave(t *testing.T) {
	err := row(t, "partner.user.update").Decide(policy.Subject{Kind: policy.Partner, Org: policy.DirectBill}, true)
	got := fmt.Sprint(fault.All(err)[0].Args["Roles"])
	if want := "[role.global_admin role.user_admin]"; got != want {
		t.Fatalf("roles %s, want %s", got, want)
	}
}

func TestTheOperatorTightensAndWidens(t *testing.T) {
	table := policy.New()
	sales := policy.Subject{Kind: policy.Partner, Org: policy.DirectBill, Roles: policy.SalesAgent}
	decide := func(action policy.Action) error {
		r, _ := table.Row(action)
		return r.Decide(sales, true)
	}
	ignored := table.Apply([]policy.Change{
		{Action: "customer.add", Role: policy.SalesAgent, Grant: policy.Refused},
		{Action: "relationship.remove", Role: policy.SalesAgent, Grant: policy.Allowed},
		{Action: "customer.fly", Role: policy.SalesAgent, Grant: policy.Allowed},
	})
	if decide("customer.add") == nil {
		t.Error("tightening has no effect")
	}
	if decide("relationship.remove") != nil {
		t.Error("widening has no effect")
	}
	if len(ignored) != 1 || ignored[0].Action != "customer.fly" {
		t.Errorf("ignored %v, want the unknown action alone", ignored)
	}
	if r, _ := policy.New().Row("customer.add"); r.Grant(policy.SalesAgent) != policy.Allowed {
		t.Error("one installation's change reached the specification")
	}
	table.Apply(nil)
	if decide("customer.add") != nil || decide("relationship.remove") == nil {
		t.Error("changes that were taken back still hold")
	}
}

func TestSomeCellsAreNotTheOperatorsToDecide(t *testing.T) {
	for name, c := range map[string]policy.Change{
		"a customer never changes what its partner bought (c2)":  {Action: "own.subscription.update", Role: policy.CustomerAdmin, Grant: policy.Allowed},
		"a Global admin alone signs the partner agreement (b49)": {Action: "partner.profile.update", Role: policy.SalesAgent, Grant: policy.Allowed},
		"nobody locks himself out of the settings":               {Action: "setting.update", Role: policy.OperatorAdmin, Grant: policy.Refused},
		"the operator's columns of a numbered row":               {Action: "partner.user.update", Role: policy.OperatorSupport, Grant: policy.Allowed},
		"everybody's own profile (b51)":                          {Action: "profile.update", Role: policy.SalesAgent, Grant: policy.Refused},
		"a customer's role in a partner's row":                   {Action: "customer.add", Role: policy.CustomerAdmin, Grant: policy.Allowed},
		"a partner's role in a customer's row":                   {Action: "own.agreement.accept", Role: policy.GlobalAdmin, Grant: policy.Allowed},
		"what the installation does by itself":                   {Action: "audit.seal", Role: policy.GlobalAdmin, Grant: policy.Allowed},
		"several roles at once":                                  {Action: "customer.add", Role: policy.SalesAgent | policy.AdminAgent, Grant: policy.Refused},
	} {
		if err := c.Check(); !errors.Is(err, policy.ErrFixed) {
			t.Errorf("%s: %v, want the refusal", name, err)
		}
		table := policy.New()
		if ignored := table.Apply([]policy.Change{c}); len(ignored) != 1 {
			t.Errorf("%s: it had an effect", name)
		}
	}
	if err := (policy.Change{Action: "customer.add", Role: policy.HelpdeskAgent, Grant: policy.Allowed}).Check(); err != nil {
		t.Errorf("an open cell: %v", err)
	}
}

func TestALinkOpensARecordAndItsAbsenceHidesIt(t *testing.T) {
	r := row(t, "own.agreement.accept")
	if err := r.DecideLink(policy.LinkOwn); err != nil {
		t.Errorf("own record: %v", err)
	}
	for _, link := range []policy.Link{0, policy.LinkReseller} {
		if err := r.DecideLink(link); !errors.Is(err, refusal.NotFound) {
			t.Errorf("link %b: %v, want not found", link, err)
		}
	}
}

func TestRolesHaveOneNameEach(t *testing.T) {
	all := policy.Role(1<<12 - 1)
	names := all.Names()
	if len(names) != 12 || len(all.Keys()) != 12 {
		t.Fatalf("%d names, %d keys for 12 roles", len(names), len(all.Keys()))
	}
	var back policy.Role
	for _, n := range names {
		r, ok := policy.ParseRole(n)
		if !ok {
			t.Errorf("%s is not read back", n)
		}
		back |= r
	}
	if back != all {
		t.Errorf("read back %b, want %b", back, all)
	}
}

func BenchmarkDecide(b *testing.B) {
	table := policy.New()
	s := policy.Subject{Kind: policy.Partner, Org: policy.DirectBill, Roles: policy.SalesAgent}
	for b.Loop() {
		r, _ := table.Row("customer.billing.update")
		if err := r.Decide(s, true); err != nil {
			b.Fatal(err)
		}
	}
}

// Who is of another kind of organisation is told whom the page is for, not to ask
// an admin who cannot give the role.
func TestARefusalToOtherKindsNamesWhomItIsFor(t *testing.T) { // RF-10
	tests := []struct {
		story  string
		who    policy.Subject
		action policy.Action
		whom   string
	}{
		{"an operator at the customer list", policy.Subject{Kind: policy.Operator, Roles: policy.OperatorAdmin}, "customer.list", "policy.whom.partners"},
		{"a customer's admin at the customer list", policy.Subject{Kind: policy.Customer, Roles: policy.CustomerAdmin}, "customer.list", "policy.whom.partners"},
		{"a partner at the page of a customer", policy.Subject{Kind: policy.Partner, Org: policy.DirectBill, Roles: policy.GlobalAdmin}, "own.partner.view", "policy.whom.customers"},
		{"a partner at the verification queue", policy.Subject{Kind: policy.Partner, Org: policy.DirectBill, Roles: policy.GlobalAdmin}, "verification.decide", "policy.whom.operators"},
	}
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			all := fault.All(row(t, tt.action).Decide(tt.who, false))
			if len(all) != 1 || !errors.Is(all[0], refusal.RF10) || all[0].Args["Roles"] != nil {
				t.Fatalf("got %v", all)
			}
			if whom, _ := all[0].Args["Whom"].(fault.Keys); len(whom) != 1 || whom[0] != tt.whom {
				t.Errorf("it is for %v", all[0].Args["Whom"])
			}
		})
	}
}
