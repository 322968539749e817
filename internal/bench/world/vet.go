package world

import (
	"context"
	"errors"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// OpenCases is how many accounts of a world wait for a reviewer; all others are
// approved.
const OpenCases = 10_000

// employ makes the operator, whose first person reviews accounts.
func (w *World) employ(ctx context.Context, k *op.Kernel) error {
	made, err := identity.CreateOperator.Do(ctx, k, op.System("", 0, op.ViaCLI), identity.NewOperator{
		Name: "Driftbolaget AB", Country: "SE", Domain: "driftbolaget.example",
		Admin: identity.NewUser{Name: "olivia", FirstName: "Olivia", LastName: "Berg", KeepPassword: true},
	})
	w.Reviewer = Person{made.User.Tenant, made.User.ID}
	return err
}

// What reviewers would do with the cases of one partner but the newest ones, one
// after the other. The decisions are a second after the submission.
var (
	decideAll = db.SQL(`UPDATE verification_cases SET version = version + 1, status = 'Allowed', decided_at = opened_at + 1000000,
		decided_by = 'olivia@driftbolaget.example' WHERE partner_id = $1 AND decided_at = 0 AND id NOT IN
		(SELECT id FROM verification_cases WHERE partner_id = $1 AND decided_at = 0 ORDER BY id DESC LIMIT $2)`)
	allowAll = db.SQL(`UPDATE customers SET status = 'Allowed', status_at = status_at + 1000000 WHERE partner_id = $1 AND status = 'UnderReview'
		AND customer_id NOT IN (SELECT customer_id FROM verification_cases WHERE partner_id = $1 AND decided_at = 0)`)
	anotherCase = db.SQL(`INSERT INTO verification_cases (partner_id, customer_id, id, version, cause, status, was, customer_name, name_key, country,
		findings, finding_count, changes, notes, opened_at, opened_by, due_at, decided_at, decided_by, reason, reason_text)
		SELECT partner_id, customer_id, substr(id, 1, 24) || $1, version, 'changed', 'Allowed', 'Allowed', customer_name, name_key, country,
		'', 0, '', '', opened_at - $2, opened_by, due_at - $2, opened_at - $2 + 1000000, 'olivia@driftbolaget.example', '', ''
		FROM verification_cases WHERE decided_at = 0`)
	forgetClosed = db.SQL(`DELETE FROM verification_cases WHERE decided_at > 0`)
)

// share is the accounts of one partner of which all but the newest are approved.
type share struct {
	partner *Partner
	open    int
}

// vet approves the accounts of one partner but the newest.
var vet = op.Define(op.Spec{Name: "bench.vet", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in share) (struct{}, error) {
		partner := in.partner.Tenant
		if _, err := u.Exec(ctx, decideAll, partner, in.open); err != nil {
			return struct{}{}, err
		}
		n, err := u.Exec(ctx, allowAll, partner)
		return struct{}{}, errors.Join(err,
			u.Count(ctx, partner, relationship.ByStatus.Counter(string(verification.UnderReview)), -n),
			u.Count(ctx, partner, relationship.ByStatus.Counter(string(verification.Allowed)), n))
	})

// closing is how many rounds of closed cases are added to the open ones.
type closing struct{ rounds int }

// close forgets all closed cases, and then adds to each open one so many that
// were closed a day after each other before it.
var closeCases = op.Define(op.Spec{Name: "bench.close", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in closing) (int64, error) {
		if _, err := u.Exec(ctx, forgetClosed); err != nil {
			return 0, err
		}
		var closed int64
		for i := range in.rounds {
			const day = 24 * 3600 * 1_000_000
			n, err := u.Exec(ctx, anotherCase, fmt.Sprintf("%012x", i+1), int64(i+1)*day)
			if err != nil {
				return 0, err
			}
			closed += n
		}
		return closed, nil
	})

// CloseCases leaves no closed cases in the installation but at least n made
// anew, and returns how many they are.
func CloseCases(ctx context.Context, k *op.Kernel, n int) (int64, error) {
	return closeCases.Do(ctx, k, op.System("", 0, op.ViaCLI), closing{(n + OpenCases - 1) / OpenCases})
}
