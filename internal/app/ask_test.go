package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A service outside is asked by POST, and only a plain answer counts (rule C25).
func TestAServiceOutsideIsAsked(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			http.Error(w, "what?", http.StatusBadRequest)
			return
		}
		switch r.URL.Path {
		case "/broken":
			http.Error(w, "out of order", http.StatusBadGateway)
		case "/endless":
			_, _ = io.WriteString(w, strings.Repeat("x", askAnswer+1))
		default:
			_, _ = w.Write(append([]byte("heard "), question...))
		}
	}))
	defer service.Close()
	answer, err := ask(t.Context(), service.URL, []byte("hello"))
	if err != nil || string(answer) != "heard hello" {
		t.Errorf("%q, %v", answer, err)
	}
	for _, path := range []string{"/broken", "/endless"} {
		if _, err := ask(t.Context(), service.URL+path, nil); err == nil {
			t.Errorf("%s is taken for an answer", path)
		}
	}
	if _, err := ask(t.Context(), "nowhere://", nil); err == nil {
		t.Error("an address that is none is asked")
	}
}
