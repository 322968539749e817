package importer_test

import (
	"encoding/json"
	"flag"
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The 62 published entities are in 26 countries. A partner sells in its own market
// alone (rule A8, RF-08), and every other row says so.
func TestThePublishedEntities(t *testing.T) {
	text := legalEntities(t)
	for _, tt := range []struct {
		golden  string
		partner func(w *world) identity.Partner
		created int64
	}{
		{"entities-europe.txt", func(w *world) identity.Partner { return w.direct }, 34},
		// Bloomberg Inc. looks like Bloomberg L.P. at the same address: a person decides (rule C3).
		{"entities-united-states.txt", func(w *world) identity.Partner { return w.far }, 8},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				p := tt.partner(w)
				dry, _ := w.imported(p, text, reached(importer.Options{DryRun: true}))
				results, sum := w.imported(p, text, reached(importer.Options{}))
				golden(t, tt.golden, shown(results))
				if sum.Created != tt.created || sum.Rows() != 62 || shown(dry) != shown(results) {
					t.Errorf("summary %+v, rehearsed\n%s", sum, shown(dry))
				}
				if _, again := w.imported(p, text, reached(importer.Options{})); again.Created != 0 || again.Exists != tt.created {
					t.Errorf("a second time: %+v", again)
				}
			})
		})
	}
}

// The same entities as CSV, as a spreadsheet in Sweden would save them, become the
// same.
func TestThePublishedEntitiesAsCSV(t *testing.T) {
	text := legalEntities(t)
	var b strings.Builder
	b.WriteString("\ufeffLEI;Företagsnamn;Språk;Adress;Ort;Region;Land;Postnummer;Orgnr;Status\r\n")
	for line := range strings.Lines(text) {
		var e struct {
			LEI, LegalName, Language, City, Region, Country, PostalCode, RegisteredAs, Status string
			AddressLines                                                                      []string
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		for i, cell := range []string{
			e.LEI, e.LegalName, e.Language, strings.Join(e.AddressLines, "\n"), e.City, e.Region, e.Country, e.PostalCode, e.RegisteredAs, e.Status,
		} {
			if i > 0 {
				b.WriteByte(';')
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	w := newWorld(t, dbtest.SQLite(t))
	results, _ := w.imported(w.direct, b.String(), reached(importer.Options{}))
	golden(t, "entities-europe.txt", shown(results))
	if again, sum := w.imported(w.direct, text, reached(importer.Options{})); sum.Created != 0 {
		t.Errorf("the same in JSON: %s", shown(again))
	}
}
