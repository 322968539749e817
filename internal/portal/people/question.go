package people

import (
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// question is a dialog about a person: what it asks, and what is done on yes.
type question struct {
	name string
	// open reads the person that it is about.
	open        func(*visit.Visit) (*form, error)
	title, text func(*form) string
	confirm     func(*form) string
	do          func(*form) error
	done        func(*form) string
	// away says that the list is shown afterwards, and not the person.
	away, destructive bool
}

// questions are the dialogs of the page of a person.
func (d *Directory) questions() []question {
	all := []question{
		{
			name: "remove", open: d.openUser, away: true, destructive: true,
			title:   func(f *form) string { return f.Words.RemoveTitle(f.Visit, f.user.DisplayName) },
			text:    func(f *form) string { return f.Words.RemoveText(f.Visit) },
			confirm: func(f *form) string { return f.Words.Remove(f.Visit) },
			do:      func(f *form) error { return f.Remove(f.Visit, f.key()) },
			done:    func(f *form) string { return f.Words.Removed(f.Visit, f.user.DisplayName) },
		},
		{
			name: "signout", open: d.openUser,
			title:   func(f *form) string { return f.T("settings.users.signout_title", "Name", f.user.DisplayName) },
			text:    func(f *form) string { return f.T("settings.users.signout_text") },
			confirm: func(f *form) string { return f.T("common.sign_out") },
			do:      func(f *form) error { return run(f, f.SignOut) },
			done:    func(f *form) string { return f.T("settings.users.signed_out", "Name", f.user.DisplayName) },
		},
		{
			name: "factors", open: d.openUser, destructive: true,
			title:   func(f *form) string { return f.T("settings.users.factors_title", "Name", f.user.DisplayName) },
			text:    func(f *form) string { return f.T("settings.users.factors_text") },
			confirm: func(f *form) string { return f.T("settings.users.factors") },
			do:      func(f *form) error { return run(f, f.ResetFactors) },
			done:    func(f *form) string { return f.T("settings.users.factors_gone", "Name", f.user.DisplayName) },
		},
	}
	if d.Restore != nil {
		all = append(all, question{
			name: "restore", open: d.openAny,
			title:   func(f *form) string { return f.T("adminportal.users.restore_title", "Name", f.user.DisplayName) },
			text:    func(f *form) string { return f.T("adminportal.users.restore_text") },
			confirm: func(f *form) string { return f.T("adminportal.users.restore") },
			do:      func(f *form) error { return run(f, f.Restore) },
			done:    func(f *form) string { return f.T("adminportal.users.restored", "Name", f.user.DisplayName) },
		})
	}
	return all
}

// run does an operation about the person and leaves out what it returns.
func run[O any](f *form, o *op.Operation[identity.UserKey, O]) error {
	_, err := visit.Do(f.Visit, o, f.key())
	return err
}

// ask shows the question; without script it is a page.
func (q question) ask(v *visit.Visit) error {
	f, err := q.open(v)
	if err != nil {
		return err
	}
	return v.Show(questionPage(f, f.frame(), q.dialog(f, nil)))
}

// answer does what was asked. A refusal stands in the dialog (rule A13).
func (q question) answer(v *visit.Visit) error {
	f, err := q.open(v)
	if err != nil {
		return err
	}
	switch err := q.do(f); fault.KindOf(err) {
	case fault.Forbidden, fault.Conflict, fault.Invalid:
		return v.ShowAs(visit.Status(err), questionPage(f, f.frame(), q.dialog(f, err)))
	default:
		if err != nil {
			return err
		}
	}
	v.Toast(q.done(f))
	if q.away {
		return v.Redirect(f.Path)
	}
	return v.Redirect(f.path())
}

func (q question) dialog(f *form, refused error) block.Dialog {
	d := block.Dialog{
		ID: q.name, Title: q.title(f), Text: q.text(f), Action: f.path() + "/" + q.name, CSRF: f.CSRF(), Confirm: q.confirm(f),
		Destructive: q.destructive, Cancel: f.path(), Reason: f.Sentence(refused),
	}
	if q.destructive {
		d.Tone = block.Warning
	}
	return d
}
