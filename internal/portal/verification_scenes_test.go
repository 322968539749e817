package portal_test

import (
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// verificationScenes are the pages of a case in every state: changed after an
// approval, with a rejection that waits for a second reviewer, a note, a question
// and a document; and the other side of it.
func (w *world) verificationScenes() []scene {
	const chief, agent = "operator operator-admin", "direct admin-agent"
	w.person("operator", w.people[chief].Tenant, policy.OperatorReviewer)
	in := newCustomer("Test Société du Haut-Jura SARL", "hautjura") // CN10
	in.Distinct = true
	c := w.add(agent, in)
	account := verification.Account{Partner: c.Partner, Customer: c.ID}
	w.approve(c)
	w.k.Clock.Advance(time.Minute)
	change := customer.BillingChange{ID: c.ID, Billing: c.Billing}
	change.Billing.CompanyName, change.Billing.Address.AddressLine2 = "Société du Haut-Jura et de la Vallée de Joux SARL", "Bâtiment C, troisième étage"
	do(w, customer.UpdateBilling, w.actor(agent), change)
	do(w, verification.Reject, w.actor("operator operator-reviewer"), verification.Decision{
		Partner: c.Partner, Customer: c.ID, Reason: "name_mismatch", Text: "Le registre connaît une autre raison sociale.",
	})
	do(w, verification.Note, w.actor(chief), verification.Message{Account: account, Text: "À comparer avec l’extrait."})
	do(w, verification.Assign, w.actor(chief), verification.Assignment{Accounts: []verification.Account{account}, To: w.people[chief].ID})
	do(w, verification.AddDocument, w.actor(agent), verification.NewDocument{Customer: c.ID, Name: "extrait-du-registre-du-commerce-et-des-societes.pdf", Data: []byte("%PDF-1.7")})
	do(w, verification.Ask, w.actor(chief), verification.Message{Account: account, Text: "Pouvez-vous joindre un extrait de moins de trois mois ?"})
	do(w, verification.Answer, w.actor(agent), verification.Appeal{Customer: c.ID, Text: "Le voici."})
	do(w, verification.AddDocument, w.actor(agent), verification.NewDocument{Customer: c.ID, Name: "facade.jpg", Data: []byte("\xff\xd8\xff")})
	do(w, verification.Ask, w.actor(chief), verification.Message{Account: account, Text: "Et une photo de l’entrée ?"})
	path := visit.AccountPath(c.ID)
	return []scene{
		{"queue-waiting", chief, "/operator/verifications?state=waiting", nil},
		{"queue-approved", chief, "/operator/verifications?state=approved&q=a", nil},
		{"queue-nomatch", chief, "/operator/verifications?q=zzz", nil},
		{"case-full", chief, casePath(c), nil},
		{"case-approve", chief, casePath(c) + "/approve", nil},
		{"case-confirm", chief, casePath(c) + "/reject", nil},
		{"case-ask", chief, casePath(c) + "/ask", nil},
		{"case-assign", chief, casePath(c) + "/assign", nil},
		{"account-asked", agent, path, nil},
		{"answer", agent, path + "/answer", nil},
		{"remind", agent, path + "/remind", nil},
	}
}
