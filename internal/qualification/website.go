package qualification

import (
	"net/url"
	"strings"
)

// maxWebsite is how long the address of a website may be.
const maxWebsite = 500

// isWebsite reports whether text is empty or the address of a website, with or
// without its scheme.
func isWebsite(text string) bool {
	if text == "" {
		return true
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	return err == nil && len(text) <= maxWebsite && (u.Scheme == "https" || u.Scheme == "http") && strings.Contains(u.Hostname(), ".") && !strings.ContainsAny(text, " <>\"")
}
