package crashtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"comptoir/internal/id"
)

const (
	lanes = 4
	// generation is how many times the writers of one database are killed. Each
	// database begins empty, so that migrations are interrupted as well.
	generation = 25
	// longest is how long a writer lives at most before it is killed: after it was
	// started, or after it has begun to write.
	longest = 200 * time.Millisecond
)

// rounds returns how often writers are killed altogether.
func rounds(otherwise int) int {
	if testing.Short() {
		otherwise = 10
	}
	if n, err := strconv.Atoi(os.Getenv("COMPTOIR_TEST_CRASHES")); err == nil {
		return n
	}
	return otherwise
}

// A writer that is killed at any moment leaves what it acknowledged, once, and
// nothing by half; whoever repeats what was not acknowledged does it once.
func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	total := rounds(200)
	for n := 0; n*generation < total; n++ {
		t.Run(fmt.Sprint("database ", n+1), func(t *testing.T) {
			t.Parallel()
			h := newHistory(filepath.Join(t.TempDir(), "comptoir.db"))
			for round := range min(generation, total-n*generation) {
				h.kill(t, rand.N(longest), round%2 == 1)
				h.check(t)
				if t.Failed() {
					t.Fatalf("after kill %d", round+1)
				}
			}
			h.finish(t)
		})
	}
}

// history is what the writers of a database have acknowledged.
type history struct {
	plan
	customers map[string]id.Tenant // by domain
	names     map[id.Tenant]string
	orders    int
	acks      int
}

func newHistory(database string) *history {
	return &history{
		plan:      plan{Database: database, Lanes: make([]position, lanes)},
		customers: make(map[string]id.Tenant), names: make(map[id.Tenant]string),
	}
}

// kill lets a writer go on and kills it after a while. The while begins with the
// start of the program, or with its first acknowledgement when writing is true.
func (h *history) kill(t *testing.T, after time.Duration, writing bool) {
	t.Helper()
	cmd, out, mishaps := h.start(t)
	kill := sync.OnceFunc(func() { time.AfterFunc(after, func() { cmd.Process.Kill() }) }) // it may have ended
	if !writing {
		kill()
	}
	h.listen(t, out, kill)
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Errorf("the writer ended by itself: %v\n%s", err, mishaps)
	}
}

// finish has everything repeated that may have been done without an
// acknowledgement, so that it is known what must be there, and looks at it.
func (h *history) finish(t *testing.T) {
	t.Helper()
	h.Finish = true
	cmd, out, mishaps := h.start(t)
	h.listen(t, out, func() {})
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the last writer failed: %v\n%s", err, mishaps)
	}
	h.check(t)
	h.checkAll(t)
	t.Logf("%d steps were acknowledged: %d customers, %d renamed, %d orders", h.acks, len(h.customers), len(h.names), h.orders)
}

func (h *history) start(t *testing.T) (*exec.Cmd, io.Reader, *bytes.Buffer) {
	t.Helper()
	text, err := json.Marshal(h.plan)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), writerPlan+"="+string(text))
	mishaps := new(bytes.Buffer)
	cmd.Stderr = mishaps
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out, mishaps
}

// listen takes the acknowledgements until the writer ends, and calls heard with
// each. A line that is cut off is none.
func (h *history) listen(t *testing.T, out io.Reader, heard func()) {
	t.Helper()
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		var lane int
		var at position
		if _, err := fmt.Sscan(line, &lane, &at.Step, &at.Customer); err != nil || lane < 0 || lane >= lanes {
			t.Fatalf("the writer says %q: %v", line, err)
		}
		h.acknowledged(t, lane, at)
		heard()
	}
}

func (h *history) acknowledged(t *testing.T, lane int, at position) {
	t.Helper()
	if at.Step != h.Lanes[lane].Step {
		t.Fatalf("lane %d acknowledges step %d, not %d", lane, at.Step, h.Lanes[lane].Step)
	}
	item := at.Step / stepsOfItem
	switch at.Step % stepsOfItem {
	case stepAdd:
		h.customers[domainOf(lane, item)] = at.Customer
	case stepRename:
		h.names[at.Customer] = renamed(lane, item)
	case stepOrder:
		h.orders++
	}
	h.acks++
	h.Lanes[lane] = position{at.Step + 1, at.Customer}
}
