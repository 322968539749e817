package op

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"comptoir/internal/db"
)

// Book is what the operator wrote down for the installation beside the settings
// that have a name of their own: entries under a prefix, such as "name:CN09".
type Book struct{ cache *settingCache }

// Book returns the entries of the installation.
func (k *Kernel) Book() Book { return Book{&k.settings} }

// Book returns the entries of the installation.
func (u *Unit) Book() Book { return u.kernel.Book() }

// none are the entries of an installation where nothing was written down.
var none = map[string]string{}

func (b Book) values() *map[string]string {
	if values := b.cache.values.Load(); values != nil {
		return values
	}
	return &none
}

// derivedKey tells apart what is made of entries under one prefix.
type derivedKey struct {
	prefix string
	kind   reflect.Type
}

// derived is what was made of some values.
type derived struct {
	from *map[string]string
	made any
}

// Derived returns what build makes of the entries whose names begin with prefix,
// which it gets without it. It is kept until an entry or a setting changes.
func Derived[T any](b Book, prefix string, build func(entries map[string]string) T) T {
	from, key := b.values(), derivedKey{prefix, reflect.TypeFor[T]()}
	if kept, ok := b.cache.derived.Load(key); ok {
		if d, ok := kept.(derived); ok && d.from == from {
			if made, ok := d.made.(T); ok {
				return made
			}
		}
	}
	entries := map[string]string{}
	for name, value := range *from {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			entries[rest] = value
		}
	}
	made := build(entries)
	b.cache.derived.Store(key, derived{from, made})
	return made
}

// Enter writes an entry down, or strikes it out when value is empty. It holds
// when the operation is done: at once on this node, within settingAge on others.
func (u *Unit) Enter(ctx context.Context, name, value string) error {
	u.Changed(settingFact + name)
	if value == "" {
		_, err := u.Exec(ctx, dropSetting, name)
		return err
	}
	_, err := u.Exec(ctx, putSetting, name, value, db.Micros(u.Now))
	return err
}

// settingFact begins the facts that make a kernel read its settings again.
const settingFact = "setting:"

// follow reads the settings again when a committed unit changed one.
func (k *Kernel) follow(ctx context.Context, changed []string) {
	if !slices.ContainsFunc(changed, func(fact string) bool { return strings.HasPrefix(fact, settingFact) }) {
		return
	}
	if err := k.reloadSettings(ctx); err != nil {
		k.Log.WarnContext(ctx, "what was changed takes effect a little later", "error", err)
	}
}
