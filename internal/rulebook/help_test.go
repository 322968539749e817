package rulebook_test

import (
	"errors"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// The operator puts links into help panels, named in every language (V-10).
func TestHelpLinksAreTheOperators(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := kernel(d)
		training := rulebook.HelpLink{Address: "https://learn.example/start", En: "Training", Fr: "Formation", Sv: "Utbildning"}
		rules := rulebook.HelpLink{Address: "/my-access", En: "Roles", Fr: "Rôles", Sv: "Roller"}
		set := func(page string, links ...rulebook.HelpLink) error {
			_, err := rulebook.UpdateHelp.Do(t.Context(), k, chief, rulebook.PageHelp{Page: page, Links: links})
			return err
		}
		if err := errors.Join(set(rulebook.EveryPage, training), set("/customers", rulebook.HelpLink{}, rules)); err != nil {
			t.Fatal(err)
		}
		if got := rulebook.Help(k.Book(), "/customers"); len(got) != 2 || got[0] != rules || got[1].Name("sv") != "Utbildning" || !got[1].Outside() || got[0].Outside() {
			t.Errorf("customers: %+v", got)
		}
		if got := rulebook.Help(k.Book(), "/jobs"); len(got) != 1 || got[0].Name("fr") != "Formation" || got[0].Name("de") != "Training" {
			t.Errorf("jobs: %+v", got)
		}
		all, err := rulebook.ListHelp.Do(t.Context(), k, chief, struct{}{})
		if err != nil || len(all) != 2 {
			t.Errorf("listed %+v: %v", all, err)
		}
		if err := set("/customers"); err != nil || len(rulebook.Help(k.Book(), "/customers")) != 1 {
			t.Errorf("taken away: %v", err)
		}
		for _, address := range []string{"", "learn", "javascript:alert(1)", "//evil.example", `/\evil.example`, "https://", "https://a@evil.example/", "data:text/html,x", "ftp://x.example"} {
			link := training
			link.Address = address
			if err := set("/jobs", link); !errors.Is(err, rulebook.ErrHelpAddress) || codesOf(err) != "links[0].address" {
				t.Errorf("%q: %v", address, err)
			}
		}
		nameless := training
		nameless.Fr = ""
		if err := set("/jobs", training, nameless); !errors.Is(err, rulebook.ErrHelpName) || codesOf(err) != "links[1].fr" {
			t.Errorf("without a French name: %v", err)
		}
		if err := set("/jobs", training, rules, training, rules, training, rules); !errors.Is(err, rulebook.ErrHelpMany) {
			t.Errorf("too many: %v", err)
		}
		support := chief
		support.Roles = policy.OperatorSupport
		if _, err := rulebook.UpdateHelp.Do(t.Context(), k, support, rulebook.PageHelp{Page: "/jobs"}); !errors.Is(err, refusal.RF10) {
			t.Errorf("RF-10: %v", err)
		}
	})
}

// codesOf names the fields of refusals.
func codesOf(err error) string {
	text := ""
	for _, f := range fault.All(err) {
		text += f.Field
	}
	return text
}
