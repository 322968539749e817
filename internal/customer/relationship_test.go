package customer_test

import (
	"context"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

func TestHowAnActorIsLinkedWithACustomer(t *testing.T) { // E30, A4, A5
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := bakery()
		in.Reseller = string(w.reseller.Tenant)
		added := w.add(w.supplier(), in).Customer
		for name, tt := range map[string]struct {
			actor op.Actor
			want  policy.Link
		}{
			"the provider":    {w.supplier(), policy.LinkReseller},
			"its reseller":    {w.through(), policy.LinkIndirect},
			"another partner": {w.seller(), 0},
			"the customer":    {op.Actor{Kind: policy.Customer, Tenant: added.ID}, policy.LinkOwn},
			"nobody":          {op.Actor{}, 0},
		} {
			w.within(func(ctx context.Context, u *op.Unit) error {
				got, err := relationship.Link(ctx, u.Tx, tt.actor, added.ID)
				if got != tt.want {
					t.Errorf("%s: %b, want %b", name, got, tt.want)
				}
				return err
			})
		}
	})
}

func TestWhoCanBePartners(t *testing.T) { // E18, A8: RF-26
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		far := w.enrol("Tokyo Cloud KK", policy.IndirectReseller, "JP", "tokyo-cloud.example")
		for _, tt := range []struct {
			name               string
			provider, reseller identity.Partner
			want               string
		}{
			{"a provider that is none", w.direct, w.reseller, "2072 relationship.not_provider"},
			{"RF-26 a reseller that is none", w.provider, w.direct, "800016 refusal.rf26.role"},
			{"two markets", w.provider, far, "2201 relationship.other_market"},
			{"partners already", w.provider, w.reseller, ""},
		} {
			in := relationship.Pair{Provider: tt.provider.Tenant, Reseller: tt.reseller.Tenant}
			_, err := relationship.ConnectPartners.Do(t.Context(), w.k, op.System("", 0, op.ViaCLI), in)
			if tt.want == "" && err != nil || tt.want != "" && codes(err)[0] != tt.want {
				t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
			}
		}
		w.within(func(ctx context.Context, u *op.Unit) error {
			resellers, err := relationship.ResellersOf(ctx, u.Tx, w.provider.Tenant)
			if err != nil {
				return err
			}
			providers, err := relationship.ProvidersOf(ctx, u.Tx, w.reseller.Tenant)
			if len(resellers) != 1 || len(providers) != 1 || resellers[0] != providers[0] || !resellers[0].Since.Equal(opening) {
				t.Errorf("resellers %+v, providers %+v", resellers, providers)
			}
			return err
		})
	})
}
