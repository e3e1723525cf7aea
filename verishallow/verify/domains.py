"""The domain of a property as callers name it: its rows may be strict, and it need not have an interior."""

import os
from collections.abc import Sequence
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import rational
from verishallow.read.domains.strict import StrictRows
from verishallow.read.domains.usable_domain import parts_of
from verishallow.read.places import shown
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.expressions import Condition


def rows_of_domain(domain: Any, inputs: int) -> Conjunction:
    """The rows of a domain: a condition, a polyhedron, pairs (low, high), a text as on the command line, or ``None``.

    >>> rows_of_domain([(0, "1/2")], 1).forms
    (AffineForm(x0), AffineForm(1/2 - x0))
    """
    match domain:
        case None:
            return Conjunction()
        case Conjunction():
            return domain
        case Condition():
            return _of_condition(domain)
        case Polyhedron():
            if domain.dimension != inputs:
                raise DomainError(f"domain: expected one of {inputs} inputs, found {domain.dimension}")
            return Conjunction(domain.inequalities)
        case str() | os.PathLike():
            return _named(os.fspath(domain), inputs)
    return _of_pairs(domain, inputs)


def _of_condition(condition: Condition) -> Conjunction:
    if len(condition.parts) != 1:
        raise DomainError(
            f"domain: expected one conjunction, found {len(condition.parts)}; put the union into what is unsafe"
        )
    (part,) = condition.parts
    if any(any(form.linear[condition.inputs :]) for form in part.forms):
        raise DomainError("domain: expected conditions on inputs alone, found an output")
    return Conjunction(tuple(AffineForm(form.row[: condition.inputs + 1]) for form in part.forms), part.strict)


def _named(text: str, inputs: int) -> Conjunction:
    (part,) = parts_of(text, inputs, most=1)
    if part.slice is not None:
        raise DomainError("domain: it is flat; write its rows into the property, or restrict the network to a slice")
    strict = strict_forms(part.strict, inputs)
    closed = [form for form in part.polyhedron.inequalities if form.primitive() not in strict]
    return Conjunction.of_pairs([*((form, False) for form in closed), *((form, True) for form in strict)])


def strict_forms(strict: StrictRows, inputs: int) -> tuple[AffineForm, ...]:
    """The rows of a domain that hold strictly, as primitive forms."""
    if strict.nonzero:
        raise DomainError("domain: a form that must not be 0 (!=) makes no polyhedron; write both sides as properties")
    identity = AffineMap.identity(inputs)
    return tuple(form.on(identity).primitive() for form in strict.positive)


def _of_pairs(pairs: Any, inputs: int) -> Conjunction:
    try:
        listed = [tuple(pair) for pair in pairs]
    except TypeError:
        listed = []
    if len(listed) != inputs or any(len(pair) != 2 for pair in listed):
        raise DomainError(
            f"domain: expected a condition, a polyhedron, a text such as 'box:-1,1', the name of a file, or a pair "
            f"(low, high) for each of {inputs} inputs, found {shown(pairs)}"
        )
    return box_rows([(rational(low), rational(high)) for low, high in listed])


def box_rows(sides: Sequence[tuple[mpq, mpq]]) -> Conjunction:
    """The rows x_i >= low and x_i <= high of each input; a side may be a single number, low = high."""
    rows = list[AffineForm]()
    for number, (low, high) in enumerate(sides):
        at = AffineForm.coordinate(number, len(sides))
        rows += [AffineForm((at.constant - low, *at.linear)), AffineForm((high, *(-at).linear))]
    return Conjunction(tuple(rows))
