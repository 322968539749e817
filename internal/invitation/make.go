package invitation

import (
	"cmp"
	"context"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/letter"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/wording"
)

// Asking is who asks for a relation, and perhaps whom.
type Asking struct {
	Provider id.Tenant // for a joint invitation
	Customer id.Tenant // the customer of the list that was chosen; "" for anybody
}

// Outline is what a message is made of.
type Outline struct {
	Link      Link // with a new token
	Partner   identity.Partner
	Provider  identity.Partner   // of a joint invitation
	Providers []identity.Partner // those whom an indirect reseller may choose
	Customer  string             // the name of the customer that was chosen
	Recipient Recipient          // the contact of that customer, or without one its name
	// Terms are the admin roles to begin with; the actor chooses others, and which of
	// Groups get them, when Chooses.
	Terms   gdap.Terms
	Groups  []identity.Group
	Chooses bool

	drafts wording.Drafts
}

// Begin returns what the message of a new invitation is made of (rule E2). It
// keeps nothing. A partner that may not take up new business is refused (RF-06,
// RF-43), a provider that the reseller does not work with with
// relationship.ErrNotProvider, a customer of somebody else as not found, and one
// that the partner sells to already with ErrConnected.
var Begin = op.Define(op.Spec{Name: "invitation.begin", Action: "relationship.invite"}, begin)

// BeginJoint is Begin for a reseller together with a provider (rule E6).
var BeginJoint = op.Define(op.Spec{Name: "invitation.begin.joint", Action: "relationship.invite.joint"}, begin)

func begin(ctx context.Context, u *op.Unit, in Asking) (Outline, error) {
	p, err := inviter(ctx, u)
	if err != nil {
		return Outline{}, err
	}
	o := Outline{Partner: p, Link: ownLink(p)}
	o.Link.Provider, o.Link.Token = in.Provider, letter.NewToken()
	if p.Types&policy.IndirectReseller != 0 {
		if o.Providers, err = providersOf(ctx, u, p.Tenant); err != nil {
			return Outline{}, err
		}
	}
	if in.Provider != "" {
		i := slices.IndexFunc(o.Providers, func(p identity.Partner) bool { return p.Tenant == in.Provider })
		if i < 0 {
			return Outline{}, relationship.ErrNotProvider
		}
		o.Provider = o.Providers[i]
	}
	kind := wording.Own
	if in.Provider != "" {
		kind = wording.Joint
	}
	if o.drafts, err = wording.Of(ctx, u.Tx, kind); err != nil {
		return o, err
	}
	if err := o.choose(ctx, u, in); err != nil {
		return o, err
	}
	o.Chooses = mayChoose(u) == nil
	if o.Terms, err = gdap.SuggestedTerms(ctx, u, asksAsReseller(p, in.Provider)); err != nil {
		return o, err
	}
	o.Groups, err = identity.Groups(ctx, u.Tx, p.Tenant)
	return o, err
}

// mayChoose refuses who may not ask for other admin roles than the usual ones (rule F1).
func mayChoose(u *op.Unit) error { return u.May("gdap.request", true) }

// asksAsReseller reports whether p, with a provider or without, asks as an indirect reseller, who holds the
// smaller set of admin roles (rule F13).
func asksAsReseller(p identity.Partner, provider id.Tenant) bool {
	return provider != "" || p.Types&policy.Sellers == 0
}

// providersOf returns the providers that a reseller works with.
func providersOf(ctx context.Context, u *op.Unit, reseller id.Tenant) ([]identity.Partner, error) {
	all, err := relationship.ProvidersOf(ctx, u.Tx, reseller)
	if err != nil {
		return nil, err
	}
	var found []identity.Partner
	for _, a := range all {
		p, known, err := identity.PartnerOf(ctx, u.Tx, a.Provider)
		if err != nil {
			return nil, err
		}
		if known {
			found = append(found, p)
		}
	}
	return found, nil
}

// inviter returns the partner of the actor, who must be able to take up new
// business (rule A7).
func inviter(ctx context.Context, u *op.Unit) (identity.Partner, error) {
	p, found, err := identity.PartnerOf(ctx, u.Tx, u.Actor.Tenant)
	if err == nil && !found {
		err = identity.ErrPartnerNotEnrolled
	}
	if err != nil {
		return p, err
	}
	return p, p.MaySell()
}

// choose reads the customer that in names, which must be in the list of the actor's
// organization without being sold to.
func (o *Outline) choose(ctx context.Context, u *op.Unit, in Asking) error {
	if in.Customer == "" {
		return nil
	}
	known, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, in.Customer)
	switch {
	case err != nil:
		return err
	case len(known) == 0:
		return refusal.NotFound
	case slices.ContainsFunc(known, func(r relationship.Relation) bool {
		return r.Kind.Sells() && (in.Provider == "" || r.Provider == in.Provider)
	}):
		return ErrConnected
	}
	c, err := relationship.PrimaryContactOf(ctx, u.Tx, known[0])
	o.Customer = known[0].OriginalName
	o.Recipient = Recipient{Name: cmp.Or(naming.Trim(c.FirstName+" "+c.LastName), o.Customer), Email: c.Email}
	return err
}

// New is a message that is done (rule E3). Base is the address of the
// installation, with which the link in Message begins.
type New struct {
	Asking
	Token, Base string
	Recipient   Recipient
	Source      Source
	Language    string
	// Delegated asks for admin roles as well: those of Terms, or the usual ones when
	// it says nothing. Who may not request others is refused with RF-10.
	Delegated bool
	Terms     gdap.Terms
	// Subject heads the message; "" is that of the draft.
	Subject string
	Message string
}

// Make keeps an invitation whose message the partner is about to send itself. A
// message without its link is RF-22; beside that it refuses what Begin refuses.
var Make = op.Define(op.Spec{Name: "invitation.make", Action: "relationship.invite", Write: true}, makeInvitation)

// MakeJoint is Make for a reseller together with a provider (rule E6).
var MakeJoint = op.Define(op.Spec{Name: "invitation.make.joint", Action: "relationship.invite.joint", Write: true}, makeInvitation)

// recipientMax is the longest name of a recipient, in bytes.
const recipientMax = 320

func makeInvitation(ctx context.Context, u *op.Unit, in New) (Invitation, error) {
	o, err := begin(ctx, u, in.Asking)
	if err != nil {
		return Invitation{}, err
	}
	o.Link.Token = in.Token
	if err := in.check(ctx, u, o); err != nil {
		return Invitation{}, err
	}
	i := Invitation{
		Partner: u.Actor.Tenant, ID: u.NewID(), Token: in.Token, Provider: in.Provider, Customer: in.Customer, Name: o.Customer,
		Recipient: in.Recipient, Source: in.Source, Language: in.Language, Delegated: in.Delegated, Terms: in.Terms, Subject: in.Subject, Message: in.Message, State: Open,
		ProviderName: o.Provider.Name,
		By:           u.Actor.User, ByName: u.Actor.UserName, CreatedAt: u.Now, ExpiresAt: u.Now.Add(Lifetime),
	}
	if _, taken, err := find(ctx, u, byToken, in.Token); err != nil || taken {
		if err == nil {
			err = refusal.RF22.On("message")
		}
		return Invitation{}, err
	}
	if err := i.insert(ctx, u); err != nil {
		return Invitation{}, err
	}
	return i, i.log(ctx, u, "create_relationship_request")
}

// check brings in into the form that is kept, and returns all that is wrong.
func (in *New) check(ctx context.Context, u *op.Unit, o Outline) error {
	var faults fault.List
	in.Recipient.Name, in.Recipient.Email = naming.Trim(in.Recipient.Name), naming.Trim(in.Recipient.Email)
	if len(in.Recipient.Name) > recipientMax || !naming.Printable(in.Recipient.Name) {
		faults.Add(refusal.Property.On("recipientName").With("Name", "recipientName"))
	}
	if in.Recipient.Email != "" && !naming.ValidEmail(in.Recipient.Email) {
		faults.Add(refusal.Property.On("recipientEmail").With("Name", "recipientEmail"))
	}
	if in.Source != "" && !slices.Contains(Sources(), in.Source) {
		faults.Add(refusal.Property.On("source").With("Name", "source"))
	}
	if !slices.Contains(lang.Tags(), in.Language) {
		faults.Add(identity.ErrLanguage.On("language"))
	}
	if in.Subject == "" {
		in.Subject, _ = o.Words(in.Language, "", "")
	}
	faults.Add(checkSubject(in.Subject))
	if !letter.IsToken(in.Token) {
		faults.Add(refusal.RF22.On("message"))
	} else {
		var refused *fault.Error
		in.Message, refused = letter.Check(in.Message, o.Link.URL(in.Base))
		faults.Add(refused)
	}
	refused, err := in.checkTerms(ctx, u, o)
	if err != nil {
		return err
	}
	return append(faults, refused...).Err()
}

// checkTerms completes the admin roles that in asks for, and returns what is wrong
// with them.
func (in *New) checkTerms(ctx context.Context, u *op.Unit, o Outline) (fault.List, error) {
	switch {
	case !in.Delegated:
		in.Terms = gdap.Terms{}
		return nil, nil
	case in.Terms.IsZero():
		in.Terms = o.Terms
		return nil, nil
	}
	err := mayChoose(u)
	if err == nil {
		err = in.Terms.Check(ctx, u)
	}
	if err != nil && fault.KindOf(err) == fault.Internal {
		return nil, err
	}
	return fault.All(err), nil
}

// subjectMax is the longest subject of a message, in bytes.
const subjectMax = 800

func checkSubject(subject string) *fault.Error {
	if len(subject) > subjectMax || !naming.Printable(subject) {
		return refusal.Property.On("subject").With("Name", "subject")
	}
	return nil
}

// Words returns the message of an invitation in a language (rule E2): url is its
// link. The partner may change them.
func (o Outline) Words(language, recipient, url string) (subject, text string) {
	return o.drafts.Say(language, map[string]string{
		wording.Partner: o.Partner.Name, wording.Provider: o.Provider.Name, wording.Recipient: recipient, wording.Link: url,
	})
}
