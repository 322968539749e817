package customers

import (
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

const tagsPath = visit.CustomersPath + "/tags"

// tagging is the dialog that changes the tags of a selection of customers.
type tagging struct {
	*visit.Visit
	// selected are the customers; tags are those that some of them have.
	selected []id.Tenant
	tags     []customer.TagCount
	// add and remove are what was chosen so far.
	add    string
	remove []string
	said   visit.Verdicts
}

// askTags opens the dialog for the rows that were selected.
func askTags(v *visit.Visit) error {
	t := &tagging{Visit: v}
	if err := t.read(); err != nil {
		return err
	}
	return t.show()
}

// assignTags takes the answer of the dialog.
func assignTags(v *visit.Visit) error {
	t := &tagging{Visit: v, add: v.Form("add"), remove: v.Forms("remove")}
	if err := t.read(); err != nil {
		return err
	}
	result, err := visit.Do(v, customer.AssignTags, customer.Retagging{IDs: t.selected, Add: splitTags(t.add), Remove: t.remove})
	switch {
	case err == nil:
		return t.finish(result)
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if t.said, err = v.Judge(err, nil, tagField, func(string) string { return v.T("customers.tags.add") }); err != nil {
		return err
	}
	return t.showAs(http.StatusBadRequest)
}

// finish leads back to the list and says what became of the selection; what was
// refused is told customer by customer.
func (t *tagging) finish(result []customer.Retagged) error {
	done := int64(0)
	for _, r := range result {
		if r.Refused == nil {
			done++
		} else {
			t.said.Refuse("", strings.TrimSpace(r.Name+" "+t.Fault(r.Refused)))
		}
	}
	if t.said.Any() {
		t.selected = slices.DeleteFunc(t.selected, func(c id.Tenant) bool {
			return slices.ContainsFunc(result, func(r customer.Retagged) bool { return r.ID == c && r.Refused == nil })
		})
		return t.show()
	}
	t.Toast(t.N("customers.tags.done", done))
	return t.Redirect(t.back())
}

// tagField says which field of a form a refusal about tags belongs to.
func tagField(member string) string {
	if member == "tags" {
		return "add"
	}
	return ""
}

// tagsFact shows the tags among other facts; without tags it says so.
func tagsFact(term string, tags []string) block.Fact {
	if len(tags) == 0 {
		return block.Fact{Term: term}
	}
	return block.Fact{Term: term, Body: tagList(tags)}
}

// splitTags takes apart what was typed: tags with commas or semicolons between.
func splitTags(typed string) []string {
	return strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' })
}

// read takes the selection of the list, the rows that were ticked or all that
// match its search and filters, and the tags of the customers in it.
func (t *tagging) read() (err error) {
	if err := t.selection(); err != nil {
		return err
	}
	t.tags, err = visit.Do(t.Visit, customer.TagsOf, customer.Selection{IDs: t.selected})
	return err
}

func (t *tagging) selection() error {
	if t.Form("all") == "yes" {
		view := block.ParseView(t.Request.URL.Query(), filters...)
		found, err := visit.Do(t.Visit, customer.List, customer.Query{Filter: filter(view), Size: customer.MaxPage})
		for _, c := range found.Items {
			t.selected = append(t.selected, c.ID)
		}
		t.selected = slices.Compact(t.selected)
		return err
	}
	for _, row := range t.Forms("id") {
		if c, ok := parseRow(row); ok && !slices.Contains(t.selected, c) {
			t.selected = append(t.selected, c)
		}
	}
	return nil
}

// options are the tags that can be taken away.
func (t *tagging) options() []block.Option {
	all := make([]block.Option, len(t.tags))
	for i, k := range t.tags {
		all[i] = block.Option{Value: k.Tag, Label: k.Tag, Hint: t.N("customers.tags.used", k.Count)}
	}
	return all
}

func (t *tagging) show() error { return t.showAs(http.StatusOK) }

func (t *tagging) showAs(status int) error {
	f := t.Frame(t.T("customers.tags.assign"), visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: t.T("portal.customers"), Href: visit.CustomersPath})
	return t.ShowAs(status, tagsPage(t, f))
}
