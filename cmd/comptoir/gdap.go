package main

import (
	"context"
	"strings"

	"comptoir/internal/app"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

type gdapCommand struct {
	Approve gdapApproveCommand `cmd:"" help:"Approve a delegated admin relationship as the customer would; in a sandbox only."`
	Reject  gdapRejectCommand  `cmd:"" help:"Decline a delegated admin relationship as the customer would; in a sandbox only."`
}

// gdapTarget is the relationship that a command is about.
type gdapTarget struct {
	Relationship string `arg:"" help:"Id of the relationship."`
	Customer     string `help:"Tenant id or domain of the customer, when the relationship is bound to none."`
}

type gdapApproveCommand struct{ gdapTarget }

// Run approves the relationship.
func (d *gdapApproveCommand) Run(ctx context.Context, c *commands, o output) error {
	return d.decide(ctx, c, o, gdap.OwnApprove)
}

type gdapRejectCommand struct{ gdapTarget }

// Run declines the relationship.
func (d *gdapRejectCommand) Run(ctx context.Context, c *commands, o output) error {
	return d.decide(ctx, c, o, gdap.OwnReject)
}

// decide runs a decision for the customer and prints what came of it.
func (d *gdapTarget) decide(ctx context.Context, c *commands, o output, decision *op.Operation[gdap.Decision, gdap.Relationship]) error {
	return with(ctx, c, func(a *app.App) error {
		if !a.Kernel.Sandbox {
			return refusal.SandboxOnly
		}
		d.Relationship = strings.ToLower(d.Relationship) // ids are typed in either case
		customer, err := d.customer(ctx, a)
		if err != nil {
			return err
		}
		r, err := decision.Do(ctx, a.Kernel, op.System(customer, 0, op.ViaCLI), gdap.Decision{Relationship: d.Relationship})
		if err != nil {
			return err
		}
		return o.print(c, struct {
			Relationship string      `json:"relationshipId"`
			PartnerID    id.Tenant   `json:"partnerId"`
			CustomerID   id.Tenant   `json:"customerId"`
			Status       gdap.Status `json:"status"`
		}{r.ID, r.Partner, r.Customer, r.Status}, string(r.Status))
	})
}

// customer is who decides: whom the relationship is bound to, or who is named.
func (d *gdapTarget) customer(ctx context.Context, a *app.App) (id.Tenant, error) {
	if d.Customer != "" {
		found, err := findTenant(ctx, a, d.Customer)
		return found.ID, err
	}
	return gdap.AskedCustomer.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), d.Relationship)
}
