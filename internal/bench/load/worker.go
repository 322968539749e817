package load

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"comptoir/internal/clock"
)

// patience is how long one answer may take.
const patience = 30 * time.Second

// worker is one connection with what it measured.
type worker struct {
	conn    net.Conn
	in      *bufio.Reader
	number  int
	out     []byte
	bytes   int64
	latency []time.Duration
	end     time.Duration // when the last measured answer had come
}

func newWorker(c net.Conn, number int) *worker {
	return &worker{conn: c, in: bufio.NewReaderSize(c, 32<<10), number: number, latency: make([]time.Duration, 0, 1<<15)}
}

// run sends one request after the other until the time of p is over. A request
// is measured when it begins after the warm-up and within the time.
func (w *worker) run(ctx context.Context, p Plan, watch clock.Stopwatch) error {
	for n := 0; ; n++ {
		begin := watch.Elapsed()
		if begin >= p.Warm+p.Time || ctx.Err() != nil {
			return ctx.Err()
		}
		size, err := w.exchange(p, n)
		if err != nil {
			return fmt.Errorf("request %d of connection %d: %w", n, w.number, err)
		}
		if begin < p.Warm {
			continue
		}
		w.end = watch.Elapsed()
		w.latency = append(w.latency, w.end-begin)
		w.bytes += size
	}
}

// exchange sends one request and reads its answer; it returns the size of the body.
func (w *worker) exchange(p Plan, n int) (int64, error) {
	w.out = p.Request(w.out[:0], w.number, n)
	if n%1024 == 0 { // a deadline costs, and one request more or less does not matter to it
		if err := w.conn.SetDeadline(deadline(p)); err != nil {
			return 0, err
		}
	}
	if _, err := w.conn.Write(w.out); err != nil {
		return 0, err
	}
	a, err := readHead(w.in)
	if err != nil {
		return 0, err
	}
	if a.status != p.Status {
		return 0, w.unexpected(a)
	}
	return a.discard(w.in)
}

// deadline lies beyond what is left of the plan.
func deadline(p Plan) time.Time {
	var wall clock.Clock
	return wall.Now().Add(p.Warm + p.Time + patience)
}

// unexpected returns an error that shows the answer.
func (w *worker) unexpected(a head) error {
	body := make([]byte, 2048)
	if a.length >= 0 {
		body = body[:min(int64(len(body)), a.length)]
	}
	n, err := io.ReadAtLeast(w.in, body, 1)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(fmt.Errorf("status %d: %s\n%s", a.status, w.out, body[:n]), err)
}

// head is what matters of the head of an answer.
type head struct {
	status  int
	length  int64 // of the body, -1 when it comes in chunks
	chunked bool
}

var errMalformed = errors.New("the answer is not HTTP/1.1 as expected")

// readHead reads the status line and the header lines.
func readHead(in *bufio.Reader) (head, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return head{}, err
	}
	if len(line) < 14 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return head{}, errMalformed
	}
	var h head
	if h.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return head{}, errMalformed
	}
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return head{}, err
		}
		if len(line) <= 2 {
			return h, nil
		}
		if err := h.read(line); err != nil {
			return head{}, err
		}
	}
}

// read takes from a header line what it says about the body.
func (h *head) read(line []byte) error {
	switch line[0] {
	case 'C', 'c':
		if value, ok := cutName(line, "content-length:"); ok {
			var err error
			if h.length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return errMalformed
			}
		}
	case 'T', 't':
		if value, ok := cutName(line, "transfer-encoding:"); ok && bytes.EqualFold(value, []byte("chunked")) {
			h.chunked, h.length = true, -1
		}
	}
	return nil
}

func cutName(line []byte, name string) ([]byte, bool) {
	if len(line) < len(name) || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name):]), true
}

// discard reads the body and forgets it; it returns its size.
func (h head) discard(in *bufio.Reader) (int64, error) {
	if !h.chunked {
		n, err := in.Discard(int(h.length))
		return int64(n), err
	}
	var total int64
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return total, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return total, errMalformed
		}
		if _, err := in.Discard(int(size) + 2); err != nil { // with the line feed after it
			return total, err
		}
		if total += size; size == 0 {
			return total, nil
		}
	}
}
