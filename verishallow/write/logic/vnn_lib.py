"""A certified property as VNN-LIB 1.0: the domain, and what would be a counterexample."""

from collections.abc import Iterator, Sequence

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate.certificate import Certificate
from verishallow.checker import unsafe_in_words
from verishallow.errors import InputError
from verishallow.records.spelling import Record


def vnnlib(certificate: Certificate) -> bytes:
    """The text of a property, which other tools read; a fraction without a decimal is a quotient.

    Raises :class:`~verishallow.errors.InputError` for two networks and on slices, which VNN-LIB 1.0 does not have.

    >>> from verishallow import ReLUNetwork, verify
    >>> slope = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    >>> print(vnnlib(verify(slope, lambda x, y: y[0] > x[0] + 3, "box:0,1").certificate).decode().splitlines()[-1])
    (assert (> (+ (- X_0) Y_0 (- 3)) 0))
    """
    header = certificate.header
    if "slice" in header or "other_network_sha256" in header:
        raise InputError("vnnlib: expected a property of one network in all of its inputs; 'anc' takes any")
    return "\n".join(_lines(header)).encode("ascii") + b"\n"


def _lines(header: Record) -> Iterator[str]:
    inputs, outputs = [f"X_{i}" for i in range(header["inputs"])], [f"Y_{o}" for o in range(header["outputs"])]
    yield f"; no x in the domain with {unsafe_in_words(header)}"
    yield f"; network sha256 {header['network_sha256']}"
    yield from (f"(declare-const {name} Real)" for name in (*inputs, *outputs))
    yield from (f"(assert {row})" for row in _rows(header["domain"], header["strict"], inputs))
    disjuncts = [_rows(each["rows"], each["strict"], (*inputs, *outputs)) for each in header["unsafe"]]
    if len(disjuncts) == 1:
        yield from (f"(assert {row})" for row in disjuncts[0])
    else:
        conjunctions = [f"(and {' '.join(rows)})" for rows in disjuncts]
        yield f"(assert (or {' '.join(conjunctions)}))"


def _rows(rows: Sequence[Sequence[str]], strict: Sequence[int], names: Sequence[str]) -> list[str]:
    return [_row(AffineForm.of(row), number in strict, names) for number, row in enumerate(rows)]


def _row(form: AffineForm, strict: bool, names: Sequence[str]) -> str:
    terms = [_term(a, name) for a, name in zip(form.linear, names, strict=True) if a]
    terms += [number(form.constant)] if form.constant or not terms else []
    total = terms[0] if len(terms) == 1 else f"(+ {' '.join(terms)})"
    return f"({'>' if strict else '>='} {total} 0)"


def _term(factor: mpq, name: str) -> str:
    if abs(factor) == 1:
        return name if factor > 0 else f"(- {name})"
    return f"(* {number(factor)} {name})"


def number(value: mpq) -> str:
    """A rational: an integer or a quotient, a negative one in parentheses.

    >>> number(mpq(-1, 3)), number(mpq(2))
    ('(- (/ 1 3))', '2')
    """
    size = abs(value)
    text = str(size.numerator) if size.denominator == 1 else f"(/ {size.numerator} {size.denominator})"
    return f"(- {text})" if value < 0 else text
