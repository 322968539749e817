package settings

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// verifiesDomains is the row of the matrix that decides about domains.
const verifiesDomains policy.Action = "partner.domain.update"

// identifiers is the page of the numbers and domains of a partner.
type identifiers struct {
	*enrolment
	domains []identity.Domain
	// claims are the domains that are not proved yet; empty for who may not see
	// them.
	claims []identity.DomainClaim
}

func openIdentifiers(v *visit.Visit) (*identifiers, error) {
	e, err := openEnrolment(v)
	if err != nil {
		return nil, err
	}
	i := &identifiers{enrolment: e}
	if i.domains, err = visit.Do(v, identity.OwnDomains, struct{}{}); err != nil {
		return nil, err
	}
	if i.May(verifiesDomains, true) {
		i.claims, err = visit.Do(v, identity.ListDomainClaims, struct{}{})
	}
	return i, err
}

func showIdentifiers(v *visit.Visit) error {
	i, err := openIdentifiers(v)
	if err != nil {
		return err
	}
	return i.show(http.StatusOK)
}

func (i *identifiers) show(status int) error {
	f := i.Frame(i.T("settings.identifiers.title"), visit.AccountSettings)
	inside(i.Visit, &f, identifiersPath)
	f.Subtitle = i.T("settings.identifiers.subtitle")
	f.Help = block.Help{
		Title: i.T("settings.identifiers.domains"), Text: []string{i.T("settings.domains.text"), i.T("settings.domains.steps")},
		Roles: i.RolesFor(verifiesDomains, true),
	}
	if len(i.claims) > 0 {
		f.Commands.Tools = []block.Command{{Label: i.T("common.refresh"), Icon: icon.Refresh, Href: identifiersPath, Key: "r"}}
	}
	return i.ShowAs(status, identifiersPage(i, f))
}

// domainFacts are the domains of the organisation.
func (i *identifiers) domainFacts() []block.Fact {
	facts := make([]block.Fact, len(i.domains))
	for n, d := range i.domains {
		facts[n] = block.Fact{Term: d.Name, Value: i.Date(d.CreatedAt), Badge: block.Badge{Tone: block.Success, Text: i.T("settings.domains.verified")}}
		switch {
		case d.Name == i.partner.Domain:
			facts[n].Badge = block.Badge{Tone: block.Success, Text: i.T("settings.identifiers.default")}
		case d.Federated:
			facts[n].Badge = block.Badge{Tone: block.Info, Text: i.T("settings.identifiers.federated")}
		}
	}
	return facts
}

// claimBadge says where a claim stands.
func (i *identifiers) claimBadge(c identity.DomainClaim) block.Badge {
	if c.Look == identity.Looking {
		return block.Badge{Tone: block.Info, Text: i.T("settings.domains.looking"), Icon: icon.Pending}
	}
	return block.Badge{Tone: block.Warning, Text: i.T("settings.domains.waiting")}
}

// found says what the last look at the DNS found instead of the record, "" when
// there is nothing to say.
func (i *identifiers) found(c identity.DomainClaim) string {
	at := i.DateTime(c.LookedAt)
	switch c.Look {
	case identity.NoRecord:
		return i.T("settings.domains.missing", "At", at)
	case identity.NoAnswer:
		return i.T("settings.domains.unreachable", "At", at)
	case identity.TakenByThen:
		return i.T("settings.domains.taken", "At", at)
	case identity.NotLooked, identity.Looking:
	}
	return ""
}

// recordFacts are the record that the DNS of a claimed domain has to have.
func (i *identifiers) recordFacts(c identity.DomainClaim) []block.Fact {
	return []block.Fact{
		{Term: i.T("settings.domains.type"), Value: "TXT", Mono: true},
		{Term: i.T("settings.domains.host"), Value: c.Name, Mono: true, Copy: true},
		{Term: i.T("settings.domains.value"), Value: c.Record, Mono: true, Copy: true},
	}
}

// changeDomains opens the page for a form about domains.
func changeDomains(v *visit.Visit) (*identifiers, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, verifiesDomains, true); err != nil {
		return nil, err
	}
	return openIdentifiers(v)
}

// claimDomain adds a domain that is to be proved.
func claimDomain(v *visit.Visit) error {
	i, err := changeDomains(v)
	if err != nil {
		return err
	}
	c, err := visit.DoOnce(v, identity.ClaimDomain, identity.DomainName{Name: v.Form("domain")})
	if kind := fault.KindOf(err); err != nil && kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	if err != nil {
		i.said.Refuse("domain", v.Sentence(err))
		return i.show(visit.Status(err))
	}
	v.Toast(v.T("settings.domains.added", "Domain", c.Name))
	return v.Redirect(identifiersPath)
}

// verifyDomain has the DNS of a claimed domain looked at.
func verifyDomain(v *visit.Visit) error {
	if _, err := changeDomains(v); err != nil {
		return err
	}
	in := identity.DomainName{Name: v.Form("domain")}
	if _, err := visit.Do(v, identity.VerifyDomain, in); err != nil {
		return err
	}
	v.Toast(v.T("settings.domains.asked", "Domain", in.Name))
	return v.Redirect(identifiersPath)
}

// dropDomain takes a claim back.
func dropDomain(v *visit.Visit) error {
	if _, err := changeDomains(v); err != nil {
		return err
	}
	in := identity.DomainName{Name: v.Form("domain")}
	if _, err := visit.Do(v, identity.DropDomainClaim, in); err != nil {
		return err
	}
	v.Toast(v.T("settings.domains.removed", "Domain", in.Name))
	return v.Redirect(identifiersPath)
}
