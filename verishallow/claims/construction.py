"""What a construction of three-layer networks is, and what it is made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from verishallow.claims.bounds import output_range
from verishallow.claims.claim import Claim
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read.domains.parts_of import DomainPart
from verishallow.records.spelling import Record
from verishallow.records.tree import RecordedTree
from verishallow.shallow.finite_network import FiniteNetwork
from verishallow.shallow.grids import Grid
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.three_layer import ThreeLayerNetwork


@dataclass(frozen=True, slots=True)
class Asked:
    """The input of a construction: a network, the parts of a domain, and the options of the claim."""

    network: ReLUNetwork
    parts: Sequence[DomainPart]
    engine: str = "auto"
    boundary: Boundary = "exact"
    one_unit: bool = False
    grid: Grid | str | None = None

    def low(self) -> Vector:
        """The least value of each output, for one unit of layer 2 per face and output; () for two units."""
        if not self.one_unit:
            return ()
        if len(self.parts) != 1:
            raise InputError(
                f"--units one: expected a domain in one part, found {len(self.parts)}, each of other bounds"
            )
        function, domain = self.function, self.parts[0].polyhedron
        found = {bound.output: bound.low for bound in output_range(function, domain, self.engine)}
        lows = [found.get(output) for output in range(function.outputs)]
        if None in lows:
            raise InputError(
                f"--units one: output {lows.index(None)} is not bounded below on this domain; name a bounded --domain"
            )
        return tuple(low for low in lows if low is not None)

    @property
    def function(self) -> ReLUNetwork:
        """The network as a function on the first part."""
        part = self.parts[0]
        return part.slice.restricted(self.network) if part.slice else self.network

    def only_part(self, name: str) -> DomainPart:
        """The domain, which must have only one part, since the construction ``name`` makes one network per domain."""
        if self.boundary != "exact":
            raise InputError(f"boundary: {name} has no cells that meet, found --boundary ignore")
        if len(self.parts) != 1:
            raise InputError(f"{name}: expected a domain in one part, found {len(self.parts)}; name each by itself")
        return self.parts[0]


class Recorded(Protocol):
    """The parts of a certificate that its three-layer network is made from."""

    @property
    def header(self) -> Record:
        """The first record."""

    @property
    def network(self) -> ReLUNetwork:
        """The deep network as a function on the domain."""

    @property
    def other(self) -> ReLUNetwork | None:
        """The second network, if there are two."""

    @property
    def tree(self) -> RecordedTree:
        """All planes and all leaves."""


@dataclass(frozen=True, slots=True)
class Construction:
    """A way to make a three-layer network that equals a deep one: all that other packages know about it.

    ``what`` says what its units belong to, ``section`` is its section of FORMAT.md. ``make`` makes the claim,
    ``three_layer`` the network from a certificate's records, and ``finite`` the same as an ordinary network, if all
    weights are finite by construction. ``boundaries`` are those that can be claimed. ``one_unit`` says that one unit
    per face and output is enough if outputs are bounded below; ``needs_grid`` that the claim is about the points of a
    grid; ``signed_faces`` that its leaves have signed faces and gates -inf, so that any cells can be dropped and the
    gates of exactly one cell are open off the hyperplanes.
    """

    name: str
    what: str
    section: str
    make: Callable[[Asked], Claim]
    three_layer: Callable[[Recorded], ThreeLayerNetwork]
    finite: Callable[[Recorded], FiniteNetwork] | None = None
    boundaries: tuple[Boundary, ...] = ("exact",)
    one_unit: bool = False
    needs_grid: bool = False
    signed_faces: bool = False
