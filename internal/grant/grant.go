// Package grant keeps what the token endpoint hands out and has to recognise
// later: authorization codes, device codes, refresh tokens and the consent of
// people; and the keys that sign tokens. Codes and tokens themselves are never
// kept, only their SHA-256 (identity.TokenHash).
//
// Everything here follows the real time (op.Unit.Wall), because clients and
// browsers compute with their own clocks.
package grant

import (
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

// Refusals of what a client presents. The token endpoint answers with codes of
// its own.
var (
	ErrUnknown   = fault.New(fault.Unauthenticated, "400", "grant.unknown")   // never issued, or for another application
	ErrExpired   = fault.New(fault.Unauthenticated, "400", "grant.expired")   // was good once
	ErrUsed      = fault.New(fault.Unauthenticated, "400", "grant.used")      // an authorization code for the second time
	ErrProof     = fault.New(fault.Unauthenticated, "400", "grant.proof")     // the code verifier does not fit (PKCE)
	ErrRedirect  = fault.New(fault.Unauthenticated, "400", "grant.redirect")  // another redirect address than the code was made for
	ErrPending   = fault.New(fault.Unauthenticated, "400", "grant.pending")   // nobody has typed the device code yet
	ErrSlowDown  = fault.New(fault.Unauthenticated, "400", "grant.slow_down") // asked too often
	ErrDeclined  = fault.New(fault.Unauthenticated, "400", "grant.declined")  // the person said no
	ErrUserCode  = fault.New(fault.NotFound, "1000", "grant.user_code")       // no device waits for this code
	ErrNoConsent = fault.New(fault.Forbidden, "2032", "grant.no_consent")     // the person has not allowed the application
)
