package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"comptoir/internal/app"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/rulebook"
)

// with opens the installation for one command and closes it again.
func with(ctx context.Context, c *commands, f func(a *app.App) error) (err error) {
	post, err := c.Mail.post(c.DB, strings.TrimSuffix(os.Getenv("COMPTOIR_PUBLIC_URL"), "/"))
	if err != nil {
		return usageError{err}
	}
	a, err := app.Open(ctx, app.Options{Database: c.DB, Post: post, Log: quiet})
	if err != nil {
		return err
	}
	defer func() {
		if closed := a.Close(); err == nil {
			err = closed
		}
	}()
	return f(a)
}

type partnerCommand struct {
	Add partnerAdd `cmd:"" help:"Enrol a partner: active, with a signed partner agreement."`
}

type partnerAdd struct {
	Name      string   `required:"" help:"Legal name."`
	Type      []string `required:"" help:"direct-bill, indirect-provider or indirect-reseller; direct-bill and indirect-reseller together make a dual partner."`
	Country   string   `required:"" help:"Country code, such as FR."`
	Domain    string   `required:"" help:"Domain of the partner."`
	Registrar bool     `help:"It registers domains, and so may give its customers verified ones."`
}

// Run enrols the partner and prints its tenant id.
func (p *partnerAdd) Run(ctx context.Context, c *commands, o output) error {
	types, ok := identity.ParsePartnerTypes(p.Type...)
	if !ok {
		return usageError{fmt.Errorf("--type %s is not a type of partner", strings.Join(p.Type, ","))}
	}
	return with(ctx, c, func(a *app.App) error {
		country, ok := rulebook.Atlas(a.Kernel.Book()).Country(p.Country)
		if !ok {
			return usageError{fmt.Errorf("--country %s is not a country code in use here", p.Country)}
		}
		made, err := identity.EnrolPartner.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), identity.Enrolment{
			Name: p.Name, Types: types, Country: country.Code, Market: country.Market, Domain: p.Domain, Active: true, SignedMPA: true, Registrar: p.Registrar,
		})
		if err != nil {
			return err
		}
		o.caption(c, "%s is enrolled, with the partner ID %s. Its tenant ID:", made.Partner.Name, made.Partner.PartnerID)
		return o.print(c, struct {
			TenantID  id.Tenant `json:"tenantId"`
			PartnerID string    `json:"partnerId"`
		}{made.Partner.Tenant, made.Partner.PartnerID}, string(made.Partner.Tenant))
	})
}

type userCommand struct {
	Add userAdd `cmd:"" help:"Add a user to an organisation."`
}

type userAdd struct {
	Tenant   string   `required:"" help:"Tenant id or domain of the organisation."`
	UserName string   `required:"" name:"user-name" help:"Sign-in name, such as ada@nord.example."`
	Password string   `help:"Password; without it one is generated, printed once, and must be changed at the first sign-in."`
	Name     string   `help:"Display name."`
	Role     []string `required:"" help:"Role, such as admin-agent; may be given several times."`
}

// Run adds the user and prints its id.
func (n *userAdd) Run(ctx context.Context, c *commands, o output) error {
	roles, err := parseRoles(n.Role)
	if err != nil {
		return err
	}
	return with(ctx, c, func(a *app.App) error {
		tenant, err := findTenant(ctx, a, n.Tenant)
		if err != nil {
			return err
		}
		in := identity.NewUser{Tenant: tenant.ID, Name: n.UserName, DisplayName: n.Name, Roles: roles}
		if n.Password != "" {
			if in.Password, err = identity.GivenPassword(ctx, n.Password); err != nil {
				return err
			}
			in.KeepPassword = true
		}
		made, err := identity.AddUser.Do(ctx, a.Kernel, op.System(tenant.ID, 0, op.ViaCLI), in)
		if err != nil {
			return err
		}
		text, caption := string(made.User.ID), "%s is added. User ID:"
		if made.Password != "" {
			text += "\n" + made.Password
			caption = "%s is added. User ID, then the " + firstPassword + ":"
		}
		o.caption(c, caption, made.User.Name)
		return o.print(c, struct {
			UserID   id.User `json:"userId"`
			UserName string  `json:"userName"`
			Password string  `json:"password,omitempty"`
		}{made.User.ID, made.User.Name, made.Password}, text)
	})
}

type appCommand struct {
	Add appAdd `cmd:"" help:"Register an application of an organisation."`
}

type appAdd struct {
	Tenant      string   `required:"" help:"Tenant id or domain of the organisation."`
	Name        string   `required:"" help:"Name of the application."`
	Role        []string `help:"Role that it has without a user, such as admin-agent; may be given several times."`
	RedirectURI []string `name:"redirect-uri" help:"Address that sign-in may return to; may be given several times."`
	Public      bool     `help:"A public client: it has no secret."`
}

// Run registers the application and prints its id and its secret, once.
func (n *appAdd) Run(ctx context.Context, c *commands, o output) error {
	roles, err := parseRoles(n.Role)
	if err != nil {
		return err
	}
	return with(ctx, c, func(a *app.App) error {
		tenant, err := findTenant(ctx, a, n.Tenant)
		if err != nil {
			return err
		}
		made, err := identity.AddApplication.Do(ctx, a.Kernel, op.System(tenant.ID, 0, op.ViaCLI), identity.NewApp{
			Tenant: tenant.ID, Name: n.Name, Roles: roles, RedirectURIs: n.RedirectURI, Public: n.Public,
		})
		if err != nil {
			return err
		}
		caption := "%s is registered. Application ID:"
		if made.Secret != "" {
			caption = "%s is registered. Application ID, then its secret, shown only now:"
		}
		o.caption(c, caption, n.Name)
		return o.print(c, struct {
			AppID  id.App `json:"appId"`
			Secret string `json:"secret,omitempty"`
		}{made.App.ID, made.Secret}, strings.TrimSpace(string(made.App.ID)+"\n"+made.Secret))
	})
}

func parseRoles(names []string) (policy.Role, error) {
	var roles policy.Role
	for _, name := range names {
		r, ok := policy.ParseRole(name)
		if !ok {
			return 0, usageError{fmt.Errorf("--role %s is not a role; roles are %s", name, strings.Join(policy.Role(1<<12-1).Names(), ", "))}
		}
		roles |= r
	}
	return roles, nil
}

// findTenant returns the organisation with a tenant id or a domain.
func findTenant(ctx context.Context, a *app.App, named string) (identity.Tenant, error) {
	return a.Gate.Tenant(ctx, named)
}
