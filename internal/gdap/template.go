package gdap

import (
	"context"
	"time"
	"unicode/utf8"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Template is a set of roles that a partner has given a name, with the duration and
// the auto extension it asks for, so that it asks every customer for the same.
type Template struct {
	ID                   string
	Name                 string
	Roles                Set
	Duration, AutoExtend string // in ISO 8601, as of New
	Version              int64
	CreatedAt, ChangedAt time.Time
}

// Days returns how many days the roles last. What is stored was checked.
func (t Template) Days() int { return Relationship{Duration: t.Duration}.Days() }

// Permanent reports whether the roles go on beyond their end by themselves.
func (t Template) Permanent() bool { return t.AutoExtend == Extension }

// maxTemplates is how many templates a partner may have: few enough to choose from.
const maxTemplates = 100

// Refusals of templates.
var (
	// ErrTemplateName refuses a second template of one name; argument Name.
	ErrTemplateName = fault.New(fault.Conflict, "1003", "gdap.template.name_taken")
	// ErrTemplates refuses one more than a partner may have; argument Max.
	ErrTemplates = fault.New(fault.Conflict, "2000", "gdap.template.too_many")
)

const templateColumns = `id, name, roles, duration, auto_extend, version, created_at, changed_at`

var (
	templatesOf    = db.SQL(`SELECT ` + templateColumns + ` FROM gdap_templates WHERE partner_id = $1 ORDER BY partner_id, name_key`)
	templateByID   = db.SQL(`SELECT ` + templateColumns + ` FROM gdap_templates WHERE partner_id = $1 AND id = $2`)
	insertTemplate = db.SQL(`INSERT INTO gdap_templates (partner_id, id, name, name_key, roles, duration, auto_extend, version, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)`)
	updateTemplate = db.SQL(`UPDATE gdap_templates SET name = $4, name_key = $5, roles = $6, duration = $7, auto_extend = $8, version = version + 1,
		changed_at = $9 WHERE partner_id = $1 AND id = $2 AND version = $3`)
	deleteTemplate = db.SQL(`DELETE FROM gdap_templates WHERE partner_id = $1 AND id = $2 AND version = $3`)
)

func scanTemplate(row db.Row) (Template, error) {
	var t Template
	var roles string
	var created, changed int64
	err := row.Scan(&t.ID, &t.Name, &roles, &t.Duration, &t.AutoExtend, &t.Version, &created, &changed)
	if err != nil {
		return t, err
	}
	t.CreatedAt, t.ChangedAt = db.Time(created), db.Time(changed)
	t.Roles, err = parseSet(roles)
	return t, err
}

// ListTemplates returns the role templates of the actor's organisation, by name.
var ListTemplates = op.Define(op.Spec{Name: "gdap.template.list", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Template, error) {
		return db.All(ctx, u.Tx, templatesOf, []any{u.Actor.Tenant}, scanTemplate)
	})

// GetTemplate returns one of them by its id, or refusal.NotFound.
var GetTemplate = op.Define(op.Spec{Name: "gdap.template.get", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, template string) (Template, error) {
		return findTemplate(ctx, u, template, 0)
	})

// findTemplate returns a template of the actor's organisation, or refusal.NotFound.
// A version other than 0 has to be the present one, else it is refusal.RF18.
func findTemplate(ctx context.Context, u *op.Unit, template string, version int64) (Template, error) {
	found, err := db.All(ctx, u.Tx, templateByID, []any{u.Actor.Tenant, template}, scanTemplate)
	switch {
	case err != nil:
		return Template{}, err
	case len(found) == 0:
		return Template{}, refusal.NotFound
	case version != 0 && version != found[0].Version:
		return Template{}, refusal.RF18
	}
	return found[0], nil
}

// TemplateDraft is the input of SaveTemplate.
type TemplateDraft struct {
	Template string // its id, "" for a new one
	Version  int64  // that the caller has seen; 0 is any
	Name     string
	Roles    Set
	// Duration and AutoExtend are in ISO 8601; "" switches auto extension off.
	Duration, AutoExtend string
}

// SaveTemplate adds a role template, or changes one; what was asked for with it
// before stays as it is. It refuses, all at once, as Create does, and with
// ErrTemplateName and ErrTemplates.
var SaveTemplate = op.Define(op.Spec{Name: "gdap.template.save", Action: "gdap.request", Write: true},
	func(ctx context.Context, u *op.Unit, in TemplateDraft) (Template, error) {
		t := Template{Version: 1, CreatedAt: u.Now}
		if in.Template != "" {
			var err error
			if t, err = findTemplate(ctx, u, in.Template, in.Version); err != nil {
				return t, err
			}
		}
		old := t.logged()
		if err := t.take(in); err != nil {
			return t, err
		}
		t.ChangedAt = u.Now
		if in.Template == "" {
			return t.insert(ctx, u)
		}
		n, err := u.Exec(ctx, updateTemplate, u.Actor.Tenant, t.ID, t.Version, t.Name, naming.Key(t.Name), t.Roles.text(), t.Duration, t.AutoExtend, db.Micros(u.Now))
		if err != nil {
			return t, t.nameTaken(err)
		}
		if n == 0 {
			return t, refusal.RF18
		}
		t.Version++
		return t, t.record(ctx, u, "update_gdap_role_template", old)
	})

// take puts in into t and refuses what cannot be asked for.
func (t *Template) take(in TemplateDraft) error {
	var faults fault.List
	t.Name = naming.Trim(in.Name)
	if n := utf8.RuneCountInString(t.Name); n == 0 || n > nameMax || !naming.Printable(t.Name) {
		faults.Add(ErrName.On("displayName").With("Max", nameMax))
	}
	days, refused := ParseDuration(in.Duration)
	faults.Add(refused)
	t.Duration = formatDays(days)
	t.Roles, refused = requestable(in.Roles)
	faults.Add(refused)
	t.AutoExtend, refused = parseAutoExtend(in.AutoExtend)
	faults.Add(refused)
	faults.Add(Relationship{AutoExtend: t.AutoExtend, Roles: t.Roles}.checkExtension())
	return faults.Err()
}

func (t Template) insert(ctx context.Context, u *op.Unit) (Template, error) {
	all, err := db.All(ctx, u.Tx, templatesOf, []any{u.Actor.Tenant}, scanTemplate)
	if err != nil {
		return t, err
	}
	if len(all) >= maxTemplates {
		return t, ErrTemplates.With("Max", maxTemplates)
	}
	t.ID = u.NewID()
	_, err = u.Exec(ctx, insertTemplate, u.Actor.Tenant, t.ID, t.Name, naming.Key(t.Name), t.Roles.text(), t.Duration, t.AutoExtend, db.Micros(u.Now))
	if err != nil {
		return t, t.nameTaken(err)
	}
	return t, t.record(ctx, u, "create_gdap_role_template", nil)
}

func (t Template) nameTaken(err error) error {
	if db.IsUnique(err) {
		return ErrTemplateName.On("displayName").With("Name", t.Name).Because(err)
	}
	return err
}

// TemplateRef names a template and the version of it that the caller has seen; 0 is
// any.
type TemplateRef struct {
	Template string
	Version  int64
}

// DeleteTemplate removes a role template; what was asked for with it stays.
var DeleteTemplate = op.Define(op.Spec{Name: "gdap.template.delete", Action: "gdap.request", Write: true},
	func(ctx context.Context, u *op.Unit, in TemplateRef) (struct{}, error) {
		t, err := findTemplate(ctx, u, in.Template, in.Version)
		if err != nil {
			return struct{}{}, err
		}
		n, err := u.Exec(ctx, deleteTemplate, u.Actor.Tenant, t.ID, t.Version)
		if err != nil {
			return struct{}{}, err
		}
		if n == 0 {
			return struct{}{}, refusal.RF18
		}
		return struct{}{}, t.record(ctx, u, "delete_gdap_role_template", t.logged())
	})

// logged is how the log keeps t.
func (t Template) logged() map[string]any {
	return map[string]any{
		"Id": t.ID, "DisplayName": t.Name, "Duration": t.Duration, "AutoExtendDuration": t.AutoExtend, "AccessDetails": t.Roles.logged(),
	}
}

func (t Template) record(ctx context.Context, u *op.Unit, operation string, old any) error {
	line := op.Record{Operation: operation, Resource: "gdap_role_template", Old: old, New: t.logged(), Data: map[string]string{"TemplateName": t.Name}}
	if operation == "delete_gdap_role_template" {
		line.New = nil
	}
	return u.Record(ctx, line)
}
