package lang_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is what the program's text says about messages.
type source struct {
	literals map[string]bool // every string literal of the Go and templ files
	calls    []call
}

// call is one place that names a key: p.T("key", …), p.N("key", n, …),
// fault.New(kind, code, "key"), fault.Keys{"key"}, finding.Finding{Key: "key"}.
type call struct {
	position string
	kind     string   // "T", "N", or "fault" for all others
	key      string   // "" when it is not written as one literal
	pieced   bool     // put together from parts
	names    []string // the placeholders given
	open     bool     // more placeholders may be given: T("key", args...)
}

// readSource reads the Go and templ files of cmd and internal without tests.
func readSource(t *testing.T) source {
	t.Helper()
	s := source{literals: map[string]bool{}}
	for _, top := range []string{"../../cmd", "../../internal"} {
		err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			switch {
			case os.IsNotExist(err):
				return nil
			case err != nil || d.IsDir():
				return err
			case strings.HasSuffix(path, ".templ"):
				return s.readTempl(path)
			case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
				return s.readGo(path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

var quoted = regexp.MustCompile(`"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"`)

// readTempl notes the literals only: the Go file made of it has the calls.
func (s *source) readTempl(path string) error {
	text, err := os.ReadFile(path)
	for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
		s.literals[m[1]] = true
	}
	return err
}

func (s *source) readGo(path string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if text, ok := literal(n); ok {
				s.literals[text] = true
			}
		case *ast.CallExpr:
			if c, ok := messageCall(n); ok {
				c.position = files.Position(n.Pos()).String()
				s.calls = append(s.calls, c)
			}
		case *ast.CompositeLit:
			for _, key := range messageKeys(n) {
				s.calls = append(s.calls, call{position: files.Position(n.Pos()).String(), kind: "fault", key: key})
			}
		}
		return true
	})
	return nil
}

// messageCall recognises the calls that name a key. A call of T or N whose
// first argument holds no text at all (a variable) is not one: the literal it
// was given is found where it stands.
func messageCall(n *ast.CallExpr) (call, bool) {
	function, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return call{}, false
	}
	c := call{kind: function.Sel.Name, open: n.Ellipsis.IsValid()}
	args := n.Args
	switch receiver, _ := function.X.(*ast.Ident); {
	case c.kind == "T" && len(args) > 0:
		c.name(args[1:])
	case c.kind == "N" && len(args) > 1:
		c.name(args[2:])
		c.names = append(c.names, "N")
	case c.kind == "New" && receiver != nil && receiver.Name == "fault" && len(args) == 3:
		c.kind, args = "fault", args[2:]
	default:
		return call{}, false
	}
	c.key, ok = literal(args[0])
	c.pieced = !ok && holdsText(args[0])
	return c, ok && strings.Contains(c.key, ".") || c.pieced
}

// messageKeys returns the keys in a fault.Keys{…} and a finding.Finding{Key: …}.
func messageKeys(n *ast.CompositeLit) []string {
	selector, ok := n.Type.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	var keys []string
	for _, element := range n.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok && selector.Sel.Name == "Finding" {
			if name, ok := pair.Key.(*ast.Ident); !ok || name.Name != "Key" {
				continue
			}
			element = pair.Value
		} else if selector.Sel.Name != "Keys" {
			continue
		}
		if key, ok := literal(element); ok {
			keys = append(keys, key)
		}
	}
	return keys
}

func (c *call) name(pairs []ast.Expr) {
	for i := 0; i < len(pairs); i += 2 {
		if name, ok := literal(pairs[i]); ok {
			c.names = append(c.names, name)
		} else {
			c.open = true
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}

func holdsText(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		basic, ok := n.(*ast.BasicLit)
		found = found || ok && basic.Kind == token.STRING
		return !found
	})
	return found
}

func TestEveryMessageIsUsed(t *testing.T) {
	used := readSource(t).literals
	for key := range readCatalogues(t)["en"] {
		if !used[key] {
			t.Errorf("%s is in the catalogues, but no text of the program names it", key)
		}
	}
}

func TestEveryKeyHasItsMessage(t *testing.T) {
	english := readCatalogues(t)["en"]
	for _, c := range readSource(t).calls {
		m, ok := english[c.key]
		switch {
		case c.pieced:
			t.Errorf("%s: a key is put together from parts; write it as one literal", c.position)
		case !ok:
			t.Errorf("%s: %s is not in the catalogues", c.position, c.key)
		case c.kind == "N" && !m.plural():
			t.Errorf("%s: N needs plural forms, and %s has none", c.position, c.key)
		case c.kind != "N" && m.plural():
			t.Errorf("%s: %s has plural forms; use N", c.position, c.key)
		}
	}
}

// A sentence gets the values it has places for. Faults get theirs with With,
// out of sight of this test: their placeholders are optional, see
// TestRefusalsReadWellWithoutValues.
func TestSentencesGetTheirValues(t *testing.T) {
	english := readCatalogues(t)["en"]
	for _, c := range readSource(t).calls {
		m, ok := english[c.key]
		if !ok || c.kind == "fault" {
			continue
		}
		places := placeholders(t, c.key, m)
		for _, name := range c.names {
			if !slices.Contains(places, name) && name != "N" {
				t.Errorf("%s: %s has no place for %s", c.position, c.key, name)
			}
		}
		for _, name := range places {
			if !slices.Contains(c.names, name) && !c.open {
				t.Errorf("%s: %s needs %s", c.position, c.key, name)
			}
		}
	}
}
