package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const oneSetting = visit.SettingsPath + "/{id}"

func settingPages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.SettingsPath: settings,
		"GET " + oneSetting:         askSetting,
		"POST " + oneSetting:        changeSetting,
	}
}

// settingList is the page of all settings (V-12).
type settingList struct {
	*visit.Visit
	view    block.View
	all     []op.SettingValue
	log     changes
	changes bool // the reader may change them
}

// byState filters the list; its one value is those that differ from the default.
const byState = "state"

func settings(v *visit.Visit) error {
	l := &settingList{Visit: v, view: block.ParseView(v.Request.URL.Query(), byState), changes: v.May("setting.update", true)}
	var err error
	if l.all, err = visit.Do(v, op.ListSettings, struct{}{}); err != nil {
		return err
	}
	if v.Wants("settings") {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	l.log, err = readChanges(v, activity.SettingResource, visit.SettingsPath, func(r activity.Record) string { return r.Data["name"] })
	if err != nil {
		return err
	}
	f := v.Frame(v.T("console.settings.title"), visit.Settings)
	f.Subtitle = v.T("console.settings.subtitle")
	f.Help = block.Help{Title: v.T("console.settings.title"), Text: []string{v.T("console.settings.help")}, Roles: v.RolesFor("setting.update", true)}
	return v.Show(settingsPage(l, f))
}

// matches reports whether the list shows s.
func (l *settingList) matches(s op.SettingValue) bool {
	if l.view.Filters.Get(byState) == "changed" && s.Value == s.Default {
		return false
	}
	words := strings.ToLower(s.Name + " " + l.T(s.Effect) + " " + s.Rule)
	return strings.Contains(words, strings.ToLower(l.view.Search))
}

func (l *settingList) table() block.Table {
	t := block.Table{
		ID: "settings", Caption: l.T("console.settings.title"), Base: visit.SettingsPath, View: l.view, Search: l.T("console.settings.search"),
		Filters: []block.Filter{{Key: byState, Label: l.T("console.settings.filter"), Options: []block.Option{{Value: "changed", Label: l.T("console.settings.changed")}}}},
		Columns: []block.Column{
			{Key: "name", Title: l.T("console.settings.name"), Fixed: true},
			{Key: "value", Title: l.T("console.settings.value")},
			{Key: "default", Title: l.T("console.settings.default")},
			{Key: "source", Title: l.T("console.settings.source")},
			{Key: "since", Title: l.T("console.settings.since"), Nowrap: true},
		},
	}
	for _, s := range l.all {
		if l.matches(s) {
			t.Rows = append(t.Rows, l.row(s))
		}
	}
	t.Total = int64(len(t.Rows))
	return t
}

func (l *settingList) row(s op.SettingValue) block.Row {
	name := block.Cell{Text: s.Name, Sub: l.T(s.Effect)}
	if l.changes && !s.Waits {
		name.Href = settingPath(s.Name)
	}
	value := block.Cell{Text: settingWord(l.Visit, s.Setting, s.Value)}
	switch {
	case s.Waits:
		value.Badge = block.Badge{Tone: block.Neutral, Text: l.T("console.settings.waits"), Icon: icon.Clock}
	case s.Value != s.Default:
		value.Badge = block.Badge{Tone: block.Important, Text: value.Text, Icon: icon.Edit}
	}
	row := block.Row{ID: s.Name, Name: s.Name, Cells: []block.Cell{
		name, value, {Text: settingWord(l.Visit, s.Setting, s.Default)}, {Text: s.Rule, Sub: sourceWord(l.Visit, s.Mark)}, {},
	}}
	if !s.ChangedAt.IsZero() {
		row.Cells[4].Text = l.DateTime(s.ChangedAt)
	}
	return row
}

func settingPath(name string) string { return visit.SettingsPath + "/" + name }

// settingWord returns a value as people read it: on and off, and "none" for
// nothing.
func settingWord(v *visit.Visit, s *op.Setting, value string) string {
	switch {
	case value == "":
		return v.T("common.not_set")
	case slices.Contains(s.Values, "true") && value == "true":
		return v.T("common.on")
	case slices.Contains(s.Values, "true") && value == "false":
		return v.T("common.off")
	}
	return value
}

// sourceWord says where a default comes from (rules.md 0).
func sourceWord(v *visit.Visit, mark string) string {
	switch mark {
	case "S":
		return v.T("console.source.seed")
	case "D", "D+":
		return v.T("console.source.documented")
	}
	return v.T("console.source.own")
}

// readable is an old or new value of the log: a text without its quotes, anything
// else as it was kept.
func readable(v *visit.Visit, kept string) string {
	var text string
	switch err := json.Unmarshal([]byte(kept), &text); {
	case kept == "" || err == nil && text == "":
		return v.T("common.not_set")
	case err != nil:
		return kept
	}
	return text
}

// settingForm is the dialog that changes a setting.
type settingForm struct {
	*visit.Visit
	setting op.SettingValue
	value   string // as chosen
	said    visit.Verdicts
}

func openSetting(v *visit.Visit) (*settingForm, error) {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return nil, err
	}
	all, err := visit.Do(v, op.ListSettings, struct{}{})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(s op.SettingValue) bool { return s.Name == v.Request.PathValue("id") })
	if i < 0 {
		return nil, refusal.NotFound
	}
	return &settingForm{Visit: v, setting: all[i], value: all[i].Value}, nil
}

func askSetting(v *visit.Visit) error {
	s, err := openSetting(v)
	if err != nil {
		return err
	}
	return v.Show(settingDialog(s, s.frame()))
}

func changeSetting(v *visit.Visit) error {
	s, err := openSetting(v)
	if err != nil {
		return err
	}
	s.value = strings.TrimSpace(v.Form("value"))
	err = v.Kernel().UpdateSetting(v.Context(), v.Actor, op.SetSetting{Name: s.setting.Name, Value: s.value})
	switch {
	case err == nil:
		v.Toast(v.T("console.settings.saved", "Name", s.setting.Name))
		return v.Redirect(visit.SettingsPath)
	case errors.Is(err, op.ErrSettingValue):
		s.said.Refuse("value", v.T("console.settings.impossible", "Name", s.setting.Name))
		return v.ShowAs(http.StatusBadRequest, settingDialog(s, s.frame()))
	case fault.KindOf(err) == fault.Conflict:
		f := s.frame()
		f.Messages = append(f.Messages, v.Blocked(err))
		return v.ShowAs(http.StatusConflict, settingDialog(s, f))
	}
	return err
}

func (s *settingForm) frame() block.Frame {
	f := s.Frame(s.setting.Name, visit.Settings)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: s.T("console.settings.title"), Href: visit.SettingsPath})
	return f
}

// field is the question of the dialog: a choice where the values are few, else a
// text with the default as its hint.
func (s *settingForm) field() block.Field {
	f := block.Field{
		Name: "value", Label: s.T("console.settings.value"), Value: s.value,
		Hint: s.T("console.settings.default_is", "Value", settingWord(s.Visit, s.setting.Setting, s.setting.Default)), Max: 1000,
	}
	for _, value := range s.setting.Values {
		f.Options = append(f.Options, block.Option{Value: value, Label: settingWord(s.Visit, s.setting.Setting, value)})
	}
	return s.said.Mark(f)
}
