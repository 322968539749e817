package customer

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// position is where in a list a customer stands: in which stretch, with which
// key, and its number among equal keys. As text it is the cursor of a page,
// which says from where to go on and not in which direction.
type position struct {
	order   Sort
	stretch int
	key     string
	number  int64
}

func (p position) compare(other position) int {
	return cmp.Or(cmp.Compare(p.key, other.key), cmp.Compare(p.number, other.number))
}

// cursorVersion begins every cursor, so that one of an older program is refused
// instead of misread.
const cursorVersion = 1

// text returns p as callers carry it around.
func (p position) text() string {
	b := []byte{cursorVersion, byte(p.order), byte(p.stretch)}
	b = binary.BigEndian.AppendUint64(b, uint64(p.number))
	return base64.RawURLEncoding.EncodeToString(append(b, p.key...))
}

// parsePosition is the inverse of text.
func parsePosition(cursor string) (position, bool) {
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(cursor))
	if err != nil || len(b) < 11 || b[0] != cursorVersion || Sort(b[1]) > ByCreated {
		return position{}, false
	}
	return position{
		order: Sort(b[1]), stretch: int(b[2]),
		number: int64(binary.BigEndian.Uint64(b[3:11])), key: string(b[11:]),
	}, true
}
