package identity

import (
	"context"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Refusals of the question whether a partner has signed its agreement
// (api-customers.md, 17.6).
var (
	ErrSignedUnknown   = fault.New(fault.Invalid, "2200", "identity.agreement.unknown")         // no such PartnerID
	ErrSignedMarket    = fault.New(fault.Invalid, "2201", "identity.agreement.market")          // of another market
	ErrSignedNot       = fault.New(fault.Invalid, "2203", "identity.agreement.unsigned")        // by PartnerID
	ErrSignedReseller  = fault.New(fault.Invalid, "2204", "identity.agreement.no_reseller")     // the PartnerID is no reseller's
	ErrSignedTenant    = fault.New(fault.Invalid, "2205", "identity.agreement.no_tenant")       // no partner is this tenant
	ErrSignedTenantNot = fault.New(fault.Invalid, "2206", "identity.agreement.tenant_unsigned") // by tenant
)

// Signatory names a partner by its PartnerID or by its tenant.
type Signatory struct {
	PartnerID string
	Tenant    id.Tenant
}

// AgreementSigned returns true for a partner that has signed the partner
// agreement, as who sells through it has to know (RF-07), and otherwise one of
// the refusals above.
var AgreementSigned = op.Define(op.Spec{Name: "partner.agreement.signed", Action: "partner.agreement.view"},
	func(ctx context.Context, u *op.Unit, in Signatory) (bool, error) {
		if in.PartnerID != "" {
			return signedByNumber(ctx, u, in.PartnerID)
		}
		p, found, err := PartnerOf(ctx, u.Tx, in.Tenant)
		switch {
		case err != nil:
			return false, err
		case !found:
			return false, ErrSignedTenant
		case p.MPASignedAt.IsZero():
			return false, ErrSignedTenantNot
		}
		return true, nil
	})

func signedByNumber(ctx context.Context, u *op.Unit, number string) (bool, error) {
	p, found, err := PartnerByNumber(ctx, u.Tx, number)
	if err != nil {
		return false, err
	}
	own, _, err := PartnerOf(ctx, u.Tx, u.Actor.Tenant)
	switch {
	case err != nil:
		return false, err
	case !found:
		return false, ErrSignedUnknown
	case p.Market != own.Market:
		return false, ErrSignedMarket
	case p.Types&policy.IndirectReseller == 0:
		return false, ErrSignedReseller
	case p.MPASignedAt.IsZero():
		return false, ErrSignedNot
	}
	return true, nil
}
