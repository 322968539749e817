package v1

import (
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
	return strings.HasPrefix(c.r.Header.Get(applicationHeader), "Partner Center PowerShell Module") ||
		c.api.kernel.Setting(ByteOrderMark) == "always"
}

// stream is a collection that is written while it is made, for lists of any
// length. A short one is sent as a whole, and until more than a chunk was made
// an error can still become a refusal; afterwards it can only break the answer
// off.
type stream struct {
	c   *call
	buf *bytes.Buffer
	enc *json.Encoder
	to  io.Writer    // nil until the first chunk is sent
	zip *gzip.Writer // nil when not compressed
	n   int64        // items written
}

// chunk is how much of a stream is made before it is sent.
const chunk = 64 << 10

// stream opens a stream.
func (c *call) stream() *stream {
	s := &stream{c: c, buf: answers.Get().(*bytes.Buffer)}
	s.enc = json.NewEncoder(s.buf)
	s.enc.SetEscapeHTML(false)
	if c.wantsMark() {
		s.buf.WriteString("\ufeff")
	}
	s.buf.WriteString(`{"items":[`)
	return s
}

// item writes one item of the collection.
func (s *stream) item(v any) error {
	if s.n > 0 {
		s.buf.WriteByte(',')
	}
	s.n++
	if err := s.enc.Encode(v); err != nil {
		return err
	}
	s.buf.Truncate(s.buf.Len() - 1) // the encoder ends with a line feed
	if s.buf.Len() < chunk {
		return nil
	}
	return s.send()
}

// send sends what was made so far.
func (s *stream) send() error {
	if s.to == nil {
		s.to = s.c.w
		s.c.w.Header()["Content-Type"] = []string{mediaJSON}
		if s.c.compress() {
			s.zip = zippers.Get().(*gzip.Writer)
			s.zip.Reset(s.c.w)
			s.to = s.zip
		}
		s.c.body = true
		s.c.w.WriteHeader(http.StatusOK)
	}
	_, err := s.buf.WriteTo(s.to)
	return err
}

// end writes the rest of the collection, the members of tail, and closes it.
func (s *stream) end(tail any) error {
	s.buf.WriteByte(']')
	at := s.buf.Len()
	if err := s.enc.Encode(tail); err != nil {
		return err
	}
	s.buf.Bytes()[at] = ',' // was the opening brace of tail
	s.buf.Truncate(s.buf.Len() - 1)
	if s.to == nil {
		s.c.write(http.StatusOK, mediaJSON, s.buf.Bytes())
	} else if err := s.send(); err != nil {
		return err
	}
	if s.buf.Cap() <= keepBuffer {
		s.buf.Reset()
		answers.Put(s.buf)
	}
	if s.zip == nil {
		return nil
	}
	defer zippers.Put(s.zip)
	return s.zip.Close()
}
