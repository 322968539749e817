package record

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var recorded = regexp.MustCompile(`(?:Operation:\s+|record\(ctx, u, )"([a-z]+(?:_[a-z]+)+)"`)

// Every operation that the program records has a name that people read (rule K3).
func TestEveryRecordedOperationHasAName(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range recorded.FindAllSubmatch(text, -1) {
			if name := string(found[1]); operations[name] == "" {
				t.Errorf("%s records %s, which has no name in operations.go", path, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
