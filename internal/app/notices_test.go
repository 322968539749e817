package app_test

import (
	"net/url"

	"comptoir/internal/mail"
	"comptoir/internal/notice"
)

// tell lets everybody be told of what has happened so far. Mail is written, and
// goes nowhere.
func (h *house) tell() error {
	_, err := h.Workers.RunDue(h.ctx)
	return err
}

// notices are one of the reader's own, if he has any, and one of somebody else.
func notices(h *house, a *actor) []target {
	all := []target{{"nobody's notice", "01900000-0000-7000-8000-000000000000", false}}
	own := h.noticeOf(a)
	if own != "" {
		all = append(all, target{"his own notice", own, true})
	}
	for _, other := range h.actors {
		if strange := h.noticeOf(other); other != a && strange != "" && strange != own {
			return append(all, target{"a notice of " + other.name, strange, false})
		}
	}
	panic("nobody was told anything")
}

// noticeOf is the newest notice of somebody, "" for none.
func (h *house) noticeOf(a *actor) string {
	if a.org == nil || a.alone {
		return ""
	}
	l, err := do(h, notice.List, a.as(), notice.Page{Limit: 1})
	if err != nil {
		panic(err)
	}
	if len(l.Notices) == 0 {
		return ""
	}
	return l.Notices[0].ID
}

// writtenMail are mails about a partner.
func writtenMail(h *house, _ *actor) []target {
	operator := h.org("operator")
	l, err := do(h, mail.List, operator.actors[0].as(), mail.Page{Limit: 200})
	if err != nil || len(l.Mails) == 0 {
		panic("nobody was written to")
	}
	all := []target{{"nobody's mail", "01900000-0000-7000-8000-000000000000", false}}
	for _, m := range l.Mails {
		if m.Tenant != h.org("direct").tenant || len(all) > 2 {
			continue
		}
		all = append(all, target{"a mail", m.ID, true})
	}
	return all
}

// mailWords is what the operator writes of a mail.
func mailWords(*house, *actor, target) url.Values {
	return url.Values{"subject": {payload}, "many": {"{N}"}, "body": {payload + "\n\n{Link}"}}
}
