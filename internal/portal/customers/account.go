package customers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"comptoir/internal/qualification"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// account is the page of that name (P-7).
type account struct {
	profile  // of the billing information
	tenant   id.Tenant
	details  customer.Details
	past     verification.Past // the verification of the account
	partners relationship.Counterparts
	// agreement is empty for who may not see it.
	agreement      agreement.Account
	qualifications []qualification.Qualified
	// obstacles keep the relation from ending.
	obstacles []customer.Obstacle
	// tags is what the field of tags holds, saidTags what is said about it.
	tags     string
	saidTags visit.Verdicts
	// etag is the version of the billing information that the form began with.
	etag string
}

// open leads to the first page of a customer.
func open(v *visit.Visit) error {
	tenant, err := customerOf(v)
	if err != nil {
		return err
	}
	return v.Redirect(visit.AccountPath(tenant))
}

// show is the account page. Of a customer that the reader's organisation does not
// sell to it shows who that is, and what is missing (rule A6).
func show(v *visit.Visit) error {
	a, err := readAccount(v)
	if errors.Is(err, customer.ErrMerged) { // an old address leads on
		v.Toast(v.Sentence(err))
		return v.Redirect(visit.AccountPath(id.Tenant(fmt.Sprint(fault.All(err)[0].Args["Into"]))))
	}
	if err != nil {
		return err
	}
	if !a.details.Customer.Kind.Sells() {
		return v.Show(servedPage(a, a.servedFrame()))
	}
	if err := a.readAll(); err != nil {
		return err
	}
	return a.show(http.StatusOK)
}

// openAccount reads what the page shows. It refuses a customer that the reader's
// organisation does not sell to (RF-28).
func openAccount(v *visit.Visit) (*account, error) {
	a, err := readAccount(v)
	if err != nil {
		return nil, err
	}
	if !a.details.Customer.Kind.Sells() {
		return nil, refusal.RF28
	}
	return a, a.readAll()
}

// readAccount reads what every customer has.
func readAccount(v *visit.Visit) (*account, error) {
	tenant, err := customerOf(v)
	if err != nil {
		return nil, err
	}
	a := &account{profile: newProfile(v, url.Values{}), tenant: tenant}
	a.details, err = visit.Do(v, customer.Get, customer.Ref{ID: tenant})
	return a, err
}

// readAll reads what belongs to a customer that is sold to.
func (a *account) readAll() (err error) {
	v, tenant := a.Visit, a.tenant
	if a.past, err = visit.Do(v, verification.History, verification.Customer{ID: tenant}); err != nil {
		return err
	}
	if a.qualifications, err = visit.Do(v, qualification.List, qualification.Customer{ID: tenant}); err != nil {
		return err
	}
	if v.May("agreement.view", false) {
		if a.agreement, err = visit.Do(v, agreement.Show, agreement.Customer{ID: tenant}); err != nil {
			return err
		}
	}
	if err = a.readObstacles(); err != nil {
		return err
	}
	c := a.details.Customer
	if c.Reseller != "" || c.Provider != "" {
		if a.partners, err = visit.Do(v, relationship.ListCounterparts, struct{}{}); err != nil {
			return err
		}
	}
	a.fill(c.Billing, c.Registration)
	a.etag, a.tags = etag(c), strings.Join(c.Tags, ", ")
	return nil
}

func (a *account) show(status int) error { return a.ShowAs(status, accountPage(a, a.frame())) }

// original is the name of the customer in everything but its list and its
// billing information (rule C32).
func (a *account) original() string { return a.details.Customer.OriginalName }

// crumbs leads from the list to this customer.
func (a *account) crumbs(f *block.Frame) {
	a.InCustomer(f, a.tenant, a.original(), visit.AccountPath(a.tenant))
}

func (a *account) frame() block.Frame {
	f := a.Frame(a.T("customers.account"), visit.Customers)
	a.crumbs(&f)
	f.Title = a.T("customers.account")
	f.Badges = []block.Badge{a.Status(a.details.Customer.Status)}
	f.Subtitle = a.T("customers.account.subtitle")
	f.Messages = a.standing()
	f.Help = block.Help{
		Title: a.T("customers.account"), Text: []string{a.T("customers.help.names"), a.T("customers.help.billing"), a.T("customers.help.status")},
		Roles: a.RolesFor("customer.billing.update", true),
	}
	return f
}

// servedFrame is that of a customer that is not sold to.
func (a *account) servedFrame() block.Frame {
	f := a.Frame(a.T("customers.account"), visit.Customers)
	a.crumbs(&f)
	f.Title = a.T("customers.account")
	f.Badges = []block.Badge{notSoldTo(a.Visit)}
	f.Messages = []block.Message{{
		Tone: block.Info, Title: a.T("customers.no_reseller"), Text: a.T("customers.served.text", "Relationship", a.Relationship(a.details.Customer.Kind)),
	}}
	return f
}

// notSoldTo marks a customer without a reseller relationship.
func notSoldTo(v *visit.Visit) block.Badge {
	return block.Badge{Tone: block.Neutral, Text: v.T("customers.no_reseller")}
}

// standing are the bars that a customer has as long as something is not in order
// (portal 0.5).
func (a *account) standing() []block.Message {
	var all []block.Message
	switch a.details.Customer.Status {
	case verification.UnderReview:
		all = append(all, block.Message{Tone: block.Info, Title: a.T("portal.status.under_review"), Text: a.T("customers.bar.under_review", "Since", a.details.Customer.StatusAt)})
	case verification.NotAllowed:
		all = append(all, block.Message{
			Tone: block.Blocked, Title: a.T("portal.status.not_approved"), Text: a.T("customers.bar.not_approved"),
			Links: []block.Link{{Label: a.T("customers.bar.reason"), Href: "#verification"}},
		})
	case verification.NotReady:
		all = append(all, block.Message{
			Tone: block.Warning, Title: a.T("portal.status.not_ready"), Text: a.T("customers.bar.not_ready"),
			Links: []block.Link{{Label: a.T("customers.bar.complete"), Href: "#billing"}},
		})
	case verification.Unknown:
		all = append(all, block.Message{Tone: block.Warning, Title: a.T("portal.status.unknown"), Text: a.T("customers.bar.unknown")})
	case verification.Allowed, verification.None:
	}
	if a.May("agreement.view", false) && a.agreement.Standing.State != agreement.Confirmed {
		all = append(all, block.Message{
			Tone: block.Warning, Text: a.T("customers.bar.agreement"), Links: []block.Link{{Label: a.T("customers.bar.agreement_see"), Href: "#agreement"}},
		})
	}
	return all
}

// company are the facts of Company details. Without a delegated role the section
// is short and says how to see more (rule C31).
func (a *account) company() []block.Fact {
	c, company := a.details.Customer, a.details.Company
	facts := []block.Fact{
		{Term: a.T("customers.column.original"), Value: company.OriginalName},
		{Term: a.T("portal.tenant_id"), Value: string(company.TenantID), Mono: true, Copy: true},
		{Term: a.T("customers.column.domain"), Value: company.Domain, Copy: true},
		{Term: a.T("portal.country"), Value: a.Country(company.Country)},
	}
	if company.Full {
		facts = append(
			facts,
			block.Fact{Term: a.T("customers.company.domains"), Value: a.List(company.Domains)},
			block.Fact{Term: a.T("customers.section.address"), Value: oneLine(company.Address)},
			block.Fact{Term: a.T("customers.field.registration"), Value: a.masked(company.Registration.ID)},
		)
	}
	facts = append(
		facts,
		block.Fact{Term: a.T("customers.column.relationship"), Value: a.Relationship(c.Kind)},
		block.Fact{Term: a.T("customers.column.created"), Value: a.Date(c.CreatedAt)},
	)
	if c.Reseller != "" {
		facts = append(facts, block.Fact{Term: a.T("customers.column.reseller"), Value: nameOf(a.partners.Resellers, c.Reseller)})
	}
	if c.Provider != "" {
		facts = append(facts, block.Fact{Term: a.T("customers.column.provider"), Value: nameOf(a.partners.Providers, c.Provider)})
	}
	return facts
}

// masked hides a registration ID but for its end from who may not change it
// (portal P-7).
func (a *account) masked(number string) string {
	const shown = 3
	if a.May("customer.company.update", true) || len(number) <= shown {
		return number
	}
	return strings.Repeat("•", len(number)-shown) + number[len(number)-shown:]
}

// readOnly says why the billing information cannot be edited, nil when it can.
func (a *account) readOnly() error {
	return a.Kernel().May(a.Actor, "customer.billing.update", true)
}

// setTags gives the customer the tags of the form.
func setTags(v *visit.Visit) error {
	tenant, err := customerOf(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, customer.SetTags, customer.Tagging{ID: tenant, Tags: splitTags(v.Form("tags"))})
	if fault.KindOf(err) == fault.Invalid {
		a, failed := openAccount(v)
		if failed != nil {
			return failed
		}
		a.tags = v.Form("tags")
		a.saidTags, err = v.Judge(err, nil, func(string) string { return "tags" }, func(string) string { return v.T("customers.column.tags") })
		if err != nil {
			return err
		}
		return a.show(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}
	v.Toast(v.T("customers.tags.saved"))
	return v.Redirect(visit.AccountPath(tenant) + "#tags")
}

// reachLinks lead to what shows a company in full (rule C31).
func (a *account) reachLinks() []block.Link {
	if !a.May("gdap.view", false) {
		return nil
	}
	return []block.Link{{Label: a.T("gdappage.title"), Href: visit.DelegationsPath(a.tenant)}}
}
