// Package wire holds the JSON of the Partner Center REST API, version 1, and
// nothing else: the frozen types with their exact names, how they leave out what
// is absent, and how forgivingly requests are read (docs/spec/api-customers.md,
// sections 4, 5.3, 6 and 7).
//
// Types of answers say what the server emits; absent members are left out,
// never null, unless the contract shows null. Types of requests end in Request
// and hold only what a caller may set: everything else in a body, read-only
// members and links included, is passed over whatever its form.
//
// encoding/json (the first one) binds names without regard to case, which
// existing clients need: they send PascalCase, camelCase and mixtures.
package wire
