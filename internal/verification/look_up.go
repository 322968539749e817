package verification

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// lookUpURL is a service of the operator's that knows registers and sanction
// lists (rule C25). It gets the account of every case as a JSON object by POST
// and answers with what it found: {"findings": [{"code": "…", "text": "…"}]}.
// Empty means that there is none.
var lookUpURL = op.DefineSetting(op.Setting{
	Name: "verification.lookUpUrl", Default: "", Rule: "C25", Mark: "O", Effect: "verification.setting.look_up", Check: checkAddress,
})

func checkAddress(text string) error {
	u, err := url.Parse(text)
	if err == nil && text != "" && (u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		err = errLookUpURL
	}
	return err
}

var errLookUpURL = fault.New(fault.Invalid, "2000", "verification.look_up.url")

// retries are how long after a look-up that failed the next one is made (rule
// C24). After the last one a reviewer decides without.
var retries = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}

// again tries a look-up once more for each of retries.
var again = job.Options{Tries: len(retries) + 1, Delay: func(try int) time.Duration { return retries[min(try, len(retries))-1] }}

// question names a case as it was when its account was to be looked up.
type question struct {
	Account
	Case   string
	Opened int64
}

// haveLookedUp has the account of c looked up soon.
func (c Case) haveLookedUp(ctx context.Context, u *op.Unit) error {
	if u.Setting(lookUpURL) == "" || !c.Open() {
		return nil
	}
	_, err := lookUp.Enqueue(ctx, u, question{Account{c.Partner, c.Customer}, c.ID, db.Micros(c.OpenedAt)}, job.Order{Tenant: c.Partner})
	return err
}

// lookUp asks the service about one account.
var lookUp = job.DefineLong("verification.look_up", again, func(ctx context.Context, l *job.Long, in question) error {
	var about []byte
	if err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
		about, err = in.describe(ctx, u)
		return err
	}); err != nil || about == nil {
		return err
	}
	answer, failed := l.Kernel.AskOutside(ctx, l.Kernel.Setting(lookUpURL), about)
	found, malformed := readFindings(answer)
	if failed == nil {
		failed = malformed
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
		c, still, err := in.find(ctx, u.Tx)
		if err != nil || !still {
			return err
		}
		if failed != nil {
			return c.notLookedUp(ctx, u, failed)
		}
		return c.lookedUp(ctx, u, found)
	})
	if err == nil && failed != nil {
		err = fmt.Errorf("the look-up failed: %w", failed) // has it tried again
	}
	return err
})

// find returns the case that in is about, and false when it is not the same any
// more.
func (in question) find(ctx context.Context, t *db.Tx) (Case, bool, error) {
	c, err := latest(ctx, t, in.Partner, in.Customer)
	if fault.KindOf(err) == fault.NotFound {
		return c, false, nil
	}
	return c, err == nil && c.Open() && c.ID == in.Case && db.Micros(c.OpenedAt) == in.Opened, err
}

var accountData = db.SQL(`SELECT name, original_name, domain, country, registration_type, registration_id, contact_first, contact_last, email,
	line1, line2, line3, city, state, postal_code, phone FROM customers WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)

// accountMembers are what the service calls the columns of accountData.
var accountMembers = []string{
	"companyName", "originalName", "domain", "country", "registrationType", "registrationId", "firstName", "lastName", "email",
	"addressLine1", "addressLine2", "addressLine3", "city", "state", "postalCode", "phoneNumber",
}

// describe returns what the service is told about an account, nil when there is
// nothing to ask any more.
func (in question) describe(ctx context.Context, u *op.Unit) ([]byte, error) {
	_, still, err := in.find(ctx, u.Tx)
	if err != nil || !still {
		return nil, err
	}
	values, places := make([]string, len(accountMembers)), make([]any, len(accountMembers))
	for i := range values {
		places[i] = &values[i]
	}
	found, err := u.Found(ctx, accountData, []any{in.Partner, in.Customer, relationship.Reseller}, places...)
	if err != nil || !found {
		return nil, err
	}
	about := map[string]string{"case": in.Case, "partnerId": string(in.Partner), "customerId": string(in.Customer)}
	for i, name := range accountMembers {
		about[name] = values[i]
	}
	return json.Marshal(about)
}

// foundOutside is the sentence of what the service found; argument Text.
const foundOutside = "verification.look_up.found"

func readFindings(answer []byte) ([]finding.Finding, error) {
	var read struct{ Findings []struct{ Code, Text string } }
	if err := json.Unmarshal(answer, &read); err != nil {
		return nil, err
	}
	var all []finding.Finding
	for _, f := range read.Findings {
		all = append(all, finding.Finding{Code: f.Code, Key: foundOutside, Args: map[string]any{"Text": f.Text}})
	}
	return all, nil
}

var checkedCase = db.SQL(`UPDATE verification_cases SET version = version + 1, status = $5, findings = $6, finding_count = $7, tries = $8
	WHERE partner_id = $1 AND customer_id = $2 AND id = $3 AND version = $4`)

// checked writes what a look-up made of c.
func (c Case) checked(ctx context.Context, u *op.Unit, h Happening) (Case, error) {
	before := c.Status
	if next, ok := before.After(h); ok {
		c.Status = next
	}
	findings, err := text(c.Findings)
	if err != nil {
		return c, err
	}
	if err := c.update(ctx, u, checkedCase, c.Status, findings, len(c.Findings), c.Tries); err != nil {
		return c, err
	}
	c.Version++
	if c.Status == before {
		return c, nil
	}
	return c, relationship.SetStatus(ctx, u, c.Partner, c.Customer, string(c.Status), u.Now)
}

// lookedUp notes what was found, and approves the account when nothing was and
// the operator wants it so.
func (c Case) lookedUp(ctx context.Context, u *op.Unit, found []finding.Finding) error {
	c.Findings = slices.DeleteFunc(c.Findings, func(f finding.Finding) bool { return f.Key == foundOutside })
	c.Findings, c.Tries = append(c.Findings, found...), 0
	c, err := c.checked(ctx, u, Retried)
	if err != nil {
		return err
	}
	if err := c.enter(ctx, u, LookedUp, ""); err != nil {
		return err
	}
	if len(c.Findings) > 0 || c.Cause == CauseAppeal || c.Was == UnderReview || c.Paused() || u.Setting(autoApprove) != "true" {
		return nil
	}
	_, err = c.decide(ctx, u, Approved, "")
	return err
}

// notLookedUp makes the status of c Unknown.
func (c Case) notLookedUp(ctx context.Context, u *op.Unit, cause error) error {
	c.Tries++
	c, err := c.checked(ctx, u, CheckerFailed)
	if err != nil {
		return err
	}
	return c.enter(ctx, u, LookUpFailed, cause.Error())
}

// TakeOver has a case whose check failed reviewed without it. It refuses any
// other with ErrNotUnknown.
var TakeOver = op.Define(op.Spec{Name: "verification.take_over", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Account) (Case, error) {
		c, err := ofOthers(ctx, u, in)
		if err != nil {
			return Case{}, err
		}
		if c.Status != Unknown {
			return Case{}, ErrNotUnknown
		}
		return c.checked(ctx, u, Retried)
	})
