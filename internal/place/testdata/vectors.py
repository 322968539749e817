#!/usr/bin/python3
"""Makes check digit vectors with python-stdnum, an implementation that is not ours.

    vectors.py generate > check-digits.tsv   fixed vectors, the same on every run
    vectors.py judge < IDS                   reads "algorithm<TAB>id" lines and
                                             prints "true" or "false" for each

Needs python-stdnum (Debian: python3-stdnum). CNPJ with letters is left out: the
versions in use know digits only.
"""
import random
import sys

from stdnum.br import cnpj
from stdnum.by import unp
from stdnum.exceptions import ValidationError
from stdnum.pl import nip, pesel
from stdnum.ru import inn

# Judges look at the check digits alone, not at dates and regions.
JUDGES = {
    ("cnpj", 14): lambda n: cnpj.calc_check_digits(n) == n[12:],
    ("mod11", 9): lambda n: unp.calc_check_digit(n) == n[8:],
    ("nip", 10): lambda n: nip.checksum(n) == 0,
    ("pesel", 11): lambda n: pesel.calc_check_digit(n[:10]) == n[10:],
    ("inn-ru", 10): lambda n: inn.calc_company_check_digit(n) == n[9:],
    ("inn-ru", 12): lambda n: inn.calc_personal_check_digits(n) == n[10:],
}


def judge(algorithm, number):
    try:
        is_right = JUDGES.get((algorithm, len(number)))
        return number.isdigit() and is_right is not None and is_right(number)
    except ValidationError:  # no check digit exists
        return False


def generate():
    rng = random.Random(20260101)
    for algorithm, length in JUDGES:
        wanted = {True: 25, False: 15}
        while any(wanted.values()):
            number = "".join(rng.choice("0123456789") for _ in range(length))
            verdict = judge(algorithm, number)
            if wanted[verdict]:
                wanted[verdict] -= 1
                print(algorithm, number, str(verdict).lower(), sep="\t")


if sys.argv[1:] == ["generate"]:
    generate()
elif sys.argv[1:] == ["judge"]:
    for line in sys.stdin:
        print(str(judge(*line.rstrip("\n").split("\t"))).lower())
else:
    sys.exit(__doc__)
