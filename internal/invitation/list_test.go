package invitation_test

import (
	"slices"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/invitation"
)

func ids(all []invitation.Invitation) (list []string) {
	for _, i := range all {
		list = append(list, i.ID)
	}
	return list
}

// The list goes forward and back, from either end (P-4b).
func TestInvitationsAreListedByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var made []string
		for n := range 5 {
			w.k.Clock = clock.Fixed(opening.Add(time.Duration(n) * time.Minute))
			i, _ := w.invite(w.direct, invitation.Asking{}, false)
			made = append(made, i.ID)
		}
		w.invite(w.provider, invitation.Asking{}, false) // another partner's
		newest := slices.Clone(made)
		slices.Reverse(newest)
		list := func(q invitation.Query) invitation.Page {
			q.Size = 2
			return must(t, invitation.List, w.k, agent(w.direct), q)
		}
		for _, oldest := range []bool{false, true} {
			want := newest
			if oldest {
				want = made
			}
			first := list(invitation.Query{Oldest: oldest})
			second := list(invitation.Query{Oldest: oldest, Cursor: first.Next})
			third := list(invitation.Query{Oldest: oldest, Cursor: second.Next})
			if got := slices.Concat(ids(first.Invitations), ids(second.Invitations), ids(third.Invitations)); !slices.Equal(got, want) {
				t.Errorf("oldest first %v: %v, want %v", oldest, got, want)
			}
			if first.Previous != "" || third.Next != "" || first.Total != 5 || first.AtLeast {
				t.Errorf("the ends: %+v, %+v", first, third)
			}
			back := list(invitation.Query{Oldest: oldest, Cursor: third.Previous, Backward: true})
			if !slices.Equal(ids(back.Invitations), ids(second.Invitations)) || back.Previous == "" || back.Next == "" {
				t.Errorf("back: %+v", back)
			}
			if begin := list(invitation.Query{Oldest: oldest, Cursor: back.Previous, Backward: true}); begin.Previous != "" || !slices.Equal(ids(begin.Invitations), want[:2]) {
				t.Errorf("back at the beginning: %+v", begin)
			}
			if last := list(invitation.Query{Oldest: oldest, Backward: true}); !slices.Equal(ids(last.Invitations), want[3:]) || last.Next != "" || last.Previous == "" {
				t.Errorf("the last page: %+v", last)
			}
		}
	})
}

// An invitation is found by its state to the moment, also when it ran out since
// the night (rule E12), and the home page counts what is open.
func TestInvitationsAreFoundByTheirState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, accepted := w.invite(w.direct, invitation.Asking{}, false)
		_, declined := w.invite(w.direct, invitation.Asking{}, false)
		withdrawn, _ := w.invite(w.direct, invitation.Asking{}, false)
		w.invite(w.direct, invitation.Asking{}, false)
		must(t, invitation.Accept, w.k, w.bakery, w.acceptance(w.bakery, accepted))
		must(t, invitation.Decline, w.k, w.smithy, invitation.Declining{Link: declined})
		must(t, invitation.Withdraw, w.k, agent(w.direct), withdrawn.ID)
		in := func(want map[invitation.State]int64) {
			t.Helper()
			for _, s := range invitation.States() {
				got := must(t, invitation.List, w.k, agent(w.direct), invitation.Query{State: s, Size: 9})
				if got.Total != want[s] || int64(len(got.Invitations)) != want[s] {
					t.Errorf("%s: %d of %d, want %d", s, len(got.Invitations), got.Total, want[s])
				}
				for _, i := range got.Invitations {
					if i.State != s {
						t.Errorf("%s lists one that is %s", s, i.State)
					}
				}
			}
		}
		in(map[invitation.State]int64{invitation.Accepted: 1, invitation.Declined: 1, invitation.Withdrawn: 1, invitation.Open: 1})
		if got := must(t, invitation.Count, w.k, agent(w.direct), struct{}{}); got != (invitation.Tally{Open: 1, Accepted: 1}) {
			t.Errorf("P-1: %+v", got)
		}
		w.k.Clock = clock.Fixed(opening.Add(invitation.Lifetime + time.Hour))
		in(map[invitation.State]int64{invitation.Accepted: 1, invitation.Declined: 1, invitation.Withdrawn: 1, invitation.Expired: 1})
		if got := must(t, invitation.Count, w.k, agent(w.direct), struct{}{}); got != (invitation.Tally{}) {
			t.Errorf("P-1, later: %+v", got)
		}
	})
}
