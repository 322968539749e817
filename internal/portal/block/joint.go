package block

import (
	"strings"

	"github.com/a-h/templ"
)

// joints mark where a domain name or an address of mail may be broken when it
// does not fit: before a dot and after the at sign, not in the middle of "com".
var joints = strings.NewReplacer(".", "<wbr>.", "@", "@<wbr>")

// jointed is text, escaped, with joints where it is one long word.
func jointed(text string) string {
	const long = 20
	escaped := templ.EscapeString(text)
	if len(text) < long || strings.ContainsRune(text, ' ') || !strings.ContainsAny(text, ".@") {
		return escaped
	}
	return joints.Replace(escaped)
}
