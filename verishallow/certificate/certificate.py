"""A certificate as one object: the deep network, the three-layer one, and the proof between them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import Any

from verishallow import checker
from verishallow.affine import AffineForm
from verishallow.claims import CLAIMS, CONSTRUCTIONS
from verishallow.claims.construction import Construction
from verishallow.claims.counterexample import COUNTEREXAMPLE
from verishallow.claims.equality import ON_CELLS
from verishallow.claims.finite import terms_of
from verishallow.claims.property import PROPERTY
from verishallow.displayed import Displayed
from verishallow.errors import InputError, InvalidCertificateError, OutsideDomainError, require
from verishallow.network import ReLUNetwork, side_by_side
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, counted, rows_of, vector
from verishallow.records.half_open_cells import visits
from verishallow.records.lines import write_lines
from verishallow.records.spelling import Record
from verishallow.records.tree import (
    Face,
    RecordedLeaf,
    RecordedTree,
    faces_of,
    in_file,
    leaf_behind_gates,
    recorded_tree,
    region_of,
)
from verishallow.records.walk import PlaceInTree, Step, walk
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.region import Region
from verishallow.shallow.finite_network import FiniteNetwork
from verishallow.shallow.grids import Grid
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.terms import SumOfTerms
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.slices import Slice
from verishallow.whole_file import written_whole

EQUALITIES = tuple(name for name, kind in CLAIMS.items() if kind.shallow)
"""The claims about a three-layer network."""

WITHOUT_REGIONS = (PROPERTY.name, COUNTEREXAMPLE.name)
"""The claims whose proofs list no regions."""


@dataclass(frozen=True)
class Certificate(Displayed):
    """A certificate, held as its canonical lines.

    Make one with :func:`verishallow.prove`, or read one with :meth:`read`, which checks it first.

    >>> from verishallow import prove
    >>> certificate = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> len(certificate.regions), certificate.shallow.layer2.width, certificate(["-1/2"])
    (2, 6, (mpq(1,2),))
    """

    lines: tuple[bytes, ...]

    def __post_init__(self) -> None:
        require("certificate", self.lines, tuple, "a tuple of lines, as verishallow.prove(...) and read(...) make it")

    def __repr__(self) -> str:
        said = (self.header.get(name) for name in ("claim", "construction", "boundary"))
        words, inputs = ", ".join(str(word) for word in said if word), self.header["inputs"]
        return f"<Certificate: {words}, {counted(self.counts['leaves'], 'leaf', 'leaves')} in R^{inputs}>"

    @classmethod
    def read(cls, path: str | PathLike[str]) -> "Certificate":
        """The certificate in a file, after the stand-alone checker has found it valid.

        Raises :class:`~verishallow.errors.InvalidCertificateError` with the checker's reason if it is not valid, and
        :class:`~verishallow.errors.InputError` if the file cannot be opened.
        """
        found = cls.checked(path)
        verdict = found.check()
        if verdict.kind != "valid":
            raise InvalidCertificateError(f"{path}: {verdict}")
        return found

    @classmethod
    def checked(cls, path: str | PathLike[str]) -> "Certificate":
        """The certificate in a file that was found valid before; it is not checked again."""
        require("certificate", path, str | PathLike, "the name of its file")
        try:
            with open(path, "rb") as file:
                return cls(tuple(checker.lines_of(checker.chunks_of(file))))
        except OSError as error:
            raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
        except checker.Invalid as fact:
            raise InvalidCertificateError(f"{path}: invalid: {fact}") from None

    def save(self, path: str | PathLike[str]) -> None:
        """Write the certificate, gzipped; the file appears whole or not at all."""
        with written_whole(path) as file:
            write_lines(self.lines, file)

    def __bool__(self) -> bool:
        raise InputError("a certificate is no verdict: ask certificate.check(), which is true just when it is valid")

    def check(self) -> checker.Verdict:
        """The stand-alone checker's verdict on these lines."""
        return checker.check_lines(self.lines)

    @cached_property
    def header(self) -> Record:
        """The first record: claim, construction, boundary, domain, network hash."""
        return _record(self.lines[0])

    @cached_property
    def counts(self) -> Record:
        """The end record: regions, leaves, faces, units."""
        return _record(self.lines[-1])

    @property
    def claim(self) -> str:
        """The claim: one of :data:`EQUALITIES`, or "regions", "bounds" or "equal"."""
        return str(self.header["claim"])

    @cached_property
    def slice(self) -> Slice | None:
        """The slice on which the claim holds; ``None`` if the domain is a set of inputs."""
        return Slice.of(self.header["slice"]) if "slice" in self.header else None

    @cached_property
    def whole_network(self) -> ReLUNetwork:
        """The deep network, on all of its inputs."""
        return _network(self.lines[1])

    @cached_property
    def network(self) -> ReLUNetwork:
        """The deep network as a function on the domain; on a slice, of its parameters."""
        return self._on_slice(self.whole_network)

    @cached_property
    def other(self) -> ReLUNetwork | None:
        """The second network, of the claim "equal" and of the construction "one-hidden"; ``None`` if there is none.

        On a slice it is a function of the parameters too.
        """
        return None if self.whole_other is None else self._on_slice(self.whole_other)

    @cached_property
    def whole_other(self) -> ReLUNetwork | None:
        """The second network, on all of its inputs."""
        return _network(self.lines[2]) if "other_network_sha256" in self.header else None

    def _on_slice(self, network: ReLUNetwork) -> ReLUNetwork:
        return network if self.slice is None else self.slice.restricted(network)

    @cached_property
    def domain(self) -> Polyhedron:
        """The domain on which the claim holds."""
        return Polyhedron(self.header["inputs"], tuple(AffineForm.of(row) for row in self.header["domain"]))

    @cached_property
    def grid(self) -> Grid | None:
        """The grid at whose points the claim holds; ``None`` if it holds at all points."""
        return Grid.of(self.header["grid"]) if "grid" in self.header else None

    @property
    def boundary(self) -> Boundary:
        """Whether the claim "equality" includes the boundaries of regions ("exact") or not ("ignore")."""
        return "ignore" if self.header.get("boundary") == "ignore" else "exact"

    @property
    def regions(self) -> tuple[Region, ...]:
        """All activation regions in the order of the tree, without dropped ones."""
        return tuple(region_of(leaf) for leaf in self.tree.leaves)

    @cached_property
    def shallow(self) -> ThreeLayerNetwork:
        """The three-layer network, with its weights in the extended rationals.

        Raises :class:`~verishallow.errors.InputError` for claims that are not about one.
        """
        if self.claim not in EQUALITIES:
            raise InputError(
                f"this certificate claims {self.claim!r}, and has no three-layer network; needed: equality"
            )
        return self.construction.three_layer(self)

    @property
    def construction(self) -> Construction:
        """The construction of the three-layer network."""
        name = self.header["construction"]
        if name not in CONSTRUCTIONS:
            raise InputError(f"construction: expected one of {', '.join(CONSTRUCTIONS)}, found {name!r}")
        return CONSTRUCTIONS[name]

    @cached_property
    def finite(self) -> FiniteNetwork | None:
        """The network of a construction with finite weights, with its own layers; ``None`` for other constructions."""
        found = CONSTRUCTIONS.get(self.header.get("construction", ""))
        return None if found is None or found.finite is None else found.finite(self)

    @cached_property
    def terms(self) -> SumOfTerms | None:
        """The three-layer network as an affine map and terms, if its records spell it so; else ``None``."""
        record = self.tree.first
        return terms_of(record) if record.get("record") == "terms" else None

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The value of the three-layer network at a point, or each of a batch, where the certificate makes a claim.

        Raises :class:`~verishallow.errors.OutsideDomainError` elsewhere: outside the domain, off the grid, in a
        dropped cell, or, with ``boundary="ignore"``, where several closed cells meet.
        """
        if (batch := rows_of(point)) is not None:
            return tuple(self(each) for each in batch)
        at = vector(point)
        value = self.shallow(at)
        if self.grid is not None and not self.grid.contains(at):
            raise OutsideDomainError("the point is none of the grid, and this certificate claims equality there only")
        for number, form in enumerate(self.domain.inequalities):
            if form(at) < 0:
                raise OutsideDomainError(f"the point lies outside the domain: inequality {number}, {form} >= 0, fails")
        if self.claim == ON_CELLS.name and not self._keeps(at):
            raise OutsideDomainError("the point lies in a cell that is dropped, and nothing is claimed there")
        if self.boundary == "ignore" and self.closed_cells_at(at) > 1:
            raise OutsideDomainError("the point lies on a region boundary, and this certificate ignores those")
        return value

    def _keeps(self, point: Vector) -> bool:
        """Whether the half-open cell of a point is kept."""
        return any(visit.points and visit.kind in ("leaf", "piece") for visit in visits(self.lines, [point]))

    def closed_cells_at(self, point: Iterable[Any]) -> int:
        """The number of closed leaf cells that contain a point."""
        at = vector(point)
        return sum(region.polyhedron.contains(at) for region in self.regions)

    @cached_property
    def explored(self) -> ReLUNetwork:
        """The network whose neurons the tree decides: if there are two, both side by side."""
        return self.network if self.other is None else side_by_side(self.network, self.other)

    def steps(self) -> Iterator[Step]:
        """The walk over the records of the tree."""
        first = 2 if self.whole_other is None else 3
        return walk(map(_record, self.lines[first:-1]), first + 1)

    @cached_property
    def tree(self) -> RecordedTree:
        """All planes and all leaves of the records.

        Raises :class:`~verishallow.errors.InputError` for claims whose proofs list no regions.
        """
        if self.claim in WITHOUT_REGIONS:
            raise InputError(f"this certificate claims a {self.claim}, and lists no regions; 'prove' does")
        return recorded_tree(self._leaf, self.steps())

    def _leaf(self, planes: Sequence[AffineForm], place: PlaceInTree, record: Record) -> RecordedLeaf:
        if "units" in record and "map" not in record:
            return RecordedLeaf(None, faces_of(place, record), place)
        if "units" in record:
            return leaf_behind_gates(self.domain, planes, place, record)
        pattern = place.whole_pattern()
        affine_map = self.network.affine_map_for(pattern[: len(self.network.hidden)])
        cell = _closed_cell(self.explored, self.domain, pattern)
        gates = (Face(in_file(place, record["gates"]), 1),) if "gates" in record else ()
        return RecordedLeaf(Region(pattern, affine_map, cell, vector(record["witness"])), gates)


def _network(line: bytes) -> ReLUNetwork:
    return ReLUNetwork.of((layer["weight"], layer["bias"], layer.get("reads")) for layer in _record(line)["layers"])


def _closed_cell(network: ReLUNetwork, domain: Polyhedron, pattern: Pattern) -> Polyhedron:
    """The set, by its facets, where every active neuron is non-negative and every other one is non-positive."""
    forms = network.pre_activations_for(pattern)
    sides = [
        form if on else -form
        for layer, row in zip(forms, pattern, strict=True)
        for form, on in zip(layer, row, strict=True)
    ]
    inequalities = (*domain.inequalities, *(form.primitive() for form in sides if not form.is_constant()))
    cell = Polyhedron(domain.dimension, tuple(dict.fromkeys(inequalities)))
    return Polyhedron(domain.dimension, tuple(cell.inequalities[number] for number in cell.facets))


def _record(line: bytes) -> Record:
    record: Record = json.loads(line)
    return record
