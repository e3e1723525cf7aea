"""The domain that a caller means: normalised, full-dimensional, in parts where it is a union."""

from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.parts_of import DomainPart, domain_parts
from verishallow.slices import Slice


def parts_of(
    domain: Polyhedron | str | None, inputs: int, on_slice: Slice | None = None, most: int | None = None
) -> tuple[DomainPart, ...]:
    """The parts of a domain, each full-dimensional: a union has several, and a flat one is a slice.

    >>> [part.polyhedron.inequalities for part in parts_of("ball:linf:0:1/2", 1)]
    [(AffineForm(1 - 2*x0), AffineForm(1 + 2*x0))]
    """
    if isinstance(domain, Polyhedron):
        return (DomainPart(usable_domain(domain, on_slice.parameters if on_slice else inputs), on_slice),)
    parts = domain_parts(domain, inputs, on_slice)
    if most is not None and len(parts) > most:
        raise DomainError(f"expected a domain in one part, found {len(parts)}; prove each of verishallow.parts_of(...)")
    return parts


def usable_domain(domain: Polyhedron | str | None, dimension: int) -> Polyhedron:
    """The domain meant, normalised, of the right dimension and with an interior; of a strict one the closure."""
    return usable_part(domain, dimension).polyhedron


def usable_part(domain: Polyhedron | str | None, dimension: int) -> DomainPart:
    """The same with its strict rows."""
    if not isinstance(domain, Polyhedron):
        (part,) = parts_of(domain, dimension, most=1)
        if part.slice is not None:
            raise DomainError(
                "expected a domain with interior points; prove on a flat one, as a slice, with prove(...)"
            )
        return part
    if domain.dimension != dimension:
        raise DomainError(f"expected a domain of dimension {dimension}, the network's inputs, found {domain.dimension}")
    normalised = domain.normalised()
    normalised.interior_point()
    return DomainPart(normalised)
