package partnership

import (
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/letter"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/wording"
)

// Outline is what the message of a request is made of.
type Outline struct {
	Provider identity.Partner
	Token    string

	drafts wording.Drafts
}

// Begin returns what the message of a new request is made of (rule E18). It keeps
// nothing. A provider that may not take up new business is refused (RF-06, RF-43).
var Begin = op.Define(op.Spec{Name: "partnership.request.begin", Action: "partnership.invite"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Outline, error) {
		p, err := provider(ctx, u)
		if err != nil {
			return Outline{}, err
		}
		drafts, err := wording.Of(ctx, u.Tx, wording.Partnership)
		return Outline{Provider: p, Token: letter.NewToken(), drafts: drafts}, err
	})

// provider returns the partner of the actor, who must be able to take up new
// business (rule A7).
func provider(ctx context.Context, u *op.Unit) (identity.Partner, error) {
	p, found, err := identity.PartnerOf(ctx, u.Tx, u.Actor.Tenant)
	if err == nil && !found {
		err = identity.ErrPartnerNotEnrolled
	}
	if err != nil {
		return p, err
	}
	return p, p.MaySell()
}

// Words returns the message of a request in a language: link is its link. The
// provider may change them.
func (o Outline) Words(language, recipient, link string) (subject, text string) {
	return o.drafts.Say(language, map[string]string{wording.Provider: o.Provider.Name, wording.Recipient: recipient, wording.Link: link})
}

// New is a message that is done. Base is the address of the installation, with which
// the link in Message begins.
type New struct {
	Token, Base string
	Recipient   Recipient
	Language    string
	Subject     string
	Message     string
}

// lineMax is the longest name of a recipient, and the longest subject, in bytes.
const lineMax = 320

// Make keeps a request whose message the provider is about to send itself. A message
// without its link is RF-22; beside that it refuses what Begin refuses.
var Make = op.Define(op.Spec{Name: "partnership.request.make", Action: "partnership.invite", Write: true},
	func(ctx context.Context, u *op.Unit, in New) (Request, error) {
		if _, err := provider(ctx, u); err != nil {
			return Request{}, err
		}
		if err := in.check(); err != nil {
			return Request{}, err
		}
		if _, taken, err := find(ctx, u, byToken, in.Token); err != nil || taken {
			if err == nil {
				err = refusal.RF22.On("message")
			}
			return Request{}, err
		}
		r := Request{
			Provider: u.Actor.Tenant, ID: u.NewID(), Token: in.Token, Recipient: in.Recipient, Language: in.Language, Subject: in.Subject, Message: in.Message, State: Open,
			By: u.Actor.User, ByName: u.Actor.UserName, CreatedAt: u.Now, ExpiresAt: u.Now.Add(Lifetime),
		}
		_, err := u.Exec(ctx, insertRequest, r.Provider, r.ID, r.Token, r.Recipient.Name, r.Recipient.Email, r.Language, r.Subject, r.Message, r.State,
			r.By, r.ByName, db.Micros(r.CreatedAt), db.Micros(r.ExpiresAt))
		if err != nil {
			return Request{}, err
		}
		return r, r.log(ctx, u, "create_partnership_request")
	})

// check brings in into the form that is kept, and returns all that is wrong.
func (in *New) check() error {
	var faults fault.List
	in.Recipient.Name, in.Recipient.Email = naming.Trim(in.Recipient.Name), naming.Trim(in.Recipient.Email)
	in.Subject = naming.Trim(in.Subject)
	if len(in.Subject) > lineMax || !naming.Printable(in.Subject) {
		faults.Add(refusal.Property.On("subject").With("Name", "subject"))
	}
	if len(in.Recipient.Name) > lineMax || !naming.Printable(in.Recipient.Name) {
		faults.Add(refusal.Property.On("recipientName").With("Name", "recipientName"))
	}
	if in.Recipient.Email != "" && !naming.ValidEmail(in.Recipient.Email) {
		faults.Add(refusal.Property.On("recipientEmail").With("Name", "recipientEmail"))
	}
	if !slices.Contains(lang.Tags(), in.Language) {
		faults.Add(identity.ErrLanguage.On("language"))
	}
	if !letter.IsToken(in.Token) {
		faults.Add(refusal.RF22.On("message"))
		return faults.Err()
	}
	var refused *fault.Error
	in.Message, refused = letter.Check(in.Message, Link(in.Base, in.Token))
	faults.Add(refused)
	return faults.Err()
}

// Withdraw ends an open request of the actor's organization. One that is not open
// any more is refused with ErrEnded.
var Withdraw = op.Define(op.Spec{Name: "partnership.request.withdraw", Action: "partnership.invite", Write: true},
	func(ctx context.Context, u *op.Unit, request string) (Request, error) {
		r, err := own(ctx, u, request)
		if err != nil {
			return Request{}, err
		}
		if err := r.end(ctx, u, Withdrawn); err != nil {
			return Request{}, err
		}
		return r, r.log(ctx, u, "withdraw_partnership_request")
	})

// Show returns a request of the actor's organization, or refusal.NotFound.
var Show = op.Define(op.Spec{Name: "partnership.request.show", Action: "partnership.invite"}, own)

// Rewriting is the input of Rewrite.
type Rewriting struct{ ID, Base, Subject, Message string }

var rewrite = db.SQL(`UPDATE partnership_requests SET subject = $3, message = $4 WHERE provider_id = $1 AND id = $2`)

// Rewrite keeps the message of an open request as the provider has changed it; its
// link has to stay (RF-22). One that is not open any more is refused with ErrEnded.
var Rewrite = op.Define(op.Spec{Name: "partnership.request.rewrite", Action: "partnership.invite", Write: true},
	func(ctx context.Context, u *op.Unit, in Rewriting) (Request, error) {
		r, err := own(ctx, u, in.ID)
		switch {
		case err != nil:
			return r, err
		case r.State != Open:
			return r, ErrEnded.With("State", fault.Keys{r.State.Key()})
		}
		changed := New{Token: r.Token, Base: in.Base, Recipient: r.Recipient, Language: r.Language, Subject: in.Subject, Message: in.Message}
		if err := changed.check(); err != nil {
			return r, err
		}
		r.Subject, r.Message = changed.Subject, changed.Message
		_, err = u.Exec(ctx, rewrite, r.Provider, r.ID, r.Subject, r.Message)
		return r, err
	})

// requestsMax is how many requests List returns at most.
const requestsMax = 500

// List returns the last 500 requests of the actor's organization, the newest first.
var List = op.Define(op.Spec{Name: "partnership.request.list", Action: "partnership.invite"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Request, error) {
		all, err := db.All(ctx, u.Tx, newest, []any{u.Actor.Tenant, requestsMax}, scan)
		for i := range all {
			all[i] = all[i].at(u.Now)
		}
		return all, err
	})
