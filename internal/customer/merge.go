package customer

import (
	"context"
	"slices"
	"strconv"

	"comptoir/internal/agreement"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/qualification"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// Refusals of a merge (V-5).
var (
	ErrMergeSame      = fault.New(fault.Invalid, "2000", "customer.merge.same")
	ErrMergeCountry   = fault.New(fault.Invalid, "2000", "customer.merge.country")
	ErrMergeOpenCase  = fault.New(fault.Conflict, "3000", "customer.merge.open_case") // argument Partner
	ErrMergeResellers = fault.New(fault.Conflict, "3000", "customer.merge.resellers") // argument Partner
	ErrMergeReason    = fault.New(fault.Invalid, "2000", "customer.merge.reason")
	ErrMergeName      = fault.New(fault.Invalid, "2000", "customer.merge.name") // argument Name
	ErrMergeOvertaken = fault.New(fault.Conflict, "1003", "customer.merge.overtaken")
	// ErrMerged answers for a customer that is part of another one; argument Into.
	ErrMerged = fault.New(fault.NotFound, "1000", "customer.merged")
)

// Pair names two customers that are the same organization: From ends, Into stays.
type Pair struct{ From, Into id.Tenant }

// Side is one of the two as the operator compares them.
type Side struct {
	File
	OpenCases, Agreements, Delegations int64
}

// Step is what becomes of a relation of the customer that ends.
type Step struct {
	Relation Customer
	Partner  string // its name
	// Joined says that the partner has the same relation with the other customer, which
	// stays; Outgrown, that it sells to the other and only serves this one.
	Joined, Outgrown bool
}

// Comparison is everything about two customers before they are merged.
type Comparison struct {
	From, Into Side
	Steps      []Step
	// Refused is what has to be done before; nil when they can be merged.
	Refused fault.List
	// Seen stands for the state that was compared.
	Seen string
}

// Compare shows two customers side by side, and what would become of the relations
// of the one that ends (V-5).
var Compare = op.Define(op.Spec{Name: "organization.compare", Action: "organization.merge"}, compare)

func compare(ctx context.Context, u *op.Unit, in Pair) (Comparison, error) {
	if in.From == in.Into {
		return Comparison{}, ErrMergeSame.On("with")
	}
	var c Comparison
	var err error
	if c.From, err = side(ctx, u, in.From); err != nil {
		return c, err
	}
	if c.Into, err = side(ctx, u, in.Into); err != nil {
		return c, err
	}
	for _, s := range []Side{c.From, c.Into} {
		if !s.End.At.IsZero() {
			c.Refused.Add(identity.ErrTenantEnded)
		}
	}
	if c.From.Tenant.Country != c.Into.Tenant.Country {
		c.Refused.Add(ErrMergeCountry)
	}
	for _, r := range c.From.Relations {
		if err := c.step(ctx, u, r); err != nil {
			return c, err
		}
	}
	c.Seen = c.fingerprint()
	return c, nil
}

func side(ctx context.Context, u *op.Unit, tenant id.Tenant) (s Side, err error) {
	if s.File, err = fileOf(ctx, u, tenant); err != nil {
		return s, err
	}
	for _, r := range s.Relations {
		open, err := verification.IsOpen(ctx, u.Tx, verification.Account{Partner: r.Partner, Customer: tenant})
		if err != nil {
			return s, err
		}
		if open {
			s.OpenCases++
		}
	}
	if s.Agreements, err = agreement.Count(ctx, u.Tx, tenant); err != nil {
		return s, err
	}
	s.Delegations, err = gdap.CountActive(ctx, u.Tx, tenant)
	return s, err
}

// step plans what becomes of the relation r of the customer that ends.
func (c *Comparison) step(ctx context.Context, u *op.Unit, r Customer) error {
	p, err := identity.TenantByID(ctx, u.Tx, r.Partner)
	if err != nil {
		return err
	}
	s := Step{Relation: r, Partner: p.Name}
	for _, other := range c.Into.Relations {
		if other.Partner != r.Partner {
			continue
		}
		s.Outgrown = s.Outgrown || other.Kind.Sells() && !r.Kind.Sells()
		if other.Kind != r.Kind {
			continue
		}
		s.Joined = true
		if r.Reseller != "" && other.Reseller != "" && r.Reseller != other.Reseller || r.Provider != other.Provider {
			c.Refused.Add(ErrMergeResellers.With("Partner", p.Name))
		}
	}
	c.Steps = append(c.Steps, s)
	if !s.Joined || r.Kind != relationship.Reseller {
		return nil
	}
	for _, tenant := range []id.Tenant{c.From.Tenant.ID, c.Into.Tenant.ID} {
		open, err := verification.IsOpen(ctx, u.Tx, verification.Account{Partner: r.Partner, Customer: tenant})
		if err != nil {
			return err
		}
		if open {
			c.Refused.Add(ErrMergeOpenCase.With("Partner", p.Name))
			break
		}
	}
	return nil
}

// fingerprint changes with everything that the plan rests on.
func (c Comparison) fingerprint() string {
	var texts []string
	for _, s := range []Side{c.From, c.Into} {
		texts = append(texts, string(s.Tenant.ID), s.Tenant.Name, strconv.FormatInt(s.Tenant.Users, 10), s.End.At.String(),
			strconv.FormatInt(s.OpenCases, 10), strconv.FormatInt(s.Agreements, 10), strconv.FormatInt(s.Delegations, 10))
		for _, d := range s.Domains {
			texts = append(texts, d.Name)
		}
		for _, r := range s.Relations {
			texts = append(texts, string(r.Partner), string(r.Kind), string(r.Status), string(r.Reseller), string(r.Provider), strconv.FormatInt(r.Version, 10))
		}
	}
	return strconv.FormatInt(hash(texts...), 36)
}

// Merging is the input of Merge.
type Merging struct {
	Pair
	// Reason is told to the partners; it is required. Typed is the name of the
	// organization that ends, to confirm. Seen is that of the comparison that was
	// looked at.
	Reason, Typed, Seen string
}

// merges is what other features do when customers are merged.
var merges []merging

type merging = func(ctx context.Context, u *op.Unit, from, into id.Tenant, people []id.User) error

// OnMerge has all called in the transaction that merges two customers, for what
// other features keep about them and their people. It is for the start of the
// program; a second call takes the place of the first.
func OnMerge(all ...merging) { merges = all }

// Merge makes two customers that are the same organization one (V-5): relations,
// agreements, delegated relationships, qualifications, verification, people and
// domains of From become those of Into, and From ends. Where a partner has the same
// relation with both, the one with Into stays, with its billing information; the
// newer decision about the account and the tags of both are kept. The log is never
// rewritten: the partners' logs say what became of From. It refuses what Compare
// refuses, and what changed since with ErrMergeOvertaken.
var Merge = op.Define(op.Spec{Name: "organization.merge", Action: "organization.merge", Write: true},
	func(ctx context.Context, u *op.Unit, in Merging) (Comparison, error) {
		c, err := compare(ctx, u, in.Pair)
		if err != nil {
			return c, err
		}
		if err := in.check(c); err != nil {
			return c, err
		}
		people, err := identity.MergeTenant(ctx, u, in.From, in.Into)
		if err != nil {
			return c, err
		}
		if err := c.mergeRelations(ctx, u); err != nil {
			return c, err
		}
		if err := c.moveRest(ctx, u, people); err != nil {
			return c, err
		}
		return c, c.tell(ctx, u, naming.Trim(in.Reason))
	})

func (in Merging) check(c Comparison) error {
	if in.Seen != c.Seen {
		for _, f := range c.Refused {
			if f.Key == identity.ErrTenantEnded.Key {
				return f
			}
		}
		return ErrMergeOvertaken
	}
	l := slices.Clone(c.Refused)
	if naming.Trim(in.Reason) == "" {
		l.Add(ErrMergeReason.On("reason"))
	}
	if naming.Key(in.Typed) != naming.Key(c.From.Tenant.Name) {
		l.Add(ErrMergeName.On("typed").With("Name", c.From.Tenant.Name))
	}
	return l.Err()
}

// partners returns who has to do with either customer, each once.
func (c Comparison) partners() (all []id.Tenant) {
	for _, r := range slices.Concat(c.From.Relations, c.Into.Relations) {
		if !slices.Contains(all, r.Partner) {
			all = append(all, r.Partner)
		}
	}
	slices.Sort(all)
	return all
}

var (
	moveRelation = db.SQL(`UPDATE customers SET customer_id = $4 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)
	moveKeys     = db.SQL(`UPDATE import_keys SET customer_id = $3 WHERE partner_id = $1 AND customer_id = $2`)
	setAsked     = db.SQL(`UPDATE customers SET qualification = $4 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)
)

// mergeRelations makes the relations of the customer that ends those of the other.
// What a partner keeps beside a relation goes first, so that nothing of it is in
// the way when the relation is dropped.
func (c Comparison) mergeRelations(ctx context.Context, u *op.Unit) error {
	from, into := c.From.Tenant.ID, c.Into.Tenant.ID
	for _, p := range append(c.partners(), u.Actor.Tenant) { // the operator imports, too
		if _, err := u.Exec(ctx, moveKeys, p, from, into); err != nil {
			return err
		}
		if err := verification.Move(ctx, u, verification.Account{Partner: p, Customer: from}, into); err != nil {
			return err
		}
		if err := qualification.Move(ctx, u, p, from, into); err != nil {
			return err
		}
	}
	for _, s := range c.Steps {
		if s.Joined {
			if err := c.join(ctx, u, s.Relation); err != nil {
				return err
			}
			continue
		}
		r := s.Relation
		if _, err := u.Exec(ctx, moveRelation, r.Partner, from, r.Kind, into); err != nil {
			return err
		}
	}
	if err := c.shareJoined(ctx, u); err != nil {
		return err
	}
	for _, p := range c.partners() {
		known, err := relationship.Between(ctx, u.Tx, p, into)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(known, func(r relationship.Relation) bool { return r.Kind.Sells() }) {
			if err := dropServed(ctx, u, known); err != nil {
				return err
			}
		}
	}
	return nil
}

// shareJoined brings the resellers of providers that sold to both in step with the
// account that stays, when all relations are where they belong.
func (c Comparison) shareJoined(ctx context.Context, u *op.Unit) error {
	for _, s := range c.Steps {
		if !s.Joined || s.Relation.Kind != relationship.Reseller {
			continue
		}
		stays, err := findKind(ctx, u.Tx, s.Relation.Partner, c.Into.Tenant.ID, relationship.Reseller)
		if err != nil {
			return err
		}
		if err := stays.share(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

// dropServed removes those of known that do not sell, and nothing that a relation
// which sells keeps beside it.
func dropServed(ctx context.Context, u *op.Unit, known []relationship.Relation) error {
	for _, r := range known {
		if r.Kind.Sells() {
			continue
		}
		if err := dropRow(ctx, u, r); err != nil {
			return err
		}
	}
	return nil
}

// join drops the relation r, of which the partner has the same with the other
// customer, and keeps there what that one lacks.
func (c Comparison) join(ctx context.Context, u *op.Unit, r Customer) error {
	stays, err := findKind(ctx, u.Tx, r.Partner, c.Into.Tenant.ID, r.Kind)
	if err != nil {
		return err
	}
	gone, err := relationship.Between(ctx, u.Tx, r.Partner, r.ID)
	if err != nil {
		return err
	}
	for _, g := range gone {
		if g.Kind == r.Kind {
			if err := dropRow(ctx, u, g); err != nil {
				return err
			}
		}
	}
	had, _ := newTags(stays.Tags)
	both, refused := newTags(slices.Concat(stays.Tags, r.Tags))
	if refused == nil { // else there would be too many: those of the one that stays
		if err := stays.retag(ctx, u, had, both); err != nil {
			return err
		}
	}
	if stays.Reseller == "" && r.Reseller != "" {
		if _, err := u.Exec(ctx, setReseller, stays.Partner, stays.ID, stays.Kind, r.Reseller); err != nil {
			return err
		}
		if err := u.Count(ctx, stays.Partner, relationship.ByReseller.Counter(string(r.Reseller)), 1); err != nil {
			return err
		}
	}
	if stays.Qualification == "" && r.Qualification != "" {
		if _, err := u.Exec(ctx, setAsked, stays.Partner, stays.ID, stays.Kind, r.Qualification); err != nil {
			return err
		}
	}
	if r.Status == verification.None || !r.StatusAt.After(stays.StatusAt) {
		return nil
	}
	was := relationship.Relation{Partner: stays.Partner, Customer: stays.ID, Kind: stays.Kind, Status: string(stays.Status)}
	return was.SetStatus(ctx, u, string(r.Status), r.StatusAt)
}

// moveRest moves what does not belong to one relation.
func (c Comparison) moveRest(ctx context.Context, u *op.Unit, people []id.User) error {
	from, into := c.From.Tenant.ID, c.Into.Tenant.ID
	if err := gdap.Move(ctx, u, from, into); err != nil {
		return err
	}
	if err := agreement.Move(ctx, u, from, into); err != nil {
		return err
	}
	if _, err := u.Exec(ctx, deleteOrganization, from); err != nil {
		return err
	}
	for _, f := range merges {
		if err := f(ctx, u, from, into, people); err != nil {
			return err
		}
	}
	for _, p := range c.partners() {
		if err := FollowDelegation(ctx, u, p, into); err != nil {
			return err
		}
	}
	return nil
}

// Merged is what the event "customer-merged" tells.
type Merged struct{ From, Into id.Tenant }

// tell writes the merge to the logs of everybody concerned, and lets the partners
// hear of it.
func (c Comparison) tell(ctx context.Context, u *op.Unit, reason string) error {
	from, into := c.From.Tenant, c.Into.Tenant
	record := func(tenant id.Tenant) error {
		return u.Record(ctx, op.Record{
			Operation: "merge_customer", Resource: "customer", Tenant: tenant, Customer: into.ID, CustomerName: into.Name,
			Old: map[string]string{"Id": string(from.ID), "CompanyName": from.Name}, New: map[string]string{"Id": string(into.ID), "CompanyName": into.Name},
			Data: map[string]string{"reason": reason},
		})
	}
	for _, tenant := range []id.Tenant{u.Actor.Tenant, into.ID} {
		if err := record(tenant); err != nil {
			return err
		}
	}
	for _, p := range c.partners() {
		if err := record(p); err != nil {
			return err
		}
		err := u.Emit(ctx, op.Event{
			Name: "customer-merged", Tenant: p, Customer: into.ID, Resource: "/v1/customers/" + string(into.ID), Payload: Merged{from.ID, into.ID},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxMerges is how often one organization is followed into another.
const maxMerges = 10

// gone returns why partner finds no customer: it is part of another one that the
// partner knows, or there is nothing (refusal.NotFound).
func gone(ctx context.Context, t *db.Tx, partner, customer id.Tenant) error {
	into := customer
	for range maxMerges {
		end, err := identity.EndOf(ctx, t, into)
		if err != nil {
			return err
		}
		if end.Into == "" {
			break
		}
		into = end.Into
	}
	if into == customer {
		return refusal.NotFound
	}
	known, err := relationship.Between(ctx, t, partner, into)
	switch {
	case err != nil:
		return err
	case len(known) == 0:
		return refusal.NotFound
	}
	return ErrMerged.With("Into", string(into))
}
