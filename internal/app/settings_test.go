package app_test

import (
	"testing"

	"comptoir/internal/op"
)

// Each setting of the program says what it does and where its default comes from
// (V-12), so that no page shows one that nobody understands.
func TestEverySettingExplainsItself(t *testing.T) {
	for _, s := range op.Settings() {
		if s.Effect == "" || s.Mark == "" || s.Rule == "" {
			t.Errorf("%s lacks its effect, mark or rule", s.Name)
		}
	}
}
