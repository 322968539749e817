package agreement

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatADocumentMayBe(t *testing.T) { // V-7
	const pdf = "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n"
	tests := []struct{ name, in, media, out, refused string }{
		{"plain text", "Terms & conditions\n\nFirst line\r\nsecond line", HTML, "<p>Terms &amp; conditions</p>\n<p>First line<br>second line</p>\n", ""},
		{"a page", "<!DOCTYPE html><html><head><title>T</title><style>p{color:red}</style></head><body class=x><h1 onfocus>", "", "", "onfocus"},
		{
			"a page of a word processor", "<html><head><title>T</title><meta name=g><style>p{color:red}</style></head><body class=x><div><h1 style='x'>Terms</h1>" +
				"<p class=MsoNormal>By <b>both</b> <o:p>parties</o:p> <a href='https://x.example/' target=_top>here</a></p></div></body></html>",
			HTML, `<h2>Terms</h2><p>By <strong>both</strong> parties <a href="https://x.example/" rel="noopener noreferrer">here</a></p>`, "",
		},
		{"a script", "<p>Terms</p><script>alert(1)</script>", "", "", "script"},
		{"a script in the head", "<html><head><noscript><img src=x onerror=alert(1)></noscript><script src=x></script></head><body>T</body></html>", "", "", "script"},
		{"a picture", "<p>Terms <img src='https://x.example/a.png'></p>", "", "", "img"},
		{"a link that acts", "<p><a href=' JaVaScript:alert(1)'>Terms</a></p>", "", "", "href"},
		{"a form", "<p>Terms</p><form action=x></form>", "", "", "form"},
		{"a drawing", "<p>Terms</p><svg onload=alert(1)></svg>", "", "", "svg"},
		{"tags without text", "<p> </p><hr>", "", "", "empty"},
		{"nothing", " \n ", "", "", "empty"},
		{"another file", "PK\x03\x04\x00\x00", "", "", "media"},
		{"a PDF", pdf + "%%EOF\n", PDF, pdf + "%%EOF\n", ""},
		{"half a PDF", pdf, "", "", "media"},
		{"a PDF with a script", pdf + "<</S /JavaScript /JS (x)>>%%EOF", "", "", "JavaScript"},
		{"a PDF with files", pdf + "<</EmbeddedFiles 3 0 R>>%%EOF", "", "", "EmbeddedFile"},
		{"a locked PDF", pdf + "trailer <</Encrypt 9 0 R>>%%EOF", "", "", "Encrypt"},
		{"a PDF about JSON", pdf + "<</JSON 1>>%%EOF", PDF, pdf + "<</JSON 1>>%%EOF", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			media, kept, err := CheckDocument([]byte(tt.in))
			if tt.refused != "" {
				if err == nil || !strings.Contains(err.Key, tt.refused) && err.Args["What"] != tt.refused {
					t.Errorf("got %v (%v), want it refused for %s", err, kept, tt.refused)
				}
				return
			}
			if err != nil || media != tt.media || string(kept) != tt.out {
				t.Errorf("got %s %q: %v %v", media, kept, err, err)
			}
		})
	}
	if _, _, err := CheckDocument(bytes.Repeat([]byte("text "), MaxDocument/4)); err == nil || err.Code != "800002" {
		t.Errorf("a document that is too large: %v", err)
	}
}

// What was checked once passes as it is, and holds nothing that acts.
func TestACheckedDocumentIsPlain(t *testing.T) {
	pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
		"<p>", "</p>", "<b>", "<table><tr><td colspan=2>", "text", "&lt;script&gt;", "<a href=#x>", "<h1>", "<h6>", "<ol start=3><li>", "<!-- c -->", "<font>", "\"'",
		"<style>x</style>", "<noscript>n</noscript>", "&amp;amp;", "<plaintext>", "<title>t</title>", "<xmp>",
	}), 1, 20)
	rapid.Check(t, func(t *rapid.T) {
		_, once, err := CheckDocument([]byte("<p>Terms</p>" + strings.Join(pieces.Draw(t, "pieces"), "")))
		if err != nil {
			return // refused, which is as well
		}
		for _, bad := range []string{"<script", "<style", "<title", " on", "javascript:", "<xmp", "<plaintext", "<noscript"} {
			if strings.Contains(strings.ToLower(string(once)), bad) {
				t.Fatalf("%q is in %q", bad, once)
			}
		}
		_, twice, err := CheckDocument(once)
		if err != nil || !bytes.Contains(twice, []byte("Terms")) {
			t.Fatalf("%q is refused: %v", once, err)
		}
	})
}

// The texts that the program comes with are documents like all others.
func TestTheShippedTextsAreDocuments(t *testing.T) {
	for _, language := range first.Languages {
		content, err := shipped.ReadFile("shipped/" + language + ".html")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, refused := CheckDocument(content); refused != nil {
			t.Errorf("%s: %v", language, refused)
		}
		if n := bytes.Count(content, []byte("<h2>")); n != 10 {
			t.Errorf("%s has %d sections, the others 10", language, n)
		}
	}
}
