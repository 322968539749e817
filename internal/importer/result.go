package importer

import (
	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
)

// Outcome is what became of a row.
type Outcome string

// The outcomes.
const (
	Created Outcome = "created"
	Exists  Outcome = "exists" // already there
	Refused Outcome = "refused"
)

// Result is what became of one row.
type Result struct {
	Row  int64 // counts the records of the file from 1, without a header
	Line int64 // of the file in which it begins
	// ID is the external id of the record and Name the name of the company, as far
	// as the row could be read.
	ID, Name string
	Outcome  Outcome
	// Customer is empty for refused rows, and in a rehearsal for those that would
	// have been created.
	Customer id.Tenant
	Faults   fault.List        // why it was refused
	Warnings []finding.Finding // what was noted about a row that was not

	// AdminUserName and AdminPassword are those of the first account of a customer
	// that was created. The password is known nowhere else; no result is kept with it.
	AdminUserName, AdminPassword string
}

// Summary counts outcomes.
type Summary struct{ Created, Exists, Refused int64 }

// Rows returns how many rows s counts.
func (s Summary) Rows() int64 { return s.Created + s.Exists + s.Refused }

// Of returns how many rows of s have an outcome; "" counts all.
func (s Summary) Of(o Outcome) int64 {
	switch o {
	case Created:
		return s.Created
	case Exists:
		return s.Exists
	case Refused:
		return s.Refused
	}
	return s.Rows()
}

func (s *Summary) count(results []Result) {
	for _, r := range results {
		switch r.Outcome {
		case Created:
			s.Created++
		case Exists:
			s.Exists++
		case Refused:
			s.Refused++
		}
	}
}
