package customers

import (
	"net/http"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/relationship"
)

// fStatement is the tick of the statement of rule E25, fTyped the name that is
// typed to confirm.
const (
	fStatement = "statement"
	fTyped     = "typed"
)

func removalPath(a *account) string { return visit.AccountPath(a.tenant) + "/removal" }

// readObstacles reads what keeps the relation from ending, for who may end it.
func (a *account) readObstacles() (err error) {
	if a.May("relationship.remove", true) {
		a.obstacles, err = visit.Do(a.Visit, customer.ListObstacles, customer.Ref{ID: a.tenant})
	}
	return err
}

// obstacleLinks say what has to be done first, and lead to where that is (rule E23).
func (a *account) obstacleLinks() []block.Link {
	var all []block.Link
	for _, o := range a.obstacles {
		all = append(all, block.Link{Label: a.Fault(o.Said), Href: visit.CustomersPath + "/" + string(a.tenant) + "/" + o.Part})
	}
	return all
}

// removeButton opens the dialog. It is disabled for who may not, and while anything
// is in the way.
func (a *account) removeButton() block.Button {
	b := block.Button{
		Label: a.T("partnership.remove.customer"), Icon: icon.Delete, Kind: block.Destructive, Href: removalPath(a), Dialog: true,
		Reason: a.Reason("relationship.remove", true),
	}
	if len(a.obstacles) > 0 {
		b.Reason = a.T("partnership.remove.obstacles")
	}
	return b
}

// removing is the dialog that ends the relation with a customer (rules E24 to E27).
type removing struct {
	*account
	stated bool
	said   visit.Verdicts
}

func askRemoval(v *visit.Visit) error {
	r, err := newRemoval(v)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK)
}

func newRemoval(v *visit.Visit) (*removing, error) {
	a, err := openAccount(v)
	if err != nil {
		return nil, err
	}
	return &removing{account: a}, v.Kernel().May(v.Actor, "relationship.remove", true)
}

// remove ends the relation and leads to the list without the customer. It does not
// read the customer before: a form that was sent twice finds it gone, and gets the
// first result.
func remove(v *visit.Visit) error {
	tenant, err := customerOf(v)
	if err != nil {
		return err
	}
	_, err = visit.DoOnce(v, customer.Remove, customer.Removal{
		ID: tenant, Typed: v.Form(fTyped),
		Statement: &relationship.Statement{Version: v.Form("version"), Language: v.Form("language"), Made: v.Form(fStatement) == "yes"},
	})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("partnership.remove.customer_done"))
		return v.Redirect(visit.CustomersPath)
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	r, failed := newRemoval(v)
	if failed != nil {
		return failed
	}
	r.stated = v.Form(fStatement) == "yes"
	status := visit.Status(err)
	if r.said, err = v.Judge(err, nil, removalField, func(string) string { return "" }); err != nil {
		return err
	}
	return r.show(status)
}

// removalField says which field of the dialog a member of the input is.
func removalField(member string) string {
	if member == fTyped {
		return "remove-type" // as the block calls the field that is typed to confirm
	}
	return member
}

func (r *removing) show(status int) error {
	f := r.Frame(r.T("partnership.remove.customer"), visit.Customers)
	r.crumbs(&f)
	return r.ShowAs(status, removalPage(r, f))
}

func (r *removing) dialog() block.Dialog {
	key := r.Form("request-id")
	if key == "" {
		key = r.Actor.RequestID
	}
	return block.Dialog{
		ID: "remove", Title: r.T("partnership.remove.customer"), Text: r.T("partnership.remove.customer_text", "Customer", r.original()),
		Tone: block.Warning, Action: removalPath(r.account), CSRF: r.CSRF(), RequestID: key, Confirm: r.T("common.remove"), Destructive: true,
		Cancel: visit.AccountPath(r.tenant) + "#removal", Type: r.original(),
	}
}

// effects are what ends with the relation, and what stays (rules E26, E27).
func (r *removing) effects() []string {
	return []string{
		r.T("partnership.remove.effect_list"),
		r.T("partnership.remove.effect_roles"),
		r.T("partnership.remove.effect_orders"),
		r.T("partnership.remove.effect_stays"),
		r.T("partnership.remove.effect_notice"),
	}
}

func (r *removing) statement() block.Field {
	return r.said.Mark(block.Field{Name: fStatement, Label: relationship.StatementText(r.Tag()), Required: true, Checked: r.stated})
}
