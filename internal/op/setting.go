package op

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Setting is something that the operator may decide for the installation
// (rules.md, section o).
type Setting struct {
	Name    string
	Default string
	Values  []string // the possible values; nil means any text
	Rule    string   // where it comes from: "C22"
	Mark    string   // the source of the default (rules.md 0): "S", "D", "D+" or "O"
	// Effect is the catalogue key of the sentence that says what it does.
	Effect string
	// Opens are cells of the matrix that are allowed while the value is not the
	// default one. What the operator decided about such a cell itself goes before.
	Opens []policy.Change
	// Waits says that what reads it is not part of this version: it is shown, so
	// that nobody looks for it, and cannot be changed.
	Waits bool
	// Check refuses a text that makes no sense; nil accepts any.
	Check func(value string) error
}

var settings []*Setting

// DefineSetting declares a setting. It is for package-level variables only.
func DefineSetting(s Setting) *Setting {
	if len(s.Values) > 0 && !slices.Contains(s.Values, s.Default) {
		panic("op: the default of " + s.Name + " is not one of its values")
	}
	if s.Check != nil && s.Check(s.Default) != nil {
		panic("op: the default of " + s.Name + " does not pass its check")
	}
	settings = append(settings, &s)
	return &s
}

// Settings returns all settings of the program, sorted by name.
func Settings() []*Setting {
	all := slices.Clone(settings)
	slices.SortFunc(all, func(a, b *Setting) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// settingAge is how long another node's change may go unnoticed.
const settingAge = 2 * time.Second

type settingCache struct {
	values atomic.Pointer[map[string]string]
	loaded atomic.Pointer[clock.Stopwatch] // runs since values were read
	// derived holds what was made of values, by derivedKey.
	derived sync.Map
}

var readSettings = db.Scan(`SELECT name, value FROM settings`, "a few rows, kept in memory")

func (k *Kernel) reloadSettings(ctx context.Context) error {
	values := make(map[string]string)
	err := k.DB.Read(ctx, func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, readSettings)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				return err
			}
			values[name] = value
		}
		return rows.Err()
	})
	if err != nil {
		return err
	}
	watch := clock.Start()
	k.settings.loaded.Store(&watch)
	if before := k.settings.values.Load(); before == nil || !maps.Equal(*before, values) {
		k.settings.values.Store(&values)
		k.override(values)
	}
	k.followClock(values)
	return nil
}

// Setting returns the value of s in this installation.
func (k *Kernel) Setting(s *Setting) string {
	if values := k.settings.values.Load(); values != nil {
		if v, ok := (*values)[s.Name]; ok {
			return v
		}
	}
	return s.Default
}

// Refresh reads the settings again when they are older than another node's
// change may go unnoticed. The server calls it in the background.
func (k *Kernel) Refresh(ctx context.Context) error {
	if watch := k.settings.loaded.Load(); watch != nil && watch.Elapsed() < settingAge {
		return nil
	}
	return k.reloadSettings(ctx)
}

var (
	putSetting = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3)
	ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`)
	dropSetting = db.SQL(`DELETE FROM settings WHERE name = $1`)
)

// SettingValue is a setting as it stands in this installation.
type SettingValue struct {
	*Setting
	Value     string
	ChangedAt time.Time // zero when it has never been changed
}

// ListSettings returns all settings with their values, sorted by name (V-12).
var ListSettings = Define(Spec{Name: "setting.list", Action: "setting.view"},
	func(ctx context.Context, u *Unit, _ struct{}) ([]SettingValue, error) {
		all := make([]SettingValue, 0, len(settings))
		at := make(map[string]int, len(settings))
		for _, s := range Settings() {
			at[s.Name] = len(all)
			all = append(all, SettingValue{Setting: s, Value: s.Default})
		}
		rows, err := u.Query(ctx, datedSettings)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var name, value string
			var changed int64
			if err := rows.Scan(&name, &value, &changed); err != nil {
				return nil, err
			}
			if i, ok := at[name]; ok {
				all[i].Value, all[i].ChangedAt = value, db.Time(changed)
			}
		}
		return all, rows.Err()
	})

var datedSettings = db.Scan(`SELECT name, value, changed_at FROM settings`, "a few rows, for the operator")

// SetSetting is the input of UpdateSetting.
type SetSetting struct{ Name, Value string }

// updateSetting changes a setting of the installation and records it.
var updateSetting = Define(Spec{Action: "setting.update", Write: true},
	func(ctx context.Context, u *Unit, in SetSetting) (struct{}, error) {
		i := slices.IndexFunc(settings, func(s *Setting) bool { return s.Name == in.Name })
		if i < 0 {
			return struct{}{}, refusal.NotFound.On("name")
		}
		s := settings[i]
		if s.Waits {
			return struct{}{}, ErrSettingWaits.On("name")
		}
		if len(s.Values) > 0 && !slices.Contains(s.Values, in.Value) {
			return struct{}{}, ErrSettingValue.On("value").With("Values", strings.Join(s.Values, ", "))
		}
		if s.Check != nil {
			if err := s.Check(in.Value); err != nil {
				return struct{}{}, ErrSettingValue.On("value").Because(err)
			}
		}
		if in.Value == u.Setting(s) {
			return struct{}{}, nil
		}
		if _, err := u.Exec(ctx, putSetting, s.Name, in.Value, db.Micros(u.Now)); err != nil {
			return struct{}{}, err
		}
		u.Changed(settingFact + s.Name)
		return struct{}{}, u.Record(ctx, Record{
			Operation: "update_setting", Resource: "setting",
			Old: u.Setting(s), New: in.Value, Data: map[string]string{"name": s.Name},
		})
	})

var (
	// ErrSettingValue refuses a value that a setting cannot have; argument Values.
	ErrSettingValue = fault.New(fault.Invalid, "2000", "setting.value")
	// ErrSettingWaits refuses to change what nothing reads yet.
	ErrSettingWaits = fault.New(fault.Conflict, "2000", "setting.waits")
)

// UpdateSetting changes a setting of the installation: at once on this node,
// within settingAge on others.
func (k *Kernel) UpdateSetting(ctx context.Context, a Actor, in SetSetting) error {
	if _, err := updateSetting.Do(ctx, k, a, in); err != nil {
		return fmt.Errorf("setting %s: %w", in.Name, err)
	}
	return k.reloadSettings(ctx)
}
