// Package archive takes everything out of an installation and puts it into
// another: as JSON lines that either engine writes and reads, and as backups.
//
// The first line of an archive names its schema, the last one counts the rows
// and carries the SHA-256 of all lines before it, so that a file that was cut
// off or damaged is refused. Between them each table has a line that names its
// columns, then a line for each row: an array with its values, binary ones in
// base64. Two archives of the same state are the same, whatever the engine.
package archive

import (
	"errors"
	"fmt"
)

// format is the version of the form of archives.
const format = 1

// head is the first line of an archive.
type head struct {
	Archive string // product
	Format  int
	Schema  int64 // number of the newest migration
}

// section is the line before the rows of a table.
type section struct {
	Table   string
	Columns []string
}

// tail is the last line.
type tail struct {
	End    bool
	Rows   int64
	SHA256 string // of all lines before, in hexadecimal
}

const product = "comptoir"

// Why an archive or a backup is not taken.
var (
	// ErrDamaged refuses a file that is none, was cut off or was changed.
	ErrDamaged = errors.New("the archive is damaged or incomplete")
	// ErrVersion refuses an archive of another schema.
	ErrVersion = errors.New("the archive is of another version")
	// ErrNotEmpty refuses a database that holds something.
	ErrNotEmpty = errors.New("the database is not empty")
	// ErrInUse refuses a database file that another program has open.
	ErrInUse = errors.New("the database is in use; end the server first")
	// ErrExists refuses to write over a file.
	ErrExists = errors.New("the file exists already")
)

func damaged(line int64, format string, args ...any) error {
	return fmt.Errorf("%w: line %d: %w", ErrDamaged, line, fmt.Errorf(format, args...))
}
