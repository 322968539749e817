package v1

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// compressFrom is the size from which an answer is worth compressing.
const compressFrom = 1 << 10

// keepBuffer is the size up to which a buffer is used again.
const keepBuffer = 1 << 18

var (
	answers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zippers = sync.Pool{New: func() any {
		z, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant
		}
		return z
	}}
	lines = sync.Pool{New: func() any { return bufio.NewWriterSize(io.Discard, 16<<10) }}
)

// answer writes a status with one JSON value and nothing after it (Q7), or
// without a body when v is nil.
func (c *call) answer(status int, v any) error {
	if v == nil {
		c.body = true
		c.w.WriteHeader(status)
		return nil
	}
	buf := answers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= keepBuffer {
			buf.Reset()
			answers.Put(buf)
		}
	}()
	if c.wantsMark() {
		buf.WriteString("\ufeff")
	}
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("answer of %s: %w", c.route.Pattern(), err)
	}
	buf.Truncate(buf.Len() - 1) // the encoder ends with a line feed
	c.write(status, mediaJSON, buf.Bytes())
	return nil
}

// mediaJSON is the content type of JSON answers.
const mediaJSON = "application/json; charset=utf-8"

// write sends a whole body, compressed when that is wanted and worth it. What
// fails from here on is the connection, which nobody can be told about.
func (c *call) write(status int, media string, b []byte) {
	h := c.w.Header()
	h["Content-Type"] = []string{media}
	c.body = true
	if len(b) < compressFrom || !c.compress() {
		h["Content-Length"] = []string{strconv.Itoa(len(b))}
		c.w.WriteHeader(status)
		_, _ = c.w.Write(b)
		return
	}
	c.w.WriteHeader(status)
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(c.w)
	_, _ = z.Write(b)
	_ = z.Close()
}

// compress sets the headers of an answer that could be compressed and reports
// whether it shall be.
func (c *call) compress() bool {
	h := c.w.Header()
	h["Vary"] = []string{"Accept-Encoding"}
	if !acceptsGzip(c.r.Header["Accept-Encoding"]) {
		return false
	}
	h["Content-Encoding"] = []string{"gzip"}
	return true
}

// acceptsGzip reads the Accept-Encoding header.
func acceptsGzip(values []string) bool {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			coding, weight, _ := strings.Cut(part, ";")
			if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
				continue
			}
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
			return err != nil || q > 0
		}
	}
	return false
}

// wantsMark reports whether the client needs a byte-order mark before JSON: one
// widespread module drops the first character of every body (section 4.8, Q4).
func (c *call) wantsMark() bool {
	return strings.HasPrefix(c.r.Header.Get("MS-PartnerCenter-Application"), "Partner Center PowerShell Module") ||
		c.api.kernel.Setting(ByteOrderMark) == "always"
}

// stream is an answer that is written while it is made, for lists of any length.
type stream struct {
	c    *call
	zip  *gzip.Writer // nil when not compressed
	line *bufio.Writer
	enc  *json.Encoder
	n    int64 // items written
}

// stream opens a stream: status 200 and the beginning of a collection. From here
// on an error can only break the answer off.
func (c *call) stream() *stream {
	s := &stream{c: c, line: lines.Get().(*bufio.Writer)}
	c.w.Header()["Content-Type"] = []string{mediaJSON}
	c.body = true
	var to io.Writer = c.w
	if c.compress() {
		s.zip = zippers.Get().(*gzip.Writer)
		s.zip.Reset(c.w)
		to = s.zip
	}
	s.line.Reset(to)
	s.enc = json.NewEncoder(s.line)
	s.enc.SetEscapeHTML(false)
	c.w.WriteHeader(http.StatusOK)
	if c.wantsMark() {
		s.text("\ufeff")
	}
	s.text(`{"items":[`)
	return s
}

// text writes s as it is. A failed write shows when the stream ends.
func (s *stream) text(text string) { _, _ = s.line.WriteString(text) }

// item writes one item of the collection.
func (s *stream) item(v any) error {
	if s.n > 0 {
		s.text(",")
	}
	s.n++
	return s.enc.Encode(v)
}

// end writes the rest of the collection, the members of tail, and closes it.
func (s *stream) end(tail any) error {
	defer s.free()
	rest, err := json.Marshal(tail)
	if err != nil {
		return err
	}
	s.text("],")
	s.text(string(rest[1:])) // without its opening brace
	if err := s.line.Flush(); err != nil {
		return err
	}
	if s.zip != nil {
		return s.zip.Close()
	}
	return nil
}

// free gives the buffers back.
func (s *stream) free() {
	s.line.Reset(io.Discard)
	lines.Put(s.line)
	if s.zip != nil {
		zippers.Put(s.zip)
	}
}
