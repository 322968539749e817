package invitation

import (
	"errors"
	"strings"
	"testing"

	"comptoir/internal/letter"
	"comptoir/internal/refusal"
)

const (
	partner  = "0d6f3a0e-22c1-4d0f-9d0a-6c6a0f8f8f01"
	provider = "0d6f3a0e-22c1-4d0f-9d0a-6c6a0f8f8f02"
)

func TestLinksAreReadInBothForms(t *testing.T) { // E9
	own := Link{Partner: partner, Number: "0"}
	joint := Link{Partner: partner, Number: "6105544", Provider: provider}
	for name, tt := range map[string]struct {
		raw  string
		want Link
	}{
		"own":       {own.URL("https://c.example/"), own},
		"joint":     {joint.URL("https://c.example"), joint},
		"no case":   {"https://c.example/ADMINPORTAL/home?INVTYPE=resellerrelationship&PartnerID=" + strings.ToUpper(partner) + "&MSPPID=0&dap=FALSE#/x", own},
		"the older": {"https://c.example/AdminPortal/Home?type=IndirectResellerRelationship&id=" + partner + "&csp=1&msppid=6105544&indirectCSP=" + provider, joint},
		"its query": {joint.Query(), joint},
	} {
		if got, err := ParseLink(tt.raw); err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	own.Token = letter.NewToken()
	if got, err := ParseLink(own.URL("https://c.example")); err != nil || got != own {
		t.Errorf("E10: with a token: %+v, %v", got, err)
	}
}

func TestTamperedLinksAreRefused(t *testing.T) { // E11, RF-24
	joint := Link{Partner: partner, Provider: provider, Token: letter.NewToken()}.URL("https://c.example")
	for name, raw := range map[string]string{
		"nothing":          "",
		"no kind":          "partnerId=" + partner,
		"another kind":     "invType=Advisor&partnerId=" + partner,
		"no partner":       "invType=ResellerRelationship",
		"a broken partner": "invType=ResellerRelationship&partnerId=" + partner[:30],
		"no provider":      "invType=IndirectResellerRelationship&partnerId=" + partner,
		"a provider":       "invType=ResellerRelationship&indirectCSPId=" + provider + "&partnerId=" + partner,
		"two partners":     "invType=ResellerRelationship&partnerId=" + partner + "&partnerid=" + provider,
		"a shorter token":  strings.Replace(joint, "#", "", 1)[:strings.Index(joint, "#")-4],
		"no query":         "invType=%zz",
	} {
		if _, err := ParseLink(raw); !errors.Is(err, refusal.RF24) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzLink(f *testing.F) { // E9: what is read is written the same
	f.Add(Link{Partner: partner, Provider: provider, Token: letter.NewToken()}.URL("https://c.example"))
	f.Add("type=ResellerRelationship&id=" + partner)
	f.Fuzz(func(t *testing.T, raw string) {
		l, err := ParseLink(raw)
		if err != nil {
			return
		}
		again, err := ParseLink(l.URL("https://c.example"))
		if l.Number == "" {
			l.Number = noNumber
		}
		if err != nil || again != l {
			t.Errorf("%q: %+v, then %+v, %v", raw, l, again, err)
		}
	})
}
