package arch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// pkg is one package of the module, without its tests.
type pkg struct {
	path    string            // "internal/db"
	imports map[string]string // what it imports, the module's own without the module's name, to a file that does
	files   map[string]*ast.File
}

// readModule parses the packages of cmd and internal, sorted by path.
func readModule(t *testing.T) []pkg {
	t.Helper()
	byPath := map[string]pkg{}
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
				return filepath.SkipDir
			}
			if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return nil
			}
			return readFile(byPath, name)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(byPath) < 5 {
		t.Fatalf("only %d packages were found", len(byPath))
	}
	return slices.SortedFunc(maps.Values(byPath), func(a, b pkg) int { return strings.Compare(a.path, b.path) })
}

func readFile(byPath map[string]pkg, name string) error {
	file, err := parser.ParseFile(positions, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	name, err = filepath.Rel(root, name)
	if err != nil {
		return err
	}
	name = filepath.ToSlash(name)
	dir := name[:strings.LastIndex(name, "/")]
	p, ok := byPath[dir]
	if !ok {
		p = pkg{path: dir, imports: map[string]string{}, files: map[string]*ast.File{}}
		byPath[dir] = p
	}
	p.files[name] = file
	for _, spec := range file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		p.imports[strings.TrimPrefix(imported, "comptoir/")] = name
	}
	return nil
}

// positions knows where everything that was parsed stands.
var positions = token.NewFileSet()

// position returns where n stands, from the root of the module.
func position(n ast.Node) string {
	return strings.TrimPrefix(filepath.ToSlash(positions.Position(n.Pos()).String()), root+"/")
}

// within reports whether p is one of dirs or lies in one.
func (p pkg) within(dirs ...string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool {
		return p.path == dir || strings.HasPrefix(p.path, dir+"/")
	})
}

// Rules read the clock of their unit of work and edges that of the
// installation, so that a sandbox can travel and a test can stand still.
func TestNobodyAsksTheWallClock(t *testing.T) {
	for _, p := range readModule(t) {
		if p.within("cmd", "internal/clock", "internal/db") || house[max(floor(p.path), 0)].layer == testOnly {
			continue
		}
		for _, file := range p.files {
			ast.Inspect(file, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				receiver, ok := s.X.(*ast.Ident)
				if ok && receiver.Name == "time" && (s.Sel.Name == "Now" || s.Sel.Name == "Since" || s.Sel.Name == "Until") {
					t.Errorf("%s: time.%s; ask the clock", position(s), s.Sel.Name)
				}
				return true
			})
		}
	}
}

// Wire formats belong to the edges: renaming a field of a feature must not
// change what a client sees.
func TestOnlyEdgesKnowJSONNames(t *testing.T) {
	for _, p := range readModule(t) {
		if p.within("cmd", "internal/api", "internal/oauth", "internal/webhook", "internal/portal", "internal/mail") {
			continue
		}
		for _, file := range p.files {
			ast.Inspect(file, func(n ast.Node) bool {
				if field, ok := n.(*ast.Field); ok && field.Tag != nil && strings.Contains(field.Tag.Value, `json:"`) {
					t.Errorf("%s: a JSON tag outside the edges", position(field.Tag))
				}
				return true
			})
		}
	}
}
