package invitation

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/letter"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Query is the input of List. State narrows to one state. The newest come first,
// or with Oldest the oldest; Cursor is that of a page which List returned, and
// Backward asks for what comes before it, or without a cursor for the end.
type Query struct {
	State    State
	Oldest   bool
	Cursor   string
	Backward bool
	Size     int
}

// Page is a page of invitations with the cursors of its neighbours, "" at the ends.
// Total counts all that match; with AtLeast there may be more.
type Page struct {
	Invitations    []Invitation
	Total          int64
	AtLeast        bool
	Previous, Next string
}

// pageMax is how many invitations a page has at most, countMax how far they are
// counted.
const (
	pageMax  = 500
	countMax = 10_000
)

// beyond is greater than every id.
var beyond = strings.Repeat("z", 8)

// inState narrows to invitations of one of two states that expire within bounds: an
// open one that ran out is noted as expired in the night only.
const inState = ` WHERE partner_id = $1 AND state IN ($2, $3) AND expires_at > $4 AND expires_at <= $5`

var (
	olderAll = db.SQL(invitationColumns + ` WHERE partner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`)
	newerAll = db.SQL(invitationColumns + ` WHERE partner_id = $1 AND id > $2 ORDER BY id LIMIT $3`)
	olderOf  = db.SQL(invitationColumns + inState + ` AND id < $6 ORDER BY id DESC LIMIT $7`)
	newerOf  = db.SQL(invitationColumns + inState + ` AND id > $6 ORDER BY id LIMIT $7`)
	countAll = db.SQL(`SELECT COUNT(*) FROM (SELECT id FROM invitations WHERE partner_id = $1 LIMIT $2) AS counted`)
	countOf  = db.SQL(`SELECT COUNT(*) FROM (SELECT id FROM invitations` + inState + ` LIMIT $6) AS counted`)
)

// of are the arguments of inState for the invitations that are in state at now.
func (s State) of(partner id.Tenant, now time.Time) []any {
	moment := db.Micros(now)
	switch s {
	case Open:
		return []any{partner, Open, Open, moment, int64(math.MaxInt64)}
	case Expired:
		return []any{partner, Expired, Open, int64(math.MinInt64), moment}
	case Accepted, Declined, Withdrawn:
	}
	return []any{partner, s, s, int64(math.MinInt64), int64(math.MaxInt64)}
}

// List returns a page of the invitations of the actor's organization (portal P-4b).
var List = op.Define(op.Spec{Name: "invitation.list", Action: "relationship.invite"},
	func(ctx context.Context, u *op.Unit, q Query) (Page, error) {
		found, more, err := q.read(ctx, u)
		if err != nil {
			return Page{}, err
		}
		p := Page{Invitations: found}
		p.Previous, p.Next = q.neighbours(found, more)
		stmt, args := countAll, []any{u.Actor.Tenant}
		if q.State != "" {
			stmt, args = countOf, q.State.of(u.Actor.Tenant, u.Now)
		}
		err = u.QueryRow(ctx, stmt, append(args, countMax), &p.Total)
		p.AtLeast = p.Total == countMax
		return p, err
	})

// read returns the invitations of the page in its order, and whether there are more
// in the direction of q.
func (q Query) read(ctx context.Context, u *op.Unit) (found []Invitation, more bool, err error) {
	size, older := min(max(q.Size, 1), pageMax), q.Oldest == q.Backward
	stmt, args := newerAll, []any{u.Actor.Tenant}
	switch {
	case q.State != "" && older:
		stmt, args = olderOf, q.State.of(u.Actor.Tenant, u.Now)
	case q.State != "":
		stmt, args = newerOf, q.State.of(u.Actor.Tenant, u.Now)
	case older:
		stmt = olderAll
	}
	from := q.Cursor
	if from == "" && older {
		from = beyond
	}
	found, err = db.All(ctx, u.Tx, stmt, append(args, from, size+1), scanInvitation)
	if len(found) > size {
		found, more = found[:size], true
	}
	if q.Backward {
		slices.Reverse(found)
	}
	for i := range found {
		found[i] = found[i].at(u.Now)
	}
	return found, more, err
}

// neighbours are the cursors of the pages before and after one, "" for none.
func (q Query) neighbours(page []Invitation, more bool) (previous, next string) {
	if len(page) == 0 {
		return "", ""
	}
	first, last := page[0].ID, page[len(page)-1].ID
	before, after := q.Cursor != "", more
	if q.Backward {
		before, after = more, q.Cursor != ""
	}
	if !before {
		first = ""
	}
	if !after {
		last = ""
	}
	return first, last
}

// Shown is an invitation with the link of its message.
type Shown struct {
	Invitation
	Link    Link
	Inviter identity.Partner
}

// Show returns an invitation of the actor's organization, or refusal.NotFound.
var Show = op.Define(op.Spec{Name: "invitation.show", Action: "relationship.invite"}, show)

func show(ctx context.Context, u *op.Unit, invitation string) (Shown, error) {
	i, err := own(ctx, u, invitation)
	if err != nil {
		return Shown{}, err
	}
	s := Shown{Invitation: i}
	if s.Inviter, _, err = identity.PartnerOf(ctx, u.Tx, i.Partner); err != nil {
		return Shown{}, err
	}
	s.Link = ownLink(s.Inviter)
	s.Link.Provider, s.Link.Token = i.Provider, i.Token
	return s, nil
}

// Rewriting is the input of Rewrite: the text that takes the place of the one that
// was kept. Base is as of New.
type Rewriting struct{ ID, Base, Subject, Message string }

// Rewrite keeps another text of an open invitation of the actor's organization. A
// text without its link is RF-22, an invitation that is not open any more ErrEnded.
var Rewrite = op.Define(op.Spec{Name: "invitation.rewrite", Action: "relationship.invite", Write: true},
	func(ctx context.Context, u *op.Unit, in Rewriting) (Invitation, error) {
		s, err := show(ctx, u, in.ID)
		if err != nil {
			return Invitation{}, err
		}
		message, refused := letter.Check(in.Message, s.Link.URL(in.Base))
		if refused == nil {
			refused = checkSubject(in.Subject)
		}
		if refused != nil {
			return Invitation{}, refused
		}
		if s.State != Open {
			return Invitation{}, s.ended()
		}
		if message == s.Message && in.Subject == s.Subject {
			return s.Invitation, nil
		}
		s.Subject, s.Message = in.Subject, message
		n, err := u.Exec(ctx, rewriteOpen, s.Partner, s.ID, s.Subject, message, Open)
		if err == nil && n == 0 {
			err = ErrEnded
		}
		if err != nil {
			return Invitation{}, err
		}
		return s.Invitation, s.log(ctx, u, "update_relationship_request")
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

// Tally is how the invitations of an organization stand, for its home page (P-1).
type Tally struct {
	Open     int64
	Accepted int64 // within the last week
}

var acceptedSince = db.SQL(`SELECT COUNT(*) FROM (SELECT id FROM invitations WHERE partner_id = $1 AND state = 'accepted' AND ended_at >= $2 LIMIT $3) AS counted`)

// Count counts the invitations of the actor's organization, as far as countMax.
var Count = op.Define(op.Spec{Name: "invitation.count", Action: "relationship.invite"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Tally, error) {
		var t Tally
		if err := u.QueryRow(ctx, countOf, append(Open.of(u.Actor.Tenant, u.Now), countMax), &t.Open); err != nil {
			return t, err
		}
		err := u.QueryRow(ctx, acceptedSince, []any{u.Actor.Tenant, db.Micros(u.Now.AddDate(0, 0, -7)), countMax}, &t.Accepted)
		return t, err
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
