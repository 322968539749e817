package partnerships

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/letter"
	"comptoir/internal/partnership"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/letters"
	"comptoir/internal/portal/visit"
)

// The fields of the form about the request itself.
const (
	fName     = "recipient-name"
	fLanguage = "language"
	fToken    = "token"
	fDrafted  = "drafted" // a digest of the text as it was drafted
)

const (
	formID = "request"
	// file is what a message is called that is saved as a file.
	file = "partnership.eml"
)

// The greatest lengths of fields, in characters.
const (
	nameMax  = 120
	emailMax = 254
)

// composing is the page on which the message of a new request is written (P-16).
type composing struct {
	letters.Letter
	outline  partnership.Outline
	language string
	drafted  string
}

func showNew(v *visit.Visit) error {
	c, err := begin(v)
	if err != nil {
		return err
	}
	c.language = v.Tag()
	c.draft()
	return c.show(http.StatusOK)
}

// begin reads for whom the reader asks; the form keeps the token of its link.
func begin(v *visit.Visit) (*composing, error) {
	c := &composing{Letter: letters.Letter{Visit: v, Keep: v.T("partnership.request.keep")}}
	var err error
	if c.outline, err = visit.Do(v, partnership.Begin, struct{}{}); err != nil {
		return nil, err
	}
	if kept := v.Form(fToken); letter.IsToken(kept) {
		c.outline.Token = kept
	}
	c.URL = partnership.Link(v.Site().Origin.Base(v.Request), c.outline.Token)
	return c, nil
}

// draft writes the message anew.
func (c *composing) draft() {
	c.Subject, c.Text = c.outline.Words(c.language, c.Name, c.URL)
	c.drafted = digest(c.Text)
}

// digest tells whether a text is the one that was drafted, however its lines break.
func digest(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:8])
}

// answerNew takes the form: done, or one of the ways to go on writing.
func answerNew(v *visit.Visit) error {
	c, err := begin(v)
	if err != nil {
		return err
	}
	c.Typed()
	c.Name, c.Address = strings.TrimSpace(c.Form(fName)), strings.TrimSpace(c.Form(letters.Address))
	c.language, c.drafted = lang.Match(c.Form(fLanguage), c.Tag()).Tag(), c.Form(fDrafted)
	switch v.Form("go") {
	case "reset":
		c.draft()
		return c.show(http.StatusOK)
	case "refresh": // a text that nobody has touched follows what was chosen
		if digest(c.Text) == c.drafted {
			c.draft()
		}
		return c.show(http.StatusOK)
	case letters.Download:
		if err := c.Check(); err != nil {
			return c.again(err)
		}
		return c.Send(file)
	}
	made, err := visit.DoOnce(v, partnership.Make, partnership.New{
		Token: c.outline.Token, Base: v.Site().Origin.Base(v.Request), Recipient: partnership.Recipient{Name: c.Name, Email: c.Address},
		Language: c.language, Subject: c.Subject, Message: c.Text,
	})
	if err != nil {
		return c.again(err)
	}
	v.Toast(v.T("partnership.requests.made"))
	return v.Redirect(requestsPath + "?added=" + made.ID)
}

// again shows the form with what is wrong beside the fields.
func (c *composing) again(err error) error {
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	if c.Said, err = c.Judge(err, nil, fieldOf, func(field string) string { return label(c.Visit, field) }); err != nil {
		return err
	}
	return c.show(http.StatusBadRequest)
}

// fieldOf says which field of the form a member of the input is.
func fieldOf(member string) string {
	return map[string]string{
		"recipientName": fName, "recipientEmail": letters.Address, "language": fLanguage, "subject": letters.Subject, "message": letters.Message,
	}[member]
}

// fields are those of the form in their order.
var fields = []string{fName, letters.Address, fLanguage, letters.Subject, letters.Message}

func label(v *visit.Visit, field string) string {
	switch field {
	case fName:
		return v.T("invitepage.field.name")
	case letters.Address:
		return v.T("invitepage.field.email")
	case fLanguage:
		return v.T("invitepage.field.language")
	case letters.Subject:
		return v.T("invitepage.field.subject")
	}
	return v.T("invitepage.field.message")
}

func (c *composing) show(status int) error {
	f := c.Frame(c.T("partnership.request"), visit.Resellers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: c.T("partnership.resellers.title"), Href: visit.ResellersPath})
	f.Subtitle, f.Help = c.T("partnership.request.subtitle"), resellersHelp(c.Visit)
	return c.ShowAs(status, composePage(c, f))
}

// refreshing has a field that decides about the text draw the form anew.
func (c *composing) refreshing(f block.Field) block.Field {
	f.Attrs = templ.Attributes{
		"hx-post": invitePath, "hx-trigger": "change", "hx-include": "#" + formID, "hx-vals": `{"go":"refresh"}`,
		"hx-target": "#" + formID, "hx-select": "#" + formID, "hx-swap": "outerMorph",
	}
	return f
}

func (c *composing) nameField() block.Field {
	return c.refreshing(c.Said.Mark(block.Field{
		Name: fName, Label: label(c.Visit, fName), Hint: c.T("partnership.request.name_hint"), Value: c.Name, Max: nameMax, Autocomplete: "off",
	}))
}

func (c *composing) emailField() block.Field {
	return c.Said.Mark(block.Field{
		Name: letters.Address, Label: label(c.Visit, letters.Address), Value: c.Address, Max: emailMax, Autocomplete: "off",
	})
}

func (c *composing) languageField() block.Field {
	f := block.Field{Name: fLanguage, Label: label(c.Visit, fLanguage), Value: c.language}
	for _, tag := range lang.Tags() {
		f.Options = append(f.Options, block.Option{Value: tag, Label: c.Culture(tag)})
	}
	return c.refreshing(c.Said.Mark(f))
}

func (c *composing) resetButton() block.Button {
	return block.Button{Label: c.T("invitepage.mail.reset"), Icon: icon.Undo, Name: "go", Value: "reset"}
}
