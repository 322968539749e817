package naming_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"comptoir/internal/naming"
)

func TestKeysForSearchAndOrder(t *testing.T) {
	for name, want := range map[string]string{
		"":                          "",
		"contoso ltd":               "contoso ltd",
		"  Contoso \t LTD ":         "contoso ltd",
		"Göteborgs  Rapé":           "goteborgs rape",
		"ÅNGSTRÖM":                  "angstrom",
		"Łódź & Ørsted":             "lodz & orsted",
		"Straße":                    "strasse",
		"ﬁrma Ⅳ ＡＢ":                 "firma iv ab",
		"L’Œuvre":                   "l'oeuvre",
		"İstanbul Işık":             "istanbul isik",
		"Ταχυδρομεία ΕΛΛΆΔΑΣ":       "ταχυδρομεια ελλαδασ",
		"zero\u200bwidth a\u00a0b":  "zerowidth a b",
		"ｶﾌﾞｼｷ":                     "カフシキ",
		"Contoso\x00\x07 \u202eLtd": "contoso ltd",
	} {
		if got := naming.Key(name); got != want {
			t.Errorf("Key(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestAKeyIsItsOwnKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := naming.Key(rapid.String().Draw(t, "name"))
		if again := naming.Key(key); again != key {
			t.Fatalf("Key(%q) = %q", key, again)
		}
		if !utf8.ValidString(key) {
			t.Fatalf("%q is no UTF-8", key)
		}
	})
}

func TestBothRoadsToAKeyAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOf(rapid.RuneFrom(nil, &asciiTable)).Draw(t, "name")
		quick, long := naming.Key(name), naming.Key("å"+name)
		if name != "" && name[0] > ' ' && name[0] != 0x7f && long != "a"+quick {
			t.Fatalf("ASCII gives %q, Unicode gives %q", quick, long)
		}
	})
}

func TestDuplicatesHaveOneKey(t *testing.T) { // rule C3
	groups := [][]string{
		{"Nordic Logistik AB", "NORDIC LOGISTIK, AKTIEBOLAG", "AB Nordic Logistik", "nordic logistik (publ)", "Nordic-Logistik"},
		{"Contoso", "Contoso L.L.C.", "Contoso, L. L. C.", "contoso llc.", "CONTOSO Inc.", "Contoso Pty. Ltd.", "Contoso Private Limited", "Contoso Sdn. Bhd."},
		{"Müller & Söhne GmbH & Co. KG", "MULLER SOHNE"},
		{"Société Générale S.A.", "SOCIETE GENERALE SA", "Société Générale"},
		{"Shell Indonesia", "PT. SHELL INDONESIA", "PT Shell Indonesia Tbk"},
		{"mFaktoring Spółka Akcyjna", "MFAKTORING S.A."},
		{"G-Invest spółka z ograniczoną odpowiedzialnością", "G-Invest Sp. z o.o."},
		{"シェルジャパン株式会社", "株式会社シェルジャパン", "(株)シェルジャパン", "シェルジャパン"},
		{"ООО «Ромашка»", "Ромашка ООО", "РОМАШКА"},
		{"삼성전자 주식회사", "주식회사 삼성전자", "삼성전자"},
		{"Puma México S.A. de C.V.", "PUMA MEXICO"},
	}
	seen := make(map[string]string)
	for _, group := range groups {
		want := naming.DuplicateKey(group[0])
		if other, ok := seen[want]; ok {
			t.Errorf("%q and %q have the key %q", group[0], other, want)
		}
		seen[want] = group[0]
		for _, name := range group[1:] {
			if got := naming.DuplicateKey(name); got != want {
				t.Errorf("DuplicateKey(%q) = %q, want %q as for %q", name, got, want, group[0])
			}
		}
	}
}

func TestANameOfLegalFormsKeepsThem(t *testing.T) {
	for name, want := range map[string]string{
		"GmbH":       "gmbh",
		"Company AB": "company ab",
		"---":        "---",
		"":           "",
	} {
		if got := naming.DuplicateKey(name); got != want {
			t.Errorf("DuplicateKey(%q) = %q, want %q", name, got, want)
		}
	}
}
