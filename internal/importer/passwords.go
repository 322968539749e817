package importer

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/box"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// The first admin of each new customer has a password that is known nowhere else
// (rule C9). An import by a job has nobody to show it to, so each batch seals its
// passwords to a public key whose private half only the browser of who started the
// import holds. A copy of the database gives nothing away.

// PasswordTime is how long passwords can be taken along after their customers were
// added.
const PasswordTime = 24 * time.Hour

// Refusals of taking passwords along.
var (
	// ErrPasswordsGone refuses passwords that were taken along already, or that are
	// older than PasswordTime.
	ErrPasswordsGone = fault.New(fault.Conflict, "1003", "importer.passwords.gone")
	// ErrPasswordKey refuses passwords to whoever does not hold their key.
	ErrPasswordKey = fault.New(fault.Conflict, "1003", "importer.passwords.key")
)

// PrivateKey opens the passwords of imports: 32 bytes of X25519 in base64. The
// empty one is none.
type PrivateKey string

// PublicKey seals what its PrivateKey opens, and is written like it.
type PublicKey string

// NewPrivateKey returns a key that nobody else has.
func NewPrivateKey() PrivateKey {
	var secret [curve25519.ScalarSize]byte
	_, _ = rand.Read(secret[:]) // never fails
	return PrivateKey(base64.RawURLEncoding.EncodeToString(secret[:]))
}

// Public returns the other half of k, "" when k is no key.
func (k PrivateKey) Public() PublicKey {
	secret, ok := keyBytes(string(k))
	if !ok {
		return ""
	}
	public, err := curve25519.X25519(secret[:], curve25519.Basepoint)
	if err != nil {
		return ""
	}
	return PublicKey(base64.RawURLEncoding.EncodeToString(public))
}

func keyBytes(text string) (*[32]byte, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != 32 {
		return nil, false
	}
	return (*[32]byte)(raw), true
}

// Credential is how the first admin of an imported customer signs in.
type Credential struct {
	Row                int64
	ID, Name           string // of the customer, as in Result
	Customer           id.Tenant
	UserName, Password string
}

var (
	insertPasswords = db.SQL(`INSERT INTO import_passwords (partner_id, import_id, password_key, id, customers, sealed, sealed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	readPasswords = db.SQL(`SELECT id, sealed FROM import_passwords
		WHERE partner_id = $1 AND import_id = $2 AND password_key = $3 AND id > $4 AND sealed_at > $5 ORDER BY id LIMIT 4`)
	countPasswords = db.SQL(`SELECT CAST(COALESCE(SUM(customers), 0) AS BIGINT),
		CAST(COALESCE(SUM(CASE WHEN password_key = $3 THEN 0 ELSE customers END), 0) AS BIGINT), COALESCE(MIN(sealed_at), 0)
		FROM import_passwords WHERE partner_id = $1 AND import_id = $2 AND sealed_at > $4`)
	deletePassword = db.SQL(`DELETE FROM import_passwords
		WHERE partner_id = $1 AND import_id = $2 AND password_key = $3 AND id = $4`)
	deletePasswords    = db.SQL(`DELETE FROM import_passwords WHERE partner_id = $1 AND import_id = $2`)
	deleteOldPasswords = db.SQL(`DELETE FROM import_passwords WHERE sealed_at <= $1`)
)

// keepPasswords seals the passwords among results, when somebody will take them.
func (i Import) keepPasswords(ctx context.Context, u *op.Unit, results []Result) error {
	var all []Credential
	for _, r := range results {
		if r.AdminPassword != "" {
			all = append(all, Credential{r.Row, r.ID, r.Name, r.Customer, r.AdminUserName, r.AdminPassword})
		}
	}
	key, ok := keyBytes(string(i.passwordKey))
	if !ok || len(all) == 0 {
		return nil
	}
	text, err := json.Marshal(all) //nolint:gosec // the passwords are sealed here
	if err != nil {
		return fmt.Errorf("importer: passwords: %w", err)
	}
	sealed, err := box.SealAnonymous(nil, packed(text), key, rand.Reader)
	if err != nil {
		return fmt.Errorf("importer: passwords: %w", err)
	}
	inOrder := fmt.Sprintf("%012d-%s", all[0].Row, u.NewID()) // another try may come to the same row
	_, err = u.Exec(ctx, insertPasswords, i.Partner, i.ID, i.passwordKey, inOrder, len(all), sealed, db.Micros(u.Now))
	return err
}

// PasswordsKept says how many passwords of an import can be taken along, and until
// when the first of them.
type PasswordsKept struct {
	Customers int64
	Elsewhere int64     // so many of them only with another key
	Until     time.Time // zero when there are none
}

// ByKey names one of the actor's own imports, and the key that the asker holds.
type ByKey struct {
	ID  string
	Key PublicKey
}

// Passwords returns what is kept of the passwords of one of the actor's own
// imports (policy customer.add). It opens none.
var Passwords = doors("importer.passwords", false,
	func(ctx context.Context, u *op.Unit, in ByKey) (PasswordsKept, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return PasswordsKept{}, err
		}
		return i.passwordsKept(ctx, u, in.Key)
	})

func (i Import) passwordsKept(ctx context.Context, u *op.Unit, key PublicKey) (kept PasswordsKept, _ error) {
	var first int64
	err := u.QueryRow(ctx, countPasswords, []any{i.Partner, i.ID, key, passwordsSince(u.Now)}, &kept.Customers, &kept.Elsewhere, &first)
	if kept.Customers > 0 {
		kept.Until = db.Time(first).Add(PasswordTime)
	}
	return kept, err
}

func passwordsSince(now time.Time) int64 { return db.Micros(now.Add(-PasswordTime)) }

// taking asks for passwords behind a batch of them, "" for the first.
type taking struct {
	ID    string
	Key   PrivateKey
	After string
}

// taken are some passwords. More follow behind Last, none when it is empty.
type taken struct {
	Credentials []Credential
	Last        string
}

// TakePasswords goes through the passwords of one of the actor's own imports that
// has ended (policy customer.add), and removes them as it goes: whoever does not
// keep what he gets has lost it. That they were taken is recorded. It refuses with
// ErrUnderWay, ErrPasswordsGone, and where key is not theirs with ErrPasswordKey.
func TakePasswords(ctx context.Context, k *op.Kernel, a op.Actor, importID string, key PrivateKey) iter.Seq2[Credential, error] {
	a.IdempotencyKey = "" // a repeated request gets nothing again
	return func(yield func(Credential, error) bool) {
		in := taking{ID: importID, Key: key}
		for {
			some, err := takePasswords.Do(ctx, k, a, in)
			if err != nil {
				yield(Credential{}, err)
				return
			}
			for _, c := range some.Credentials {
				if !yield(c, nil) {
					return
				}
			}
			if in.After = some.Last; in.After == "" {
				return
			}
		}
	}
}

var takePasswords = doors("importer.passwords.take", true,
	func(ctx context.Context, u *op.Unit, in taking) (taken, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return taken{}, err
		}
		if i, err = i.withJob(ctx, u.Tx); err != nil {
			return taken{}, err
		}
		if i.Stage.active() {
			return taken{}, ErrUnderWay
		}
		t, err := i.takePasswords(ctx, u, in)
		if err != nil || in.After != "" {
			return t, err
		}
		return t, u.Record(ctx, op.Record{
			Operation: "take_customer_passwords", Resource: "customer", Data: map[string]string{"Import": i.ID, "File": i.Name},
		})
	})

// sealedPasswords are those of one batch.
type sealedPasswords struct {
	id     string
	sealed []byte
}

func (i Import) takePasswords(ctx context.Context, u *op.Unit, in taking) (t taken, _ error) {
	batches, err := i.sealedPasswords(ctx, u, in)
	if err != nil {
		return t, err
	}
	for _, b := range batches {
		opened, err := b.open(in.Key)
		if err != nil {
			return t, err
		}
		if _, err := u.Exec(ctx, deletePassword, i.Partner, i.ID, in.Key.Public(), b.id); err != nil {
			return t, err
		}
		t.Credentials, t.Last = append(t.Credentials, opened...), b.id
	}
	if in.After != "" || len(batches) > 0 {
		return t, nil
	}
	kept, err := i.passwordsKept(ctx, u, in.Key.Public())
	switch {
	case err != nil:
		return t, err
	case kept.Customers > 0:
		return t, ErrPasswordKey
	}
	return t, ErrPasswordsGone
}

func (i Import) sealedPasswords(ctx context.Context, u *op.Unit, in taking) (all []sealedPasswords, _ error) {
	rows, err := u.Query(ctx, readPasswords, i.Partner, i.ID, in.Key.Public(), in.After, passwordsSince(u.Now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var b sealedPasswords
		if err := rows.Scan(&b.id, &b.sealed); err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, rows.Err()
}

// errSealed says that a key does not open what was sealed to its public half:
// somebody changed the database.
var errSealed = errors.New("importer: the kept passwords cannot be opened")

// open returns the passwords of a batch that is sealed to key.
func (b sealedPasswords) open(key PrivateKey) (all []Credential, _ error) {
	private, valid := keyBytes(string(key))
	public, known := keyBytes(string(key.Public()))
	if !valid || !known {
		return nil, errSealed
	}
	plain, ok := box.OpenAnonymous(nil, b.sealed, public, private)
	if !ok {
		return nil, errSealed
	}
	text, err := unpacked(plain)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, errors.Join(errSealed, err)
	}
	return all, nil
}

// Removes passwords that nobody took along in time.
var _ = job.Define("importer.passwords", job.Options{Next: job.Every(time.Hour)},
	func(ctx context.Context, u *op.Unit, _ *job.Run, _ struct{}) error {
		_, err := u.Exec(ctx, deleteOldPasswords, passwordsSince(u.Now))
		return err
	})
