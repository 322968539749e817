package visit

import (
	"net/http"

	"comptoir/internal/mail"
	"comptoir/internal/notice"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
)

// The addresses of the pages about notices (P-20) and of the operator's mail
// (V-14).
const (
	NotificationsPath = "/notifications"
	NoticePanelPath   = NotificationsPath + "/panel"
	MailPath          = "/operator/mail"
	MessagesPath      = "/operator/messages"
	HelpPath          = "/operator/help"
)

// The areas of these pages.
const (
	Notifications Area = NotificationsPath
	Mail          Area = MailPath
	Messages      Area = MessagesPath
)

var noticePlaces = []entry{
	{Mail, icon.Mail, func(v *Visit) string { return v.T("mail.page.title") }, policy.Operator, "mail.view", false},
	{Messages, icon.Edit, func(v *Visit) string { return v.T("messages.title") }, policy.Operator, "message.view", false},
}

// bell leads to the reader's notices and counts those that he has not read. That
// they cannot be counted is no reason to show less of the page.
func (v *Visit) bell() block.Bell {
	unread, err := Do(v, notice.Unread, struct{}{})
	if err != nil && v.Context().Err() == nil {
		v.site.Kernel.Log.WarnContext(v.Context(), "notices could not be counted", "correlation", v.Actor.CorrelationID, "error", err)
	}
	return block.Bell{Href: NotificationsPath, Panel: NoticePanelPath, Unread: unread}
}

// ShowMail answers with the page of a letter, as its recipient sees it, cut off
// from everything.
func (v *Visit) ShowMail(m mail.Mail) {
	h := v.Writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
	h.Set("Content-Language", m.Language)
	h.Set("Cache-Control", "no-store")
	v.Writer.WriteHeader(http.StatusOK)
	_, _ = v.Writer.Write([]byte(m.HTML)) // a reader that has gone needs no answer
}
