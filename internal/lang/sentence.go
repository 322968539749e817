package lang

import (
	"encoding/json"
	"strings"
)

// message is an entry of a catalogue: a sentence, which stands in Other, or the
// plural forms of one.
type message struct{ One, Many, Other string }

// UnmarshalJSON reads a sentence, or an object of plural forms.
func (m *message) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &m.Other)
	}
	type forms message
	return json.Unmarshal(text, (*forms)(m))
}

// form returns the form of m that a language has for n, by CLDR's rules for
// whole numbers; "" when m lacks it. A message that is the same for every number
// is that form.
func (m message) form(tag string, n int64) string {
	switch {
	case m.One == "" && m.Many == "":
		return m.Other
	case n == 1 || n == -1 || n == 0 && tag == "fr":
		return m.One
	case n%1_000_000 == 0 && n != 0 && tag == "fr":
		return m.Many
	}
	return m.Other
}

// fill returns text with values in the places of its placeholders:
//
//	{{.Name}}                          the value of Name
//	{{with .Name}}… {{.}} …{{end}}     where Name has a value, what stands between, and {{.}} is the value
//	{{with .Name}}…{{else}}…{{end}}    where it has none, what stands behind else
//	{{if .Name}}…{{end}}               the same without {{.}}
//
// That is a part of text/template. The whole of it calls methods by their names,
// and so keeps the linker from leaving out any method that nobody calls: a
// twelfth of the program.
func fill(text string, values map[string]string) string {
	f := filler{values: values}
	f.until(text, "", true)
	return f.String()
}

type filler struct {
	strings.Builder
	values map[string]string
}

// until writes text, unless shown is false, up to the {{else}} or {{end}} that
// belongs to it. It returns which of the two that was, and what follows. dot is
// the value of {{.}}.
func (f *filler) until(text, dot string, shown bool) (end, rest string) {
	write := func(s string) {
		if shown {
			f.WriteString(s)
		}
	}
	for {
		before, after, found := strings.Cut(text, "{{")
		write(before)
		if !found {
			return "", ""
		}
		action, after, _ := strings.Cut(after, "}}")
		text = after
		verb, name, _ := strings.Cut(action, " .")
		switch verb {
		case "end", "else":
			return verb, text
		case ".":
			write(dot)
		case "with", "if":
			value, inside := f.values[name], dot
			if verb == "with" {
				inside = value
			}
			if end, text = f.until(text, inside, shown && value != ""); end == "else" {
				_, text = f.until(text, dot, shown && value == "")
			}
		default:
			write(f.values[strings.TrimPrefix(verb, ".")])
		}
	}
}
