package stories_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/coverage.md")

const coverageFile = "../../docs/coverage.md"

// later are the statements whose features are still to come, by what they are
// about. Who builds one takes its statements out of here.
var later = []struct{ about, statements string }{
	{"Customer permissions and Cost Management", "S0.4 S0.5 S1.4 S1.5 S2.28-S2.31"},
	{"Orders and subscriptions", "S2.12 S2.25-S2.27 S3.1-S3.26"},
}

// Every statement of the pages that Comptoir was made after has a story that is
// named after it, or is known to be missing. docs/coverage.md is the table.
func TestEveryStatementHasItsStory(t *testing.T) {
	statements := readStatements(t)
	told, missing := readStories(t), map[string]string{}
	for _, l := range later {
		for _, s := range spread(l.statements) {
			missing[s] = l.about
		}
	}
	var table bytes.Buffer
	table.WriteString("# Statements and their stories\n\nThe pages that Comptoir was made after, statement by statement ([rules.md](spec/rules.md), section m), " +
		"and the tests that\ntell each as a user meets it, in a browser or over REST. `go test ./internal/stories -update` writes this table.\n\n" +
		"| Statement | In own words | Story |\n|---|---|---|\n")
	for _, s := range statements {
		stories, about := told[s.name], missing[s.name]
		delete(missing, s.name)
		switch {
		case len(stories) == 0 && about == "":
			t.Errorf("%s, %s, has no story", s.name, s.words)
		case len(stories) != 0 && about != "":
			t.Errorf("%s has a story: take it out of what comes later", s.name)
		case about != "":
			stories = []string{"_to come: " + about + "_"}
		}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", s.name, s.words, strings.Join(stories, ", "))
	}
	for s := range missing {
		t.Errorf("%s comes later, but there is no such statement", s)
	}
	if *update {
		if err := os.WriteFile(coverageFile, table.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(coverageFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), table.String()); diff != "" {
		t.Errorf("docs/coverage.md is not true any more; write it with -update:\n%s", diff)
	}
}

type statement struct{ name, words string }

var row = regexp.MustCompile(`^\| (S\d\.[^|]*) \| ([^|]*) \|`)

// readStatements returns the statements of rules.md in their order.
func readStatements(t *testing.T) (all []statement) {
	t.Helper()
	rules, err := os.ReadFile("../../docs/spec/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(rules)) {
		if m := row.FindStringSubmatch(line); m != nil {
			names := strings.NewReplacer("–", "-", " / ", " ").Replace(m[1])
			for i, name := range spread(names) {
				words := strings.TrimSpace(m[2])
				if countries := strings.Fields(words); strings.Contains(names, "-") && i < len(countries) {
					words = countries[i] // one statement for each of the listed countries
				}
				all = append(all, statement{name, words})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b statement) int { return strings.Compare(a.name[:2], b.name[:2]) })
	return all
}

// spread names the statements of "S0.4 S2.28-S2.31" one by one.
func spread(names string) (all []string) {
	for _, name := range strings.Fields(names) {
		from, to, several := strings.Cut(name, "-")
		if !several {
			to = from
		}
		file, first, _ := strings.Cut(from, ".")
		low, _ := strconv.Atoi(first)
		high, _ := strconv.Atoi(to[strings.LastIndex(to, ".")+1:])
		for n := low; n <= high; n++ {
			all = append(all, file+"."+strconv.Itoa(n))
		}
	}
	return all
}

var (
	inName = regexp.MustCompile(`S(\d)_(\d+)`)
	inText = regexp.MustCompile(`^"(S\d\.\d+)`)
)

// readStories returns the names of the tests that tell each statement: it stands
// in the name of the test or begins the name of a part of it.
func readStories(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]string{}
	tell := func(statement, story string) {
		if !slices.Contains(told[statement], story) {
			told[statement] = append(told[statement], story)
		}
	}
	for _, file := range files {
		if file == "coverage_test.go" {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		owner := storyOf(parsed)
		for _, d := range parsed.Decls {
			story := owner
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Test") {
				story = f.Name.Name
				for _, m := range inName.FindAllStringSubmatch(story, -1) {
					tell("S"+m[1]+"."+m[2], story)
				}
			}
			ast.Inspect(d, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok {
					if m := inText.FindStringSubmatch(text.Value); m != nil {
						tell(m[1], story)
					}
				}
				return true
			})
		}
	}
	return told
}

// storyOf returns the first test of a file, whose parts and tables the rest of it is.
func storyOf(file *ast.File) string {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "TestS") {
			return f.Name.Name
		}
	}
	return ""
}
