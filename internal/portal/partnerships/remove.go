package partnerships

import (
	"net/http"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/partnership"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// removing is the dialog that ends a partnership (rule E21).
type removing struct {
	*visit.Visit
	reseller partnership.Counterpart
	stated   bool
	said     visit.Verdicts
}

func askRemove(v *visit.Visit) error {
	r, err := readRemoval(v, v.Query("id"))
	if err != nil {
		return err
	}
	return r.show(http.StatusOK)
}

// readRemoval reads with whom the partnership ends.
func readRemoval(v *visit.Visit, reseller string) (*removing, error) {
	if err := v.Kernel().May(v.Actor, "partnership.remove", true); err != nil {
		return nil, err
	}
	all, err := visit.Do(v, partnership.ListResellers, struct{}{})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(c partnership.Counterpart) bool { return string(c.Partner.Tenant) == reseller })
	if i < 0 {
		return nil, refusal.NotFound
	}
	return &removing{Visit: v, reseller: all[i]}, nil
}

func remove(v *visit.Visit) error {
	_, err := visit.DoOnce(v, partnership.Remove, partnership.Removal{
		Reseller:  id.Tenant(v.Form("reseller")),
		Statement: relationship.Statement{Version: v.Form("version"), Language: v.Form("language"), Made: v.Form("statement") == "yes"},
	})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("partnership.remove.done"))
		return v.Redirect(visit.ResellersPath)
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	r, failed := readRemoval(v, v.Form("reseller"))
	if failed != nil {
		return failed
	}
	r.stated = v.Form("statement") == "yes"
	status := visit.Status(err)
	if r.said, err = v.Judge(err, nil, func(member string) string { return member }, func(string) string { return "" }); err != nil {
		return err
	}
	return r.show(status)
}

func (r *removing) show(status int) error {
	f := r.Frame(r.T("partnership.remove"), visit.Resellers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: r.T("partnership.resellers.title"), Href: visit.ResellersPath})
	return r.ShowAs(status, removePage(r, f))
}

func (r *removing) dialog() block.Dialog {
	key := r.Form("request-id")
	if key == "" {
		key = r.Actor.RequestID
	}
	d := block.Dialog{
		ID: "remove", Title: r.T("partnership.remove"), Text: r.T("partnership.remove.text", "Reseller", r.reseller.Partner.Name), Tone: block.Warning,
		Action: removePath, CSRF: r.CSRF(), RequestID: key, Confirm: r.T("common.remove"), Destructive: true, Cancel: visit.ResellersPath,
	}
	if !r.reseller.EndedAt.IsZero() {
		d.Reason = r.T("partnership.state.ended_on", "Date", r.Date(r.reseller.EndedAt))
	}
	return d
}

// effects are what ends with a partnership, and what stays.
func (r *removing) effects() []string {
	return []string{
		r.T("partnership.remove.partner_orders"),
		r.N("partnership.remove.partner_customers", r.reseller.Shared),
		r.T("partnership.remove.partner_roles"),
		r.T("partnership.remove.partner_notice"),
	}
}

func (r *removing) statement() block.Field {
	return r.said.Mark(block.Field{Name: "statement", Label: relationship.StatementText(r.Tag()), Required: true, Checked: r.stated})
}
