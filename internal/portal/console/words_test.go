package console

import (
	"testing"

	"comptoir/internal/rulebook"
)

func TestEveryMarketHasAName(t *testing.T) { // rule A8
	for _, code := range rulebook.Markets() {
		if markets[code] == "" {
			t.Errorf("people would read %s", code)
		}
	}
}
