package main

import (
	"context"

	"comptoir/internal/app"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/verification"
)

type verificationCommand struct {
	Approve approveCommand `cmd:"" help:"Decide an open verification case for the customer."`
	Reject  rejectCommand  `cmd:"" help:"Decide an open verification case against the customer."`
}

type approveCommand struct {
	Customer string `arg:"" help:"Tenant id or domain of the customer."`
	Partner  string `help:"Tenant id or domain of the partner, when several have an open case."`
}

// Run approves the customer's account.
func (d *approveCommand) Run(ctx context.Context, c *commands, o output) error {
	return with(ctx, c, func(a *app.App) error {
		in, err := decision(ctx, a, d.Customer, d.Partner)
		if err != nil {
			return err
		}
		decided, err := verification.Approve.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), in)
		if err != nil {
			return err
		}
		return printCase(c, o, decided)
	})
}

type rejectCommand struct {
	Customer string `arg:"" help:"Tenant id or domain of the customer."`
	Partner  string `help:"Tenant id or domain of the partner, when several have an open case."`
	Reason   string `default:"other" help:"name_mismatch, address_mismatch, registration_mismatch, not_found, test_data, duplicate, suspected_fraud, sanction or other."`
	Text     string `default:"Rejected by the operator." help:"Words for the partner."`
}

// Run rejects the customer's account.
func (d *rejectCommand) Run(ctx context.Context, c *commands, o output) error {
	return with(ctx, c, func(a *app.App) error {
		in, err := decision(ctx, a, d.Customer, d.Partner)
		if err != nil {
			return err
		}
		in.Reason, in.Text = verification.Reason(d.Reason), d.Text
		decided, err := verification.Reject.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), in)
		if err != nil {
			return err
		}
		return printCase(c, o, decided)
	})
}

func decision(ctx context.Context, a *app.App, customer, partner string) (verification.Decision, error) {
	var d verification.Decision
	found, err := findTenant(ctx, a, customer)
	if err != nil {
		return d, err
	}
	d.Customer = found.ID
	if partner == "" {
		return d, nil
	}
	found, err = findTenant(ctx, a, partner)
	d.Partner = found.ID
	return d, err
}

func printCase(c *commands, o output, decided verification.Case) error {
	return o.print(c, struct {
		CustomerID id.Tenant           `json:"customerId"`
		PartnerID  id.Tenant           `json:"partnerId"`
		Status     verification.Status `json:"status"`
	}{decided.Customer, decided.Partner, decided.Status}, string(decided.Status))
}
