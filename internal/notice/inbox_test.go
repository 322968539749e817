package notice_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/notice"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

var rejected = happening{"verification-decided", facts{"Status": "NotAllowed", "Reason": "other"}, ""}

func TestTheBellCountsWhatIsNotRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.happens(slices.Repeat([]happening{rejected}, 4)...)
		w.runDue()
		all := w.notices("gunnar")
		want := func(when string, unread int64, inbox, archived int) {
			t.Helper()
			kept := do(w, "gunnar", notice.List, notice.Page{Archived: true}).Notices
			if got := w.unread("gunnar"); got != unread || len(w.notices("gunnar")) != inbox || len(kept) != archived {
				t.Errorf("%s: %d unread, %d in the list, %d in the archive", when, got, len(w.notices("gunnar")), len(kept))
			}
		}
		want("at first", 4, 4, 0)
		if n := do(w, "gunnar", notice.Open, all[0].ID); n.Path() != "/customers/"+string(w.customer)+"/account" {
			t.Errorf("leads to %s", n.Path())
		}
		do(w, "gunnar", notice.Open, all[0].ID)
		want("one is opened, twice", 3, 4, 0)
		do(w, "gunnar", notice.Archive, notice.Selection{IDs: []string{all[0].ID, all[1].ID}})
		want("two are put away, one of them unread", 2, 2, 2)
		do(w, "gunnar", notice.Restore, notice.Selection{IDs: []string{all[1].ID}})
		want("one comes back", 2, 3, 1)
		do(w, "gunnar", notice.Archive, notice.Selection{All: true})
		want("what is read is put away", 2, 2, 2)
		do(w, "gunnar", notice.MarkRead, notice.Selection{All: true})
		do(w, "gunnar", notice.MarkRead, notice.Selection{All: true})
		want("all are read", 0, 2, 2)
		if w.unread("sara") != 4 {
			t.Errorf("sara has %d unread", w.unread("sara"))
		}
	})
}

func TestNobodyTouchesAnothersNotices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.happens(rejected)
		w.runDue()
		his := w.notices("gunnar")[0].ID
		for _, stranger := range []string{"sara", "carla", "olle"} {
			if _, err := notice.Open.Do(t.Context(), w.Kernel, w.people[stranger], his); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s opens it: %v", stranger, err)
			}
			before := w.unread(stranger)
			do(w, stranger, notice.MarkRead, notice.Selection{IDs: []string{his}})
			do(w, stranger, notice.Archive, notice.Selection{IDs: []string{his}})
			if got := w.unread(stranger); got != before {
				t.Errorf("%s has %d unread, had %d", stranger, got, before)
			}
		}
		if got := w.notices("gunnar"); len(got) != 1 || !got[0].Unread || w.unread("gunnar") != 1 {
			t.Errorf("changed: %+v", got)
		}
		app := op.Actor{Kind: policy.Partner, Tenant: w.partner, Org: policy.DirectBill, App: "a", Roles: policy.AdminAgent}
		if _, err := notice.List.Do(t.Context(), w.Kernel, app, notice.Page{}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("an application reads notices: %v", err)
		}
	})
}

func TestPagesOfNoticesFollowEachOther(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	for range 5 {
		w.happens(rejected)
		w.runDue()
		w.Clock.Advance(time.Second)
	}
	var seen []string
	page := notice.Page{Limit: 2}
	for more := true; more; {
		l := do(w, "gunnar", notice.List, page)
		for _, n := range l.Notices {
			seen = append(seen, n.ID)
		}
		page.After, more = seen[len(seen)-1], l.More
	}
	if len(seen) != 5 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("seen %v", seen)
	}
}

func TestNoticesAreForgottenAfterAYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.happens(rejected)
		w.runDue()
		w.Clock.Advance(300 * 24 * time.Hour)
		w.happens(rejected)
		w.runDue()
		w.Clock.Advance(70 * 24 * time.Hour)
		w.runDue()
		if got := w.notices("gunnar"); len(got) != 1 || w.unread("gunnar") != 1 {
			t.Errorf("%d notices, %d unread", len(got), w.unread("gunnar"))
		}
	})
}

func TestMailOfACategoryCanBeSwitchedOffUnlessItIsRequired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		do(w, "gunnar", notice.UpdatePreferences, notice.Wishes{Muted: []notice.Category{notice.Verification}})
		w.happens(rejected, happening{"verification-asked", facts{}, ""})
		w.runDue()
		if got := w.mailed(); !slices.Equal(got, []string{"gunnar sv", "sara fr", "sara fr"}) {
			t.Errorf("mail goes to %v", got)
		}
		if w.unread("gunnar") != 2 {
			t.Error("the bell is switched off")
		}
		for category, want := range map[notice.Category]error{
			notice.Requests: notice.ErrRequired, notice.Account: notice.ErrRequired, notice.Jobs: notice.ErrCategory, "nonsense": notice.ErrCategory,
		} {
			_, err := notice.UpdatePreferences.Do(t.Context(), w.Kernel, w.people["gunnar"], notice.Wishes{Muted: []notice.Category{category}})
			if !errors.Is(err, want) {
				t.Errorf("%s: %v", category, err)
			}
		}
		if _, err := notice.UpdatePreferences.Do(t.Context(), w.Kernel, w.people["gunnar"], notice.Wishes{Language: "de"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a language that nobody speaks: %v", err)
		}
		if got := do(w, "gunnar", notice.GetPreferences, struct{}{}); !slices.Equal(got.Muted, []notice.Category{notice.Verification}) || got.Language != "" {
			t.Errorf("kept: %+v", got)
		}
	})
}

var codeIn = regexp.MustCompile(`code=([A-Z0-9]+)`)

func TestAnAddressCountsWhenItWasConfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		before := do(w, "gunnar", notice.GetPreferences, struct{}{}).Address
		p := do(w, "gunnar", notice.ChangeAddress, " gunnar@privat.example ")
		if p.Pending != "gunnar@privat.example" || p.Address != before || before != "gunnar@nordmolnet.example" {
			t.Errorf("%+v", p)
		}
		w.runDue()
		if len(w.box) != 1 || w.box[0].Address != "gunnar@privat.example" || w.box[0].Language != "sv" {
			t.Fatalf("mail: %+v", w.box)
		}
		code := codeIn.FindStringSubmatch(w.box[0].Text)[1]
		w.happens(rejected)
		w.runDue()
		if got := w.mailed(); !slices.Contains(got, "gunnar sv") || w.box[len(w.box)-1].Address == "gunnar@privat.example" && w.box[len(w.box)-2].Address == "gunnar@privat.example" {
			t.Errorf("before it is confirmed mail goes to %+v", w.box)
		}
		for name, wrong := range map[string]string{"gunnar": "ABC", "sara": code, "carla": code} {
			if _, err := notice.ConfirmAddress.Do(t.Context(), w.Kernel, w.people[name], wrong); !errors.Is(err, notice.ErrCode) {
				t.Errorf("%s with %s: %v", name, wrong, err)
			}
		}
		if p = do(w, "gunnar", notice.ConfirmAddress, code); p.Address != "gunnar@privat.example" || p.Pending != "" {
			t.Errorf("%+v", p)
		}
		if _, err := notice.ConfirmAddress.Do(t.Context(), w.Kernel, w.people["gunnar"], code); !errors.Is(err, notice.ErrCode) {
			t.Errorf("the code is good twice: %v", err)
		}
		w.box = nil
		w.happens(rejected)
		w.runDue()
		if !slices.ContainsFunc(w.box, func(l op.Letter) bool { return l.Address == "gunnar@privat.example" }) {
			t.Errorf("mail goes to %v", w.mailed())
		}
		for _, own := range []string{"GUNNAR@nordmolnet.example", ""} {
			if p = do(w, "gunnar", notice.ChangeAddress, own); p.Address != before || p.Confirmed != "" || p.Pending != "" {
				t.Errorf("back to his own: %+v", p)
			}
		}
	})
}

func TestAnAddressIsRefusedThatIsNoneOrAskedTooOften(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	change := func(address string) error {
		_, err := notice.ChangeAddress.Do(t.Context(), w.Kernel, w.people["gunnar"], address)
		return err
	}
	for _, bad := range []string{"gunnar", "a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example", "<a@b.example>"} {
		if err := change(bad); !errors.Is(err, notice.ErrAddress) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for i := range 5 {
		if err := change("gunnar@privat.example"); err != nil {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	if err := change("victim@elsewhere.example"); !errors.Is(err, notice.ErrOften) {
		t.Errorf("a sixth: %v", err)
	}
	w.runDue()
	code := codeIn.FindStringSubmatch(w.box[len(w.box)-1].Text)[1]
	w.Clock.Advance(25 * time.Hour)
	if _, err := notice.ConfirmAddress.Do(t.Context(), w.Kernel, w.people["gunnar"], code); !errors.Is(err, notice.ErrCode) {
		t.Errorf("after a day: %v", err)
	}
	if err := change("gunnar@privat.example"); err != nil {
		t.Errorf("the next day: %v", err)
	}
}
