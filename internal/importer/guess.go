package importer

import (
	"strings"
	"unicode"

	"comptoir/internal/naming"
)

// columnNamed are names of columns by the field that they stand for, in the order
// of preference, without blanks, signs and marks: English, French, Swedish, the
// names of the contract, and those of the LEI index in its JSON and CSV forms.
var columnNamed = map[Field]string{
	Partner: `partner partnerid partnertenantid partnerdomain partnertenant mpnid partenaire idpartenaire domainepartenaire
		partnerdoman partnernr`,
	Relation: `relation relationship relationtype relationshiptype typederelation relationstyp`,
	Provider: `provider indirectprovider providerid fournisseur fournisseurindirect leverantor indirektleverantor`,
	Customer: `customertenantid tenantid microsoftid customertenant iddelocataire locataire klientorganisationsid`,
	ID: `lei id externalid externid identifiantexterne externtid customerid customerno customernumber customernr idclient numeroclient nclient
		noclient codeclient kundid kundnr kundnummer reference ref referens`,
	CompanyName: `legalname companyname company organizationname organisationname entitylegalname customername businessname
		raisonsociale denomination denominationsociale nomsocieteraisonsociale societe entreprise nomdelentreprise nomentreprise
		nomdelasociete organisation nomduclient nomclient client
		foretagsnamn foretag firma firmanamn bolagsnamn bolag organisationsnamn kundnamn kund
		customer organization name nom namn`,
	Domain: `domain domainprefix primarydomain primarydomainname domainname domaine nomdedomaine domaineprincipal prefixe
		doman domannamn primardoman domanprefix`,
	RegistrationID: `registeredas registrationid registrationnumber organizationregistrationnumber companyregistrationnumber
		entityregistrationauthorityregistrationauthorityentityid taxid vatid vatnumber companynumber
		siren siret numerodenregistrement numerodimmatriculation immatriculation numerotva numerorcs
		organisationsnummer orgnr organisationsnr orgnummer registreringsnummer momsnummer`,
	RegistrationType: `registrationtype registrationidtype typedimmatriculation registreringstyp`,
	Standing:         `status entitystatus entityentitystatus entitylegalstatus statut etat`,
	Country: `country countrycode countryregion entitylegaladdresscountry legaladdresscountry addresscountry
		pays codepays paysregion land landskod landregion`,
	Region: `region entitylegaladdressregion legaladdressregion addressregion departement lan`,
	State:  `state stateprovince province etatprovince delstat`,
	City:   `city town entitylegaladdresscity legaladdresscity addresscity ville commune localite ort postort stad`,
	Address: `addresslines address entitylegaladdressaddresslines legaladdressaddresslines
		adresse adressepostale adress postadress`,
	AddressLine1: `addressline1 address1 line1 street streetaddress entitylegaladdressfirstaddressline legaladdressfirstaddressline
		adresse1 ligne1 lignedadresse1 rue voie adress1 gatuadress gata adressrad1`,
	AddressLine2: `addressline2 address2 line2 entitylegaladdressadditionaladdressline1 adresse2 ligne2 lignedadresse2
		complement complementdadresse adress2 adressrad2 coadress co`,
	AddressLine3: `addressline3 address3 line3 entitylegaladdressadditionaladdressline2 adresse3 ligne3 lignedadresse3 adress3 adressrad3`,
	District:     `district quartier stadsdel`,
	PostalCode: `postalcode zip zipcode postcode entitylegaladdresspostalcode legaladdresspostalcode addresspostalcode
		codepostal cp postnummer postnr`,
	ContactName: `contactname contact contactperson nomducontact nomcontact kontakt kontaktperson kontaktnamn`,
	FirstName:   `firstname givenname contactfirstname prenom prenomducontact prenomcontact fornamn kontaktfornamn`,
	MiddleName:  `middlename deuxiemeprenom mellannamn`,
	LastName: `lastname surname familyname contactlastname nomdefamille nomfamille patronyme
		efternamn kontaktefternamn`,
	Email: `email emailaddress mail contactemail courriel adressemail adresseemail emailcontact
		epost epostadress mejl mejladress kontaktepost`,
	EmailDomain: `emaildomain contactemaildomain domaineemail epostdoman`,
	Phone: `phone phonenumber telephone telephonenumber tel mobile contactphone
		numerodetelephone telefon telefonnummer telefonnr tfn mobil mobiltelefon`,
	Language:           `language languagecode preferredlanguage langue sprak`,
	Culture:            `culture locale`,
	Tags:               `tags tag labels etiquettes taggar etiketter`,
	Reseller:           `reseller resellerid partnerid associatedpartnerid indirectreseller revendeur revendeurindirect aterforsaljare`,
	Qualification:      `qualification specialqualification`,
	EducationSegment:   `educationsegment`,
	Website:            `website web url siteweb site webbplats hemsida webbadress`,
	ValidationCode:     `validationcode codedevalidation valideringskod`,
	AgreementDate:      `agreementdate dateagreed`,
	AgreementFirstName: `agreementfirstname`,
	AgreementLastName:  `agreementlastname`,
	AgreementEmail:     `agreementemail`,
	AgreementPhone:     `agreementphone`,
	Distinct:           `distinct`,
	AddressConfirmed:   `addressconfirmed`,
	WithoutGDAP:        `withoutgdap`,
}

// Guess proposes where fields come from, by the names of the columns, in an import
// of the operator (placing) or of a partner. A column serves one field.
func Guess(columns []string, placing bool) Mapping {
	m := make(Mapping)
	for f, column := range guess(columns, nil, nil, placing) {
		m[f] = Source{Column: column}
	}
	return m
}

// guess returns columns for the fields that given does not decide. Columns in
// used serve other fields already. A field of which given has nothing but a default
// is open too. placing is the import of the operator.
func guess(columns []string, given Mapping, used map[string]bool, placing bool) map[Field]string {
	byName := make(map[string]string, len(columns))
	for _, c := range columns {
		if name := plainName(c); !used[c] && byName[name] == "" {
			byName[name] = c
		}
	}
	found := make(map[Field]string)
	take := func(f Field, name string) {
		if s, decided := given[f]; decided && !s.open() {
			return
		}
		if column := byName[name]; column != "" && found[f] == "" {
			found[f] = column
			delete(byName, name)
		}
	}
	if byName["prenom"] != "" {
		take(LastName, "nom") // beside a first name it is no company
	}
	for _, l := range labels {
		if !l.by.in(placing) {
			continue
		}
		for _, name := range strings.Fields(columnNamed[l.field]) {
			take(l.field, name)
		}
	}
	return found
}

// plainName returns a name of a column in the form of columnNamed.
func plainName(column string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, naming.Key(column))
}
