"""The cells of a proof of a property that are drawn: boxes, cut by the domain and by signs of first neurons; exact."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import InputError
from verishallow.rationals import Vector, vector
from verishallow.records.relaxed_tree import AssumedSign, BoxCut, TreeCell
from verishallow.regions.plane import cut
from verishallow.show.plot.frame import Frame, frame_of
from verishallow.show.verified import Verified

ColorLeavesBy = Literal["depth", "kind"]
KINDS = ("box", "first signs", "deeper signs", "open")
"""What makes a cell: its box alone, signs of first neurons too, signs of deeper ones too; or nothing closed it yet."""


@dataclass(frozen=True, slots=True)
class DrawnLeaf:
    """The part of the frame that one or more leaves share, as a polygon or the two ends of an interval.

    ``deep`` says that signs of neurons behind the first hidden layer make the cells smaller than what is drawn.
    """

    corners: tuple[Vector, ...]
    depth: int
    signs: bool
    deep: bool
    open: bool

    @property
    def kind(self) -> int:
        """The number of its kind in :data:`KINDS`."""
        return 3 if self.open else 2 if self.deep else int(self.signs)

    def joined(self, other: "DrawnLeaf") -> "DrawnLeaf":
        """Both, on the same corners."""
        return DrawnLeaf(
            self.corners,
            max(self.depth, other.depth),
            self.signs or other.signs,
            self.deep or other.deep,
            self.open or other.open,
        )


def color_leaves_by(text: str) -> ColorLeavesBy:
    """The meaning of colours that a text names."""
    found: ColorLeavesBy | None = next((known for known in get_args(ColorLeavesBy) if known == text), None)
    if found is None:
        raise InputError(f"color: expected depth or kind for the cells of a proof, found {text!r}")
    return found


def require_drawable(found: Verified) -> None:
    """Refuse a verification that no flat picture shows, and say what shows it."""
    domain = found.certificate.domain
    if domain.dimension > 2:
        raise InputError(
            f"plot: expected a property of 1 or 2 inputs, found {domain.dimension}; 'verishallow report CERT' lists "
            "the boxes of more, and in Python verify(..., on_slice=...) decides a plane or a line of them"
        )
    if domain.affine_dimension() < domain.dimension:
        raise InputError(
            "plot: the domain has no interior points, and nothing can be drawn; 'verishallow report CERT' shows it"
        )


def tree_frame(found: Verified, window: str | None) -> Frame:
    """The given window; else the whole of a bounded domain; else a box around the cuts and the point."""
    certificate, points = found.certificate, [] if window else list(_points(found))
    frame = frame_of(certificate.explored, certificate.domain, window, points)
    if "around the data" not in frame.chosen:
        return frame
    return replace(frame, chosen="a window of an unbounded domain, around what was cut")


def _points(found: Verified) -> Iterator[Vector]:
    """Corners of all boxes, their infinite sides left out, and the points that the header has."""
    header = found.certificate.header
    yield from (vector(header[name]) for name in ("point", "witness") if name in header)
    cuts = [{split.at for split in _cuts(found) if split.input == i} for i in range(header["inputs"])]
    sides = zip(found.root.lows, found.root.highs, cuts, strict=True)
    known = [sorted({*inner, *(side for side in (low, high) if side is not None)}) for low, high, inner in sides]
    if all(known):
        yield from (tuple(values[0] for values in known), tuple(values[-1] for values in known))


def _cuts(found: Verified) -> Iterator[BoxCut]:
    return (split for node in found.ends for split in node.cell.path if isinstance(split, BoxCut))


# -------------------------------------------------------------------------------------------------- Cells


def drawn_leaves(found: Verified, frame: Frame) -> list[DrawnLeaf]:
    """What is drawn of the leaves and open nodes: those on the same corners once, less deep ones first."""
    joined: dict[tuple[Vector, ...], DrawnLeaf] = {}
    for node in found.ends:
        corners = cell_corners(found, frame, node.cell)
        if not corners:
            continue
        signs = node.cell.signs
        deep = any(sign.layer > 1 for sign in signs)
        leaf = DrawnLeaf(corners, node.depth, bool(signs), deep, node.kind == "open")
        joined[corners] = joined[corners].joined(leaf) if corners in joined else leaf
    return sorted(joined.values(), key=lambda leaf: leaf.depth)


def cell_corners(found: Verified, frame: Frame, cell: TreeCell) -> tuple[Vector, ...]:
    """The corners of what a frame shows of a cell, where signs of deeper neurons do not count; none if it is flat."""
    forms = [*frame.part.inequalities, *_sides(cell), *_first_signs(found, cell.signs)]
    corners = _interval(frame, forms) if len(frame.intervals) == 1 else _polygon(frame, forms)
    return corners if len(set(corners)) > len(frame.intervals) else ()


def _sides(cell: TreeCell) -> Iterator[AffineForm]:
    many = len(cell.lows)
    for number, (low, high) in enumerate(zip(cell.lows, cell.highs, strict=True)):
        form = AffineForm.coordinate(number, many)
        if low is not None:
            yield AffineForm((-low, *form.row[1:]))
        if high is not None:
            yield AffineForm((high, *(-a for a in form.row[1:])))


def _first_signs(found: Verified, signs: Sequence[AssumedSign]) -> Iterator[AffineForm]:
    """The half-planes of signs of neurons in the first hidden layer."""
    network = found.certificate.explored
    for split in signs:
        if split.layer == 1:
            layer = network.hidden[0]
            form = AffineForm((layer.bias[split.neuron], *layer.weight[split.neuron]))
            yield form if split.sign > 0 else -form


def _polygon(frame: Frame, forms: Sequence[AffineForm]) -> tuple[Vector, ...]:
    (left, right), (low, high) = frame.intervals
    corners: tuple[Vector, ...] = ((left, low), (right, low), (right, high), (left, high))
    for form in forms:
        corners = cut(corners, form) if corners else ()
    return tuple(dict.fromkeys(corners))


def _interval(frame: Frame, forms: Sequence[AffineForm]) -> tuple[Vector, ...]:
    ((left, right),) = frame.intervals
    for form in forms:
        constant, slope = form.row
        if slope > 0:
            left = max(left, mpq(-constant / slope))
        elif slope < 0:
            right = min(right, mpq(-constant / slope))
        elif constant < 0:
            return ()
    return ((left,), (right,)) if left < right else ()
