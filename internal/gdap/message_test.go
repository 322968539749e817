package gdap_test

import (
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
)

func TestTheMessageToTheCustomerKeepsItsLink(t *testing.T) { // E2, F2, F4, RF-22
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := do(w, gdap.Create, agent(w.direct), w.wish())
		in := gdap.Message{Relationship: r.ID, Link: "https://c.example/gdap/" + r.ID, Text: "Open https://c.example/gdap/" + r.ID + "."}
		if got := refused(w, gdap.CheckMessage, agent(w.direct), in); !strings.HasSuffix(got, "refusal.not_found") {
			t.Errorf("of a draft: %q", got)
		}
		do(w, gdap.LockForApproval, agent(w.direct), gdap.Ref{Relationship: r.ID})
		if got := refused(w, gdap.CheckMessage, agent(w.direct), in); got != "" {
			t.Errorf("with its link: %q", got)
		}
		for name, text := range map[string]string{"no link": "Open", "another link": in.Text[:len(in.Text)-2] + "…", "a longer link": in.Link + "0"} {
			changed := in
			changed.Text = text
			if got := refused(w, gdap.CheckMessage, agent(w.direct), changed); got != "3000 refusal.rf22" {
				t.Errorf("%s: %q", name, got)
			}
		}
		if got := refused(w, gdap.CheckMessage, agent(w.reseller), in); !strings.HasSuffix(got, "refusal.not_found") {
			t.Errorf("of another partner: %q", got)
		}
	})
}
