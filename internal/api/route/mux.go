package route

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxParameters is how many parameters a path may have.
const maxParameters = 6

// Mux is a route table that answers requests. Fill it with Handle before the
// first request; afterwards it is safe for concurrent use.
type Mux struct {
	// NotFound answers paths that no route has. Nil is http.NotFoundHandler.
	NotFound http.Handler
	// WrongMethod answers known paths with a method they do not have; the Allow
	// header is set already. Nil answers 405 without a body.
	WrongMethod http.Handler

	root   node
	routes []Route
}

// node is one place in the tree of path segments.
type node struct {
	literals  map[string]*node // by segment in lower case
	parameter *node
	leaves    []*leaf // the routes that end here, one for each method
	allow     string  // their methods, as the Allow header lists them
}

// leaf is a route in the tree.
type leaf struct {
	route      Route
	pattern    string
	parameters []string // names, in the order of the path
}

// Handle adds a route. A route that is there already, or one that could never
// match, is a mistake of the programmer and panics.
func (m *Mux) Handle(r Route) {
	if r.Handler == nil || r.Method == "" || !strings.HasPrefix(r.Path, "/") {
		panic(fmt.Sprintf("route: %q has no method, no path or no handler", r.Pattern()))
	}
	at, l := &m.root, &leaf{route: r, pattern: r.Pattern()}
	for segment := range strings.SplitSeq(strings.Trim(r.Path, "/"), "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			if slices.Contains(l.parameters, name) || len(l.parameters) == maxParameters {
				panic(fmt.Sprintf("route: %q repeats {%s} or has too many parameters", r.Pattern(), name))
			}
			l.parameters = append(l.parameters, name)
			if at.parameter == nil {
				at.parameter = new(node)
			}
			at = at.parameter
			continue
		}
		if at.literals == nil {
			at.literals = make(map[string]*node)
		}
		key := strings.ToLower(segment)
		if at.literals[key] == nil {
			at.literals[key] = new(node)
		}
		at = at.literals[key]
	}
	if at.leaf(r.Method) != nil {
		panic(fmt.Sprintf("route: %q is there already", r.Pattern()))
	}
	at.leaves = append(at.leaves, l)
	methods := make([]string, len(at.leaves))
	for i, l := range at.leaves {
		methods[i] = l.route.Method
	}
	slices.Sort(methods)
	at.allow = strings.Join(methods, ", ")
	m.routes = append(m.routes, r)
}

// Routes returns the table in the order in which it was filled.
func (m *Mux) Routes() []Route { return slices.Clone(m.routes) }

// Owns reports whether a path begins with the first, literal segment of one of
// the routes, so that an unknown path below it is this table's to refuse.
func (m *Mux) Owns(path string) bool {
	segment, _ := nextSegment(path)
	return m.root.literal(segment) != nil
}

// Match returns the route of a request and the values of its parameters in the
// order of the path. The second result tells whether the path is known at all:
// a known path without the method has no route.
func (m *Mux) Match(method string, u *url.URL) (r Route, values []string, known bool) {
	var buf [maxParameters]string
	at, n := m.find(u, &buf)
	if at == nil {
		return Route{}, nil, false
	}
	l := at.leaf(method)
	if l == nil {
		return Route{}, nil, true
	}
	return l.route, slices.Clone(buf[:n]), true
}

// ServeHTTP answers a request with the handler of its route. The handler reads
// parameters with r.PathValue and the route with r.Pattern.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var values [maxParameters]string
	at, _ := m.find(r.URL, &values)
	if at == nil {
		if m.NotFound == nil {
			http.NotFound(w, r)
			return
		}
		m.NotFound.ServeHTTP(w, r)
		return
	}
	l := at.leaf(r.Method)
	if l == nil {
		w.Header().Set("Allow", at.allow)
		if m.WrongMethod == nil {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		m.WrongMethod.ServeHTTP(w, r)
		return
	}
	for i, name := range l.parameters {
		r.SetPathValue(name, values[i])
	}
	r.Pattern = l.pattern
	l.route.Handler.ServeHTTP(w, r)
}

// find walks the tree along the path of u and returns the place where the path
// ends, if any route ends there, with the values of its parameters.
func (m *Mux) find(u *url.URL, values *[maxParameters]string) (*node, int) {
	// An encoded slash belongs to its segment. RawPath is set only where the
	// decoded path would lose something, so the usual path is walked as it is.
	if u.RawPath != "" {
		return m.root.walk(u.RawPath, true, values, 0)
	}
	return m.root.walk(u.Path, false, values, 0)
}

// walk goes from n along path; encoded says that its segments are still
// percent-encoded, count is how many values are filled.
func (n *node) walk(path string, encoded bool, values *[maxParameters]string, count int) (*node, int) {
	segment, rest := nextSegment(path)
	if segment == "" {
		if len(n.leaves) == 0 {
			return nil, 0
		}
		return n, count
	}
	if encoded && strings.Contains(segment, "%") {
		if s, err := url.PathUnescape(segment); err == nil {
			segment = s
		}
	}
	if next := n.literal(segment); next != nil {
		if end, total := next.walk(rest, encoded, values, count); end != nil {
			return end, total
		}
	}
	if n.parameter == nil {
		return nil, 0
	}
	values[count] = strings.TrimSpace(segment)
	return n.parameter.walk(rest, encoded, values, count+1)
}

// literal returns the child of n for a segment, without regard to case.
func (n *node) literal(segment string) *node {
	if len(n.literals) == 0 {
		return nil
	}
	// Names of the API are ASCII and short; a longer segment cannot be one.
	var lower [64]byte
	if len(segment) > len(lower) {
		return nil
	}
	for i := range len(segment) {
		c := segment[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return n.literals[string(lower[:len(segment)])]
}

// leaf returns the route of n for a method.
func (n *node) leaf(method string) *leaf {
	for _, l := range n.leaves {
		if l.route.Method == method {
			return l
		}
	}
	return nil
}

// nextSegment cuts the first segment off a path; repeated slashes count once.
func nextSegment(path string) (segment, rest string) {
	for path != "" && path[0] == '/' {
		path = path[1:]
	}
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}
