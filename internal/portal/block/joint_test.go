package block

import "testing"

func TestLongNamesBreakAtTheirJoints(t *testing.T) {
	tests := []struct{ text, want string }{
		{"cliniquesaintjean.onmicrosoft.com", "cliniquesaintjean<wbr>.onmicrosoft<wbr>.com"},
		{"maja@fjallbageriet.example", "maja@<wbr>fjallbageriet<wbr>.example"},
		{"short.example", "short.example"},
		{"Kancelaria Radców Prawnych Wisła sp. p.", "Kancelaria Radców Prawnych Wisła sp. p."},
		{"<script>alert.example.com</script>", "&lt;script&gt;alert<wbr>.example<wbr>.com&lt;/script&gt;"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := jointed(tt.text); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.text, got, tt.want)
		}
	}
}
