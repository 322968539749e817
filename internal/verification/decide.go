package verification

import (
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// fourEyes says whether the rejection of an account that was approved before
// takes two reviewers (V-2).
var fourEyes = op.DefineSetting(op.Setting{
	Name: "verification.fourEyes", Default: "true", Values: []string{"true", "false"}, Rule: "V-2", Mark: "O",
	Effect: "verification.setting.four_eyes",
})

// maxText bounds what a reviewer or a partner writes about a case, in characters.
const maxText = 2000

// Decision is the input of Approve and Reject. Partner may be empty when the
// customer has an open case with one partner only.
type Decision struct {
	Partner, Customer id.Tenant
	// Case and Version are what the reviewer has seen; 0 decides whatever there is.
	Case    string
	Version int64
	// Reason and Text are for Reject: one of Reasons and words for the partner.
	Reason Reason
	Text   string
}

// ConcernsCustomer implements op.Concerning.
func (d Decision) ConcernsCustomer() id.Tenant { return d.Customer }

// Approve decides an open case for the account (rules C24, C25). It refuses a
// customer without case with ErrNoRecord, a case that is not open with
// ErrNotOpen or ErrDecided, one that has changed since with ErrChangedMeanwhile
// and a reviewer of an organization concerned with ErrOwnOrganization.
var Approve = op.Define(op.Spec{Name: "verification.approve", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Case, error) {
		c, err := in.find(ctx, u)
		if err != nil {
			return Case{}, err
		}
		return c.decide(ctx, u, Approved, u.Actor.UserName)
	})

// Reject decides an open case against the account. An account that was approved
// before takes two reviewers: the first one's rejection becomes the Proposal of
// the case, which stays open. Beside the refusals of Approve it refuses a
// missing or unknown reason, or one without words, with ErrReason, and the
// second voice of one reviewer with ErrSecondReviewer.
var Reject = op.Define(op.Spec{Name: "verification.reject", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Case, error) {
		in.Text = strings.TrimSpace(in.Text)
		if !slices.Contains(Reasons(), in.Reason) || in.Text == "" {
			return Case{}, ErrReason.On("reason")
		}
		if err := checkText(in.Text); err != nil {
			return Case{}, err
		}
		c, err := in.find(ctx, u)
		if err != nil {
			return Case{}, err
		}
		switch {
		case !c.needsTwo(u):
		case c.Proposal.By == "":
			return c.propose(ctx, u, in)
		case c.Proposal.By == u.Actor.User:
			return Case{}, ErrSecondReviewer
		}
		c.Reason, c.ReasonText = in.Reason, in.Text
		return c.decide(ctx, u, Rejected, u.Actor.UserName)
	})

// checkText refuses what is empty or too long.
func checkText(text string) error {
	if text == "" || len([]rune(text)) > maxText {
		return ErrText.On("text").With("Max", maxText)
	}
	return nil
}

// needsTwo reports whether one reviewer alone must not reject c. Who works at
// the installation itself answers for it alone.
func (c Case) needsTwo(u *op.Unit) bool {
	return c.Was == Allowed && c.Cause == CauseChanged && u.Actor.Kind != policy.System && u.Setting(fourEyes) == "true"
}

var proposeRejection = db.SQL(`UPDATE verification_cases SET version = version + 1, proposed_by = $5, proposed_name = $6, proposed_reason = $7,
	proposed_text = $8 WHERE partner_id = $1 AND customer_id = $2 AND id = $3 AND version = $4`)

// propose keeps a rejection for a second reviewer.
func (c Case) propose(ctx context.Context, u *op.Unit, in Decision) (Case, error) {
	c.Proposal = Proposal{By: u.Actor.User, ByName: u.Actor.UserName, Reason: in.Reason, Text: in.Text}
	err := c.update(ctx, u, proposeRejection, c.Proposal.By, c.Proposal.ByName, c.Proposal.Reason, c.Proposal.Text)
	if err != nil {
		return Case{}, err
	}
	c.Version++
	return c, c.enter(ctx, u, Proposed, in.Text)
}

// find returns the case that d is about, as its reviewer saw it.
func (d Decision) find(ctx context.Context, u *op.Unit) (Case, error) {
	partner, err := d.partner(ctx, u.Tx)
	if err != nil {
		return Case{}, err
	}
	c, err := ofOthers(ctx, u, Account{partner, d.Customer})
	if err != nil {
		return Case{}, err
	}
	switch {
	case !c.Open() && c.DecidedBy != "":
		return Case{}, ErrDecided.With("By", c.DecidedBy).With("Date", c.DecidedAt)
	case d.Version != 0 && (d.Case != c.ID || d.Version != c.Version):
		return Case{}, ErrChangedMeanwhile
	}
	return c, nil
}

// ofOthers returns the newest case of an account to a reviewer who belongs to
// neither side (rule C25).
func ofOthers(ctx context.Context, u *op.Unit, a Account) (Case, error) {
	if u.Actor.Tenant != "" && (u.Actor.Tenant == a.Partner || u.Actor.Tenant == a.Customer) {
		return Case{}, ErrOwnOrganization
	}
	return latest(ctx, u.Tx, a.Partner, a.Customer)
}

var decideCase = db.SQL(`UPDATE verification_cases SET version = version + 1, status = $5, decided_at = $6, decided_by = $7, reason = $8,
	reason_text = $9, paused_at = 0, proposed_by = '' WHERE partner_id = $1 AND customer_id = $2 AND id = $3 AND version = $4`)

// decide ends c, for the account or for the reason in c against it. by is the
// name of the reviewer, "" when the automatic checks decide.
func (c Case) decide(ctx context.Context, u *op.Unit, h Happening, by string) (Case, error) {
	before := c.Status
	next, ok := before.After(h)
	if !ok {
		return Case{}, ErrNotOpen
	}
	c.Status, c.DecidedAt, c.DecidedBy = next, u.Now, by
	err := c.update(ctx, u, decideCase, c.Status, db.Micros(c.DecidedAt), c.DecidedBy, c.Reason, c.ReasonText)
	if err != nil {
		return Case{}, err
	}
	c.Version, c.PausedAt, c.Proposal.By = c.Version+1, time.Time{}, ""
	if err := relationship.SetStatus(ctx, u, c.Partner, c.Customer, string(c.Status), u.Now); err != nil {
		return Case{}, err
	}
	return c, c.announceDecided(ctx, u, before)
}

// announceDecided writes the decision to the log of the partner and tells those
// who wait for it (rule C27).
func (c Case) announceDecided(ctx context.Context, u *op.Unit, before Status) error {
	err := u.Record(ctx, op.Record{
		Operation: "verification_decided", Resource: "customer", Tenant: c.Partner, Customer: c.Customer, CustomerName: c.CustomerName,
		Old: before, New: c.Status, Data: map[string]string{"Reason": string(c.Reason), "Text": c.ReasonText},
	})
	if err != nil {
		return err
	}
	return c.emit(ctx, u, "verification-decided")
}

// partner returns the partner whose account is meant.
func (d Decision) partner(ctx context.Context, t *db.Tx) (id.Tenant, error) {
	if d.Partner != "" {
		return d.Partner, nil
	}
	all, err := relationship.Of(ctx, t, d.Customer)
	if err != nil {
		return "", err
	}
	var found, open []id.Tenant
	for _, r := range all {
		if r.Kind != relationship.Reseller {
			continue
		}
		found = append(found, r.Partner)
		if Status(r.Status) == UnderReview {
			open = append(open, r.Partner)
		}
	}
	switch {
	case len(open) == 1:
		return open[0], nil
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return "", refusal.NotFound
	}
	return "", ErrWhichPartner
}

// MaxBulk is how many cases are approved at once.
const MaxBulk = 1000

// ErrTooMany refuses to approve more cases at once; argument Max.
var ErrTooMany = fault.New(fault.Invalid, "2000", "verification.too_many")

// Outcome is what became of one case among many: Refused says why it was not
// approved, nil when it was.
type Outcome struct {
	Decision
	CustomerName string
	Refused      *fault.Error
}

// ApproveMany approves those of many open cases about which nothing was noted
// (V-2), and says of each of the others why not. Each case needs the version
// that the reviewer has seen.
var ApproveMany = op.Define(op.Spec{Name: "verification.approve.many", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, all []Decision) ([]Outcome, error) {
		if len(all) > MaxBulk {
			return nil, ErrTooMany.With("Max", MaxBulk)
		}
		outcomes := make([]Outcome, len(all))
		for i, d := range all {
			var err error
			if outcomes[i], err = d.approveUnseen(ctx, u); err != nil {
				return nil, err
			}
		}
		return outcomes, nil
	})

// approveUnseen approves one of many cases. Only what is wrong with the
// installation is an error.
func (d Decision) approveUnseen(ctx context.Context, u *op.Unit) (Outcome, error) {
	out := Outcome{Decision: d}
	c, err := d.find(ctx, u)
	if err == nil {
		out.CustomerName = c.CustomerName
		switch {
		case len(c.Findings) > 0:
			err = ErrFindings
		case c.Proposal.By != "":
			err = ErrSecondReviewer
		default:
			_, err = c.decide(ctx, u, Approved, u.Actor.UserName)
		}
	}
	if found := fault.All(err); len(found) > 0 {
		out.Refused, err = found[0], nil
	}
	return out, err
}
