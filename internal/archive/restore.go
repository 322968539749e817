package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"comptoir/internal/db"
)

// Restore puts a backup, or an archive, of either engine and of this or an older
// version into the database that target names as in db.Open, and brings it to
// the schema of this program. A database that holds something is refused unless
// force is set; then it gives way. Either the whole backup is in place
// afterwards, or target is as it was. The server must not run on target.
func Restore(ctx context.Context, backup, target string, force bool) error {
	put := intoFile
	if strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://") {
		put = intoServer
	}
	if err := put(ctx, backup, target, force); err != nil {
		return fmt.Errorf("restore %s: %w", backup, err)
	}
	return nil
}

// intoFile builds the database beside the target and puts it in its place.
func intoFile(ctx context.Context, backup, target string, force bool) (err error) {
	if err := vacant(ctx, target, force); err != nil {
		return err
	}
	part := target + ".part"
	defer func() {
		if err != nil {
			err = errors.Join(err, removeDatabase(part))
		}
	}()
	if err := removeDatabase(part); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o750); err != nil {
		return err
	}
	if err := build(ctx, backup, part); err != nil {
		return err
	}
	return publish(part, target)
}

// intoServer imports the backup into the PostgreSQL database that target names.
func intoServer(ctx context.Context, backup, target string, force bool) (err error) {
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	s, err := open(backup)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if s.schema == db.Latest() {
		return load(ctx, d, s, force)
	}
	// Anything else is brought to the present schema in a file first.
	dir, err := os.MkdirTemp("", "comptoir-restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "comptoir.db")
	if err := build(ctx, backup, file); err != nil {
		return err
	}
	return pour(ctx, file, d, force)
}

// pour exports a database file into d.
func pour(ctx context.Context, file string, d *db.DB, force bool) (err error) {
	from, err := db.Open(ctx, file, db.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := Export(ctx, from, in)
		in.CloseWithError(err)
		done <- err
	}()
	err = load(ctx, d, out, force)
	out.CloseWithError(errors.New("the import ended"))
	if exported := <-done; err == nil {
		err = exported
	}
	return err
}

// build makes a database file of the present schema from a backup.
func build(ctx context.Context, backup, file string) (err error) {
	s, err := open(backup)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if s.sqlite {
		if err := copyFile(backup, file); err != nil {
			return err
		}
	}
	d, err := db.Open(ctx, file, db.Options{})
	if err != nil {
		if s.sqlite {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if s.sqlite {
		if s.schema, err = inspect(ctx, d); err != nil {
			return err
		}
	}
	if s.schema > db.Latest() {
		return fmt.Errorf("%w: it has schema %d, and this program knows %d", ErrVersion, s.schema, db.Latest())
	}
	if !s.sqlite {
		if err := d.MigrateTo(ctx, s.schema); err != nil {
			return err
		}
		if err := load(ctx, d, s, false); err != nil {
			return err
		}
	}
	return d.Migrate(ctx)
}

// inspect returns the schema of a database file that may be damaged, or none of
// ours.
func inspect(ctx context.Context, d *db.DB) (int64, error) {
	var verdict string
	if err := d.Pool().QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if verdict != "ok" {
		return 0, fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	version, err := d.Version(ctx)
	if err != nil {
		return 0, fmt.Errorf("%w: it has no schema of ours: %w", ErrDamaged, err)
	}
	return version, nil
}

// vacant makes sure that a file may take the place of target: there is none, or
// nothing is in it, or force is set; and nobody has it open.
func vacant(ctx context.Context, target string, force bool) error {
	if _, err := os.Stat(target); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	err := probe(ctx, target)
	// Whoever closes a database last removes its log.
	if _, err := os.Stat(target + "-wal"); err == nil {
		return ErrInUse
	}
	if force {
		return nil
	}
	return err
}

// probe returns an error when target holds something.
func probe(ctx context.Context, target string) (err error) {
	d, err := db.Open(ctx, target, db.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.Read(ctx, func(ctx context.Context, t *db.Tx) error {
		all, err := tables(ctx, t)
		if err != nil {
			return err
		}
		return new(reader).clear(ctx, t, all)
	})
}

func removeDatabase(path string) error {
	return errors.Join(removeIfThere(path), removeIfThere(path+"-wal"), removeIfThere(path+"-shm"))
}

// source is an opened backup. Reading it gives the lines of an archive.
type source struct {
	io.Reader
	close  func() error
	sqlite bool  // a database file; it is copied, not read
	schema int64 // of an archive
}

// open finds out what a backup is.
func open(path string) (*source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s := &source{close: file.Close}
	if err := s.look(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}

func (s *source) look(file io.Reader) error {
	lines := bufio.NewReaderSize(file, 1<<16)
	begin, err := lines.Peek(16)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if s.sqlite = bytes.Equal(begin, []byte("SQLite format 3\x00")); s.sqlite {
		return nil
	}
	if bytes.HasPrefix(begin, []byte{0x1f, 0x8b}) {
		zip, err := gzip.NewReader(lines)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		lines = bufio.NewReaderSize(zip, 1<<16)
	}
	s.Reader = lines
	begin, err = lines.Peek(1 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	line, _, _ := bytes.Cut(begin, []byte("\n"))
	var h head
	if err := json.Unmarshal(line, &h); err != nil || h.Archive != product {
		return fmt.Errorf("%w: it is neither a database file nor an archive", ErrDamaged)
	}
	s.schema = h.Schema
	return nil
}
