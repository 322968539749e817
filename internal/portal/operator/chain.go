package operator

import (
	"cmp"

	"comptoir/internal/activity"
	"comptoir/internal/job"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// chain is the page about the chain of hashes that seals the activity log (V-13).
type chain struct {
	*visit.Visit
	activity.Chain
}

func showChain(v *visit.Visit) (err error) {
	c := &chain{Visit: v}
	if c.Chain, err = visit.Do(v, activity.GetChain, struct{}{}); err != nil {
		return err
	}
	f := v.Frame(v.T("audit.chain.title"), visit.Audit)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("audit.title"), Href: auditPath})
	f.Subtitle = v.T("audit.chain.subtitle")
	f.Help = block.Help{
		Title: v.T("audit.chain.title"), Text: []string{v.T("audit.help.chain"), v.T("audit.help.head")}, Roles: v.RolesFor("audit.verify", true),
	}
	return v.Show(chainPage(c, f))
}

// checkChain has the chain verified in the background.
func checkChain(v *visit.Visit) error {
	if _, err := visit.Do(v, activity.OrderCheck, struct{}{}); err != nil {
		return err
	}
	v.Toast(v.T("audit.chain.ordered"))
	return v.Redirect(chainPath)
}

// auditTabs lead to the log and to its chain.
func auditTabs(v *visit.Visit, current string) []block.Tab {
	return []block.Tab{
		{Label: v.T("audit.tab.log"), Href: auditPath, Current: current == auditPath},
		{Label: v.T("audit.chain.title"), Href: chainPath, Current: current == chainPath},
	}
}

// checked says in a sentence when the chain was verified last, and with what result.
func checked(v *visit.Visit, c activity.Chain) string {
	switch {
	case c.Last == nil:
		return v.T("audit.chain.never")
	case c.Last.Broken != nil:
		return v.T("audit.chain.found_broken", "Date", c.Last.At)
	}
	return v.T("audit.chain.found_whole", "Date", c.Last.At)
}

// state is the badge of the chain.
func (c *chain) state() block.Badge {
	switch {
	case c.Running():
		return block.Badge{Tone: block.Info, Text: c.T("audit.chain.running")}
	case c.Last == nil:
		return block.Badge{Tone: block.Neutral, Text: c.T("audit.chain.unchecked")}
	case c.Last.Broken != nil:
		return block.Badge{Tone: block.Danger, Text: c.T("audit.chain.broken")}
	}
	return block.Badge{Tone: block.Success, Text: c.T("audit.chain.whole")}
}

// failed reports whether the last order came to no end.
func (c *chain) failed() bool { return c.Under == job.Failed }

// facts are what the last check found.
func (c *chain) facts() []block.Fact {
	last := c.Last
	if last == nil {
		return nil
	}
	facts := []block.Fact{
		{Term: c.T("audit.chain.at"), Value: c.DateTime(last.At), Hint: cmp.Or(last.By, c.T("settings.channel.cli"))},
		{Term: c.T("audit.chain.records"), Value: c.Number(last.Records)},
		{Term: c.T("audit.chain.seals"), Value: c.Number(last.Seals)},
	}
	if last.Head.Number > 0 {
		facts = append(facts, block.Fact{Term: c.T("audit.chain.head"), Value: last.Head.String(), Mono: true, Copy: true, Hint: c.T("audit.chain.head_hint")})
	}
	return facts
}

// verify is the button that orders a check.
func (c *chain) verify() block.Button {
	b := block.Button{Label: c.T("audit.chain.verify"), Icon: icon.ShieldCheck, Kind: block.Primary, Reason: c.Reason("audit.verify", true)}
	if b.Reason == "" && c.Running() {
		b.Reason = c.T("audit.chain.running")
	}
	return b
}

// progress is how far a check has come.
func (c *chain) progress() block.Progress {
	return block.Progress{Label: c.T("audit.chain.running"), Value: c.Done, Max: c.Total}
}

// broken says what is wrong with the log, and where.
func broken(v *visit.Visit, b *activity.Break) string {
	switch b.Fault {
	case activity.RecordChanged:
		return v.T("audit.fault.record_changed", "Record", b.Record, "Seal", b.Seal)
	case activity.RecordInserted:
		return v.T("audit.fault.record_inserted", "Record", b.Record, "Seal", b.Seal)
	case activity.RecordRemoved:
		if b.Record == "" {
			return v.T("audit.fault.first_removed", "Seal", b.Seal)
		}
		return v.T("audit.fault.record_removed", "Record", b.Record, "Seal", b.Seal)
	case activity.SealChanged:
		return v.T("audit.fault.seal_changed", "Seal", b.Seal)
	case activity.SealRemoved:
		return v.T("audit.fault.seal_removed", "Seal", b.Seal)
	case activity.SealInserted:
		return v.T("audit.fault.seal_inserted", "Seal", b.Seal)
	}
	return b.String()
}
