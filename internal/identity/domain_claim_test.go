package identity_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// dns answers questions for TXT records.
type dns map[string][]string

func (d dns) txt(_ context.Context, domain string) ([]string, error) {
	if domain == "broken.example" {
		return nil, &net.DNSError{Err: "server misbehaving", Name: domain, IsTemporary: true}
	}
	if said, ok := d[domain]; ok {
		return said, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: domain, IsNotFound: true}
}

func (w *world) claim(a op.Actor, name string) identity.DomainClaim {
	w.Helper()
	return must(identity.ClaimDomain.Do(w.Context(), w.k, a, identity.DomainName{Name: name}))(w)
}

// verify has a claimed domain looked at and returns how that ended; a claim that
// is fulfilled is none any more.
func (w *world) verify(a op.Actor, name string) string {
	w.Helper()
	must(identity.VerifyDomain.Do(w.Context(), w.k, a, identity.DomainName{Name: name}))(w)
	w.tidyUp()
	for _, c := range must(identity.ListDomainClaims.Do(w.Context(), w.k, a, struct{}{}))(w) {
		if c.Name == name {
			return string(c.Look)
		}
	}
	return "verified"
}

// Portal P-19: a domain is the organisation's when the TXT record that it was
// told is found in its DNS; else the claim says what was found.
func TestADomainIsProvedByItsTXTRecord(t *testing.T) {
	each(t, func(w *world) {
		records := dns{"nordmolnet.se": {"v=spf1 -all"}}
		w.k.TXT = records.txt
		c := w.claim(w.ga, " Nordmolnet.SE ")
		if c.Name != "nordmolnet.se" || !strings.HasPrefix(c.Record, "comptoir-domain-verification=") {
			w.Errorf("claimed %+v", c)
		}
		if look := w.verify(w.ga, c.Name); look != string(identity.NoRecord) {
			w.Errorf("without the record: %s", look)
		}
		w.claim(w.ga, "missing.example")
		w.claim(w.ga, "broken.example")
		if look := w.verify(w.ga, "missing.example"); look != string(identity.NoRecord) {
			w.Errorf("a domain without any record: %s", look)
		}
		if look := w.verify(w.ga, "broken.example"); look != string(identity.NoAnswer) {
			w.Errorf("a DNS that does not answer: %s", look)
		}
		records["nordmolnet.se"] = append(records["nordmolnet.se"], c.Record)
		if look := w.verify(w.ga, c.Name); look != "verified" {
			w.Errorf("with the record: %s", look)
		}
		domains := must(identity.OwnDomains.Do(w.Context(), w.k, w.ga, struct{}{}))(w)
		if len(domains) != 2 || domains[1].Name != "nordmolnet.se" || domains[1].Initial {
			w.Errorf("domains %+v", domains)
		}
		made := must(identity.AddUser.Do(w.Context(), w.k, w.ga, identity.NewUser{Name: "sara@nordmolnet.se", Roles: policy.SalesAgent}))(w)
		if made.User.Name != "sara@nordmolnet.se" {
			w.Errorf("added %s", made.User.Name)
		}
		log := strings.Join(w.log(w.partner.Tenant), "\n")
		for _, want := range []string{"claim_domain succeeded", "verify_domain succeeded"} {
			if !strings.Contains(log, want) {
				w.Errorf("the log misses %q:\n%s", want, log)
			}
		}
	})
}

// Two organisations may claim a domain; the one whose record is found first has it.
func TestADomainIsGivenOnce(t *testing.T) {
	each(t, func(w *world) {
		other := must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{
			Name: "Other AB", Types: policy.IndirectProvider, Country: "SE", Domain: "other.example", Active: true, Admin: &identity.NewUser{Name: "olle"},
		}))(w)
		olle := w.actor(other.Admin.User)
		mine, theirs := w.claim(w.ga, "shared.example"), w.claim(olle, "shared.example")
		if mine.Record == theirs.Record {
			w.Fatal("one record proves it for two")
		}
		w.k.TXT = dns{"shared.example": {theirs.Record}}.txt
		if look := w.verify(w.ga, "shared.example"); look != string(identity.NoRecord) {
			w.Errorf("with the record of another: %s", look)
		}
		if look := w.verify(olle, "shared.example"); look != "verified" {
			w.Errorf("with the record: %s", look)
		}
		w.k.TXT = dns{"shared.example": {mine.Record}}.txt
		if look := w.verify(w.ga, "shared.example"); look != string(identity.TakenByThen) {
			w.Errorf("a domain that another has by now: %s", look)
		}
		must(identity.DropDomainClaim.Do(w.Context(), w.k, w.ga, identity.DomainName{Name: "shared.example"}))(w)
	})
}

func TestAClaimIsRefusedWithWhatIsWrong(t *testing.T) {
	each(t, func(w *world) {
		agent, _ := w.user("agent", policy.AdminAgent)
		w.customer("fjallbageri.example")
		w.claim(w.ga, "twice.example")
		for name, test := range map[string]struct {
			a    op.Actor
			want error
		}{
			"new.example":         {w.actor(agent), refusal.RF10},
			"no domain":           {w.ga, identity.ErrDomain},
			"nordmolnet.example":  {w.ga, identity.ErrDomainTaken},
			"fjallbageri.example": {w.ga, identity.ErrDomainTaken},
			"TWICE.example":       {w.ga, identity.ErrClaimTwice},
		} {
			if _, err := identity.ClaimDomain.Do(w.Context(), w.k, test.a, identity.DomainName{Name: name}); !errors.Is(err, test.want) {
				w.Errorf("%s: %v, want %v", name, err, test.want)
			}
		}
		stranger := w.customerAdmin("sjomat.example")
		for who, a := range map[string]op.Actor{"a customer": stranger, "an agent": w.actor(agent)} {
			if _, err := identity.VerifyDomain.Do(w.Context(), w.k, a, identity.DomainName{Name: "twice.example"}); !errors.Is(err, refusal.RF10) {
				w.Errorf("%s: %v", who, err)
			}
		}
		if _, err := identity.VerifyDomain.Do(w.Context(), w.k, w.ga, identity.DomainName{Name: "nobody.example"}); !errors.Is(err, identity.ErrClaimUnknown) {
			w.Errorf("a domain that was not added: %v", err)
		}
		for i := range 19 {
			w.claim(w.ga, fmt.Sprintf("d%d.example", i))
		}
		if _, err := identity.ClaimDomain.Do(w.Context(), w.k, w.ga, identity.DomainName{Name: "more.example"}); !errors.Is(err, identity.ErrClaimLimit) {
			w.Errorf("one more than there may be: %v", err)
		}
	})
}
