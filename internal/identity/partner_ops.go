package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Refusals about the enrolment of a partner.
var (
	ErrOrganisationName = fault.New(fault.Invalid, "27002", "identity.tenant.name") // argument Max
	ErrPartnerTypes     = fault.New(fault.Invalid, "27002", "identity.partner.types")
	ErrPartnerStatus    = fault.New(fault.Invalid, "27002", "identity.partner.status")
	ErrPartnerCause     = fault.New(fault.Invalid, "27002", "identity.partner.cause")
	ErrPartnerReason    = fault.New(fault.Invalid, "27002", "identity.partner.reason")
	ErrPartnerClosed    = fault.New(fault.Conflict, "900149", "identity.partner.closed")
	ErrOperatorExists   = fault.New(fault.Conflict, "1003", "identity.operator.exists")
)

// The longest name of an organisation in characters, and what is kept of a cause
// and of a PartnerID, in bytes.
const (
	organisationNameMax = 255
	causeMax            = 1000
	partnerIDMax        = 20
)

// Enrolment is the input of EnrolPartner.
type Enrolment struct {
	ID        id.Tenant // empty chooses one
	Name      string
	Types     policy.Org
	Country   string // ISO 3166-1 alpha-2
	Market    string // of the country, see country-rules.json
	Language  string
	Domain    string
	PartnerID string // empty chooses one
	// Active gives the status active at once; otherwise the partner is pending.
	Active bool
	// SignedMPA says that the partner has signed its partner agreement on paper.
	SignedMPA bool
	// Registrar says that the partner registers domains.
	Registrar bool
	// Admin is the first user; nil adds none. He gets Global admin and Admin agent
	// (rule A13). Tenant and roles need not be given.
	Admin *NewUser
}

// Enrolled is the result of EnrolPartner. Admin is nil when none was added.
type Enrolled struct {
	Partner Partner
	Admin   *CreatedUser
}

// EnrolPartner makes the organisation of a partner with its enrolment, its
// domain, the groups of its agents and its first user (rules A1, A2, A7, A13).
var EnrolPartner = op.Define(op.Spec{Action: "partner.enrol", Write: true},
	func(ctx context.Context, u *op.Unit, in Enrolment) (Enrolled, error) {
		p, err := in.partner(ctx, u)
		if err != nil {
			return Enrolled{}, err
		}
		t := Tenant{ID: p.Tenant, Kind: PartnerTenant, Name: p.Name, Country: p.Country, Language: in.Language, DefaultDomain: p.Domain}
		if err := createTenant(ctx, u, t); err != nil {
			return Enrolled{}, err
		}
		if err := insertPartnerRow(ctx, u, p); err != nil {
			return Enrolled{}, err
		}
		for _, g := range agentGroups {
			if _, err := createGroup(ctx, u, Group{Tenant: t.ID, Name: g.name, Role: g.role}); err != nil {
				return Enrolled{}, err
			}
		}
		out := Enrolled{Partner: p}
		if in.Admin != nil {
			if out.Admin, err = firstUser(ctx, u, t.ID, *in.Admin, policy.GlobalAdmin|policy.AdminAgent); err != nil {
				return Enrolled{}, err
			}
		}
		return out, u.Record(ctx, op.Record{
			Operation: "enrol_partner", Resource: "partner", Tenant: t.ID, New: viewPartner(p),
		})
	})

func firstUser(ctx context.Context, u *op.Unit, tenant id.Tenant, n NewUser, roles policy.Role) (*CreatedUser, error) {
	n.Tenant, n.Roles = tenant, roles
	made, err := CreateUser(ctx, u, n)
	if err != nil {
		return nil, err
	}
	return &made, recordUser(ctx, u, userCreated, nil, &made.User)
}

// partner returns the enrolment that in asks for, or what is wrong with it.
func (in Enrolment) partner(ctx context.Context, u *op.Unit) (Partner, error) {
	p := Partner{
		Tenant: in.ID, Name: tidy(in.Name), Country: strings.ToUpper(in.Country), Types: in.Types, Status: PartnerPending,
		Market: in.Market, PartnerID: in.PartnerID, EnrolledAt: u.Now, Registrar: in.Registrar,
	}
	var l fault.List
	l.Add(checkOrganisationName(p.Name))
	if !validTypes(in.Types) {
		l.Add(ErrPartnerTypes.On("type"))
	}
	var ok bool
	if p.Domain, ok = ParseDomain(in.Domain); !ok {
		l.Add(ErrDomain.On("domain"))
	}
	if err := l.Err(); err != nil {
		return Partner{}, err
	}
	if p.Tenant == "" {
		p.Tenant = id.Tenant(u.NewID())
	}
	if in.Active {
		p.Status = PartnerActive
	}
	if in.SignedMPA {
		p.MPASignedAt = u.Now
	}
	if p.PartnerID == "" {
		var err error
		if p.PartnerID, err = freePartnerID(ctx, u); err != nil {
			return Partner{}, err
		}
	}
	return p, nil
}

func checkOrganisationName(name string) *fault.Error {
	if n := utf8.RuneCountInString(name); n < 2 || n > organisationNameMax {
		return ErrOrganisationName.On("name").With("Max", organisationNameMax)
	}
	return nil
}

// freePartnerID chooses a PartnerID of seven digits that nobody has.
func freePartnerID(ctx context.Context, u *op.Unit) (string, error) {
	for range 50 {
		number := fmt.Sprint(1_000_000 + rand.N(9_000_000)) //nolint:gosec // a number that everybody may know
		_, taken, err := PartnerByNumber(ctx, u.Tx, number)
		if err != nil || !taken {
			return number, err
		}
	}
	return "", errors.New("identity: no free PartnerID found")
}

func insertPartnerRow(ctx context.Context, u *op.Unit, p Partner) error {
	_, err := u.Exec(ctx, insertPartner, p.Tenant, int64(p.Types), p.Status, p.StatusCause, p.Market, p.PartnerID,
		db.Micros(p.MPASignedAt), p.MPASignedBy, db.Micros(p.EnrolledAt), db.Micros(u.Now), p.StatusReason, p.Registrar)
	return uniquePartnerID(err, p)
}

func uniquePartnerID(err error, p Partner) error {
	if db.IsUnique(err) {
		return ErrPartnerID.On("partnerId").With("PartnerID", p.PartnerID).Because(err)
	}
	return err
}

// savePartner writes a changed enrolment.
func savePartner(ctx context.Context, u *op.Unit, p Partner) error {
	_, err := u.Exec(ctx, updatePartner, p.Tenant, int64(p.Types), p.Status, p.StatusCause, p.Market, p.PartnerID,
		db.Micros(p.MPASignedAt), p.MPASignedBy, db.Micros(u.Now), p.StatusReason, p.Registrar)
	u.Changed(tenantFact(p.Tenant))
	return uniquePartnerID(err, p)
}

// partnerView is what the activity log keeps of an enrolment.
type partnerView struct {
	TenantID  id.Tenant
	Name      string
	Types     []string
	Status    PartnerStatus
	Cause     string
	Reason    SuspensionReason
	Market    string
	PartnerID string
	MPASigned bool
	Registrar bool
}

func viewPartner(p Partner) partnerView {
	return partnerView{p.Tenant, p.Name, PartnerTypeNames(p.Types), p.Status, p.StatusCause, p.StatusReason, p.Market, p.PartnerID, !p.MPASignedAt.IsZero(), p.Registrar}
}

// PartnerChange is the input of UpdatePartner. Nil members stay as they are.
type PartnerChange struct {
	Tenant id.Tenant
	Types  *policy.Org
	Status *PartnerStatus
	Cause  string // required for restricted, suspended, rejected and closed
	// Reason is the cause of a suspension (rule A7); empty means other.
	Reason    SuspensionReason
	PartnerID *string
	// SignedMPA records that the partner has signed its agreement on paper.
	SignedMPA bool
	Registrar *bool
}

// UpdatePartner changes the enrolment of a partner: the operator's decision on
// its status with its cause, its types and its PartnerID (rules A2, A7). What
// the partner may do changes with the next request. A closed enrolment stays
// closed.
var UpdatePartner = op.Define(op.Spec{Name: "partner.update", Action: "partner.enrol", Write: true},
	func(ctx context.Context, u *op.Unit, in PartnerChange) (Partner, error) {
		old, found, err := PartnerOf(ctx, u.Tx, in.Tenant)
		if err != nil {
			return Partner{}, err
		}
		if !found {
			return Partner{}, ErrTenantUnknown
		}
		p := old
		if err := in.apply(&p, u.Now); err != nil {
			return Partner{}, err
		}
		if p.Status == PartnerActive && (old.Status == PartnerPending || old.Status == PartnerRejected) {
			if err := notVetted(ctx, u.Tx, p); err != nil {
				return Partner{}, err
			}
		}
		if err := savePartner(ctx, u, p); err != nil {
			return Partner{}, err
		}
		return p, u.Record(ctx, op.Record{
			Operation: "update_partner", Resource: "partner", Tenant: p.Tenant, Old: viewPartner(old), New: viewPartner(p),
		})
	})

func (in PartnerChange) apply(p *Partner, now time.Time) error {
	var l fault.List
	if p.Status == PartnerClosed {
		l.Add(ErrPartnerClosed)
	}
	if in.Types != nil {
		if !validTypes(*in.Types) {
			l.Add(ErrPartnerTypes.On("type"))
		}
		p.Types = *in.Types
	}
	if in.Status != nil {
		l.Add(checkStatus(*in.Status, in.Cause))
		p.Status, p.StatusCause, p.StatusReason = *in.Status, cut(in.Cause, causeMax), ""
		if p.Status == PartnerSuspended {
			p.StatusReason = cmp.Or(in.Reason, ReasonOther)
			if !slices.Contains(SuspensionReasons(p.Types), p.StatusReason) {
				l.Add(ErrPartnerReason.On("reason"))
			}
		}
	}
	if in.SignedMPA && p.MPASignedAt.IsZero() {
		p.MPASignedAt = now
	}
	if in.Registrar != nil {
		p.Registrar = *in.Registrar
	}
	if in.PartnerID != nil {
		p.PartnerID = cut(*in.PartnerID, partnerIDMax)
	}
	return l.Err()
}

// checkStatus refuses a status without the cause it needs.
func checkStatus(s PartnerStatus, cause string) *fault.Error {
	switch s {
	case PartnerPending, PartnerActive:
		return nil
	case PartnerRestricted, PartnerSuspended, PartnerRejected, PartnerClosed:
		if tidy(cause) == "" {
			return ErrPartnerCause.On("cause")
		}
		return nil
	}
	return ErrPartnerStatus.On("status")
}

// SignPartnerAgreement signs the partner agreement for the actor's organisation
// (rules A7, b49: a Global admin only). Signing again changes nothing.
var SignPartnerAgreement = op.Define(op.Spec{Name: "partner.agreement.sign", Action: "partner.profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Partner, error) {
		old, found, err := PartnerOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return Partner{}, err
		}
		if !found {
			return Partner{}, ErrTenantUnknown
		}
		if !old.MPASignedAt.IsZero() {
			return old, nil
		}
		p := old
		p.MPASignedAt, p.MPASignedBy = u.Now, u.Actor.User
		if err := savePartner(ctx, u, p); err != nil {
			return Partner{}, err
		}
		return p, u.Record(ctx, op.Record{
			Operation: "create_agreement", Resource: "agreement", Old: viewPartner(old), New: viewPartner(p),
		})
	})

// PartnerList asks for a page of all partners, in the order of their enrolment.
type PartnerList struct {
	After id.Tenant // last of the page before; "" starts
	Size  int       // 1 to 500; 0 means 50
}

// ListPartners lists the partners of the installation, for the operator (V-4).
var ListPartners = op.Define(op.Spec{Action: "partner.list"},
	func(ctx context.Context, u *op.Unit, in PartnerList) ([]Partner, error) {
		if in.Size <= 0 || in.Size > 500 {
			in.Size = 50
		}
		rows, err := u.Query(ctx, partnersAfter, in.After, in.Size)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var all []Partner
		for rows.Next() {
			p, err := scanPartner(rows)
			if err != nil {
				return nil, err
			}
			all = append(all, p)
		}
		return all, rows.Err()
	})

// NewOperator is the input of CreateOperator.
type NewOperator struct {
	Name    string
	Country string
	Domain  string
	Admin   NewUser // tenant and roles need not be given
}

// CreateOperator makes the operator's own organisation and its first
// administrator. There is one in an installation (rule A1); a second is refused.
var CreateOperator = op.Define(op.Spec{Action: "operator.create", Write: true},
	func(ctx context.Context, u *op.Unit, in NewOperator) (CreatedUser, error) {
		if _, found, err := Operator(ctx, u.Tx); err != nil {
			return CreatedUser{}, err
		} else if found {
			return CreatedUser{}, ErrOperatorExists
		}
		domain, ok := ParseDomain(in.Domain)
		if !ok {
			return CreatedUser{}, ErrDomain.On("domain")
		}
		t := Tenant{ID: id.Tenant(u.NewID()), Kind: OperatorTenant, Name: in.Name, Country: in.Country, DefaultDomain: domain}
		if err := createTenant(ctx, u, t); err != nil {
			return CreatedUser{}, err
		}
		admin, err := firstUser(ctx, u, t.ID, in.Admin, policy.OperatorAdmin)
		if err != nil {
			return CreatedUser{}, err
		}
		return *admin, nil
	})

// Operator returns the operator's organisation; the second result is false
// before there is one.
func Operator(ctx context.Context, t *db.Tx) (Tenant, bool, error) {
	var o Tenant
	var created int64
	found, err := t.Found(ctx, operatorTenant, nil, o.fields(&created)...)
	o.CreatedAt = db.Time(created)
	return o, found, err
}

// OrganisationName is the input of RenameOrganisation.
type OrganisationName struct{ Name string }

// RenameOrganisation changes the live name of the actor's partner organisation
// (rule b49).
var RenameOrganisation = op.Define(op.Spec{Name: "partner.rename", Action: "partner.profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in OrganisationName) (struct{}, error) {
		in.Name = tidy(in.Name)
		if err := checkOrganisationName(in.Name); err != nil {
			return struct{}{}, err
		}
		old, err := TenantByID(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return struct{}{}, err
		}
		if err := RenameTenant(ctx, u, old.ID, in.Name); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{Operation: "update_partner", Resource: "partner", Old: old.Name, New: in.Name})
	})
