package gallery_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/gallery"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// serve runs the gallery with its assets and returns its address.
func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(asset.Root, asset.Handler())
	mux.Handle(gallery.Root+"/", gallery.Handler())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// pages are all pages of the gallery.
func pages() []string {
	return append(gallery.Sections(), "sign-in", "dialogs/suspend", "dialogs/remove", "dialogs/blocked")
}

// Every block, in every theme and language, without a complaint of the browser
// or of the content security policy and without a serious finding of axe.
func TestEveryBlockIsAccessible(t *testing.T) {
	server := serve(t)
	browser := browsertest.NewBrowser(t)
	for _, look := range []struct{ theme, tag string }{{"light", "en"}, {"dark", "fr"}, {"contrast", "sv"}} {
		t.Run(look.theme+" "+look.tag, func(t *testing.T) {
			page := browser.Open(t, server+"/gallery/home?theme="+look.theme+"&lang="+look.tag)
			for _, name := range pages() {
				page.Go(server + "/gallery/" + name + "?theme=" + look.theme + "&lang=" + look.tag)
				t.Log(name)
				browsertest.Axe(t, page)
			}
		})
	}
}

// 320 pixels is the width of a small telephone and of a screen at 400 % zoom.
func TestEveryBlockFitsSmallWindows(t *testing.T) {
	server := serve(t)
	browser := browsertest.NewBrowser(t)
	for _, tag := range []string{"en", "fr", "sv"} {
		t.Run(tag, func(t *testing.T) {
			page := browser.Open(t, server+"/gallery/home?lang="+tag)
			sizes := [][2]int64{{320, 256}}
			if tag == "fr" { // the longest words
				sizes = append(sizes, [2]int64{768, 1024}, [2]int64{1024, 700})
			}
			for _, size := range sizes {
				page.Resize(size[0], size[1])
				for _, name := range pages() {
					page.Go(server + "/gallery/" + name + "?lang=" + tag)
					t.Logf("%s at %d", name, size[0])
					page.Overflow()
				}
			}
		})
	}
}

// Every page must be readable and usable before any script has run (design §4).
func TestBlocksWorkWithoutScript(t *testing.T) {
	server := serve(t)
	for _, name := range pages() {
		response, err := http.Get(server + "/gallery/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body := new(strings.Builder)
		if err := response.Write(body); err != nil {
			t.Fatal(err)
		}
		html := body.String()
		for what, forbidden := range map[string]string{
			"an inline style": ` style=`, "a style element": "<style", "an inline handler": ` onclick=`, "an inline script": "<script>",
		} {
			if strings.Contains(html, forbidden) {
				t.Errorf("%s has %s, which the content security policy forbids", name, what)
			}
		}
		if n := strings.Count(html, "<h1"); n != 1 {
			t.Errorf("%s has %d headings of the first level, want 1", name, n)
		}
	}
}

func TestTheReadersChoiceOfThemeIsKept(t *testing.T) {
	server := serve(t)
	page := browsertest.NewBrowser(t).Open(t, server+"/gallery/list?lang=en")
	page.Click("[popovertarget=profile]")
	page.Click("button[name=theme][value=dark]")
	dark := "getComputedStyle(document.body).backgroundColor === 'rgb(20, 20, 20)'"
	page.Wait(dark)
	page.Click("button[name=theme][value=contrast]")
	page.Wait("getComputedStyle(document.body).backgroundColor === 'rgb(0, 0, 0)'")

	page.Go(server + "/gallery/list?lang=en")
	page.Prefer("prefers-color-scheme", "dark")
	page.Wait(dark)
}
