"""The claim ``equal``: two networks are one function on D."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.claims.claim import Claim, ClaimKind
from verishallow.errors import RefutedError, require
from verishallow.network import ReLUNetwork, halves, side_by_side
from verishallow.rationals import Vector, format_rational, point_text
from verishallow.records.lines import Tally
from verishallow.records.spelling import Record, network_sha256, spelled_forms
from verishallow.regions.cell_tree import (
    Leaf,
)


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

    def __post_init__(self) -> None:
        require("other", self.other, ReLUNetwork, "a network, which verishallow.load reads from a file or a model")

    def networks(self, network: ReLUNetwork) -> tuple[ReLUNetwork, ...]:
        """Both."""
        return (network, self.other)

    def explored(self, network: ReLUNetwork) -> ReLUNetwork:
        """Both, side by side."""
        return side_by_side(network, self.other)

    def header(self) -> Record:
        """The hash of the other network."""
        return {"claim": self.name, "other_network_sha256": network_sha256(self.other)}

    def leaf(self, leaf: Leaf) -> tuple[Record, Tally]:
        """The map of both; raises :class:`~verishallow.errors.RefutedError` with a point where they differ."""
        one, other = halves(leaf.affine_map)
        for output, (form, twin) in enumerate(zip(one.forms, other.forms, strict=True)):
            if form != twin:
                point = _apart(leaf, form - twin)
                here, there = format_rational(form(point)), format_rational(twin(point))
                raise RefutedError(
                    f"the networks differ: output {output} is {here} and {there} at {point_text(point)}",
                    point,
                    leaf.cell.polyhedron,
                )
        return {"map": spelled_forms(one.forms)}, Tally(leaves=1)

    def failure(self, values: Sequence[Vector]) -> str | None:
        """The first output in which the networks differ, and both values."""
        for output, (here, there) in enumerate(zip(*values, strict=True)):
            if here != there:
                return f"the networks differ: output {output} is {format_rational(here)} and {format_rational(there)}"
        return None


def _apart(leaf: Leaf, difference: AffineForm) -> Vector:
    """A point of a leaf at which a non-zero form is not 0: its witness, or a point beside it along the gradient."""
    step = mpq(0) if difference(leaf.witness) else mpq(1)
    while not leaf.cell.polyhedron.contains(_moved(leaf.witness, step, difference.linear)):
        step /= 2
    return _moved(leaf.witness, step, difference.linear)


def _moved(point: Vector, step: mpq, direction: Vector) -> Vector:
    return tuple(x + step * a for x, a in zip(point, direction, strict=True))


EQUAL = ClaimKind(EqualNetworks.name, "Certificate that two {ReLU} networks are one function", "18")
