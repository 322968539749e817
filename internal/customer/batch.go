package customer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/place"
)

// Intake adds customers in bulk to those of one partner: it is opened once, drafts
// customers in many goroutines, and adds them batch by batch. It applies the rules
// of Add and never changes.
type Intake struct{ checker checker }

// OpenIntake returns the intake of the actor's organization. It refuses a partner
// that may not sell (RF-06, RF-43).
func OpenIntake(ctx context.Context, u *op.Unit) (*Intake, error) {
	s, err := ownSeller(ctx, u)
	if err != nil {
		return nil, err
	}
	c := newChecker(u, s)
	c.channel = naming.REST // whoever uploads a file does not type into a form
	return &Intake{c}, nil
}

// Knows reports whether drafts may name reseller.
func (n *Intake) Knows(reseller string) bool {
	_, known := n.checker.resellers[reseller]
	return known || reseller == ""
}

// WithResellers returns an intake whose drafts may also name the resellers. Those
// that do not exist, or do not sell for the partner, are refused draft by draft.
func (n *Intake) WithResellers(ctx context.Context, u *op.Unit, named ...string) (*Intake, error) {
	more := n.checker
	more.resellers = make(map[string]seller, len(n.checker.resellers)+len(named))
	for name, s := range n.checker.resellers {
		more.resellers[name] = s
	}
	if err := more.readResellers(ctx, u, named...); err != nil {
		return nil, err
	}
	return &Intake{more}, nil
}

// Draft is a customer to be that was held against all rules which need no look at
// the customers that exist.
type Draft struct{ draft *draft }

// Atlas returns the countries in force.
func (n *Intake) Atlas() *place.Atlas { return n.checker.atlas }

// Extra is what an import knows of a customer to be beyond a form.
type Extra struct {
	// Domains are prefixes, or complete domains, of which the customer gets the
	// first that is free when its own is taken.
	Domains []string
	// Findings and Faults were made before the rules were asked. The reviewer sees
	// the findings too. A fault stands for what the rules say about its field.
	Findings []finding.Finding
	Faults   fault.List
}

// Draft drafts a customer. It touches no database and may be called from many
// goroutines. The reseller that in names must be known.
func (n *Intake) Draft(in NewCustomer, extra Extra) (Draft, error) {
	d, err := n.checker.draft(in)
	if err != nil {
		return Draft{}, err
	}
	d.profile.findings = slices.Concat(extra.Findings, d.profile.findings)
	d.profile.faults = slices.Concat(extra.Faults, slices.DeleteFunc(d.profile.faults, func(e *fault.Error) bool {
		return slices.ContainsFunc(extra.Faults, func(known *fault.Error) bool { return known.Field == e.Field })
	}))
	for _, other := range extra.Domains {
		var p profile
		if domain := n.checker.domain(&p, other); len(p.faults) == 0 {
			d.others = append(d.others, domain)
		}
	}
	return Draft{d}, nil
}

// Faults returns what speaks against d already; nil for nothing.
func (d Draft) Faults() fault.List { return d.draft.profile.faults }

// Findings returns the warnings about d.
func (d Draft) Findings() []finding.Finding { return d.draft.profile.findings }

// fresh returns drafts that a unit of work may change: it may run more than once.
func fresh(drafts []Draft) []*draft {
	all := make([]*draft, len(drafts))
	for i, d := range drafts {
		c := *d.draft
		c.profile.faults, c.profile.findings = slices.Clip(c.profile.faults), slices.Clip(c.profile.findings)
		all[i] = &c
	}
	return all
}

// errOtherPartner is a mistake of the caller: an intake serves one partner.
var errOtherPartner = errors.New("customer: the intake belongs to another partner")

// Add adds those of drafts that nothing speaks against, in their order, in the
// transaction of u, and says of each what became of it. A refused one does not
// hinder the others; an error means that nothing was added. It refuses a partner
// that may not sell any more (RF-06, RF-43).
func (n *Intake) Add(ctx context.Context, u *op.Unit, drafts []Draft) ([]Outcome, error) {
	if err := n.open(ctx, u); err != nil {
		return nil, err
	}
	return addAll(ctx, u, &n.checker, fresh(drafts))
}

// open checks that the partner may still add customers.
func (n *Intake) open(ctx context.Context, u *op.Unit) error {
	s, err := ownSeller(ctx, u)
	if err == nil && s.Tenant != n.checker.seller.Tenant {
		err = errOtherPartner
	}
	return err
}

// NotYet is the customer that an Outcome of a rehearsal names where the real thing
// would have made one before.
const NotYet id.Tenant = "00000000-0000-0000-0000-000000000000"

// Rehearsal remembers what the batches before would have added. It needs some
// fifty bytes a customer. The zero value is empty.
type Rehearsal struct {
	seen  map[int64]struct{}
	added int64
}

func (r *Rehearsal) has(texts ...string) bool {
	_, ok := r.seen[hash(texts...)]
	return ok
}

func (r *Rehearsal) note(texts ...string) {
	if r.seen == nil {
		r.seen = make(map[int64]struct{})
	}
	r.seen[hash(texts...)] = struct{}{}
}

// Rehearse says what Add would make of drafts after all that r has seen, and
// changes nothing. Customers that would be added have no id.
func (n *Intake) Rehearse(ctx context.Context, u *op.Unit, r *Rehearsal, drafts []Draft) ([]Outcome, error) {
	if err := n.open(ctx, u); err != nil {
		return nil, err
	}
	all := fresh(drafts)
	known, err := readExisting(ctx, u, all, r)
	if err != nil {
		return nil, err
	}
	room, err := sandboxRoom(ctx, u)
	if err != nil {
		return nil, err
	}
	if room >= 0 {
		room = max(0, room-r.added)
	}
	outcomes := make([]Outcome, len(all))
	for i, d := range all {
		o := &outcomes[i]
		o.Exists, o.Err = known.admit(u, d, n.checker.seller.Tenant, room)
		o.Added.SentDomain, o.Added.Findings = d.domain, d.profile.findings
		if o.Err == nil {
			r.remember(d)
			known.claim(d, owner{n.checker.seller.Tenant, NotYet})
			room--
		}
	}
	return outcomes, nil
}

// recall makes known what r has seen of the keys of d. A nil r has seen nothing.
func (e existing) recall(r *Rehearsal, d *draft, o owner) {
	if r == nil {
		return
	}
	for _, domain := range append([]string{d.domain}, d.others...) {
		if name := strings.ToLower(domain); r.has("domain", name) {
			e.domains[name] = identity.OwnedDomain{Domain: identity.Domain{Name: name, Tenant: o.customer, Initial: true}, Kind: identity.CustomerTenant}
		}
	}
	if k := d.registration(); k.value != "" && r.has("registration", k.country, k.value) {
		e.registered[k] = o
	}
	if k := d.entity; r.has("entity", k.country, k.postalCode, k.name) {
		e.alike[k] = o
	}
}

// remember notes the keys of a draft that would have been added.
func (r *Rehearsal) remember(d *draft) {
	r.note("domain", strings.ToLower(d.domain))
	if k := d.registration(); k.value != "" {
		r.note("registration", k.country, k.value)
	}
	r.note("entity", d.entity.country, d.entity.postalCode, d.entity.name)
	r.added++
}
