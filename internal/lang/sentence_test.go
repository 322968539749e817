package lang

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

// Sentences use only the part of text/template that we fill in ourselves, and
// say with each choice of values what the library makes of them.
func TestSentencesAreFilledAsTheLibraryDoes(t *testing.T) {
	action := regexp.MustCompile(`\{\{[^}]*\}\}`)
	known := regexp.MustCompile(`^\{\{(\.|\.\w+|(with|if) \.\w+|else|end)\}\}$`)
	for _, tag := range tags {
		for key, m := range For(tag).messages {
			for _, text := range []string{m.One, m.Many, m.Other} {
				actions := action.FindAllString(text, -1)
				if i := slices.IndexFunc(actions, func(s string) bool { return !known.MatchString(s) }); i >= 0 {
					t.Errorf("%s: %s: %s is no placeholder of ours", tag, key, actions[i])
					continue
				}
				compareFilled(t, tag+" "+key, text, names(actions))
			}
		}
	}
}

// names returns the names in actions, each once.
func names(actions []string) (all []string) {
	for _, a := range actions {
		if _, name, found := strings.Cut(strings.Trim(a, "{}"), "."); found && name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// compareFilled fills text with no values, with all, and with all but one.
func compareFilled(t *testing.T, where, text string, names []string) {
	t.Helper()
	parsed, err := template.New("").Option("missingkey=zero").Parse(text)
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	for lacking := -2; lacking < len(names); lacking++ {
		values := map[string]string{}
		for i, name := range names {
			if lacking != -2 && i != lacking {
				values[name] = fmt.Sprintf("‹%s›", name)
			}
		}
		var want strings.Builder
		if err := parsed.Execute(&want, values); err != nil {
			t.Errorf("%s: %v", where, err)
		}
		if got := fill(text, values); got != want.String() {
			t.Errorf("%s with %v: %q, want %q", where, values, got, want.String())
		}
	}
}

func TestConditionsMayStandInEachOther(t *testing.T) {
	const text = "{{with .A}}a {{.}}{{with .B}} b {{.}}{{else}} no b{{end}} {{.}}{{else}}no a{{if .B}}, but b{{end}}{{end}}."
	for _, tt := range []struct{ a, b, want string }{
		{"1", "2", "a 1 b 2 1."},
		{"1", "", "a 1 no b 1."},
		{"", "2", "no a, but b."},
		{"", "", "no a."},
	} {
		if got := fill(text, map[string]string{"A": tt.a, "B": tt.b}); got != tt.want {
			t.Errorf("%q and %q give %q, want %q", tt.a, tt.b, got, tt.want)
		}
	}
}

func FuzzFill(f *testing.F) {
	f.Add("Hello {{.Name}}!{{with .From}} From {{.}}.{{end}}", "Ada")
	f.Add("{{with .A}}{{else}}{{end}}{{end}}{{", "")
	f.Fuzz(func(_ *testing.T, text, value string) {
		fill(text, map[string]string{"Name": value}) // it ends, whatever the text
	})
}
