package operator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// many is a dialog about a selection of the queue.
type many struct {
	*visit.Visit
	selected  []verification.Decision // the accounts, with the versions that were seen
	reviewers []identity.User
	refused   []block.FieldError
	ended     bool // what could be done is done
}

// rowID names a case, and the version of it that the reader sees.
func rowID(c verification.Case) string {
	return selectedID(verification.Decision{Partner: c.Partner, Customer: c.Customer, Case: c.ID, Version: c.Version})
}

func selectedID(d verification.Decision) string {
	return strings.Join([]string{string(d.Partner), string(d.Customer), d.Case, strconv.FormatInt(d.Version, 10)}, ".")
}

// parseSelected is the inverse of selectedID.
func parseSelected(text string) (verification.Decision, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return verification.Decision{}, false
	}
	partner, first := id.Parse(parts[0])
	customer, second := id.Parse(parts[1])
	version, err := strconv.ParseInt(parts[3], 10, 64)
	return verification.Decision{
		Partner: id.Tenant(partner), Customer: id.Tenant(customer), Case: parts[2], Version: version,
	}, first && second && err == nil && version > 0
}

// openSelection takes the selection of the queue: the rows that were ticked, or
// all that match its search and filters, up to verification.MaxBulk.
func openSelection(v *visit.Visit) (*many, error) {
	m := &many{Visit: v}
	if v.Form("all") == "yes" {
		q := newListing(v).query()
		q.Size, q.Cursor, q.Backward = verification.MaxPage, "", false
		for len(m.selected) < verification.MaxBulk {
			page, err := visit.Do(v, verification.ListCases, q)
			if err != nil {
				return nil, err
			}
			for _, i := range page.Items {
				m.selected = append(m.selected, verification.Decision{Partner: i.Partner, Customer: i.Customer, Case: i.ID, Version: i.Version})
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		return m, nil
	}
	for _, text := range v.Forms("id") {
		if d, ok := parseSelected(text); ok && !slices.Contains(m.selected, d) {
			m.selected = append(m.selected, d)
		}
	}
	return m, nil
}

// back is the list that the selection was made in.
func (m *many) back() string {
	to := m.Form("back")
	if to == "" {
		to = m.Here()
	}
	if path, _, _ := strings.Cut(to, "?"); path != queuePath {
		return queuePath
	}
	return to
}

func (m *many) frame(title string) block.Frame {
	f := m.Frame(title, visit.Verifications)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: m.T("portal.verifications"), Href: queuePath})
	return f
}

func askApproveMany(v *visit.Visit) error {
	m, err := openSelection(v)
	if err != nil {
		return err
	}
	return v.Show(approveManyPage(m, m.frame(v.T("verifyqueue.many.title"))))
}

// approveMany approves those of the selection about which nothing was noted, and
// tells of the others case by case.
func approveMany(v *visit.Visit) error {
	m, err := openSelection(v)
	if err != nil {
		return err
	}
	outcomes, err := visit.DoOnce(v, verification.ApproveMany, m.selected)
	if err != nil {
		return err
	}
	m.refused = sentences(v, outcomes)
	done := v.N("verifyqueue.many.done", int64(len(outcomes)-len(m.refused)))
	if len(m.refused) == 0 {
		v.Toast(done)
		return v.Redirect(m.back())
	}
	m.ended = true
	m.refused = append([]block.FieldError{{Text: done}}, m.refused...)
	return v.Show(approveManyPage(m, m.frame(v.T("verifyqueue.many.title"))))
}

func (m *many) approveDialog() block.Dialog {
	d := block.Dialog{
		ID: "approve-many", Title: m.T("verifyqueue.many.title"), Text: m.N("verifyqueue.many.text", int64(len(m.selected))),
		Action: approveManyPath, CSRF: m.CSRF(), RequestID: m.Actor.RequestID, Confirm: m.T("common.approve"), Cancel: m.back(), Ready: true,
	}
	switch {
	case m.ended:
		d.Text, d.Confirm = m.T("verifyqueue.many.rest"), ""
	case len(m.selected) == 0:
		d.Reason = m.T("verifyqueue.many.nothing")
	}
	return d
}

func askAssignMany(v *visit.Visit) error {
	m, err := openSelection(v)
	if err != nil {
		return err
	}
	return m.showAssign(http.StatusOK)
}

func (m *many) showAssign(status int) (err error) {
	if m.reviewers, err = visit.Do(m.Visit, verification.Reviewers, struct{}{}); err != nil {
		return err
	}
	return m.ShowAs(status, assignManyPage(m, m.frame(m.T("verifyqueue.assign"))))
}

func assignMany(v *visit.Visit) error {
	m, err := openSelection(v)
	if err != nil {
		return err
	}
	in := verification.Assignment{To: id.User(v.Form("to"))}
	for _, d := range m.selected {
		in.Accounts = append(in.Accounts, verification.Account{Partner: d.Partner, Customer: d.Customer})
	}
	n, err := visit.Do(v, verification.Assign, in)
	if fault.KindOf(err) == fault.Invalid {
		m.refused = []block.FieldError{{Field: "to", Text: v.Sentence(err)}}
		return m.showAssign(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}
	v.Toast(v.N("verifyqueue.assigned", int64(n)))
	return v.Redirect(m.back())
}

func (m *many) assignDialog() block.Dialog {
	d := block.Dialog{
		ID: "assign-many", Title: m.T("verifyqueue.assign"), Text: m.N("verifyqueue.assign.text", int64(len(m.selected))),
		Action: assignManyPath, CSRF: m.CSRF(), Confirm: m.T("verifyqueue.assign"), Cancel: m.back(),
	}
	if len(m.selected) == 0 {
		d.Reason = m.T("verifyqueue.many.nothing")
	}
	return d
}

func (m *many) assigneeField(chosen string) block.Field {
	return assigneeField(m.Visit, m.reviewers, chosen)
}

// assigneeField asks who is to have a case; nobody is an answer too.
func assigneeField(v *visit.Visit, reviewers []identity.User, chosen string) block.Field {
	return block.Field{
		Name: "to", Label: v.T("verifyqueue.column.assignee"), Value: chosen, Placeholder: v.T("verifyqueue.nobody"), Options: reviewerOptions(reviewers),
	}
}
