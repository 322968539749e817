package graph

import (
	"net/http"
	"testing"
	"time"

	"comptoir/internal/api/throttle"
	"comptoir/internal/clock"
)

// What an organization sends too much of is refused in the interface's own shape, with
// the time to wait; the parts of a batch count, and so does what other interfaces count
// (RF-42, section 21.8).
func TestRequestsAreCounted(t *testing.T) {
	w := newWorld(t)
	w.kernel.Wall = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	w.set(throttle.RequestsPerMinute.Name, "3")
	const list = "/v1.0/tenantRelationships/delegatedAdminRelationships"
	w.get(list).want(http.StatusOK)
	batch := `{"requests":[{"id":"1","method":"GET","url":"/tenantRelationships/delegatedAdminRelationships"},
		{"id":"2","method":"GET","url":"/tenantRelationships/delegatedAdminCustomers"}]}`
	var parts struct {
		Responses []struct {
			ID      string
			Status  int
			Headers map[string]string
		}
	}
	w.send("direct", http.MethodPost, "/v1.0/$batch", batch).want(http.StatusOK).into(&parts)
	if got := parts.Responses; len(got) != 2 || got[0].Status != http.StatusOK || got[1].Status != http.StatusTooManyRequests || got[1].Headers["Retry-After"] != "20" {
		t.Errorf("the parts of the batch: %+v", got)
	}
	refused := w.get("/beta/organization").want(http.StatusTooManyRequests)
	if wait := refused.Header().Get("Retry-After"); wait != "40" {
		t.Errorf("Retry-After %q", wait)
	}
	var body struct {
		Error struct {
			Code, Message string
			InnerError    struct{ Code string }
		}
	}
	if refused.into(&body); body.Error.Code != "TooManyRequests" || body.Error.Message == "" || body.Error.InnerError.Code == "" {
		t.Errorf("the refusal says %+v", body)
	}
	w.send("provider", http.MethodGet, list, "").want(http.StatusOK) // another organization
	w.kernel.Wall.Advance(time.Minute)
	w.get(list).want(http.StatusOK)

	elsewhere := new(throttle.Limits)
	w.api.CountWith(elsewhere)
	for range 3 {
		if err := elsewhere.Take(w.kernel, direct); err != nil {
			t.Fatal(err)
		}
	}
	w.get(list).want(http.StatusTooManyRequests)
}
