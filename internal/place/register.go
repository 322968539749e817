package place

import (
	"net/url"
	"slices"
	"strings"
)

// Register is a public register of companies, in which somebody looks up whether
// an organisation is what it says.
type Register struct {
	Name string
	// search is its address: {name} and {id} stand for what is looked up.
	search string
}

// Find returns the address that looks up a name or a registration id; a register
// without such addresses is opened at its search.
func (r Register) Find(name, registrationID string) string {
	return strings.NewReplacer("{name}", url.QueryEscape(name), "{id}", url.QueryEscape(registrationID)).Replace(r.search)
}

// worldRegister knows holders of legal entity identifiers in all countries.
var worldRegister = Register{"GLEIF", "https://search.gleif.org/#/search/simpleSearch={name}"}

// taxRegister checks VAT numbers of the European Union.
var taxRegister = Register{"VIES", "https://ec.europa.eu/taxation_customs/vies/"}

// unionCountries have their VAT numbers in the register of the European Union.
const unionCountries = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

var registers = map[string]Register{
	"AT": {"Firmenbuch", "https://justizonline.gv.at/jop/web/firmenbuchabfrage"},
	"AU": {"ABN Lookup", "https://abr.business.gov.au/Search/ResultsActive?SearchText={name}"},
	"BE": {"KBO/BCE", "https://kbopub.economie.fgov.be/kbopub/zoeknaamform.html"},
	"BR": {"CNPJ, Receita Federal", "https://solucoes.receita.fazenda.gov.br/Servicos/cnpjreva/cnpjreva_solicitacao.asp"},
	"CA": {"Canada’s Business Registries", "https://ised-isde.canada.ca/cbr/srch?search={name}"},
	"CH": {"Zefix", "https://www.zefix.ch/de/search/entity/list?name={name}"},
	"CZ": {"ARES", "https://ares.gov.cz/ekonomicke-subjekty?obchodniJmeno={name}"},
	"DE": {"Handelsregister", "https://www.handelsregister.de/rp_web/normalesuche.xhtml"},
	"DK": {"CVR", "https://datacvr.virk.dk/soegeresultater?fritekst={name}"},
	"EE": {"e-Äriregister", "https://ariregister.rik.ee/eng?search={name}"},
	"ES": {"Registradores de España", "https://sede.registradores.org/"},
	"FI": {"YTJ", "https://tietopalvelu.ytj.fi/?companyName={name}"},
	"FR": {"Annuaire des Entreprises", "https://annuaire-entreprises.data.gouv.fr/rechercher?terme={name}"},
	"GB": {"Companies House", "https://find-and-update.company-information.service.gov.uk/search?q={name}"},
	"HU": {"e-Cégjegyzék", "https://www.e-cegjegyzek.hu/"},
	"IE": {"Companies Registration Office", "https://core.cro.ie/search?q={name}&type=companies"},
	"IN": {"Ministry of Corporate Affairs", "https://www.mca.gov.in/"},
	"IT": {"Registro Imprese", "https://www.registroimprese.it/"},
	"KZ": {"ЕГРПОБ", "https://stat.gov.kz/ru/juridical/"},
	"LT": {"Registrų centras", "https://www.registrucentras.lt/jar/p_en/"},
	"LU": {"Luxembourg Business Registers", "https://www.lbr.lu/"},
	"LV": {"Uzņēmumu reģistrs", "https://info.ur.gov.lv/"},
	"NL": {"KVK", "https://www.kvk.nl/zoeken/?source=all&q={name}"},
	"NO": {"Brønnøysundregistrene", "https://virksomhet.brreg.no/nb/oppslag/enheter?navn={name}"},
	"NZ": {"New Zealand Business Number", "https://www.nzbn.govt.nz/mynzbn/search/{name}/"},
	"PL": {"KRS", "https://wyszukiwarka-krs.ms.gov.pl/"},
	"PT": {"Publicações do Ministério da Justiça", "https://publicacoes.mj.pt/"},
	"RO": {"ONRC", "https://www.onrc.ro/"},
	"RU": {"ЕГРЮЛ", "https://egrul.nalog.ru/"},
	"SE": {"Bolagsverket", "https://foretagsinfo.bolagsverket.se/sok-foretagsinformation-web/foretag?sokord={name}"},
	"SK": {"ORSR", "https://www.orsr.sk/search_subjekt.asp?OBMENO={name}"},
	"TR": {"MERSİS", "https://mersis.ticaret.gov.tr/"},
	"US": {"SEC EDGAR", "https://www.sec.gov/cgi-bin/browse-edgar?company={name}&action=getcompany"},
	"VN": {"National Business Registration Portal", "https://dangkykinhdoanh.gov.vn/"},
	"ZA": {"CIPC", "https://eservices.cipc.co.za/"},
}

// Registers returns the public registers in which an organisation of a country
// can be looked up, its own first.
func Registers(country string) []Register {
	var all []Register
	if own, ok := registers[country]; ok {
		all = append(all, own)
	}
	if slices.Contains(strings.Fields(unionCountries), country) {
		all = append(all, taxRegister)
	}
	return append(all, worldRegister)
}
