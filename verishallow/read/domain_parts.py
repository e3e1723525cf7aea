"""Domains in parts: a union gives several polyhedra, and a flat one is proved on its affine hull, as a slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from verishallow.affine import AffineForm
from verishallow.errors import DomainError
from verishallow.polyhedron import Polyhedron
from verishallow.read.balls import parse_ball
from verishallow.read.domains import parse_domain
from verishallow.read.files import file_bytes, utf8_text
from verishallow.read.places import within
from verishallow.read.vnnlib import Part, parts_of_vnnlib
from verishallow.slices import Slice, affine_hull


@dataclass(frozen=True, slots=True)
class DomainPart:
    """A full-dimensional polyhedron, of the inputs, or of the parameters of a slice."""

    polyhedron: Polyhedron
    slice: Slice | None = None


def domain_parts(text: str | None, inputs: int, embedding: Slice | None = None) -> tuple[DomainPart, ...]:
    """The parts of the domain that a text describes, for a network with so many inputs, on a slice or not.

    On a slice a box or a file of inequalities is about its parameters, by default the unit box; balls and VNN-LIB
    files are always about the inputs. Raises :class:`~verishallow.errors.DomainError` where no part has an interior.

    >>> [part.polyhedron.inequalities for part in domain_parts("ball:linf:0:1/2", 1)]
    [(AffineForm(1 - 2*x0), AffineForm(1 + 2*x0))]
    """
    if text is not None and text.strip().startswith("ball:"):
        with within("domain", DomainError):
            ball = parse_ball(text.strip(), inputs)
            return (_whole(ball.on_slice(embedding) if embedding else ball.polyhedron(), embedding),)
    if text is not None and Path(text).suffix.lower() == ".vnnlib":
        return _parts_of_file(text, inputs, embedding)
    if embedding is not None:
        return (DomainPart(parse_domain(text or "box:0,1", embedding.parameters), embedding),)
    return (DomainPart(parse_domain(text, inputs)),)


def _whole(polyhedron: Polyhedron, embedding: Slice | None) -> DomainPart:
    normalised = polyhedron.normalised()
    normalised.interior_point()
    return DomainPart(normalised, embedding)


def _parts_of_file(path: str, inputs: int, embedding: Slice | None) -> tuple[DomainPart, ...]:
    with within(path, DomainError):
        parts = parts_of_vnnlib(utf8_text(file_bytes(path)))
        found = tuple(part for each in parts for part in _usable(each, inputs, embedding))
        if not found:
            raise DomainError("expected input constraints that some point satisfies, found none")
        return tuple(dict.fromkeys(found))


def _usable(part: Part, inputs: int, embedding: Slice | None) -> Iterator[DomainPart]:
    """The part itself, or what is left of it on its affine hull; nothing where it is empty, or one point."""
    if any(len(row) != inputs + 1 for row in (*part.inequalities, *part.equations)):
        raise DomainError(f"expected {inputs} inputs, as the network has, found another number")
    inequalities, equations = ([AffineForm(row) for row in rows] for rows in (part.inequalities, part.equations))
    if embedding is not None:
        inequalities, equations = (
            [embedding.pulled_back(form) for form in forms] for forms in (inequalities, equations)
        )
    yield from _on_hull(inequalities, equations, embedding, embedding.parameters if embedding else inputs)


def _on_hull(
    inequalities: Sequence[AffineForm], equations: Sequence[AffineForm], embedding: Slice | None, dimension: int
) -> Iterator[DomainPart]:
    present = set(inequalities)
    flat = [*equations, *(form for form in inequalities if -form in present)]
    if flat:
        hull = affine_hull(flat, dimension)
        if hull is None:
            return
        pulled = [hull.pulled_back(form) for form in inequalities]
        embedding = hull if embedding is None else embedding.after(hull)
        inequalities, dimension = pulled, hull.parameters
    polyhedron = Polyhedron(dimension, tuple(inequalities)).normalised()
    implicit = polyhedron.implicit_equations()
    if implicit:
        yield from _on_hull(polyhedron.inequalities, implicit, embedding, dimension)
    elif implicit is not None:
        yield DomainPart(polyhedron, embedding)
