package gdap

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// told is the machine as the two texts of the specification tell it: pairs of
// statuses of which one follows the other.
func told(t *testing.T) map[[2]Status]bool {
	t.Helper()
	pairs := make(map[[2]Status]bool)
	name := regexp.MustCompile("`([a-zA-Z]+)`")
	for file, begin := range map[string]string{
		"../../docs/spec/rules.md":         "F3. Relationship states (D): ",
		"../../docs/spec/api-customers.md": "### 21.3 State machine\n",
	} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, text, found := strings.Cut(string(b), begin)
		if !found {
			t.Fatalf("%s has no %q", file, begin)
		}
		text, _, _ = strings.Cut(text, ". Editable")
		text, _, _ = strings.Cut(text, "\n* ")
		text = strings.ReplaceAll(strings.ReplaceAll(text, "from `active` (also approved/activating)", "`active`"), "\n", " ")
		for clause := range strings.SplitSeq(text, "; ") {
			for _, sentence := range strings.Split(clause, ", ") {
				steps := strings.Split(sentence, "→")
				for i := 1; i < len(steps); i++ {
					from, to := name.FindAllStringSubmatch(steps[i-1], -1), name.FindStringSubmatch(steps[i])
					if len(from) == 0 || to == nil {
						t.Fatalf("%s: %q", file, sentence)
					}
					pairs[[2]Status{Status(from[len(from)-1][1]), Status(to[1])}] = true
				}
			}
		}
	}
	return pairs
}

func TestTheMachineIsThatOfTheSpecification(t *testing.T) { // F3, 21.3
	want := told(t)
	// The texts say "also approved/activating", and how a request lapses, in words.
	for _, more := range [][2]Status{{Approved, TerminationRequested}, {Activating, TerminationRequested}, {ApprovalPending, Expired}} {
		want[more] = true
	}
	got := make(map[[2]Status]bool)
	for from, events := range machine {
		for _, to := range events {
			got[[2]Status{from, to}] = true
		}
	}
	for pair := range want {
		if !got[pair] {
			t.Errorf("%s never becomes %s", pair[0], pair[1])
		}
	}
	for pair := range got {
		if !want[pair] {
			t.Errorf("%s becomes %s, of which the specification says nothing", pair[0], pair[1])
		}
	}
}

func TestWhateverHappensARelationshipStandsSomewhereSensible(t *testing.T) { // F3
	events := []Event{Lock, Approve, Reject, Terminate, Lapse, ReachEnd, Proceed}
	moments := []Status{Approved, Activating, Expiring, TerminationRequested, Terminating}
	rapid.Check(t, func(t *rapid.T) {
		s, approved, ended := Created, false, false
		for _, e := range rapid.SliceOf(rapid.SampledFrom(events)).Draw(t, "events") {
			path, err := s.Path(e)
			if err != nil {
				if !errors.Is(err, ErrStatus) || len(path) != 0 {
					t.Fatalf("%s in %s: %v", e, s, err)
				}
				continue
			}
			if ended {
				t.Fatalf("%s woke what was %s", e, s)
			}
			if last := path[len(path)-1]; slices.Contains(moments, last) {
				t.Fatalf("%s in %s rests at %s", e, s, last)
			}
			approved = approved || e == Approve
			s = path[len(path)-1]
			if s == Active && !approved {
				t.Fatal("active without an approval")
			}
			ended = s.Over()
		}
	})
}

func TestEveryStatusHasItsName(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range Statuses() {
		if seen[s.Key()] {
			t.Errorf("two statuses are called %s", s.Key())
		}
		seen[s.Key()] = true
	}
	if len(seen) != len(machine)+2 { // the two that are over have no way out
		t.Errorf("%d names for %d statuses", len(seen), len(machine)+2)
	}
}

func TestDurations(t *testing.T) { // F1, clients.md
	for text, want := range map[string]int{
		"P1D": 1, "P730D": 730, "P2Y": 730, "P1Y": 365, "P104W2D": 730, "p30d": 30, " P6M ": 180, "PT24H": 1, "P1DT24H": 2, "P1M1D": 31,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%q is %d days: %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "P", "PT0S", "P0D", "P731D", "P3Y", "PT1H", "PT36H", "-P1D", "P-1D", "P1.5D", "1D", "P1X", "PD", "P1DT", "P99999999999999999999D", "PT1D", "P9223372036854775807W"} {
		want := text == "P1DT" // an empty time part is nothing
		if got, err := ParseDuration(text); (err == nil) != want {
			t.Errorf("%q is %d days", text, got)
		}
	}
	for text, want := range map[string]string{"": NoExtension, "P": NoExtension, "PT0S": NoExtension, "P0D": NoExtension, "P180D": Extension, "P6M": Extension} {
		if got, err := parseAutoExtend(text); err != nil || got != want {
			t.Errorf("auto extend %q is %s: %v", text, got, err)
		}
	}
	for _, text := range []string{"P1D", "P365D", "x"} {
		if got, err := parseAutoExtend(text); err == nil {
			t.Errorf("auto extend %q is %s", text, got)
		}
	}
}

func FuzzDuration(f *testing.F) {
	for _, seed := range []string{"P730D", "P104W2D", "P", "PT0S", "P1YT1H"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		days, err := ParseDuration(text)
		if err != nil {
			return
		}
		if again, err := ParseDuration(formatDays(days)); err != nil || again != days || days < minDays || days > maxDays {
			t.Errorf("%q: %d days, then %d: %v", text, days, again, err)
		}
	})
}
