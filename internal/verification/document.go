package verification

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Bounds of documents (portal P-7).
const (
	MaxDocument  = 10 << 20  // bytes of one
	MaxDocuments = 5         // that go with one appeal or answer
	pieceSize    = 512 << 10 // bytes of a document in one piece
	// keepUnsent is how long a document is kept that was added and never sent.
	keepUnsent = 7 * 24 * time.Hour
)

// Refusals of documents; Name is that of the file.
var (
	// ErrDocumentType refuses a file that is no PDF, PNG or JPEG; argument Name.
	ErrDocumentType = fault.New(fault.Invalid, "2000", "verification.document.type")
	// ErrDocumentSize refuses a file that is too large; arguments Name and Max, in megabytes.
	ErrDocumentSize = fault.New(fault.TooLarge, "2000", "verification.document.size")
	// ErrDocumentCount refuses one more file; arguments Name and Max.
	ErrDocumentCount = fault.New(fault.Conflict, "2000", "verification.document.count")
)

// Document is a file that a partner handed in.
type Document struct {
	ID   string
	Case string // "" until it is sent
	Name string
	Type string // "application/pdf", "image/png" or "image/jpeg"
	Size int64
	// AddedBy is a user name.
	AddedBy string
	AddedAt time.Time

	pieces int64
}

// kinds are the beginnings of the files that are taken.
var kinds = []struct{ begins, mediaType string }{
	{"%PDF-", "application/pdf"},
	{"\x89PNG\r\n\x1a\n", "image/png"},
	{"\xff\xd8\xff", "image/jpeg"},
}

// mediaTypeOf returns what data is, whatever its name says; "" for anything else.
func mediaTypeOf(data []byte) string {
	for _, k := range kinds {
		if bytes.HasPrefix(data, []byte(k.begins)) {
			return k.mediaType
		}
	}
	return ""
}

var (
	insertDocument = db.SQL(`INSERT INTO verification_documents (partner_id, customer_id, id, case_id, name, type, size, pieces, added_by, added_at)
		VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8, $9)`)
	insertPiece     = db.SQL(`INSERT INTO verification_document_pieces (partner_id, customer_id, document_id, number, data) VALUES ($1, $2, $3, $4, $5)`)
	readPiece       = db.SQL(`SELECT data FROM verification_document_pieces WHERE partner_id = $1 AND customer_id = $2 AND document_id = $3 AND number = $4`)
	selectDocuments = db.SQL(`SELECT id, case_id, name, type, size, pieces, added_by, added_at FROM verification_documents
		WHERE partner_id = $1 AND customer_id = $2 ORDER BY id`)
	// The condition is an argument so that PostgreSQL takes the key, not the index of what is unsent everywhere.
	sendDocuments  = db.SQL(`UPDATE verification_documents SET case_id = $3 WHERE partner_id = $1 AND customer_id = $2 AND case_id = $4`)
	deleteDocument = db.SQL(`DELETE FROM verification_documents WHERE partner_id = $1 AND customer_id = $2 AND id = $3 AND case_id = ''`)
	deletePieces   = db.SQL(`DELETE FROM verification_document_pieces WHERE partner_id = $1 AND customer_id = $2 AND document_id = $3`)
	unsentBefore   = db.SQL(`SELECT partner_id, customer_id, id FROM verification_documents WHERE case_id = '' AND added_at < $1
		ORDER BY added_at, id LIMIT $2`)
)

// unsent is the case of a document that was not sent with anything yet.
const unsent = ""

// NewDocument is the input of AddDocument. What it is shows its content, not its name.
type NewDocument struct {
	Customer id.Tenant
	Name     string
	Data     []byte
}

// ConcernsCustomer implements op.Concerning.
func (n NewDocument) ConcernsCustomer() id.Tenant { return n.Customer }

// AddDocument keeps a document for the next appeal or answer about an account.
// It refuses anything but PDF, PNG and JPEG with ErrDocumentType, more than
// MaxDocument bytes with ErrDocumentSize, and more than MaxDocuments files with
// ErrDocumentCount.
var AddDocument = op.Define(op.Spec{Name: "verification.document.add", Action: "customer.verification.resubmit", Write: true},
	func(ctx context.Context, u *op.Unit, in NewDocument) (Document, error) {
		d := Document{
			ID: u.NewID(), Name: naming.FileName(in.Name), Type: mediaTypeOf(in.Data), Size: int64(len(in.Data)),
			AddedBy: u.Actor.UserName, AddedAt: u.Now,
		}
		switch {
		case d.Size > MaxDocument:
			return d, ErrDocumentSize.On("file").With("Name", d.Name).With("Max", MaxDocument>>20)
		case d.Type == "":
			return d, ErrDocumentType.On("file").With("Name", d.Name)
		}
		account := Account{u.Actor.Tenant, in.Customer}
		if _, err := latest(ctx, u.Tx, account.Partner, account.Customer); err != nil {
			return d, err
		}
		unsent, err := unsentOf(ctx, u.Tx, account)
		if err != nil {
			return d, err
		}
		if len(unsent) >= MaxDocuments {
			return d, ErrDocumentCount.On("file").With("Name", d.Name).With("Max", MaxDocuments)
		}
		return d, d.insert(ctx, u, account, in.Data)
	})

func (d *Document) insert(ctx context.Context, u *op.Unit, a Account, data []byte) error {
	for len(data) > 0 {
		piece := data[:min(len(data), pieceSize)]
		data = data[len(piece):]
		if _, err := u.Exec(ctx, insertPiece, a.Partner, a.Customer, d.ID, d.pieces, piece); err != nil {
			return err
		}
		d.pieces++
	}
	_, err := u.Exec(ctx, insertDocument, a.Partner, a.Customer, d.ID, d.Name, d.Type, d.Size, d.pieces, d.AddedBy, db.Micros(d.AddedAt))
	return err
}

// unsentOf returns the documents that wait to be sent.
func unsentOf(ctx context.Context, t *db.Tx, a Account) ([]Document, error) {
	all, err := documentsOf(ctx, t, a)
	var unsent []Document
	for _, d := range all {
		if d.Case == "" {
			unsent = append(unsent, d)
		}
	}
	return unsent, err
}

// documentsOf returns the documents about an account, the oldest first.
func documentsOf(ctx context.Context, t *db.Tx, a Account) ([]Document, error) {
	return db.All(ctx, t, selectDocuments, []any{a.Partner, a.Customer}, func(row db.Row) (Document, error) {
		var d Document
		var at int64
		err := row.Scan(&d.ID, &d.Case, &d.Name, &d.Type, &d.Size, &d.pieces, &d.AddedBy, &at)
		d.AddedAt = db.Time(at)
		return d, err
	})
}

// sendDocuments puts the documents that wait into the hands of the reviewer of c.
func (c Case) sendDocuments(ctx context.Context, u *op.Unit) error {
	_, err := u.Exec(ctx, sendDocuments, c.Partner, c.Customer, c.ID, unsent)
	return err
}

// OwnDocument names a document of the actor's organization.
type OwnDocument struct {
	Customer id.Tenant
	ID       string
}

// ConcernsCustomer implements op.Concerning.
func (d OwnDocument) ConcernsCustomer() id.Tenant { return d.Customer }

// RemoveDocument removes a document that was not sent. One that was stays, and is
// refusal.NotFound.
var RemoveDocument = op.Define(op.Spec{Name: "verification.document.remove", Action: "customer.verification.resubmit", Write: true},
	func(ctx context.Context, u *op.Unit, in OwnDocument) (struct{}, error) {
		return struct{}{}, remove(ctx, u, Account{u.Actor.Tenant, in.Customer}, in.ID)
	})

func remove(ctx context.Context, u *op.Unit, a Account, document string) error {
	n, err := u.Exec(ctx, deleteDocument, a.Partner, a.Customer, document)
	if err == nil && n == 0 {
		err = refusal.NotFound
	}
	if err != nil {
		return err
	}
	_, err = u.Exec(ctx, deletePieces, a.Partner, a.Customer, document)
	return err
}

// Content is a document with what is in it.
type Content struct {
	Document
	Data []byte
}

// ReadDocument returns a document that the actor's organization handed in, or
// refusal.NotFound.
var ReadDocument = op.Define(op.Spec{Name: "verification.document.read", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in OwnDocument) (Content, error) {
		return read(ctx, u.Tx, Account{u.Actor.Tenant, in.Customer}, in.ID, true)
	})

// SentDocument names a document that an account's partner handed in.
type SentDocument struct {
	Account
	ID string
}

// InspectDocument returns a document that was handed in to a reviewer, or
// refusal.NotFound.
var InspectDocument = op.Define(op.Spec{Name: "verification.document.inspect", Action: "verification.view"},
	func(ctx context.Context, u *op.Unit, in SentDocument) (Content, error) {
		return read(ctx, u.Tx, in.Account, in.ID, false)
	})

// read returns a document, one that was not sent to its partner alone.
func read(ctx context.Context, t *db.Tx, a Account, document string, unsent bool) (Content, error) {
	all, err := documentsOf(ctx, t, a)
	if err != nil {
		return Content{}, err
	}
	for _, d := range all {
		if d.ID != document || d.Case == "" && !unsent {
			continue
		}
		c := Content{Document: d, Data: make([]byte, 0, d.Size)}
		for number := range d.pieces {
			var piece []byte
			if err := t.QueryRow(ctx, readPiece, []any{a.Partner, a.Customer, d.ID, number}, &piece); err != nil {
				return Content{}, fmt.Errorf("document %s, piece %d: %w", d.ID, number, err)
			}
			c.Data = append(c.Data, piece...)
		}
		return c, nil
	}
	return Content{}, refusal.NotFound
}

// Removes documents that were added and never sent.
var _ = job.Define("verification.documents", job.Options{Next: job.Daily(3, 30)},
	func(ctx context.Context, u *op.Unit, r *job.Run, _ struct{}) error {
		rows, err := u.Query(ctx, unsentBefore, db.Micros(u.Now.Add(-keepUnsent)), 1000)
		if err != nil {
			return err
		}
		var old []SentDocument
		for rows.Next() {
			var d SentDocument
			if err := rows.Scan(&d.Partner, &d.Customer, &d.ID); err != nil {
				rows.Close()
				return err
			}
			old = append(old, d)
		}
		rows.Close()
		for _, d := range old {
			if err := remove(ctx, u, d.Account, d.ID); err != nil {
				return err
			}
		}
		r.Result = fmt.Sprintf("%d documents removed", len(old))
		return rows.Err()
	})
