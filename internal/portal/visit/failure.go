package visit

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// statuses are those of pages that say that something was refused.
var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.Unauthenticated: http.StatusUnauthorized, fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound,
	fault.Conflict: http.StatusConflict, fault.Stale: http.StatusPreconditionFailed, fault.TooLarge: http.StatusRequestEntityTooLarge,
	fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// Status returns the status of a page that answers err.
func Status(err error) int {
	if status, ok := statuses[fault.KindOf(err)]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// Sentence says what err refuses in the language of the reader, "" for nil.
func (v *Visit) Sentence(err error) string {
	if err == nil {
		return ""
	}
	all := fault.All(err)
	if len(all) == 0 {
		return v.T("refusal.internal")
	}
	sentences := make([]string, len(all))
	for i, e := range all {
		sentences[i] = v.Fault(e)
	}
	return strings.Join(sentences, " ")
}

// Blocked is the bar of a page whose commands err refuses.
func (v *Visit) Blocked(err error) block.Message {
	m := block.Message{Tone: block.Blocked, Text: v.Sentence(err)}
	if all := fault.All(err); len(all) > 0 {
		m.Code = all[0].Code
	}
	return m
}

// fail answers a request whose page returned err. What is our own mistake goes
// to the log under the correlation id that the reader sees.
func (v *Visit) fail(err error) {
	switch kind := fault.KindOf(err); {
	case kind == fault.Unauthenticated:
		http.Redirect(v.Writer, v.Request, v.site.SignIn(backAddress(v.Request)), http.StatusSeeOther)
		return
	case v.Context().Err() != nil:
		return // the reader has gone
	case kind == fault.Internal:
		v.site.Kernel.Log.ErrorContext(v.Context(), "a page failed", "path", v.Request.URL.Path, "correlation", v.Actor.CorrelationID, "error", err)
	}
	if drawn := v.ShowAs(Status(err), v.failure(err)); drawn != nil {
		v.site.Kernel.Log.ErrorContext(v.Context(), "an error page failed", "correlation", v.Actor.CorrelationID, "error", drawn)
		http.Error(v.Writer, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// errPanic is a mistake of ours that stopped a page.
var errPanic = errors.New("panic")

// rescue makes a page that panicked a page that says so. What aborts on purpose
// goes on aborting.
func (v *Visit) rescue() {
	switch what := recover(); what {
	case nil:
	case http.ErrAbortHandler:
		panic(what)
	default:
		v.fail(fmt.Errorf("%w: %v\n%s", errPanic, what, debug.Stack()))
	}
}

// refused is what an error page says.
type refused struct {
	state block.EmptyState
	// find offers the search (404).
	find bool
	// admins are the people who can give a missing role (403).
	admins []identity.User
	// providers are whom a reseller asks instead (RF-01).
	providers []relationship.Contact
}

// explain puts err into the words of an error page (portal 0.7).
func (v *Visit) explain(err error) (title string, r refused) {
	all := fault.All(err)
	code := ""
	if len(all) > 0 {
		code = all[0].Code
	}
	r.state = block.EmptyState{Text: v.Sentence(err), Code: code, Correlation: v.Actor.CorrelationID, Actions: v.waysOn()}
	switch fault.KindOf(err) {
	case fault.NotFound:
		r.state.Kind, r.state.Code, r.find = block.NotHere, "", v.searches()
		r.state.Title, r.state.Text = v.T("portal.missing.title"), v.T("portal.missing.text")
		return v.T("portal.missing.page"), r
	case fault.Forbidden:
		r.state.Kind, r.state.Title = block.NoRight, v.T("portal.refused.title")
		switch {
		case errors.Is(err, refusal.RF01):
			r.providers = v.providers()
			r.state.Text = v.Sentence(ask(r.providers))
		case !errors.Is(err, refusal.RF10) || all[0].Args["Whom"] == nil:
			r.admins = v.others(v.admins())
		}
		return v.T("common.access_denied"), r
	case fault.Internal:
		r.state.Kind, r.state.Title = block.LoadError, v.T("portal.broken.title")
		return v.T("common.error"), r
	}
	r.state.Kind, r.state.Title = block.LoadError, v.T("portal.impossible.title")
	return v.T("common.error"), r
}

// waysOn are the buttons of an error page: it is never a dead end.
func (v *Visit) waysOn() []block.Button {
	return []block.Button{{Label: v.T("portal.home"), Kind: block.Primary, Href: v.Home()}}
}

// admins are the people who can give a role. That they cannot be read is no
// reason to show less of the page.
func (v *Visit) admins() []identity.User {
	access, err := Do(v, identity.MyAccess, struct{}{})
	if err != nil && !errors.Is(err, v.Context().Err()) {
		v.site.Kernel.Log.WarnContext(v.Context(), "administrators could not be read", "correlation", v.Actor.CorrelationID, "error", err)
	}
	return access.Admins
}

// others are people without the reader: nobody asks oneself.
func (v *Visit) others(people []identity.User) []identity.User {
	return slices.DeleteFunc(people, func(u identity.User) bool { return u.ID == v.Actor.User })
}

// providers are whom a reseller asks for what only its providers may do. As with
// the administrators, a page without them is better than none.
func (v *Visit) providers() []relationship.Contact {
	contacts, err := Do(v, relationship.ListProviderContacts, struct{}{})
	if err != nil && !errors.Is(err, v.Context().Err()) {
		v.site.Kernel.Log.WarnContext(v.Context(), "providers could not be read", "correlation", v.Actor.CorrelationID, "error", err)
	}
	return contacts
}

// ask is RF-01 with the providers, and how to reach each.
func ask(providers []relationship.Contact) error {
	if len(providers) == 0 {
		return refusal.RF01
	}
	names := make([]string, len(providers))
	for i, c := range providers {
		names[i] = c.Provider.Name
		if len(c.People) > 0 {
			names[i] += " (" + c.People[0].Email + ")"
		}
	}
	return refusal.RF01.With("Providers", fault.AnyOf(names))
}

// WithProviders names the providers of a reseller who may not do something
// itself, and how to reach them (RF-01).
func (v *Visit) WithProviders(err error) error {
	if !errors.Is(err, refusal.RF01) {
		return err
	}
	return ask(v.providers())
}

// WithAdmins names the people who can do something about err, where its sentence
// has room for them: who signs the partner agreement (RF-06).
func (v *Visit) WithAdmins(err error) error {
	if !errors.Is(err, refusal.RF06) {
		return err
	}
	var names []string
	for _, u := range v.admins() {
		names = append(names, u.DisplayName)
	}
	if len(names) == 0 {
		return err
	}
	return refusal.RF06.With("Admins", names)
}

// mailOf is where mail for a person goes.
func mailOf(u identity.User) string {
	if u.Email != "" {
		return u.Email
	}
	return u.Name
}
