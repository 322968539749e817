package graph

import (
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
)

// errFilter refuses a $filter that is not understood; argument Fields.
var errFilter = fault.New(fault.Invalid, "2000", "graph.filter")

// condition is one comparison of a $filter.
type condition struct {
	field string // in lower case: "customer/tenantid"
	begin bool   // startswith instead of eq
	value string
}

// maxConditions is how many comparisons a $filter may have.
const maxConditions = 10

// parseFilter reads comparisons with eq and startswith that are joined by and,
// with parentheses around any of them, as clients write them. It takes fields
// alone, and each once.
func parseFilter(text string, fields ...string) ([]condition, error) {
	p := filterParser{rest: text}
	all, ok := p.conjunction(0)
	if p.space(); !ok || p.rest != "" || len(all) > maxConditions {
		return nil, errFilter.On("$filter").With("Fields", strings.Join(fields, ", "))
	}
	seen := make(map[string]bool)
	for _, c := range all {
		known := false
		for _, f := range fields {
			known = known || strings.EqualFold(f, c.field)
		}
		if !known || seen[c.field] {
			return nil, errFilter.On("$filter").With("Fields", strings.Join(fields, ", "))
		}
		seen[c.field] = true
	}
	return all, nil
}

// filterParser goes through a $filter from the left.
type filterParser struct{ rest string }

func (p *filterParser) space() { p.rest = strings.TrimLeft(p.rest, " ") }

// take goes over a symbol, if it comes next.
func (p *filterParser) take(symbol string) bool {
	p.space()
	rest, ok := strings.CutPrefix(p.rest, symbol)
	if ok {
		p.rest = rest
	}
	return ok
}

// word goes over a name or a keyword and returns it in lower case.
func (p *filterParser) word() string {
	p.space()
	end := strings.IndexFunc(p.rest, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '/' && r != '_'
	})
	if end < 0 {
		end = len(p.rest)
	}
	w := p.rest[:end]
	p.rest = p.rest[end:]
	return strings.ToLower(w)
}

// deepest is how many parentheses may stand in each other.
const deepest = 10

// conjunction reads comparisons joined by and.
func (p *filterParser) conjunction(depth int) ([]condition, bool) {
	all, ok := p.term(depth)
	for ok {
		before := p.rest
		if p.word() != "and" {
			p.rest = before
			break
		}
		var more []condition
		more, ok = p.term(depth)
		all = append(all, more...)
	}
	return all, ok
}

// term reads one comparison, or several in parentheses.
func (p *filterParser) term(depth int) ([]condition, bool) {
	if p.take("(") {
		if depth == deepest {
			return nil, false
		}
		all, ok := p.conjunction(depth + 1)
		return all, ok && p.take(")")
	}
	field := p.word()
	if field == "startswith" {
		return p.startsWith()
	}
	if field == "" || p.word() != "eq" {
		return nil, false
	}
	value, ok := p.literal()
	return []condition{{field: field, value: value}}, ok
}

// startsWith reads the arguments of the function.
func (p *filterParser) startsWith() ([]condition, bool) {
	if !p.take("(") {
		return nil, false
	}
	field := p.word()
	if field == "" || !p.take(",") {
		return nil, false
	}
	value, ok := p.literal()
	return []condition{{field: field, begin: true, value: value}}, ok && value != "" && p.take(")")
}

// literal reads a text in quotes, a quote in it doubled, or true or false.
func (p *filterParser) literal() (string, bool) {
	if !p.take("'") {
		w := p.word()
		return w, w == "true" || w == "false"
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(p.rest, "'")
		if !ok {
			return "", false
		}
		b.WriteString(before)
		p.rest = after
		if !strings.HasPrefix(p.rest, "'") {
			return b.String(), true
		}
		b.WriteByte('\'')
		p.rest = p.rest[1:]
	}
}

// inGroups reports whether a group satisfies conditions.
func inGroups(g identity.Group, wanted []condition) bool {
	for _, cond := range wanted {
		switch {
		case cond.field == "securityenabled" && cond.value != "true", // all of them are
			cond.field == "displayname" && cond.begin && !strings.HasPrefix(naming.Key(g.Name), naming.Key(cond.value)),
			cond.field == "displayname" && !cond.begin && naming.Key(g.Name) != naming.Key(cond.value):
			return false
		}
	}
	return true
}
