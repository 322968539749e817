package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Stage says where an import is in its life.
type Stage string

// The stages.
const (
	Uploading Stage = "uploading" // the file is not complete
	Uploaded  Stage = "uploaded"
	Waiting   Stage = "waiting" // started, and not taken up yet
	Running   Stage = "running"
	Done      Stage = "done"
	Failed    Stage = "failed"    // as a whole; rows that have a result keep it
	Cancelled Stage = "cancelled" // likewise
)

// active reports whether a job works, or will work, on an import at the stage s.
func (s Stage) active() bool { return s == Waiting || s == Running }

// Ended reports whether an import at the stage s has come to its end.
func (s Stage) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// LabelKey returns the key of the name of s.
func (s Stage) LabelKey() string {
	switch s {
	case Uploading:
		return "importer.stage.uploading"
	case Uploaded:
		return "importer.stage.uploaded"
	case Waiting:
		return "importer.stage.waiting"
	case Running:
		return "importer.stage.running"
	case Done:
		return "importer.stage.done"
	case Cancelled:
		return "importer.stage.cancelled"
	}
	return "importer.stage.failed"
}

// Import is a file that somebody uploaded, and how far its import has come.
type Import struct {
	Partner  id.Tenant
	ID       string
	User     id.User // who uploaded it
	UserName string
	Name     string   // of the file
	Size     int64    // in bytes
	Encoding Encoding // that it was recognised as; empty until it is complete
	Stage    Stage
	Options  Options // as it was started
	// Total is how many rows the file has, 0 before they were counted. Summary
	// counts those that have their result.
	Total   int64
	Summary Summary
	// Fault says why a failed import failed, nil otherwise.
	Fault *fault.Error

	UploadedAt, StartedAt, FinishedAt time.Time // zero until then

	locale string
	job    string
	chunks int64
	// passwordKey is what the passwords of new customers are sealed to, "" when
	// nobody wants them.
	passwordKey PublicKey
}

// Kept reports whether the file is still there, so that the import can be started.
// That of an import that is done goes a few pieces at a time.
func (i Import) Kept() bool {
	return i.chunks > 0 && i.Stage != Uploading && (i.Stage != Done || i.Options.DryRun)
}

const importColumns = `partner_id, id, user_id, user_name, locale, name, size, chunks, state, options, job_id,
	total, created, existing, refused, fault, uploaded_at, started_at, finished_at, encoding, password_key`

var (
	insertImport = db.SQL(`INSERT INTO imports (` + importColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 'uploading', '', '', 0, 0, 0, 0, '', $7, 0, 0, '', '')`)
	readImport  = db.SQL(`SELECT ` + importColumns + ` FROM imports WHERE partner_id = $1 AND id = $2`)
	listImports = db.SQL(`SELECT ` + importColumns + ` FROM imports
		WHERE partner_id = $1 AND user_id = $2 AND id < $3 AND started_at >= $4 ORDER BY id DESC LIMIT $5`)
	keptImports  = db.SQL(`SELECT COUNT(*) FROM imports WHERE partner_id = $1 AND user_id = $2 AND chunks > 0`)
	deleteImport = db.SQL(`DELETE FROM imports WHERE partner_id = $1 AND id = $2`)

	growImport = db.SQL(`UPDATE imports SET size = size + $4, chunks = chunks + 1
		WHERE partner_id = $1 AND id = $2 AND chunks = $3 AND state = 'uploading'`)
	completeImport = db.SQL(`UPDATE imports SET state = 'uploaded', encoding = $3 WHERE partner_id = $1 AND id = $2 AND state = 'uploading'`)
	startImport    = db.SQL(`UPDATE imports SET state = 'waiting', options = $3, job_id = $4, locale = $5, password_key = $7,
		total = 0, created = 0, existing = 0, refused = 0, fault = '', started_at = $6, finished_at = 0
		WHERE partner_id = $1 AND id = $2`)
	beginImport = db.SQL(`UPDATE imports SET state = 'running', total = $3, created = 0, existing = 0, refused = 0
		WHERE partner_id = $1 AND id = $2`)
	countImport = db.SQL(`UPDATE imports SET created = created + $3, existing = existing + $4, refused = refused + $5
		WHERE partner_id = $1 AND id = $2`)
	endImport = db.SQL(`UPDATE imports SET state = $3, fault = $4, finished_at = $5 WHERE partner_id = $1 AND id = $2`)
	emptyFile = db.SQL(`UPDATE imports SET chunks = 0 WHERE partner_id = $1 AND id = $2`)
)

func scanImport(row db.Row) (Import, error) {
	var i Import
	var options, failed string
	var uploaded, started, finished int64
	err := row.Scan(&i.Partner, &i.ID, &i.User, &i.UserName, &i.locale, &i.Name, &i.Size, &i.chunks, &i.Stage, &options, &i.job,
		&i.Total, &i.Summary.Created, &i.Summary.Exists, &i.Summary.Refused, &failed, &uploaded, &started, &finished, &i.Encoding, &i.passwordKey)
	if err != nil {
		return i, err
	}
	i.UploadedAt, i.StartedAt, i.FinishedAt = db.Time(uploaded), db.Time(started), db.Time(finished)
	if options != "" {
		if err := json.Unmarshal([]byte(options), &i.Options); err != nil {
			return i, fmt.Errorf("options of import %s: %w", i.ID, err)
		}
	}
	i.Fault, err = fault.Parse(failed)
	return i, err
}

// find returns an import of partner, or refusal.NotFound.
func find(ctx context.Context, t *db.Tx, partner id.Tenant, importID string) (Import, error) {
	found, err := scanAll(t.Query(ctx, readImport, partner, importID))
	switch {
	case err != nil:
		return Import{}, err
	case len(found) == 0:
		return Import{}, refusal.NotFound
	}
	return found[0], nil
}

func scanAll(rows *sql.Rows, err error) ([]Import, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []Import{}
	for rows.Next() {
		i, err := scanImport(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, rows.Err()
}

// findOwn returns one of the actor's own imports, or refusal.NotFound.
func findOwn(ctx context.Context, u *op.Unit, importID string) (Import, error) {
	i, err := find(ctx, u.Tx, u.Actor.Tenant, importID)
	if err == nil && i.User != u.Actor.User {
		return Import{}, refusal.NotFound
	}
	return i, err
}
