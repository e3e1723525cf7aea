"""Exact integers in float64 limbs, of every width."""

import random

import numpy as np
import pytest

from verishallow.verify.limbs import Limbs


def integers(rng: random.Random, bits: int, lines: int, width: int) -> list[list[int]]:
    extremes = (0, 1, -1, 1 << bits, -(1 << bits), (1 << bits) - 1)
    return [[rng.choice((*extremes, rng.randint(-(1 << bits), 1 << bits))) for _ in range(width)] for _ in range(lines)]


WIDTHS = [(terms, left, right) for terms in (1, 3, 50, 700) for left in (1, 20, 61, 62, 200) for right in (1, 45, 250)]


@pytest.mark.parametrize(("terms", "left", "right"), WIDTHS)
def test_products_quotients_and_signs_are_those_of_integers(terms: int, left: int, right: int) -> None:
    rng, limbs = random.Random(terms + left + right), Limbs.for_sums_of(terms)
    rows, matrix = integers(rng, left, 2, terms), integers(rng, right, terms, 3)
    expected = np.array(rows, dtype=object) @ np.array(matrix, dtype=object)
    columns = limbs.columns(limbs.of(rows), limbs.matrix(matrix))
    product = limbs.carried(columns)
    assert (limbs.integers(product) == expected).all()
    assert (limbs.signs(product) == [[(v > 0) - (v < 0) for v in row] for row in expected]).all()
    for shift in (0, 1, limbs.bits - 1, limbs.bits, limbs.bits + 1, left, left + right, left + right + 70):
        assert (limbs.integers(limbs.digits(limbs.shifted(columns, shift))) == expected >> shift).all()
        assert (limbs.integers(limbs.floored(product, shift)) == expected >> shift).all()


@pytest.mark.parametrize("bits", [1, 22, 40, 61, 62, 63, 200, 1000])
def test_entries_are_multiplied_and_added_like_integers(bits: int) -> None:
    rng, limbs = random.Random(bits), Limbs.for_sums_of(5)
    one, other = integers(rng, bits, 3, 5), integers(rng, bits, 3, 5)
    first, second = np.array(one, dtype=object), np.array(other, dtype=object)
    digits = limbs.of(one), limbs.of(other)
    assert (limbs.integers(limbs.times(*digits)) == first * second).all()
    assert (limbs.integers(limbs.plus(*digits)) == first + second).all()
    assert (limbs.integers(limbs.row_products(*digits)) == (first * second).sum(axis=1)).all()


def test_digits_are_balanced_so_that_the_highest_has_the_sign() -> None:
    limbs = Limbs.for_sums_of(3)
    half = 1 << limbs.bits - 1
    for value in (half, half - 1, -half, 3 * half, (1 << 200) - 1, -(1 << 200)):
        assert max(abs(digit).max() for digit in limbs.of([[value]])) <= half
