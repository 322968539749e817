package gallery_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/gallery"
)

// TestPictures writes a picture of every section into the directory that
// COMPTOIR_GALLERY_PICTURES names, for whoever works on the look.
// COMPTOIR_GALLERY_ONLY narrows it: "list,form light fr 1440".
func TestPictures(t *testing.T) {
	dir := os.Getenv("COMPTOIR_GALLERY_PICTURES")
	if dir == "" {
		t.Skip("COMPTOIR_GALLERY_PICTURES names no directory for the pictures")
	}
	only := strings.Fields(os.Getenv("COMPTOIR_GALLERY_ONLY"))
	chosen := func(i int, value string) bool {
		return i >= len(only) || only[i] == "*" || slices.Contains(strings.Split(only[i], ","), value)
	}
	server := serve(t)
	page := browsertest.NewBrowser(t).Open(t, server+gallery.Root+"/home")
	for _, section := range append(gallery.Sections(), "sign-in", "dialogs/remove") {
		for _, theme := range []string{"light", "dark", "contrast"} {
			for _, tag := range []string{"en", "fr", "sv"} {
				for width, height := range map[int64]int64{1440: 900, 768: 1100, 320: 1400} {
					if !chosen(0, section) || !chosen(1, theme) || !chosen(2, tag) || !chosen(3, fmt.Sprint(width)) {
						continue
					}
					if tall := os.Getenv("COMPTOIR_GALLERY_HEIGHT"); tall != "" {
						_, err := fmt.Sscan(tall, &height)
						if err != nil {
							t.Fatal(err)
						}
					}
					page.Resize(width, height)
					page.Go(fmt.Sprintf("%s%s/%s?theme=%s&lang=%s", server, gallery.Root, section, theme, tag))
					name := fmt.Sprintf("%s-%s-%s-%d.png", strings.ReplaceAll(section, "/", "-"), theme, tag, width)
					page.Screenshot(filepath.Join(dir, name))
				}
			}
		}
	}
}
