package gdap_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
	"comptoir/internal/policy"
)

func TestARequestIsCheckedAsAWhole(t *testing.T) { // F1, A9, RF-29, RF-09
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, tt := range map[string]struct {
			change func(n *gdap.New)
			want   string
		}{
			"no name":                        {func(n *gdap.New) { n.Name = "  " }, "2000 gdap.name"},
			"a name of 51 characters":        {func(n *gdap.New) { n.Name = strings.Repeat("å", 51) }, "2000 gdap.name"},
			"a name of 50 characters":        {func(n *gdap.New) { n.Name = strings.Repeat("å", 50) }, ""},
			"a name that cannot be printed":  {func(n *gdap.New) { n.Name = "a\nb" }, "2000 gdap.name"},
			"more than two years":            {func(n *gdap.New) { n.Duration = "P731D" }, "2000 gdap.duration"},
			"no duration":                    {func(n *gdap.New) { n.Duration = "" }, "2000 gdap.duration"},
			"no roles":                       {func(n *gdap.New) { n.Roles = nil }, "2000 gdap.no_roles"},
			"a role that is none":            {func(n *gdap.New) { n.Roles = []gdap.RoleID{"4d6ac14f-3453-41d0-bef9-000000000000"} }, "2000 gdap.role"},
			"a role nobody may ask for":      {func(n *gdap.New) { n.Roles = []gdap.RoleID{"4ba39ca4-527c-499a-b93d-d9b492c50246"} }, "2000 gdap.role"},
			"extended by a year":             {func(n *gdap.New) { n.AutoExtend = "P365D" }, "2000 gdap.auto_extend"},
			"extended with the global admin": {func(n *gdap.New) { n.AutoExtend = "P180D"; n.Roles = []gdap.RoleID{gdap.GlobalAdministrator} }, "3000 refusal.rf29"},
			"global admin for once":          {func(n *gdap.New) { n.Roles = []gdap.RoleID{gdap.GlobalAdministrator} }, ""},
			"a customer of 256 characters":   {func(n *gdap.New) { n.CustomerName = strings.Repeat("å", 256) }, "2000 gdap.customer_name"},
			"bound to a partner":             {func(n *gdap.New) { n.Customer = w.provider.Tenant }, "3000 refusal.rf09"},
			"bound to itself":                {func(n *gdap.New) { n.Customer = w.direct.Tenant }, "3000 refusal.rf09"},
			"bound to nobody known":          {func(n *gdap.New) { n.Customer = "0b5e2f6e-0009-7000-8000-000000000009" }, ""},
			"for somebody else's reseller":   {func(n *gdap.New) { n.Reseller = w.reseller.Tenant }, "2000 gdap.no_partnership"},
		} {
			in := w.wish()
			tt.change(&in)
			if got := refused(w, gdap.Create, agent(w.direct), in); got != tt.want {
				t.Errorf("%s: %q, want %q", name, got, tt.want)
			}
		}
		sales := agent(w.direct)
		sales.Roles = policy.SalesAgent | policy.GlobalAdmin
		if got := refused(w, gdap.Create, sales, w.wish()); got != "900150 refusal.rf10" {
			t.Errorf("b33, RF-10: %q", got)
		}
		in := w.wish()
		do(w, gdap.Create, agent(w.direct), in)
		if got := refused(w, gdap.Create, agent(w.direct), in); got != "1003 gdap.name_taken" {
			t.Errorf("one name twice: %q", got)
		}
		if got := refused(w, gdap.Create, agent(w.reseller), in); got != "" {
			t.Errorf("the name of another partner: %q", got)
		}
	})
}

func TestADraftChangesUntilItIsSent(t *testing.T) { // F3, F5
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ada := agent(w.direct)
		r := do(w, gdap.Create, ada, w.wish())
		if r.Status != gdap.Created || r.Duration != "P90D" || r.AutoExtend != gdap.NoExtension || r.Version != 1 {
			t.Fatalf("%+v", r)
		}
		duration, name, extend := "P104W2D", "Ny drift", "P180D"
		changed := do(w, gdap.Update, ada, gdap.Change{Relationship: r.ID, Version: 1, Draft: gdap.Draft{Duration: &duration, Name: &name, AutoExtend: &extend}})
		if changed.Duration != "P730D" || changed.Name != name || changed.AutoExtend != "P180D" || changed.Version != 2 || changed.Pending.ID != "" {
			t.Errorf("%+v", changed)
		}
		if got := refused(w, gdap.Update, ada, gdap.Change{Relationship: r.ID, Version: 1}); got != "2055 refusal.rf18" {
			t.Errorf("RF-18: %q", got)
		}
		if got := refused(w, gdap.Get, agent(w.reseller), r.ID); got != "1000 refusal.not_found" {
			t.Errorf("another partner: %q", got)
		}
		if got := refused(w, gdap.OwnGet, admin(w.bakery), gdap.Decision{Relationship: r.ID}); got != "1000 refusal.rf24" {
			t.Errorf("the customer sees a draft: %q", got)
		}
		do(w, gdap.LockForApproval, ada, gdap.Ref{Relationship: r.ID, Version: 2})
		for what, got := range map[string]string{
			"changed": refused(w, gdap.Update, ada, gdap.Change{Relationship: r.ID, Draft: gdap.Draft{Name: &duration}}),
			"deleted": refused(w, gdap.Delete, ada, gdap.Ref{Relationship: r.ID}),
		} {
			if got != "2000 gdap.locked" {
				t.Errorf("%s after it was sent: %q", what, got)
			}
		}
		if got := refused(w, gdap.LockForApproval, ada, gdap.Ref{Relationship: r.ID}); got != "2000 gdap.wrong_status" {
			t.Errorf("sent twice: %q", got)
		}
		other := do(w, gdap.Create, ada, w.wish())
		do(w, gdap.Delete, ada, gdap.Ref{Relationship: other.ID, Version: 1})
		if got := refused(w, gdap.Get, ada, other.ID); got != "1000 refusal.not_found" {
			t.Errorf("deleted: %q", got)
		}
	})
}

func TestTheCustomerDecides(t *testing.T) { // F6, F7, F10, c5, 21.3
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.lines(logOf, w.direct.Tenant)
		r := w.asked(w.wish())
		maja := admin(w.bakery)
		other := w.add("Lunds Glas AB", "lundsglas")
		user := maja
		user.Roles = policy.CustomerUser
		for what, got := range map[string]string{
			"2032 refusal.rf23":   refused(w, gdap.OwnApprove, admin(other), gdap.Decision{Relationship: r.ID}),
			"1000 refusal.rf24":   refused(w, gdap.OwnApprove, maja, gdap.Decision{Relationship: "nothing"}),
			"900150 refusal.rf10": refused(w, gdap.OwnApprove, user, gdap.Decision{Relationship: r.ID}),
		} {
			if got != what {
				t.Errorf("%q, want %q", got, what)
			}
		}
		if got := refused(w, gdap.OwnApprove, agent(w.direct), gdap.Decision{Relationship: r.ID}); got != "900150 refusal.rf10" {
			t.Errorf("A9: a partner approves: %q", got)
		}
		active := do(w, gdap.OwnApprove, maja, gdap.Decision{Relationship: r.ID})
		if active.Status != gdap.Active || !active.EndsAt.Equal(opening.Add(90*24*time.Hour)) || active.ApprovedBy != maja.UserName || active.CustomerName != "Fjällbageriet i Lund AB" {
			t.Errorf("F7, C32: %+v", active)
		}
		if got := w.lines(logOf, w.direct.Tenant); !slices.Equal(got, []string{"granular_admin_relationship_approved", "granular_admin_relationship_activated"}) {
			t.Errorf("log %v", got)
		}
		if got := w.lines(eventsOf, w.direct.Tenant); !slices.Equal(got, []string{"granular-admin-relationship-approved", "granular-admin-relationship-activated"}) {
			t.Errorf("events %v", got)
		}
		if got := w.lines(logOf, w.bakery); len(got) != 2 {
			t.Errorf("the customer's log: %v", got)
		}
		if got := refused(w, gdap.OwnApprove, maja, gdap.Decision{Relationship: r.ID}); got != "2000 gdap.wrong_status" {
			t.Errorf("approved twice: %q", got)
		}
		ended := do(w, gdap.OwnEnd, maja, gdap.Decision{Relationship: r.ID})
		if ended.Status != gdap.Terminated {
			t.Errorf("F10: %s", ended.Status)
		}
		if got := w.lines(eventsOf, w.direct.Tenant); !slices.Contains(got, "granular-admin-relationship-terminated") {
			t.Errorf("events %v", got)
		}
		no := w.asked(w.wish())
		if got := do(w, gdap.OwnReject, maja, gdap.Decision{Relationship: no.ID}); got.Status != gdap.Terminated {
			t.Errorf("declined is %s", got.Status)
		}
		asked := do(w, gdap.ListRequests, agent(w.direct), no.ID)
		if len(asked) != 2 || asked[0].Action != gdap.Lock || asked[1].Action != gdap.Reject || asked[1].Status != "succeeded" {
			t.Errorf("F4: %+v", asked)
		}
	})
}

func TestALinkWithoutACustomerBindsWhoeverApprovesFirst(t *testing.T) { // F2
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := w.wish()
		in.Customer, in.CustomerName = "", ""
		r := w.asked(in)
		other := w.add("Lunds Glas AB", "lundsglas")
		if got := refused(w, gdap.OwnReject, admin(other), gdap.Decision{Relationship: r.ID}); got != "2000 gdap.open_link" {
			t.Errorf("anybody ends it: %q", got)
		}
		bound := do(w, gdap.OwnApprove, admin(w.bakery), gdap.Decision{Relationship: r.ID})
		if bound.Customer != w.bakery || bound.CustomerName == "" {
			t.Errorf("%+v", bound)
		}
		if got := refused(w, gdap.OwnApprove, admin(other), gdap.Decision{Relationship: r.ID}); got != "2032 refusal.rf23" {
			t.Errorf("used again: %q", got)
		}
		own := do(w, gdap.OwnList, admin(w.bakery), struct{}{})
		if len(own) != 2 || !slices.ContainsFunc(own, func(o gdap.Relationship) bool { return o.ID == r.ID }) {
			t.Errorf("the customer sees %+v", own)
		}
		if others := do(w, gdap.OwnList, admin(other), struct{}{}); len(others) != 1 {
			t.Errorf("the other sees %+v", others)
		}
	})
}

func TestOnlyOneOfApprovalAndWithdrawalWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 20 {
			r := w.asked(w.wish())
			var approved, withdrawn error
			var both sync.WaitGroup
			both.Go(func() {
				_, approved = gdap.OwnApprove.Do(t.Context(), w.k, admin(w.bakery), gdap.Decision{Relationship: r.ID})
			})
			both.Go(func() {
				_, withdrawn = gdap.End.Do(t.Context(), w.k, agent(w.direct), gdap.Ref{Relationship: r.ID, Version: r.Version})
			})
			both.Wait()
			if (approved == nil) == (withdrawn == nil) {
				t.Fatalf("approval: %v, withdrawal: %v", approved, withdrawn)
			}
			want := gdap.Active
			if withdrawn == nil {
				want = gdap.Terminated
			}
			if got := do(w, gdap.Get, agent(w.direct), r.ID); got.Status != want || len(do(w, gdap.ListRequests, agent(w.direct), r.ID)) != 2 {
				t.Errorf("it is %s, want %s", got.Status, want)
			}
		}
	})
}

func TestAProviderProposesForItsReseller(t *testing.T) { // F4
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		propose := func() gdap.Relationship {
			in := w.wish()
			in.Reseller = w.reseller.Tenant
			return do(w, gdap.Create, agent(w.provider), in)
		}
		r := propose()
		if r.Partner != w.reseller.Tenant || r.Provider != w.provider.Tenant || !r.ConsentDue {
			t.Fatalf("%+v", r)
		}
		if got := refused(w, gdap.Get, agent(w.reseller), r.ID); got != "1000 refusal.not_found" {
			t.Errorf("a draft of the provider: %q", got)
		}
		if page := do(w, gdap.List, agent(w.reseller), gdap.Query{Size: 10}); len(page.Relationships) != 0 {
			t.Errorf("the reseller lists %+v", page)
		}
		do(w, gdap.LockForApproval, agent(w.provider), gdap.Ref{Relationship: r.ID})
		if got := refused(w, gdap.OwnApprove, admin(w.bakery), gdap.Decision{Relationship: r.ID}); got != "1000 refusal.rf24" {
			t.Errorf("the customer before the reseller: %q", got)
		}
		if got := refused(w, gdap.Consent, agent(w.provider), gdap.Ref{Relationship: r.ID}); got != "2000 gdap.no_consent" {
			t.Errorf("the provider agrees with itself: %q", got)
		}
		do(w, gdap.Consent, agent(w.reseller), gdap.Ref{Relationship: r.ID})
		if got := refused(w, gdap.Refuse, agent(w.reseller), gdap.Ref{Relationship: r.ID}); got != "2000 gdap.no_consent" {
			t.Errorf("agreed, then refused: %q", got)
		}
		active := do(w, gdap.OwnApprove, admin(w.bakery), gdap.Decision{Relationship: r.ID})
		if active.Status != gdap.Active || active.Partner != w.reseller.Tenant {
			t.Errorf("%+v", active)
		}
		if got := refused(w, gdap.Get, agent(w.provider), r.ID); got != "1000 refusal.not_found" {
			t.Errorf("now it is the reseller's alone: %q", got)
		}
		no := propose()
		do(w, gdap.LockForApproval, agent(w.provider), gdap.Ref{Relationship: no.ID})
		do(w, gdap.Refuse, agent(w.reseller), gdap.Ref{Relationship: no.ID})
		if got := do(w, gdap.Get, agent(w.reseller), no.ID); got.Status != gdap.Terminated || got.ConsentDue {
			t.Errorf("%+v", got)
		}
	})
}

func TestAutoExtendIsSwitchedByBothSides(t *testing.T) { // F7, N13, RF-29
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := w.approved(w.wish())
		on := do(w, gdap.SetAutoExtend, agent(w.direct), gdap.Switch{Ref: gdap.Ref{Relationship: r.ID}, AutoExtend: "P180D"})
		byCustomer := do(w, gdap.OwnSetAutoExtend, admin(w.bakery), gdap.Switch{Ref: gdap.Ref{Relationship: r.ID, Version: on.Version}, AutoExtend: "PT0S"})
		if !on.Permanent() || byCustomer.Permanent() {
			t.Errorf("%s, then %s", on.AutoExtend, byCustomer.AutoExtend)
		}
		if n := len(w.lines(eventsOf, w.direct.Tenant)); n != 2 {
			t.Errorf("N13: %d events", n)
		}
		in := w.wish()
		in.Roles = append(in.Roles, gdap.GlobalAdministrator)
		global := w.approved(in)
		if got := refused(w, gdap.SetAutoExtend, agent(w.direct), gdap.Switch{Ref: gdap.Ref{Relationship: global.ID}, AutoExtend: "P180D"}); got != "3000 refusal.rf29" {
			t.Errorf("RF-29: %q", got)
		}
		extend, without := "P180D", []gdap.RoleID{gdap.UserAdministrator, gdap.GlobalReader}
		w.k.Clock = clock.Fixed(opening.Add(time.Second))
		pending := do(w, gdap.Update, agent(w.direct), gdap.Change{Relationship: global.ID, Draft: gdap.Draft{Roles: &without, AutoExtend: &extend}})
		if pending.Pending.ID == "" || pending.Pending.Status != gdap.OperationNotStarted {
			t.Fatalf("%+v", pending)
		}
		later := gdap.Ref{Relationship: global.ID}
		for what, got := range map[string]string{
			"with the version that was seen": refused(w, gdap.SetAutoExtend, agent(w.direct), gdap.Switch{Ref: gdap.Ref{Relationship: global.ID, Version: global.Version}}),
			"switched meanwhile":             refused(w, gdap.SetAutoExtend, agent(w.direct), gdap.Switch{Ref: later}),
			"switched by the customer":       refused(w, gdap.OwnSetAutoExtend, admin(w.bakery), gdap.Switch{Ref: later}),
			"back to what it was":            refused(w, gdap.Update, agent(w.direct), gdap.Change{Relationship: global.ID, Draft: gdap.Draft{Roles: &in.Roles}}),
			"asked for twice":                refused(w, gdap.Update, agent(w.direct), gdap.Change{Relationship: global.ID, Draft: gdap.Draft{Roles: &without}}),
		} {
			want := "2000 gdap.pending"
			if what == "with the version that was seen" {
				want = "2055 refusal.rf18"
			}
			if got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		w.runDue()
		now := do(w, gdap.Get, agent(w.direct), global.ID)
		if now.Roles.HasAny(gdap.GlobalAdministrator) || len(now.Roles) != 2 || !now.Permanent() {
			t.Errorf("%+v", now)
		}
		if all := do(w, gdap.ListOperations, agent(w.direct), global.ID); len(all) != 1 || all[0].Status != gdap.OperationSucceeded {
			t.Errorf("%+v", all)
		}
		off := gdap.NoExtension
		w.k.Clock = clock.Fixed(opening.Add(2 * time.Second))
		do(w, gdap.Update, agent(w.direct), gdap.Change{Relationship: global.ID, Draft: gdap.Draft{AutoExtend: &off}})
		if got := w.lines(logOf, w.direct.Tenant); !slices.Equal(got[len(got)-2:], []string{"granular_admin_relationship_updated", "granular_admin_relationship_auto_extend_switched"}) {
			t.Errorf("log %v", got)
		}
		fewer := without[:1]
		if got := refused(w, gdap.Update, agent(w.direct), gdap.Change{Relationship: global.ID, Draft: gdap.Draft{Roles: &fewer}}); got != "2000 gdap.locked" {
			t.Errorf("another role taken away: %q", got)
		}
	})
}

// 0.3, P-11: a list is read forward and backward, and its pages meet.
func TestPagesAreReadInBothDirections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for range 4 {
			do(w, gdap.Create, agent(w.direct), w.wish())
		}
		read := func(q gdap.Query) (string, gdap.Page) {
			q.Customer, q.Order, q.Descending, q.Size = w.bakery, gdap.ByCreation, true, 2
			p := do(w, gdap.List, agent(w.direct), q)
			names := ""
			for _, r := range p.Relationships {
				names += r.Name[len(r.Name)-1:]
			}
			return names, p
		}
		first, p := read(gdap.Query{})
		second, q := read(gdap.Query{After: p.Next})
		third, last := read(gdap.Query{After: q.Next})
		if len(first+second+third) != 5 || p.Previous != "" || last.Next != "" {
			t.Fatalf("forward: %q %q %q", first, second, third)
		}
		back, b := read(gdap.Query{After: last.Previous, Backward: true})
		begin, c := read(gdap.Query{After: b.Previous, Backward: true})
		if back != second || begin != first || c.Previous != "" || c.Next != p.Next {
			t.Errorf("backward: %q %q", back, begin)
		}
		end, e := read(gdap.Query{Backward: true})
		if e.Next != "" || e.Previous == "" || len(end) != 2 || end[1:] != third {
			t.Errorf("the last page is %q", end)
		}
	})
}
