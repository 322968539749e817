// Package qualifications holds the operator's queue of special qualifications, and
// the codes by which partners make government customers (portal V-3).
package qualifications

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/qualification"
	"comptoir/internal/refusal"
)

const (
	onePath   = visit.QualificationsPath + "/{partner}/{customer}/{kind}"
	codesPath = visit.QualificationsPath + "/codes"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.QualificationsPath: queue,
		"GET " + onePath:                  show,
		"GET " + onePath + "/deny":        askDeny,
		"POST " + onePath:                 decide,
		"GET " + codesPath:                askCode,
		"POST " + codesPath:               issue,
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

// listing is the queue.
type listing struct {
	*visit.Visit
	view  block.View
	all   []qualification.Waiting
	names map[id.Tenant]string
}

func queue(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := &listing{Visit: v, view: block.ParseView(v.Request.URL.Query())}
	page := parseCursor(l.view.After)
	page.Limit = l.view.Size
	var err error
	if l.all, err = visit.Do(v, qualification.Queue, page); err != nil {
		return err
	}
	if l.names, err = partnerNames(v); err != nil {
		return err
	}
	f := v.Frame(v.T("qualification.queue"), visit.Qualifications)
	f.Subtitle = v.T("qualification.queue_subtitle")
	f.Help = help(v)
	return v.Show(queuePage(l, f))
}

func help(v *visit.Visit) block.Help {
	return block.Help{Title: v.T("qualification.queue"), Text: []string{v.T("qualification.help")}, Roles: v.RolesFor("qualification.decide", true)}
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

// cursor names the place of a request in the queue.
func cursor(w qualification.Waiting) string {
	return strings.Join([]string{strconv.FormatInt(w.ChangedAt.UnixMicro(), 10), string(w.Partner), string(w.Customer), string(w.Qualification)}, "~")
}

// parseCursor is the inverse of cursor; anything else is the beginning.
func parseCursor(text string) qualification.Page {
	parts := strings.Split(text, "~")
	if len(parts) != 4 {
		return qualification.Page{}
	}
	micros, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return qualification.Page{}
	}
	return qualification.Page{AfterAt: time.UnixMicro(micros).UTC(), After: qualification.Key{
		Partner: id.Tenant(parts[1]), Customer: id.Tenant(parts[2]), Qualification: qualification.Kind(parts[3]),
	}}
}

func pathOf(w qualification.Waiting) string {
	return visit.QualificationsPath + "/" + string(w.Partner) + "/" + string(w.Customer) + "/" + string(w.Qualification)
}

// review is the page of one request.
type review struct {
	*visit.Visit
	waiting qualification.Waiting
	partner string
	reason  string // of a denial, as typed
	said    visit.Verdicts
}

func openOne(v *visit.Visit) (*review, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	partner, known := id.Parse(v.Request.PathValue("partner"))
	tenant, valid := id.Parse(v.Request.PathValue("customer"))
	if !known || !valid {
		return nil, refusal.NotFound
	}
	r := &review{Visit: v}
	var err error
	r.waiting, err = visit.Do(v, qualification.Inspect, qualification.Key{
		Partner: id.Tenant(partner), Customer: id.Tenant(tenant), Qualification: qualification.Kind(v.Request.PathValue("kind")),
	})
	if err != nil {
		return nil, err
	}
	names, err := partnerNames(v)
	r.partner = names[r.waiting.Partner]
	return r, err
}

func show(v *visit.Visit) error {
	r, err := openOne(v)
	if err != nil {
		return err
	}
	return v.Show(reviewPage(r, r.frame()))
}

func (r *review) frame() block.Frame {
	f := r.Frame(r.waiting.CustomerName, visit.Qualifications)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: r.T("qualification.queue"), Href: visit.QualificationsPath})
	f.Subtitle = r.Qualification(r.waiting.Qualification)
	f.Help = help(r.Visit)
	return f
}

func askDeny(v *visit.Visit) error {
	r, err := openOne(v)
	if err != nil {
		return err
	}
	return v.Show(denyPage(r, r.frame()))
}

// decide takes the decision (rule C38).
func decide(v *visit.Visit) error {
	r, err := openOne(v)
	if err != nil {
		return err
	}
	in := qualification.Decision{
		Key:    qualification.Key{Partner: r.waiting.Partner, Customer: r.waiting.Customer, Qualification: r.waiting.Qualification},
		Reason: v.Form("reason"),
	}
	var said string
	if v.Form("go") == "approve" {
		said = v.T("qualification.approved", "Name", r.waiting.CustomerName)
		_, err = visit.Do(v, qualification.Approve, in)
	} else {
		said = v.T("qualification.denied", "Name", r.waiting.CustomerName)
		_, err = visit.Do(v, qualification.Deny, in)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(said)
		return v.Redirect(visit.QualificationsPath)
	case kind == fault.Invalid:
		r.reason = in.Reason
		r.said.Refuse("reason", v.Sentence(err))
		return v.ShowAs(http.StatusBadRequest, denyPage(r, r.frame()))
	case kind == fault.Conflict: // somebody else was faster
		f := r.frame()
		f.Messages = append(f.Messages, v.Blocked(err))
		return v.ShowAs(http.StatusConflict, reviewPage(r, f))
	}
	return err
}

// badge says where the vetting stands.
func (r *review) badge() block.Badge {
	switch r.waiting.Vetting {
	case qualification.Approved:
		return block.Badge{Tone: block.Success, Text: r.T("customers.vetting.approved")}
	case qualification.Denied:
		return block.Badge{Tone: block.Danger, Text: r.T("customers.vetting.denied")}
	case qualification.InReview:
	}
	return block.Badge{Tone: block.Info, Text: r.T("customers.vetting.in_review", "Date", r.Date(r.waiting.ChangedAt))}
}

// facts are what the reviewer compares with websites and registers.
func (r *review) facts() []block.Fact {
	w := r.waiting
	facts := []block.Fact{
		{Term: r.T("customers.column.original"), Value: w.CustomerName, Copy: true},
		{Term: r.T("operator.column.partner"), Value: r.partner},
		{Term: r.T("portal.country"), Value: r.Country(w.Country)},
		{Term: r.T("customers.column.domain"), Value: w.Domain},
		{Term: r.T("customers.field.email"), Value: w.Email},
	}
	if w.Segment != "" {
		facts = append(facts, block.Fact{Term: r.T("customers.field.segment"), Value: r.Segment(w.Segment)})
	}
	if w.Website != "" {
		facts = append(facts, block.Fact{Term: r.T("customers.field.website"), Value: w.Website, Copy: true})
	}
	if w.ValidationCode != "" {
		facts = append(facts, block.Fact{Term: r.T("customers.field.code"), Value: w.ValidationCode, Copy: true, Mono: true})
	}
	return append(
		facts,
		block.Fact{Term: r.T("qualification.column.asked"), Value: r.DateTime(w.ChangedAt), Hint: w.AskedBy},
		block.Fact{Term: r.T("qualification.column.denials"), Value: r.Number(w.Denials), Hint: w.Reason},
	)
}

// issuing is the dialog that issues a code.
type issuing struct {
	*visit.Visit
	names map[id.Tenant]string
	in    qualification.Code
	most  string // as typed
	said  visit.Verdicts
}

// codeFields says which field of the dialog a member of the input is.
var codeFields = map[string]string{"partnerId": "partner", "code": "code", "organizationName": "organization", "maxCreates": "max"}

func openCodes(v *visit.Visit) (*issuing, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "qualification.code.issue", true); err != nil {
		return nil, err
	}
	d := &issuing{Visit: v}
	var err error
	d.names, err = partnerNames(v)
	return d, err
}

func askCode(v *visit.Visit) error {
	d, err := openCodes(v)
	if err != nil {
		return err
	}
	d.in.Partner = id.Tenant(v.Query("partner"))
	return d.show(http.StatusOK)
}

func issue(v *visit.Visit) error {
	d, err := openCodes(v)
	if err != nil {
		return err
	}
	d.most = v.Form("max")
	most, err := strconv.ParseInt(d.most, 10, 64)
	if err != nil {
		most = 0 // refused
	}
	d.in = qualification.Code{Partner: id.Tenant(v.Form("partner")), Code: v.Form("code"), Organization: v.Form("organization"), Max: most}
	_, err = visit.DoOnce(v, qualification.Issue, d.in)
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("qualification.codes_saved"))
		return v.Redirect(visit.QualificationsPath)
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	if d.said, err = v.Judge(err, nil, func(member string) string { return codeFields[member] }, d.label); err != nil {
		return err
	}
	return d.show(http.StatusBadRequest)
}

func (d *issuing) show(status int) error {
	f := d.Frame(d.T("qualification.codes"), visit.Qualifications)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: d.T("qualification.queue"), Href: visit.QualificationsPath})
	return d.ShowAs(status, codesPage(d, f))
}

func (d *issuing) label(name string) string {
	switch name {
	case "partner":
		return d.T("operator.column.partner")
	case "code":
		return d.T("customers.field.code")
	case "organization":
		return d.T("qualification.codes_organization")
	}
	return d.T("qualification.codes_max")
}

func (d *issuing) field(name, value string) block.Field {
	return d.said.Mark(block.Field{Name: name, Label: d.label(name), Value: value, Required: true})
}

func (d *issuing) partnerField() block.Field {
	f := d.field("partner", string(d.in.Partner))
	f.Placeholder = d.T("customers.choose")
	for tenant, name := range d.names {
		f.Options = append(f.Options, block.Option{Value: string(tenant), Label: name})
	}
	slices.SortFunc(f.Options, func(a, b block.Option) int { return d.Compare(a.Label, b.Label) })
	return f
}
