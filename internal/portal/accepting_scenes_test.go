package portal_test

import (
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/invitation"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
)

// acceptingScenes are the pages on which a customer answers an invitation (K-4).
func (w *world) acceptingScenes() []scene {
	added := do(w, customer.Add, w.actor("direct admin-agent"), newCustomer("Verrerie de la Loire SARL", "verrerie"))
	w.signInAdmin(added)
	w.people["invited"] = w.people["customer"]
	w.person("verrerie", added.Customer.ID, policy.CustomerUser)
	w.signInAdmin(do(w, customer.Add, w.actor("direct admin-agent"), newCustomer("Tuilerie de la Loire SARL", "tuilerie")))
	w.people["hasty"] = w.people["customer"]
	at := func(link string) string {
		return strings.Replace(w.invitePath(link), "/Adminportal/Home", visit.InvitationPath, 1)
	}
	review := func(link string) string {
		return strings.Replace(at(link), visit.InvitationPath, visit.InvitationPath+"/review", 1)
	}
	_, joint := w.invites("reseller admin-agent", invitation.Asking{Provider: w.provider.Tenant}, true)
	_, open := w.invites("provider admin-agent", invitation.Asking{}, false)
	withdrawn, taken := w.invites("provider admin-agent", invitation.Asking{}, false)
	do(w, invitation.Withdraw, w.actor("provider admin-agent"), withdrawn.ID)
	_, accepted := w.invites("reseller admin-agent", invitation.Asking{}, true)
	w.acceptsAs("invited", at(accepted))
	return []scene{
		{"invitation-company", "invited", at(joint) + "&step=company", nil},
		{"invitation-company-errors", "hasty", at(joint) + "&step=company", func(p *browsertest.Page) {
			// What was typed is kept, with its faults: another look may have left them here.
			browsertest.Eval[bool](p, "(window.before = true, document.querySelector('#city').value = '', document.querySelector('#phone').value = '12', true)")
			p.Click(".wizard-foot .primary")
			p.Wait("!window.before && document.querySelector('#city-error')")
		}},
		{"invitation-review", "invited", review(joint), nil},
		{"invitation-ticks", "invited", review(open), func(p *browsertest.Page) {
			p.Click(".wizard-foot .primary")
			p.Wait("document.querySelector('#errors')")
		}},
		{"invitation-decline", "invited", strings.Replace(at(open), visit.InvitationPath, visit.InvitationPath+"/decline", 1), nil},
		{"invitation-done", "invited", strings.Replace(at(accepted), visit.InvitationPath, visit.InvitationPath+"/done", 1), nil},
		{"invitation-connected", "invited", at(accepted), nil},
		{"invitation-invalid", "invited", visit.InvitationPath, nil},
		{"invitation-withdrawn", "invited", at(taken), nil},
		{"invitation-partner", "direct admin-agent", at(open), nil},
		{"own-partners", "invited", visit.OwnPartnersPath, nil},
		{"own-partner", "invited", visit.OwnPartnersPath + "/" + string(w.reseller.Tenant), nil},
		{"own-partner-end", "invited", visit.OwnPartnersPath + "/" + string(w.direct.Tenant) + "/end", nil},
		{"invitation-forward", "verrerie customer-user", at(open), nil},
	}
}
