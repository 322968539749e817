package customer_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/verification"
)

// Documents go with an appeal, whole and to its reviewer alone (rule C24, P-7).
func TestAnAppealWithDocuments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		w.decide(c, verification.Reject)
		w.k.Clock.Advance(time.Hour)
		content := append([]byte("%PDF-1.7 "), bytes.Repeat([]byte("extract "), 200_000)...)
		add := func(a op.Actor, name string, data []byte) (verification.Document, error) {
			return verification.AddDocument.Do(t.Context(), w.k, a, verification.NewDocument{Customer: c.ID, Name: name, Data: data})
		}
		kept, err := add(w.seller(), `C:\papers\extract.pdf`, content)
		if err != nil || kept.Name != "extract.pdf" || kept.Type != "application/pdf" {
			t.Fatalf("%+v, %v", kept, err)
		}
		for name, data := range map[string][]byte{"program.pdf": []byte("MZ"), "empty.pdf": {}} {
			if _, err := add(w.seller(), name, data); !errors.Is(err, verification.ErrDocumentType) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := add(w.seller(), "large.pdf", append([]byte("%PDF-"), make([]byte, verification.MaxDocument)...)); !errors.Is(err, verification.ErrDocumentSize) {
			t.Errorf("a large one: %v", err)
		}
		if _, err := add(w.seller(), "full.pdf", append([]byte("%PDF-"), make([]byte, verification.MaxDocument-5)...)); err != nil {
			t.Errorf("one of ten megabytes exactly: %v", err)
		}
		for i := range verification.MaxDocuments - 2 {
			if _, err := add(w.seller(), fmt.Sprintf("page%d.png", i), []byte("\x89PNG\r\n\x1a\n")); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := add(w.seller(), "one too many.png", []byte("\x89PNG\r\n\x1a\n")); !errors.Is(err, verification.ErrDocumentCount) {
			t.Errorf("a sixth: %v", err)
		}
		if _, err := add(w.supplier(), "strange.pdf", content); err == nil {
			t.Error("another partner adds a document")
		}
		inspect := func() (verification.Content, error) {
			return verification.InspectDocument.Do(t.Context(), w.k, reviewer(), verification.SentDocument{Account: w.accountOf(c), ID: kept.ID})
		}
		if _, err := inspect(); codes(err)[0] != "1000 refusal.not_found" {
			t.Errorf("the reviewer reads what was not sent: %v", err)
		}
		if _, err := verification.Resubmit.Do(t.Context(), w.k, w.seller(), verification.Appeal{Customer: c.ID, Text: "See the extract."}); err != nil {
			t.Fatal(err)
		}
		if got, err := inspect(); err != nil || !bytes.Equal(got.Data, content) {
			t.Errorf("the reviewer reads %d of %d bytes: %v", len(got.Data), len(content), err)
		}
		own := verification.OwnDocument{Customer: c.ID, ID: kept.ID}
		if _, err := verification.RemoveDocument.Do(t.Context(), w.k, w.seller(), own); codes(err)[0] != "1000 refusal.not_found" {
			t.Errorf("what was sent is removed: %v", err)
		}
		if _, err := verification.ReadDocument.Do(t.Context(), w.k, w.seller(), own); err != nil {
			t.Error(err)
		}
		if _, err := verification.ReadDocument.Do(t.Context(), w.k, w.supplier(), own); err == nil {
			t.Error("another partner reads it")
		}
		// What is never sent goes after a week.
		if _, err := add(w.seller(), "later.pdf", content); err != nil {
			t.Fatal(err)
		}
		w.runDue()
		w.k.Clock.Advance(9 * 24 * time.Hour)
		w.runDue()
		if got := len(w.dossier(c).Documents); got != verification.MaxDocuments {
			t.Errorf("%d documents are left", got)
		}
	})
}

// Notes stay between reviewers, cases are in somebody's hands (V-2).
func TestNotesAndHands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.add(w.seller(), bakery()).Customer
		for _, text := range []string{"", "  ", strings.Repeat("x", 2001)} {
			if _, err := verification.Note.Do(t.Context(), w.k, reviewer(), verification.Message{Account: w.accountOf(c), Text: text}); !errors.Is(err, verification.ErrText) {
				t.Errorf("a note of %d letters: %v", len(text), err)
			}
		}
		if _, err := verification.Note.Do(t.Context(), w.k, reviewer(), verification.Message{Account: w.accountOf(c), Text: "Odd."}); err != nil {
			t.Fatal(err)
		}
		past, err := verification.History.Do(t.Context(), w.k, w.seller(), verification.Customer{ID: c.ID})
		if err != nil || len(past.Entries) != 0 || past.Cases[0].Findings != nil {
			t.Errorf("the partner reads %+v, %v", past, err)
		}
		if _, err := verification.Assign.Do(t.Context(), w.k, reviewer(), verification.Assignment{Accounts: []verification.Account{w.accountOf(c)}, To: id.User(w.direct.Tenant)}); !errors.Is(err, verification.ErrAssignee) {
			t.Errorf("given to a stranger: %v", err)
		}
		own := reviewer()
		own.Tenant = w.direct.Tenant
		for _, err := range []error{
			second(verification.Note.Do(t.Context(), w.k, own, verification.Message{Account: w.accountOf(c), Text: "Mine."})),
			second(verification.Ask.Do(t.Context(), w.k, own, verification.Message{Account: w.accountOf(c), Text: "Mine?"})),
			second(verification.TakeOver.Do(t.Context(), w.k, own, w.accountOf(c))),
		} {
			if !errors.Is(err, verification.ErrOwnOrganization) {
				t.Errorf("a reviewer of the partner itself: %v", err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Cases without findings are approved at once; the others say why not (V-2).
func TestAThousandCasesAreApprovedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var all []verification.Decision
		for i := range verification.MaxBulk {
			in := called(fmt.Sprintf("Firma %04d Glas AB", i))
			in.Distinct = true
			c := w.add(w.seller(), in).Customer
			all = append(all, verification.Decision{Partner: c.Partner, Customer: c.ID})
		}
		watch := clock.Start()
		out, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), all)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("approved in %v", watch.Elapsed()) // no more than two seconds on a machine that does nothing else
		for _, o := range out {
			if o.Refused != nil {
				t.Fatalf("%s: %v", o.CustomerName, o.Refused)
			}
		}
		again, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), all[:1])
		if err != nil || !errors.Is(again[0].Refused, verification.ErrDecided) {
			t.Errorf("approved twice: %+v, %v", again, err)
		}
		if _, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), append(all, all[0])); !errors.Is(err, verification.ErrTooMany) {
			t.Errorf("more than a thousand: %v", err)
		}
		in := called("Test Glas AB") // CN10
		odd := w.add(w.seller(), in).Customer
		got, err := verification.ApproveMany.Do(t.Context(), w.k, reviewer(), []verification.Decision{{Partner: odd.Partner, Customer: odd.ID}})
		if err != nil || !errors.Is(got[0].Refused, verification.ErrFindings) {
			t.Errorf("approved unseen: %+v, %v", got, err)
		}
		o, err := verification.Oversee.Do(t.Context(), w.k, reviewer(), struct{}{})
		if err != nil || o.Open != 1 || o.Ages[0] != 1 {
			t.Errorf("the queue stands at %+v, %v", o, err)
		}
	})
}

// The queue has the same cases in every order, forwards and backwards, however
// it is narrowed (V-2).
func TestTheQueueInEveryOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i := range 11 {
			in := called(fmt.Sprintf("Firma %c Glas AB", 'K'-i))
			in.Distinct = true
			c := w.add(w.seller(), in).Customer
			if i%4 == 3 {
				w.decide(c, verification.Approve)
			}
			w.k.Clock.Advance(time.Hour)
		}
		w.add(w.supplier(), called("Norra Glas AB"))
		sorts := []verification.Sort{
			verification.ByDue, verification.ByOpened, verification.ByName, verification.ByPartner, verification.ByCountry,
			verification.ByCause, verification.ByFindings, verification.ByAssignee,
		}
		for _, sort := range sorts {
			for _, q := range []verification.Query{
				{},
				{Text: "glas firma"},
				{Partner: w.direct.Tenant},
				{Country: "SE"},
				{Assignee: verification.Nobody},
				{Scope: verification.Accepted},
				{Scope: verification.Accepted, Partner: w.direct.Tenant},
				{Scope: verification.Accepted, Text: "firma"},
				{Scope: verification.Accepted, Text: "firma", Partner: w.direct.Tenant},
				{Scope: verification.Accepted, Country: "SE"},
				{Scope: verification.Accepted, Cause: verification.CauseNew},
				{Scope: verification.Accepted, Assignee: verification.Nobody},
				{Scope: verification.Accepted, Country: "SE", Cause: verification.CauseNew, Partner: w.direct.Tenant},
			} {
				q.Sort, q.Size = sort, 4
				up := w.walk(q, false)
				q.Descending = true
				down := w.walk(q, false)
				slices.Reverse(down)
				if !slices.Equal(up, down) || len(up) == 0 {
					t.Errorf("by %s, %+v: up %v, down %v", sort, q, up, down)
				}
				q.Descending = false
				if back := w.walk(q, true); !slices.Equal(up, back) {
					t.Errorf("by %s, %+v: forwards %v, backwards %v", sort, q, up, back)
				}
			}
		}
		for _, q := range []verification.Query{
			{Country: "FR"},
			{Cause: verification.CauseAppeal},
			{Assignee: reviewer().User},
			{Partner: w.provider.Tenant},
			{Country: "SE", Cause: verification.CauseAppeal},
			{Partner: w.direct.Tenant, Country: "FR"},
			{Text: "firma", Country: "FR"},
			{Text: "laf"}, // the beginning of no name
		} {
			q.Scope, q.Size = verification.Accepted, 4
			if names := w.walk(q, false); len(names) != 0 {
				t.Errorf("%+v finds %v", q, names)
			}
		}
		if names := w.walk(verification.Query{Sort: verification.ByName, Size: 3}, false); !slices.IsSorted(names) || len(names) != 10 {
			t.Errorf("by name %v", names)
		}
		if _, err := verification.ListCases.Do(t.Context(), w.k, reviewer(), verification.Query{Cursor: "nonsense"}); err == nil {
			t.Error("a cursor that is none is taken")
		}
		if names := w.walk(verification.Query{Text: "100%_sure", Size: 3}, false); len(names) != 0 {
			t.Errorf("signs of the database are read: %v", names)
		}
	})
}

// walk returns the names of all that q finds, page by page.
func (w *world) walk(q verification.Query, backward bool) (names []string) {
	w.t.Helper()
	q.Backward = backward
	for {
		page, err := verification.ListCases.Do(w.t.Context(), w.k, reviewer(), q)
		if err != nil {
			w.t.Fatalf("%+v: %v", q, err)
		}
		var some []string
		for _, i := range page.Items {
			some = append(some, i.CustomerName)
		}
		if backward {
			names = append(some, names...)
			q.Cursor = page.Previous
		} else {
			names = append(names, some...)
			q.Cursor = page.Next
		}
		if q.Cursor == "" {
			if page.Total != int64(len(names)) {
				w.t.Errorf("%+v: %d are counted, %d listed", q, page.Total, len(names))
			}
			return names
		}
	}
}
