package v1

import (
	"encoding/base64"
	"hash/crc32"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/refusal"
)

// tokenName is how links name the header that carries the token of a page.
const tokenName = "MS-ContinuationToken"

// The seek operations in the order of their ordinals (section 5.1).
const (
	seekNext      = "Next"
	seekPrevious  = "Previous"
	seekFirst     = "First"
	seekLast      = "Last"
	seekPageIndex = "PageIndex"
)

var seeks = wire.NewEnum(seekNext, seekPrevious, seekFirst, seekLast, seekPageIndex)

// pageParameters are the query parameters of paged lists.
func pageParameters(more ...route.Parameter) []route.Parameter {
	return append([]route.Parameter{
		{Name: "size", Type: "integer"},
		{Name: "seekOperation", Type: "string"},
		{Name: "page", Type: "integer"},
		{Name: "offset", Type: "integer"},
	}, more...)
}

// listing is which part of a list a caller asks for (section 5).
type listing struct {
	path   string // of the list in links: "/customers"
	fixed  string // part of the query that every page repeats, encoded; "" for none
	filter string // as it was sent, encoded again; "" for none
	size   int    // 0 is the whole list
	skip   int    // items to pass over first
	from   ask
	end    bool // there is no page in the direction asked for
}

// ask is what a list is asked for, one page at a time.
type ask struct {
	cursor   string
	backward bool
	size     int
	exact    bool // the total has to be exact
}

// batch is one page of a list as an operation gives it.
type batch[T any] struct {
	items          []T
	next, previous string // cursors, empty where the list ends
	total          int64  // of the whole list; uncounted where nobody counts it
}

// uncounted is the total of a list that is not counted: then a page tells how
// many items it has itself (section 4.7).
const uncounted = -1

// listing reads the paging parameters of a list whose links have the given path
// and always the query fixed.
func (c *call) listing(path, fixed string) (listing, error) {
	l := listing{path: path, fixed: fixed, filter: url.QueryEscape(c.param("filter"))}
	var err error
	if l.size, err = c.count("size"); err != nil {
		return l, err
	}
	if l.skip, err = c.count("offset"); err != nil {
		return l, err
	}
	seek := seekFirst
	token := strings.TrimSpace(c.r.Header.Get(tokenHeader))
	if token != "" {
		seek = seekNext
	}
	if s := c.param("seekOperation"); s != "" {
		var ok bool
		if seek, ok = seeks.Parse(s); !ok {
			return l, refusal.Argument.On("seekOperation")
		}
	}
	return l, l.begin(c, seek, token)
}

// count returns a query parameter that is a number of things, 0 when absent.
func (c *call) count(name string) (int, error) {
	s := c.param(name)
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, refusal.Argument.On(name).Because(err)
	}
	return n, nil
}

// begin sets where the part begins.
func (l *listing) begin(c *call, seek, token string) error {
	switch seek {
	case seekPageIndex:
		page, err := c.count("page")
		l.skip += page * l.size
		return err
	case seekLast:
		l.from.backward = true
	case seekNext, seekPrevious:
		if token == "" {
			return nil // without a place to go on from: the first page
		}
		previous, next, ok := l.open(token)
		if !ok {
			return refusal.Argument.On(tokenName)
		}
		l.from.cursor = next
		if seek == seekPrevious {
			l.from.cursor, l.from.backward = previous, true
		}
		l.end = l.from.cursor == ""
	}
	return nil
}

// seal makes the token of a page: the cursors of both directions, bound to the
// list and its filter. It is no secret; the check sum finds tokens that were cut
// off, altered or carried to another list.
func (l *listing) seal(previous, next string) string {
	content := previous + " " + next
	sum := crc32.ChecksumIEEE([]byte(content + " " + l.path + " " + l.fixed + " " + l.filter))
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatUint(uint64(sum), 36) + " " + content))
}

// open is the inverse of seal.
func (l *listing) open(token string) (previous, next string, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", "", false
	}
	parts := strings.Split(string(b), " ")
	if len(parts) != 3 || l.seal(parts[1], parts[2]) != token {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// uri returns the address of a part of the list, relative and without "/v1".
func (l *listing) uri(seek string) string {
	var query []string
	if l.fixed != "" {
		query = append(query, l.fixed)
	}
	if l.size > 0 {
		query = append(query, "size="+strconv.Itoa(l.size))
	}
	if l.filter != "" {
		query = append(query, "filter="+l.filter)
	}
	if seek != "" {
		query = append(query, "seekOperation="+seek)
	}
	if len(query) == 0 {
		return l.path
	}
	return l.path + "?" + strings.Join(query, "&")
}

// tail is what follows the items of a collection. Its members are those of
// wire.Collection.
type tail struct {
	TotalCount        int64           `json:"totalCount"`
	Links             *wire.PageLinks `json:"links"`
	ContinuationToken string          `json:"continuationToken,omitempty"`
	Attributes        wire.Attributes `json:"attributes"`
}

// tail returns the links of a part whose ends have the given cursors.
func (l *listing) tail(total int64, previous, next string) tail {
	t := tail{
		TotalCount: total, Links: &wire.PageLinks{Self: wire.GetLink(l.uri(""))},
		Attributes: wire.Attributes{ObjectType: "Collection"},
	}
	if previous == "" && next == "" {
		return t
	}
	token := l.seal(previous, next)
	header := wire.Header{Key: tokenName, Value: token}
	if next != "" {
		t.Links.Next, t.ContinuationToken = wire.GetLink(l.uri(seekNext), header), token
	}
	if previous != "" {
		t.Links.Previous = wire.GetLink(l.uri(seekPrevious), header)
	}
	return t
}

// readAtOnce is how many items are read before they are written. A list is read
// page by page and written while it is read, so that it needs no memory, and a
// caller that reads slowly holds no transaction.
const readAtOnce = 1000

// answerList answers the part l of a list that read gives page by page. The
// whole list is cut at the operator's limit; then there is a next page.
func answerList[T any](c *call, l listing, read func(ask) (batch[T], error)) error {
	left := l.size
	if left == 0 {
		left = max(1, c.api.number(ListLimit))
	}
	if err := l.pass(func(at ask) (string, error) {
		page, err := read(at)
		return page.next, err
	}); err != nil {
		return err
	}
	if l.end {
		return answerNothing(c, l, read)
	}
	at := l.from
	at.size, at.exact = min(left, readAtOnce), l.size > 0
	page, err := read(at)
	if err != nil {
		return err
	}
	total, previous := page.total, page.previous
	s := c.stream()
	for {
		for _, item := range page.items {
			if err := s.item(item); err != nil {
				return err
			}
		}
		if left -= len(page.items); left == 0 || page.next == "" || at.backward {
			break
		}
		at.cursor, at.size, at.exact = page.next, min(left, readAtOnce), false
		if page, err = read(at); err != nil {
			return err
		}
	}
	switch {
	case total == uncounted:
		total = s.n
	case l.size > 0:
	case page.next == "" && previous == "" && l.skip == 0:
		total = s.n // what was written is the whole list
	default:
		counted, err := read(ask{size: 1, exact: true})
		if err != nil {
			return err
		}
		total = counted.total
	}
	return s.end(l.tail(total, previous, page.next))
}

// pass reads over the items to be skipped; next reads a page and returns the
// cursor behind it.
func (l *listing) pass(next func(ask) (string, error)) error {
	for n := l.skip; n > 0 && !l.end; n -= readAtOnce {
		l.from.size = min(n, readAtOnce)
		cursor, err := next(l.from)
		if err != nil {
			return err
		}
		l.from.cursor, l.end = cursor, cursor == ""
	}
	return nil
}

// answerNothing answers a part of a list beyond its ends.
func answerNothing[T any](c *call, l listing, read func(ask) (batch[T], error)) error {
	page, err := read(ask{size: 1, exact: true})
	if err != nil {
		return err
	}
	t := l.tail(max(0, page.total), "", "")
	return c.answer(http.StatusOK, wire.Collection[T]{
		TotalCount: t.TotalCount, Items: []T{}, Links: t.Links, Attributes: t.Attributes,
	})
}
