package app_test

import (
	"fmt"
	"strings"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/verification"
)

// moreCustomers gives every partner that sells one more customer whose every
// text is a danger to pages, and the new ones a first, harmless one.
func (h *house) moreCustomers() error {
	for _, key := range []string{"foreign", "dual", "suspended"} {
		if _, err := h.addCustomer(h.org(key), "", ""); err != nil {
			return err
		}
	}
	dual := h.org("dual")
	if _, err := h.addCustomer(h.org("provider"), dual.tenant, ""); err != nil {
		return err
	}
	dual.customers = append(dual.customers, h.org("provider").customers[len(h.org("provider").customers)-1])
	for _, o := range h.orgs {
		if o.kind != policy.Partner {
			continue
		}
		if o.types&policy.Sellers == 0 {
			if err := h.addSpares(h.org("provider"), o); err != nil {
				return err
			}
			continue
		}
		var err error
		if o.danger, err = h.addCustomer(o, "", payload); err != nil {
			return err
		}
		if err := h.addSpares(o, o); err != nil {
			return err
		}
	}
	foreign := h.org("foreign").customers[0]
	t, err := h.Gate.Tenant(h.ctx, string(foreign))
	h.orgs = append(h.orgs, &org{key: "customer foreign", kind: policy.Customer, tenant: foreign, domain: t.DefaultDomain})
	return err
}

// addSpares adds customers that requests of o may use up: a suspended partner
// cannot add them later. A reseller gets them of the seller, its provider.
func (h *house) addSpares(seller, o *org) error {
	var reseller id.Tenant
	if seller != o {
		reseller = o.tenant
	}
	for range 24 {
		c, err := h.addCustomer(seller, reseller, "")
		if err != nil {
			return err
		}
		o.spares = append(o.spares, c)
		if seller != o {
			o.customers = append(o.customers, c)
		}
	}
	return nil
}

// newCustomer is the input of a customer that nothing speaks against. What is
// not empty in danger is added to its texts.
func (h *house) newCustomer(danger string) customer.NewCustomer {
	h.made++
	prefix := fmt.Sprintf("bolag%05d", h.made)
	first, last := "Signe"+letters(h.made), "Ek"
	name := strings.TrimSpace(fmt.Sprintf("Bolaget nummer %05d AB %s", h.made, danger))
	return customer.NewCustomer{
		CompanyName: name, Domain: prefix, Distinct: true, AddressConfirmed: true,
		Tags: []string{strings.TrimSpace("Tagg " + danger)},
		Billing: customer.Billing{
			CompanyName: name, FirstName: first, LastName: last, Email: "signe@" + prefix + ".example", Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", AddressLine1: strings.TrimSpace(fmt.Sprintf("Storgatan %05d %s", h.made, danger)), City: "Lund", PostalCode: "222 21",
				PhoneNumber: fmt.Sprintf("+46 46 %06d", h.made), FirstName: first, LastName: last,
			},
		},
		Attestation: &agreement.Attestation{
			AgreedAt: h.Kernel.Clock.Now(), Person: agreement.Person{FirstName: first, LastName: last, Email: "signe@" + prefix + ".example"},
		},
	}
}

// letters writes n in letters, as a name has them.
func letters(n int) string {
	var b []byte
	for ; n > 0; n /= 26 {
		b = append(b, byte('a'+n%26))
	}
	return string(b)
}

// addCustomer adds a customer to a partner, through a reseller when that is not
// empty, and keeps its secrets.
func (h *house) addCustomer(o *org, reseller id.Tenant, danger string) (id.Tenant, error) {
	in := h.newCustomer(danger)
	in.Reseller = string(reseller)
	added, err := do(h, customer.Add, o.system(), in)
	if err != nil {
		return "", err
	}
	c := added.Customer.ID
	o.customers = append(o.customers, c)
	h.keepCustomer(added.Customer)
	decision := verification.Decision{Partner: o.tenant, Customer: c}
	if danger == "" {
		_, err = do(h, verification.Approve, op.System("", 0, op.ViaCLI), decision)
		return c, err
	}
	decision.Reason, decision.Text = verification.Reasons()[0], danger
	_, err = do(h, verification.Reject, op.System("", 0, op.ViaCLI), decision)
	return c, err
}
