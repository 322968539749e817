package qualification_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/qualification"
)

func (w *world) ask(r qualification.Request) (qualification.Qualified, error) {
	w.t.Helper()
	w.k.Clock.Advance(time.Second)
	return qualification.Ask.Do(w.t.Context(), w.k, agent(w.seller), qualification.Asking{Customer: w.school.Customer.ID, Request: r})
}

func (w *world) decide(as *op.Operation[qualification.Decision, qualification.Qualified], reason string) error {
	w.t.Helper()
	w.k.Clock.Advance(time.Second)
	_, err := as.Do(w.t.Context(), w.k, operator(policy.OperatorReviewer), qualification.Decision{
		Key: qualification.Key{Partner: w.seller.Tenant, Customer: w.school.Customer.ID, Qualification: qualification.Education}, Reason: reason,
	})
	return err
}

// shown is what lists show.
func (w *world) shown() qualification.Kind {
	w.t.Helper()
	c, err := customer.GetBilling.Do(w.t.Context(), w.k, agent(w.seller), customer.Ref{ID: w.school.Customer.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Qualification
}

// held are those by which the catalogue is filtered.
func (w *world) held() (all []qualification.Kind) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) (err error) {
		all, err = qualification.Held(ctx, u.Tx, w.seller.Tenant, w.school.Customer.ID)
		return err
	})
	return all
}

var school = qualification.Request{Qualification: qualification.Education, Segment: "K12", Website: "www.fjallskolan.example"}

func TestASchoolIsVetted(t *testing.T) { // C37, C38, C39, S2.14
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		got, err := w.ask(school)
		if err != nil || got.Vetting != qualification.InReview || w.shown() != qualification.Education || len(w.held()) != 0 {
			t.Fatalf("asked: %+v %v, shown %q, held %v", got, err, w.shown(), w.held())
		}
		waiting, err := qualification.Queue.Do(t.Context(), w.k, operator(policy.OperatorReviewer), qualification.Page{Limit: 50})
		if err != nil || len(waiting) != 1 || waiting[0].CustomerName != "Fjällskolan i Lund AB" || waiting[0].Website != school.Website {
			t.Errorf("the queue holds %+v: %v", waiting, err)
		}
		if err := w.decide(qualification.Deny, " "); !errors.Is(err, qualification.ErrReason) {
			t.Errorf("denied without a word: %v", err)
		}
		if err := w.decide(qualification.Deny, "The register knows no such school."); err != nil {
			t.Fatal(err)
		}
		if w.shown() != "" || len(w.held()) != 0 {
			t.Errorf("denied, and yet %q is shown", w.shown())
		}
		if err := w.decide(qualification.Approve, ""); !errors.Is(err, qualification.ErrNotOpen) {
			t.Errorf("decided twice: %v", err)
		}
		if _, err := w.ask(school); err != nil {
			t.Errorf("asked again: %v", err)
		}
		if err := w.decide(qualification.Approve, ""); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(w.held(), []qualification.Kind{qualification.Education}) {
			t.Errorf("held %v", w.held())
		}
		all, err := qualification.List.Do(t.Context(), w.k, agent(w.seller), qualification.Customer{ID: w.school.Customer.ID})
		if err != nil || len(all) != 1 || all[0].Reason != "" || all[0].Denials != 1 {
			t.Errorf("listed %+v: %v", all, err)
		}
		if got := w.notices(); len(got) != 4 || got[1].Reason != "The register knows no such school." || got[3].Vetting != qualification.Approved ||
			got[3].By != "ada@nordmolnet.example" || got[3].CustomerName != "Fjällskolan i Lund AB" {
			t.Errorf("told %+v", got)
		}
		if got := w.values(); !strings.Contains(got[len(got)-1], `{"Qualification":"Education","VettingStatus":"Approved"`) {
			t.Errorf("logged %v", got)
		}
	})
}

func TestASecondDenialIsForSupport(t *testing.T) { // C38
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 2 {
			if _, err := w.ask(school); err != nil {
				t.Fatal(err)
			}
			if err := w.decide(qualification.Deny, "No."); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.ask(school); !errors.Is(err, qualification.ErrSupport) {
			t.Errorf("a third time: %v", err)
		}
	})
}

func TestWhoMayAskAndDecide(t *testing.T) { // b7
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		helpdesk, stranger := agent(w.seller), agent(w.enrol("Sydmolnet AB", "sydmolnet.example"))
		helpdesk.Roles = policy.HelpdeskAgent
		for want, a := range map[string]op.Actor{"900150 refusal.rf10": helpdesk, "1000 refusal.not_found": stranger} {
			_, err := qualification.Ask.Do(t.Context(), w.k, a, qualification.Asking{Customer: w.school.Customer.ID, Request: school})
			if codes(err) != want {
				t.Errorf("%s asks: %v, want %s", a.UserName, err, want)
			}
		}
		if _, err := w.ask(school); err != nil {
			t.Fatal(err)
		}
		key := qualification.Key{Partner: w.seller.Tenant, Customer: w.school.Customer.ID, Qualification: qualification.Education}
		own := operator(policy.OperatorReviewer)
		own.Tenant = w.seller.Tenant
		if _, err := qualification.Approve.Do(t.Context(), w.k, own, qualification.Decision{Key: key}); !errors.Is(err, qualification.ErrOwn) {
			t.Errorf("somebody of the partner decides: %v", err)
		}
		if _, err := qualification.Approve.Do(t.Context(), w.k, operator(policy.OperatorSupport), qualification.Decision{Key: key}); codes(err) != "900150 refusal.rf10" {
			t.Errorf("support decides: %v", err)
		}
	})
}

func TestACodeMakesGovernmentCustomers(t *testing.T) { // C37
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		public := qualification.Request{Qualification: qualification.GovernmentCloud, ValidationCode: "STAD-1"}
		if _, err := w.ask(public); codes(err) != "27002 qualification.code_unknown validationCode" {
			t.Errorf("a code of nobody: %v", err)
		}
		issue := func(c qualification.Code) error {
			_, err := qualification.Issue.Do(t.Context(), w.k, operator(policy.OperatorAdmin), c)
			return err
		}
		code := qualification.Code{Partner: w.seller.Tenant, Code: "STAD-1", Organization: "Lunds stad", Max: 1}
		if err := issue(code); err != nil {
			t.Fatal(err)
		}
		if err := issue(code); !errors.Is(err, qualification.ErrCodeTaken) {
			t.Errorf("issued twice: %v", err)
		}
		if err := issue(qualification.Code{Partner: "nobody"}); codes(err) != "27002 qualification.new_code code; 27002 qualification.new_code organizationName; 27002 qualification.new_code maxCreates; 27002 refusal.property partnerId" {
			t.Errorf("nothing said: %s", codes(err))
		}
		got, err := w.ask(public)
		if err != nil || got.Vetting != qualification.Approved || !slices.Equal(w.held(), []qualification.Kind{qualification.GovernmentCloud}) {
			t.Errorf("asked: %+v %v", got, err)
		}
		all, err := qualification.ListCodes.Do(t.Context(), w.k, agent(w.seller), struct{}{})
		if err != nil || len(all) != 1 || all[0].Remaining != 0 || all[0].Max != 1 {
			t.Errorf("codes %+v: %v", all, err)
		}
		used, err := qualification.CodeOfCustomer.Do(t.Context(), w.k, agent(w.seller), qualification.Customer{ID: w.school.Customer.ID})
		if err != nil || used.Organization != "Lunds stad" {
			t.Errorf("the customer's code is %+v: %v", used, err)
		}
		w.school = w.add("Nordskolan i Umeå AB", "nordskolan")
		if _, err := w.ask(public); codes(err) != "27002 qualification.code_unknown validationCode" {
			t.Errorf("a code that is used up: %v", err)
		}
	})
}

func TestASchoolWritesFromItsOwnDomain(t *testing.T) { // C38, EM04
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.school = w.mailed("Sydskolan i Ystad AB", "sydskolan", "rektor@gmail.com")
		if _, err := w.ask(school); !strings.Contains(codes(err), "naming.em04 qualification") {
			t.Errorf("a school with a free-mail address: %v", err)
		}
	})
}

var (
	payloads = db.Scan(`SELECT payload FROM events WHERE name LIKE 'qualification-%' ORDER BY id`, "test")
	values   = db.Scan(`SELECT new_value FROM activity WHERE operation = 'update_customer_qualification' ORDER BY id`, "test")
)

func (w *world) notices() (all []qualification.Notice) {
	w.t.Helper()
	for _, text := range w.texts(payloads) {
		var n qualification.Notice
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, n)
	}
	return all
}

func (w *world) values() []string { return w.texts(values) }

func (w *world) texts(s *db.Stmt) (all []string) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		rows, err := u.Query(ctx, s)
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
