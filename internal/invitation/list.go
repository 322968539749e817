package invitation

import (
	"context"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Page is the input of List: the invitations made before the one with the id
// Before, the newest first, at most Size; State narrows to one state.
type Page struct {
	State  State
	Before string
	Size   int
}

// pageMax is how many invitations a page has at most.
const pageMax = 500

// beyond is greater than every id.
var beyond = strings.Repeat("z", 8)

// List returns the invitations of the actor's organization (portal P-4b).
var List = op.Define(op.Spec{Name: "invitation.list", Action: "relationship.invite"},
	func(ctx context.Context, u *op.Unit, in Page) ([]Invitation, error) {
		if in.Before == "" {
			in.Before = beyond
		}
		size := min(max(in.Size, 1), pageMax)
		stmt, args := newest, []any{u.Actor.Tenant, in.Before, size}
		if in.State != "" {
			stmt, args = newestOf, []any{u.Actor.Tenant, in.State, in.Before, size}
		}
		all, err := db.All(ctx, u.Tx, stmt, args, scanInvitation)
		for i := range all {
			all[i] = all[i].at(u.Now)
		}
		return all, err
	})

// Shown is an invitation with the link of its message.
type Shown struct {
	Invitation
	Link     Link
	Provider identity.Partner // of a joint invitation
}

// Show returns an invitation of the actor's organization, or refusal.NotFound.
var Show = op.Define(op.Spec{Name: "invitation.show", Action: "relationship.invite"},
	func(ctx context.Context, u *op.Unit, invitation string) (Shown, error) {
		i, err := own(ctx, u, invitation)
		if err != nil {
			return Shown{}, err
		}
		s := Shown{Invitation: i}
		p, _, err := identity.PartnerOf(ctx, u.Tx, i.Partner)
		if err != nil {
			return Shown{}, err
		}
		s.Link = ownLink(p)
		s.Link.Provider, s.Link.Token = i.Provider, i.Token
		if i.Provider != "" {
			s.Provider, _, err = identity.PartnerOf(ctx, u.Tx, i.Provider)
		}
		return s, err
	})

// Withdraw ends an open invitation of the actor's organization (rule b14). One
// that is not open any more is refused with ErrEnded.
var Withdraw = op.Define(op.Spec{Action: "relationship.invite.withdraw", Write: true},
	func(ctx context.Context, u *op.Unit, invitation string) (Invitation, error) {
		i, err := own(ctx, u, invitation)
		if err != nil {
			return Invitation{}, err
		}
		if err := i.end(ctx, u, Withdrawn); err != nil {
			return Invitation{}, err
		}
		return i, i.log(ctx, u, "withdraw_relationship_request")
	})

// Each night the invitations that ran out are noted as expired, so that lists find
// them by their state. To the customer they are that from the moment on.
var _ = job.Define("invitation.expire", job.Options{Next: job.Daily(0, 5), CatchUp: true},
	func(ctx context.Context, u *op.Unit, _ *job.Run, _ struct{}) error {
		_, err := u.Exec(ctx, expireOpen, db.Micros(u.Now))
		return err
	})

// Generic is the input of GenericLink (api-customers.md, 9.7): the other partner of
// a link for two, "" for a link of the actor's organization alone.
type Generic struct{ Provider, Reseller id.Tenant }

// GenericLink returns the link that is good for every customer, and for ever (rule
// E9). It refuses two partners that do not work with each other with
// ErrNotPartners, and ids that are no partner's with refusal.Property.
var GenericLink = op.Define(op.Spec{Name: "invitation.link", Action: "relationship.invite"},
	func(ctx context.Context, u *op.Unit, in Generic) (Link, error) {
		own, err := inviter(ctx, u)
		if err != nil {
			return Link{}, err
		}
		if in.Provider == "" && in.Reseller == "" {
			return ownLink(own), nil
		}
		provider, reseller := own.Tenant, own.Tenant
		switch {
		case in.Provider != "" && in.Reseller != "":
			provider, reseller = in.Provider, in.Reseller
			if own.Tenant != provider && own.Tenant != reseller {
				return Link{}, ErrNotPartners
			}
		case in.Provider != "":
			provider = in.Provider
		default:
			reseller = in.Reseller
		}
		if _, found, err := identity.PartnerOf(ctx, u.Tx, provider); err != nil || !found {
			return Link{}, unknown(err, "indirectCloudSolutionProviderId")
		}
		r, found, err := identity.PartnerOf(ctx, u.Tx, reseller)
		if err != nil || !found {
			return Link{}, unknown(err, "indirectResellerId")
		}
		if related, err := relationship.IsPartner(ctx, u.Tx, provider, reseller); err != nil || !related {
			if err == nil {
				err = ErrNotPartners
			}
			return Link{}, err
		}
		return Link{Partner: reseller, Number: r.PartnerID, Provider: provider}, nil
	})

// ownLink is the link of a partner alone. A PartnerID stands in those of indirect
// resellers (rule E9).
func ownLink(p identity.Partner) Link {
	l := Link{Partner: p.Tenant}
	if p.Types&policy.IndirectReseller != 0 {
		l.Number = p.PartnerID
	}
	return l
}

func unknown(err error, field string) error {
	if err != nil {
		return err
	}
	return refusal.Argument.On(field)
}
