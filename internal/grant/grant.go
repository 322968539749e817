// Package grant keeps what the token endpoint hands out and has to recognise
// later: authorization codes, device codes, refresh tokens and the consent of
// people; and the keys that sign tokens. Codes and tokens themselves are never
// kept, only their SHA-256 (identity.TokenHash).
//
// Everything here follows the real time (op.Unit.Wall), because clients and
// browsers compute with their own clocks.
package grant

import (
	"errors"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
)

// How long things are good for.
const (
	CodeTime    = 10 * time.Minute
	DeviceTime  = 15 * time.Minute
	RefreshTime = 90 * 24 * time.Hour
	// PollEvery is how often a client may ask for the outcome of a device code.
	PollEvery = 5 * time.Second
)

// Subject is for whom and for which application something was granted. Methods
// are the ways in which the person proved himself (identity.ByPassword …).
type Subject struct {
	Tenant  id.Tenant
	User    id.User
	App     id.App
	Scope   string // what was asked for, as the token endpoint wrote it
	Methods []string
	// Family ties together all that came of one sign-in.
	Family string
}

// What a client presents is refused with one of these. They say nothing to
// people: the token endpoint answers with codes of its own.
var (
	ErrUnknown  = errors.New("grant: never issued, or for another application")
	ErrExpired  = errors.New("grant: no longer good")
	ErrUsed     = errors.New("grant: authorization code presented for the second time")
	ErrProof    = errors.New("grant: the code verifier does not fit")
	ErrRedirect = errors.New("grant: another redirect address than the code was made for")
	ErrPending  = errors.New("grant: nobody has typed the device code yet")
	ErrSlowDown = errors.New("grant: asked too often")
	ErrDeclined = errors.New("grant: the person said no")
)

// ErrUserCode refuses a user code that no device waits for.
var ErrUserCode = fault.New(fault.NotFound, "1000", "grant.user_code")
