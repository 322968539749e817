package agreement

import (
	"context"
	"errors"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// pageSize is how many records a page has.
const pageSize = 500

// Latest is the newest attestation of a partner about one of its customers, for
// who has to collect them anew (api-customers.md, 11.7).
type Latest struct {
	Agreement
	// Completed says that it is about the newest mandatory version, be that
	// enforced already or not.
	Completed bool
}

// LatestPage is a page of records. Next is the customer after which the next one
// begins, empty at the end.
type LatestPage struct {
	Records []Latest
	Next    id.Tenant
}

var latest = db.SQL(`SELECT a.id, a.partner_id, a.customer_id, a.method, a.template_id, a.type, a.rank, a.first_name, a.last_name, a.email,
	a.phone, a.agreed_at, a.recorded_at, a.recorded_by, a.recorded_name, c.country
	FROM agreements a JOIN customers c ON c.partner_id = a.partner_id AND c.customer_id = a.customer_id AND c.kind = 'reseller'
	WHERE a.partner_id = $1 AND a.customer_id > $2 AND NOT EXISTS
		(SELECT 1 FROM agreements b WHERE b.partner_id = a.partner_id AND b.customer_id = a.customer_id AND b.id > a.id)
	ORDER BY a.partner_id, a.customer_id LIMIT $3`)

// After is the input of ListLatest: the Next of the page before.
type After struct{ Customer id.Tenant }

// ListLatest returns the newest attestation about each customer that the actor's
// organisation sells to and has attested something about.
var ListLatest = op.Define(op.Spec{Name: "agreement.latest", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, in After) (LatestPage, error) {
		all, err := ReadVersions(ctx, u.Tx)
		if err != nil {
			return LatestPage{}, err
		}
		rows, err := u.Query(ctx, latest, u.Actor.Tenant, in.Customer, pageSize+1)
		if err != nil {
			return LatestPage{}, err
		}
		defer rows.Close()
		var page LatestPage
		for rows.Next() {
			if len(page.Records) == pageSize {
				page.Next = page.Records[pageSize-1].Customer
				break
			}
			var country string
			a, err := scan(rows, &country)
			if err != nil {
				return LatestPage{}, err
			}
			coming, _ := all.Line(country).Coming()
			page.Records = append(page.Records, Latest{Agreement: a, Completed: a.Rank >= coming.Rank})
		}
		return page, rows.Err()
	})

// MaxAttestations is how many attestations one call may bring.
const MaxAttestations = 1000

// ErrTooMany refuses more attestations than one call may bring; argument Max.
var ErrTooMany = fault.New(fault.Invalid, "2000", "agreement.too_many")

// Reattestation is one attestation of many. With DirectAcceptance the customer
// will accept in its portal, and nothing is recorded.
type Reattestation struct {
	Customer         id.Tenant
	Attestation      Attestation
	DirectAcceptance bool
}

// Reattestations is the input of AttestAll.
type Reattestations struct{ All []Reattestation }

// AttestAll records many attestations, or none of them when one is refused: the
// caller learns of all faults, each placed at its item. What is known already is
// passed over, so that a call can be repeated. It returns how many are new.
var AttestAll = op.Define(op.Spec{Name: "agreement.attest.all", Action: "agreement.attest", Write: true},
	func(ctx context.Context, u *op.Unit, in Reattestations) (int, error) {
		if u.Setting(partnerAttestation) != "true" {
			return 0, ErrNoAttestation
		}
		if len(in.All) > MaxAttestations {
			return 0, ErrTooMany.With("Max", MaxAttestations)
		}
		made := 0
		var faults fault.List
		for i, one := range in.All {
			err := one.record(ctx, u, fmt.Sprintf("[%d]", i))
			switch refused := fault.All(err); {
			case errors.Is(err, refusal.RF21): // known already
			case len(refused) > 0:
				faults = append(faults, refused...)
			case err != nil:
				return 0, err
			case !one.DirectAcceptance:
				made++
			}
		}
		return made, faults.Err()
	})

// record records r, the item at a place of the input.
func (r Reattestation) record(ctx context.Context, u *op.Unit, item string) error {
	found, err := resoldTo(ctx, u, r.Customer)
	if err != nil {
		return placed(err, item+".customerId")
	}
	if r.DirectAcceptance {
		return nil
	}
	a, faults := r.Attestation.Check(item+".agreement", rulebook.Names(u.Book(), u.Sandbox), channelOf(u), u.Now)
	if err := faults.Err(); err != nil {
		return err
	}
	_, err = attestAnew(ctx, u, found, a)
	return err
}

// placed puts a refusal at a member of the input.
func placed(err error, member string) error {
	if all := fault.All(err); len(all) > 0 {
		return all[0].On(member)
	}
	return err
}
