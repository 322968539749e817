package importer

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Bounds of what is kept of uploads.
const (
	MaxUpload = 2 << 30   // bytes of a file
	MaxKept   = 10        // files that one person may have here at once
	chunkSize = 512 << 10 // bytes of a file in one piece
)

// ErrTooManyKept refuses one more file; argument Max.
var ErrTooManyKept = fault.New(fault.Conflict, "800018", "importer.upload.many")

// errPieceGone says that a file is not kept any more, or not whole.
var errPieceGone = errors.New("importer: the file is not there any more")

// errUploadOver is a mistake of the caller: a file that is complete does not grow.
var errUploadOver = errors.New("importer: the upload is over")

var (
	insertChunk  = db.SQL(`INSERT INTO import_chunks (partner_id, import_id, number, data) VALUES ($1, $2, $3, $4)`)
	readChunk    = db.SQL(`SELECT data FROM import_chunks WHERE partner_id = $1 AND import_id = $2 AND number = $3`)
	deleteChunks = db.SQL(`DELETE FROM import_chunks WHERE partner_id = $1 AND import_id = $2 AND number >= $3 AND number < $4`)
)

// Upload keeps a file of the actor's organization, to be imported later (policy
// customer.add). Only who uploaded it may use it. name is shown, nothing else.
// body is read as it comes, and no transaction waits for it. Upload refuses a
// file that is larger than MaxUpload with refusal.TooLarge, one without a row with
// ErrEmptyFile, and more files than MaxKept; nothing is kept of those, nor of a
// file that did not arrive whole.
func Upload(ctx context.Context, k *op.Kernel, a op.Actor, name string, body io.Reader) (Import, error) {
	return upload(ctx, k, a, name, body, MaxUpload)
}

func upload(ctx context.Context, k *op.Kernel, a op.Actor, name string, body io.Reader, limit int64) (Import, error) {
	a.IdempotencyKey = "" // of the request, not of each piece
	i, err := beginUpload.Do(ctx, k, a, name)
	if err != nil {
		return Import{}, err
	}
	whole, err := complete(ctx, k, a, i.ID, body, limit)
	if err != nil {
		_, discarded := Discard.Do(context.WithoutCancel(ctx), k, a, ByID{i.ID})
		return Import{}, errors.Join(err, discarded)
	}
	return whole, nil
}

// complete receives the file of an import and looks what it is.
func complete(ctx context.Context, k *op.Kernel, a op.Actor, importID string, body io.Reader, limit int64) (Import, error) {
	var look recogniser
	if err := receive(ctx, k, a, importID, io.TeeReader(body, &look), limit); err != nil {
		return Import{}, err
	}
	done := received{importID, look.encoding()}
	if _, err := checkRows.Do(ctx, k, a, done); err != nil {
		return Import{}, err
	}
	return completeUpload.Do(ctx, k, a, done)
}

func receive(ctx context.Context, k *op.Kernel, a op.Actor, importID string, body io.Reader, limit int64) error {
	buffer := make([]byte, chunkSize)
	var size int64
	for number := int64(0); ; number++ {
		n, err := io.ReadFull(body, buffer)
		whole := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !whole {
			return fmt.Errorf("upload: %w", err)
		}
		if size += int64(n); size > limit {
			return refusal.TooLarge.With("Limit", limit)
		}
		if n > 0 {
			c := chunk{importID, number, int64(n), packed(buffer[:n])}
			if _, err := appendChunk.Do(ctx, k, a, c); err != nil {
				return err
			}
		}
		if whole {
			return nil
		}
	}
}

// ByID is the input of operations about one of the actor's own imports.
type ByID struct{ ID string }

var beginUpload = doors("importer.upload", true,
	func(ctx context.Context, u *op.Unit, name string) (Import, error) {
		var kept int64
		if err := u.QueryRow(ctx, keptImports, []any{u.Actor.Tenant, u.Actor.User}, &kept); err != nil {
			return Import{}, err
		}
		if kept >= MaxKept {
			return Import{}, ErrTooManyKept.With("Max", MaxKept)
		}
		newID := u.NewID()
		_, err := u.Exec(ctx, insertImport, u.Actor.Tenant, newID, u.Actor.User, u.Actor.UserName, u.Actor.Locale, naming.FileName(name), db.Micros(u.Now))
		if err != nil {
			return Import{}, err
		}
		return find(ctx, u.Tx, u.Actor.Tenant, newID)
	})

// chunk is a piece of an upload.
type chunk struct {
	Import string
	Number int64
	Size   int64 // unpacked
	Data   []byte
}

var appendChunk = doors("importer.upload.chunk", true,
	func(ctx context.Context, u *op.Unit, in chunk) (struct{}, error) {
		if _, err := findOwn(ctx, u, in.Import); err != nil {
			return struct{}{}, err
		}
		n, err := u.Exec(ctx, growImport, u.Actor.Tenant, in.Import, in.Number, in.Size)
		if err == nil && n == 0 {
			err = errUploadOver
		}
		if err != nil {
			return struct{}{}, err
		}
		_, err = u.Exec(ctx, insertChunk, u.Actor.Tenant, in.Import, in.Number, in.Data)
		return struct{}{}, err
	})

// received is a file that has arrived whole, and what it was recognised as.
type received struct {
	ID       string
	Encoding Encoding
}

// checkRows refuses a file that has no row. One that cannot be read for another
// reason stays: its page asks how it is to be read.
var checkRows = doors("importer.upload.check", false,
	func(ctx context.Context, u *op.Unit, in received) (struct{}, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		_, err = i.open(ctx, u.Tx, Options{Encoding: in.Encoding})
		if errors.Is(err, ErrEmptyFile) || fault.All(err) == nil {
			return struct{}{}, err
		}
		return struct{}{}, nil
	})

var completeUpload = doors("importer.upload.complete", true,
	func(ctx context.Context, u *op.Unit, in received) (Import, error) {
		if _, err := findOwn(ctx, u, in.ID); err != nil {
			return Import{}, err
		}
		n, err := u.Exec(ctx, completeImport, u.Actor.Tenant, in.ID, in.Encoding)
		if err == nil && n == 0 {
			err = errUploadOver
		}
		if err != nil {
			return Import{}, err
		}
		return find(ctx, u.Tx, u.Actor.Tenant, in.ID)
	})

// packed returns data compressed.
func packed(data []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed) // the level is a valid one
	w.Write(data)                                //nolint:errcheck // a buffer takes everything
	w.Close()                                    //nolint:errcheck // likewise
	return b.Bytes()
}

// unpacked is the inverse of packed.
func unpacked(data []byte) ([]byte, error) {
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(data)))
	if err != nil {
		return nil, fmt.Errorf("importer: unpack: %w", err)
	}
	return text, nil
}

// chunkReader reads a kept file, a piece at a time.
type chunkReader struct {
	piece  func(number int64) ([]byte, error) // packed
	chunks int64

	number int64
	rest   []byte
}

// Read implements io.Reader.
func (r *chunkReader) Read(into []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.number == r.chunks {
			return 0, io.EOF
		}
		data, err := r.piece(r.number)
		if err != nil {
			return 0, err
		}
		r.number++
		if r.rest, err = unpacked(data); err != nil {
			return 0, err
		}
	}
	n := copy(into, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// contentIn returns the content of i, read in the transaction t.
func (i Import) contentIn(ctx context.Context, t *db.Tx) io.Reader {
	return &chunkReader{chunks: i.chunks, piece: func(number int64) ([]byte, error) {
		return readPiece(ctx, t, piece{i.Partner, i.ID, number})
	}}
}

// open opens the file of i at its first row, in the transaction t.
func (i Import) open(ctx context.Context, t *db.Tx, o Options) (*file, error) {
	f, err := openFile(i.contentIn(ctx, t), i.reading(o))
	if err != nil {
		return nil, err
	}
	return f, f.begin()
}

// reading returns o with what the file was recognised as, where o leaves that open.
func (i Import) reading(o Options) Options {
	if o.Encoding == "" {
		o.Encoding = i.Encoding
	}
	return o
}

// piece names a piece of a kept file.
type piece struct {
	partner  id.Tenant
	importID string
	number   int64
}

func readPiece(ctx context.Context, t *db.Tx, p piece) ([]byte, error) {
	var data []byte
	found, err := t.Found(ctx, readChunk, []any{p.partner, p.importID, p.number}, &data)
	if err == nil && !found {
		err = fmt.Errorf("%w: piece %d of import %s", errPieceGone, p.number, p.importID)
	}
	return data, err
}
