// Package operator holds the pages of the operator's console: what needs doing,
// and the queue of accounts to verify (portal V-1, V-2).
package operator

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/verification"
)

const casePath = visit.VerificationsPath + "/{partner}/{customer}"

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.OperatorPath:      dashboard,
		"GET " + visit.VerificationsPath: queue,
		"GET " + casePath:                showCase,
		"POST " + casePath:               decide,
		"GET " + casePath + "/reject":    askReject,
	}
}

// enter refuses everybody but people of the operator: for others there is no
// such page.
func enter(v *visit.Visit) error {
	if v.Actor.Kind != policy.Operator {
		return refusal.NotFound
	}
	return nil
}

// queueCounted is how many cases the dashboard counts; there may be more.
const queueCounted = 500

// nextShown is how many of the cases due first the dashboard lists.
const nextShown = 8

// overview is what the dashboard shows (V-1).
type overview struct {
	*visit.Visit
	open, overdue int64
	failed        int64 // jobs
	partners      int64
	next          listing // the cases that are due first
	// decides and inspects say what the reader may see of it.
	decides, inspects bool
}

func dashboard(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	o := &overview{Visit: v, decides: v.May("verification.decide", false), inspects: v.May("job.inspect", false)}
	if o.decides {
		cases, err := visit.Do(v, verification.Queue, verification.Page{Limit: queueCounted})
		if err != nil {
			return err
		}
		o.count(cases)
		o.next = listing{Visit: v, cases: cases[:min(len(cases), nextShown)]}
		if o.next.names, err = partnerNames(v); err != nil {
			return err
		}
	}
	if o.inspects {
		failed, err := visit.Do(v, job.Inspect, job.Inspection{State: job.Failed, Limit: 200})
		if err != nil {
			return err
		}
		o.failed = int64(len(failed))
	}
	partners, err := visit.Do(v, identity.ListPartners, identity.PartnerList{Size: 500})
	if err != nil {
		return err
	}
	o.partners = int64(len(partners))
	f := v.Frame(v.T("operator.title"), visit.Operator)
	f.Subtitle = v.T("operator.subtitle")
	return v.Show(dashboardPage(o, f))
}

func (o *overview) count(cases []verification.Case) {
	now := o.Kernel().Clock.Now()
	o.open = int64(len(cases))
	for _, c := range cases {
		if c.Overdue(now) {
			o.overdue++
		}
	}
}

// listing is the queue (V-2).
type listing struct {
	*visit.Visit
	view  block.View
	cases []verification.Case
	names map[id.Tenant]string
}

func queue(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := &listing{Visit: v, view: block.ParseView(v.Request.URL.Query())}
	var err error
	page := verification.Page{Limit: l.view.Size}
	page.AfterDue, page.AfterID = parseCursor(l.view.After)
	if l.cases, err = visit.Do(v, verification.Queue, page); err != nil {
		return err
	}
	if l.names, err = partnerNames(v); err != nil {
		return err
	}
	f := v.Frame(v.T("portal.verifications"), visit.Verifications)
	f.Subtitle = v.T("operator.queue.subtitle")
	return v.Show(queuePage(l, f))
}

// partnerNames are what partners are called.
func partnerNames(v *visit.Visit) (map[id.Tenant]string, error) {
	all, err := visit.Do(v, identity.ListPartners, identity.PartnerList{Size: 500})
	names := make(map[id.Tenant]string, len(all))
	for _, p := range all {
		names[p.Tenant] = p.Name
	}
	return names, err
}

// cursor names the place of a case in the queue.
func cursor(c verification.Case) string {
	return strconv.FormatInt(c.DueAt.UnixMicro(), 10) + "~" + c.ID
}

// parseCursor is the inverse of cursor; anything else is the beginning.
func parseCursor(text string) (due time.Time, caseID string) {
	micros, caseID, found := strings.Cut(text, "~")
	n, err := strconv.ParseInt(micros, 10, 64)
	if !found || err != nil {
		return time.Time{}, ""
	}
	return time.UnixMicro(n).UTC(), caseID
}

// due is when a case is due, and that it is overdue.
func due(v *visit.Visit, c verification.Case) block.Cell {
	if c.Overdue(v.Kernel().Clock.Now()) {
		return block.Cell{Badge: block.Badge{Tone: block.Warning, Text: v.T("operator.overdue", "Date", c.DueAt)}}
	}
	return block.Cell{Text: v.DateTime(c.DueAt)}
}

func pathOf(c verification.Case) string {
	return visit.VerificationsPath + "/" + string(c.Partner) + "/" + string(c.Customer)
}

// review is the page of one case.
type review struct {
	*visit.Visit
	cases    []verification.Case
	customer customer.Customer
	partner  string
	// reason and text are those of the rejection, as typed.
	reason, text string
	said         visit.Verdicts
}

// current is the case that is open, or was decided last.
func (r *review) current() verification.Case { return r.cases[0] }

func openCase(v *visit.Visit) (*review, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	partner, known := id.Parse(v.Request.PathValue("partner"))
	tenant, valid := id.Parse(v.Request.PathValue("customer"))
	if !known || !valid {
		return nil, refusal.NotFound
	}
	r := &review{Visit: v}
	account := verification.Account{Partner: id.Tenant(partner), Customer: id.Tenant(tenant)}
	var err error
	if r.cases, err = visit.Do(v, verification.Cases, account); err != nil {
		return nil, err
	}
	if r.customer, err = visit.Do(v, customer.Inspect, account); err != nil {
		return nil, err
	}
	names, err := partnerNames(v)
	r.partner = names[account.Partner]
	return r, err
}

func showCase(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	return v.Show(casePage(r, r.frame()))
}

func (r *review) frame() block.Frame {
	c := r.current()
	f := r.Frame(c.CustomerName, visit.Verifications)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: r.T("portal.verifications"), Href: visit.VerificationsPath})
	f.Badges = []block.Badge{r.Status(c.Status)}
	f.Subtitle = r.T("operator.case.subtitle", "Cause", r.Cause(c.Cause), "Partner", r.partner)
	return f
}

// decide takes the decision about a case (rule C25).
func decide(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	c := r.current()
	in := verification.Decision{Partner: c.Partner, Customer: c.Customer, Reason: verification.Reason(v.Form("reason")), Text: v.Form("text")}
	if v.Form("go") == "approve" {
		_, err = visit.Do(v, verification.Approve, verification.Decision{Partner: c.Partner, Customer: c.Customer})
	} else {
		_, err = visit.Do(v, verification.Reject, in)
	}
	switch {
	case err == nil:
		v.Toast(v.T("operator.decided", "Name", c.CustomerName))
		return v.Redirect(visit.VerificationsPath)
	case errors.Is(err, verification.ErrReason):
		r.reason, r.text = v.Form("reason"), v.Form("text")
		r.said.Refuse("reason", v.Sentence(err))
		return v.ShowAs(http.StatusBadRequest, rejectPage(r, r.frame()))
	case fault.KindOf(err) == fault.Conflict: // somebody else was faster
		f := r.frame()
		f.Messages = append(f.Messages, v.Blocked(err))
		return v.ShowAs(http.StatusConflict, casePage(r, f))
	}
	return err
}

func askReject(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	return v.Show(rejectPage(r, r.frame()))
}

// reasons are the reasons of a rejection.
func (r *review) reasons() []block.Option {
	all := make([]block.Option, 0, len(verification.Reasons()))
	for _, reason := range verification.Reasons() {
		all = append(all, block.Option{Value: string(reason), Label: r.RejectionReason(reason)})
	}
	return all
}

// history is what happened to the account before, the newest first.
func (r *review) history() []block.Step {
	steps := make([]block.Step, 0, len(r.cases))
	for _, c := range r.cases {
		s := block.Step{Label: r.Cause(c.Cause), At: c.OpenedAt, By: c.OpenedBy, State: block.Done, Text: r.Status(c.Status).Text}
		switch c.Status {
		case verification.UnderReview:
			s.State, s.Text = block.Current, r.T("customers.verification.due", "Date", c.DueAt)
		case verification.NotAllowed:
			s.State = block.Failed
			s.Text = r.T("customers.verification.rejected", "Date", c.DecidedAt, "Reason", r.RejectionReason(c.Reason), "Text", c.ReasonText)
		case verification.Allowed:
			s.Text = r.T("customers.verification.approved", "Date", c.DecidedAt)
		case verification.None, verification.NotReady, verification.Unknown:
		}
		steps = append(steps, s)
	}
	return steps
}

// facts are what the reviewer compares with the registers.
func (r *review) facts() []block.Fact {
	c := r.customer
	b, a := c.Billing, c.Billing.Address
	lines := slices.DeleteFunc([]string{a.AddressLine1, a.AddressLine2, a.AddressLine3, strings.TrimSpace(a.PostalCode + " " + a.City), a.State},
		func(line string) bool { return line == "" })
	return []block.Fact{
		{Term: r.T("customers.column.original"), Value: c.OriginalName, Copy: true},
		{Term: r.T("customers.billing.title"), Value: b.CompanyName},
		{Term: r.T("portal.country"), Value: r.Country(a.Country)},
		{Term: r.T("customers.section.address"), Value: strings.Join(lines, ", "), Copy: true},
		{Term: r.T("customers.field.registration"), Value: c.Registration.ID, Hint: c.Registration.Type, Copy: true},
		{Term: r.T("customers.section.contact"), Value: b.FirstName + " " + b.LastName, Hint: b.Email},
		{Term: r.T("customers.field.phone"), Value: a.PhoneNumber},
		{Term: r.T("customers.column.domain"), Value: c.Domain},
		{Term: r.T("portal.tenant_id"), Value: string(c.ID), Mono: true, Copy: true},
	}
}
