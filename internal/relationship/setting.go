package relationship

import (
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Settings that open a cell of the matrix (rules.md, section o).
var (
	_ = op.DefineSetting(op.Setting{
		Name: "roles.sales.removeRelationship", Default: "false", Values: []string{"false", "true"}, Rule: "b15", Mark: "S",
		Effect: "setting.roles.sales_remove",
		Opens:  []policy.Change{{Action: "relationship.remove", Role: policy.SalesAgent, Grant: policy.Allowed}},
	})
	_ = op.DefineSetting(op.Setting{
		Name: "customer.invite.minRole", Default: "globalAdmin", Values: []string{"globalAdmin", "billingAdmin"}, Rule: "c3", Mark: "D",
		Effect: "setting.customer.invite_min_role",
		Opens:  []policy.Change{{Action: "own.invitation.answer", Role: policy.CustomerBillingAdmin, Grant: policy.Allowed}},
	})
)
