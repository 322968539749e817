package agreement_test

import (
	"errors"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// reader is somebody with a link and nothing else.
var reader = op.Actor{Channel: op.ViaPortal, Locale: "sv", Address: "192.0.2.7"}

// asks is what the partner asks the bakery's Maja for.
func asks() agreement.NewRequest {
	return agreement.NewRequest{
		Country: "se", Language: "sv-SE", Company: "Fjällbageriet i Lund AB",
		Person: agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@fjallbageriet.example", Phone: "046123456"},
	}
}

func (w *world) confirm(c customer.Added, request string) error {
	w.t.Helper()
	_, err := agreement.Attest.Do(w.t.Context(), w.k, agent(w.seller), agreement.Confirmation{Customer: c.Customer.ID, Request: request})
	return err
}

// A partner asks, the person accepts by the link, and the acceptance becomes the
// confirmation of one customer (api-customers.md, 11.6; AG1, AG2, RF-19).
func TestAcceptanceOnRequest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		made, err := agreement.AskFor(t.Context(), w.k, agent(w.seller), asks())
		if err != nil {
			t.Fatal(err)
		}
		if err := w.confirm(w.bakery, made.ID); !errors.Is(err, agreement.ErrNotAccepted) {
			t.Errorf("before the person accepted: %v", err)
		}
		seen, err := agreement.OpenRequest.Do(t.Context(), w.k, reader, agreement.Opening{Link: made.Link})
		if err != nil || seen.PartnerName != w.seller.Name || seen.Company != "Fjällbageriet i Lund AB" || seen.Document.Language != "sv" || seen.Country != "SE" {
			t.Errorf("the person sees %+v: %v", seen.Request, err)
		}
		if _, err := agreement.Open.Do(t.Context(), w.k, reader, seen.Token); err != nil {
			t.Errorf("the text alone: %v", err)
		}
		answer := func(link string, agreed bool) error {
			_, err := agreement.AnswerRequest.Do(t.Context(), w.k, reader, agreement.Answer{Link: link, Agreed: agreed})
			return err
		}
		if err := answer(made.Link, false); !errors.Is(err, agreement.ErrTick) {
			t.Errorf("without the tick: %v", err)
		}
		if err := answer(made.Link[:len(made.Link)-1]+"_", true); !errors.Is(err, agreement.ErrLink) {
			t.Errorf("a link that was tampered with: %v", err)
		}
		for range 2 { // the second time changes nothing
			if err := answer(made.Link, true); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.confirm(w.bakery, made.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.mayOrder(w.seller, w.bakery); err != nil {
			t.Errorf("orders still wait: %v", err)
		}
		shown, err := agreement.ShowRequest.Do(t.Context(), w.k, agent(w.seller), made.ID)
		if err != nil || shown.State(w.now()) != agreement.RequestCompleted || shown.Customer != w.bakery.Customer.ID || shown.Link != made.Link {
			t.Errorf("afterwards %+v: %v", shown, err)
		}
		if err := w.confirm(w.bakery, made.ID); !errors.Is(err, agreement.ErrRequestUsed) {
			t.Errorf("a second time: %v", err)
		}
	})
}

// What a request is refused for: RF-04 for resellers, all faults of the input at
// once, and acceptances of others.
func TestRequestsThatAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		reseller := agent(w.seller)
		reseller.Org = policy.IndirectReseller
		if _, err := agreement.AskFor(t.Context(), w.k, reseller, asks()); !errors.Is(err, refusal.RF04) {
			t.Errorf("RF-04: %v", err)
		}
		_, err := agreement.AskFor(t.Context(), w.k, agent(w.seller), agreement.NewRequest{Country: "ZZ", Language: "?"})
		for _, field := range []string{"country", "language", "companyName", "signatoryFirstName", "signatoryLastName", "signatoryEmail"} {
			if !fieldRefused(err, field) {
				t.Errorf("%s is not named in %v", field, err)
			}
		}
		accepted := func(change func(*agreement.NewRequest)) string {
			t.Helper()
			in := asks()
			change(&in)
			made, err := agreement.AskFor(t.Context(), w.k, agent(w.seller), in)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := agreement.AnswerRequest.Do(t.Context(), w.k, reader, agreement.Answer{Link: made.Link, Agreed: true}); err != nil {
				t.Fatal(err)
			}
			return made.ID
		}
		for name, one := range map[string]struct {
			request string
			want    error
		}{
			"another company": {accepted(func(in *agreement.NewRequest) { in.Company = "Nordglas i Kiruna AB" }), agreement.ErrOtherCompany},
			"another country": {accepted(func(in *agreement.NewRequest) { in.Country = "FR" }), agreement.ErrOtherCountry},
			"no request":      {"0190b3f8-0000-7000-8000-000000000000", agreement.ErrRequestUnknown},
		} {
			if err := w.confirm(w.bakery, one.request); !errors.Is(err, one.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// The same person said so before: RF-21.
		if err := w.attest(w.seller, w.bakery, maja(opening)); err != nil {
			t.Fatal(err)
		}
		if err := w.confirm(w.bakery, accepted(func(*agreement.NewRequest) {})); !errors.Is(err, refusal.RF21) {
			t.Errorf("RF-21: %v", err)
		}
		// A month is the time for it.
		late, err := agreement.AskFor(t.Context(), w.k, agent(w.seller), asks())
		if err != nil {
			t.Fatal(err)
		}
		other := w.enrol("Sydmolnet AB", "sydmolnet.example")
		if _, err := agreement.ShowRequest.Do(t.Context(), w.k, agent(other), late.ID); !errors.Is(err, refusal.NotFound) {
			t.Errorf("another partner: %v", err)
		}
		w.travel(opening.Add(agreement.RequestTime + 24*time.Hour).Format(time.DateOnly))
		if _, err := agreement.AnswerRequest.Do(t.Context(), w.k, reader, agreement.Answer{Link: late.Link, Agreed: true}); !errors.Is(err, agreement.ErrRequestExpired) {
			t.Errorf("a month later: %v", err)
		}
	})
}

// fieldRefused reports whether err names a member.
func fieldRefused(err error, field string) bool {
	for _, e := range fault.All(err) {
		if e.Field == field {
			return true
		}
	}
	return false
}
