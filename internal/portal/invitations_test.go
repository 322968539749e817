package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/gdap"
	"comptoir/internal/invitation"
	"comptoir/internal/portal/visit"
)

// A partner writes to an existing customer and keeps the invitation; the list shows
// it, opens its draft again and withdraws it (E1 to E3, E12, P-4, P-4b).
func TestAPartnerAsksForARelationship(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	r.get(visit.InvitationsPath).is(http.StatusOK).says("#invitations", "No invitations yet", "Request a reseller relationship")
	p := r.get(visit.InvitePath).is(http.StatusOK)
	p.says("main", "Nothing is sent from here", "organizations that exist already", "Keep the link", "Include admin roles", "An Admin agent can ask for other roles")
	form := p.form("#invite")
	if !strings.Contains(form.Get("message"), form.Get("link")) || !strings.HasPrefix(p.attr(`#message-card a[href^="mailto:"]`, "href"), "mailto:?subject=Atelier%20Nuage") {
		t.Fatalf("E2: the draft is %q", form.Get("message"))
	}
	form.Set("recipient-name", "Maja Lind")
	form.Set("recipient-email", "maja@fjallbageriet.example")
	form.Set("language", "sv")
	form.Set("source", "referral")
	drafted := r.post(visit.InvitePath, with(form, "go", "refresh")).form("#invite")
	if text := drafted.Get("message"); !strings.HasPrefix(text, "Hej Maja Lind,") || drafted.Get("link") != form.Get("link") || !strings.Contains(text, form.Get("link")) {
		t.Errorf("E2: in Swedish: %q", text)
	}
	own := with(drafted, "message", "Hej Maja! "+form.Get("link"))
	if kept := r.post(visit.InvitePath, with(with(own, "language", "fr"), "go", "refresh")); kept.form("#invite").Get("message") != own.Get("message") {
		t.Error("a text of the reader's own is lost")
	}
	r.post(visit.InvitePath, with(own, "message", "Hej Maja!")).is(http.StatusBadRequest).says("#message-error", "personalized link") // RF-22
	r.post(visit.InvitePath, with(with(own, "message", "Hej Maja!"), "go", "download")).is(http.StatusBadRequest).says("#message-error", "personalized link")
	r.post(visit.InvitePath, with(own, "recipient-email", "maja")).is(http.StatusBadRequest).says("#recipient-email-error", "Recipient email")

	file := r.post(visit.InvitePath, with(own, "go", "download")).is(http.StatusOK)
	if got := file.header.Get("Content-Type"); got != "message/rfc822" || !strings.Contains(file.header.Get("Content-Disposition"), ".eml") {
		t.Errorf("E2: the file is %q", got)
	}
	list := r.follow(r.post(visit.InvitePath, own))
	list.says("#toasts", "Send the message to your customer yourself")
	list.says("#invitations", "Maja Lind", "maja@fjallbageriet.example", "Own", "Open", "sales-agent@atelier-nuage.example")
	if len(list.find("#invitations tr.marked")) != 1 {
		t.Error("E3: the new row is not marked")
	}
	made := list.attr(`#invitations input[name="id"]`, "value")
	r.get(visit.InvitationsPath+"?open="+made).says("#pane", "Maja Lind", "Waiting for the customer", form.Get("link"), "730 days", "Admin agents")
	r.get(visit.InvitationsPath+"?state=accepted").hides("#invitations", "Maja Lind")
	csv := r.get(visit.InvitationsPath + "/export?state=open").body
	if !strings.Contains(csv, "Maja Lind,maja@fjallbageriet.example,Own,") {
		t.Errorf("the spreadsheet says %q", csv)
	}
	w.reads("direct sales-agent").get("/home").says("main", "Open invitations 1")

	again := r.get(visit.InvitationsPath + "/message?id=" + made).form("#rewrite")
	r.follow(r.post(visit.InvitationsPath+"/message?id="+made, with(again, "message", "Hej igen! "+form.Get("link")))).says("#toasts", "text is saved")
	if got := r.get(visit.InvitationsPath + "/message?id=" + made).form("#rewrite").Get("message"); got != "Hej igen! "+form.Get("link") {
		t.Errorf("kept %q", got)
	}
	r.get(visit.InvitationsPath+"/link?id="+made).says("dialog", "Maja Lind")
	ask := r.get(visit.InvitationsPath + "/withdraw?id=" + made).form("dialog form")
	r.follow(r.post(visit.InvitationsPath+"/withdraw?id="+made, ask)).says("#invitations", "Withdrawn")
	r.post(visit.InvitationsPath+"/withdraw?id="+made, ask).is(http.StatusConflict).says("dialog", "no longer open")
	r.get(visit.InvitationsPath+"/message?id="+made).says("#messages", "no longer open")
	w.reads("provider sales-agent").get(visit.InvitationsPath + "/message?id=" + made).is(http.StatusNotFound)
	w.reads("direct helpdesk-agent").get(visit.InvitePath).is(http.StatusForbidden).says("main", "Admin agent") // RF-10, S4.2
}

// An Admin agent chooses which admin roles the invitation asks for (E5, F1, RF-29).
func TestAnAdminAgentChoosesTheRolesOfAnInvitation(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct admin-agent")
	form := r.get(visit.InvitePath).form("#invite")
	if form.Get("days") != "730" || form.Get("extend") != "yes" || form.Get("groups") == "" {
		t.Errorf("E5: the form begins with %v", form)
	}
	form.Set("role-set", "own")
	offered := r.post(visit.InvitePath, with(form, "go", "refresh"))
	offered.says("#roles", "Global Administrator", "Far-reaching", "License Administrator")
	form = offered.form("#invite")
	form["roles"] = []string{string(gdap.GlobalAdministrator)}
	refused := r.post(visit.InvitePath, form).is(http.StatusBadRequest)
	refused.says(".summary", "cannot be extended automatically")
	form["roles"], form["days"] = []string{string(gdap.GlobalReader)}, []string{"0"}
	r.post(visit.InvitePath, form).is(http.StatusBadRequest).says(".summary", "1")
	form.Set("days", "30")
	form.Del("extend")
	r.follow(r.post(visit.InvitePath, form))
	all := do(w, invitation.List, w.actor("direct admin-agent"), invitation.Query{Size: 9}).Invitations
	if len(all) != 1 || all[0].Terms.Days() != 30 || all[0].Terms.Permanent() || len(all[0].Terms.Roles) != 1 || len(all[0].Terms.Groups) != 1 {
		t.Errorf("asked for %+v", all)
	}
	bare := r.get(visit.InvitePath).form("#invite")
	bare.Del("delegated")
	w.k.Clock.Advance(time.Minute)
	r.follow(r.post(visit.InvitePath, bare))
	if all := do(w, invitation.List, w.actor("direct admin-agent"), invitation.Query{Size: 9}).Invitations; len(all) != 2 || all[0].Delegated {
		t.Errorf("E5: without the tick: %+v", all)
	}
}

// A reseller invites together with its provider, and sees why (E6, S4.26, S4.27).
func TestAResellerInvitesWithItsProvider(t *testing.T) {
	w := newWorld(t)
	r := w.reads("reseller admin-agent")
	r.get("/customers").says("main", "Request a reseller relationship", "New relationship")
	r.get(visit.InvitePath).says("main", "Only a provider can order", "New relationship")
	p := r.follow(r.get(visit.JointInvitePath))
	p.says("main", "New relationship with your provider", "Nordmolnet Distribution AB needs its own to order", "Default set (9 roles)")
	form := p.form("#invite")
	if !strings.Contains(form.Get("link"), "indirectCSPId="+string(w.provider.Tenant)) {
		t.Errorf("E9: the link is %s", form.Get("link"))
	}
	r.follow(r.post(visit.InvitePath, form)).says("#invitations", "With a provider", "Nordmolnet Distribution AB", "No recipient named")
	w.reads("direct admin-agent").get(visit.InvitePath + "?with=" + string(w.provider.Tenant)).is(http.StatusForbidden)
	w.reads("direct admin-agent").get("/customers").hides("main", "New relationship")
}

// The list of customers leads to the form with the row that was selected: one that
// nobody sells to here; the others are refused (E1, A6, S4.13).
func TestASelectedCustomerIsAsked(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	do(w, administer, w.actor("provider admin-agent"), c.ID)
	r := w.reads("provider admin-agent")
	list := r.get("/customers")
	list.says("#customers", "Fromagerie du Vercors SARL", "No reseller relationship yet")
	row := list.attr(`#customers input[name="id"]`, "value")
	p := r.follow(r.post(visit.InviteSelectedPath, url.Values{"id": {row}}))
	p.says("#messages", "This invitation is for Fromagerie du Vercors SARL")
	if got := p.form("#invite").Get("recipient-name"); got != "Fromagerie du Vercors SARL" {
		t.Errorf("E1: the recipient is %q", got)
	}
	r.follow(r.post(visit.InviteSelectedPath, nil)).says("h1", "Request a reseller relationship")
	// E6: an indirect reseller asks for the selected one together with its provider.
	reseller := w.reads("reseller admin-agent")
	do(w, administer, w.actor("reseller admin-agent"), c.ID)
	begun := reseller.follow(reseller.post(visit.JointInviteSelectedPath, url.Values{"id": {row}})).path
	if !strings.Contains(begun, "id="+string(c.ID)) {
		t.Errorf("E6: the selection is lost on the way to %s", begun)
	}
	p = reseller.follow(reseller.get(begun))
	p.says("#messages", "This invitation is for Fromagerie du Vercors SARL")
	if got := p.form("#invite"); got.Get("id") != string(c.ID) || got.Get("with") != string(w.provider.Tenant) {
		t.Errorf("E6: the form is for %q with %q", got.Get("id"), got.Get("with"))
	}
	seller := w.reads("direct admin-agent")
	if got := seller.get("/customers").attr(`#customers input[name="id"]`, "data-bars"); got != "request" {
		t.Errorf("E1: a row that is sold to bars %q", got)
	}
	seller.get(visit.InvitePath + "?id=" + string(c.ID)).is(http.StatusConflict)
	seller.get("/customers/new").says("main", "already has an account here or with another partner? Request a relationship") // S2.13
}

// The operator writes what messages begin with, and partners see it (V-10).
func TestTheOperatorWritesTheDraftsOfInvitations(t *testing.T) {
	w := newWorld(t)
	r := w.reads("operator operator-admin")
	r.get(visit.MessagesPath).is(http.StatusOK).says("#drafts", "Invitation together with a provider", "Partnership request")
	const path = visit.DraftsPath + "/own/en"
	form := r.get(path).is(http.StatusOK).form("#writing")
	r.post(path, with(form, "body", "Hello {Recipient}")).is(http.StatusBadRequest).says(".summary", "{Link}") // RF-22
	r.follow(r.post(path, with(form, "subject", "A word from {Partner}", "body", "Dear {Recipient}, see {Link}"))).says("#reset", "would like to manage")
	begun := w.reads("direct sales-agent").get(visit.InvitePath).form("#invite")
	if begun.Get("subject") != "A word from Atelier Nuage SAS" || begun.Get("message") != "Dear, see "+begun.Get("link") {
		t.Errorf("the message begins with %q: %q", begun.Get("subject"), begun.Get("message"))
	}
	r.follow(r.post(path+"/reset", r.get(path).form("#reset"))).hides("main", "A word from")
	w.reads("direct sales-agent").get(path).is(http.StatusNotFound)
}
