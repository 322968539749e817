package importer_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/importer"
)

// BenchmarkImport imports customers with all checks into an SQLite file with full
// durability, as the command line does. An operation is a row.
//
//	go test -run - -bench Import -benchtime 50000x ./internal/importer
func BenchmarkImport(b *testing.B) {
	w := newWorld(b, durable(b))
	w.k.Clock = new(clock.Clock) // ids grow with the time, and so do the indexes of them
	body := &companies{n: b.N, chance: rand.New(rand.NewPCG(1, 2))}
	b.ResetTimer()
	pass, err := importer.Open(b.Context(), w.k, agent(w.direct), body, reached(importer.Options{}))
	if err != nil {
		b.Fatal(err)
	}
	sum, err := pass.Run(b.Context(), func(importer.Result) error { return nil })
	if err != nil || sum.Created != int64(b.N) {
		b.Fatalf("%+v, %v", sum, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkImportAgain imports a file that was imported before: nothing is made.
func BenchmarkImportAgain(b *testing.B) {
	w := newWorld(b, durable(b))
	w.k.Clock = new(clock.Clock)
	for range 2 {
		body := &companies{n: b.N, chance: rand.New(rand.NewPCG(1, 2))}
		b.ResetTimer()
		pass, err := importer.Open(b.Context(), w.k, agent(w.direct), body, reached(importer.Options{}))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := pass.Run(b.Context(), func(importer.Result) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// durable opens a database as a server does.
func durable(b *testing.B) *db.DB {
	d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "comptoir.db"), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := d.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := d.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	return d
}

// companies is a CSV file of n companies that is written while it is read.
type companies struct {
	n, made int
	chance  *rand.Rand
	rest    strings.Builder
	at      int
}

var (
	placeWords = strings.Fields("Nord Syd Öst Väst Berg Dal Skog Sjö Strand Hamn Kust Älv Sten Ek Björk Lind Gran Måne Sol Is Snö Vind")
	tradeWords = strings.Fields("Logistik Bygg Data Teknik Energi Handel Konsult Media Transport Design Mekanik Finans Livs Hälsa Textil Plåt El Rör")
	townWords  = strings.Fields("Lund Malmö Stockholm Göteborg Uppsala Umeå Kiruna Visby Ystad Kalmar")
)

// Read implements io.Reader.
func (c *companies) Read(into []byte) (int, error) {
	if c.at == c.rest.Len() {
		if c.made == c.n {
			return 0, io.EOF
		}
		c.at = 0
		c.rest.Reset()
		c.write()
	}
	n := copy(into, c.rest.String()[c.at:])
	c.at += n
	return n, nil
}

// write makes the next hundred companies.
func (c *companies) write() {
	if c.made == 0 {
		c.rest.WriteString(header)
	}
	some := func(words []string) string { return words[c.chance.IntN(len(words))] }
	for range min(100, c.n-c.made) {
		c.made++
		fmt.Fprintf(&c.rest, "K%07d;%s%ss %s %s %x AB;556%03d-%04d;%sgatan %d;%05d;%s;SE;sv\n", c.made, some(placeWords),
			strings.ToLower(some(placeWords)), some(tradeWords), some(townWords), c.made, c.made/10000%1000, c.made%10000,
			some(placeWords), c.made%300+1, 10000+c.chance.IntN(88499), some(townWords))
	}
}
