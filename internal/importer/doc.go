// Package importer adds customers in bulk from files that a partner has: JSON
// lines and CSV of any dialect. Every row ends as created, already there or
// refused with its reasons; nothing is lost, and a second run creates nothing.
//
// A file is read as a stream: one goroutine cuts it into records, several bring
// records into customers and hold them against the rules, and one writes them
// in batches, in the order of the file. Memory does not grow with the file,
// except in a rehearsal, which must remember what it would have made.
//
// Run imports what a reader gives, for the command line. Upload keeps a file in
// the database, Preview shows what would be made of its first rows, and Start
// leaves a job behind that resumes after a crash without making anything twice.
package importer
