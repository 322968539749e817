package importer

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// How long a file waits to be imported, and how long results can be looked at.
const (
	fileTime   = 7 * 24 * time.Hour
	resultTime = 90 * 24 * time.Hour
)

// piecesAtOnce is how many pieces of a file are removed in one unit of work.
const piecesAtOnce = 16

var (
	oldFiles = db.SQL(`SELECT ` + importColumns + ` FROM imports WHERE uploaded_at < $1 AND chunks > 0 ORDER BY uploaded_at LIMIT 50`)
	oldOnes  = db.SQL(`SELECT ` + importColumns + ` FROM imports WHERE uploaded_at < $1 ORDER BY uploaded_at LIMIT 50`)
)

// Removes files that nobody has imported, and imports of long ago. What is under
// way stays.
var _ = job.DefineLong("importer.tidy", job.Options{Next: job.Daily(3, 20)},
	func(ctx context.Context, l *job.Long, _ struct{}) error {
		now := l.Kernel.Clock.Now()
		err := eachOld(ctx, l, oldInput{oldFiles, now.Add(-fileTime)}, func(i Import) error { return clearFile(ctx, l, i) })
		if err != nil {
			return err
		}
		return eachOld(ctx, l, oldInput{oldOnes, now.Add(-resultTime)}, func(i Import) error { return l.Step(ctx, nil, i.remove) })
	})

// eachOld has every import of a list removed, until the list names none.
func eachOld(ctx context.Context, l *job.Long, in oldInput, remove func(Import) error) error {
	for {
		old, err := oldImports.Do(ctx, l.Kernel, l.Actor(), in)
		if err != nil || len(old) == 0 {
			return err
		}
		for _, i := range old {
			if err := remove(i); err != nil {
				return err
			}
		}
	}
}

type oldInput struct {
	list   *db.Stmt
	before time.Time
}

var oldImports = op.Define(op.Spec{Name: "importer.old", Action: "job.run"},
	func(ctx context.Context, u *op.Unit, in oldInput) ([]Import, error) {
		all, err := scanAll(u.Query(ctx, in.list, db.Micros(in.before)))
		if err != nil {
			return nil, err
		}
		var ended []Import
		for _, i := range all {
			if i, err = i.withJob(ctx, u.Tx); err != nil {
				return nil, err
			}
			if !i.Stage.active() {
				ended = append(ended, i)
			}
		}
		return ended, nil
	})

// clearFile removes the file of i, a few pieces at a time, so that nobody waits
// for it. An import that was never started goes altogether.
func clearFile(ctx context.Context, l *job.Long, i Import) error {
	for from := int64(0); from < i.chunks; from += piecesAtOnce {
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
			_, err := u.Exec(ctx, deleteChunks, i.Partner, i.ID, from, from+piecesAtOnce)
			return err
		})
		if err != nil {
			return err
		}
	}
	return l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
		if i.StartedAt.IsZero() {
			return i.remove(ctx, u)
		}
		_, err := u.Exec(ctx, emptyFile, i.Partner, i.ID)
		return err
	})
}
