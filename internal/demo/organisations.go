package demo

// The people of the demo world are invented, their organisations too; domains
// end in .example, which nobody can own.

// partnerPlan is a partner of the demo world.
type partnerPlan struct {
	key, kind, name, country, domain, language string
}

var partnerPlans = []partnerPlan{
	{"direct", "direct-bill", "Atelier Nuage SAS", "FR", "atelier-nuage.example", "fr"},
	{"provider", "indirect-provider", "Nordmolnet Distribution AB", "SE", "nordmolnet.example", "sv"},
	{"reseller", "indirect-reseller", "Skånes IT-partner AB", "SE", "skanes-it.example", "sv"},
}

// staff are the users that each partner has: role, first and last name.
var staff = []struct{ role, user, first, last string }{
	{"global-admin", "ada", "Ada", "Lindqvist"},
	{"admin-agent", "bruno", "Bruno", "Marchand"},
	{"sales-agent", "chloe", "Chloé", "Fontaine"},
	{"helpdesk-agent", "david", "David", "Ekström"},
}

// outcome is how the verification of a demo customer stands.
type outcome int

const (
	approved outcome = iota
	underReview
	rejected
)

// customerPlan is a customer of the demo world.
type customerPlan struct {
	partner string // key of the partner
	through string // key of the indirect reseller, if any
	prefix  string // of the domain
	name    string
	country string
	line, city, state, postal,
	phone, registration string
	first, last string
	culture     string
	tags        []string
	outcome     outcome
}

var customerPlans = []customerPlan{
	{"direct", "", "boulangeriedupont", "Boulangerie Dupont et Fils SARL", "FR", "12 rue des Tanneurs", "Lille", "", "59800", "+33 3 20 00 11 22", "", "Camille", "Dupont", "fr-FR", []string{"Retail", "North"}, approved},
	{"direct", "", "librairievoltaire", "Librairie Voltaire SAS", "FR", "4 quai Voltaire", "Paris", "", "75007", "+33 1 42 00 33 44", "", "Hélène", "Moreau", "fr-FR", []string{"Retail"}, approved},
	{"direct", "", "vignoblesdulac", "Vignobles du Lac SCEA", "FR", "1 chemin des Vignes", "Annecy", "", "74000", "+33 4 50 00 55 66", "", "Julien", "Perrin", "fr-FR", []string{"Agriculture", "South"}, approved},
	{"direct", "", "cliniquesaintjean", "Clinique Saint-Jean SA", "FR", "28 avenue de la Gare", "Lyon", "", "69003", "+33 4 72 00 77 88", "", "Nadia", "Benali", "fr-FR", []string{"Healthcare", "South"}, approved},
	{"direct", "", "transportsalizes", "Transports Alizés SAS", "FR", "ZI des Quatre Vents, 7 rue du Phare", "Brest", "", "29200", "+33 2 98 00 99 00", "", "Yann", "Le Goff", "fr-FR", []string{"Logistics"}, approved},
	{"direct", "", "heidelbergoptik", "Heidelberg Optik GmbH", "DE", "Hauptstraße 45", "Heidelberg", "", "69117", "+49 6221 000111", "", "Katharina", "Vogel", "de-DE", []string{"Healthcare"}, approved},
	{"direct", "", "rheinkontor", "Rheinkontor Spedition GmbH & Co. KG", "DE", "Am Hafen 3", "Duisburg", "", "47119", "+49 203 000222", "", "Jürgen", "Brandt", "de-DE", []string{"Logistics"}, approved},
	{"direct", "", "brouwerijdemolen", "Brouwerij De Gouden Molen BV", "NL", "Molenstraat 18", "Breda", "", "4811 GS", "+31 76 000 3344", "", "Sanne", "de Wit", "nl-NL", []string{"Food"}, approved},
	{"direct", "", "kancelariawisla", "Kancelaria Radców Prawnych Wisła sp. p.", "PL", "ul. Długa 12/4", "Kraków", "", "31-147", "+48 12 000 44 55", "1234563218", "Agnieszka", "Kowalczyk", "pl-PL", []string{"Legal"}, approved},
	{"direct", "", "fabrykamebli", "Fabryka Mebli Baltic sp. z o.o.", "PL", "ul. Portowa 7", "Gdynia", "", "81-350", "+48 58 000 66 77", "5260250995", "Piotr", "Zieliński", "pl-PL", []string{"Manufacturing"}, underReview},
	{"direct", "", "kertvarosi", "Kertvárosi Pékség Kft.", "HU", "Fő utca 21", "Budapest", "", "1165", "+36 1 000 7788", "12345678-1-42", "Eszter", "Nagy", "hu-HU", []string{"Food"}, underReview},
	{"direct", "", "panaderiasol", "Panadería El Sol de Levante SL", "ES", "Calle Mayor 9", "Valencia", "", "46001", "+34 96 000 8899", "", "Lucía", "Navarro", "es-ES", []string{"Food", "South"}, underReview},
	{"direct", "", "studiobianchi", "Studio Bianchi e Associati SRL", "IT", "Via Garibaldi 33", "Torino", "", "10122", "+39 011 000 9900", "", "Giulia", "Bianchi", "it-IT", []string{"Legal"}, rejected},
	{"direct", "", "ecolemontessori", "École Montessori des Collines", "FR", "16 montée des Oliviers", "Nice", "", "06000", "+33 4 93 00 12 34", "", "Sophie", "Garnier", "fr-FR", []string{"Education"}, underReview},

	{"provider", "", "goteborgsvarv", "Göteborgs Varv och Mekaniska AB", "SE", "Varvsgatan 2", "Göteborg", "", "417 64", "+46 31 000 112", "", "Maja", "Lind", "sv-SE", []string{"Manufacturing"}, approved},
	{"provider", "", "lakarhusetlund", "Läkarhuset i Lund AB", "SE", "Bredgatan 4", "Lund", "", "222 21", "+46 46 000 223", "", "Oskar", "Nyström", "sv-SE", []string{"Healthcare"}, approved},
	{"provider", "", "aarhusdesign", "Aarhus Design og Lys ApS", "DK", "Mejlgade 60", "Aarhus", "", "8000", "+45 86 00 03 34", "", "Freja", "Kristensen", "da-DK", []string{"Design"}, approved},
	{"provider", "", "helsinginkirja", "Helsingin Kirjapaino Oy", "FI", "Mannerheimintie 14", "Helsinki", "", "00100", "+358 9 000 445", "", "Aino", "Virtanen", "fi-FI", []string{"Print"}, approved},
	{"provider", "", "bergenrederi", "Bergen Rederi og Havfiske AS", "NO", "Strandgaten 18", "Bergen", "", "5013", "+47 55 00 05 56", "", "Ingrid", "Solberg", "nb-NO", []string{"Fishing"}, underReview},
	{"provider", "reseller", "fjallbageriet", "Fjällbageriet i Malmö AB", "SE", "Stortorget 1", "Malmö", "", "211 22", "+46 40 000 667", "", "Elsa", "Holm", "sv-SE", []string{"Food"}, approved},
	{"provider", "reseller", "osterlenhotell", "Österlens Hotell och Konferens AB", "SE", "Hamngatan 12", "Simrishamn", "", "272 31", "+46 414 000 77", "", "Erik", "Sandberg", "sv-SE", []string{"Hospitality"}, approved},
	{"provider", "reseller", "byggmastarna", "Byggmästarna Öberg och Söner AB", "SE", "Industrigatan 5", "Helsingborg", "", "252 32", "+46 42 000 889", "", "Anna", "Öberg", "sv-SE", []string{"Construction"}, underReview},
	{"provider", "reseller", "sydsvenskafrakt", "Sydsvenska Frakt och Lager AB", "SE", "Godsvägen 9", "Trelleborg", "", "231 62", "+46 410 000 99", "", "Lars", "Persson", "sv-SE", []string{"Logistics"}, approved},
}
