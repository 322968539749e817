package customers

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/draft"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// continueNew takes the first step: to the review, or back to the form with what
// was asked of it. What was typed is kept in any case.
func continueNew(v *visit.Visit) error {
	w, err := begin(v, typed(v, addFields))
	if err != nil {
		return err
	}
	action, index, _ := strings.Cut(v.Form("go"), ":")
	switch action {
	case "refresh":
		w.chooseCountry()
		return w.showForm(http.StatusOK)
	case "validate":
		w.validate()
		return w.showForm(http.StatusOK)
	case "use":
		w.useSuggestion(index)
		return w.showForm(http.StatusOK)
	}
	if err := w.save(); err != nil {
		return err
	}
	if err := w.judge(); err != nil {
		return err
	}
	if w.said.Any() {
		return w.showForm(http.StatusBadRequest)
	}
	return v.Redirect(reviewPath)
}

// notice looks for the refusals that the form answers with more than a sentence.
func (w *adding) notice(err error) {
	w.exists, w.similar = errors.Is(err, refusal.RF11), errors.Is(err, customer.ErrSimilar)
	if w.value(fLine1) == "" || w.value(fCity) == "" {
		return // the validator has nothing to look at
	}
	for _, e := range fault.All(err) {
		if strings.HasPrefix(e.Field, "billingProfile.defaultAddress") && (errors.Is(e, refusal.RF45) || strings.HasSuffix(e.Field, ".postalCode")) {
			w.validate()
		}
	}
}

// validate asks the address validator (rule C13).
func (w *adding) validate() {
	v := w.address().Validate(rulebook.Atlas(w.Kernel().Book()))
	w.validation = &v
}

// useSuggestion takes one of the validator's suggestions into the form.
func (w *adding) useSuggestion(index string) {
	w.validate()
	i, err := strconv.Atoi(index)
	if err == nil && i >= 0 && i < len(w.validation.Suggestions) {
		w.use(w.validation.Suggestions[i])
		w.validate()
	}
}

// showForm draws the first step.
func (w *adding) showForm(status int) error {
	f := w.frame(w.T("customers.add"))
	if w.offered {
		f.Messages = append(f.Messages, block.Message{
			Tone: block.Info, Text: w.T("customers.draft.offer", "Date", w.kept.savedAt),
			Links: []block.Link{{Label: w.T("customers.draft.resume"), Href: visit.NewCustomerPath + "?draft=resume"}},
		})
	}
	return w.ShowAs(status, addPage(w, f))
}

func (w *adding) frame(title string) block.Frame {
	f := w.Frame(title, visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: w.T("portal.customers"), Href: visit.CustomersPath})
	f.Help = block.Help{
		Title: w.T("customers.add"), Text: []string{w.T("customers.help.add"), w.T("customers.help.verification"), w.T("customers.help.gdap")},
		Roles: w.RolesFor("customer.add", true),
	}
	return f
}

// review shows everything once more, with the warnings (rule C7).
func review(v *visit.Visit) error {
	w, err := beginReview(v)
	if err != nil || w == nil {
		return err
	}
	return w.showReview(http.StatusOK)
}

// beginReview makes the wizard with the fields of the draft. Without one, or
// when it became a customer already, it leads to the form and returns nil.
func beginReview(v *visit.Visit) (*adding, error) {
	w, err := begin(v, url.Values{})
	if err != nil {
		return nil, err
	}
	if w.kept.Key == "" {
		return nil, v.Redirect(visit.NewCustomerPath)
	}
	w.values = w.kept.Values
	w.profile.country, _ = rulebook.Atlas(w.Kernel().Book()).Country(w.value(fCountry))
	return w, nil
}

func (w *adding) showReview(status int) error {
	if w.kept.Added != "" {
		return w.Redirect(visit.NewCustomerPath)
	}
	if err := w.judge(); err != nil {
		return err
	}
	if w.said.Any() {
		return w.showForm(http.StatusBadRequest)
	}
	return w.ShowAs(status, reviewPage(w, w.frame(w.T("customers.add"))))
}

// add adds the customer of the draft, once: sent again, the form gets the same
// answer (rule C8), the password only where no answer came before (rule C9).
func add(v *visit.Visit) error {
	w, err := beginReview(v)
	if err != nil || w == nil {
		return err
	}
	if v.Form("go") == "back" {
		return v.Redirect(visit.NewCustomerPath + "?draft=resume")
	}
	if v.Form("request-id") != w.kept.Key { // the draft was changed in another window
		return w.showReview(http.StatusConflict)
	}
	added, err := visit.DoOnce(v, customer.Add, w.input())
	if err != nil {
		w.notice(err)
		if w.said, err = w.Judge(err, nil, w.fieldOf, w.labelOf); err != nil {
			return err
		}
		return w.showForm(http.StatusBadRequest)
	}
	w.kept.Added, w.kept.Name = added.Customer.ID, added.Customer.OriginalName
	if err := w.save(); err != nil {
		return err
	}
	return v.Show(confirmationPage(w, added, w.secret(added), w.frame(w.T("customers.add"))))
}

// done is the tick "I have saved it": the password is gone now.
func done(v *visit.Visit) error { return finish(v, (*adding).inList) }

// again is done for who adds one customer after the other.
func again(v *visit.Visit) error {
	return finish(v, func(*adding) (string, error) { return visit.NewCustomerPath, nil })
}

// assign is done for who goes on to give the roles of the default relationship to
// security groups, as nobody has them before (rule F12).
func assign(v *visit.Visit) error { return finish(v, (*adding).toGroups) }

// inList is the list of customers with the new one marked.
func (w *adding) inList() (string, error) {
	return visit.CustomersPath + "?sort=-created&added=" + string(w.kept.Added), nil
}

// toGroups is where groups get the roles of the default relationship, or the new
// customer in the list where the reader may give none, or there is none any more.
func (w *adding) toGroups() (string, error) {
	if !w.May("gdap.assign", true) {
		return w.inList()
	}
	held, err := visit.Do(w.Visit, gdap.List, gdap.Query{Customer: w.kept.Added, Status: gdap.Active, Order: gdap.ByCreation, Size: gdap.MaxPage})
	if err != nil {
		return "", err
	}
	for _, r := range held.Relationships {
		if r.Source == gdap.Default {
			return visit.DelegationPath(r.Customer, r.ID) + "/groups", nil
		}
	}
	return w.inList()
}

// finish leaves the wizard for where to says.
func finish(v *visit.Visit, to func(*adding) (string, error)) error {
	w, err := begin(v, url.Values{})
	if err != nil {
		return err
	}
	if w.kept.Added == "" {
		return v.Redirect(visit.CustomersPath)
	}
	if !v.Saved() {
		return v.ShowAs(http.StatusBadRequest, unsavedPage(w, w.frame(w.T("customers.add"))))
	}
	next, err := to(w)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, draft.Drop, draftForm); err != nil {
		return err
	}
	v.Toast(v.T("customers.added", "Name", w.kept.Name))
	return v.Redirect(next)
}
