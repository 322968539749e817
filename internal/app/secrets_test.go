package app_test

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
)

// secret is a text that tells something of an organisation, or of what one
// person does there.
type secret struct {
	text  string
	owner id.Tenant
	user  id.User // the only one who may read it, "" for all with business with owner
}

// secrets finds many texts in one pass.
type secrets struct {
	byStart map[[secretStart]byte][]*secret
	byText  map[string]*secret
}

// secretStart is how many bytes of a secret it is looked up by.
const secretStart = 5

// keep adds texts that only those with business with owner may read, or only one
// of its people.
func (s *secrets) keep(owner id.Tenant, user id.User, texts ...string) {
	if s.byStart == nil {
		s.byStart, s.byText = map[[secretStart]byte][]*secret{}, map[string]*secret{}
	}
	for _, text := range texts {
		if len(text) <= secretStart {
			continue
		}
		if known := s.byText[text]; known != nil {
			if known.user != "" { // a draft became a customer
				known.owner, known.user = owner, user
			}
			continue
		}
		one := &secret{text, owner, user}
		s.byText[text] = one
		start := [secretStart]byte([]byte(text))
		s.byStart[start] = append(s.byStart[start], one)
	}
}

// in returns the secrets that stand in text.
func (s *secrets) in(text string) (found []*secret) {
	for i := 0; i+secretStart <= len(text); i++ {
		for _, one := range s.byStart[[secretStart]byte([]byte(text[i:i+secretStart]))] {
			if strings.HasPrefix(text[i:], one.text) {
				found = append(found, one)
			}
		}
	}
	return found
}

// knows reports whether a may read s.
func (a *actor) knows(s *secret) bool {
	switch {
	case a.org == nil:
		return false
	case s.user != "":
		return s.user == a.user
	case s.owner == a.org.tenant:
		return true
	}
	switch a.org.kind {
	case policy.Customer: // rules c6 and c11: whom to ask for help
		return a.roles&(policy.CustomerAdmin|policy.CustomerBillingAdmin|policy.CustomerUser) != 0 && a.org.knows[s.owner]
	case policy.Operator: // rules.md (b): support and reviewers read all
		return a.roles != 0
	case policy.Partner: // row b1: every role sees the customers of its organisation
		return (a.roles != 0 || a.alone) && a.org.knows[s.owner]
	case policy.Nobody, policy.System:
	}
	return false
}

// acquaint notes who has business with whom, and what tells of each.
func (h *house) acquaint() {
	for _, o := range h.orgs {
		o.knows = map[id.Tenant]bool{o.tenant: true}
		h.secrets.keep(o.tenant, "", string(o.tenant), o.domain)
	}
	for _, o := range h.orgs {
		if o.kind == policy.Partner {
			h.org("operator").knows[o.tenant] = true
			h.keepPartner(o)
		}
		for _, c := range o.customers {
			o.knows[c] = true
			h.keepCustomerOf(o, c)
		}
		if o.kind == policy.Customer {
			for _, r := range relationshipsOf(h, o.tenant) {
				o.knows[r.Partner] = true
			}
		}
	}
	provider := h.org("provider")
	for _, reseller := range []*org{h.org("reseller"), h.org("dual")} {
		provider.knows[reseller.tenant], reseller.knows[provider.tenant] = true, true
	}
}

func (h *house) keepPartner(o *org) {
	var p identity.Partner
	err := h.Kernel.DB.Read(h.ctx, func(ctx context.Context, t *db.Tx) (err error) {
		p, _, err = identity.PartnerOf(ctx, t, o.tenant)
		return err
	})
	if err != nil {
		panic(err)
	}
	h.secrets.keep(o.tenant, "", p.Name, p.PartnerID, string(o.app.ID))
}

func (h *house) keepCustomerOf(o *org, c id.Tenant) {
	found, err := do(h, customer.GetBilling, o.system(), customer.Ref{ID: c})
	if err != nil {
		panic(err)
	}
	h.keepCustomer(found)
}

// keepCustomer keeps what tells of a customer: who it is, where, and its people.
func (h *house) keepCustomer(c customer.Customer) {
	b := c.Billing
	h.secrets.keep(
		c.ID, "", string(c.ID), c.OriginalName, c.Domain, b.CompanyName, b.Email, b.Address.PhoneNumber, b.Address.AddressLine1,
		b.FirstName+" "+b.LastName, c.Registration.ID,
	)
}

// leaks returns what an answer tells the actor that is none of his business.
// What he sent himself tells him nothing.
func (h *house) leaks(a *actor, sent string, got *answer) (all []string) {
	unescaped, err := url.QueryUnescape(sent)
	if err == nil {
		sent += " " + unescaped
	}
	for _, s := range h.secrets.in(got.readable()) {
		if !a.knows(s) && !strings.Contains(sent, s.text) {
			all = append(all, fmt.Sprintf("%q of %s", s.text, h.ownerName(s)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (h *house) ownerName(s *secret) string {
	for _, o := range h.orgs {
		if o.tenant == s.owner {
			return o.key
		}
	}
	for _, o := range h.orgs {
		if slices.Contains(o.customers, s.owner) {
			return "a customer of " + o.key
		}
	}
	return string(s.owner)
}

// plain undoes what JSON does to a text.
var plain = strings.NewReplacer(`\\u0026`, "&", `\u0026`, "&", `\\u003c`, "<", `\u003c`, "<", `\\u003e`, ">", `\u003e`, ">", `\\\"`, `"`, `\"`, `"`)

// readable is the whole answer, headers included, as its reader understands it.
func (got *answer) readable() string {
	var b strings.Builder
	for name, values := range got.header {
		fmt.Fprintf(&b, "%s: %s\n", name, values)
	}
	kind := got.header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "text/html"):
		b.WriteString(html.UnescapeString(got.body))
	case strings.HasPrefix(kind, "application/json"):
		b.WriteString(plain.Replace(got.body))
	default:
		b.WriteString(got.body)
	}
	return b.String()
}
