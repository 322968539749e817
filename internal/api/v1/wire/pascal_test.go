package wire

import "testing"

// Section 19: resourceOldValue and resourceNewValue are JSON text in PascalCase.
func TestValuesOfTheLogAreWrittenInPascalCase(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		`"Allowed"`:                      `"Allowed"`,
		`{"ID":"1","TenantID":"2"}`:      `{"Id":"1","TenantId":"2"}`,
		`{"RedirectURIs":["a",{"b":1}]}`: `{"RedirectUris":["a",{"B":1}]}`,
		`{"MPASigned":true,"x":null}`:    `{"MpaSigned":true,"X":null}`,
		`{"Id":"1","CompanyName":"A&B <é>","N":12345678901234567890}`: `{"Id":"1","CompanyName":"A&B <é>","N":12345678901234567890}`,
		`[{"userIDs":[]},{}]`: `[{"UserIds":[]},{}]`,
		`{"broken`:            `{"broken`,
	} {
		if got := PascalJSON(text); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}
