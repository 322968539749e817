package customers

import (
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/lang"
	"comptoir/internal/portal/visit"
)

const (
	exportPath = visit.CustomersPath + "/export"
	exportFile = "Customers.csv"
)

// export sends all customers of the reader's organisation as a spreadsheet,
// whatever the list shows (portal P-2). The titles are those of the list in the
// reader's language; with raw=1 they are English, for programs. Where customers
// stand with the agreement comes last, for those who may see it.
func export(v *visit.Visit) error {
	p := v.Printer
	if v.Query("raw") == "1" {
		p = lang.For("en")
	}
	head := []string{
		p.T("portal.tenant_id"), p.T("customers.column.name"), p.T("customers.column.domain"),
		p.T("customers.column.relationship"), p.T("customers.column.tags"),
	}
	agreements := v.May("agreement.view", false)
	if agreements {
		head = append(head, p.T("customers.column.agreement"))
	}
	words := &visit.Visit{Printer: p}
	return v.Export(exportFile, head, func(s *visit.Spreadsheet) error {
		return customer.Export(v.Context(), v.Kernel(), v.Actor, func(c customer.Item) error {
			cells := []string{string(c.ID), c.Name, c.Domain, words.Relationship(c.Kind), strings.Join(c.Tags, "; ")}
			if agreements {
				cells = append(cells, agreementCell(p, c))
			}
			return s.Row(cells...)
		})
	})
}

// agreementCell says where c stands with the agreement; a customer that is served
// alone has none, and its row is as wide as the others.
func agreementCell(p *lang.Printer, c customer.Item) string {
	if !c.Kind.Sells() {
		return ""
	}
	return agreementBadge(p, c.Agreement).Text
}
