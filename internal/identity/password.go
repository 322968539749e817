package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"comptoir/internal/fault"
)

// Refusals of a chosen password. Their code is 27002, which clients know as
// "weak password".
var (
	ErrPasswordShort  = fault.New(fault.Invalid, "27002", "identity.password.short") // argument Min
	ErrPasswordLong   = fault.New(fault.Invalid, "27002", "identity.password.long")  // argument Max
	ErrPasswordPlain  = fault.New(fault.Invalid, "27002", "identity.password.plain") // too few kinds of characters for its length
	ErrPasswordName   = fault.New(fault.Invalid, "27002", "identity.password.name")  // holds the user name
	ErrPasswordCommon = fault.New(fault.Invalid, "27002", "identity.password.common")
)

// Bounds of a chosen password, in characters.
const (
	PasswordMin = 8
	PasswordMax = 256
	// passphraseMin is the length from which a password may be of one kind of
	// characters: four words are better than "Passw0rd!".
	passphraseMin = 16
)

// CheckPassword says what is wrong with password as the choice that the user
// userName makes for himself, or nil. Beside the rules of CheckGivenPassword it
// must not hold the user name, nor be a well-known word with digits and signs
// around it ("P@ssw0rd2026", "Sommar-2026!").
func CheckPassword(userName, password string) *fault.Error {
	local, _, _ := strings.Cut(strings.ToLower(userName), "@")
	switch {
	case len(local) >= 4 && strings.Contains(strings.ToLower(password), local):
		return ErrPasswordName
	case isCommon(password):
		return ErrPasswordCommon
	}
	return CheckGivenPassword(password)
}

// CheckGivenPassword says what is wrong with a password that an administrator
// or a program gives to somebody else, or nil. The rules are those that callers
// of the directory know: 8 to 256 characters, three of the four kinds (lower
// case, upper case, digits, others); a passphrase of 16 characters or more
// needs no kinds, only five different characters.
func CheckGivenPassword(password string) *fault.Error {
	switch n := utf8.RuneCountInString(password); {
	case n < PasswordMin:
		return ErrPasswordShort.With("Min", PasswordMin)
	case n > PasswordMax:
		return ErrPasswordLong.With("Max", PasswordMax)
	case n < passphraseMin && kinds(password) < 3, distinct(password) < 5:
		return ErrPasswordPlain
	}
	return nil
}

func kinds(s string) int {
	var lower, upper, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

func distinct(s string) int {
	seen := make(map[rune]bool)
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// commonWords are the words that most guessed passwords are made of, in the
// three languages. A password is common when nothing but digits and signs is
// left beside one of them.
var commonWords = []string{
	"password", "passwort", "motdepasse", "losenord", "lösenord", "qwerty", "qwertyuiop", "azerty", "azertyuiop",
	"welcome", "bienvenue", "valkommen", "välkommen", "bonjour", "letmein", "admin", "administrator", "comptoir",
	"secret", "changeme", "changemenow", "default", "iloveyou", "sommar", "vinter", "summer", "winter", "spring",
	"autumn", "ete", "hiver", "printemps", "automne", "soleil", "dragon", "monkey", "football", "stockholm", "paris",
	"abcdefgh", "test", "temp", "user", "partner", "customer",
}

// leet undoes the usual replacements of letters.
var leet = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

func isCommon(password string) bool {
	plain := letters(strings.ToLower(password))
	undone := letters(leet.Replace(strings.ToLower(strings.TrimRight(password, "0123456789!?.#*-_"))))
	for _, w := range commonWords {
		if plain == w || undone == w {
			return true
		}
	}
	return false
}

// letters drops everything from s that is not a letter.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// The cost of argon2id: 19 MiB, two passes, one lane (the smallest that OWASP
// recommends), about 25 ms.
const (
	argonMemory  = 19 << 10 // KiB
	argonPasses  = 2
	argonLanes   = 1
	argonKeySize = 32
	argonPrefix  = "argon2id$"
)

// hashing bounds how many argon2id computations run at once, so that a flood of
// sign-ins takes neither all memory nor all processors from everybody else.
var hashing = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)))

func enterHashing(ctx context.Context) error {
	select {
	case hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for a turn to hash: %w", context.Cause(ctx))
	}
}

// HashPassword returns the verifier of a password that a person chose. It takes
// a good part of a tenth of a second on purpose and waits for its turn, so it
// must not run inside a transaction: callers hash first and hand the verifier
// to the operation. It fails only when ctx ends.
func HashPassword(ctx context.Context, password string) (Verifier, error) {
	if err := enterHashing(ctx); err != nil {
		return "", err
	}
	defer func() { <-hashing }()
	salt := make([]byte, 16)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonLanes, argonKeySize)
	return Verifier(fmt.Sprintf("%s%d$%d$%d$%s$%s", argonPrefix, argonMemory, argonPasses, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))), nil
}

// nobody is compared with when there is no such user, so that a stranger
// cannot tell known names from unknown ones by the time an answer takes.
var nobody = Verifier(fmt.Sprintf("%s%d$%d$%d$%s$%s", argonPrefix, argonMemory, argonPasses, argonLanes,
	base64.RawStdEncoding.EncodeToString(make([]byte, 16)), base64.RawStdEncoding.EncodeToString(make([]byte, argonKeySize))))

// Matches reports whether password is the one that v keeps. It does the work of
// one argon2id whatever v is, the empty Verifier included, so that the time of
// the answer says nothing. Like HashPassword it waits for its turn.
func (v Verifier) Matches(ctx context.Context, password string) (bool, error) {
	if err := enterHashing(ctx); err != nil {
		return false, err
	}
	defer func() { <-hashing }()
	if chosen := strings.HasPrefix(string(v), argonPrefix); !chosen {
		nobody.matchesChosen(password)
		return v.matchesGenerated(password), nil
	}
	return v.matchesChosen(password), nil
}

func (v Verifier) matchesChosen(password string) bool {
	var memory, passes uint32
	var lanes uint8
	var saltText, keyText string
	text := strings.ReplaceAll(strings.TrimPrefix(string(v), argonPrefix), "$", " ")
	if _, err := fmt.Sscan(text, &memory, &passes, &lanes, &saltText, &keyText); err != nil {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(saltText)
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(keyText)
	if err != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}
