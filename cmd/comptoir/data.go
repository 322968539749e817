package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"comptoir/internal/activity"
	"comptoir/internal/app"
	"comptoir/internal/archive"
	"comptoir/internal/db"
	"comptoir/internal/op"
)

// onDatabase opens the database alone, without the installation around it.
func onDatabase(ctx context.Context, c *commands, f func(d *db.DB) error) (err error) {
	d, err := db.Open(ctx, c.DB, db.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return f(d)
}

type exportCommand struct{}

// Run writes everything as JSON lines to standard output.
func (exportCommand) Run(ctx context.Context, c *commands, o output) error {
	return onDatabase(ctx, c, func(d *db.DB) error {
		w := bufio.NewWriterSize(o.out, 1<<16)
		if err := archive.Export(ctx, d, w); err != nil {
			return err
		}
		return w.Flush()
	})
}

type backupCommand struct {
	File string `arg:"" type:"path" help:"Where the copy goes; a file that is there stays as it is."`
}

// Run copies the database while it is in use.
func (b *backupCommand) Run(ctx context.Context, c *commands, _ output) error {
	return onDatabase(ctx, c, func(d *db.DB) error { return archive.Backup(ctx, d, b.File) })
}

type restoreCommand struct {
	File  string `arg:"" type:"existingfile" help:"A backup, or what export wrote."`
	Force bool   `help:"Replace what the database holds."`
}

// Run makes a database of a backup or an export.
func (r *restoreCommand) Run(ctx context.Context, c *commands, _ output) error {
	return archive.Restore(ctx, r.File, c.DB, r.Force)
}

type migrateCommand struct{}

// Run brings the database to the version of this program and prints it.
func (migrateCommand) Run(ctx context.Context, c *commands, o output) error {
	return onDatabase(ctx, c, func(d *db.DB) error {
		if err := d.Migrate(ctx); err != nil {
			return err
		}
		version, err := d.Version(ctx)
		if err != nil {
			return err
		}
		return o.print(c, struct {
			Version int64 `json:"version"`
		}{version}, fmt.Sprint(version))
	})
}

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Recompute the chain of the activity log."`
}

type auditVerify struct {
	Head []string `help:"A head that an earlier run printed and that was kept elsewhere."`
}

// errBroken is the outcome of a log that is not as it was sealed.
var errBroken = errors.New("the activity log is not as it was sealed")

// Run recomputes the chain and says where it is broken, if it is.
func (v *auditVerify) Run(ctx context.Context, c *commands, o output) error {
	known := make([]activity.Head, len(v.Head))
	for i, text := range v.Head {
		var err error
		if known[i], err = activity.ParseHead(text); err != nil {
			return usageError{err}
		}
	}
	return with(ctx, c, func(a *app.App) error {
		r, err := activity.Verify(ctx, a.Kernel, op.System("", 0, op.ViaCLI), known...)
		if err != nil {
			return err
		}
		return o.report(c, r)
	})
}

func (o output) report(c *commands, r activity.Report) error {
	view := struct {
		Whole   bool   `json:"whole"`
		Seals   int64  `json:"seals"`
		Records int64  `json:"records"`
		Head    string `json:"head,omitempty"`
		Broken  string `json:"broken,omitempty"`
	}{Whole: r.Broken == nil, Seals: r.Seals, Records: r.Records}
	if r.Head.Number > 0 {
		view.Head = r.Head.String()
	}
	text := fmt.Sprintf("%d records under %d seals are whole\nhead %s", r.Records, r.Seals, view.Head)
	if r.Broken != nil {
		view.Broken = r.Broken.String()
		text = view.Broken
	}
	if err := o.print(c, view, text); err != nil {
		return err
	}
	if r.Broken != nil {
		return errBroken
	}
	return nil
}
