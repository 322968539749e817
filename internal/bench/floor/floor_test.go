package floor_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"comptoir/internal/bench/floor"
	"comptoir/internal/bench/world"
	"comptoir/internal/relationship"
)

func TestTheFloorAnswersFromTheTablesAndKeepsRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "world.db")
	if _, err := world.Build(t.Context(), path, 400); err != nil {
		t.Fatal(err)
	}
	w, _, err := world.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := floor.Open(t.Context(), path, relationship.Total, floor.Sizes{Customer: 3000, List: 200_000, Written: 900})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := httptest.NewServer(f.Handler())
	defer s.Close()
	ask := func(method, path, body string) []byte {
		r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s %s: %s %v\n%s", method, path, res.Status, err, b)
		}
		return b
	}
	p := w.Partners[0]
	one := ask("GET", "/"+string(p.Tenant)+"/customers/"+string(p.Customers[0].ID), "")
	if len(one) != 3000 || !strings.Contains(string(one), string(p.Customers[0].ID)) {
		t.Errorf("one customer, %d bytes: %s", len(one), one)
	}
	var list struct {
		Total int64
		Items []json.RawMessage
	}
	all := ask("GET", "/"+string(p.Tenant)+"/customers", "")
	if err := json.Unmarshal(all, &list); err != nil || len(all) != 200_000 || list.Total != int64(len(p.Customers)) || len(list.Items) != floor.ListLength {
		t.Errorf("a list of %d of %d in %d bytes, %v", len(list.Items), list.Total, len(all), err)
	}
	put := `{"companyName":"Åre Skidor AB","defaultAddress":{"city":"Åre"}}`
	if kept := string(ask("PUT", "/"+string(p.Tenant)+"/customers/1", put)); len(kept) != 900 || !strings.Contains(kept, `"City":"Åre"`) {
		t.Errorf("kept %d bytes: %s", len(kept), kept)
	}
}
