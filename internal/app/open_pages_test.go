package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/agreement"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
)

// isOpen reports whether nobody has to sign in for a page: its address is the
// proof, so that it asks for no cookie either.
func isOpen(pattern string) bool { return strings.Contains(pattern, visit.AgreementRequestPath) }

// asksForAgreement has a partner ask somebody to accept the agreement.
func (h *house) asksForAgreement(o *org) (agreement.Request, error) {
	h.made++
	return agreement.AskFor(h.ctx, h.Kernel, o.system(), agreement.NewRequest{
		Country: "SE", Language: "sv", Company: "Kontraktsbolaget " + letters(h.made) + " AB",
		Person: agreement.Person{FirstName: "Tove", LastName: "Alm", Email: "tove@kontrakt.example"},
	})
}

// requests makes one of every partner that sells.
func (h *house) requests() (err error) {
	for _, o := range h.orgs {
		if o.types&policy.Sellers != 0 && err == nil {
			o.request, err = h.asksForAgreement(o)
		}
	}
	return err
}

// registrar makes one of the partners a registrar of domains.
func (h *house) registrar() error {
	yes := true
	_, err := do(h, identity.UpdatePartner, op.System("", 0, op.ViaCLI), identity.PartnerChange{Tenant: h.org("direct").tenant, Registrar: &yes})
	return err
}

// Whoever has the link that a partner made reads and accepts the agreement: with
// no session, in the frame of another site. Whoever has none learns nothing.
func TestTheAgreementIsAcceptedByWhoHasTheLink(t *testing.T) {
	h := theHouse(t)
	made, err := h.asksForAgreement(h.org("direct"))
	if err != nil {
		t.Fatal(err)
	}
	path := visit.AgreementRequestPath + made.Link
	// The link tells what its partner has others know.
	reader := &actor{name: "somebody with a link", address: "198.51.100.7:5000", org: h.org("direct")}
	framed := map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe", "Accept-Language": "fr"}
	got := h.browse(t, reader, http.MethodGet, path, nil, framed)
	if policy := got.header.Get("Content-Security-Policy"); got.status != http.StatusOK || strings.Contains(policy, "frame-ancestors") || got.header.Get("X-Frame-Options") != "" {
		t.Errorf("%d with %v", got.status, got.header)
	}
	for _, text := range []string{made.Company, "Tove Alm", `lang="sv"`, "Användning av tjänsterna", `name="agreed"`} {
		if !strings.Contains(got.body, text) {
			t.Errorf("%q is missing", text)
		}
	}
	if got := h.browse(t, reader, http.MethodGet, path+"?language=fr", nil, nil); !strings.Contains(got.body, `lang="fr"`) {
		t.Error("the reader cannot choose another language")
	}
	answer := func(path string, form url.Values) *answer {
		return h.browse(t, reader, http.MethodPost, path, form, framed)
	}
	if got := answer(path, nil); got.status != http.StatusBadRequest || !strings.Contains(got.body, `aria-invalid="true"`) {
		t.Errorf("without the tick: %d", got.status)
	}
	ticked := url.Values{"agreed": {"yes"}}
	if got := answer(path, ticked); got.status != http.StatusSeeOther || got.header.Get("Location") != path {
		t.Errorf("accepted: %d to %q", got.status, got.header.Get("Location"))
	}
	if got := h.browse(t, reader, http.MethodGet, path, nil, nil); strings.Contains(got.body, `name="agreed"`) || !strings.Contains(got.body, "Godkänt") {
		t.Errorf("afterwards: %.300s", mainOf(got))
	}
	nobody := &actor{name: "nobody with a link", address: "198.51.100.7:5001"}
	for _, link := range []string{"a.b.c", made.Link + "A", strings.Replace(made.Link, made.ID, string(made.Partner), 1), strings.Repeat("x", 5000)} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := h.browse(t, nobody, method, visit.AgreementRequestPath+link, ticked, nil)
			if got.status != http.StatusNotFound || strings.Contains(got.body, made.Company) {
				t.Errorf("%s %.60s: %d", method, link, got.status)
			}
		}
	}
}
