package archive

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"comptoir/internal/db"
)

// Backup writes a consistent copy of d to path while d goes on working: a
// database file for SQLite, a compressed archive for PostgreSQL. A file at path
// stays as it is. The copy is on the disk when Backup returns; one that fails
// leaves nothing.
func Backup(ctx context.Context, d *db.DB, path string) (err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup to %s: %w", path, errors.Join(ErrExists, err))
	}
	part := path + ".part"
	defer func() {
		if err != nil {
			err = fmt.Errorf("backup to %s: %w", path, errors.Join(err, removeIfThere(part)))
		}
	}()
	if err := removeIfThere(part); err != nil {
		return err
	}
	write := compressed
	if d.Engine() == db.SQLite {
		write = copied
	}
	if err := write(ctx, d, part); err != nil {
		return err
	}
	return publish(part, path)
}

func copied(ctx context.Context, d *db.DB, path string) error { return d.CopyTo(ctx, path) }

func compressed(ctx context.Context, d *db.DB, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	zip := gzip.NewWriter(file)
	return errors.Join(Export(ctx, d, zip), zip.Close(), file.Close())
}

// publish flushes part to the disk and gives it its name.
func publish(part, path string) error {
	if err := flush(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return flush(filepath.Dir(path))
}

// flush writes a file, or the names in a folder, to the disk.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}
