package notice_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/lang"
	"comptoir/internal/notice"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// A world has a partner, a customer and the operator with people of every role,
// and a letter box in which mail lies.
type world struct {
	t *testing.T
	*op.Kernel
	*job.Workers
	partner, customer, operator id.Tenant
	people                      map[string]op.Actor // by first name
	box                         []op.Letter
}

var password identity.NewPassword

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Sandbox = clock.Fixed(opening), clock.Fixed(opening), true
	w := &world{t: t, Kernel: k, Workers: job.NewWorkers(k, 1), people: map[string]op.Actor{}}
	k.Post = op.Post{Site: "https://partners.example", Product: "Comptoir", From: "post@partners.example", Deliver: func(_ context.Context, l op.Letter) error {
		w.box = append(w.box, l)
		return nil
	}}
	if password == (identity.NewPassword{}) {
		var err error
		if password, err = identity.GivenPassword(t.Context(), "Bokhylla-9-Lampa"); err != nil {
			t.Fatal(err)
		}
	}
	admin, err := identity.CreateOperator.Do(t.Context(), k, system(), identity.NewOperator{
		Name: "Nordhandel", Country: "SE", Domain: "nordhandel.example", Admin: identity.NewUser{
			Name: "olle@nordhandel.example", DisplayName: "Olle", Roles: policy.OperatorAdmin, Password: password, KeepPassword: true,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.operator = admin.User.Tenant
	w.people["olle"] = op.Actor{Kind: policy.Operator, Tenant: w.operator, User: admin.User.ID, UserName: admin.User.Name, Roles: policy.OperatorAdmin}
	partner, err := identity.EnrolPartner.Do(t.Context(), k, system(), identity.Enrolment{
		Name: "Nordmolnet AB", Types: policy.DirectBill, Country: "SE", Domain: "nordmolnet.example", Market: "EU/EFTA", Active: true, SignedMPA: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.partner = partner.Partner.Tenant
	made, err := newCustomer.Do(t.Context(), k, op.Actor{Kind: policy.Partner, Tenant: w.partner, User: "u"}, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	w.customer = made
	w.add(w.partner, policy.Partner, "gunnar", policy.GlobalAdmin|policy.AdminAgent, "sv")
	w.add(w.partner, policy.Partner, "sara", policy.SalesAgent, "fr")
	w.add(w.partner, policy.Partner, "helge", policy.HelpdeskAgent, "sv")
	w.add(w.partner, policy.Partner, "berit", policy.BillingAdmin, "")
	w.add(w.customer, policy.Customer, "carla", policy.CustomerAdmin, "en")
	w.add(w.customer, policy.Customer, "cyril", policy.CustomerUser, "en")
	w.add(w.operator, policy.Operator, "rita", policy.OperatorReviewer, "en")
	return w
}

var newCustomer = op.Define(op.Spec{Name: "test.customer", Action: "job.view", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (id.Tenant, error) {
		made, err := identity.CreateCustomerTenant(ctx, u, identity.NewCustomerTenant{Name: "Östra Bageriet AB", Country: "SE", Language: "sv", Domain: "ostra.example"})
		return made.ID, err
	})

func system() op.Actor { return op.System("", 0, op.ViaCLI) }

func (w *world) add(tenant id.Tenant, kind policy.Kind, name string, roles policy.Role, language string) {
	w.t.Helper()
	domain := map[policy.Kind]string{policy.Partner: "nordmolnet.example", policy.Customer: "ostra.example", policy.Operator: "nordhandel.example"}[kind]
	made, err := identity.AddUser.Do(w.t.Context(), w.Kernel, op.System(tenant, 0, op.ViaCLI), identity.NewUser{
		Tenant: tenant, Name: name + "@" + domain, DisplayName: strings.ToUpper(name[:1]) + name[1:], Roles: roles, Language: language,
		Password: password, KeepPassword: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.people[name] = op.Actor{Kind: kind, Org: policy.DirectBill, Tenant: tenant, User: made.User.ID, UserName: made.User.Name, Roles: roles}
}

// happening is an event of a test.
type happening struct {
	name    string
	payload any
	by      string // who did it
}

var happen = op.Define(op.Spec{Name: "test.happen", Action: "job.view", Write: true},
	func(ctx context.Context, u *op.Unit, e op.Event) (struct{}, error) {
		err := u.Record(ctx, op.Record{Operation: "test", Resource: "customer", Tenant: e.Tenant, Customer: e.Customer, CustomerName: "Östra Bageriet AB"})
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Emit(ctx, e)
	})

// happens lets something happen about the customer.
func (w *world) happens(all ...happening) {
	w.t.Helper()
	for _, h := range all {
		w.Clock.Advance(time.Millisecond)
		by := op.System(w.partner, 0, op.ViaJob)
		if h.by != "" {
			by = w.people[h.by]
		}
		e := op.Event{Name: h.name, Tenant: w.partner, Customer: w.customer, Payload: h.payload}
		if _, err := happen.Do(w.t.Context(), w.Kernel, by, e); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) runDue() {
	w.t.Helper()
	if _, err := w.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func do[I, O any](w *world, who string, o *op.Operation[I, O], in I) O {
	w.t.Helper()
	out, err := o.Do(w.t.Context(), w.Kernel, w.people[who], in)
	if err != nil {
		w.t.Fatalf("%s as %s: %v", o.Spec().Name, who, err)
	}
	return out
}

func (w *world) notices(who string) []notice.Notice {
	w.t.Helper()
	return do(w, who, notice.List, notice.Page{}).Notices
}

func (w *world) unread(who string) int64 {
	w.t.Helper()
	return do(w, who, notice.Unread, struct{}{})
}

// told are those who have a notice with a title in English, sorted.
func (w *world) told(title string) (names []string) {
	w.t.Helper()
	for name := range w.people {
		for _, n := range w.notices(name) {
			if n.Title(lang.For("en")) == title {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// mailed are those who got mail of a subject, by the first part of the address,
// with the language: "gunnar sv".
func (w *world) mailed() (names []string) {
	for _, l := range w.box {
		local, _, _ := strings.Cut(l.Address, "@")
		names = append(names, local+" "+l.Language)
	}
	slices.Sort(names)
	return names
}

var textChanges = db.Scan(`SELECT operation FROM activity WHERE operation LIKE '%mail_text' ORDER BY id`, "test")

// log are the changes of texts of mails that stand in the activity log.
func (w *world) log() (all []string) {
	w.t.Helper()
	err := w.DB.Read(w.t.Context(), func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, textChanges)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var operation string
			if err := rows.Scan(&operation); err != nil {
				return err
			}
			all = append(all, operation)
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}
