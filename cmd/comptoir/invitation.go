package main

import (
	"context"
	"errors"

	"comptoir/internal/app"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

type invitationCommand struct {
	Accept acceptInvitationCommand `cmd:"" help:"Accept an invitation for a customer, the agreement included (sandbox only)."`
}

type acceptInvitationCommand struct {
	URL      string `arg:"" help:"The link of the invitation."`
	Customer string `required:"" help:"Tenant id or domain of the customer that accepts."`
}

// errNoAdmin refuses a customer for whom nobody can accept.
var errNoAdmin = errors.New("the customer has no administrator who could accept")

// Run accepts the invitation as an administrator of the customer.
func (d *acceptInvitationCommand) Run(ctx context.Context, c *commands, o output) error {
	return with(ctx, c, func(a *app.App) error {
		if !a.Kernel.Sandbox {
			return refusal.SandboxOnly
		}
		found, err := findTenant(ctx, a, d.Customer)
		if err != nil {
			return err
		}
		asking := op.Actor{Kind: policy.Customer, Tenant: found.ID, Roles: policy.CustomerAdmin, MFA: true, Channel: op.ViaCLI, Locale: "en"}
		admins, err := identity.ListOwnUsers.Do(ctx, a.Kernel, asking, identity.UserList{Role: policy.CustomerAdmin, Status: identity.UserActive, Size: 1})
		if err != nil {
			return err
		}
		if len(admins.Users) == 0 {
			return errNoAdmin
		}
		asking.User, asking.UserName = admins.Users[0].ID, admins.Users[0].Name
		offer, err := invitation.Look.Do(ctx, a.Kernel, asking, d.URL)
		if err != nil {
			return err
		}
		_, err = invitation.Accept.Do(ctx, a.Kernel, asking, invitation.Acceptance{
			Link: d.URL, Company: offer.Company, Relation: true, Agreed: true, Rank: offer.Agreement.Rank,
		})
		if err != nil {
			return err
		}
		return o.print(c, struct {
			CustomerID string `json:"customerId"`
			PartnerID  string `json:"partnerId"`
		}{string(found.ID), string(offer.Partner.Tenant)}, offer.Partner.Name)
	})
}
