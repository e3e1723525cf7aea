"""A certificate as one object: the deep network, the three-layer one, and the proof between them."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from typing import Any

from gmpy2 import mpq

from verishallow import checker
from verishallow.affine import ZERO, AffineForm, AffineMap, plane_of, side_of
from verishallow.errors import InputError, InvalidCertificateError, OutsideDomainError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector
from verishallow.records import write_lines
from verishallow.regions.cell_tree import Pattern
from verishallow.regions.region import Region
from verishallow.shallow.finite_network import FiniteNetwork
from verishallow.shallow.gated import gated_cell
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.three_layer import ThreeLayerBuilder, ThreeLayerNetwork
from verishallow.side_by_side import side_by_side
from verishallow.slices import Slice
from verishallow.spelling import Record
from verishallow.whole_file import written_whole

GZIP_MAGIC = b"\x1f\x8b"

CHILDREN = {"layer": 1, "stable": 1, "split": 2, "same": 0, "open": 0}
"""Of the nodes below a piece."""


def is_certificate(path: str | PathLike[str]) -> bool:
    """Whether a file begins like a certificate, gzipped or plain; its verdict may still be anything."""
    try:
        with open(path, "rb") as file:
            head = file.read(64)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
    return head.startswith((GZIP_MAGIC, b'{"boundary":', b'{"bounds":', b'{"claim":'))


@dataclass(frozen=True)
class Certificate:
    """A certificate, held as its canonical lines.

    Make one with :func:`verishallow.prove`, or read one with :meth:`read`, which checks it first.

    >>> from verishallow import prove
    >>> certificate = prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    >>> len(certificate.regions), certificate.shallow.layer2.width, certificate(["-1/2"])
    (2, 6, (mpq(1,2),))
    """

    lines: tuple[bytes, ...]

    @classmethod
    def read(cls, path: str | PathLike[str]) -> "Certificate":
        """The certificate in a file, once the stand-alone checker has found it valid.

        Raises :class:`~verishallow.errors.InvalidCertificateError` with the checker's reason otherwise, and
        :class:`~verishallow.errors.InputError` where the file cannot be opened.
        """
        found = cls.checked(path)
        verdict = found.check()
        if verdict.kind != "valid":
            raise InvalidCertificateError(f"{path}: {verdict}")
        return found

    @classmethod
    def checked(cls, path: str | PathLike[str]) -> "Certificate":
        """The certificate in a file that has been found valid before; it is not checked again."""
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
        """What is claimed: "equality", "regions", "bounds" or "equal"."""
        return str(self.header["claim"])

    @cached_property
    def slice(self) -> Slice | None:
        """The slice that the domain parametrises; ``None`` where it is a set of inputs."""
        return Slice.of(self.header["slice"]) if "slice" in self.header else None

    @cached_property
    def whole_network(self) -> ReLUNetwork:
        """The deep network, on all of its inputs."""
        return _network(self.lines[1])

    @cached_property
    def network(self) -> ReLUNetwork:
        """The deep network as a function on the domain: of the parameters, on a slice."""
        return self._on_slice(self.whole_network)

    @cached_property
    def other(self) -> ReLUNetwork | None:
        """The network that the deep one is equal to: of the claim "equal", and of the construction "one-hidden".

        On a slice it is one of the parameters too.
        """
        return None if self.whole_other is None else self._on_slice(self.whole_other)

    @cached_property
    def whole_other(self) -> ReLUNetwork | None:
        """The same on all of its inputs."""
        return _network(self.lines[2]) if "other_network_sha256" in self.header else None

    def _on_slice(self, network: ReLUNetwork) -> ReLUNetwork:
        return network if self.slice is None else self.slice.restricted(network)

    @cached_property
    def domain(self) -> Polyhedron:
        """The domain on which the claim holds."""
        return Polyhedron(self.header["inputs"], tuple(AffineForm.of(row) for row in self.header["domain"]))

    @property
    def boundary(self) -> Boundary:
        """What the claim "equality" says on the boundaries of regions: "exact" or "ignore"."""
        return "ignore" if self.header.get("boundary") == "ignore" else "exact"

    @property
    def regions(self) -> tuple[Region, ...]:
        """All activation regions, in the order of the tree."""
        return tuple(_region_of(leaf) for leaf in self._walk.leaves)

    @cached_property
    def shallow(self) -> ThreeLayerNetwork:
        """The three-layer network, with its weights in the extended rationals.

        Raises :class:`~verishallow.errors.InputError` for the other claims, which speak of none.
        """
        if self.claim != "equality":
            raise InputError(
                f"this certificate claims {self.claim!r}, and has no three-layer network; needed: equality"
            )
        if self.finite is not None:
            return self.finite.three_layer()
        builder = ThreeLayerBuilder(self.header["inputs"], self.header["outputs"])
        first = [builder.add_plane(plane) for plane in self._walk.planes]
        if self.header["construction"] == "gated":
            return _gated_network(self.network, builder, first, self._walk)
        for leaf in self._walk.leaves:
            for face in leaf.faces:
                gates = [first[abs(unit) - 1] + (unit < 0) for unit in face.gates]
                builder.add_gated_map(_region_of(leaf).affine_map, gates, face.weight)
        return builder.build()

    @cached_property
    def finite(self) -> FiniteNetwork | None:
        """The shallow network of a construction of finite weights, as it is; ``None`` of any other."""
        if self.claim == "equality" and self.other is not None:
            return FiniteNetwork.of(self.other)
        return None

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The value of the three-layer network at a point where the certificate makes a claim.

        Raises :class:`~verishallow.errors.OutsideDomainError` elsewhere: outside the domain, or, with
        ``boundary="ignore"``, where several closed cells meet.
        """
        at = vector(point)
        value = self.shallow(at)
        for number, form in enumerate(self.domain.inequalities):
            if form(at) < 0:
                raise OutsideDomainError(f"the point lies outside the domain: inequality {number}, {form} >= 0, fails")
        if self.boundary == "ignore" and self.closed_cells_at(at) > 1:
            raise OutsideDomainError("the point lies on a region boundary, and this certificate ignores those")
        return value

    def closed_cells_at(self, point: Iterable[Any]) -> int:
        """The number of closed leaf cells that contain a point."""
        at = vector(point)
        return sum(region.polyhedron.contains(at) for region in self.regions)

    @cached_property
    def _walk(self) -> "_Walk":
        first = 2 if self.other is None else 3
        return _walk(self._leaf, (_record(line) for line in self.lines[first:-1]))

    def _leaf(self, planes: Sequence[AffineForm], place: "_Place", record: Record) -> "_Leaf":
        if "units" in record and "map" not in record:
            return _Leaf(None, _faces(place, record), place)
        if "units" in record:
            return _gated_leaf(self.domain, planes, place, record)
        pattern = place.whole_pattern()
        explored = self.network if self.other is None else side_by_side(self.network, self.other)
        affine_map = self.network.affine_map_for(pattern[: len(self.network.hidden)])
        cell = _closed_cell(explored, self.domain, pattern)
        return _Leaf(Region(pattern, affine_map, cell, vector(record["witness"])), ())


@dataclass(frozen=True, slots=True)
class _Face:
    """The units of one face: the layer-1 units with weight -inf (planes numbered over the file), and its weight."""

    gates: tuple[int, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A leaf: its region, its faces, and, of the gated construction, where it stands instead of a region."""

    region: Region | None
    faces: tuple[_Face, ...]
    place: "_Place | None" = None


@dataclass(frozen=True, slots=True)
class _Walk:
    """All planes in the order of their declaration, and all leaves."""

    planes: tuple[AffineForm, ...]
    leaves: tuple[_Leaf, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """What holds where the walk stands: the planes in scope (numbered over the file), and the neurons decided."""

    scope: tuple[int, ...] = ()
    pattern: Pattern = ()
    active: tuple[tuple[int, bool], ...] = ()
    """The decisions of the current layer: pairs (neuron, active)."""
    proving: bool = False
    """Whether the node belongs to the proof below a piece."""

    def decide(self, record: Record) -> "_Place":
        decisions = [(neuron, kind == "active") for kind in ("active", "inactive") for neuron, _ in record[kind]]
        return replace(self, active=(*self.active, *decisions))

    def whole_pattern(self) -> Pattern:
        return (*self.pattern, tuple(on for _, on in sorted(self.active))) if self.active else self.pattern


def _network(line: bytes) -> ReLUNetwork:
    return ReLUNetwork.of((layer["weight"], layer["bias"], layer.get("reads")) for layer in _record(line)["layers"])


def _closed_cell(network: ReLUNetwork, domain: Polyhedron, pattern: Pattern) -> Polyhedron:
    """Where every active neuron is non-negative and every other one non-positive, by its facets."""
    forms = network.pre_activations_for(pattern)
    sides = [
        form if on else -form
        for layer, row in zip(forms, pattern, strict=True)
        for form, on in zip(layer, row, strict=True)
    ]
    inequalities = (*domain.inequalities, *(form.primitive() for form in sides if not form.is_constant()))
    cell = Polyhedron(domain.dimension, tuple(dict.fromkeys(inequalities)))
    return Polyhedron(domain.dimension, tuple(cell.inequalities[number] for number in cell.facets))


def _walk(leaf: Callable[[Sequence[AffineForm], "_Place", Record], "_Leaf"], records: Iterable[Record]) -> _Walk:
    planes: list[AffineForm] = []
    leaves: list[_Leaf] = []
    waiting = [_Place()]
    for record in records:
        place = waiting.pop()
        if place.proving:
            waiting += [place] * CHILDREN[record["record"]]
        elif record["record"] == "cut":
            planes.append(AffineForm.of(record["plane"]))
            waiting += [replace(place, scope=(*place.scope, len(planes)))] * 2
        elif record["record"] == "piece":
            leaves.append(leaf(planes, place, record))
            waiting.append(replace(place, proving=True))
        elif record["record"] == "layer":
            declared = range(len(planes) + 1, len(planes) + 1 + len(record["planes"]))
            planes += [AffineForm.of(row) for row in record["planes"]]
            waiting.append(_Place((*place.scope, *declared), place.whole_pattern()).decide(record))
        elif record["record"] == "stable":
            waiting.append(place.decide(record))
        elif record["record"] == "redundant":
            waiting.append(place)
        elif record["record"] == "split":
            waiting += [replace(place, active=(*place.active, (record["neuron"], on))) for on in (False, True)]
        else:
            leaves.append(leaf(planes, place, record))
    return _Walk(tuple(planes), tuple(leaves))


def _gated_leaf(domain: Polyhedron, planes: Sequence[AffineForm], place: _Place, record: Record) -> _Leaf:
    faces = _faces(place, record)
    kept = [planes[abs(unit) - 1] for unit in faces[0].gates]
    holding = tuple(-plane if unit > 0 else plane for plane, unit in zip(kept, faces[0].gates, strict=True))
    polyhedron = Polyhedron(domain.dimension, (*domain.inequalities, *holding))
    region = Region(place.whole_pattern(), AffineMap.of(record["map"]), polyhedron, vector(record["witness"]))
    return _Leaf(region, faces)


def _faces(place: _Place, record: Record) -> tuple[_Face, ...]:
    return tuple(_Face(_in_file(place, units["-inf"]), int(units["weight"])) for units in record["units"])


def _region_of(leaf: _Leaf) -> Region:
    if leaf.region is None:
        raise InputError("a gated certificate has no regions: its cells leave the neurons of the last layers undecided")
    return leaf.region


def _gated_network(
    network: ReLUNetwork, builder: ThreeLayerBuilder, first: Sequence[int], walk: "_Walk"
) -> ThreeLayerNetwork:
    """The three-layer network of the gated construction; ``first`` are the units of the planes, by their numbers."""
    for leaf in walk.leaves:
        place = leaf.place or _Place()
        cell = gated_cell(network, place.pattern, dict(place.active))
        inner = [_unit_of(form, place, walk, first) for form in cell.inner]
        for face in leaf.faces:
            gates = [first[abs(unit) - 1] + (unit < 0) for unit in face.gates]
            for unit in cell.units:
                through = [(inner[j][0], weight * inner[j][1]) for j, weight in unit.value.inner]
                outputs = [(output, weight * face.weight) for output, weight in unit.outputs]
                builder.add_gated_unit(unit.value.form, through, gates, outputs)
    return builder.build(network.layers[-1].bias)


def _unit_of(form: AffineForm, place: _Place, walk: "_Walk", first: Sequence[int]) -> tuple[int, mpq]:
    """The unit of layer 1 of which ``ReLU(form)`` is a multiple, and the factor."""
    if form.is_constant():
        return 0, ZERO
    plane, side = plane_of(form), side_of(form)
    number = next((n for n in reversed(place.scope) if walk.planes[n - 1] == plane), None)
    if number is None:
        return 0, ZERO
    factor = next(a / b for a, b in zip(form.linear, plane.linear, strict=True) if b)
    return first[number - 1] + (side < 0), abs(factor)


def _in_file(place: _Place, units: Iterable[int]) -> tuple[int, ...]:
    """The units of a path, named by the number of their plane in the whole file instead."""
    return tuple(place.scope[abs(unit) - 1] * (1 if unit > 0 else -1) for unit in units)


def _record(line: bytes) -> Record:
    record: Record = json.loads(line)
    return record
