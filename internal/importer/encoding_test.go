package importer

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"comptoir/internal/fault"
)

func TestTheEncodingOfAFileIsRecognisedAsAWhole(t *testing.T) {
	plain := "företag;ort\nGöteborgs Måleri AB;Malmö\nCafé du Soleil SARL;Besançon\n"
	far := strings.Repeat("Kund AB;Lund\n", 200_000) // what is said of characters comes far behind the sample
	for name, tt := range map[string]struct {
		body string
		want Encoding
	}{
		"nothing":                             {"", UTF8},
		"plain letters":                       {"name;city\nKund AB;Lund\n", UTF8},
		"UTF-8":                               {plain, UTF8},
		"UTF-8 with its mark":                 {byteOrderMark + plain, UTF8},
		"UTF-16":                              {wide("\ufeff"+plain, false), UTF16},
		"UTF-16 without its mark":             {wide(plain, true), UTF16},
		"a spreadsheet in France or Sweden":   {western(t, plain), Windows1252},
		"one whose letters stand at its end":  {"name;city\n" + far + western(t, "Måleri AB;Malmö\n"), Windows1252},
		"one letter at the very end":          {"name;city\nKund AB;Malm\xf6", Windows1252},
		"typographic signs of Windows":        {"name;note\nKund AB;\x93vip\x94 \x96 \x80\n", Windows1252},
		"UTF-8 with one row that was damaged": {plain + "K\xf6p AB;Lund\n", UTF8},
		"UTF-8 that was cut off in a letter":  {plain[:strings.Index(plain, "ç")+1], UTF8},
		"JSON, which is UTF-8 by definition":  {"\n {\"name\": \"Malm\xf6\"}\n", UTF8},
	} {
		for way, body := range map[string]io.Reader{
			"at once": strings.NewReader(tt.body), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.body[max(0, len(tt.body)-4096):])),
		} {
			if got, err := Recognise(body); err != nil || got != tt.want && (way == "at once" || len(tt.body) <= 4096) {
				t.Errorf("%s, %s: %s, %v; want %s", name, way, got, err, tt.want)
			}
		}
	}
	if _, err := Recognise(iotest.ErrReader(io.ErrNoProgress)); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("a disk that fails: %v", err)
	}
}

// western returns text in Windows-1252.
func western(t testing.TB, text string) string {
	t.Helper()
	encoded, err := pages[Windows1252].NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// What is recognised does not depend on the pieces in which a file arrives.
func TestPiecesDoNotChangeTheEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })).Draw(t, "text")
		whole, err := Recognise(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var r recogniser
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			_, _ = r.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		if got := r.encoding(); got != whole {
			t.Fatalf("in pieces %s, at once %s", got, whole)
		}
	})
}

func TestEveryEncodingIsReadWhenAskedFor(t *testing.T) {
	const text = "name;city\nKund Ö AB;Lund\n"
	for _, e := range Encodings() {
		body := text
		switch page, single := pages[e]; {
		case single:
			body, _ = page.NewEncoder().String(text)
		case e == UTF16:
			body = wide(text, false)
		}
		if _, rows := table(t, body, Options{Encoding: e}); !slices.Equal(rows[0], []string{"Kund Ö AB", "Lund"}) {
			t.Errorf("%s: %q", e, rows)
		}
	}
}

// A file without a single row is refused as a whole: nobody means it.
func TestAFileWithoutRowsIsRefused(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "blank lines": "\n \r\n\n", "the names of the columns alone": "name;city\n",
		"names of columns, and rows without content": "name;city\n;\n \n", "a byte order mark": byteOrderMark,
	} {
		f, err := openFile(strings.NewReader(body), Options{})
		if err == nil {
			err = f.begin()
		}
		if !errors.Is(err, ErrEmptyFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := openFile(strings.NewReader("name\nKund AB\nBageri AB\n"), Options{})
	if err != nil || f.begin() != nil {
		t.Fatal(err)
	}
	if rows, err := f.first(5); err != nil || len(rows) != 2 || rows[0].text != "Kund AB" {
		t.Errorf("after it began %+v, %v", rows, err)
	}
	if fault.All(ErrEmptyFile) == nil {
		t.Error("the reason is not for people")
	}
}
