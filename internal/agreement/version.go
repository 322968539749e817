package agreement

import (
	"context"
	"slices"
	"time"

	"comptoir/internal/db"
)

// Version is one version of the customer agreement (rule AG8). It is published
// once and never edited, only superseded by one of a higher rank.
type Version struct {
	// Rank counts the versions of the installation; it is the versionRank of the
	// wire.
	Rank int64
	// Label is what people call it: "2026-11".
	Label string
	// Country is the country it is for; empty means every country that has no
	// version of its own.
	Country string
	// Mandatory says that from EnforcedAt on confirmations of versions before it
	// no longer suffice.
	Mandatory   bool
	EnforcedAt  time.Time
	PublishedAt time.Time // the zero time for the one that the program comes with
	PublishedBy string
	// Languages are those of its documents, English first.
	Languages []string
}

// first is the version that the program comes with.
var first = Version{Rank: 1, Label: "1.0", Languages: []string{"en", "fr", "sv"}}

// Versions are versions by their rank, the lowest first.
type Versions []Version

// Line returns the versions that hold for customers of a country, one after the
// other: its own ones and, from before the first of these, those for every
// country. It is never empty.
func (all Versions) Line(country string) Versions {
	own := slices.IndexFunc(all, func(v Version) bool { return v.Country != "" && v.Country == country })
	line := make(Versions, 0, len(all))
	for i, v := range all {
		if v.Country == "" && (own < 0 || i < own) || v.Country != "" && v.Country == country {
			line = append(line, v)
		}
	}
	return line
}

// Current returns the version of a line that is accepted now.
func (all Versions) Current() Version { return all[len(all)-1] }

// On returns the version of a line that was current at the end of the day of t.
func (all Versions) On(t time.Time) Version {
	found := all[0]
	for _, v := range all {
		if v.PublishedAt.Before(dayAfter(t)) {
			found = v
		}
	}
	return found
}

// Required returns the rank that a confirmation needs at now to suffice for
// orders (rule AG8).
func (all Versions) Required(now time.Time) int64 {
	var rank int64
	for _, v := range all {
		if v.Mandatory && !v.EnforcedAt.After(now) {
			rank = v.Rank
		}
	}
	return rank
}

// Coming returns the mandatory version of the highest rank, be it enforced or
// not, and false when there is none.
func (all Versions) Coming() (Version, bool) {
	for _, v := range slices.Backward(all) {
		if v.Mandatory {
			return v, true
		}
	}
	return Version{}, false
}

// Open reports whether somebody who accepted the version of a rank, 0 for none, has
// to accept a newer one of the line: now, or from the day on that its mandatory
// version names (rule AG8).
func (all Versions) Open(rank int64) bool {
	coming, _ := all.Coming()
	return rank == 0 || rank < coming.Rank
}

// Find returns the version with a rank, and false when the line has none.
func (all Versions) Find(rank int64) (Version, bool) {
	i := slices.IndexFunc(all, func(v Version) bool { return v.Rank == rank })
	if i < 0 {
		return Version{}, false
	}
	return all[i], true
}

var (
	allVersions  = db.Scan(`SELECT rank, country, label, mandatory, enforced_at, published_at, published_by FROM agreement_versions ORDER BY rank`, "a few in the life of an installation")
	allLanguages = db.Scan(`SELECT rank, language FROM agreement_documents ORDER BY rank, language`, "a few for each version")
)

// ReadVersions returns all versions without their languages.
func ReadVersions(ctx context.Context, t *db.Tx) (Versions, error) {
	all := Versions{first}
	rows, err := t.Query(ctx, allVersions)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v Version
		var enforced, published int64
		if err := rows.Scan(&v.Rank, &v.Country, &v.Label, &v.Mandatory, &enforced, &published, &v.PublishedBy); err != nil {
			return nil, err
		}
		v.EnforcedAt, v.PublishedAt = db.Time(enforced), db.Time(published)
		all = append(all, v)
	}
	return all, rows.Err()
}

// readLanguages adds to all versions the languages of their documents.
func (all Versions) readLanguages(ctx context.Context, t *db.Tx) error {
	rows, err := t.Query(ctx, allLanguages)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var rank int64
		var language string
		if err := rows.Scan(&rank, &language); err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(v Version) bool { return v.Rank == rank }); i >= 0 {
			all[i].Languages = append(all[i].Languages, language)
		}
	}
	for i := range all {
		slices.SortFunc(all[i].Languages, englishFirst)
	}
	return rows.Err()
}

// englishFirst orders languages as they are offered.
func englishFirst(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == fallback, b != fallback && a < b:
		return -1
	}
	return 1
}
