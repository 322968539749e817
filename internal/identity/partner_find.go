package identity

import (
	"context"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// PartnerQuery says which partners a reader wants; the zero value means all.
type PartnerQuery struct {
	// Search is a part of the name, or the beginning of the domain, of the
	// PartnerID or of the tenant id, whatever the case of its letters.
	Search  string
	Status  PartnerStatus
	Types   policy.Org // any of these
	Country string
	// Unsigned wants those that have not signed the partner agreement.
	Unsigned bool
}

var allPartners = db.Scan(partnerColumns, "the operator's list: some thousands at the very most, filtered and sorted as people read")

// FindPartners returns the partners that match, in no order: the edge sorts them
// in the language of its reader (V-4).
var FindPartners = op.Define(op.Spec{Name: "partner.find", Action: "partner.list"},
	func(ctx context.Context, u *op.Unit, in PartnerQuery) ([]Partner, error) {
		rows, err := u.Query(ctx, allPartners)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		in.Search = foldKey(in.Search)
		var found []Partner
		for rows.Next() {
			p, err := scanPartner(rows)
			if err != nil {
				return nil, err
			}
			if in.wants(p) {
				found = append(found, p)
			}
		}
		return found, rows.Err()
	})

func (q PartnerQuery) wants(p Partner) bool {
	switch {
	case q.Status != "" && p.Status != q.Status, q.Types != 0 && p.Types&q.Types == 0, q.Country != "" && p.Country != q.Country,
		q.Unsigned && !p.MPASignedAt.IsZero():
		return false
	}
	return q.Search == "" || strings.Contains(foldKey(p.Name), q.Search) ||
		slices.ContainsFunc([]string{p.Domain, p.PartnerID, string(p.Tenant)}, func(s string) bool { return strings.HasPrefix(s, q.Search) })
}

// PartnerFile is everything that the operator keeps about a partner.
type PartnerFile struct {
	Partner  Partner
	Language string
	Credit   Credit
	Vetting  []Vetted
	Domains  []Domain
	Users    []User // the first ones by name
	People   int64  // how many there are
}

// fileUsers is how many users a PartnerFile shows.
const fileUsers = 100

// InspectPartner returns the file of a partner (V-4), or ErrTenantUnknown.
var InspectPartner = op.Define(op.Spec{Name: "partner.inspect", Action: "partner.list"},
	func(ctx context.Context, u *op.Unit, tenant id.Tenant) (PartnerFile, error) {
		var f PartnerFile
		var found bool
		var err error
		if f.Partner, found, err = PartnerOf(ctx, u.Tx, tenant); err != nil || !found {
			if err == nil {
				err = ErrTenantUnknown
			}
			return PartnerFile{}, err
		}
		t, err := TenantByID(ctx, u.Tx, tenant)
		if err != nil {
			return PartnerFile{}, err
		}
		f.Language = t.Language
		if f.Credit, err = CreditOf(ctx, u.Tx, tenant); err != nil {
			return PartnerFile{}, err
		}
		if f.Vetting, err = vetting(ctx, u.Tx, tenant); err != nil {
			return PartnerFile{}, err
		}
		if f.Domains, err = Domains(ctx, u.Tx, tenant); err != nil {
			return PartnerFile{}, err
		}
		page, err := UsersOf(ctx, u.Tx, UserList{Tenant: tenant, Size: fileUsers})
		f.Users, f.People = page.Users, page.Total
		return f, err
	})
