package op

import (
	"context"
	"maps"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/policy"
)

// changePrefix starts the names of settings that change a cell of the matrix:
// "policy:customer.add:sales-agent" = "refused".
const changePrefix = "policy:"

// override has the matrix of this process be the one that values say.
func (k *Kernel) override(values map[string]string) {
	var changes []policy.Change
	for _, s := range Settings() {
		if value, ok := values[s.Name]; ok && value != s.Default {
			changes = append(changes, s.Opens...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		c, ok := parseChange(name, values[name])
		if ok {
			changes = append(changes, c)
		} else if strings.HasPrefix(name, changePrefix) {
			k.Log.Warn("a change to the role matrix was ignored", "setting", name, "value", values[name])
		}
	}
	for _, c := range k.Policy.Apply(changes) {
		k.Log.Warn("a change to the role matrix was ignored", "action", c.Action, "role", c.Role.Names(), "grant", c.Grant.String())
	}
}

// parseChange reads a setting that changes a cell of the matrix.
func parseChange(name, value string) (c policy.Change, ok bool) {
	cell, found := strings.CutPrefix(name, changePrefix)
	action, roleName, named := strings.Cut(cell, ":")
	role, known := policy.ParseRole(roleName)
	grant, valid := policy.ParseGrant(value)
	return policy.Change{Action: policy.Action(action), Role: role, Grant: grant}, found && named && known && valid
}

func changeName(c policy.Change) string {
	return changePrefix + string(c.Action) + ":" + c.Role.Names()[0]
}

// Matrix returns the operator's changes to the matrix, sorted by action and role
// (V-11). The settings that open cells are not among them.
var Matrix = Define(Spec{Name: "setting.matrix", Action: "setting.view"},
	func(ctx context.Context, u *Unit, _ struct{}) ([]policy.Change, error) {
		rows, err := u.Query(ctx, readSettings)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var all []policy.Change
		for rows.Next() {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				return nil, err
			}
			if c, ok := parseChange(name, value); ok {
				all = append(all, c)
			}
		}
		slices.SortFunc(all, policy.Change.Compare)
		return all, rows.Err()
	})

// MatrixChange is the input of UpdateMatrix: cells with what they are to be. One
// that is what the specification says is no change any more. With Whole, all
// changes that are not named are taken back.
type MatrixChange struct {
	Cells []policy.Change
	Whole bool
}

// updateMatrix stores what the operator decided about cells of the matrix, and
// records each decision. It refuses cells that are fixed and changes nothing then.
var updateMatrix = Define(Spec{Name: "setting.matrix.update", Action: "setting.update", Write: true},
	func(ctx context.Context, u *Unit, in MatrixChange) (int, error) {
		before := map[string]string{}
		if err := u.storedChanges(ctx, before); err != nil {
			return 0, err
		}
		after := maps.Clone(before)
		if in.Whole {
			clear(after)
		}
		for _, c := range in.Cells {
			if err := c.Check(); err != nil {
				return 0, err
			}
			after[changeName(c)] = c.Grant.String()
			if c.IsDefault() {
				delete(after, changeName(c))
			}
		}
		return u.storeChanges(ctx, before, after)
	})

func (u *Unit) storedChanges(ctx context.Context, into map[string]string) error {
	rows, err := u.Query(ctx, readSettings)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return err
		}
		if strings.HasPrefix(name, changePrefix) {
			into[name] = value
		}
	}
	return rows.Err()
}

// storeChanges writes the cells that differ and returns how many did.
func (u *Unit) storeChanges(ctx context.Context, before, after map[string]string) (int, error) {
	names := maps.Clone(before)
	maps.Copy(names, after)
	changed := 0
	for _, name := range slices.Sorted(maps.Keys(names)) {
		was, is := before[name], after[name]
		if was == is {
			continue
		}
		var err error
		if is == "" {
			_, err = u.Exec(ctx, dropSetting, name)
		} else {
			_, err = u.Exec(ctx, putSetting, name, is, db.Micros(u.Now))
		}
		if err != nil {
			return 0, err
		}
		changed++
		err = u.Record(ctx, Record{
			Operation: "update_role_matrix", Resource: "role_matrix", Old: orDefault(was), New: orDefault(is),
			Data: map[string]string{"cell": strings.TrimPrefix(name, changePrefix)},
		})
		if err != nil {
			return 0, err
		}
	}
	return changed, nil
}

// orDefault says in the log that a cell is as the specification has it.
func orDefault(grant string) string {
	if grant == "" {
		return "default"
	}
	return grant
}

// UpdateMatrix changes who may do what in this installation, at once on this
// node and within settingAge on others, and returns how many cells changed. It
// refuses cells that are fixed (policy.ErrFixed).
func (k *Kernel) UpdateMatrix(ctx context.Context, a Actor, in MatrixChange) (int, error) {
	changed, err := updateMatrix.Do(ctx, k, a, in)
	if err != nil {
		return 0, err
	}
	return changed, k.reloadSettings(ctx)
}
