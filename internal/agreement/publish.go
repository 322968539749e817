package agreement

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/job"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// Refusals of versions.
var (
	// ErrLabel refuses a version without a name of at most 40 characters.
	ErrLabel = fault.New(fault.Invalid, "27002", "agreement.version.label")
	// ErrLabelTaken refuses a name that another version of the country has.
	ErrLabelTaken = fault.New(fault.Conflict, "1003", "agreement.version.label_taken")
	// ErrEnforced refuses a mandatory version without a date, or with one that is past.
	ErrEnforced = fault.New(fault.Invalid, "27002", "agreement.version.enforced")
	// ErrEnglish refuses a version without a text in English.
	ErrEnglish = fault.New(fault.Invalid, "27002", "agreement.version.english")
	// ErrLanguage refuses a language that is none.
	ErrLanguage = fault.New(fault.Invalid, "27002", "agreement.version.language")
	// ErrLanguageTaken refuses a second text in the same language: texts are
	// never edited.
	ErrLanguageTaken = fault.New(fault.Conflict, "1003", "agreement.version.language_taken")
)

// ListTemplates returns all versions of the installation with their languages
// (portal V-7).
var ListTemplates = op.Define(op.Spec{Name: "agreement.template.list", Action: "agreement.template.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Versions, error) {
		all, err := ReadVersions(ctx, u.Tx)
		if err != nil {
			return nil, err
		}
		return all, all.readLanguages(ctx, u.Tx)
	})

// NewVersion is a version to be: its texts by language ("en" is there always).
type NewVersion struct {
	Label      string
	Country    string // empty for every country without a version of its own
	Mandatory  bool
	EnforcedAt time.Time
	Texts      map[string][]byte
}

var (
	insertVersion = db.SQL(`INSERT INTO agreement_versions (rank, country, label, mandatory, enforced_at, published_at, published_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	insertDocument = db.SQL(`INSERT INTO agreement_documents (rank, language, media, content, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6)`)
)

// Publish publishes a version of the customer agreement (rule AG8, portal V-7).
// It supersedes the versions before it, which stay as they are. The partners
// whose customers have to accept it are told (EventDue). It answers with all
// faults of the input at once.
var Publish = op.Define(op.Spec{Name: "agreement.template.publish", Action: "agreement.template.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewVersion) (Version, error) {
		all, err := ReadVersions(ctx, u.Tx)
		if err != nil {
			return Version{}, err
		}
		documents, faults := in.check(u.Book(), all, u.Now)
		if err := faults.Err(); err != nil {
			return Version{}, err
		}
		v := Version{
			Rank: all[len(all)-1].Rank + 1, Label: in.Label, Country: in.Country, Mandatory: in.Mandatory, EnforcedAt: in.EnforcedAt,
			PublishedAt: u.Now, PublishedBy: u.Actor.UserName,
		}
		if _, err := u.Exec(ctx, insertVersion, v.Rank, v.Country, v.Label, v.Mandatory, db.Micros(v.EnforcedAt), db.Micros(v.PublishedAt), v.PublishedBy); err != nil {
			return Version{}, err
		}
		for _, d := range documents {
			d.Rank = v.Rank
			if err := d.insert(ctx, u); err != nil {
				return Version{}, err
			}
			v.Languages = append(v.Languages, d.Language)
		}
		slices.SortFunc(v.Languages, englishFirst)
		if v.Mandatory {
			if _, err := announce.Enqueue(ctx, u, published{v.Rank}, job.Order{}); err != nil {
				return Version{}, err
			}
		}
		return v, u.Record(ctx, op.Record{
			Operation: "publish_agreement_version", Resource: "agreement", New: v,
			Data: map[string]string{"Version": v.Label, "Country": v.Country, "VersionRank": strconv.FormatInt(v.Rank, 10)},
		})
	})

// maxLabel is how long the name of a version may be, in characters.
const maxLabel = 40

// check applies the rules of a new version and reads its documents.
func (in *NewVersion) check(book op.Book, all Versions, now time.Time) (documents []Document, faults fault.List) {
	in.Label = naming.Trim(in.Label)
	if in.Label == "" || len([]rune(in.Label)) > maxLabel {
		faults.Add(ErrLabel.On("label").With("Max", maxLabel))
	} else if slices.ContainsFunc(all, func(v Version) bool { return v.Label == in.Label && v.Country == in.Country }) {
		faults.Add(ErrLabelTaken.On("label"))
	}
	if _, known := rulebook.Known(book, in.Country); in.Country != "" && !known {
		faults.Add(refusal.Property.On("country"))
	}
	if !in.Mandatory {
		in.EnforcedAt = time.Time{}
	} else if in.EnforcedAt.Before(today(now)) {
		faults.Add(ErrEnforced.On("enforcedAt"))
	}
	if len(in.Texts[fallback]) == 0 {
		faults.Add(ErrEnglish.On("texts.en"))
	}
	for language, content := range in.Texts {
		d, err := newDocument(language, content)
		if err != nil && len(content) > 0 {
			faults.Add(err.On("texts." + language))
		}
		documents = append(documents, d)
	}
	return documents, faults
}

var languageForm = regexp.MustCompile(`^[a-z]{2,3}$`)

// newDocument checks a text that the operator brings.
func newDocument(language string, content []byte) (Document, *fault.Error) {
	if !languageForm.MatchString(language) {
		return Document{}, ErrLanguage
	}
	media, kept, err := CheckDocument(content)
	return Document{Language: language, Media: media, Content: kept}, err
}

func (d Document) insert(ctx context.Context, u *op.Unit) error {
	_, err := u.Exec(ctx, insertDocument, d.Rank, d.Language, d.Media, d.Content, db.Micros(u.Now), u.Actor.UserName)
	return err
}

// Translation is a text of a version in a further language.
type Translation struct {
	Rank     int64
	Language string
	Content  []byte
}

// Translate adds a text in a further language to a version. No text that is
// there is ever replaced.
var Translate = op.Define(op.Spec{Name: "agreement.template.translate", Action: "agreement.template.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Translation) (struct{}, error) {
		all, err := ReadVersions(ctx, u.Tx)
		if err != nil {
			return struct{}{}, err
		}
		if err := all.readLanguages(ctx, u.Tx); err != nil {
			return struct{}{}, err
		}
		v, ok := all.Find(in.Rank)
		if !ok || v.Rank == first.Rank {
			return struct{}{}, refusal.NotFound
		}
		if slices.Contains(v.Languages, in.Language) {
			return struct{}{}, ErrLanguageTaken.On("language")
		}
		d, refused := newDocument(in.Language, in.Content)
		if refused != nil {
			field := "content"
			if refused.Is(ErrLanguage) {
				field = "language"
			}
			return struct{}{}, refused.On(field)
		}
		d.Rank = v.Rank
		if err := d.insert(ctx, u); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "translate_agreement_version", Resource: "agreement", Data: map[string]string{"Version": v.Label, "Language": d.Language},
		})
	})
