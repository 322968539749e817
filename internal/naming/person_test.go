package naming_test

import (
	"strings"
	"testing"

	"comptoir/internal/naming"
)

func TestContactNames(t *testing.T) {
	tests := []struct {
		story   string
		part    naming.Part
		channel naming.Channel
		name    string
		want    verdict
	}{
		{"an ordinary name", naming.FirstName, naming.Portal, "Åsa", fine},
		{"a name with an apostrophe", naming.LastName, naming.Portal, "O’Brien-Smith", fine},
		{"CT01 no first name", naming.FirstName, naming.Portal, " ", refused("CT01")},
		{"CT01 no last name", naming.LastName, naming.REST, "", refused("CT01")},
		{"CT01 the middle name may be missing", naming.MiddleName, naming.Portal, "", fine},
		{"CT02 one letter", naming.FirstName, naming.Portal, "Å", refused("CT02")},
		{"CT02 one Chinese character is a name", naming.LastName, naming.Portal, "王", fine},
		{"CT02 one Hangul syllable is not exempt", naming.LastName, naming.Portal, "김", refused("CT02")},
		{"CT02 the middle name may be one letter", naming.MiddleName, naming.Portal, "J", fine},
		{"CT03 nobody", naming.FirstName, naming.Portal, "Nobody", refused("CT03")},
		{"CT03 two words", naming.LastName, naming.Portal, "LAST  name", refused("CT03")},
		{"CT03 before the lack of letters", naming.LastName, naming.Portal, "n/a", refused("CT03")},
		{"CT03 in the middle name", naming.MiddleName, naming.Portal, "xxx", refused("CT03")},
		{"CT03 only the whole name", naming.LastName, naming.Portal, "Testa", fine},
		{"CT04 41 characters in the portal", naming.LastName, naming.Portal, strings.Repeat("ö", 41), refused("CT04")},
		{"CT04 40 characters in the portal", naming.LastName, naming.Portal, strings.Repeat("ö", 40), fine},
		{"CT04 50 characters over REST", naming.LastName, naming.REST, strings.Repeat("ö", 50), fine},
		{"CT04 51 characters over REST", naming.LastName, naming.REST, strings.Repeat("ö", 51), refused("CT04.REST")},
		{"CT05 digits", naming.FirstName, naming.Portal, "123", refused("CT05")},
		{"CT05 special characters", naming.FirstName, naming.Portal, "-_-", refused("CT05")},
		{"CT05 emoji", naming.LastName, naming.Portal, "🙂🙂", refused("CT05")},
		{"CT05 control characters", naming.LastName, naming.Portal, "\x01\x02", refused("CT05")},
		{"letters and a control character", naming.LastName, naming.Portal, "Bo\x00", refused("UNPRINTABLE")},
	}
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			tt.want.check(t, naming.Default().CheckContactName("field", tt.part, tt.channel, tt.name))
		})
	}
}

func TestEmailAddresses(t *testing.T) {
	partner := naming.EmailContext{PartnerDomains: []string{"Partner.example", "återförsäljare.se"}}
	school := naming.EmailContext{Education: true, TenantDomains: []string{"onmicrosoft.com"}}
	tests := []struct {
		story   string
		address string
		about   naming.EmailContext
		want    verdict
	}{
		{"an ordinary address", "asa.berg+inkop@nordic.se", partner, fine},
		{"an internationalised domain", "info@bücher.example", partner, fine},
		{"an internationalised local part", "åsa@nordic.se", partner, fine},
		{"a top level of the registry in its ASCII form", "a@example.xn--p1ai", partner, fine},
		{"EM01 empty", "", partner, refused("EM01")},
		{"EM01 no @", "nordic.se", partner, refused("EM01")},
		{"EM01 two @", "a@b@nordic.se", partner, refused("EM01")},
		{"EM01 no local part", "@nordic.se", partner, refused("EM01")},
		{"EM01 a local part of 65 bytes", strings.Repeat("a", 65) + "@nordic.se", partner, refused("EM01")},
		{"EM01 a local part of 64 bytes", strings.Repeat("a", 64) + "@nordic.se", partner, fine},
		{"EM01 255 bytes", "a@" + strings.Repeat("a.", 125) + "com", partner, refused("EM01")},
		{"EM01 a domain without dot", "a@localhost", partner, refused("EM01")},
		{"EM01 a space", "a b@nordic.se", partner, refused("EM01")},
		{"EM01 a dot at the end of the local part", "a.@nordic.se", partner, refused("EM01")},
		{"EM01 two dots", "a..b@nordic.se", partner, refused("EM01")},
		{"EM01 an empty label", "a@nordic..se", partner, refused("EM01")},
		{"EM01 a dot at the end", "a@nordic.se.", partner, refused("EM01")},
		{"EM01 a hyphen at the edge of a label", "a@-nordic.se", partner, refused("EM01")},
		{"EM01 an IP address", "a@192.0.2.1", partner, refused("EM01")},
		{"EM01 a line break", "a@nordic.se\nBcc: b@x.se", partner, refused("EM01")},
		{"EM01 broken UTF-8", "\xff@nordic.se", partner, refused("EM01")},
		{"EM02 the reserved domain", "a@Microsoft.com", partner, refused("EM02")},
		{"EM02 below it", "a@mail.microsoft.com", partner, refused("EM02")},
		{"EM02 only whole labels", "a@notmicrosoft.com", partner, fine},
		{"EM03 the partner's domain", "a@PARTNER.example", partner, refused("EM03")},
		{"EM03 below it", "a@sales.partner.example", partner, refused("EM03")},
		{"EM03 only whole labels", "a@mypartner.example", partner, fine},
		{"EM03 an internationalised domain", "a@ÅTERFÖRSÄLJARE.se", partner, refused("EM03")},
		{"EM04 a school at a free-mail domain", "a@gmail.com", school, refused("EM04")},
		{"EM04 a school at its default domain", "a@skola.onmicrosoft.com", school, refused("EM04")},
		{"EM04 a school at its own domain", "a@skola.example", school, fine},
		{"EM05 a company at a free-mail domain", "a@GMail.com", partner, warned("EM05")},
	}
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			tt.want.check(t, naming.Default().CheckEmail("field", tt.address, tt.about))
		})
	}
}

func TestTheDomainOfAnAddress(t *testing.T) {
	for address, want := range map[string]string{
		" a@Nordic.SE ":    "nordic.se",
		"a@bücher.example": "xn--bcher-kva.example",
		"a@b":              "",
	} {
		if got, ok := naming.EmailDomain(address); got != want && ok {
			t.Errorf("EmailDomain(%q) = %q, %v; want %q", address, got, ok, want)
		}
		if naming.ValidEmail(naming.Trim(address)) != (want != "") {
			t.Errorf("ValidEmail(%q) disagrees", address)
		}
	}
}

func TestDomainPrefixes(t *testing.T) {
	tests := []struct {
		prefix string
		want   verdict
	}{
		{"nordiclogistik", fine},
		{"NordicLogistik", fine}, // kept as written, compared without case
		{"abc", fine},
		{strings.Repeat("a1", 13) + "b", fine},
		{"ab", refused("DM01")},
		{strings.Repeat("a1", 14), refused("DM01")},
		{"nordic-logistik", refused("DM01")},
		{"nordic logistik", refused("DM01")},
		{"nordiclogistiå", refused("DM01")},
		{"\u017fales", refused("DM01")}, // the long s folds to s, but is none
		{"", refused("DM01")},
	}
	for _, tt := range tests {
		t.Run("DM01 "+tt.prefix, func(t *testing.T) {
			tt.want.check(t, naming.Default().CheckDomainPrefix("field", tt.prefix))
		})
	}
	if v := naming.Default().CheckDomainPrefix("field", " Nordic "); v.Value != "Nordic" {
		t.Errorf("the prefix is kept as %q", v.Value)
	}
	if naming.DomainTaken.Code != "1003" || naming.DomainTaken.Key != "naming.dm02" {
		t.Errorf("DM02 is %v", naming.DomainTaken)
	}
}

func TestADomainPrefixIsSuggestedFromTheName(t *testing.T) {
	for name, want := range map[string]string{
		"Nordic-Logistik AB": "nordiclogistik",
		"Łódź Metal Sp. z o.o. i Wspólnicy bardzo długa": "lodzmetalspzooiwspolnicybar",
		"シェルジャパン株式会社":                                    "",
		"3M Company":                                     "",
		"Ä":                                              "",
	} {
		got := naming.SuggestDomainPrefix(name)
		if got != want {
			t.Errorf("SuggestDomainPrefix(%q) = %q, want %q", name, got, want)
		}
		if got != "" {
			fine.check(t, naming.Default().CheckDomainPrefix("field", got))
		}
	}
}
