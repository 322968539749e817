// Package lang speaks to people in their language: the sentences of the
// catalogues, plurals, numbers, dates, money, lists and alphabetical order in
// English, French and Swedish.
//
// The catalogues are messages/<area>.<language>.json: flat objects whose keys
// are dotted lower-case names and whose values are a sentence, or an object
// with the plural forms that the language has ("one", "many", "other").
// Placeholders are those of text/template: {{.Name}}, and
// {{with .Name}}…{{end}} around words that make no sense without it. French is
// typed with ordinary spaces before : ; ? ! and inside « »; they become
// non-breaking when they are read.
package lang

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
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
	sentences map[string]string // those that are complete as they stand; "" for all others
	localizer *i18n.Localizer   // the others
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
	p := &Printer{tag: tag, sentences: make(map[string]string, 2048), locale: newLocale[tag]()}
	bundle := i18n.NewBundle(language.Make(tag))
	paths, err := fs.Glob(files, "messages/*."+tag+".json")
	for _, path := range paths {
		err = errors.Join(err, p.load(bundle, files, path))
	}
	if err != nil {
		panic(err)
	}
	p.localizer = i18n.NewLocalizer(bundle, tag)
	p.collators.New = func() any { return newCollator(tag) }
	return p
}

func (p *Printer) load(bundle *i18n.Bundle, files fs.FS, path string) error {
	text, err := fs.ReadFile(files, path)
	if err != nil {
		return err
	}
	file, err := i18n.ParseMessageFileBytes(text, path, nil)
	if err != nil {
		return fmt.Errorf("lang: %s: %w", path, err)
	}
	if p.tag == "fr" {
		for _, m := range file.Messages {
			m.One, m.Many, m.Other = french.Replace(m.One), french.Replace(m.Many), french.Replace(m.Other)
		}
	}
	if err := bundle.AddMessages(file.Tag, file.Messages...); err != nil {
		return fmt.Errorf("lang: %s: %w", path, err)
	}
	for _, m := range file.Messages {
		if m.One != "" || m.Many != "" || strings.Contains(m.Other, "{{") {
			p.sentences[m.ID] = ""
			continue
		}
		p.sentences[m.ID] = m.Other
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
	if s := p.sentences[key]; s != "" {
		return s
	}
	return p.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: p.values(args)})
}

// N returns the sentence of key in the plural form for n. The sentence writes
// the number as {{.N}}; args are as for T.
func (p *Printer) N(key string, n int64, args ...any) string {
	values := p.values(args)
	values["N"] = p.Number(n)
	return p.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: values, PluralCount: n})
}

// parser writes "" for a placeholder without a value.
var parser = &template.TextParser{Option: "missingkey=zero"}

func (p *Printer) localize(c *i18n.LocalizeConfig) string {
	c.TemplateParser = parser
	s, err := p.localizer.Localize(c)
	if err == nil {
		return s
	}
	miss(p.tag, c.MessageID, err)
	if s != "" {
		return s // the plural form was missing: another form is better than another language
	}
	if p.tag != "en" {
		return For("en").localize(c)
	}
	return c.MessageID
}

var (
	misses atomic.Uint64
	missed sync.Map
)

// Misses returns how many sentences were asked for since the process started
// that the catalogue of the language asked does not hold.
func Misses() uint64 { return misses.Load() }

// miss counts a sentence that could not be given, and tells of each key once.
func miss(tag, key string, err error) {
	misses.Add(1)
	if _, told := missed.LoadOrStore(tag+" "+key, true); !told {
		slog.Warn("message missing", "language", tag, "key", key, "error", err)
	}
}
