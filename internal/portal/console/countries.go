package console

import (
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/place"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

const oneCountry = visit.CountriesPath + "/{id}"

func countryPages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.CountriesPath: countries, "GET " + oneCountry: country, "POST " + oneCountry: changeCountry,
		"GET " + oneType: idType, "POST " + oneType: changeType,
	}
}

// byCountryState filters the list of countries.
const byCountryState = "state"

// countryList is the list of countries (V-8).
type countryList struct {
	*visit.Visit
	view block.View
	all  []rulebook.Country
	log  changes
}

func countries(v *visit.Visit) error {
	l := &countryList{Visit: v, view: block.ParseView(v.Request.URL.Query(), byCountryState, "market")}
	var err error
	if l.all, err = visit.Do(v, rulebook.ListCountries, struct{}{}); err != nil {
		return err
	}
	l.all = slices.Clone(l.all)
	slices.SortFunc(l.all, func(a, b rulebook.Country) int { return v.Compare(v.Country(a.Rules.Code), v.Country(b.Rules.Code)) })
	if v.Wants("countries") {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	if l.log, err = ruleChanges(v); err != nil {
		return err
	}
	f := v.Frame(v.T("console.countries.title"), visit.Countries)
	f.Subtitle = v.T("console.countries.subtitle")
	return v.Show(countriesPage(l, f))
}

func (l *countryList) wants(c rulebook.Country) bool {
	r, q := c.Rules, strings.ToLower(l.view.Search)
	switch l.view.Filters.Get(byCountryState) {
	case "changed":
		if !c.Changed() {
			return false
		}
	case "off":
		if !r.Off {
			return false
		}
	case "required":
		if !r.RegistrationIDRequired {
			return false
		}
	}
	if m := l.view.Filters.Get("market"); m != "" && r.Market != m {
		return false
	}
	return strings.Contains(strings.ToLower(l.Country(r.Code)+" "+r.Code), q)
}

func (l *countryList) table() block.Table {
	byMarket := block.Filter{Key: "market", Label: l.T("console.partner.market")}
	for _, m := range rulebook.Markets() {
		byMarket.Options = append(byMarket.Options, block.Option{Value: m, Label: market(l.Visit, m)})
	}
	t := block.Table{
		ID: "countries", Caption: l.T("console.countries.title"), Base: visit.CountriesPath, View: l.view, Search: l.T("console.countries.search"),
		Filters: []block.Filter{{Key: byCountryState, Label: l.T("console.settings.filter"), Options: []block.Option{
			{Value: "changed", Label: l.T("console.settings.changed")},
			{Value: "off", Label: l.T("console.countries.off")},
			{Value: "required", Label: l.T("console.countries.registration")},
		}}, byMarket},
		Columns: []block.Column{
			{Key: "name", Title: l.T("portal.country"), Fixed: true},
			{Key: "market", Title: l.T("console.partner.market")},
			{Key: "required", Title: l.T("console.countries.required")},
			{Key: "state", Title: l.T("common.status"), Nowrap: true},
		},
	}
	var shown []rulebook.Country
	var ids []string
	for _, c := range l.all {
		if l.wants(c) {
			shown, ids = append(shown, c), append(ids, c.Rules.Code)
		}
	}
	from, to := t.Window(ids)
	for _, c := range shown[from:to] {
		r := c.Rules
		state := block.Cell{Text: l.T("console.countries.published")}
		if r.Off {
			state.Badge = block.Badge{Tone: block.Neutral, Text: l.T("console.countries.off"), Icon: icon.EyeOff}
		} else if c.Changed() {
			state.Badge = block.Badge{Tone: block.Important, Text: l.T("console.settings.changed"), Icon: icon.Edit}
		}
		t.Rows = append(t.Rows, block.Row{ID: r.Code, Name: l.Country(r.Code), Cells: []block.Cell{
			{Text: l.Country(r.Code), Sub: r.Code, Href: visit.CountriesPath + "/" + r.Code}, {Text: market(l.Visit, r.Market)}, {Text: l.Labels(l.required(r))}, state,
		}})
	}
	return t
}

// required names what a country asks for.
func (l *countryList) required(r rulebook.CountryRules) []string {
	var all []string
	for _, one := range []struct {
		required bool
		name     string
	}{
		{r.RegistrationIDRequired, l.T("console.countries.registration")},
		{r.PhoneRequired, l.T("customers.field.phone")},
		{r.StateRequired, l.T("console.countries.state")},
		{r.CityRequired, l.T("console.countries.city")},
		{r.PostalCodeRequired, l.T("console.countries.postal")},
	} {
		if one.required {
			all = append(all, one.name)
		}
	}
	return all
}

// countryForm is the page of one country.
type countryForm struct {
	*visit.Visit
	country rulebook.Country
	rules   rulebook.CountryRules // as typed
	decides bool
	said    visit.Verdicts
	log     changes
}

func openCountry(v *visit.Visit) (*countryForm, error) {
	all, err := visit.Do(v, rulebook.ListCountries, struct{}{})
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Rules.Code == v.Request.PathValue("id") {
			return &countryForm{Visit: v, country: c, rules: c.Rules, decides: v.May("setting.update", true)}, nil
		}
	}
	return nil, refusal.NotFound
}

func country(v *visit.Visit) error {
	c, err := openCountry(v)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK)
}

func (c *countryForm) show(status int) (err error) {
	code := c.country.Rules.Code
	c.log, err = searchRules(c.Visit, func(r activity.Record) bool { return r.Data["name"] == code })
	if err != nil {
		return err
	}
	return c.ShowAs(status, countryPage(c, c.frame()))
}

func (c *countryForm) frame() block.Frame {
	f := c.Frame(c.Country(c.country.Rules.Code), visit.Countries)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: c.T("console.countries.title"), Href: visit.CountriesPath})
	return f
}

// countryMembers says which field of the form a member of the input is.
var countryMembers = map[string]string{
	"registrationIdRequired": "registration", "phoneRequired": "phone", "market": "market",
	"registrationIdPattern": "registration-pattern", "postalCodePattern": "postal-pattern", "phonePattern": "phone-pattern",
}

func changeCountry(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return err
	}
	c, err := openCountry(v)
	if err != nil {
		return err
	}
	on := func(name string) bool { return v.Form(name) == "yes" }
	c.rules = rulebook.CountryRules{
		Code: c.country.Rules.Code, Off: !on("offered"), Market: v.Form("market"), RegistrationIDRequired: on("registration"), PhoneRequired: on("phone"),
		StateRequired: on("state"), CityRequired: on("city"), PostalCodeRequired: on("postal"),
		RegistrationIDPattern: v.Form("registration-pattern"), PostalCodePattern: v.Form("postal-pattern"), PhonePattern: v.Form("phone-pattern"),
	}
	switch v.Form("go") {
	case "test":
		return c.show(http.StatusOK)
	case "reset":
		c.rules = c.country.Published
	}
	_, err = visit.Do(v, rulebook.UpdateCountry, c.rules)
	switch {
	case err == nil:
		v.Toast(v.T("console.countries.saved", "Country", v.Country(c.rules.Code)))
		return v.Redirect(visit.CountriesPath)
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if c.said, err = v.Judge(err, nil, func(member string) string { return countryMembers[member] }, func(string) string { return "" }); err != nil {
		return err
	}
	return c.show(http.StatusBadRequest)
}

func (c *countryForm) check(name, label string, checked bool) block.Field {
	return c.said.Mark(block.Field{Name: name, Label: label, Value: "yes", Checked: checked, Disabled: !c.decides})
}

func (c *countryForm) market() block.Field {
	f := block.Field{
		Name: "market", Label: c.T("console.partner.market"), Value: c.rules.Market, Placeholder: c.T("console.countries.no_market"), Width: block.Medium, Disabled: !c.decides,
	}
	for _, m := range rulebook.Markets() {
		f.Options = append(f.Options, block.Option{Value: m, Label: market(c.Visit, m)})
	}
	return c.said.Mark(f)
}

func (c *countryForm) pattern(name, label, value string) block.Field {
	return c.said.Mark(block.Field{Name: name, Label: label, Value: value, Hint: c.T("console.countries.pattern_hint"), Max: 500, ReadOnly: !c.decides})
}

// trials says which of the texts of the test box match the patterns as typed.
func (c *countryForm) trials() []block.Message {
	var all []block.Message
	if text := c.Form("try-registration"); text != "" {
		all = append(all, c.tryRegistration(text)...)
	}
	for _, one := range []struct{ label, pattern, text string }{
		{c.T("console.countries.postal"), c.rules.PostalCodePattern, c.Form("try-postal")},
		{c.T("customers.field.phone"), c.rules.PhonePattern, c.Form("try-phone")},
	} {
		if one.text == "" {
			continue
		}
		m := block.Message{Tone: block.Danger, Title: one.label, Text: c.T("console.test.fails", "Text", one.text)}
		if p, err := place.NewPattern(one.pattern); err != nil {
			m.Text = c.Sentence(rulebook.ErrPattern)
		} else if p.Matches(one.text) {
			m.Tone, m.Text = block.Success, c.T("console.test.matches", "Text", one.text)
		}
		all = append(all, m)
	}
	return all
}

// tryRegistration says what a partner would read about a registration id: it is
// held against the types of the country, their check digits, and the pattern.
func (c *countryForm) tryRegistration(text string) []block.Message {
	m := block.Message{Tone: block.Success, Title: c.T("console.countries.registration"), Text: c.T("console.test.matches", "Text", text)}
	said, err := c.rules.Try(c.Kernel().Book(), text)
	switch {
	case err != nil:
		m.Tone, m.Text = block.Danger, c.Sentence(err)
	case said.Fault != nil:
		m.Tone, m.Text = block.Danger, c.Fault(said.Fault)
	case len(said.Findings) > 0:
		var all []block.Message
		for _, f := range said.Findings {
			all = append(all, block.Message{Tone: block.Warning, Title: m.Title, Text: c.Finding(f)})
		}
		return all
	}
	return []block.Message{m}
}
