package asset

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// Handler serves the assets under Root, compressed as the browser prefers.
//
// The current address is answered with a year of immutable caching. An address
// with another hash, as an older page or another node may ask for, gets the
// current content, which the browser then must check again each time.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		stem, hash, ext := split(strings.TrimPrefix(r.URL.Path, Root))
		f := all()[stem+"."+ext]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		f.serve(w, r, hash == f.hash)
	})
}

// split takes "comptoir.1f2e3d4c5b.css" apart; hash is empty when there is none.
func split(name string) (stem, hash, ext string) {
	stem, rest, _ := strings.Cut(name, ".")
	if hash, ext, ok := strings.Cut(rest, "."); ok {
		return stem, hash, ext
	}
	return stem, "", rest
}

func (f *file) serve(w http.ResponseWriter, r *http.Request, current bool) {
	body, encoding := f.plain, ""
	if accepts(r.Header.Get("Accept-Encoding"), "gzip") {
		body, encoding = f.gzipped(), "gzip"
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if current {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	tag := `"` + f.hash + encoding + `"`
	h.Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		// A failed write means that the browser went away; nobody is left to tell.
		_, _ = w.Write(body)
	}
}

// accepts reports whether the Accept-Encoding header names encoding and does
// not refuse it with q=0.
func accepts(header, encoding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !found || err != nil || weight > 0
	}
	return false
}

// compress is done once for each asset, so it may take its time.
func compress(plain []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	_, err = w.Write(plain)
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err) // memory takes everything
	}
	return b.Bytes()
}
