package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/letter"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
)

// invites has somebody of a partner ask for a relationship, and returns the
// invitation and its link as the message carries it.
func (w *world) invites(who string, ask invitation.Asking, delegated bool) (invitation.Invitation, string) {
	w.t.Helper()
	begin, end := invitation.Begin, invitation.Make
	if ask.Provider != "" {
		begin, end = invitation.BeginJoint, invitation.MakeJoint
	}
	o := do(w, begin, w.actor(who), ask)
	link := o.Link.URL(w.server.URL)
	_, text := o.Words("fr", "Camille", link)
	made := do(w, end, w.actor(who), invitation.New{Asking: ask, Token: o.Link.Token, Base: w.server.URL, Language: "fr", Delegated: delegated, Message: text})
	return made, link
}

// invitePath is where the link of a message leads.
func (w *world) invitePath(link string) string {
	path, _, _ := strings.Cut(strings.TrimPrefix(link, w.server.URL), "#")
	return path
}

// another makes a customer of the direct partner whose administrator is known as who.
func (w *world) another(who, name, domain string) {
	w.t.Helper()
	first := w.people["customer"]
	w.signInAdmin(do(w, customer.Add, w.actor("direct admin-agent"), newCustomer(name, domain)))
	w.people[who], w.people["customer"] = w.people["customer"], first
}

// acceptsAs has somebody accept the invitation that a path leads to.
func (w *world) acceptsAs(who, path string) {
	w.t.Helper()
	o := do(w, invitation.Look, w.actor(who), path)
	do(w, invitation.Accept, w.actor(who), invitation.Acceptance{Link: path, Company: o.Company, Relation: true, Agreed: true, Rank: o.Agreement.Rank})
}

// K-4, E13 to E17: the customer follows the link, completes what is missing of its
// company, reads what it accepts, accepts, and is among the partner's customers.
func TestTheCustomerAcceptsAnInvitation(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	made, link := w.invites("provider admin-agent", invitation.Asking{}, true)
	own := w.reads("customer")
	// E9: in any letter case, with all that the link carries.
	to := own.get(strings.Replace(w.invitePath(link), "/Adminportal/Home", "/ADMINPORTAL/home", 1)).is(http.StatusFound).header.Get("Location")
	if !strings.HasPrefix(to, visit.InvitationPath+"?") || !strings.Contains(to, "inv=") {
		t.Fatalf("the link leads to %s", to)
	}

	// E14: something is missing, so the company comes first; nothing typed is lost.
	form := own.get(to + "&step=company").is(http.StatusOK).form("#invitation")
	form.Set("city", "")
	form.Set("line1", "14 rue des Lilas")
	p := own.post(to, form).is(http.StatusBadRequest)
	p.says("#errors", "ville")
	if got := p.value("line1"); got != "14 rue des Lilas" {
		t.Errorf("what was typed is %q", got)
	}
	p = own.get(to).is(http.StatusOK) // another day
	if got := p.value("line1"); got != "14 rue des Lilas" {
		t.Errorf("a day later the form says %q", got)
	}
	form = p.form("#invitation")
	form.Set("city", "Lyon")
	review := own.follow(own.post(to, form)).is(http.StatusOK)

	// E15: what is accepted.
	review.says("#partner", "Nordmolnet Distribution AB", "Suède", w.provider.PartnerID, "Les commander")
	review.says("#roles", "730 jours", "Oui", "Directory Readers", "Application Administrator", "Étendu")
	review.says("#company", "Fromagerie du Vercors SARL", "14 rue des Lilas")
	answer := review.path
	form = review.form("#invitation")
	p = own.post(answer, form).is(http.StatusBadRequest)
	p.says("#errors", "Cochez la case de la relation", "Cochez la case du contrat")
	form.Set("relation", "yes")
	own.post(answer, form).is(http.StatusBadRequest)
	form.Set("agreed", "yes")
	done := own.follow(own.post(answer, form)).is(http.StatusOK)
	done.says("main", "est maintenant partenaire", "La suite", "trois jours ouvrables", "dispose désormais des rôles")

	// E17: the partner has the customer in its list.
	w.reads("provider admin-agent").get("/customers").says("#customers tbody", "Fromagerie du Vercors SARL")
	if got := do(w, invitation.Show, w.actor("provider admin-agent"), made.ID); got.State != invitation.Accepted || got.Customer != c.ID {
		t.Errorf("the invitation is %+v", got.Invitation)
	}
	granted := do(w, gdap.List, w.actor("provider admin-agent"), gdap.Query{Customer: c.ID, Size: 9}).Relationships
	if len(granted) != 1 || granted[0].Status != gdap.Active || granted[0].Source != gdap.Invitation {
		t.Errorf("admin roles: %+v", granted)
	}
	own.get(to).is(http.StatusOK).says("main", "déjà en relation")
	own.follow(own.post(answer, form)).says("main", "est maintenant partenaire") // portal 0.4: sent twice, it worked
	form.Del("request-id")
	own.post(answer, form).is(http.StatusOK).says("main", "déjà en relation") // E16: never twice
}

// E6, K-4: a joint invitation shows both, and who orders.
func TestAJointInvitationShowsBoth(t *testing.T) {
	w, _ := aCustomerOfDirect(t)
	_, link := w.invites("reseller admin-agent", invitation.Asking{Provider: w.provider.Tenant}, false)
	own := w.reads("customer")
	review := own.follow(own.get(own.get(w.invitePath(link)).header.Get("Location"))).is(http.StatusOK)
	review.says("#partner", "Skånes IT-partner AB", w.reseller.PartnerID, "Nordmolnet Distribution AB les commande", "aucun rôle d’administration")
	review.says("#provider", "Nordmolnet Distribution AB", w.provider.PartnerID, "Commander pour vous de nouveaux abonnements")
	review.says("#answer", "Skånes IT-partner AB et son fournisseur Nordmolnet Distribution AB")
	if len(review.find("#roles")) != 0 {
		t.Error("E15: it shows admin roles that nobody asked for")
	}
	form := review.form("#invitation")
	form.Set("relation", "yes")
	form.Set("agreed", "yes")
	own.follow(own.post(review.path, form)).is(http.StatusOK)
	for _, who := range []string{"reseller admin-agent", "provider admin-agent"} {
		w.reads(who).get("/customers").says("#customers tbody", "Fromagerie du Vercors SARL")
	}
}

// K-4, E12: no, with a reason that the partner reads.
func TestTheCustomerDeclinesAnInvitation(t *testing.T) {
	w, _ := aCustomerOfDirect(t)
	made, link := w.invites("provider admin-agent", invitation.Asking{}, false)
	own := w.reads("customer")
	at := strings.Replace(own.get(w.invitePath(link)).header.Get("Location"), visit.InvitationPath, visit.InvitationPath+"/decline", 1)
	form := own.get(at).is(http.StatusOK).form("#decline")
	form.Set("reason", "a\x01b")
	own.post(at, form).is(http.StatusBadRequest).says("#errors", "500")
	form.Set("reason", "Nous avons déjà un partenaire.")
	own.follow(own.post(at, form)).says("#toasts", "est refusée")
	if got := do(w, invitation.Show, w.actor("provider admin-agent"), made.ID); got.State != invitation.Declined || got.Reason != "Nous avons déjà un partenaire." {
		t.Errorf("the invitation is %+v", got.Invitation)
	}
	own.follow(own.post(at, form)).says("#toasts", "est refusée") // portal 0.4: sent twice, it worked
	form.Set("reason", "Une autre.")
	own.post(at, form).is(http.StatusConflict).says("#decline", "n’est plus ouverte (Refusée)") // the dialog says why
	own.get(strings.Replace(at, "/decline", "", 1)).is(http.StatusConflict).says("main", "Votre organisation a refusé")
	// Of a link that is good for everybody the partner hears nothing, and so it is said.
	generic := strings.Split(at, "&inv=")[0]
	untold := own.get(generic).is(http.StatusOK)
	untold.says("#decline", "n’apprend donc pas")
	untold.hides("#decline", "Motif")
}

// K-4, E11, E12, E16: every state in which a link leads nowhere, with what to do.
func TestLinksThatLeadNowhereSayWhy(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	far := w.enrol("far", "Tokyo Cloud KK", policy.DirectBill, "JP", "tokyo.example")
	w.person("vercors", c.ID, policy.CustomerUser)
	w.person("vercors", c.ID, policy.CustomerBillingAdmin)
	w.another("other", "Boulangerie du Port SARL", "boulangerie")
	generic := func(who string) string {
		return w.invitePath(do(w, invitation.GenericLink, w.actor(who), invitation.Generic{}).URL(w.server.URL))
	}
	bound := func(who string) (invitation.Invitation, string) {
		made, link := w.invites(who, invitation.Asking{}, false)
		return made, w.invitePath(link)
	}
	_, open := bound("provider admin-agent")
	withdrawn, taken := bound("provider admin-agent")
	do(w, invitation.Withdraw, w.actor("provider admin-agent"), withdrawn.ID)
	_, used := bound("provider admin-agent")
	w.acceptsAs("other", used)
	generous := generic("provider admin-agent")
	for _, tt := range []struct {
		name, who, path string
		status          int
		says            []string
	}{
		{"RF-24 nothing of the link is left", "customer", "/Adminportal/Home?invType=ResellerRelationship", 404, []string{"n’est pas valide", "1000"}},
		{"RF-24 another partner", "customer", strings.Replace(open, string(w.provider.Tenant), string(w.direct.Tenant), 1), 404, []string{"n’est pas valide"}},
		{"RF-24 a token with a letter less", "customer", open[:len(open)-1], 404, []string{"n’est pas valide"}},
		{"RF-24 a token of another installation", "customer", open[:len(open)-32] + letter.NewToken(), 404, []string{"n’est pas valide"}},
		{"RF-24 a partner of another installation", "customer", "/AdminPortal/Home?invType=ResellerRelationship&partnerId=0d6f3a0e-22c1-4d0f-9d0a-6c6a0f8f8f01&msppId=0&DAP=true", 404, []string{"n’est pas valide"}},
		{"RF-24 no partnership", "customer", "/AdminPortal/Home?type=IndirectResellerRelationship&id=" + string(w.reseller.Tenant) + "&csp=1&msppid=0&indirectCSP=" + string(far.Tenant), 404, []string{"n’est pas valide"}},
		{"RF-23 another customer has used it", "customer", used, 403, []string{"une autre organisation", "Fromagerie du Vercors SARL"}},
		{"RF-09 a partner", "direct global-admin", open, 400, []string{"A partner cannot become a customer"}},
		{"RF-09 the operator", "operator operator-admin", open, 400, []string{"A partner cannot become a customer"}},
		{"RF-08 another market", "customer", generic("far admin-agent"), 403, []string{"ne peut pas servir votre pays", "Tokyo Cloud KK", "France", "2030"}},
		{"RF-25 a user", "vercors customer-user", open, 403, []string{"An admin of your organization has to accept", "900150", w.people["customer"].DisplayName}},
		{"RF-25 a billing admin", "vercors customer-billing-admin", open, 403, []string{"An admin of your organization has to accept"}},
		{"E12 withdrawn", "customer", taken, 409, []string{"a été retirée", "Nordmolnet Distribution AB"}},
		{"E16 connected", "customer", generic("direct admin-agent"), 200, []string{"déjà en relation avec Atelier Nuage SAS"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.reads(tt.who)
			to := r.get(tt.path).is(http.StatusFound).header.Get("Location")
			r.get(to).is(tt.status).says("main", tt.says...)
			if tt.status == http.StatusOK {
				return
			}
			// Whatever a form claims: nothing is accepted.
			for _, path := range []string{visit.InvitationPath, visit.InvitationPath + "/review", visit.InvitationPath + "/decline"} {
				r.post(strings.Replace(to, visit.InvitationPath, path, 1), url.Values{"relation": {"yes"}, "agreed": {"yes"}, "rank": {"1"}, "reason": {"x"}}).is(tt.status)
			}
		})
	}
	forwarded := w.reads("vercors customer-user").get(strings.Replace(open, "/Adminportal/Home", visit.InvitationPath, 1))
	forwarded.says("#forward", "inv=")
	// RF-25, customer.invite.minRole: who may accept besides is named as well.
	if err := w.k.UpdateSetting(t.Context(), w.actor("operator operator-admin"), op.SetSetting{Name: "customer.invite.minRole", Value: "billingAdmin"}); err != nil {
		t.Fatal(err)
	}
	w.reads("vercors customer-billing-admin").get(strings.Replace(open, "/Adminportal/Home", visit.InvitationPath, 1)).is(http.StatusSeeOther)
	w.reads("vercors customer-user").get(strings.Replace(open, "/Adminportal/Home", visit.InvitationPath, 1)).says("#answerers", "customer-billing-admin")
	// c5: of one that asks for admin roles as well, only who may give them.
	_, asking := w.invites("provider admin-agent", invitation.Asking{}, true)
	to := strings.Replace(w.invitePath(asking), "/Adminportal/Home", visit.InvitationPath, 1)
	refused := w.reads("vercors customer-billing-admin").get(to).is(http.StatusForbidden)
	refused.says("main", "An admin of your organization has to accept", "900150")
	refused.says("#answerers", w.people["customer"].DisplayName)
	refused.hides("#answerers", "customer-billing-admin")

	w.k.Clock = clock.Fixed(today.Add(invitation.Lifetime))
	w.reads("customer").get(strings.Replace(open, "/Adminportal/Home", visit.InvitationPath, 1)).is(http.StatusConflict).says("main", "a expiré")
	status := identity.PartnerRestricted
	do(w, identity.UpdatePartner, system(), identity.PartnerChange{Tenant: w.provider.Tenant, Status: &status, Cause: "test"})
	w.reads("customer").get(strings.Replace(generous, "/Adminportal/Home", visit.InvitationPath, 1)).is(http.StatusConflict).says("main", "ne prend pas de clients", "1003")
}

// Whoever is not signed in comes back to the link with all that it carries.
func TestALinkSurvivesTheSignIn(t *testing.T) { // K-4, portal 0.7
	w, _ := aCustomerOfDirect(t)
	_, link := w.invites("provider admin-agent", invitation.Asking{}, false)
	nobody := w.reads("")
	to := nobody.get(w.invitePath(link)).is(http.StatusFound).header.Get("Location")
	signIn := nobody.get(to).is(http.StatusSeeOther).header.Get("Location")
	if u, err := url.Parse(signIn); err != nil || u.Query().Get("back") != to {
		t.Errorf("back from %s is not %s", signIn, to)
	}
}
