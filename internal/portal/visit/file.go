package visit

import (
	"net/http"
	"strconv"
)

// Send sends a file that the reader takes along. What it holds is no page of the
// portal, whatever it says it is.
func (v *Visit) Send(name, media string, content []byte) error {
	h := v.Writer.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Cache-Control", "no-store")
	v.Writer.WriteHeader(http.StatusOK)
	if v.Request.Method != http.MethodHead {
		_, _ = v.Writer.Write(content) // a reader that has gone needs no answer
	}
	return nil
}
