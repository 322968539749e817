package graph

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The SDKs compress what they send, and send it again as it is when they are told that
// this is not understood.
func TestBodiesMayBeCompressed(t *testing.T) {
	w := newWorld(t)
	body := strings.NewReplacer("NAME", "Packed", "TENANT", string(w.bakery)).Replace(wish)
	for name, tt := range map[string]struct {
		encoding, body, code string
		status               int
	}{
		"with gzip":             {"gzip", zipped(t, body), "", http.StatusCreated},
		"named in capitals":     {" GZIP", zipped(t, strings.ReplaceAll(body, "Packed", "Packed too")), "", http.StatusCreated},
		"not at all":            {"identity", strings.ReplaceAll(body, "Packed", "Plain"), "", http.StatusCreated},
		"said and not done":     {"gzip", body, "badRequest", http.StatusBadRequest},
		"cut off":               {"gzip", zipped(t, body)[:60], "badRequest", http.StatusBadRequest},
		"far larger than it is": {"gzip", zipped(t, strings.Repeat(" ", maxBody+1)), "requestBodyTooLarge", http.StatusRequestEntityTooLarge},
		"large as it comes":     {"", strings.Repeat(" ", maxBody+1), "requestBodyTooLarge", http.StatusRequestEntityTooLarge},
		"in another way":        {"br", body, "unsupportedMediaType", http.StatusUnsupportedMediaType},
	} {
		t.Run(name, func(t *testing.T) {
			got := w.send("direct", http.MethodPost, "/v1.0"+relationshipsAt, tt.body, "Content-Encoding", tt.encoding)
			if got.Code != tt.status || !strings.Contains(got.Body.String(), tt.code) {
				t.Errorf("%d %s, want %d %s", got.Code, got.Body, tt.status, tt.code)
			}
		})
	}
}

// A batch that comes compressed holds parts that are not.
func TestABatchMayBeCompressed(t *testing.T) {
	w := newWorld(t)
	body := strings.NewReplacer("NAME", "Packed", "TENANT", string(w.bakery)).Replace(wish)
	batch := `{"requests":[{"id":"1","method":"POST","url":"` + relationshipsAt + `","headers":{"Content-Type":"application/json"},"body":` + body + `}]}`
	var out struct {
		Responses []struct {
			Status int
			Body   struct{ DisplayName string }
		}
	}
	w.send("direct", http.MethodPost, "/v1.0/$batch", zipped(t, batch), "Content-Encoding", "gzip", "Expect", "100-continue").want(http.StatusOK).into(&out)
	if len(out.Responses) != 1 || out.Responses[0].Status != http.StatusCreated || out.Responses[0].Body.DisplayName != "Packed" {
		t.Errorf("answered %+v", out.Responses)
	}
}
