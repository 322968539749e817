package lang_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"

	"comptoir/internal/lang"
)

// message is one entry of a catalogue: plural form to text, "other" alone for
// a sentence without plural.
type message map[string]string

// UnmarshalJSON reads a sentence or an object of plural forms.
func (m *message) UnmarshalJSON(text []byte) error {
	*m = message{}
	if text[0] == '"' {
		var s string
		err := json.Unmarshal(text, &s)
		(*m)["other"] = s
		return err
	}
	return json.Unmarshal(text, (*map[string]string)(m))
}

func (m message) plural() bool { return len(m) > 1 }

// catalogue is all messages of one language by key.
type catalogue map[string]message

// readCatalogues reads every file of the folder and fails on a key that stands
// twice, be it in one file or in two.
func readCatalogues(t *testing.T) map[string]catalogue {
	t.Helper()
	paths, err := filepath.Glob("messages/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no catalogues: %v", err)
	}
	all := map[string]catalogue{}
	for _, path := range paths {
		parts := strings.Split(filepath.Base(path), ".")
		if len(parts) != 3 || !slices.Contains(lang.Tags(), parts[1]) {
			t.Errorf("%s is not named <area>.<language>.json", path)
			continue
		}
		if all[parts[1]] == nil {
			all[parts[1]] = catalogue{}
		}
		readFile(t, path, all[parts[1]])
	}
	return all
}

func readFile(t *testing.T, path string, into catalogue) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	if _, err := d.Token(); err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	for d.More() {
		key, err := d.Token()
		var m message
		if err == nil {
			err = d.Decode(&m)
		}
		if err != nil {
			t.Errorf("%s: after key %v: %v", path, key, err)
			return
		}
		if _, twice := into[key.(string)]; twice {
			t.Errorf("%s: key %s stands in the catalogues twice", path, key)
		}
		into[key.(string)] = m
	}
}

func TestEveryLanguageHasTheSameKeys(t *testing.T) {
	all := readCatalogues(t)
	for _, tag := range lang.Tags() {
		for _, other := range lang.Tags() {
			for key := range all[other] {
				if _, ok := all[tag][key]; !ok {
					t.Errorf("%s is in %s but not in %s", key, other, tag)
				}
			}
		}
	}
}

func TestKeysAreDottedLowerCase(t *testing.T) {
	form := regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)
	for key := range readCatalogues(t)["en"] {
		if !form.MatchString(key) {
			t.Errorf("key %q", key)
		}
	}
}

// The plural forms are those of CLDR for whole numbers; French "many" is for
// millions ("1 000 000 de clients").
func TestPluralsHaveTheFormsOfTheirLanguage(t *testing.T) {
	forms := map[string][]string{
		"en": {"one", "other"},
		"fr": {"many", "one", "other"},
		"sv": {"one", "other"},
	}
	all := readCatalogues(t)
	for tag, messages := range all {
		for key, m := range messages {
			got := make([]string, 0, len(m))
			for form, text := range m {
				got = append(got, form)
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s (%s) is empty", tag, key, form)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, forms[tag]) && !slices.Equal(got, []string{"other"}) {
				t.Errorf("%s: %s has the plural forms %v, want %v", tag, key, got, forms[tag])
			}
			if english, ok := all["en"][key]; ok && english.plural() != m.plural() {
				t.Errorf("%s: %s is a plural in one language and none in another", tag, key)
			}
		}
	}
}

func TestPlaceholdersAgreeBetweenLanguages(t *testing.T) {
	all := readCatalogues(t)
	for key, m := range all["en"] {
		want := placeholders(t, "en "+key, m)
		for _, tag := range lang.Tags()[1:] {
			if translated, ok := all[tag][key]; ok {
				if got := placeholders(t, tag+" "+key, translated); !slices.Equal(got, want) {
					t.Errorf("%s: %s has the placeholders %v, in English %v", tag, key, got, want)
				}
			}
		}
	}
}

// placeholders returns the sorted names that the forms of m use.
func placeholders(t *testing.T, name string, m message) []string {
	t.Helper()
	var names []string
	for _, text := range m {
		parsed, err := template.New("").Parse(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if parsed.Tree != nil {
			names = fields(parsed.Root, names)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func fields(n parse.Node, names []string) []string {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				names = fields(child, names)
			}
		}
	case *parse.ActionNode:
		names = fields(n.Pipe, names)
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			for _, arg := range command.Args {
				names = fields(arg, names)
			}
		}
	case *parse.FieldNode:
		names = append(names, n.Ident[0])
	case *parse.WithNode:
		names = fields(n.ElseList, fields(n.List, fields(n.Pipe, names)))
	case *parse.IfNode:
		names = fields(n.ElseList, fields(n.List, fields(n.Pipe, names)))
	}
	return names
}

// The typography of the three languages, as a printer's reader would mark it.
func TestTypography(t *testing.T) {
	always := map[string]*regexp.Regexp{
		"a straight apostrophe (write ’)":         regexp.MustCompile(`\pL'|'\pL`),
		"three dots (write …)":                    regexp.MustCompile(`\.\.\.`),
		"a blank at the start, the end or double": regexp.MustCompile(`^\s|\s$|  `),
	}
	french := map[string]*regexp.Regexp{
		"no space before : ; ? !": regexp.MustCompile(`[^\s\x{a0}\x{202f}:;?!/][;?!](\s|$)|[^\s\x{a0}\x{202f}]:(\s|$)`),
		"no space inside « »":     regexp.MustCompile(`«[^\s\x{a0}\x{202f}]|[^\s\x{a0}\x{202f}]»`),
	}
	for tag, messages := range readCatalogues(t) {
		for key, m := range messages {
			for _, text := range m {
				for mistake, pattern := range always {
					if pattern.MatchString(text) {
						t.Errorf("%s: %s: %s: %q", tag, key, mistake, text)
					}
				}
				if tag != "fr" {
					continue
				}
				for mistake, pattern := range french {
					if pattern.MatchString(text) {
						t.Errorf("fr: %s: %s: %q", key, mistake, text)
					}
				}
			}
		}
	}
}
