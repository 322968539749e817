package identity_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// applicant enrols a reseller that the operator has yet to look at.
func (w *world) applicant() identity.Partner {
	w.Helper()
	return must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{
		Name: "Östersunds Öppna Moln AB", Types: policy.IndirectReseller, Country: "SE", Market: "EU", Domain: "oppnamoln.example", PartnerID: "7654321",
	}))(w).Partner
}

// A partner that applies is opened when every step of its vetting is accepted
// (portal V-4; rule A7).
func TestAPartnerIsOpenedWhenItsVettingIsDone(t *testing.T) {
	each(t, func(w *world) {
		p := w.applicant()
		active := identity.PartnerActive
		activate := func() error {
			_, err := identity.UpdatePartner.Do(w.Context(), w.k, cli(), identity.PartnerChange{Tenant: p.Tenant, Status: &active})
			return err
		}
		vet := func(step identity.VettingStep, state identity.VettingState) error {
			_, err := identity.VetPartner.Do(w.Context(), w.k, cli(), identity.Vetting{Tenant: p.Tenant, Step: step, State: state, Note: "looked up"})
			return err
		}
		for _, step := range identity.VettingSteps() {
			if err := activate(); !errors.Is(err, identity.ErrNotVetted) {
				w.Fatalf("before %s was accepted: %v", step, err)
			}
			if err := vet(step, identity.VettingAccepted); err != nil {
				w.Fatal(err)
			}
		}
		if err := vet(identity.VettingBusiness, identity.VettingRejected); err != nil {
			w.Fatal(err)
		}
		if err := activate(); !errors.Is(err, identity.ErrNotVetted) {
			w.Errorf("with a rejected step: %v", err)
		}
		if err := vet(identity.VettingBusiness, identity.VettingAccepted); err != nil {
			w.Fatal(err)
		}
		if err := activate(); err != nil {
			w.Fatal(err)
		}
		if err := vet("shoe size", identity.VettingAccepted); !errors.Is(err, identity.ErrVetting) {
			w.Errorf("an unknown step: %v", err)
		}
		if err := vet(identity.VettingEmail, "maybe"); !errors.Is(err, identity.ErrVetting) {
			w.Errorf("an unknown state: %v", err)
		}
		if _, err := identity.VetPartner.Do(w.Context(), w.k, w.ga, identity.Vetting{Tenant: p.Tenant}); !errors.Is(err, refusal.RF10) {
			w.Errorf("RF-10: a partner vets: %v", err)
		}
		if log := fmt.Sprint(w.log(p.Tenant)); !strings.Contains(log, "vet_partner succeeded") {
			w.Errorf("the decision does not stand in the partner's log: %s", log)
		}
		file := must(identity.InspectPartner.Do(w.Context(), w.k, cli(), p.Tenant))(w)
		if len(file.Vetting) != 4 || file.Vetting[2].State != identity.VettingAccepted || file.Vetting[2].Note != "looked up" || file.Partner.Status != active {
			w.Errorf("the file says %+v", file)
		}
		if _, err := identity.InspectPartner.Do(w.Context(), w.k, w.ga, p.Tenant); fault.KindOf(err) != fault.Forbidden {
			w.Errorf("a partner reads the file of another: %v", err)
		}
	})
}

// A suspension records its cause; the operations of a provider are one for
// indirect resellers alone (rule A7).
func TestASuspensionHasItsCause(t *testing.T) {
	each(t, func(w *world) {
		suspended, active := identity.PartnerSuspended, identity.PartnerActive
		change := func(p identity.Partner, in identity.PartnerChange) (identity.Partner, error) {
			in.Tenant, in.Status, in.Cause = p.Tenant, &suspended, "See the letter."
			return identity.UpdatePartner.Do(w.Context(), w.k, cli(), in)
		}
		got := must(change(w.partner, identity.PartnerChange{Reason: identity.ReasonOverdue}))(w)
		if got.StatusReason != identity.ReasonOverdue || got.StatusCause != "See the letter." {
			w.Errorf("kept %q, %q", got.StatusReason, got.StatusCause)
		}
		if _, err := change(w.partner, identity.PartnerChange{Reason: identity.ReasonProvider}); !errors.Is(err, identity.ErrPartnerReason) {
			w.Errorf("operations of a provider, for a direct-bill partner: %v", err)
		}
		if _, err := change(w.applicant(), identity.PartnerChange{Reason: identity.ReasonProvider}); err != nil {
			w.Errorf("operations of a provider, for a reseller: %v", err)
		}
		opened := must(identity.UpdatePartner.Do(w.Context(), w.k, cli(), identity.PartnerChange{Tenant: w.partner.Tenant, Status: &active}))(w)
		if opened.StatusReason != "" || opened.StatusCause != "" {
			w.Errorf("an active partner keeps the cause %q, %q", opened.StatusReason, opened.StatusCause)
		}
		signed := must(identity.UpdatePartner.Do(w.Context(), w.k, cli(), identity.PartnerChange{Tenant: w.secondApplicant().Tenant, SignedMPA: true}))(w)
		if !signed.MPASignedAt.Equal(today) {
			w.Errorf("signed on paper: %v", signed.MPASignedAt)
		}
	})
}

// secondApplicant is another one.
func (w *world) secondApplicant() identity.Partner {
	w.Helper()
	return must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{
		Name: "Zèbre Informatique SARL", Types: policy.IndirectProvider, Country: "FR", Market: "EU", Domain: "zebre.example",
	}))(w).Partner
}

func TestPartnersAreFound(t *testing.T) {
	each(t, func(w *world) {
		p := w.applicant()
		for name, tt := range map[string]struct {
			q    identity.PartnerQuery
			want int
		}{
			"all":                            {identity.PartnerQuery{}, 2},
			"a part of the name, any case":   {identity.PartnerQuery{Search: "öppna M"}, 1},
			"the domain":                     {identity.PartnerQuery{Search: "nordmoln"}, 1},
			"the PartnerID":                  {identity.PartnerQuery{Search: "76543"}, 1},
			"the tenant id":                  {identity.PartnerQuery{Search: string(p.Tenant)}, 1},
			"by status":                      {identity.PartnerQuery{Status: identity.PartnerPending}, 1},
			"by type":                        {identity.PartnerQuery{Types: policy.DirectBill}, 1},
			"those without a signature":      {identity.PartnerQuery{Unsigned: true}, 1},
			"several things at once, nobody": {identity.PartnerQuery{Types: policy.DirectBill, Unsigned: true}, 0},
			"another country":                {identity.PartnerQuery{Country: "NO"}, 0},
		} {
			if got := must(identity.FindPartners.Do(w.Context(), w.k, cli(), tt.q))(w); len(got) != tt.want {
				w.Errorf("%s: %d partners, want %d", name, len(got), tt.want)
			}
		}
		if _, err := identity.FindPartners.Do(w.Context(), w.k, w.ga, identity.PartnerQuery{}); !errors.Is(err, refusal.RF10) {
			w.Errorf("RF-10: a partner lists partners: %v", err)
		}
	})
}
