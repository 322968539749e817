package job

import (
	"context"
	"time"

	"comptoir/internal/db"
)

// pullJob makes a periodic job due, unless it runs, or waits after a failure.
var pullJob = db.SQL(`UPDATE jobs SET due_at = CASE WHEN due_at > $2 THEN $2 ELSE due_at END, run_at = CASE WHEN run_at > $2 THEN $2 ELSE run_at END
	WHERE kind = $1 AND dedup_key = 'periodic' AND dedup_key <> '' AND state = 'queued' AND tries = 0`)

// pull has the kinds called names run with the next claim.
func (w *Workers) pull(names ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range names {
		w.pulled[name] = true
	}
}

// pullAll has every kind run that reacts to something: another process, or an
// earlier one that crashed, may have left it something.
func (w *Workers) pullAll() {
	for _, k := range kinds {
		if k.reacts() {
			w.pull(k.name)
		}
	}
}

// takePulled returns the kinds that shall run and forgets them. What is heard
// from now on pulls anew.
func (w *Workers) takePulled() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []string
	for name := range w.pulled {
		names = append(names, name)
	}
	clear(w.pulled)
	return names
}

// pull makes the jobs of the kinds called names due. It returns those that run
// already, perhaps too far to notice what happened: they shall run once more.
func pull(ctx context.Context, t *db.Tx, names []string, now time.Time) (busy []string, err error) {
	for _, name := range names {
		n, err := t.Exec(ctx, pullJob, name, db.Micros(now))
		if err != nil {
			return nil, err
		}
		if n == 0 {
			busy = append(busy, name)
		}
	}
	return busy, nil
}
