package lang

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/sv"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"comptoir/internal/money"
)

// cldr is a language's data for numbers and dates. The library's own number
// functions take floats, so only its signs are used.
type cldr interface {
	locales.Translator
	Decimal() string
	Group() string
	Minus() string
}

const nonBreaking = "\u00a0" // a space at which no line ends

type locale struct {
	cldr
	percent   string // what follows a percentage
	codeFirst bool   // whether a currency code stands before its number
}

var newLocale = map[string]func() locale{
	"en": func() locale { return locale{en.New().(cldr), "%", true} },
	"fr": func() locale { return locale{fr.New().(cldr), nonBreaking + "%", false} },
	"sv": func() locale { return locale{sv.New().(cldr), nonBreaking + "%", false} },
}

// Number returns n with grouped digits: "1,234", "1 234".
func (p *Printer) Number(n int64) string {
	if -1000 < n && n < 0 {
		return p.locale.Minus() + strconv.FormatInt(-n, 10)
	}
	return p.Decimal(strconv.FormatInt(n, 10))
}

// Decimal returns the plain decimal number s ("-1234.50") with the language's
// signs: "-1,234.50", "−1 234,50". A text that is no such number is returned
// as it is.
func (p *Printer) Decimal(s string) string {
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if whole == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return s
	}
	var b strings.Builder
	if negative {
		b.WriteString(p.locale.Minus())
	}
	for i, digit := range []byte(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(p.locale.Group())
		}
		b.WriteByte(digit)
	}
	if point {
		b.WriteString(p.locale.Decimal() + fraction)
	}
	return b.String()
}

// grouped are numbers whose digits commas group: "25,000.50".
var grouped = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d*)?$`)

// PlainNumber returns a number as readers of the language type it, "25 000,50", as
// programs read it, "25000.50": what groups its digits goes, a decimal comma becomes
// a point. Anything else stays as it is, for whoever reads it to refuse.
func (p *Printer) PlainNumber(typed string) string {
	typed = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(typed)
	switch {
	case p.locale.Decimal() == ",":
		return strings.Replace(typed, ",", ".", 1)
	case grouped.MatchString(typed):
		return strings.ReplaceAll(typed, ",", "")
	}
	return typed
}

// Percent returns ratio as a percentage with at most one digit after the
// point: 0.256 is "25.6%", "25,6 %". It is for charts and shares, not for
// money; NaN and infinities (a share of nothing) give "–".
func (p *Printer) Percent(ratio float64) string {
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) {
		return "–"
	}
	tenths := math.Round(ratio*1000) + 0 // plus 0 makes -0 a plain 0
	precision := 1
	if math.Mod(tenths, 10) == 0 {
		precision = 0
	}
	return p.Decimal(strconv.FormatFloat(tenths/10, 'f', precision, 64)) + p.locale.percent
}

// Date returns the day of t in UTC with the month in letters: "Nov 5, 2026",
// "5 nov. 2026". The zero time gives "".
func (p *Printer) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.locale.FmtDateMedium(t.UTC())
}

// Day returns the day of t in UTC without its year, where many stand side by
// side: "Nov 5", "5 nov.".
func (p *Printer) Day(t time.Time) string {
	return strings.TrimRight(strings.TrimSuffix(p.Date(t), t.UTC().Format("2006")), ", ")
}

// DateTime returns the day and minute of t in UTC and says that it is UTC:
// "Nov 5, 2026, 5:03 PM UTC", "5 nov. 2026, 17:03 UTC". The zero time gives "".
func (p *Printer) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.T("common.date_time", "Date", p.Date(t), "Time", strings.ToUpper(p.locale.FmtTimeShort(t.UTC())))
}

// Money returns a with its currency code: "EUR 1,234.50", "1 234,50 EUR". It
// shows at least the digits of the currency and all that a has, so that a unit
// price of 0.0000125 is not lost; round a before where a total is meant.
func (p *Printer) Money(a money.Amount) string {
	if a.Currency() == "" {
		return p.Decimal(a.Number()) // the zero Amount
	}
	digits := money.Digits(a.Currency())
	number := p.Decimal(a.Decimal().Trim(digits).Pad(digits).String())
	if !p.locale.codeFirst {
		return number + nonBreaking + a.Currency()
	}
	if a.Sign() < 0 {
		return p.locale.Minus() + a.Currency() + nonBreaking + strings.TrimPrefix(number, p.locale.Minus())
	}
	return a.Currency() + nonBreaking + number
}

// List joins items as a sentence does: "a", "a and b", "a, b and c".
func (p *Printer) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return p.T("common.list", "Items", strings.Join(items[:last], ", "), "Last", items[last])
}

// Labels joins words that begin with a capital where they stand alone, as a
// sentence does: "City and postal code", "Engelska, franska och svenska". Words
// that are all capitals keep them.
func (p *Printer) Labels(items []string) string {
	joined := slices.Clone(items)
	for i := 1; i < len(joined); i++ {
		joined[i] = small(joined[i])
	}
	return p.List(joined)
}

// small returns text with a small first letter, unless the second is a capital
// too: "PartnerID" is no such word, "ID number" is.
func small(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if second, _ := utf8.DecodeRuneInString(text[size:]); unicode.IsUpper(second) {
		return text
	}
	return string(unicode.ToLower(first)) + text[size:]
}

// Either joins items of which one holds: "a", "a or b", "a, b or c".
func (p *Printer) Either(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	return p.T("common.list_or", "Items", strings.Join(items[:last], ", "), "Last", items[last])
}

// newCollator orders as a dictionary of the language does, numbers by value.
func newCollator(tag string) *collate.Collator {
	return collate.New(language.Make(tag), collate.Numeric)
}

// Compare returns -1, 0 or 1 as a stands before, with or after b in the
// language's alphabetical order. Different texts are never equal, so a sorted
// list always looks the same.
func (p *Printer) Compare(a, b string) int {
	collator := p.collators.Get().(*collate.Collator)
	defer p.collators.Put(collator)
	if order := collator.CompareString(a, b); order != 0 {
		return order
	}
	return strings.Compare(a, b)
}
