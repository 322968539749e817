package customer

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/db"
	"comptoir/internal/relationship"
)

// standings tells where customers stand with the agreement, by what their rows
// have of it: the country and the rank of the newest version that was accepted.
type standings struct {
	versions agreement.Versions
	lines    map[string]agreement.Versions // by country
	now      time.Time
}

func readStandings(ctx context.Context, t *db.Tx, now time.Time) (standings, error) {
	all, err := agreement.ReadVersions(ctx, t)
	return standings{all, make(map[string]agreement.Versions), now}, err
}

func (s standings) of(country string, rank int64) agreement.State {
	return s.line(country).State(rank, s.now)
}

// line returns the versions that hold for customers of a country.
func (s standings) line(country string) agreement.Versions {
	line, known := s.lines[country]
	if !known {
		line = s.versions.Line(country)
		s.lines[country] = line
	}
	return line
}

// passes reports whether a filter lets customers of a country pass that accepted a
// rank.
func (s standings) passes(f Filter, country string, rank int64) bool {
	return (f.Agreement == nil || s.of(country, rank) == *f.Agreement) && (!f.Open || s.line(country).Open(rank))
}

// agreed is a filter by the state of the agreement, in the words of rows: the
// ranks that customers of the partner have and that come into question, and what
// the placeholder of the filter takes. That names each rank that passes as " *.3 ",
// or, for a country with versions of its own, the country as " FR " and each rank
// that passes there as " FR.3 ".
type agreed struct {
	ranks []string
	text  string
	exact bool // all customers with one of ranks pass
}

// filter returns what a filter says of the agreement.
func (s standings) filter(in Filter, counts relationship.Counts) agreed {
	var countries []string
	for _, v := range s.versions {
		if v.Country != "" && !slices.Contains(countries, v.Country) {
			countries = append(countries, v.Country)
		}
	}
	f := agreed{text: " " + strings.Join(countries, " ") + " ", exact: len(countries) == 0}
	for rank := range counts.By[relationship.ByAgreed] {
		number, err := strconv.ParseInt(rank, 10, 64)
		if err != nil {
			continue // no counter of ours
		}
		passes := false
		if s.passes(in, "", number) {
			f.text += "*." + rank + " "
			passes = true
		}
		for _, country := range countries {
			if s.passes(in, country, number) {
				f.text += country + "." + rank + " "
				passes = true
			}
		}
		if passes {
			f.ranks = append(f.ranks, rank)
		}
	}
	slices.Sort(f.ranks)
	return f
}
