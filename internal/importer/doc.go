// Package importer adds customers in bulk from files that a partner has: JSON
// lines and CSV of any dialect. Every row ends as created, already there or
// refused with its reasons; nothing is lost, and a second run creates nothing.
package importer
