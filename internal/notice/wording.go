package notice

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/mail"
)

// Wording is what a kind of mail says in one language. Placeholders such as
// "{Customer}" stand for what happened; "{Link}" stands by itself where the button
// of the mail is.
type Wording struct {
	Subject string
	// Many is the subject when several things are told in one mail; "" for kinds
	// that are never told so. "{N}" is how many they are.
	Many string
	// Body are paragraphs with an empty line between them.
	Body string
}

// The placeholders that stand for no fact.
const (
	linkPlace  = "Link"
	countPlace = "N"
)

// The greatest lengths, in characters.
const (
	SubjectMax = 150
	BodyMax    = 4000
)

// Refusals of what the operator writes (portal V-10).
var (
	ErrSubject     = fault.New(fault.Invalid, "27002", "messages.refused.subject")
	ErrSubjectLine = fault.New(fault.Invalid, "27002", "messages.refused.subject_line")
	ErrBody        = fault.New(fault.Invalid, "27002", "messages.refused.body")
	ErrLong        = fault.New(fault.Invalid, "27002", "messages.refused.long")        // argument Max
	ErrPlaceholder = fault.New(fault.Invalid, "27002", "messages.refused.placeholder") // arguments Placeholder, Known
	ErrLink        = fault.New(fault.Invalid, "27002", "messages.refused.link")        // as RF-22 is for invitations
	ErrLinkPlace   = fault.New(fault.Invalid, "27002", "messages.refused.link_place")
	ErrCount       = fault.New(fault.Invalid, "27002", "messages.refused.count")
)

// placeholder finds placeholders, and what is none but looks like one.
var placeholder = regexp.MustCompile(`\{[^{}]*\}?|\}`)

// written are the kinds of mail that this version writes, by their kind.
var written = func() map[string]Row {
	all := map[string]Row{addressRow.Kind: addressRow}
	for _, r := range rows {
		if r.Mail {
			all[r.Kind] = r
		}
	}
	return all
}()

// Placeholders returns the names that may stand in the subject and the body of a
// mail, in the order of the alphabet, without those of the link and the number.
func (r Row) Placeholders() []string {
	text := r.builtIn(lang.For("en"))
	var names []string
	words := r.words(lang.For("en"), Facts{})
	for i := 0; i < len(words); i += 2 {
		name := words[i].(string)
		// Every row knows of a customer; not every row is about one.
		if name == factOfCustomer && !strings.Contains(text.Subject+text.Body, braced(name)) {
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

const factOfCustomer = "Customer"

func braced(name string) string { return "{" + name + "}" }

// builtIn is the wording that the program comes with.
func (r Row) builtIn(p *lang.Printer) Wording {
	words := r.words(p, Facts{})
	for i := 0; i+1 < len(words); i += 2 {
		words[i+1] = braced(words[i].(string))
	}
	w := Wording{Subject: p.T(r.Title, words...)}
	if r.Many != "" {
		// The form for many, whose number is no number here.
		w.Many = strings.ReplaceAll(p.N(r.Many, manyOfThem, words...), p.Number(manyOfThem), braced(countPlace))
	}
	var parts []string
	if r.Text != "" {
		parts = append(parts, p.T(r.Text, words...))
	}
	if r.Path != nil {
		parts = append(parts, braced(linkPlace))
	}
	w.Body = strings.Join(parts, "\n\n")
	return w
}

// manyOfThem is a number of the plural form that most numbers have.
const manyOfThem = 20

// check returns what is wrong with w, and w as it is kept.
func (r Row) check(w Wording) (Wording, fault.List) {
	var faults fault.List
	w.Subject, w.Many = strings.TrimSpace(w.Subject), strings.TrimSpace(w.Many)
	w.Body = strings.TrimSpace(strings.ReplaceAll(w.Body, "\r\n", "\n"))
	known := r.Placeholders()
	note := func(f *fault.Error, field string) {
		if f != nil {
			faults.Add(f.On(field))
		}
	}
	note(checkSubject(w.Subject, known), "subject")
	if r.Many == "" {
		w.Many = ""
	} else {
		note(checkMany(w.Many, known), "many")
	}
	note(r.checkBody(w.Body, known), "body")
	return w, faults
}

func checkSubject(text string, known []string) *fault.Error {
	switch {
	case text == "":
		return ErrSubject
	case strings.ContainsAny(text, "\r\n"):
		return ErrSubjectLine
	}
	return checkText(text, SubjectMax, known)
}

// checkMany wants the number of things in the subject for several.
func checkMany(text string, known []string) *fault.Error {
	if f := checkSubject(text, append([]string{countPlace}, known...)); f != nil {
		return f
	}
	if !strings.Contains(text, braced(countPlace)) {
		return ErrCount
	}
	return nil
}

func checkText(text string, limit int, known []string) *fault.Error {
	if len([]rune(text)) > limit {
		return ErrLong.With("Max", limit)
	}
	names := make([]string, len(known))
	for i, name := range known {
		names[i] = braced(name)
	}
	for _, found := range placeholder.FindAllString(text, -1) {
		if !slices.Contains(names, found) {
			return ErrPlaceholder.With("Placeholder", found).With("Known", strings.Join(names, ", "))
		}
	}
	return nil
}

// checkBody wants the link once, in a paragraph of its own, where the mail has one.
func (r Row) checkBody(text string, known []string) *fault.Error {
	if text == "" && r.Text != "" {
		return ErrBody
	}
	if r.Path == nil {
		return checkText(text, BodyMax, known)
	}
	link := braced(linkPlace)
	switch n := strings.Count(text, link); {
	case n == 0:
		return ErrLink
	case n > 1 || !slices.Contains(paragraphs(text), link):
		return ErrLinkPlace
	}
	return checkText(text, BodyMax, append([]string{linkPlace}, known...))
}

// paragraphs splits a body at its empty lines.
func paragraphs(body string) []string {
	var all []string
	var lines []string
	for line := range strings.Lines(body + "\n\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
			continue
		}
		if len(lines) > 0 {
			all = append(all, strings.Join(lines, " "))
		}
		lines = nil
	}
	return all
}

// fill puts values in the place of placeholders. What a value holds is no
// placeholder, whatever it looks like.
func fill(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string { return values[strings.Trim(found, "{}")] })
}

// say writes the words of a letter about one or several things, as w says.
func (w Wording) say(p *lang.Printer, r Row, f Facts, times int64, c *mail.Content) {
	values := map[string]string{countPlace: p.Number(times)}
	words := r.words(p, f)
	for i := 0; i+1 < len(words); i += 2 {
		values[words[i].(string)] = p.Value(words[i+1])
	}
	if times > 1 && r.Many != "" {
		c.Subject = fill(w.Many, values)
		return
	}
	c.Subject, c.Text, c.Closing = fill(w.Subject, values), nil, nil
	into := &c.Text
	for _, paragraph := range paragraphs(w.Body) {
		if paragraph == braced(linkPlace) {
			into = &c.Closing
			continue
		}
		*into = append(*into, fill(paragraph, values))
	}
}

// texts are the wordings that the operator has written, read once each.
type texts map[[2]string]*Wording

// letter is what a person is written about one or several things, in the words of
// the operator where he has written any.
func (t texts) letter(ctx context.Context, tx *db.Tx, p *lang.Printer, r Row, all []Facts) (mail.Content, error) {
	c := content(p, r, all)
	key := [2]string{r.Kind, p.Tag()}
	own, read := t[key]
	if !read {
		text, found, err := readText(ctx, tx, r.Kind, p.Tag())
		if err != nil {
			return c, err
		}
		if found {
			own = &text.Wording
		}
		t[key] = own
	}
	if own != nil {
		own.say(p, r, all[len(all)-1], int64(len(all)), &c)
	}
	return c, nil
}

// Text is a wording that the operator has written.
type Text struct {
	Wording
	ChangedAt time.Time
	ChangedBy string // user name
}

var textOf = db.SQL(`SELECT subject, many, body, changed_at, changed_by FROM mail_texts WHERE kind = $1 AND language = $2`)

var allTexts = db.Scan(`SELECT kind, language, subject, many, body, changed_at, changed_by FROM mail_texts`,
	"one row at most for each kind of mail and language of the program")

// readTexts returns all that the operator has written.
func readTexts(ctx context.Context, t *db.Tx) (map[LetterKey]*Text, error) {
	type keyed struct {
		LetterKey
		Text
	}
	rows, err := db.All(ctx, t, allTexts, nil, func(row db.Row) (keyed, error) {
		var k keyed
		var at int64
		err := row.Scan(&k.Kind, &k.Language, &k.Subject, &k.Many, &k.Body, &at, &k.ChangedBy)
		k.ChangedAt = db.Time(at)
		return k, err
	})
	all := make(map[LetterKey]*Text, len(rows))
	for i := range rows {
		all[rows[i].LetterKey] = &rows[i].Text
	}
	return all, err
}

// readText returns what the operator has written of a kind of mail in a language,
// and false when he has not.
func readText(ctx context.Context, t *db.Tx, kind, language string) (Text, bool, error) {
	var text Text
	var at int64
	found, err := t.Found(ctx, textOf, []any{kind, language}, &text.Subject, &text.Many, &text.Body, &at, &text.ChangedBy)
	text.ChangedAt = db.Time(at)
	return text, found, err
}
