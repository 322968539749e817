package customer

import (
	"context"

	"comptoir/internal/qualification"

	"comptoir/internal/agreement"
	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// sandboxLimit is how many customers a partner of a sandbox may have; 0 is no limit.
var sandboxLimit = op.DefineSetting(op.Setting{Name: "customers.sandboxLimit", Default: "75", Rule: "C40", Mark: "D", Effect: "setting.customers.sandbox_limit", Check: checkLimit})

// ErrSandboxLimit refuses more customers than a sandbox may have; argument Limit.
var ErrSandboxLimit = fault.New(fault.Invalid, "800018", "customer.sandbox_limit")

// NewCustomer is a customer to be (rule C5).
type NewCustomer struct {
	// CompanyName is the exact legal name; empty takes that of Billing.
	CompanyName string
	// Domain is the primary domain, complete or its prefix alone.
	Domain       string
	Registration Registration
	Billing      Billing
	// Reseller is the indirect reseller for whom a provider adds the customer:
	// its tenant id or its PartnerID; empty for none.
	Reseller string
	// Qualification is nil for none.
	Qualification *qualification.Request
	// Attestation is what the partner says about the customer agreement; nil
	// when the customer will accept it itself (rule AG4).
	Attestation *agreement.Attestation
	// WithoutGDAP says not to create the default delegated relationship (rule F12).
	WithoutGDAP bool
	Tags        []string
	// Distinct says that this is a different organization than a similar one
	// that is known already (rule C3).
	Distinct bool
	// AddressConfirmed says that the address is correct although it was not
	// found (rule C13).
	AddressConfirmed bool
}

// Added is a customer that was added. The password is shown once and is known
// nowhere else (rule C9).
type Added struct {
	Customer      Customer
	SentDomain    string // as it was sent, complete
	AdminUserName string // with the domain
	AdminPassword string
	// Delegated says that the partner has a default delegated relationship.
	Delegated bool
	// Findings are the warnings, which also went to the reviewer (rule C11).
	Findings []finding.Finding
}

// Add adds a customer to those of the actor's organization, for itself or, as a
// provider, for an indirect reseller (rules C1 to C10). It answers with all
// faults of the input at once, as a fault.List: the rules of names, addresses
// and registration ids, RF-08 for another market, RF-11 and naming.DomainTaken
// for a customer that exists, ErrSimilar for one that probably does, RF-20 for
// an attestation in the future, RF-26 and RF-07 for the reseller. Before that
// it refuses a partner that may not sell (RF-06, RF-43).
var Add = op.Define(op.Spec{Action: "customer.add", Write: true}, add)

func add(ctx context.Context, u *op.Unit, in NewCustomer) (Added, error) {
	c, drafts, err := prepare(ctx, u, in)
	if err != nil {
		return Added{}, err
	}
	outcomes, err := addAll(ctx, u, c, drafts)
	if err != nil {
		return Added{}, err
	}
	return outcomes[0].Added, outcomes[0].Err
}

// Checked is what a check says about a customer to be.
type Checked struct {
	// Domain is the primary domain, complete.
	Domain   string
	Billing  Billing // as it would be kept
	Findings []finding.Finding
}

// Check says what Add would answer now, and changes nothing: the form asks
// before each next step, and an import as a rehearsal.
var Check = op.Define(op.Spec{Name: "customer.check", Action: "customer.add"},
	func(ctx context.Context, u *op.Unit, in NewCustomer) (Checked, error) {
		c, drafts, err := prepare(ctx, u, in)
		if err != nil {
			return Checked{}, err
		}
		known, err := readExisting(ctx, u, drafts, nil)
		if err != nil {
			return Checked{}, err
		}
		d := drafts[0]
		known.judge(d, c.seller.Tenant)
		return Checked{Domain: d.domain, Billing: d.profile.billing, Findings: d.profile.findings}, d.profile.faults.Err()
	})

// prepare makes the checker for the actor's organization and the draft of in.
func prepare(ctx context.Context, u *op.Unit, in NewCustomer) (*checker, []*draft, error) {
	if in.Reseller != "" && u.Actor.AppOnly() {
		return nil, nil, refusal.AppOnly.On("associatedPartnerId")
	}
	s, err := ownSeller(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	c := newChecker(u, s)
	if err := c.readResellers(ctx, u, in.Reseller); err != nil {
		return nil, nil, err
	}
	d, err := c.draft(in)
	return &c, []*draft{d}, err
}

// draft is a new customer between its input and its rows.
type draft struct {
	in          NewCustomer
	profile     profile
	domain      string   // complete, as sent
	others      []string // domains to take when it is taken
	mailDomain  string   // of the contact
	entity      entityKey
	reseller    *seller
	attestation *agreement.Attestation
	tags        []tag
	// cause is why the account is verified, "" for a new customer.
	cause verification.Cause
}

// registration returns the key of the registration id of d.
func (d *draft) registration() registrationKey {
	return registrationKey{d.profile.billing.Address.Country, d.profile.registration.Value}
}

// draft applies all rules to in that need no look at what exists already.
func (c *checker) draft(in NewCustomer) (*draft, error) {
	d := &draft{in: in}
	p := &d.profile
	p.billing, p.addressConfirmed, p.partnerDomains = in.Billing, in.AddressConfirmed, c.seller.domains
	p.education = in.Qualification != nil && in.Qualification.Qualification == qualification.Education
	if naming.Trim(p.billing.CompanyName) == "" {
		p.billing.CompanyName = in.CompanyName
	}
	var err error
	if d.reseller, err = c.reseller(p, in.Reseller); err != nil {
		return nil, err
	}
	if d.reseller != nil {
		p.partnerDomains = append(p.partnerDomains[:len(p.partnerDomains):len(p.partnerDomains)], d.reseller.domains...)
	}
	d.domain = c.domain(p, in.Domain)
	c.check(p, in.Registration)
	d.in.CompanyName = c.legalName(p, in.CompanyName)
	c.checkExtras(d)
	d.mailDomain, _ = naming.EmailDomain(p.billing.Email)
	d.entity = newEntityKey(p.billing.Address.Country, p.billing.Address.PostalCode, d.in.CompanyName)
	return d, nil
}

// legalName returns the name of the organization itself, which is the one of
// the billing profile unless another was sent.
func (c *checker) legalName(p *profile, sent string) string {
	sent = naming.Trim(sent)
	if sent == "" || sent == p.billing.CompanyName {
		return p.billing.CompanyName
	}
	return p.verdict(c.rules.CheckCompanyName(companyField+".companyName", sent))
}

// checkExtras checks what is beside the profile: qualification, attestation, tags.
func (c *checker) checkExtras(d *draft) {
	p := &d.profile
	if q := d.in.Qualification; q != nil {
		p.faults = append(p.faults, q.Check("qualification")...)
	}
	if a := d.in.Attestation; a != nil {
		checked, faults := a.Check("agreement", c.rules, c.channel, c.now)
		p.faults = append(p.faults, faults...)
		d.attestation = &checked
	}
	tags, refused := newTags(d.in.Tags)
	p.fault(refused)
	d.tags = tags
}

// Outcome is what became of one customer of a batch: added, found among the
// partner's own customers, or refused.
type Outcome struct {
	Added  Added
	Exists id.Tenant
	Err    error
}

// addAll adds those of drafts that nothing speaks against. A refused one does
// not hinder the others; an error means that nothing was added.
func addAll(ctx context.Context, u *op.Unit, c *checker, drafts []*draft) ([]Outcome, error) {
	known, err := readExisting(ctx, u, drafts, nil)
	if err != nil {
		return nil, err
	}
	room, err := sandboxRoom(ctx, u)
	if err != nil {
		return nil, err
	}
	w := newWriter(u, c.seller, len(drafts))
	outcomes := make([]Outcome, len(drafts))
	for i, d := range drafts {
		o := &outcomes[i]
		if o.Exists, o.Err = known.admit(u, d, c.seller.Tenant, room); o.Err != nil {
			continue
		}
		if o.Added, err = w.add(ctx, d); err != nil {
			return nil, err
		}
		known.claim(d, owner{c.seller.Tenant, o.Added.Customer.ID})
		room--
	}
	return outcomes, w.finish(ctx)
}

// sandboxRoom returns how many customers the actor's organization may still
// add; a negative number is no limit.
func sandboxRoom(ctx context.Context, u *op.Unit) (int64, error) {
	limit := limitOf(u.Setting(sandboxLimit))
	if !u.Sandbox || limit == 0 {
		return -1, nil
	}
	n, err := u.Counted(ctx, u.Actor.Tenant, relationship.Total)
	return max(0, limit-n), err
}
