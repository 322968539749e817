package invitation

import (
	"context"

	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/letter"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/refusal"
)

// Declining is the input of Decline. Reason may be empty.
type Declining struct{ Link, Reason string }

// reasonMax is the longest reason, in bytes.
const reasonMax = 1000

// Decline answers an invitation with no; its partners see it, and the reason (K-4).
// It returns the legal name of the partner that invited.
// It refuses what Accept refuses of the invitation itself. Of a link that is good
// for everybody only the log of the customer keeps it: whoever found such a link
// could else write to the people of the partner, as often as he likes.
var Decline = op.Define(op.Spec{Name: "own.invitation.decline", Action: "own.invitation.answer", Write: true},
	func(ctx context.Context, u *op.Unit, in Declining) (string, error) {
		p, err := opened(ctx, u, in.Link)
		if err != nil {
			return "", err
		}
		if err := p.obstacle(ctx, u); err != nil {
			return "", err
		}
		if err := p.waits(ctx, u, p.invited(customer.CompanyDetails{})); err != nil {
			return "", err
		}
		reason := naming.Trim(in.Reason)
		if len(reason) > reasonMax || !letter.Printable(reason) {
			return "", refusal.Property.On("reason").With("Name", "reason")
		}
		if err := p.end(ctx, u, Declined, reason); err != nil {
			return "", err
		}
		if err := p.tellDeclined(ctx, u, reason); err != nil {
			return "", err
		}
		known, err := partnerprofile.KnownAs(ctx, u.Tx, p.partner)
		return known.LegalName, err
	})

// tellDeclined tells the customer's own log, and of an invitation of its own the
// logs and the people of all its partners (N2).
func (p party) tellDeclined(ctx context.Context, u *op.Unit, reason string) error {
	t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return err
	}
	record := func(tenant id.Tenant) error {
		return u.Record(ctx, op.Record{
			Operation: "decline_relationship_request", Resource: "partner_customer_relationship", Tenant: tenant, Customer: t.ID, CustomerName: t.Name,
			Data: map[string]string{"Partner": p.partner.Name, "Reason": reason},
		})
	}
	if err := record(t.ID); err != nil || p.invitation == nil {
		return err
	}
	for _, partner := range p.partners() {
		if err := record(partner.Tenant); err != nil {
			return err
		}
		err := u.Emit(ctx, op.Event{
			Name: EventDeclined, Tenant: partner.Tenant, Customer: t.ID, Resource: "/v1/customers/" + string(t.ID),
			Payload: Answered{By: p.by(), Reason: reason},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
