// Package arch_test holds the program to its architecture: who may import
// whom, who may ask the wall clock, where wire formats live.
package arch_test

import (
	"slices"
	"strings"
	"testing"
)

// layer is a storey of the house.
type layer string

const (
	program  layer = "program"  // the command line and the wiring: know everything
	edge     layer = "edge"     // speak a protocol; no rule, no SQL
	craft    layer = "craft"    // what edges share: routing, the parts of pages, how a request came
	reactor  layer = "reactor"  // turn committed events into deliveries
	feature  layer = "feature"  // one noun each: types, rules, operations and their SQL
	kernel   layer = "kernel"   // operations, jobs, policy, database
	value    layer = "value"    // no I/O
	testOnly layer = "testOnly" // help tests and measurements; the program does not know them
)

// house lists the packages from top to bottom. A package may import those below
// it, never those above; its subpackages belong to it unless they are listed.
var house = []struct {
	pkg   string
	layer layer
}{
	{"cmd/comptoir", program},
	{"internal/app", program},
	{"internal/demo", program},

	{"internal/portal", edge},
	{"internal/api", edge},
	{"internal/oauth", edge},

	{"internal/portal/letters", craft},
	{"internal/portal/visit", craft},
	{"internal/portal/block", craft},
	{"internal/portal/asset", craft},
	{"internal/portal/icon", craft},
	{"internal/api/throttle", craft},
	{"internal/api/route", craft},
	{"internal/origin", craft},

	{"internal/webhook", reactor},

	{"internal/notice", feature},
	{"internal/gdapbulk", feature},
	{"internal/pricesheet", feature},
	{"internal/importer", feature},
	{"internal/invitation", feature},
	{"internal/partnership", feature},
	{"internal/wording", feature},
	{"internal/invoice", feature},
	{"internal/cost", feature},
	{"internal/order", feature},
	{"internal/subscription", feature},
	{"internal/catalog", feature},
	{"internal/directory", feature},
	{"internal/customer", feature},
	{"internal/qualification", feature},
	{"internal/verification", feature},
	{"internal/agreement", feature},
	{"internal/gdap", feature},
	{"internal/relationship", feature},
	{"internal/draft", feature},
	{"internal/grant", feature},
	{"internal/partnerprofile", feature},
	{"internal/identity", feature},
	{"internal/rulebook", feature},
	{"internal/mail", feature},

	{"internal/archive", kernel},
	{"internal/activity", kernel},
	{"internal/event", kernel},
	{"internal/job", kernel},
	{"internal/op", kernel},
	{"internal/policy", kernel},
	{"internal/db", kernel},

	{"internal/charge", value},
	{"internal/term", value},
	{"internal/place", value},
	{"internal/letter", value},
	{"internal/naming", value},
	{"internal/lang", value},
	{"internal/refusal", value},
	{"internal/finding", value},
	{"internal/money", value},
	{"internal/fault", value},
	{"internal/clock", value},
	{"internal/id", value},

	{"internal/bench", testOnly},
	{"internal/crashtest", testOnly},
	{"internal/stories", testOnly},
	{"internal/portal/browsertest", testOnly},
	{"internal/db/dbtest", testOnly},
}

// floor returns where pkg stands in house: the longest entry that it is or
// lies in, and -1 when there is none.
func floor(pkg string) int {
	best := -1
	for i, entry := range house {
		inside := pkg == entry.pkg || strings.HasPrefix(pkg, entry.pkg+"/")
		if inside && (best < 0 || len(entry.pkg) > len(house[best].pkg)) {
			best = i
		}
	}
	return best
}

func TestEveryPackageHasItsFloor(t *testing.T) {
	for _, p := range readModule(t) {
		if floor(p.path) < 0 {
			t.Errorf("%s is not listed in house: say where it stands", p.path)
		}
	}
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range readModule(t) {
		from := floor(p.path)
		if from < 0 || house[from].layer == testOnly {
			continue
		}
		for imported, file := range p.imports {
			to := floor(imported)
			switch {
			case !strings.HasPrefix(imported, "internal/") || to < 0 || to == from:
			case house[to].layer == testOnly:
				t.Errorf("%s imports %s, which is for tests", file, imported)
			case to < from:
				t.Errorf("%s imports %s, which stands above %s", file, imported, p.path)
			case house[from].layer == edge && house[to].layer == edge:
				t.Errorf("%s imports %s: an edge does not know another", file, imported)
			}
		}
	}
}

// What a layer must not touch, whatever stands below it: SQL belongs to
// features and kernel, protocols to edges and reactors, values do no I/O.
func TestLayersKeepToTheirTrade(t *testing.T) {
	forbidden := map[layer][]string{
		edge:    {"database/sql", "internal/db"},
		craft:   {"database/sql", "internal/db"},
		reactor: {"database/sql"},
		feature: {"database/sql/driver", "net/http"},
		kernel:  {"net/http"},
		value:   {"database/sql", "net", "net/http", "os"},
	}
	for _, p := range readModule(t) {
		i := floor(p.path)
		if i < 0 {
			continue
		}
		for imported, file := range p.imports {
			if slices.Contains(forbidden[house[i].layer], imported) {
				t.Errorf("%s imports %s, which is not for a %s", file, imported, house[i].layer)
			}
		}
	}
}

// A layer is one stretch of the list, so that it reads from top to bottom.
func TestTheListIsInOrder(t *testing.T) {
	var seen []layer
	for i, entry := range house {
		if floor(entry.pkg) != i {
			t.Errorf("%s stands in the list twice", entry.pkg)
		}
		if len(seen) > 0 && seen[len(seen)-1] == entry.layer {
			continue
		}
		if slices.Contains(seen, entry.layer) {
			t.Errorf("%s stands apart from its layer", entry.pkg)
		}
		seen = append(seen, entry.layer)
	}
}
