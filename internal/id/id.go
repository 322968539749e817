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
// time of their installation's clock and not by the real one.
func New(now time.Time) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[8:], rand.Uint64())
	binary.BigEndian.PutUint16(u[6:], uint16(rand.Uint32()))
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
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
