package importer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Encoding is how a file writes characters.
type Encoding string

// The encodings. Recognise finds the first three; the others look like
// Windows-1252 and must be asked for.
const (
	UTF8        Encoding = "utf-8"
	UTF16       Encoding = "utf-16"
	Windows1252 Encoding = "windows-1252" // spreadsheets in Western Europe
	Windows1250 Encoding = "windows-1250" // and in Central Europe
	Latin9      Encoding = "iso-8859-15"
	Macintosh   Encoding = "macintosh"
)

// pages are the encodings of one byte a character.
var pages = map[Encoding]encoding.Encoding{
	Windows1252: charmap.Windows1252, Windows1250: charmap.Windows1250, Latin9: charmap.ISO8859_15, Macintosh: charmap.Macintosh,
}

// Encodings returns all encodings, the likeliest first.
func Encodings() []Encoding {
	return []Encoding{UTF8, Windows1252, UTF16, Windows1250, Latin9, Macintosh}
}

// Recognise reads a file to its end and says in which encoding it is written. One
// that is not UTF-8 as a whole is Windows-1252, in which spreadsheets save, unless
// it is JSON, which is UTF-8 by definition, or UTF-8 that was damaged in places:
// there the rows in those places are refused, and the others say what they said.
func Recognise(body io.Reader) (Encoding, error) {
	var r recogniser
	if _, err := io.Copy(&r, body); err != nil {
		return "", fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return r.encoding(), nil
}

// recogniser looks at a file as it is written to it.
type recogniser struct {
	start    []byte // the first four bytes
	first    byte   // the first one that is not blank, behind a byte order mark
	rest     []byte // the beginning of a character whose end has not come
	wide     int64  // characters of several bytes, as UTF-8 has them
	unlawful int64  // bytes that UTF-8 cannot have in their place
}

// byteOrderMark may begin a file in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// Write implements io.Writer. It never fails.
func (r *recogniser) Write(p []byte) (int, error) {
	if missing := 4 - len(r.start); missing > 0 {
		r.start = append(r.start, p[:min(missing, len(p))]...)
	}
	text := p
	if len(r.rest) > 0 {
		text = append(r.rest, p...) //nolint:gocritic // rest is copied anew below
	}
	r.rest = append([]byte(nil), r.look(text)...)
	return len(p), nil
}

// look counts the characters of text and returns the beginning of one that is cut
// off at its end.
func (r *recogniser) look(text []byte) (rest []byte) {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if r.first == 0 && c > ' ' {
				r.first = c
			}
			i++
			continue
		}
		if !utf8.FullRune(text[i:]) {
			return text[i:]
		}
		character, size := utf8.DecodeRune(text[i:])
		switch {
		case character == utf8.RuneError && size == 1:
			r.unlawful++
		case character == '\ufeff' && r.first == 0:
		default:
			r.wide++
		}
		if r.first == 0 && character != '\ufeff' {
			r.first = text[i]
		}
		i += size
	}
	return nil
}

func (r *recogniser) encoding() Encoding {
	if bytes.HasPrefix(r.start, []byte(byteOrderMark)) {
		return UTF8
	}
	if _, is := utf16Order(r.start); is {
		return UTF16
	}
	unlawful := r.unlawful + int64(len(r.rest))
	if unlawful > r.wide && r.first != '{' {
		return Windows1252
	}
	return UTF8
}

// decoded returns body as UTF-8 without a byte order mark. Where e is empty, what
// is not UTF-16 is UTF-8.
func decoded(body io.Reader, e Encoding) (*bufio.Reader, error) {
	raw := bufio.NewReaderSize(body, sampled)
	start, err := raw.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) && len(start) == 0 {
		return nil, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	order, wide := utf16Order(start)
	from, single := pages[e]
	switch {
	case single:
	case e == UTF16, e == "" && wide:
		from = unicode.UTF16(order, unicode.UseBOM)
	case e != "" && e != UTF8:
		return nil, ErrEncoding.On("encoding").With("Name", string(e)).With("Allowed", Encodings())
	case bytes.HasPrefix(start, []byte(byteOrderMark)):
		_, err := raw.Discard(len(byteOrderMark))
		return raw, err
	default:
		return raw, nil
	}
	return bufio.NewReaderSize(from.NewDecoder().Reader(raw), sampled), nil
}

// utf16Order reports whether a file that begins with start is UTF-16: it has a
// byte order mark, or its first two characters have a zero byte each, as no text
// in UTF-8 does.
func utf16Order(start []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xfe")), len(start) == 4 && start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0:
		return unicode.LittleEndian, true
	case bytes.HasPrefix(start, []byte("\xfe\xff")), len(start) == 4 && start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}
