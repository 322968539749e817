package agreement

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// MaxDocument is how large a document may be, in bytes.
const MaxDocument = 5 << 20

// Refusals of documents.
var (
	// ErrEmpty refuses a document without any text.
	ErrEmpty = fault.New(fault.Invalid, "27002", "agreement.document.empty")
	// ErrMedia refuses a file that is neither PDF nor HTML nor text.
	ErrMedia = fault.New(fault.Invalid, "27002", "agreement.document.media")
	// ErrActive refuses a document that does something when it is opened;
	// argument What.
	ErrActive = fault.New(fault.Invalid, "27002", "agreement.document.active")
)

// CheckDocument returns a file that the operator brings as a document can keep
// it: a PDF as it is, HTML as a fragment of plain elements, text as paragraphs.
// It refuses what acts when it is opened.
func CheckDocument(content []byte) (media string, kept []byte, err *fault.Error) {
	switch {
	case len(content) > MaxDocument:
		return "", nil, refusal.TooLarge.With("Limit", "5 MiB")
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return PDF, content, checkPDF(content)
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		return "", nil, ErrMedia
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return "", nil, ErrEmpty
	}
	if !looksLikeHTML(content) {
		return HTML, paragraphs(string(content)), nil
	}
	kept, err = cleanHTML(content)
	return HTML, kept, err
}

// pdfActions are the names of what a PDF can do beyond being read.
var pdfActions = []string{"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/RichMedia", "/SubmitForm", "/ImportData"}

// checkPDF refuses a PDF that is cut off, locked, or acts. Names inside of
// compressed parts are not found; viewers ask before they follow those.
func checkPDF(content []byte) *fault.Error {
	end := content[max(0, len(content)-1024):]
	if !bytes.Contains(end, []byte("%%EOF")) {
		return ErrMedia
	}
	if bytes.Contains(content, []byte("/Encrypt")) {
		return ErrActive.With("What", "Encrypt")
	}
	for _, name := range pdfActions {
		if i := bytes.Index(content, []byte(name)); i >= 0 && !continues(content[i+len(name):]) {
			return ErrActive.With("What", name[1:])
		}
	}
	return nil
}

// continues reports whether the name before rest goes on.
func continues(rest []byte) bool {
	if len(rest) == 0 {
		return false
	}
	c := rest[0]
	return c >= 'a' && c <= 'z' && c != 's' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// looksLikeHTML reports whether text is marked up.
func looksLikeHTML(content []byte) bool {
	text := bytes.ToLower(content)
	for _, mark := range []string{"<html", "<body", "<p", "<h1", "<h2", "<div", "<ul", "<ol", "<table", "<br", "<script", "<!doctype"} {
		if bytes.Contains(text, []byte(mark)) {
			return true
		}
	}
	return false
}

// paragraphs makes HTML of plain text: an empty line ends a paragraph.
func paragraphs(text string) []byte {
	var b strings.Builder
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for block := range strings.SplitSeq(text, "\n\n") {
		if block = strings.TrimSpace(block); block != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(block), "\n", "<br>") + "</p>\n")
		}
	}
	return []byte(b.String())
}

var (
	// keptElements are what a document consists of. Headings go down one
	// step, since its title stands above it.
	keptElements = map[atom.Atom]atom.Atom{
		atom.H1: atom.H2, atom.H2: atom.H3, atom.H3: atom.H4, atom.H4: atom.H5, atom.H5: atom.H6, atom.H6: atom.H6,
		atom.P: atom.P, atom.Br: atom.Br, atom.Hr: atom.Hr, atom.Ul: atom.Ul, atom.Ol: atom.Ol, atom.Li: atom.Li, atom.Dl: atom.Dl,
		atom.Dt: atom.Dt, atom.Dd: atom.Dd, atom.Strong: atom.Strong, atom.B: atom.Strong, atom.Em: atom.Em, atom.I: atom.Em, atom.U: atom.U,
		atom.Sub: atom.Sub, atom.Sup: atom.Sup, atom.Blockquote: atom.Blockquote, atom.A: atom.A, atom.Table: atom.Table, atom.Thead: atom.Thead,
		atom.Tbody: atom.Tbody, atom.Tr: atom.Tr, atom.Td: atom.Td, atom.Th: atom.Th, atom.Caption: atom.Caption,
	}
	// refusedElements act or bring something along.
	refusedElements = []atom.Atom{
		atom.Script, atom.Iframe, atom.Frame, atom.Frameset, atom.Object, atom.Embed, atom.Applet, atom.Form, atom.Input, atom.Button,
		atom.Select, atom.Textarea, atom.Svg, atom.Math, atom.Img, atom.Video, atom.Audio, atom.Template,
	}
	// droppedElements are those whose text is none of the document's.
	droppedElements = []atom.Atom{atom.Head, atom.Style, atom.Title, atom.Meta, atom.Link, atom.Base, atom.Noscript}
	// keptAttributes are harmless and mean something.
	keptAttributes = []string{"lang", "dir", "colspan", "rowspan", "start", "value"}
)

// cleanHTML returns the body of a page with plain elements alone.
func cleanHTML(content []byte) ([]byte, *fault.Error) {
	root, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		return nil, ErrMedia.Because(err)
	}
	body := &html.Node{Type: html.DocumentNode}
	if refused := copyPlain(body, root); refused != nil {
		return nil, refused
	}
	if strings.TrimSpace(textOf(body)) == "" {
		return nil, ErrEmpty
	}
	var b bytes.Buffer
	if err := html.Render(&b, body); err != nil {
		return nil, ErrMedia.Because(err)
	}
	return b.Bytes(), nil
}

// copyPlain copies what is plain of the children of from to to. Other elements
// leave their content behind.
func copyPlain(to, from *html.Node) *fault.Error {
	for n := from.FirstChild; n != nil; n = n.NextSibling {
		switch {
		case n.Type == html.TextNode:
			to.AppendChild(&html.Node{Type: html.TextNode, Data: n.Data})
			continue
		case n.Type != html.ElementNode && n.Type != html.DocumentNode:
			continue
		case slices.Contains(refusedElements, n.DataAtom):
			return ErrActive.With("What", n.Data)
		}
		if err := checkAttributes(n); err != nil {
			return err
		}
		if slices.Contains(droppedElements, n.DataAtom) {
			if err := copyPlain(&html.Node{Type: html.DocumentNode}, n); err != nil { // may hide what is refused
				return err
			}
			continue
		}
		into := to
		if as, ok := keptElements[n.DataAtom]; ok {
			into = &html.Node{Type: html.ElementNode, Data: as.String(), DataAtom: as, Attr: plainAttributes(n)}
			to.AppendChild(into)
		}
		if err := copyPlain(into, n); err != nil {
			return err
		}
	}
	return nil
}

// checkAttributes refuses an element that acts by an attribute.
func checkAttributes(n *html.Node) *fault.Error {
	for _, a := range n.Attr {
		if strings.HasPrefix(strings.ToLower(a.Key), "on") {
			return ErrActive.With("What", a.Key)
		}
		if a.Key == "href" && !plainLink(a.Val) {
			return ErrActive.With("What", "href")
		}
	}
	return nil
}

// plainLink reports whether a link leads to a page, to a mail, or nowhere else.
func plainLink(to string) bool {
	to = strings.ToLower(strings.TrimSpace(to))
	for _, scheme := range []string{"https://", "http://", "mailto:", "#"} {
		if strings.HasPrefix(to, scheme) {
			return true
		}
	}
	return false
}

func plainAttributes(n *html.Node) []html.Attribute {
	var all []html.Attribute
	for _, a := range n.Attr {
		switch {
		case n.DataAtom == atom.A && a.Key == "href" && !strings.HasPrefix(strings.TrimSpace(a.Val), "#"):
			all = append(all, html.Attribute{Key: "href", Val: strings.TrimSpace(a.Val)}, html.Attribute{Key: "rel", Val: "noopener noreferrer"})
		case slices.Contains(keptAttributes, a.Key):
			all = append(all, html.Attribute{Key: a.Key, Val: a.Val})
		}
	}
	return all
}

// textOf returns the text within n.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
	}
	return b.String()
}
