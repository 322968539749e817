package agreement

import (
	"context"
	"crypto/hmac"
	"errors"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// requestLink returns what opens r: whoever has it may answer.
func (k linkKey) requestLink(r Request) string {
	name := string(r.Partner) + "." + r.ID
	return name + "." + k.sign("request "+name)
}

// readRequest returns which request a link is for.
func (k linkKey) readRequest(link string) (partner id.Tenant, request string, ok bool) {
	i := strings.LastIndexByte(link, '.')
	if i < 0 || !hmac.Equal([]byte(link[i+1:]), []byte(k.sign("request "+link[:i]))) {
		return "", "", false
	}
	owner, request, ok := strings.Cut(link[:i], ".")
	return id.Tenant(owner), request, ok
}

// Asked is what the person sees who is asked to accept.
type Asked struct {
	Request
	State       RequestState
	PartnerName string
	Document    Document
	Token       string // opens the text alone, for LinkTime
}

// Opening is the input of OpenRequest: the link, and the language of the reader
// where he chose one.
type Opening struct{ Link, Language string }

// OpenRequest returns the request that a link opens with the text that is to be
// accepted, or ErrLink.
var OpenRequest = op.Define(op.Spec{Name: "agreement.request.open", Action: "agreement.open"},
	func(ctx context.Context, u *op.Unit, in Opening) (Asked, error) {
		r, err := linked(ctx, u.Tx, in.Link)
		if err != nil {
			return Asked{}, err
		}
		out := Asked{Request: r, State: r.State(u.Now)}
		p, _, err := identity.PartnerOf(ctx, u.Tx, r.Partner)
		if err != nil {
			return Asked{}, err
		}
		out.PartnerName = p.Name
		language := r.Language
		if in.Language != "" {
			language = in.Language
		}
		if out.Document, err = readDocument(ctx, u.Tx, r.Rank, language); err != nil {
			return Asked{}, err
		}
		key, err := readKey(ctx, u.Tx)
		out.Token = key.token(Text{Rank: r.Rank, Language: out.Document.Language}, u.Now.Add(LinkTime))
		return out, err
	})

func linked(ctx context.Context, t *db.Tx, link string) (Request, error) {
	key, err := readKey(ctx, t)
	if errors.Is(err, errNoKey) {
		return Request{}, ErrLink
	}
	if err != nil {
		return Request{}, err
	}
	partner, request, ok := key.readRequest(link)
	if !ok {
		return Request{}, ErrLink
	}
	r, found, err := findRequest(ctx, t, partner, request)
	if err == nil && !found {
		err = ErrLink
	}
	return r, err
}

// Answer is the input of AnswerRequest. Agreed is the person's tick.
type Answer struct {
	Link   string
	Agreed bool
}

// AnswerRequest records that the person who was asked accepts. Accepting again
// changes nothing. A link that is none is ErrLink, one that came too late
// ErrRequestExpired, no tick ErrTick.
var AnswerRequest = op.Define(op.Spec{Name: "agreement.request.answer", Action: "agreement.request.answer", Write: true},
	func(ctx context.Context, u *op.Unit, in Answer) (Request, error) {
		r, err := linked(ctx, u.Tx, in.Link)
		if err != nil {
			return Request{}, err
		}
		switch r.State(u.Now) {
		case RequestAccepted, RequestCompleted:
			return r, nil
		case RequestExpired:
			return Request{}, ErrRequestExpired
		case RequestCreated:
		}
		if !in.Agreed {
			return Request{}, ErrTick.On("agreed")
		}
		r.AcceptedAt = u.Now
		if _, err := u.Exec(ctx, acceptRequest, r.Partner, r.ID, db.Micros(u.Now), u.Actor.Address); err != nil {
			return Request{}, err
		}
		return r, r.log(ctx, u, "accept_agreement_request")
	})

// attestRequested makes an accepted request the confirmation of a customer: it
// has to be of that company and country, and counts once.
func attestRequested(ctx context.Context, u *op.Unit, found relationship.Relation, request string) (Agreement, error) {
	const field = "attestationId"
	r, known, err := findRequest(ctx, u.Tx, u.Actor.Tenant, request)
	if err != nil {
		return Agreement{}, err
	}
	switch state := r.State(u.Now); {
	case !known:
		return Agreement{}, ErrRequestUnknown.On(field)
	case state == RequestCreated:
		return Agreement{}, ErrNotAccepted.On(field)
	case state == RequestExpired:
		return Agreement{}, ErrRequestExpired.On(field)
	case state == RequestCompleted:
		return Agreement{}, ErrRequestUsed.On(field)
	case r.Country != found.Country:
		return Agreement{}, ErrOtherCountry.On(field).With("Country", r.Country)
	case naming.DuplicateKey(r.Company) != naming.DuplicateKey(found.OriginalName):
		return Agreement{}, ErrOtherCompany.On(field).With("Company", r.Company)
	}
	all, err := ReadVersions(ctx, u.Tx)
	if err != nil {
		return Agreement{}, err
	}
	v, ok := all.Find(r.Rank)
	if !ok {
		return Agreement{}, refusal.NotFound
	}
	made, err := attestOnce(ctx, u, found, Attestation{Person: r.Person, AgreedAt: r.AcceptedAt}, v)
	if err != nil {
		return Agreement{}, err
	}
	_, err = u.Exec(ctx, completeRequest, r.Partner, r.ID, db.Micros(u.Now), found.Customer)
	return made, err
}
