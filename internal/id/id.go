// Package id holds the distinct types of the identifiers that cross package
// borders, so that a user is never passed where a tenant is meant.
//
// All of them are GUIDs in lower case. They are compared as text; Parse brings
// what callers send into that form.
package id

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
)

type (
	// Tenant identifies an organisation: a partner, a customer or the operator (rule A1).
	Tenant string
	// User identifies a person's account in a tenant.
	User string
	// App identifies a registered application.
	App string
	// Group identifies a security group of a tenant.
	Group string
)

// New returns a new UUIDv7 whose time part is now, so that ids sort by the
// time of their installation's clock and not by the real one, to the
// microsecond.
func New(now time.Time) string { return make7(now, uint16(rand.Uint32()), rand.Uint64()) }

// Nth returns the n-th id of one unit of work: those made at the same moment
// sort by n.
func Nth(now time.Time, n int) string { return make7(now, uint16(n), rand.Uint64()) }

// First returns what sorts before every id that is made at t or later, and
// after every older one.
func First(t time.Time) string { return make7(t, 0, 0) }

// Moment returns the time part of an id that New made, to the millisecond; the
// zero time for one of another form.
func Moment(s string) time.Time {
	u, err := uuid.Parse(s)
	if err != nil || u.Version() != 7 {
		return time.Time{}
	}
	var ms int64
	for _, b := range u[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC()
}

// make7 lays out a UUIDv7: 48 bits of milliseconds, 12 bits for the fraction of
// one (RFC 9562, 6.2, method 3), 14 bits that count, 48 that chance fills.
func make7(now time.Time, n uint16, chance uint64) string {
	var u uuid.UUID
	ms := uint64(now.UnixMilli())
	fraction := uint16(now.UnixMicro() % 1000 * 4096 / 1000)
	binary.BigEndian.PutUint64(u[:8], ms<<16|7<<12|uint64(fraction))
	binary.BigEndian.PutUint64(u[8:], 1<<63|uint64(n&0x3fff)<<48|chance>>16)
	return u.String()
}

// Parse returns s in the form that the database keeps, and whether s is a GUID
// at all. White space around it is dropped, as some clients send it.
func Parse(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) != 36 {
		return "", false
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return "", false
	}
	return u.String(), true
}
