// Package crashtest kills programs that write, at any moment, and looks at what
// they leave: every write that was acknowledged is there once, none is there by
// half, what is counted agrees with the counters, and the activity log verifies.
//
// It holds tests only. COMPTOIR_TEST_CRASHES sets how often they kill.
package crashtest
