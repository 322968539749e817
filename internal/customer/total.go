package customer

import (
	"context"
	"math"
	"slices"
)

// countWindow is how far a filtered list is counted when nobody asks for the
// exact number.
const countWindow = 500

// total returns how many customers the list has, or at least has. page is how
// many this page has, whole whether that is all.
func (l *lister) total(ctx context.Context, page int64, whole bool) (n int64, atLeast bool, err error) {
	switch {
	case l.known >= 0:
		return l.known, false, nil
	case whole:
		return page, false, nil
	case l.query.Exact && len(l.tally) != 1: // a search counts nobody twice only by looking
		all, err := l.gather(ctx, math.MaxInt)
		return int64(len(all)), false, err
	}
	window := int64(countWindow)
	if l.query.Exact {
		window = math.MaxInt64
	}
	n, atLeast = max(page, l.least), len(l.tally) != 1
	for _, s := range l.tally {
		looked, passed, err := l.count(ctx, s, window)
		if err != nil {
			return 0, false, err
		}
		n, atLeast = max(n, passed), atLeast || looked >= window
		if n >= window {
			break // no other stretch tells of more
		}
	}
	return n, atLeast, nil
}

// filtered reports whether the customers of a stretch must pass a filter.
func (l *lister) filtered() bool {
	return slices.ContainsFunc(l.filters, func(value any) bool { return value != "" })
}

// measure returns how many customers s has, no more than window, without
// looking at them.
func (l *lister) measure(ctx context.Context, s stretch, window int64) (n int64, err error) {
	statement, args := s.course.whole, []any{l.partner, s.low, s.high}
	if window < math.MaxInt64 {
		statement, args = s.course.measure, append(args, window)
	}
	err = l.tx.QueryRow(ctx, statement, args, &n)
	return n, err
}

// count looks at the customers of s, no more than window, and returns how many
// there were and how many passed the filters.
func (l *lister) count(ctx context.Context, s stretch, window int64) (looked, passed int64, err error) {
	if s.keyed && !l.filtered() {
		looked, err = l.measure(ctx, s, window)
		return looked, looked, err
	}
	args := []any{l.partner}
	if s.valued {
		args = append(args, s.value)
	}
	if s.keyed {
		args = append(args, s.low, s.high)
	}
	err = l.tx.QueryRow(ctx, s.course.count, append(append(args, window), l.filters...), &looked, &passed)
	return looked, passed, err
}
