package naming

import "strings"

// maxFormWords is the number of words of the longest legal form below.
const maxFormWords = 5

// legalForms are legal forms as words and joinLetters leave them, by the law
// they belong to. Those of restrictedAbbreviations are all here; the others are
// our own list of what registers of the supported countries write behind a
// name. "co" and "cie" count because forms are made of them: "gmbh co kg".
var legalForms = formSet(`
	ab publ hb kb aktiebolag handelsbolag kommanditbolag
	as asa ans da ks aps ivs aksjeselskap allmennaksjeselskap aktieselskab anpartsselskab
	oy oyj ky ay osakeyhtio hf ehf
	ou osauhing aktsiaselts sia uab mb
	gmbh mbh gesmbh ggmbh ag kg kgaa ohg ug ev eg gbr se aktiengesellschaft kommanditgesellschaft
	co cie
	sa sarl sas sasu eurl sci snc selarl scop scrl srl sprl bvba gie sicav scs scsp sca
	bv nv vof
	ltd limited plc llp llc lp inc incorporated corp corporation company cpa
	pty pte pvt private proprietary ulc lc pllc pc dac clg unlimited
	spa sapa soc coop
	sl slu sau slne lda limitada ltda eireli saa sac eirl sps
	spzoo spk spj
	sro vos
	kft zrt nyrt bt kkt
	doo dd ad dooel ood eood ead
	ae epe oe ike
	sti ooo oao zao pao ao tov toov too prat
	ооо оао зао пао ао тоо тов
	bhd tbk persero
	wll fzc fze fzco dmcc spc saoc saog
	kk gk yk 株 有
	jsc cjsc ojsc pjsc mchj
`,
	"ekonomisk forening", "julkinen osakeyhtio", "uzdaroji akcine bendrove",
	"gesellschaft mbh", "gesellschaft mit beschrankter haftung", "ug haftungsbeschrankt",
	"societe anonyme", "societe a responsabilite limitee", "societe par actions simplifiee",
	"besloten vennootschap", "naamloze vennootschap",
	"public limited company", "limited liability company", "sdn bhd",
	"societa per azioni", "societa a responsabilita limitata",
	"sociedad anonima", "sociedad limitada", "sociedade anonima",
	"sa de cv", "s de rl de cv", "sapi de cv", "sab de cv",
	"sp z oo", "spolka z ograniczona odpowiedzialnoscia", "spolka akcyjna", "spolka komandytowa", "spolka jawna",
	"spol sro", "akciova spolecnost", "anonim sirketi", "limited sirketi", "fz llc",
	"kabushiki kaisha", "godo kaisha", "акционерное общество",
)

// leadingForms are those that are written before a name.
var leadingForms = formSet(`
	ab oy pt ooo oao zao pao ao tov too ud fa kk stichting compagnie
	ооо оао зао пао ао тоо тов 株 有
`, "societe anonyme", "kabushiki kaisha", "акционерное общество")

// attachedForms are written before or behind a name without a space between.
var attachedForms = keys("株式会社", "有限会社", "合同会社", "股份有限公司", "有限责任公司", "有限公司", "주식회사", "유한회사")

// formSet returns the set of the single words and of the phrases, as Key writes them.
func formSet(singleWords string, phrases ...string) map[string]bool {
	forms := make(map[string]bool)
	for _, form := range append(strings.Fields(singleWords), phrases...) {
		forms[Key(form)] = true
	}
	return forms
}

func keys(forms ...string) []string {
	out := make([]string, len(forms))
	for i, f := range forms {
		out[i] = Key(f)
	}
	return out
}
