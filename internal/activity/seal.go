package activity

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

const (
	// sealRecords is how many records one seal covers at most.
	sealRecords = 1000
	// sealAge is how old a record is when it is sealed. Younger ones may yet get
	// a neighbour; sealing them would send that one to a later place.
	sealAge = time.Minute
	// digestSize is how much of a record's hash is kept to find a broken one.
	digestSize = 8
)

// seal is one link of the chain.
type seal struct {
	number         int64
	lastID         string
	records        int64
	digests        []byte
	previous, hash []byte
	sealedAt       int64
}

// sum returns what the hash of the seal must be, when records is the hash over
// the hashes of its records in the order of their ids.
func (s *seal) sum(records []byte) []byte {
	h := sha256.New()
	fmt.Fprintf(h, "seal %d %d %d %s\n", s.number, s.records, s.sealedAt, s.lastID)
	h.Write(s.previous)
	h.Write(records)
	return h.Sum(nil)
}

func (s *seal) head() Head { return Head{s.number, hex.EncodeToString(s.hash)} }

var (
	readAfter = db.SQL(`SELECT ` + columns + ` FROM activity WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3`)
	countIn   = db.SQL(`SELECT count(*) FROM activity WHERE id > $1 AND id <= $2`)
	lastSeal  = db.SQL(`SELECT number, last_id, records, digests, previous, hash, sealed_at
		FROM activity_seals ORDER BY number DESC LIMIT 1`)
	addSeal = db.SQL(`INSERT INTO activity_seals (number, last_id, records, digests, previous, hash, sealed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	putHead = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ('activity.head', $1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`)
	readHead = db.SQL(`SELECT value FROM settings WHERE name = 'activity.head'`)
)

// afterAll sorts after every id.
const afterAll = "g"

// ErrHead stops sealing when the last seal is not the one that was added last:
// a new seal would cover the traces. Verify says what happened.
var ErrHead = errors.New("the last seal of the activity log is not the one that was added last")

// Seals the log every minute.
var _ = job.DefineLong("activity.seal", job.Options{Next: job.Every(time.Minute)},
	func(ctx context.Context, l *job.Long, _ struct{}) error {
		n, err := sealUntil(ctx, l.Kernel, id.First(l.Kernel.Clock.Now().Add(-sealAge)))
		l.Result = fmt.Sprintf("%d records sealed", n)
		return err
	})

// Seal seals everything that was committed. The server calls it before it ends;
// while it runs, a job seals every minute what is older than one.
func Seal(ctx context.Context, k *op.Kernel) error {
	_, err := sealUntil(ctx, k, afterAll)
	return err
}

func sealUntil(ctx context.Context, k *op.Kernel, until string) (sealed int64, err error) {
	for {
		var next prepared
		err := k.DB.Read(ctx, func(ctx context.Context, t *db.Tx) error {
			next, err = prepare(ctx, t, until)
			return err
		})
		if err != nil || next.seal.records == 0 {
			return sealed, err
		}
		added, err := addNext.Do(ctx, k, op.System("", 0, op.ViaJob), next)
		if err != nil {
			return sealed, err
		}
		if added {
			sealed += next.seal.records
			if next.seal.records < sealRecords {
				return sealed, nil
			}
		}
	}
}

// prepared is a seal to which only its time is missing, and the hash that needs it.
type prepared struct {
	seal    seal
	after   string // last id of the seal before
	records []byte // hash over the records' hashes
}

// prepare computes the next seal while nobody is held up.
func prepare(ctx context.Context, t *db.Tx, until string) (prepared, error) {
	last, err := newest(ctx, t)
	if err != nil {
		return prepared{}, err
	}
	d, err := digest(ctx, t, last.lastID, until, sealRecords)
	if err != nil {
		return prepared{}, err
	}
	next := seal{number: last.number + 1, lastID: d.lastID, records: d.count(), digests: d.digests, previous: last.hash}
	if next.previous == nil {
		next.previous = []byte{} // the first seal follows none
	}
	return prepared{next, last.lastID, d.sum}, nil
}

// addNext adds a prepared seal when it still fits: no other was added meanwhile,
// and no record came late into its range. It reports whether it was added.
var addNext = op.Define(op.Spec{Name: "activity.seal", Action: "audit.seal", Write: true},
	func(ctx context.Context, u *op.Unit, in prepared) (bool, error) {
		s := in.seal
		last, err := newest(ctx, u.Tx)
		if err != nil || last.number+1 != s.number {
			return false, err
		}
		kept, err := keptHead(ctx, u.Tx)
		if err != nil {
			return false, err
		}
		if kept.Number != last.number || (last.number > 0 && kept != last.head()) {
			return false, ErrHead
		}
		var n int64
		if err := u.QueryRow(ctx, countIn, []any{in.after, s.lastID}, &n); err != nil || n != s.records {
			return false, err
		}
		s.sealedAt = db.Micros(u.Now)
		s.hash = s.sum(in.records)
		if _, err := u.Exec(ctx, addSeal, s.number, s.lastID, s.records, s.digests, s.previous, s.hash, s.sealedAt); err != nil {
			return false, err
		}
		_, err = u.Exec(ctx, putHead, s.head().String(), s.sealedAt)
		return true, err
	})

// newest returns the last seal, or the zero seal when there is none.
func newest(ctx context.Context, t *db.Tx) (s seal, err error) {
	_, err = t.Found(ctx, lastSeal, nil, &s.number, &s.lastID, &s.records, &s.digests, &s.previous, &s.hash, &s.sealedAt)
	return s, err
}

// keptHead returns the head that is kept apart from the chain; the zero Head
// when nothing is sealed.
func keptHead(ctx context.Context, t *db.Tx) (Head, error) {
	var text string
	found, err := t.Found(ctx, readHead, nil, &text)
	if !found || err != nil {
		return Head{}, err
	}
	return ParseHead(text)
}

// digested is what hashing a range of records gives.
type digested struct {
	ids     []string
	lastID  string
	digests []byte // the beginnings of the records' hashes
	sum     []byte // hash over the records' hashes
}

func (d *digested) count() int64 { return int64(len(d.digests) / digestSize) }

// digest hashes up to limit records after an id, until another.
func digest(ctx context.Context, t *db.Tx, after, until string, limit int64) (d digested, err error) {
	rows, err := t.Query(ctx, readAfter, after, until, limit)
	if err != nil {
		return d, err
	}
	defer rows.Close()
	fields := make([]sql.RawBytes, 18)
	dest := make([]any, len(fields))
	for i := range fields {
		dest[i] = &fields[i]
	}
	all, one := sha256.New(), sha256.New()
	var size [binary.MaxVarintLen64]byte
	var sum [sha256.Size]byte
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return d, err
		}
		one.Reset()
		for _, f := range fields {
			one.Write(size[:binary.PutUvarint(size[:], uint64(len(f)))])
			one.Write(f)
		}
		one.Sum(sum[:0])
		all.Write(sum[:])
		d.digests = append(d.digests, sum[:digestSize]...)
		d.lastID = string(fields[0])
		d.ids = append(d.ids, d.lastID)
	}
	d.sum = all.Sum(nil)
	return d, rows.Err()
}
