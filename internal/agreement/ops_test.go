package agreement_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

func TestOrdersWaitForTheAgreement(t *testing.T) { // AG1, AG2, AG8, S2.12: RF-19, RF-20, RF-21
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		wants := func(when string, want error) {
			t.Helper()
			if err := w.mayOrder(w.seller, w.bakery); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", when, err, want)
			}
		}
		wants("before", refusal.RF19)
		if err := w.attest(w.seller, w.bakery, maja(opening.Add(24*time.Hour))); codes(err) != "3000 refusal.rf20 dateAgreed" {
			t.Errorf("tomorrow: %v", err)
		}
		if err := w.attest(w.seller, w.bakery, maja(opening)); err != nil {
			t.Fatal(err)
		}
		wants("attested", nil)
		if err := w.attest(w.seller, w.bakery, maja(opening.AddDate(0, 0, -1))); !errors.Is(err, refusal.RF21) {
			t.Errorf("the same person again: %v", err)
		}

		w.travel("2026-12-01")
		second := w.publish(agreement.NewVersion{Label: "2", Mandatory: true, EnforcedAt: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)})
		wants("before a new version is enforced", nil)
		w.travel("2027-01-01")
		wants("from then on", refusal.RF19)
		account, err := agreement.Show.Do(t.Context(), w.k, agent(w.seller), agreement.Customer{ID: w.bakery.Customer.ID})
		if err != nil || account.Standing.State != agreement.Outdated || account.Standing.Required.Rank != second.Rank || len(account.Agreements) != 1 {
			t.Errorf("shown %+v: %v", account, err)
		}
		other := maja(opening)
		other.Person.FirstName = "Nils"
		if err := w.attest(w.seller, w.bakery, other); err != nil {
			t.Fatal(err)
		}
		wants("accepted before the new version was published", refusal.RF19)
		if err := w.attest(w.seller, w.bakery, maja(w.now())); err != nil {
			t.Errorf("the same person, the new version: %v", err)
		}
		wants("the new version attested", nil)
	})
}

func TestAVersionForOneCountryIsNoneOfTheOthers(t *testing.T) { // AG8
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.attest(w.seller, w.bakery, maja(opening)); err != nil {
			t.Fatal(err)
		}
		w.publish(agreement.NewVersion{Label: "FR-2", Country: "FR", Mandatory: true, EnforcedAt: opening})
		if err := w.mayOrder(w.seller, w.bakery); err != nil {
			t.Errorf("a Swedish customer is held up by a French version: %v", err)
		}
		w.publish(agreement.NewVersion{Label: "SE-2", Country: "SE", Mandatory: true, EnforcedAt: opening})
		if err := w.mayOrder(w.seller, w.bakery); !errors.Is(err, refusal.RF19) {
			t.Errorf("with a Swedish version: %v", err)
		}
	})
}

func TestTheCustomerAcceptsByItself(t *testing.T) { // AG2, AG5, c4
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		admin := w.admin(w.bakery)
		accept := func(a op.Actor, in agreement.Acceptance) error {
			_, err := agreement.Accept.Do(t.Context(), w.k, a, in)
			return err
		}
		user := admin
		user.Roles = policy.CustomerUser
		if err := accept(user, agreement.Acceptance{Rank: 1, Agreed: true}); codes(err) != "900150 refusal.rf10" {
			t.Errorf("a user without role: %v", err)
		}
		if err := accept(admin, agreement.Acceptance{Rank: 1}); codes(err) != "27002 agreement.tick agreed" {
			t.Errorf("without the tick: %v", err)
		}
		if err := accept(admin, agreement.Acceptance{Rank: 7, Agreed: true}); !errors.Is(err, agreement.ErrNewer) {
			t.Errorf("another version than the current one: %v", err)
		}
		w.k.Sandbox = false
		if err := accept(admin, agreement.Acceptance{Rank: 1, Agreed: true}); !errors.Is(err, identity.ErrFactorToAccept) { // A12
			t.Errorf("without a second factor: %v", err)
		}
		admin.MFA = true
		if err := accept(admin, agreement.Acceptance{Rank: 1, Agreed: true}); err != nil {
			t.Fatal(err)
		}
		if err := w.mayOrder(w.seller, w.bakery); err != nil {
			t.Errorf("accepted, and yet %v", err)
		}
		if err := accept(admin, agreement.Acceptance{Rank: 1, Agreed: true}); !errors.Is(err, agreement.ErrAccepted) {
			t.Errorf("twice: %v", err)
		}
		own, err := agreement.ShowOwn.Do(t.Context(), w.k, admin, struct{}{})
		if err != nil || own.Standing.State != agreement.Confirmed || own.Agreements[0].Person.Email != "maja@fjallbageriet.example" || own.Partners[w.seller.Tenant] != "Nordmolnet AB" {
			t.Errorf("shown %+v: %v", own, err)
		}
		seen, err := agreement.List.Do(t.Context(), w.k, agent(w.seller), agreement.Customer{ID: w.bakery.Customer.ID})
		if err != nil || len(seen) != 1 || seen[0].Method != agreement.Direct {
			t.Errorf("the partner sees %+v: %v", seen, err)
		}
		for _, of := range []id.Tenant{w.seller.Tenant, admin.Tenant} {
			if n := w.logged(of); n != 1 {
				t.Errorf("the log of %s has %d records", of, n)
			}
		}
		if got := w.events(w.seller.Tenant, agreement.EventAccepted); len(got) != 1 || got[0].CustomerName != "Fjällbageriet i Lund AB" {
			t.Errorf("the partner hears %+v", got)
		}
	})
}

func TestACustomerOfSeveralPartnersAsksThem(t *testing.T) { // AG9
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.enrol("Sydmolnet AB", "sydmolnet.example")
		w.resell(other)
		admin := w.admin(w.bakery)
		show := func() agreement.Own {
			t.Helper()
			own, err := agreement.ShowOwn.Do(t.Context(), w.k, admin, struct{}{})
			if err != nil {
				t.Fatal(err)
			}
			return own
		}
		if own := show(); own.Obstacle != nil {
			t.Errorf("nothing was bought yet, and yet %v", own.Obstacle)
		}
		if err := w.attest(w.seller, w.bakery, maja(opening)); err != nil {
			t.Fatal(err)
		}
		own := show()
		if !errors.Is(own.Obstacle, agreement.ErrAskPartner) || own.Standing.State != agreement.Missing {
			t.Fatalf("it buys through one partner: %+v", own)
		}
		_, err := agreement.Accept.Do(t.Context(), w.k, admin, agreement.Acceptance{Rank: 1, Agreed: true})
		if !errors.Is(err, agreement.ErrAskPartner) || w.mayOrder(other, w.bakery) == nil {
			t.Errorf("accepted for whom? %v", err)
		}
		if err := w.attest(other, w.bakery, maja(opening)); err != nil {
			t.Fatal(err)
		}
		if own := show(); own.Obstacle != nil || own.Standing.State != agreement.Confirmed {
			t.Errorf("both have attested: %+v", own)
		}
	})
}

func TestTheContactHearsOfAnAttestation(t *testing.T) { // AG7: partner, date and person
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		nils := maja(opening)
		nils.Person.FirstName = "Nils"
		if err := w.attest(w.seller, w.bakery, nils); err != nil {
			t.Fatal(err)
		}
		got := w.events(w.seller.Tenant, agreement.EventAttested)
		if len(got) != 1 {
			t.Fatalf("events %+v", got)
		}
		n := got[0]
		if n.PartnerName != "Nordmolnet AB" || n.Person != nils.Person || !n.AgreedAt.Equal(opening) || n.Contact.Email != "maja@fjallbageriet.example" ||
			n.Contact.FirstName != "Maja" || n.Contact.Language != "sv" || n.CustomerName != "Fjällbageriet i Lund AB" || n.Version != "1.0" {
			t.Errorf("told %+v", n)
		}
		if value := w.lastValue(w.seller.Tenant); !strings.HasPrefix(value, `{"UserId":"`) || !strings.Contains(value, `"PrimaryContact":{"FirstName":"Nils","LastName":"Lind","Email":`) {
			t.Errorf("the log keeps %s, not the names of the wire", value)
		}
	})
}

func TestVersionsArePublishedOnceAndNeverEdited(t *testing.T) { // AG8, V-7
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := map[string][]byte{"en": []byte("Terms of 2027"), "fr": []byte("<p>Conditions 2027</p>")}
		tests := []struct {
			name string
			in   agreement.NewVersion
			want string
		}{
			{"without name", agreement.NewVersion{Label: " ", Texts: text}, "27002 agreement.version.label label"},
			{"with the name of another", agreement.NewVersion{Label: "1.0", Texts: text}, "1003 agreement.version.label_taken label"},
			{"for no country", agreement.NewVersion{Label: "2", Country: "XX", Texts: text}, "27002 refusal.property country"},
			{"mandatory without date", agreement.NewVersion{Label: "2", Mandatory: true, Texts: text}, "27002 agreement.version.enforced enforcedAt"},
			{"mandatory since yesterday", agreement.NewVersion{Label: "2", Mandatory: true, EnforcedAt: opening.AddDate(0, 0, -1), Texts: text}, "27002 agreement.version.enforced enforcedAt"},
			{"without English", agreement.NewVersion{Label: "2", Texts: map[string][]byte{"fr": []byte("x")}}, "27002 agreement.version.english texts.en"},
			{"with a script", agreement.NewVersion{Label: "2", Texts: map[string][]byte{"en": []byte("<p onclick=x>t")}}, "27002 agreement.document.active texts.en"},
			{"in no language", agreement.NewVersion{Label: "2", Texts: map[string][]byte{"en": []byte("t"), "../x": []byte("t")}}, "27002 agreement.version.language texts.../x"},
		}
		for _, tt := range tests {
			if _, err := agreement.Publish.Do(t.Context(), w.k, operator(policy.OperatorAdmin), tt.in); codes(err) != tt.want {
				t.Errorf("%s: %s, want %s", tt.name, codes(err), tt.want)
			}
		}
		if _, err := agreement.Publish.Do(t.Context(), w.k, operator(policy.OperatorReviewer), agreement.NewVersion{Label: "2", Texts: text}); codes(err) != "900150 refusal.rf10" {
			t.Errorf("a reviewer: %v", err)
		}
		v := w.publish(agreement.NewVersion{Label: "2", Texts: text})
		translate := func(rank int64, language string) error {
			_, err := agreement.Translate.Do(t.Context(), w.k, operator(policy.OperatorAdmin), agreement.Translation{Rank: rank, Language: language, Content: []byte("Villkor 2027")})
			return err
		}
		if err := translate(v.Rank, "sv"); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			rank     int64
			language string
			want     string
		}{
			{v.Rank, "sv", "1003 agreement.version.language_taken language"},
			{v.Rank, "swedish", "27002 agreement.version.language language"},
			{first, "de", "1000 refusal.not_found"},
			{99, "de", "1000 refusal.not_found"},
		} {
			if err := translate(tt.rank, tt.language); codes(err) != tt.want {
				t.Errorf("%d in %s: %s, want %s", tt.rank, tt.language, codes(err), tt.want)
			}
		}
		all, err := agreement.ListTemplates.Do(t.Context(), w.k, operator(policy.OperatorSupport), struct{}{})
		if err != nil || len(all) != 2 || !slices.Equal(all[1].Languages, []string{"en", "fr", "sv"}) {
			t.Errorf("listed %+v: %v", all, err)
		}
		for language, want := range map[string]string{"fr-CA": "Conditions 2027", "sv": "Villkor 2027", "de": "Terms of 2027"} {
			got, err := agreement.ReadText.Do(t.Context(), w.k, agent(w.seller), agreement.Text{Rank: v.Rank, Language: language})
			if err != nil || !strings.Contains(string(got.File()), want) || !strings.Contains(string(got.File()), "<h1>") {
				t.Errorf("%s: %+v: %v", language, got, err)
			}
		}
	})
}

const first = 1 // the rank of the version that the program comes with

func TestLinksToTheTextAreGoodForFiveMinutes(t *testing.T) { // api-customers.md, 11.5
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, tt := range []struct{ country, language, want string }{
			{"SE", "sv-SE", "sv-SE"},
			{"SE", "fr-FR", "en-US"}, // not a language of the country
			{"SE", "SV-se", "en-US"}, // with its letter case
			{"DE", "de-DE", "en-US"}, // no text
		} {
			got, err := agreement.Link(t.Context(), w.k, agent(w.seller), agreement.Wanted{Country: tt.country, Language: tt.language})
			if err != nil || got.Language != tt.want || got.Country != tt.country || got.Rank != first {
				t.Errorf("%+v: %+v %v", tt, got, err)
			}
		}
		if _, err := agreement.Link(t.Context(), w.k, agent(w.seller), agreement.Wanted{Country: "se", Language: "sv-SE"}); codes(err) != "2000 refusal.argument country" {
			t.Errorf("a country in lower case: %v", err)
		}
		made, err := agreement.Link(t.Context(), w.k, agent(w.seller), agreement.Wanted{Country: "SE", Language: "sv-SE"})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := agreement.Open.Do(t.Context(), w.k, op.Actor{}, made.Token)
		if err != nil || opened.Language != "sv" || !strings.Contains(string(opened.Content), "Användning av tjänsterna") {
			t.Errorf("opened %+v: %v", opened, err)
		}
		w.k.Clock = clock.Fixed(opening.Add(agreement.LinkTime + time.Second))
		if _, err := agreement.Open.Do(t.Context(), w.k, op.Actor{}, made.Token); !errors.Is(err, agreement.ErrLink) {
			t.Errorf("later: %v", err)
		}
	})
}

func TestAttestationsAreCollectedAnew(t *testing.T) { // AG8, api-customers.md, 11.7
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.add(w.seller, "Nordbageriet i Umeå AB", "nordbageriet")
		third := w.add(w.seller, "Ostbutiken i Visby AB", "ostbutiken")
		all := func(as ...agreement.Reattestation) (int, error) {
			return agreement.AttestAll.Do(t.Context(), w.k, agent(w.seller), agreement.Reattestations{All: as})
		}
		one := agreement.Reattestation{Customer: w.bakery.Customer.ID, Attestation: maja(opening)}
		two := agreement.Reattestation{Customer: other.Customer.ID, Attestation: maja(opening)}
		if n, err := all(one, two, agreement.Reattestation{Customer: third.Customer.ID, DirectAcceptance: true}); n != 2 || err != nil {
			t.Fatalf("%d: %v", n, err)
		}
		if n, err := all(one, two); n != 0 || err != nil {
			t.Errorf("again: %d, %v", n, err)
		}
		records := func() map[id.Tenant]bool {
			t.Helper()
			page, err := agreement.ListLatest.Do(t.Context(), w.k, agent(w.seller), agreement.After{})
			if err != nil || page.Next != "" {
				t.Fatalf("%+v: %v", page, err)
			}
			completed := map[id.Tenant]bool{}
			for _, r := range page.Records {
				completed[r.Customer] = r.Completed
			}
			return completed
		}
		if got := records(); len(got) != 2 || !got[one.Customer] {
			t.Errorf("records %v", got)
		}
		w.publish(agreement.NewVersion{Label: "2", Mandatory: true, EnforcedAt: opening.AddDate(0, 2, 0)})
		w.travel("2026-11-21")
		if got := records(); got[one.Customer] || got[two.Customer] {
			t.Errorf("a newer version is mandatory: %v", got)
		}
		future := two
		future.Attestation.AgreedAt = opening.AddDate(0, 0, 3)
		stranger := agreement.Reattestation{Customer: "0190b3f8-0000-7000-8000-000000000000", Attestation: maja(opening)}
		if _, err := all(one, future, stranger); codes(err) != "3000 refusal.rf20 [1].agreement.dateAgreed; 1000 refusal.not_found [2].customerId" {
			t.Errorf("refused: %s", codes(err))
		}
		if got := records(); got[one.Customer] {
			t.Error("one of a refused call was recorded")
		}
		if n, err := all(one); n != 1 || err != nil || !records()[one.Customer] || records()[two.Customer] {
			t.Errorf("one anew: %d, %v, %v", n, err, records())
		}
		if _, err := all(make([]agreement.Reattestation, agreement.MaxAttestations+1)...); !errors.Is(err, agreement.ErrTooMany) {
			t.Errorf("too many: %v", err)
		}
	})
}

func TestTheOperatorMayWantDirectAcceptanceOnly(t *testing.T) { // AG2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.k.UpdateSetting(t.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: "agreement.partnerAttestation", Value: "false"}); err != nil {
			t.Fatal(err)
		}
		if err := w.attest(w.seller, w.bakery, maja(opening)); !errors.Is(err, agreement.ErrNoAttestation) {
			t.Errorf("attested: %v", err)
		}
		_, err := agreement.AttestAll.Do(t.Context(), w.k, agent(w.seller), agreement.Reattestations{})
		if !errors.Is(err, agreement.ErrNoAttestation) {
			t.Errorf("attested many: %v", err)
		}
	})
}

var (
	records  = db.Scan(`SELECT new_value FROM activity WHERE tenant_id = $1 AND operation = 'create_agreement' ORDER BY id DESC`, "test")
	payloads = db.Scan(`SELECT payload FROM events WHERE tenant_id = $1 AND name = $2 ORDER BY id`, "test")
	copied   = db.Scan(`INSERT INTO customers SELECT $1, customer_id, kind, 1, version, status, status_at, name, name_key, original_name, domain, words, tags, country,
		reseller_id, provider_id, qualification, registration_type, registration_id, registration_text, 0, 0, contact_first, contact_last, email, culture,
		language, address_first, address_middle, address_last, address_email, line1, line2, line3, district, city, state, region, postal_code, phone,
		created_at, changed_at, 0 FROM customers WHERE partner_id = $2`, "test")
)

// resell makes the bakery a customer of p as well.
func (w *world) resell(p identity.Partner) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		_, err := u.Exec(ctx, copied, p.Tenant, w.seller.Tenant)
		return err
	})
}

func (w *world) texts(s *db.Stmt, args ...any) (all []string) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		rows, err := u.Query(ctx, s, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var text string
			if err := rows.Scan(&text); err != nil {
				return err
			}
			all = append(all, text)
		}
		return rows.Err()
	})
	return all
}

func (w *world) logged(of id.Tenant) int { return len(w.texts(records, of)) }

func (w *world) lastValue(of id.Tenant) string { return w.texts(records, of)[0] }

func (w *world) events(of id.Tenant, name string) (all []agreement.Notice) {
	w.t.Helper()
	for _, text := range w.texts(payloads, of, name) {
		var n agreement.Notice
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, n)
	}
	return all
}
