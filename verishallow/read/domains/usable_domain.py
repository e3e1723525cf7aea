"""The domain that a caller gives, as it is used: normalised, full-dimensional, in parts where it is a union."""

import os
from collections.abc import Iterable
from typing import Any, TypeAlias

from verishallow.errors import DomainError, InputError, require_whole
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.parts_of import DomainPart, domain_parts
from verishallow.read.places import shown
from verishallow.slices import Slice

Domain: TypeAlias = Polyhedron | str | os.PathLike[str] | Iterable[Any] | None
"""What callers may name a domain by: a polyhedron, a text as on the command line, the name of a file, a box as pairs
(low, high), one per input, of any numbers, or ``None`` for all of R^n."""


def parts_of(
    domain: Domain, inputs: int, on_slice: Slice | None = None, most: int | None = None
) -> tuple[DomainPart, ...]:
    """The parts of a domain, each full-dimensional: a union has several, and a flat one is a slice.

    >>> [part.polyhedron.inequalities for part in parts_of("ball:linf:0:1/2", 1)]
    [(AffineForm(1 - 2*x0), AffineForm(1 + 2*x0))]
    >>> parts_of([(-0.5, 1)], 1)[0].polyhedron.inequalities
    (AffineForm(1 + 2*x0), AffineForm(1 - x0))
    """
    require_whole("inputs", inputs, 1, "a number of inputs")
    if on_slice is not None and not isinstance(on_slice, Slice):
        raise InputError(f"on_slice: expected a verishallow.Slice, found {type(on_slice).__name__} {shown(on_slice)}")
    if domain is not None and not isinstance(domain, Polyhedron | str | os.PathLike):
        domain = _box(domain)
    if isinstance(domain, Polyhedron):
        return (DomainPart(_usable(domain, on_slice.parameters if on_slice else inputs), on_slice),)
    parts = domain_parts(None if domain is None else os.fspath(domain), inputs, on_slice)
    if most is not None and len(parts) > most:
        raise DomainError(f"expected a domain in one part, found {len(parts)}; prove each of verishallow.parts_of(...)")
    return parts


def usable_domain(domain: Domain, dimension: int) -> Polyhedron:
    """The normalised domain, which must have the right dimension and an interior; of a strict one the closure."""
    return usable_part(domain, dimension).polyhedron


def usable_part(domain: Domain, dimension: int) -> DomainPart:
    """The same with its strict rows."""
    (part,) = parts_of(domain, dimension, most=1)
    if part.slice is not None:
        raise DomainError("expected a domain with interior points; prove on a flat one, as a slice, with prove(...)")
    return part


def _usable(domain: Polyhedron, dimension: int) -> Polyhedron:
    if domain.dimension != dimension:
        raise DomainError(f"expected a domain of dimension {dimension}, the network's inputs, found {domain.dimension}")
    normalised = domain.normalised()
    normalised.interior_point()
    return normalised


def _box(pairs: Any) -> Polyhedron:
    """The box of pairs (low, high)."""
    try:
        listed = [tuple(pair) for pair in pairs]
    except TypeError:
        listed = []
    if not listed or any(len(pair) != 2 for pair in listed):
        raise DomainError(
            f"domain: expected a polyhedron, a text such as 'box:-1,1', the name of a file, or a pair (low, high) for "
            f"each input, found {shown(pairs)}"
        )
    return Polyhedron.box(listed)
