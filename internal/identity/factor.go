package identity

import (
	"context"
	"crypto/sha256"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// SettingMFA says what becomes of people without a second factor (rule A12,
// api-customers.md 2.7): enforce asks for one, report only notes it, off does
// neither. The default "auto" is enforce, and off in a sandbox.
var SettingMFA = op.DefineSetting(op.Setting{
	Name: "security.mfa", Default: "auto", Values: []string{"auto", "enforce", "report", "off"}, Rule: "A12", Mark: "O",
	Effect: "setting.security.mfa",
})

// MFAMode returns "enforce", "report" or "off" for the partners of the
// installation of k.
func MFAMode(k *op.Kernel) string { return mfaMode(k.Setting(SettingMFA), k.Sandbox, policy.Partner) }

// mfaMode returns what holds for actors of a kind. The operator's own people
// always need a second factor outside of a sandbox (V-15): whoever could switch
// that off could do everything.
func mfaMode(setting string, sandbox bool, kind policy.Kind) string {
	switch {
	case kind == policy.Operator && !sandbox:
		return "enforce"
	case setting != "auto":
		return setting
	case sandbox:
		return "off"
	}
	return "enforce"
}

// ProvedFactor returns refusal.SecondFactor for a person who has to prove a second
// factor for what he accepts or approves, and has not (rule A12).
func ProvedFactor(u *op.Unit) error {
	if mfaMode(u.Setting(SettingMFA), u.Sandbox, u.Actor.Kind) == "enforce" && u.Actor.User != "" && !u.Actor.MFA {
		return ErrFactorToAccept
	}
	return nil
}

// ErrFactorToAccept refuses somebody who signed in without a second factor to
// accept or approve something.
var ErrFactorToAccept = fault.New(fault.Forbidden, "900421", "identity.factor_to_accept")

// NeedsFactor reports whether p must prove a second factor to sign in at the
// installation of k: people of partners (rule A12) and of the operator (V-15)
// must. People of customers are asked when they have one, and when they accept or
// approve something.
func (p Person) NeedsFactor(k *op.Kernel) bool {
	mode := mfaMode(k.Setting(SettingMFA), k.Sandbox, p.TenantKind.actorKind())
	return mode == "enforce" && (p.TenantKind != CustomerTenant || p.Factors != 0)
}

// Factor is a second factor of a person, without its secret. Times are real.
type Factor struct {
	ID        string
	Kind      FactorKinds
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time // zero before its first use
}

// factorNames are the names of the kinds in the database.
var factorNames = map[FactorKinds]string{FactorTOTP: "totp", FactorPasskey: "passkey"}

// Refusals about second factors.
var (
	ErrFactorUnknown = fault.New(fault.NotFound, "1000", "identity.factor.unknown")
	ErrFactorCode    = fault.New(fault.Invalid, "2000", "identity.factor.code")    // wrong, too old or used before
	ErrFactorLast    = fault.New(fault.Conflict, "1003", "identity.factor.last")   // a second factor is required
	ErrFactorLimit   = fault.New(fault.Invalid, "2000", "identity.factor.limit")   // argument Max
	ErrPasskey       = fault.New(fault.Invalid, "2000", "identity.factor.passkey") // what the browser sent does not prove it
)

// factorMax is how many factors a person can have.
const factorMax = 10

const factorColumns = `id, kind, name, secret, credential, counter, created_at, confirmed_at, used_at`

var (
	insertFactor = db.SQL(`INSERT INTO factors (tenant_id, user_id, id, kind, name, secret, credential, counter, created_at, confirmed_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 0, 0)`)
	confirmFactor = db.SQL(`UPDATE factors SET confirmed_at = $4, used_at = $4, counter = $5, credential = $6
		WHERE tenant_id = $1 AND user_id = $2 AND id = $3 AND confirmed_at = 0`)
	// useFactor fails to change a row when the counter is not higher than before:
	// two uses of one code cannot both succeed.
	useFactor = db.SQL(`UPDATE factors SET counter = $4, used_at = $5, credential = $6
		WHERE tenant_id = $1 AND user_id = $2 AND id = $3 AND counter < $4`)
	factorsOf       = db.SQL(`SELECT ` + factorColumns + ` FROM factors WHERE tenant_id = $1 AND user_id = $2 ORDER BY id`)
	deleteFactor    = db.SQL(`DELETE FROM factors WHERE tenant_id = $1 AND user_id = $2 AND id = $3`)
	deleteFactors   = db.SQL(`DELETE FROM factors WHERE tenant_id = $1 AND user_id = $2`)
	deleteUnproven  = db.SQL(`DELETE FROM factors WHERE tenant_id = $1 AND user_id = $2 AND confirmed_at = 0 AND created_at < $3`)
	setFactorKinds  = db.SQL(`UPDATE users SET factors = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2`)
	insertRecovery  = db.SQL(`INSERT INTO recovery_codes (tenant_id, user_id, hash) VALUES ($1, $2, $3)`)
	countRecovery   = db.SQL(`SELECT hash FROM recovery_codes WHERE tenant_id = $1 AND user_id = $2`)
	useRecoveryCode = db.SQL(`DELETE FROM recovery_codes WHERE tenant_id = $1 AND user_id = $2 AND hash = $3`)

	deleteRecoveryCodes = db.SQL(`DELETE FROM recovery_codes WHERE tenant_id = $1 AND user_id = $2`)
)

// factorRow is a factor with what recognises it.
type factorRow struct {
	Factor
	secret     string
	credential []byte
	counter    int64
	confirmed  time.Time
}

func scanFactor(row db.Row) (factorRow, error) {
	var f factorRow
	var kind string
	var created, confirmed, used int64
	err := row.Scan(&f.ID, &kind, &f.Name, &f.secret, &f.credential, &f.counter, &created, &confirmed, &used)
	for k, name := range factorNames {
		if name == kind {
			f.Kind = k
		}
	}
	f.CreatedAt, f.confirmed, f.UsedAt = db.Time(created), db.Time(confirmed), db.Time(used)
	return f, err
}

// factorsIn returns the factors of a person: the confirmed ones, or, with
// pending set, those still to be confirmed.
func factorsIn(ctx context.Context, t *db.Tx, tenant id.Tenant, user id.User, pending bool) ([]factorRow, error) {
	rows, err := t.Query(ctx, factorsOf, tenant, user)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []factorRow
	for rows.Next() {
		f, err := scanFactor(rows)
		if err != nil {
			return nil, err
		}
		if f.confirmed.IsZero() == pending {
			all = append(all, f)
		}
	}
	return all, rows.Err()
}

// recountFactors keeps the kinds of factors of a person beside his account.
func recountFactors(ctx context.Context, u *op.Unit, tenant id.Tenant, user id.User) error {
	all, err := factorsIn(ctx, u.Tx, tenant, user, false)
	if err != nil {
		return err
	}
	var kinds FactorKinds
	for _, f := range all {
		kinds |= f.Kind
	}
	_, err = u.Exec(ctx, setFactorKinds, tenant, user, int64(kinds))
	u.Changed(userFact(tenant, user))
	return err
}

// OwnFactors is what a person sees of his second factors. RecoveryCodes is how
// many are left. LastStays says that there is one factor only and that it cannot
// be removed, since one is required (ErrFactorLast).
type OwnFactors struct {
	Factors       []Factor
	RecoveryCodes int
	LastStays     bool
}

// ListFactors lists the second factors of the actor.
var ListFactors = op.Define(op.Spec{Name: "profile.factors", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (OwnFactors, error) {
		all, err := factorsIn(ctx, u.Tx, u.Actor.Tenant, u.Actor.User, false)
		if err != nil {
			return OwnFactors{}, err
		}
		var own OwnFactors
		for _, f := range all {
			own.Factors = append(own.Factors, f.Factor)
		}
		own.LastStays = len(all) == 1 && needsFactor(u)
		own.RecoveryCodes, err = recoveryCodesLeft(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		return own, err
	})

// needsFactor reports whether the actor must keep a second factor (rule A12).
func needsFactor(u *op.Unit) bool {
	return u.Actor.Kind != policy.Customer && mfaMode(u.Setting(SettingMFA), u.Sandbox, u.Actor.Kind) == "enforce"
}

func recoveryCodesLeft(ctx context.Context, t *db.Tx, tenant id.Tenant, user id.User) (int, error) {
	rows, err := t.Query(ctx, countRecovery, tenant, user)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// beginFactor keeps a factor that is still to be confirmed.
func beginFactor(ctx context.Context, u *op.Unit, kind FactorKinds, name, secret string, credential []byte) (string, error) {
	a := u.Actor
	if _, err := u.Exec(ctx, deleteUnproven, a.Tenant, a.User, db.Micros(u.Wall.Add(-time.Hour))); err != nil {
		return "", err
	}
	all, err := factorsIn(ctx, u.Tx, a.Tenant, a.User, false)
	if err != nil {
		return "", err
	}
	if len(all) >= factorMax {
		return "", ErrFactorLimit.With("Max", factorMax)
	}
	fid := id.New(u.Wall)
	_, err = u.Exec(ctx, insertFactor, a.Tenant, a.User, fid, factorNames[kind], cut(name, 100), secret, credential, db.Micros(u.Wall))
	return fid, err
}

// pendingFactor returns a factor of the actor that is still to be confirmed.
func pendingFactor(ctx context.Context, u *op.Unit, fid string, kind FactorKinds) (factorRow, error) {
	all, err := factorsIn(ctx, u.Tx, u.Actor.Tenant, u.Actor.User, true)
	if err != nil {
		return factorRow{}, err
	}
	for _, f := range all {
		if f.ID == fid && f.Kind == kind {
			return f, nil
		}
	}
	return factorRow{}, ErrFactorUnknown
}

// confirm makes a pending factor count and gives the person recovery codes with
// his first one.
func (f factorRow) confirm(ctx context.Context, u *op.Unit, counter int64, credential []byte) ([]string, error) {
	a := u.Actor
	n, err := u.Exec(ctx, confirmFactor, a.Tenant, a.User, f.ID, db.Micros(u.Wall), counter, credential)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, ErrFactorUnknown
	}
	if err := recountFactors(ctx, u, a.Tenant, a.User); err != nil {
		return nil, err
	}
	left, err := recoveryCodesLeft(ctx, u.Tx, a.Tenant, a.User)
	if err != nil {
		return nil, err
	}
	var codes []string
	if left == 0 {
		if codes, err = putRecoveryCodes(ctx, u); err != nil {
			return nil, err
		}
	}
	return codes, recordOwn(ctx, u, "factor_added")
}

// recordOwn notes a change of how the actor proves who he is.
func recordOwn(ctx context.Context, u *op.Unit, change string) error {
	return recordCredential(ctx, u, User{Tenant: u.Actor.Tenant, ID: u.Actor.User, Name: u.Actor.UserName}, userUpdated, change)
}

// putRecoveryCodes gives the actor new recovery codes in the place of the old.
func putRecoveryCodes(ctx context.Context, u *op.Unit) ([]string, error) {
	a := u.Actor
	if _, err := u.Exec(ctx, deleteRecoveryCodes, a.Tenant, a.User); err != nil {
		return nil, err
	}
	codes := newRecoveryCodes()
	for _, code := range codes {
		if _, err := u.Exec(ctx, insertRecovery, a.Tenant, a.User, recoveryHash(a.User, code)); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// recoveryHash returns what is kept of a recovery code; the person is the salt.
func recoveryHash(user id.User, code string) []byte {
	h := sha256.Sum256([]byte(string(user) + "\x00" + code))
	return h[:]
}

// NewRecoveryCodes gives the actor ten new recovery codes, shown once. The old
// ones are void.
var NewRecoveryCodes = op.Define(op.Spec{Name: "profile.recovery", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]string, error) {
		codes, err := putRecoveryCodes(ctx, u)
		if err != nil {
			return nil, err
		}
		return codes, recordOwn(ctx, u, "recovery_codes")
	})

// FactorKey names a factor of the actor.
type FactorKey struct{ ID string }

// RemoveFactor removes a second factor of the actor. The last one stays where
// one is required.
var RemoveFactor = op.Define(op.Spec{Name: "profile.factor.remove", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in FactorKey) (struct{}, error) {
		a := u.Actor
		all, err := factorsIn(ctx, u.Tx, a.Tenant, a.User, false)
		if err != nil {
			return struct{}{}, err
		}
		if len(all) == 1 && all[0].ID == in.ID && needsFactor(u) {
			return struct{}{}, ErrFactorLast
		}
		n, err := u.Exec(ctx, deleteFactor, a.Tenant, a.User, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		if n == 0 {
			return struct{}{}, ErrFactorUnknown
		}
		if err := recountFactors(ctx, u, a.Tenant, a.User); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, recordOwn(ctx, u, "factor_removed")
	})

// ResetFactors removes all second factors of a user of the actor's organisation
// who has lost them, and signs him out (rule b48; of a Global admin, only by
// one: A13). ResetOwnUserFactors is the same for the administrators of a
// customer (rule c10).
var (
	ResetFactors        = op.Define(op.Spec{Name: "partner.user.factors.reset", Action: "partner.user.update", Write: true}, resetFactors)
	ResetOwnUserFactors = op.Define(op.Spec{Name: "own.user.factors.reset", Action: "own.user.update", Write: true}, resetFactors)
)

func resetFactors(ctx context.Context, u *op.Unit, in UserKey) (struct{}, error) {
	n, err := in.find(ctx, u)
	if err != nil {
		return struct{}{}, err
	}
	for _, s := range []*db.Stmt{deleteFactors, deleteRecoveryCodes} {
		if _, err := u.Exec(ctx, s, n.Tenant, n.ID); err != nil {
			return struct{}{}, err
		}
	}
	if _, err := u.Exec(ctx, endTokens, n.Tenant, n.ID, db.Micros(u.Wall)); err != nil {
		return struct{}{}, err
	}
	if err := recountFactors(ctx, u, n.Tenant, n.ID); err != nil {
		return struct{}{}, err
	}
	return struct{}{}, recordCredential(ctx, u, n, userUpdated, "factors_reset")
}
