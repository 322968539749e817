package agreements

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/fault"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// enter refuses everybody but people of the operator: for others there is no
// such page.
func enter(v *visit.Visit) error {
	if v.Actor.Kind != policy.Operator {
		return refusal.NotFound
	}
	return nil
}

// templates is the list of versions (V-7).
type templates struct {
	*visit.Visit
	versions agreement.Versions
}

func listTemplates(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := &templates{Visit: v}
	var err error
	if l.versions, err = visit.Do(v, agreement.ListTemplates, struct{}{}); err != nil {
		return err
	}
	f := v.Frame(v.T("agreementpage.templates.title"), visit.Templates)
	f.Subtitle = v.T("agreementpage.templates.subtitle")
	f.Help = help(v)
	return v.Show(templatesPage(l, f))
}

func help(v *visit.Visit) block.Help {
	return block.Help{
		Title: v.T("agreementpage.templates.title"), Text: []string{v.T("agreementpage.templates.help"), v.T("agreementpage.templates.help_country"), v.T("agreementpage.templates.help_mandatory")},
		Roles: v.RolesFor("agreement.template.update", true),
	}
}

// The fields of the form that publishes a version.
const (
	fLabel     = "label"
	fCountry   = "country"
	fMandatory = "mandatory"
	fEnforced  = "enforced"
	fLanguage  = "language"
	fFile      = "file"
)

// fileOf is the field of the text in a language.
func fileOf(language string) string { return fFile + "-" + language }

// offered are the languages that the form asks for; others can be added later.
var offered = []string{"en", "fr", "sv"}

// members says which field of the form a member of the input is.
var members = map[string]string{"label": fLabel, "country": fCountry, "enforcedAt": fEnforced, "language": fLanguage, "content": fFile}

func fieldOf(member string) string {
	if language, ok := strings.CutPrefix(member, "texts."); ok {
		return fileOf(language)
	}
	return members[member]
}

// publishing is the form for a new version.
type publishing struct {
	*visit.Visit
	in   agreement.NewVersion
	on   string // the date, as typed
	said visit.Verdicts
}

func newTemplate(v *visit.Visit) error {
	if err := mayPublish(v); err != nil {
		return err
	}
	return (&publishing{Visit: v}).show(http.StatusOK)
}

// mayPublish refuses who may not publish, before anything is read.
func mayPublish(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	return v.Kernel().May(v.Actor, "agreement.template.update", true)
}

func (p *publishing) show(status int) error {
	f := p.Frame(p.T("agreementpage.publish.title"), visit.Templates)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: p.T("agreementpage.templates.title"), Href: visit.TemplatesPath})
	f.Subtitle = p.T("agreementpage.publish.subtitle")
	f.Help = help(p.Visit)
	return p.ShowAs(status, publishPage(p, f))
}

// publish takes the form.
func publish(v *visit.Visit) error {
	if err := mayPublish(v); err != nil {
		return err
	}
	p := &publishing{Visit: v}
	if err := p.read(); err != nil {
		return err
	}
	made, err := visit.DoOnce(v, agreement.Publish, p.in)
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("agreementpage.publish.saved", "Version", made.Label))
		return v.Redirect(templatePath(made.Rank))
	case kind != fault.Invalid && kind != fault.Conflict && kind != fault.TooLarge:
		return err
	}
	if p.said, err = v.Judge(err, nil, fieldOf, p.label); err != nil {
		return err
	}
	return p.show(http.StatusBadRequest)
}

// read reads the form with its files.
func (p *publishing) read() error {
	if err := readFiles(p.Visit); err != nil {
		return err
	}
	p.on = p.Form(fEnforced)
	p.in = agreement.NewVersion{Label: p.Form(fLabel), Country: p.Form(fCountry), Mandatory: p.Form(fMandatory) == "yes", Texts: map[string][]byte{}}
	if on, err := time.Parse(time.DateOnly, p.on); err == nil {
		p.in.EnforcedAt = on
	}
	for _, language := range offered {
		content, err := fileContent(p.Visit, fileOf(language))
		if err != nil {
			return err
		}
		if len(content) > 0 {
			p.in.Texts[language] = content
		}
	}
	return nil
}

// maxUpload bounds a form with texts in all languages that it asks for.
const maxUpload = 4 * agreement.MaxDocument

// readFiles reads a form that carries files. One that carries none is read alike.
func readFiles(v *visit.Visit) error {
	v.Request.Body = http.MaxBytesReader(v.Writer, v.Request.Body, maxUpload)
	if err := v.Request.ParseMultipartForm(maxUpload); err != nil {
		return refusal.TooLarge.With("Limit", "5 MiB").Because(err)
	}
	return nil
}

// fileContent returns what a file of the form holds, nil when there is none.
func fileContent(v *visit.Visit, name string) ([]byte, error) {
	file, _, err := v.Request.FormFile(name)
	if err != nil {
		return nil, nil // a file that was not chosen is no error
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, agreement.MaxDocument+1))
}

func (p *publishing) label(name string) string {
	switch name {
	case fLabel:
		return p.T("agreementpage.column.version")
	case fCountry:
		return p.T("portal.country")
	case fEnforced:
		return p.T("agreementpage.publish.enforced")
	case fMandatory:
		return p.T("agreementpage.publish.mandatory")
	}
	return p.T("agreementpage.publish.text", "Language", p.Culture(strings.TrimPrefix(name, fFile+"-")))
}

func (p *publishing) field(name string) block.Field {
	f := block.Field{Name: name, Label: p.label(name)}
	switch name {
	case fLabel:
		f.Value, f.Required, f.Max, f.Width, f.Hint = p.in.Label, true, 40, block.Medium, p.T("agreementpage.publish.label_hint")
	case fCountry:
		f.Value, f.Options, f.Placeholder, f.Width = p.in.Country, p.Countries(), p.T("agreementpage.every_country"), block.Medium
		f.Hint = p.T("agreementpage.publish.country_hint")
	case fMandatory:
		f.Value, f.Checked, f.Hint = "yes", p.in.Mandatory, p.T("agreementpage.publish.mandatory_hint")
	case fEnforced:
		f.Value, f.Width = p.on, block.Medium
		f.MinValue = p.Kernel().Clock.Now().UTC().Format(time.DateOnly)
	default:
		f.Accept, f.Required = ".pdf,.html,.htm,.txt", name == fileOf("en")
		f.Hint = p.T("agreementpage.publish.file_hint")
	}
	return p.said.Mark(f)
}

// fields are those of the form, in its order.
func (p *publishing) fields() []string {
	all := []string{fLabel, fCountry}
	for _, language := range offered {
		all = append(all, fileOf(language))
	}
	return append(all, fMandatory, fEnforced)
}

// languages are those of all countries that the version has no text in.
func (o *template) languages() []block.Option {
	var all []block.Option
	seen := map[string]bool{}
	for _, language := range o.version.Languages {
		seen[language] = true
	}
	for _, c := range rulebook.All(o.Kernel().Book()).Countries(o.Tag()) {
		for _, culture := range c.Cultures {
			base, _, _ := strings.Cut(culture, "-")
			if !seen[base] {
				seen[base] = true
				all = append(all, block.Option{Value: base, Label: o.Culture(base)})
			}
		}
	}
	slices.SortFunc(all, func(a, b block.Option) int { return o.Compare(a.Label, b.Label) })
	return all
}

// template is the page of one version.
type template struct {
	*visit.Visit
	version  agreement.Version
	document agreement.Document
	current  bool
	said     visit.Verdicts
}

func templatePath(rank int64) string {
	return visit.TemplatesPath + "/" + strconv.FormatInt(rank, 10)
}

func openTemplate(v *visit.Visit) (*template, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	rank, err := strconv.ParseInt(v.Request.PathValue("rank"), 10, 64)
	if err != nil {
		return nil, refusal.NotFound
	}
	all, err := visit.Do(v, agreement.ListTemplates, struct{}{})
	if err != nil {
		return nil, err
	}
	o := &template{Visit: v}
	var ok bool
	if o.version, ok = all.Find(rank); !ok {
		return nil, refusal.NotFound
	}
	o.current = all.Line(o.version.Country).Current().Rank == rank
	wanted := text(v)
	wanted.Rank = rank
	o.document, err = visit.Do(v, agreement.ReadTemplate, wanted)
	return o, err
}

func showTemplate(v *visit.Visit) error {
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	return o.show(http.StatusOK)
}

func (o *template) show(status int) error {
	f := o.Frame(o.T("agreementpage.version", "Version", o.version.Label), visit.Templates)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("agreementpage.templates.title"), Href: visit.TemplatesPath})
	f.Badges = []block.Badge{state(o.Visit, o.current)}
	f.Help = help(o.Visit)
	return o.ShowAs(status, templatePage(o, f))
}

func downloadTemplate(v *visit.Visit) error {
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	return v.Send(o.document.FileName(), o.document.Media, o.document.File())
}

// translate adds a text in a further language.
func translate(v *visit.Visit) error {
	if err := mayPublish(v); err != nil {
		return err
	}
	o, err := openTemplate(v)
	if err != nil {
		return err
	}
	if err := readFiles(v); err != nil {
		return err
	}
	content, err := fileContent(v, fFile)
	if err != nil {
		return err
	}
	language := v.Form(fLanguage)
	_, err = visit.Do(v, agreement.Translate, agreement.Translation{Rank: o.version.Rank, Language: language, Content: content})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("agreementpage.translate.saved"))
		return v.Redirect(templatePath(o.version.Rank) + "?language=" + language)
	case kind != fault.Invalid && kind != fault.Conflict && kind != fault.TooLarge:
		return err
	}
	if o.said, err = v.Judge(err, nil, fieldOf, func(string) string { return v.T("agreementpage.translate.title") }); err != nil {
		return err
	}
	return o.show(http.StatusBadRequest)
}

// state says whether a version is the one that is accepted now.
func state(v *visit.Visit, current bool) block.Badge {
	if current {
		return block.Badge{Tone: block.Success, Text: v.T("agreementpage.current")}
	}
	return block.Badge{Tone: block.Neutral, Text: v.T("agreementpage.superseded")}
}

// country returns the word for where a version holds.
func country(v *visit.Visit, version agreement.Version) string {
	if version.Country == "" {
		return v.T("agreementpage.every_country")
	}
	return v.Country(version.Country)
}

// published says when a version was published, and that the first one came with
// the program.
func published(v *visit.Visit, version agreement.Version) string {
	if version.PublishedAt.IsZero() {
		return v.T("agreementpage.shipped")
	}
	return v.Date(version.PublishedAt)
}

// enforced says from when on a version has to be accepted.
func enforced(v *visit.Visit, version agreement.Version) string {
	if !version.Mandatory {
		return v.T("agreementpage.not_mandatory")
	}
	return v.T("agreementpage.mandatory_from", "Date", v.Date(version.EnforcedAt))
}

func (o *template) facts() []block.Fact {
	facts := []block.Fact{
		{Term: o.T("portal.country"), Value: country(o.Visit, o.version)},
		{Term: o.T("agreementpage.column.mandatory"), Value: enforced(o.Visit, o.version)},
		{Term: o.T("agreementpage.column.languages"), Value: names(o.Visit, o.version.Languages)},
		{Term: o.T("agreementpage.column.published"), Value: published(o.Visit, o.version), Hint: o.version.PublishedBy},
		{Term: o.T("agreementpage.column.rank"), Value: o.Number(o.version.Rank)},
	}
	return facts
}
