"""The claim ``equality``, construction ``cells``: f(x) = S(x) for all x in D, one cell of S per activation region."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.claims.bounds import Bound, constant_form, proved
from verishallow.claims.claim import Claim, ClaimKind
from verishallow.claims.construction import Construction, Recorded
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector, vector
from verishallow.records.lines import NOTHING, Tally
from verishallow.records.spelling import (
    Record,
    listed,
    rational_texts,
    spelled_forms,
    spelled_reason,
    spelled_reasons,
)
from verishallow.records.tree import region_of
from verishallow.regions.cell_tree import (
    Leaf,
    Redundant,
    Reported,
    Split,
)
from verishallow.shallow.signed_faces import Boundary, SignedFace, gated_leaf
from verishallow.shallow.three_layer import ThreeLayerBuilder, ThreeLayerNetwork

BOUNDARIES: tuple[Boundary, ...] = ("exact", "ignore")


@dataclass(frozen=True, slots=True)
class Equality(Claim):
    """The deep and the three-layer network are one function; with ``boundary="ignore"`` off the splits' hyperplanes.

    >>> Equality("ignore").header()
    {'claim': 'equality', 'construction': 'cells', 'boundary': 'ignore'}

    With ``low``, a lower bound of each output on the domain, one unit per face and output suffices in layer 2.
    """

    boundary: Boundary = "exact"
    low: Vector = ()
    name: ClassVar[str] = "equality"
    construction: ClassVar[str] = "cells"
    reports: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.boundary not in BOUNDARIES:
            raise InputError(f"boundary: expected one of {', '.join(BOUNDARIES)}, found {self.boundary!r}")
        if self.low and self.boundary != "exact":
            raise InputError("low: one unit per output needs the boundary 'exact', found 'ignore'")

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network, if it has as many outputs as there are bounds."""
        if self.low and len(self.low) != network.outputs:
            raise InputError(f"low: expected a bound for each of {network.outputs} outputs, found {len(self.low)}")
        return network

    def header(self) -> Record:
        """The construction, the boundary, and the lower bounds of outputs if there are any."""
        low = {"low": rational_texts(self.low)} if self.low else {}
        return {"claim": self.name, "construction": self.construction, "boundary": self.boundary, **low}

    def redundant(self, node: Redundant) -> tuple[Record, Tally]:
        """The constraints that no unit of the leaves below needs."""
        return {"record": "redundant", "constraints": spelled_reasons(node.constraints)}, NOTHING

    def mark(self, node: Split) -> Record:
        """The side to which the hyperplane does not belong."""
        return {"strict": "+" if node.strict_side > 0 else "-"} if self.boundary == "exact" else {}

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """The map of the leaf, its units, and the reasons why other faces are empty."""
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
            yield spelled_reason(proved(leaf.cell, form - constant_form(low, form.dimension), Bound(output, low, None)))

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The counts of leaves, faces and units, and the counts that are only reported."""
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


def _unit(face: SignedFace, exact: bool) -> str:
    on = f'"face":[{",".join(map(str, face.on))}],' if exact else ""
    return f'{{"-inf":[{",".join(map(str, face.gates))}],{on}"weight":"{face.sign}"}}'


def cells_network(recorded: Recorded) -> ThreeLayerNetwork:
    """The three-layer network of cells: two units per face and output, or one if each output has a lower bound."""
    header, tree = recorded.header, recorded.tree
    builder, low = ThreeLayerBuilder(header["inputs"], header["outputs"]), vector(header.get("low", ()))
    first = [builder.add_plane(plane) for plane in tree.planes]
    for leaf in tree.leaves:
        forms = region_of(leaf).affine_map.forms
        for face in leaf.faces:
            gates = [first[abs(unit) - 1] + (unit < 0) for unit in face.gates]
            if not low:
                builder.add_gated_map(region_of(leaf).affine_map, gates, face.weight)
            for output, (form, bound) in enumerate(zip(forms if low else (), low, strict=True)):
                raised = AffineForm((form.constant - bound, *form.linear))
                builder.add_gated_unit(raised, (), gates, [(output, mpq(face.weight))])
    return builder.build(low or None)


CELLS = Construction(
    Equality.construction,
    what="all activation regions",
    section="11",
    make=lambda asked: Equality(asked.boundary, asked.low()),
    three_layer=cells_network,
    boundaries=BOUNDARIES,
    one_unit=True,
    signed_faces=True,
)


EQUALITY = ClaimKind(
    Equality.name, "Certificate that a deep {ReLU} network equals a network of two hidden layers", "11", shallow=True
)

ON_CELLS = ClaimKind(
    "equality-on-cells",
    "Certificate that a deep {ReLU} network equals one of two hidden layers on certain cells",
    "23",
    shallow=True,
    asked=False,
)
"""What is left when cells are dropped."""
