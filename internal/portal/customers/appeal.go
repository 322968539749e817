package customers

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/verification"
)

// The names of the fields of an appeal and of an answer.
const (
	fText      = "text"
	fDocuments = "file"
)

// appealing is the form with which an appeal or an answer goes to the reviewer,
// with documents. What was typed and what was uploaded stays when something is
// refused.
type appealing struct {
	*account
	answers   bool // it is the answer to a question
	text      string
	requestID string
	said      visit.Verdicts
}

func askAppeal(v *visit.Visit) error { return openAppeal(v, false) }
func askAnswer(v *visit.Visit) error { return openAppeal(v, true) }

func openAppeal(v *visit.Visit, answers bool) error {
	d, err := newAppeal(v, answers)
	if err != nil {
		return err
	}
	return d.show(http.StatusOK)
}

func newAppeal(v *visit.Visit, answers bool) (*appealing, error) {
	a, err := openAccount(v)
	if err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "customer.verification.resubmit", true); err != nil {
		return nil, err
	}
	return &appealing{account: a, answers: answers, requestID: v.Actor.RequestID}, nil
}

func appeal(v *visit.Visit) error { return takeAppeal(v, false) }
func answer(v *visit.Visit) error { return takeAppeal(v, true) }

// takeAppeal takes the form: first the documents, each of which is kept or
// refused by itself, then the words.
func takeAppeal(v *visit.Visit, answers bool) error {
	d, err := newAppeal(v, answers)
	if err != nil {
		return err
	}
	if err := d.receive(); err != nil {
		return err
	}
	if d.text == "" {
		d.said.Refuse(fText, v.T("portal.field.missing", "Field", d.label()))
	}
	if d.said.Any() {
		return d.again(http.StatusBadRequest)
	}
	err = d.send()
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid:
		d.said.Refuse("", v.Sentence(err))
		return d.again(visit.Status(err))
	}
	if err != nil {
		return err
	}
	v.Toast(d.sent())
	return v.Redirect(visit.AccountPath(d.tenant))
}

// maxForm bounds the whole form: five documents, one that is too large, and words.
const maxForm = (verification.MaxDocuments + 1) * verification.MaxDocument

// receive reads the form as it comes, one document at a time.
func (d *appealing) receive() error {
	d.Request.Body = http.MaxBytesReader(d.Writer, d.Request.Body, maxForm)
	if !carriesFiles(d.Request) {
		d.text, d.requestID = strings.TrimSpace(d.Form(fText)), d.Form("request-id")
		return nil
	}
	parts, err := d.Request.MultipartReader()
	if err != nil {
		return refusal.Malformed.Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = d.take(part)
		}
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return d.refuse(verification.ErrDocumentSize.On(fDocuments).With("Name", "…").With("Max", verification.MaxDocument>>20))
		}
		if err != nil {
			return err
		}
	}
}

// carriesFiles reports whether a form comes in the encoding that has files.
func carriesFiles(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "multipart/form-data"
}

func (d *appealing) take(part *multipart.Part) error {
	data, err := io.ReadAll(io.LimitReader(part, verification.MaxDocument+1))
	if err != nil {
		return err
	}
	switch part.FormName() {
	case fText:
		d.text = string(bytes.TrimSpace(data))
	case "request-id":
		d.requestID = string(data)
	case fDocuments:
		if part.FileName() == "" && len(data) == 0 {
			return nil // the field was left empty
		}
		_, err := visit.Do(d.Visit, verification.AddDocument, verification.NewDocument{Customer: d.tenant, Name: part.FileName(), Data: data})
		return d.refuse(err)
	}
	return nil
}

// refuse puts what is wrong with a document beside the field; what is wrong with
// the installation is returned.
func (d *appealing) refuse(err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.TooLarge, fault.Conflict:
		d.said.Refuse("", d.Sentence(err))
		return nil
	}
	return err
}

func (d *appealing) send() error {
	d.Actor.IdempotencyKey = d.requestID
	defer func() { d.Actor.IdempotencyKey = "" }()
	work := verification.Resubmit
	if d.answers {
		work = verification.Answer
	}
	_, err := visit.Do(d.Visit, work, verification.Appeal{Customer: d.tenant, Text: d.text})
	return err
}

// again shows the form with what was typed and the documents that were kept.
func (d *appealing) again(status int) error {
	past, err := visit.Do(d.Visit, verification.History, verification.Customer{ID: d.tenant})
	if err != nil {
		return err
	}
	d.past = past
	return d.show(status)
}

func (d *appealing) show(status int) error {
	f := d.Frame(d.title(), visit.Customers)
	d.crumbs(&f)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: d.T("customers.account"), Href: visit.AccountPath(d.tenant)})
	f.Subtitle = d.subtitle()
	return d.ShowAs(status, appealPage(d, f))
}

func (d *appealing) path() string {
	if d.answers {
		return d.part("answer")
	}
	return d.part("appeal")
}

func (d *appealing) title() string {
	if d.answers {
		return d.T("verification.page.answer")
	}
	return d.T("customers.appeal.open")
}

func (d *appealing) subtitle() string {
	if d.answers {
		return d.T("verification.page.answer_text")
	}
	return d.T("customers.appeal.text")
}

func (d *appealing) label() string {
	if d.answers {
		return d.T("verification.page.answer_words")
	}
	return d.T("customers.appeal.why")
}

func (d *appealing) confirm() string {
	if d.answers {
		return d.T("verification.page.answer_send")
	}
	return d.T("customers.appeal.send")
}

func (d *appealing) sent() string {
	if d.answers {
		return d.T("verification.page.answer_sent")
	}
	return d.T("customers.appeal.sent")
}

// removeDocument takes a document away that was not sent.
func removeDocument(v *visit.Visit) error {
	tenant, err := customerOf(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, verification.RemoveDocument, verification.OwnDocument{Customer: tenant, ID: v.Request.PathValue("document")})
	if err != nil {
		return err
	}
	v.Toast(v.T("verification.page.removed"))
	return v.Redirect(visit.LocalAddress(v.Form("back"), visit.AccountPath(tenant)))
}

// sendDocument sends the partner a document of its own.
func sendDocument(v *visit.Visit) error {
	tenant, err := customerOf(v)
	if err != nil {
		return err
	}
	d, err := visit.Do(v, verification.ReadDocument, verification.OwnDocument{Customer: tenant, ID: v.Request.PathValue("document")})
	if err != nil {
		return err
	}
	return v.Attachment(d.Name, d.Type, d.Data)
}

// reminding is the dialog that asks after a case that is overdue.
type reminding struct {
	*account
	text string
	said visit.Verdicts
}

func askRemind(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	if err := v.Kernel().May(v.Actor, "customer.verification.resubmit", true); err != nil {
		return err
	}
	return (&reminding{account: a}).show(http.StatusOK)
}

func remind(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	d := &reminding{account: a, text: v.Form(fText)}
	_, err = visit.DoOnce(v, verification.Remind, verification.Appeal{Customer: a.tenant, Text: d.text})
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid:
		d.said.Refuse("", v.Sentence(err))
		return d.show(visit.Status(err))
	}
	if err != nil {
		return err
	}
	v.Toast(v.T("verification.page.remind_sent"))
	return v.Redirect(visit.AccountPath(a.tenant))
}

func (d *reminding) show(status int) error {
	f := d.Frame(d.T("verification.page.remind"), visit.Customers)
	d.crumbs(&f)
	return d.ShowAs(status, remindPage(d, f))
}
