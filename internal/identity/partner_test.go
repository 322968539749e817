package identity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Rule A13: the first user of a partner gets Global admin and Admin agent.
func TestEnrollingAPartnerMakesItReadyToWork(t *testing.T) {
	each(t, func(w *world) {
		if w.ga.Roles != policy.GlobalAdmin|policy.AdminAgent {
			w.Errorf("A13: the first user has %v", w.ga.Roles.Names())
		}
		if w.ga.Kind != policy.Partner || w.ga.Org != policy.DirectBill || w.ga.UserName != "ida@nordmolnet.example" {
			w.Errorf("the first user acts as %+v", w.ga)
		}
		if err := w.partner.MaySell(); err != nil {
			w.Errorf("the partner may not sell: %v", err)
		}
		if len(w.partner.PartnerID) != 7 {
			w.Errorf("PartnerID %q, want seven digits", w.partner.PartnerID)
		}
		groups := must(identity.ListGroups.Do(w.Context(), w.k, w.ga, struct{}{}))(w)
		if len(groups) != 3 || groups[0].Name != "Admin agents" || groups[0].Role != policy.AdminAgent {
			w.Errorf("groups %+v", groups)
		}
	})
}

func TestAPartnerIsRefusedWithEverythingThatIsWrong(t *testing.T) {
	each(t, func(w *world) {
		_, err := identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{Name: "N", Types: policy.AllOrgs, Domain: "no domain"})
		for _, want := range []error{identity.ErrOrganisationName, identity.ErrPartnerTypes, identity.ErrDomain} {
			if !errors.Is(err, want) {
				w.Errorf("%v is missing in %v", want, err)
			}
		}
		again := identity.Enrolment{Name: "Other AB", Types: policy.IndirectReseller, Country: "SE", Domain: "NordMolnet.example"}
		if _, err := identity.EnrolPartner.Do(w.Context(), w.k, cli(), again); !errors.Is(err, identity.ErrDomainTaken) {
			w.Errorf("DM02: got %v for a domain that is taken", err)
		}
		again.Domain, again.PartnerID = "other.example", w.partner.PartnerID
		if _, err := identity.EnrolPartner.Do(w.Context(), w.k, cli(), again); !errors.Is(err, identity.ErrPartnerID) {
			w.Errorf("got %v for a PartnerID that is taken", err)
		}
		if _, err := identity.EnrolPartner.Do(w.Context(), w.k, w.ga, again); !errors.Is(err, refusal.RF10) {
			w.Errorf("RF-10: a partner enrolled a partner: %v", err)
		}
	})
}

// Rule A7: what each status lets a partner do.
func TestStatusDecidesWhatAPartnerMayDo(t *testing.T) {
	signed := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		status       identity.PartnerStatus
		signed       bool
		sell, manage error
	}{
		{identity.PartnerActive, true, nil, nil},
		{identity.PartnerActive, false, refusal.RF06, refusal.RF06},
		{identity.PartnerRestricted, true, refusal.RF43, nil},
		{identity.PartnerSuspended, true, refusal.RF43, nil},
		{identity.PartnerPending, true, identity.ErrPartnerNotEnrolled, identity.ErrPartnerNotEnrolled},
		{identity.PartnerRejected, true, identity.ErrPartnerNotEnrolled, identity.ErrPartnerNotEnrolled},
		{identity.PartnerClosed, true, identity.ErrPartnerNotEnrolled, identity.ErrPartnerNotEnrolled},
	}
	for _, tt := range tests {
		p := identity.Partner{Status: tt.status}
		if tt.signed {
			p.MPASignedAt = signed
		}
		if err := p.MaySell(); !errors.Is(err, tt.sell) {
			t.Errorf("%s, signed %v: selling gives %v, want %v", tt.status, tt.signed, err, tt.sell)
		}
		if err := p.MayManage(); !errors.Is(err, tt.manage) {
			t.Errorf("%s, signed %v: managing gives %v, want %v", tt.status, tt.signed, err, tt.manage)
		}
	}
}

func TestTheOperatorDecidesTheStatusWithACause(t *testing.T) {
	each(t, func(w *world) {
		change := func(s identity.PartnerStatus, cause string) error {
			_, err := identity.UpdatePartner.Do(w.Context(), w.k, cli(), identity.PartnerChange{Tenant: w.partner.Tenant, Status: &s, Cause: cause})
			return err
		}
		if err := change(identity.PartnerSuspended, " "); !errors.Is(err, identity.ErrPartnerCause) {
			w.Errorf("suspended without a cause: %v", err)
		}
		if err := change(identity.PartnerSuspended, "bill overdue"); err != nil {
			w.Error(err)
		}
		if err := change(identity.PartnerClosed, "on request"); err != nil {
			w.Error(err)
		}
		if err := change(identity.PartnerActive, ""); !errors.Is(err, identity.ErrPartnerClosed) {
			w.Errorf("a closed partner was opened again: %v", err)
		}
		if !slices.ContainsFunc(w.log(w.partner.Tenant), func(s string) bool { return strings.HasPrefix(s, "update_partner succeeded") }) {
			w.Error("the change does not stand in the partner's own log")
		}
		if _, err := identity.UpdatePartner.Do(w.Context(), w.k, w.ga, identity.PartnerChange{Tenant: w.partner.Tenant}); fault.KindOf(err) != fault.Forbidden {
			w.Errorf("a partner changed its own enrolment: %v", err)
		}
	})
}

// Rule A7: the partner agreement is signed by a Global admin only.
func TestOnlyAGlobalAdminSignsThePartnerAgreement(t *testing.T) {
	each(t, func(w *world) {
		made := must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{
			Name: "Unsigned SAS", Types: policy.IndirectReseller, Country: "FR", Domain: "unsigned.example", Active: true,
			Admin: &identity.NewUser{Name: "luc"},
		}))(w)
		luc := w.actor(made.Admin.User)
		agent := luc
		agent.Roles = policy.AdminAgent
		if _, err := identity.SignPartnerAgreement.Do(w.Context(), w.k, agent, struct{}{}); !errors.Is(err, refusal.RF10) {
			w.Errorf("an admin agent signed: %v", err)
		}
		signed := must(identity.SignPartnerAgreement.Do(w.Context(), w.k, luc, struct{}{}))(w)
		w.pass(time.Hour)
		again := must(identity.SignPartnerAgreement.Do(w.Context(), w.k, luc, struct{}{}))(w)
		if signed.MPASignedBy != luc.User || !again.MPASignedAt.Equal(signed.MPASignedAt) {
			w.Errorf("signed %+v, again %+v", signed, again)
		}
	})
}

func TestThereIsOneOperator(t *testing.T) {
	each(t, func(w *world) {
		in := identity.NewOperator{Name: "Comptoir", Country: "SE", Domain: "operator.example", Admin: identity.NewUser{Name: "root"}}
		made := must(identity.CreateOperator.Do(w.Context(), w.k, cli(), in))(w)
		if a := w.actor(made.User); a.Kind != policy.Operator || a.Roles != policy.OperatorAdmin {
			w.Errorf("the operator's first user acts as %+v", a)
		}
		in.Domain = "second.example"
		if _, err := identity.CreateOperator.Do(w.Context(), w.k, cli(), in); !errors.Is(err, identity.ErrOperatorExists) {
			w.Errorf("a second operator: %v", err)
		}
		if _, err := identity.CreateOperator.Do(w.Context(), w.k, w.ga, in); fault.KindOf(err) != fault.Forbidden {
			w.Errorf("a partner made an operator: %v", err)
		}
	})
}

func TestListingPartnersGoesPageByPage(t *testing.T) {
	each(t, func(w *world) {
		for _, d := range []string{"a.example", "b.example", "c.example"} {
			must(identity.EnrolPartner.Do(w.Context(), w.k, cli(), identity.Enrolment{Name: "Partner " + d, Types: policy.IndirectProvider, Country: "SE", Domain: d}))(w)
			w.pass(time.Second)
		}
		var seen []id.Tenant
		after := id.Tenant("")
		for {
			page := must(identity.ListPartners.Do(w.Context(), w.k, op.System("", 0, op.ViaCLI), identity.PartnerList{After: after, Size: 3}))(w)
			for _, p := range page {
				seen = append(seen, p.Tenant)
			}
			if len(page) < 3 {
				break
			}
			after = page[len(page)-1].Tenant
		}
		if len(slices.Compact(seen)) != 4 || !slices.Contains(seen, w.partner.Tenant) {
			w.Errorf("saw %v", seen)
		}
	})
}

func TestACustomerTenantComesWithItsAdministrator(t *testing.T) {
	each(t, func(w *world) {
		made := w.customer("Fjallbageri.example")
		if made.AdminUserName != "admin@fjallbageri.example" || len(made.AdminPassword) != 27 {
			w.Errorf("made %+v", made)
		}
		p := must(w.gate.CheckPassword(w.Context(), op.Actor{Address: "192.0.2.1"}, identity.PasswordTry{UserName: "ADMIN@fjallbageri.example", Password: made.AdminPassword, Address: "192.0.2.1"}))(w)
		if p.Tenant != made.ID || p.TenantKind != identity.CustomerTenant || p.Roles != policy.CustomerAdmin || !p.MustChange {
			w.Errorf("the administrator is %+v", p)
		}
		_, err := addCustomer.Do(w.Context(), w.k, cli(), identity.NewCustomerTenant{Name: "Imitation AB", Country: "SE", Domain: "fjallbageri.example"})
		var taken *fault.Error
		if !errors.As(err, &taken) || taken.Kind != fault.Conflict || taken.Code != "1003" || taken.Args["Domain"] != "fjallbageri.example" {
			w.Errorf("DM02: got %v", err)
		}
		tenant := must(w.gate.Tenant(w.Context(), "FJALLBAGERI.example"))(w)
		if tenant.ID != made.ID || tenant.Users != 1 {
			w.Errorf("found %+v by its domain", tenant)
		}
	})
}
