// Package asset holds what the browser loads beside the page: one style sheet,
// htmx, our own script, the icon sprite and the product mark. Everything is
// embedded. An address carries the hash of its content, so a browser may keep
// it for ever and gets the new one with the next page.
package asset

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"sync"
)

// The assets, by the name under which URL finds their address.
const (
	Style  = "comptoir.css"
	Script = "comptoir.js"
	HTMX   = "htmx.js"
	Icons  = "icons.svg"
	Mark   = "mark.svg"
)

// Root is the path under which Handler serves.
const Root = "/assets/"

// Policy is the Content-Security-Policy under which every block works: nothing
// inline, nothing from elsewhere.
const Policy = FramedPolicy + "; frame-ancestors 'none'"

// FramedPolicy is Policy for pages that other sites may show in a frame.
const FramedPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'"

//go:embed css js thirdparty/*.js *.svg
var files embed.FS

// sources says of which embedded files an asset is made, in their order.
var sources = map[string][]string{
	Style:  {"css/tokens.css", "css/base.css", "css/frame.css", "css/blocks.css", "css/form.css", "css/table.css", "css/chart.css", "css/reader.css"},
	Script: {"js/page.js", "js/form.js", "js/table.js", "js/keys.js", "js/passkey.js"},
	HTMX:   {"thirdparty/htmx-4.0.1.min.js"},
	Icons:  {"icons.svg"},
	Mark:   {"mark.svg"},
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// file is one asset as it is served.
type file struct {
	url     string
	hash    string
	kind    string // media type
	plain   []byte
	gzipped func() []byte
}

var all = sync.OnceValue(func() map[string]*file {
	set := make(map[string]*file, len(sources))
	for name, parts := range sources {
		set[name] = load(name, parts)
	}
	return set
})

// load joins the parts of an asset. The parts are embedded, so a missing one is
// a mistake of the build and panics.
func load(name string, parts []string) *file {
	var joined bytes.Buffer
	for _, part := range parts {
		raw, err := files.ReadFile(part)
		if err != nil {
			panic(fmt.Sprintf("asset %s: %v", name, err))
		}
		joined.Write(slim(path.Ext(name), raw))
	}
	f := &file{plain: joined.Bytes(), kind: kinds[path.Ext(name)]}
	sum := sha256.Sum256(f.plain)
	f.hash = hex.EncodeToString(sum[:5])
	stem, ext, _ := strings.Cut(name, ".")
	f.url = Root + stem + "." + f.hash + "." + ext
	// Compressed once, by whoever asks first: a start need not wait for it.
	f.gzipped = sync.OnceValue(func() []byte { return compress(f.plain) })
	return f
}

// slim drops what only the reader of the source needs: comments on lines of
// their own, blank lines and indentation. It is no minifier and so cannot
// change a meaning, as long as no string of ours spans several lines.
func slim(ext string, src []byte) []byte {
	if ext != ".css" && ext != ".js" {
		return src
	}
	out := make([]byte, 0, len(src))
	comment := false
	for line := range bytes.Lines(src) {
		line = bytes.TrimSpace(line)
		switch {
		case comment:
			comment = !bytes.HasSuffix(line, []byte("*/"))
		case bytes.HasPrefix(line, []byte("/*")):
			comment = !bytes.HasSuffix(line, []byte("*/"))
		case len(line) == 0, ext == ".js" && bytes.HasPrefix(line, []byte("//")):
		default:
			out = append(append(out, line...), '\n')
		}
	}
	return out
}

// URL returns the address of the asset name, for example
// "/assets/comptoir.1f2e3d4c5b.css". It panics for a name that is none of ours.
func URL(name string) string {
	f := all()[name]
	if f == nil {
		panic("asset: no asset " + name)
	}
	return f.url
}
