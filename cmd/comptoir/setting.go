package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"comptoir/internal/app"
	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/op"
)

type settingCommand struct {
	List settingList `cmd:"" help:"Print all settings with their values."`
	Set  settingSet  `cmd:"" help:"Change a setting; a running server follows within seconds."`
}

type settingList struct{}

// settingLine is what --json prints of a setting.
type settingLine struct {
	Name    string   `json:"name"`
	Value   string   `json:"value"`
	Default string   `json:"default"`
	Values  []string `json:"values,omitempty"`
	Rule    string   `json:"rule"`
	Effect  string   `json:"effect"`
	Waits   bool     `json:"notInThisVersion,omitempty"`
}

// Run prints a line for each setting.
func (settingList) Run(ctx context.Context, c *commands, o output) error {
	return with(ctx, c, func(a *app.App) error {
		all, err := op.ListSettings.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), struct{}{})
		if err != nil {
			return err
		}
		p := lang.For("en")
		lines, text := make([]settingLine, len(all)), make([]string, len(all))
		for i, s := range all {
			lines[i] = settingLine{s.Name, s.Value, s.Default, s.Values, s.Rule, p.T(s.Effect), s.Waits}
			text[i] = s.Name + " = " + s.Value
		}
		return o.print(c, lines, strings.Join(text, "\n"))
	})
}

type settingSet struct {
	Name  string `arg:"" help:"Name of the setting, such as verification.autoApprove."`
	Value string `arg:"" help:"New value."`
}

// Run changes the setting. The change stands in the operator's log.
func (s *settingSet) Run(ctx context.Context, c *commands, o output) error {
	known := slices.ContainsFunc(op.Settings(), func(known *op.Setting) bool { return known.Name == s.Name })
	if !known {
		return usageError{fmt.Errorf("%s is not a setting; comptoir setting list names them", s.Name)}
	}
	return with(ctx, c, func(a *app.App) error {
		actor := op.System("", 0, op.ViaCLI)
		err := a.Kernel.DB.Read(ctx, func(ctx context.Context, t *db.Tx) error {
			operator, _, err := identity.Operator(ctx, t)
			actor.Tenant = operator.ID
			return err
		})
		if err != nil {
			return err
		}
		if err := a.Kernel.UpdateSetting(ctx, actor, op.SetSetting{Name: s.Name, Value: s.Value}); err != nil {
			return err
		}
		return o.print(c, map[string]string{"name": s.Name, "value": s.Value}, s.Name+" = "+s.Value)
	})
}
