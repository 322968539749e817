package importer_test

import (
	"strings"
	"testing"

	"comptoir/internal/db/dbtest"
	"comptoir/internal/importer"
	"comptoir/internal/lang"
)

// Whoever reads why a row was refused reads first what to correct.
func TestReasonsNameTheirField(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	results, _ := w.imported(w.direct, "company;contact;address;postal code;city;country;email;tags;agreement date\n"+
		"Lunds Bageri AB;A B;;x;Lund;SE;nobody;"+strings.Repeat("x", 300)+";soon\n;;;;;;;;\nKund AB;Maja Lind;Storgatan 1;222 21;Lund;US;maja@kund.example;;\n", importer.Options{})
	for tag, want := range map[string][]string{
		"en": {"First name: ", "Last name: ", "Email address: ", "Postal code: ", "Address line 1: ", "Tags: ", "Agreement accepted on: ", "Country/region: "},
		"fr": {"Prénom\u00a0: ", "Nom de famille\u00a0: ", "Adresse e-mail\u00a0: ", "Code postal\u00a0: ", "Ligne d’adresse 1\u00a0: ", "Étiquettes\u00a0: ", "Contrat accepté le\u00a0: ", "Pays/région\u00a0: "},
		"sv": {"Förnamn: ", "Efternamn: ", "E-postadress: ", "Postnummer: ", "Adressrad 1: ", "Taggar: ", "Avtalet godkänt den: ", "Land/region: "},
	} {
		p := lang.For(tag)
		var said strings.Builder
		for _, r := range results {
			for _, f := range r.Faults {
				text := importer.Reason(p, f)
				if strings.Contains(text, "Profile") {
					t.Errorf("%s speaks of a member of the contract: %s", tag, text)
				}
				said.WriteString(text + "\n")
			}
		}
		for _, name := range want {
			if !strings.Contains(said.String(), "\n"+name) && !strings.HasPrefix(said.String(), name) {
				t.Errorf("%s: nothing begins with %q:\n%s", tag, name, said.String())
			}
		}
	}
}

// Every reason that a row can have about a field names it.
func TestEveryFieldOfAReasonHasAName(t *testing.T) {
	for _, member := range []string{
		"companyProfile.domain", "billingProfile.defaultAddress.phoneNumber", "associatedPartnerId", "agreement.primaryContact.lastName",
		"qualification.educationSegment", "addressConfirmed", "id",
	} {
		if f := importer.FieldOf(member); f.LabelKey() == "" {
			t.Errorf("%s has no name", member)
		}
	}
	if f := importer.FieldOf("something.else"); f != "" {
		t.Errorf("something else is %s", f)
	}
}
