package lang_test

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/lang"
	"comptoir/internal/money"
)

func TestAReaderGetsHisLanguage(t *testing.T) {
	tests := []struct{ name, preferred, header, want string }{
		{"his choice", "sv", "fr", "sv"},
		{"his choice with a country", "fr-CA", "sv", "fr"},
		{"his choice in another spelling", "SV", "", "sv"},
		{"the browser's first that we speak", "", "de-DE,fr;q=0.8,en;q=0.5", "fr"},
		{"the browser's weights", "", "en;q=0.3,sv;q=0.9", "sv"},
		{"a country's form", "", "sv-FI", "sv"},
		{"nothing we speak", "", "ja,zh;q=0.9", "en"},
		{"nothing at all", "", "", "en"},
		{"a choice that is none", "xx-nonsense-", "fr", "fr"},
		{"a header that is none", "", "%%%;;;q", "en"},
		{"a header that no browser sends", "", "fr," + strings.Repeat("de,", 100_000), "fr"},
		{"a header without end", "", strings.Repeat("x", 100_000), "en"},
	}
	for _, tt := range tests {
		if got := lang.Match(tt.preferred, tt.header).Tag(); got != tt.want {
			t.Errorf("%s: Match(%q, %.30q) speaks %s, want %s", tt.name, tt.preferred, tt.header, got, tt.want)
		}
	}
	for _, tag := range lang.Tags() {
		if got := lang.For(tag).Tag(); got != tag {
			t.Errorf("For(%q) speaks %s", tag, got)
		}
	}
	if got := lang.For("de").Tag(); got != "en" {
		t.Errorf("For(de) speaks %s", got)
	}
}

func TestNumbers(t *testing.T) {
	tests := []struct {
		n          int64
		en, fr, sv string
	}{
		{0, "0", "0", "0"},
		{999, "999", "999", "999"},
		{-7, "-7", "-7", "−7"},
		{1000, "1,000", "1\u202f000", "1\u00a0000"},
		{1234567, "1,234,567", "1\u202f234\u202f567", "1\u00a0234\u00a0567"},
		{math.MaxInt64, "9,223,372,036,854,775,807", "9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f807", "9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0807"},
		{math.MinInt64, "-9,223,372,036,854,775,808", "-9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808", "−9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0808"},
	}
	for _, tt := range tests {
		for tag, want := range map[string]string{"en": tt.en, "fr": tt.fr, "sv": tt.sv} {
			if got := lang.For(tag).Number(tt.n); got != want {
				t.Errorf("%s: %d is %q, want %q", tag, tt.n, got, want)
			}
		}
	}
}

func TestDecimals(t *testing.T) {
	tests := []struct{ s, en, fr, sv string }{
		{"0.50", "0.50", "0,50", "0,50"},
		{"-1234.5", "-1,234.5", "-1\u202f234,5", "−1\u00a0234,5"},
		{"123456", "123,456", "123\u202f456", "123\u00a0456"},
		{"1e5", "1e5", "1e5", "1e5"},
		{"n/a", "n/a", "n/a", "n/a"},
		{"", "", "", ""},
	}
	for _, tt := range tests {
		for tag, want := range map[string]string{"en": tt.en, "fr": tt.fr, "sv": tt.sv} {
			if got := lang.For(tag).Decimal(tt.s); got != want {
				t.Errorf("%s: %q is %q, want %q", tag, tt.s, got, want)
			}
		}
	}
}

func TestPercentages(t *testing.T) {
	tests := []struct {
		ratio      float64
		en, fr, sv string
	}{
		{0, "0%", "0\u00a0%", "0\u00a0%"},
		{0.25, "25%", "25\u00a0%", "25\u00a0%"},
		{0.2561, "25.6%", "25,6\u00a0%", "25,6\u00a0%"},
		{-0.0004, "0%", "0\u00a0%", "0\u00a0%"},
		{-0.5, "-50%", "-50\u00a0%", "−50\u00a0%"},
		{12.345, "1,234.5%", "1\u202f234,5\u00a0%", "1\u00a0234,5\u00a0%"},
		{math.NaN(), "–", "–", "–"},
		{math.Inf(1), "–", "–", "–"},
	}
	for _, tt := range tests {
		for tag, want := range map[string]string{"en": tt.en, "fr": tt.fr, "sv": tt.sv} {
			if got := lang.For(tag).Percent(tt.ratio); got != want {
				t.Errorf("%s: %v is %q, want %q", tag, tt.ratio, got, want)
			}
		}
	}
}

func TestDatesAreUTCAndSaySo(t *testing.T) {
	stockholm := time.FixedZone("CET", 3600)
	at := time.Date(2026, 11, 6, 0, 3, 9, 0, stockholm) // still the 5th in UTC
	tests := []struct{ tag, day, date, dateTime string }{
		{"en", "Nov 5", "Nov 5, 2026", "Nov 5, 2026, 11:03 PM UTC"},
		{"fr", "5 nov.", "5 nov. 2026", "5 nov. 2026, 23:03 UTC"},
		{"sv", "5 nov.", "5 nov. 2026", "5 nov. 2026 23:03 UTC"},
	}
	for _, tt := range tests {
		p := lang.For(tt.tag)
		if got := p.Date(at); got != tt.date {
			t.Errorf("%s: date %q, want %q", tt.tag, got, tt.date)
		}
		if got := p.DateTime(at); got != tt.dateTime {
			t.Errorf("%s: date and time %q, want %q", tt.tag, got, tt.dateTime)
		}
		if got := p.Day(at); got != tt.day {
			t.Errorf("%s: the day %q, want %q", tt.tag, got, tt.day)
		}
		if p.Date(time.Time{}) != "" || p.DateTime(time.Time{}) != "" {
			t.Errorf("%s: no time has a date", tt.tag)
		}
	}
}

func TestMoneyIsShownWithItsCurrencyCode(t *testing.T) {
	tests := []struct{ number, code, en, fr, sv string }{
		{"1234.5", "EUR", "EUR\u00a01,234.50", "1\u202f234,50\u00a0EUR", "1\u00a0234,50\u00a0EUR"},
		{"-3", "SEK", "-SEK\u00a03.00", "-3,00\u00a0SEK", "−3,00\u00a0SEK"},
		{"0.500000", "USD", "USD\u00a00.50", "0,50\u00a0USD", "0,50\u00a0USD"},
		{"0.0000000000000000001", "USD", "USD\u00a00.0000000000000000001", "0,0000000000000000001\u00a0USD", "0,0000000000000000001\u00a0USD"},
		{"1500", "JPY", "JPY\u00a01,500", "1\u202f500\u00a0JPY", "1\u00a0500\u00a0JPY"},
		{"0.000001234", "USD", "USD\u00a00.000001234", "0,000001234\u00a0USD", "0,000001234\u00a0USD"},
		{"9999999999999999.99", "USD", "USD\u00a09,999,999,999,999,999.99", "9\u202f999\u202f999\u202f999\u202f999\u202f999,99\u00a0USD", "9\u00a0999\u00a0999\u00a0999\u00a0999\u00a0999,99\u00a0USD"},
	}
	for _, tt := range tests {
		a := money.MustParse(tt.number, tt.code)
		for tag, want := range map[string]string{"en": tt.en, "fr": tt.fr, "sv": tt.sv} {
			if got := lang.For(tag).Money(a); got != want {
				t.Errorf("%s: %s is %q, want %q", tag, a, got, want)
			}
		}
	}
	if got := lang.For("en").Money(money.Amount{}); got != "0" {
		t.Errorf("the zero Amount is %q", got)
	}
}

func TestLists(t *testing.T) {
	tests := []struct {
		items      []string
		en, fr, sv string
	}{
		{nil, "", "", ""},
		{[]string{"a"}, "a", "a", "a"},
		{[]string{"a", "b"}, "a and b", "a et b", "a och b"},
		{[]string{"a", "b", "c"}, "a, b and c", "a, b et c", "a, b och c"},
	}
	for _, tt := range tests {
		for tag, want := range map[string]string{"en": tt.en, "fr": tt.fr, "sv": tt.sv} {
			if got := lang.For(tag).List(tt.items); got != want {
				t.Errorf("%s: %v is %q, want %q", tag, tt.items, got, want)
			}
		}
	}
}

func TestLabelsBecomeWordsOfOneSentence(t *testing.T) {
	tests := []struct {
		tag   string
		items []string
		want  string
	}{
		{"en", []string{"City", "Postal code"}, "City and postal code"},
		{"fr", []string{"Anglais", "Français", "Suédois"}, "Anglais, français et suédois"},
		{"sv", []string{"Ort", "Postnummer"}, "Ort och postnummer"},
		{"sv", []string{"Språk", "Éclair", "ID-nummer"}, "Språk, éclair och ID-nummer"},
		{"sv", []string{"Ort"}, "Ort"},
		{"sv", nil, ""},
	}
	for _, tt := range tests {
		items := slices.Clone(tt.items)
		if got := lang.For(tt.tag).Labels(items); got != tt.want {
			t.Errorf("%s: %v is %q, want %q", tt.tag, tt.items, got, tt.want)
		}
		if !slices.Equal(items, tt.items) {
			t.Errorf("the items became %v", items)
		}
	}
}

func TestAlphabeticalOrderIsThatOfTheLanguage(t *testing.T) {
	tests := []struct {
		tag  string
		want []string
	}{
		{"en", []string{"Åkeri", "Älg", "andra", "Customer 2", "Customer 10", "Ek", "Éclair", "Öl", "Zoo"}},
		{"fr", []string{"Åkeri", "Älg", "andra", "Customer 2", "Customer 10", "Éclair", "Ek", "Öl", "Zoo"}},
		{"sv", []string{"andra", "Customer 2", "Customer 10", "Éclair", "Ek", "Zoo", "Åkeri", "Älg", "Öl"}},
	}
	tests[0].want = tests[1].want // English and French agree on these
	for _, tt := range tests {
		got := slices.Clone(tt.want)
		slices.Sort(got)
		slices.SortFunc(got, lang.For(tt.tag).Compare)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.tag, got, tt.want)
		}
	}
	if lang.For("sv").Compare("e\u0301", "é") == 0 {
		t.Error("different texts are equal")
	}
}

func TestFaultsSpeakToTheReader(t *testing.T) {
	tooMany := fault.New(fault.TooMany, "429", "refusal.rf42")
	tests := []struct {
		name, tag string
		e         *fault.Error
		want      string
	}{
		{"a value", "en", tooMany.With("Seconds", 30), "Too many requests came in a short time. Wait 30\u00a0s, then try again."},
		{"no value", "fr", tooMany, "Trop de demandes ont été reçues en peu de temps. Patientez, puis réessayez."},
		{"a list", "sv", fault.New(fault.Forbidden, "900150", "refusal.rf10").With("Roles", []string{"A", "B"}), "Din roll tillåter inte detta. Det kräver någon av följande roller: A och B. Be en administratör i din organisation om rollen."},
		{"a list of keys", "en", fault.New(fault.Forbidden, "900150", "refusal.rf10").With("Roles", fault.Keys{"common.save", "common.cancel"}), "Your role does not allow this. It needs one of these roles: Save or Cancel. Ask an admin of your organization for the role."},
		{"a day", "en", fault.New(fault.Forbidden, "800074", "refusal.rf16").With("Since", lang.Day(time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC))), "The customer’s account is not approved (under review since Feb 3, 2026), so its subscriptions cannot be changed or canceled. Renewals go on as planned. Try again once the account is approved."},
		{"our own mistake", "en", fault.New(fault.Internal, "", "refusal.rf42").Because(errors.New("disk full")), lang.For("en").T("refusal.internal")},
		{"a sentence that is missing", "fr", fault.New(fault.Invalid, "1", "no.such.key"), lang.For("fr").T("refusal.internal")},
		{"no fault", "sv", nil, lang.For("sv").T("refusal.internal")},
	}
	for _, tt := range tests {
		if got := lang.For(tt.tag).Fault(tt.e); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestFindingsSpeakToTheReader(t *testing.T) {
	f := finding.Finding{Key: "common.list", Args: map[string]any{"Items": 1000, "Last": money.MustParse("5", "EUR")}}
	if got, want := lang.For("fr").Finding(f), "1\u202f000 et 5,00\u00a0EUR"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAMissingMessageIsShownByItsKeyAndCounted(t *testing.T) {
	before := lang.Misses()
	if got := lang.For("sv").T("no.such.key"); got != "no.such.key" {
		t.Errorf("got %q", got)
	}
	if got := lang.For("sv").N("no.such.key", 3); got != "no.such.key" {
		t.Errorf("got %q", got)
	}
	if lang.Misses() == before {
		t.Error("nobody counted")
	}
}

// Refusals are raised far from their sentences, and not every place that
// raises one knows all of its values: the sentence must be whole without them.
func TestRefusalsReadWellWithoutValues(t *testing.T) {
	broken := regexp.MustCompile(`no value|\(\s*\)|\s\.|  |: ?\.|\{|\}|[^.]$`)
	for key := range readCatalogues(t)["en"] {
		if !strings.HasPrefix(key, "refusal.") {
			continue
		}
		for _, tag := range lang.Tags() {
			if got := lang.For(tag).T(key); broken.MatchString(got) {
				t.Errorf("%s: %s reads %q", tag, key, got)
			}
		}
	}
}

func TestPrintersServeManyAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, tag := range lang.Tags() {
				p := lang.Match(tag, "")
				words := []string{"Öl", "Ek", "Åka"}
				slices.SortFunc(words, p.Compare)
				p.List(words)
				p.Money(money.MustParse("1", "EUR"))
				p.T("refusal.rf42", "Seconds", 5)
			}
		})
	}
	wg.Wait()
}

func BenchmarkPlainSentence(b *testing.B) {
	p := lang.For("fr")
	for b.Loop() {
		p.T("refusal.internal")
	}
}

func BenchmarkSentenceWithValue(b *testing.B) {
	p := lang.For("fr")
	for b.Loop() {
		p.T("refusal.rf42", "Seconds", 5)
	}
}

func BenchmarkNumber(b *testing.B) {
	p := lang.For("fr")
	for b.Loop() {
		p.Number(1234567)
	}
}

func BenchmarkDateTime(b *testing.B) {
	p := lang.For("fr")
	at := time.Date(2026, 11, 5, 17, 3, 0, 0, time.UTC)
	for b.Loop() {
		p.DateTime(at)
	}
}
