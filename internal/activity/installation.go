package activity

import (
	"context"
	"slices"

	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Resources of records about what the operator decided for the installation.
const (
	SettingResource     = "setting"
	RoleMatrixResource  = "role_matrix"
	CountryRuleResource = "country_rule"
	NameRuleResource    = "name_rule"
)

// DecisionQuery asks for decisions about the installation of one of the
// resources, newest first.
type DecisionQuery struct {
	Resource string
	Before   string // Page.Next of the page before
	Limit    int    // 1 to 1000; 0 means 50
}

// Decisions lists who changed what about the installation (V-8, V-9, V-11,
// V-12), for everybody who may see what is decided. They stand in the operator's
// own log.
var Decisions = op.Define(op.Spec{Name: "setting.log", Action: "setting.view"},
	func(ctx context.Context, u *op.Unit, in DecisionQuery) (Page, error) {
		if !slices.Contains([]string{SettingResource, RoleMatrixResource, CountryRuleResource, NameRuleResource}, in.Resource) {
			return Page{}, refusal.Argument.On("resource")
		}
		return list(ctx, u, Query{Tenant: u.Actor.Tenant, Resource: in.Resource, Before: in.Before, Limit: in.Limit})
	})
