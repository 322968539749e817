// Package finding is the language in which a rule says "this looks odd" without
// refusing: a warning for the person who submits, and a note for the reviewer
// who decides the verification case.
package finding

// Finding is one observation about an input.
type Finding struct {
	// Code names what was observed, stable over releases, because findings are
	// stored with verification cases: a rule of names ("CN08") or an observation
	// of places ("registration.checksum").
	Code string
	// Key names the sentence in the catalogues; Args fill its placeholders.
	Key string
	// Field is the input member concerned, as a path in wire names
	// ("billingProfile.companyName").
	Field string
	Args  map[string]any
}
