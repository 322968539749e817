package customer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"comptoir/internal/naming"
)

// search is what somebody typed to find a customer.
type search struct {
	typed string
	// words are the folded words, the longest first, because as a rule it finds
	// the fewest customers. See chooseLead.
	words []string
}

// maxCompared is how many words are compared beside the one that leads.
const maxCompared = 3

func newSearch(typed string) search {
	s := search{typed: strings.ToLower(naming.Trim(typed))}
	switch {
	case s.domain():
		s.words = []string{fold(s.typed)}
		return s
	case s.tenant() && strings.Contains(s.typed, "-"):
		return s // nothing else looks like that
	}
	for _, word := range strings.FieldsFunc(naming.Key(typed), separates) {
		if word = fold(word); word != "" && !slices.Contains(s.words, word) {
			s.words = append(s.words, word)
		}
	}
	slices.SortStableFunc(s.words, func(a, b string) int { return len(b) - len(a) })
	return s
}

func (s search) empty() bool { return s.typed == "" }

// domain reports whether a domain, or its beginning, may have been typed.
func (s search) domain() bool {
	return strings.Contains(s.typed, ".") && !strings.ContainsAny(s.typed, " \t")
}

// tenant reports whether a tenant id, or its beginning, may have been typed:
// eight or more characters of one, a digit among them.
func (s search) tenant() bool {
	return len(s.typed) >= 8 && strings.Trim(s.typed, "0123456789abcdef-") == "" && strings.ContainsAny(s.typed, "0123456789")
}

// others returns the words that are compared.
func (s search) others() []string {
	if len(s.words) < 2 {
		return nil
	}
	return s.words[1:min(len(s.words), 1+maxCompared)]
}

// leadWindow is how many customers a word may find before it is no matter how many.
const leadWindow = 200

// chooseLead puts that word of several first which finds the fewest customers:
// it leads through the index, and the others are compared.
func (l *lister) chooseLead(ctx context.Context) error {
	words := l.search.words
	if len(words) < 2 {
		return nil
	}
	words = words[:min(len(words), 1+maxCompared)]
	found := make(map[string]int64, len(words))
	for _, w := range words {
		for _, c := range []course{orders[ByName], ofWords, orders[ByDomain]} {
			n, err := l.measure(ctx, prefix(c, w), leadWindow)
			if err != nil {
				return err
			}
			found[w] += n
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(found[a], found[b]) })
	return nil
}

// planSearch reads what begins with the words typed: tenant ids, names, later
// words of names, domains. When another order is asked for, what was found is
// sorted, unless it is plain that it is too much.
func (l *lister) planSearch(ctx context.Context) error {
	l.stretches = l.search.stretches()
	l.tally = l.stretches
	if l.order == BestMatch {
		l.down = false
		return nil
	}
	l.gathered = true
	if l.filtered() {
		return nil
	}
	for _, s := range l.stretches {
		n, err := l.measure(ctx, s, l.sortable+1)
		if err != nil {
			return err
		}
		if n > l.sortable {
			l.leadByOrder()
			return nil
		}
	}
	return nil
}

// leadByOrder reads along the order and compares the words, for a search that
// finds too much to be sorted.
func (l *lister) leadByOrder() {
	l.gathered, l.least, l.tally = false, l.sortable, nil
	l.stretches = []stretch{everything(l.order)}
	l.filters = l.values(l.search.words[:min(len(l.search.words), maxCompared)])
}

// stretches returns where the search looks, the closest matches first. Whoever
// is met in one is passed over in the later ones.
func (s search) stretches() []stretch {
	var all []stretch
	if s.tenant() {
		all = append(all, prefix(orders[ByID], s.typed))
	}
	if len(s.words) == 0 {
		return all
	}
	lead := s.words[0]
	names := prefix(orders[ByName], lead)
	words := prefix(ofWords, lead)
	words.take = func(term string, i Item) bool {
		return !strings.HasPrefix(i.nameKey, lead) && term == first(i.words, lead)
	}
	domains := prefix(orders[ByDomain], lead)
	if s.domain() {
		domains = prefix(orders[ByDomain], s.typed)
	}
	domains.take = func(_ string, i Item) bool {
		return !strings.HasPrefix(i.nameKey, lead) && first(i.words, lead) == fold(i.Domain)
	}
	return append(all, names, words, domains)
}

// first returns the alphabetically first of words, as a row keeps them, that
// begins with prefix.
func first(words, prefix string) string {
	least := ""
	for word := range strings.SplitSeq(words, " ") {
		if strings.HasPrefix(word, prefix) && (least == "" || word < least) {
			least = word
		}
	}
	return least
}
