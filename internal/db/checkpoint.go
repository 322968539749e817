package db

import "context"

// The write-ahead log counts in frames of a page, 4 KiB. SQLite begins it anew
// when all of it has been moved into the file, so a checkpoint beside a writer
// that never rests does not do: there are always new frames at its end. So it
// goes in two steps. Most is moved in the background, and what has been added
// meanwhile by the writer itself, which is little. A short log also keeps
// reading quick: a page is looked for in the log first.
const (
	checkpointFrames = 8 << 10  // frames that start a checkpoint
	truncateFrames   = 64 << 10 // frames from which readers must wait for one
	checkpointEvery  = 128      // statements, each of a few frames, after which to look at the log
)

// The checkpoints: NOOP only says how far they are.
var (
	asked    = frame("PRAGMA wal_checkpoint(NOOP)")
	passive  = frame("PRAGMA wal_checkpoint(PASSIVE)")
	truncate = frame("PRAGMA wal_checkpoint(TRUNCATE)")
)

// wantCheckpoint looks after a commit whether the log has grown. To look takes
// as long as a statement, so it does not look each time.
func (w *writer) wantCheckpoint() {
	if w.conn.changes < checkpointEvery {
		return
	}
	w.conn.changes = 0
	ctx := context.Background()
	var busy, frames, moved int
	if err := w.conn.row(ctx, asked, &busy, &frames, &moved); err != nil || frames < checkpointFrames {
		return
	}
	// A checkpoint that fails, or does less because of a reader, loses nothing:
	// the log keeps the data, and a later one tries again.
	switch {
	case frames >= truncateFrames:
		_ = w.conn.run(ctx, truncate)
	case w.moved.CompareAndSwap(true, false):
		_ = w.conn.run(ctx, passive)
	default:
		select {
		case w.checkpoint <- struct{}{}:
		default:
		}
	}
}

// checkpoints moves the log into the file beside the writer, which goes on.
func (w *writer) checkpoints() {
	for range w.checkpoint {
		if _, err := w.pool.ExecContext(context.Background(), passive.text); err == nil {
			w.moved.Store(true)
		}
	}
}
