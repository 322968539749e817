package notice_test

import (
	"slices"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/notice"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

func TestWhatWaitsForWhom(t *testing.T) { // N18, A7, A13
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		out, err := identity.EnrolPartner.Do(t.Context(), w.Kernel, system(), identity.Enrolment{
			Name: "Ny partner", Types: policy.DirectBill, Country: "SE", Domain: "ny.example", Market: "EU/EFTA",
			Admin: &identity.NewUser{Name: "nina@ny.example", DisplayName: "Nina", Password: password, KeepPassword: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		w.people["nina"] = op.Actor{
			Kind: policy.Partner, Tenant: out.Partner.Tenant, Org: policy.DirectBill, User: out.Admin.User.ID, Roles: policy.GlobalAdmin | policy.AdminAgent,
		}
		do(w, "sara", notice.ChangeAddress, "sara@privat.example")
		for name, want := range map[string][]notice.ActionKind{
			"nina":   {notice.VerifyPartner, notice.SignAgreement, notice.SecondAdmin, notice.SecondFactor},
			"gunnar": {notice.SecondAdmin, notice.SecondFactor},
			"sara":   {notice.AddressPending, notice.SecondFactor},
			"carla":  {notice.SecondFactor},
			"olle":   {notice.SecondFactor},
		} {
			var got []notice.ActionKind
			for _, a := range do(w, name, notice.Actions, struct{}{}) {
				got = append(got, a.Kind)
				if a.Mandatory != (a.Kind == notice.VerifyPartner || a.Kind == notice.SignAgreement) {
					t.Errorf("%s: %s mandatory: %v", name, a.Kind, a.Mandatory)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
	})
}
