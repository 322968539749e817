package place

import (
	"slices"
	"strings"

	"comptoir/internal/fault"
)

// forms are the keys of the sentences that say what a published pattern asks
// for, in words that people read: nobody is shown a regular expression.
var forms = map[string]string{
	`^1\d{14}$`:            "place.id_form.d15_one",
	`^\d{8}$`:              "place.id_form.d8",
	`^\d{8}(\/\d{1,2})?$`:  "place.id_form.d8_branch",
	`^\d{9}$`:              "place.id_form.d9",
	`^\d{10}$`:             "place.id_form.d10",
	`^\d{11}$`:             "place.id_form.d11",
	`^\d{12}$`:             "place.id_form.d12",
	`^\d{13}$`:             "place.id_form.d13",
	`^\d{14}$`:             "place.id_form.d14",
	`^\d{6,12}$`:           "place.id_form.d6to12",
	`^(\d{10}|\d{12})$`:    "place.id_form.d10or12",
	`^\d{10}(\d{3})?$`:     "place.id_form.d10or13",
	`^[1-9]\d{10}$`:        "place.id_form.d11_first",
	`^(\d{10}|3\d{13}3)$`:  "place.id_form.sa_tin",
	`^[0-9A-Z]{12}\d{2}$`:  "place.id_form.br_cnpj",
	`^\d{8}[1-5]\d{2}$`:    "place.id_form.hu_tin",
	`^[A-Z]{5}\d{4}[A-Z]$`: "place.id_form.in_pan",
	`^[VEJPGC]\d{9}$`:      "place.id_form.ve_rif",
	`^[0-9A-Z\/]{8,16}$`:   "place.id_form.za_trn",
	generalForm:            "place.id_form.any",
	`^\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]$`:                      "place.id_form.in_gstin",
	`^([0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}|\d{15})$`: "place.id_form.cn_tin",
}

// generalForm is the pattern of IDs of countries that publish none.
const generalForm = `^[0-9A-Za-z][0-9A-Za-z \/.-]{3,29}$`

// formOf returns the key of the sentence for p, "" for a pattern that an
// operator wrote.
func formOf(p *Pattern) string { return forms[p.String()] }

// formsOf returns the keys of the sentences for types, each once: an ID has one
// of these forms.
func formsOf(types []*RegistrationType) fault.Keys {
	var keys fault.Keys
	for _, t := range types {
		if t.FormKey != "" && !slices.Contains(keys, t.FormKey) {
			keys = append(keys, t.FormKey)
		}
	}
	return keys
}

// written returns the normalised forms that typed may stand for: as it is, and
// without the country code that documents write before tax numbers
// ("PL 526-025-02-74"), where what remains begins with a digit.
func (c *Country) written(t *RegistrationType, typed string) []string {
	id := t.normalise(typed)
	bare, prefixed := strings.CutPrefix(id, c.Code)
	if !prefixed || bare == "" || bare[0] < '0' || bare[0] > '9' {
		return []string{id}
	}
	return []string{id, bare}
}

// match returns typed in the form that the pattern of t is made for.
func (c *Country) match(t *RegistrationType, typed string) (id string, ok bool) {
	for _, id := range c.written(t, typed) {
		if t.Pattern.Matches(id) {
			return id, true
		}
	}
	return "", false
}
