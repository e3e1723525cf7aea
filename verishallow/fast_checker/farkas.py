"""Farkas identities between integers: an affine form becomes the value of a polynomial at a power of two.

The form ``b + a1 x1 + ... + an xn`` is *packed* as ``b + a1 X + ... + an X^n`` with ``X = 2^bits``. Packing is linear,
and one to one as long as all coefficients are below X/2 in absolute value; one multiplication then scales a whole
form. The network and the domain bound the coefficients, so X is chosen once.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from math import gcd, lcm
from typing import Any, NamedTuple

from gmpy2 import mpz

from verishallow.checker import Network, Row
from verishallow.checker.values import MAX_BITS, MAX_DIGITS

Packed = Any
"""A packed form."""

MOST_INPUTS = 64
MOST_BITS = 8192  # of a coefficient: its decimal digits stay below the format's limit
MOST_BITS_OF_A_STATE = 1 << 25  # so that unpacking it for the checker takes no long time
MOST_MULTIPLIER_BITS = 2048


class DoubtError(Exception):
    """The fast walk does not accept a record; the checker decides."""


def rational(text: str) -> tuple[int, int]:
    """A canonical rational as (numerator, positive denominator)."""
    top, stroke, bottom = text.partition("/")
    p, q = int(top), int(bottom or 1)
    if len(text) > MAX_DIGITS or str(p) != top:
        raise DoubtError
    if stroke and (q < 2 or str(q) != bottom or gcd(p, q) != 1):
        raise DoubtError
    return p, q


def positive(text: str) -> tuple[int, int]:
    """A canonical positive rational, from a text of digits, slashes and minus signs alone.

    The order of strings decides the spelling: a text of digits is at least "1" exactly if it does not start with 0, and
    a sign comes before all digits. The caller bounds the length of the text.
    """
    top, stroke, bottom = text.partition("/")
    if top < "1":
        raise DoubtError
    if not stroke:
        return int(top), 1
    p, q = int(top), int(bottom)
    if bottom <= "1" or gcd(p, q) != 1:
        raise DoubtError
    return p, q


def homogeneous(texts: list[str]) -> list[int]:
    """Integers [w, w x1, ..., w xn], w > 0, of a point given by canonical rationals."""
    point = [rational(text) for text in texts]
    common = lcm(*(q for _, q in point))
    if common.bit_length() > MAX_BITS:
        raise DoubtError
    return [common, *(p * (common // q) for p, q in point)]


# ------------------------------------------------------------------------------------------------ Sizes


class Sizes(NamedTuple):
    """Bounds, in bits, of the coefficients of all forms of a walk and of the multipliers."""

    coefficient: int  # of a form, and of a row times the denominator of a layer's forms
    multiplier: int  # of the sum of the integer multipliers of an identity

    @property
    def packed(self) -> int:
        """The exponent of X: an identity with bounded multipliers has coefficients below X/2."""
        return self.coefficient + self.multiplier + 1


def packing(network: Network, domain: list[Row], constants: Iterable[tuple[int, int]] = ()) -> "Packing | None":
    """The packing for a network on a domain; ``None`` if packed forms would be too large.

    ``constants`` are rationals (numerator, denominator) that are subtracted from forms before these are proved.
    """
    bits = sizes(network, domain, constants)
    all_bits = bits.packed * (network.inputs + 1) * sum(network.widths)
    fits = network.inputs <= MOST_INPUTS and bits.coefficient <= MOST_BITS and all_bits <= MOST_BITS_OF_A_STATE
    return Packing(network.inputs + 1, bits) if fits else None


def sizes(network: Network, domain: list[Row], constants: Iterable[tuple[int, int]] = ()) -> Sizes:
    """Bounds for every cell; a reason with at most n independent rows satisfies the bound of multipliers.

    By Cramer's rule its multipliers are quotients of determinants of size n, with the denominator of the form.
    """
    n, forms = network.inputs, list(_bits_of_forms(network))
    scale = max(q.bit_length() for q in network.scale)
    row = max([*forms[:-1], *(a.bit_length() for a in chain.from_iterable(domain))])
    determinants = max(forms) + scale + row * n + (n + 2) * n.bit_length() + 8
    more = max((a.bit_length() + 1 for a in chain.from_iterable(constants)), default=0)
    return Sizes(max(*forms, scale + row) + more, min(determinants, MOST_MULTIPLIER_BITS))


def _bits_of_forms(network: Network) -> Iterator[int]:
    """For each source, a bound of the bits of its forms' coefficients, whichever neurons are active."""
    bits = [max((a.bit_length() for row in forms for a in row), default=0) for forms in network.start]
    more = sum(network.widths).bit_length()
    for source, feeds in enumerate(network.feeds):
        # All terms of this source are known by now, since a layer reads earlier ones.
        bits[source] += more
        for layer, _, factor in chain.from_iterable(feeds):
            bits[layer] = max(bits[layer], bits[source] + factor.bit_length())
        yield bits[source]


# ---------------------------------------------------------------------------------------------- Packing


class Packing:
    """Rows of one length, packed, and the identities between them."""

    def __init__(self, length: int, bits: Sizes) -> None:
        self.half = mpz(1) << bits.packed - 1
        self._most = 1 << bits.multiplier
        self._mask = (1 << bits.packed) - 1
        self._shifts = [bits.packed * j for j in range(length)]
        self._halves = sum(self.half << shift for shift in self._shifts)

    def packed(self, row: Row | list[int]) -> Packed:
        """The row as one number."""
        return sum((mpz(a) << shift for a, shift in zip(row, self._shifts, strict=True)), mpz(0))

    def row(self, packed: Packed) -> Row:
        """The row of a packed number."""
        digits, half = int(packed + self._halves), int(self.half)
        return tuple([(digits >> shift & self._mask) - half for shift in self._shifts])

    def rest(self, form: Packed, scale: int, reason: Any, rows: list[Packed]) -> Packed:
        """A positive multiple of ``form / scale - sum l_i rows[i]``, packed, for a reason with positive ``l_i``.

        The reason proves ``form >= 0`` exactly if the rest is at least 0 and below ``half``: a number below X/2 that
        packs coefficients below X/2 packs a constant. Bounded multipliers have few enough digits for the format.
        """
        if type(reason) is not list:
            raise DoubtError
        if len(reason) != 2:
            return self._rest(form, scale, [(index, *positive(text)) for index, text in reason], rows)
        (i, first), (j, second) = reason
        (p, q), (u, v) = positive(first), positive(second)
        if q != v:
            common = lcm(q, v)
            p, u, q = p * (common // q), u * (common // v), common
        if not -1 < i < j or q + p + u >= self._most:
            raise DoubtError
        return q * form - (scale * p * rows[i] + scale * u * rows[j])

    def rest_on(self, form: Packed, reason: Any, rows: list[Packed], equations: list[int]) -> Packed:
        """The rest for a reason whose multipliers on equations may be negative."""
        if type(reason) is not list:
            raise DoubtError
        terms = [(index, *rational(text)) for index, text in reason]
        if not all(p > 0 or (p and index in equations) for index, p, _ in terms):
            raise DoubtError
        return self._rest(form, 1, terms, rows)

    def _rest(self, form: Packed, scale: int, terms: list[tuple[int, int, int]], rows: list[Packed]) -> Packed:
        common, previous = lcm(*[q for _, _, q in terms]), -1
        bound, total = common, common * form
        for index, p, q in terms:
            factor = p * (common // q)
            if index <= previous:
                raise DoubtError
            previous, bound = index, bound + abs(factor)
            total -= scale * factor * rows[index]
        if bound >= self._most:
            raise DoubtError
        return total
