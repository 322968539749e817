package importer

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"pgregory.net/rapid"

	"comptoir/internal/fault"
)

// all reads a file to its end.
func all(t testing.TB, body string, o Options) (*file, []record) {
	t.Helper()
	f, err := openFile(strings.NewReader(body), o)
	if err != nil {
		t.Fatal(err)
	}
	var records []record
	for {
		r, err := f.next()
		if errors.Is(err, io.EOF) {
			return f, records
		}
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
}

// table reads a CSV file; a row that cannot be read is the key of its fault.
func table(t testing.TB, body string, o Options) (header []string, rows [][]string) {
	t.Helper()
	f, records := all(t, body, o)
	for _, r := range records {
		row, unread := []string(nil), r.fault
		if unread == nil {
			row, unread = f.cells(r.text)
		}
		if unread != nil {
			row = []string{unread.Key}
		}
		rows = append(rows, row)
	}
	return f.header, rows
}

func TestCSVOfEveryDialectIsRead(t *testing.T) {
	want := [][]string{{"Kund AB", "Lund"}, {"Société «É»; SA", "a\nb"}}
	for name, text := range map[string]string{
		"commas":                          "name,city\nKund AB,Lund\n\"Société «É»; SA\",\"a\nb\"\n",
		"semicolons, as in fr and sv":     "name;city\nKund AB;Lund\n\"Société «É»; SA\";\"a\nb\"\n",
		"tabs":                            "name\tcity\nKund AB\tLund\nSociété «É»; SA\t\"a\nb\"\n",
		"bars":                            "name|city\nKund AB|Lund\nSociété «É»; SA|\"a\nb\"\n",
		"no line feed at the end":         "name;city\nKund AB;Lund\n\"Société «É»; SA\";\"a\nb\"",
		"everything quoted":               "\"name\",\"city\"\n\"Kund AB\",\"Lund\"\n\"Société «É»; SA\",\"a\nb\"\n",
		"a byte order mark":               "\ufeffname,city\nKund AB,Lund\n\"Société «É»; SA\",\"a\nb\"\n",
		"a line that names the separator": "sep=;\nname;city\nKund AB;Lund\n\"Société «É»; SA\";\"a\nb\"\n",
		"empty lines":                     "\n\nname;city\n\nKund AB;Lund\n;\n \n\"Société «É»; SA\";\"a\nb\"\n\n",
		"empty cells behind the last":     "name,city\nKund AB,Lund,,\n\"Société «É»; SA\",\"a\nb\",\n",
		"UTF-16, little end first":        wide("\ufeffname;city\nKund AB;Lund\n\"Société «É»; SA\";\"a\nb\"\n", false),
		"UTF-16, big end first":           wide("\ufeffname;city\nKund AB;Lund\n\"Société «É»; SA\";\"a\nb\"\n", true),
		"UTF-16 without its mark":         wide("name;city\nKund AB;Lund\n\"Société «É»; SA\";\"a\nb\"\n", false),
		"UTF-16 without, big end first":   wide("name;city\nKund AB;Lund\n\"Société «É»; SA\";\"a\nb\"\n", true),
	} {
		t.Run(name, func(t *testing.T) {
			header, rows := table(t, text, Options{})
			if !slices.Equal(header, []string{"name", "city"}) || !slices.EqualFunc(rows, want, slices.Equal) {
				t.Errorf("header %q, rows %q", header, rows)
			}
		})
	}
}

// wide returns text in UTF-16.
func wide(text string, bigEnd bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		high, low := byte(u>>8), byte(u)
		if bigEnd {
			b = append(b, high, low)
		} else {
			b = append(b, low, high)
		}
	}
	return string(b)
}

func TestLineEndsOfAllSystemsAreRead(t *testing.T) {
	for name, end := range map[string]string{"Unix": "\n", "Windows": "\r\n", "old spreadsheets": "\r"} {
		header, rows := table(t, strings.ReplaceAll("name,city|Kund AB,Lund|\"Ett\",\"Malmö\"|", "|", end), Options{})
		if len(header) != 2 || len(rows) != 2 || rows[0][1] != "Lund" || rows[1][1] != "Malmö" {
			t.Errorf("%s: header %q, rows %q", name, header, rows)
		}
	}
}

func TestWesternEuropeanSpreadsheetsAreReadWhenAskedFor(t *testing.T) {
	text := "f\xf6retag;ort\nG\xf6teborgs M\xe5leri AB;Malm\xf6\n"
	header, rows := table(t, text, Options{Encoding: Windows1252})
	if header[0] != "företag" || rows[0][0] != "Göteborgs Måleri AB" || rows[0][1] != "Malmö" {
		t.Errorf("header %q, rows %q", header, rows)
	}
	_, rows = table(t, "name;city\nG\xf6teborgs M\xe5leri AB;Lund\nKund AB;Lund\n", Options{})
	if rows[0][0] != "importer.row.utf8" || rows[1][0] != "Kund AB" {
		t.Errorf("without asking %q", rows)
	}
}

// A row that cannot be read is refused with its reason, and those around it are
// read: nothing is lost with it.
func TestABrokenRowCostsNoOther(t *testing.T) {
	for name, tt := range map[string]struct {
		rows string
		want [][]string
	}{
		"a quotation mark that is never closed": {
			"One,\"Lund\nTwo,Kiruna\nThree,\"Umeå, norr\"\nFour,Ystad\n",
			[][]string{{"importer.row.unclosed"}, {"Two", "Kiruna"}, {"Three", "Umeå, norr"}, {"Four", "Ystad"}},
		},
		"one that is never closed, at the end": {
			"One,Lund\nTwo,\"Kir", [][]string{{"One", "Lund"}, {"importer.row.unclosed"}},
		},
		"text behind a closing mark": {
			"\"One\"x,Lund\nTwo,Kiruna\n", [][]string{{"importer.row.quote"}, {"Two", "Kiruna"}},
		},
		"marks inside of a cell are text": {
			"12\" One,Lund\nTwo \"the second\",Kiruna\n", [][]string{{"12\" One", "Lund"}, {"Two \"the second\"", "Kiruna"}},
		},
		"doubled marks are one": {
			"\"One \"\"the first\"\"\",Lund\n\"\"\"Two\"\"\",\"\"\n", [][]string{{"One \"the first\"", "Lund"}, {"\"Two\"", ""}},
		},
		"too few cells": {"One\nTwo,Kiruna\n", [][]string{{"importer.row.cells"}, {"Two", "Kiruna"}}},
		"too many":      {"One,Lund,x\nTwo,Kiruna\n", [][]string{{"importer.row.cells"}, {"Two", "Kiruna"}}},
		"a NUL byte":    {"One,Lu\x00nd\nTwo,Kiruna\n", [][]string{{"importer.row.nul"}, {"Two", "Kiruna"}}},
		"a row beyond all measure": {
			strings.Repeat("x", maxRecord+10) + ",Lund\nTwo,Kiruna\n", [][]string{{"importer.row.too_long"}, {"Two", "Kiruna"}},
		},
		"an open mark before a row beyond all measure": {
			"One,\"Lund\n" + strings.Repeat("x", maxRecord+10) + "\nTwo,Kiruna\n",
			[][]string{{"importer.row.unclosed"}, {"importer.row.too_long"}, {"Two", "Kiruna"}},
		},
		"a file that was cut off": {"One,Lund\nTwo", [][]string{{"One", "Lund"}, {"importer.row.cells"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, rows := table(t, "name,city\n"+tt.rows, Options{}); !slices.EqualFunc(rows, tt.want, slices.Equal) {
				t.Errorf("got %.300q", rows)
			}
		})
	}
}

func TestRowsAndLinesAreCounted(t *testing.T) {
	_, records := all(t, "name,city\nOne,\"Lund\nSkåne\"\n\nTwo,\"x\nThree,Ystad\n", Options{})
	var got [][2]int64
	for _, r := range records {
		got = append(got, [2]int64{r.row, r.line})
	}
	if want := [][2]int64{{1, 2}, {2, 5}, {3, 6}}; !slices.Equal(got, want) {
		t.Errorf("rows and lines %v, want %v", got, want)
	}
}

func TestJSONLinesAreRead(t *testing.T) {
	f, records := all(t, `{"legalName": "Kund AB", "addressLines": ["Gatan 1", "2 tr"], "head": {"city": "Lund"}, "n": 12, "x": null}`+"\n\n"+
		`{"legalName": "Cut`+"\n"+`[1]`+"\n"+`{"a": 1} {"a": 2}`+"\n"+`{"legalName": "Sist"}`, Options{})
	if f.format != JSONLines || !slices.Contains(f.header, "head.city") {
		t.Fatalf("%s with %q", f.format, f.header)
	}
	want := []string{"", "importer.row.cut_off", "importer.row.object", "importer.row.json", ""}
	for i, r := range records {
		m, unread := parseMembers(r.text)
		switch {
		case unread == nil && want[i] != "", unread != nil && unread.Key != want[i]:
			t.Errorf("row %d: %v", r.row, unread)
		case i == 0 && (m["addressLines"] != "Gatan 1\n2 tr" || m["addressLines.2"] != "2 tr" || m["head.city"] != "Lund" || m["n"] != "12"):
			t.Errorf("members %q", m)
		}
	}
	if records[2].line != 4 {
		t.Errorf("row 3 begins in line %d", records[2].line)
	}
}

func TestAFileThatCannotBeImportedAtAllIsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		o    Options
		want *fault.Error
	}{
		"nothing":                  {"", Options{}, ErrEmptyFile},
		"empty lines":              {"\n \r\n", Options{}, ErrEmptyFile},
		"nothing but a separator":  {"sep=;\n", Options{}, ErrEmptyFile},
		"a JSON list":              {"[\n{\"a\": 1}\n]", Options{}, ErrJSONArray},
		"an unknown format":        {"a,b\n", Options{Format: "xlsx"}, ErrFormat},
		"an unknown encoding":      {"a,b\n", Options{Encoding: "ebcdic"}, ErrEncoding},
		"a delimiter of two":       {"a,b\n", Options{Delimiter: ";;"}, ErrDelimiter},
		"a quotation mark between": {"a,b\n", Options{Delimiter: `"`}, ErrDelimiter},
		"a header that is open":    {"a,\"b\nc,d\n", Options{}, ErrHeader},
		"a workbook":               {"PK\x03\x04\x14\x00\x06\x00", Options{}, ErrHeader},
		"a thousand columns":       {strings.Repeat("a,", maxColumns) + "a\n", Options{}, ErrColumns},
	} {
		if _, err := openFile(strings.NewReader(tt.body), tt.o); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := openFile(iotest.ErrReader(io.ErrNoProgress), Options{}); !errors.Is(err, errUnreadable) || fault.All(err) != nil {
		t.Errorf("a disk that fails: %v", err)
	}
}

func TestColumnsCanAllBeNamed(t *testing.T) {
	header, _ := table(t, " name ,,city,city,\n", Options{})
	if want := []string{"name", "#2", "city", "city (2)", "#5"}; !slices.Equal(header, want) {
		t.Errorf("columns %q, want %q", header, want)
	}
}

// What a writer of CSV writes is read as it was.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-zåäö ,;"\n|\t]{0,12}`)
		width := rapid.IntRange(2, 4).Draw(t, "width")
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 6).Draw(t, "rows")
		comma := rapid.SampledFrom([]rune(separators)).Draw(t, "comma")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = comma
		header := []string{"one", "two", "three", "four"}[:width]
		if err := w.WriteAll(append([][]string{header}, rows...)); err != nil {
			t.Fatal(err)
		}
		blank := func(row []string) bool { return strings.Trim(strings.Join(row, ""), " \t\n\""+string(comma)) == "" }
		want := slices.DeleteFunc(slices.Clone(rows), blank)
		f, err := openFile(strings.NewReader(b.String()), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; ; i++ {
			r, err := f.next()
			if errors.Is(err, io.EOF) && i == len(want) {
				return
			}
			if err != nil || r.fault != nil || i == len(want) {
				t.Fatalf("row %d of %q: %v %v", i, b.String(), r.fault, err)
			}
			if got, unread := f.cells(r.text); unread != nil || !slices.Equal(got, want[i]) {
				t.Fatalf("row %d of %q: %q, %v", i, b.String(), got, unread)
			}
		}
	})
}

// FuzzFile reads anything. Whatever comes, the reader ends, counts its rows, and
// every line of the file is in exactly one of them.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"name,city\nKund AB,Lund\n", "name;city\r\n\"A\"\"B\";\"x\ny\"\r\n", "{\"a\": [1, {\"b\": null}]}\n{\"a", "sep=|\na|b\n\"", "a,b\n\"x\"y,z\n,\n",
		"\ufeffa,b\n1,2", "\xff\xfea\x00,\x00b\x00\n\x00", "[1]", "a\x00b\n", "a,b\n\"1\n2\n3,\"4\n", "a\rb\rc",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		in, err := openFile(strings.NewReader(string(body)), Options{Encoding: UTF8})
		if err != nil {
			if fault.All(err) == nil {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		var seen []string
		var last int64
		for row := int64(1); ; row++ {
			r, err := in.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil || r.row != row || r.line <= last {
				t.Fatalf("row %d of line %d after line %d: %v", r.row, r.line, last, err)
			}
			last = r.line
			seen = append(seen, strings.Split(r.text, "\n")...)
			if r.fault != nil {
				continue
			}
			if in.format == CSV {
				in.cells(r.text) // that it returns is the point
			} else {
				parseMembers(r.text) // likewise
			}
		}
		if lost := missing(string(body), seen, in); lost != "" {
			t.Fatalf("the line %q is in no row", lost)
		}
	})
}

// missing returns the first line of body that is neither the header nor in seen.
func missing(body string, seen []string, in *file) string {
	lines := strings.Split(strings.TrimPrefix(body, "\ufeff"), string(rune(in.lines.end)))
	skip := in.format == CSV
	for _, line := range lines {
		line = strings.TrimSuffix(line, "\r")
		switch {
		case skip && (strings.TrimSpace(line) == "" || strings.HasPrefix(line, "sep=")):
			continue
		case skip:
			// A header of several lines is rare enough to be passed over.
			if skip = false; quotes(line, in.comma, closed) == open {
				return ""
			}
			continue
		case in.blank(line):
			continue
		}
		n := slices.Index(seen, line)
		if n < 0 {
			return line
		}
		seen = seen[n+1:]
	}
	return ""
}
