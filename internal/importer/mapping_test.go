package importer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/fault"
	"comptoir/internal/importer"
)

func TestColumnsAreRecognisedByTheNamesThatPeopleGiveThem(t *testing.T) {
	for name, tt := range map[string]struct {
		columns string
		want    map[importer.Field]string
	}{
		"English": {
			"Customer number;Company name;Street address;City;State/Province;ZIP code;Country/region;First name;Last name;E-mail;Phone number;Tax ID",
			map[importer.Field]string{
				importer.ID: "Customer number", importer.CompanyName: "Company name", importer.AddressLine1: "Street address",
				importer.City: "City", importer.State: "State/Province", importer.PostalCode: "ZIP code", importer.Country: "Country/region",
				importer.FirstName: "First name", importer.LastName: "Last name", importer.Email: "E-mail",
				importer.Phone: "Phone number", importer.RegistrationID: "Tax ID",
			},
		},
		"French": {
			"N° client;Raison sociale;SIREN;Adresse;Complément d’adresse;Code postal;Ville;Pays;Prénom;Nom;Courriel;Téléphone",
			map[importer.Field]string{
				importer.CompanyName: "Raison sociale", importer.RegistrationID: "SIREN", importer.Address: "Adresse",
				importer.AddressLine2: "Complément d’adresse", importer.PostalCode: "Code postal", importer.City: "Ville",
				importer.Country: "Pays", importer.FirstName: "Prénom", importer.LastName: "Nom", importer.Email: "Courriel",
				importer.Phone: "Téléphone", importer.ID: "N° client",
			},
		},
		"Swedish": {
			"Kundnr;Företagsnamn;Organisationsnummer;Gatuadress;Postnr;Ort;Län;Land;Kontaktperson;E-post;Telefon;Återförsäljare;Taggar",
			map[importer.Field]string{
				importer.ID: "Kundnr", importer.CompanyName: "Företagsnamn", importer.RegistrationID: "Organisationsnummer",
				importer.AddressLine1: "Gatuadress", importer.PostalCode: "Postnr", importer.City: "Ort", importer.Region: "Län",
				importer.Country: "Land", importer.ContactName: "Kontaktperson", importer.Email: "E-post", importer.Phone: "Telefon",
				importer.Reseller: "Återförsäljare", importer.Tags: "Taggar",
			},
		},
		"the LEI index as JSON": {
			"lei;legalName;language;addressLines;city;region;country;postalCode;registeredAs;registeredAt;status",
			map[importer.Field]string{
				importer.ID: "lei", importer.CompanyName: "legalName", importer.Language: "language", importer.Address: "addressLines",
				importer.City: "city", importer.Region: "region", importer.Country: "country", importer.PostalCode: "postalCode",
				importer.RegistrationID: "registeredAs", importer.Standing: "status",
			},
		},
		"the LEI index as CSV": {
			"LEI;Entity.LegalName;Entity.LegalAddress.FirstAddressLine;Entity.LegalAddress.AdditionalAddressLine.1;Entity.LegalAddress.City;" +
				"Entity.LegalAddress.Region;Entity.LegalAddress.Country;Entity.LegalAddress.PostalCode;" +
				"Entity.RegistrationAuthority.RegistrationAuthorityEntityID;Entity.EntityStatus",
			map[importer.Field]string{
				importer.ID: "LEI", importer.CompanyName: "Entity.LegalName", importer.AddressLine1: "Entity.LegalAddress.FirstAddressLine",
				importer.AddressLine2: "Entity.LegalAddress.AdditionalAddressLine.1", importer.City: "Entity.LegalAddress.City",
				importer.Region: "Entity.LegalAddress.Region", importer.Country: "Entity.LegalAddress.Country",
				importer.PostalCode:     "Entity.LegalAddress.PostalCode",
				importer.RegistrationID: "Entity.RegistrationAuthority.RegistrationAuthorityEntityID", importer.Standing: "Entity.EntityStatus",
			},
		},
		"the fields themselves": {
			"companyName;contactName;emailDomain;withoutGdap",
			map[importer.Field]string{
				importer.CompanyName: "companyName", importer.ContactName: "contactName", importer.EmailDomain: "emailDomain",
				importer.WithoutGDAP: "withoutGdap",
			},
		},
		"nothing that is known": {"a;b", map[importer.Field]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := make(map[importer.Field]string)
			for f, s := range importer.Guess(strings.Split(tt.columns, ";"), false) {
				got[f] = s.Column
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryFieldIsRecognisedByItsOwnName(t *testing.T) {
	for _, placing := range []bool{false, true} {
		for _, f := range importer.Fields(placing) {
			if got := importer.Guess([]string{string(f)}, placing); got[f].Column != string(f) {
				t.Errorf("a column %q is taken for %v", f, got)
			}
			if f.LabelKey() == "" {
				t.Errorf("%s has no name", f)
			}
		}
	}
}

func TestAMappingFileGivesColumnsConstantsAndDefaults(t *testing.T) {
	m, err := importer.ReadMapping(strings.NewReader(`{
		"companyName": "Kundnamn", "COUNTRY": {"value": "SE"}, "phone": {"column": "Tel", "default": "+46 46 123456"}, "region": null}`))
	if err != nil {
		t.Fatal(err)
	}
	want := importer.Mapping{
		importer.CompanyName: {Column: "Kundnamn"}, importer.Country: {Value: "SE"},
		importer.Phone: {Column: "Tel", Default: "+46 46 123456"}, importer.Region: {},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Error(diff)
	}
}

func TestAMappingFileThatIsNoneIsRefused(t *testing.T) {
	for text, want := range map[string]*fault.Error{
		`[]`:                         importer.ErrMapping,
		`{"companyName": "Kundnamn"`: importer.ErrMapping,
		`{"companyName": 7}`:         importer.ErrMapping,
		`{"companyName": {"colunm": "Kundnamn"}}`:        importer.ErrMapping,
		`{"phone": {"column": "Tel", "value": "+46"}}`:   importer.ErrMapping,
		`{"companyname2": "Kundnamn"}`:                   importer.ErrField,
		`{"city": "` + strings.Repeat("x", 1<<20) + `"}`: importer.ErrMappingLarge,
	} {
		if _, err := importer.ReadMapping(strings.NewReader(text)); !errors.Is(err, want) {
			t.Errorf("%.60s: %v", text, err)
		}
	}
}
