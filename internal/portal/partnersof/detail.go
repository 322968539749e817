package partnersof

import (
	"net/http"
	"strconv"

	"comptoir/internal/activity"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/record"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const (
	onePattern   = visit.OwnPartnersPath + "/{partner}"
	rolesPattern = onePattern + "/roles/{relationship}"
)

// detail is one partner of the reader's organization (K-3).
type detail struct {
	*visit.Visit
	partner customer.OwnPartnerPage
	deeds   []activity.Record
	said    visit.Verdicts
}

func openPartner(v *visit.Visit) (*detail, error) {
	if v.Actor.Kind != policy.Customer {
		return nil, refusal.NotFound
	}
	if err := v.Kernel().May(v.Actor, "own.partner.view", false); err != nil {
		return nil, err
	}
	tenant, ok := id.Parse(v.Request.PathValue("partner"))
	if !ok {
		return nil, refusal.NotFound
	}
	ref := customer.OwnPartnerRef{Partner: id.Tenant(tenant)}
	d := &detail{Visit: v}
	var err error
	if d.partner, err = visit.Do(v, customer.ShowOwnPartner, ref); err != nil {
		return nil, err
	}
	d.deeds, err = visit.Do(v, customer.ListDeeds, ref)
	return d, err
}

func (d *detail) path() string { return partnerAt + string(d.partner.Partner.Tenant) }

func showPartner(v *visit.Visit) error {
	d, err := openPartner(v)
	if err != nil {
		return err
	}
	return d.show(http.StatusOK)
}

func (d *detail) show(status int) error { return d.ShowAs(status, partnerPage(d, d.frame())) }

func (d *detail) frame() block.Frame {
	f := d.Frame(d.name(), visit.OwnPartners)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: d.T("acceptpage.partners"), Href: visit.OwnPartnersPath})
	f.Badges = []block.Badge{badge(d.Visit, d.standing())}
	f.Help = block.Help{
		Title: d.T("acceptpage.partners"), Text: []string{d.T("acceptpage.partners_help"), d.T("acceptpage.end.help")},
		Roles: d.RolesFor("own.gdap.decide", true),
	}
	return f
}

// name is what the partner is called; one that is no more has none left.
func (d *detail) name() string {
	if d.partner.Partner.LegalName == "" {
		return d.T("acceptpage.gone")
	}
	return d.partner.Partner.LegalName
}

// standing is where the partner stands: with a relation, with admin roles alone, or
// in the past.
func (d *detail) standing() standing {
	switch {
	case len(d.partner.Relations) > 0:
		return active
	case len(d.partner.Ended) > 0:
		if s := standingOf(d.partner.Delegations, d.partner.Partner.Tenant); s == active || s == waiting {
			return s
		}
		return ended
	}
	return standingOf(d.partner.Delegations, d.partner.Partner.Tenant)
}

// facts are who the partner is and what binds it to the organization.
func (d *detail) facts() []block.Fact {
	p := d.partner.Partner
	location := d.Country(p.Country)
	if p.City != "" {
		location = p.City + ", " + location
	}
	facts := []block.Fact{
		{Term: d.T("acceptpage.legal_name"), Value: p.LegalName},
		{Term: d.T("acceptpage.location"), Value: location},
		{Term: d.T("portal.partner_id"), Value: p.PartnerID, Copy: true},
	}
	for _, r := range d.partner.Relations {
		f := block.Fact{Term: d.Relationship(r.Kind), Value: d.T("acceptpage.since", "Date", d.Date(r.Since))}
		if r.Provider != "" {
			f.Hint = d.T("acceptpage.through", "Provider", r.Provider)
		}
		facts = append(facts, f)
	}
	for _, e := range d.partner.Ended {
		f := block.Fact{Term: d.Relationship(e.Kind), Value: d.T("acceptpage.from_to", "From", d.Date(e.Since), "To", d.Date(e.EndedAt)), Hint: d.T("acceptpage.ended_by_partner")}
		if e.ByCustomer {
			f.Hint = d.T("acceptpage.ended_by_you")
		}
		facts = append(facts, f)
	}
	if s := d.partner.Support; s.Email != "" {
		facts = append(facts, block.Fact{Term: d.T("acceptpage.support"), Value: s.Email, Href: "mailto:" + s.Email, Hint: s.Telephone})
	}
	return facts
}

// rolesPath is the address of what can be done with an admin relationship.
func (d *detail) rolesPath(r gdap.Relationship) string { return d.path() + "/roles/" + r.ID }

// terms are those of an admin relationship: until when, and whether it goes on.
func (d *detail) terms(r gdap.Relationship) []block.Fact {
	facts := []block.Fact{{Term: d.T("common.status"), Badge: d.DelegationStatus(r.Status)}}
	switch {
	case r.Status == gdap.Active:
		facts = append(facts, block.Fact{Term: d.T("delegationpage.end"), Value: d.Date(r.EndsAt)}, d.extension(r))
	case r.Status.Over():
		facts = append(facts, block.Fact{Term: d.T("delegationpage.end"), Value: d.Date(r.EndedAt)})
	}
	if r.ApprovedBy != "" {
		facts = append(facts, block.Fact{Term: d.T("notice.fact.approver"), Value: r.ApprovedBy})
	}
	return facts
}

func (d *detail) extension(r gdap.Relationship) block.Fact {
	f := block.Fact{Term: d.T("delegationpage.extend"), Value: d.T("delegationpage.extend_no")}
	if r.Permanent() {
		f.Value = d.T("delegationpage.extend_yes")
	}
	return f
}

// roleButtons are what can be done with an admin relationship.
func (d *detail) roleButtons(r gdap.Relationship) []block.Button {
	why := d.Reason("own.gdap.decide", true)
	switch {
	case r.Status == gdap.ApprovalPending:
		return []block.Button{{Label: d.T("acceptpage.answer_request"), Kind: block.Primary, Icon: icon.Signature, Href: visit.OfferPath + r.ID}}
	case r.Status != gdap.Active:
		return nil
	}
	extend := block.Button{Label: d.T("acceptpage.extend_on"), Icon: icon.Refresh, Name: "extend", Value: "on", Reason: why}
	if r.Permanent() {
		extend.Label, extend.Value = d.T("acceptpage.extend_off"), "off"
	} else if r.Roles.HasAny(gdap.GlobalAdministrator) && why == "" {
		extend.Reason = d.Sentence(refusal.RF29)
	}
	return []block.Button{
		extend, {Label: d.T("acceptpage.roles.remove"), Icon: icon.Delete, Kind: block.Destructive, Href: d.rolesPath(r) + "/end", Dialog: true, Reason: why},
	}
}

// rolesID names the cards of the admin relationships; the first is where links lead.
func rolesID(i int) string {
	if i == 0 {
		return "roles"
	}
	return "roles-" + strconv.Itoa(i+1)
}

func versionOf(r gdap.Relationship) string { return strconv.FormatInt(r.Version, 10) }

// deedTable is what the partner did at the organization.
func (d *detail) deedTable() block.Table {
	t := block.Table{
		ID: "deeds", Caption: d.T("acceptpage.deeds"), Small: true, Total: int64(len(d.deeds)),
		Columns: []block.Column{
			{Key: "at", Title: d.T("settings.activity.column.at"), Fixed: true, Nowrap: true},
			{Key: "action", Title: d.T("settings.activity.column.action")},
			{Key: "user", Title: d.T("settings.activity.column.user")},
		},
	}
	for _, r := range d.deeds {
		t.Rows = append(t.Rows, block.Row{ID: r.ID, Name: r.Operation, Cells: []block.Cell{
			{Text: d.DateTime(r.At)}, {Text: record.Operation(d.Printer, r.Operation)}, {Text: record.Doer(d.Printer, r)},
		}})
	}
	return t
}

// openRoles reads the partner and the one of its admin relationships that the
// address names.
func openRoles(v *visit.Visit) (*detail, gdap.Relationship, error) {
	d, err := openPartner(v)
	if err != nil {
		return nil, gdap.Relationship{}, err
	}
	for _, r := range d.partner.Delegations {
		if r.ID == v.Request.PathValue("relationship") {
			return d, r, nil
		}
	}
	return nil, gdap.Relationship{}, refusal.NotFound
}

// switchExtension switches the auto extension of admin roles on or off (rule F7).
func switchExtension(v *visit.Visit) error {
	d, r, err := openRoles(v)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(v.Form("version"), 10, 64)
	if err != nil {
		return refusal.Argument.On("version")
	}
	to, words := gdap.NoExtension, "acceptpage.extended_off"
	switch v.Form("extend") {
	case "off":
	case "on":
		to, words = gdap.Extension, "acceptpage.extended_on"
	default:
		return refusal.Malformed
	}
	_, err = visit.Do(v, gdap.OwnSetAutoExtend, gdap.Switch{Ref: gdap.Ref{Relationship: r.ID, Version: version}, AutoExtend: to})
	if err != nil {
		return d.refuse(err)
	}
	v.Toast(v.T(words))
	return v.Redirect(d.path() + "#roles")
}

// refuse shows the page with what could not be done.
func (d *detail) refuse(err error) error {
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid, fault.Stale:
		d.said.Refuse("", d.Sentence(err))
		return d.show(visit.Status(err))
	}
	return err
}

// refuseIn shows the question again with what could not be done: a script asked for a
// dialog.
func (d *detail) refuseIn(q block.Dialog, err error) error {
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid, fault.Stale, fault.NotFound:
		q.Reason = d.Sentence(err)
		return d.ShowAs(visit.Status(err), questionPage(d, q))
	}
	return err
}

func askEndRoles(v *visit.Visit) error {
	d, r, err := openRoles(v)
	if err != nil {
		return err
	}
	return v.Show(questionPage(d, d.rolesQuestion(r)))
}

func (d *detail) rolesQuestion(r gdap.Relationship) block.Dialog {
	return block.Dialog{
		ID: "end-roles", Title: d.T("acceptpage.roles.remove_title", "Partner", d.name()), Text: d.T("acceptpage.roles.remove_text"), Tone: block.Warning,
		Action: d.rolesPath(r) + "/end", CSRF: d.CSRF(), RequestID: d.Actor.RequestID, Confirm: d.T("acceptpage.roles.remove"), Destructive: true,
		Reason: d.Reason("own.gdap.decide", true), Cancel: d.path(),
	}
}

// endRoles takes admin roles back (rule F10).
func endRoles(v *visit.Visit) error {
	d, r, err := openRoles(v)
	if err != nil {
		return err
	}
	if _, err := visit.DoOnce(v, gdap.OwnEnd, gdap.Decision{Relationship: r.ID}); err != nil {
		return d.refuseIn(d.rolesQuestion(r), err)
	}
	v.Toast(v.T("acceptpage.roles.removed", "Partner", d.name()))
	return v.Redirect(d.path())
}

func askEnd(v *visit.Visit) error {
	d, err := openPartner(v)
	if err == nil && len(d.partner.Relations) == 0 {
		err = refusal.NotFound
	}
	if err != nil {
		return err
	}
	return v.Show(questionPage(d, d.endQuestion()))
}

// endQuestion asks before the relation ends, and says whom to ask while something
// still runs through it (rule E29).
func (d *detail) endQuestion() block.Dialog {
	return block.Dialog{
		ID: "end", Title: d.T("acceptpage.end.title", "Partner", d.name()), Text: d.T("acceptpage.end.text", "Partner", d.name()), Tone: block.Warning,
		Action: d.path() + "/end", CSRF: d.CSRF(), RequestID: d.Actor.RequestID, Confirm: d.T("acceptpage.end.do"), Destructive: true,
		Reason: d.whyNot(), Type: d.name(), Cancel: d.path(),
	}
}

// whyNot says why the reader cannot end the relation, "" when he can.
func (d *detail) whyNot() string {
	if why := d.Reason("own.partner.end", true); why != "" || len(d.partner.Obstacles) == 0 {
		return why
	}
	why := d.Sentence(customer.ErrAskPartner.With("Partner", d.name()).With("Contact", d.partner.Support.Email))
	for _, o := range d.partner.Obstacles {
		why += " " + d.Fault(o.Said)
	}
	return why
}

// end ends the relation with the partner.
func end(v *visit.Visit) error {
	d, err := openPartner(v)
	if err != nil {
		return err
	}
	if v.Form("typed") != d.name() {
		return v.ShowAs(http.StatusBadRequest, questionPage(d, d.endQuestion()))
	}
	if _, err := visit.DoOnce(v, customer.EndOwn, customer.OwnPartnerRef{Partner: d.partner.Partner.Tenant}); err != nil {
		return d.refuseIn(d.endQuestion(), err)
	}
	v.Toast(v.T("acceptpage.end.done", "Partner", d.name()))
	return v.Redirect(visit.OwnPartnersPath)
}
