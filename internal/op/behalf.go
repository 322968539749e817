package op

import "comptoir/internal/id"

// OnBehalf has f done for the organisation tenant: what f reads and writes without
// naming one is that organisation's. Who acts stays in the log.
func (u *Unit) OnBehalf(tenant id.Tenant, f func() error) error {
	own := u.Actor.Tenant
	u.Actor.Tenant = tenant
	defer func() { u.Actor.Tenant = own }()
	return f()
}
