"""Domains in parts: a union gives several polyhedra, and a flat one is proved on its affine hull, as a slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import DomainError, LimitError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read.domains.balls import parse_ball
from verishallow.read.domains.intervals import intervals, is_box, never_true, with_constants
from verishallow.read.domains.strict import NOT_STRICT, StrictRows, towards_the_inside
from verishallow.read.domains.texts import parse_domain
from verishallow.read.domains.vnnlib import Part, constraints_of_vnnlib
from verishallow.read.files import file_bytes, suffix_of, utf8_text
from verishallow.read.places import shown, within
from verishallow.slices import Slice, affine_hull

MOST_ENTRIES = 1 << 24
"""Coefficients allowed in all constraints on a domain in many inputs, zeros included."""

INPUTS_ALONE = "inputs:"
"""What stands before a VNN-LIB file of which the constraints of inputs alone are meant."""

FEW_PARAMETERS = 4
"""Up to this dimension a polyhedron has few enough vertices to find its facets."""


@dataclass(frozen=True, slots=True)
class DomainPart:
    """A full-dimensional polyhedron, of the inputs, or of the parameters of a slice: the closure of what is meant.

    ``strict`` are the inequalities of the inputs that hold strictly; none where the part is closed.
    """

    polyhedron: Polyhedron
    slice: Slice | None = None
    strict: StrictRows = NOT_STRICT

    @property
    def inputs(self) -> AffineMap:
        """The inputs, as affine forms of the coordinates of the polyhedron."""
        return self.slice.affine_map if self.slice else AffineMap.identity(self.polyhedron.dimension)

    def towards(self, point: Vector) -> Iterator[Vector]:
        """Points of the part, strict rows included, nearer and nearer to a point of its closure, or that one alone."""
        return towards_the_inside(self.polyhedron, self.strict, self.inputs, point) if self.strict else iter([point])


def domain_parts(text: str | None, inputs: int, on_slice: Slice | None = None) -> tuple[DomainPart, ...]:
    """The parts of the domain that a text describes, for a network with this many inputs, perhaps on a slice.

    On a slice a box or a file of inequalities is about its parameters, by default the unit box; balls and VNN-LIB
    files are always about the inputs. A VNN-LIB file that asserts something about outputs is a property, no domain, and
    refused; ``inputs:FILE`` reads what it says about inputs alone.
    Raises :class:`~verishallow.errors.DomainError` where no part has an interior.

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
            with within("the part of the slice inside the ball"):
                return (_whole(ball.on_slice(on_slice), on_slice),)
    if text is not None and text.startswith(INPUTS_ALONE):
        return _parts_of_file(text.removeprefix(INPUTS_ALONE), inputs, on_slice, inputs_alone=True)
    if text is not None and is_vnnlib(text):
        return _parts_of_file(text, inputs, on_slice)
    if on_slice is not None:
        return (DomainPart(parse_domain(text or "box:0,1", on_slice.parameters), on_slice),)
    return (DomainPart(parse_domain(text, inputs)),)


def is_vnnlib(text: str) -> bool:
    """Whether a text names a VNN-LIB file."""
    return suffix_of(text) == ".vnnlib"


def _whole(polyhedron: Polyhedron, on_slice: Slice | None) -> DomainPart:
    normalised = polyhedron.normalised()
    normalised.interior_point()
    return _part(normalised, on_slice)


def _part(polyhedron: Polyhedron, on_slice: Slice | None) -> DomainPart:
    """A part of the domain; on a slice of few parameters its redundant inequalities, there the most, are left out."""
    if on_slice is None or polyhedron.dimension > FEW_PARAMETERS:
        return DomainPart(polyhedron, on_slice)
    facets = tuple(polyhedron.inequalities[number] for number in polyhedron.facets)
    return DomainPart(Polyhedron(polyhedron.dimension, facets), on_slice)


def _parts_of_file(
    path: str, inputs: int, on_slice: Slice | None, *, inputs_alone: bool = False
) -> tuple[DomainPart, ...]:
    data = file_bytes(path)
    with within(path, DomainError):
        constraints = constraints_of_vnnlib(utf8_text(data))
        if constraints.inputs != inputs:
            raise DomainError(f"expected {inputs} inputs, as the network has, found {constraints.inputs}")
        if constraints.about_outputs is not None and not inputs_alone:
            raise DomainError(
                f"is a property and no domain: it asserts {shown(constraints.about_outputs)} about outputs; "
                f"'verishallow verify NETWORK FILE' decides it, --domain-only reads its inputs alone (in Python "
                f"verishallow.verify(network, FILE), domain='{INPUTS_ALONE}FILE')"
            )
        found = tuple(part for each in constraints.parts for part in _usable(each, inputs, on_slice))
        if not found:
            raise DomainError(_why_nothing(constraints.parts, inputs, on_slice))
        return tuple(dict.fromkeys(found))


def _why_nothing(parts: Sequence[Part], inputs: int, on_slice: Slice | None) -> str:
    """What is said of a domain without any part."""
    strict = [part for part in parts if part.strict or part.nonzero]
    closed = [replace(part, strict=(), nonzero=()) for part in strict]
    if any(True for part in closed for _ in _usable(part, inputs, on_slice)) or any(map(_excludes_its_point, strict)):
        rows = StrictRows(*(tuple(dict.fromkeys(f for part in strict for f in forms(part))) for forms in STRICT_FORMS))
        return f"the domain is empty: no point satisfies its strict inequalities {rows} and all others"
    return "expected input constraints that hold at more than single points, found none"


STRICT_FORMS = (attrgetter("strict"), attrgetter("nonzero"))


def _excludes_its_point(part: Part) -> bool:
    """Whether bounds leave one point, and strict ones exclude it."""
    bounded = intervals(part)
    point = [bounded[i].low if i in bounded and bounded[i].flat else None for i in range(max(bounded, default=-1) + 1)]
    at = tuple(value for value in point if value is not None)
    return len(at) == len(point) > 0 and is_box(part) and not StrictRows(part.strict, part.nonzero).hold_at(at)


def _usable(part: Part, inputs: int, on_slice: Slice | None) -> Iterator[DomainPart]:
    """What is left of a part where its strict rows hold somewhere."""
    strict = StrictRows(part.strict, part.nonzero)
    for found in _closed(part, inputs, on_slice):
        if strict.hold_somewhere(found.inputs):
            yield replace(found, strict=strict)


def _closed(part: Part, inputs: int, on_slice: Slice | None) -> Iterator[DomainPart]:
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
        [linear.on(coordinates) for linear in side] for side in (part.inequalities, part.equations)
    )
    return inequalities, equations


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
