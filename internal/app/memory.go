package app

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// UseMemory has the process spend memory to save time, as a server may: what it
// holds on to is small, some 20 MB, and with Go's own setting it would look
// through that again for every 20 MB that requests leave behind. Where a container
// is limited, the heap stays well below its limit. Who sets GOGC or GOMEMLIMIT
// decides for himself. It is called once, by the program.
func UseMemory() {
	const growth = 300 // percent of what is held on to
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
	if limit, ok := containerMemory(); ok && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit / 4 * 3)
	}
}

// containerMemory returns how many bytes the container may use, false where
// there is no limit.
func containerMemory() (int64, bool) {
	text, err := os.ReadFile("/sys/fs/cgroup/memory.max")
	if err != nil {
		return 0, false
	}
	limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64) // or "max"
	return limit, err == nil
}
