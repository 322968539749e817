// Package operator holds the pages with which the operator decides what partners
// submit: what needs doing, and the queue of accounts to verify; and the log of
// what everybody did (portal V-1, V-2, V-13).
package operator

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const (
	queuePath       = visit.VerificationsPath
	approveManyPath = queuePath + "/approve"
	assignManyPath  = queuePath + "/assign"
	casePath        = queuePath + "/{partner}/{customer}"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	all := map[string]visit.Page{
		"GET " + visit.OperatorPath: dashboard,
		"GET " + queuePath:          queue,

		"GET " + auditPath:       showAudit,
		"GET " + auditExportPath: exportAudit,
		"GET " + chainPath:       showChain,
		"POST " + chainPath:      checkChain,

		"GET " + casePath:                           showCase,
		"GET " + casePath + "/next":                 nextCase,
		"GET " + casePath + "/documents/{document}": sendDocument,
	}
	for pattern, page := range deciding {
		all[pattern] = reviewersOnly(page)
	}
	for pattern, page := range all {
		all[pattern] = operatorOnly(page)
	}
	return all
}

// deciding are the pages of those who decide; others read the rest.
var deciding = map[string]visit.Page{
	"POST " + approveManyPath + "/ask": askApproveMany,
	"POST " + approveManyPath:          approveMany,
	"POST " + assignManyPath + "/ask":  askAssignMany,
	"POST " + assignManyPath:           assignMany,

	"GET " + casePath + "/approve":    askApprove,
	"POST " + casePath + "/approve":   approve,
	"GET " + casePath + "/reject":     askReject,
	"POST " + casePath + "/reject":    reject,
	"GET " + casePath + "/ask":        askPartner,
	"POST " + casePath + "/ask":       ask,
	"GET " + casePath + "/assign":     askAssign,
	"POST " + casePath + "/assign":    assign,
	"POST " + casePath + "/note":      note,
	"POST " + casePath + "/take-over": takeOver,
}

// reviewersOnly refuses who may read about cases and not decide them.
func reviewersOnly(page visit.Page) visit.Page {
	return func(v *visit.Visit) error {
		if err := v.Kernel().May(v.Actor, "verification.decide", true); err != nil {
			return err
		}
		return page(v)
	}
}

// operatorOnly refuses everybody but people of the operator: for others there is
// no such page.
func operatorOnly(page visit.Page) visit.Page {
	return func(v *visit.Visit) error {
		if v.Actor.Kind != policy.Operator {
			return refusal.NotFound
		}
		return page(v)
	}
}
