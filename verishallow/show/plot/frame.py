"""The box that a picture shows: all of a bounded domain, or a chosen part of an unbounded one, which is stated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from gmpy2 import mpq

from verishallow.errors import DomainError, InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, counted
from verishallow.read.domains.texts import parse_domain
from verishallow.regions.cdd_engine import cdd_engine, generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.regions.lattice_engine import Watch, lattice_engine
from verishallow.regions.plane import extent, wider
from verishallow.show.plot.texts import decimal_text

MANY_VERTICES, OUTER_SHARE = 20, 10
"""From this many vertices on, this share (1 in 10) is left out at either end of each axis: few of them lie far away."""

LONGEST_NUMBER = 12
"""Characters up to which a bound is written exactly."""

Interval = tuple[mpq, mpq]


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the domain that is shown, its bounding box, and how it was chosen, if it was.

    ``inequalities`` is the number of the domain's inequalities if the part is less than the whole box, else 0.
    """

    part: Polyhedron
    intervals: tuple[Interval, ...]
    chosen: str = ""
    inequalities: int = 0

    @property
    def text(self) -> str:
        """The part that is shown, and how it was chosen.

        >>> triangle = Polyhedron.of([[0, 1, 0], [0, 0, 1], [1, -1, -1]])
        >>> frame_of(ReLUNetwork.of([([[1, 1]], [0])]), triangle).text
        'the domain D (3 inequalities), shown in [0, 1] x [0, 1]'
        """
        box = " x ".join(f"[{_number(low)}, {_number(high)}]" for low, high in self.intervals)
        chosen = f", {self.chosen}" if self.chosen else ""
        if not self.inequalities:
            return f"{box}{chosen}"
        domain = f"the domain D ({counted(self.inequalities, 'inequality', 'inequalities')})"
        return f"the part of {domain} in {box}{chosen}" if chosen else f"{domain}, shown in {box}"


def frame_of(
    network: ReLUNetwork,
    domain: Polyhedron,
    window: str | None = None,
    points: Sequence[Vector] = (),
    watch: Watch | None = None,
) -> Frame:
    """The given window; else the whole of a bounded domain; else a box around the points, or around the vertices.

    Raises :class:`~verishallow.errors.DomainError` where the window and the domain have no common interior point.

    >>> frame_of(ReLUNetwork.of([([[1]], [-1]), ([[1]], [0])]), Polyhedron.whole_space(1)).text
    '[0, 2], a window of an unbounded domain, around the vertices of all regions'
    """
    if window is not None:
        return _framed(domain, _window(window, network.inputs), "the window asked for")
    if not (domain.v_representation.rays or domain.v_representation.lines):
        return _framed(domain, domain, "")
    if points:
        return _framed(domain, _around(points, 0), "a window of an unbounded domain, around the data")
    vertices = list(_vertices(network, domain, watch))
    left_out = len(vertices) // OUTER_SHARE if len(vertices) >= MANY_VERTICES else 0
    which = "the vertices of all regions" if not left_out else f"the middle of all {len(vertices)} vertices"
    return _framed(domain, _around(vertices, left_out), f"a window of an unbounded domain, around {which}")


def _window(text: str, inputs: int) -> Polyhedron:
    if not isinstance(text, str) or not text.strip().startswith("box:"):
        raise InputError(f"window: expected box:low,high or box:[low,high]x[low,high], found {text!r}")
    return parse_domain(text, inputs)


def _framed(domain: Polyhedron, window: Polyhedron, chosen: str) -> Frame:
    of_domain = domain.normalised().inequalities
    rows = dict.fromkeys((*of_domain, *window.normalised().inequalities))
    part = Polyhedron(domain.dimension, tuple(rows))
    if part.affine_dimension() < part.dimension:
        raise DomainError("window: it has no interior point in common with the domain; choose another")
    vertices = part.v_representation.vertices
    intervals = tuple(extent(column) for column in zip(*vertices, strict=True))
    whole = set(vertices) == set(product(*intervals))
    return Frame(part, intervals, chosen, 0 if whole else len(of_domain))


def _around(points: Sequence[Vector], left_out: int) -> Polyhedron:
    """A box around points, a quarter wider each way; ``left_out`` of them at either end of each axis do not count."""
    columns = [sorted(column)[left_out : len(points) - left_out] for column in zip(*points, strict=True)]
    ends = [extent(column) for column in columns]
    # An axis along which all points agree is shown as long as the longest of the others.
    longest = max(high - low for low, high in ends)
    return Polyhedron.box([wider(low, high) if high > low else _about(low, longest) for low, high in ends])


def _about(middle: mpq, length: mpq) -> Interval:
    return wider(middle - length / 2, middle + length / 2)


def _vertices(network: ReLUNetwork, domain: Polyhedron, watch: Watch | None) -> Iterator[Vector]:
    """The vertices of all regions; where regions contain lines, a point of each minimal face."""
    try:
        found = lattice_engine(network, domain, watch)
    except InputError:
        nodes = cdd_engine(network, domain, generic_point(domain), reporting=False)
        leaves = (node for node in nodes if isinstance(node, Leaf))
        yield from {v for leaf in leaves for v in leaf.cell.polyhedron.v_representation.vertices}
        return
    yield from (found.point(int(number)) for number in found.finite[0].nonzero()[0])


def _number(value: mpq) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_NUMBER else f"~{decimal_text(value)}"
