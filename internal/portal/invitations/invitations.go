// Package invitations holds the pages where a partner asks an organization that
// exists already for a reseller relationship, alone or together with its provider
// (portal P-4), and where it looks after what it has asked (P-4b). Nothing is sent:
// the partner sends the message itself (rule E3).
package invitations

import (
	"comptoir/internal/portal/visit"
)

const (
	exportPath   = visit.InvitationsPath + "/export"
	messagePath  = visit.InvitationsPath + "/message"
	linkPath     = visit.InvitationsPath + "/link"
	withdrawPath = visit.InvitationsPath + "/withdraw"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.InvitePath:               showNew,
		"POST " + visit.InvitePath:              answerNew,
		"POST " + visit.InviteSelectedPath:      inviteSelected,
		"POST " + visit.JointInviteSelectedPath: inviteSelectedJoint,
		"GET " + visit.InvitationsPath:          list,
		"GET " + exportPath:                     export,
		"GET " + messagePath:                    showMessage,
		"POST " + messagePath:                   answerMessage,
		"GET " + linkPath:                       showLink,
		"GET " + withdrawPath:                   askWithdraw,
		"POST " + withdrawPath:                  withdraw,
	}
}
