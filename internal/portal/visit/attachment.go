package visit

import (
	"mime"
	"net/http"
	"strconv"
)

// Attachment sends a file that somebody handed in. The browser saves it under its
// name and never shows it as a page of ours.
func (v *Visit) Attachment(name, mediaType string, data []byte) error {
	h := v.Writer.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	if v.Request.Method != http.MethodHead {
		// A failed write means that the reader has gone; nobody is left to tell.
		_, _ = v.Writer.Write(data)
	}
	return nil
}
