package stories_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/invitation"
	"comptoir/internal/mail"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// letterOf reads what stands in the form of a message.
func letterOf(p *browsertest.Page, field string) string {
	return browsertest.Eval[string](p, `document.querySelector('[name="`+field+`"]').value`)
}

// invitedAddress is whom the message is for.
const invitedAddress = "secretariat@tanneries.example"

// A partner asks a customer that exists already for a reseller relationship: from
// the list of customers over the message to the list of invitations.
func TestS4_1_ACustomerIsAskedForARelationship(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct, provider := w.known(t, "direct"), w.known(t, "provider")
	served := id.Tenant(w.add(t, provider, "Tanneries de Millau SARL", "millau"))
	do(t, w, administer, direct.system(), served)
	p := browser.Open(t, w.server.URL+"/")
	t.Run("S4.12 sign in, Customers", func(*testing.T) {
		w.signIn(p, w.person(t, direct, policy.AdminAgent, "en"))
		p.Click(`#nav a[href="/customers"]`)
		p.Shown("#customers tbody tr")
	})
	t.Run("S4.13 select a customer, Request a reseller relationship", func(*testing.T) {
		p.Go(w.server.URL + "/customers?q=Millau")
		p.Click(`#customers tbody .pick input`)
		p.Click(`[data-bar="request"]`)
		p.Wait(`location.pathname === '/customers/invite' && document.querySelector('#invite')`)
		if got := p.Text("#messages"); !strings.Contains(got, "Tanneries de Millau SARL") {
			t.Errorf("the page says %s", got)
		}
	})
	t.Run("S4.21 who may be invited, and where a customer comes from", func(t *testing.T) {
		if got := p.Text("#messages"); !strings.Contains(got, "marketing, a referral or a provider") {
			t.Errorf("the page says %s", got)
		}
		p.Choose(`[name="source"]`, "Referral")
		p.Type(`[name="recipient-email"]`, invitedAddress)
	})
	t.Run("S4.14 review the draft message", func(t *testing.T) {
		if got := letterOf(p, "message"); !strings.Contains(got, "would like to manage your subscriptions") || !strings.Contains(got, letterOf(p, "link")) {
			t.Errorf("the draft is %q", got)
		}
	})
	t.Run("S4.15 open it in mail, or copy and paste", func(t *testing.T) {
		p.Shown(`a[data-letter][href^="mailto:"]`)
		p.Shown(`button[data-letter]`)
		if got := browsertest.Eval[string](p, `decodeURIComponent(document.querySelector('a[data-letter]').href)`); !strings.Contains(got, letterOf(p, "link")) {
			t.Errorf("the mail program opens %q", got)
		}
	})
	t.Run("S4.16 change the text, keep the personalized link", func(t *testing.T) {
		link := letterOf(p, "link")
		browsertest.Eval[bool](p, `(document.querySelector('#message').value = 'Bonjour !', true)`)
		p.Click(".form-actions .primary")
		p.Shown("#message-error")
		if got := p.Text("#message-error"); !strings.Contains(got, "personalized link") {
			t.Errorf("RF-22: %s", got)
		}
		p.Problems() // what is refused is answered with a status, which the console notes
		browsertest.Eval[bool](p, `(document.querySelector('#message').value = 'Bonjour ! `+link+`', true)`)
	})
	t.Run("S4.17 Done", func(t *testing.T) {
		p.Click(".form-actions .primary")
		p.Wait(`location.pathname === '/customers/invitations' && document.querySelector('#invitations tr.marked')`)
		if got := p.Text("#invitations tr.marked"); !strings.Contains(got, "Open") || !strings.Contains(got, "Tanneries de Millau SARL") {
			t.Errorf("the row says %s", got)
		}
	})
	t.Run("S4.18 the partner sends the message, the system sends nothing", func(t *testing.T) {
		if got := p.Text("#toasts"); !strings.Contains(got, "Send the message to your customer yourself") {
			t.Errorf("the page says %s", got)
		}
		for _, m := range do(t, w, mail.List, w.operator(), mail.Page{Limit: 200}).Mails {
			if m.Address == invitedAddress {
				t.Errorf("the system has written %q", m.Subject)
			}
		}
	})
	t.Run("S4.11 the message leads the customer to the invitation", func(t *testing.T) {
		made := do(t, w, invitation.List, w.agentOf(direct), invitation.Query{State: invitation.Open, Size: 9}).Invitations[0]
		shown := do(t, w, invitation.Show, w.agentOf(direct), made.ID)
		if !strings.Contains(made.Message, shown.Link.URL(w.server.URL)) || made.Source != invitation.Referral || made.Customer != served {
			t.Errorf("kept is %+v", made)
		}
	})
}

// Global admins and Admin agents ask for relationships; who may not learns who may.
func TestS4_2_WhoAsksForRelationships(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct := w.known(t, "direct")
	for role, may := range map[policy.Role]bool{policy.GlobalAdmin: true, policy.AdminAgent: true, policy.HelpdeskAgent: false} {
		p := browser.Open(t, w.server.URL+"/customers/invite")
		w.signIn(p, w.person(t, direct, role, "en"))
		if may {
			p.Shown("#invite")
			continue
		}
		p.Shown("main h1")
		if got := p.Text("main"); !strings.Contains(got, "Global admin") || !strings.Contains(got, "Admin agent") {
			t.Errorf("RF-10: %s", got)
		}
		p.Problems() // the refusal has a status, which the console notes
	}
}

// An indirect reseller invites a customer for its provider as well.
func TestS4_26_AResellerInvitesForBoth(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	reseller, provider := w.known(t, "reseller"), w.known(t, "provider")
	p := browser.Open(t, w.server.URL+"/")
	t.Run("S4.25 sign in, Customers", func(*testing.T) {
		w.signIn(p, w.person(t, reseller, policy.AdminAgent, "en"))
		p.Click(`#nav a[href="/customers"]`)
		p.Shown("#customers")
	})
	t.Run("S4.26 New relationship", func(t *testing.T) {
		p.Click(`.commands [formaction="/customers/invite/selected/joint"]`)
		p.Wait(`location.search === '?with=` + string(provider.tenant) + `' && document.querySelector('#invite')`)
	})
	t.Run("S4.28 the draft message with the personalized link", func(t *testing.T) {
		link, text := letterOf(p, "link"), letterOf(p, "message")
		if !strings.Contains(link, "IndirectResellerRelationship") || !strings.Contains(link, string(provider.tenant)) || !strings.Contains(text, link) {
			t.Errorf("the draft is %q", text)
		}
		p.Type(`[name="recipient-name"]`, "Maja Lind\t")
		p.Wait(`document.querySelector('#message').value.startsWith('Hello Maja Lind,')`)
		if letterOf(p, "link") != link {
			t.Error("the link changed")
		}
		p.Shown(`button[data-letter]`)
	})
	t.Run("S4.29 Done", func(t *testing.T) {
		p.Click(".form-actions .primary")
		p.Wait(`location.pathname === '/customers/invitations' && document.querySelector('#invitations tr.marked')`)
		if got := p.Text("#invitations tr.marked"); !strings.Contains(got, "Maja Lind") || !strings.Contains(got, "With a provider") {
			t.Errorf("the row says %s", got)
		}
	})
}

// A customer that another partner has already is not added again, but asked.
func TestS2_13_AnExistingCustomerIsAsked(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	p := browser.Open(t, w.server.URL+"/customers/new")
	w.signIn(p, w.person(t, w.known(t, "direct"), policy.AdminAgent, "en"))
	p.Shown("#company")
	p.Click(`#company-section a[href="/customers/invite"]`)
	p.Wait(`location.pathname === '/customers/invite' && document.querySelector('#invite')`)
}

// agentOf is somebody of a partner who may do everything.
func (w *world) agentOf(p *partner) op.Actor {
	return op.Actor{Kind: policy.Partner, Tenant: p.tenant, Org: p.types, Roles: policy.GlobalAdmin | policy.AdminAgent, User: "stories", UserName: "stories@" + p.domain}
}

// administer has a partner administer a customer that it does not sell to.
var administer = op.Define(op.Spec{Name: "stories.administer", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, c id.Tenant) (struct{}, error) {
		return struct{}{}, errors.Join(gdap.OpenDefault(ctx, u, gdap.Opening{Partner: u.Actor.Tenant, Customer: c}), customer.FollowDelegation(ctx, u, u.Actor.Tenant, c))
	})
