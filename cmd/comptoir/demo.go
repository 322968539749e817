package main

import (
	"context"
	"errors"
	"fmt"

	"comptoir/internal/app"
	"comptoir/internal/demo"
)

type demoCommand struct {
	PublicURL string `name:"public-url" env:"COMPTOIR_PUBLIC_URL" default:"http://localhost:8080" help:"How callers will reach the server."`
}

// Run fills an empty database with the demo world and prints it; on a filled
// one it prints the same again.
func (d *demoCommand) Run(ctx context.Context, c *commands, o output) (err error) {
	a, err := app.Open(ctx, app.Options{Database: c.DB, Kind: app.Sandbox, Log: quiet})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	world, err := demo.Fill(ctx, a.Kernel, d.PublicURL)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return o.print(c, viewWorld(world), world.Text())
}

// The demo world as programs read it; the shape is a contract.
type (
	worldView struct {
		PublicURL string         `json:"publicUrl"`
		Operator  accountView    `json:"operator"`
		Partners  []partnerView  `json:"partners"`
		Customers []customerView `json:"customers"`
	}
	accountView struct {
		Role     string `json:"role,omitempty"`
		UserName string `json:"userName"`
		Password string `json:"password"`
	}
	appView struct {
		AppID  string `json:"appId"`
		Secret string `json:"secret"`
	}
	partnerView struct {
		Key      string        `json:"key"`
		Type     string        `json:"type"`
		Name     string        `json:"name"`
		TenantID string        `json:"tenantId"`
		Domain   string        `json:"domain"`
		Country  string        `json:"country"`
		App      appView       `json:"app"`
		Users    []accountView `json:"users"`
	}
	customerView struct {
		Key      string      `json:"key"`
		TenantID string      `json:"tenantId"`
		Domain   string      `json:"domain"`
		Partner  string      `json:"partner"`
		Status   string      `json:"status"`
		Admin    accountView `json:"admin"`
	}
)

func viewWorld(w demo.World) worldView {
	v := worldView{PublicURL: w.PublicURL, Operator: accountView{UserName: w.Operator.UserName, Password: w.Operator.Password}}
	for _, p := range w.Partners {
		pv := partnerView{
			Key: p.Key, Type: p.Type, Name: p.Name, TenantID: string(p.Tenant), Domain: p.Domain, Country: p.Country,
			App: appView{string(p.App.ID), p.App.Secret},
		}
		for _, u := range p.Users {
			pv.Users = append(pv.Users, accountView{u.Role, u.UserName, u.Password})
		}
		v.Partners = append(v.Partners, pv)
	}
	for _, c := range w.Customers {
		v.Customers = append(v.Customers, customerView{
			Key: c.Key, TenantID: string(c.Tenant), Domain: c.Domain, Partner: c.Partner, Status: string(c.Status),
			Admin: accountView{UserName: c.Admin.UserName, Password: c.Admin.Password},
		})
	}
	return v
}
