package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// NewPassword is a password on its way into an operation: hashed already, since
// that takes too long for a transaction. The zero value asks the operation to
// generate one.
type NewPassword struct {
	verifier Verifier
	digest   string
}

// GivenPassword returns a password that an administrator or a program gives to
// somebody else. It refuses what CheckGivenPassword refuses.
func GivenPassword(ctx context.Context, password string) (NewPassword, error) {
	if err := CheckGivenPassword(password); err != nil {
		return NewPassword{}, err.On("passwordProfile.password")
	}
	return hashNew(ctx, password)
}

// ChosenPassword returns a password that the user userName chose for himself.
// It refuses what CheckPassword refuses.
func ChosenPassword(ctx context.Context, userName, password string) (NewPassword, error) {
	if err := CheckPassword(userName, password); err != nil {
		return NewPassword{}, err.On("password")
	}
	return hashNew(ctx, password)
}

func hashNew(ctx context.Context, password string) (NewPassword, error) {
	v, err := HashPassword(ctx, password)
	if err != nil {
		return NewPassword{}, err
	}
	sum := sha256.Sum256([]byte(password))
	return NewPassword{verifier: v, digest: hex.EncodeToString(sum[:])}, nil
}

// IsZero reports whether the operation shall generate the password.
func (p NewPassword) IsZero() bool { return p.verifier == "" }

// MarshalJSON gives the kernel something by which it recognises the same input
// again; the verifier would not do, since its salt differs each time. The text
// is hashed with the request id and not kept.
func (p NewPassword) MarshalJSON() ([]byte, error) { return json.Marshal(p.digest) }

// orGenerated returns the verifier of p, and when p is zero that of a new
// password with the password itself.
func (p NewPassword) orGenerated() (Verifier, string) {
	if !p.IsZero() {
		return p.verifier, ""
	}
	generated := GeneratePassword()
	return newVerifier(generated), generated
}
