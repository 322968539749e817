package identity

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// userEvent is what happened to an account, as the activity log calls it in the
// organisations of partners and of the operator, and in those of customers (rule
// K3).
type userEvent struct{ staff, customer string }

// What happens to accounts. Those of partners are removed at once, so that none
// is restored.
var (
	userCreated   = userEvent{"create_partner_user", "create_customer_user"}
	userUpdated   = userEvent{"update_partner_user", "update_customer_user"}
	userRemoved   = userEvent{"remove_partner_user", "delete_customer_user"}
	userRestored  = userEvent{"update_partner_user", "restore_customer_user"}
	passwordReset = userEvent{"update_partner_user", "reset_customer_user_password"}
)

// in returns the operation and the resource of e in an organisation of kind k.
func (e userEvent) in(k TenantKind) (operation, resource string) {
	if k == CustomerTenant {
		return e.customer, "customer_user"
	}
	return e.staff, "partner_user"
}

// userView is what the activity log keeps of a user.
type userView struct {
	ID          id.User
	Name        string
	DisplayName string
	Status      UserStatus
	Roles       []string
}

func viewUser(n *User) any {
	if n == nil {
		return nil
	}
	return userView{n.ID, n.Name, n.DisplayName, n.Status, n.Roles.Names()}
}

func recordUser(ctx context.Context, u *op.Unit, e userEvent, old, n *User) error {
	about := n
	if about == nil {
		about = old
	}
	return e.record(ctx, u, *about, op.Record{Old: viewUser(old), New: viewUser(n)})
}

// recordCredential notes a change of how n proves who he is, without any value.
func recordCredential(ctx context.Context, u *op.Unit, n User, e userEvent, change string) error {
	return e.record(ctx, u, n, op.Record{Data: map[string]string{"Change": change}})
}

// record completes r with what it is about and writes it into the log of the
// organisation of n.
func (e userEvent) record(ctx context.Context, u *op.Unit, n User, r op.Record) error {
	tenant, err := TenantByID(ctx, u.Tx, n.Tenant)
	if err != nil {
		return err
	}
	r.Tenant = n.Tenant
	r.Operation, r.Resource = e.in(tenant.Kind)
	if r.Data == nil {
		r.Data = map[string]string{}
	}
	r.Data["UserId"], r.Data["UserPrincipalName"] = string(n.ID), n.Name
	return u.Record(ctx, r)
}
