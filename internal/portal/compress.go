package portal

import (
	"compress/gzip"
	"net/http"
	"strings"
	"sync"
)

// compressLevel is where a page is small enough and costs little time: lists are
// mostly repetition, which the lower levels find already.
const compressLevel = 4

var zippers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, compressLevel)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	return z
}}

// compress sends pages and exports with gzip to browsers that take it.
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipped{ResponseWriter: w}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

// zipped compresses what is written when it is text.
type zipped struct {
	http.ResponseWriter
	zipper *gzip.Writer
	begun  bool
}

// WriteHeader decides by the headers whether the body is compressed.
func (z *zipped) WriteHeader(status int) {
	if !z.begun && status != http.StatusNoContent && status != http.StatusNotModified {
		z.begun = true
		h := z.Header()
		if strings.HasPrefix(h.Get("Content-Type"), "text/") && h.Get("Content-Encoding") == "" {
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
			z.zipper, _ = zippers.Get().(*gzip.Writer)
			z.zipper.Reset(z.ResponseWriter)
		}
	}
	z.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (z *zipped) Write(b []byte) (int, error) {
	if !z.begun {
		if z.Header().Get("Content-Type") == "" {
			z.Header().Set("Content-Type", http.DetectContentType(b))
		}
		z.WriteHeader(http.StatusOK)
	}
	if z.zipper == nil {
		return z.ResponseWriter.Write(b)
	}
	return z.zipper.Write(b)
}

// Flush sends what was written so far.
func (z *zipped) Flush() {
	if z.zipper != nil {
		_ = z.zipper.Flush() // the reader has gone: the next write says so
	}
	if f, ok := z.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (z *zipped) Unwrap() http.ResponseWriter { return z.ResponseWriter }

func (z *zipped) close() {
	if z.zipper == nil {
		return
	}
	_ = z.zipper.Close() // the reader has gone; nobody is left to tell
	zippers.Put(z.zipper)
	z.zipper = nil
}
