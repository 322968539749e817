package console

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// creditFacts say how far the partner may owe.
func (f *partnerFile) creditFacts() []block.Fact {
	limit := f.T("console.credit.none")
	if f.Credit.Limited {
		limit = f.Money(f.Credit.Limit)
	}
	return []block.Fact{{Term: f.T("console.credit.limit"), Value: limit, Hint: f.T("console.credit.effect")}}
}

func (f *partnerFile) creditActions() []block.Button {
	if !f.decides || f.Partner.Status == identity.PartnerClosed {
		return nil
	}
	return []block.Button{{Label: f.T("console.credit.change"), Icon: icon.Edit, Kind: block.Quiet, Href: partnerPath(f.Partner) + "/credit", Dialog: true}}
}

// creditForm is the dialog that changes the limit.
type creditForm struct {
	*partnerFile
	limit string // as typed
	said  visit.Verdicts
}

func askCredit(v *visit.Visit) error {
	f, err := openToChange(v)
	if err != nil {
		return err
	}
	c := &creditForm{partnerFile: f}
	if f.Credit.Limited {
		c.limit = f.Decimal(f.Credit.Limit.Number())
	}
	return v.Show(creditDialog(c, f.frame()))
}

func changeCredit(v *visit.Visit) error {
	f, err := openToChange(v)
	if err != nil {
		return err
	}
	c := &creditForm{partnerFile: f, limit: v.Form("limit")}
	_, err = visit.Do(v, identity.LimitCredit, identity.CreditChange{Tenant: f.Partner.Tenant, Limit: v.PlainNumber(c.limit)})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("common.saved"))
		return v.Redirect(partnerPath(f.Partner) + "#credit")
	case kind != fault.Invalid:
		return err
	}
	c.said.Refuse("limit", v.Sentence(err))
	return v.ShowAs(http.StatusBadRequest, creditDialog(c, f.frame()))
}

// codeTable lists the validation codes that the partner was given.
func (f *partnerFile) codeTable() block.Table {
	t := block.Table{
		ID: "codes", Caption: f.T("console.codes.title"), Small: true, Columns: []block.Column{
			{Key: "code", Title: f.T("customers.field.code"), Mono: true},
			{Key: "organization", Title: f.T("qualification.codes_organization")},
			{Key: "left", Title: f.T("console.codes.left"), Number: true},
			{Key: "changed", Title: f.T("console.codes.changed"), Nowrap: true},
		},
		Empty: block.EmptyState{Title: f.T("console.codes.empty")},
	}
	for _, c := range f.codes {
		t.Rows = append(t.Rows, block.Row{ID: c.Code, Name: c.Code, Cells: []block.Cell{
			{Text: c.Code}, {Text: c.Organization}, {Text: f.T("console.codes.of", "Left", c.Remaining, "Max", c.Max)}, {Text: f.Date(c.ChangedAt)},
		}})
	}
	return t
}

func (f *partnerFile) codeActions() []block.Button {
	if !f.May("qualification.code.issue", true) {
		return nil
	}
	return []block.Button{{
		Label: f.T("qualification.codes_issue"), Icon: icon.Add, Kind: block.Quiet, Href: visit.QualificationsPath + "/codes?partner=" + string(f.Partner.Tenant), Dialog: true,
	}}
}
