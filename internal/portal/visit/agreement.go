package visit

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/icon"
)

// The addresses of the pages about the customer agreement: of customers (K-5), of
// partners, and of the operator (V-7).
const (
	AgreementPath = "/admin/agreement"
	RoundsPath    = "/agreements"
	TemplatesPath = "/operator/agreements"
)

// AgreementRequestPath is where a person accepts whom a partner has asked; the
// link follows.
const AgreementRequestPath = "/agreement-request/"

// AgreementLink is the address under which people know AgreementPath, for links
// that leave the portal (rule AG5).
const AgreementLink = "/AdminPortal/Home?ref=/BillingAccounts/agreement"

// The areas of these pages.
const (
	OwnAgreement Area = AgreementPath
	Rounds       Area = RoundsPath
	Templates    Area = TemplatesPath
)

var agreementPlaces = []entry{
	{OwnAgreement, icon.Signature, func(v *Visit) string { return v.T("agreementpage.own.title") }, policy.Customer, "own.agreement.accept", false},
	{Templates, icon.Signature, func(v *Visit) string { return v.T("agreementpage.templates.title") }, policy.Operator, "agreement.template.view", false},
}
