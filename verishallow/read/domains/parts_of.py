"""Domains in parts: a union gives several polyhedra, and a flat one is proved on its affine hull, as a slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import DomainError, LimitError
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.balls import parse_ball
from verishallow.read.domains.intervals import intervals, is_box, never_true, with_constants
from verishallow.read.domains.texts import parse_domain
from verishallow.read.domains.vnnlib import Linear, Part, constraints_of_vnnlib
from verishallow.read.files import file_bytes, suffix_of, utf8_text
from verishallow.read.places import within
from verishallow.slices import Slice, affine_hull

MOST_ENTRIES = 1 << 24
"""Coefficients of all constraints on a domain in many inputs, zeros included."""

FEW_PARAMETERS = 4
"""In so few dimensions a polyhedron has few vertices."""


@dataclass(frozen=True, slots=True)
class DomainPart:
    """A full-dimensional polyhedron, of the inputs, or of the parameters of a slice."""

    polyhedron: Polyhedron
    slice: Slice | None = None


def domain_parts(text: str | None, inputs: int, on_slice: Slice | None = None) -> tuple[DomainPart, ...]:
    """The parts of the domain that a text describes, for a network with so many inputs, on a slice or not.

    On a slice a box or a file of inequalities is about its parameters, by default the unit box; balls and VNN-LIB
    files are always about the inputs. Raises :class:`~verishallow.errors.DomainError` where no part has an interior.

    >>> [part.polyhedron.inequalities for part in domain_parts("ball:linf:0:1/2", 1)]
    [(AffineForm(1 - 2*x0), AffineForm(1 + 2*x0))]
    """
    if on_slice is not None and on_slice.inputs != inputs:
        raise DomainError(
            f"slice: expected a row for each of the {inputs} inputs of the network, found {on_slice.inputs}"
        )
    if text is not None and text.strip().startswith("ball:"):
        with within("domain", DomainError):
            ball = parse_ball(text.strip(), inputs)
            if on_slice is None:
                return (_whole(ball.polyhedron(), None),)
            with within("what the ball has of the slice"):
                return (_whole(ball.on_slice(on_slice), on_slice),)
    if text is not None and suffix_of(text) == ".vnnlib":
        return _parts_of_file(text, inputs, on_slice)
    if on_slice is not None:
        return (DomainPart(parse_domain(text or "box:0,1", on_slice.parameters), on_slice),)
    return (DomainPart(parse_domain(text, inputs)),)


def _whole(polyhedron: Polyhedron, on_slice: Slice | None) -> DomainPart:
    normalised = polyhedron.normalised()
    normalised.interior_point()
    return _part(normalised, on_slice)


def _part(polyhedron: Polyhedron, on_slice: Slice | None) -> DomainPart:
    """On a slice of few dimensions most of what bounds many inputs is redundant, and left out."""
    if on_slice is None or polyhedron.dimension > FEW_PARAMETERS:
        return DomainPart(polyhedron, on_slice)
    facets = tuple(polyhedron.inequalities[number] for number in polyhedron.facets)
    return DomainPart(Polyhedron(polyhedron.dimension, facets), on_slice)


def _parts_of_file(path: str, inputs: int, on_slice: Slice | None) -> tuple[DomainPart, ...]:
    data = file_bytes(path)
    with within(path, DomainError):
        constraints = constraints_of_vnnlib(utf8_text(data))
        if constraints.inputs != inputs:
            raise DomainError(f"expected {inputs} inputs, as the network has, found {constraints.inputs}")
        found = tuple(part for each in constraints.parts for part in _usable(each, inputs, on_slice))
        if not found:
            raise DomainError("expected input constraints that more than single points satisfy, found none")
        return tuple(dict.fromkeys(found))


def _usable(part: Part, inputs: int, on_slice: Slice | None) -> Iterator[DomainPart]:
    """The part itself, or what is left of it on its affine hull; nothing where it is empty, or one point."""
    if on_slice is not None:
        yield from _on_hull(*_dense(part, on_slice.affine_map), on_slice, on_slice.parameters)
        return
    bounded = intervals(part)
    fixed = {i: interval.low for i, interval in bounded.items() if interval.flat and interval.low is not None}
    if len(fixed) == inputs or never_true(part) or any(interval.empty for interval in bounded.values()):
        return
    _require_few(inputs - len(fixed), part)
    dimension, coordinates = inputs - len(fixed), with_constants(fixed, inputs)
    (inequalities, equations), hull = _dense(part, coordinates), Slice(coordinates) if fixed else None
    if is_box(part):
        yield DomainPart(Polyhedron(dimension, tuple(inequalities)).normalised(), hull)
    else:
        yield from _on_hull(inequalities, equations, hull, dimension)


def _require_few(free: int, part: Part) -> None:
    rows = len(part.inequalities) + len(part.equations)
    if free * max(free, rows) > MOST_ENTRIES:
        raise LimitError(
            f"{free} free inputs in {rows} constraints are too many to work on; "
            "name a slice, with --line, --plane or --slice"
        )


def _dense(part: Part, coordinates: AffineMap) -> tuple[list[AffineForm], list[AffineForm]]:
    """The inequalities and the equations of a part, where each input is an affine form."""
    inequalities, equations = (
        [_form(linear, coordinates.forms) for linear in side] for side in (part.inequalities, part.equations)
    )
    return inequalities, equations


def _form(linear: Linear, coordinates: Sequence[AffineForm]) -> AffineForm:
    total = list(AffineForm.zero(coordinates[0].dimension).row)
    total[0] += linear.constant
    for position, a in linear.terms:
        total = [b + a * c if c else b for b, c in zip(total, coordinates[position].row, strict=True)]
    return AffineForm(tuple(total))


def _on_hull(
    inequalities: Sequence[AffineForm], equations: Sequence[AffineForm], on_slice: Slice | None, dimension: int
) -> Iterator[DomainPart]:
    present = set(inequalities)
    flat = [*equations, *(form for form in inequalities if -form in present)]
    if flat:
        hull = affine_hull(flat, dimension)
        if hull is None:
            return
        on_slice = hull if on_slice is None else on_slice.after(hull)
        inequalities, dimension = hull.pulled_back(inequalities), hull.parameters
    polyhedron = Polyhedron(dimension, tuple(inequalities)).normalised()
    implicit = polyhedron.implicit_equations()
    if implicit:
        yield from _on_hull(polyhedron.inequalities, implicit, on_slice, dimension)
    elif implicit is not None:
        yield _part(polyhedron, on_slice)
