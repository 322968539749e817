package agreements

import (
	"errors"
	"net/http"

	"comptoir/internal/agreement"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// request is the page where a person accepts the agreement whom a partner asked,
// without an account here: the link says who he is (api-customers.md, 11.6).
type request struct {
	*visit.Visit
	asked agreement.Asked
	said  visit.Verdicts
}

func openRequest(v *visit.Visit) (*request, error) {
	r := &request{Visit: v}
	var err error
	r.asked, err = visit.Do(v, agreement.OpenRequest, agreement.Opening{Link: v.Request.PathValue("link"), Language: v.Query("language")})
	if err == nil {
		v.Read(orChosen(v.Query("language"), r.asked.Language))
	}
	return r, err
}

func orChosen(chosen, asked string) string {
	if chosen != "" {
		return chosen
	}
	return asked
}

func showRequest(v *visit.Visit) error {
	r, err := openRequest(v)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK)
}

// answerRequest takes the acceptance. Nobody can have a browser send it who does
// not know the link, so the form carries no other proof.
func answerRequest(v *visit.Visit) error {
	_, err := visit.Do(v, agreement.AnswerRequest, agreement.Answer{Link: v.Request.PathValue("link"), Agreed: v.Form("agreed") == "yes"})
	switch {
	case err == nil:
		return v.Redirect(v.Request.URL.RequestURI())
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	r, failed := openRequest(v)
	if failed != nil {
		return failed
	}
	field := ""
	if errors.Is(err, agreement.ErrTick) {
		field = "agreed"
	}
	r.said.Refuse(field, v.Sentence(err))
	return r.show(visit.Status(err))
}

// download leads to the text as a file, for as long as such links are good.
func (r *request) download() block.Button {
	return block.Button{Label: r.T("agreementpage.download"), Icon: icon.Download, Href: "/v1/agreementdocuments/" + r.asked.Token + "?download=true"}
}

func (r *request) show(status int) error {
	card := r.Card(r.T("agreementpage.request.title"))
	card.Text = r.T("agreementpage.request.text", "Partner", r.asked.PartnerName, "Company", r.asked.Company, "Person", r.asked.Person.Name())
	card.Wide = true
	switch r.asked.State {
	case agreement.RequestAccepted, agreement.RequestCompleted:
		card.Messages = []block.Message{{Tone: block.Success, Text: r.T("agreementpage.request.accepted", "Date", r.DateTime(r.asked.AcceptedAt))}}
	case agreement.RequestExpired:
		card.Messages = []block.Message{{Tone: block.Warning, Text: r.T("agreementpage.request.expired", "Partner", r.asked.PartnerName)}}
	case agreement.RequestCreated:
	}
	for _, tag := range lang.Tags() {
		card.Languages = append(card.Languages, block.Choice{
			Label: (&visit.Visit{Printer: lang.For(tag)}).Culture(tag), Lang: tag, Href: r.Request.URL.Path + "?language=" + tag, Current: tag == r.Tag(),
		})
	}
	return r.ShowFramed(status, requestPage(r, card))
}
