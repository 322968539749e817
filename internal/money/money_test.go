package money_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"comptoir/internal/money"
)

func TestParseTakesPlainDecimalNumbersOnly(t *testing.T) {
	tests := []struct {
		number, code string
		want         error
	}{
		{"0", "EUR", nil},
		{"12.50", "EUR", nil},
		{"-0.000012", "USD", nil},
		{"9999999999999999999", "JPY", nil},
		{"0.0000000000000000001", "USD", nil},
		{"", "EUR", money.ErrNumber},
		{"-", "EUR", money.ErrNumber},
		{".5", "EUR", money.ErrNumber},
		{"5.", "EUR", money.ErrNumber},
		{"+5", "EUR", money.ErrNumber},
		{"--5", "EUR", money.ErrNumber},
		{"1e3", "EUR", money.ErrNumber},
		{"1,5", "EUR", money.ErrNumber},
		{"1 000", "EUR", money.ErrNumber},
		{"NaN", "EUR", money.ErrNumber},
		{"10000000000000000000", "EUR", money.ErrOverflow},
		{"1.00000000000000000001", "EUR", money.ErrOverflow},
		{"12345678901234567890.5", "EUR", money.ErrOverflow},
		{"1", "", money.ErrCurrency},
		{"1", "eur", money.ErrCurrency},
		{"1", "XYZ", money.ErrCurrency},
	}
	for _, tt := range tests {
		a, err := money.Parse(tt.number, tt.code)
		if !errors.Is(err, tt.want) {
			t.Errorf("Parse(%q, %q): error %v, want %v", tt.number, tt.code, err, tt.want)
		}
		if err == nil && (a.Number() != tt.number || a.Currency() != tt.code) {
			t.Errorf("Parse(%q, %q) prints as %s", tt.number, tt.code, a)
		}
	}
}

func TestAmountsOfDifferentCurrenciesDoNotMix(t *testing.T) {
	euro, krona := money.MustParse("1", "EUR"), money.MustParse("1", "SEK")
	if _, err := euro.Add(krona); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("Add: %v", err)
	}
	if _, err := euro.Sub(krona); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("Sub: %v", err)
	}
	if _, err := euro.Compare(krona); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("Compare: %v", err)
	}
	if _, err := (money.Amount{}).Add(money.Amount{}); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("amounts without a currency were added: %v", err)
	}
	if _, err := money.Sum("EUR", euro, krona); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("Sum: %v", err)
	}
	if euro.Equal(krona) {
		t.Error("1 EUR equals 1 SEK")
	}
}

func TestASumThatDoesNotFitIsAnErrorNotAnApproximation(t *testing.T) {
	most := money.MustParse("9999999999999999999", "EUR")
	for _, small := range []string{"1", "0.1", "0.0000000000000000001"} {
		if got, err := most.Add(money.MustParse(small, "EUR")); !errors.Is(err, money.ErrOverflow) {
			t.Errorf("%s + %s = %s, %v", most, small, got, err)
		}
	}
	if got, err := most.Times(2); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("%s × 2 = %s, %v", most, got, err)
	}
}

func TestAUsageLineIsThePriceTimesTheQuantityRoundedOnce(t *testing.T) {
	price := money.MustParse("0.0124", "USD") // per hour
	cost, err := price.Multiply(decimal.MustParse("743.75"))
	if err != nil {
		t.Fatal(err)
	}
	if cost.Number() != "9.222500" {
		t.Errorf("cost before rounding is %s", cost)
	}
	if got := cost.Round(money.HalfUp).String(); got != "9.22 USD" {
		t.Errorf("cost is %s", got)
	}
}

// rational is the exact value of a, from a library that knows no digits limit.
func rational(a money.Amount) *big.Rat {
	r, ok := new(big.Rat).SetString(a.Number())
	if !ok {
		panic("not a number: " + a.Number())
	}
	return r
}

// amounts draws amounts that leave room for sums: up to 12 digits, 0 to 6 of
// them after the point.
func amounts() *rapid.Generator[money.Amount] {
	return rapid.Custom(func(t *rapid.T) money.Amount {
		n := rapid.Int64Range(-999_999_999_999, 999_999_999_999).Draw(t, "digits")
		d := decimal.MustNew(n, rapid.IntRange(0, 6).Draw(t, "scale"))
		a, err := money.New(d, "EUR")
		if err != nil {
			t.Fatal(err)
		}
		return a
	})
}

func must(t *rapid.T) func(money.Amount, error) money.Amount {
	return func(a money.Amount, err error) money.Amount {
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

func TestSumsDoNotDependOnOrderOrGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ok := must(t)
		a, b, c := amounts().Draw(t, "a"), amounts().Draw(t, "b"), amounts().Draw(t, "c")
		left := ok(ok(a.Add(b)).Add(c))
		right := ok(a.Add(ok(b.Add(c))))
		if !left.Equal(right) {
			t.Fatalf("(a+b)+c = %s, a+(b+c) = %s", left, right)
		}
		if ba := ok(b.Add(a)); !ba.Equal(ok(a.Add(b))) {
			t.Fatalf("b+a = %s", ba)
		}
		if back := ok(ok(a.Add(b)).Sub(b)); !back.Equal(a) {
			t.Fatalf("a+b-b = %s", back)
		}
	})
}

func TestArithmeticAgreesWithExactFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ok := must(t)
		a, b := amounts().Draw(t, "a"), amounts().Draw(t, "b")
		n := rapid.Int64Range(-100_000, 100_000).Draw(t, "n")

		if got, want := rational(ok(a.Add(b))), new(big.Rat).Add(rational(a), rational(b)); got.Cmp(want) != 0 {
			t.Fatalf("%s + %s = %s, want %s", a, b, got, want)
		}
		if got, want := rational(ok(a.Times(n))), new(big.Rat).Mul(rational(a), big.NewRat(n, 1)); got.Cmp(want) != 0 {
			t.Fatalf("%s × %d = %s, want %s", a, n, got, want)
		}
		cmp, err := a.Compare(b)
		if err != nil || cmp != rational(a).Cmp(rational(b)) {
			t.Fatalf("%s compared with %s is %d, %v", a, b, cmp, err)
		}
	})
}

func TestWhatIsPrintedIsReadBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		b, err := money.Parse(a.Number(), a.Currency())
		if err != nil || a != b {
			t.Fatalf("%s was read back as %s, %v", a, b, err)
		}
	})
}
