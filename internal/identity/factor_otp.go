package identity

import (
	"context"

	"comptoir/internal/op"
)

// NewTOTP is the input of BeginTOTP. Name tells the person his apps
// apart; it may be empty.
type NewTOTP struct{ Name string }

// PendingTOTP is an authenticator app to be: the secret is shown once, as text
// and as a QR code of TOTPAddress.
type PendingTOTP struct {
	ID     string
	Secret string
}

// BeginTOTP starts to add an authenticator app for the actor. It counts once
// ConfirmTOTP has seen a code of it.
var BeginTOTP = op.Define(op.Spec{Name: "profile.totp.begin", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewTOTP) (PendingTOTP, error) {
		secret := newTOTPSecret()
		fid, err := beginFactor(ctx, u, FactorTOTP, in.Name, secret, []byte{})
		return PendingTOTP{fid, secret}, err
	})

// GetPendingTOTP returns an authenticator app that BeginTOTP started, so that a
// page can show the code again after a mistyped one.
var GetPendingTOTP = op.Define(op.Spec{Name: "profile.totp.pending", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, in FactorKey) (PendingTOTP, error) {
		f, err := pendingFactor(ctx, u, in.ID, FactorTOTP)
		return PendingTOTP{f.ID, f.secret}, err
	})

// TOTPCode is a code for an authenticator app that is being added.
type TOTPCode struct{ ID, Code string }

// ConfirmTOTP makes an authenticator app of the actor count. With the first
// factor it returns recovery codes, shown once.
var ConfirmTOTP = op.Define(op.Spec{Name: "profile.totp.confirm", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in TOTPCode) ([]string, error) {
		f, err := pendingFactor(ctx, u, in.ID, FactorTOTP)
		if err != nil {
			return nil, err
		}
		step, err := totpStep(f.secret, in.Code, u.Wall, 0)
		if err != nil {
			return nil, err
		}
		if step == 0 {
			return nil, ErrFactorCode.On("code")
		}
		return f.confirm(ctx, u, step, []byte{})
	})
