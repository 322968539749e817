package activity

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/op"
)

// Head names a seal by its number and hash. An operator who keeps one elsewhere
// can later hold the log against it: then not even somebody who may write to
// the database can rewrite what lies before.
type Head struct {
	Number int64
	Hash   string // hexadecimal
}

// String returns h as ParseHead reads it: "17:9f86d0…".
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Number, h.Hash) }

// ParseHead reads what String wrote.
func ParseHead(s string) (Head, error) {
	number, hash, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || len(hash) != 2*sha256.Size {
		return Head{}, fmt.Errorf("%q is no head of the log: want a number, a colon and a hash", s)
	}
	return Head{n, strings.ToLower(hash)}, nil
}

// Fault says what is wrong with the log.
type Fault string

// The faults that Verify finds.
const (
	RecordChanged  Fault = "record changed"
	RecordRemoved  Fault = "record removed"
	RecordInserted Fault = "record inserted"
	SealChanged    Fault = "seal changed"
	SealRemoved    Fault = "seal removed"
	SealInserted   Fault = "seal inserted"
)

// Break is the first place at which the log is not as it was sealed.
type Break struct {
	Fault Fault
	Seal  int64
	// Record is the id of the changed or inserted record, or of the one before a
	// removed one; empty when it was the first of all, and for a fault of a seal.
	Record string
}

// String describes b in a sentence for the command line and logs.
func (b Break) String() string {
	switch b.Fault {
	case RecordChanged, RecordInserted:
		return fmt.Sprintf("%s: record %s, under seal %d", b.Fault, b.Record, b.Seal)
	case RecordRemoved:
		if b.Record == "" {
			return fmt.Sprintf("%s: the first record, under seal %d", b.Fault, b.Seal)
		}
		return fmt.Sprintf("%s: the one after %s, under seal %d", b.Fault, b.Record, b.Seal)
	default:
		return fmt.Sprintf("%s: seal %d", b.Fault, b.Seal)
	}
}

// Report is the outcome of Verify.
type Report struct {
	Seals, Records int64 // found whole
	Head           Head  // the last seal; the zero value when nothing is sealed
	Broken         *Break
}

// Verify seals what is not sealed yet, then computes the whole chain anew and
// compares, and keeps the outcome as the last Check. known are heads that the
// caller kept elsewhere. It reads a part at a time, so that it holds up nobody,
// however long the log is.
func Verify(ctx context.Context, k *op.Kernel, a op.Actor, known ...Head) (Report, error) {
	r, err := verify(ctx, k, a, known, func(int64, int64) error { return nil })
	if err == nil {
		_, err = keepCheck.Do(ctx, k, a, Check{By: a.UserName, Report: r})
	}
	return r, err
}

// verify is Verify without keeping the outcome. It tells after each part how many
// seals it has verified, and of how many.
func verify(ctx context.Context, k *op.Kernel, a op.Actor, known []Head, tell func(done, total int64) error) (Report, error) {
	var r Report
	if _, err := verifyPart.Do(ctx, k, a, part{known: known}); err != nil {
		return r, err // above all, for who may not
	}
	if err := Seal(ctx, k); err != nil && !errors.Is(err, ErrHead) {
		return r, err
	}
	for p := (part{known: known}); ; {
		out, err := verifyPart.Do(ctx, k, a, p)
		if err != nil {
			return r, fmt.Errorf("verify after seal %d: %w", p.last.number, err)
		}
		r.Seals, r.Records = r.Seals+out.seals, r.Records+out.records
		if out.last.number > 0 {
			r.Head = out.last.head()
		}
		if r.Broken = out.broken; out.broken != nil || out.end {
			return r, nil
		}
		if err := tell(r.Seals, out.of); err != nil {
			return r, err
		}
		p.last = out.last
	}
}

// partSeals is how many seals one part of a verification covers.
const partSeals = 50

type part struct {
	last  seal // the seal before the part
	known []Head
}

type verified struct {
	last           seal
	seals, records int64
	of             int64 // seals that there are
	broken         *Break
	end            bool
}

var readSeals = db.SQL(`SELECT number, last_id, records, digests, previous, hash, sealed_at
	FROM activity_seals WHERE number > $1 ORDER BY number LIMIT $2`)

// verifyPart checks the seals that follow one, and at the end of the chain that
// it is the end.
var verifyPart = op.Define(op.Spec{Action: "audit.verify"}, func(ctx context.Context, u *op.Unit, in part) (verified, error) {
	out := verified{last: in.last}
	seals, err := sealsAfter(ctx, u.Tx, in.last.number)
	if err != nil {
		return out, err
	}
	kept, err := keptHead(ctx, u.Tx)
	if err != nil {
		return out, err
	}
	out.of = kept.Number
	known := append([]Head{kept}, in.known...)
	for _, s := range seals {
		if s.number > kept.Number {
			out.broken = &Break{Fault: SealInserted, Seal: s.number}
			return out, nil
		}
		if out.broken, err = s.check(ctx, u.Tx, out.last, known); out.broken != nil || err != nil {
			return out, err
		}
		out.last = s
		out.seals, out.records = out.seals+1, out.records+s.records
	}
	if out.end = len(seals) < partSeals; out.end {
		out.broken = checkEnd(out.last, known)
	}
	return out, nil
})

func sealsAfter(ctx context.Context, t *db.Tx, number int64) ([]seal, error) {
	return db.All(ctx, t, readSeals, []any{number, partSeals}, func(row db.Row) (seal, error) {
		var s seal
		err := row.Scan(&s.number, &s.lastID, &s.records, &s.digests, &s.previous, &s.hash, &s.sealedAt)
		return s, err
	})
}

// check compares a seal with the one before it and with the records under it.
func (s *seal) check(ctx context.Context, t *db.Tx, last seal, known []Head) (*Break, error) {
	if s.number != last.number+1 {
		return &Break{Fault: SealRemoved, Seal: last.number + 1}, nil
	}
	d, err := digest(ctx, t, last.lastID, s.lastID, s.records+sealRecords)
	if err != nil {
		return nil, err
	}
	genuine := bytes.Equal(s.sum(d.sum), s.hash)
	same := bytes.Equal(d.digests, s.digests)
	switch {
	case genuine && !bytes.Equal(s.previous, last.hash):
		return &Break{Fault: SealChanged, Seal: last.number}, nil // the one before was made anew
	case genuine && same && !contradicts(known, s.head()):
		return nil, nil
	case genuine || same:
		return &Break{Fault: SealChanged, Seal: s.number}, nil
	}
	// Perhaps only the end of its range was changed.
	if rest, err := digest(ctx, t, last.lastID, afterAll, s.records); err != nil || bytes.Equal(rest.digests, s.digests) {
		return &Break{Fault: SealChanged, Seal: s.number}, err
	}
	return s.locate(d, last.lastID), nil
}

// locate finds the first record that differs from what was sealed; before is the
// last record under the seal before.
func (s *seal) locate(d digested, before string) *Break {
	sealed := func(i int) []byte { return at(s.digests, i) }
	found := func(i int) []byte { return at(d.digests, i) }
	i := 0
	for sealed(i) != nil && bytes.Equal(sealed(i), found(i)) {
		i++
	}
	if i > 0 {
		before = d.ids[i-1]
	}
	switch {
	case found(i) == nil, found(i) != nil && sealed(i+1) != nil && bytes.Equal(found(i), sealed(i+1)):
		return &Break{RecordRemoved, s.number, before}
	case sealed(i) == nil, bytes.Equal(found(i+1), sealed(i)):
		return &Break{RecordInserted, s.number, d.ids[i]}
	default:
		return &Break{RecordChanged, s.number, d.ids[i]}
	}
}

// at returns the i-th digest, or nil after the last.
func at(digests []byte, i int) []byte {
	if (i+1)*digestSize > len(digests) {
		return nil
	}
	return digests[i*digestSize : (i+1)*digestSize]
}

// contradicts reports whether another hash is known for the seal.
func contradicts(known []Head, h Head) bool {
	for _, k := range known {
		if k.Number == h.Number && k.Hash != h.Hash {
			return true
		}
	}
	return false
}

// checkEnd returns a break when a head is known that lies beyond the last seal.
func checkEnd(last seal, known []Head) *Break {
	for _, k := range known {
		if k.Number > last.number {
			return &Break{Fault: SealRemoved, Seal: last.number + 1}
		}
	}
	return nil
}
