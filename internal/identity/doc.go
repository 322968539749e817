// Package identity knows the organisations of an installation (rule A1), the
// people and applications in them, what they may do and how they prove who
// they are: tenants and their domains, partner profiles, users, roles, security
// groups, applications, passwords, second factors and sessions.
//
// Three things here follow the real time and not the clock of a sandbox:
// sessions, second factors and everything that a client machine computes with
// its own clock. An installation that has travelled three years ahead must
// still understand the six digits on a telephone. Operations read it from
// op.Unit.Wall, never from Now.
package identity
