"""From a network to a certificate."""

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.claims.bounds import BOUNDS, OutputBounds
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EQUAL, EqualNetworks
from verishallow.claims.equality import CELLS, EQUALITY
from verishallow.claims.named import Wanted, claim_meant
from verishallow.errors import InputError, RefutedError, require, require_whole
from verishallow.network import ReLUNetwork
from verishallow.parallel import parallel_branches, parallel_parts, workers
from verishallow.polyhedron import Polyhedron
from verishallow.progress import with_progress
from verishallow.rationals import Vector, point_text
from verishallow.read import load
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.domains.usable_domain import Domain, parts_of, usable_domain, usable_part
from verishallow.read.sources import Model
from verishallow.records.lines import certificate_lines
from verishallow.regions import enumeration
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.enumeration import ENGINES, Enumeration, engine_named
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.shallow.canonical import canonical_network
from verishallow.shallow.grids import Grid
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.slices import Slice

PARALLEL = {"lattice": parallel_parts, "tree": parallel_branches}


def prove(
    network: Model,
    domain: Domain = None,
    boundary: str = "exact",
    engine: str = "auto",
    executor: Executor | None = None,
    claim: Claim | str | None = None,
    on_slice: Slice | None = None,
    *,
    construction: str = CELLS.name,
    units: str = "two",
    grid: Grid | str | None = None,
    bounds: Mapping[int, tuple[Any, Any]] | None = None,
    other: Model = None,
    jobs: int = 1,
    dask: str | None = None,
    max_regions: int | None = None,
    progress: bool = False,
) -> Certificate:
    """The certificate of a claim on a domain, by default that a network and a three-layer network are one function.

    ``network`` is a network, the name of its file, or a model of torch, Keras or scikit-learn. ``domain`` is a
    polyhedron, a text such as ``"box:-1,1"``, pairs (low, high), or the name of a file; by default all of R^n. On a
    slice (``on_slice``) the network is restricted, exactly, and the domain is one of its parameters.

    ``claim`` is an object of :mod:`verishallow.claims` or a name: "equality" (with a ``construction``, ``units`` per
    face and output, a ``grid``; ``boundary="ignore"`` claims it off the hyperplanes of the splits only), "regions",
    "bounds" (``bounds={output: (low, high)}``, by default the exact range of each output) or "equal" (to ``other``).

    With ``jobs`` processes, a ``dask`` scheduler's address or any ``executor`` of ``concurrent.futures`` parts of the
    domain are explored at the same time; the certificate is the same, byte for byte. The processes do not run the
    caller's script again, so that it needs no ``if __name__ == "__main__":``. ``max_regions`` stops the proof beyond so
    many regions; ``progress`` counts them on the terminal.

    Raises :class:`~verishallow.errors.InputError` for what cannot be proved about, and
    :class:`~verishallow.errors.RefutedError` with a point where a claim does not hold. Source: arXiv 2306.11827.

    >>> from verishallow import ReLUNetwork
    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> prove(maximum, domain="box:-1,1").regions[0].affine_map
    AffineMap(forms=(AffineForm(x0),))
    >>> prove(maximum, domain=[(-1, 1), (0, 0.5)], claim="bounds").header["bounds"]
    [{'high': '1', 'low': '0', 'output': 0}]
    """
    _require_options(executor, max_regions, progress)
    _require_used("bounds", bounds, BOUNDS.name, claim)
    _require_used("other", other, EQUAL.name, claim)
    read = load(network)
    (part,) = parts_of(domain, read.inputs, on_slice, most=1)
    if isinstance(claim, Claim):
        claimed = claim
    else:
        wanted, second = Wanted(construction, boundary, grid, units), None if other is None else load(other)
        given = None if bounds is None else OutputBounds.of(bounds)
        claimed = claim_meant(EQUALITY.name if claim is None else claim, wanted, read, (part,), engine, given, second)
    with workers(jobs, dask) as (pool, ahead):
        at_hand = (executor, 16) if executor is not None else (pool, ahead)
        lines = proof_lines(read, part.polyhedron, claimed, engine, *at_hand, part.slice)
        try:
            return Certificate(tuple(with_progress(lines, max_regions, shown=progress)))
        except RefutedError as refuted:
            raise refuted_inside(refuted, read, claimed, part) from None


def _require_options(executor: Any, max_regions: Any, progress: Any) -> None:
    """Refuse what would fail far inside."""
    if executor is not None and not callable(getattr(executor, "submit", None)):
        require("executor", executor, Executor, "an executor of concurrent.futures")
    if max_regions is not None:
        require_whole("max_regions", max_regions, 1, "a number of regions, 1 or more")
    require("progress", progress, bool, "True or False")


def _require_used(name: str, value: Any, needed: str, claim: Any) -> None:
    """Refuse an argument that another claim than the one made would need: it would say nothing."""
    if value is not None and claim != needed:
        raise InputError(f"{name}: expected with claim={needed!r} alone, found claim={claim!r}")


def refuted_inside(refuted: RefutedError, network: ReLUNetwork, claim: Claim, part: DomainPart) -> RefutedError:
    """The same refutation at a point of the domain itself, if the one found lies in its closure alone.

    What fails at a point fails around it, since the networks are continuous.
    """
    for point in part.towards(refuted.point) if part.strict else ():
        failure = claim.failure([each(part.inputs(point)) for each in claim.networks(network)])
        if failure is not None:
            return RefutedError(f"{failure} at {point_text(point)}", point, refuted.cell)
    return refuted


def prove_equal(one: Model, other: Model, domain: Domain = None, engine: str = "auto") -> Certificate:
    """The certificate that two networks are one function on a domain.

    Raises :class:`~verishallow.errors.RefutedError` with a point where they differ, and
    :class:`~verishallow.errors.NetworkError` if their numbers of inputs or outputs differ.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> scaled = ReLUNetwork.of([([[-2], ["1/2"]], [0, 0]), ([["1/2", 2]], [0])])
    >>> len(prove_equal(modulus, scaled).regions)
    2
    """
    return prove(one, domain, engine=engine, claim=EQUAL.name, other=other)


@dataclass(frozen=True, slots=True)
class Difference:
    """A point at which two networks have different values, and the closed cell (of both networks) in which it lies.

    >>> from verishallow import ReLUNetwork, difference
    >>> found = difference(ReLUNetwork.of([([[1]], [0])]), ReLUNetwork.of([([[1]], [2])]))
    >>> found.one, found.other
    ((mpq(0,1),), (mpq(2,1),))
    """

    point: Vector
    one: Vector
    other: Vector
    cell: Polyhedron


def difference(one: Model, other: Model, domain: Domain = None, engine: str = "auto") -> Difference | None:
    """A point of the first region where two networks differ, with both values; ``None`` if they are one function.

    >>> from verishallow import ReLUNetwork
    >>> found = difference(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), ReLUNetwork.of([([[1]], [0])]))
    >>> found.point, found.one, found.other
    ((mpq(-1,1),), (mpq(0,1),), (mpq(-1,1),))
    """
    first, claim = load(one), EqualNetworks(load(other))
    part = usable_part(domain, first.inputs)
    try:
        deque(proof_lines(first, part.polyhedron, claim, engine), maxlen=0)
    except RefutedError as refuted:
        found = refuted_inside(refuted, first, claim, part)
        return Difference(found.point, first(found.point), claim.other(found.point), found.cell)
    return None


def canonical(network: Model, domain: Domain = None) -> ThreeLayerNetwork:
    """The canonical three-layer network: networks that are one function on a domain have the same one.

    It depends on the kinks of the function alone, not on the network's weights.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> rewritten = ReLUNetwork.of([([[-3], [2], [1]], [0, 0, 7]), ([["1/3", "1/2", 0]], [0])])
    >>> canonical(modulus) == canonical(rewritten)
    True
    """
    read = load(network)
    return canonical_network(read, usable_domain(domain, read.inputs))


def proof_lines(
    network: ReLUNetwork,
    domain: Polyhedron,
    claim: Claim,
    engine: str,
    executor: Executor | None = None,
    ahead: int = 16,
    on_slice: Slice | None = None,
) -> Iterator[bytes]:
    """The lines of the same certificate as they are found; the domain must be normalised.

    At most ``ahead`` parts are submitted to the executor at a time.
    """
    name, reference, explored = engine_named(engine, domain.dimension), generic_point(domain), claim.explored(network)
    explored = on_slice.restricted(explored) if on_slice else explored
    if executor is not None and name in PARALLEL and claim.in_parts:
        parts = PARALLEL[name](explored, domain, reference, claim, executor, ahead)
        return certificate_lines(network, domain, claim, parts, on_slice)
    return certificate_lines(network, domain, claim, claim.tree(ENGINES[name], explored, domain, reference), on_slice)


def polyhedral_complex(network: Model, domain: Domain = None) -> PolyhedralComplex:
    """The complex of all activation regions with all their faces, exactly; no proof is made.

    >>> from verishallow import ReLUNetwork
    >>> cross = polyhedral_complex(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]))
    >>> cross.f_vector, cross.euler_characteristic, len(cross.neighbours())
    ((1, 4, 4), 1, 4)
    """
    read = load(network)
    return lattice_engine(read, usable_domain(domain, read.inputs))


def enumerate_regions(network: Model, domain: Domain = None, engine: str = "auto") -> Enumeration:
    """The three counts of regions of a network on a domain, exactly and without a proof.

    >>> from verishallow import ReLUNetwork
    >>> enumerate_regions(ReLUNetwork.of([([[1, 0], [0, 1], [1, 1]], [0, 0, -1]), ([[1, 1, 1]], [0])])).f_vector
    (3, 9, 7)
    """
    read = load(network)
    return enumeration.enumerate_regions(read, usable_domain(domain, read.inputs), engine)
