"""What a certificate can claim, and what each claim writes besides the tree of cells (proofs/FORMAT.md).

Equality      f(x) = S(x) for all x in D, S the three-layer network
RegionCount   D has exactly so many activation regions of f
OutputBounds  low <= f_o(x) <= high for all x in D
EqualNetworks f(x) = g(x) for all x in D
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import InputError, ProofError, RefutedError
from verishallow.farkas import FarkasCertificate
from verishallow.network import ReLUNetwork
from verishallow.output_bounds import Bound, constant_form
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, format_rational, point_text
from verishallow.regions.cell_tree import (
    Below,
    Cell,
    Cut,
    Engine,
    Explicit,
    LayerEntry,
    Leaf,
    Node,
    Open,
    Piece,
    Redundant,
    Reported,
    Split,
    Stable,
)
from verishallow.shallow.signed_faces import Boundary, SignedFace, gated_leaf
from verishallow.side_by_side import halves, side_by_side
from verishallow.spelling import (
    Record,
    listed,
    network_sha256,
    rational_texts,
    spelled_decisions,
    spelled_forms,
    spelled_point,
    spelled_reason,
    spelled_reasons,
)

BOUNDARIES: tuple[Boundary, ...] = ("exact", "ignore")


@dataclass(frozen=True, slots=True)
class Tally:
    """What the end record counts."""

    planes: int = 0
    leaves: int = 0
    faces: int = 0
    open: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.planes + other.planes, self.leaves + other.leaves, self.faces + other.faces, self.open + other.open
        )

    @staticmethod
    def total(tallies: "Iterable[Tally]") -> "Tally":
        """The sum of all; :data:`NOTHING` itself, where they are that."""
        return sum((tally for tally in tallies if tally is not NOTHING), start=NOTHING)


NOTHING = Tally()
"""What most records count."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What every claim writes: the tree, with a witness at each leaf."""

    name: ClassVar[str]
    in_parts: ClassVar[bool] = True
    """Whether parts of the tree can be made apart from each other."""

    def networks(self, network: ReLUNetwork) -> tuple[ReLUNetwork, ...]:
        """The networks that the claim is about."""
        return (network,)

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network whose cells the tree is made of."""
        return network

    def tree(
        self, engine: Engine, network: ReLUNetwork, domain: Polyhedron, owner: Vector
    ) -> Iterator[Node | Reported]:
        """The nodes of the tree, from an engine."""
        return engine(network, domain, owner)

    def header(self) -> Record:
        """The members of the header that say what is claimed."""
        return {"claim": self.name}

    def node(self, node: Node) -> tuple[Record, Tally] | None:
        """The record of a node, and what it counts; ``None`` where the claim does not need it."""
        match node:
            case LayerEntry():
                planes = spelled_forms(node.planes)
                numbers = {"layer": node.layer, "undecided": list(node.undecided), "planes": planes}
                return {"record": "layer", **numbers, **_stable(node.stable)}, Tally(planes=len(node.planes))
            case Stable():
                return {"record": "stable", **_stable(node)}, NOTHING
            case Redundant():
                return self.redundant(node)
            case Split():
                return {"record": "split", "neuron": node.neuron, **self.mark(node)}, NOTHING
            case Leaf():
                members, tally = self.leaf(node)
                return {"record": "leaf", "witness": spelled_point(node.witness), **members}, tally
            case Open():
                return {"record": "open"}, Tally(open=1)
            case Cut() | Piece() | Below() | Explicit():
                raise ProofError(f"the claim {self.name} has no nodes of the kind {type(node).__name__}")

    def redundant(self, _node: Redundant) -> tuple[Record, Tally] | None:
        """Only units need to know which constraints are redundant."""
        return None

    def mark(self, _node: Split) -> Record:
        """Only signed faces need marks."""
        return {}

    def leaf(self, _leaf: Leaf) -> tuple[Record, Tally]:
        """The members of a leaf's record besides its witness."""
        return {}, Tally(leaves=1)

    def end(self, _inputs: int, _outputs: int, total: Tally, _reported: Reported) -> Record:
        """The members of the end record: its counts."""
        return {"leaves": total.leaves, "activation_regions": total.leaves, "open": total.open}


@dataclass(frozen=True, slots=True)
class RegionCount(Claim):
    """The number of activation regions; it needs nothing besides.

    >>> from verishallow import prove
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> prove(modulus, claim=RegionCount()).counts["activation_regions"]
    2
    """

    name: ClassVar[str] = "regions"


@dataclass(frozen=True, slots=True)
class Equality(Claim):
    """The network and its three-layer twin are one function; with ``boundary="ignore"`` off the splits' hyperplanes.

    >>> Equality("ignore").header()
    {'claim': 'equality', 'construction': 'cells', 'boundary': 'ignore'}

    With ``low``, a lower bound of each output on the domain, one unit a face and output suffices in layer 2.
    """

    boundary: Boundary = "exact"
    low: Vector = ()
    name: ClassVar[str] = "equality"
    construction: ClassVar[str] = "cells"

    def __post_init__(self) -> None:
        if self.boundary not in BOUNDARIES:
            raise InputError(f"boundary: expected one of {', '.join(BOUNDARIES)}, found {self.boundary!r}")
        if self.low and self.boundary != "exact":
            raise InputError("low: one unit an output needs the boundary 'exact', found 'ignore'")

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network, of as many outputs as there are bounds."""
        if self.low and len(self.low) != network.outputs:
            raise InputError(f"low: expected a bound for each of {network.outputs} outputs, found {len(self.low)}")
        return network

    def header(self) -> Record:
        """The construction, what is claimed on the boundaries of regions, and bounds of outputs if there are any."""
        low = {"low": rational_texts(self.low)} if self.low else {}
        return {"claim": self.name, "construction": self.construction, "boundary": self.boundary, **low}

    def redundant(self, node: Redundant) -> tuple[Record, Tally]:
        """The constraints that no unit below needs."""
        return {"record": "redundant", "constraints": spelled_reasons(node.constraints)}, NOTHING

    def mark(self, node: Split) -> Record:
        """The side that does not own the hyperplane."""
        return {"strict": "+" if node.strict_side > 0 else "-"} if self.boundary == "exact" else {}

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """The map of the leaf, its units, and the reasons for faces that are not there."""
        exact, gated = self.boundary == "exact", gated_leaf(leaf.cell, self.boundary)
        units = listed(_unit(face, exact) for face in gated.faces)
        absent = {"absent": spelled_reasons(gated.absent)} if exact else {}
        bounded = {"low": listed(self._bounded_below(leaf))} if self.low else {}
        return {"map": spelled_forms(leaf.affine_map.forms), "units": units, **absent, **bounded}, Tally(
            leaves=1, faces=len(gated.faces)
        )

    def _bounded_below(self, leaf: Leaf) -> Iterator[str]:
        """Why each output is at least its bound on a leaf."""
        for output, (form, low) in enumerate(zip(leaf.affine_map.forms, self.low, strict=True)):
            yield spelled_reason(
                _proved(leaf.cell, form - constant_form(low, form.dimension), Bound(output, low, None))
            )

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The counts, those of faces and units, and those that are only reported."""
        layer1, layer2 = 2 * (inputs + total.planes), (1 if self.low else 2) * outputs * total.faces
        return {
            "leaves": total.leaves,
            "activation_regions": total.leaves,
            "open": total.open,
            "affine_pieces": reported.affine_pieces,
            "linear_regions": reported.linear_regions,
            "faces": total.faces,
            "units": {"layer1": layer1, "layer2": layer2},
        }


@dataclass(frozen=True, slots=True)
class OutputBounds(Claim):
    """Bounds of outputs, each with a reason on every leaf.

    >>> from verishallow import prove
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> prove(modulus, "box:-1,2", claim=OutputBounds((Bound(0, mpq(0), mpq(1)),)))
    Traceback (most recent call last):
    verishallow.errors.RefutedError: 0 <= f_0 <= 1 does not hold: it fails by 1 at (2)
    """

    bounds: tuple[Bound, ...] = ()
    name: ClassVar[str] = "bounds"

    def __post_init__(self) -> None:
        outputs = [bound.output for bound in self.bounds]
        if not outputs or sorted(set(outputs)) != outputs:
            raise InputError(f"bounds: expected increasing outputs, at least one, found {outputs}")

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network, which needs the outputs that are bounded."""
        last = self.bounds[-1].output
        if last >= network.outputs:
            raise InputError(f"bounds: expected outputs from 0 to {network.outputs - 1}, found {last}")
        return network

    def header(self) -> Record:
        """The bounds."""
        return {"claim": self.name, "bounds": [bound.record() for bound in self.bounds]}

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """A reason for each bound; :class:`~verishallow.errors.RefutedError` with a point where one fails."""
        reasons = [
            spelled_reason(_proved(leaf.cell, slack, bound))
            for bound in self.bounds
            for slack in bound.slacks(leaf.affine_map.forms[bound.output])
        ]
        return {"bounds": listed(reasons)}, Tally(leaves=1)


@dataclass(frozen=True, slots=True)
class EqualNetworks(Claim):
    """Two networks are one function: side by side, both have the same map on every leaf.

    >>> from verishallow import prove
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> prove(modulus, claim=EqualNetworks(ReLUNetwork.of([([[2]], [0]), ([[1]], [0])])))
    Traceback (most recent call last):
    verishallow.errors.RefutedError: the networks differ: output 0 is 1 and 2 at (1)
    """

    other: ReLUNetwork
    name: ClassVar[str] = "equal"

    def networks(self, network: ReLUNetwork) -> tuple[ReLUNetwork, ...]:
        """Both."""
        return (network, self.other)

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """Both, side by side."""
        return side_by_side(network, self.other)

    def header(self) -> Record:
        """Which network the other one is."""
        return {"claim": self.name, "other_network_sha256": network_sha256(self.other)}

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """The map of both; :class:`~verishallow.errors.RefutedError` with a point where they differ."""
        one, other = halves(leaf.affine_map)
        for output, (form, twin) in enumerate(zip(one.forms, other.forms, strict=True)):
            if form != twin:
                point = _apart(leaf, form - twin)
                raise RefutedError(
                    f"the networks differ: output {output} is {_at(form, point)} and {_at(twin, point)} "
                    f"at {point_text(point)}",
                    point,
                    leaf.cell.polyhedron,
                )
        return {"map": spelled_forms(one.forms)}, Tally(leaves=1)


def without(end: Record, *names: str) -> Record:
    """The members of an end record but for those of counts that a construction does not claim.

    >>> without({"leaves": 3, "activation_regions": 3}, "activation_regions")
    {'leaves': 3}
    """
    return {name: value for name, value in end.items() if name not in names}


def _unit(face: SignedFace, exact: bool) -> str:
    on = f'"face":[{",".join(map(str, face.on))}],' if exact else ""
    return f'{{"-inf":[{",".join(map(str, face.gates))}],{on}"weight":"{face.sign}"}}'


def _stable(stable: Stable) -> Record:
    return {"active": spelled_decisions(stable.active), "inactive": spelled_decisions(stable.inactive)}


def _at(form: AffineForm, point: Vector) -> str:
    return format_rational(form(point))


def _apart(leaf: Leaf, difference: AffineForm) -> Vector:
    """A point of a leaf at which a form, not zero itself, is not 0: its witness, or one beside it up the slope."""
    step = mpq(0) if difference(leaf.witness) else mpq(1)
    while not leaf.cell.polyhedron.contains(_moved(leaf.witness, step, difference.linear)):
        step /= 2
    return _moved(leaf.witness, step, difference.linear)


def _moved(point: Vector, step: mpq, direction: Vector) -> Vector:
    return tuple(x + step * a for x, a in zip(point, direction, strict=True))


def _proved(cell: Cell, slack: AffineForm, bound: Bound) -> FarkasCertificate:
    """Why a form is not negative on a cell."""
    least = cell.minimise(slack)
    if least.value is None or least.value < 0:
        point = cell.polyhedron.point_below_zero(slack)
        if point is None or slack(point) >= 0 or not cell.polyhedron.contains(point):
            raise ProofError(f"a least value below 0 is found nowhere on its cell: {slack}")
        raise RefutedError(
            f"{bound} does not hold: it fails by {_at(-slack, point)} at {point_text(point)}", point, cell.polyhedron
        )
    return least.reason


def range_of_leaves(leaves: Iterable[Leaf]) -> tuple[Bound, ...]:
    """The exact range of each output over all leaves; outputs bounded on neither side are left out."""
    lows, highs = list[mpq | None](), list[mpq | None]()
    for leaf in leaves:
        forms = leaf.affine_map.forms
        lows = _least(lows, [leaf.cell.minimise(form).value for form in forms])
        highs = _least(highs, [leaf.cell.minimise(-form).value for form in forms])
    sides = enumerate(zip(lows, highs, strict=True))
    return tuple(
        Bound(o, low, None if high is None else -high) for o, (low, high) in sides if (low, high) != (None,) * 2
    )


def _least(known: list[mpq | None], found: list[mpq | None]) -> list[mpq | None]:
    pairs = zip(known, found, strict=True) if known else ((value, value) for value in found)
    return [None if a is None or b is None else min(a, b) for a, b in pairs]
