package place

// CheckDigits are the check digit algorithms that country-rules.json names. Each
// takes an ID in normalised form and reports whether its check digits are right.
// An ID of another length or with characters that the algorithm does not know
// has no right check digits.
var CheckDigits = map[string]func(id string) bool{
	"cnpj":   cnpj,
	"inn-ru": russianINN,
	"mod11":  belarusianUNP,
	"nip":    nip,
	"pesel":  pesel,
}

var (
	cnpjFirst  = []int{5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}
	cnpjSecond = []int{6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2}
	nipWeights = []int{6, 5, 7, 2, 3, 4, 5, 6, 7}
	pesels     = []int{1, 3, 7, 9, 1, 3, 7, 9, 1, 3}
	unpWeights = []int{29, 23, 19, 17, 13, 7, 5, 3}
	innTenth   = []int{2, 4, 10, 3, 5, 9, 4, 6, 8}
	inn11th    = []int{7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
	inn12th    = []int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
)

// cnpj checks the two last digits of Brazil's register of legal entities. The
// twelve characters before them may be letters since 2026; a character counts
// its distance from "0" in ASCII.
func cnpj(id string) bool {
	if len(id) != 14 || !digits(id[12:]) {
		return false
	}
	for i := range 12 {
		if c := id[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	digit := func(weights []int) int {
		if rest := weigh(id, weights) % 11; rest >= 2 {
			return 11 - rest
		}
		return 0
	}
	return digitAt(id, 12) == digit(cnpjFirst) && digitAt(id, 13) == digit(cnpjSecond)
}

// nip checks the last digit of a Polish tax number. Numbers whose check digit
// would be ten are never issued.
func nip(id string) bool {
	return len(id) == 10 && digits(id) && weigh(id, nipWeights)%11 == digitAt(id, 9)
}

// pesel checks the last digit of a Polish personal number.
func pesel(id string) bool {
	return len(id) == 11 && digits(id) && (10-weigh(id, pesels)%10)%10 == digitAt(id, 10)
}

// belarusianUNP checks the last digit of a Belarusian payer number. Numbers
// whose check digit would be ten are never issued.
func belarusianUNP(id string) bool {
	return len(id) == 9 && digits(id) && weigh(id, unpWeights)%11 == digitAt(id, 8)
}

// russianINN checks the last digit of an organisation's taxpayer number, or the
// last two of a person's.
func russianINN(id string) bool {
	if !digits(id) {
		return false
	}
	right := func(at int, weights []int) bool { return weigh(id, weights)%11%10 == digitAt(id, at) }
	switch len(id) {
	case 10:
		return right(9, innTenth)
	case 12:
		return right(10, inn11th) && right(11, inn12th)
	}
	return false
}

// weigh returns the sum of the first characters of id, each times its weight.
func weigh(id string, weights []int) int {
	sum := 0
	for i, w := range weights {
		sum += w * digitAt(id, i)
	}
	return sum
}

func digitAt(id string, i int) int { return int(id[i]) - '0' }

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
