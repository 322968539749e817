package customer

import (
	"context"
	"math"
	"slices"
)

// sortable returns how many customers of all are read and sorted sooner than a
// page of size is found by passing over the others in an index: one that is
// read whole costs about seven times one that is passed over.
func sortable(all, size int64) int64 {
	const least, most = 500, 5000
	return min(max(int64(math.Sqrt(float64(all*size/7))), least), most)
}

// readGathered reads all customers of the stretches, sorts them and cuts the
// page out.
func (l *lister) readGathered(ctx context.Context) (page []met, more bool, err error) {
	all, err := l.gather(ctx, int(l.sortable)+1)
	if err != nil {
		return nil, false, err
	}
	if int64(len(all)) > l.sortable {
		l.leadByOrder()
		return l.read(ctx)
	}
	l.known = int64(len(all))
	for i := range all {
		all[i].at = position{order: l.order, key: all[i].item.key(l.order), number: all[i].item.Number}
	}
	slices.SortFunc(all, func(a, b met) int { return a.at.compare(b.at) })
	if l.down {
		slices.Reverse(all)
	}
	return l.cut(all)
}

// cut returns the page out of all customers of a list, sorted as it goes.
func (l *lister) cut(all []met) (page []met, more bool, err error) {
	start, end := 0, len(all)
	if l.from != nil {
		i, found := slices.BinarySearchFunc(all, *l.from, func(m met, at position) int {
			if l.down {
				return at.compare(m.at)
			}
			return m.at.compare(at)
		})
		if start, end = i, i; found {
			start++
		}
	}
	if l.query.Backward {
		start = max(0, end-l.query.Size)
		return all[start:end], start > 0, nil
	}
	end = min(len(all), start+l.query.Size)
	return all[start:end], end < len(all), nil
}

// gather reads the customers of all stretches, most at most.
func (l *lister) gather(ctx context.Context, most int) ([]met, error) {
	whole := *l
	whole.from, whole.down, whole.query.Backward = nil, false, false
	var all []met
	var err error
	for n := range whole.stretches {
		if all, err = whole.readStretch(ctx, n, all, most); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// key returns what i is sorted by.
func (i Item) key(order Sort) string {
	switch order {
	case ByDomain:
		return i.Domain
	case ByID:
		return string(i.ID)
	case ByKind:
		return string(i.Kind)
	case ByStatus:
		return string(i.Status)
	case ByCountry:
		return i.Country
	case ByCreated:
		return ""
	}
	return i.nameKey
}
