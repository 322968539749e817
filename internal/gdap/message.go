package gdap

import (
	"context"

	"comptoir/internal/letter"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Message is the text with which a partner asks the customer itself for an answer
// (rule F2). Link leads the customer to the request.
type Message struct{ Relationship, Link, Text string }

// AwaitsCustomer reports whether the customer is to answer r next: it was sent for
// approval, and the reseller for whom a provider proposed it agrees (rule F4).
func (r Relationship) AwaitsCustomer() bool { return r.Status == ApprovalPending && !r.ConsentDue }

// CheckMessage looks at a text before the partner sends it, and keeps nothing. It
// refuses, on the field "message", one without its link with RF-22 and one that is too
// long or not printable (rule E2), and as refusal.NotFound a request that does not
// wait for the customer.
var CheckMessage = op.Define(op.Spec{Name: "gdap.message.check", Action: "gdap.request"},
	func(ctx context.Context, u *op.Unit, in Message) (Relationship, error) {
		r, err := find(ctx, u, in.Relationship, 0)
		switch {
		case err != nil:
			return r, err
		case !r.AwaitsCustomer():
			return r, refusal.NotFound
		}
		if _, refused := letter.Check(in.Text, in.Link); refused != nil {
			return r, refused
		}
		return r, nil
	})
