// Package customers holds the pages about customers: their list, the wizard that
// adds one, and the account of one (portal P-2, P-3, P-7).
package customers

import (
	"strings"

	"comptoir/internal/id"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	const one = visit.CustomersPath + "/{id}"
	const account = one + "/account"
	return map[string]visit.Page{
		"GET " + visit.CustomersPath:             list,
		"GET " + exportPath:                      export,
		"POST " + tagsPath + "/ask":              askTags,
		"POST " + tagsPath:                       assignTags,
		"GET " + visit.NewCustomerPath:           newCustomer,
		"POST " + visit.NewCustomerPath:          continueNew,
		"POST " + checkPath:                      checkField,
		"GET " + reviewPath:                      review,
		"POST " + reviewPath:                     add,
		"POST " + donePath:                       done,
		"POST " + againPath:                      again,
		"POST " + assignPath:                     assign,
		"GET " + one:                             open,
		"GET " + account:                         show,
		"GET " + account + "/{part}":             showPart,
		"POST " + account + "/billing":           saveBilling,
		"POST " + account + "/tags":              setTags,
		"GET " + account + "/agreement":          askAgreement,
		"GET " + account + "/agreement/document": downloadAgreement,
		"POST " + account + "/agreement":         attest,
		"GET " + account + "/qualification":      askQualification,
		"POST " + account + "/qualification":     qualify,
		"GET " + account + "/appeal":             askAppeal,
		"GET " + account + "/resubmit":           askResubmit,
		"GET " + account + "/answer":             askAnswer,
		"GET " + account + "/remind":             askRemind,
		"POST " + account + "/remind":            remind,
		"GET " + account + "/removal":            askRemoval,
		"POST " + account + "/removal":           remove,

		"GET " + account + "/documents/{document}":         sendDocument,
		"POST " + account + "/documents/{document}/remove": removeDocument,
	}
}

// Uploads lists those that take files.
func Uploads() map[string]visit.Page {
	const account = visit.CustomersPath + "/{id}/account"
	return map[string]visit.Page{
		"POST " + account + "/appeal":   appeal,
		"POST " + account + "/resubmit": resubmit,
		"POST " + account + "/answer":   answer,
	}
}

// showPart leads from the address of a form to the page that it stands on.
func showPart(v *visit.Visit) error {
	tenant, err := customerOf(v)
	if err != nil {
		return err
	}
	return v.Redirect(visit.AccountPath(tenant))
}

// customerOf returns the customer that the address of a page names. Whatever is
// no id is not found.
func customerOf(v *visit.Visit) (id.Tenant, error) {
	tenant, ok := id.Parse(v.Request.PathValue("id"))
	if !ok {
		return "", refusal.NotFound
	}
	return id.Tenant(tenant), nil
}

// rowID names a row of the list. A dual partner may have two relations with one
// customer (rule A2); the one that is not the reseller's carries its kind.
func rowID(customer id.Tenant, kind relationship.Kind) string {
	if kind == relationship.Reseller {
		return string(customer)
	}
	return string(customer) + "." + string(kind)
}

// parseRow returns the customer of a row that rowID named.
func parseRow(row string) (customer id.Tenant, ok bool) {
	text, word, two := strings.Cut(row, ".")
	tenant, ok := id.Parse(text)
	if two && ok {
		_, ok = relationship.ParseKind(word)
	}
	return id.Tenant(tenant), ok
}
