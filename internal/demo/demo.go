// Package demo fills an empty installation with a small world: an operator,
// three partners with staff and an application each, a catalogue, and their customers
// in every state that a customer can be in. Everything is made through the same
// operations that people use.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// Password is what everybody in the demo world signs in with.
const Password = "Comptoir-Demo-2026" //nolint:gosec // no secret: only a sandbox has a demo world

// OperatorName is the organisation of the operator.
const OperatorName = "Comptoir Demo"

// Account is somebody who can sign in.
type Account struct {
	Role, Name         string
	UserName, Password string
}

// App is an application with its secret.
type App struct {
	ID     id.App
	Secret string
}

// Partner is a partner of the world.
type Partner struct {
	Key, Type, Name, Domain, Country string
	Tenant                           id.Tenant
	App                              App
	Users                            []Account
}

// Customer is a customer of the world.
type Customer struct {
	Key, Name, Domain, Partner string
	Tenant                     id.Tenant
	Status                     verification.Status
	Admin                      Account
}

// World is what Fill made.
type World struct {
	PublicURL string
	Operator  Account
	Partners  []Partner
	Customers []Customer
}

// ErrNotEmpty refuses to fill a database that holds something else.
var ErrNotEmpty = errors.New("the database is not empty and was not filled by the demo; choose another one with --db")

// The world is kept, so that it can be shown again. Its passwords are no
// secret: they stand in this file.
var (
	readWorld = db.SQL(`SELECT value FROM settings WHERE name = 'demo.world'`)
	keepWorld = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ('demo.world', $1, $2)`)
	anyTenant = db.Scan(`SELECT id FROM tenants LIMIT 1`, "reads one row")
)

// Fill makes the demo world in an empty installation and returns it. In one
// that has it already it returns the same again; any other refuses with
// ErrNotEmpty.
func Fill(ctx context.Context, k *op.Kernel, publicURL string) (World, error) {
	if w, found, err := Read(ctx, k); found || err != nil {
		return w, err
	}
	if empty, err := isEmpty(ctx, k); err != nil || !empty {
		return World{}, errors.Join(err, ErrNotEmpty)
	}
	b := builder{k: k, partners: make(map[string]*Partner), world: World{PublicURL: publicURL}}
	if err := b.build(ctx); err != nil {
		return World{}, err
	}
	kept, err := json.Marshal(b.world)
	if err != nil {
		return World{}, err
	}
	return b.world, k.DB.Write(ctx, func(ctx context.Context, t *db.Tx) error {
		_, err := t.Exec(ctx, keepWorld, string(kept), db.Micros(k.Clock.Now()))
		return err
	})
}

// Read returns the world that Fill made in this installation, if it did.
func Read(ctx context.Context, k *op.Kernel) (w World, found bool, err error) {
	var kept string
	err = k.DB.Read(ctx, func(ctx context.Context, t *db.Tx) (err error) {
		found, err = t.Found(ctx, readWorld, nil, &kept)
		return err
	})
	if !found || err != nil {
		return w, false, err
	}
	return w, true, json.Unmarshal([]byte(kept), &w)
}

func isEmpty(ctx context.Context, k *op.Kernel) (bool, error) {
	var some string
	found := false
	err := k.DB.Read(ctx, func(ctx context.Context, t *db.Tx) (err error) {
		found, err = t.Found(ctx, anyTenant, nil, &some)
		return err
	})
	return !found, err
}

// builder makes the world step by step.
type builder struct {
	k        *op.Kernel
	password identity.NewPassword // hashed once: it is the same for all
	partners map[string]*Partner
	world    World
}

func (b *builder) build(ctx context.Context) error {
	var err error
	if b.password, err = identity.GivenPassword(ctx, Password); err != nil {
		return err
	}
	if err := b.operator(ctx); err != nil {
		return fmt.Errorf("operator: %w", err)
	}
	b.world.Partners = make([]Partner, len(partnerPlans))
	for i, plan := range partnerPlans {
		p := &b.world.Partners[i]
		b.partners[plan.key] = p
		if err := b.partner(ctx, plan, p); err != nil {
			return fmt.Errorf("partner %s: %w", plan.name, err)
		}
	}
	pair := relationship.Pair{Provider: b.partners["provider"].Tenant, Reseller: b.partners["reseller"].Tenant}
	if _, err := relationship.ConnectPartners.Do(ctx, b.k, op.System("", 0, op.ViaCLI), pair); err != nil {
		return fmt.Errorf("partnership: %w", err)
	}
	if err := b.catalogue(ctx); err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	for _, plan := range customerPlans {
		if err := b.customer(ctx, plan); err != nil {
			return fmt.Errorf("customer %s: %w", plan.name, err)
		}
	}
	return nil
}

func (b *builder) operator(ctx context.Context) error {
	const userName = "operator@comptoir.example"
	_, err := identity.CreateOperator.Do(ctx, b.k, op.System("", 0, op.ViaCLI), identity.NewOperator{
		Name: OperatorName, Country: "FR", Domain: "comptoir.example",
		Admin: identity.NewUser{Name: userName, FirstName: "Olivia", LastName: "Roux", Password: b.password, KeepPassword: true},
	})
	b.world.Operator = Account{"operator-admin", "Olivia Roux", userName, Password}
	return err
}

func (b *builder) partner(ctx context.Context, plan partnerPlan, p *Partner) error {
	types, _ := identity.ParsePartnerTypes(plan.kind)
	country, _ := place.World().Country(plan.country)
	made, err := identity.EnrolPartner.Do(ctx, b.k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: plan.name, Types: types, Country: plan.country, Market: country.Market, Language: plan.language, Domain: plan.domain,
		Active: true, SignedMPA: true,
	})
	if err != nil {
		return err
	}
	*p = Partner{Key: plan.key, Type: plan.kind, Name: plan.name, Domain: plan.domain, Country: plan.country, Tenant: made.Partner.Tenant}
	actor := op.System(p.Tenant, types, op.ViaCLI)
	for _, s := range staff {
		role, _ := policy.ParseRole(s.role)
		if role == policy.GlobalAdmin {
			role |= policy.AdminAgent // rule A13
		}
		account := Account{s.role, s.first + " " + s.last, s.user + "@" + plan.domain, Password}
		_, err := identity.AddUser.Do(ctx, b.k, actor, identity.NewUser{
			Name: account.UserName, FirstName: s.first, LastName: s.last, Email: account.UserName,
			Roles: role, Password: b.password, KeepPassword: true,
		})
		if err != nil {
			return err
		}
		p.Users = append(p.Users, account)
	}
	app, err := identity.AddApplication.Do(ctx, b.k, actor, identity.NewApp{
		Name: "Demo integration", Roles: policy.AdminAgent, RedirectURIs: []string{"http://localhost/"},
	})
	p.App = App{app.App.ID, app.Secret}
	return err
}

func (b *builder) customer(ctx context.Context, plan customerPlan) error {
	p := b.partners[plan.partner]
	types, _ := identity.ParsePartnerTypes(p.Type)
	added, err := customer.Add.Do(ctx, b.k, op.System(p.Tenant, types, op.ViaCLI), plan.input(b))
	if err != nil {
		return err
	}
	c := Customer{
		Key: plan.prefix, Name: plan.name, Domain: added.Customer.Domain, Partner: plan.partner, Tenant: added.Customer.ID,
		Admin: Account{"customer-admin", plan.first + " " + plan.last, "it@" + added.Customer.Domain, Password},
	}
	if err := b.contact(ctx, plan, c); err != nil {
		return err
	}
	if c.Status, err = b.decide(ctx, plan.outcome, p.Tenant, c.Tenant); err != nil {
		return err
	}
	b.world.Customers = append(b.world.Customers, c)
	return nil
}

func (plan customerPlan) input(b *builder) customer.NewCustomer {
	in := customer.NewCustomer{
		CompanyName: plan.name, Domain: plan.prefix, Registration: customer.Registration{ID: plan.registration}, Tags: plan.tags,
		Billing: customer.Billing{
			CompanyName: plan.name, FirstName: plan.first, LastName: plan.last,
			Email: strings.ToLower(plan.prefix) + "@" + plan.prefix + ".example", Culture: plan.culture, Language: plan.culture[:2],
			Address: place.Address{
				Country: plan.country, AddressLine1: plan.line, City: plan.city, State: plan.state, PostalCode: plan.postal,
				FirstName: plan.first, LastName: plan.last, PhoneNumber: plan.phone,
			},
		},
		Attestation: &agreement.Attestation{
			Person:   agreement.Person{FirstName: plan.first, LastName: plan.last, Email: plan.prefix + "@" + plan.prefix + ".example"},
			AgreedAt: b.k.Clock.Now(),
		},
	}
	if plan.through != "" {
		in.Reseller = string(b.partners[plan.through].Tenant)
	}
	return in
}

// contact gives a customer's contact person an account: the one that adding the
// customer made has a temporary password that nobody in the demo knows.
func (b *builder) contact(ctx context.Context, plan customerPlan, c Customer) error {
	_, err := identity.AddUser.Do(ctx, b.k, op.System(c.Tenant, 0, op.ViaCLI), identity.NewUser{
		Name: c.Admin.UserName, FirstName: plan.first, LastName: plan.last,
		Roles: policy.CustomerAdmin, Password: b.password, KeepPassword: true,
	})
	return err
}

func (b *builder) decide(ctx context.Context, o outcome, partner, c id.Tenant) (verification.Status, error) {
	decision := verification.Decision{Partner: partner, Customer: c}
	actor := op.System("", 0, op.ViaCLI)
	switch o {
	case approved:
		_, err := verification.Approve.Do(ctx, b.k, actor, decision)
		return verification.Allowed, err
	case rejected:
		decision.Reason, decision.Text = "address_mismatch", "The register shows another address for this company."
		_, err := verification.Reject.Do(ctx, b.k, actor, decision)
		return verification.NotAllowed, err
	default:
		return verification.UnderReview, nil
	}
}

// Text describes the world to whoever started it.
func (w World) Text() string {
	var s strings.Builder
	fmt.Fprintf(&s, "The demo world. Everybody's password is %s\n\n", Password)
	fmt.Fprintf(&s, "  %-18s %-44s %s\n", "operator", w.Operator.UserName, w.Operator.Role)
	for _, p := range w.Partners {
		for _, u := range p.Users {
			fmt.Fprintf(&s, "  %-18s %-44s %s\n", p.Type, u.UserName, u.Role)
		}
	}
	if len(w.Customers) > 0 {
		fmt.Fprintf(&s, "  %-18s %-44s %s\n", "customer", w.Customers[0].Admin.UserName, w.Customers[0].Admin.Role)
	}
	fmt.Fprintln(&s, "\n`comptoir demo --json` prints tenant ids, applications and their secrets.")
	return s.String()
}
