// Package lang speaks to people in their language: the sentences of the
// catalogues, plurals, numbers, dates, money, lists and alphabetical order in
// English, French and Swedish.
//
// The catalogues are messages/<area>.<language>.json: flat objects whose keys
// are dotted lower-case names and whose values are a sentence, or an object
// with the plural forms that the language has ("one", "many", "other").
// Placeholders are {{.Name}}, and {{with .Name}}…{{end}} around words that make
// no sense without it (see fill). French is
// typed with ordinary spaces before : ; ? ! and inside « »; they become
// non-breaking when they are read.
package lang

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/text/language"
)

//go:embed messages/*.json
var catalogues embed.FS

var tags = []string{"en", "fr", "sv"}

// Tags returns the languages Comptoir speaks, the fallback first.
func Tags() []string { return slices.Clone(tags) }

// printers are made when they are first asked for: a process that speaks one
// language reads one catalogue.
var printers = map[string]func() *Printer{
	"en": sync.OnceValue(func() *Printer { return newPrinter("en", catalogues) }),
	"fr": sync.OnceValue(func() *Printer { return newPrinter("fr", catalogues) }),
	"sv": sync.OnceValue(func() *Printer { return newPrinter("sv", catalogues) }),
}

// Printer speaks one language. Printers are shared and safe for concurrent use.
type Printer struct {
	tag       string
	messages  map[string]message
	locale    locale
	collators sync.Pool
}

// For returns the printer of the language with the given tag ("en", "fr",
// "sv"), and the English one for any other tag.
func For(tag string) *Printer {
	printer, ok := printers[tag]
	if !ok {
		printer = printers["en"]
	}
	return printer()
}

var matcher = sync.OnceValue(func() language.Matcher {
	return language.NewMatcher([]language.Tag{language.English, language.French, language.Swedish})
})

// Match returns the printer for a reader: in the language he chose (preferred,
// "" when he did not), else in the best of his browser's Accept-Language
// header, else in English.
func Match(preferred, acceptLanguage string) *Printer {
	if _, ok := printers[preferred]; ok {
		return For(preferred)
	}
	wanted, _, err := language.ParseAcceptLanguage(preferred)
	if err != nil || len(wanted) == 0 {
		wanted, _, _ = language.ParseAcceptLanguage(bounded(acceptLanguage)) // a malformed header asks for nothing
	}
	_, i, _ := matcher().Match(wanted...)
	return For(tags[i])
}

// bounded cuts a header that no browser sends to a length that is cheap to parse.
func bounded(header string) string {
	const most = 512
	if len(header) <= most {
		return header
	}
	cut, _, _ := strings.Cut(header, ",")
	return cut[:min(len(cut), most)]
}

// newPrinter reads the catalogues of one language. They are embedded and
// tested: one that cannot be read is a broken build and stops the process.
func newPrinter(tag string, files fs.FS) *Printer {
	p := &Printer{tag: tag, messages: make(map[string]message, 4096), locale: newLocale[tag]()}
	paths, err := fs.Glob(files, "messages/*."+tag+".json")
	for _, path := range paths {
		err = errors.Join(err, p.load(files, path))
	}
	if err != nil {
		panic(err)
	}
	p.collators.New = func() any { return newCollator(tag) }
	return p
}

func (p *Printer) load(files fs.FS, path string) error {
	text, err := fs.ReadFile(files, path)
	if err != nil {
		return err
	}
	var catalogue map[string]message
	if err := json.Unmarshal(text, &catalogue); err != nil {
		return fmt.Errorf("lang: %s: %w", path, err)
	}
	for key, m := range catalogue {
		if p.tag == "fr" {
			m.One, m.Many, m.Other = french.Replace(m.One), french.Replace(m.Many), french.Replace(m.Other)
		}
		p.messages[key] = m
	}
	return nil
}

// french makes the spaces non-breaking that French has around its high signs,
// so that translators type ordinary ones and no line begins with a question mark.
var french = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", " »", "\u00a0»", "« ", "«\u00a0")

// Tag returns the language of p: "en", "fr" or "sv".
func (p *Printer) Tag() string { return p.tag }

// T returns the sentence of key. args are name, value pairs for its
// placeholders: T("list.shown", "Name", name). Values are written as the
// language does: integers grouped, a time.Time as date and time, a Day as a
// date, amounts as money, lists with "and", fault.Keys as their sentences with
// "or". A placeholder without a value stays empty.
//
// A key that the language lacks gives the English sentence, one that English
// lacks gives the key; both are counted (see Misses).
func (p *Printer) T(key string, args ...any) string {
	m, ok := p.messages[key]
	if !ok {
		return p.lacks(key, func(english *Printer) string { return english.T(key, args...) })
	}
	if !strings.Contains(m.Other, "{{") {
		return m.Other
	}
	return fill(m.Other, p.values(args))
}

// N returns the sentence of key in the plural form for n. The sentence writes
// the number as {{.N}}; args are as for T.
func (p *Printer) N(key string, n int64, args ...any) string {
	m, ok := p.messages[key]
	if !ok {
		return p.lacks(key, func(english *Printer) string { return english.N(key, n, args...) })
	}
	form := m.form(p.tag, n)
	if form == "" {
		miss(p.tag, key)
		form = m.Other // another form is better than another language
	}
	values := p.values(args)
	values["N"] = p.Number(n)
	return fill(form, values)
}

// lacks returns what is said where p has no sentence of key: what inEnglish gives, and
// key itself where that is lacking as well.
func (p *Printer) lacks(key string, inEnglish func(*Printer) string) string {
	miss(p.tag, key)
	if p.tag == "en" {
		return key
	}
	return inEnglish(For("en"))
}

var (
	misses atomic.Uint64
	missed sync.Map
)

// Misses returns how many sentences were asked for since the process started
// that the catalogue of the language asked does not hold.
func Misses() uint64 { return misses.Load() }

// miss counts a sentence that could not be given, and tells of each key once.
func miss(tag, key string) {
	misses.Add(1)
	if _, told := missed.LoadOrStore(tag+" "+key, true); !told {
		slog.Warn("message missing", "language", tag, "key", key)
	}
}
