package op

import (
	"context"
	"runtime/debug"
)

// Installation is what runs, and on what (portal V-1).
type Installation struct {
	Version string // of the program
	Engine  string // of the database: "sqlite" or "postgres"
	Schema  int64  // the newest migration that the database has
	Bytes   int64  // that the database takes
}

// Inspect returns what runs and how large its database is.
var Inspect = Define(Spec{Name: "installation.view", Action: "setting.view"},
	func(ctx context.Context, u *Unit, _ struct{}) (Installation, error) {
		d := u.kernel.DB
		i := Installation{Version: "devel", Engine: string(d.Engine())}
		if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
			i.Version = info.Main.Version
		}
		var err error
		if i.Schema, err = d.Version(ctx); err != nil {
			return Installation{}, err
		}
		i.Bytes, err = d.Size(ctx)
		return i, err
	})
