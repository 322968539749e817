package v1

import (
	"bufio"
	"cmp"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"comptoir/internal/lang"
	"comptoir/internal/origin"
)

// published is a row of the published list of routes.
type published struct{ auth, takes, status, gives string }

var braces = regexp.MustCompile(`\{[^}]*\}`)

// readPublished reads the published lists of routes, by method and path without the
// names of parameters, which are not part of the contract.
func readPublished(t *testing.T) map[string]published {
	t.Helper()
	rows := make(map[string]published)
	readRoutes(t, "routes-customers.tsv", rows)
	readRoutes(t, "routes-commerce.tsv", rows)
	if len(rows) < 200 {
		t.Fatalf("%d rows", len(rows))
	}
	return rows
}

// modes are the short words for the modes of authentication.
var modes = map[string]string{"A,U": "App or App+User", "U": "App+User", "A": "App"}

// readRoutes adds the routes of a file of docs/spec to rows.
func readRoutes(t *testing.T, name string, rows map[string]published) {
	t.Helper()
	f, err := os.Open("../../../docs/spec/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) < 6 || cells[0] == "METHOD" {
			continue
		}
		path, _, _ := strings.Cut(cells[1], "?")
		rows[cells[0]+" "+braces.ReplaceAllString(path, "{}")] = published{cmp.Or(modes[cells[2]], cells[2]), cells[3], cells[4], cells[5]}
	}
	if lines.Err() != nil {
		t.Fatal(lines.Err())
	}
}

// The route table is the published one: no route is invented, and each takes the
// token, answers the status and gives the resource that was published.
func TestTheTableIsThePublishedOne(t *testing.T) {
	a := New(newHouse(t).kernel, origin.Origin{}, nil)
	rows := readPublished(t)
	names := map[string]string{}
	for _, rt := range a.Routes() {
		row, known := rows[rt.Method+" "+braces.ReplaceAllString(rt.Path, "{}")]
		if known == (rt.Ours != "") {
			t.Errorf("%s: published %v, but the reason for having it is %q", rt.Pattern(), known, rt.Ours)
		}
		if known {
			got := published{rt.Auth.String(), row.takes, strconv.Itoa(rt.Status), rt.ObjectType}
			if row.gives == "-" {
				row.gives = ""
			}
			if got != row {
				t.Errorf("%s is %+v, published %+v", rt.Pattern(), got, row)
			}
			if (row.takes == "-") == (rt.Takes != nil) {
				t.Errorf("%s takes %v, published %q", rt.Pattern(), rt.Takes, row.takes)
			}
			if (row.gives == "") == (rt.Gives != nil) {
				t.Errorf("%s gives %v, published %q", rt.Pattern(), rt.Gives, row.gives)
			}
		}
		if other := names[rt.Name]; other != "" || rt.Name == "" {
			t.Errorf("%s and %q are both called %q", rt.Pattern(), other, rt.Name)
		}
		names[rt.Name] = rt.Pattern()
		if lang.For("en").T(rt.Summary) == rt.Summary {
			t.Errorf("%s has no sentence in the catalogues", rt.Pattern())
		}
	}
}
