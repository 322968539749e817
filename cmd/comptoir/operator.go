package main

import (
	"context"
	"fmt"

	"comptoir/internal/app"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/rulebook"
)

type operatorCommand struct {
	Add operatorAdd `cmd:"" help:"Make the operator's organization and its first administrator; there is one in an installation."`
}

type operatorAdd struct {
	Name     string `required:"" help:"Name of the organization."`
	Country  string `required:"" help:"Country code, such as FR."`
	Domain   string `required:"" help:"Domain of the organization."`
	UserName string `required:"" name:"user-name" help:"Sign-in name of the administrator, such as olivia@operator.example."`
	Password string `help:"Password; without it one is generated, printed once, and must be changed at the first sign-in."`
}

// Run makes the operator and prints its tenant id and, when it was generated,
// the password of the administrator.
func (n *operatorAdd) Run(ctx context.Context, c *commands, o output) error {
	admin := identity.NewUser{Name: n.UserName}
	if n.Password != "" {
		var err error
		if admin.Password, err = identity.GivenPassword(ctx, n.Password); err != nil {
			return err
		}
		admin.KeepPassword = true
	}
	return with(ctx, c, func(a *app.App) error {
		country, ok := rulebook.Atlas(a.Kernel.Book()).Country(n.Country)
		if !ok {
			return usageError{fmt.Errorf("--country %s is not a country code in use here", n.Country)}
		}
		made, err := identity.CreateOperator.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), identity.NewOperator{
			Name: n.Name, Country: country.Code, Domain: n.Domain, Admin: admin,
		})
		if err != nil {
			return err
		}
		text, caption := string(made.User.Tenant), "%s is made, with its administrator %s. Tenant ID:"
		if made.Password != "" {
			text += "\n" + made.Password
			caption = "%s is made, with its administrator %s. Tenant ID, then the " + firstPassword + ":"
		}
		o.caption(c, caption, n.Name, made.User.Name)
		return o.print(c, struct {
			TenantID id.Tenant `json:"tenantId"`
			UserName string    `json:"userName"`
			Password string    `json:"password,omitempty"`
		}{made.User.Tenant, made.User.Name, made.Password}, text)
	})
}
