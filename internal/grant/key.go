package grant

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// How signing keys change, in real time. A new key is published before it
// signs, so that verifiers that keep the list for a while know it in time; an
// old one stays published until the last token it signed has ended.
const (
	keyBits     = 2048
	KeyLife     = 30 * 24 * time.Hour
	keyAhead    = 24 * time.Hour
	keyOutlives = 48 * time.Hour
)

// Key is an RS256 key. The newest one whose SignsFrom has come signs.
type Key struct {
	ID        string
	Private   *rsa.PrivateKey
	SignsFrom time.Time
}

var (
	insertKey = db.SQL(`INSERT INTO signing_keys (id, private_key, signs_from, published_until) VALUES ($1, $2, $3, 0)`)
	allKeys   = db.Scan(`SELECT id, private_key, signs_from, published_until FROM signing_keys ORDER BY signs_from, id`, "a handful of keys, kept in memory")
	retireKey = db.SQL(`UPDATE signing_keys SET published_until = $2 WHERE id = $1`)
	deleteKey = db.SQL(`DELETE FROM signing_keys WHERE id = $1`)
)

// keyRow is a key as the database keeps it.
type keyRow struct {
	id             string
	der            []byte
	signsFrom      time.Time
	publishedUntil time.Time // zero while nothing replaces it
}

func keyRows(ctx context.Context, u *op.Unit) ([]keyRow, error) {
	rows, err := u.Query(ctx, allKeys)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []keyRow
	for rows.Next() {
		var k keyRow
		var from, until int64
		if err := rows.Scan(&k.id, &k.der, &from, &until); err != nil {
			return nil, err
		}
		k.signsFrom, k.publishedUntil = db.Time(from), db.Time(until)
		all = append(all, k)
	}
	return all, rows.Err()
}

var readKeys = op.Define(op.Spec{Name: "grant.keys", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]keyRow, error) {
		all, err := keyRows(ctx, u)
		if err != nil {
			return nil, err
		}
		var published []keyRow
		for _, k := range all {
			if k.publishedUntil.IsZero() || u.Wall.Before(k.publishedUntil) {
				published = append(published, k)
			}
		}
		return published, nil
	})

// Keys returns the published keys, the one that signs last longest at the end.
func Keys(ctx context.Context, k *op.Kernel) ([]Key, error) {
	rows, err := readKeys.Do(ctx, k, op.Actor{}, struct{}{})
	if err != nil {
		return nil, err
	}
	keys := make([]Key, len(rows))
	for i, row := range rows {
		parsed, err := x509.ParsePKCS8PrivateKey(row.der)
		if err != nil {
			return nil, fmt.Errorf("signing key %s: %w", row.id, err)
		}
		private, ok := parsed.(*rsa.PrivateKey)
		if !ok {
			return nil, fmt.Errorf("signing key %s is no RSA key", row.id)
		}
		keys[i] = Key{row.id, private, row.signsFrom}
	}
	return keys, nil
}

type rotation struct {
	id  string
	der []byte
}

// rotate takes a new key in when one is due, and drops those that nobody needs.
var rotate = op.Define(op.Spec{Name: "grant.keys.rotate", Action: "identity.tidy", Write: true},
	func(ctx context.Context, u *op.Unit, in rotation) (bool, error) {
		all, err := keyRows(ctx, u)
		if err != nil {
			return false, err
		}
		for _, k := range all {
			if !k.publishedUntil.IsZero() && !u.Wall.Before(k.publishedUntil) {
				if _, err := u.Exec(ctx, deleteKey, k.id); err != nil {
					return false, err
				}
			}
		}
		from, due := nextKey(all, u.Wall)
		if !due {
			return false, nil
		}
		for _, k := range all {
			if k.publishedUntil.IsZero() {
				if _, err := u.Exec(ctx, retireKey, k.id, db.Micros(from.Add(keyOutlives))); err != nil {
					return false, err
				}
			}
		}
		_, err = u.Exec(ctx, insertKey, in.id, in.der, db.Micros(from))
		return true, err
	})

// nextKey returns when a new key would start to sign, and whether it is time to
// make it.
func nextKey(all []keyRow, now time.Time) (from time.Time, due bool) {
	if len(all) == 0 {
		return now, true
	}
	newest := all[len(all)-1]
	end := newest.signsFrom.Add(KeyLife)
	if now.Before(end.Add(-keyAhead)) {
		return time.Time{}, false
	}
	if from = now.Add(keyAhead); from.After(end) {
		from = end
	}
	if from.Before(now) { // the installation slept past the end
		from = now
	}
	return from, true
}

// RotateKeys makes a new signing key when it is due, and reports whether it did.
// The installation calls it at the start and from time to time.
func RotateKeys(ctx context.Context, k *op.Kernel) (bool, error) {
	rows, err := readKeys.Do(ctx, k, op.Actor{}, struct{}{})
	if err != nil {
		return false, err
	}
	if _, due := nextKey(rows, k.Wall.Now()); !due {
		return false, nil
	}
	// Finding the primes takes too long for a transaction.
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return false, fmt.Errorf("signing key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return false, fmt.Errorf("signing key: %w", err)
	}
	name := base64.RawURLEncoding.EncodeToString(identity.TokenHash(string(x509.MarshalPKCS1PublicKey(&private.PublicKey))))[:27]
	return rotate.Do(ctx, k, op.System("", 0, op.ViaJob), rotation{name, der})
}

var (
	deleteOldCodes    = db.SQL(`DELETE FROM authorization_codes WHERE expires_at < $1`)
	deleteOldDevices  = db.SQL(`DELETE FROM device_codes WHERE expires_at < $1`)
	deleteOldRefreshs = db.SQL(`DELETE FROM refresh_tokens WHERE expires_at < $1`)
)

// keepUsed is how long a used or expired code is remembered, so that presenting
// it again is told from inventing one.
const keepUsed = 24 * time.Hour

// Tidy removes codes and refresh tokens that are over. The installation runs it
// from time to time.
var Tidy = op.Define(op.Spec{Name: "grant.tidy", Action: "identity.tidy", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (struct{}, error) {
		for _, s := range []*db.Stmt{deleteOldCodes, deleteOldDevices, deleteOldRefreshs} {
			if _, err := u.Exec(ctx, s, db.Micros(u.Wall.Add(-keepUsed))); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
