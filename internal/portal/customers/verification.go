package customers

import (
	"slices"
	"time"

	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// current is the case of the account that is open, or was decided last; false
// when there was none.
func (a *account) current() (verification.Case, bool) {
	if len(a.past.Cases) == 0 {
		return verification.Case{}, false
	}
	return a.past.Cases[0], true
}

// now is the time of the installation.
func (a *account) now() time.Time { return a.Kernel().Clock.Now() }

// history is what happened to the verification of the account, the newest first
// (rule C26).
func (a *account) history() []block.Step {
	var steps []block.Step
	for _, c := range a.past.Cases {
		steps = append(steps, block.Step{Label: a.Cause(c.Cause), At: c.OpenedAt, By: c.OpenedBy, State: block.Done, Text: c.Notes})
		if !c.Open() {
			steps = append(steps, a.decision(c))
		}
	}
	for _, e := range a.past.Entries {
		steps = append(steps, a.entry(e))
	}
	slices.SortStableFunc(steps, func(x, y block.Step) int { return y.At.Compare(x.At) })
	if c, ok := a.current(); ok && c.Open() {
		steps = append([]block.Step{a.standingStep(c)}, steps...)
	}
	return steps
}

// decision is how a case ended.
func (a *account) decision(c verification.Case) block.Step {
	if c.Status == verification.NotAllowed {
		return block.Step{
			Label: a.Status(c.Status).Text, At: c.DecidedAt, State: block.Failed,
			Text: a.T("customers.verification.rejected", "Date", c.DecidedAt, "Reason", a.RejectionReason(c.Reason), "Text", c.ReasonText),
		}
	}
	return block.Step{Label: a.Status(c.Status).Text, At: c.DecidedAt, State: block.Done, Text: a.T("customers.verification.approved", "Date", c.DecidedAt)}
}

// standingStep is where an open case stands.
func (a *account) standingStep(c verification.Case) block.Step {
	s := block.Step{Label: a.Status(c.Status).Text, State: block.Current, Text: a.T("customers.verification.due", "Date", c.DueAt)}
	switch {
	case c.Paused():
		s.Text = a.T("verification.page.waits", "Date", c.PausedAt)
	case c.Overdue(a.now()):
		s.Text = a.T("customers.verification.overdue", "Date", c.DueAt)
	}
	return s
}

func (a *account) entry(e verification.Entry) block.Step {
	s := block.Step{At: e.At, By: e.UserName, State: block.Done, Text: e.Text}
	switch e.Kind {
	case verification.Asked:
		s.Label, s.By = a.T("verification.page.asked"), ""
	case verification.Answered:
		s.Label = a.T("verification.page.answered")
	case verification.Reminded:
		s.Label = a.T("verification.page.reminded")
	case verification.Restarted:
		s.Label = a.T("verification.page.restarted")
	case verification.Noted, verification.Assigned, verification.Proposed, verification.FellDue, verification.LookUpFailed, verification.LookedUp:
	}
	return s
}

// facts are where the verification of the account stands, and until when.
func (a *account) verificationFacts() []block.Fact {
	c, ok := a.current()
	if !ok {
		return nil
	}
	facts := []block.Fact{{Term: a.T("verification.page.opened"), Value: a.DateTime(c.OpenedAt)}}
	if c.Open() {
		due := block.Fact{Term: a.T("verification.page.due"), Value: a.DateTime(c.DueAt), Hint: a.T("verification.page.due_hint")}
		switch {
		case c.Paused():
			due.Value, due.Hint = a.T("verification.page.waits", "Date", c.PausedAt), ""
		case c.Overdue(a.now()):
			due = block.Fact{Term: due.Term, Badge: block.Badge{Tone: block.Warning, Text: a.T("customers.verification.overdue", "Date", c.DueAt)}}
		}
		return append(facts, due)
	}
	facts = append(facts, block.Fact{Term: a.T("verification.page.decided"), Value: a.DateTime(c.DecidedAt)})
	if c.Status == verification.NotAllowed {
		facts = append(facts, block.Fact{Term: a.T("verification.page.reason"), Value: a.RejectionReason(c.Reason), Hint: c.ReasonText})
	}
	return facts
}

// question is what the reviewer asked and waits to hear, "" for nothing.
func (a *account) question() string {
	c, ok := a.current()
	if !ok || !c.Paused() {
		return ""
	}
	for _, e := range a.past.Entries {
		if e.Kind == verification.Asked && e.Case == c.ID {
			return e.Text
		}
	}
	return ""
}

// blocked says what the status of the account does not allow (rule C21).
func (a *account) blocked() string {
	switch a.details.Customer.Status {
	case verification.Allowed:
		return a.T("customers.verification.free")
	case verification.None:
		return a.T("customers.verification.none")
	case verification.UnderReview, verification.NotAllowed, verification.NotReady, verification.Unknown:
	}
	return a.T("customers.verification.blocks")
}

// steps are what the partner can do about the verification: submit again what was
// rejected, or appeal against it, answer a question, ask after a case that is overdue (rules C24, C26).
func (a *account) steps() []block.Button {
	c, ok := a.current()
	if !ok {
		return nil
	}
	reason := a.Reason("customer.verification.resubmit", true)
	switch {
	case c.Status == verification.NotAllowed:
		return []block.Button{
			{Label: a.T("verification.page.resubmit"), Icon: icon.Refresh, Href: a.part("resubmit"), Dialog: true, Reason: reason},
			{Label: a.T("customers.appeal.open"), Icon: icon.Send, Href: a.part("appeal"), Reason: reason},
		}
	case c.Paused():
		return []block.Button{{Label: a.T("verification.page.answer"), Icon: icon.Send, Kind: block.Primary, Href: a.part("answer"), Reason: reason}}
	case c.Open():
		if reason == "" && !c.Overdue(a.now()) {
			reason = a.Sentence(verification.ErrNotOverdue.With("Date", c.DueAt))
		}
		return []block.Button{{Label: a.T("verification.page.remind"), Icon: icon.Help, Href: a.part("remind"), Dialog: true, Reason: reason}}
	}
	return nil
}

// part is the address of a form of the account.
func (a *account) part(name string) string { return visit.AccountPath(a.tenant) + "/" + name }

// documents are those that were handed in, or, with unsent, those that wait to be
// sent.
func (a *account) documents(unsent bool) []verification.Document {
	return slices.DeleteFunc(slices.Clone(a.past.Documents), func(d verification.Document) bool { return (d.Case == "") != unsent })
}

func (a *account) documentLink(d verification.Document) block.Link {
	return block.Link{
		Label: a.T("verification.page.document", "Name", d.Name, "Size", a.Number((d.Size+1023)/1024)), Href: a.part("documents/" + d.ID),
	}
}
