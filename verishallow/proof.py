"""From a network to a certificate."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

from verishallow.certificate.certificate import Certificate
from verishallow.claims.claim import Claim
from verishallow.claims.equal import EqualNetworks
from verishallow.claims.equality import Equality
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError, RefutedError
from verishallow.network import ReLUNetwork
from verishallow.parallel import parallel_branches, parallel_parts
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, point_text
from verishallow.read.domains.parts_of import DomainPart
from verishallow.read.domains.usable_domain import parts_of, usable_domain, usable_part
from verishallow.read.places import shown
from verishallow.records.lines import certificate_lines
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.enumeration import ENGINES, engine_named
from verishallow.regions.lattice_engine import lattice_engine
from verishallow.shallow.canonical import canonical_network
from verishallow.shallow.signed_faces import Boundary
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.slices import Slice

PARALLEL = {"lattice": parallel_parts, "tree": parallel_branches}


def prove(
    network: ReLUNetwork,
    domain: Polyhedron | str | None = None,
    boundary: Boundary = "exact",
    engine: str = "auto",
    executor: Executor | None = None,
    claim: Claim | str | None = None,
    on_slice: Slice | None = None,
) -> Certificate:
    """The certificate of a claim on a domain, by default that a network and its three-layer twin are one function.

    ``domain`` is a full-dimensional polyhedron, or a text such as ``"box:-1,1"``; by default all of R^n.
    ``boundary="ignore"`` claims equality only off the hyperplanes of the splits, with fewer units.
    An ``executor`` (any of ``concurrent.futures``, or Dask's) explores parts of the domain; the certificate is the
    same, byte for byte, with or without one. Other claims are in :mod:`verishallow.claims`; ``"regions"`` is one too.
    On a slice (``on_slice``) the network is restricted, exactly, and the domain is one of its parameters.
    Raises :class:`~verishallow.errors.InputError` for what cannot be proved about, and
    :class:`~verishallow.errors.RefutedError` with a point where a claim does not hold. Source: arXiv 2306.11827.

    >>> from verishallow import ReLUNetwork
    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> prove(maximum, domain="box:-1,1").regions[0].affine_map
    AffineMap(forms=(AffineForm(x0),))
    """
    claimed = _claimed(claim, boundary)
    (part,) = parts_of(domain, network.inputs, on_slice, most=1)
    lines = proof_lines(network, part.polyhedron, claimed, engine, executor, on_slice=part.slice)
    try:
        return Certificate(tuple(lines))
    except RefutedError as refuted:
        raise refuted_inside(refuted, network, claimed, part) from None


def refuted_inside(refuted: RefutedError, network: ReLUNetwork, claim: Claim, part: DomainPart) -> RefutedError:
    """The same refutation at a point of the domain itself, where the one found lies in its closure alone.

    What fails at a point fails around it, since the networks are continuous.
    """
    for point in part.towards(refuted.point) if part.strict else ():
        failure = claim.failure([each(part.inputs(point)) for each in claim.networks(network)])
        if failure is not None:
            return RefutedError(f"{failure} at {point_text(point)}", point, refuted.cell)
    return refuted


def _claimed(claim: Claim | str | None, boundary: Boundary) -> Claim:
    """The claim meant; those that say everything by their name may be named."""
    if isinstance(claim, Claim):
        return claim
    if claim is None or claim == "equality":
        return Equality(boundary)
    if claim == "regions":
        return RegionCount()
    raise InputError(
        "claim: expected 'equality', 'regions' or an object such as verishallow.OutputBounds(output_range(network, "
        f"domain)), EqualNetworks(other), Merged(), gated(network) or finite(network, domain), found {shown(claim)}"
    )


def prove_equal(
    one: ReLUNetwork, other: ReLUNetwork, domain: Polyhedron | str | None = None, engine: str = "auto"
) -> Certificate:
    """The certificate that two networks are one function on a domain.

    Raises :class:`~verishallow.errors.RefutedError` with a point where they differ, and
    :class:`~verishallow.errors.NetworkError` where their inputs or outputs are not as many.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> scaled = ReLUNetwork.of([([[-2], ["1/2"]], [0, 0]), ([["1/2", 2]], [0])])
    >>> len(prove_equal(modulus, scaled).regions)
    2
    """
    return prove(one, domain, engine=engine, claim=EqualNetworks(other))


@dataclass(frozen=True, slots=True)
class Difference:
    """A point at which two networks have different values, and the closed cell of both in which it lies.

    >>> from verishallow import ReLUNetwork, difference
    >>> found = difference(ReLUNetwork.of([([[1]], [0])]), ReLUNetwork.of([([[1]], [2])]))
    >>> found.one, found.other
    ((mpq(0,1),), (mpq(2,1),))
    """

    point: Vector
    one: Vector
    other: Vector
    cell: Polyhedron


def difference(
    one: ReLUNetwork, other: ReLUNetwork, domain: Polyhedron | str | None = None, engine: str = "auto"
) -> Difference | None:
    """A point of the first region where two networks differ, with both values; ``None`` where they are one function.

    >>> from verishallow import ReLUNetwork
    >>> found = difference(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), ReLUNetwork.of([([[1]], [0])]))
    >>> found.point, found.one, found.other
    ((mpq(-1,1),), (mpq(0,1),), (mpq(-1,1),))
    """
    part, claim = usable_part(domain, one.inputs), EqualNetworks(other)
    try:
        deque(proof_lines(one, part.polyhedron, claim, engine), maxlen=0)
    except RefutedError as refuted:
        found = refuted_inside(refuted, one, claim, part)
        return Difference(found.point, one(found.point), other(found.point), found.cell)
    return None


def canonical(network: ReLUNetwork, domain: Polyhedron | str | None = None) -> ThreeLayerNetwork:
    """The three-layer network of a function: networks that are one function on a domain have the same one.

    It depends on the kinks of the function alone, not on how the network spells it.

    >>> from verishallow import ReLUNetwork
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> rewritten = ReLUNetwork.of([([[-3], [2], [1]], [0, 0, 7]), ([["1/3", "1/2", 0]], [0])])
    >>> canonical(modulus) == canonical(rewritten)
    True
    """
    return canonical_network(network, usable_domain(domain, network.inputs))


def proof_lines(
    network: ReLUNetwork,
    domain: Polyhedron,
    claim: Claim,
    engine: str,
    executor: Executor | None = None,
    ahead: int = 16,
    on_slice: Slice | None = None,
) -> Iterator[bytes]:
    """The lines of that certificate as they are found; the domain must be normalised.

    At most ``ahead`` parts are in the executor's hands at a time.
    """
    name, reference, explored = engine_named(engine, domain.dimension), generic_point(domain), claim.explored(network)
    explored = on_slice.restricted(explored) if on_slice else explored
    if executor is not None and name in PARALLEL and claim.in_parts:
        parts = PARALLEL[name](explored, domain, reference, claim, executor, ahead)
        return certificate_lines(network, domain, claim, parts, on_slice)
    return certificate_lines(network, domain, claim, claim.tree(ENGINES[name], explored, domain, reference), on_slice)


def polyhedral_complex(network: ReLUNetwork, domain: Polyhedron | str | None = None) -> PolyhedralComplex:
    """The complex of all activation regions with all their faces, exactly; no proof is made.

    >>> from verishallow import ReLUNetwork
    >>> cross = polyhedral_complex(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]))
    >>> cross.f_vector, cross.euler_characteristic, len(cross.neighbours())
    ((1, 4, 4), 1, 4)
    """
    return lattice_engine(network, usable_domain(domain, network.inputs))
