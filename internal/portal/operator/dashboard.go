package operator

import (
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/mail"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// nextShown is how many of the cases due first the dashboard lists, and
// inspected how many failed jobs and partners it counts; there may be more.
const (
	nextShown = 8
	inspected = 500
)

// overview is what the dashboard shows (V-1).
type overview struct {
	*visit.Visit
	stands   verification.Overview
	next     listing // the cases that are due first
	failed   int64   // jobs
	applying int64   // partners
	runs     op.Installation
	unsent   int64 // mails that were given up
	partners int64
	// sees, inspects, reads and sets say what the reader may see of it.
	sees, inspects, reads, sets bool
}

func dashboard(v *visit.Visit) error {
	o := &overview{Visit: v, sees: v.May("verification.view", false), inspects: v.May("job.inspect", false), reads: v.May("mail.view", false), sets: v.May("setting.view", false)}
	if o.sees {
		if err := o.readQueue(); err != nil {
			return err
		}
	}
	if o.inspects {
		failed, err := visit.Do(v, job.Inspect, job.Inspection{State: job.Failed, Limit: inspected})
		if err != nil {
			return err
		}
		o.failed = int64(len(failed))
	}
	if o.reads {
		counts, err := visit.Do(v, mail.Counts, struct{}{})
		if err != nil {
			return err
		}
		o.unsent = counts[mail.Failed]
	}
	partners, err := visit.Do(v, identity.ListPartners, identity.PartnerList{Size: inspected})
	if err != nil {
		return err
	}
	o.partners = int64(len(partners))
	for _, p := range partners {
		if p.Status == identity.PartnerPending {
			o.applying++
		}
	}
	if o.sets {
		if o.runs, err = visit.Do(v, op.Inspect, struct{}{}); err != nil {
			return err
		}
	}
	f := v.Frame(v.T("operator.title"), visit.Operator)
	f.Subtitle = v.T("operator.subtitle")
	return v.Show(dashboardPage(o, f))
}

func (o *overview) readQueue() (err error) {
	if o.stands, err = visit.Do(o.Visit, verification.Oversee, struct{}{}); err != nil {
		return err
	}
	o.next = listing{Visit: o.Visit, view: block.ParseView(nil)}
	o.next.page, err = visit.Do(o.Visit, verification.ListCases, verification.Query{Size: nextShown})
	return err
}

// stats are the numbers about the queue, each with the list behind it.
func (o *overview) stats() []block.Stat {
	s := o.stands
	open := o.Number(s.Open)
	if s.AtLeast {
		open = o.T("verifyqueue.at_least", "Count", s.Open-1)
	}
	return []block.Stat{
		{Label: o.T("operator.stat.open"), Value: open, Href: queuePath, Icon: icon.ShieldCheck, Note: o.T("operator.stat.open_note")},
		{Label: o.T("operator.stat.overdue"), Value: o.Number(s.Overdue), Href: scopePath(verification.PastDue), Icon: icon.Clock, Tone: warn(s.Overdue)},
		{Label: o.T("verifyqueue.scope.waiting"), Value: o.Number(s.Waiting), Href: scopePath(verification.Waiting), Icon: icon.Pause},
		{Label: o.T("verifyqueue.scope.unknown"), Value: o.Number(s.Unknown), Href: scopePath(verification.Failing), Icon: icon.Warning, Tone: warn(s.Unknown)},
	}
}

// ages says how long the open cases have been open.
func (o *overview) ages() block.Chart {
	names := []string{
		o.T("verifyqueue.age.first"), o.T("verifyqueue.age.second"), o.T("verifyqueue.age.third"), o.T("verifyqueue.age.longer"),
	}
	values := make([]float64, len(names))
	for i, n := range o.stands.Ages {
		values[i] = float64(n)
	}
	return block.Chart{
		ID: "ages", Kind: block.Bars, Whole: true, LabelTitle: o.T("verifyqueue.age.since"), Title: o.T("verifyqueue.age.title"), Labels: names,
		Series: []block.Series{{Name: o.T("operator.stat.open"), Values: values}}, Format: func(n float64) string { return o.Number(int64(n)) },
	}
}

// installation says what runs, and how much it keeps.
func (o *overview) installation() []block.Fact {
	const megabyte = 1_000_000
	engine := o.T("console.installation.sqlite")
	if o.runs.Engine == "postgres" {
		engine = o.T("console.installation.postgres")
	}
	return []block.Fact{
		{Term: o.T("console.installation.version"), Value: o.runs.Version, Mono: true, Copy: true},
		{Term: o.T("console.installation.storage"), Value: o.T("console.installation.megabytes", "Size", o.Number((o.runs.Bytes+megabyte-1)/megabyte)), Hint: engine},
		{Term: o.T("console.installation.schema"), Value: o.Number(o.runs.Schema)},
	}
}

func warn(n int64) block.Tone {
	if n > 0 {
		return block.Warning
	}
	return block.Neutral
}
