package visit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
	"comptoir/internal/verification"
)

// Status returns the badge of the verification status of an account (rule C21).
func (v *Visit) Status(s verification.Status) block.Badge {
	switch s {
	case verification.Allowed:
		return block.Badge{Tone: block.Success, Text: v.T("portal.status.approved")}
	case verification.UnderReview:
		return block.Badge{Tone: block.Info, Text: v.T("portal.status.under_review"), Icon: icon.Pending}
	case verification.NotAllowed:
		return block.Badge{Tone: block.Danger, Text: v.T("portal.status.not_approved")}
	case verification.NotReady:
		return block.Badge{Tone: block.Warning, Text: v.T("portal.status.not_ready")}
	case verification.Unknown:
		return block.Badge{Tone: block.Neutral, Text: v.T("portal.status.unknown")}
	case verification.None:
	}
	return block.Badge{Tone: block.Neutral, Text: v.T("portal.status.none")}
}

// Relationship returns the word for a kind of relation (portal P-2).
func (v *Visit) Relationship(k relationship.Kind) string {
	switch k {
	case relationship.Reseller:
		return v.T("portal.relationship.reseller")
	case relationship.IndirectReseller:
		return v.T("portal.relationship.indirect_reseller")
	case relationship.Delegated:
		return v.T("portal.relationship.delegated")
	case relationship.PartnerOfRecord:
		return v.T("portal.relationship.partner_of_record")
	case relationship.Advisor:
	}
	return v.T("portal.relationship.advisor")
}

// OrgTypes returns the words for the enrolment types of a partner.
func (v *Visit) OrgTypes(types policy.Org) []string {
	var words []string
	if types&policy.DirectBill != 0 {
		words = append(words, v.T("portal.org.direct_bill"))
	}
	if types&policy.IndirectProvider != 0 {
		words = append(words, v.T("portal.org.indirect_provider"))
	}
	if types&policy.IndirectReseller != 0 {
		words = append(words, v.T("portal.org.indirect_reseller"))
	}
	return words
}

// RejectionReason returns why a reviewer rejected an account (rule C25).
func (v *Visit) RejectionReason(r verification.Reason) string {
	switch r {
	case "name_mismatch":
		return v.T("portal.reason.name_mismatch")
	case "address_mismatch":
		return v.T("portal.reason.address_mismatch")
	case "registration_mismatch":
		return v.T("portal.reason.registration_mismatch")
	case "not_found":
		return v.T("portal.reason.not_found")
	case "test_data":
		return v.T("portal.reason.test_data")
	case "duplicate":
		return v.T("portal.reason.duplicate")
	case "suspected_fraud":
		return v.T("portal.reason.suspected_fraud")
	case "sanction":
		return v.T("portal.reason.sanction")
	}
	return v.T("portal.reason.other")
}

// Cause returns why a case of verification was opened (portal V-2).
func (v *Visit) Cause(c verification.Cause) string {
	switch c {
	case verification.CauseNew:
		return v.T("portal.cause.new")
	case verification.CauseChanged:
		return v.T("portal.cause.changed")
	case verification.CauseInvitation:
		return v.T("portal.cause.invitation")
	case verification.CauseAppeal:
	}
	return v.T("portal.cause.appeal")
}

// Country returns the name of a country, and the code itself when it is unknown.
func (v *Visit) Country(code string) string {
	if c, ok := place.World().Country(code); ok {
		return c.Name(v.Tag())
	}
	return code
}

// Countries are the countries to choose from where records of the past are filtered,
// or texts are written for who is there already: those that the operator offers, and
// marked behind their name those that he switched off (portal V-8).
func (v *Visit) Countries() []block.Option {
	book := v.Kernel().Book()
	offered := rulebook.Atlas(book)
	var all []block.Option
	for _, c := range rulebook.All(book).Countries(v.Tag()) {
		o := block.Option{Value: c.Code, Label: c.Name(v.Tag())}
		if _, ok := offered.Country(c.Code); !ok {
			o.Label = v.T("rules.country.off", "Country", o.Label)
		}
		all = append(all, o)
	}
	return all
}

// Culture returns the name of a language with its country, "svenska (Finland)",
// and the tag itself when it is none.
func (v *Visit) Culture(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	base, _ := t.Base()
	name := Capital(languageNames[v.Tag()].Name(base))
	if region, sure := t.Region(); sure != language.No && strings.Contains(tag, "-") {
		return v.T("portal.culture", "Language", name, "Country", v.Country(region.String()))
	}
	return name
}

// Capital returns text with its first letter as a capital: a word that stands
// alone, where French and Swedish write it small inside a sentence.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// languageNames name languages in the languages of the portal.
var languageNames = map[string]display.Namer{
	"en": display.Languages(language.English), "fr": display.Languages(language.French), "sv": display.Languages(language.Swedish),
}
