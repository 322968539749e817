package identity

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"comptoir/internal/fault"
)

func TestAChosenPasswordIsHardToGuess(t *testing.T) {
	tests := []struct {
		password string
		want     *fault.Error
	}{
		{"Kaffe-11", nil},
		{"Vår-Frukost 7", nil},
		{"correct horse battery staple", nil},
		{"Short-1", ErrPasswordShort},
		{strings.Repeat("Ab1-", 65), ErrPasswordLong},
		{"alllowercase", ErrPasswordPlain},
		{"lower4and5digits", nil},
		{"lowercase12", ErrPasswordPlain},
		{"aaaaaaaaaaaaaaaaaaaa", ErrPasswordPlain},
		{"Maja.Lind-2026", ErrPasswordName},
		{"P@ssw0rd2026!", ErrPasswordCommon},
		{"Sommar-2026!", ErrPasswordCommon},
		{"Motdepasse123!", ErrPasswordCommon},
	}
	for _, tt := range tests {
		got := CheckPassword("maja.lind@fjallbageri.example", tt.password)
		if (got == nil) != (tt.want == nil) || (got != nil && !errors.Is(got, tt.want)) {
			t.Errorf("%q: got %v, want %v", tt.password, got, tt.want)
		}
	}
	if err := CheckGivenPassword("P@ssw0rd2026!"); err != nil {
		t.Errorf("a program may give a well-known password to be changed: %v", err)
	}
}

func TestEveryFormOfVerifierKnowsItsPasswordOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value, other := rapid.StringN(1, 40, 200).Draw(t, "value"), rapid.StringN(1, 40, 200).Draw(t, "other")
		v := newVerifier(value)
		if !v.matchesGenerated(value) || (value != other && v.matchesGenerated(other)) {
			t.Fatalf("%s does not tell %q from %q", v, value, other)
		}
	})
	chosen, err := HashPassword(t.Context(), "Kaffe-11")
	if err != nil {
		t.Fatal(err)
	}
	again, err := HashPassword(t.Context(), "Kaffe-11")
	if err != nil || chosen == again {
		t.Errorf("the same password gives the same verifier: %v %v", again, err)
	}
	for _, v := range []Verifier{chosen, newVerifier("Kaffe-11"), "", "s256$", "s256$zz$zz", "argon2id$1$1$1$x", "argon2id$19456$2$1$!$!"} {
		for password, right := range map[string]bool{"Kaffe-11": v == chosen || v.IsGenerated() && len(v) > 20, "Kaffe-12": false, "": false} {
			if got, err := v.Matches(t.Context(), password); err != nil || got != right {
				t.Errorf("%q matches %q: %v %v", v, password, got, err)
			}
		}
	}
}

func TestGeneratedSecretsAreTooManyToTry(t *testing.T) {
	seen := make(map[string]bool)
	for range 200 {
		p, s := GeneratePassword(), GenerateSecret()
		if len(p) != 27 || strings.Trim(p, passwordAlphabet+"-") != "" || len(s) != 47 || seen[p] || seen[s] {
			t.Fatalf("password %q, secret %q", p, s)
		}
		seen[p], seen[s] = true, true
	}
	// 24 characters of 32 are 120 bits.
	if bits := 5 * 24; bits < 119 {
		t.Errorf("a generated password has %d bits", bits)
	}
}

func TestHashingWaitsForItsTurnAndGivesUpWithItsCaller(t *testing.T) {
	for range cap(hashing) {
		hashing <- struct{}{}
	}
	defer func() {
		for range cap(hashing) {
			<-hashing
		}
	}()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := HashPassword(ctx, "Kaffe-11"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := Verifier("").Matches(ctx, "Kaffe-11"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The work for an unknown name and for a wrong password is the same: one
// argon2id. What is counted here is the work, since time is not the same twice.
func TestAnUnknownNameTakesAsMuchWorkAsAWrongPassword(t *testing.T) {
	chosen, err := HashPassword(t.Context(), "Kaffe-11")
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]Verifier{"wrong password": chosen, "unknown name": "", "temporary password": newVerifier(GeneratePassword())} {
		// The memory that argon2id fills is its work, and can be counted: time
		// depends on what else the machine does.
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if ok, err := v.Matches(t.Context(), "Wrong-1"); ok || err != nil {
			t.Fatal(ok, err)
		}
		runtime.ReadMemStats(&after)
		if filled := after.TotalAlloc - before.TotalAlloc; filled < argonMemory<<10 {
			t.Errorf("%s fills %d bytes, fewer than one hash", name, filled)
		}
	}
}

func TestRecoveryCodesAreReadAsPeopleWriteThem(t *testing.T) {
	for typed, want := range map[string]string{
		"q7xk2m-0hvw9d": "q7xk2m-0hvw9d", " Q7XK2M 0HVW9D ": "q7xk2m-0hvw9d", "q7xk2mOhvw9d": "q7xk2m-0hvw9d",
		"l7xki2-0hvw9d": "17xk12-0hvw9d", "short": "", "": "",
	} {
		if got := normaliseRecoveryCode(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
	for _, code := range newRecoveryCodes() {
		if normaliseRecoveryCode(code) != code {
			t.Errorf("%q is read otherwise", code)
		}
	}
}

// The codes are those of RFC 6238, appendix B (SHA-1, cut to six digits).
func TestOneTimeCodesAreThoseOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for unix, code := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"} {
		at := time.Unix(unix, 0)
		step := unix / totpPeriod
		tests := []struct {
			name string
			wall time.Time
			last int64
			want int64
		}{
			{"in time", at, 0, step},
			{"half a minute late", at.Add(30 * time.Second), 0, step},
			{"half a minute early", at.Add(-30 * time.Second), 0, step},
			{"a minute and more late", at.Add(90 * time.Second), 0, 0},
			{"used before", at, step, 0},
		}
		for _, tt := range tests {
			if got, err := totpStep(secret, " "+code[:3]+" "+code[3:], tt.wall, tt.last); err != nil || got != tt.want {
				t.Errorf("%d %s: step %d (%v), want %d", unix, tt.name, got, err, tt.want)
			}
		}
	}
	if _, err := totpStep("not base 32!", "000000", today(), 0); err == nil {
		t.Error("a broken secret went unnoticed")
	}
	if a := TOTPAddress("Comptoir Ö", "maja@x.example", secret); a != "otpauth://totp/Comptoir%20%C3%96:maja@x.example?algorithm=SHA1&digits=6&issuer=Comptoir%20%C3%96&period=30&secret="+secret {
		t.Errorf("address %s", a)
	}
}

func today() time.Time { return time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC) }

func TestRedirectAddressesAreComparedAsTheyAre(t *testing.T) {
	registered := []string{"https://app.example/callback", "http://localhost", "http://127.0.0.1/auth?x=1", "urn:ietf:wg:oauth:2.0:oob"}
	for asked, want := range map[string]bool{
		"https://app.example/callback":         true,
		"https://app.example/callback/":        false,
		"https://app.example/callback?x":       false,
		"https://app.example.evil/callback":    false,
		"https://app.example@evil/callback":    false,
		"http://localhost:41234":               true,
		"http://localhost:41234/":              true,
		"http://localhost:41234/other":         false,
		"http://localhost.evil:1":              false,
		"http://user@localhost:1":              false,
		"https://localhost:41234":              false,
		"http://127.0.0.1:9/auth?x=1":          true,
		"http://127.0.0.1:9/auth?x=2":          false,
		"urn:ietf:wg:oauth:2.0:oob":            true,
		"":                                     false,
		"javascript:alert(1)":                  false,
		"http://localhost:41234/#fragment":     false,
		"//evil.example":                       false,
		"https://app.example/callback\r\nX: y": false,
	} {
		if got := MatchRedirect(registered, asked); got != want {
			t.Errorf("%q: %v, want %v", asked, got, want)
		}
	}
	for uri, good := range map[string]bool{
		"https://app.example/cb": true, "http://localhost:3000": true, "msal123://auth": true, "http://[::1]/x": true,
		"http://app.example/cb": false, "https://app.example/#x": false, "javascript:alert(1)": false, "data:text/html,x": false,
		"https://": false, "/relative": false, "https://u:p@app.example": false, "https://app.example/ x": false,
	} {
		if err := CheckRedirect(uri); (err == nil) != good {
			t.Errorf("registering %q: %v", uri, err)
		}
	}
}

func TestDomainsAndUserNamesAreRead(t *testing.T) {
	for s, want := range map[string]string{
		" Nordmolnet.EXAMPLE ": "nordmolnet.example", "a-b.c": "a-b.c", "xn--fjll-loa.se": "xn--fjll-loa.se",
		"example": "", "-a.se": "", "a-.se": "", "a..se": "", "a b.se": "", "": "", strings.Repeat("a", 64) + ".se": "",
	} {
		if got, ok := ParseDomain(s); got != want || ok != (want != "") {
			t.Errorf("domain %q is read as %q", s, got)
		}
	}
	for name, good := range map[string]bool{
		"maja@x.se": true, "Maja.Lind+1@X.se": true, "o'brien@x.se": true, "": false, "maja": false, "@x.se": false,
		"maja@": false, "ma ja@x.se": false, ".maja@x.se": false, "maja.@x.se": false, "mäja@x.se": false, "a@b@c.se": false,
	} {
		if _, _, err := ParseUserName(name); (err == nil) != good {
			t.Errorf("user name %q: %v", name, err)
		}
	}
}

// A fact read before a change and kept after it would outlive the change.
func TestAFactReadBeforeAChangeIsNotKeptAfterIt(t *testing.T) {
	c := newCache[string, int](clockAt(today()))
	read := func(value int, meanwhile func()) int {
		v, err := c.get("k", func() (int, error) { meanwhile(); return value, nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	read(1, func() { c.forget("k") })
	if v := read(2, func() {}); v != 2 {
		t.Errorf("the fact from before the change was kept: %d", v)
	}
	if v := read(3, func() {}); v != 2 {
		t.Errorf("the fact was not kept: %d", v)
	}
	c.wall.Advance(factAge)
	if v := read(4, func() {}); v != 4 {
		t.Errorf("the fact did not age: %d", v)
	}
	if _, err := c.get("other", func() (int, error) { return 0, context.Canceled }); !errors.Is(err, context.Canceled) {
		t.Error("a failure was swallowed")
	}
	if v, err := c.get("other", func() (int, error) { return 5, nil }); v != 5 || err != nil {
		t.Error("a failure was kept")
	}
}

func TestTheCacheDoesNotGrowWithoutEnd(t *testing.T) {
	c := newCache[int, int](clockAt(today()))
	for i := range cacheMax + 10 {
		if _, err := c.get(i, func() (int, error) { return i, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.entries); n > cacheMax {
		t.Errorf("%d entries", n)
	}
}
