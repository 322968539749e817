package visit

import (
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
)

// The areas of these pages.
const (
	Notifications Area = NotificationsPath
	Mail          Area = MailPath
)

var noticePlaces = []entry{
	{Mail, icon.Mail, func(v *Visit) string { return v.T("mail.page.title") }, policy.Operator, "mail.view", false},
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
