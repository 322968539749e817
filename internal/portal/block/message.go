package block

// Message is a bar above the content: standing advice, or the answer to what
// the reader just did.
type Message struct {
	Tone  Tone
	Title string
	// Text says what happened, why, and what to do.
	Text  string
	Links []Link
	// Code and Correlation identify an error; both can be copied.
	Code        string
	Correlation string
	// Closable messages can be put away until the next page.
	Closable bool
}

// Toast is a short confirmation that leaves after five seconds. Errors stay
// until closed and are repeated in a Message (portal 0.5).
type Toast struct {
	Tone  Tone
	Text  string
	Links []Link
	// Undo is the address that takes the action back; only where that is real.
	Undo string
	CSRF string
}

// FieldError is one line of an ErrorSummary.
type FieldError struct {
	// Field is the ID of the field; empty when the error concerns the whole form.
	Field string
	Text  string
}

// EmptyState explains why there is nothing to see and what to do about it.
type EmptyState struct {
	Kind  EmptyKind
	Title string
	Text  string
	// Actions are the ways on; the first is the main one.
	Actions []Button
	// Code and Correlation identify an error.
	Code        string
	Correlation string
}

// EmptyKind is the reason why a list or page shows nothing (portal 0.3).
type EmptyKind uint8

// The kinds of emptiness.
const (
	NothingYet EmptyKind = iota
	NoMatch              // filters or search leave nothing
	NoRight              // the reader may not see it (RF-10)
	NoGrant              // a delegated role is missing (RF-41)
	LoadError            // it could not be loaded
	NotHere              // no such page or record
)
