package console

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/qualification"
	"comptoir/internal/refusal"
)

const onePartner = visit.PartnersPath + "/{id}"

func partnerPages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.PartnersPath:     partners,
		"GET " + newPartnerPath:         askEnrol,
		"POST " + newPartnerPath:        enrol,
		"GET " + onePartner:             partner,
		"POST " + onePartner + "/saved": saved,

		"GET " + onePartner + "/status":   askStatus,
		"POST " + onePartner + "/status":  changeStatus,
		"GET " + onePartner + "/vetting":  askVetting,
		"POST " + onePartner + "/vetting": vet,
		"GET " + onePartner + "/edit":     askEdit,
		"POST " + onePartner + "/edit":    edit,
		"GET " + onePartner + "/credit":   askCredit,
		"POST " + onePartner + "/credit":  changeCredit,

		"GET " + onePartner + "/registrar":  askRegistrar,
		"POST " + onePartner + "/registrar": changeRegistrar,
	}
}

func partnerPath(p identity.Partner) string { return visit.PartnersPath + "/" + string(p.Tenant) }

// partnerFile is the page of one partner (V-4).
type partnerFile struct {
	*visit.Visit
	identity.PartnerFile
	decides bool // the reader may change it
	// audits says that the reader sees the log, records its newest entries.
	audits  bool
	records []activity.Record
	earlier string // where older entries are
	codes   []qualification.Code
}

func openPartner(v *visit.Visit) (*partnerFile, error) {
	tenant, ok := id.Parse(v.Request.PathValue("id"))
	if !ok {
		if err := v.Kernel().May(v.Actor, "partner.list", false); err != nil {
			return nil, err
		}
		return nil, refusal.NotFound
	}
	f := &partnerFile{Visit: v, decides: v.May("partner.enrol", true), audits: v.May("audit.view", false)}
	var err error
	f.PartnerFile, err = visit.Do(v, identity.InspectPartner, id.Tenant(tenant))
	return f, err
}

// openToChange is openPartner for who may change it.
func openToChange(v *visit.Visit) (*partnerFile, error) {
	if err := v.Kernel().May(v.Actor, "partner.enrol", true); err != nil {
		return nil, err
	}
	return openPartner(v)
}

// recordsShown is how many entries of a partner's log its page shows.
const recordsShown = 15

func partner(v *visit.Visit) error {
	f, err := openPartner(v)
	if err != nil {
		return err
	}
	if f.audits {
		log, err := visit.Do(v, activity.Inspect, activity.Query{Tenant: f.Partner.Tenant, Limit: recordsShown, Before: v.Query("before")})
		if err != nil {
			return err
		}
		f.records = log.Records
		if log.Next != "" {
			f.earlier = partnerPath(f.Partner) + "?before=" + log.Next + "#log"
		}
	}
	if f.codes, err = visit.Do(v, qualification.InspectCodes, f.Partner.Tenant); err != nil {
		return err
	}
	return v.Show(partnerPage(f, f.frame()))
}

func (f *partnerFile) frame() block.Frame {
	frame := f.Frame(f.Partner.Name, visit.Partners)
	frame.Breadcrumb = append(frame.Breadcrumb, block.Link{Label: f.T("console.partners.title"), Href: visit.PartnersPath})
	frame.Badges = []block.Badge{partnerStatus(f.Visit, f.Partner.Status)}
	frame.Subtitle = f.Labels(f.OrgTypes(f.Partner.Types))
	frame.Commands = block.CommandBar{Commands: f.commands()}
	if cause := f.Partner.StatusCause; cause != "" {
		m := block.Message{Tone: block.Warning, Title: partnerStatus(f.Visit, f.Partner.Status).Text, Text: cause}
		if f.Partner.StatusReason != "" {
			m.Text = suspensionReason(f.Visit, f.Partner.StatusReason) + " – " + cause
		}
		frame.Messages = append(frame.Messages, m)
	}
	return frame
}

// next lists to which statuses a partner can go from where it is (rule A7).
var next = map[identity.PartnerStatus][]identity.PartnerStatus{
	identity.PartnerPending:    {identity.PartnerActive, identity.PartnerRejected, identity.PartnerClosed},
	identity.PartnerActive:     {identity.PartnerRestricted, identity.PartnerSuspended, identity.PartnerClosed},
	identity.PartnerRestricted: {identity.PartnerActive, identity.PartnerSuspended, identity.PartnerClosed},
	identity.PartnerSuspended:  {identity.PartnerActive, identity.PartnerRestricted, identity.PartnerClosed},
	identity.PartnerRejected:   {identity.PartnerActive, identity.PartnerClosed},
}

func (f *partnerFile) commands() []block.Command {
	reason := f.Reason("partner.enrol", true)
	var all []block.Command
	for _, to := range next[f.Partner.Status] {
		c := block.Command{Label: f.verb(to), Icon: statusIcon(to), Href: partnerPath(f.Partner) + "/status?to=" + string(to), Dialog: true, Reason: reason}
		if to == identity.PartnerActive && !f.vetted() && reason == "" {
			c.Reason = f.T("console.partner.vet_first")
		}
		all = append(all, c)
	}
	if f.Partner.Status != identity.PartnerClosed {
		all = append(all, block.Command{Label: f.T("common.edit"), Icon: icon.Edit, Href: partnerPath(f.Partner) + "/edit", Dialog: true, Reason: reason})
		all = append(all, block.Command{Label: f.registrarVerb(), Icon: icon.Globe, Href: partnerPath(f.Partner) + "/registrar", Dialog: true, Reason: reason, Overflow: true})
	}
	return all
}

func statusIcon(to identity.PartnerStatus) icon.Name {
	switch to {
	case identity.PartnerActive:
		return icon.Play
	case identity.PartnerClosed:
		return icon.Lock
	case identity.PartnerRejected:
		return icon.Dismiss
	case identity.PartnerPending, identity.PartnerRestricted, identity.PartnerSuspended:
	}
	return icon.Pause
}

// vetted reports whether nothing stands against activating the partner: only
// who applies, or was rejected, is vetted first.
func (f *partnerFile) vetted() bool {
	applies := f.Partner.Status == identity.PartnerPending || f.Partner.Status == identity.PartnerRejected
	return !applies || !slices.ContainsFunc(f.Vetting, func(s identity.Vetted) bool { return s.State != identity.VettingAccepted })
}

// verb is what is done to bring the partner into a status.
func (f *partnerFile) verb(to identity.PartnerStatus) string {
	switch to {
	case identity.PartnerActive:
		return f.T("console.do.activate")
	case identity.PartnerRestricted:
		return f.T("console.do.restrict")
	case identity.PartnerSuspended:
		return f.T("console.do.suspend")
	case identity.PartnerRejected:
		return f.T("console.do.reject")
	case identity.PartnerClosed, identity.PartnerPending:
	}
	return f.T("console.do.close")
}

// effect says what the partner may do then (rule A7).
func (f *partnerFile) effect(to identity.PartnerStatus) string {
	switch to {
	case identity.PartnerActive:
		return f.T("console.effect.active")
	case identity.PartnerRestricted:
		return f.T("console.effect.restricted")
	case identity.PartnerSuspended:
		return f.T("console.effect.suspended")
	case identity.PartnerRejected:
		return f.T("console.effect.rejected")
	case identity.PartnerClosed, identity.PartnerPending:
	}
	return f.T("console.effect.closed")
}

// statusForm is the dialog that changes the status.
type statusForm struct {
	*partnerFile
	to            identity.PartnerStatus
	reason, cause string
	said          visit.Verdicts
}

func openStatus(v *visit.Visit, to string) (*statusForm, error) {
	f, err := openToChange(v)
	if err != nil {
		return nil, err
	}
	s := &statusForm{partnerFile: f, to: identity.PartnerStatus(to)}
	if !slices.Contains(next[f.Partner.Status], s.to) {
		return nil, refusal.NotFound
	}
	return s, nil
}

func askStatus(v *visit.Visit) error {
	s, err := openStatus(v, v.Query("to"))
	if err != nil {
		return err
	}
	return v.Show(statusDialog(s, s.frame()))
}

func changeStatus(v *visit.Visit) error {
	s, err := openStatus(v, v.Form("to"))
	if err != nil {
		return err
	}
	s.reason, s.cause = v.Form("reason"), v.Form("cause")
	if s.to == identity.PartnerSuspended && s.reason == "" {
		s.said.Refuse("reason", v.T("portal.field.missing", "Field", v.T("console.reason.title")))
	}
	if s.asksCause() && strings.TrimSpace(s.cause) == "" {
		s.said.Refuse("cause", v.T("portal.field.missing", "Field", v.T("console.cause.title")))
	}
	if s.to == identity.PartnerClosed && strings.TrimSpace(v.Form("typed")) != s.Partner.Name {
		s.said.Refuse("", v.T("console.close.typed"))
	}
	if s.said.Any() {
		return v.ShowAs(http.StatusBadRequest, statusDialog(s, s.frame()))
	}
	_, err = visit.Do(v, identity.UpdatePartner, identity.PartnerChange{
		Tenant: s.Partner.Tenant, Status: &s.to, Cause: s.cause, Reason: identity.SuspensionReason(s.reason),
	})
	switch {
	case err == nil:
		v.Toast(v.T("console.status.changed", "Name", s.Partner.Name, "Status", partnerStatus(v, s.to).Text))
		return v.Redirect(partnerPath(s.Partner))
	case errors.Is(err, identity.ErrNotVetted), errors.Is(err, identity.ErrPartnerReason):
		s.said.Refuse("", v.Sentence(err))
		return v.ShowAs(http.StatusConflict, statusDialog(s, s.frame()))
	}
	return err
}

// asksCause reports whether the status needs words for the partner.
func (s *statusForm) asksCause() bool { return s.to != identity.PartnerActive }

func (s *statusForm) dialog() block.Dialog {
	d := block.Dialog{
		ID: "status", Title: s.T("console.status.ask", "Verb", s.verb(s.to), "Name", s.Partner.Name), Text: s.effect(s.to),
		Action: partnerPath(s.Partner) + "/status", CSRF: s.CSRF(), Confirm: s.verb(s.to), Cancel: partnerPath(s.Partner),
	}
	switch s.to {
	case identity.PartnerClosed:
		d.Tone, d.Destructive, d.Type = block.Danger, true, s.Partner.Name
	case identity.PartnerRestricted, identity.PartnerSuspended, identity.PartnerRejected:
		d.Tone = block.Warning
	case identity.PartnerActive, identity.PartnerPending:
	}
	return d
}

func (s *statusForm) reasons() block.Field {
	f := block.Field{Name: "reason", Label: s.T("console.reason.title"), Value: s.reason, Required: true, Placeholder: s.T("console.choose")}
	for _, r := range identity.SuspensionReasons(s.Partner.Types) {
		f.Options = append(f.Options, block.Option{Value: string(r), Label: suspensionReason(s.Visit, r)})
	}
	return s.said.Mark(f)
}

// editing is the dialog that changes the enrolment.
type editing struct {
	*partnerFile
	types  policy.Org
	number string
	said   visit.Verdicts
}

func askEdit(v *visit.Visit) error {
	f, err := openToChange(v)
	if err != nil {
		return err
	}
	return v.Show(editDialog(&editing{partnerFile: f, types: f.Partner.Types, number: f.Partner.PartnerID}, f.frame()))
}

func edit(v *visit.Visit) error {
	f, err := openToChange(v)
	if err != nil {
		return err
	}
	e := &editing{partnerFile: f, types: partnerTypes[v.Form("type")], number: strings.TrimSpace(v.Form("partner-id"))}
	_, err = visit.Do(v, identity.UpdatePartner, identity.PartnerChange{
		Tenant: f.Partner.Tenant, Types: &e.types, PartnerID: &e.number, SignedMPA: v.Form("signed") == "yes",
	})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("common.saved"))
		return v.Redirect(partnerPath(f.Partner))
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	members := map[string]string{"type": "type", "partnerId": "partner-id"}
	e.said, err = v.Judge(err, nil, func(member string) string { return members[member] }, func(string) string { return "" })
	if err != nil {
		return err
	}
	return v.ShowAs(http.StatusBadRequest, editDialog(e, f.frame()))
}

// vettingForm is the dialog that decides a step of the vetting.
type vettingForm struct {
	*partnerFile
	step  identity.Vetted
	state string
	note  string
}

func openVetting(v *visit.Visit, step string) (*vettingForm, error) {
	f, err := openToChange(v)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(f.Vetting, func(s identity.Vetted) bool { return string(s.Step) == step })
	if i < 0 {
		return nil, refusal.NotFound
	}
	return &vettingForm{partnerFile: f, step: f.Vetting[i], state: string(f.Vetting[i].State), note: f.Vetting[i].Note}, nil
}

func askVetting(v *visit.Visit) error {
	s, err := openVetting(v, v.Query("step"))
	if err != nil {
		return err
	}
	return v.Show(vettingDialog(s, s.frame()))
}

func vet(v *visit.Visit) error {
	s, err := openVetting(v, v.Form("step"))
	if err != nil {
		return err
	}
	_, err = visit.Do(v, identity.VetPartner, identity.Vetting{
		Tenant: s.Partner.Tenant, Step: s.step.Step, State: identity.VettingState(v.Form("state")), Note: v.Form("note"),
	})
	if err != nil {
		return err
	}
	v.Toast(v.T("common.saved"))
	return v.Redirect(partnerPath(s.Partner) + "#vetting")
}

func (s *vettingForm) states() block.Field {
	f := block.Field{Name: "state", Label: vettingStep(s.Visit, s.step.Step), Value: s.state}
	for _, state := range identity.VettingStates() {
		f.Options = append(f.Options, block.Option{Value: string(state), Label: vettingState(s.Visit, state).Text})
	}
	return f
}
