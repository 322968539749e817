package agreement

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// LinkTime is how long a link to a document is good (api-customers.md, 11.5).
const LinkTime = 5 * time.Minute

// ErrLink refuses a link to a document that is no longer good, or never was.
var ErrLink = fault.New(fault.NotFound, "1000", "agreement.link")

// The language and the country of documents that were asked for without.
const (
	DefaultLanguage = "en-US"
	DefaultCountry  = "US"
)

// Wanted is the input of Link: the country of the customer ("SE") and the
// language ("sv-SE"), with their letter case.
type Wanted struct{ Country, Language string }

// Linked is a document with a link that opens it without signing in.
type Linked struct {
	Country, Language string
	Rank              int64
	Token             string // good for LinkTime
}

// Link returns the current version of the customer agreement for a country, as a
// link. A language that the country does not have, or in which there is no text,
// gives the one in DefaultLanguage.
func Link(ctx context.Context, k *op.Kernel, a op.Actor, in Wanted) (Linked, error) {
	return withKey(ctx, k, a, link, in)
}

// withKey runs an operation that makes links, and makes the key of the
// installation where that is missing.
func withKey[I, O any](ctx context.Context, k *op.Kernel, a op.Actor, o *op.Operation[I, O], in I) (O, error) {
	out, err := o.Do(ctx, k, a, in)
	if !errors.Is(err, errNoKey) {
		return out, err
	}
	if _, err := makeKey.Do(ctx, k, op.System("", 0, a.Channel), struct{}{}); err != nil {
		return out, err
	}
	return o.Do(ctx, k, a, in)
}

var link = op.Define(op.Spec{Name: "agreement.link", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, in Wanted) (Linked, error) {
		country, ok := rulebook.Known(u.Book(), in.Country)
		if !ok || country.Code != in.Country {
			return Linked{}, refusal.Argument.On("country")
		}
		v, languages, err := currentFor(ctx, u.Tx, in.Country)
		if err != nil {
			return Linked{}, err
		}
		out := Linked{Country: in.Country, Language: DefaultLanguage, Rank: v.Rank}
		base, _, _ := strings.Cut(in.Language, "-")
		if slices.Contains(country.Cultures, in.Language) && slices.Contains(languages, base) {
			out.Language = in.Language
		}
		key, err := readKey(ctx, u.Tx)
		if err != nil {
			return Linked{}, err
		}
		out.Token = key.token(Text{Rank: v.Rank, Language: out.Language}, u.Now.Add(LinkTime))
		return out, nil
	})

// Current returns the version that the customers in the country of the actor's
// organisation would accept now (api-customers.md, 11.1).
var Current = op.Define(op.Spec{Name: "agreement.current", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Version, error) {
		t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return Version{}, err
		}
		v, _, err := currentFor(ctx, u.Tx, t.Country)
		return v, err
	})

func currentFor(ctx context.Context, t *db.Tx, country string) (Version, []string, error) {
	all, err := ReadVersions(ctx, t)
	if err != nil {
		return Version{}, nil, err
	}
	v := all.Line(country).Current()
	if v.Rank == first.Rank {
		return v, v.Languages, nil
	}
	languages, err := documentLanguages(ctx, t, v.Rank)
	return v, languages, err
}

// Open returns the document that a link opens, or ErrLink.
var Open = op.Define(op.Spec{Name: "agreement.open", Action: "agreement.open"},
	func(ctx context.Context, u *op.Unit, token string) (Document, error) {
		key, err := readKey(ctx, u.Tx)
		if errors.Is(err, errNoKey) {
			return Document{}, ErrLink
		}
		if err != nil {
			return Document{}, err
		}
		text, ok := key.read(token, u.Now)
		if !ok {
			return Document{}, ErrLink
		}
		return readDocument(ctx, u.Tx, text.Rank, text.Language)
	})

// linkKey signs links.
type linkKey []byte

// errNoKey says that the installation has not made its key yet.
var errNoKey = errors.New("agreement: the installation has no key for links")

var (
	keyOf   = db.SQL(`SELECT value FROM settings WHERE name = 'agreement.linkKey'`)
	keepKey = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ('agreement.linkKey', $1, $2) ON CONFLICT (name) DO NOTHING`)
)

// makeKey makes the key of the installation unless it has one.
var makeKey = op.Define(op.Spec{Name: "agreement.link.key", Action: "agreement.open", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (struct{}, error) {
		_, err := u.Exec(ctx, keepKey, rand.Text(), db.Micros(u.Now))
		return struct{}{}, err
	})

func readKey(ctx context.Context, t *db.Tx) (linkKey, error) {
	var value string
	found, err := t.Found(ctx, keyOf, nil, &value)
	if err == nil && !found {
		err = errNoKey
	}
	return linkKey(value), err
}

// token returns the link to a text that is good until a time.
func (k linkKey) token(text Text, until time.Time) string {
	payload := fmt.Sprintf("%d.%s.%d", text.Rank, text.Language, until.Unix())
	return payload + "." + k.sign("document "+payload)
}

func (k linkKey) sign(payload string) string {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte("agreement " + payload)) // never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// read returns the text of a link that is good at now.
func (k linkKey) read(token string, now time.Time) (Text, bool) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 || !hmac.Equal([]byte(token[i+1:]), []byte(k.sign("document "+token[:i]))) {
		return Text{}, false
	}
	parts := strings.Split(token[:i], ".")
	if len(parts) != 3 {
		return Text{}, false
	}
	rank, err := strconv.ParseInt(parts[0], 10, 64)
	until, failed := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || failed != nil || now.Unix() > until {
		return Text{}, false
	}
	return Text{Rank: rank, Language: parts[1]}, true
}
