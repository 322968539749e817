package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// One-time codes are those every authenticator app understands: SHA-1, six
// digits, 30 seconds.
const (
	totpPeriod = 30
	// totpSkew is how many periods a code may be early or late, for clocks that
	// differ and people who type slowly.
	totpSkew = 1
)

// newTOTPSecret returns 160 random bits in base 32, as apps take them.
func newTOTPSecret() string {
	raw := make([]byte, 20)
	rand.Read(raw)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
}

// TOTPAddress returns the otpauth address of secret for the account userName of
// the product issuer; as a QR code it is what an authenticator app scans.
func TOTPAddress(issuer, userName, secret string) string {
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "period": {"30"}, "digits": {"6"}, "algorithm": {"SHA1"}}
	label := url.PathEscape(issuer) + ":" + url.PathEscape(userName)
	return "otpauth://totp/" + label + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// totpStep returns the period to which code belongs, looking one period back
// and ahead of wall, or 0 when it belongs to none. Periods up to last were used
// before and are not accepted again: a code that somebody saw over a shoulder
// is worth nothing once it was typed.
func totpStep(secret, code string, wall time.Time, last int64) (int64, error) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now := wall.Unix() / totpPeriod
	var found int64
	for step := now - totpSkew; step <= now+totpSkew; step++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0), totp.ValidateOpts{
			Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err != nil {
			return 0, fmt.Errorf("one-time code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last {
			found = step
		}
	}
	return found, nil
}

// recoveryCodeCount is how many recovery codes a person gets at once.
const recoveryCodeCount = 10

// newRecoveryCodes returns codes of 60 random bits ("q7xk2m-0hvw9d"), each good
// for one sign-in without the usual second factor.
func newRecoveryCodes() []string {
	codes := make([]string, recoveryCodeCount)
	for i := range codes {
		codes[i] = GeneratePassword()[:13]
	}
	return codes
}

// normaliseRecoveryCode brings what was typed into the form of newRecoveryCodes,
// reading the letters that the alphabet leaves out as the digits they look like.
func normaliseRecoveryCode(typed string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case r == 'o':
			return '0'
		case r == 'i' || r == 'l':
			return '1'
		case strings.ContainsRune(passwordAlphabet, r):
			return r
		}
		return -1
	}, strings.ToLower(typed))
	if len(kept) != 12 {
		return ""
	}
	return kept[:6] + "-" + kept[6:]
}
