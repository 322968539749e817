package gdap_test

import (
	"fmt"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/gdap"
)

// F1, RF-29: a partner names a set of roles once and asks with it again; each name
// stands for one, whatever its case, and it asks for nothing that a request may not.
func TestAPartnerNamesItsRoleSets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := gdap.TemplateDraft{
			Name: " Kundtjänst ", Duration: "P1Y", AutoExtend: "P180D",
			Roles: gdap.Set{gdap.HelpdeskAdministrator, gdap.DirectoryReaders, gdap.HelpdeskAdministrator},
		}
		made := do(w, gdap.SaveTemplate, agent(w.direct), in)
		if made.Name != "Kundtjänst" || made.Duration != "P365D" || made.Days() != 365 || !made.Permanent() || len(made.Roles) != 2 {
			t.Errorf("kept is %+v", made)
		}
		if all := do(w, gdap.ListTemplates, agent(w.direct), struct{}{}); len(all) != 1 || all[0].ID != made.ID || !all[0].Roles.Same(in.Roles) {
			t.Errorf("listed is %+v", all)
		}
		for what, c := range map[string]struct {
			change func(*gdap.TemplateDraft)
			want   string
		}{
			"the name again":        {func(*gdap.TemplateDraft) {}, "1003 gdap.template.name_taken"},
			"the name in capitals":  {func(in *gdap.TemplateDraft) { in.Name = "KUNDTJÄNST" }, "1003 gdap.template.name_taken"},
			"no name":               {func(in *gdap.TemplateDraft) { in.Name = " " }, "2000 gdap.name"},
			"a day too many":        {func(in *gdap.TemplateDraft) { in.Duration = "P731D" }, "2000 gdap.duration"},
			"nothing":               {func(in *gdap.TemplateDraft) { in.Roles = nil }, "2000 gdap.no_roles"},
			"everything, for good":  {func(in *gdap.TemplateDraft) { in.Roles = gdap.Set{gdap.GlobalAdministrator} }, "3000 refusal.rf29"},
			"somebody else's":       {func(in *gdap.TemplateDraft) { in.Template = "nobody's" }, "1000 refusal.not_found"},
			"what somebody changed": {func(in *gdap.TemplateDraft) { in.Template, in.Version = made.ID, 9 }, "2055 refusal.rf18"},
		} {
			again := in
			c.change(&again)
			if got := refused(w, gdap.SaveTemplate, agent(w.direct), again); got != c.want {
				t.Errorf("%s is %q, want %q", what, got, c.want)
			}
		}
		in.Template, in.Version, in.Name, in.AutoExtend = made.ID, made.Version, "Support", ""
		changed := do(w, gdap.SaveTemplate, agent(w.direct), in)
		if changed.Version != 2 || changed.Permanent() || do(w, gdap.GetTemplate, agent(w.direct), made.ID).Name != "Support" {
			t.Errorf("changed is %+v", changed)
		}
		// What one partner names is nothing to another.
		if all := do(w, gdap.ListTemplates, agent(w.provider), struct{}{}); len(all) != 0 {
			t.Errorf("another partner sees %+v", all)
		}
		if got := refused(w, gdap.GetTemplate, agent(w.provider), made.ID); got != "1000 refusal.not_found" {
			t.Errorf("another partner's question is %q", got)
		}
		if got := refused(w, gdap.DeleteTemplate, agent(w.direct), gdap.TemplateRef{Template: made.ID, Version: 1}); got != "2055 refusal.rf18" {
			t.Errorf("a late deletion is %q", got)
		}
		do(w, gdap.DeleteTemplate, agent(w.direct), gdap.TemplateRef{Template: made.ID})
		in.Template, in.Version = "", 0
		for i := range 100 {
			in.Name = fmt.Sprint("Mall ", i)
			do(w, gdap.SaveTemplate, agent(w.direct), in)
		}
		in.Name = "Mall 101"
		if got := refused(w, gdap.SaveTemplate, agent(w.direct), in); got != "2000 gdap.template.too_many" {
			t.Errorf("one too many is %q", got)
		}
	})
}
