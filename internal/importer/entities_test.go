package importer_test

import (
	"flag"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/importer"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The 62 published entities are in 26 countries. A partner sells in its own market
// alone (rule A8, RF-08), and every other row says so.
func TestThePublishedEntitiesForAPartnerInEurope(t *testing.T) {
	text := legalEntities(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		results, _ := w.imported(w.direct, text, reached(importer.Options{}))
		golden(t, "entities-europe.txt", shown(results))
	})
}
