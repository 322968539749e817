package wire

// Link points to a resource. URI is relative, begins with "/" and has no "/v1"
// in front, because clients put that there themselves (Q2).
type Link struct {
	URI    string `json:"uri"`
	Method string `json:"method"`
	// Headers are what the client sends along; always an array, never null (Q3).
	Headers []Header `json:"headers"`
}

// Header is a request header that belongs to a link.
type Header struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// noHeaders makes "headers" an empty array; nobody appends to it.
var noHeaders = []Header{}

// GetLink returns a link for reading uri, with headers to send along.
func GetLink(uri string, headers ...Header) *Link {
	if len(headers) == 0 {
		headers = noHeaders
	}
	return &Link{URI: uri, Method: "GET", Headers: headers}
}

// Links are the links of one resource.
type Links struct {
	Self *Link `json:"self,omitempty"`
}

// SelfLink returns the links of a resource that has its own address.
func SelfLink(uri string) *Links { return &Links{Self: GetLink(uri)} }

// PageLinks are the links of a collection. Next and Previous are there when
// there is such a page.
type PageLinks struct {
	Self     *Link `json:"self,omitempty"`
	Next     *Link `json:"next,omitempty"`
	Previous *Link `json:"previous,omitempty"`
}

// Attributes tell the kind of a resource and, where concurrency matters, its etag.
type Attributes struct {
	Etag       string `json:"etag,omitempty"`
	ObjectType string `json:"objectType,omitempty"`
}

// AttributesRequest is the part of "attributes" that matters in a request.
type AttributesRequest struct {
	Etag Text `json:"etag,omitempty"`
}

// Collection is a list of resources. TotalCount counts all that match, not only
// those on this page.
type Collection[T any] struct {
	TotalCount        int64      `json:"totalCount"`
	Items             []T        `json:"items"`
	Links             *PageLinks `json:"links,omitempty"`
	ContinuationToken string     `json:"continuationToken,omitempty"`
	Attributes        Attributes `json:"attributes"`
}

// NewCollection returns the collection of items, all of them, without links.
func NewCollection[T any](items []T) Collection[T] {
	if items == nil {
		items = []T{}
	}
	return Collection[T]{TotalCount: int64(len(items)), Items: items, Attributes: Attributes{ObjectType: "Collection"}}
}
