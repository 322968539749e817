package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// machine describes what the figures were measured on.
func machine() string {
	return fmt.Sprintf("%s, %d cores, %s, %s, SQLite %s (WAL, synchronous=FULL)",
		processor(), runtime.NumCPU(), memory(), runtime.Version(), driverVersion())
}

// processor returns the name of the processor.
func processor() string {
	if name := lineOf("/proc/cpuinfo", "model name"); name != "" {
		return name
	}
	return runtime.GOARCH
}

// memory returns how much memory the machine has.
func memory() string {
	kilobytes, err := strconv.Atoi(firstWord(lineOf("/proc/meminfo", "MemTotal")))
	if err != nil {
		return "memory unknown"
	}
	return fmt.Sprintf("%d GiB", (kilobytes+1<<19)>>20)
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// lineOf returns the value of the first "name: value" line of a file, "" when
// there is none.
func lineOf(path, name string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// driverVersion returns the version of the database driver.
func driverVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "modernc.org/sqlite" {
			return "by " + module.Path + " " + module.Version
		}
	}
	return ""
}
