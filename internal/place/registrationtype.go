package place

import "comptoir/internal/naming"

// RegistrationType is one kind of registration ID in use in a country (C17).
type RegistrationType struct {
	Code string // "TIN"
	// Name is the short name, mostly an acronym. NameKey and DescriptionKey name
	// the sentences for the label above the field and the hint under it (C18),
	// "" for types that an operator added.
	Name, NameKey, DescriptionKey string
	// Pattern is the form of the normalised ID, Example one that fits. FormKey
	// names the sentence that says the form in words, "" where an operator wrote
	// the pattern.
	Pattern *Pattern
	FormKey string
	Example string
	// CheckDigit names the check digit algorithm (see CheckDigits), "" for none.
	CheckDigit string
	// Personal types number people and are refused for organisations.
	Personal bool
	// LowConfidence tells that the published form is uncertain: an ID of another
	// form is a finding then and no refusal.
	LowConfidence bool
}

// With returns t with another form and example; the sentence that says the form in
// words is the one of the pattern, if any.
func (t RegistrationType) With(pattern *Pattern, example string) RegistrationType {
	t.Pattern, t.Example, t.FormKey = pattern, example, formOf(pattern)
	return t
}

// Fits reports whether typed, as people write it, has the form of t in c.
func (c *Country) Fits(t *RegistrationType, typed string) bool {
	_, ok := c.match(t, naming.Trim(typed))
	return ok
}

// idNames are the keys of the names of registration IDs by type code.
var idNames = map[string]string{
	"BIN":    "place.id_name.bin",
	"CNPJ":   "place.id_name.cnpj",
	"EDRPOU": "place.id_name.edrpou",
	"EGRPOU": "place.id_name.egrpou",
	"EIN":    "place.id_name.ein",
	"IDNO":   "place.id_name.idno",
	"IDNP":   "place.id_name.idnp",
	"IIN":    "place.id_name.iin",
	"INN":    "place.id_name.inn",
	"KPP":    "place.id_name.kpp",
	"NIN":    "place.id_name.nin",
	"PAN":    "place.id_name.pan",
	"PESEL":  "place.id_name.pesel",
	"PSN":    "place.id_name.psn",
	"RIF":    "place.id_name.rif",
	"TAXID":  "place.id_name.taxid",
	"TIN":    "place.id_name.tin",
	"TRN":    "place.id_name.trn",
	"UNP":    "place.id_name.unp",
	"VAT":    "place.id_name.vat",
}

// idDescriptions are the keys of what registration IDs are, by country and type code.
var idDescriptions = map[string]string{
	"AE/TAXID":  "place.id.ae.taxid",
	"AE/VAT":    "place.id.vat",
	"AM/INN":    "place.id.am.inn",
	"AM/PSN":    "place.id.am.psn",
	"AM/VAT":    "place.id.vat",
	"AZ/INN":    "place.id.tin",
	"AZ/TIN":    "place.id.az.tin",
	"BR/CNPJ":   "place.id.br.cnpj",
	"BY/UNP":    "place.id.by.unp",
	"CN/TIN":    "place.id.cn.tin",
	"HU/TIN":    "place.id.hu.tin",
	"IN/PAN":    "place.id.in.pan",
	"IN/TAXID":  "place.id.in.taxid",
	"IQ/TIN":    "place.id.tin",
	"KG/INN":    "place.id.tin",
	"KZ/BIN":    "place.id.kz.bin",
	"KZ/IIN":    "place.id.kz.iin",
	"MD/IDNO":   "place.id.md.idno",
	"MD/IDNP":   "place.id.md.idnp",
	"MM/TIN":    "place.id.tin",
	"PL/PESEL":  "place.id.person",
	"PL/TIN":    "place.id.pl.tin",
	"RU/INN":    "place.id.ru.inn",
	"SA/TIN":    "place.id.sa.tin",
	"SS/TIN":    "place.id.tin",
	"TH/TIN":    "place.id.tin",
	"TJ/EIN":    "place.id.ein",
	"TJ/INN":    "place.id.tin",
	"TJ/KPP":    "place.id.tj.kpp",
	"TR/NIN":    "place.id.person",
	"TR/TIN":    "place.id.tr.tin",
	"UA/EDRPOU": "place.id.ua.edrpou",
	"UA/EGRPOU": "place.id.ua.egrpou",
	"US/EIN":    "place.id.ein",
	"UZ/INN":    "place.id.tin",
	"VE/RIF":    "place.id.ve.rif",
	"VN/TIN":    "place.id.vn.tin",
	"ZA/TRN":    "place.id.za.trn",
}
