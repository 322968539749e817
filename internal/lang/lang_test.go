package lang_test

import (
	"testing"

	"comptoir/internal/lang"
)

func BenchmarkPlain(b *testing.B) {
	p := lang.For("fr")
	for b.Loop() {
		p.T("refusal.internal")
	}
}

func BenchmarkList(b *testing.B) {
	p := lang.For("fr")
	items := []string{"a", "b", "c"}
	for b.Loop() {
		p.List(items)
	}
}
