package gdap

import (
	"strconv"
	"strings"
	"time"

	"comptoir/internal/fault"
)

const day = 24 * time.Hour

// The bounds of a duration in days (rule F1), how long a request waits for its
// answer and what has ended for its clean-up (rule F5).
const (
	minDays   = 1
	maxDays   = 730
	lapseDays = 90
	keepDays  = 365
)

// How auto extension is written: off, and by 180 days at a time (rule F7).
const (
	NoExtension   = "PT0S"
	Extension     = "P180D"
	extensionDays = 180
)

// Refusals of durations.
var (
	// ErrDuration refuses a duration that is not one of 1 to 730 days; arguments Min and Max.
	ErrDuration = fault.New(fault.Invalid, "2000", "gdap.duration")
	// ErrAutoExtend refuses an auto extension that is neither off nor 180 days.
	ErrAutoExtend = fault.New(fault.Invalid, "2000", "gdap.auto_extend")
)

// ParseDuration reads the duration of a relationship in ISO 8601 and returns its
// days: whole ones, 1 to 730. A year counts 365 days, a month 30.
func ParseDuration(text string) (int, *fault.Error) {
	length, ok := parseISO(text)
	if days := int(length / day); ok && length%day == 0 && days >= minDays && days <= maxDays {
		return days, nil
	}
	return 0, ErrDuration.On("duration").With("Min", minDays).With("Max", maxDays)
}

// formatDays writes days as the interface does: P730D.
func formatDays(days int) string { return "P" + strconv.Itoa(days) + "D" }

// parseAutoExtend reads an auto extension in ISO 8601 and returns it in its normal
// form: nothing in any spelling is NoExtension.
func parseAutoExtend(text string) (string, *fault.Error) {
	if text == "" {
		return NoExtension, nil
	}
	switch length, ok := parseISO(text); {
	case ok && length == 0:
		return NoExtension, nil
	case ok && length == extensionDays*day:
		return Extension, nil
	}
	return "", ErrAutoExtend.On("autoExtendDuration")
}

// units are the parts of an ISO 8601 duration, dates before the T and times after.
var units = [2]map[byte]time.Duration{
	{'Y': 365 * day, 'M': 30 * day, 'W': 7 * day, 'D': day},
	{'H': time.Hour, 'M': time.Minute, 'S': time.Second},
}

// longest bounds what is summed up, far beyond every duration that is allowed.
const longest = 20 * 365 * day

// parseISO reads a duration in ISO 8601 whose numbers are whole. The order of its
// parts does not matter; "P" is nothing, as one widespread client writes it.
func parseISO(text string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(text)), "P")
	if !ok {
		return 0, false
	}
	var sum time.Duration
	part := 0
	for rest != "" {
		if after, time := strings.CutPrefix(rest, "T"); time && part == 0 {
			rest, part = after, 1
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if end < 1 {
			return 0, false
		}
		n, err := strconv.Atoi(rest[:end])
		unit := units[part][rest[end]]
		if err != nil || unit == 0 || n > int(longest/unit) {
			return 0, false
		}
		if sum += time.Duration(n) * unit; sum > longest {
			return 0, false
		}
		rest = rest[end+1:]
	}
	return sum, true
}
