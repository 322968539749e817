package grant

import (
	"context"
	"crypto/rand"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

var (
	insertDevice = db.SQL(`INSERT INTO device_codes (hash, user_code, authority, app_id, scope, state, tenant_id, user_id, methods, polled_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, 'waiting', '', '', '', 0, $6)`)
	deviceByHash = db.SQL(`SELECT authority, app_id, scope, state, tenant_id, user_id, methods, polled_at, expires_at
		FROM device_codes WHERE hash = $1`)
	deviceByCode = db.SQL(`SELECT authority, app_id, scope, expires_at FROM device_codes WHERE user_code = $1 AND state = 'waiting'`)
	decideDevice = db.SQL(`UPDATE device_codes SET state = $2, tenant_id = $3, user_id = $4, methods = $5
		WHERE user_code = $1 AND state = 'waiting'`)
	pollDevice   = db.SQL(`UPDATE device_codes SET polled_at = $2 WHERE hash = $1`)
	deleteDevice = db.SQL(`DELETE FROM device_codes WHERE hash = $1`)
)

// userCodeAlphabet has no letters that are mistaken for others, and no vowels,
// so that a code spells no word.
const userCodeAlphabet = "BCDFGHJKLMNPQRSTVWXZ"

// userCodeSize gives 20^9 codes: with fewer than a thousand waiting at a time, a
// guess hits one with a chance of one in five hundred million.
const userCodeSize = 9

func newUserCode() string {
	code := make([]byte, 0, userCodeSize)
	one := make([]byte, 1)
	for len(code) < userCodeSize {
		rand.Read(one)
		if one[0] < 240 { // a multiple of 20, so that all letters are equally likely
			code = append(code, userCodeAlphabet[one[0]%20])
		}
	}
	return string(code)
}

// NormaliseUserCode brings a typed code into the form in which it was issued.
func NormaliseUserCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(userCodeAlphabet, r) {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
}

// Device is a client that waits for a person with a browser.
type Device struct {
	// Authority is the organisation that the client named: a domain, an id,
	// "common" or "organizations".
	Authority string
	App       string
	Scope     string
}

type newDevice struct {
	Hash     []byte
	UserCode string
	Device   Device
}

var saveDevice = op.Define(op.Spec{Name: "grant.device.save", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in newDevice) (struct{}, error) {
		d := in.Device
		_, err := u.Exec(ctx, insertDevice, in.Hash, in.UserCode, d.Authority, d.App, d.Scope, db.Micros(u.Wall.Add(DeviceTime)))
		return struct{}{}, err
	})

// IssueDevice returns a device code for the client and the user code that a
// person types.
func IssueDevice(ctx context.Context, k *op.Kernel, a op.Actor, d Device) (deviceCode, userCode string, err error) {
	deviceCode = identity.Token()
	for range 3 {
		userCode = newUserCode()
		_, err = saveDevice.Do(ctx, k, a, newDevice{identity.TokenHash(deviceCode), userCode, d})
		if !db.IsUnique(err) {
			break
		}
	}
	return deviceCode, userCode, err
}

// FindDevice returns the client that waits for a user code, or ErrUserCode.
var FindDevice = op.Define(op.Spec{Name: "grant.device.find", Action: "profile.update"}, waiting)

func waiting(ctx context.Context, u *op.Unit, userCode string) (Device, error) {
	var d Device
	var expires int64
	found, err := u.Found(ctx, deviceByCode, []any{NormaliseUserCode(userCode)}, &d.Authority, &d.App, &d.Scope, &expires)
	if err == nil && (!found || !u.Wall.Before(db.Time(expires))) {
		err = ErrUserCode
	}
	return d, err
}

// Decision is what a person says to a device code.
type Decision struct {
	UserCode string
	Approve  bool
	Methods  []string // how the person proved himself
}

// Decide approves or declines a device code for the actor, and returns the
// client that waited. It refuses with ErrUserCode when none does.
var Decide = op.Define(op.Spec{Name: "grant.device.decide", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Device, error) {
		d, err := waiting(ctx, u, in.UserCode)
		if err != nil {
			return Device{}, err
		}
		state := "declined"
		if in.Approve {
			state = "approved"
		}
		_, err = u.Exec(ctx, decideDevice, NormaliseUserCode(in.UserCode), state, u.Actor.Tenant, u.Actor.User, strings.Join(in.Methods, " "))
		return d, err
	})

type polled struct {
	subject   Subject
	authority string
	refused   error
}

var poll = op.Define(op.Spec{Name: "grant.device.poll", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in presented) (polled, error) {
		var p polled
		var state, methods string
		var last, expires int64
		s := &p.subject
		found, err := u.Found(ctx, deviceByHash, []any{in.hash}, &p.authority, &s.App, &s.Scope, &state, &s.Tenant, &s.User, &methods, &last, &expires)
		if err != nil {
			return polled{}, err
		}
		s.Methods = strings.Fields(methods)
		early := u.Wall.Sub(db.Time(last)) < PollEvery/2
		switch {
		case !found || string(s.App) != in.client:
			return polled{refused: ErrUnknown}, nil
		case !u.Wall.Before(db.Time(expires)):
			return polled{refused: ErrExpired}, nil
		case state == "approved":
			_, err := u.Exec(ctx, deleteDevice, in.hash)
			return p, err
		case state == "declined":
			_, err := u.Exec(ctx, deleteDevice, in.hash)
			return polled{refused: ErrDeclined}, err
		case last != 0 && early:
			return polled{refused: ErrSlowDown}, nil
		}
		_, err = u.Exec(ctx, pollDevice, in.hash, db.Micros(u.Wall))
		return polled{refused: ErrPending}, err
	})

// Poll returns for whom a device code of the application client was approved,
// once. Until then it refuses with ErrPending or ErrSlowDown, and at the end
// with ErrDeclined, ErrExpired or ErrUnknown.
func Poll(ctx context.Context, k *op.Kernel, a op.Actor, deviceCode, client string) (Subject, error) {
	p, err := poll.Do(ctx, k, a, presented{identity.TokenHash(deviceCode), client})
	if err != nil {
		return Subject{}, err
	}
	if p.refused != nil {
		return Subject{}, p.refused
	}
	return p.subject, nil
}
