package portal_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// BenchmarkCustomersPage draws a page of fifty customers, compressed, as a
// browser asks for it the second time: reading, drawing and compressing.
func BenchmarkCustomersPage(b *testing.B) {
	w := newWorld(b)
	w.many("direct admin-agent", 60)
	pages := w.portal()
	request := httptest.NewRequest(http.MethodGet, "/customers", nil)
	request.Header.Set("Accept-Encoding", "gzip")
	request.AddCookie(&http.Cookie{Name: whoCookie, Value: url.QueryEscape("direct admin-agent")})
	for b.Loop() {
		answer := httptest.NewRecorder()
		pages.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK {
			b.Fatal(answer.Code)
		}
	}
}
