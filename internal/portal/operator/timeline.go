package operator

import (
	"slices"

	"comptoir/internal/portal/block"
	"comptoir/internal/verification"
)

// history is what happened to the account, the newest first.
func (r *review) history() []block.Step {
	var steps []block.Step
	for _, c := range r.Cases {
		steps = append(steps, block.Step{Label: r.T("verifyqueue.step.opened", "Cause", r.Cause(c.Cause)), At: c.OpenedAt, By: c.OpenedBy, State: block.Done, Text: c.Notes})
		if !c.Open() {
			steps = append(steps, r.decision(c))
		}
	}
	for _, e := range r.Entries {
		steps = append(steps, r.entry(e))
	}
	slices.SortStableFunc(steps, func(a, b block.Step) int { return b.At.Compare(a.At) })
	if c := r.current(); c.Open() {
		now := block.Step{Label: r.Status(c.Status).Text, State: block.Current, Text: r.T("customers.verification.due", "Date", c.DueAt)}
		steps = append([]block.Step{now}, steps...)
	}
	return steps
}

func (r *review) decision(c verification.Case) block.Step {
	s := block.Step{Label: r.Status(c.Status).Text, At: c.DecidedAt, By: c.DecidedBy, State: block.Done}
	if c.DecidedBy == "" {
		s.Text = r.T("verifyqueue.step.automatic")
	}
	if c.Status == verification.NotAllowed {
		s.State = block.Failed
		s.Text = r.T("verifyqueue.bar.proposal", "Reason", r.RejectionReason(c.Reason), "Text", c.ReasonText)
	}
	return s
}

func (r *review) entry(e verification.Entry) block.Step {
	s := block.Step{At: e.At, By: e.UserName, State: block.Done, Text: e.Text}
	switch e.Kind {
	case verification.Noted:
		s.Label = r.T("verifyqueue.step.note")
	case verification.Assigned:
		s.Label = r.T("verifyqueue.step.assigned")
		if e.Text == "" {
			s.Text = r.T("verifyqueue.nobody")
		}
	case verification.Asked:
		s.Label = r.T("verifyqueue.step.asked")
	case verification.Answered:
		s.Label = r.T("verifyqueue.step.answered")
	case verification.Reminded:
		s.Label = r.T("verifyqueue.step.reminded")
	case verification.Restarted:
		s.Label = r.T("verifyqueue.step.restarted")
	case verification.Proposed:
		s.Label = r.T("verifyqueue.step.proposed")
	case verification.FellDue:
		s.Label = r.T("operator.stat.overdue")
	case verification.LookUpFailed:
		s.Label, s.State = r.T("verifyqueue.step.look_up_failed"), block.Failed
	case verification.LookedUp:
		s.Label = r.T("verifyqueue.step.looked_up")
	}
	return s
}

// member returns what a member of the account is called.
func (r *review) member(field string) string {
	switch field {
	case "billingProfile.companyName":
		return r.T("customers.column.name")
	case "companyProfile.organizationRegistrationNumber":
		return r.T("customers.field.registration")
	case "companyProfile.organizationRegistrationNumberType":
		return r.T("verifyqueue.field.registration_type")
	case "billingProfile.firstName", "billingProfile.defaultAddress.firstName":
		return r.T("customers.field.first_name")
	case "billingProfile.defaultAddress.middleName":
		return r.T("verifyqueue.field.middle_name")
	case "billingProfile.lastName", "billingProfile.defaultAddress.lastName":
		return r.T("customers.field.last_name")
	case "billingProfile.email", "billingProfile.defaultAddress.emailAddress":
		return r.T("customers.field.email")
	case "billingProfile.culture", "billingProfile.language":
		return r.T("verifyqueue.field.language")
	case "billingProfile.defaultAddress.addressLine1", "billingProfile.defaultAddress.addressLine2", "billingProfile.defaultAddress.addressLine3",
		"billingProfile.defaultAddress.district":
		return r.T("customers.section.address")
	case "billingProfile.defaultAddress.city":
		return r.T("verifyqueue.field.city")
	case "billingProfile.defaultAddress.state", "billingProfile.defaultAddress.region":
		return r.T("verifyqueue.field.state")
	case "billingProfile.defaultAddress.postalCode":
		return r.T("verifyqueue.field.postal_code")
	case "billingProfile.defaultAddress.phoneNumber":
		return r.T("customers.field.phone")
	}
	return field
}
