package importer_test

import (
	"errors"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/importer"
)

// Whoever imports knows beforehand how many customers that makes, and how many
// rows will be refused.
func TestAnImportIsForecast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		workers, ada := w.workers(), agent(w.direct)
		i := w.uploaded(ada, smallFile)
		order := importer.Order{ID: i.ID, Options: reached(importer.Options{})}
		want := importer.Prospect{Known: true, Summary: importer.Summary{Created: 2, Refused: 2}}
		if got, err := importer.Forecast.Do(t.Context(), w.k, ada, order); err != nil || got != want {
			t.Errorf("forecast %+v, %v; want %+v", got, err, want)
		}
		if len(w.customers(w.direct)) != 0 {
			t.Error("the forecast made customers")
		}
		none := importer.Order{ID: i.ID, Options: importer.Options{Mapping: importer.Mapping{importer.CompanyName: {}}}}
		if _, err := importer.Forecast.Do(t.Context(), w.k, ada, none); !errors.Is(err, importer.ErrNoName) {
			t.Errorf("without a name: %v", err)
		}
		w.start(ada, i.ID, order.Options)
		if _, err := importer.Forecast.Do(t.Context(), w.k, ada, order); !errors.Is(err, importer.ErrNotReady) {
			t.Errorf("of one under way: %v", err)
		}
		w.runDue(workers)
		again := w.uploaded(ada, smallFile)
		order.ID, want.Summary = again.ID, importer.Summary{Exists: 2, Refused: 2}
		if got, err := importer.Forecast.Do(t.Context(), w.k, ada, order); err != nil || got != want {
			t.Errorf("of the same file again %+v, %v; want %+v", got, err, want)
		}
	})
}

// The rows of a long file are counted by a rehearsal, and by none with other
// options.
func TestALongFileIsForecastByItsRehearsal(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	workers, ada := w.workers(), agent(w.direct)
	i := w.uploaded(ada, header+bulk(1001, "f"))
	order := importer.Order{ID: i.ID, Options: reached(importer.Options{})}
	if got, err := importer.Forecast.Do(t.Context(), w.k, ada, order); err != nil || got.Known {
		t.Errorf("before the rehearsal %+v, %v", got, err)
	}
	rehearsal := order.Options
	rehearsal.DryRun = true
	w.start(ada, i.ID, rehearsal)
	w.runDue(workers)
	want := importer.Prospect{Known: true, Summary: importer.Summary{Created: 1001}}
	if got, err := importer.Forecast.Do(t.Context(), w.k, ada, order); err != nil || got != want {
		t.Errorf("after it %+v, %v; want %+v", got, err, want)
	}
	order.Options.Source = "another"
	if got, err := importer.Forecast.Do(t.Context(), w.k, ada, order); err != nil || got.Known {
		t.Errorf("with other options %+v, %v", got, err)
	}
}
