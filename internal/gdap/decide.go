package gdap

import (
	"context"
	"slices"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// ErrNoConsent refuses to answer for a provider's proposal where there is none.
var ErrNoConsent = fault.New(fault.Conflict, "2000", "gdap.no_consent")

// What a partner asks about a relationship (rule F4), each with the row of the
// matrix that decides about it.
var (
	// LockForApproval sends a draft to the customer, who has 90 days to answer.
	LockForApproval = op.Define(op.Spec{Name: "gdap.lock", Action: "gdap.request", Write: true},
		func(ctx context.Context, u *op.Unit, in Ref) (Asked, error) {
			r, err := find(ctx, u, in.Relationship, in.Version)
			if err != nil {
				return Asked{}, err
			}
			if _, err := r.enter(Lock, u.Now); err != nil {
				return Asked{}, err
			}
			if err := r.save(ctx, u); err != nil {
				return Asked{}, err
			}
			return r.asked(ctx, u, Lock)
		})

	// Consent is the reseller's word for what its provider proposes: then the
	// customer is asked. What nobody proposed is ErrNoConsent.
	Consent = op.Define(op.Spec{Name: "gdap.consent", Action: "gdap.request", Write: true},
		func(ctx context.Context, u *op.Unit, in Ref) (Asked, error) {
			r, err := dueConsent(ctx, u, in)
			if err != nil {
				return Asked{}, err
			}
			r.ConsentDue = false
			if err := r.save(ctx, u); err != nil {
				return Asked{}, err
			}
			return r.asked(ctx, u, Approve)
		})

	// Refuse is the reseller's refusal of what its provider proposes.
	Refuse = op.Define(op.Spec{Name: "gdap.refuse", Action: "gdap.request", Write: true},
		func(ctx context.Context, u *op.Unit, in Ref) (Asked, error) {
			r, err := dueConsent(ctx, u, in)
			if err != nil {
				return Asked{}, err
			}
			return r.close(ctx, u, Reject)
		})

	// End terminates a relationship, or withdraws a request that nobody answered
	// yet; access ends at once (rule F10). A request that may not have been
	// answered meanwhile is withdrawn with its version.
	End = op.Define(op.Spec{Name: "gdap.end", Action: "gdap.end", Write: true},
		func(ctx context.Context, u *op.Unit, in Ref) (Asked, error) {
			r, err := find(ctx, u, in.Relationship, in.Version)
			if err != nil {
				return Asked{}, err
			}
			return r.close(ctx, u, Terminate)
		})
)

// dueConsent returns a proposal that waits for the actor's organisation.
func dueConsent(ctx context.Context, u *op.Unit, in Ref) (Relationship, error) {
	r, err := find(ctx, u, in.Relationship, in.Version)
	switch {
	case err != nil:
		return r, err
	case r.Partner != u.Actor.Tenant || !r.ConsentDue:
		return r, ErrNoConsent
	case r.Status != ApprovalPending:
		return r, ErrStatus.With("Status", fault.Keys{r.Status.Key()})
	}
	return r, nil
}

// close ends r by e, writes it down and tells of it.
func (r *Relationship) close(ctx context.Context, u *op.Unit, e Event) (Asked, error) {
	if err := r.pass(ctx, u, e); err != nil {
		return Asked{}, err
	}
	return r.asked(ctx, u, e)
}

// pass lets e happen to r, saves it, and says of every status on the way what is
// to be said. What has ended has no assignments.
func (r *Relationship) pass(ctx context.Context, u *op.Unit, e Event) error {
	old := r.logged()
	path, err := r.enter(e, u.Now)
	if err != nil {
		return err
	}
	if err := r.save(ctx, u); err != nil {
		return err
	}
	if r.Status.Over() {
		if _, err := u.Exec(ctx, dropAssignmentsOf, r.ID); err != nil {
			return err
		}
	}
	if !r.ActivatedAt.IsZero() { // it has become active, or ceased to be
		if err := follow(ctx, u, r.Partner, r.Customer); err != nil {
			return err
		}
	}
	partner, err := identity.TenantByID(ctx, u.Tx, r.Partner)
	if err != nil {
		return err
	}
	told := r.told(partner.Name)
	told.Declined = e == Reject
	for _, s := range path {
		if err := r.say(ctx, u, s, old, told); err != nil {
			return err
		}
	}
	return nil
}

// say writes and tells that r was, at least for a moment, s.
func (r Relationship) say(ctx context.Context, u *op.Unit, s Status, old any, told Told) error {
	words, ok := said[s]
	if !ok {
		return nil
	}
	as := r
	as.Status = s
	if err := as.record(ctx, u, words.record, old); err != nil || words.event == "" {
		return err
	}
	return r.emit(ctx, u, words.event, told)
}

// ownRelationship returns a relationship as the customer who is asked or bound
// sees it: one that is bound to the customer, or one that waits for whoever has
// its link. One that is bound to another customer is RF-23, and what nobody may
// see yet, or no more, refusal.RF24.
func ownRelationship(ctx context.Context, u *op.Unit, relationship string) (Relationship, error) {
	r, err := byID(ctx, u.Tx, relationship)
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		return r, refusal.RF24
	case err != nil:
		return r, err
	case r.Status == Created || r.ConsentDue && r.Status == ApprovalPending:
		return Relationship{}, refusal.RF24
	case r.Customer != "" && r.Customer != u.Actor.Tenant:
		return Relationship{}, refusal.RF23
	case r.Customer == "" && r.Status != ApprovalPending:
		return Relationship{}, refusal.RF24
	}
	return r, nil
}

// Decision is the input of the customer's answers.
type Decision struct{ Relationship string }

// OwnApprove is the approval of all roles by the actor's organisation, a customer
// (rule F6): the relationship is active from then on. It refuses with RF-23,
// RF-24, ErrStatus and identity.ErrFactorToAccept (rule A12).
var OwnApprove = op.Define(op.Spec{Name: "own.gdap.approve", Action: "own.gdap.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Relationship, error) {
		r, err := ownRelationship(ctx, u, in.Relationship)
		if err != nil {
			return r, err
		}
		if err := identity.ProvedFactor(u); err != nil {
			return r, err
		}
		if err := r.known(ctx, u); err != nil {
			return r, err
		}
		r.ApprovedBy = u.Actor.UserName
		if err := r.pass(ctx, u, Approve); err != nil {
			return r, err
		}
		_, err = r.asked(ctx, u, Approve)
		return r, err
	})

// OwnReject is the refusal by the actor's organisation, a customer. It refuses as
// OwnApprove.
var OwnReject = op.Define(op.Spec{Name: "own.gdap.reject", Action: "own.gdap.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Relationship, error) {
		r, err := ownRelationship(ctx, u, in.Relationship)
		if err != nil {
			return r, err
		}
		if r.Customer == "" {
			// Whoever has an open link may say no for himself only.
			return r, ErrOpenLink
		}
		if r.Status != ApprovalPending {
			return r, ErrStatus.With("Status", fault.Keys{r.Status.Key()})
		}
		_, err = r.close(ctx, u, Reject)
		return r, err
	})

// ErrOpenLink refuses to end a request that is not bound to the customer.
var ErrOpenLink = fault.New(fault.Conflict, "2000", "gdap.open_link")

// OwnEnd removes the roles that a partner holds at the actor's organisation, a
// customer (rule F10).
var OwnEnd = op.Define(op.Spec{Name: "own.gdap.end", Action: "own.gdap.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Relationship, error) {
		r, err := ownRelationship(ctx, u, in.Relationship)
		if err != nil {
			return r, err
		}
		if r.Status != Active {
			return r, ErrStatus.With("Status", fault.Keys{r.Status.Key()})
		}
		_, err = r.close(ctx, u, Terminate)
		return r, err
	})

// known binds r to the actor's organisation under the name by which the partner
// knows it: the one of their relation, else the organisation's own (rule C32).
func (r *Relationship) known(ctx context.Context, u *op.Unit) error {
	t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return err
	}
	if t.Kind != identity.CustomerTenant {
		return refusal.RF09
	}
	r.Customer, r.CustomerName = t.ID, t.Name
	relations, err := relationship.Between(ctx, u.Tx, r.Partner, t.ID)
	if err == nil && len(relations) > 0 {
		r.CustomerName = relations[0].OriginalName
	}
	return err
}

// Switch is the input of SetAutoExtend and OwnSetAutoExtend.
type Switch struct {
	Ref
	AutoExtend string // in ISO 8601; nothing in any spelling is off
}

// SetAutoExtend switches the auto extension of a relationship of the actor's
// organisation on or off while it can still be changed (rule F7). Nobody is told
// (N13). It refuses Global Administrator with RF-29, and with ErrPending while an
// operation works on the relationship.
var SetAutoExtend = op.Define(op.Spec{Name: "gdap.auto_extend", Action: "gdap.end", Write: true},
	func(ctx context.Context, u *op.Unit, in Switch) (Relationship, error) {
		r, err := find(ctx, u, in.Relationship, in.Version)
		if err != nil {
			return r, err
		}
		return r.setAutoExtend(ctx, u, in.AutoExtend)
	})

// OwnSetAutoExtend is SetAutoExtend by the customer whom the relationship binds.
var OwnSetAutoExtend = op.Define(op.Spec{Name: "own.gdap.auto_extend", Action: "own.gdap.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Switch) (Relationship, error) {
		r, err := ownRelationship(ctx, u, in.Relationship)
		if err != nil {
			return r, err
		}
		if r.Customer == "" {
			return r, ErrOpenLink
		}
		if err := r.at(in.Version); err != nil {
			return r, err
		}
		return r.setAutoExtend(ctx, u, in.AutoExtend)
	})

func (r Relationship) setAutoExtend(ctx context.Context, u *op.Unit, to string) (Relationship, error) {
	extension, err := r.judgeExtension(ctx, u, to)
	if err != nil || extension == r.AutoExtend {
		return r, err
	}
	old := r.logged()
	r.AutoExtend = extension
	if err := r.save(ctx, u); err != nil || r.Status == Created {
		return r, err
	}
	return r, r.record(ctx, u, "granular_admin_relationship_auto_extend_switched", old)
}

// Offer is a relationship as the customer who is asked, or bound, sees it.
type Offer struct {
	Relationship
	PartnerName string
	// Until when it may be answered, and when it ends if it is approved now; zero
	// when it waits for nothing.
	AnswerBy, EndIfApproved time.Time
}

// OwnGet returns a relationship as the customer who is asked, or bound, sees it.
var OwnGet = op.Define(op.Spec{Name: "own.gdap.get", Action: "own.partner.view"},
	func(ctx context.Context, u *op.Unit, in Decision) (Offer, error) {
		r, err := ownRelationship(ctx, u, in.Relationship)
		if err != nil {
			return Offer{}, err
		}
		partner, err := identity.TenantByID(ctx, u.Tx, r.Partner)
		if err != nil {
			return Offer{}, err
		}
		o := Offer{Relationship: r, PartnerName: partner.Name}
		if r.Status == ApprovalPending {
			o.AnswerBy, o.EndIfApproved = r.nextAt, u.Now.Add(time.Duration(r.Days())*day)
		}
		return o, nil
	})

// OwnList returns the relationships that bind the actor's organisation, a
// customer, newest first: what waits, what is active and what has ended.
var OwnList = op.Define(op.Spec{Name: "own.gdap.list", Action: "own.partner.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Relationship, error) {
		all, err := queryRelationships(ctx, u.Tx, boundTo, u.Actor.Tenant)
		return shownToCustomer(all), err
	})

// OwnWith returns those of OwnList that are one partner's.
func OwnWith(ctx context.Context, u *op.Unit, partner id.Tenant) ([]Relationship, error) {
	all, err := Of(ctx, u.Tx, partner, u.Actor.Tenant)
	slices.Reverse(all)
	return shownToCustomer(all), err
}

// shownToCustomer leaves out what the customer is not asked yet.
func shownToCustomer(all []Relationship) []Relationship {
	return slices.DeleteFunc(all, func(r Relationship) bool { return r.Status == Created || r.ConsentDue })
}

// AskedCustomer returns whom a relationship is bound to, for the command line of a
// sandbox; refusal.RF24 when there is none, or it is bound to nobody.
var AskedCustomer = op.Define(op.Spec{Name: "gdap.asked_customer", Action: "job.run"},
	func(ctx context.Context, u *op.Unit, relationship string) (id.Tenant, error) {
		r, err := byID(ctx, u.Tx, relationship)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return "", err
		}
		if err != nil || r.Customer == "" {
			return "", refusal.RF24
		}
		return r.Customer, nil
	})
